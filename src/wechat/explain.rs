//! Error codes in words: what WeChat Pay prints, what it means, what a person should do.
//!
//! For people only. What hongbao does follows from [`ErrCode::outcome`], so the words cannot
//! say one thing and the code do another.

use super::err_code::ErrCode;
use crate::domain::outcome::{Outcome, Until};

/// A code in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// WeChat Pay's own text.
    pub official_zh: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What hongbao does.
    pub reaction: &'static str,
    /// What a person should do.
    pub remedy: &'static str,
}

impl ErrCode {
    /// The code in words.
    #[must_use]
    pub fn explain(self) -> Explanation {
        let [official_zh, meaning, remedy] = self.words();
        Explanation {
            official_zh,
            meaning,
            reaction: reaction(&self.outcome()),
            remedy,
        }
    }
}

/// What hongbao does where a send ends like this.
#[must_use]
pub fn reaction(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted(_) => "Counts the packet as sent and keeps what opens it.",
        Outcome::Processing => "Waits, then queries the number; does not send it again.",
        Outcome::Throttled => "Slows down and sends the same number again: no order was made.",
        Outcome::RefusedWithoutOrder => {
            "Refuses the packet at once, unless an earlier send of it is in doubt."
        }
        Outcome::RefusedToConfirm => {
            "Queries the number until WeChat Pay says FAILED, and only then calls it refused."
        }
        Outcome::Halted => "Halts the campaign; nobody is refused, and the number stays.",
        Outcome::Deferred(Until::NextDay) => "Stops until the next day; the number stays.",
        Outcome::Deferred(Until::EightOClock) => "Stops until 8:00; the number stays.",
        Outcome::Clash => "Queries the number; without a payment, leaves it to a person.",
        Outcome::NotSent(_) => "Sends the same number again: nothing had left.",
        Outcome::InDoubt(_) => {
            "Holds the packet in doubt: same number again, or a query; never a new number."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_full() {
        for code in ErrCode::ALL {
            let words = code.explain();
            for text in [
                words.official_zh,
                words.meaning,
                words.reaction,
                words.remedy,
            ] {
                assert!(!text.is_empty(), "{code:?}");
            }
            assert!(!words.official_zh.is_ascii(), "{code:?}");
        }
    }

    #[test]
    fn the_reaction_is_told_by_what_the_code_does() {
        for code in ErrCode::ALL {
            let told = code.explain().reaction;
            for (word, outcome) in [
                ("Halts", Outcome::Halted),
                ("Refuses", Outcome::RefusedWithoutOrder),
                ("FAILED", Outcome::RefusedToConfirm),
                ("Slows down", Outcome::Throttled),
                ("next day", Outcome::Deferred(Until::NextDay)),
                ("8:00", Outcome::Deferred(Until::EightOClock)),
                ("Waits", Outcome::Processing),
                ("to a person", Outcome::Clash),
            ] {
                assert_eq!(told.contains(word), code.outcome() == outcome, "{code:?}");
            }
            let is_doubt = matches!(code.outcome(), Outcome::InDoubt(_));
            assert_eq!(told.contains("in doubt:"), is_doubt, "{code:?}");
        }
    }

    #[test]
    fn no_remedy_speaks_of_a_new_number_where_money_may_have_moved() {
        for code in ErrCode::ALL {
            if matches!(code.outcome(), Outcome::InDoubt(_) | Outcome::Processing) {
                assert!(!code.explain().remedy.contains("reissue"), "{code:?}");
            }
        }
    }
}
