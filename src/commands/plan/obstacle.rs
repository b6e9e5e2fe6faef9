//! What would stop a run before its first send, beside its list, its money and its approval.

use crate::account::access::is_writable;
use crate::commands::console::one_line;
use crate::commands::finish::left::taken_place;
use crate::commands::setup::context::Context;
use crate::error::Error;
use crate::ledger::Reader;
use crate::words::Words;

/// Why the run would end, and what to type before it.
pub(super) struct Obstacle {
    pub(super) why: Words,
    pub(super) next: String,
}

impl Obstacle {
    /// The first one of this run. An account that may only look at the ledger runs nothing, and
    /// what is closed to it stops nobody else.
    pub(super) fn of(context: &Context, run: &str) -> Result<Option<Obstacle>, Error> {
        let ledger = &context.campaign.ledger;
        if ledger.exists() && !is_writable(ledger) {
            return Ok(None);
        }
        let doctor = context.command("doctor");
        let told = |why: Words, next: Option<String>| Obstacle {
            why,
            next: next.unwrap_or_else(|| doctor.clone()),
        };
        if let Some(reader) = Reader::open(ledger)?
            && let Err(fault) = context.check_backups(&reader)
        {
            return Ok(Some(told(one_line(&fault), None)));
        }
        Ok(match taken_place(context) {
            Ok(None) => None,
            Ok(Some(taken)) => {
                let next = taken.freed().map(|free| format!("{free} && {run}"));
                Some(told(taken.words(run), next))
            }
            Err(fault) => Some(told(one_line(&fault), None)),
        })
    }
}
