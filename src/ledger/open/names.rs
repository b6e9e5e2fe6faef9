//! The names of a ledger's files: the ledger has one, and what SQLite and this program keep beside
//! it is named after that.

use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::account::access::folder;
use crate::ledger::fault::LedgerError;
use crate::ledger::paths::beside;

/// Suffix of a ledger that a copy replaced, before a number.
pub(in crate::ledger) const REPLACED: &str = ".replaced-";
/// Symlinks on the way to one file, as the kernel counts them.
const MOST_LINKS: usize = 40;

/// The ledger whose earlier file a restore kept under this name; `None` where it is none such.
#[must_use]
pub fn replaced_ledger(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (ledger, moment) = name.rsplit_once(REPLACED)?;
    let is_moment = moment.starts_with(|first: char| first.is_ascii_digit());
    is_moment.then(|| path.with_file_name(ledger))
}

/// Refuses a place in which no ledger can be made, since there is no such folder.
pub(in crate::ledger) fn check_folder(ledger: &Path) -> Result<(), LedgerError> {
    match std::fs::metadata(folder(ledger)) {
        Ok(found) if found.is_dir() => Ok(()),
        Err(fault) if !is_absent(&fault) => Err(LedgerError::file(ledger)(fault)),
        Ok(_) | Err(_) => Err(LedgerError::NoFolder {
            path: ledger.to_owned(),
        }),
    }
}

fn is_absent(fault: &std::io::Error) -> bool {
    matches!(fault.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Refuses a ledger that has a second name: what SQLite keeps beside the one is not beside the
/// other.
pub(super) fn check_names(ledger: &Path, found: &Metadata) -> Result<(), LedgerError> {
    if found.nlink() <= 1 || planted!(SecondLinkAllowed) {
        return Ok(());
    }
    let ours = replaced(ledger, found).map_err(LedgerError::file(ledger))?;
    if found.nlink() == 1 + ours.len() as u64 {
        return Ok(());
    }
    Err(LedgerError::TwoNames {
        path: ledger.to_owned(),
    })
}

/// Takes away the second name that a restore gives a ledger just before a copy gets its name, if
/// that restore was cut off there.
pub(super) fn forget_replaced(ledger: &Path, file: &File) -> Result<(), LedgerError> {
    let forget = || -> std::io::Result<()> {
        let found = file.metadata()?;
        if found.nlink() > 1 {
            for name in replaced(ledger, &found)? {
                std::fs::remove_file(name)?;
            }
        }
        Ok(())
    };
    forget().map_err(LedgerError::file(ledger))
}

/// Whether a file is what its path leads to.
pub(super) fn is_named(file: &File, path: &Path) -> std::io::Result<bool> {
    let held = file.metadata()?;
    Ok(std::fs::metadata(path).is_ok_and(|named| is_same(&named, &held)))
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// The names of this file that a restore gave it.
fn replaced(ledger: &Path, file: &Metadata) -> std::io::Result<Vec<PathBuf>> {
    let begin = beside(ledger, REPLACED);
    let begin = begin.file_name().unwrap_or_default().as_encoded_bytes();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder(ledger))? {
        let entry = entry?;
        let is_ours = entry.file_name().as_encoded_bytes().starts_with(begin);
        if is_ours && is_same(&entry.metadata()?, file) {
            names.push(entry.path());
        }
    }
    Ok(names)
}

/// The file that a name leads to: two names of one ledger lead to one lock.
pub(in crate::ledger) fn real(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(to) = path.read_link() else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    path
}
