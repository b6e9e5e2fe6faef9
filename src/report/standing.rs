//! A campaign as it stands, in words and in JSON.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::clock::{beijing, beijing_words};
use crate::domain::state::State;
use crate::ledger::{CampaignRow, Head, Tally, TallyRow, WithoutPackage};

/// What a summary is made of.
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
    /// The first packets with a break, by number, and what it is.
    pub broken: Vec<(String, String)>,
    /// Where the journal ends; `None` before the first load.
    pub journal: Option<Head>,
}

impl Standing {
    /// All packets and their money.
    #[must_use]
    pub fn total(&self) -> TallyRow {
        self.tally.sum(|_| true)
    }

    /// Proofs that a later sighting broke.
    #[must_use]
    pub fn breaks(&self) -> u64 {
        self.campaign.as_ref().map_or(0, |row| row.breaks)
    }

    /// One line for the campaign, one for each state that holds packets, and the journal's head: at
    /// most thirteen.
    #[must_use]
    pub fn words(&self) -> String {
        let total = self.total();
        let (id, mode, count) = (&self.id, self.mode, total.count);
        let mut words = format!(
            "campaign {id} ({mode}): {count} packets, {} yuan\n",
            total.fen
        );
        for state in State::ALL {
            let row = self.tally.of(state);
            if row.count > 0 {
                let note = self.note(state);
                // Writing to a String cannot fail.
                let _ = writeln!(words, "  {state:<11}{:>9}{:>15}{note}", row.count, row.fen);
            }
        }
        if self.breaks() > 0 {
            let breaks = self.breaks();
            let _ = writeln!(
                words,
                "  {breaks} packets were paid twice by WeChat Pay, or called both paid and not:"
            );
            for (number, what) in &self.broken {
                let _ = writeln!(words, "    {number}  {what}");
            }
        }
        if let Some(head) = &self.journal {
            let _ = writeln!(words, "  journal head {}", head.hex());
        }
        words
    }

    fn note(&self, state: State) -> String {
        match (state, self.without_package.count) {
            (State::Sent, count @ 1..) => format!("   {count} of them without package"),
            _ => String::new(),
        }
    }

    /// Why nothing is sent for now, if so.
    #[must_use]
    pub fn pause_words(&self) -> Option<String> {
        let row = self.campaign.as_ref()?;
        if let Some(pause) = &row.pause {
            let by = if pause.is_halt { "halted" } else { "paused" };
            return Some(format!(
                "{by} since {}: {}",
                beijing_words(pause.at),
                pause.because
            ));
        }
        let until = row.deferred_until?;
        Some(format!(
            "a daily limit of the merchant was reached, until {}",
            beijing_words(until)
        ))
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
            "states": states,
            "sent_without_package": self.without_package.count,
            "paused": pause.map(|pause| json!({
                "since": beijing(pause.at),
                "by": if pause.is_halt { "halt" } else { "person" },
                "because": pause.because,
            })),
            "deferred_until": row.and_then(|row| row.deferred_until).map(beijing),
            "breaks": self.breaks(),
            "broken": self.broken.iter().map(|(number, what)| json!({
                "mch_billno": number,
                "what": what,
            })).collect::<Vec<_>>(),
            "journal": self.journal.map(|head| json!({
                "rows": head.entries,
                "head": head.hex(),
            })),
        })
    }
}
