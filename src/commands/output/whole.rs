//! A file that is whole under its name, or not there: written beside it under a name that nobody
//! foresees, fsynced and renamed. A reader sees the old file or the new one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Error as IoError, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::Error;

use super::target::{beside, folder, open_as_it_is};
use crate::commands::console::{unforeseen, unwritten};

/// What the name of a temporary file ends with.
const END: &str = ".tmp";
/// Digits before that.
const DIGITS: usize = 16;
/// How often another name is tried.
const TRIES: usize = 8;

/// A temporary file, locked as long as its process lives, and gone unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    is_kept: bool,
}

/// Writes what `fill` puts into the file it is given, which also has a name.
pub(super) fn write(
    path: &Path,
    fill: impl FnOnce(&File, &Path) -> Result<(), Error>,
) -> Result<(), Error> {
    sweep(path);
    let mut temporary = Temporary::make(path).map_err(unwritten(path))?;
    fill(&temporary.file, &temporary.path)?;
    temporary.put(path).map_err(unwritten(path))
}

/// Gives `fill` a temporary file beside `near`, which is gone afterwards.
pub(super) fn pass(
    near: &Path,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    sweep(near);
    let temporary = Temporary::make(near).map_err(unwritten(near))?;
    fill(&temporary.path)
}

impl Temporary {
    /// A new file for its owner alone. What stands under such a name is never opened.
    fn make(path: &Path) -> Result<Temporary, IoError> {
        for _ in 0..TRIES {
            let name = beside(path, format!(".{}{END}", unforeseen()?));
            let mut options = OpenOptions::new();
            let options = options.write(true).create_new(true).mode(0o600);
            let file = match options.open(&name) {
                Ok(file) => file,
                Err(fault) if fault.kind() == ErrorKind::AlreadyExists => continue,
                Err(fault) => return Err(fault),
            };
            // Somebody who sweeps may have come between.
            let is_swept = matches!(file.try_lock(), Err(TryLockError::WouldBlock))
                || file.metadata()?.nlink() == 0;
            if !is_swept {
                return Ok(Temporary {
                    file,
                    path: name,
                    is_kept: false,
                });
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    /// Gives it its name, for good.
    fn put(&mut self, path: &Path) -> Result<(), IoError> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        self.is_kept = true;
        File::open(folder(path))?.sync_all()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_kept {
            // What is not whole is of no use to anyone.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes what a process that was killed left beside `path`: nobody holds its lock.
fn sweep(path: &Path) {
    let Some(name) = path.file_name() else {
        return;
    };
    let name = name.to_string_lossy();
    let entries = fs::read_dir(folder(path)).into_iter().flatten().flatten();
    for entry in entries {
        let found = entry.file_name();
        let is_left = found.to_str().is_some_and(|found| {
            let random = found
                .strip_prefix(name.as_ref())
                .and_then(|rest| rest.strip_prefix('.')?.strip_suffix(END));
            random.is_some_and(|random| {
                let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                random.len() == DIGITS && random.chars().all(is_hex)
            })
        });
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_left
            && is_file
            && let Ok(file) = open_as_it_is(&entry.path())
            && file.try_lock().is_ok()
        {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = names
            .map(|entry| name(entry).to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_temporary_file_is_new_private_and_of_a_name_that_nobody_foresees() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let first = Temporary::make(&path).unwrap();
        let second = Temporary::make(&path).unwrap();
        assert_ne!(first.path, second.path);
        let mode = first.file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        drop((first, second));
        assert_eq!(
            names(dir.path()),
            [""; 0],
            "nothing is left of what was not put"
        );
    }

    #[test]
    fn only_what_nobody_holds_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let at = |name: &str| dir.path().join(name);
        fs::write(at("precious"), "x").unwrap();
        let left = "out.csv.0123456789abcdef.tmp";
        let link = "out.csv.1123456789abcdef.tmp";
        symlink(at("precious"), at(link)).unwrap();
        let others = [
            "out.csv.tmp",
            "out.csv.12.tmp",
            "a.csv.0123456789abcdef.tmp",
        ];
        for name in others.iter().chain(&[left]) {
            fs::write(at(name), "half").unwrap();
        }
        let held = Temporary::make(&path).unwrap();
        sweep(&path);
        assert!(!at(left).exists() && held.path.exists());
        let is_there = |name: &&str| fs::symlink_metadata(at(name)).is_ok();
        assert!(others.iter().chain(&[link, "precious"]).all(is_there));
    }
}
