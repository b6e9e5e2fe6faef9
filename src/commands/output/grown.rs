//! A file that grows by whole lines over many processes: its last line is read, one that a process
//! left half written is cut off, and lines are appended. For its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{Read, Result, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// As much of its end as is looked at: longer than any line.
const TAIL: u64 = 1 << 16;

/// Opens it, or makes it; to be appended to.
pub(super) fn open(path: &Path) -> Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NOCTTY;
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or(0))
        .open(path)
}

/// Its last whole line. What stands behind that is cut off.
pub(in crate::commands) fn last_line(file: &mut File) -> Result<Option<String>> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n');
    let whole = whole.map_or(0, |at| at + 1);
    if whole < tail.len() {
        let end = start + u64::try_from(whole).unwrap_or(0);
        file.set_len(end)?;
    }
    let Some((_, lines)) = tail[..whole].split_last() else {
        return Ok(None);
    };
    let begin = lines.iter().rposition(|byte| *byte == b'\n');
    let last = &lines[begin.map_or(0, |at| at + 1)..];
    Ok(Some(String::from_utf8_lossy(last).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_goes_on_behind_its_last_whole_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events");
        let mut file = open(&path).unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(last_line(&mut file).unwrap(), None);
        let long = "x".repeat(usize::try_from(TAIL).unwrap());
        for (has, last, stays) in [
            ("one\n", Some("one"), "one\n"),
            ("one\ntwo\nhal", Some("two"), "one\ntwo\n"),
            ("\n", Some(""), "\n"),
            ("half", None, ""),
            (
                &format!("{long}\ntwo\n"),
                Some("two"),
                &format!("{long}\ntwo\n"),
            ),
        ] {
            fs::write(&path, has).unwrap();
            let mut file = open(&path).unwrap();
            assert_eq!(last_line(&mut file).unwrap().as_deref(), last);
            file.write_all(b"new\n").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{stays}new\n"));
        }
    }
}
