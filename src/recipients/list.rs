//! A list as a person names it: a file, or something that can be read only once.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::hash::{of_sheet, sha256_of_source};
use super::stamp::Stamp;
use super::xlsx::{meant_sheet, sheet_names};

/// Most bytes of a list from a pipe: twenty million rows.
const HELD_MAX: u64 = 1 << 30;

/// A recipients file, and which sheet of it. A list is read several times: to know its encoding,
/// its rows, whether it is the one that was loaded. What comes through a pipe is gone after the
/// first time, so it is copied into a file without a name.
#[derive(Debug)]
pub struct ListFile {
    path: PathBuf,
    sheet: Option<String>,
    held: Option<File>,
}

impl ListFile {
    /// The list at this path; a pipe is read to its end.
    ///
    /// # Errors
    /// Where a pipe cannot be read or copied. A file that is not there is an error when it is
    /// opened.
    pub fn at(path: &Path) -> io::Result<ListFile> {
        let is_pipe = fs::metadata(path).is_ok_and(|facts| {
            let kind = facts.file_type();
            kind.is_fifo() || kind.is_char_device() || kind.is_socket()
        });
        let held = is_pipe.then(|| File::open(path).and_then(held));
        let held = held.transpose().map_err(named(path))?;
        Ok(ListFile {
            path: path.to_owned(),
            sheet: None,
            held,
        })
    }

    /// The same, of which this sheet is read.
    #[must_use]
    pub fn with_sheet(self, sheet: Option<String>) -> ListFile {
        ListFile { sheet, ..self }
    }

    /// Its name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it came through a pipe, which nobody reads a second time.
    #[must_use]
    pub fn is_of_pipe(&self) -> bool {
        self.held.is_some()
    }

    /// The sheet that is named.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Whether it is named as lists of what to mend are.
    pub(super) fn is_of_rejects(&self) -> bool {
        let name = self.path.file_name().and_then(OsStr::to_str);
        name.is_some_and(|name| name.starts_with("rejects"))
    }

    /// Where files beside it are written: beside a pipe there is no place.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        if self.held.is_some() {
            PathBuf::from(name)
        } else {
            self.path.with_file_name(name)
        }
    }

    /// Its bytes from the first on.
    pub(super) fn open(&self) -> io::Result<File> {
        let Some(held) = &self.held else {
            let file = File::open(&self.path).and_then(no_folder);
            return file.map_err(named(&self.path));
        };
        let mut file = held.try_clone()?;
        file.rewind()?;
        Ok(file)
    }

    /// The file system's word on it; `None` for a pipe, which is another one each time.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let is_file = self.held.is_none();
        let stamp = is_file.then(|| Stamp::of(&self.path)).flatten()?;
        Some(match &self.sheet {
            Some(sheet) => stamp.of_sheet(sheet),
            None => stamp,
        })
    }

    /// Digests of its bytes, by which it may have been loaded: of the file, or of the sheet that is
    /// named. Where none is named, a sheet of it may have been the list.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn digests(&self) -> io::Result<Vec<[u8; 32]>> {
        let mut file = self.open()?;
        let sha256 = sha256_of_source(&mut file)?;
        file.rewind()?;
        let sheets = sheet_names(file).unwrap_or_default();
        if let Some(sheet) = &self.sheet {
            let name = meant_sheet(&sheets, sheet).unwrap_or(sheet);
            return Ok(vec![of_sheet(sha256, name)]);
        }
        let of_sheets = sheets.iter().map(|sheet| of_sheet(sha256, sheet));
        Ok([sha256].into_iter().chain(of_sheets).collect())
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        let facts = match &self.held {
            Some(held) => held.metadata(),
            None => fs::metadata(&self.path),
        };
        facts.map_or(0, |facts| facts.len())
    }
}

/// Nothing can be read of a folder, which can be opened.
fn no_folder(file: File) -> io::Result<File> {
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(file)
}

fn named(path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    move |fault| io::Error::new(fault.kind(), format!("{}: {fault}", path.display()))
}

/// A copy that has no name, and is gone with the process.
fn held(source: impl Read) -> io::Result<File> {
    let name = format!(".hongbao-list-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let mut copy = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    fs::remove_file(&path)?;
    let length = io::copy(&mut source.take(HELD_MAX + 1), &mut copy)?;
    if length > HELD_MAX {
        return Err(io::Error::other("more than a list through a pipe may have"));
    }
    copy.flush()?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn a_pipe_is_read_as_often_as_a_file() {
        let (mut end, other) = UnixStream::pair().unwrap();
        end.write_all(b"openid,fen\n").unwrap();
        drop(end);
        let list = ListFile {
            path: "/dev/stdin".into(),
            sheet: None,
            held: Some(held(other).unwrap()),
        };
        for _ in 0..2 {
            let mut text = String::new();
            list.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "openid,fen\n");
        }
        assert_eq!(list.size(), 11);
        assert_eq!(list.stamp(), None);
        assert_eq!(list.beside("rejects.csv"), Path::new("rejects.csv"));
    }

    #[test]
    fn a_file_is_opened_where_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        assert!(ListFile::at(&path).unwrap().open().is_err());
        fs::write(&path, "x").unwrap();
        let list = ListFile::at(&path).unwrap();
        assert!(list.held.is_none());
        assert_eq!(list.beside("b"), dir.path().join("b"));
    }
}
