//! The people of a list whom other campaigns of the ledger sent a packet lately, or owe one, and
//! when a person has to say that they are to be paid again.

use crate::words::{Words, met as words, typed_word};

/// How far a load looks back, in Beijing days: a month of campaigns.
pub const LOOK_BACK_DAYS: u32 = 30;

/// Stands for every campaign where those are named that may be paid again.
pub const EVERY: &str = "all";

/// In what two lists are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// In every byte.
    File,
    /// In who is paid how much.
    People,
}

/// Another campaign, and the people of a list that it met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// The campaign.
    pub campaign: String,
    /// What is the same, where the whole list is.
    pub same: Option<Same>,
    /// Those whom it sent a packet lately.
    pub sent: u64,
    /// Those of them whom it may have sent one: the ledger may be behind, and nobody asked since.
    pub unasked: u64,
    /// Others of them, who wait for one: they are told of, and no reason to ask.
    pub owed: u64,
    /// All whom it sent a packet lately.
    pub of: u64,
}

/// A list beside the other campaigns of its ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetPeople {
    /// The people of the list; 0 where no campaign met anybody.
    pub people: u64,
    /// The campaigns, in the order in which they were made.
    pub by: Vec<Met>,
}

impl Same {
    /// Its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Same::File => "file",
            Same::People => "people",
        }
    }
}

impl Met {
    /// Whether a person has to say that they are to be paid again: the list is the same, or more
    /// than half of one side are the same people.
    fn needs_word(&self, people: u64) -> bool {
        let twice = self.sent.saturating_mul(2);
        let is_most = self.sent > 0 && (twice > self.of || twice > people);
        self.same.is_some() || is_most
    }

    /// What it has to do with a list of so many people.
    #[must_use]
    pub fn words(&self, people: u64) -> Words {
        let id = self.campaign.as_str();
        match (self.same, self.sent, self.owed) {
            (Some(Same::File), ..) => words::same_file(id),
            (Some(Same::People), ..) => words::same_people(id),
            (None, 0, owed) => words::owed(id, owed, people),
            (None, sent, owed) => {
                let told = words::sent(id, sent, people, LOOK_BACK_DAYS, self.of);
                let told = match self.unasked {
                    0 => told,
                    unasked => words::sent_and_unasked(told, unasked),
                };
                match owed {
                    0 => told,
                    owed => words::sent_and_owed(told, owed),
                }
            }
        }
    }
}

impl MetPeople {
    /// Of these campaigns, those that a person has to name and that are not named.
    #[must_use]
    pub fn unnamed(&self, named: &[String]) -> MetPeople {
        let is_named = |met: &Met| named.iter().any(|id| *id == met.campaign || id == EVERY);
        let by = self.by.iter();
        let by = by.filter(|met| met.needs_word(self.people) && !is_named(met));
        MetPeople {
            people: self.people,
            by: by.cloned().collect(),
        }
    }

    /// What they have to do with the list.
    #[must_use]
    pub fn words(&self) -> Vec<Words> {
        self.by.iter().map(|met| met.words(self.people)).collect()
    }

    /// The options that name them, as they are typed.
    #[must_use]
    pub fn flags(&self) -> String {
        let flag = |met: &Met| format!("--pay-again {}", typed_word(&met.campaign));
        let flags: Vec<String> = self.by.iter().map(flag).collect();
        flags.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(same: Option<Same>, (sent, owed, of): (u64, u64, u64)) -> Met {
        Met {
            campaign: "spring 2027".to_owned(),
            same,
            sent,
            unasked: 0,
            owed,
            of,
        }
    }

    #[test]
    fn more_than_half_of_one_side_wants_a_word() {
        for (sent, owed, of, people, needs) in [
            (5, 0, 5, 6, true),
            (1, 0, 2, 2, false),
            (1, 0, 1, 1_000_000, true),
            (1, 0, 1_000_000, 1, true),
            (50, 0, 100, 100, false),
            (51, 0, 102, 102, false),
            (51, 0, 101, 1_000, true),
            (0, 5, 0, 5, false),
            (0, 0, 0, 0, false),
            (1, 1, 1_000, 3, false),
            (2, 0, 1_000, 3, true),
        ] {
            let found = MetPeople {
                people,
                by: vec![met(None, (sent, owed, of))],
            };
            let is_asked = !found.unnamed(&[]).by.is_empty();
            assert_eq!(is_asked, needs, "{sent} and {owed} of {of}, {people}");
        }
        assert!(met(Some(Same::People), (0, 0, 0)).needs_word(9));
    }

    #[test]
    fn a_campaign_is_named_by_its_id_or_with_all() {
        let found = MetPeople {
            people: 6,
            by: vec![met(None, (5, 0, 5))],
        };
        for (named, left) in [
            (&["spring 2027"][..], 0),
            (&["all"], 0),
            (&["spring", "spring 2027"], 0),
            (&["spring"], 1),
            (&["ALL"], 1),
            (&[], 1),
        ] {
            let named: Vec<String> = named.iter().map(ToString::to_string).collect();
            assert_eq!(found.unnamed(&named).by.len(), left, "{named:?}");
        }
        assert_eq!(found.flags(), "--pay-again 'spring 2027'");
    }
}
