//! Packets with their bills, as reports and `show` tell them.

use rusqlite::{Row, params};

use super::campaign::CampaignRow;
use super::tally::CountedSums;
use crate::domain::fate::Fate;
use crate::domain::ids::Openid;
use crate::domain::money::Fen;
use crate::domain::outcome::Paid;
use crate::domain::packet::RowTexts;
use crate::domain::state::State;
use crate::ledger::bill::breaks::BREAKS;
use crate::ledger::bill::candidate::frozen_checked;
use crate::ledger::bill::fate;
use crate::ledger::bill::lineage::{given_up, is_left_out};
use crate::ledger::bill::paid_otherwise;
use crate::ledger::columns::{ROW_TEXTS, fen, row_texts, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::seal::FROZEN;
use crate::ledger::open::reader::Reader;

/// Rows of a report that are given together.
const BATCH: usize = 512;

/// Characters at the end of a number that a person reads out.
const NUMBER_END: usize = 6;

/// A packet with its bill, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportRow {
    /// The bill's row in the ledger.
    pub bill: i64,
    /// The file it came in.
    pub file: i64,
    /// Its name in the campaign.
    pub row_key: String,
    /// The recipient.
    pub openid: String,
    /// How much.
    pub amount: Fen,
    /// Where the bill stands.
    pub state: State,
    /// Its number.
    pub mch_billno: String,
    /// Which number of the packet it is, from 1.
    pub generation: u32,
    /// WeChat Pay's number.
    pub send_listid: Option<String>,
    /// Sends.
    pub attempts: u32,
    /// Of the last answer that had one.
    pub err_code: Option<String>,
    /// Its text.
    pub err_code_des: Option<String>,
    /// When the first send was committed.
    pub first_sent_at: Option<i64>,
    /// When it reached a final state.
    pub settled_at: Option<i64>,
    /// Cells of the file's other columns.
    pub extra: Vec<String>,
    /// The fate of the payment, as queries told.
    pub fate: Fate,
    /// When WeChat Pay last said what it knows of the number.
    pub asked_at: Option<i64>,
    /// What was paid under its number, where that is not what was owed.
    pub paid: Option<Paid>,
}

impl ReportRow {
    /// Its key; where the list has none, the openid, without the person.
    #[must_use]
    pub fn masked_key(&self) -> String {
        let is_openid = self.row_key == self.openid;
        let openid = Openid::new(&self.row_key).ok().filter(|_| is_openid);
        openid.map_or_else(|| self.row_key.clone(), |openid| openid.masked())
    }
}

impl Reader {
    /// Gives every packet of the campaign to `each`, in the order of the files, in batches. What
    /// `each` gives back is filled again: a report of millions would spend a third of its time on
    /// making strings.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or what `each` gives.
    pub fn report<E: From<LedgerError>>(
        &self,
        campaign: &CampaignRow,
        mut each: impl FnMut(Vec<ReportRow>) -> Result<Vec<ReportRow>, E>,
    ) -> Result<(), E> {
        let failed = |source| E::from(LedgerError::sqlite(&self.path, "reading")(source));
        // One moment of the ledger: a packet that gets a new number meanwhile stands once in it.
        let _moment = self.moment().map_err(failed)?;
        let former = given_up(&self.conn, campaign.campaign).map_err(failed)?;
        let sql = format!(
            "SELECT {PACKET}, {KNOWN}, seal, {FROZEN} {BILLS} WHERE campaign = ?1 ORDER BY bill"
        );
        let mut sums = CountedSums::default();
        let mut statement = self.conn.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([campaign.campaign]).map_err(failed)?;
        let (mut batch, mut filled) = (Vec::new(), 0);
        while let Some(row) = rows.next().map_err(failed)? {
            if filled == batch.len() {
                batch.push(ReportRow::default());
            }
            batch[filled].read_whole(row).map_err(failed)?;
            frozen_checked(row, SEAL_AT).map_err(failed)?;
            let (bill, state) = (batch[filled].bill, batch[filled].state);
            if !former.contains(&bill) {
                sums.add(state, batch[filled].amount);
            }
            if is_left_out(bill, state, &former) {
                continue;
            }
            filled += 1;
            if filled == BATCH {
                batch = each(batch)?;
                filled = 0;
            }
        }
        sums.check(&self.conn, campaign.campaign).map_err(failed)?;
        batch.truncate(filled);
        each(batch).map(drop)
    }

    /// The packets that a bill number, row key or openid names, every bill of them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn find(&self, campaign: &CampaignRow, id: &str) -> Result<Vec<ReportRow>, LedgerError> {
        let named = |filter: &str, id: &str| self.named(campaign, filter, id);
        let mut found = named("mch_billno = ?2", id)?;
        for generation in 1.. {
            let number = campaign.number_of(id, generation);
            let bills = number.map(|number| named("mch_billno = ?2", number.as_str()));
            let bills = bills.transpose()?.unwrap_or_default();
            if bills.is_empty() {
                break;
            }
            found.extend(bills);
        }
        if campaign.has_row_key {
            // Otherwise the openid is the row key. Looks at every row: openids have no index.
            found.extend(named("openid = ?2", id)?);
        }
        found.sort_by_key(|row| row.bill);
        found.dedup_by_key(|row| row.bill);
        Ok(found)
    }

    /// As [`Reader::find`], for a person who looks: also by WeChat Pay's own number and the last
    /// six characters of ours, which one reads out; only where nothing else has that name.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn look_up(&self, campaign: &CampaignRow, id: &str) -> Result<Vec<ReportRow>, LedgerError> {
        let found = self.find(campaign, id)?;
        if !found.is_empty() {
            return Ok(found);
        }
        // Each looks at every row.
        let found = self.named(campaign, "send_listid = ?2", id)?;
        if !found.is_empty() || id.len() != NUMBER_END {
            return Ok(found);
        }
        let end = format!("substr(mch_billno, -{NUMBER_END}) = ?2");
        self.named(campaign, &end, &id.to_ascii_lowercase())
    }

    fn named(
        &self,
        campaign: &CampaignRow,
        filter: &str,
        id: &str,
    ) -> Result<Vec<ReportRow>, LedgerError> {
        let sql = format!(
            "SELECT {PACKET}, {KNOWN}, seal, {FROZEN} {BILLS}
             WHERE campaign = ?1 AND {filter} ORDER BY bill"
        );
        self.read(|conn| {
            conn.prepare(&sql)?
                .query_map(params![campaign.campaign, id], report_row)?
                .collect()
        })
    }

    /// The texts that each of these bills has of its own.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn own_texts(&self, bills: &[i64]) -> Result<Vec<RowTexts>, LedgerError> {
        let sql = format!("SELECT {ROW_TEXTS} FROM bill WHERE bill = ?1");
        self.read(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let mut texts = |bill| statement.query_row([bill], |row| row_texts(row, 0));
            bills.iter().map(|bill| texts(*bill)).collect()
        })
    }

    /// The numbers of bills with a break, and what it is, the first thousand.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn breaks(&self, campaign: &CampaignRow) -> Result<Vec<(String, String)>, LedgerError> {
        let is_one = BREAKS
            .map(|head| format!("note LIKE '{head}%'"))
            .join(" OR ");
        // Looks at the whole journal: breaks are so rare that they have no index.
        let sql = format!(
            "SELECT mch_billno, note FROM journal JOIN bill USING (bill)
             WHERE journal.campaign = ?1 AND attempt IS NOT NULL AND ({is_one})
             GROUP BY bill ORDER BY bill LIMIT 1000"
        );
        self.read(|conn| {
            conn.prepare(&sql)?
                .query_map([campaign.campaign], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// The packets of these bills, by row, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn packets(&self, bills: &[i64]) -> Result<Vec<ReportRow>, LedgerError> {
        let sql = format!("SELECT {PACKET}, {KNOWN}, seal, {FROZEN} {BILLS} WHERE bill = ?1");
        self.read(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let mut packet = |bill| statement.query_row([bill], report_row);
            bills.iter().map(|bill| packet(*bill)).collect()
        })
    }
}

/// The columns that [`ReportRow::read`] reads, in its order.
pub(super) const PACKET: &str =
    "bill, file, row_key, openid, amount_fen, state, mch_billno, generation,
       send_listid, sends, err_code, err_code_des, first_sent_at, settled_at, extra";
const PACKET_WIDTH: usize = 15;
/// Columns that [`ReportRow::read_whole`] reads after them.
const KNOWN: &str = "asked_at, received_at, refunded_at, refunded_fen, reason, paid_fen, to_openid";
/// Where the seal stands, and what it is of.
const SEAL_AT: usize = PACKET_WIDTH + 7;
const FATE_WIDTH: usize = 4;
const BILLS: &str = "FROM bill LEFT JOIN receipt USING (bill) LEFT JOIN fate USING (bill)
    LEFT JOIN paid USING (bill)";

fn report_row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let mut report = ReportRow::default();
    report.read_whole(row)?;
    frozen_checked(row, SEAL_AT)?;
    Ok(report)
}

impl ReportRow {
    /// Becomes this row, with what queries told.
    fn read_whole(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        self.read(row)?;
        self.asked_at = row.get(PACKET_WIDTH)?;
        self.fate = fate::read(row, PACKET_WIDTH + 1)?;
        self.paid = paid_otherwise::read(row, PACKET_WIDTH + 1 + FATE_WIDTH)?;
        Ok(())
    }

    /// Becomes this row, but for what queries told.
    pub(super) fn read(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        self.bill = row.get(0)?;
        self.file = row.get(1)?;
        set(&mut self.row_key, row.get_ref(2)?.as_str()?);
        set(&mut self.openid, row.get_ref(3)?.as_str()?);
        self.amount = fen(row, 4)?;
        self.state = state(row, 5)?;
        set(&mut self.mch_billno, row.get_ref(6)?.as_str()?);
        self.generation = row.get(7)?;
        set_known(&mut self.send_listid, row.get_ref(8)?.as_str_or_null()?);
        self.attempts = row.get(9)?;
        set_known(&mut self.err_code, row.get_ref(10)?.as_str_or_null()?);
        set_known(&mut self.err_code_des, row.get_ref(11)?.as_str_or_null()?);
        self.first_sent_at = row.get(12)?;
        self.settled_at = row.get(13)?;
        let extra = row.get_ref(14)?.as_str_or_null()?;
        self.extra = extra
            .and_then(|extra| serde_json::from_str(extra).ok())
            .unwrap_or_default();
        Ok(())
    }
}

fn set(slot: &mut String, text: &str) {
    slot.clear();
    slot.push_str(text);
}

fn set_known(slot: &mut Option<String>, text: Option<&str>) {
    match (slot.as_mut(), text) {
        (Some(slot), Some(text)) => set(slot, text),
        _ => *slot = text.map(str::to_owned),
    }
}
