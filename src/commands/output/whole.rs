//! A file that is whole under its name, or not there: written beside it under a name that nobody
//! foresees, fsynced and renamed. A reader sees the old file or the new one.

use std::fs::{self, File, TryLockError};
use std::io::{Error as IoError, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::error::Error;

use super::target::open_as_it_is;
use crate::account::access::folder;
use crate::commands::console::{named, unwritten};

/// The end of the name of a temporary file.
const END: &str = ".tmp";
/// Letters and digits before that.
const LETTERS: usize = 16;
/// How often another name is tried.
const TRIES: usize = 8;

/// Writes what `fill` puts into the file it is given, which also has a name.
pub(in crate::commands) fn write(
    path: &Path,
    fill: impl FnOnce(&File, &Path) -> Result<(), Error>,
) -> Result<(), Error> {
    sweep(path);
    let made = temporary(path).map_err(unwritten(path))?;
    fill(made.as_file(), made.path()).map_err(named(path))?;
    put(made, path).map_err(unwritten(path))
}

/// Gives `fill` a temporary file beside `near`, which is gone afterwards.
pub(super) fn pass<T>(
    near: &Path,
    fill: impl FnOnce(&Path) -> Result<T, Error>,
) -> Result<T, Error> {
    sweep(near);
    let made = temporary(near).map_err(unwritten(near))?;
    fill(made.path()).map_err(named(near))
}

/// A new file for its owner alone, locked as long as its process lives, and gone unless it gets its
/// name. A file that has such a name is never opened.
fn temporary(path: &Path) -> Result<NamedTempFile, IoError> {
    let mut prefix = path.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    for _ in 0..TRIES {
        let mut name = Builder::new();
        let name = name.prefix(&prefix).suffix(END).rand_bytes(LETTERS);
        let made = name.tempfile_in(folder(path))?;
        // Another process that sweeps may have come between.
        let is_swept = matches!(made.as_file().try_lock(), Err(TryLockError::WouldBlock))
            || made.as_file().metadata()?.nlink() == 0;
        if !is_swept {
            return Ok(made);
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Gives it its name, for good.
fn put(temporary: NamedTempFile, path: &Path) -> Result<(), IoError> {
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    File::open(folder(path))?.sync_all()
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
                random.len() == LETTERS && random.chars().all(|c| c.is_ascii_alphanumeric())
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
        let first = temporary(&path).unwrap();
        let second = temporary(&path).unwrap();
        assert_ne!(first.path(), second.path());
        let mode = first.as_file().metadata().unwrap().permissions().mode();
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
        let held = temporary(&path).unwrap();
        sweep(&path);
        assert!(!at(left).exists() && held.path().exists());
        let is_there = |name: &&str| fs::symlink_metadata(at(name)).is_ok();
        assert!(others.iter().chain(&[link, "precious"]).all(is_there));
    }
}
