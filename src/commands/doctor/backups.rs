//! The folder of the backups that runs make: whether it is there, and takes another one.

use std::path::Path;

use rustix::fs::statfs;

use super::told::{Check, CheckName};
use crate::account::access::{AccessKind, denied};
use crate::commands::setup::context::Context;
use crate::words::{copy as words, doctor};

/// A folder that is not there yet is made by a run, and is told of: it may be where a disk should
/// be mounted.
pub(super) fn check(context: &Context) -> Check {
    let name = CheckName::Backups;
    let Some(backups) = &context.campaign.backups else {
        return Check::fine(name, words::no_backups());
    };
    let dir = &backups.dir;
    let shown = dir.display();
    let nearest = dir.ancestors().find(|it| it.exists());
    let nearest = nearest.unwrap_or(Path::new("."));
    let fail = |found| Check::fail(name, found, words::mend_backups());
    if !nearest.is_dir() {
        return fail(words::no_folder(nearest.display()));
    }
    if let Some(why) = denied(&nearest.join("."), AccessKind::Write) {
        return fail(words::backups_closed(shown, why));
    }
    if nearest != dir {
        return Check::warn(name, words::backups_missing(shown), words::make_backups());
    }
    let free = match statfs(dir) {
        Ok(found) => {
            let block = u64::try_from(found.f_bsize).unwrap_or(4096);
            found.f_bavail.saturating_mul(block)
        }
        Err(fault) => return fail(doctor::unread(shown, &std::io::Error::from(fault))),
    };
    // A new one is whole before an old one goes.
    let ledger = std::fs::metadata(&context.campaign.ledger);
    let needed = ledger.map_or(0, |it| it.len()) + (1 << 20);
    let told = words::backups(shown, free >> 20, needed >> 20);
    if free < needed {
        fail(told)
    } else {
        Check::fine(name, told)
    }
}
