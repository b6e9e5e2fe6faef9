//! Whether a number may be given up, and its packet paid under a new one. A new number is the last
//! resort: nothing of what WeChat Pay may still do about the old one can be taken back.

use super::outcome::Sighting;
use super::seen;
use crate::domain::bill::{Action, Bill, Next};
use crate::domain::ids::MchBillno;
use crate::domain::rules::{Moment, QUERY_DAYS_MS, RetryRules};
use crate::domain::state::{Event, IllegalMove, State};
use crate::words::{Words, english, reissue as words, typed_word};

/// How long after the last send's deadline a query must begin: before that WeChat Pay may call an
/// order failed that it still works on.
pub const REST_MS: i64 = 600_000;

/// The facts about a number that somebody wants to give up.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the ledger that speaks for or against it"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// Where its bill stands.
    pub state: State,
    /// Whether an attempt of it is open.
    pub is_open: bool,
    /// Whether any attempt may have paid.
    pub was_in_doubt: bool,
    /// Whether it was sent, each send was refused, or never left, and no query saw an order: since
    /// its number was freed, where it was.
    pub left_no_order: bool,
    /// Whether a query ever said `FAILED`.
    pub was_failed: bool,
    /// When it was sent for the first time.
    pub first_sent: Option<i64>,
    /// When the newest question about the number after it began that found it unknown.
    pub next_unknown: Option<i64>,
    /// When the answer to its last send was due at the latest; to the first question about one that
    /// somebody else sent. `None` without either.
    pub deadline: Option<i64>,
    /// When its newest query began, and what it said.
    pub word: Option<(i64, Word)>,
    /// The number that took its place, if one did.
    pub replaced_by: Option<MchBillno>,
}

/// How a packet goes out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// Under the next number: WeChat Pay called this one `FAILED`.
    NextNumber,
    /// Under its own: nothing came of what was sent, and there is no gap below a live number.
    SameNumber,
}

/// The answer of the newest query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// `FAILED`.
    Failed,
    /// `NOT_FOUND`.
    NotFound,
    /// Anything else, as the ledger calls it.
    Other(String),
}

/// Why a number may not be given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// Not proven unpaid.
    State(State),
    /// Given up before.
    Replaced(MchBillno),
    /// A dead process left a request open.
    Open,
    /// An earlier number of the packet.
    EarlierPaid(MchBillno),
    /// A fund-flow bill says that it was paid.
    Billed,
    /// The last send is too recent: for so many milliseconds yet.
    TooEarly(i64),
    /// Not known any more, need not mean never known.
    TooLate,
    /// No usable answer of this command's own.
    Unasked,
    /// Asked, and not called failed.
    NotFailed(String),
    /// The same person's packet, of this campaign and number, may stand in its place.
    Elsewhere(String, MchBillno),
    /// It was exported from this campaign, and may have been paid from that list.
    Exported(String),
}

english!(Objection);

impl Objection {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Objection::State(state) => words::not_refused(*state),
            Objection::Replaced(number) => words::replaced(number.as_str()),
            Objection::Open => words::open(),
            Objection::EarlierPaid(number) => words::earlier_paid(number.as_str()),
            Objection::Billed => words::billed(),
            Objection::TooEarly(ms) => words::too_early((ms + 59_999) / 60_000),
            Objection::TooLate => words::too_late(),
            Objection::Unasked => words::unasked(),
            Objection::NotFailed(said) => words::not_failed(said.as_str()),
            Objection::Elsewhere(campaign, number) => {
                let again = typed_word(campaign);
                words::elsewhere(campaign.as_str(), number.as_str(), again)
            }
            Objection::Exported(campaign) => words::taken_along(typed_word(campaign)),
        }
    }
}

impl Trail {
    /// The ledger's own objections at `now`, before anything is asked.
    ///
    /// # Errors
    /// Where the number may not be given up, and no query can change that.
    pub fn check_before(&self, now: i64) -> Result<(), Objection> {
        if self.state != State::Refused {
            return Err(Objection::State(self.state));
        }
        if let Some(number) = &self.replaced_by {
            return Err(Objection::Replaced(number.clone()));
        }
        if self.is_open {
            return Err(Objection::Open);
        }
        let early = self.early(now).filter(|_| !self.can_be_unknown());
        early.map_or(Ok(()), |ms| Err(Objection::TooEarly(ms)))
    }

    /// How the packet may go out again, by queries that began at `since` or later: one about its
    /// number, and one about the next, which must be unknown.
    ///
    /// # Errors
    /// Where it may not.
    pub fn check(&self, since: i64) -> Result<Renewal, Objection> {
        let word = self.word.as_ref().filter(|(began, _)| *began >= since);
        self.check_before(word.map_or(i64::MAX, |(began, _)| *began))?;
        let Some((began, word)) = word else {
            return Err(Objection::Unasked);
        };
        let renewal = match word {
            Word::Failed => {
                let early = self.early(*began);
                early.map_or(Ok(Renewal::NextNumber), |ms| Err(Objection::TooEarly(ms)))
            }
            Word::NotFound if planted!(ReissuedByNotFound) => Ok(Renewal::NextNumber),
            Word::NotFound if !self.can_be_unknown() => {
                Err(Objection::NotFailed("NOT_FOUND".to_owned()))
            }
            Word::NotFound if self.is_forgotten(*began) => Err(Objection::TooLate),
            Word::NotFound => Ok(Renewal::SameNumber),
            Word::Other(said) => Err(Objection::NotFailed(said.clone())),
        }?;
        let is_next_unknown = self.next_unknown.is_some_and(|began| began >= since);
        if is_next_unknown {
            Ok(renewal)
        } else {
            Err(Objection::Unasked)
        }
    }

    /// Whether WeChat Pay need not know the number for it to be unpaid. What it once called
    /// `FAILED` it knew: that number is never sent again.
    fn can_be_unknown(&self) -> bool {
        (self.left_no_order && !self.was_in_doubt && !self.was_failed)
            || planted!(ReissuedByNotFound)
    }

    /// Whether WeChat Pay may have forgotten the number by then.
    fn is_forgotten(&self, began: i64) -> bool {
        let first = self.first_sent.unwrap_or(i64::MAX);
        began >= first.saturating_add(QUERY_DAYS_MS)
    }

    /// For how long after `began` no query counts yet.
    fn early(&self, began: i64) -> Option<i64> {
        let counts_from = self.deadline?.saturating_add(REST_MS);
        let is_early = began < counts_from && !planted!(ReissuedTooEarly);
        is_early.then(|| counts_from - began)
    }
}

impl Bill {
    /// A bill under a new number of a packet: WeChat Pay is asked about it before it is sent.
    #[must_use]
    pub fn reissued(now: i64) -> Self {
        let action = if planted!(NewNumberUnasked) {
            Action::Send
        } else {
            Action::Query
        };
        Bill {
            next: Some(Next { action, due: now }),
            ..Bill::new(now)
        }
    }

    /// The answer about the number after this one, which WeChat Pay called `FAILED` or does not
    /// know.
    ///
    /// # Errors
    /// Where the bill is not at the end of its life.
    pub fn record_next(
        &mut self,
        sighting: &Sighting,
        moment: &Moment,
        rules: &RetryRules,
    ) -> Result<Event, IllegalMove> {
        let event = seen::event_of_next(sighting, moment);
        if event == Event::SeenNothing && self.state == State::InDoubt {
            self.idle_queries += 1;
        }
        self.apply(event, moment, rules)?;
        self.is_window_closed |= event == Event::NextKnown;
        Ok(event)
    }

    /// The packet goes out again under its own number.
    ///
    /// # Errors
    /// Where the bill is not refused.
    pub fn send_again(&mut self, now: i64, rules: &RetryRules) -> Result<Event, IllegalMove> {
        self.apply(Event::Freed, &Moment::at(now), rules)?;
        Ok(Event::Freed)
    }

    /// Another number takes its place: this one is never sent again.
    ///
    /// # Errors
    /// Where the bill is not refused.
    pub fn give_up(&mut self) -> Result<Event, IllegalMove> {
        self.state = self.state.on(Event::Reissued)?;
        self.is_window_closed |= !planted!(OldNumberResent);
        Ok(Event::Reissued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: i64 = 1_000_000;
    const RESTED: i64 = DEADLINE + REST_MS;

    fn trail() -> Trail {
        Trail {
            state: State::Refused,
            is_open: false,
            was_in_doubt: true,
            left_no_order: false,
            was_failed: false,
            first_sent: Some(0),
            next_unknown: Some(RESTED),
            deadline: Some(DEADLINE),
            word: Some((RESTED, Word::Failed)),
            replaced_by: None,
        }
    }

    #[test]
    fn failed_frees_a_number_ten_minutes_after_the_last_deadline_and_no_sooner() {
        assert_eq!(trail().check(RESTED), Ok(Renewal::NextNumber));
        let early = Trail {
            word: Some((RESTED - 1, Word::Failed)),
            ..trail()
        };
        assert_eq!(early.check(0), Err(Objection::TooEarly(1)));
        let at_once = Trail {
            word: Some((DEADLINE, Word::Failed)),
            ..trail()
        };
        assert_eq!(at_once.check(0), Err(Objection::TooEarly(REST_MS)));
        assert!(Objection::TooEarly(1).to_string().ends_with("in 1 min"));
    }

    #[test]
    fn a_word_from_before_the_command_does_not_count() {
        assert_eq!(trail().check(RESTED + 1), Err(Objection::Unasked));
        let never = Trail {
            word: None,
            ..trail()
        };
        assert_eq!(never.check(0), Err(Objection::Unasked));
        for next_unknown in [None, Some(RESTED - 1)] {
            let of = Trail {
                next_unknown,
                ..trail()
            };
            assert_eq!(of.check(RESTED), Err(Objection::Unasked));
        }
    }

    #[test]
    fn a_number_that_cannot_have_left_an_order_is_sent_again_and_leaves_no_gap() {
        let unknown = |[was_in_doubt, left_no_order, was_failed]: [bool; 3]| {
            Trail {
                was_in_doubt,
                left_no_order,
                was_failed,
                word: Some((RESTED, Word::NotFound)),
                ..trail()
            }
            .check(RESTED)
        };
        assert_eq!(unknown([false, true, false]), Ok(Renewal::SameNumber));
        for of in [
            [true, true, false],
            [false, false, false],
            [true, false, false],
            [false, true, true],
        ] {
            let not_failed = Objection::NotFailed("NOT_FOUND".to_owned());
            assert_eq!(unknown(of), Err(not_failed), "{of:?}");
        }
    }

    #[test]
    fn what_wechat_pay_may_have_forgotten_is_not_sent_again() {
        let asked = |began| {
            Trail {
                was_in_doubt: false,
                left_no_order: true,
                word: Some((began, Word::NotFound)),
                next_unknown: Some(began),
                ..trail()
            }
            .check(began)
        };
        assert_eq!(asked(QUERY_DAYS_MS - 1), Ok(Renewal::SameNumber));
        assert_eq!(asked(QUERY_DAYS_MS), Err(Objection::TooLate));
    }

    #[test]
    fn a_number_that_left_no_order_need_not_rest() {
        let fresh = |word| Trail {
            was_in_doubt: false,
            left_no_order: true,
            word: Some((DEADLINE, word)),
            ..trail()
        };
        let not_found = fresh(Word::NotFound).check(DEADLINE);
        assert_eq!(not_found, Ok(Renewal::SameNumber));
        let failed = fresh(Word::Failed).check(DEADLINE);
        assert_eq!(failed, Err(Objection::TooEarly(REST_MS)));
        let sending = fresh(Word::Other("sending".to_owned()));
        assert!(sending.check(DEADLINE).is_err());
    }

    #[test]
    fn a_new_number_is_asked_about_before_it_is_sent() {
        let asked = Next {
            action: Action::Query,
            due: RESTED,
        };
        assert_eq!(Bill::reissued(RESTED).next, Some(asked));
    }

    #[test]
    fn nothing_but_a_settled_refusal_is_given_up() {
        for state in State::ALL {
            let of = Trail { state, ..trail() };
            let wanted = if state == State::Refused {
                Ok(Renewal::NextNumber)
            } else {
                Err(Objection::State(state))
            };
            assert_eq!(of.check(RESTED), wanted, "{state}");
        }
        let open = Trail {
            is_open: true,
            ..trail()
        };
        assert_eq!(open.check(RESTED), Err(Objection::Open));
        let number = MchBillno::new("100000985a14ykmoda8k1fdmz9rc").unwrap();
        let again = Trail {
            replaced_by: Some(number.clone()),
            ..trail()
        };
        assert_eq!(again.check(RESTED), Err(Objection::Replaced(number)));
    }
}
