//! Writing a recipients file: in one transaction, all or nothing.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::PathBuf;

use rusqlite::{Connection, params};

use super::came_again::CameAgainSums;
use super::draft::{Drafter, People};
use super::frozen::insert_campaign;
use super::stamp::FileFacts;
use crate::domain::caps;
use crate::domain::met::MetPeople;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::domain::terms::Terms;
use crate::ledger::bill::number::Numbers;
use crate::ledger::columns::fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::counters::add_to_tally;
use crate::ledger::journal::file_seal::FileSeal;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::owner::Owner;
use crate::ledger::open::unused::Unused;
use crate::ledger::refusal::LoadRefusal;

/// A person's permissions for one load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadRules {
    /// How many openids already in the campaign may come again under another row key.
    pub allow_repeats: u64,
    /// The campaigns whose people may be paid again; `all` stands for every one.
    pub pay_again: Vec<String>,
    /// Accept changed texts, where no order may say the old ones: the codes of a refusal after
    /// which one may exist although nobody is refused by it.
    pub refreeze: Option<&'static [&'static str]>,
    /// How many packets that were taken back come back unchanged.
    pub bring_back: Option<u64>,
    /// Whether real money is at stake: a list of people whom other campaigns paid is refused.
    pub is_live: bool,
}

/// A load under way; dropped, it leaves no trace.
#[derive(Debug)]
pub struct Loading<'a> {
    pub(in crate::ledger) tx: WriteTx<'a>,
    pub(in crate::ledger) path: PathBuf,
    unused: &'a Unused,
    pub(super) terms: Terms,
    pub(super) rules: LoadRules,
    pub(super) now: i64,
    pub(in crate::ledger) campaign: i64,
    pub(super) file: i64,
    /// The same, where it was loaded before: only what was taken back can come of it.
    pub(super) loaded_before: Option<i64>,
    pub(super) is_first: bool,
    pub(super) has_row_key: bool,
    /// Whether a key of this file has more than ASCII in it.
    pub(super) has_wide_key: bool,
    /// The index of numbers in SQL, from `expect` to `seal` of a load of many rows.
    pub(super) dropped_index: Option<String>,
    pub(super) first_bill: i64,
    pub(super) new: (i64, i64),
    pub(super) rows: (i64, i64),
    pub(super) people: People,
    pub(super) seal: FileSeal,
    /// The packets of the file that were taken back.
    pub(super) again: CameAgainSums,
    /// The packets that were owed or paid before.
    before: TallyRow,
    /// New rows of people who were paid too lately; `None` before anybody looked.
    pub(super) lately: Cell<Option<u64>>,
    /// Other campaigns of the people of the file.
    pub(super) met: MetPeople,
    total: Fen,
}

impl Owner {
    /// Begins to load a file into the campaign, which is created if it is new.
    ///
    /// # Errors
    /// Where something frozen differs, or the ledger cannot be written.
    pub fn begin_load(
        &mut self,
        terms: &Terms,
        has_row_key: bool,
        rules: &LoadRules,
        now: i64,
    ) -> Result<Loading<'_>, LedgerError> {
        let known = self.check_frozen(terms, rules.refreeze)?;
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "loading")(source);
        let tx = WriteTx::open(&self.conn).map_err(failed)?;
        let campaign = match known {
            Some(frozen) if frozen.has_row_key == has_row_key => {
                let opened_at = self.opened_at;
                let refrozen = frozen.refreeze(&tx, &terms.texts, opened_at);
                refrozen.map_err(failed)?;
                frozen.campaign
            }
            Some(frozen) => {
                let (campaign, had) = (terms.id.to_string(), frozen.has_row_key);
                return Err(LoadRefusal::KeySource { campaign, had }.into());
            }
            None => insert_campaign(&tx, terms, has_row_key, now).map_err(failed)?,
        };
        let (file, first_bill) = begin_file(&tx, campaign, now).map_err(failed)?;
        let before = owed(&tx, campaign).map_err(failed)?;
        Ok(Loading {
            tx,
            path,
            unused: &self.unused,
            terms: terms.clone(),
            rules: rules.clone(),
            now,
            campaign,
            file,
            loaded_before: None,
            is_first: known.is_none(),
            has_row_key,
            has_wide_key: false,
            dropped_index: None,
            first_bill,
            new: (0, 0),
            rows: (0, 0),
            people: People::default(),
            seal: FileSeal::begin(),
            again: CameAgainSums::default(),
            before,
            lately: Cell::new(None),
            met: MetPeople::default(),
            total: Fen::ZERO,
        })
    }
}

/// A number of the ledger, which is never below zero.
fn fen_of(number: i64) -> Fen {
    Fen::new(u64::try_from(number).unwrap_or(0))
}

/// The packets that the campaign owes or has paid: all that were loaded and not taken back.
fn owed(tx: &Connection, campaign: i64) -> rusqlite::Result<TallyRow> {
    let sql = "SELECT coalesce(sum(count), 0), coalesce(sum(fen), 0) FROM tally
         WHERE campaign = ?1 AND state <> 'withdrawn'";
    tx.query_row(sql, [campaign], |row| {
        let (count, fen) = (row.get(0)?, fen(row, 1)?);
        Ok(TallyRow { count, fen })
    })
}

/// The row comes first since bills name it; its facts follow when the file was read. Its row, and
/// that of its first new bill.
fn begin_file(tx: &Connection, campaign: i64, now: i64) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT coalesce(max(bill), 0) + 1 FROM bill";
    let first_bill: i64 = tx.query_row(sql, [], |row| row.get(0))?;
    tx.execute(
        "INSERT INTO file (campaign, sha256, people, rows, fen, loaded_at, extra, first_bill,
           last_bill, untried_from, seal)
         VALUES (?1, randomblob(32), zeroblob(32), 0, 0, ?2, '[]', ?3, 0, ?3, zeroblob(32))",
        (campaign, now, first_bill),
    )?;
    let file = tx.last_insert_rowid();
    tx.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS seen_again (bill INTEGER PRIMARY KEY, line INTEGER);
         DELETE FROM seen_again;
         CREATE TEMP TABLE IF NOT EXISTS came_again (bill INTEGER PRIMARY KEY, is_moved INTEGER);
         DELETE FROM came_again;",
    )?;
    Ok((file, first_bill))
}

impl Loading<'_> {
    /// The maker of this load's drafts.
    #[must_use]
    pub fn drafter(&self) -> Drafter {
        Drafter {
            numbers: Numbers::of(&self.terms),
        }
    }

    /// Checks the file as a whole. What it adds can be read before [`Loading::commit`].
    ///
    /// # Errors
    /// Where the file may not be loaded, or the ledger cannot be written.
    pub fn finish(&mut self, facts: &FileFacts) -> Result<(), LedgerError> {
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "loading")(source);
        let (count, line) = self.repeats().map_err(failed)?;
        if count > 0 && count != self.rules.allow_repeats {
            return Err(LoadRefusal::Repeats { count, line }.into());
        }
        self.check_lately()?;
        self.check_brought_back()?;
        self.check_reload(facts)?;
        self.met = self.meet(facts).map_err(failed)?;
        self.check_met(&self.met)?;
        self.total = self.write_facts(facts).map_err(failed)?;
        caps::check_budget(self.total, self.terms.budget).map_err(LoadRefusal::Budget)?;
        Ok(())
    }

    /// The set of openids and amounts, in 256 bits.
    #[must_use]
    pub fn people(&self) -> [u8; 32] {
        self.people.digest()
    }

    fn write_facts(&self, facts: &FileFacts) -> rusqlite::Result<Fen> {
        if self.loaded_before.is_some() {
            return self.write_again();
        }
        let extra = serde_json::Value::from(facts.extra.clone()).to_string();
        self.tx.execute(
            "UPDATE file SET sha256 = ?2, people = ?3, rows = ?4, fen = ?5, extra = ?6, stamp = ?7,
               last_bill = ?8, seal = ?9
             WHERE file = ?1",
            params![
                self.file,
                facts.sha256,
                self.people(),
                self.rows.0,
                self.rows.1,
                extra,
                facts.stamp,
                self.first_bill + self.new.0 - 1,
                self.seal.hash(),
            ],
        )?;
        add_to_tally(&self.tx, self.campaign, State::Ready.name(), self.new)?;
        self.write_again()
    }

    /// What comes again, and what is new, in the sums of the campaign.
    fn write_again(&self) -> rusqlite::Result<Fen> {
        self.tx.execute(
            "UPDATE campaign SET loaded_rows = loaded_rows + ?2, loaded_fen = loaded_fen + ?3
             WHERE campaign = ?1",
            params![self.campaign, self.new.0, self.new.1 + self.again.more()],
        )?;
        let mut note = format!(
            "rows={} new={} new_fen={}",
            self.rows.0, self.new.0, self.new.1
        );
        let came = self.again.came.get();
        if came.anew + came.brought_back > 0 {
            let _ = write!(
                note,
                " anew={} brought_back={}",
                came.anew, came.brought_back
            );
        }
        self.tx
            .note(self.campaign, "loaded", self.now, Some(&note))?;
        // A debt that comes back was no debt before, whatever it was worth.
        let more = self.new.1 + self.again.was() + self.again.more();
        Ok([self.before.fen, fen_of(more)].into_iter().sum())
    }

    /// How many packets the file adds, and how much money.
    #[must_use]
    pub fn added(&self) -> (u64, Fen) {
        (fen_of(self.new.0).fen(), fen_of(self.new.1))
    }

    /// How many packets of earlier files, of those that are owed, this file does not have.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let came = self.again.came.get();
        let again = came.anew + came.stay + came.brought_back;
        let known = fen_of(self.rows.0 - self.new.0).fen();
        self.before
            .count
            .saturating_sub(known.saturating_sub(again))
    }

    /// All money that the campaign owes or has paid once this is committed; known after
    /// [`Loading::finish`].
    #[must_use]
    pub fn campaign_total(&self) -> Fen {
        self.total
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// Where the commit fails; the next start tells whether it happened.
    pub fn commit(self) -> Result<(), LedgerError> {
        // Also where the commit fails: whether it happened is unknown.
        self.unused.stays();
        let failed = LedgerError::sqlite(&self.path, "committing the load");
        self.tx.commit().map_err(failed)
    }
}
