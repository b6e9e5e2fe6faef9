//! The report that a run leaves: whether its place is free, or has an earlier one.

use super::told::{Check, CheckName};
use crate::commands::console::one_line;
use crate::commands::finish::left::taken_place;
use crate::commands::setup::context::Context;
use crate::words::output as words;

/// A run looks at it before its first send, and ends over somebody else's file.
pub(super) fn check(context: &Context) -> Check {
    let name = CheckName::Report;
    match taken_place(context) {
        Ok(None) => Check::fine(name, words::report_free()),
        Ok(Some(taken)) => {
            let remedy = taken
                .freed()
                .map_or_else(words::rename_taken, words::move_away);
            Check::fail(name, taken.found(), remedy)
        }
        Err(fault) => Check::fail(name, one_line(&fault), words::mend_report()),
    }
}
