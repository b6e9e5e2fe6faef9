//! Number formats: whether a person sees the number that is stored, and what it is said to be.
//!
//! A code is cut into what it shows: placeholders of digits, and texts around them. Only what shows
//! the stored number, digit by digit, is a plain one: 1.88 as `0` is a 2 on the screen, and as
//! `;;;` nothing at all.

use super::code::{Token, sections};
use crate::recipients::row::currency::prints_other_money;

/// The look of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Look {
    /// The number itself, perhaps with a currency.
    #[default]
    Plain,
    /// The number itself, said to be yuan.
    Yuan,
    /// The number itself, said to be fen.
    Fen,
    /// The number with a decimal point, even where it is whole.
    Decimal,
    /// A date or a time.
    Date,
    /// The number as money that is not yuan.
    Foreign,
    /// Something else than the number: 1.5 as 150%, 15,000 as 1.5 in 万, 1.88 as 2, 100 as 1.00 by
    /// a point that is only printed, or nothing.
    Other,
}

/// More decimals than a float has show nothing else of it; a code may ask for any number.
const DECIMALS_MAX: usize = 20;

/// A format code.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberFormat {
    sections: Vec<FormatPart>,
    hides_text: bool,
}

/// What is between the semicolons of a code.
#[derive(Debug, Clone)]
struct FormatPart {
    /// Of `[>=100]`: the sign, and the number.
    condition: Option<(String, f64)>,
    look: Look,
    shown: Shown,
}

/// How much of the number is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shown {
    /// All of it.
    Whole,
    /// So many decimals.
    Decimals(usize),
    /// So many decimals of its mantissa.
    Mantissa(usize),
}

impl NumberFormat {
    /// Of a code.
    pub(super) fn of_code(code: &str) -> NumberFormat {
        let tokens = sections(code);
        let is_default = tokens.len() == 1 && tokens[0].is_empty();
        let mut sections: Vec<FormatPart> = tokens.iter().map(|it| section(it)).collect();
        if is_default {
            sections.clear();
        }
        // The fourth section is of texts.
        let hides_text = tokens
            .get(3)
            .is_some_and(|it| !it.contains(&Token::General));
        NumberFormat {
            sections,
            hides_text,
        }
    }

    /// The built-in formats, as Chinese Excel has them: 27 to 36 and 50 to 58 are dates there.
    pub(super) fn of_id(id: u32) -> NumberFormat {
        NumberFormat::of_code(match id {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 | 41 => "#,##0",
            4 | 39 | 40 | 43 => "#,##0.00",
            5 | 6 | 42 => "￥#,##0",
            7 | 8 | 44 => "￥#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            12 => "# ?/?",
            13 => "# ??/??",
            14..=22 | 27..=36 | 45..=47 | 50..=58 => "yyyy/m/d",
            48 => "##0.0E+0",
            _ => "",
        })
    }

    /// Whether a text in the cell is not shown, as below `;;;`.
    pub(super) fn hides_text(&self) -> bool {
        self.hides_text
    }

    /// The look that it gives the number.
    pub(super) fn look(&self, number: f64) -> Look {
        if self.sections.is_empty() {
            return Look::Plain;
        }
        let section = self.section(number);
        section.map_or(Look::Other, |section| {
            let is_whole = section.shown.is_whole(number);
            match section.look {
                Look::Date => Look::Date,
                look if is_whole => look,
                _ => Look::Other,
            }
        })
    }

    fn section(&self, number: f64) -> Option<&FormatPart> {
        let numbers = &self.sections[..self.sections.len().min(3)];
        if numbers.iter().any(|section| section.condition.is_some()) {
            return numbers.iter().find(|section| section.takes(number));
        }
        let index = match numbers.len() {
            3 if number == 0.0 => 2,
            2 | 3 if number < 0.0 => 1,
            _ => 0,
        };
        numbers.get(index)
    }
}

impl FormatPart {
    fn takes(&self, number: f64) -> bool {
        let Some((sign, than)) = &self.condition else {
            return true;
        };
        let order = number.total_cmp(than);
        match sign.as_str() {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "<>" => order.is_ne(),
            _ => order.is_eq(),
        }
    }
}

impl Shown {
    /// Whether nothing of the number is hidden. The noise of a float is told as such elsewhere.
    fn is_whole(self, number: f64) -> bool {
        let is_near = |shown: f64| (shown - number).abs() < 1e-7;
        match self {
            Shown::Whole => true,
            Shown::Decimals(count) => {
                let count = count.min(DECIMALS_MAX);
                format!("{number:.count$}").parse().is_ok_and(is_near)
            }
            Shown::Mantissa(count) => {
                let count = count.min(DECIMALS_MAX);
                format!("{number:.count$e}").parse().is_ok_and(is_near)
            }
        }
    }
}

/// Characters that make another amount of the number: units that are not yuan, and a point or a
/// digit that is only printed.
const OTHER_UNITS: &[char] = &[
    '角', '毛', '厘', '十', '百', '千', '万', '亿', '.', '．', '%', '‰',
];

/// Thousands, 万 and millions in letters, each a word of its own.
const SCALES: &[&str] = &["k", "w", "m"];

/// Characters that say yuan.
const YUAN: &[char] = &['元', '￥', '¥'];

fn section(tokens: &[Token]) -> FormatPart {
    let condition = tokens.iter().find_map(|token| match token {
        Token::Condition(sign, than) => Some((sign.clone(), *than)),
        _ => None,
    });
    let texts: String = tokens.iter().filter_map(printed).collect();
    let (look, shown) = if tokens.contains(&Token::Date) {
        (Look::Date, Shown::Whole)
    } else if prints_other_money(&texts) {
        (Look::Foreign, Shown::Whole)
    } else {
        of_number(tokens).unwrap_or((Look::Other, Shown::Whole))
    };
    FormatPart {
        condition,
        look,
        shown,
    }
}

/// How the number is shown; `None` where it is another one, or none at all.
fn of_number(tokens: &[Token]) -> Option<(Look, Shown)> {
    let printed: String = tokens.iter().filter_map(printed).collect();
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let words = printed.to_lowercase();
    let mut words = words.split(|c: char| !c.is_alphabetic() || !c.is_ascii());
    if printed.contains(OTHER_UNITS)
        || printed.contains(is_digit)
        || words.any(|word| SCALES.contains(&word))
        || tokens.contains(&Token::Percent)
    {
        return None;
    }
    let unit = match (printed.contains('分'), printed.contains(YUAN)) {
        (true, true) => return None,
        (true, false) => Look::Fen,
        (false, true) => Look::Yuan,
        (false, false) => Look::Plain,
    };
    if tokens.contains(&Token::General) {
        return Some((unit, Shown::Whole));
    }
    let is_place = |token: &Token| matches!(token, Token::Digit(_));
    let first = tokens.iter().position(is_place)?;
    let last = tokens.iter().rposition(is_place)?;
    let first = if first > 0 && tokens[first - 1] == Token::Point {
        first - 1
    } else {
        first
    };
    let inside = &tokens[first..=last];
    let is_cut = |token: &Token| matches!(token, Token::Printed(text) if !text.trim().is_empty());
    let is_fraction = inside.contains(&Token::Slash);
    let points = inside
        .iter()
        .filter(|token| **token == Token::Point)
        .count();
    if inside.iter().any(is_cut) || points > 1 || scales(tokens, last) || scales_inside(inside) {
        return None;
    }
    if is_fraction {
        return Some((unit, Shown::Decimals(0)));
    }
    let (mantissa, exponent) = match inside.iter().position(|it| *it == Token::Exponent) {
        Some(at) => (&inside[..at], true),
        None => (inside, false),
    };
    let point = mantissa.iter().position(|it| *it == Token::Point);
    let places = |tokens: &[Token]| tokens.iter().filter(|it| is_place(it)).count();
    let decimals = point.map_or(0, |at| places(&mantissa[at..]));
    if exponent {
        let before = places(&mantissa[..point.unwrap_or(mantissa.len())]);
        return Some((unit, Shown::Mantissa(decimals + before.saturating_sub(1))));
    }
    let has_point = point.is_some_and(|at| mantissa.get(at + 1) == Some(&Token::Digit('0')));
    let look = match unit {
        Look::Plain | Look::Yuan if has_point => Look::Decimal,
        unit => unit,
    };
    Some((look, Shown::Decimals(decimals)))
}

fn printed(token: &Token) -> Option<&str> {
    match token {
        Token::Printed(text) => Some(text),
        _ => None,
    }
}

/// Whether a comma stands behind the last place: it divides by a thousand.
fn scales(tokens: &[Token], last: usize) -> bool {
    tokens.get(last + 1) == Some(&Token::Comma)
}

/// Whether a comma stands before the point.
fn scales_inside(inside: &[Token]) -> bool {
    let commas = inside.chunk_by(|a, b| (*a == Token::Comma) == (*b == Token::Comma));
    let mut pieces = commas.peekable();
    while let Some(piece) = pieces.next() {
        let is_before_place = |next: &&[Token]| matches!(next[0], Token::Digit(_));
        if piece[0] == Token::Comma && !pieces.peek().is_some_and(is_before_place) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(code: &str, number: f64) -> Look {
        NumberFormat::of_code(code).look(number)
    }

    #[test]
    fn dates_are_told_from_money() {
        for code in [
            "yyyy/m/d",
            "m\"月\"d\"日\"",
            "[h]:mm",
            "[$-804]yyyy\"年\"m\"月\"",
            "h:mm AM/PM",
            "[$-411]ge.m.d",
        ] {
            assert_eq!(look(code, 46_027.0), Look::Date, "{code}");
        }
    }

    #[test]
    fn what_shows_the_number_is_plain() {
        for code in [
            "",
            "General",
            "G/通用格式",
            "[DBNum1]General",
            "[DBNum2][$-804]General",
            "[DBNum1][$-804]0.###",
            "@",
            "\"day\" 0",
            "0.0#",
            "#",
            "[Red]#,##0_);(#,##0)",
            "000000",
            "0.00E+00",
            "##0.0E+0",
            "[>100]0;[<=100]0.##",
        ] {
            let number = if code == "0.0#" { 18.8 } else { 188.0 };
            let wanted = if code == "0.0#" {
                Look::Decimal
            } else {
                Look::Plain
            };
            assert_eq!(look(code, number), wanted, "{code}");
        }
        for code in [
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "￥#,##0.00",
            "_ * #,##0.00_ ;_ * \\-#,##0.00_ ",
            "#,##0.00\\d",
            "0.00\"元\"",
            "[$￥-804]#,##0.00",
            "[$-804]0.00",
            "0.00;;;",
            ".00",
        ] {
            assert_eq!(look(code, 1.88), Look::Decimal, "{code}");
        }
        for code in [
            "0\"元\"",
            "[$¥-804]#,##0",
            "￥0",
            "General\"元\"",
            "[DBNum2]General\"元整\"",
            "0\" CNY\"\"元\"",
        ] {
            assert_eq!(look(code, 188.0), Look::Yuan, "{code}");
        }
        assert_eq!(look("0\"分\"", 188.0), Look::Fen);
    }

    #[test]
    fn a_code_of_any_length_is_read() {
        let zeros = "0".repeat(70_000);
        for (code, wanted) in [
            (format!("0.{zeros}E+00"), Look::Plain),
            (format!("{zeros}.0E+00"), Look::Plain),
            (format!("0.{zeros}"), Look::Decimal),
        ] {
            assert_eq!(look(&code, 1.88), wanted, "{}", &code[..2]);
        }
    }

    #[test]
    fn what_shows_something_else_is_told() {
        for (code, number) in [
            ("0%", 1.88),
            ("0.00%", 1.88),
            ("0!.0,\"万\"", 15_000.0),
            ("0.00,", 1_880.0),
            ("#,##0,,", 188.0),
            ("#,##0,;-#,##0,", 188.0),
            ("0,.00", 188.0),
            ("0\\.00", 188.0),
            ("0\".\"00", 188.0),
            ("0!.00", 188.0),
            ("[DBNum2][$-804]0", 1.88),
            ("0\"K元\"", 188.0),
            ("0\"K\"", 188.0),
            ("0", 1.88),
            ("#,##0", 188.5),
            ("0\"元\"", 1.88),
            ("0.0", 1.88),
            ("0.00", 1.885),
            ("0.00E+00", 12_345.0),
            ("# ?/?", 1.88),
            (";;;", 1.88),
            (";;", 1.88),
            ("\"\"", 1.88),
            ("\"已付\"", 1.88),
            ("0.00;;", -1.88),
            ("\"1\"0", 88.0),
            ("10", 8.0),
            ("0-00", 188.0),
            ("[=1.88]\"一元\";0.00", 1.88),
            ("[>100]0;0.00", 188.5),
            ("[>100]0.00;[<1]0.00", 1.88),
        ] {
            assert_eq!(look(code, number), Look::Other, "{code}");
        }
        for (code, number) in [
            ("[$$-409]#,##0.00", 1.88),
            ("[$HK$-C04]0.00", 1.88),
            ("[$USD] 0.00", 1.88),
            ("$0.00", 1.88),
            ("[$USD]", 1.88),
            ("0.00\" EUR\"", 1.88),
            ("#,##0.00\"美元\"", 1.88),
            ("\"港币\"0.00", 1.88),
            ("[$JP¥-411]0", 188.0),
            ("[$¥-411]#,##0", 188.0),
            ("[$￥-D010411]0.00", 1.88),
            ("[$₩-412]0", 188.0),
        ] {
            assert_eq!(look(code, number), Look::Foreign, "{code}");
        }
        assert_eq!(look("[>100]0;0.00", 1.88), Look::Decimal);
        assert_eq!(look("[Red][<0]0.00;0.00", 1.88), Look::Decimal);
    }

    #[test]
    fn a_text_that_is_not_shown_is_known() {
        for (code, hides) in [
            (";;;", true),
            ("0;0;0;\"***\"", true),
            ("0.00;-0.00;0;@", false),
            ("0;;;@\"!\"", false),
            (";;", false),
            ("@", false),
            ("", false),
        ] {
            assert_eq!(NumberFormat::of_code(code).hides_text(), hides, "{code}");
        }
    }
}
