//! Files that nobody but their owner may read.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

/// Larger than any key or certificate chain; a wrong path must not fill the memory.
const SIZE_MAX: u64 = 1 << 20;

/// Why such a file is not taken.
#[derive(Debug)]
pub enum Unread {
    /// The system does not give it, or it is no text ([`ErrorKind::InvalidData`]).
    Fault(Error),
    /// Others may read it: its mode.
    Open(String),
    /// A folder.
    Folder,
    /// A pipe, a socket or a device, for whose other end nobody waits.
    Device,
    /// More than 1 MiB.
    TooLarge,
}

/// The bytes of a regular file whose mode has none of `open_bits`. The mode of the open file is
/// looked at, so that it cannot change before the reading.
///
/// # Errors
/// Where it cannot be read, or could be by others.
pub(super) fn read_private(path: &Path, open_bits: u32) -> Result<Zeroizing<Vec<u8>>, Unread> {
    // Opening a fifo waits for somebody who writes, and a terminal may become this process's own.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    let opened = options.read(true).custom_flags(flags).open(path);
    let file = opened.map_err(|fault| unopened(path, fault))?;
    let facts = file.metadata().map_err(Unread::Fault)?;
    if facts.is_dir() {
        return Err(Unread::Folder);
    }
    if !facts.is_file() {
        return Err(Unread::Device);
    }
    let mode = facts.permissions().mode() & 0o777;
    if mode & open_bits != 0 {
        return Err(Unread::Open(format!("{mode:04o}")));
    }
    if facts.len() > SIZE_MAX {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
    let read = file.take(SIZE_MAX).read_to_end(&mut bytes);
    read.map_err(Unread::Fault)?;
    Ok(bytes)
}

/// A socket cannot be opened at all.
fn unopened(path: &Path, fault: Error) -> Unread {
    match path.metadata() {
        Ok(facts) if !facts.is_file() && !facts.is_dir() => Unread::Device,
        Ok(_) | Err(_) => Unread::Fault(fault),
    }
}

/// The text of such a file.
///
/// # Errors
/// Where it cannot be read, could be by others, or is no text.
pub fn read_private_text(path: &Path, open_bits: u32) -> Result<Zeroizing<String>, Unread> {
    let bytes = read_private(path, open_bits)?;
    let no_text = "stream did not contain valid UTF-8";
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Unread::Fault(Error::new(ErrorKind::InvalidData, no_text))),
    }
}
