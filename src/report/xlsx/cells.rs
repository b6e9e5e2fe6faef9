//! Numbers, times and texts as a workbook has them.

use std::borrow::Cow;
use std::io::{Error, Result};

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::domain::money::Fen;

/// The most characters that a cell takes.
const TEXT: usize = 32_767;
/// Days from the epoch of spreadsheets to that of Unix.
const EPOCH_DAYS: i64 = 25_569;
const DAY_SECONDS: i64 = 86_400;
/// Beijing has had one offset since 1991.
const BEIJING_SECONDS: i64 = 8 * 3_600;

/// An error of the workbook's writer, as an error of its output.
pub(super) fn written<T>(result: std::result::Result<T, XlsxError>) -> Result<T> {
    result.map_err(|fault| match fault {
        XlsxError::IoError(fault) => fault,
        fault => Error::other(fault),
    })
}

/// A whole number: a workbook's numbers are floats, exact up to 2^53.
pub(super) fn number(number: u64) -> f64 {
    let half = |bits: u64| f64::from(u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0));
    half(number >> 32) * 4_294_967_296.0 + half(number)
}

/// Yuan: the float that is nearest to the decimal.
pub(super) fn yuan(amount: Fen) -> f64 {
    number(amount.fen()) / 100.0
}

/// A time as spreadsheets count it, in days, of Beijing and to the second.
pub(super) fn time(at_ms: i64) -> f64 {
    let seconds = at_ms.div_euclid(1000) + BEIJING_SECONDS;
    let part = |part: i64| f64::from(i32::try_from(part).unwrap_or(0));
    let days = part(seconds.div_euclid(DAY_SECONDS) + EPOCH_DAYS);
    days + part(seconds.rem_euclid(DAY_SECONDS)) / part(DAY_SECONDS)
}

/// A Beijing day, counted from 1970.
pub(super) fn day(day: i64) -> f64 {
    f64::from(i32::try_from(day + EPOCH_DAYS).unwrap_or(0))
}

/// Writes a text, which is never taken for a formula or a link.
pub(super) fn text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<()> {
    if !text.is_empty() {
        written(sheet.write_string(row, column, clipped(text)))?;
    }
    Ok(())
}

/// As much of it as a cell takes.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    // A character has at least one byte.
    if text.len() <= TEXT || text.encode_utf16().count() <= TEXT {
        return text.into();
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < TEXT
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(left: f64, right: f64) -> bool {
        (left - right).abs() < f64::EPSILON
    }

    #[test]
    fn numbers_and_amounts_are_what_their_decimals_are() {
        for fen in [
            0,
            1,
            29,
            1_230,
            4_294_967_295,
            4_294_967_296,
            900_719_925_474_099,
        ] {
            assert_eq!(number(fen).to_string(), fen.to_string());
            let decimal: f64 = Fen::new(fen).to_string().parse().unwrap();
            assert!(is(yuan(Fen::new(fen)), decimal), "{fen}");
        }
    }

    #[test]
    fn a_time_is_the_day_and_its_part_in_beijing() {
        // 2026-11-23T20:00:00+08:00
        assert!(is(time(1_795_435_200_000), 46_349.0 + 20.0 / 24.0));
        assert!(is(time(1_795_435_200_999), time(1_795_435_200_000)));
        assert!(is(day(0), 25_569.0));
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_is_cut() {
        let long = "红".repeat(TEXT + 1);
        assert_eq!(clipped(&long).chars().count(), TEXT);
        assert_eq!(clipped("红"), "红");
        let wide = "𝄞".repeat(TEXT);
        assert!(clipped(&wide).encode_utf16().count() <= TEXT);
    }
}
