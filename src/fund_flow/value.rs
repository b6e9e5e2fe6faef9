//! Times, amounts and counts as a bill writes them.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::fault::FlowCause;
use crate::domain::flow::row::Direction;
use crate::domain::money::Fen;
use crate::words::shown;

/// A cell fit to be shown.
pub(super) fn told(cell: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let short: String = cell.chars().take(SHOWN_MAX).collect();
    shown(&short).into_owned()
}

/// `2026-11-23 20:00:00`, which is Beijing's, in milliseconds of the Unix epoch. A spreadsheet may
/// have saved it as `2026/11/23 20:00:00`.
pub(super) fn time(cell: &str) -> Result<i64, FlowCause> {
    let read = || {
        let (date, time) = cell.split_once(' ')?;
        let separator = if date.contains('/') { '/' } else { '-' };
        let mut date = date.split(separator);
        let mut time = time.trim_start().split(':');
        let year: i16 = number(date.next()?, 4)?.try_into().ok()?;
        let [month, day] = [number(date.next()?, 2)?, number(date.next()?, 2)?];
        let [hour, minute] = [number(time.next()?, 2)?, number(time.next()?, 2)?];
        let second = time.next().map_or(Some(0), |text| number(text, 2))?;
        if date.next().is_some() || time.next().is_some() {
            return None;
        }
        let at = DateTime::new(
            year,
            month.try_into().ok()?,
            day.try_into().ok()?,
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            0,
        );
        let beijing = TimeZone::fixed(Offset::constant(8));
        let at = at.ok()?.to_zoned(beijing).ok()?;
        Some(at.timestamp().as_millisecond())
    };
    read().ok_or_else(|| FlowCause::Time(told(cell)))
}

/// A number of so many digits at most.
fn number(text: &str, most: usize) -> Option<u32> {
    let is_plain = text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// Which way, and how much. Where there is a column for the way, a sign may only agree with it.
pub(super) fn movement(
    direction: Option<&str>,
    amount: &str,
) -> Result<(Direction, Fen), FlowCause> {
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(digits) => (Some(Direction::Out), digits),
        None => match amount.strip_prefix('+') {
            Some(digits) => (Some(Direction::In), digits),
            None => (None, amount),
        },
    };
    let fen = Fen::from_yuan(digits).map_err(|fault| FlowCause::Amount(told(amount), fault))?;
    let known = |word: &str| Direction::ALL.into_iter().find(|it| it.word() == word);
    let way = match direction {
        // An export without the column writes what comes in without a sign.
        None => sign.unwrap_or(Direction::In),
        Some(word) => known(word).ok_or_else(|| FlowCause::Direction(told(word)))?,
    };
    if sign.is_some_and(|sign| sign != way) {
        return Err(FlowCause::Sign(told(amount)));
    }
    Ok((way, fen))
}

/// A count of the summary: `20`, and `20.0` in WeChat Pay's own sample.
pub(super) fn count(cell: &str) -> Result<u64, FlowCause> {
    let (whole, decimals) = cell.split_once('.').unwrap_or((cell, "0"));
    let is_whole = !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0');
    let digits = whole.bytes().all(|byte| byte.is_ascii_digit());
    let count = whole.parse().ok().filter(|_| is_whole && digits);
    count.ok_or_else(|| FlowCause::Count(told(cell)))
}

/// A sum of the summary.
pub(super) fn total(cell: &str) -> Result<Fen, FlowCause> {
    Fen::from_yuan(cell).map_err(|fault| FlowCause::Amount(told(cell), fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_beijings() {
        for text in [
            "2026-11-23 20:00:00",
            "2026/11/23 20:00",
            "2026/11/23  20:00:00",
        ] {
            assert_eq!(time(text), Ok(1_795_435_200_000), "{text}");
        }
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T20:00:00",
            "2026-11-31 20:00:00",
            "2026-11-23 24:00:00",
            "2026-11-23 20",
            "2026-11-23 20:00:00:00",
            "26-11-23-1 20:00:00",
            "2026-+1-23 20:00:00",
            "46349.83",
        ] {
            let fault = FlowCause::Time(text.to_owned());
            assert_eq!(time(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn the_way_is_told_by_a_word_or_by_a_sign() {
        let fen = Fen::new(1230);
        for (word, amount, way) in [
            (Some("支出"), "12.30", Direction::Out),
            (Some("支出"), "-12.30", Direction::Out),
            (Some("收入"), "12.3", Direction::In),
            (Some("收入"), "+12.3", Direction::In),
            (None, "-12.30", Direction::Out),
            (None, "12.30", Direction::In),
        ] {
            assert_eq!(movement(word, amount), Ok((way, fen)), "{word:?} {amount}");
        }
        for (word, amount) in [
            (Some("收入"), "-12.30"),
            (Some("支出"), "+12.30"),
            (Some("支付"), "12.30"),
            (Some(""), "12.30"),
            (None, ""),
            (None, "--1"),
            (None, "1,234.00"),
            (None, "1.234"),
            (None, "1e3"),
        ] {
            assert!(movement(word, amount).is_err(), "{word:?} {amount}");
        }
    }

    #[test]
    fn a_count_may_have_decimals_of_nothing() {
        assert_eq!(count("20"), Ok(20));
        assert_eq!(count("20.0"), Ok(20));
        assert_eq!(count("0.00"), Ok(0));
        for text in ["", "20.5", "20.", "-1", "+1", "x", "1 0", "1e1"] {
            assert!(count(text).is_err(), "{text}");
        }
        assert_eq!(total("0.0"), Ok(Fen::ZERO));
        assert!(total("-1.00").is_err());
    }
}
