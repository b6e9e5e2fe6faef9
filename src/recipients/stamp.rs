//! Whether a file is the one that was read before, without reading it again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Two changes within the file system's own tick leave the same time.
const TICK: Duration = Duration::from_secs(2);

/// Size, time of the last change to the nanosecond, and number of the file; `None` where it changed
/// so lately that another change could look the same, or where nothing is said of it.
#[must_use]
pub fn stamp(path: &Path) -> Option<String> {
    let facts = fs::metadata(path).ok()?;
    let age = SystemTime::now().duration_since(facts.modified().ok()?);
    let (seconds, nanoseconds) = (facts.mtime(), facts.mtime_nsec());
    let (size, number) = (facts.len(), facts.ino());
    let is_settled = age.is_ok_and(|age| age > TICK);
    is_settled.then(|| format!("{size} {seconds}.{nanoseconds:09} {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_changed_just_now_has_no_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.csv");
        fs::write(&path, "openid\n").unwrap();
        assert_eq!(stamp(&path), None);
        let set = |seconds| {
            let time = SystemTime::now() - Duration::from_secs(seconds);
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(time).unwrap();
            stamp(&path)
        };
        let earlier = set(60);
        assert!(earlier.is_some());
        assert_ne!(earlier, set(61), "another time");
        assert_eq!(stamp(&dir.path().join("none")), None);
    }
}
