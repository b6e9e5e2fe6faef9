//! The ledger, read without its lock.

use super::told::{Check, CheckName};
use crate::account::access::{AccessKind, denied};
use crate::commands::setup::context::Context;
use crate::ledger::{LedgerError, Owner, Reader, lock_holder};
use crate::runner::start_of_clock;
use crate::words::{doctor as words, load};

pub(super) fn check(context: &Context) -> [Check; 2] {
    [ledger(context), lock(context)]
}

fn ledger(context: &Context) -> Check {
    let name = CheckName::Ledger;
    let path = context.campaign.ledger.display();
    if let Some(told) = denied(&context.campaign.ledger, AccessKind::Write) {
        return Check::fail(name, told, words::mend_access());
    }
    let failed = |fault: &LedgerError| Check::fail(name, fault.words(), words::mend_ledger());
    let reader = match Reader::open(&context.campaign.ledger) {
        Ok(Some(reader)) => reader,
        Ok(None) => {
            return match Owner::check_place(&context.campaign.ledger, context.campaign.gateway.mode)
            {
                Ok(()) => Check::fine(name, words::no_ledger(path)),
                Err(fault) => failed(&fault),
            };
        }
        Err(fault) => return failed(&fault),
    };
    match reader.check_file() {
        Ok(None) => {}
        Ok(Some(detail)) => {
            return Check::fail(name, words::ledger_damaged(detail), words::mend_ledger());
        }
        Err(fault) => return failed(&fault),
    }
    if let Some(why) = context.foreign() {
        return Check::fail(name, why, words::mend_ledger());
    }
    if reader.campaigns().is_ok_and(|rows| rows.is_empty()) {
        let load = context.command("load");
        return Check::warn(name, load::empty_ledger(path), load::load_again(load));
    }
    match reader.highest_time() {
        Ok(highest) => {
            let now = context.clock.now_ms();
            if let Some(halt) = highest.and_then(|highest| start_of_clock(now, highest)) {
                return Check::fail(name, halt.evidence, halt.remedy);
            }
        }
        Err(fault) => return failed(&fault),
    }
    match reader.campaign(&context.campaign.id) {
        Ok(row) => {
            let rows = row.map_or(0, |row| row.rows);
            Check::fine(name, words::ledger(path, rows))
        }
        Err(fault) => failed(&fault),
    }
}

fn lock(context: &Context) -> Check {
    let name = CheckName::Lock;
    match lock_holder(&context.campaign.ledger) {
        Ok(None) => Check::fine(name, words::lock_free()),
        Ok(Some(holder)) => Check::fine(name, words::lock_held(holder.words())),
        Err(_) => Check::fine(name, words::lock_unknown()),
    }
}
