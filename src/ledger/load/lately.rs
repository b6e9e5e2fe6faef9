//! New rows of people who were sent a packet so lately that the campaign file forbids another.

use rusqlite::{Connection, params};

use super::loading::Loading;
use crate::domain::caps::{counts_from, first_day};
use crate::ledger::bill::picks::SENT_SINCE;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::refusal::LoadRefusal;

/// A row of somebody who was sent a packet too lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidLately {
    /// Its line.
    pub line: u64,
    /// Its key.
    pub row_key: String,
    /// The campaign that sent last.
    pub campaign: String,
    /// When.
    pub sent_at: i64,
}

impl Loading<'_> {
    /// Gives every new row of somebody who was sent a packet within `caps.once_per_days` to `each`,
    /// in the order of lines; then the load cannot be finished. What was sent is in the ledger that
    /// `beside` reads, and in this one where there is none.
    ///
    /// # Errors
    /// Where a ledger cannot be read.
    pub fn lately(
        &self,
        beside: Option<&Reader>,
        mut each: impl FnMut(PaidLately),
    ) -> Result<(), LedgerError> {
        let (days, mut count) = (self.terms.caps.once_per_days, 0);
        self.lately.set(Some(count));
        if days == 0 {
            return Ok(());
        }
        let since = counts_from(first_day(self.now, days));
        let mut found = || -> rusqlite::Result<()> {
            let ledger = beside.map_or(&*self.tx, |reader| &reader.conn);
            if !self.collect(ledger, since)? {
                return Ok(());
            }
            self.find(|row| {
                count += 1;
                each(row);
            })
        };
        let found = found();
        self.lately.set(Some(count));
        found.map_err(LedgerError::sqlite(&self.path, "looking back"))
    }

    /// Refuses the load where there is such a row.
    pub(super) fn check_lately(&self) -> Result<(), LedgerError> {
        if self.lately.get().is_none() {
            self.lately(None, |_| ())?;
        }
        let (count, days) = (
            self.lately.get().unwrap_or(0),
            self.terms.caps.once_per_days,
        );
        if count > 0 {
            return Err(LoadRefusal::PaidLately { count, days }.into());
        }
        Ok(())
    }

    /// Whether anybody was sent a packet since then; who, stands in a table of this connection.
    fn collect(&self, ledger: &Connection, since: i64) -> rusqlite::Result<bool> {
        self.tx.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS lately (
               openid TEXT PRIMARY KEY, sent_at INTEGER, campaign TEXT) WITHOUT ROWID;
             DELETE FROM lately;",
        )?;
        // The campaign is that of the highest time. In order the table grows at its end only.
        let sql = format!(
            "SELECT openid, max(first_sent_at), campaign.id FROM (
               SELECT openid, first_sent_at, campaign FROM bill WHERE {SENT_SINCE}
               UNION ALL
               SELECT to_openid, first_sent_at, campaign FROM paid JOIN bill USING (bill)
                 WHERE to_openid IS NOT NULL AND first_sent_at >= ?1)
             JOIN campaign USING (campaign) GROUP BY openid ORDER BY openid"
        );
        let mut statement = ledger.prepare(&sql)?;
        let mut rows = statement.query([since])?;
        let mut keep = self.tx.prepare("INSERT INTO lately VALUES (?1, ?2, ?3)")?;
        let mut is_any = false;
        while let Some(row) = rows.next()? {
            is_any = true;
            let (openid, campaign) = (row.get_ref(0)?.as_str()?, row.get_ref(2)?.as_str()?);
            keep.execute(params![openid, row.get::<_, i64>(1)?, campaign])?;
        }
        Ok(is_any)
    }

    fn find(&self, mut each: impl FnMut(PaidLately)) -> rusqlite::Result<()> {
        let sql = "WITH new AS (
               SELECT bill, openid, line, row_key FROM bill WHERE bill >= ?1 UNION ALL
               SELECT bill, openid, line, row_key FROM temp.came_again JOIN bill USING (bill))
             SELECT line, row_key, lately.campaign, sent_at
             FROM new CROSS JOIN temp.lately ON lately.openid = new.openid ORDER BY line";
        let mut statement = self.tx.prepare(sql)?;
        let mut rows = statement.query([self.first_bill])?;
        while let Some(row) = rows.next()? {
            each(PaidLately {
                line: row.get(0)?,
                row_key: row.get(1)?,
                campaign: row.get(2)?,
                sent_at: row.get(3)?,
            });
        }
        Ok(())
    }
}
