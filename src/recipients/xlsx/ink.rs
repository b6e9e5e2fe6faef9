//! Colours of letters and of cells: whether the one can be seen on the other, and what a rule makes
//! of them.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::broken::BrokenWorkbook;
use super::format::NumberFormat;
use super::part::{XmlPart, attribute};

/// A colour.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Colour {
    /// Red, green and blue.
    Rgb([u8; 3]),
    /// One of the workbook's theme, and how much lighter or darker.
    Theme(String, String),
    /// None that is known: a pattern, or the system's.
    Unknown,
}

pub(super) const BLACK: Colour = Colour::Rgb([0; 3]);
pub(super) const WHITE: Colour = Colour::Rgb([255; 3]);

/// Nobody sees a difference of fewer steps, of 255.
const STEPS: u8 = 16;

impl Colour {
    /// The colour that a tag names.
    pub(super) fn of(tag: &BytesStart<'_>) -> Result<Colour, BrokenWorkbook> {
        if let Some(rgb) = attribute(tag, "rgb")? {
            return Ok(of_hex(&rgb).unwrap_or(Colour::Unknown));
        }
        let tint = attribute(tag, "tint")?.unwrap_or_default();
        if let Some(theme) = attribute(tag, "theme")? {
            return Ok(of_theme(theme, tint));
        }
        let indexed = attribute(tag, "indexed")?;
        Ok(match indexed.as_deref() {
            Some("0" | "8" | "64") => BLACK,
            Some("1" | "9" | "65") => WHITE,
            _ => Colour::Unknown,
        })
    }

    /// Whether letters of this colour are seen on the other.
    pub(super) fn is_seen_on(&self, other: &Colour) -> bool {
        match (self, other) {
            (Colour::Rgb(a), Colour::Rgb(b)) => {
                a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) >= STEPS)
            }
            (Colour::Unknown, _) | (_, Colour::Unknown) => true,
            (a, b) => a != b,
        }
    }
}

/// A format that a rule gives to cells.
#[derive(Default)]
pub(super) struct RuleStyle {
    letters: Option<Colour>,
    fill: Option<Colour>,
    /// Whether its number format shows nothing.
    is_empty: bool,
}

impl RuleStyle {
    /// Reads on to the end of the `dxf` that was just opened. Its fill is the colour behind a
    /// pattern.
    pub(super) fn read(part: &mut XmlPart<impl BufRead>) -> Result<Self, BrokenWorkbook> {
        let mut style = RuleStyle::default();
        let mut within = None;
        loop {
            match part.next()? {
                Event::Eof => return Err(part.fault("a format breaks off")),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "dxf" => return Ok(style),
                    "font" | "fill" => within = None,
                    _ => {}
                },
                Event::Start(tag) => match (within, tag.local_name().as_ref()) {
                    (_, "font") => within = Some("font"),
                    (_, "fill") => within = Some("fill"),
                    (_, "numFmt") => {
                        let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                        style.is_empty = NumberFormat::of_code(&code).hides_text();
                    }
                    (Some("font"), "color") => style.letters = Some(Colour::of(&tag)?),
                    (Some("fill"), "bgColor") => style.fill = Some(Colour::of(&tag)?),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Whether nobody sees what it is given to, in cells that are white where it has no fill.
    pub(super) fn is_unseen(&self) -> bool {
        let fill = self.fill.as_ref().unwrap_or(&WHITE);
        let letters = self.letters.as_ref();
        self.is_empty || letters.is_some_and(|letters| !letters.is_seen_on(fill))
    }
}

/// `FFRRGGBB`, where the first two digits are of what shows through, and mean nothing.
fn of_hex(text: &str) -> Option<Colour> {
    let digits = text.len().checked_sub(6).and_then(|at| text.get(at..))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some(Colour::Rgb([red, green, blue]))
}

/// The first two colours of every theme are white and black, and the fourth of both is seldom
/// changed.
fn of_theme(theme: String, tint: String) -> Colour {
    let plain = match theme.as_str() {
        "0" => WHITE,
        "1" => BLACK,
        _ => return Colour::Theme(theme, tint),
    };
    let is_slight = |tint: f64| tint.abs() < f64::from(STEPS) / 255.0;
    if tint.is_empty() || tint.parse().is_ok_and(is_slight) {
        plain
    } else {
        Colour::Theme(theme, tint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_seen_on_another_colour() {
        let theme = |theme: &str, tint: &str| of_theme(theme.to_owned(), tint.to_owned());
        let hex = |text| of_hex(text).unwrap();
        for (letters, cell, is_seen) in [
            (hex("FFFFFFFF"), WHITE, false),
            (hex("00FFFFFF"), WHITE, false),
            (hex("FFFEFEFE"), WHITE, false),
            (theme("0", ""), WHITE, false),
            (theme("0", "-0.05"), hex("FFFFFF"), false),
            (theme("4", "0.4"), theme("4", "0.4"), false),
            (theme("4", "0.4"), theme("4", ""), true),
            (theme("0", ""), theme("4", ""), true),
            (theme("0", ""), theme("0", "-0.5"), true),
            (hex("FFC00000"), hex("FFC00000"), false),
            (hex("FFFFFFFF"), hex("FF4472C4"), true),
            (hex("FFD9D9D9"), WHITE, true),
            (BLACK, WHITE, true),
            (Colour::Unknown, WHITE, true),
            (BLACK, Colour::Unknown, true),
        ] {
            assert_eq!(
                letters.is_seen_on(&cell),
                is_seen,
                "{letters:?} on {cell:?}"
            );
        }
        assert_eq!(of_hex("abc"), None);
        assert_eq!(of_hex("红红红"), None);
    }
}
