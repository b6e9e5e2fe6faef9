//! Which bytes a file has.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

/// SHA-256 of a file's bytes: whether it is the file that was loaded.
///
/// # Errors
/// Where the file cannot be read.
pub fn sha256_of(path: &Path) -> io::Result<[u8; 32]> {
    sha256_of_source(&mut File::open(path)?)
}

/// The digest of one sheet of a workbook with this one: another sheet is another list. The name
/// is the one in the workbook.
pub(super) fn of_sheet(sha256: [u8; 32], name: &str) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(sha256);
    hash.update([0x1F]);
    hash.update(name);
    hash.finalize().into()
}

/// SHA-256 of all bytes of a source, which is left at its end.
pub(super) fn sha256_of_source(source: &mut (impl Read + Seek)) -> io::Result<[u8; 32]> {
    source.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(hash.finalize().into()),
            Ok(read) => hash.update(&buffer[..read]),
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
}
