//! Number formats: they show a date, or another number than the one that is stored.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::package::Package;
use super::part::attribute;

/// A workbook has at most 64,000 formats of cells.
const FORMATS_MAX: usize = 64_000;

/// The look of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Look {
    /// The number itself, perhaps with a currency.
    #[default]
    Plain,
    /// The number itself, said to be yuan.
    Yuan,
    /// The number with a decimal point, even where it is whole.
    Decimal,
    /// A date or a time.
    Date,
    /// Another amount than the number: 1.5 as 150%, 15,000 as 1.5 in 万, 100 as 100分, $100 or, by
    /// a point that is only printed, 1.00.
    Scaled,
}

/// Formats of cells by number.
#[derive(Default)]
pub(super) struct Styles(Vec<Look>);

impl Styles {
    /// Reads the part; a workbook without styles has no dates.
    pub(super) fn read(
        package: &mut Package<impl Read + Seek>,
        name: &str,
    ) -> Result<Self, BrokenWorkbook> {
        let mut styles = Styles::default();
        let Some(mut part) = package.part(name)? else {
            return Ok(styles);
        };
        let mut codes: HashMap<u32, Look> = HashMap::new();
        let mut is_of_cells = false;
        loop {
            match part.next()? {
                Event::Eof => return Ok(styles),
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_of_cells = false,
                Event::Start(tag) => {
                    let number = |name| Ok(attribute(&tag, name)?.and_then(|it| it.parse().ok()));
                    match tag.local_name().as_ref() {
                        "cellXfs" => is_of_cells = true,
                        "numFmt" if codes.len() < FORMATS_MAX => {
                            let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                            codes.extend(number("numFmtId")?.map(|id| (id, of_code(&code))));
                        }
                        "xf" if is_of_cells && styles.0.len() < FORMATS_MAX => {
                            let id = number("numFmtId")?.unwrap_or(0);
                            let look = codes.get(&id).copied();
                            styles.0.push(look.unwrap_or_else(|| of_id(id)));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// The look that the format gives a number.
    pub(super) fn look(&self, index: usize) -> Look {
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// The built-in formats: 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean.
fn of_id(id: u32) -> Look {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Look::Date,
        9 | 10 => Look::Scaled,
        5 | 6 | 42 => Look::Yuan,
        2 | 4 | 7 | 8 | 39 | 40 | 43 | 44 => Look::Decimal,
        _ => Look::Plain,
    }
}

/// Characters that make another amount of the number: units that are not yuan, other currencies,
/// and a point that shifts the digits.
const OTHER_UNITS: &[char] = &[
    '分', '角', '毛', '厘', '百', '千', '万', '亿', '$', '€', '£', '.', '．',
];

/// Characters that say yuan.
const YUAN: &[char] = &['元', '￥', '¥'];

fn of_code(code: &str) -> Look {
    let bare = without_literals(code);
    if is_date_code(code) {
        Look::Date
    } else if is_scaled(&bare) || printed(code).contains(OTHER_UNITS) {
        Look::Scaled
    } else if bare.contains(".0") && !bare.contains(['E', 'e']) {
        Look::Decimal
    } else if bare.contains(YUAN) || printed(code).contains(YUAN) {
        Look::Yuan
    } else {
        Look::Plain
    }
}

/// The format's placeholders and signs; what is only printed is left out.
fn without_literals(code: &str) -> String {
    let mut chars = code.chars();
    let mut bare = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '!' | '_' | '*' => drop(chars.next()),
            c => {
                bare.push(c);
                continue;
            }
        }
        bare.push(' ');
    }
    bare
}

/// The text that the format only prints: literals, and the currency of `[$HK$-C04]`.
fn printed(code: &str) -> String {
    let mut chars = code.chars();
    let mut printed = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => printed.extend(chars.by_ref().take_while(|c| *c != '"')),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let currency = inside.strip_prefix('$').and_then(|it| it.split('-').next());
                printed.push_str(currency.unwrap_or_default());
            }
            '\\' | '!' => printed.extend(chars.next()),
            '_' | '*' => drop(chars.next()),
            '$' | '€' | '£' => printed.push(c),
            _ => {}
        }
    }
    printed
}

/// Whether there is a percent sign, or a comma behind the last digit.
fn is_scaled(bare: &str) -> bool {
    let is_digit = |c: char| matches!(c, '0' | '#' | '?');
    let mut commas = bare.match_indices(',');
    bare.contains(['%', '‰'])
        || commas.any(|(at, _)| {
            let before = bare[..at].trim_end_matches(',');
            let behind = bare[at..].trim_start_matches(',');
            before.ends_with(is_digit) && !behind.starts_with(is_digit)
        })
}

/// Whether a format has a year, month, day, hour, minute or second outside its literals.
fn is_date_code(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '!' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let is_elapsed = |unit: char| inside.chars().all(|c| c.eq_ignore_ascii_case(&unit));
                if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(is_elapsed) {
                    return true;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            'G' | 'g' if chars.as_str().to_ascii_lowercase().starts_with("eneral") => {
                chars.nth(5);
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_money() {
        for code in [
            "yyyy/m/d",
            "m\"月\"d\"日\"",
            "[h]:mm",
            "[$-804]yyyy\"年\"m\"月\"",
            "h:mm AM/PM",
        ] {
            assert_eq!(of_code(code), Look::Date, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "\"day\" 0",
            "￥#,##0.00",
            "@",
            "_ * #,##0.00_ ;_ * \\-#,##0.00_ ",
            "0.00E+00",
            "#,##0.00\\d",
            "0.00\"元\"",
            "[$￥-804]#,##0.00",
            "[$-804]0.00",
        ] {
            let is_decimal = code.contains(".00") && code != "0.00E+00";
            let look = if is_decimal {
                Look::Decimal
            } else {
                Look::Plain
            };
            assert_eq!(of_code(code), look, "{code}");
        }
        for code in ["0\"元\"", "[$¥-804]#,##0", "￥0"] {
            assert_eq!(of_code(code), Look::Yuan, "{code}");
        }
        for code in [
            "0%",
            "0.00%",
            "0!.0,\"万\"",
            "0.00,",
            "#,##0,,",
            "#,##0,;-#,##0,",
            "0\\.00",
            "0\".\"00",
            "0!.00",
            "0\"分\"",
            "[$$-409]#,##0.00",
            "[$HK$-C04]0.00",
            "$0.00",
        ] {
            assert_eq!(of_code(code), Look::Scaled, "{code}");
        }
    }
}
