//! Why a recipients file is not loaded.

use crate::domain::caps::CapFault;
use crate::domain::met::MetPeople;
use crate::words::{Words, english, ledger as words, load, met};

/// Why a file that is right in itself may not be loaded; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadRefusal {
    /// Row keys came from elsewhere before.
    KeySource {
        /// The campaign.
        campaign: String,
        /// Whether the first file had the column.
        had: bool,
    },
    /// People of the campaign under new row keys.
    Repeats {
        /// How many.
        count: u64,
        /// The first one's line.
        line: u64,
    },
    /// The people of other campaigns, which nobody said are to be paid again.
    PaidAgain(MetPeople),
    /// People who were paid too lately.
    PaidLately {
        /// How many rows.
        count: u64,
        /// `caps.once_per_days`.
        days: u32,
    },
    /// Another number of unchanged packets come back than a person said.
    BringBack {
        /// How many.
        count: u64,
        /// How many were to come.
        wanted: u64,
    },
    /// The file was loaded before, and has other rows now.
    ReadsOtherwise,
    /// Above the budget.
    Budget(CapFault),
}

english!(LoadRefusal);

impl LoadRefusal {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            LoadRefusal::KeySource { campaign, had } if *had => {
                words::had_row_key(campaign.as_str())
            }
            LoadRefusal::KeySource { campaign, .. } => words::had_no_row_key(campaign.as_str()),
            LoadRefusal::Repeats { count, line } => words::repeats(*count, *line),
            LoadRefusal::PaidAgain(unnamed) => met::refused(unnamed.words(), unnamed.flags()),
            LoadRefusal::PaidLately { count, days } => words::paid_lately(*count, *days),
            LoadRefusal::BringBack { count: 0, wanted } => load::bring_none(*wanted),
            LoadRefusal::ReadsOtherwise => load::reads_otherwise(),
            LoadRefusal::BringBack { count, wanted } => words::bring_back(*wanted, *count),
            LoadRefusal::Budget(fault) => words::budget(fault.words()),
        }
    }
}
