//! An amount as people write it, read to the fen or refused.

use std::borrow::Cow;

use crate::domain::money::{Fen, MoneyFault};

use super::cell::{CellKind, half_width};
use super::header::Unit;
use crate::recipients::fault::cause::Cause;

/// Reads the amount in a cell.
pub(in crate::recipients) fn amount(unit: Unit, cell: &str, kind: CellKind) -> Result<Fen, Cause> {
    let amount = read(unit, cell).map_err(|cause| match cause {
        Cause::Money(MoneyFault::TooFine) if kind == CellKind::Number => Cause::Inexact,
        Cause::Money(MoneyFault::Fraction)
            if kind == CellKind::Number && !cell.ends_with(".00") =>
        {
            Cause::Inexact
        }
        cause => cause,
    })?;
    if amount == Fen::ZERO {
        return Err(Cause::Zero);
    }
    Ok(amount)
}

fn read(unit: Unit, cell: &str) -> Result<Fen, Cause> {
    let text = fold(cell);
    let fault = |fault| match fault {
        MoneyFault::NotANumber if is_date(&text.digits) => Cause::Date,
        fault => fault.into(),
    };
    let yuan = || Fen::from_yuan(&text.digits).map_err(fault);
    match unit {
        Unit::Yuan => yuan(),
        Unit::Fen if text.says_yuan => Err(Cause::YuanAmongFen),
        Unit::Fen => Fen::from_fen(&text.digits).map_err(fault),
        Unit::Unnamed => {
            let as_yuan = yuan()?;
            if text.says_yuan || text.digits.contains('.') {
                return Ok(as_yuan);
            }
            let as_fen = Fen::from_fen(&text.digits).map_err(fault)?;
            Err(Cause::NoUnit { as_yuan, as_fen })
        }
    }
}

/// An amount in half-width digits, and whether it was marked as yuan.
struct Folded<'a> {
    digits: Cow<'a, str>,
    says_yuan: bool,
}

fn fold(cell: &str) -> Folded<'_> {
    let cell = cell.trim();
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    if cell.bytes().all(is_plain) {
        return Folded {
            digits: cell.into(),
            says_yuan: false,
        };
    }
    let half: String = cell.chars().map(half_width).collect();
    let bare = half.trim().trim_start_matches(['￥', '¥']).trim_start();
    let bare = bare.strip_suffix('元').unwrap_or(bare).trim_end();
    Folded {
        says_yuan: bare.len() < half.trim().len(),
        digits: without_thousands(bare).into(),
    }
}

/// `1,288.00` without its comma. A comma anywhere else stays, and is refused with the amount.
fn without_thousands(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let is_number = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or("");
    let is_grouped = (1..=3).contains(&first.len())
        && is_number(first)
        && groups.all(|group| group.len() == 3 && is_number(group));
    if is_grouped && !decimals.contains(',') {
        text.replace(',', "")
    } else {
        text.to_owned()
    }
}

/// `2026/1/5`, `1月5日`, `5-Jan`: what spreadsheets make of `1.5` and its like.
fn is_date(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let mut parts = text.split(['/', '-', '年', '月', '日', ':', ' ']);
    let is_part = |part: &str| {
        let is_word = part.len() >= 3 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        part.is_empty() || part.bytes().all(|byte| byte.is_ascii_digit()) || is_word
    };
    let is_split = text.contains(['/', '-', '年', '月', '日', ':']);
    starts && is_split && parts.all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(cell: &str) -> Result<u64, Cause> {
        amount(Unit::Yuan, cell, CellKind::Text).map(Fen::fen)
    }

    #[test]
    fn what_people_write_is_folded() {
        for (cell, fen) in [
            ("12.5", 1250),
            ("１２．５０", 1250),
            ("￥12.50", 1250),
            ("¥ 12.50", 1250),
            ("12.50元", 1250),
            ("￥１，２８８．００ 元", 128_800),
            ("1,288.00", 128_800),
            ("12,345,678.9", 1_234_567_890),
            ("\u{A0}5\u{3000}", 500),
        ] {
            assert_eq!(yuan(cell), Ok(fen), "{cell}");
        }
        let fen = |cell| amount(Unit::Fen, cell, CellKind::Text);
        assert_eq!(fen("１，２８８"), Ok(Fen::new(1288)));
        assert_eq!(fen("12元"), Err(Cause::YuanAmongFen));
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        for cell in [
            "1,28", "1,2888", ",288", "1288,000", "1.288,00", "12,34.5", "1,000,",
        ] {
            assert_eq!(yuan(cell), Err(MoneyFault::Comma.into()), "{cell}");
        }
        for cell in ["元", "5分", "￥", "1.00元元", "5角", "USD5", "1 2", "1.2.3"] {
            assert_eq!(yuan(cell).ok(), None, "{cell}");
        }
        for cell in [
            "2026/1/5",
            "1月5日",
            "5-Jan",
            "2026-01-05",
            "1/5",
            "2026/1/5 8:30",
        ] {
            assert_eq!(yuan(cell), Err(Cause::Date), "{cell}");
        }
    }

    #[test]
    fn an_amount_without_a_unit_shows_both_readings() {
        let read = |cell| amount(Unit::Unnamed, cell, CellKind::Text);
        let both = Cause::NoUnit {
            as_yuan: Fen::new(50_000),
            as_fen: Fen::new(500),
        };
        assert_eq!(read("500"), Err(both.clone()));
        let words = both.to_string();
        assert!(
            words.contains("500.00 yuan") && words.contains("5.00 yuan"),
            "{words}"
        );
        assert_eq!(read("500元"), Ok(Fen::new(50_000)));
        assert_eq!(read("5.0"), Ok(Fen::new(500)));
    }

    #[test]
    fn a_number_cell_that_is_no_whole_fen_is_told_apart() {
        let number = |unit, cell| amount(unit, cell, CellKind::Number);
        assert_eq!(
            number(Unit::Yuan, "3.3000000000000003"),
            Err(Cause::Inexact)
        );
        assert_eq!(number(Unit::Fen, "1.5"), Err(Cause::Inexact));
        assert_eq!(yuan("1.005"), Err(MoneyFault::TooFine.into()));
    }

    /// The way of a spreadsheet: yuan through a float and back. All of them in a release build or
    /// with `HONGBAO_FULL=1`, every 101st otherwise.
    #[test]
    fn every_fen_to_a_hundred_thousand_yuan_survives_text_and_float() {
        let is_full = !cfg!(debug_assertions) || std::env::var_os("HONGBAO_FULL").is_some();
        for fen in (0..=10_000_000u64).step_by(if is_full { 1 } else { 101 }) {
            let text = Fen::new(fen).to_string();
            assert_eq!(Fen::from_yuan(&text), Ok(Fen::new(fen)));
            let float: f64 = text.parse().unwrap();
            assert_eq!(Fen::from_yuan(&float.to_string()), Ok(Fen::new(fen)));
            assert_eq!(Fen::from_fen(&fen.to_string()), Ok(Fen::new(fen)));
        }
    }
}
