//! `audit`: whether the ledger is what this program wrote.

use serde_json::json;

use crate::cli::AuditArgs;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::ledger::Audit;
use crate::words::{Lang, usage};

use super::context::Context;
use super::out::say;

pub(super) fn audit(args: &AuditArgs, lang: Lang) -> Result<ExitCode, Error> {
    let head = args.head.as_deref().map(hash).transpose()?;
    let context = Context::open(&args.campaign, lang)?;
    let (reader, _) = context.must_be_loaded()?;
    let audit = reader.audit(head)?;
    if args.json {
        say(document(&audit))?;
    } else {
        say(words(&audit, lang).trim_end())?;
    }
    if audit.findings.is_empty() {
        return Ok(ExitCode::Done);
    }
    eprintln!(
        "{} was changed from outside, or is damaged: do not send from it; restore a backup with \
         `hongbao ledger restore`, or keep it and find out who wrote to it",
        context.campaign.ledger.display()
    );
    Ok(ExitCode::Unexpected)
}

fn words(audit: &Audit, lang: Lang) -> String {
    let Audit {
        head,
        bills,
        attempts,
        total,
        ..
    } = audit;
    if !audit.findings.is_empty() {
        let findings: Vec<&str> = audit.findings.iter().map(|it| it.within(lang)).collect();
        return format!("changed: {}\n", findings.join("\nchanged: "));
    }
    let (entries, hex) = (head.entries, head.hex());
    let known = audit.known_head.map_or_else(String::new, |seq| {
        format!("the head that was given is that of row {seq}: nothing up to it was changed\n")
    });
    format!(
        "journal: {entries} rows in one chain, head {hex}\n{known}\
         packets: {bills} of {total} yuan, as they were loaded, each where the journal left it\n\
         requests: {attempts}, each in the journal\n\
         balance: counters and totals are what the packets add up to\n"
    )
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

fn hash(hex: &str) -> Result<[u8; 32], Error> {
    let wrong = || Error::Usage(usage::head(hex));
    let mut hash = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(wrong());
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        let digits = &hex[2 * index..2 * index + 2];
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(hash)
}
