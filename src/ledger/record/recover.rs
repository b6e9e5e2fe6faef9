//! Recovery from a process that died, or from another ledger: both leave doubt.

use rusqlite::params;

use super::answer::{record_query, record_send};
use super::closed::close_check;
use super::ended::Ended;
use crate::domain::bill::{Action, Bill, Next};
use crate::domain::outcome::{Answer, Doubt, NotSent, Outcome, Sighting};
use crate::domain::policy::{Moment, RetryRules};
use crate::domain::state::Event;
use crate::ledger::bill::advance::{MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidate_of, candidates};
use crate::ledger::journal::write_tx::WriteTx;
use crate::words::note;

/// Nothing is ever planned further ahead than a day and an hour.
const FAR_MS: i64 = 25 * 3_600_000;

/// A step planned further ahead than anything is planned was dated by a wrong clock: it is due.
fn mend_dues(tx: &WriteTx<'_>, campaign: i64, now: i64) -> rusqlite::Result<()> {
    for word in ["send", "resend", "query"] {
        let filter = "campaign = ?1 AND next_action = ?2 AND due > 0 AND due > ?3";
        let late = params![campaign, word, now.saturating_add(FAR_MS)];
        for candidate in candidates(tx, filter, late, usize::MAX)? {
            let next = candidate.bill.next;
            plan(
                tx,
                &candidate,
                next.map(|next| Next { due: now, ..next }),
                now,
            )?;
        }
    }
    Ok(())
}

/// Paid packets whose package was given up by a wrong clock: their window is still open.
fn reopen(tx: &WriteTx<'_>, campaign: i64, rules: &RetryRules, now: i64) -> rusqlite::Result<()> {
    let filter = "campaign = ?1 AND state = 'sent' AND has_package = 0 AND next_action IS NULL
         AND is_window_closed = 0 AND coalesce(doubt_since, first_sent_at) > ?2";
    let since = (campaign, now.saturating_sub(rules.resend_window_ms));
    for candidate in candidates(tx, filter, since, usize::MAX)? {
        if !candidate.bill.is_window_over(now, rules) {
            let action = Action::Query;
            plan(tx, &candidate, Some(Next { action, due: now }), now)?;
        }
    }
    Ok(())
}

/// Plans anew what a wrong clock planned.
fn plan(
    tx: &WriteTx<'_>,
    candidate: &Candidate,
    next: Option<Next>,
    now: i64,
) -> rusqlite::Result<()> {
    let after = Bill {
        next,
        ..candidate.bill.clone()
    };
    let note = note::wrong_clock().en;
    let cause = MoveCause::noted(Event::SeenNothing, now, &note);
    advance(tx, candidate.key, &candidate.bill, &after, &cause)
}

/// Finds every attempt that a dead process left open. A send may have paid: its bill is in
/// doubt. A query told nothing.
pub(in crate::ledger) fn recover(
    tx: &WriteTx<'_>,
    campaign: i64,
    rules: &RetryRules,
    now: i64,
) -> rusqlite::Result<u64> {
    // Of all campaigns: only one process owns the ledger, so that nobody else will record them.
    let sql = "SELECT attempt, action, committed_at, bill FROM attempt WHERE ended_at IS NULL";
    let open: Vec<(i64, String, i64, Option<i64>)> = tx
        .prepare(sql)?
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    if planted!(RecoverForgets) {
        return Ok(0);
    }
    let begun = begun(tx)?;
    mend_dues(tx, campaign, now)?;
    reopen(tx, campaign, rules, now)?;
    let count = u64::try_from(open.len()).unwrap_or(u64::MAX);
    for (attempt, action, committed, bill) in open {
        let moment = Moment {
            committed,
            ..Moment::at(now)
        };
        let open = Open {
            attempt,
            is_send: action == "send",
            bill,
            moment,
        };
        recover_one(tx, campaign, rules, open)?;
    }
    doubt_begun(tx, rules, begun, now)?;
    Ok(count)
}

/// The bills that are on their way and have no request open: somebody took it away, or its disk
/// did.
fn begun(tx: &WriteTx<'_>) -> rusqlite::Result<Vec<i64>> {
    // The counters tell whether there are any: no index has states.
    let more = "SELECT (SELECT coalesce(sum(count), 0) FROM tally WHERE state = 'in_flight')
           > (SELECT count(*) FROM attempt WHERE ended_at IS NULL AND action = 'send')";
    if !tx.query_row(more, [], |row| row.get::<_, bool>(0))? {
        return Ok(Vec::new());
    }
    let sql = "SELECT bill FROM bill WHERE state = 'in_flight' AND NOT EXISTS
           (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill AND ended_at IS NULL)";
    let mut statement = tx.prepare(sql)?;
    let bills = statement.query_map([], |row| row.get(0))?;
    bills.collect()
}

/// They may be paid like any whose answer is lost: WeChat Pay is asked.
fn doubt_begun(
    tx: &WriteTx<'_>,
    rules: &RetryRules,
    bills: Vec<i64>,
    now: i64,
) -> rusqlite::Result<()> {
    for bill in bills {
        let found = candidate_of(tx, bill)?;
        let mut after = found.bill.clone();
        let lost = Outcome::InDoubt(Doubt::Interrupted);
        let event = after.record_send(&lost, &Moment::at(now), rules)?;
        let note = note::request_gone().en;
        let cause = MoveCause::noted(event, now, &note);
        advance(tx, found.key, &found.bill, &after, &cause)?;
    }
    Ok(())
}

/// A request that nobody recorded.
#[derive(Clone, Copy)]
struct Open {
    attempt: i64,
    is_send: bool,
    /// `None` for one about a number without a bill.
    bill: Option<i64>,
    moment: Moment,
}

fn recover_one(
    tx: &WriteTx<'_>,
    campaign: i64,
    rules: &RetryRules,
    open: Open,
) -> rusqlite::Result<()> {
    let told_nothing = Answer::wordless(Sighting::Unclear(Doubt::Interrupted));
    let Open {
        attempt, moment, ..
    } = open;
    let Some(bill) = open.bill else {
        return close_check(tx, campaign, attempt, moment.now, &told_nothing);
    };
    let Candidate { key, bill, .. } = candidate_of(tx, bill)?;
    let ended = Ended {
        attempt,
        key,
        moment,
        before: bill,
        is_fresh: false,
    };
    if open.is_send {
        let lost = if planted!(RecoverLeavesNoDoubt) {
            Answer::wordless(Outcome::NotSent(NotSent::NotBegun))
        } else {
            Answer::wordless(Outcome::InDoubt(Doubt::Interrupted))
        };
        return record_send(tx, rules, ended, &lost).map(drop);
    }
    record_query(tx, rules, ended, &told_nothing).map(drop)
}
