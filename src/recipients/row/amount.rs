//! An amount as people write it, read to the fen or refused.

use std::borrow::Cow;

use crate::domain::money::{Fen, MoneyFault};

use super::around::{YUAN_SIGNS, in_the_way, visible};
use super::cell::{CellKind, Row, is_digits};
use super::header::Header;
use super::meaning::Unit;
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;

/// Why a cell gives no amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::recipients) enum NoAmount {
    /// The cell is at fault.
    Fault(Cause),
    /// Its column is: it does not say of what this is a whole number.
    NoUnit { as_yuan: Fen, as_fen: Fen },
}

impl<T: Into<Cause>> From<T> for NoAmount {
    fn from(cause: T) -> NoAmount {
        NoAmount::Fault(cause.into())
    }
}

/// Reads the amount in a cell.
pub(in crate::recipients) fn amount(
    unit: Unit,
    cell: &str,
    kind: CellKind,
) -> Result<Fen, NoAmount> {
    let is_float = kind == CellKind::Number;
    // Shown with 元 or ￥, it says what it is a number of.
    let unit = match (unit, kind) {
        (Unit::Unnamed, CellKind::Yuan) => Unit::Yuan,
        (unit, _) => unit,
    };
    let found = match read(unit, cell) {
        Err(NoAmount::Fault(Cause::Money(MoneyFault::TooFine | MoneyFault::Fraction)))
            if is_float && whole(cell).is_none() =>
        {
            as_shown(cell).map_or_else(|| Err(Cause::Inexact.into()), |shown| read(unit, &shown))
        }
        found => found,
    };
    let amount = found.map_err(|why| match why {
        NoAmount::Fault(Cause::Money(MoneyFault::TooFine)) if is_float => Cause::Inexact.into(),
        NoAmount::Fault(Cause::Money(MoneyFault::Fraction)) => match whole(cell) {
            Some(whole) => AmountFault::WholeFen(whole.to_owned()).into(),
            None => why,
        },
        why => why,
    })?;
    if amount == Fen::ZERO {
        return Err(Cause::Zero.into());
    }
    Ok(amount)
}

/// The number as a spreadsheet shows it, which keeps 15 digits: 1.1 × 1.1 × 5 is 6.05 there, and
/// 6.050000000000001 in its file.
fn as_shown(cell: &str) -> Option<String> {
    let number: f64 = cell.parse().ok()?;
    let shown: f64 = format!("{number:.14e}").parse().ok()?;
    Some(shown.to_string())
}

/// The whole number of `188.0`, as programs write one that went through a float.
fn whole(cell: &str) -> Option<&str> {
    let (whole, rest) = cell.trim().split_once('.')?;
    let is_nothing = !rest.is_empty() && rest.bytes().all(|byte| byte == b'0');
    (is_nothing && is_digits(whole)).then_some(whole)
}

fn read(unit: Unit, cell: &str) -> Result<Fen, NoAmount> {
    let text = fold(cell);
    let digits = match unit {
        Unit::Fen => &text.digits,
        Unit::Yuan | Unit::Unnamed => without_noughts(&text.digits),
    };
    let yuan = || Fen::from_yuan(digits).map_err(|fault| in_the_way(cell, fault));
    let fen = || Fen::from_fen(digits).map_err(|fault| in_the_way(cell, fault));
    match (unit, text.says) {
        (Unit::Yuan, Some(NamedUnit::Fen)) => {
            yuan()?;
            Err(AmountFault::FenAmongYuan.into())
        }
        (Unit::Fen, Some(NamedUnit::Yuan)) => {
            yuan()?;
            Err(AmountFault::YuanAmongFen.into())
        }
        (Unit::Yuan, _) | (Unit::Unnamed, Some(NamedUnit::Yuan)) => Ok(yuan()?),
        (Unit::Fen, _) | (Unit::Unnamed, Some(NamedUnit::Fen)) => Ok(fen()?),
        (Unit::Unnamed, None) => {
            let as_yuan = yuan()?;
            if digits.contains('.') || as_yuan == Fen::ZERO {
                return Ok(as_yuan);
            }
            let as_fen = fen()?;
            Err(NoAmount::NoUnit { as_yuan, as_fen })
        }
    }
}

/// `1.8800`, as databases write yuan, without the noughts behind its fen. One alone stays, and is
/// refused: `1.880` and `1.000` are thousands in half of Europe.
fn without_noughts(digits: &str) -> &str {
    let decimals = digits.split_once('.').map_or("", |(_, decimals)| decimals);
    match decimals.split_at_checked(2) {
        Some((_, rest)) if rest.len() >= 2 && rest.bytes().all(|byte| byte == b'0') => {
            &digits[..digits.len() - rest.len()]
        }
        _ => digits,
    }
}

/// The unit that a cell names itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamedUnit {
    Yuan,
    Fen,
}

/// An amount in half-width digits, and the unit beside it.
struct Folded<'a> {
    digits: Cow<'a, str>,
    says: Option<NamedUnit>,
}

fn fold(cell: &str) -> Folded<'_> {
    let cell = cell.trim();
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    if cell.bytes().all(is_plain) {
        return Folded {
            digits: cell.into(),
            says: None,
        };
    }
    let text = visible(cell);
    let bare = text.trim_start_matches(YUAN_SIGNS).trim_start();
    let (bare, says) = match (bare.strip_suffix('元'), bare.strip_suffix('分')) {
        (Some(bare), _) => (bare, Some(NamedUnit::Yuan)),
        (None, Some(fen)) if bare.len() == text.len() => (fen, Some(NamedUnit::Fen)),
        (None, _) if bare.len() < text.len() => (bare, Some(NamedUnit::Yuan)),
        (None, _) => (bare, None),
    };
    Folded {
        says,
        digits: without_thousands(bare.trim_end()).into(),
    }
}

/// `1,288.00` without its comma. A comma anywhere else stays, and is refused with the amount; so
/// is one behind a nought: `0,188` is 0.188 in half of Europe.
fn without_thousands(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let is_grouped = (1..=3).contains(&first.len())
        && is_digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && is_digits(group));
    if is_grouped && !decimals.contains(',') {
        text.replace(',', "")
    } else {
        text.to_owned()
    }
}

/// A number whose digits a spreadsheet has kept: programs number their rows with such.
pub(super) fn is_short_number(text: &str) -> bool {
    text.len() <= 9 && is_digits(text)
}

/// A number of fen in digits alone.
pub(super) fn whole_number(text: &str) -> Option<Fen> {
    Fen::from_fen(text).ok().filter(|_| is_digits(text))
}

/// The same number in the other unit, where it is a whole one.
pub(super) fn in_other_unit(amount: Fen, unit: Unit) -> Option<Fen> {
    let fen = amount.fen();
    match unit {
        Unit::Fen => fen.checked_mul(100).map(Fen::new),
        Unit::Yuan => fen.is_multiple_of(100).then(|| Fen::new(fen / 100)),
        Unit::Unnamed => None,
    }
}

/// `1,88` without quotes is 1 below the amount, and 88 below a name or a text, where a row has a
/// cell less than it should.
pub(super) fn split_amount(header: &Header, row: &Row) -> Option<(usize, Cause)> {
    let index = header.before_text?;
    let (amount, behind) = (row.cells.get(index)?, row.cells.get(index + 1)?);
    // This is all that a common row costs.
    if !behind.trim_start().starts_with(is_any_digit) {
        return None;
    }
    // Without a unit a whole number is none of yuan, and refused with its column.
    if header.amount().1 == Unit::Unnamed && is_digits(amount.trim()) {
        return None;
    }
    let (amount, behind) = (before_comma(amount)?, behind_comma(behind)?);
    let (whole, decimals) = behind.split_once('.').unwrap_or((&behind, ""));
    let is_split = match whole.len() {
        2 => decimals.is_empty(),
        3 => true,
        _ => false,
    };
    is_split.then(|| (index, AmountFault::Split { amount, behind }.into()))
}

fn is_any_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The digits of `1` and `￥1`, which a comma may follow: an amount with a point has all of it.
pub(super) fn before_comma(cell: &str) -> Option<String> {
    let text = visible(cell);
    let bare = text.trim_start_matches(YUAN_SIGNS).trim_start();
    is_digits(bare).then(|| bare.to_owned())
}

/// The digits of `88`, `288.00` and `88元`, which may have stood behind a comma.
fn behind_comma(cell: &str) -> Option<String> {
    let text = visible(cell);
    let bare = text.strip_suffix(['元', '块']).unwrap_or(&text).trim_end();
    let (whole, decimals) = bare.split_once('.').unwrap_or((bare, "00"));
    (is_digits(whole) && is_digits(decimals)).then(|| bare.to_owned())
}

/// Whether the cell may have stood behind the comma of an amount, in a row with a cell too many:
/// digits alone, or as many as follow a comma and what may follow them.
pub(super) fn may_follow(cell: &str) -> bool {
    const NEXT: [char; 8] = ['.', ',', '元', '块', '圆', '角', '￥', '¥'];
    let text = visible(cell);
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    match rest.trim_start() {
        "" => digits > 0,
        rest => {
            (1..=3).contains(&digits)
                && (rest.starts_with(NEXT)
                    || ["rmb", "cny", "yuan"].iter().any(|unit| {
                        rest.get(..unit.len())
                            .is_some_and(|it| it.eq_ignore_ascii_case(unit))
                    }))
        }
    }
}

/// Whether the cell may be an amount of money as a whole: `1.88`, `￥1.88`, `66元`.
pub(super) fn may_be_amount(cell: &str) -> bool {
    let text = visible(cell);
    let bare = text.trim_start_matches(YUAN_SIGNS).trim_start();
    let bare = bare.strip_suffix(['元', '块']).unwrap_or(bare).trim_end();
    bare.contains(is_any_digit)
        && bare
            .chars()
            .all(|c| is_any_digit(c) || matches!(c, '.' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(cell: &str) -> Result<u64, Cause> {
        amount(Unit::Yuan, cell, CellKind::Text)
            .map(Fen::fen)
            .map_err(|why| match why {
                NoAmount::Fault(cause) => cause,
                NoAmount::NoUnit { .. } => panic!("{cell}: the column says yuan"),
            })
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
            ("'1.88", 188),
            ("1.88\u{200B}", 188),
            ("\u{FEFF}￥1.88", 188),
            ("1.88 ", 188),
            ("1.8800", 188),
            ("￥2.500000元", 250),
            ("188.0000", 18_800),
        ] {
            assert_eq!(yuan(cell), Ok(fen), "{cell}");
        }
        let fen = |cell| amount(Unit::Fen, cell, CellKind::Text);
        assert_eq!(fen("１，２８８"), Ok(Fen::new(1288)));
        assert_eq!(fen("12元"), Err(AmountFault::YuanAmongFen.into()));
        assert_eq!(fen("188分"), Ok(Fen::new(188)));
        assert_eq!(fen("１，８８８ 分"), Ok(Fen::new(1888)));
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        for cell in [
            "1,28",
            "1,2888",
            ",288",
            "1288,000",
            "1.288,00",
            "12,34.5",
            "1,000,",
            "0,188",
            "00,188",
            "0,150.00",
            "０，１８８",
            "0,188元",
            "￥0,188",
            "01,188",
            "000,188",
            "0,000.50",
        ] {
            assert_eq!(yuan(cell), Err(MoneyFault::Comma.into()), "{cell}");
        }
        for cell in ["2026/1/5", "1月5日", "5-Jan", "2026-01-05", "2026/1/5 8:30"] {
            assert_eq!(yuan(cell), Err(Cause::Date), "{cell}");
        }
    }

    #[test]
    fn a_number_that_was_written_otherwise_is_told_as_it_should_be() {
        for (cell, number) in [("1。88", "1.88"), ("￥1·88元", "1.88"), ("1'88", "1.88")] {
            let sign = visible(cell).chars().find(|c| "。·'".contains(*c)).unwrap();
            let told = AmountFault::Point(sign, number.to_owned());
            assert_eq!(yuan(cell), Err(told.into()), "{cell}");
        }
        for (cell, number) in [
            ("5元5角", "5.50"),
            ("1元88分", "1.88"),
            ("1元8角8分", "1.88"),
            ("￥1元5分", "1.05"),
            ("5块5", "5.50"),
            ("5块5毛", "5.50"),
        ] {
            let told = AmountFault::Apart(number.to_owned());
            assert_eq!(yuan(cell), Err(told.into()), "{cell}");
        }
    }

    type Told = fn(String) -> AmountFault;

    #[test]
    fn words_beside_a_number_are_told_by_what_they_mean() {
        for (told, cells) in [
            (
                AmountFault::Marked as Told,
                &[
                    ("10.00 (已付)", "(已付)"),
                    ("10.00元（已付）", "(已付)"),
                    ("1.88不发", "不发"),
                    ("作废2.00", "作废"),
                    ("￥10.00 待确认", "待确认"),
                ][..],
            ),
            (
                AmountFault::Foreign,
                &[
                    ("USD5", "USD"),
                    ("$5", "$"),
                    ("HK$2", "HK$"),
                    ("5美元", "美元"),
                    ("100积分", "积分"),
                ],
            ),
            (
                AmountFault::Scaled,
                &[
                    ("100万", "万"),
                    ("2w", "w"),
                    ("1K", "K"),
                    ("2 千元", "千元"),
                ],
            ),
            (
                AmountFault::Share,
                &[("1.88%", "%"), ("8折", "折"), ("2倍", "倍")],
            ),
            (AmountFault::Counted, &[("2份", "份"), ("3 个", "个")]),
            (
                |text| AmountFault::Apart(text),
                &[("50角", "5.0"), ("1毛", "0.1"), ("1.5角", "0.15")],
            ),
        ] {
            for (cell, beside) in cells {
                let beside = (*beside).to_owned();
                assert_eq!(yuan(cell), Err(told(beside).into()), "{cell}");
            }
        }
    }

    #[test]
    fn what_is_in_the_way_is_told() {
        for (cell, beside) in [
            ("1.88 CNY", "CNY"),
            ("5.00 RMB", "RMB"),
            ("CNY 1.88", "CNY"),
            ("RMB5", "RMB"),
            ("人民币5元", "人民币"),
            ("1.88*", "*"),
            ("5块", "块"),
            ("5块钱", "块钱"),
            ("5元整", "整"),
            ("5元/人", "/人"),
            ("1.00元元", "元"),
            ("￥188分", "分"),
            ("约5元", "约"),
            ("+1.88", "+"),
            ("5·2", "·"),
            ("5;10", ";"),
            ("5*2", "*"),
            ("1,888.00 CNY", "CNY"),
            ("1e", "e"),
        ] {
            let told = AmountFault::Beside(beside.to_owned());
            assert_eq!(yuan(cell), Err(told.into()), "{cell}");
        }
        for cell in [
            "(1.88)",
            "（1.88）",
            "￥(1.88)",
            "(￥1.88)",
            "( 1,888.00 )",
            "(1.88)元",
        ] {
            assert_eq!(yuan(cell), Err(AmountFault::Brackets.into()), "{cell}");
        }
        for cell in ["-", "￥-", "¥ -   ", "—", "--", "- 元", "－", "/", "￥ - "] {
            assert_eq!(yuan(cell), Err(AmountFault::Dash.into()), "{cell}");
        }
        for cell in [
            "-1.88", "￥-1.88", "-￥1.88", "1.88-", "－1.88", "−5元", "- 5",
        ] {
            assert_eq!(yuan(cell), Err(MoneyFault::Negative.into()), "{cell}");
        }
        for cell in [
            "1 2",
            "10.00 (3人)",
            "2 x 5.00",
            "1元2元",
            "100元2",
            "5元100分",
        ] {
            assert_eq!(yuan(cell), Err(AmountFault::Several.into()), "{cell}");
        }
        for cell in ["١.٨٨", "一元八角八分", "壹.捌捌", "..", "abc.def.ghi"] {
            assert_eq!(yuan(cell), Err(MoneyFault::NotANumber.into()), "{cell}");
        }
        for cell in ["#N/A", "#REF!", "#div/0!", "#VALUE!", "#####"] {
            assert_eq!(yuan(cell), Err(Cause::SheetError), "{cell}");
        }
        for (cell, fault) in [
            ("1e3", MoneyFault::Exponent),
            ("1.5E+02", MoneyFault::Exponent),
            ("1.2.3", MoneyFault::NotANumber),
            ("待定", MoneyFault::NotANumber),
            ("五元", MoneyFault::NotANumber),
            ("NULL", MoneyFault::NotANumber),
            ("元", MoneyFault::Blank),
            ("￥", MoneyFault::Blank),
            ("1.885", MoneyFault::TooFine),
            ("￥1.885", MoneyFault::TooFine),
            ("99999999999999999元", MoneyFault::TooLarge),
        ] {
            assert_eq!(yuan(cell), Err(fault.into()), "{cell}");
        }
        assert_eq!(yuan("=A2*2"), Err(Cause::Formula));
        assert_eq!(yuan("188分"), Err(AmountFault::FenAmongYuan.into()));
        assert_eq!(yuan("五分"), Err(MoneyFault::NotANumber.into()));
    }

    #[test]
    fn ranges_and_marks_between_thousands_are_told() {
        for cell in [
            "10-20",
            "1-2",
            "2-30",
            "10~20",
            "10—20",
            "10－20",
            "1.5-2.5",
            "10到20",
            "10至20元",
            "3-5元",
            "5元-10元",
            "￥5～￥10",
            "1/5",
            "5/10",
        ] {
            assert_eq!(yuan(cell), Err(AmountFault::Range.into()), "{cell}");
        }
        assert_eq!(yuan("0 188"), Err(AmountFault::Several.into()));
        for (cell, mark, number) in [
            ("1 888.00", ' ', "1888.00"),
            ("1\u{A0}888", '\u{A0}', "1888"),
            ("1\u{202F}888,00", '\u{202F}', "1888.00"),
            ("1'888", '\'', "1888"),
            ("1’888.50", '’', "1888.50"),
            ("12_888_000", '_', "12888000"),
            ("￥1 888 元", ' ', "1888"),
        ] {
            let told = AmountFault::Thousands(mark, number.to_owned());
            assert_eq!(yuan(cell), Err(told.into()), "{cell}");
        }
    }

    #[test]
    fn an_amount_without_a_unit_shows_both_readings() {
        let read = |cell| amount(Unit::Unnamed, cell, CellKind::Text);
        let both = NoAmount::NoUnit {
            as_yuan: Fen::new(50_000),
            as_fen: Fen::new(500),
        };
        assert_eq!(read("500"), Err(both));
        assert_eq!(read("500元"), Ok(Fen::new(50_000)));
        assert_eq!(read("500分"), Ok(Fen::new(500)));
        assert_eq!(read("5.0"), Ok(Fen::new(500)));
        assert_eq!(read("0"), Err(Cause::Zero.into()));
    }

    #[test]
    fn a_number_cell_that_is_no_whole_fen_is_told_apart() {
        let number = |unit, cell| amount(unit, cell, CellKind::Number);
        for shown in ["3.3000000000000003", "3.3"] {
            assert_eq!(number(Unit::Yuan, shown), Ok(Fen::new(330)), "{shown}");
        }
        for cell in ["3.30000000000003", "33.333333333333336"] {
            let inexact = Err(Cause::Inexact.into());
            assert_eq!(number(Unit::Yuan, cell), inexact, "{cell}");
        }
        assert_eq!(number(Unit::Fen, "1.5"), Err(MoneyFault::Fraction.into()));
        assert_eq!(number(Unit::Fen, "188.00000000000003"), Ok(Fen::new(188)));
        for cell in ["1.005", "1.000", "1.880", "1.8801", "1.88001", "1.8850"] {
            assert_eq!(yuan(cell), Err(MoneyFault::TooFine.into()), "{cell}");
        }
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
