//! `approve`: a person's signature under a plan, and whether a live run has one.

use std::io::Write;
use std::path::Path;

use crate::approval::{Secret, is_signed};
use crate::cli::ApproveArgs;
use crate::clock::beijing_words;
use crate::config::{Unread, read_private};
use crate::domain::approval::{Approval, Content, Today};
use crate::domain::heard::not_before_heard;
use crate::domain::hex::{hex, unhex};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{Approved, CampaignRow, Reader};
use crate::words::{Lang, Words, approval as words, next};

use super::context::Context;
use super::out::{create_private, say, tell, unwritten};

pub(super) fn approve(args: &ApproveArgs, lang: Lang) -> Result<ExitCode, Error> {
    if let Some(file) = &args.keygen {
        return keygen(file, lang);
    }
    let (Some(campaign), Some(key), Some(given)) = (&args.campaign, &args.key, &args.digest) else {
        // What is typed is checked before.
        return Ok(ExitCode::Usage);
    };
    let context = Context::open(campaign, lang)?;
    let (reader, row) = context.must_be_loaded()?;
    let digest: [u8; 32] =
        unhex(given).ok_or_else(|| Error::Usage(words::no_digest(given.as_str())))?;
    let secret = read_key(key)?;
    let approval = &context.campaign.approval;
    if !approval.approvers.contains(&secret.approver()) {
        return Err(Error::Key(words::not_listed(secret.approver())));
    }
    let paid = today(&context, &reader, &row)?;
    if paid.digest != digest {
        let (digest, plan) = (hex(&paid.digest), context.command("plan"));
        return Err(Error::NotApproved(words::other_digest(digest, plan)));
    }
    let approval = sign(&context, &secret, paid);
    reader.approve(&row, &approval)?;
    let until = beijing_words(approval.expires_at);
    context.tell(&words::approved(paid.rows, paid.total, until));
    if !context.campaign.approval.is_required {
        context.tell(&words::not_required());
    }
    context.tell(&next::command(context.run_command()));
    Ok(ExitCode::Done)
}

/// What is to be paid today: what `plan` shows the digest of.
fn today(context: &Context, reader: &Reader, row: &CampaignRow) -> Result<Content, Error> {
    Ok(reader.content(row, &context.campaign.caps)?)
}

fn sign(context: &Context, secret: &Secret, paid: Content) -> Approval {
    let approved_at = context.clock.now_ms();
    let mut approval = Approval {
        content: paid,
        approved_at,
        expires_at: approved_at.saturating_add(valid_ms(context)),
        approver: secret.approver(),
        signature: [0; 64],
    };
    let campaign = &context.campaign;
    let mode = campaign.gateway.mode.name();
    approval.signature = secret.sign(&approval.statement(mode, campaign.id.as_str()));
    approval
}

fn valid_ms(context: &Context) -> i64 {
    let valid = context.campaign.approval.valid;
    i64::try_from(valid.as_millis()).unwrap_or(i64::MAX)
}

/// Refuses a live run that nobody approved as it stands. What is in the ledger is looked at, every
/// packet of it; the approval that is good and what was approved, where one is needed: nothing else
/// may be sent.
pub(super) fn check_approved(
    context: &Context,
    reader: &Reader,
    row: &CampaignRow,
) -> Result<Option<(Approval, Approved)>, Error> {
    let campaign = &context.campaign;
    if !is_needed(context) {
        return Ok(None);
    }
    let mode = campaign.gateway.mode.name();
    let verify = |approval: &Approval| {
        let statement = approval.statement(mode, campaign.id.as_str());
        is_signed(&approval.approver, &statement, &approval.signature)
    };
    let (paid, packets) = reader.content_to_send(row, &campaign.caps)?;
    let today = Today {
        content: paid,
        listed: &campaign.approval.approvers,
        valid_ms: valid_ms(context),
        now: approval_time(context, reader)?,
        verify: &verify,
    };
    match reader.approved(row, &today)? {
        Ok(approval) => Ok(Some((approval, packets))),
        Err(stale) => Err(not_approved(context, stale.words(), &hex(&paid.digest))),
    }
}

/// Looks again after the first answers, whose time counts where the clock is behind it.
pub(super) fn check_still_approved(
    context: &Context,
    (reader, row): (&Reader, &CampaignRow),
    approval: Option<&Approval>,
) -> Result<(), Error> {
    let Some(approval) = approval else {
        return Ok(());
    };
    if approval_time(context, reader)? < approval.ends_at(valid_ms(context)) {
        return Ok(());
    }
    // There may be a newer one.
    check_approved(context, reader, row).map(drop)
}

/// The time by which approvals end: a person's word about the clock does not lengthen them.
fn approval_time(context: &Context, reader: &Reader) -> Result<i64, Error> {
    Ok(not_before_heard(context.clock.now_ms(), reader.heard_at()?))
}

/// Whether real money waits for an approval.
pub(super) fn is_needed(context: &Context) -> bool {
    context.is_live() && context.campaign.approval.is_required
}

/// The recipients file is another one than what was loaded, and so than what was approved.
pub(super) fn another_file(context: &Context) -> Error {
    let why = words::file(context.campaign.recipients.display());
    not_approved(context, why, "D")
}

fn not_approved(context: &Context, why: Words, digest: &str) -> Error {
    let approve = format!(
        "{} --key FILE --digest {digest}",
        context.command("approve")
    );
    Error::NotApproved(words::not_approved(why, context.command("plan"), approve))
}

fn keygen(file: &Path, lang: Lang) -> Result<ExitCode, Error> {
    let secret = Secret::make()?;
    let mut out = create_private(file)?;
    out.write_all(secret.text().as_bytes())
        .and_then(|()| out.sync_all())
        .map_err(unwritten(file))?;
    tell(lang, &words::made(file.display()));
    say(format_args!("approvers = [\"{}\"]", secret.approver()))?;
    Ok(ExitCode::Done)
}

fn read_key(path: &Path) -> Result<Secret, Error> {
    let text = read_private(path, 0o077).map_err(|unread| {
        Error::Key(match unread {
            Unread::Open(mode) => words::open_key(path.display(), mode),
            Unread::Fault(fault) => words::unread_key(path.display(), &fault),
        })
    })?;
    Secret::parse(&text).ok_or_else(|| Error::Key(words::no_key(path.display())))
}
