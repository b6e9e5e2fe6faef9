//! Whether a file is the one that was read before, without reading it again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Two changes within the file system's own tick leave the same time.
const TICK: Duration = Duration::from_secs(2);

/// A file's stamp in the file system: its place, its size, and to the nanosecond the last change of
/// its content and of anything about it. The latter cannot be set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    text: String,
    changed: SystemTime,
}

impl Stamp {
    /// `None` where nothing is said of it.
    #[must_use]
    pub fn of(path: &Path) -> Option<Stamp> {
        let facts = fs::metadata(path).ok()?;
        let seconds = u64::try_from(facts.ctime().max(facts.mtime())).ok()?;
        let content = format!("{}.{:09}", facts.mtime(), facts.mtime_nsec());
        let anything = format!("{}.{:09}", facts.ctime(), facts.ctime_nsec());
        let (size, device, number) = (facts.len(), facts.dev(), facts.ino());
        Some(Stamp {
            text: format!("{size} {content} {anything} {device}:{number}"),
            changed: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds + 1),
        })
    }

    /// Of one sheet of the file, as it was named.
    pub(super) fn of_sheet(mut self, name: &str) -> Stamp {
        self.text = format!("{} {:?}", self.text, name);
        self
    }

    /// In words, unless the file changed so lately that another change could look the same.
    #[must_use]
    pub fn settled(&self) -> Option<&str> {
        let age = SystemTime::now().duration_since(self.changed);
        age.is_ok_and(|age| age >= TICK).then_some(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_shows_even_where_the_times_are_put_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.csv");
        fs::write(&path, "1.00\n").unwrap();
        let first = Stamp::of(&path).unwrap();
        assert_eq!(first.settled(), None, "changed just now");
        assert_eq!(Stamp::of(&path), Some(first.clone()));
        std::thread::sleep(TICK + Duration::from_millis(1100));
        assert!(first.settled().is_some());
        let file = fs::File::options().write(true).open(&path).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        fs::write(&path, "2.00\n").unwrap();
        file.set_modified(modified).unwrap();
        assert_ne!(Stamp::of(&path), Some(first), "same size, same time");
        assert_eq!(Stamp::of(&dir.path().join("none")), None);
    }
}
