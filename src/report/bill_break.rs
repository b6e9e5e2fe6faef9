//! A break of the fund-flow bills, in parts and as JSON.

use serde_json::{Value, json};

use crate::clock::beijing;
use crate::domain::money::Fen;
use crate::ledger::FlowBreak;

/// A part of it, or a dash where it has none.
pub fn or_dash(part: Option<impl ToString>) -> String {
    part.map_or_else(|| "-".to_owned(), |part| part.to_string())
}

/// The break as an object; with a person's words where one explained it.
#[must_use]
pub fn break_json(it: &FlowBreak) -> Value {
    let mut json = json!({
        "type": it.kind.name(),
        "mch_billno": it.mch_billno,
        "send_listid": it.send_listid,
        "ledger_fen": it.ledger.map(Fen::fen),
        "bill_fen": it.booked.map(Fen::fen),
        "booked_at": it.booked_at.map(beijing),
    });
    if let Some(words) = &it.explained {
        json["explained"] = json!(words);
    }
    json
}
