//! Checks of several verbs: a recipients file without a ledger, and loaded rows against the
//! campaign file.

use crate::config::PaceLimits;
use crate::domain::caps::{self, Caps};
use crate::domain::money::Fen;
use crate::error::Error;
use crate::ledger::{LedgerError, LoadRefusal, LoadRules, Owner, Reader, ReportRow};
use crate::recipients::ListFile;
use crate::simulator::Limits;
use crate::words::usage;

use super::context::Context;
use super::intake::{Intake, Staged, named, stage};

/// Checks the file as `load` would, on a scratch ledger that nobody sees, and has a look at what
/// came of it, beside the ledger that is there.
pub(in crate::commands) fn check<T>(
    context: &Context,
    list: &ListFile,
    rules: &LoadRules,
    look: impl FnOnce(&Staged<'_>, Option<&Reader>) -> Result<T, Error>,
) -> Result<T, Error> {
    Owner::check_place(&context.campaign.ledger, context.campaign.gateway.mode)?;
    let ledger = Reader::open(&context.campaign.ledger)?;
    let known = match &ledger {
        Some(reader) => reader.campaign(&context.campaign.id)?,
        None => None,
    };
    // Rows that the campaign has already were paid by itself.
    let beside = ledger.as_ref().filter(|_| known.is_none());
    let mut scratch = Owner::scratch(context.campaign.gateway.mode, context.clock.now_ms())?;
    let intake = Intake {
        list,
        rules,
        keeps_rejects: false,
        loaded: None,
        beside,
    };
    let staged = stage(context, &mut scratch, &intake).map_err(named(list.path(), context.lang))?;
    if let Some(ledger) = beside {
        staged.check_met((context, rules), ledger)?;
    }
    look(&staged, ledger.as_ref())
}

/// Refuses a campaign whose budget was lowered below its loaded total.
pub(in crate::commands) fn check_budget(context: &Context, total: Fen) -> Result<(), Error> {
    let checked = caps::check_budget(total, context.campaign.budget);
    Ok(checked.map_err(|fault| LedgerError::from(LoadRefusal::Budget(fault)))?)
}

/// The one bill that the id names; of a packet's numbers the newest.
pub(in crate::commands) fn only_one<'a>(
    found: &'a [ReportRow],
    id: &str,
) -> Result<&'a ReportRow, Error> {
    match found {
        [packet] => Ok(packet),
        [] => Err(Error::Usage(usage::no_packet(format!("{id:?}")))),
        many => {
            let numbers: Vec<&str> = many.iter().map(|row| row.mch_billno.as_str()).collect();
            let first = &many[0];
            let is_one = many.iter().all(|row| row.row_key == first.row_key);
            let exact = many.iter().find(|row| row.mch_billno == id);
            let newest = many.iter().max_by_key(|row| row.generation);
            exact.or(newest.filter(|_| is_one)).ok_or_else(|| {
                Error::Usage(usage::several_bills(format!("{id:?}"), numbers.join(", ")))
            })
        }
    }
}

/// Sends and queries in a second that WeChat Pay allows a merchant without an agreement.
const PER_SECOND: u32 = 30;

/// The keys by which the campaign file allows more than WeChat Pay does by itself.
pub(in crate::commands) fn above_default(context: &Context) -> Vec<&'static str> {
    let default = Caps::default();
    let limits = Limits {
        per_second: Some(PER_SECOND),
        user_packets_per_day: Some(default.openid_packets),
        user_fen_per_day: Some(default.openid_fen.fen()),
        merchant_fen_per_day: Some(default.merchant_fen.fen()),
    };
    let campaign = &context.campaign;
    above(&limits, &campaign.pace, &campaign.caps)
}

/// The keys by which a campaign file allows more than these limits.
pub(super) fn above(limits: &Limits, pace: &PaceLimits, caps: &Caps) -> Vec<&'static str> {
    let Limits {
        per_second,
        user_packets_per_day,
        user_fen_per_day,
        merchant_fen_per_day,
    } = limits;
    let above = [
        (
            "per_second",
            per_second.is_some_and(|limit| pace.per_second.is_none_or(|most| most.get() > limit)),
        ),
        (
            "openid_per_day",
            user_packets_per_day.is_some_and(|limit| caps.openid_packets > limit),
        ),
        (
            "openid_yuan_per_day",
            user_fen_per_day.is_some_and(|limit| caps.openid_fen.fen() > limit),
        ),
        (
            "merchant_yuan_per_day",
            merchant_fen_per_day.is_some_and(|limit| caps.merchant_fen.fen() > limit),
        ),
    ];
    let above = above.into_iter().filter(|(_, is_above)| *is_above);
    above.map(|(key, _)| key).collect()
}
