//! The fate of a payment: claimed, or back with the merchant, as queries tell. The first word
//! stays: a later one that says otherwise is told, and changes nothing.

use crate::domain::money::Fen;

/// The queries' word on it; `None` where none told. A claimed packet may come without its time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fate {
    /// When it was claimed.
    pub received_at: Option<i64>,
    /// When what nobody claimed was back.
    pub refunded_at: Option<i64>,
    /// How much came back.
    pub refunded: Option<Fen>,
    /// WeChat Pay's reason. For people only: it never drives logic.
    pub reason: Option<String>,
}

/// A later answer that differs: as it was, and as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// When it was claimed.
    Received(i64, i64),
    /// When it was back.
    Refunded(i64, i64),
    /// How much was back: first of all what was sent.
    Refund(Fen, Fen),
}

impl Fate {
    /// Takes what an answer tells beside what is known, `sent` having been paid; the first thing
    /// that it tells otherwise.
    pub fn learn(&mut self, told: &Fate, sent: Fen) -> Option<Otherwise> {
        let refund = self.refunded.unwrap_or(sent);
        let otherwise = [
            differing(self.received_at, told.received_at)
                .map(|(was, is)| Otherwise::Received(was, is)),
            differing(self.refunded_at, told.refunded_at)
                .map(|(was, is)| Otherwise::Refunded(was, is)),
            differing(Some(refund), told.refunded).map(|(was, is)| Otherwise::Refund(was, is)),
        ];
        if planted!(FateOverwritten) {
            *self = told.clone();
        }
        self.received_at = self.received_at.or(told.received_at);
        self.refunded_at = self.refunded_at.or(told.refunded_at);
        self.refunded = self.refunded.or(told.refunded);
        // A reason is worded anew with each status: the newest one holds.
        self.reason = told.reason.clone().or(self.reason.take());
        otherwise.into_iter().flatten().next()
    }
}

/// Both, where there are both and they are not the same.
fn differing<T: PartialEq>(was: Option<T>, is: Option<T>) -> Option<(T, T)> {
    was.zip(is).filter(|(was, is)| was != is)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Fen = Fen::new(100);

    fn refunded(at: i64, fen: u64) -> Fate {
        Fate {
            refunded_at: Some(at),
            refunded: Some(Fen::new(fen)),
            ..Fate::default()
        }
    }

    fn received(at: i64) -> Fate {
        Fate {
            received_at: Some(at),
            ..Fate::default()
        }
    }

    #[test]
    fn what_was_not_known_is_filled_in_and_the_same_word_again_changes_nothing() {
        let mut fate = Fate::default();
        assert_eq!(fate.learn(&Fate::default(), SENT), None);
        for _ in 0..2 {
            assert_eq!(fate.learn(&refunded(5, 100), SENT), None);
            assert_eq!(fate, refunded(5, 100));
        }
        assert_eq!(fate.learn(&Fate::default(), SENT), None);
        assert_eq!(fate, refunded(5, 100), "an answer without times takes none");
    }

    #[test]
    fn another_word_is_told_and_the_first_one_stays() {
        let (mut claimed, mut back) = (received(5), refunded(5, 100));
        let otherwise = claimed.learn(&received(6), SENT);
        assert_eq!(otherwise, Some(Otherwise::Received(5, 6)));
        assert_eq!(claimed, received(5));
        let otherwise = back.learn(&refunded(6, 100), SENT);
        assert_eq!(otherwise, Some(Otherwise::Refunded(5, 6)));
        let otherwise = back.learn(&refunded(5, 99), SENT);
        assert_eq!(otherwise, Some(Otherwise::Refund(SENT, Fen::new(99))));
        assert_eq!(back, refunded(5, 100));
    }

    #[test]
    fn a_refund_of_another_amount_than_was_sent_is_told_and_is_on_record() {
        let mut fate = Fate::default();
        let otherwise = fate.learn(&refunded(5, 99), SENT);
        assert_eq!(otherwise, Some(Otherwise::Refund(SENT, Fen::new(99))));
        assert_eq!(fate, refunded(5, 99));
        assert_eq!(fate.learn(&refunded(5, 99), SENT), None, "told once");
    }

    #[test]
    fn the_newest_reason_holds() {
        let reason = |text: &str| Fate {
            reason: Some(text.to_owned()),
            ..Fate::default()
        };
        let mut fate = reason("one");
        assert_eq!(fate.learn(&reason("two"), SENT), None);
        assert_eq!(fate.learn(&Fate::default(), SENT), None);
        assert_eq!(fate, reason("two"));
    }
}
