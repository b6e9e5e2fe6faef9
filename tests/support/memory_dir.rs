//! A folder in memory where that can be: hundreds of ledgers, and no power fails in them.

use std::path::Path;

use tempfile::TempDir;

pub(crate) fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    dir.unwrap()
}
