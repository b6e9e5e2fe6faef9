//! A campaign as it stands, in words and in JSON.

use serde_json::{Map, Value, json};

use crate::clock::{beijing, beijing_words};
use crate::domain::flow::breaks::StandingBreaks;
use crate::domain::state::State;
use crate::domain::tally::{PaidOtherwise, Tally, TallyRow, WithoutPackage};
use crate::ledger::{CampaignRow, Head, Overdue, OverdueBill, Pause, RefusedWith};
use crate::words::{Lang, Words, names, recall, run, status as words};

/// In the place of a code, where none was ever told: a query said FAILED, or a person.
const NO_CODE: &str = "-";

/// Packets with a break that are named in words.
const NAMED: usize = 10;

/// The facts of a summary.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The campaign's name.
    pub id: String,
    /// `simulator` or `live`.
    pub mode: &'static str,
    /// `None` before the first load.
    pub campaign: Option<CampaignRow>,
    /// Counters by state.
    pub tally: Tally,
    /// Paid packets that cannot be opened yet.
    pub without_package: WithoutPackage,
    /// Refused packets by code, the commonest first.
    pub refused: Vec<RefusedWith>,
    /// Packets whose number was paid, but not as was owed.
    pub paid_otherwise: PaidOtherwise,
    /// The first packets with a break, by number, and what it is.
    pub broken: Vec<(String, String)>,
    /// Unsettled packets that soon cannot be asked about any more.
    pub overdue: Overdue,
    /// What matches with fund-flow bills found that no later match of these days replaced.
    pub bill_breaks: StandingBreaks,
    /// Packets that nobody asked about since the ledger may be behind.
    pub unasked: u64,
    /// Packets that WeChat Pay accepted or called paid, and denied when the last whole
    /// reconciliation ended.
    pub denied: u64,
    /// Where the journal ends; `None` before the first load.
    pub journal: Option<Head>,
}

impl Standing {
    /// All packets and their money.
    #[must_use]
    pub fn total(&self) -> TallyRow {
        self.tally.sum(|_| true)
    }

    /// The loaded sum: the counters add up to it.
    #[must_use]
    pub fn loaded(&self) -> TallyRow {
        let (row, withdrawn) = (self.campaign.as_ref(), self.tally.of(State::Withdrawn));
        row.map_or_else(TallyRow::default, |row| TallyRow {
            count: row.rows + withdrawn.count,
            fen: [row.total, withdrawn.fen].into_iter().sum(),
        })
    }

    /// Proofs that a later sighting broke.
    #[must_use]
    pub fn breaks(&self) -> u64 {
        self.campaign.as_ref().map_or(0, |row| row.breaks)
    }

    /// Whether money moved, or is said to have, as it cannot have: until a person has looked.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.breaks() > 0 || self.bill_breaks.are_grave()
    }

    /// One line for the campaign, with the total that a run confirms, one for each state that holds
    /// packets, and the journal's head; what is broken and what is overdue before that.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let owed = self.tally.owed();
        let mode = names::ModeName(self.mode);
        let mut lines = vec![words::campaign(
            self.id.as_str(),
            mode,
            owed.count,
            owed.fen,
        )];
        let states = State::ALL.into_iter();
        lines.extend(states.filter_map(|state| self.row(state)));
        let PaidOtherwise { count, owed, paid } = self.paid_otherwise;
        if count > 0 {
            lines.push(words::paid_otherwise(count, owed, paid));
        }
        if self.breaks() > 0 {
            lines.push(words::breaks(self.breaks()));
            let broken = self.broken.iter();
            let named = broken.take(NAMED);
            lines.extend(named.map(|(number, what)| words::broken(number.as_str(), recall(what))));
            let unnamed = self.breaks().saturating_sub(NAMED as u64);
            lines.extend((unnamed > 0).then(|| words::more_broken(unnamed)));
        }
        lines.extend(self.bill_line());
        lines.extend(self.overdue_lines());
        lines.extend((self.denied > 0).then(|| words::denied(self.denied)));
        lines.extend((self.unasked > 0).then(|| words::line(words::unasked(self.unasked))));
        lines.extend(self.journal.map(|head| words::head(head.hex())));
        let mut told = String::new();
        for line in &lines {
            told.push_str(line.within(lang));
            told.push('\n');
        }
        told
    }

    /// What does not agree with the merchant's bills.
    fn bill_line(&self) -> Option<Words> {
        let kinds = self.bill_breaks.told();
        (!kinds.is_empty()).then(|| words::bill_breaks(kinds))
    }

    /// The overdue packets, and the oldest of them.
    fn overdue_lines(&self) -> Vec<Words> {
        let Overdue {
            count,
            fen,
            first,
            untold,
        } = &self.overdue;
        let untold = (untold.count > 0).then(|| words::untold(untold.count, untold.fen));
        if *count == 0 {
            return untold.into_iter().collect();
        }
        let bill = |bill: &OverdueBill| {
            let since = beijing_words(bill.first_sent_at);
            words::overdue_bill(bill.mch_billno.as_str(), bill.state, since)
        };
        let head = words::overdue(*count, *fen);
        std::iter::once(head)
            .chain(first.iter().map(bill))
            .chain(untold)
            .collect()
    }

    /// The line of a state that holds packets.
    fn row(&self, state: State) -> Option<Words> {
        let row = self.tally.of(state);
        let note = match (state, self.without_package.count) {
            (State::Sent, count @ 1..) => Some(words::without_package(count)),
            (State::Withdrawn, _) => Some(words::withdrawn()),
            (State::Refused, _) if !self.refused.is_empty() => Some(words::refused(self.codes())),
            _ => None,
        };
        (row.count > 0).then(|| words::state(state, row.count, row.fen, note))
    }

    /// The codes of refusals, each with how many.
    fn codes(&self) -> String {
        let code = |with: &RefusedWith| {
            let code = with.code.as_deref().unwrap_or(NO_CODE);
            format!("{code} {}", with.row.count)
        };
        let codes: Vec<String> = self.refused.iter().map(code).collect();
        codes.join(", ")
    }

    /// Why nothing is sent for now, if so.
    #[must_use]
    pub fn pause_words(&self) -> Option<Words> {
        let row = self.campaign.as_ref()?;
        if let Some(pause) = &row.pause {
            return Some(paused(pause));
        }
        let until = row.deferred_until?;
        Some(run::deferred_until(beijing_words(until)))
    }

    /// The document of `status --json`.
    #[must_use]
    pub fn json(&self) -> Value {
        let total = self.total();
        let entry = |row: TallyRow| json!({"count": row.count, "fen": row.fen.fen()});
        let states: Map<String, Value> = State::ALL
            .into_iter()
            .map(|state| (state.name().to_owned(), entry(self.tally.of(state))))
            .collect();
        let row = self.campaign.as_ref();
        let pause = row.and_then(|row| row.pause.as_ref());
        json!({
            "campaign": self.id,
            "mode": self.mode,
            "rows": total.count,
            "total_fen": total.fen.fen(),
            "owed_fen": self.tally.owed().fen.fen(),
            "states": states,
            "sent_without_package": self.without_package.count,
            "refused": self.refused.iter().map(|with| json!({
                "code": with.code,
                "count": with.row.count,
                "fen": with.row.fen.fen(),
            })).collect::<Vec<_>>(),
            "paid_otherwise": {
                "count": self.paid_otherwise.count,
                "owed_fen": self.paid_otherwise.owed.fen(),
                "paid_fen": self.paid_otherwise.paid.fen(),
            },
            "paused": pause.map(|pause| json!({
                "since": beijing(pause.at),
                "by": if pause.is_halt { "halt" } else { "person" },
                "because": recall(&pause.because).en,
                "words": recall(&pause.because),
            })),
            "deferred_until": row.and_then(|row| row.deferred_until).map(beijing),
            "breaks": self.breaks(),
            "broken": self.broken.iter().map(|(number, what)| json!({
                "mch_billno": number,
                "what": what,
                "words": recall(what),
            })).collect::<Vec<_>>(),
            "overdue": {
                "count": self.overdue.count,
                "fen": self.overdue.fen.fen(),
                "first": self.overdue.first.iter().map(|bill| json!({
                    "mch_billno": bill.mch_billno,
                    "state": bill.state.name(),
                    "first_sent_at": beijing(bill.first_sent_at),
                })).collect::<Vec<_>>(),
            },
            "untold": {
                "count": self.overdue.untold.count,
                "fen": self.overdue.untold.fen.fen(),
            },
            "bill_breaks": self.bill_breaks.counts.iter()
                .map(|(kind, count)| (kind.name().to_owned(), json!(count)))
                .collect::<Map<String, Value>>(),
            "bill_breaks_explained": self.bill_breaks.explained,
            "denied": self.denied,
            "unasked": self.unasked,
            "journal": self.journal.map(|head| json!({
                "rows": head.entries,
                "head": head.hex(),
            })),
        })
    }
}

/// A pause or a halt, since when and why.
#[must_use]
pub fn paused(pause: &Pause) -> Words {
    let (since, because) = (beijing_words(pause.at), recall(&pause.because));
    if pause.is_halt {
        run::halted_since(since, because)
    } else {
        run::paused_since(since, because)
    }
}
