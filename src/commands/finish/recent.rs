//! What was told lately, and what was not heard, in a small file beside the ledger. A service that
//! starts a failing run again and again does not fill a group with it, and a message that was lost
//! with a network or a process is told by the next run. A file that cannot be read or written holds
//! nothing back, and nothing is waited for on account of it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::commands::output::target::open_as_it_is;
use crate::commands::output::whole;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::notify::EventKind;

/// At most one a minute of a kind.
pub(super) const REST_MS: i64 = 60_000;
/// An alarm of a run that sent nothing: a timer that starts it each quarter of an hour would repeat
/// it all day.
pub(super) const ALARM_REST_MS: i64 = 43_200_000;
/// A message that nobody heard is no news after that.
const LOST_MS: i64 = 604_800_000;
/// The key of the last begin of sending.
const BEGUN: &str = "begun";
/// The run and the thread that tells change it both.
static CHANGING: Mutex<()> = Mutex::new(());
/// Longer than any file of ours: a few kinds of each campaign that ran lately.
const SIZE_MAX: u64 = 1 << 20;

/// The file, and whose kinds are asked about.
#[derive(Debug, Clone)]
pub(super) struct Recent {
    path: PathBuf,
    campaign: String,
}

/// A message that was ordered and not heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unheard {
    /// What it is noted by.
    pub(super) kind: String,
    pub(super) event: EventKind,
    /// How its run ended.
    pub(super) exit: ExitCode,
    pub(super) at: i64,
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

    /// Whether a kind that rests for so long may be told now. Once sending has begun, it rests a
    /// minute.
    pub(super) fn may_tell(&self, kind: &str, (rest_ms, now_ms): (i64, i64)) -> bool {
        let told = read(&self.path).unwrap_or_default();
        let at = |kind: &str| told.get(&self.key(kind)).and_then(Value::as_i64);
        let rest_ms = match (at(kind), at(BEGUN)) {
            (Some(told), Some(begun)) if begun >= told => REST_MS,
            _ => rest_ms,
        };
        // What a clock wrote that was put back since says nothing.
        !at(kind).is_some_and(|at| (0..rest_ms).contains(&now_ms.saturating_sub(at)))
    }

    /// It was told, and somebody heard it.
    pub(super) fn heard(&self, kind: &str, now_ms: i64) {
        self.note(kind, now_ms.into(), now_ms);
    }

    /// It is about to be told: unless it is heard, the next run tells of it.
    pub(super) fn ordered(&self, kind: &str, (event, exit): (EventKind, u8), at: i64) {
        let (campaign, event) = (&self.campaign, event.name());
        let entry = json!({ "campaign": campaign, "event": event, "exit": exit, "at": at });
        self.note(kind, entry, at);
    }

    /// Those of this campaign that nobody heard.
    pub(super) fn unheard(&self, now_ms: i64) -> Vec<Unheard> {
        let all = read(&self.path).unwrap_or_default();
        let unheard = |(key, entry): (&String, &Value)| {
            let (event, exit) = (entry["event"].as_str()?, entry["exit"].as_u64()?);
            let mut exits = ExitCode::ALL.into_iter();
            let unheard = Unheard {
                kind: key.strip_suffix(&format!(" {}", self.campaign))?.to_owned(),
                event: EventKind::ALL.into_iter().find(|it| it.name() == event)?,
                exit: exits.find(|it| u64::from(it.code()) == exit)?,
                at: entry["at"].as_i64()?,
            };
            let is_own = entry["campaign"] == self.campaign.as_str();
            (is_own && is_kept(entry, now_ms)).then_some(unheard)
        };
        all.iter().filter_map(unheard).collect()
    }

    /// These are no news any more.
    pub(super) fn drop_unheard(&self, unheard: &[Unheard], now_ms: i64) {
        self.change(now_ms, |all| {
            for Unheard { kind, .. } in unheard {
                all.remove(&self.key(kind));
            }
        });
    }

    /// Sending begins: an alarm from before may be told again.
    pub(super) fn begun(&self, now_ms: i64) {
        self.note(BEGUN, now_ms.into(), now_ms);
    }

    fn note(&self, kind: &str, entry: Value, now_ms: i64) {
        self.change(now_ms, |all| {
            all.insert(self.key(kind), entry);
        });
    }

    /// Without the file, or where another process changes it at once, a kind may be told twice:
    /// better than not at all.
    fn change(&self, now_ms: i64, change: impl FnOnce(&mut Map<String, Value>)) {
        let _alone = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = read(&self.path).unwrap_or_default();
        all.retain(|_, entry| is_kept(entry, now_ms));
        change(&mut all);
        let _ = write(&self.path, &Value::from(all));
    }

    fn key(&self, kind: &str) -> String {
        format!("{kind} {}", self.campaign)
    }
}

/// A number is when it was told; an object was not heard.
fn is_kept(entry: &Value, now_ms: i64) -> bool {
    let (at, kept_ms) = match entry.as_i64() {
        Some(at) => (Some(at), ALARM_REST_MS),
        None => (entry["at"].as_i64(), LOST_MS),
    };
    at.is_some_and(|at| (0..kept_ms).contains(&now_ms.saturating_sub(at)))
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    fn told(recent: &Recent, kind: &str, now_ms: i64) -> bool {
        let may = recent.may_tell(kind, (REST_MS, now_ms));
        recent.heard(kind, now_ms);
        may
    }

    #[test]
    fn a_kind_rests_for_a_minute_and_the_others_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let recent = Recent::beside(&ledger, "a");
        let (halted, finished) = ("halted 11", "finished 0");
        assert!(told(&recent, halted, 0));
        assert!(!recent.may_tell(halted, (REST_MS, REST_MS - 1)));
        assert!(told(&recent, finished, REST_MS - 1));
        assert!(told(&Recent::beside(&ledger, "b"), halted, 1));
        assert!(told(&recent, halted, REST_MS));
        assert!(told(&recent, halted, 10), "the clock was put back");
        fs::write(dir.path().join("hongbao.db.told"), "damaged").unwrap();
        assert!(told(&recent, halted, 11));
        let nowhere = Recent::beside(Path::new("/nowhere/at/all.db"), "a");
        assert!(told(&nowhere, halted, 0) && told(&nowhere, halted, 0));
    }

    #[test]
    fn an_alarm_rests_until_sending_begins() {
        let dir = tempfile::tempdir().unwrap();
        let recent = Recent::beside(&dir.path().join("hongbao.db"), "a");
        let rests = |now_ms| !recent.may_tell("halted 7", (ALARM_REST_MS, now_ms));
        recent.heard("halted 7", 0);
        assert!(rests(ALARM_REST_MS - 1) && !rests(ALARM_REST_MS));
        recent.begun(5);
        assert!(
            rests(REST_MS - 1),
            "a service that starts it again and again"
        );
        assert!(!rests(REST_MS));
    }

    #[test]
    fn what_nobody_heard_is_known_until_somebody_does() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = dir.path().join("hongbao.db");
        let recent = Recent::beside(&ledger, "a");
        let lost = Unheard {
            kind: "halted 11 x".to_owned(),
            event: EventKind::Halted,
            exit: ExitCode::Halted,
            at: 5,
        };
        recent.ordered(&lost.kind, (lost.event, lost.exit.code()), lost.at);
        assert!(recent.may_tell(&lost.kind, (ALARM_REST_MS, 6)));
        assert_eq!(recent.unheard(LOST_MS + 5), []);
        assert_eq!(Recent::beside(&ledger, "b").unheard(6), []);
        let kind = lost.kind.clone();
        assert_eq!(recent.unheard(LOST_MS), [lost]);
        recent.heard(&kind, LOST_MS);
        assert_eq!(recent.unheard(LOST_MS), []);
    }

    #[test]
    fn whatever_has_its_name_is_neither_written_into_nor_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (file, precious) = (
            dir.path().join("hongbao.db.told"),
            dir.path().join("precious"),
        );
        let recent = Recent::beside(&dir.path().join("hongbao.db"), "a");
        let halted = "halted 11";
        fs::write(&precious, "{\"halted a\":0}").unwrap();
        symlink(&precious, &file).unwrap();
        assert!(told(&recent, halted, 0), "a link is not read");
        assert_eq!(fs::read_to_string(&precious).unwrap(), "{\"halted a\":0}");
        let facts = fs::symlink_metadata(&file).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
        assert!(facts.is_file() && !told(&recent, halted, 1));
        fs::remove_file(&file).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg(&file)
                .status()
                .unwrap()
                .success()
        );
        assert!(told(&recent, halted, 2), "nobody writes into it");
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(told(&recent, halted, 3) && told(&recent, halted, 4));
        fs::remove_dir(&file).unwrap();
        assert!(told(&recent, halted, 5) && !told(&recent, halted, 6));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
