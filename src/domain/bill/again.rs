//! The second chance: what was refused while the merchant's own set-up was to blame is sent once
//! more when that is mended. A wrong appid must not burn the file, and the second refusal is
//! believed like any other.

use super::causes::{Again, Confirming};
use super::facts::Bill;
use super::state::{Event, IllegalMove, State};
use super::step::{Action, Next};
use crate::domain::rules::Moment;

impl Bill {
    /// Whether its refusal may turn out to be the set-up's fault: it is open or final, nothing may
    /// have been paid, and it had no second chance.
    #[must_use]
    pub fn is_excusable(&self) -> bool {
        let is_refused = match self.state {
            State::Refused => true,
            State::InDoubt => self
                .confirming
                .is_some_and(|cause| cause != Confirming::Clash),
            State::Ready
            | State::InFlight
            | State::Processing
            | State::Sent
            | State::Received
            | State::Refunding
            | State::Refunded
            | State::Withdrawn
            | State::Review => false,
        };
        is_refused && self.again.is_none() && self.doubt_since.is_none() && !self.is_window_closed
    }

    /// Whether a refusal that leaves no order is about the recipient: somebody else was accepted,
    /// or it is the second one.
    pub(in crate::domain) fn is_believed(&self, moment: &Moment) -> bool {
        moment.has_accepted || self.again == Some(Again::Given)
    }

    /// Its refusal accuses the set-up. What a query called FAILED is never sent again.
    ///
    /// # Errors
    /// Where the bill was not refused.
    pub fn excuse(&mut self, was_called_failed: bool) -> Result<Event, IllegalMove> {
        self.state = self.state.on(Event::Excused)?;
        self.again = Some(if was_called_failed {
            Again::Failed
        } else {
            Again::Owed
        });
        Ok(Event::Excused)
    }

    /// Whether its second chance has come, the run allowing for it: its refusal is confirmed, or
    /// leaves no order by its kind.
    #[must_use]
    pub fn is_owed_again(&self) -> bool {
        let leaves_no_order = match self.confirming {
            Some(Confirming::Held) => true,
            Some(Confirming::UnlessKnown) => self.not_found > 0,
            Some(Confirming::Refusal | Confirming::Clash | Confirming::Failed) | None => false,
        };
        let is_free =
            self.state == State::Refused || self.state == State::InDoubt && leaves_no_order;
        let is_owed = self.again == Some(Again::Owed);
        is_owed && is_free && self.doubt_since.is_none() && !self.is_window_closed
    }

    /// Its second chance comes: what was sent counts as answered, the bounds begin anew, and
    /// WeChat Pay is asked about the number before it is sent.
    ///
    /// # Errors
    /// Where the bill was not refused.
    pub fn free(&mut self, now: i64) -> Result<Event, IllegalMove> {
        self.enter(self.state.on(Event::Freed)?);
        (self.confirming, self.confirming_since) = (None, None);
        (self.doubtful_sends, self.idle_queries, self.not_found) = (0, 0, 0);
        self.next = Some(Next {
            action: Action::Query,
            due: now,
        });
        Ok(Event::Freed)
    }

    /// A person has its second chance: another list has come to its recipient since. What is in
    /// doubt is asked about until its refusal is confirmed.
    ///
    /// # Errors
    /// Where the bill was not refused.
    pub fn pass_over(&mut self, now: i64) -> Result<Event, IllegalMove> {
        self.state = self.state.on(Event::PassedOver)?;
        self.again = Some(Again::Given);
        if self.state == State::InDoubt {
            let (action, due) = (Action::Query, now);
            self.next = Some(Next { action, due });
        }
        Ok(Event::PassedOver)
    }
}
