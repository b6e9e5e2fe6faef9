//! Writing a recipients file: in one transaction, all or nothing. Bill numbers are born here.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::advance::add_to_tally;
use super::columns::{fen, to_sql};
use super::fault::LedgerError;
use super::owner::Owner;
use crate::domain::caps::{self, CapFault};
use crate::domain::ids::{CampaignId, MchBillno, MchId};
use crate::domain::money::Fen;
use crate::domain::packet::{Packet, Texts};
use crate::domain::state::State;
use crate::domain::text::Field;

/// What a campaign fixes when its first file is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its name.
    pub id: CampaignId,
    /// Who pays.
    pub mch_id: MchId,
    /// Under which mini-program the openids are known.
    pub wxappid: String,
    /// What recipients see.
    pub texts: Texts,
    /// How much may be loaded in all; not fixed.
    pub budget: Option<Fen>,
}

/// What a person allowed for one load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadRules {
    /// How many openids already in the campaign may come again under another row key.
    pub allow_repeats: u64,
    /// The campaign that was already paid to the same list.
    pub pay_again: Option<String>,
    /// Accept changed texts.
    pub is_refreeze: bool,
    /// Whether real money is at stake: lists are compared with other campaigns.
    pub is_live: bool,
}

/// Why a file that is right in itself may not be loaded; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadRefusal {
    /// Row keys came from elsewhere before.
    #[error(
        "campaign {campaign} was first loaded {} a row_key column, this file comes {} one; \
         the same people would be paid under new numbers. Load a file like the first",
        if *.had { "with" } else { "without" }, if *.had { "without" } else { "with" }
    )]
    KeySource {
        /// The campaign.
        campaign: String,
        /// Whether the first file had the column.
        had: bool,
    },
    /// People of the campaign under new row keys.
    #[error(
        "{count} openids of this file are already in the campaign under other row keys, the first \
         at line {line}; if they are to be paid again, load with --allow-repeats {count}"
    )]
    Repeats {
        /// How many.
        count: u64,
        /// The first one's line.
        line: u64,
    },
    /// The same list under another campaign.
    #[error(
        "this {what} is already loaded under campaign {campaign}; if the same people are to be \
         paid again, repeat the command with --pay-again {campaign}"
    )]
    OtherCampaign {
        /// What is the same.
        what: &'static str,
        /// The earlier campaign.
        campaign: String,
    },
    /// Above the budget.
    #[error("{0}; raise campaign.budget_yuan or shorten the file")]
    Budget(CapFault),
}

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

/// What is known of a file once it was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Names of the columns kept for the reports.
    pub extra: Vec<String>,
}

/// A load under way; dropped, it leaves no trace.
#[derive(Debug)]
pub struct Loading<'a> {
    tx: Transaction<'a>,
    path: PathBuf,
    terms: Terms,
    rules: LoadRules,
    now: i64,
    campaign: i64,
    file: i64,
    is_first: bool,
    has_row_key: bool,
    new: (i64, i64),
    rows: (i64, i64),
    repeats: (u64, u64),
    people: [u64; 4],
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
        let known = self.check_frozen(terms, rules.is_refreeze)?;
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "loading")(source);
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let campaign = match known {
            Some((campaign, had)) if had == has_row_key => campaign,
            Some((_, had)) => {
                let campaign = terms.id.to_string();
                return Err(LoadRefusal::KeySource { campaign, had }.into());
            }
            None => insert_campaign(&tx, terms, has_row_key, now).map_err(failed)?,
        };
        let file = begin_file(&tx, campaign, now).map_err(failed)?;
        Ok(Loading {
            tx,
            path,
            terms: terms.clone(),
            rules: rules.clone(),
            now,
            campaign,
            file,
            is_first: known.is_none(),
            has_row_key,
            new: (0, 0),
            rows: (0, 0),
            repeats: (0, 0),
            people: [0; 4],
            total: Fen::ZERO,
        })
    }

    /// Compares the campaign file with what was frozen, and freezes it anew where that is
    /// allowed. The campaign's row and whether its files have row keys; `None` if it is new.
    ///
    /// # Errors
    /// Where something differs.
    pub fn check_frozen(
        &mut self,
        terms: &Terms,
        is_refreeze: bool,
    ) -> Result<Option<(i64, bool)>, LedgerError> {
        let found = self.reader_row(terms)?;
        let Some(row) = found else { return Ok(None) };
        let differs = |field, loaded: &str, given: &str| LedgerError::Frozen {
            campaign: terms.id.to_string(),
            field,
            loaded: loaded.to_owned(),
            given: given.to_owned(),
        };
        if row.mch_id != terms.mch_id.as_str() {
            return Err(differs("mch_id", &row.mch_id, terms.mch_id.as_str()));
        }
        if row.wxappid != terms.wxappid {
            return Err(differs("wxappid", &row.wxappid, &terms.wxappid));
        }
        if let Some(field) = differing_text(&row.texts, &terms.texts) {
            if !is_refreeze {
                let (loaded, given) = (text(&row.texts, field), text(&terms.texts, field));
                return Err(differs(field.name(), loaded, given));
            }
            if !self.can_refreeze(row.campaign)? {
                return Err(LedgerError::NoRefreeze(terms.id.to_string()));
            }
            self.freeze(row.campaign, &terms.texts)?;
        }
        Ok(Some((row.campaign, row.has_row_key)))
    }

    fn freeze(&self, campaign: i64, texts: &Texts) -> Result<(), LedgerError> {
        self.read(|conn| {
            conn.execute(
                "UPDATE campaign SET act_name = ?2, send_name = ?3, wishing = ?4, remark = ?5,
                   scene_id = ?6 WHERE campaign = ?1",
                params![
                    campaign,
                    texts.act_name,
                    texts.send_name,
                    texts.wishing,
                    texts.remark,
                    texts.scene_id
                ],
            )
            .map(drop)
        })
    }
}

fn text(texts: &Texts, field: Field) -> &str {
    match field {
        Field::ActName => &texts.act_name,
        Field::SendName => &texts.send_name,
        Field::Wishing => &texts.wishing,
        Field::Remark => &texts.remark,
        Field::SceneId => texts.scene_id.as_deref().unwrap_or(""),
    }
}

fn differing_text(loaded: &Texts, given: &Texts) -> Option<Field> {
    Field::ALL
        .into_iter()
        .find(|field| text(loaded, *field) != text(given, *field))
}

fn insert_campaign(
    tx: &Connection,
    terms: &Terms,
    has_row_key: bool,
    now: i64,
) -> rusqlite::Result<i64> {
    let texts = &terms.texts;
    tx.execute(
        "INSERT INTO campaign (id, mch_id, wxappid, act_name, send_name, wishing, remark,
           scene_id, has_row_key, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            terms.id.as_str(),
            terms.mch_id.as_str(),
            terms.wxappid,
            texts.act_name,
            texts.send_name,
            texts.wishing,
            texts.remark,
            texts.scene_id,
            has_row_key,
            now
        ],
    )?;
    let campaign = tx.last_insert_rowid();
    for state in State::ALL {
        tx.execute(
            "INSERT INTO tally VALUES (?1, ?2, 0, 0)",
            (campaign, state.name()),
        )?;
    }
    Ok(campaign)
}

/// The row comes first since packets name it; its facts follow when the file was read.
fn begin_file(tx: &Connection, campaign: i64, now: i64) -> rusqlite::Result<i64> {
    tx.execute(
        "INSERT INTO file (campaign, sha256, people, rows, fen, loaded_at, extra)
         VALUES (?1, randomblob(32), zeroblob(32), 0, 0, ?2, '[]')",
        (campaign, now),
    )?;
    tx.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS seen_again (packet INTEGER PRIMARY KEY, line INTEGER);
         DELETE FROM seen_again;",
    )?;
    tx.query_row("SELECT max(file) FROM file", [], |row| row.get(0))
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
        add_person(&mut self.people, packet);
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
                 VALUES (?1, ?2, 1, 1, ?3, 'ready', 'send', ?4)",
            )?
            .execute(params![id, self.campaign, number.as_str(), self.now])?;
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

    /// Checks the file as a whole. What it adds can be read before [`Loading::commit`].
    ///
    /// # Errors
    /// Where the file may not be loaded, or the ledger cannot be written.
    pub fn finish(&mut self, facts: &FileFacts) -> Result<(), LedgerError> {
        let (count, line) = self.repeats;
        if count > 0 && count != self.rules.allow_repeats {
            return Err(LoadRefusal::Repeats { count, line }.into());
        }
        let path = self.path.clone();
        let failed = |source| LedgerError::sqlite(&path, "loading")(source);
        if self.rules.is_live
            && let Some(refusal) = self.twin(facts).map_err(failed)?
        {
            return Err(refusal.into());
        }
        self.total = self.write_facts(facts).map_err(failed)?;
        caps::check_budget(self.total, self.terms.budget).map_err(LoadRefusal::Budget)?;
        Ok(())
    }

    fn twin(&self, facts: &FileFacts) -> rusqlite::Result<Option<LoadRefusal>> {
        let lists = (facts.sha256, self.people());
        find_twin(
            &self.tx,
            self.terms.id.as_str(),
            self.rules.pay_again.as_deref(),
            lists,
        )
    }

    /// The set of openids and amounts, in 256 bits.
    #[must_use]
    pub fn people(&self) -> [u8; 32] {
        digest(self.people)
    }

    fn write_facts(&self, facts: &FileFacts) -> rusqlite::Result<Fen> {
        let extra = serde_json::Value::from(facts.extra.clone()).to_string();
        self.tx.execute(
            "UPDATE file SET sha256 = ?2, people = ?3, rows = ?4, fen = ?5, extra = ?6
             WHERE file = ?1",
            params![
                self.file,
                facts.sha256,
                self.people(),
                self.rows.0,
                self.rows.1,
                extra
            ],
        )?;
        add_to_tally(
            &self.tx,
            self.campaign,
            State::Ready,
            self.new.0,
            self.new.1,
        )?;
        let note = format!(
            "rows={} new={} new_fen={}",
            self.rows.0, self.new.0, self.new.1
        );
        super::notes::journal(&self.tx, self.campaign, "loaded", self.now, &note)?;
        self.tx.query_row(
            "UPDATE campaign SET loaded_rows = loaded_rows + ?2, loaded_fen = loaded_fen + ?3
             WHERE campaign = ?1 RETURNING loaded_fen",
            params![self.campaign, self.new.0, self.new.1],
            |row| fen(row, 0),
        )
    }

    /// How many packets the file adds, and how much money.
    #[must_use]
    pub fn added(&self) -> (u64, Fen) {
        let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
        (unsigned(self.new.0), Fen::new(unsigned(self.new.1)))
    }

    /// All money of the campaign once this is committed; known after [`Loading::finish`].
    #[must_use]
    pub fn campaign_total(&self) -> Fen {
        self.total
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// Where the commit fails; the next start tells whether it happened.
    pub fn commit(self) -> Result<(), LedgerError> {
        let failed = LedgerError::sqlite(&self.path, "committing the load");
        self.tx.commit().map_err(failed)
    }
}

/// Another campaign with the same file or the same people and amounts.
pub(super) fn find_twin(
    conn: &Connection,
    id: &str,
    pay_again: Option<&str>,
    (sha256, people): ([u8; 32], [u8; 32]),
) -> rusqlite::Result<Option<LoadRefusal>> {
    let sql = "SELECT campaign.id, file.sha256 = ?1 FROM file JOIN campaign USING (campaign)
         WHERE (file.sha256 = ?1 OR file.people = ?2) AND campaign.id <> ?3
           AND campaign.id IS NOT ?4 ORDER BY file.file LIMIT 1";
    conn.query_row(sql, params![sha256, people, id, pay_again], |row| {
        let is_same_file: bool = row.get(1)?;
        let what = if is_same_file {
            "file"
        } else {
            "list of openids and amounts"
        };
        Ok(LoadRefusal::OtherCampaign {
            what,
            campaign: row.get(0)?,
        })
    })
    .optional()
}

/// Adds SHA-256(openid, 0x1F, fen) modulo 2^256: the same for the same set in any order.
fn add_person(people: &mut [u64; 4], packet: &Packet) {
    let mut hash = Sha256::new();
    hash.update(packet.openid.as_str());
    hash.update([0x1F]);
    hash.update(packet.amount.fen().to_string());
    let hash: [u8; 32] = hash.finalize().into();
    let mut carry = false;
    for (limb, bytes) in people.iter_mut().zip(hash.as_chunks::<8>().0) {
        let (sum, over) = limb.overflowing_add(u64::from_le_bytes(*bytes));
        let (sum, over_again) = sum.overflowing_add(u64::from(carry));
        *limb = sum;
        carry = over || over_again;
    }
}

fn digest(people: [u64; 4]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, limb) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(people) {
        *chunk = limb.to_le_bytes();
    }
    bytes
}
