//! Writing the rows of a recipients file, or finding them already written.

use rusqlite::types::Null;
use rusqlite::{Statement, params};

use super::added::Added;
use super::draft::{Draft, line};
use super::loading::Loading;
use crate::domain::ids::MchBillno;
use crate::domain::packet::Packet;
use crate::domain::text::Field;
use crate::ledger::columns::to_sql;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, Hash, Sealing, short};
use crate::ledger::journal::write_tx::WriteTx;

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

    /// New rows, and such as are for another person now, whose openid an earlier file of the
    /// campaign named by another row key: how many, and the first one's line.
    pub(super) fn repeats(&self) -> rusqlite::Result<(u64, u64)> {
        if self.is_first || !self.has_row_key {
            return Ok((0, 0));
        }
        // Two passes over the rows and one small set: no index on openids has to be kept for it.
        let sql = "WITH moved AS MATERIALIZED (
               SELECT bill FROM temp.came_again WHERE is_moved),
             again AS MATERIALIZED (
               SELECT DISTINCT openid FROM bill
               WHERE campaign = ?1 AND bill < ?2 AND bill NOT IN moved
                 AND openid IN (SELECT openid FROM bill WHERE bill >= ?2 OR bill IN moved))
             SELECT count(*), coalesce(min(line), 0) FROM bill
             WHERE (bill >= ?2 OR bill IN moved) AND openid IN again";
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
