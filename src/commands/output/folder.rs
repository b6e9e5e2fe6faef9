//! A folder for several files.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use crate::error::Error;

use crate::commands::console::unwritten;

/// Whether a path is meant as a folder: there is one, or nothing at all and it was typed like one.
pub(in crate::commands) fn is_meant(path: &Path, is_for_several: bool) -> bool {
    let ends = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    path.is_dir() || ((ends || is_for_several) && !path.exists())
}

/// Makes it for its owner alone, where it is missing; whether it was. The folder around it must be
/// there: a slip of the fingers makes no tree.
pub(in crate::commands) fn make(path: &Path) -> Result<bool, Error> {
    if path.is_dir() {
        return Ok(false);
    }
    let made = DirBuilder::new().mode(0o700).create(path);
    made.map_err(unwritten(path))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_missing_folder_is_made_for_its_owner_and_no_file_becomes_one() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, file) = (dir.path().join("finance"), dir.path().join("file"));
        assert!(is_meant(&folder, true) && !is_meant(&folder, false));
        assert!(is_meant(&dir.path().join("finance/"), false));
        assert!(make(&folder).unwrap() && !make(&folder).unwrap());
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        assert!(is_meant(&folder, false), "it is there");
        fs::write(&file, "mine").unwrap();
        assert!(!is_meant(&file, true));
        assert!(make(&file).is_err() && make(&dir.path().join("no/such")).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }
}
