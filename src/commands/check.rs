//! A recipients file checked without a ledger: what `plan` and `load --check` share.

use std::path::Path;

use crate::domain::money::Fen;
use crate::error::Error;
use crate::ledger::{LedgerError, LoadRules, Owner, Reader};

use super::context::Context;
use super::intake::{Intake, named, stage};

/// A file that could be loaded.
pub(super) struct Checked {
    /// Rows of the file.
    pub(super) rows: u64,
    /// Money of the file.
    pub(super) total: Fen,
}

/// Checks the file as `load` would, on a scratch ledger that nobody sees.
pub(super) fn check(context: &Context, file: &Path, rules: &LoadRules) -> Result<Checked, Error> {
    let mut scratch = Owner::scratch(context.campaign.gateway.mode, context.clock.now_ms())?;
    let intake = Intake {
        file,
        rules,
        keeps_rejects: false,
    };
    let staged = stage(context, &mut scratch, &intake).map_err(named(file))?;
    let (rows, total, sha256) = (staged.rows, staged.total, staged.sha256);
    let people = staged.people();
    drop(staged);
    if rules.pay_again.is_none() {
        warn_of_twin(context, sha256, people)?;
    }
    Ok(Checked { rows, total })
}

/// What `run --live` would refuse, said before anybody is asked to approve the plan.
fn warn_of_twin(context: &Context, sha256: [u8; 32], people: [u8; 32]) -> Result<(), Error> {
    let Some(reader) = Reader::open(&context.campaign.ledger)? else {
        return Ok(());
    };
    if let Some(refusal) = reader.twin(&context.campaign.id, sha256, people)? {
        if context.is_live() {
            return Err(LedgerError::from(refusal).into());
        }
        eprintln!("note: {refusal}");
    }
    Ok(())
}
