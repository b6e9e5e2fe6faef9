//! Writing the rows of a recipients file, or finding them already written.

use rusqlite::types::Null;
use rusqlite::{OptionalExtension, Statement, params};

use super::draft::{Draft, line};
use super::loading::Loading;
use crate::domain::caps::{counts_from, first_day};
use crate::domain::ids::MchBillno;
use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::domain::text::Field;
use crate::ledger::bill::picks::SENT_SINCE;
use crate::ledger::columns::{fen, to_sql};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, Hash, Sealing, short};
use crate::ledger::journal::write_tx::WriteTx;

/// The result of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// A new packet.
    New,
    /// Already there, with the same content.
    Known,
    /// Its row key stands at an earlier line of this file.
    Duplicate {
        /// That line.
        line: u64,
    },
    /// Its row key was loaded before with other content.
    Differs {
        /// Which column.
        field: &'static str,
        /// The ledger's value.
        loaded: String,
    },
}

/// Columns that are not named here keep their default: a bill that was never taken up.
const INSERT: &str = "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen,
       mch_billno, seal, act_name, send_name, wishing, remark, scene_id, extra)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
     ON CONFLICT DO NOTHING";

/// Rows that one statement writes where none can be there already: what SQLite does once for each
/// statement is a third of the work.
const TOGETHER: usize = 16;

impl Loading<'_> {
    /// Writes rows; what became of each goes to `each`, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn add(
        &mut self,
        drafts: &[Draft],
        mut each: impl FnMut(&Packet, Added),
    ) -> Result<(), LedgerError> {
        for draft in drafts {
            let fen = to_sql(draft.packet.amount);
            self.rows = (self.rows.0 + 1, self.rows.1.saturating_add(fen));
            self.people.add(&draft.person);
            self.has_wide_key |= !draft.packet.row_key.as_str().is_ascii();
        }
        let (mut single, mut new) = (drafts, self.new);
        let mut write = || -> rusqlite::Result<()> {
            if self.dropped_index.is_some() && drafts.iter().all(Draft::is_plain) {
                let (groups, rest) = drafts.as_chunks::<TOGETHER>();
                self.insert_groups(groups)?;
                single = rest;
                for draft in groups.as_flattened() {
                    new = (new.0 + 1, new.1.saturating_add(to_sql(draft.packet.amount)));
                    self.seal.add(&draft.seal);
                    each(&draft.packet, Added::New);
                }
            }
            let mut insert = self.tx.prepare_cached(INSERT)?;
            insert.raw_bind_parameter(1, self.campaign)?;
            insert.raw_bind_parameter(2, self.file)?;
            for draft in single {
                let added = if Self::insert(&mut insert, draft)? {
                    new = (new.0 + 1, new.1.saturating_add(to_sql(draft.packet.amount)));
                    self.seal.add(&draft.seal);
                    Added::New
                } else {
                    self.compare(draft)?
                };
                each(&draft.packet, added);
            }
            Ok(())
        };
        write().map_err(LedgerError::sqlite(&self.path, "loading"))?;
        self.new = new;
        Ok(())
    }

    fn insert_groups(&self, groups: &[[Draft; TOGETHER]]) -> rusqlite::Result<()> {
        let values = ["(?1, ?2, ?, ?, ?, ?, ?, ?)"; TOGETHER].join(", ");
        let mut insert = self.tx.prepare_cached(&format!(
            "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen, mch_billno,
               seal)
             VALUES {values}"
        ))?;
        insert.raw_bind_parameter(1, self.campaign)?;
        insert.raw_bind_parameter(2, self.file)?;
        for group in groups {
            for (draft, index) in group.iter().zip((3..).step_by(6)) {
                bind(&mut insert, index, draft)?;
            }
            insert.raw_execute()?;
        }
        Ok(())
    }

    fn insert(insert: &mut Statement<'_>, draft: &Draft) -> rusqlite::Result<bool> {
        let Draft { packet, extra, .. } = draft;
        bind(insert, 3, draft)?;
        let own = Field::ALL.map(|field| packet.texts.own(field));
        let optional = (9..).zip(own.into_iter().chain([extra.as_deref()]));
        let given = |(_, value): &(usize, Option<&str>)| value.is_some();
        for (index, value) in optional.clone().filter(given) {
            insert.raw_bind_parameter(index, value)?;
        }
        let inserted = insert.raw_execute()?;
        // A bound value stays bound for the next row.
        for (index, _) in optional.filter(given) {
            insert.raw_bind_parameter(index, Null)?;
        }
        Ok(inserted == 1)
    }

    /// The row of this number was there before: in this file, or from an earlier one.
    fn compare(&self, draft: &Draft) -> rusqlite::Result<Added> {
        let packet = &draft.packet;
        let sql = "SELECT bill, file, line, openid, amount_fen, act_name, send_name, wishing,
               remark, scene_id FROM bill
             WHERE mch_billno = ?1 AND campaign = ?2 AND row_key = ?3";
        let mut statement = self.tx.prepare_cached(sql)?;
        let key = (
            draft.mch_billno.as_str(),
            self.campaign,
            packet.row_key.as_str(),
        );
        let mut rows = statement.query(key)?;
        // Two row keys with one number: SHA-256 is broken, or the ledger is.
        let Some(row) = rows.next()? else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        let (id, file, line): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // Twice in one file: who writes the list meant one of them, or another row key.
        if file == self.file {
            return Ok(Added::Duplicate {
                line: u64::try_from(line).unwrap_or(0),
            });
        }
        // Twice in this file, and loaded from an earlier one already: the first of the two was
        // compared with that, and this one is a duplicate of the first.
        if let Some(line) = self.seen_again(id, packet)? {
            return Ok(Added::Duplicate { line });
        }
        // The same row key from an earlier file is the same packet only if it pays the same to the
        // same person, with the same texts. The rest of the row may differ.
        let (openid, amount): (String, Fen) = (row.get(3)?, fen(row, 4)?);
        if openid != packet.openid.as_str() {
            return Ok(Added::Differs {
                field: "openid",
                loaded: openid,
            });
        }
        if amount != packet.amount {
            return Ok(Added::Differs {
                field: "amount",
                loaded: amount.to_string(),
            });
        }
        for (index, field) in Field::ALL.into_iter().enumerate() {
            let loaded: Option<String> = row.get(5 + index)?;
            if loaded.as_deref() != packet.texts.own(field) {
                let loaded = loaded.unwrap_or_default();
                return Ok(Added::Differs {
                    field: field.name(),
                    loaded,
                });
            }
        }
        Ok(Added::Known)
    }

    /// The line of this file where a packet of an earlier file was already met.
    fn seen_again(&self, id: i64, packet: &Packet) -> rusqlite::Result<Option<u64>> {
        let earlier: Option<i64> = self
            .tx
            .prepare_cached("SELECT line FROM temp.seen_again WHERE bill = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if earlier.is_none() {
            self.tx
                .prepare_cached("INSERT INTO temp.seen_again VALUES (?1, ?2)")?
                .execute((id, line(packet)))?;
        }
        Ok(earlier.map(|line| u64::try_from(line).unwrap_or(0)))
    }

    /// New rows whose openid was sent a packet in the last `days` Beijing days by any campaign: how
    /// many, and the first one's line.
    pub(super) fn paid_lately(&self, days: u32) -> rusqlite::Result<(u64, u64)> {
        if days == 0 {
            return Ok((0, 0));
        }
        let sql = format!(
            "SELECT count(*), coalesce(min(line), 0) FROM bill
             WHERE bill >= ?2 AND (openid IN (SELECT openid FROM bill WHERE {SENT_SINCE})
               OR openid IN (SELECT to_openid FROM paid JOIN bill USING (bill)
                 WHERE first_sent_at >= ?1))"
        );
        let since = counts_from(first_day(self.now, days));
        self.tx.query_row(&sql, (since, self.first_bill), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// New rows whose openid an earlier file of the campaign named by another row key: how many,
    /// and the first one's line.
    pub(super) fn repeats(&self) -> rusqlite::Result<(u64, u64)> {
        if self.is_first || !self.has_row_key {
            return Ok((0, 0));
        }
        // Two passes over the rows and one small set: no index on openids has to be kept for it.
        let sql = "WITH again AS MATERIALIZED (
               SELECT DISTINCT openid FROM bill WHERE campaign = ?1 AND bill < ?2
                 AND openid IN (SELECT openid FROM bill WHERE bill >= ?2))
             SELECT count(*), coalesce(min(line), 0) FROM bill
             WHERE bill >= ?2 AND openid IN again";
        self.tx
            .query_row(sql, (self.campaign, self.first_bill), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
    }
}

/// Binds what every row has, from the parameter `index` on.
fn bind(insert: &mut Statement<'_>, index: usize, draft: &Draft) -> rusqlite::Result<()> {
    let packet = &draft.packet;
    insert.raw_bind_parameter(index, line(packet))?;
    insert.raw_bind_parameter(index + 1, packet.row_key.as_str())?;
    insert.raw_bind_parameter(index + 2, packet.openid.as_str())?;
    insert.raw_bind_parameter(index + 3, to_sql(packet.amount))?;
    insert.raw_bind_parameter(index + 4, draft.mch_billno.as_str())?;
    insert.raw_bind_parameter(index + 5, short(&draft.seal))
}

/// Writes the bill of a new number, in everything else as the old one was loaded; its row.
pub(in crate::ledger) fn insert_again(
    tx: &WriteTx<'_>,
    old: i64,
    (number, generation): (&MchBillno, u32),
) -> rusqlite::Result<i64> {
    let sql = format!("SELECT {FROZEN} FROM bill WHERE bill = ?1");
    let seal: Hash = tx.prepare_cached(&sql)?.query_row([old], |row| {
        let mut sealing = Sealing::of("packet");
        sealing.columns(row, 0, FROZEN_WIDTH - 2)?;
        sealing
            .int(Some(generation.into()))
            .text(Some(number.as_str()));
        Ok(sealing.hash())
    })?;
    tx.prepare_cached(
        "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen, act_name, send_name,
           wishing, remark, scene_id, extra, generation, mch_billno, seal)
         SELECT campaign, file, line, row_key, openid, amount_fen, act_name, send_name, wishing,
           remark, scene_id, extra, ?2, ?3, ?4 FROM bill WHERE bill = ?1",
    )?
    .execute(params![old, generation, number.as_str(), short(&seal)])?;
    Ok(tx.last_insert_rowid())
}
