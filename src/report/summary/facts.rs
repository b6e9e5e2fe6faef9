//! The campaign, its merchant and its lists, as a report's head has them.

use std::collections::HashSet;

use super::runs::EndTold;
use crate::clock::beijing_words;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::hex::hex;
use crate::domain::money::Fen;
use crate::domain::tally::PaidOtherwise;
use crate::ledger::{FlowBreak, FlowMatch, RecordedRun, ReportRow};
use crate::report::standing::Standing;
use crate::words::report::{self as reported, fact as words, flow, run as run_words};
use crate::words::{Lang, Text};

/// Advice on a refused packet, by its error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// Its meaning.
    pub meaning: Text,
    /// The remedy.
    pub remedy: Text,
}

/// The advice on a packet that the ledger calls unpaid and a fund-flow bill calls paid.
pub(in crate::report) const BILLED: Advice = Advice {
    meaning: flow::BILLED,
    remedy: BreakKind::MissingInLedger.advice(true),
};

/// An approval, as a report's head has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedBy {
    /// The approver's key.
    pub key: String,
    /// When it was approved.
    pub at: i64,
    /// The digest of the payments, as `plan` has it.
    pub digest: [u8; 32],
}

/// A report's head, and what it was made by.
#[derive(Debug, Clone)]
pub struct ReportFacts {
    /// How the campaign stands.
    pub standing: Standing,
    /// When it is written.
    pub written_at: i64,
    /// SHA-256 of each list.
    pub lists: Vec<[u8; 32]>,
    /// The last approval.
    pub approved: Option<ApprovedBy>,
    /// The most that it may pay.
    pub budget: Option<Fen>,
    /// Requests a minute that its settings allow.
    pub per_minute: Option<u64>,
    /// The matches with fund-flow bills that no later one replaced, each with its breaks.
    pub flow: Vec<(FlowMatch, Vec<FlowBreak>)>,
    /// The bills, by row, that a standing match calls paid and the ledger does not.
    pub billed: HashSet<i64>,
    /// The runs, the oldest first.
    pub runs: Vec<RecordedRun>,
    /// Whether some process holds the ledger, as far as the system tells.
    pub is_held: bool,
    /// The meaning of an exit code.
    pub exit: fn(u8) -> Option<Text>,
    /// The advice on a refused packet by its last code; "" is none.
    pub advice: fn(&str) -> Advice,
    /// The language of everything that is ours.
    pub lang: Lang,
}

impl ReportFacts {
    /// How a run ended: its exit code where it has one, and words for it.
    pub(in crate::report) fn ended(&self, run: &RecordedRun) -> (Option<u8>, &'static str) {
        match EndTold::of(run, self.is_held) {
            EndTold::Exit(code) => {
                let meaning = (self.exit)(code).map(|text| text.within(self.lang));
                (Some(code), meaning.unwrap_or_default())
            }
            EndTold::Cut => (None, run_words::CUT.within(self.lang)),
            EndTold::Open => (None, run_words::OPEN.within(self.lang)),
        }
    }

    /// The advice on a packet that failed.
    pub(in crate::report) fn advice_on(&self, row: &ReportRow) -> Advice {
        if self.billed.contains(&row.bill) {
            return BILLED;
        }
        (self.advice)(row.err_code.as_deref().unwrap_or_default())
    }

    /// Whether a line of the head is one that somebody must look into.
    pub(in crate::report) fn is_alarm(label: Text) -> bool {
        [words::BREAKS, words::BILL_BREAKS].contains(&label)
    }

    /// The lines of the head.
    pub(in crate::report) fn lines(&self) -> Vec<(Text, String)> {
        let within = |text: Text| text.within(self.lang).to_owned();
        let mode = if self.standing.mode == "live" {
            words::LIVE
        } else {
            words::SIMULATOR
        };
        let mut lines = vec![(words::CAMPAIGN, self.standing.id.clone())];
        if let Some(row) = &self.standing.campaign {
            lines.push((words::NAME, row.texts.act_name.clone()));
            lines.push((words::SENDER, row.texts.send_name.clone()));
            lines.push((words::MERCHANT, row.mch_id.clone()));
        }
        lines.push((words::MODE, within(mode)));
        lines.push((words::WRITTEN, beijing_words(self.written_at)));
        lines.extend(self.lists.iter().map(|sha256| (words::LIST, hex(sha256))));
        if let Some(head) = self.standing.journal {
            lines.push((words::HEAD, format!("{} · {}", head.entries, head.hex())));
        }
        match &self.approved {
            Some(ApprovedBy { key, at, digest }) => {
                let approver = format!("{key} · {}", beijing_words(*at));
                lines.push((words::APPROVER, approver));
                lines.push((words::DIGEST, hex(digest)));
            }
            None => lines.push((words::APPROVER, within(words::NOBODY))),
        }
        if let Some(budget) = self.budget {
            lines.push((words::BUDGET, budget.to_string()));
        }
        let PaidOtherwise { count, owed, paid } = self.standing.paid_otherwise;
        if count > 0 {
            let told = reported::otherwise(count, owed, paid);
            lines.push((words::OTHERWISE, told.within(self.lang).to_owned()));
        }
        if self.standing.breaks() > 0 {
            lines.push((words::BREAKS, self.standing.breaks().to_string()));
        }
        let breaks = self.standing.bill_breaks.told();
        if !breaks.is_empty() {
            lines.push((words::BILL_BREAKS, breaks));
        }
        lines
    }
}
