//! The campaign, its merchant and its lists, as a report's head has them.

use super::runs::EndTold;
use crate::clock::beijing_words;
use crate::domain::hex::hex;
use crate::domain::money::Fen;
use crate::domain::tally::PaidOtherwise;
use crate::ledger::{FlowBreak, FlowMatch, RecordedRun};
use crate::report::standing::Standing;
use crate::words::report::{self as reported, fact as words, run as run_words};
use crate::words::{Lang, Text};

/// Advice on a refused packet, by its error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// Its meaning.
    pub meaning: Text,
    /// The remedy.
    pub remedy: Text,
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
    /// The last approver, and the time.
    pub approved: Option<(String, i64)>,
    /// The most that it may pay.
    pub budget: Option<Fen>,
    /// Requests a minute that its settings allow.
    pub per_minute: Option<u64>,
    /// The matches with fund-flow bills that no later one replaced, each with its breaks.
    pub flow: Vec<(FlowMatch, Vec<FlowBreak>)>,
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
        let approved = match &self.approved {
            Some((key, at)) => format!("{key} · {}", beijing_words(*at)),
            None => within(words::NOBODY),
        };
        lines.push((words::APPROVER, approved));
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
