//! Which kinds were told within the last minute, in a small file beside the ledger: a service that
//! starts a failing run again and again does not fill a group with it. A file that cannot be read
//! or written holds nothing back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::event::EventKind;

/// At most one a minute of a kind.
const REST_MS: i64 = 60_000;

/// The file, and whose kinds are asked about.
#[derive(Debug, Clone)]
pub struct Recent {
    path: PathBuf,
    campaign: String,
}

impl Recent {
    /// Beside this ledger.
    #[must_use]
    pub fn beside(ledger: &Path, campaign: &str) -> Recent {
        let mut name = ledger.file_name().unwrap_or_default().to_owned();
        name.push(".told");
        Recent {
            path: ledger.with_file_name(name),
            campaign: campaign.to_owned(),
        }
    }

    /// Whether the kind may be told now; if so, it was.
    #[must_use]
    pub fn may_tell(&self, event: EventKind, now_ms: i64) -> bool {
        let read = fs::read(&self.path).ok();
        let read = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut told: Map<String, Value> = read.unwrap_or_default();
        // What is older says nothing; neither does what a clock wrote that was put back since.
        told.retain(|_, at| at.as_i64().is_some_and(|at| is_recent(at, now_ms)));
        let key = format!("{} {}", event.name(), self.campaign);
        if told.contains_key(&key) {
            return false;
        }
        told.insert(key, now_ms.into());
        // Without the file, a kind may be told twice: better than not at all.
        let _ = fs::write(&self.path, Value::from(told).to_string());
        true
    }
}

fn is_recent(at: i64, now_ms: i64) -> bool {
    (0..REST_MS).contains(&now_ms.saturating_sub(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_rests_for_a_minute_and_the_others_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let recent = Recent::beside(&ledger, "a");
        let (halted, finished) = (EventKind::Halted, EventKind::Finished);
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
}
