//! Writes the state of a bill: the only place that does. The bill, the counters, the
//! daily sums and the journal move together or not at all.

use rusqlite::params;

use super::lineage::is_counted;
use super::paid_otherwise;
use crate::domain::bill::{Again, Bill, Confirming};
use crate::domain::money::Fen;
use crate::domain::state::{Event, State};
use crate::ledger::columns::next_word;
use crate::ledger::journal::chain::{Entry, RequestMark};
use crate::ledger::journal::seal::{BillExtras, Mark, bill_mark, written};
use crate::ledger::journal::statements::one_row;
use crate::ledger::journal::write_tx::WriteTx;

/// A bill in the ledger.
#[derive(Debug, Clone, Copy)]
pub(in crate::ledger) struct Key {
    pub(in crate::ledger) bill: i64,
    pub(in crate::ledger) campaign: i64,
    pub(in crate::ledger) amount: Fen,
}

/// The cause of a bill's move, for the journal.
#[derive(Debug, Clone, Copy)]
pub(in crate::ledger) struct MoveCause<'a> {
    pub(in crate::ledger) event: Event,
    /// The request that begins or ends with it.
    pub(in crate::ledger) told: Option<RequestMark>,
    pub(in crate::ledger) at: i64,
    pub(in crate::ledger) note: Option<&'a str>,
    /// WeChat Pay's code and words to keep, blank for none; `None` leaves the old ones.
    pub(in crate::ledger) code: Option<(&'a str, &'a str)>,
    /// The bill keeps nothing of an earlier reply.
    pub(in crate::ledger) fresh: Option<Fresh<'a>>,
}

impl<'a> MoveCause<'a> {
    /// Without a request, and without anything of a reply.
    pub(in crate::ledger) fn noted(event: Event, at: i64, note: &'a str) -> Self {
        MoveCause {
            event,
            told: None,
            at,
            note: Some(note),
            code: None,
            fresh: None,
        }
    }
}

/// A bill's part of its first reply: the red packet's number and the package.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::ledger) struct Fresh<'a> {
    pub(in crate::ledger) send_listid: &'a str,
    pub(in crate::ledger) package: Option<&'a str>,
}

/// Moves the bill from `before` to `after`.
pub(in crate::ledger) fn advance(
    tx: &WriteTx<'_>,
    key: Key,
    before: &Bill,
    after: &Bill,
    cause: &MoveCause<'_>,
) -> rusqlite::Result<()> {
    write_bill(tx, key, before.state, after, cause)?;
    if let Some(again) = after.again.filter(|_| before.again != after.again) {
        keep_again(tx, key.bill, again)?;
    }
    let is_forgotten = planted!(CountersNotMoved) && after.state == State::Refused;
    let moves = before.state != after.state && !is_forgotten;
    if moves && is_counted(tx, key.bill, before.state)? {
        tx.count(key.campaign, key.amount, before.state, after.state);
    }
    if let Some(DayMove { was, is }) = DayMove::of(tx, key, before, after)? {
        for (sent, sign) in [(was, -1), (is, 1)] {
            if let Some(at) = sent {
                tx.count_send(key.campaign, key.amount, (at, sign));
            }
        }
    }
    if planted!(JournalSkipped) && cause.told.is_none() {
        return Ok(());
    }
    tx.append(&Entry {
        at: cause.at,
        epoch: tx.epoch(),
        campaign: key.campaign,
        bill: Some(key.bill),
        told: cause.told,
        event: cause.event.name(),
        states: Some((before.state.name(), after.state.name())),
        note: cause.note,
        mark: mark(tx, key.bill, after, cause)?,
    })
}

/// When a bill counted as sent before a move and when it does after it, where that is not the same.
pub(in crate::ledger) struct DayMove {
    pub(in crate::ledger) was: Option<i64>,
    pub(in crate::ledger) is: Option<i64>,
}

impl DayMove {
    /// `None` where nothing moves: what another payment is booked for stays counted.
    pub(in crate::ledger) fn of(
        tx: &WriteTx<'_>,
        key: Key,
        before: &Bill,
        after: &Bill,
    ) -> rusqlite::Result<Option<DayMove>> {
        let (was, is) = (before.counts_at(), after.counts_at());
        let is_over = after.state != State::InFlight;
        if was == is || is_over && paid_otherwise::find(tx, key.bill)?.is_some() {
            return Ok(None);
        }
        Ok(Some(DayMove { was, is }))
    }
}

/// The bill as it stands now. One that keeps nothing of an earlier reply need not be read back:
/// most moves are of such bills.
fn mark(
    tx: &WriteTx<'_>,
    bill: i64,
    after: &Bill,
    cause: &MoveCause<'_>,
) -> rusqlite::Result<Mark> {
    let Some(fresh) = cause.fresh else {
        return bill_mark(tx, bill);
    };
    let (code, words) = cause.code.unwrap_or_default();
    let known = written(
        after,
        &BillExtras {
            settled_at: after.state.is_final().then_some(cause.at),
            err_code: filled(code),
            err_code_des: filled(words),
            send_listid: filled(fresh.send_listid),
            package: fresh.package,
        },
    );
    debug_assert_eq!(bill_mark(tx, bill), Ok(known), "of bill {bill}");
    Ok(known)
}

/// The text, if there is one: a blank one stands as NULL.
pub(in crate::ledger) fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Everything of a bill that moves. What a move does not tell of, the bill keeps.
const WRITE: &str = "UPDATE bill SET state = ?3, confirming = ?4, confirming_since = ?5,
       doubt_since = ?6, is_window_closed = ?7, sends = ?8, doubtful_sends = ?9,
       idle_queries = ?10, not_found = ?11, has_package = ?12, next_action = ?13, due = ?14,
       first_sent_at = ?15,
       settled_at = CASE WHEN ?16 IS NULL THEN NULL ELSE coalesce(settled_at, ?16) END,
       err_code = CASE WHEN ?17 THEN ?18 ELSE err_code END,
       err_code_des = CASE WHEN ?17 THEN ?19 ELSE err_code_des END
     WHERE bill = ?1 AND state = ?2";

fn write_bill(
    tx: &WriteTx<'_>,
    key: Key,
    from: State,
    after: &Bill,
    cause: &MoveCause<'_>,
) -> rusqlite::Result<()> {
    // A bill that is settled again, by a later sighting, keeps when it first was; one that is open
    // again has no such time.
    let settled_at = after.state.is_final().then_some(cause.at);
    // A move without an answer leaves the code of the last one that had any; an answer without a
    // code blanks it.
    let (code, words) = cause.code.unwrap_or_default();
    let changed = tx.change(
        WRITE,
        params![
            key.bill,
            from.name(),
            after.state.name(),
            after.confirming.map(Confirming::name),
            after.confirming_since,
            after.doubt_since,
            after.is_window_closed,
            after.sends,
            after.doubtful_sends,
            after.idle_queries,
            after.not_found,
            after.has_package,
            next_word(after),
            after.next.map(|next| next.due),
            after.first_sent,
            settled_at,
            cause.code.is_some(),
            filled(code),
            filled(words),
        ],
    )?;
    // None: the bill is not where this process believes it to be, so that nothing of this
    // transaction may be kept.
    one_row(changed)
}

/// Keeps where a bill stands.
pub(super) fn keep_again(tx: &WriteTx<'_>, bill: i64, again: Again) -> rusqlite::Result<()> {
    tx.change(
        "INSERT INTO again (bill, word) VALUES (?1, ?2)
         ON CONFLICT (bill) DO UPDATE SET word = excluded.word",
        (bill, again.name()),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::WRITE;
    use crate::ledger::columns::{BILL, BILL_WIDTH};
    use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, MOVING, MOVING_WIDTH};
    use crate::ledger::open::schema::in_memory;

    fn names(list: &str) -> Vec<&str> {
        list.split(',').map(str::trim).collect()
    }

    /// Columns of another table: the mark of a bill covers them, and `receipt` writes them.
    const RECEIPT: [&str; 2] = ["send_listid", "package"];

    #[test]
    fn a_column_of_a_bill_is_sealed_written_and_read_or_in_none() {
        let conn = in_memory().unwrap();
        let mut columns = conn
            .prepare("SELECT name FROM pragma_table_info('bill')")
            .unwrap();
        let columns = columns.query_map([], |row| row.get(0)).unwrap();
        let columns: Vec<String> = columns.map(Result::unwrap).collect();

        let fixed = names(FROZEN);
        assert_eq!(fixed.len(), FROZEN_WIDTH);
        let moving = &names(MOVING)[..MOVING_WIDTH];
        let moving: Vec<&str> = moving
            .iter()
            .copied()
            .filter(|it| !RECEIPT.contains(it))
            .collect();
        assert_eq!(moving.len() + RECEIPT.len(), MOVING_WIDTH);
        let sealed = [
            &["bill", "campaign", "file"],
            &fixed[..],
            &["seal"],
            &moving[..],
        ]
        .concat();
        assert_eq!(
            columns, sealed,
            "of the schema: fixed ones, then those that move"
        );

        let (_, set) = WRITE.split_once(" SET ").unwrap();
        let (set, _) = set.split_once(" WHERE ").unwrap();
        let before_equals = |part: &str| part.split_whitespace().last().unwrap().trim().to_owned();
        let written: Vec<String> = set
            .match_indices(" = ")
            .map(|(at, _)| before_equals(&set[..at]))
            .collect();
        assert_eq!(written, moving, "an advance writes each");

        let read: Vec<&str> = names(BILL)
            .into_iter()
            .filter_map(|name| name.strip_prefix("bill."))
            .collect();
        assert_eq!(read.len(), BILL_WIDTH - 1, "and where it stands beside it");
        let unread: Vec<&str> = moving.into_iter().filter(|it| !read.contains(it)).collect();
        assert_eq!(unread, ["settled_at", "err_code", "err_code_des"]);
    }
}
