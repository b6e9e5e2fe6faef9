//! Money in fen, behind a wall: no float comes in, no bare integer gets out by accident.

use std::fmt;
use std::iter::Sum;

use crate::words::{Words, alike, english, money as words};

/// An amount of money in fen (1 yuan = 100 fen). Displays as yuan, `12.30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(u64);

/// Why a text is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    /// Nothing but white space.
    Blank,
    /// A minus sign.
    Negative,
    /// More than two decimals.
    TooFine,
    /// `1e3`, `1E+2`.
    Exponent,
    /// `1,000`.
    Comma,
    /// Anything else that is not digits.
    NotANumber,
    /// A fraction where whole fen are expected.
    Fraction,
    /// Above 10^15 fen, far beyond all money of WeChat Pay.
    TooLarge,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);
    /// Largest amount read from a text: 10^15 fen. Sums of a billion such rows fit in 128 bits,
    /// and a ledger column in 63.
    const MAX_READ: u64 = 1_000_000_000_000_000;

    /// `fen` fen.
    #[must_use]
    pub const fn new(fen: u64) -> Self {
        Fen(fen)
    }

    /// The number of fen, for the wire, the ledger and JSON.
    #[must_use]
    pub const fn fen(self) -> u64 {
        self.0
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// The difference, or `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }

    /// Reads yuan with at most two decimals: `12` is 1200 fen, `12.3` and `12.30` are 1230.
    ///
    /// # Errors
    /// Where the text is anything but plain ASCII digits with at most one point.
    pub fn from_yuan(text: &str) -> Result<Fen, MoneyFault> {
        let text = text.trim();
        check_plain(text)?;
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        if whole.is_empty() || decimals.is_empty() || decimals.contains('.') {
            return Err(MoneyFault::NotANumber);
        }
        let cents = match decimals.len() {
            1 => digits(decimals)? * 10,
            2 => digits(decimals)?,
            _ => return Err(MoneyFault::TooFine),
        };
        let fen = digits(whole)?
            .checked_mul(100)
            .and_then(|whole| whole.checked_add(cents));
        fen.filter(|fen| *fen <= Self::MAX_READ)
            .map(Fen)
            .ok_or(MoneyFault::TooLarge)
    }

    /// Reads a whole number of fen.
    ///
    /// # Errors
    /// Where the text is anything but plain ASCII digits.
    pub fn from_fen(text: &str) -> Result<Fen, MoneyFault> {
        let text = text.trim();
        check_plain(text)?;
        if text.contains('.') {
            return Err(MoneyFault::Fraction);
        }
        let fen = digits(text)?;
        if fen > Self::MAX_READ {
            Err(MoneyFault::TooLarge)
        } else {
            Ok(Fen(fen))
        }
    }
}

/// Tells the usual mistakes apart before any digit is read.
fn check_plain(text: &str) -> Result<(), MoneyFault> {
    if text.is_empty() {
        return Err(MoneyFault::Blank);
    }
    if text.starts_with(['-', '−', '－']) {
        return Err(MoneyFault::Negative);
    }
    if text.contains([',', '，']) {
        return Err(MoneyFault::Comma);
    }
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    if is_number && text.contains(['e', 'E']) {
        return Err(MoneyFault::Exponent);
    }
    Ok(())
}

fn digits(text: &str) -> Result<u64, MoneyFault> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MoneyFault::NotANumber);
    }
    text.parse().map_err(|_| MoneyFault::TooLarge)
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

alike!(Fen);
english!(MoneyFault);

impl MoneyFault {
    /// In words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            MoneyFault::Blank => words::blank(),
            MoneyFault::Negative => words::negative(),
            MoneyFault::TooFine => words::too_fine(),
            MoneyFault::Exponent => words::exponent(),
            MoneyFault::Comma => words::comma(),
            MoneyFault::NotANumber => words::not_a_number(),
            MoneyFault::Fraction => words::fraction(),
            MoneyFault::TooLarge => words::too_large(),
        }
    }
}

impl Sum for Fen {
    /// Saturates: a sum that large is refused by every cap anyway.
    fn sum<I: Iterator<Item = Fen>>(amounts: I) -> Fen {
        Fen(amounts.fold(0, |sum, fen| sum.saturating_add(fen.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_texts_are_read_to_the_fen() {
        for (text, fen) in [
            ("1", 100),
            ("1.5", 150),
            ("1.05", 105),
            (" 200.00 ", 20_000),
            ("0", 0),
        ] {
            assert_eq!(Fen::from_yuan(text), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn every_usual_mistake_has_its_own_word() {
        for (text, fault) in [
            ("", MoneyFault::Blank),
            ("-1", MoneyFault::Negative),
            ("1.005", MoneyFault::TooFine),
            ("1e3", MoneyFault::Exponent),
            ("1,000", MoneyFault::Comma),
            ("NaN", MoneyFault::NotANumber),
            ("inf", MoneyFault::NotANumber),
            ("+1", MoneyFault::NotANumber),
            (".5", MoneyFault::NotANumber),
            ("5.", MoneyFault::NotANumber),
            ("1.2.3", MoneyFault::NotANumber),
            ("0x10", MoneyFault::NotANumber),
            ("99999999999999999999", MoneyFault::TooLarge),
            ("99999999999999", MoneyFault::TooLarge),
        ] {
            assert_eq!(Fen::from_yuan(text), Err(fault), "{text}");
        }
        assert_eq!(Fen::from_fen("1.5"), Err(MoneyFault::Fraction));
    }

    #[test]
    fn the_largest_amount_read_is_ten_trillion_yuan() {
        let most = Ok(Fen(1_000_000_000_000_000));
        assert_eq!(Fen::from_fen("1000000000000000"), most);
        assert_eq!(Fen::from_yuan("10000000000000.00"), most);
        let more = Err(MoneyFault::TooLarge);
        assert_eq!(Fen::from_fen("1000000000000001"), more);
        assert_eq!(Fen::from_yuan("10000000000000.01"), more);
    }

    #[test]
    fn sums_and_differences_that_do_not_fit_are_none() {
        assert_eq!(Fen(5).checked_add(Fen(7)), Some(Fen(12)));
        assert_eq!(Fen(u64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(7).checked_sub(Fen(5)), Some(Fen(2)));
        assert_eq!(Fen(5).checked_sub(Fen(7)), None);
        assert_eq!([5, 7].map(Fen).into_iter().sum::<Fen>(), Fen(12));
        assert_eq!(
            [1, u64::MAX].map(Fen).into_iter().sum::<Fen>(),
            Fen(u64::MAX)
        );
    }

    /// Up to 100,000 yuan, in the two forms that a file may have.
    #[test]
    fn every_fen_survives_its_text() {
        for fen in 0..=10_000_000 {
            let amount = Fen(fen);
            assert_eq!(Fen::from_yuan(&amount.to_string()), Ok(amount));
            assert_eq!(Fen::from_fen(&fen.to_string()), Ok(amount));
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(fen in 0u64..=1_000_000_000) {
            prop_assert_eq!(Fen::from_yuan(&Fen(fen).to_string()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::from_fen(&fen.to_string()), Ok(Fen(fen)));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = (Fen::from_yuan(&text), Fen::from_fen(&text));
        }
    }
}
