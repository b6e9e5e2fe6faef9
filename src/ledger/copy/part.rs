//! Files of a folder of backups: their names, and how one is whole or not there.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{Access, access};
use rustix::io::Errno;

use super::backup::put;
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;

/// Between the ledger's name and the moment of a backup.
pub(super) const BACKUP: &str = ".backup-";
/// The same for a copy that is made before a ledger is moved to a newer version, and its version.
pub(super) const VERSIONED: &str = ".version-";
/// The end of the name of one that is not whole yet.
pub(super) const PART: &str = ".part";
/// UTC, so that names are in the order of time.
const MOMENT: &str = "%Y%m%dT%H%M%S.%3fZ";

/// The folder, made if it is not there. For its owner alone: a ledger has names and openids.
pub(super) fn ready(dir: &Path) -> Result<PathBuf, LedgerError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.and_then(|()| dir.canonicalize())
        .map_err(LedgerError::file(dir))
}

/// Whether the folder is one in which a file of this name can be made, or can be made itself;
/// nothing is written.
///
/// # Errors
/// As [`ready`] and [`part`] would say.
pub(super) fn check_ready(dir: &Path, name: &str) -> Result<(), LedgerError> {
    let nearest = dir.ancestors().find(|it| it.symlink_metadata().is_ok());
    let nearest = nearest.unwrap_or(Path::new("."));
    let refused = |path: &Path, errno: Errno| Err(LedgerError::file(path)(errno.into()));
    let is_there = nearest == dir;
    if !nearest.is_dir() {
        let errno = if is_there {
            Errno::EXIST
        } else {
            Errno::NOTDIR
        };
        return refused(dir, errno);
    }
    let Err(errno) = access(nearest, Access::WRITE_OK | Access::EXEC_OK) else {
        return Ok(());
    };
    if is_there {
        refused(&dir.join(beside(Path::new(name), PART)), errno)
    } else {
        refused(dir, errno)
    }
}

/// A name that no file has.
pub(super) fn free(dir: &Path, now: i64, name: impl Fn(&str) -> String) -> PathBuf {
    let mut at = now;
    loop {
        let path = dir.join(name(&moment(at)));
        if path.symlink_metadata().is_err() {
            return path;
        }
        at += 1;
    }
}

pub(super) fn moment(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or_default();
    at.strftime(MOMENT).to_string()
}

pub(super) fn is_moment(text: &str) -> bool {
    let sample = moment(0);
    let is_alike =
        |(one, other): (char, char)| one == other || one.is_ascii_digit() && other.is_ascii_digit();
    text.len() == sample.len() && text.chars().zip(sample.chars()).all(is_alike)
}

/// Has a file filled beside its name, which it gets when it is whole and durable: whether it did.
/// What fills it says whether it is to have it.
pub(super) fn whole(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<bool, LedgerError>,
) -> Result<bool, LedgerError> {
    let name = beside(path, PART);
    let part = part(&name)?;
    let filled = fill(&name).and_then(|is_wanted| {
        if is_wanted {
            put(&name, path)?;
        }
        Ok(is_wanted)
    });
    if !matches!(filled, Ok(true)) {
        // What stays is swept by the next one.
        let _ = fs::remove_file(&name);
    }
    drop(part);
    filled
}

/// A new, empty file for its owner alone, locked as long as this process fills it.
pub(super) fn part(path: &Path) -> Result<File, LedgerError> {
    let mut options = OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(path);
    let lock = |file: File| {
        file.try_lock().map_err(|refused| match refused {
            TryLockError::Error(fault) => fault,
            TryLockError::WouldBlock => std::io::ErrorKind::ResourceBusy.into(),
        })?;
        Ok(file)
    };
    made.and_then(lock).map_err(LedgerError::file(path))
}

/// Removes what a process that was killed left half-written: nobody holds its lock.
pub(super) fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_part = name.to_str().is_some_and(|name| {
            let is_ours = name.contains(BACKUP) || name.contains(VERSIONED);
            let begin = name.find(PART).map(|at| &name[..at]);
            let moment = begin.and_then(|begin| begin.get(begin.len().checked_sub(20)?..));
            is_ours && moment.is_some_and(is_moment)
        });
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_part
            && is_file
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_known_by_its_form() {
        assert_eq!(moment(1_700_000_000_123), "20231114T221320.123Z");
        assert!(is_moment("20231114T221320.123Z"));
        for other in [
            "",
            "20231114T221320Z",
            "20231114T221320.123Zx",
            "2023111aT221320.123Z",
        ] {
            assert!(!is_moment(other), "{other}");
        }
    }

    #[test]
    fn only_half_written_backups_that_nobody_fills_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let moment = moment(0);
        let left = [
            format!("hongbao.db.backup-{moment}.part"),
            format!("hongbao.db.backup-{moment}.part-journal"),
            format!("a.db.version-5-{moment}.part.part"),
        ];
        let others = [
            format!("hongbao.db.backup-{moment}"),
            "hongbao.db.backup-.part".to_owned(),
            format!("x-{moment}.part"),
        ];
        for name in left.iter().chain(&others) {
            fs::write(at(name), "half").unwrap();
        }
        let held = at(&format!("b.db.backup-{moment}.part"));
        let _part = part(&held).unwrap();
        sweep(dir.path());
        assert!(left.iter().all(|name| !at(name).exists()));
        assert!(others.iter().all(|name| at(name).exists()) && held.exists());
    }
}
