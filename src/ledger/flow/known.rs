//! A bill of the ledger with what is known of its money.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::scratch::FlowBreak;
use crate::domain::claim::OPEN_MS;
use crate::domain::flow::covered::Span;
use crate::domain::flow::judge::{FoundBreak, KnownPacket};
use crate::domain::policy::QUERY_DAYS_MS;
use crate::domain::state::State;
use crate::ledger::columns::{fen, state};

/// Every bill with what is known of its money. A single send needs no look at the attempts.
pub(super) const KNOWN: &str = "
    SELECT bill.bill, state, amount_fen, paid_fen, mch_billno, send_listid,
      min(coalesce(doubt_since, first_sent_at), first_sent_at, CASE WHEN sends <= 1
        THEN first_sent_at ELSE coalesce((SELECT min(committed_at) FROM attempt
          WHERE attempt.bill = bill.bill AND action = 'send'), first_sent_at) END),
      CASE WHEN sends <= 1 THEN first_sent_at ELSE coalesce(
        (SELECT min(ended_at) FROM attempt WHERE attempt.bill = bill.bill
           AND action = 'send' AND answer = 'accepted'),
        (SELECT max(coalesce(ended_at, committed_at)) FROM attempt
           WHERE attempt.bill = bill.bill AND action = 'send'), first_sent_at) END,
      refunded_at, refunded_fen, settled_at, package IS NOT NULL OR sends > 0 AND EXISTS
        (SELECT 1 FROM attempt
         WHERE attempt.bill = bill.bill AND action = 'send' AND answer = 'accepted')
    FROM bill LEFT JOIN receipt USING (bill) LEFT JOIN paid USING (bill) LEFT JOIN fate USING (bill)
    WHERE campaign = ?1 ORDER BY bill.bill";

/// A bill of the ledger.
pub(super) struct KnownBill {
    pub(super) bill: i64,
    pub(super) mch_billno: String,
    send_listid: Option<String>,
    pub(super) packet: KnownPacket,
}

impl KnownBill {
    /// As it stood at `now`.
    pub(super) fn read(row: &Row<'_>, now: i64) -> rusqlite::Result<KnownBill> {
        let state = state(row, 1)?;
        let money = |index| match row.get_ref(index)? {
            ValueRef::Null => Ok(None),
            _ => fen(row, index).map(Some),
        };
        let owed = fen(row, 2)?;
        let amount = money(3)?.unwrap_or(owed);
        let (from, until): (Option<i64>, Option<i64>) = (row.get(6)?, row.get(7)?);
        let sent = from.zip(until).map(|(from, until)| Span { from, until });
        let refunded_at: Option<i64> = row.get(8)?;
        let settled_at: Option<i64> = row.get(10)?;
        Ok(KnownBill {
            bill: row.get(0)?,
            mch_billno: row.get(4)?,
            send_listid: row.get(5)?,
            packet: KnownPacket {
                state,
                amount,
                amount_back: money(9)?.unwrap_or(amount),
                is_accepted: row.get(11)?,
                is_askable: until.is_none_or(|until| now < until.saturating_add(QUERY_DAYS_MS)),
                sent,
                refunded: refunded(state, refunded_at, sent.zip(settled_at)),
            },
        })
    }

    pub(super) fn broken(&self, found: &FoundBreak) -> FlowBreak {
        FlowBreak {
            kind: found.kind,
            bill: Some(self.bill),
            mch_billno: Some(self.mch_billno.clone()),
            send_listid: self.send_listid.clone(),
            ledger: found.ledger,
            booked: found.bill,
            booked_at: found.booked_at,
            movements: None,
            explained: None,
        }
    }
}

/// When the money came back: as WeChat Pay said, or else between the day after it was sent and the
/// answer that said that it was back.
fn refunded(state: State, refunded_at: Option<i64>, known: Option<(Span, i64)>) -> Option<Span> {
    if state != State::Refunded {
        return None;
    }
    let exactly = refunded_at.map(|at| Span {
        from: at,
        until: at,
    });
    exactly.or(known.map(|(sent, settled_at)| Span {
        from: sent.from.saturating_add(OPEN_MS).min(settled_at),
        until: settled_at,
    }))
}
