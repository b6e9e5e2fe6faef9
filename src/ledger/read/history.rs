//! Requests and moves: all of one packet, and those of a campaign in a few numbers each, to be
//! added up.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::campaign::CampaignRow;
use super::tally::CountedSums;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::ledger::bill::lineage::{given_up, is_left_out};
use crate::ledger::columns::{fen, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;

/// One request about a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// `send` or `query`.
    pub action: String,
    /// When it became durable.
    pub committed_at: i64,
    /// When its answer was recorded.
    pub ended_at: Option<i64>,
    /// Its answer.
    pub answer: Option<String>,
    /// In WeChat Pay's words.
    pub err_code: Option<String>,
    /// In WeChat Pay's words.
    pub err_code_des: Option<String>,
}

/// One move of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// When.
    pub at: i64,
    /// The event.
    pub event: String,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// The note, if there is one.
    pub note: Option<String>,
}

impl Reader {
    /// All requests about a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn attempts(&self, bill: i64) -> Result<Vec<AttemptRow>, LedgerError> {
        let sql = "SELECT action, committed_at, ended_at, answer, err_code, err_code_des
             FROM attempt WHERE bill = ?1 ORDER BY attempt";
        self.read(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(AttemptRow {
                        action: row.get(0)?,
                        committed_at: row.get(1)?,
                        ended_at: row.get(2)?,
                        answer: row.get(3)?,
                        err_code: row.get(4)?,
                        err_code_des: row.get(5)?,
                    })
                })?
                .collect()
        })
    }

    /// All moves of a bill and what else there is to say of it, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn journal(&self, bill: i64) -> Result<Vec<JournalRow>, LedgerError> {
        let sql = "SELECT at, event, state_from, state_to, note FROM journal
             WHERE bill = ?1 AND (state_from <> state_to OR note IS NOT NULL) ORDER BY seq";
        self.read(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(JournalRow {
                        at: row.get(0)?,
                        event: row.get(1)?,
                        from: row.get(2)?,
                        to: row.get(3)?,
                        note: row.get(4)?,
                    })
                })?
                .collect()
        })
    }
}

/// A packet in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PacketFigures<'r> {
    /// The bill's row in the ledger.
    pub bill: i64,
    /// Where it stands.
    pub state: State,
    /// How much is owed.
    pub amount: Fen,
    /// How much was paid, where that is not what is owed.
    pub paid: Option<Fen>,
    /// How much came back, if WeChat Pay told.
    pub refunded: Option<Fen>,
    /// When the first send was committed.
    pub first_sent_at: Option<i64>,
    /// When it was claimed, if WeChat Pay told.
    pub received_at: Option<i64>,
    /// When it was back, if WeChat Pay told.
    pub refunded_at: Option<i64>,
    /// Of the last answer that had one.
    pub err_code: Option<&'r str>,
}

/// A request in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestFigures {
    /// Otherwise it is a query.
    pub is_send: bool,
    /// When it became durable.
    pub committed_at: i64,
    /// When its answer was recorded, if WeChat Pay gave one.
    pub ended_at: Option<i64>,
}

impl Reader {
    /// Gives the figures of every packet of the campaign to `each`, as a report has them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn each_packet(
        &self,
        campaign: &CampaignRow,
        mut each: impl FnMut(&PacketFigures<'_>),
    ) -> Result<(), LedgerError> {
        let sql =
            "SELECT bill, state, amount_fen, first_sent_at, received_at, refunded_at, err_code,
               paid_fen, refunded_fen
             FROM bill LEFT JOIN fate USING (bill) LEFT JOIN paid USING (bill)
             WHERE campaign = ?1";
        self.read(|conn| {
            let _moment = self.moment()?;
            let former = given_up(conn, campaign.campaign)?;
            let mut sums = CountedSums::default();
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([campaign.campaign])?;
            while let Some(row) = rows.next()? {
                let packet = PacketFigures::read(row)?;
                if !former.contains(&packet.bill) {
                    sums.add(packet.state, packet.amount);
                }
                if !is_left_out(packet.bill, packet.state, &former) {
                    each(&packet);
                }
            }
            sums.check(conn, campaign.campaign)
        })
    }

    /// Gives the figures of every request about a packet of the campaign to `each`, in the order in
    /// which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn each_request(
        &self,
        campaign: &CampaignRow,
        mut each: impl FnMut(&RequestFigures),
    ) -> Result<(), LedgerError> {
        // An answer of WeChat Pay is an acceptance or has a code. What a dead process left open is
        // ended by the next one, hours later.
        let answered = "CASE WHEN answer = 'accepted' OR attempt.err_code IS NOT NULL
             THEN ended_at END";
        // To look up the bill of each of millions takes longer than to read them.
        let all = format!(
            "SELECT action = 'send', committed_at, {answered} FROM attempt
             WHERE bill IS NOT NULL ORDER BY attempt"
        );
        let its = format!(
            "SELECT action = 'send', committed_at, {answered}
             FROM attempt CROSS JOIN bill USING (bill) WHERE campaign = ?1 ORDER BY attempt"
        );
        self.read(|conn| {
            let count = "SELECT count(*) FROM campaign";
            let is_alone = conn
                .query_row(count, [], |row| row.get(0))
                .map(|n: i64| n == 1)?;
            let mut statement = conn.prepare(if is_alone { &all } else { &its })?;
            let mut rows = if is_alone {
                statement.query([])?
            } else {
                statement.query([campaign.campaign])?
            };
            while let Some(row) = rows.next()? {
                each(&RequestFigures {
                    is_send: row.get(0)?,
                    committed_at: row.get(1)?,
                    ended_at: row.get(2)?,
                });
            }
            Ok(())
        })
    }
}

impl<'r> PacketFigures<'r> {
    fn read(row: &'r Row<'_>) -> rusqlite::Result<Self> {
        let money = |index: usize| match row.get_ref(index)? {
            ValueRef::Null => Ok(None),
            _ => fen(row, index).map(Some),
        };
        Ok(PacketFigures {
            bill: row.get(0)?,
            state: state(row, 1)?,
            amount: fen(row, 2)?,
            first_sent_at: row.get(3)?,
            received_at: row.get(4)?,
            refunded_at: row.get(5)?,
            err_code: row.get_ref(6)?.as_str_or_null()?,
            paid: money(7)?,
            refunded: money(8)?,
        })
    }
}
