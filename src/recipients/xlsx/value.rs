//! A cell's value as a person sees it.

use quick_xml::events::BytesStart;

use super::broken::BrokenWorkbook;
use super::strings::Strings;
use super::styles::Styles;
use super::tag::attribute;
use crate::recipients::look::format::Look;
use crate::recipients::row::cell::CellKind;

/// The parts that all sheets of a workbook share.
pub(super) struct WorkbookParts {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    pub(super) is_1904: bool,
}

/// The attributes of a cell.
pub(super) struct CellHead {
    pub(super) address: Option<String>,
    pub(super) style: usize,
    kind: String,
}

impl CellHead {
    pub(super) fn of(tag: &BytesStart<'_>) -> Result<CellHead, BrokenWorkbook> {
        let style = attribute(tag, "s")?;
        Ok(CellHead {
            address: attribute(tag, "r")?,
            style: style.and_then(|it| it.parse().ok()).unwrap_or(0),
            kind: attribute(tag, "t")?.unwrap_or_default(),
        })
    }
}

/// The content of a cell.
#[derive(Default)]
pub(super) struct Body {
    pub(super) value: Option<String>,
    pub(super) inline: Option<String>,
    /// Whether a part of the inline text is not seen on white.
    pub(super) has_unseen: bool,
    pub(super) is_formula: bool,
    pub(super) formula: String,
}

impl WorkbookParts {
    /// Whether a part of the cell's text is not seen in it.
    pub(super) fn has_unseen(&self, head: &CellHead, body: &Body) -> bool {
        let shared = body.value.as_ref().filter(|_| head.kind == "s");
        let shared = shared.and_then(|it| it.trim().parse().ok());
        let has_unseen = body.has_unseen || shared.is_some_and(|it| self.strings.is_unseen(it));
        has_unseen && self.styles.is_white(head.style)
    }

    /// The cell as a person sees it, or why it makes no sense.
    pub(super) fn cell(
        &self,
        head: &CellHead,
        body: Body,
    ) -> Result<(CellKind, String), &'static str> {
        let has_value = body.value.is_some();
        let value = body.value.unwrap_or_default();
        let (kind, text) = match head.kind.as_str() {
            "inlineStr" => (CellKind::Text, body.inline.unwrap_or_default()),
            // A program that writes formulas and cannot calculate leaves no value, or a blank one
            // for a number.
            kind if body.is_formula
                && (!has_value || (matches!(kind, "" | "n") && value.trim().is_empty())) =>
            {
                return Ok((CellKind::Uncalculated, format!("={}", body.formula)));
            }
            "str" => (CellKind::Text, value),
            _ if value.trim().is_empty() => (CellKind::Text, String::new()),
            "s" => {
                let text = value
                    .trim()
                    .parse()
                    .ok()
                    .and_then(|it| self.strings.get(it));
                let text = text.ok_or("the workbook has no such shared string")?;
                (CellKind::Text, text.to_owned())
            }
            "b" if value.trim() == "0" => (CellKind::Truth, "FALSE".to_owned()),
            "b" => (CellKind::Truth, "TRUE".to_owned()),
            "e" => (CellKind::Error, value),
            "d" => (CellKind::Date, value),
            "n" | "" => self.number(head.style, value.trim())?,
            _ => return Err("a cell of an unknown type"),
        };
        let kind = if body.is_formula {
            CellKind::Formula
        } else {
            kind
        };
        Ok((kind, text))
    }

    /// A number in its shortest decimal form: 1.37 is written 1.3700000000000001 by some. A whole
    /// number has a point where a person sees one: it tells yuan from fen.
    fn number(&self, style: usize, value: &str) -> Result<(CellKind, String), &'static str> {
        let number: f64 = value.parse().map_err(|_| "a number that is none")?;
        if !number.is_finite() {
            return Err("a number that is none");
        }
        match self.styles.look(style, number) {
            Look::Yuan if number.fract() == 0.0 => Ok((CellKind::Yuan, number.to_string())),
            Look::Fen => Ok((CellKind::Fen, number.to_string())),
            Look::Plain | Look::Yuan => Ok((CellKind::Number, number.to_string())),
            Look::Decimal => {
                let text = number.to_string();
                let end = if text.contains('.') { "" } else { ".00" };
                Ok((CellKind::Number, text + end))
            }
            Look::Foreign => Ok((CellKind::Foreign, number.to_string())),
            Look::Other => Ok((CellKind::Scaled, number.to_string())),
            Look::Date => {
                let words = date_words(number, self.is_1904);
                Ok((CellKind::Date, words.unwrap_or_else(|| number.to_string())))
            }
        }
    }
}

/// The date of a serial number: days since the last of 1899, in which 1900 is a leap year.
fn date_words(serial: f64, is_1904: bool) -> Option<String> {
    let days = serial.floor();
    let seconds = ((serial - days) * 86_400.0).round();
    let first = match (is_1904, days < 60.0) {
        (true, _) => jiff::civil::date(1904, 1, 1),
        (false, true) => jiff::civil::date(1899, 12, 31),
        (false, false) => jiff::civil::date(1899, 12, 30),
    };
    let whole = |number: f64| format!("{number:.0}").parse::<i64>().ok();
    let span = jiff::Span::new().try_days(whole(days)?).ok()?;
    let day = first.checked_add(span).ok()?;
    match whole(seconds)? {
        0 => Some(day.to_string()),
        seconds => {
            let span = jiff::Span::new().try_seconds(seconds).ok()?;
            let time = day
                .to_datetime(jiff::civil::Time::midnight())
                .checked_add(span);
            Some(time.ok()?.strftime("%Y-%m-%d %H:%M:%S").to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_the_dates_that_spreadsheets_show() {
        for (serial, is_1904, words) in [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (46_027.0, false, "2026-01-05"),
            (46_027.5, false, "2026-01-05 12:00:00"),
            (44_565.0, true, "2026-01-05"),
        ] {
            assert_eq!(
                date_words(serial, is_1904).as_deref(),
                Some(words),
                "{serial}"
            );
        }
        assert_eq!(date_words(1e300, false), None);
        assert_eq!(date_words(-1e300, true), None);
    }
}
