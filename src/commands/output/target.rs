//! The target of a path: stdout, a device, or a file under its real name.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::account::access::folder;

/// Links that may follow each other, as the system has it.
const LINKS: usize = 40;
/// Names of stdout.
const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// The target of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Stdout,
    /// A device, a fifo, or a descriptor that somebody opened for us: written into.
    Stream,
    /// A file, or a name that is free, with no link in its path.
    File {
        path: PathBuf,
        found: Option<Found>,
    },
}

/// A file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Device and inode.
    pub(super) id: (u64, u64),
    pub(super) is_empty: bool,
}

impl Found {
    pub(super) fn of(facts: &Metadata) -> Found {
        Found {
            id: (facts.dev(), facts.ino()),
            is_empty: facts.len() == 0,
        }
    }
}

impl Target {
    /// The target of `path`.
    pub(super) fn of(path: &Path) -> Result<Target> {
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Ok(Target::Stdout);
        }
        let found = match fs::metadata(path) {
            Ok(facts) if facts.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(facts) if !facts.is_file() => return Ok(Target::Stream),
            Ok(facts) => Some(Found::of(&facts)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => None,
            Err(fault) => return Err(fault),
        };
        let path = real(path)?;
        // A descriptor of a file that has no name any more leads nowhere.
        let named = fs::symlink_metadata(&path).ok();
        if found.map(|found| found.id) != named.as_ref().map(|facts| Found::of(facts).id) {
            return match found {
                Some(_) => Ok(Target::Stream),
                None => Err(ErrorKind::NotFound.into()),
            };
        }
        Ok(Target::File { path, found })
    }
}

/// The path without links, its last part followed too, also where that leads to a free name.
pub(super) fn real(path: &Path) -> Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let folder = fs::canonicalize(folder(&path))?;
        path = folder.join(path.file_name().ok_or(ErrorKind::InvalidFilename)?);
        match fs::read_link(&path) {
            Ok(to) => path = folder.join(to),
            // Not a link, or not there.
            Err(_) => return Ok(path),
        }
    }
    Err(Error::other("too many links"))
}

/// Opens what is there to write into it: it is neither made nor cut.
pub(super) fn open(path: &Path) -> Result<File> {
    let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap_or(0);
    OpenOptions::new()
        .append(true)
        .custom_flags(flags)
        .open(path)
}

/// Opens a file to look at it: no link is followed, and nothing is waited for.
pub(in crate::commands) fn open_as_it_is(path: &Path) -> Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// The name with more at its end.
pub(super) fn beside(path: &Path, more: impl AsRef<OsStr>) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}
