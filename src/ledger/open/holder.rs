//! The holder of a ledger's lock, found without trying to take it: a try would refuse a run that
//! starts at that moment.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::ledger::paths::beside;

/// The process that holds the lock of this ledger; `None` where nobody does.
///
/// # Errors
/// Where the system does not tell: it has no `/proc/locks`.
pub fn lock_holder(ledger: &Path) -> io::Result<Option<u32>> {
    let locks = fs::read_to_string("/proc/locks")?;
    let file = match fs::metadata(beside(ledger, ".lock")) {
        Ok(file) => file,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    Ok(locks.lines().find_map(|line| holder(line, file.ino())))
}

/// The process of a line that tells of a lock by `flock` on this inode. The device before it is
/// another number than the file's on some file systems, and is not compared.
fn holder(line: &str, inode: u64) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let place = words.iter().position(|word| *word == "FLOCK")?;
    // A process that waits for the lock has an arrow before it.
    let is_held = !words.iter().take(place).any(|word| *word == "->");
    let (pid, file) = (words.get(place + 3)?, words.get(place + 4)?);
    let named: u64 = file.rsplit(':').next()?.parse().ok()?;
    (is_held && named == inode)
        .then(|| pid.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_found_by_inode_and_no_waiter_is() {
        let held = "3: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF";
        assert_eq!(holder(held, 1234), Some(4711));
        assert_eq!(holder(held, 123), None);
        assert_eq!(
            holder("3: -> FLOCK ADVISORY WRITE 9 08:01:1234 0 EOF", 1234),
            None
        );
        assert_eq!(
            holder("4: POSIX ADVISORY WRITE 9 08:01:1234 0 EOF", 1234),
            None
        );
    }
}
