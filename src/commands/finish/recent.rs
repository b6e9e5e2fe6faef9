//! Which kinds were told within the last minute, in a small file beside the ledger: a service that
//! starts a failing run again and again does not fill a group with it. A file that cannot be read
//! or written holds nothing back, and nothing is waited for on account of it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::commands::output::target::open_as_it_is;
use crate::commands::output::whole;
use crate::error::Error;

/// At most one a minute of a kind.
const REST_MS: i64 = 60_000;
/// Longer than any file of ours: a few kinds of each campaign that ran within a minute.
const SIZE_MAX: u64 = 1 << 20;

/// The file, and whose kinds are asked about.
#[derive(Debug, Clone)]
pub(super) struct Recent {
    path: PathBuf,
    campaign: String,
}

impl Recent {
    /// Beside this ledger.
    pub(super) fn beside(ledger: &Path, campaign: &str) -> Recent {
        let mut name = ledger.file_name().unwrap_or_default().to_owned();
        name.push(".told");
        Recent {
            path: ledger.with_file_name(name),
            campaign: campaign.to_owned(),
        }
    }

    /// Whether the kind may be told now; if so, it was.
    pub(super) fn may_tell(&self, kind: &str, now_ms: i64) -> bool {
        let mut told = read(&self.path).unwrap_or_default();
        // What is older says nothing; neither does what a clock wrote that was put back since.
        told.retain(|_, at| at.as_i64().is_some_and(|at| is_recent(at, now_ms)));
        let key = format!("{kind} {}", self.campaign);
        if told.contains_key(&key) {
            return false;
        }
        told.insert(key, now_ms.into());
        // Without the file, a kind may be told twice: better than not at all.
        let _ = write(&self.path, &Value::from(told));
        true
    }
}

/// A regular file alone: a link is not followed, and nobody waits for the other end of a fifo.
fn read(path: &Path) -> Option<Map<String, Value>> {
    let file = open_as_it_is(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(SIZE_MAX).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// In the place of whatever has the name; a link goes, and what it leads to stays.
fn write(path: &Path, told: &Value) -> Result<(), Error> {
    whole::write(path, |mut file, _| {
        Ok(file.write_all(told.to_string().as_bytes())?)
    })
}

fn is_recent(at: i64, now_ms: i64) -> bool {
    (0..REST_MS).contains(&now_ms.saturating_sub(at))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_kind_rests_for_a_minute_and_the_others_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let recent = Recent::beside(&ledger, "a");
        let (halted, finished) = ("halted 11", "finished 0");
        assert!(recent.may_tell(halted, 0));
        assert!(!recent.may_tell(halted, REST_MS - 1));
        assert!(recent.may_tell(finished, REST_MS - 1));
        assert!(Recent::beside(&ledger, "b").may_tell(halted, 1));
        assert!(recent.may_tell(halted, REST_MS));
        assert!(recent.may_tell(halted, 10), "the clock was put back");
        fs::write(dir.path().join("hongbao.db.told"), "damaged").unwrap();
        assert!(recent.may_tell(halted, 11));
        let nowhere = Recent::beside(Path::new("/nowhere/at/all.db"), "a");
        assert!(nowhere.may_tell(halted, 0) && nowhere.may_tell(halted, 0));
    }

    #[test]
    fn whatever_has_its_name_is_neither_written_into_nor_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (told, precious) = (
            dir.path().join("hongbao.db.told"),
            dir.path().join("precious"),
        );
        let recent = Recent::beside(&dir.path().join("hongbao.db"), "a");
        let halted = "halted 11";
        fs::write(&precious, "{\"halted a\":0}").unwrap();
        symlink(&precious, &told).unwrap();
        assert!(recent.may_tell(halted, 0), "a link is not read");
        assert_eq!(fs::read_to_string(&precious).unwrap(), "{\"halted a\":0}");
        let facts = fs::symlink_metadata(&told).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
        assert!(facts.is_file() && !recent.may_tell(halted, 1));
        fs::remove_file(&told).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg(&told)
                .status()
                .unwrap()
                .success()
        );
        assert!(recent.may_tell(halted, 2), "nobody writes into it");
        fs::remove_file(&told).unwrap();
        fs::create_dir(&told).unwrap();
        assert!(recent.may_tell(halted, 3) && recent.may_tell(halted, 4));
        fs::remove_dir(&told).unwrap();
        assert!(recent.may_tell(halted, 5) && !recent.may_tell(halted, 6));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
