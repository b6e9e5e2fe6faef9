//! Giving a packet a new number: the last resort, for a number that is proven unpaid. The old bill
//! stays as it is, with its number, its requests and its place in its file; the new one is a bill
//! of its own. It is written together with the counters and two rows of the journal, or not at
//! all.

use rusqlite::{Connection, OptionalExtension};

use super::exported::taken_along;
use crate::domain::bill::Bill;
use crate::domain::ids::MchBillno;
use crate::domain::policy::RetryRules;
use crate::domain::reissue::{Objection, Renewal, Trail, Word};
use crate::domain::state::State;
use crate::ledger::bill::advance::{Key, MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::elsewhere::{Elsewhere, elsewhere};
use crate::ledger::bill::lineage;
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::bill::picks::{FOUND_NOTHING, LEFT_NO_ORDER};
use crate::ledger::fault::LedgerError;
use crate::ledger::flow::billed::{billed, is_paid_elsewhere};
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::load::rows::insert_again;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;
use crate::words::note;

/// A person's request to reissue, and its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The bills to give up, by row.
    pub bills: Vec<i64>,
    /// The person and the reason, in their own words.
    pub because: String,
    /// From when on a query counts as today's.
    pub since: i64,
    /// How long after its commit a request's answer is due at the latest.
    pub answer_ms: i64,
    /// The campaigns that may pay the same people too; `all` stands for every one.
    pub pay_again: Vec<String>,
}

/// The result for one bill: its number, and the new one or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reissued {
    /// The number that was to be given up.
    pub old: MchBillno,
    /// The number in its place.
    pub new: Result<MchBillno, Objection>,
}

impl Reader {
    /// The objections to giving these bills up, before anything is asked; `None` for no objection.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn objections(
        &self,
        campaign: &CampaignRow,
        bills: &[i64],
        answer_ms: i64,
        now: i64,
    ) -> Result<Vec<Option<Objection>>, LedgerError> {
        let objection = |conn: &Connection, bill: i64| -> rusqlite::Result<Option<Objection>> {
            let trail = trail(conn, bill, answer_ms)?;
            Ok(match trail.check_before(now) {
                Ok(()) => earlier_paid(conn, &Lineage::of(conn, bill)?)?,
                Err(objection) => Some(objection),
            })
        };
        self.read(|conn| {
            let billed = billed(conn, campaign.campaign)?;
            let objection = |bill: &i64| {
                if billed.contains(bill) {
                    return Ok(Some(Objection::Billed));
                }
                objection(conn, *bill)
            };
            bills.iter().map(objection).collect()
        })
    }

    /// The objections to paying these refused bills from another list, in their order: an earlier
    /// number was paid, or their people have a packet elsewhere, under a campaign that is not
    /// named.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn paid_already(
        &self,
        bills: &[i64],
        pay_again: &[String],
        now: i64,
    ) -> Result<Vec<Option<Objection>>, LedgerError> {
        let elsewhere = self.elsewhere(bills, pay_again, now)?;
        self.read(|conn| {
            let both = bills.iter().zip(elsewhere);
            let paid = both.map(|(bill, elsewhere)| {
                let earlier = earlier_paid(conn, &Lineage::of(conn, *bill)?)?;
                Ok(earlier.or(elsewhere))
            });
            paid.collect()
        })
    }

    /// The objections to giving these bills up, in their order: their people have a packet
    /// elsewhere, under a campaign that is not named, or a person took them along.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn spoken_for(
        &self,
        bills: &[i64],
        pay_again: &[String],
        now: i64,
    ) -> Result<Vec<Option<Objection>>, LedgerError> {
        let elsewhere = self.elsewhere(bills, pay_again, now)?;
        let mut taken = self.read(|conn| taken_along(conn, bills, pay_again, now))?;
        let both = bills.iter().zip(elsewhere);
        Ok(both
            .map(|(bill, elsewhere)| elsewhere.or_else(|| taken.remove(bill)))
            .collect())
    }

    fn elsewhere(
        &self,
        bills: &[i64],
        pay_again: &[String],
        now: i64,
    ) -> Result<Vec<Option<Objection>>, LedgerError> {
        self.read(|conn| {
            let mut found = elsewhere(conn, bills, pay_again, now)?;
            let objections = bills
                .iter()
                .map(|bill| found.remove(bill).map(in_its_place));
            Ok(objections.collect())
        })
    }
}

fn in_its_place(other: Elsewhere) -> Objection {
    Objection::Elsewhere(other.campaign, other.number)
}

/// Gives up what may be given up of what is wanted.
pub(in crate::ledger) fn reissue(
    tx: &WriteTx<'_>,
    (campaign, rules): (i64, &RetryRules),
    wanted: &Wanted,
    now: i64,
) -> rusqlite::Result<Vec<Reissued>> {
    let mut done = Vec::with_capacity(wanted.bills.len());
    let mut elsewhere = elsewhere(tx, &wanted.bills, &wanted.pay_again, now)?;
    let mut taken = taken_along(tx, &wanted.bills, &wanted.pay_again, now)?;
    let billed = billed(tx, campaign)?;
    for bill in &wanted.bills {
        let filter = "campaign = ?1 AND bill = ?2";
        for candidate in candidates(tx, filter, (campaign, bill), 1)? {
            let old = candidate.mch_billno.clone();
            let new = match elsewhere.remove(bill) {
                Some(other) => Err(in_its_place(other)),
                None if billed.contains(bill) => Err(Objection::Billed),
                None => match taken.remove(bill) {
                    Some(objection) => Err(objection),
                    None => reissue_one(tx, (&candidate, rules), wanted, now)?,
                },
            };
            done.push(Reissued { old, new });
        }
    }
    Ok(done)
}

fn reissue_one(
    tx: &WriteTx<'_>,
    (old, rules): (&Candidate, &RetryRules),
    wanted: &Wanted,
    now: i64,
) -> rusqlite::Result<Result<MchBillno, Objection>> {
    let bill = old.key.bill;
    let renewal = match trail(tx, bill, wanted.answer_ms)?.check(wanted.since) {
        Ok(renewal) => renewal,
        Err(objection) => return Ok(Err(objection)),
    };
    let lineage = Lineage::of(tx, bill)?;
    if let Some(objection) = earlier_paid(tx, &lineage)? {
        return Ok(Err(objection));
    }
    if renewal == Renewal::SameNumber {
        let note = note::sent_again(wanted.because.as_str()).en;
        let mut freed = old.bill.clone();
        let event = freed.send_again(now, rules)?;
        let cause = MoveCause::noted(event, now, &note);
        advance(tx, old.key, &old.bill, &freed, &cause)?;
        return Ok(Ok(old.mch_billno.clone()));
    }
    let (number, generation) = lineage.next();
    if is_paid_elsewhere(tx, old.key.campaign, &number)? {
        return Ok(Err(Objection::Billed));
    }
    let new = insert_again(tx, bill, (&number, generation))?;
    let because = &wanted.because;
    let note = note::reissued(number.as_str(), because.as_str()).en;
    let mut given_up = old.bill.clone();
    let event = given_up.give_up()?;
    let cause = |note| MoveCause::noted(event, now, note);
    advance(tx, old.key, &old.bill, &given_up, &cause(&note))?;
    let key = Key {
        bill: new,
        ..old.key
    };
    let note = note::in_place_of(old.mch_billno.as_str(), because.as_str()).en;
    let begun = Bill::reissued(now);
    begun.state.on(event)?;
    advance(tx, key, &begun, &begun, &cause(&note))?;
    // The packet is where its new number is.
    tx.count(key.campaign, key.amount, State::Refused, State::Ready);
    Ok(Ok(number))
}

/// The trail of a bill and its requests that decides about giving it up.
fn trail(conn: &Connection, bill: i64, answer_ms: i64) -> rusqlite::Result<Trail> {
    let (next, _) = Lineage::of(conn, bill)?.next();
    let replaced_by = lineage::find(conn, &next)?.map(|_| next);
    let sql = format!(
        "SELECT state, doubt_since IS NOT NULL,
           count(*) FILTER (WHERE attempt IS NOT NULL AND ended_at IS NULL) > 0,
           count(*) FILTER (WHERE action = 'send') > 0 AND count(*) FILTER (WHERE CASE action
             WHEN 'send' THEN NOT {LEFT_NO_ORDER} ELSE NOT {FOUND_NOTHING} END
             AND attempt > coalesce((SELECT max(attempt) FROM journal
               WHERE journal.bill = ?1 AND event = 'freed'), 0)) = 0,
           coalesce(max(max(committed_at + ?2, coalesce(ended_at, 0)))
               FILTER (WHERE action = 'send'),
             min(committed_at) + ?2),
           count(*) FILTER (WHERE answer = 'failed') > 0, first_sent_at,
           (SELECT max(asked.committed_at) FROM journal JOIN attempt AS asked USING (attempt)
            WHERE journal.bill = ?1 AND event = 'next_unknown')
         FROM bill LEFT JOIN attempt USING (bill) WHERE bill = ?1"
    );
    let word = word(conn, bill)?;
    conn.prepare_cached(&sql)?
        .query_row((bill, answer_ms), |row| {
            Ok(Trail {
                state: crate::ledger::columns::state(row, 0)?,
                was_in_doubt: row.get(1)?,
                is_open: row.get(2)?,
                left_no_order: row.get(3)?,
                deadline: row.get(4)?,
                was_failed: row.get(5)?,
                first_sent: row.get(6)?,
                next_unknown: row.get(7)?,
                word,
                replaced_by,
            })
        })
}

/// The newest query that has an answer.
fn word(conn: &Connection, bill: i64) -> rusqlite::Result<Option<(i64, Word)>> {
    let sql = "SELECT committed_at, answer FROM attempt
         WHERE bill = ?1 AND action = 'query' AND answer IS NOT NULL
         ORDER BY attempt DESC LIMIT 1";
    let read = |row: &rusqlite::Row<'_>| {
        let said: String = row.get(1)?;
        let word = match said.as_str() {
            "failed" => Some(Word::Failed),
            "not_found" => Some(Word::NotFound),
            // These tell nothing of the number.
            "throttled" | "halted" | "not_sent" | "unclear" => None,
            _ => Some(Word::Other(said)),
        };
        Ok((row.get(0)?, word))
    };
    let newest: Option<(i64, Option<Word>)> = conn
        .prepare_cached(sql)?
        .query_row([bill], read)
        .optional()?;
    Ok(newest.and_then(|(began, word)| Some((began, word?))))
}

/// An earlier number of the packet that was paid after all: then it is paid.
fn earlier_paid(conn: &Connection, lineage: &Lineage) -> rusqlite::Result<Option<Objection>> {
    Ok(lineage.paid_before(conn)?.map(Objection::EarlierPaid))
}
