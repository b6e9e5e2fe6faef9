//! Writing one row of a recipients file, or finding it already written. Bill numbers are born
//! here.

use rusqlite::{OptionalExtension, params};

use super::columns::{fen, to_sql};
use super::fault::LedgerError;
use super::load::Loading;
use crate::domain::ids::MchBillno;
use crate::domain::money::Fen;
use crate::domain::packet::Packet;
use crate::domain::text::Field;

/// What became of one row.
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
        /// What the ledger has.
        loaded: String,
    },
}

impl Loading<'_> {
    /// Writes one row.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn add(&mut self, packet: &Packet) -> Result<Added, LedgerError> {
        let path = self.path.clone();
        self.try_add(packet)
            .map_err(LedgerError::sqlite(&path, "loading"))
    }

    fn try_add(&mut self, packet: &Packet) -> rusqlite::Result<Added> {
        let fen = to_sql(packet.amount);
        self.rows = (self.rows.0 + 1, self.rows.1.saturating_add(fen));
        self.people.add(packet);
        if !self.insert_packet(packet)? {
            return self.compare(packet);
        }
        if self.has_row_key && !self.is_first {
            self.note_repeat(packet)?;
        }
        self.insert_bill(packet, self.tx.last_insert_rowid())?;
        self.new = (self.new.0 + 1, self.new.1.saturating_add(fen));
        Ok(Added::New)
    }

    fn insert_packet(&self, packet: &Packet) -> rusqlite::Result<bool> {
        let texts = &packet.texts;
        let has_extra = !packet.extra.is_empty();
        let extra = has_extra.then(|| serde_json::Value::from(packet.extra.clone()).to_string());
        let inserted = self
            .tx
            .prepare_cached(
                "INSERT INTO packet (campaign, file, line, row_key, openid, amount_fen, act_name,
                   send_name, wishing, remark, scene_id, extra)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (campaign, row_key) DO NOTHING",
            )?
            .execute(params![
                self.campaign,
                self.file,
                i64::try_from(packet.line).unwrap_or(i64::MAX),
                packet.row_key.as_str(),
                packet.openid.as_str(),
                to_sql(packet.amount),
                texts.act_name,
                texts.send_name,
                texts.wishing,
                texts.remark,
                texts.scene_id,
                extra,
            ])?;
        Ok(inserted == 1)
    }

    fn insert_bill(&self, packet: &Packet, id: i64) -> rusqlite::Result<()> {
        let terms = &self.terms;
        let number = MchBillno::derive(&terms.mch_id, &terms.id, &packet.row_key, 1);
        self.tx
            .prepare_cached(
                "INSERT INTO bill (packet, campaign, generation, is_live, mch_billno, state,
                   next_action, due)
                 VALUES (?1, ?2, 1, 1, ?3, 'ready', 'send', 0)",
            )?
            .execute(params![id, self.campaign, number.as_str()])?;
        Ok(())
    }

    /// An openid of the campaign that an earlier file named otherwise.
    fn note_repeat(&mut self, packet: &Packet) -> rusqlite::Result<()> {
        let is_repeat = self
            .tx
            .prepare_cached(
                "SELECT 1 FROM packet WHERE openid = ?1 AND campaign = ?2 AND file <> ?3",
            )?
            .exists(params![packet.openid.as_str(), self.campaign, self.file])?;
        if is_repeat {
            let (count, line) = self.repeats;
            self.repeats = (count + 1, if count == 0 { packet.line } else { line });
        }
        Ok(())
    }

    fn compare(&self, packet: &Packet) -> rusqlite::Result<Added> {
        let sql = "SELECT packet, file, line, openid, amount_fen, act_name, send_name, wishing,
               remark, scene_id FROM packet WHERE campaign = ?1 AND row_key = ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.campaign, packet.row_key.as_str()])?;
        let Some(row) = rows.next()? else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        let (id, file, line): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if file == self.file {
            return Ok(Added::Duplicate {
                line: u64::try_from(line).unwrap_or(0),
            });
        }
        if let Some(line) = self.seen_again(id, packet)? {
            return Ok(Added::Duplicate { line });
        }
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
        let line = i64::try_from(packet.line).unwrap_or(i64::MAX);
        let earlier: Option<i64> = self
            .tx
            .prepare_cached("SELECT line FROM temp.seen_again WHERE packet = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if earlier.is_none() {
            self.tx
                .prepare_cached("INSERT INTO temp.seen_again VALUES (?1, ?2)")?
                .execute((id, line))?;
        }
        Ok(earlier.map(|line| u64::try_from(line).unwrap_or(0)))
    }
}
