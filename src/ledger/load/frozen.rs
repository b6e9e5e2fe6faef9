//! Terms that a campaign freezes at its first load, and the check that none changes afterwards.

use rusqlite::{Connection, params};

use crate::domain::hex::hex;
use crate::domain::packet::Texts;
use crate::domain::state::State;
use crate::domain::terms::Terms;
use crate::domain::text::Field;
use crate::ledger::bill::picks::TELLS_NOTHING;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::REFROZEN;
use crate::ledger::journal::seal::campaign_terms;
use crate::ledger::journal::write_tx::WriteTx;
use crate::ledger::open::owner::Owner;
use crate::ledger::read::campaign::CampaignRow;
use crate::ledger::read::to_ask::unasked_of;

/// A campaign that the ledger has, compared with its campaign file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrozenTerms {
    /// Its row.
    pub(super) campaign: i64,
    /// Whether its files have row keys.
    pub(super) has_row_key: bool,
    /// Whether the campaign file has other texts, which may be frozen in place of the old ones.
    pub(super) is_reworded: bool,
}

impl Owner {
    /// Compares the campaign file with what was frozen, and writes nothing; `None` if the campaign
    /// is new.
    ///
    /// # Errors
    /// Where something differs that may not be frozen anew.
    pub fn check_frozen(
        &self,
        terms: &Terms,
        refreeze: Option<&[&str]>,
    ) -> Result<Option<FrozenTerms>, LedgerError> {
        let found = self.check_account(terms)?;
        let Some(row) = found else { return Ok(None) };
        let reworded = row.check_texts(terms).err();
        let is_reworded = reworded.is_some();
        if let Some(changed) = reworded {
            let Some(codes) = refreeze else {
                return Err(changed);
            };
            let unasked = self.read(|conn| unasked_of(conn, row.campaign, self.opened_at))?;
            if !unasked.is_empty() {
                return Err(LedgerError::Unasked(terms.id.to_string(), unasked.len()));
            }
            if !self.can_refreeze(row.campaign, codes)? {
                return Err(LedgerError::NoRefreeze(terms.id.to_string()));
            }
        }
        Ok(Some(FrozenTerms {
            campaign: row.campaign,
            has_row_key: row.has_row_key,
            is_reworded,
        }))
    }

    /// Freezes today's texts of a campaign whose list stays as it is.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub fn refreeze(&self, frozen: FrozenTerms, terms: &Terms) -> Result<(), LedgerError> {
        self.write("freezing the texts", |tx| {
            frozen.refreeze(tx, &terms.texts, self.opened_at)
        })
    }

    /// Compares the merchant alone, which is all that a question says; `None` if the campaign is
    /// new.
    ///
    /// # Errors
    /// Where it differs.
    pub fn check_account(&self, terms: &Terms) -> Result<Option<CampaignRow>, LedgerError> {
        let found = self.reader_row(terms)?;
        found
            .map(|row| row.check_account(terms).map(|()| row))
            .transpose()
    }

    /// Accepts today's texts for a campaign none of whose requests can have left an order.
    ///
    /// # Errors
    /// Where one may have, or the row cannot be written.
    fn can_refreeze(&self, campaign: i64, codes: &[&str]) -> Result<bool, LedgerError> {
        let sql = format!(
            "SELECT NOT EXISTS (
               SELECT 1 FROM attempt JOIN bill USING (bill)
               WHERE bill.campaign = ?1 AND attempt.action = 'send'
                 AND (answer IS NULL OR NOT {TELLS_NOTHING}
                   OR attempt.err_code IN (SELECT value FROM json_each(?2))))
             AND NOT EXISTS (SELECT 1 FROM tally
               WHERE campaign = ?1 AND state <> 'ready' AND state <> 'withdrawn' AND count > 0)"
        );
        let codes = serde_json::Value::from(codes.to_vec()).to_string();
        self.read(|conn| conn.query_row(&sql, (campaign, codes), |row| row.get(0)))
    }
}

impl FrozenTerms {
    /// Freezes these texts where they are others. The journal keeps which terms the requests
    /// before it said.
    pub(super) fn refreeze(self, tx: &WriteTx<'_>, texts: &Texts, at: i64) -> rusqlite::Result<()> {
        if !self.is_reworded {
            return Ok(());
        }
        let before = hex(&campaign_terms(tx, self.campaign)?);
        tx.execute(
            "UPDATE campaign SET act_name = ?2, send_name = ?3, wishing = ?4, remark = ?5,
               scene_id = ?6 WHERE campaign = ?1",
            params![
                self.campaign,
                texts.act_name,
                texts.send_name,
                texts.wishing,
                texts.remark,
                texts.scene_id
            ],
        )?;
        tx.note(self.campaign, REFROZEN, at, Some(&before))
    }
}

impl CampaignRow {
    /// Compares the campaign file with what was frozen, for a verb that freezes nothing.
    ///
    /// # Errors
    /// As [`Owner::check_frozen`].
    pub fn check_frozen(&self, terms: &Terms) -> Result<(), LedgerError> {
        self.check_account(terms)?;
        self.check_texts(terms)
    }

    fn check_account(&self, terms: &Terms) -> Result<(), LedgerError> {
        if self.mch_id != terms.mch_id.as_str() {
            let given = terms.mch_id.as_str();
            return Err(differs(terms, "mch_id", &self.mch_id, given));
        }
        if self.wxappid != terms.wxappid {
            return Err(differs(terms, "wxappid", &self.wxappid, &terms.wxappid));
        }
        Ok(())
    }

    fn check_texts(&self, terms: &Terms) -> Result<(), LedgerError> {
        let differing = differing_text(&self.texts, &terms.texts);
        let Some(field) = differing.filter(|_| !planted!(ChangedTextsTaken)) else {
            return Ok(());
        };
        let (loaded, given) = (text(&self.texts, field), text(&terms.texts, field));
        Err(differs(terms, field.name(), loaded, given))
    }
}

fn differs(terms: &Terms, field: &'static str, loaded: &str, given: &str) -> LedgerError {
    LedgerError::Frozen {
        campaign: terms.id.to_string(),
        field,
        loaded: loaded.to_owned(),
        given: given.to_owned(),
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

/// A new campaign, with a counter for every state.
pub(super) fn insert_campaign(
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
