//! What several verbs check: a recipients file without a ledger, and what is loaded against the
//! campaign file.

use std::path::Path;

use crate::domain::caps;
use crate::domain::money::Fen;
use crate::error::Error;
use crate::ledger::{LedgerError, LoadRefusal, LoadRules, Owner, Past, Reader};
use crate::words::load;

use super::context::Context;
use super::intake::{Intake, Staged, named, stage};

/// Checks the file as `load` would, on a scratch ledger that nobody sees, and has a look at what
/// came of it, beside the ledger that is there.
pub(super) fn check<T>(
    context: &Context,
    file: &Path,
    rules: &LoadRules,
    look: impl FnOnce(&Staged<'_>, Option<&Reader>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut scratch = Owner::scratch(context.campaign.gateway.mode, context.clock.now_ms())?;
    let intake = Intake {
        file,
        rules,
        keeps_rejects: false,
    };
    let staged = stage(context, &mut scratch, &intake).map_err(named(file, context.lang))?;
    let ledger = Reader::open(&context.campaign.ledger)?;
    if let Some(ledger) = &ledger
        && rules.pay_again.is_none()
    {
        warn_of_twin(context, ledger, &staged)?;
    }
    look(&staged, ledger.as_ref())
}

/// What `run --live` would refuse, said before anybody is asked to approve the plan.
fn warn_of_twin(context: &Context, ledger: &Reader, staged: &Staged<'_>) -> Result<(), Error> {
    let id = &context.campaign.id;
    if let Some(refusal) = ledger.twin(id, staged.sha256, staged.people())? {
        if context.is_live() {
            return Err(LedgerError::from(refusal).into());
        }
        context.tell(&load::twin(refusal.words()));
    }
    Ok(())
}

/// What a load would refuse of a campaign that has no packets yet.
pub(super) fn refuse_lately(context: &Context, past: &Past) -> Result<(), Error> {
    let lately = past.lately;
    if context.campaign.caps.once_per_days == 0 || lately.rows == 0 {
        return Ok(());
    }
    Err(LedgerError::from(LoadRefusal::PaidLately {
        count: lately.rows,
        line: lately.line,
        days: past.days,
    })
    .into())
}

/// What a load would refuse of a campaign whose budget was lowered since its load.
pub(super) fn check_budget(context: &Context, total: Fen) -> Result<(), Error> {
    let checked = caps::check_budget(total, context.campaign.budget);
    Ok(checked.map_err(|fault| LedgerError::from(LoadRefusal::Budget(fault)))?)
}
