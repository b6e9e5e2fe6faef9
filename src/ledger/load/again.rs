//! A row of what was taken back comes again. With other content its packet is frozen anew, in its
//! own row and under its own number: had another ledger sent it, WeChat Pay would refuse the
//! changed data, and its query would find the payment. Unchanged it stays where it is, unless a
//! person brings back exactly as many.

use rusqlite::params;

use super::added::Added;
use super::came_again::CameAgain;
use super::draft::{Draft, line};
use super::loading::Loading;
use crate::domain::bill::Bill;
use crate::domain::money::Fen;
use crate::domain::state::{Event, State};
use crate::domain::text::Field;
use crate::ledger::bill::advance::{Key, MoveCause, advance};
use crate::ledger::bill::candidate::{Candidate, candidates};
use crate::ledger::bill::frozen_anew::FrozenAnew;
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::bill::picks::FOUND_NOTHING;
use crate::ledger::columns::to_sql;
use crate::ledger::journal::seal::{FROZEN, Hash, frozen, short};
use crate::ledger::refusal::LoadRefusal;
use crate::words::note;

impl Loading<'_> {
    /// The result of a row whose packet was taken back, and that has other content or not. `None`
    /// where WeChat Pay was seen to know its number: that packet is another ledger's.
    pub(super) fn come_again(
        &self,
        bill: i64,
        draft: &Draft,
        differs: bool,
    ) -> rusqlite::Result<Option<Added>> {
        if !differs && self.rules.bring_back.is_none() && !planted!(UnchangedComesBack) {
            self.again
                .count(|came| came.stay += 1, (Fen::ZERO, Fen::ZERO));
            return Ok(Some(Added::StaysWithdrawn));
        }
        let known = format!(
            "SELECT 1 FROM attempt WHERE bill = ?1 AND (answer IS NULL OR NOT {FOUND_NOTHING})"
        );
        if self.tx.prepare_cached(&known)?.exists([bill])? {
            return Ok(None);
        }
        let filter = "bill = ?1 AND campaign = ?2 AND state = 'withdrawn'";
        let found = candidates(&self.tx, filter, (bill, self.campaign), 1)?;
        let Some(was) = found.into_iter().next() else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        if differs {
            self.freeze_anew(&was, draft)?;
            let money = (was.key.amount, draft.packet.amount);
            self.again.count(|came| came.anew += 1, money);
            return Ok(Some(Added::FrozenAnew));
        }
        let note = note::brought_back(self.file).en;
        self.revive((was.key, &was.bill), false, (Event::BroughtBack, &note))?;
        let money = (was.key.amount, was.key.amount);
        self.again.count(|came| came.brought_back += 1, money);
        Ok(Some(Added::BroughtBack))
    }

    fn freeze_anew(&self, was: &Candidate, draft: &Draft) -> rusqlite::Result<()> {
        let (bill, packet) = (was.key.bill, &draft.packet);
        let own = Field::ALL.map(|field| packet.texts.own(field));
        let [act_name, send_name, wishing, remark, scene_id] = own;
        self.tx
            .prepare_cached(
                "UPDATE bill SET file = ?2, line = ?3, openid = ?4, amount_fen = ?5,
                   act_name = ?6, send_name = ?7, wishing = ?8, remark = ?9, scene_id = ?10,
                   extra = ?11 WHERE bill = ?1",
            )?
            .execute(params![
                bill,
                self.file,
                line(packet),
                packet.openid.as_str(),
                to_sql(packet.amount),
                act_name,
                send_name,
                wishing,
                remark,
                scene_id,
                draft.extra,
            ])?;
        if planted!(FrozenUnderNextNumber) {
            let (number, generation) = Lineage::of(&self.tx, bill)?.next();
            let sql = "UPDATE bill SET mch_billno = ?2, generation = ?3 WHERE bill = ?1";
            self.tx.execute(sql, (bill, number.as_str(), generation))?;
        }
        let sql = format!("SELECT {FROZEN} FROM bill WHERE bill = ?1");
        let is: Hash = self
            .tx
            .prepare_cached(&sql)?
            .query_row([bill], |row| frozen(row, 0))?;
        self.tx
            .prepare_cached("UPDATE bill SET seal = ?2 WHERE bill = ?1")?
            .execute((bill, short(&is)))?;
        let key = Key {
            amount: packet.amount,
            ..was.key
        };
        // From here on it counts with the money that it has now.
        let more = to_sql(key.amount) - to_sql(was.key.amount);
        self.tx.count_more(key.campaign, more, State::Withdrawn);
        let anew = FrozenAnew {
            file: self.file,
            was: was.frozen,
            is,
        };
        let is_moved = was.openid != packet.openid;
        self.revive(
            (key, &was.bill),
            is_moved,
            (Event::FrozenAnew, &anew.note()),
        )
    }

    /// It waits for its first send again.
    fn revive(
        &self,
        (key, was): (Key, &Bill),
        is_moved: bool,
        (event, note): (Event, &str),
    ) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached("INSERT INTO temp.came_again VALUES (?1, ?2)")?
            .execute((key.bill, is_moved))?;
        let mut after = was.clone();
        let is_new_number = Lineage::of(&self.tx, key.bill)?.before().is_some();
        after.revive((event, is_new_number), self.now)?;
        let cause = MoveCause::noted(event, self.now, note);
        advance(&self.tx, key, was, &after, &cause)
    }

    /// The bill of a packet's newest number, where a later one may be in the place of this one.
    pub(super) fn newest(&self, bill: i64) -> rusqlite::Result<i64> {
        let later = Lineage::of(&self.tx, bill)?.later(&self.tx)?;
        Ok(later.last().copied().unwrap_or(bill))
    }

    /// Whether as many packets are brought back as a person said.
    pub(super) fn check_brought_back(&self) -> Result<(), LoadRefusal> {
        let count = self.again.came.get().brought_back;
        match self.rules.bring_back {
            Some(wanted) if wanted != count => Err(LoadRefusal::BringBack { count, wanted }),
            Some(_) | None => Ok(()),
        }
    }

    /// The packets of the file that were taken back.
    #[must_use]
    pub fn came_again(&self) -> CameAgain {
        self.again.came.get()
    }
}
