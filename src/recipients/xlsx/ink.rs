//! The format that a rule gives to cells: whether what it is given to can be seen.

use std::io::BufRead;

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::part::XmlPart;
use super::tag::{attribute, colour_of, is_on};
use crate::recipients::look::colour::{Colour, WHITE};
use crate::recipients::look::format::NumberFormat;

/// A format that a rule gives to cells.
#[derive(Default)]
pub(super) struct RuleStyle {
    letters: Option<Colour>,
    fill: Option<Colour>,
    /// Whether its number format shows nothing.
    is_empty: bool,
    /// Whether it strikes its text through.
    is_struck: bool,
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
                        let format = NumberFormat::of_code(&code);
                        style.is_empty = format.hides_text();
                        style.letters = style.letters.or(format.letters(1.0).cloned());
                    }
                    (Some("font"), "strike") => {
                        style.is_struck = is_on(&tag)?;
                    }
                    (Some("font"), "color") => style.letters = Some(colour_of(&tag)?),
                    (Some("fill"), "bgColor") => style.fill = Some(colour_of(&tag)?),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Whether nobody sees what it is given to, or sees it struck through, in cells that are white
    /// where it has no fill.
    pub(super) fn is_unseen_or_struck(&self) -> bool {
        let fill = self.fill.as_ref().unwrap_or(&WHITE);
        let letters = self.letters.as_ref();
        self.is_empty || self.is_struck || letters.is_some_and(|letters| !letters.is_seen_on(fill))
    }
}
