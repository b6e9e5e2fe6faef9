//! `approve`: a person's signature under a plan.

use std::io::Write;
use std::path::Path;

use crate::approval::Secret;
use crate::cli::ApproveArgs;
use crate::clock::beijing_words;
use crate::config::{Unread, read_private_text};
use crate::domain::approval::{Approval, Content};
use crate::domain::hex::{hex, unhex};
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::{CampaignRow, Reader};
use crate::words::{Lang, approval as words, next, typed_path};

use crate::commands::console::{create_private, say, tell, unwritten};
use crate::commands::setup::approval::valid_ms;
use crate::commands::setup::context::Context;

pub(in crate::commands) fn approve(args: &ApproveArgs, lang: Lang) -> Result<ExitCode, Error> {
    if let Some(file) = &args.keygen {
        return keygen(file, lang);
    }
    let (Some(campaign), Some(key), Some(given)) = (&args.campaign, &args.key, &args.digest) else {
        // The command line has checked it.
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

/// Today's payments, as in the digest that `plan` shows.
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
    let text = read_private_text(path, 0o077).map_err(|unread| {
        Error::Key(match unread {
            Unread::Open(mode) => words::open_key(path.display(), mode, typed_path(path)),
            Unread::Folder | Unread::Device | Unread::TooLarge => {
                words::no_key_file(path.display())
            }
            Unread::Fault(fault) => words::unread_key(path.display(), &fault),
        })
    })?;
    Secret::parse(&text).ok_or_else(|| Error::Key(words::no_key(path.display())))
}
