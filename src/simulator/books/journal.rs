//! The books on disk: one entry a line, written before the answer leaves, so that they outlive
//! the process. They are not fsynced: they stand in for a company's books, not for ours.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::entry::{BookEntry, Taking};
use crate::simulator::error::SimulatorError;

/// The open books file, held under a lock.
#[derive(Debug)]
pub(in crate::simulator) struct Journal {
    file: File,
    path: PathBuf,
    /// Device and inode.
    place: (u64, u64),
}

impl Journal {
    /// Opens the file, makes it where there is none, and reads what it holds.
    ///
    /// A last entry that breaks off is cut off: the answer leaves after the whole line, so for
    /// its client the request never happened. Only the end of its line may be missing; then it
    /// is an entry. Any other end is not ours, and the file stays as it is.
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
        // Before anything is cut: it may be no books at all.
        let (mut entries, lines) = read(path, &bytes)?;
        match Tail::of(&bytes[lines..]) {
            Tail::None => {}
            Tail::Entry(entry) => {
                file.write_all(b"\n").map_err(failed)?;
                entries.push(*entry);
            }
            Tail::Torn(is_clear) if is_clear || !entries.is_empty() => {
                let length = u64::try_from(lines).expect("a file's length fits");
                file.set_len(length).map_err(failed)?;
                file.seek(SeekFrom::End(0)).map_err(failed)?;
            }
            Tail::Torn(_) | Tail::Foreign => {
                return Err(SimulatorError::BrokenBooks {
                    path: path.to_owned(),
                    line: entries.len() + 1,
                    what: "not an entry of the books".to_owned(),
                });
            }
        }
        let place = place(&file.metadata().map_err(failed)?);
        let path = path.to_owned();
        Ok((Journal { file, path, place }, entries))
    }

    /// Writes entries, all in one call, if the books are still where another simulator would look
    /// for them: the lock is on the file and not on its name.
    pub(in crate::simulator) fn append(
        &mut self,
        entries: &[BookEntry],
    ) -> Result<(), SimulatorError> {
        if entries.is_empty() {
            return Ok(());
        }
        let found = fs::metadata(&self.path);
        if found.map(|it| place(&it)).ok() != Some(self.place) {
            return Err(SimulatorError::BooksMoved {
                path: self.path.clone(),
            });
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

fn place(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
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
    let (mut entries, lines) = read(path, &bytes)?;
    if let Tail::Entry(entry) = Tail::of(&bytes[lines..]) {
        entries.push(*entry);
    }
    Ok(entries)
}

/// The bytes behind the last end of a line.
enum Tail {
    None,
    /// A whole entry.
    Entry(Box<BookEntry>),
    /// The begin of an entry, and whether so much of it that it is nothing else.
    Torn(bool),
    Foreign,
}

impl Tail {
    fn of(bytes: &[u8]) -> Tail {
        if bytes.is_empty() {
            return Tail::None;
        }
        if let Ok(entry) = serde_json::from_slice(bytes) {
            return Tail::Entry(Box::new(entry));
        }
        let begins = KINDS.map(|kind| format!("{{\"kind\":\"{kind}\","));
        if begins.iter().any(|it| bytes.starts_with(it.as_bytes())) {
            Tail::Torn(true)
        } else if begins.iter().any(|it| it.as_bytes().starts_with(bytes)) {
            Tail::Torn(false)
        } else {
            Tail::Foreign
        }
    }
}

/// The kinds of entries as a line has them.
const KINDS: [&str; 5] = ["order", "payment", "refusal", "clash", "top_up"];

/// The entries of the whole lines, and how many bytes those are.
fn read(path: &Path, bytes: &[u8]) -> Result<(Vec<BookEntry>, usize), SimulatorError> {
    let last_end = bytes.iter().rposition(|byte| *byte == b'\n');
    let length = last_end.map_or(0, |at| at + 1);
    let lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
    let entries = lines.enumerate().map(|(at, line)| {
        serde_json::from_slice(line).map_err(|error| SimulatorError::BrokenBooks {
            path: path.to_owned(),
            line: at + 1,
            what: error.to_string(),
        })
    });
    let entries: Result<Vec<BookEntry>, SimulatorError> = entries.collect();
    Ok((entries?, length))
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
            .write_all(b"{\"kind\":\"top_up\",\"fen\":3")
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
    fn an_entry_that_lost_only_the_end_of_its_line_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("books.jsonl");
        let line = "{\"kind\":\"top_up\",\"fen\":3}";
        fs::write(&path, line).unwrap();
        assert_eq!(read_file(&path).unwrap(), top_ups(&[3]));
        let (mut journal, entries) = Journal::open(&path).unwrap();
        assert_eq!(entries, top_ups(&[3]));
        journal.append(&top_ups(&[4])).unwrap();
        assert_eq!(read_file(&path).unwrap(), top_ups(&[3, 4]));
    }

    #[test]
    fn a_file_of_somebody_else_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (path, books) = (dir.path().join("notes"), dir.path().join("books.jsonl"));
        std::os::unix::fs::symlink(&path, &books).unwrap();
        let line = "{\"kind\":\"top_up\",\"fen\":3}\n";
        for (text, named) in [
            ("notes", 1),
            ("{", 1),
            ("{\"kind\":\"Deployment\",", 1),
            (&format!("{line}notes"), 2),
            (&format!("{line}{{\"kind\":\"orders"), 2),
        ] {
            fs::write(&path, text).unwrap();
            let error = Journal::open(&books).unwrap_err();
            let SimulatorError::BrokenBooks { line, .. } = error else {
                panic!("{error:?}");
            };
            assert_eq!(line, named, "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let torn = format!("{line}{{\"ki");
        fs::write(&path, torn).unwrap();
        assert_eq!(Journal::open(&books).unwrap().1, top_ups(&[3]));
        assert_eq!(fs::read_to_string(&path).unwrap(), line);
        fs::write(&path, "{\"kind\":\"order\",\"at_ms\":1").unwrap();
        assert_eq!(Journal::open(&books).unwrap().1, []);
    }

    #[test]
    fn every_kind_of_entry_begins_as_the_books_know_it() {
        let number = || "n1".to_owned();
        let refusal = super::super::entry::Refusal {
            at_ms: 0,
            mch_billno: number(),
            code: String::new(),
            reason: String::new(),
            fails_at_ms: 0,
            is_closed: false,
        };
        let payment = super::super::entry::Payment {
            at_ms: 0,
            mch_billno: number(),
            openid: String::new(),
            amount_fen: 1,
            issued_ms: 0,
            package: String::new(),
        };
        let taking = Taking {
            at_ms: 0,
            mch_billno: number(),
            send_listid: String::new(),
            fields: send_fields("n1", "oA", 100).into(),
        };
        let clash = BookEntry::Clash {
            at_ms: 0,
            mch_billno: number(),
        };
        for entry in [
            BookEntry::Order(taking),
            BookEntry::Payment(payment),
            BookEntry::Refusal(refusal),
            clash,
            BookEntry::TopUp { fen: 1 },
        ] {
            let line = serde_json::to_vec(&entry).unwrap();
            assert!(matches!(Tail::of(&line), Tail::Entry(_)));
            let torn = Tail::of(&line[..line.len() - 1]);
            assert!(matches!(torn, Tail::Torn(true)), "{entry:?}");
        }
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
    fn books_that_were_moved_are_written_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let [path, aside] = ["books.jsonl", "aside.jsonl"].map(|name| dir.path().join(name));
        let mut first = Journal::open(&path).unwrap().0;
        first.append(&top_ups(&[1])).unwrap();
        fs::rename(&path, &aside).unwrap();
        let moved = |written| matches!(written, Err(SimulatorError::BooksMoved { .. }));
        assert!(moved(first.append(&top_ups(&[2]))), "they are gone");
        let mut second = Journal::open(&path).unwrap().0;
        assert!(moved(first.append(&top_ups(&[3]))), "others are there");
        second.append(&top_ups(&[4])).unwrap();
        assert_eq!(read_file(&aside).unwrap(), top_ups(&[1]));
        assert_eq!(read_file(&path).unwrap(), top_ups(&[4]));
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
