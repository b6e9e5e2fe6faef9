//! The books on disk: one entry a line, written before the answer leaves, so that they outlive
//! the process. They are not fsynced: they stand in for a company's books, not for ours.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::entry::{BookEntry, Taking};
use crate::simulator::error::SimulatorError;

/// The open books file, held under a lock.
#[derive(Debug)]
pub(in crate::simulator) struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Opens the file, makes it where there is none, and reads what it holds.
    ///
    /// A last line without its end is cut off: the answer leaves after the whole line, so for
    /// its client the request never happened.
    pub(in crate::simulator) fn open(
        path: &Path,
    ) -> Result<(Journal, Vec<BookEntry>), SimulatorError> {
        let failed = |source| SimulatorError::Books {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true).mode(0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => SimulatorError::BooksInUse {
                path: path.to_owned(),
            },
            TryLockError::Error(source) => failed(source),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let bytes = whole_lines(&bytes);
        // Before anything is cut: it may be no books at all.
        let entries = read(path, bytes)?;
        let length = u64::try_from(bytes.len()).expect("a file's length fits");
        file.set_len(length).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let path = path.to_owned();
        Ok((Journal { file, path }, entries))
    }

    /// Writes entries, all in one call.
    pub(in crate::simulator) fn append(
        &mut self,
        entries: &[BookEntry],
    ) -> Result<(), SimulatorError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.write(entries).map_err(|source| SimulatorError::Books {
            path: self.path.clone(),
            source,
        })
    }

    fn write(&mut self, entries: &[BookEntry]) -> io::Result<()> {
        let mut lines = Vec::with_capacity(1024 * entries.len());
        for entry in entries {
            match entry {
                BookEntry::Order(taking) => write_taking(&mut lines, taking)?,
                _ => serde_json::to_writer(&mut lines, entry)?,
            }
            lines.push(b'\n');
        }
        self.file.write_all(&lines)
    }
}

/// As serde writes it, but that the fields, which are JSON already, are not taken apart for it.
fn write_taking(lines: &mut Vec<u8>, taking: &Taking) -> io::Result<()> {
    write!(lines, "{{\"kind\":\"order\",\"at_ms\":{}", taking.at_ms)?;
    for (name, text) in [
        ("mch_billno", &taking.mch_billno),
        ("send_listid", &taking.send_listid),
    ] {
        write!(lines, ",\"{name}\":")?;
        serde_json::to_writer(&mut *lines, text)?;
    }
    write!(lines, ",\"fields\":{}}}", taking.fields.as_json())
}

/// Reads a books file that another process may be writing.
pub(in crate::simulator) fn read_file(path: &Path) -> Result<Vec<BookEntry>, SimulatorError> {
    let bytes = fs::read(path).map_err(|source| SimulatorError::Books {
        path: path.to_owned(),
        source,
    })?;
    read(path, whole_lines(&bytes))
}

fn whole_lines(bytes: &[u8]) -> &[u8] {
    let last_end = bytes.iter().rposition(|byte| *byte == b'\n');
    &bytes[..last_end.map_or(0, |at| at + 1)]
}

fn read(path: &Path, bytes: &[u8]) -> Result<Vec<BookEntry>, SimulatorError> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let entries = lines.enumerate().map(|(at, line)| {
        serde_json::from_slice(line).map_err(|error| SimulatorError::BrokenBooks {
            path: path.to_owned(),
            line: at + 1,
            what: error.to_string(),
        })
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::simulator::testing::send_fields;

    fn top_ups(fens: &[u64]) -> Vec<BookEntry> {
        fens.iter().map(|&fen| BookEntry::TopUp { fen }).collect()
    }

    #[test]
    fn a_taken_order_is_written_as_every_entry_is() {
        let taking = Taking {
            at_ms: -1,
            mch_billno: "n\"1".to_owned(),
            send_listid: "l\n".to_owned(),
            fields: send_fields("n1", "o\"\n]]>红", 100).into(),
        };
        let mut lines = Vec::new();
        write_taking(&mut lines, &taking).unwrap();
        let entry = BookEntry::Order(taking);
        let expected = serde_json::to_string(&entry).unwrap();
        assert_eq!(String::from_utf8(lines).unwrap(), expected);
        assert_eq!(serde_json::from_str::<BookEntry>(&expected).unwrap(), entry);
    }

    #[test]
    fn entries_outlive_the_process_and_a_torn_last_line_never_happened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        let (mut journal, entries) = Journal::open(&path).unwrap();
        assert_eq!(entries, []);
        journal.append(&top_ups(&[1, 2])).unwrap();
        journal.append(&[]).unwrap();
        journal
            .file
            .write_all(b"{\"kind\":\"top_up\",\"fen\":3}")
            .unwrap();
        drop(journal);

        let (mut journal, entries) = Journal::open(&path).unwrap();
        assert_eq!(entries, top_ups(&[1, 2]));
        journal.append(&top_ups(&[4])).unwrap();
        drop(journal);
        assert_eq!(Journal::open(&path).unwrap().1, top_ups(&[1, 2, 4]));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn two_simulators_cannot_share_books() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        let held = Journal::open(&path).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(
            matches!(error, SimulatorError::BooksInUse { .. }),
            "{error:?}"
        );
        drop(held);
    }

    #[test]
    fn a_broken_line_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        fs::write(&path, "{\"kind\":\"top_up\",\"fen\":3}\nnonsense\n").unwrap();
        let error = Journal::open(&path).unwrap_err();
        let SimulatorError::BrokenBooks {
            path: named, line, ..
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!((named, *line), (&path, 2));
    }
}
