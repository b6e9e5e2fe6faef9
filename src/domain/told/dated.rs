//! When a number was first sent, as far as a query's answer tells: another ledger may have sent it,
//! or this one by a wrong clock.

use super::outcome::{Sighting, is_known};
use crate::domain::bill::Bill;
use crate::domain::caps::CLOCKS_DIFFER_MS;
use crate::domain::rules::Moment;
use crate::domain::state::State;

/// Dates the bill's number.
pub(super) fn date(bill: &mut Bill, sighting: &Sighting, moment: &Moment) {
    if is_known(sighting) {
        date_anothers(bill, moment);
        date_by_their_clock(bill, moment);
    }
    if may_be_paid(sighting) {
        // Another ledger's send counts on the day that WeChat Pay names, else today.
        let sent = moment.send_time.unwrap_or(moment.now).min(moment.now);
        bill.first_sent = bill.first_sent.or(Some(sent));
    }
}

/// Of a number that this ledger did not send nobody knows when it was, unless WeChat Pay says so:
/// it may be old, and forgotten by all but queries.
fn date_anothers(bill: &mut Bill, moment: &Moment) {
    let is_unsent = bill.first_sent.is_none() && !planted!(AgeOfAnothersGuessed);
    if bill.state == State::Ready || is_unsent {
        let since = moment.send_time.or(bill.first_sent);
        // One whose number another ledger gave it is dated for the first time here.
        let is_dated = since.is_some() && bill.state == State::InDoubt;
        bill.is_window_closed = since.is_none() || bill.is_window_closed && !is_dated;
        bill.doubt_since = since.or(Some(moment.now));
    }
}

/// WeChat Pay may say that it was sent earlier than this ledger did: the days of the number are
/// told from the earlier time.
fn date_by_their_clock(bill: &mut Bill, moment: &Moment) {
    let (ours, theirs) = (bill.doubt_since.or(bill.first_sent), moment.send_time);
    let is_earlier =
        |sent: &i64| ours.is_some_and(|ours| *sent < ours.saturating_sub(CLOCKS_DIFFER_MS));
    if let Some(sent) = theirs
        .filter(is_earlier)
        .filter(|_| !planted!(OwnClockTrusted))
    {
        bill.doubt_since = Some(sent);
    }
}

/// Whether money has left for the number, or is about to.
fn may_be_paid(sighting: &Sighting) -> bool {
    sighting.is_payment() && !planted!(SeenPaymentNotInCaps)
        || matches!(sighting, Sighting::Sending { has_reason: false })
}
