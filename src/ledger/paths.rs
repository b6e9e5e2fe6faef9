//! Paths beside the ledger.

use std::path::{Path, PathBuf};

/// The path of a file beside the ledger: its name with more at the end.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}
