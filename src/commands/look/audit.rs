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

/// The code of the finding that no row has the head that was given.
const NO_HEAD: &str = "audit.head";

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
    let ledger = context.campaign.ledger.display();
    // What came after a copy was made cannot be in it: nobody need have changed it.
    let is_older = audit.findings.iter().all(|found| found.code == NO_HEAD);
    context.tell(&if is_older {
        words::older(ledger, context.command("reconcile"))
    } else {
        words::changed_outside(ledger)
    });
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
