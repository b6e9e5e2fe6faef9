//! The disk under the ledger: its kind, and whether the campaign fits onto it and into a file.

use rustix::fs::{FsWord, statfs};
use rustix::process::{Resource, getrlimit};

use super::told::{Check, CheckName};
use crate::account::access::folder;
use crate::commands::setup::context::Context;
use crate::words::{doctor as words, system};

/// A packet takes 835 bytes in the ledger, and its pages stand in the WAL as well for a while.
const PACKET: u64 = 2048;
/// The least that the WAL, a report and a lock file take.
const LEAST: u64 = 64 << 20;
/// A row of a list takes about so many bytes.
const ROW: u64 = 40;

/// File systems over a network, by the magic numbers of statfs(2).
const NETWORK: [(FsWord, &str); 5] = [
    (0x6969, "NFS"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "9P"),
    (0x00C3_6400, "Ceph"),
];

pub(super) fn check(context: &Context) -> Check {
    let name = CheckName::Disk;
    let folder = folder(&context.campaign.ledger);
    let found = match statfs(folder) {
        Ok(found) => found,
        Err(fault) => {
            let fault = std::io::Error::from(fault);
            let found = words::unread(folder.display(), &fault);
            return Check::fail(name, found, words::mend_disk());
        }
    };
    if let Some((_, kind)) = NETWORK.iter().find(|(magic, _)| *magic == found.f_type) {
        return Check::fail(name, words::network_disk(*kind), words::mend_disk());
    }
    let block = u64::try_from(found.f_bsize).unwrap_or(4096);
    let free = found.f_bavail.saturating_mul(block);
    let list = std::fs::metadata(&context.campaign.recipients);
    let rows = list.map_or(0, |list| list.len() / ROW);
    let needed = LEAST + rows.saturating_mul(PACKET);
    if let Some(limit) = getrlimit(Resource::Fsize).current.filter(|it| *it < needed) {
        let found = system::file_limit(limit >> 20, needed >> 20);
        return Check::fail(name, found, system::raise_file_limit());
    }
    let told = words::disk(free >> 20, needed >> 20);
    if free < needed {
        Check::fail(name, told, words::mend_disk())
    } else {
        Check::fine(name, told)
    }
}
