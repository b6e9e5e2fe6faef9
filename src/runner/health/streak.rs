//! Refusals that are not about people: where many in a row, a large share, or all of a run are
//! refused, the set-up is to blame, and who was refused meanwhile is sent a second time. Pure.

use std::collections::VecDeque;

use crate::ledger::Said;

/// NO_AUTH or PARAM_ERROR without an acceptance between them that halt: a setting of the
/// merchant hides behind both.
const SUSPICIOUS: usize = 5;
/// Refusals of any one code without an acceptance between them that halt.
const REFUSALS: usize = 10;
/// The newest answers among which a share is counted: where one of two egress addresses is not
/// listed, half of them are refused, and acceptances stand between.
pub(in crate::runner) const WINDOW: usize = 100;
/// So many of a hundred answers with one code halt. Where a tenth of the people is refused, all
/// with one code, a window has so many less than once in ten million; where one of three addresses
/// is not listed, a third is.
const SHARE: usize = 30;
/// Fewer are no share, however small the run: a tenth of the first sixty has so many less than once
/// in a hundred thousand.
const LEAST: usize = 20;

/// How refusals show that the set-up is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// So many with one code, and nothing accepted between them.
    InARow(usize),
    /// So many with one code among the newest answers.
    Share(usize, usize),
}

/// The latest answers to first sends.
#[derive(Debug, Default)]
pub(super) struct Streak {
    /// The newest answers, the last one last.
    lately: VecDeque<Said>,
    /// Refusals since the last acceptance: the bill, by row, and the code.
    refused: Vec<(i64, String)>,
    /// Whether a packet was accepted since this process began.
    has_accepted: bool,
    /// The code of a streak that halted, if one did.
    accused: Option<String>,
}

impl Streak {
    /// Takes what was said before this process began.
    pub(in crate::runner) fn remember(&mut self, said: Said) -> Option<Sign> {
        match said {
            Said::Accepted => {
                self.refused.clear();
                self.keep(Said::Accepted);
                None
            }
            Said::Refused(bill, code) => self.refuse(bill, &code),
        }
    }

    /// A packet was accepted.
    pub(super) fn accept(&mut self) {
        self.has_accepted = true;
        self.refused.clear();
        self.keep(Said::Accepted);
    }

    /// A first send was refused: what that says about the set-up.
    pub(super) fn refuse(&mut self, bill: i64, code: &str) -> Option<Sign> {
        self.refused.push((bill, code.to_owned()));
        self.keep(Said::Refused(bill, code.to_owned()));
        let sign = self.sign(code)?;
        self.accused.get_or_insert_with(|| code.to_owned());
        Some(sign)
    }

    fn keep(&mut self, said: Said) {
        if self.lately.len() == WINDOW {
            self.lately.pop_front();
        }
        self.lately.push_back(said);
    }

    fn sign(&self, code: &str) -> Option<Sign> {
        let in_a_row = self.refused.iter().filter(|(_, known)| known == code);
        let in_a_row = in_a_row.count();
        let is_suspicious = matches!(code, "NO_AUTH" | "PARAM_ERROR");
        let bound = if is_suspicious { SUSPICIOUS } else { REFUSALS };
        if in_a_row >= bound {
            return Some(Sign::InARow(in_a_row));
        }
        let is_counted = |said: &&Said| matches!(said, Said::Refused(_, known) if known == code);
        let (count, of) = (
            self.lately.iter().filter(is_counted).count(),
            self.lately.len(),
        );
        let is_large = count >= LEAST && count * 100 >= of * SHARE;
        (is_large && !planted!(ShareNotCounted)).then_some(Sign::Share(count, of))
    }

    /// The number of refused packets where nobody was accepted at all, and the code of the last of
    /// them.
    pub(in crate::runner) fn nobody(&self) -> Option<(usize, &str)> {
        let last = self.refused.last().filter(|_| !self.has_accepted)?;
        Some((self.refused.len(), &last.1))
    }

    /// Whether a streak halted.
    pub(super) fn has_halted(&self) -> bool {
        self.accused.is_some()
    }

    /// The bills, by row, whose refusals accuse the set-up: with nothing accepted since, or of a
    /// large share.
    pub(super) fn members(&self) -> Vec<i64> {
        let of_share = self.lately.iter().filter_map(|said| match said {
            Said::Refused(bill, code) if self.accused.as_ref() == Some(code) => Some(*bill),
            Said::Refused(..) | Said::Accepted => None,
        });
        let in_a_row = self.refused.iter().map(|(bill, _)| *bill);
        let mut bills: Vec<i64> = in_a_row.chain(of_share).collect();
        bills.sort_unstable();
        bills.dedup();
        bills
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refuses every `each`th of `count` packets with this code; when that halts.
    fn halts(count: i64, each: i64, code: &str) -> Option<(i64, Sign)> {
        let mut streak = Streak::default();
        (1..=count).find_map(|bill| {
            if bill % each == 0 {
                return streak.refuse(bill, code).map(|sign| (bill, sign));
            }
            streak.accept();
            None
        })
    }

    #[test]
    fn so_many_in_a_row_halt() {
        assert_eq!(halts(60, 1, "NO_AUTH"), Some((5, Sign::InARow(5))));
        assert_eq!(halts(60, 1, "PARAM_ERROR"), Some((5, Sign::InARow(5))));
        assert_eq!(halts(60, 1, "OPENID_ERROR"), Some((10, Sign::InARow(10))));
    }

    #[test]
    fn a_half_or_a_third_of_one_code_halts_and_a_tenth_does_not() {
        for code in ["NO_AUTH", "OPENID_ERROR"] {
            assert_eq!(halts(60, 2, code), Some((40, Sign::Share(20, 40))));
            assert_eq!(halts(60, 3, code), Some((60, Sign::Share(20, 60))));
            assert_eq!(halts(100_000, 4, code), None);
            assert_eq!(halts(100_000, 10, code), None);
        }
    }

    /// Two hundred campaigns of five thousand, in which a tenth is refused by chance.
    #[test]
    fn ordinary_refusals_never_halt() {
        let mut dice = 7_u64;
        let mut throw = || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            dice >> 33
        };
        let codes = ["NO_AUTH", "OPENID_ERROR", "SENDNUM_LIMIT", "PARAM_ERROR"];
        for _ in 0..200 {
            let mut streak = Streak::default();
            for bill in 0..5_000 {
                if throw() % 10 > 0 {
                    streak.accept();
                    continue;
                }
                let code = codes[usize::try_from(throw() % 4).unwrap()];
                assert_eq!(streak.refuse(bill, code), None, "packet {bill}");
            }
        }
    }

    #[test]
    fn who_is_refused_in_a_streak_or_a_share_accuses_the_set_up_and_nobody_else() {
        let mut streak = Streak::default();
        streak.refuse(1, "OPENID_ERROR");
        streak.accept();
        streak.refuse(2, "OPENID_ERROR");
        for bill in 3..8 {
            streak.refuse(bill, "NO_AUTH");
        }
        // On its way when the run halted.
        streak.refuse(8, "NO_AUTH");
        assert_eq!(streak.members(), [2, 3, 4, 5, 6, 7, 8]);
        let mut streak = Streak::default();
        streak.refuse(1, "OPENID_ERROR");
        for bill in 1..=20 {
            streak.accept();
            streak.refuse(100 + bill, "NO_AUTH");
        }
        assert!(streak.has_halted());
        assert_eq!(streak.members(), (101..=120).collect::<Vec<_>>());
    }

    #[test]
    fn a_streak_goes_on_where_the_process_before_left_it() {
        let mut streak = Streak::default();
        streak.remember(Said::Accepted);
        for bill in 1..=4 {
            let said = Said::Refused(bill, "NO_AUTH".to_owned());
            assert_eq!(streak.remember(said), None);
        }
        assert_eq!(streak.nobody(), Some((4, "NO_AUTH")));
        assert_eq!(streak.refuse(5, "NO_AUTH"), Some(Sign::InARow(5)));
        streak.accept();
        assert_eq!(streak.nobody(), None);
    }
}
