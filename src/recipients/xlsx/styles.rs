//! Which formats show a number as a date.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::Broken;
use super::package::Package;
use super::part::attribute;

/// A workbook has at most 64,000 formats of cells.
const FORMATS_MAX: usize = 64_000;

/// Formats of cells by number: whether each is a date's.
#[derive(Default)]
pub(super) struct Styles(Vec<bool>);

impl Styles {
    /// Reads the part; a workbook without styles has no dates.
    pub(super) fn read(
        package: &mut Package<impl Read + Seek>,
        name: &str,
    ) -> Result<Self, Broken> {
        let mut styles = Styles::default();
        let Some(mut part) = package.part(name)? else {
            return Ok(styles);
        };
        let mut codes: HashMap<u32, bool> = HashMap::new();
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
                            codes.extend(number("numFmtId")?.map(|id| (id, is_date_code(&code))));
                        }
                        "xf" if is_of_cells && styles.0.len() < FORMATS_MAX => {
                            let id = number("numFmtId")?.unwrap_or(0);
                            let is_date = codes.get(&id).copied();
                            styles.0.push(is_date.unwrap_or_else(|| is_date_id(id)));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the format shows a date or a time.
    pub(super) fn is_date(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or(false)
    }
}

/// The built-in formats: 27 to 36 and 50 to 58 are dates in Chinese, Japanese and Korean.
fn is_date_id(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format has a year, month, day, hour, minute or second outside its literals.
fn is_date_code(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
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
            assert!(is_date_code(code), "{code}");
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
        ] {
            assert!(!is_date_code(code), "{code}");
        }
    }
}
