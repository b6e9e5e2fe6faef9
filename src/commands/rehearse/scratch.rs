//! The folder of one rehearsal: private, and gone at its end unless there is something to see.

use std::fs::{DirBuilder, remove_dir_all};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::Error;

use crate::commands::console::{unforeseen, unwritten};

/// A folder that nobody else can look into. Dropping it removes it.
pub(super) struct Scratch {
    folder: PathBuf,
    is_kept: bool,
}

impl Scratch {
    /// Makes one among the system's temporary files. One that is there already is somebody
    /// else's.
    pub(super) fn make() -> Result<Scratch, Error> {
        let folder = std::env::temp_dir().join(format!("hongbao-rehearsal-{}", unforeseen()?));
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(unwritten(&folder))?;
        Ok(Scratch {
            folder,
            is_kept: false,
        })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves it in place, for a person who looks for the fault.
    pub(super) fn keep(&mut self) {
        self.is_kept = true;
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.is_kept {
            // What stays behind is in nobody's way, and nobody else can read it.
            let _ = remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

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
        let again = Scratch {
            folder: folder.clone(),
            is_kept: false,
        };
        drop(again);
        assert!(!folder.exists());
    }
}
