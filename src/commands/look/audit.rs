//! `audit`: whether the ledger is what this program wrote.

use serde_json::json;

use crate::cli::AuditArgs;
use crate::domain::hex::unhex;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Audit;
use crate::words::{Lang, Words, audit as words, usage};

use crate::commands::console::{say, say_json};
use crate::commands::setup::context::Context;

pub(in crate::commands) fn audit(args: &AuditArgs, lang: Lang) -> Result<ExitCode, Error> {
    let head = args.head.as_deref().map(|given| {
        let wrong = || Error::Usage(usage::head(given));
        unhex(given).ok_or_else(wrong)
    });
    let head = head.transpose()?;
    let context = Context::open_to_look(&args.campaign, lang)?;
    let (reader, _) = context.must_be_loaded()?;
    let audit = reader.audit(head)?;
    if args.json {
        say_json(&document(&audit))?;
    } else {
        for line in lines(&audit) {
            say(line.within(lang))?;
        }
    }
    if audit.findings.is_empty() {
        return Ok(ExitCode::Done);
    }
    context.tell(&words::changed_outside(context.campaign.ledger.display()));
    Ok(ExitCode::Unexpected)
}

fn lines(audit: &Audit) -> Vec<Words> {
    if !audit.findings.is_empty() {
        return audit.findings.iter().cloned().map(words::changed).collect();
    }
    let head = audit.head;
    let mut lines = vec![words::chain(head.entries, head.hex())];
    lines.extend(audit.known_head.map(words::known_head));
    lines.extend([
        words::whole(audit.bills, audit.total),
        words::whole_requests(audit.attempts),
        words::balance(),
    ]);
    lines
}

fn document(audit: &Audit) -> serde_json::Value {
    json!({
        "is_unchanged": audit.findings.is_empty(),
        "findings": audit.findings,
        "journal": {"rows": audit.head.entries, "head": audit.head.hex()},
        "known_head": audit.known_head,
        "packets": audit.bills,
        "total_fen": audit.total.fen(),
        "requests": audit.attempts,
    })
}
