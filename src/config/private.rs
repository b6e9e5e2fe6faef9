//! Files that nobody but their owner may read.

use std::fs::{File, OpenOptions};
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
}

/// The text of a file whose mode has none of `open_bits`. The mode of the open file is looked at,
/// so that it cannot change before the reading.
///
/// # Errors
/// Where it cannot be read, or could be by others.
pub fn read_private(path: &Path, open_bits: u32) -> Result<Zeroizing<String>, Unread> {
    text_of(File::open(path).map_err(Unread::Fault)?, open_bits)
}

/// As [`read_private`], of a regular file: nobody waits for the other end of a fifo.
///
/// # Errors
/// As there, and where it is something else.
pub(super) fn read_private_file(path: &Path, open_bits: u32) -> Result<Zeroizing<String>, Unread> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    let opened = options.read(true).custom_flags(flags).open(path);
    let file = opened.map_err(Unread::Fault)?;
    if !file.metadata().map_err(Unread::Fault)?.is_file() {
        return Err(Unread::Fault(Error::other("not a regular file")));
    }
    text_of(file, open_bits)
}

fn text_of(file: File, open_bits: u32) -> Result<Zeroizing<String>, Unread> {
    let mode = file.metadata().map_err(Unread::Fault)?.permissions().mode() & 0o777;
    if mode & open_bits != 0 {
        return Err(Unread::Open(format!("{mode:04o}")));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
    let read = file.take(SIZE_MAX).read_to_end(&mut bytes);
    read.map_err(Unread::Fault)?;
    let no_text = "stream did not contain valid UTF-8";
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Unread::Fault(Error::new(ErrorKind::InvalidData, no_text))),
    }
}
