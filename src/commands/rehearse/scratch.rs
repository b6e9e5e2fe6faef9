//! The folder of one rehearsal: private, and gone at its end unless there is something to see.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use crate::commands::console::unwritten;
use crate::error::Error;

/// A folder that nobody else can look into. Dropping it removes it.
pub(super) struct Scratch(TempDir);

impl Scratch {
    /// Makes one among the system's temporary files. One that is there already is not used.
    pub(super) fn make() -> Result<Scratch, Error> {
        let among = std::env::temp_dir();
        Builder::new()
            .prefix("hongbao-rehearsal-")
            .rand_bytes(16)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(&among)
            .map(Scratch)
            .map_err(unwritten(&among))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Leaves it for a look at what went wrong.
    pub(super) fn keep(&mut self) {
        self.0.disable_cleanup(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_is_private_and_goes_away_unless_it_is_kept() {
        let mut scratch = Scratch::make().unwrap();
        let folder = scratch.folder().to_owned();
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        scratch.keep();
        drop(scratch);
        assert!(folder.exists());
        std::fs::remove_dir_all(folder).unwrap();
        let again = Scratch::make().unwrap();
        let folder = again.folder().to_owned();
        drop(again);
        assert!(!folder.exists());
    }
}
