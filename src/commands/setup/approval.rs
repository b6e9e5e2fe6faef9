//! Whether a live run has the approval that it needs.

use crate::approval::is_signed;
use crate::domain::approval::{Approval, Approver, Content, Stale, Today};
use crate::domain::heard::not_before_heard;
use crate::domain::hex::hex;
use crate::error::Error;
use crate::ledger::{Approved, CampaignRow, Reader};
use crate::words::{Words, approval as words, names::CommandWords};

use super::context::Context;

/// Refuses a live run that nobody approved as it stands: every packet in the ledger is compared.
/// Where an approval is needed, gives the one that is good by this machine's clock and the packets
/// that it approves; no other may be sent. The first answers have the time that counts: what the
/// ledger heard before may be one wrong answer.
pub(in crate::commands) fn check_approved(
    context: &Context,
    reader: &Reader,
    row: &CampaignRow,
) -> Result<Option<(Approval, Approved)>, Error> {
    approved_at(context, (reader, row), context.clock.now_ms())
}

fn approved_at(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    now: i64,
) -> Result<Option<(Approval, Approved)>, Error> {
    if !is_needed(context) {
        return Ok(None);
    }
    let (paid, packets) = reader.content_to_send(row, &context.campaign.caps)?;
    match approval_today(context, (reader, row), paid, now)? {
        Ok(approval) => Ok(Some((approval, packets))),
        Err(stale) => Err(not_approved(context, stale.words(), &hex(&paid.digest))),
    }
}

/// The approval of these payments that is good at `now`, or why there is none.
fn approval_today(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    paid: Content,
    now: i64,
) -> Result<Result<Approval, Stale>, Error> {
    let campaign = &context.campaign;
    let mode = campaign.gateway.mode.name();
    let verify = |approval: &Approval| {
        let statement = approval.statement(mode, campaign.id.as_str());
        is_signed(&approval.approver, &statement, &approval.signature)
    };
    let today = Today {
        content: paid,
        listed: &campaign.approval.approvers,
        valid_ms: valid_ms(context),
        now,
        verify: &verify,
    };
    Ok(reader.approved(row, &today)?)
}

/// What stands between a plan and its payment, where somebody must approve it.
pub(in crate::commands) enum PlannedApproval {
    /// A live run will need one.
    WhenLive,
    /// The list is not loaded: nobody can approve it yet.
    NotLoaded,
    /// There is none that is good: why, and the command that makes one.
    Missing(Words, String),
    /// This one is good, until then.
    Good(Approver, i64),
}

impl PlannedApproval {
    /// `None` where none is required. What is to be paid is read where it is not known yet:
    /// every packet is.
    pub(in crate::commands) fn of(
        context: &Context,
        loaded: Option<(&Reader, &CampaignRow)>,
        known: Option<Content>,
    ) -> Result<Option<PlannedApproval>, Error> {
        if !context.campaign.approval.is_required {
            return Ok(None);
        }
        Ok(Some(match loaded {
            _ if !context.is_live() => PlannedApproval::WhenLive,
            None => PlannedApproval::NotLoaded,
            Some((reader, row)) => {
                let made = || reader.content(row, &context.campaign.caps);
                let paid = known.map_or_else(made, Ok)?;
                match approval_today(context, (reader, row), paid, context.clock.now_ms())? {
                    Ok(approval) => {
                        let ends = approval.ends_at(valid_ms(context));
                        PlannedApproval::Good(approval.approver, ends)
                    }
                    Err(stale) => {
                        let command = approve_command(context, &hex(&paid.digest));
                        PlannedApproval::Missing(stale.words(), command)
                    }
                }
            }
        }))
    }
}

/// Looks again after the first answers, whose time counts where the clock is behind it.
pub(in crate::commands) fn check_still_approved(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    approval: Option<&Approval>,
) -> Result<(), Error> {
    let Some(approval) = approval else {
        return Ok(());
    };
    // A person's word about the clock does not lengthen it.
    let now = not_before_heard(context.clock.now_ms(), reader.heard_at()?);
    if now < approval.ends_at(valid_ms(context)) {
        return Ok(());
    }
    // There may be a newer one.
    approved_at(context, (reader, row), now).map(drop)
}

/// Whether real money waits for an approval.
pub(in crate::commands) fn is_needed(context: &Context) -> bool {
    context.is_live() && context.campaign.approval.is_required
}

/// The recipients file is another one than what was loaded, and so than what was approved.
pub(in crate::commands) fn another_file(context: &Context) -> Error {
    let why = words::file(context.campaign.recipients.display());
    not_approved(context, why, "D")
}

/// Nothing is loaded that somebody could have approved.
pub(in crate::commands) fn nothing_to_approve(context: &Context, options: &str) -> Error {
    let load = context.command("load") + options;
    let plan = context.command("plan");
    Error::NotApproved(words::not_approved_unloaded(load, plan))
}

fn not_approved(context: &Context, why: Words, digest: &str) -> Error {
    let approve = approve_command(context, digest);
    Error::NotApproved(words::not_approved(
        why,
        context.command("plan"),
        CommandWords(approve),
    ))
}

fn approve_command(context: &Context, digest: &str) -> String {
    format!(
        "{} --key FILE --digest {digest}",
        context.command("approve")
    )
}

/// For how long an approval of this campaign holds.
pub(in crate::commands) fn valid_ms(context: &Context) -> i64 {
    let valid = context.campaign.approval.valid;
    i64::try_from(valid.as_millis()).unwrap_or(i64::MAX)
}
