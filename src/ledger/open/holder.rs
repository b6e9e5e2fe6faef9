//! The holder of a ledger's lock, found without trying to take it: a try would refuse a run that
//! starts at that moment. The kernel alone says who it is; what that process wrote into the lock
//! file about itself is told beside it, and what another one left there is not.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::names::real;
use crate::ledger::paths::beside;
use crate::words::{Words, ledger as words};

/// A process that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The process.
    pub pid: u32,
    /// What it says of itself; `None` where it did not yet.
    pub note: Option<LockNote>,
}

/// What a holder says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockNote {
    /// The machine, by its own name.
    pub host: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// The verb that was typed.
    pub verb: String,
    /// The campaign that it is for.
    pub campaign: String,
}

impl LockNote {
    /// Of this machine.
    #[must_use]
    pub fn here(since: String, verb: &str, campaign: &str) -> LockNote {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host = host.split_whitespace().next().unwrap_or("?").to_owned();
        LockNote {
            host,
            since,
            verb: verb.to_owned(),
            campaign: campaign.to_owned(),
        }
    }

    /// Its line in the lock file, which names this process by its number and its start: a number
    /// comes again. `None` where the system does not tell the start.
    pub(super) fn line(&self) -> Option<String> {
        let (pid, start) = (std::process::id(), start_of(std::process::id())?);
        let LockNote {
            host,
            since,
            verb,
            campaign,
        } = self;
        Some(format!("{pid} {start} {host} {since} {verb} {campaign}"))
    }

    /// What a line says of this process; `None` where it is another's, or cut.
    fn of_line(line: &str, pid: u32) -> Option<LockNote> {
        let mut words = line.splitn(6, ' ');
        let is_its =
            words.next()?.parse() == Ok(pid) && words.next()?.parse() == Ok(start_of(pid)?);
        let mut word = || words.next().map(str::to_owned);
        let note = LockNote {
            host: word()?,
            since: word()?,
            verb: word()?,
            campaign: word()?,
        };
        is_its.then_some(note)
    }
}

impl LockHolder {
    /// In words, as a part of a sentence.
    #[must_use]
    pub fn words(&self) -> Words {
        let LockHolder { pid, note } = self;
        let Some(note) = note else {
            return words::held_by(*pid);
        };
        let LockNote {
            host,
            since,
            verb,
            campaign,
        } = note.clone();
        words::held_by_verb(verb, campaign, *pid, host, since)
    }
}

/// The process that holds the lock of this ledger; `None` where nobody does.
///
/// # Errors
/// Where the system does not tell: it has no `/proc/locks`.
pub fn lock_holder(ledger: &Path) -> io::Result<Option<LockHolder>> {
    holder_of(&beside(&real(ledger), ".lock"))
}

/// The first word of a holder's line.
pub(super) const HOLDER: &str = "holder";

/// How often a list is read that does not have the lock and did not come in one piece, and what
/// passes between.
const READINGS: usize = 16;
const PAUSE: Duration = Duration::from_millis(1);

/// The process that holds the lock on this file.
pub(super) fn holder_of(file: &Path) -> io::Result<Option<LockHolder>> {
    let facts = match fs::metadata(file) {
        Ok(facts) => facts,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    for _ in 0..READINGS {
        let (locks, is_whole) = locks()?;
        if let Some(pid) = locks.lines().find_map(|line| holder(line, facts.ino())) {
            let note = note(file, pid);
            return Ok(Some(LockHolder { pid, note }));
        }
        if is_whole {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(None)
}

/// The locks of the machine, and whether they were told in one piece. The kernel tells of at most a
/// page at a time, and of as many as are asked for: between two pieces others come and go, and one
/// that is held all the while may be passed over.
fn locks() -> io::Result<(String, bool)> {
    let mut file = File::open("/proc/locks")?;
    let (mut text, mut pieces) = (Vec::new(), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            let text = String::from_utf8_lossy(&text).into_owned();
            return Ok((text, pieces < 2));
        }
        text.extend_from_slice(&piece[..length]);
        pieces += 1;
    }
}

/// What this process wrote of itself into a lock file. The ledger itself is locked as well, and
/// holds no such line.
fn note(file: &Path, pid: u32) -> Option<LockNote> {
    if file.extension().is_none_or(|ending| ending != "lock") {
        return None;
    }
    let text = fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().filter_map(|line| {
        let line = line.strip_prefix(HOLDER)?.strip_prefix(' ')?;
        LockNote::of_line(line, pid)
    });
    lines.next()
}

/// When the process started, in ticks since the machine did.
fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Its name is in parentheses and may hold anything. The start is the 22nd word.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19)?.parse().ok()
}

/// The process of a line that tells of a lock by `flock` on this inode. The device before it is
/// another number than the file's on some file systems, and is not compared.
fn holder(line: &str, inode: u64) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let place = words.iter().position(|word| *word == "FLOCK")?;
    // A process that waits for the lock has an arrow before it.
    let is_held = !words.iter().take(place).any(|word| *word == "->");
    let (pid, file) = (words.get(place + 3)?, words.get(place + 4)?);
    let named: u64 = file.rsplit(':').next()?.parse().ok()?;
    (is_held && named == inode)
        .then(|| pid.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_found_by_inode_and_no_waiter_is() {
        let held = "3: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF";
        assert_eq!(holder(held, 1234), Some(4711));
        assert_eq!(holder(held, 123), None);
        assert_eq!(
            holder("3: -> FLOCK ADVISORY WRITE 9 08:01:1234 0 EOF", 1234),
            None
        );
        assert_eq!(
            holder("4: POSIX ADVISORY WRITE 9 08:01:1234 0 EOF", 1234),
            None
        );
    }

    #[test]
    fn only_the_holders_own_line_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db.lock");
        let ours = LockNote::here("2027-02-12T20:00:00+08:00".to_owned(), "run", "春 节");
        let line = ours.line().unwrap();
        fs::write(&path, format!("epoch 4\n{HOLDER} {line}\n")).unwrap();
        // Without the lock the line is nothing.
        assert_eq!(holder_of(&path).unwrap(), None);
        let file = File::open(&path).unwrap();
        file.try_lock().unwrap();
        let pid = std::process::id();
        let found = |note| Some(LockHolder { pid, note });
        assert_eq!(holder_of(&path).unwrap(), found(Some(ours)));
        // Another process's, of an earlier one with this number, cut, and none.
        let (_, rest) = line.split_once(' ').unwrap();
        let (start, rest) = rest.split_once(' ').unwrap();
        for left in [
            format!("{HOLDER} {} {start} {rest}", pid + 1),
            format!("{HOLDER} {pid} {start}9 {rest}"),
            format!("{HOLDER} {pid} {start} host"),
            "epoch 4".to_owned(),
        ] {
            fs::write(&path, left).unwrap();
            assert_eq!(holder_of(&path).unwrap(), found(None));
        }
    }
}
