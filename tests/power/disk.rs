//! A disk as a power loss may leave it.
//!
//! What is promised to a program, and so all that an image keeps for sure: the bytes and the
//! length of a file at its last `fsync` or `fdatasync`, and the names in a folder at the last
//! `fsync` of the folder. All that came later is there or not, each thing for itself: sectors of
//! 512 bytes, lengths, names. That is POSIX by the letter and harsher than file systems are: ext4
//! keeps names and lengths in order and writes a new file's name with the file, and tmpfs keeps
//! nothing at all. A sector itself is written whole, and what a length alone brought reads as
//! zeros.

use std::collections::BTreeMap;

use super::tape::Step;
use crate::chance::Chance;

/// Files by name.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// What a disk writes at once.
const SECTOR: usize = 512;

/// What is durable, and what came since.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    files: Vec<Contents>,
    /// As a program sees them.
    names: BTreeMap<String, usize>,
    durable: BTreeMap<String, usize>,
    unsynced: Vec<Naming>,
}

#[derive(Debug, Clone, Default)]
struct Contents {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

#[derive(Debug, Clone)]
enum Naming {
    Make(String, usize),
    Rename(String, String, usize),
    Unlink(String),
}

/// How a disk treats what nobody synced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mood {
    /// As if the process alone had been killed.
    KeepsAll,
    DropsAll,
    /// Each change is there or not.
    Picks,
    /// Each sector is there or not.
    Tears,
    /// What came first is there, and the last of it is torn.
    Stops,
}

impl Mood {
    pub(crate) const ALL: [Mood; 5] = [
        Mood::KeepsAll,
        Mood::DropsAll,
        Mood::Picks,
        Mood::Tears,
        Mood::Stops,
    ];
}

impl Disk {
    /// Does what the program did.
    pub(crate) fn play(&mut self, step: &Step) {
        match step {
            Step::Make(name) => {
                self.files.push(Contents::default());
                let file = self.files.len() - 1;
                self.names.insert(name.clone(), file);
                self.unsynced.push(Naming::Make(name.clone(), file));
            }
            Step::Write(name, at, bytes) => {
                let file = self.file(name);
                let at = at.unwrap_or(file.live.len());
                file.change(Change::Write(at, bytes.clone()));
            }
            Step::Length(name, length) => self.file(name).change(Change::Length(*length)),
            Step::Sync(name) => {
                let file = self.file(name);
                file.durable.clone_from(&file.live);
                file.unsynced.clear();
            }
            Step::SyncFolder => {
                self.durable.clone_from(&self.names);
                self.unsynced.clear();
            }
            Step::Rename(from, to) => {
                let file = self.names.remove(from).unwrap();
                self.names.insert(to.clone(), file);
                let naming = Naming::Rename(from.clone(), to.clone(), file);
                self.unsynced.push(naming);
            }
            Step::Unlink(name) => {
                // Shared memory is not kept here.
                if self.names.remove(name).is_some() {
                    self.unsynced.push(Naming::Unlink(name.clone()));
                }
            }
            Step::Request | Step::Told => {}
        }
    }

    fn file(&mut self, name: &str) -> &mut Contents {
        let file = self.names.get(name);
        let file = *file.unwrap_or_else(|| panic!("written and never made: {name}"));
        &mut self.files[file]
    }

    /// What is on the disk now if it is in this mood.
    pub(crate) fn image(&self, mood: Mood, chance: &mut Chance) -> Image {
        let mut names = self.durable.clone();
        for naming in kept(&self.unsynced, mood, chance) {
            match naming {
                Naming::Make(name, file) => drop(names.insert(name.clone(), *file)),
                Naming::Rename(from, to, file) => {
                    names.remove(from);
                    names.insert(to.clone(), *file);
                }
                Naming::Unlink(name) => drop(names.remove(name)),
            }
        }
        let torn = |(name, file): (String, usize)| (name, self.files[file].torn(mood, chance));
        names.into_iter().map(torn).collect()
    }
}

/// The changes of which something is kept.
fn kept<'a, T>(changes: &'a [T], mood: Mood, chance: &mut Chance) -> Vec<&'a T> {
    match mood {
        Mood::KeepsAll => changes.iter().collect(),
        Mood::DropsAll => Vec::new(),
        Mood::Picks | Mood::Tears => {
            let is_kept = |_: &&T| chance.one_in(2);
            changes.iter().filter(is_kept).collect()
        }
        Mood::Stops => {
            let count = chance.between(0, changes.len() as u64);
            changes
                .iter()
                .take(usize::try_from(count).unwrap())
                .collect()
        }
    }
}

impl Contents {
    fn change(&mut self, change: Change) {
        apply(&mut self.live, &change);
        self.unsynced.push(change);
    }

    fn torn(&self, mood: Mood, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let changes: Vec<&Change> = if mood == Mood::Tears {
            self.unsynced.iter().collect()
        } else {
            kept(&self.unsynced, mood, chance)
        };
        for (nth, change) in changes.iter().enumerate() {
            let is_torn = mood == Mood::Tears || mood == Mood::Stops && nth + 1 == changes.len();
            match change {
                Change::Write(at, written) if is_torn => {
                    for (at, sector) in sectors(*at, written) {
                        if chance.one_in(2) {
                            put(&mut bytes, at, sector);
                        }
                    }
                }
                Change::Length(_) if is_torn && chance.one_in(2) => {}
                whole => apply(&mut bytes, whole),
            }
        }
        bytes
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, written) => put(bytes, *at, written),
        Change::Length(length) => bytes.resize(*length, 0),
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, written: &[u8]) {
    let end = at + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[at..end].copy_from_slice(written);
}

/// A write in the pieces that a disk takes, each with its place.
fn sectors(at: usize, mut written: &[u8]) -> Vec<(usize, &[u8])> {
    let (mut at, mut pieces) = (at, Vec::new());
    while !written.is_empty() {
        let room = SECTOR - at % SECTOR;
        let (piece, rest) = written.split_at(room.min(written.len()));
        pieces.push((at, piece));
        at += piece.len();
        written = rest;
    }
    pieces
}
