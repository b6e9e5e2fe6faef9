//! Breaks that a person explained: the money is accounted for outside of ledger and bills. They
//! stay on record and count no more. It frees no packet: what a bill calls paid is sent under no
//! number.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Error};
use serde::{Deserialize, Serialize};

use super::scratch::FlowBreak;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::judge::Booking;
use crate::domain::hex::hex;
use crate::domain::money::Fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::seal::digest;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// The journal's name for it.
const EXPLAINED: &str = "break_explained";

/// A break as a person saw it: with other amounts, or of other movements, it is another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct SeenBreak {
    kind: String,
    number: String,
    ledger_fen: Option<u64>,
    bill_fen: Option<u64>,
    /// The minute of the first of its rows: a payment and its return may both differ by as much.
    minute: Option<i64>,
    movements: Option<String>,
}

/// The note in the journal.
#[derive(Serialize, Deserialize)]
struct Note {
    breaks: Vec<SeenBreak>,
    because: String,
}

/// What was explained, and how.
pub(super) struct ExplainedBreaks(HashMap<SeenBreak, String>);

impl ExplainedBreaks {
    /// The words about this break.
    pub(super) fn words(&self, it: &FlowBreak) -> Option<String> {
        self.0.get(&seen(it)).cloned()
    }
}

pub(super) fn seen(it: &FlowBreak) -> SeenBreak {
    let kind: BreakKind = it.kind;
    SeenBreak {
        kind: kind.name().to_owned(),
        number: it.name(),
        ledger_fen: it.ledger.map(Fen::fen),
        bill_fen: it.booked.map(Fen::fen),
        minute: it.booked_at.map(|at| at / 60_000),
        movements: it.movements.clone(),
    }
}

/// Which movements these are, however their bills write seconds and numbers.
pub(super) fn movements(rows: &[Booking]) -> String {
    let row = |row: &Booking| {
        let (way, fen) = (row.direction.name(), row.amount.fen());
        (row.booked_at / 60_000, way, fen)
    };
    let mut rows: Vec<_> = rows.iter().map(row).collect();
    rows.sort_unstable();
    let told = rows
        .iter()
        .map(|(minute, way, fen)| format!("{way} {fen} {minute}"));
    short(&told.collect::<Vec<_>>().join(", "))
}

/// As many digits of its digest as tell it from others.
pub(super) fn short(text: &str) -> String {
    let mut digest = hex(&digest(text.as_bytes()));
    digest.truncate(16);
    digest
}

/// Those of a campaign.
pub(super) fn explained(conn: &Connection, campaign: i64) -> rusqlite::Result<ExplainedBreaks> {
    let sql = "SELECT note FROM journal
         WHERE bill IS NULL AND campaign = ?1 AND event = ?2 ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query((campaign, EXPLAINED))?;
    let mut explained = HashMap::new();
    while let Some(row) = rows.next()? {
        let note: String = row.get(0)?;
        let unreadable =
            |fault: serde_json::Error| Error::FromSqlConversionFailure(0, Type::Text, fault.into());
        let Note { breaks, because } = serde_json::from_str(&note).map_err(unreadable)?;
        explained.extend(breaks.into_iter().map(|it| (it, because.clone())));
    }
    Ok(ExplainedBreaks(explained))
}

impl Reader {
    /// Keeps a person's words about these breaks: they count no more.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn explain_breaks(
        &self,
        campaign: &CampaignRow,
        breaks: &[FlowBreak],
        (because, at): (&str, i64),
    ) -> Result<(), LedgerError> {
        let note = Note {
            breaks: breaks.iter().map(seen).collect(),
            because: because.to_owned(),
        };
        let note = serde_json::to_string(&note);
        self.change("keeping what a person explained", |tx| {
            let unwritable = |fault: serde_json::Error| Error::ToSqlConversionFailure(fault.into());
            let note = note.map_err(unwritable)?;
            tx.note(campaign.campaign, EXPLAINED, at, Some(&note))
        })
    }
}
