//! The formats of cells: how they show a number, and whether they show anything at all.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::{BytesStart, Event};

use super::broken::BrokenWorkbook;
use super::ink::RuleStyle;
use super::package::Package;
use super::tag::{are_dots, attribute, colour_of, is_on};
use crate::recipients::look::colour::{BLACK, Colour, WHITE};
use crate::recipients::look::format::{Look, NumberFormat};
use crate::recipients::row::cell::CellKind;

/// A workbook has at most 64,000 formats of cells.
const FORMATS_MAX: usize = 64_000;

/// Formats of cells by number.
#[derive(Default)]
pub(super) struct Styles {
    formats: Vec<NumberFormat>,
    of_cells: Vec<Style>,
    /// Whether a rule hides or strikes what it gives a format to, by the number of the format.
    by_rule: Vec<bool>,
}

/// A format of cells.
struct Style {
    /// Its number format.
    format: usize,
    /// Whether it strikes its text through.
    is_struck: bool,
    /// Whether its letters have the colour of the cell, or are dots.
    is_unseen: bool,
    /// The colour of the cell.
    fill: Colour,
}

/// Letters.
struct Font {
    is_struck: bool,
    is_of_dots: bool,
    colour: Colour,
}

/// The lists of a part of styles that matter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum StyleList {
    Fonts,
    Fills,
    Cells,
    Other,
}

/// The lists before those of cells, which name their parts by number.
struct StyleParts {
    list: StyleList,
    codes: HashMap<u32, NumberFormat>,
    indexes: HashMap<u32, usize>,
    fonts: Vec<Font>,
    fills: Vec<Colour>,
}

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
        let mut parts = StyleParts {
            list: StyleList::Other,
            codes: HashMap::new(),
            indexes: HashMap::new(),
            fonts: Vec::new(),
            fills: Vec::new(),
        };
        loop {
            match part.next()? {
                Event::Eof => return Ok(styles),
                Event::End(tag) => {
                    let name = tag.local_name();
                    if matches!(name.as_ref(), "cellXfs" | "fonts" | "fills") {
                        parts.list = StyleList::Other;
                    }
                }
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "cellXfs" => parts.list = StyleList::Cells,
                    "fonts" => parts.list = StyleList::Fonts,
                    "fills" => parts.list = StyleList::Fills,
                    "dxf" if styles.by_rule.len() < FORMATS_MAX => {
                        styles
                            .by_rule
                            .push(RuleStyle::read(&mut part)?.is_unseen_or_struck());
                    }
                    "xf" if parts.list == StyleList::Cells => styles.push(&tag, &mut parts)?,
                    _ => parts.take(&tag)?,
                },
                _ => {}
            }
        }
    }

    /// Adds a format of cells.
    fn push(&mut self, tag: &BytesStart<'_>, parts: &mut StyleParts) -> Result<(), BrokenWorkbook> {
        if self.of_cells.len() >= FORMATS_MAX {
            return Ok(());
        }
        let number = |name| Ok(attribute(tag, name)?.and_then(|it| it.parse::<u32>().ok()));
        let id = number("numFmtId")?.unwrap_or(0);
        let formats = &mut self.formats;
        let format = *parts.indexes.entry(id).or_insert_with(|| {
            let own = parts.codes.get(&id).cloned();
            formats.push(own.unwrap_or_else(|| NumberFormat::of_id(id)));
            formats.len() - 1
        });
        let index = |id: u32| usize::try_from(id).unwrap_or(usize::MAX);
        let font = number("fontId")?.and_then(|id| parts.fonts.get(index(id)));
        let fill = number("fillId")?.and_then(|id| parts.fills.get(index(id)));
        let fill = fill.unwrap_or(&WHITE).clone();
        let is_unseen = |font: &Font| font.is_of_dots || !font.colour.is_seen_on(&fill);
        self.of_cells.push(Style {
            format,
            is_struck: font.is_some_and(|font| font.is_struck),
            is_unseen: font.is_some_and(is_unseen),
            fill,
        });
        Ok(())
    }

    /// Whether a rule hides or strikes what it gives this format to.
    pub(super) fn is_unseen_by_rule(&self, index: usize) -> bool {
        self.by_rule.get(index).is_some_and(|it| *it)
    }

    /// Whether the style strikes the text through.
    pub(super) fn is_struck(&self, style: usize) -> bool {
        self.of_cells.get(style).is_some_and(|it| it.is_struck)
    }

    /// Whether nobody sees what stands in a cell of the style. A number that its format does not
    /// show is one that is shown as another.
    pub(super) fn hides(&self, style: usize, kind: CellKind) -> bool {
        let Some(style) = self.of_cells.get(style) else {
            return false;
        };
        style.is_unseen || (kind == CellKind::Text && self.formats[style.format].hides_text())
    }

    /// Whether white letters in a part of a text are not seen in a cell of the style.
    pub(super) fn is_white(&self, style: usize) -> bool {
        let style = self.of_cells.get(style);
        style.is_none_or(|style| !WHITE.is_seen_on(&style.fill))
    }

    /// The look that the style gives the number: one that has the colour of its cell is shown as
    /// none.
    pub(super) fn look(&self, style: usize, number: f64) -> Look {
        let Some(style) = self.of_cells.get(style) else {
            return Look::Plain;
        };
        let format = &self.formats[style.format];
        let letters = format.letters(number);
        if letters.is_some_and(|letters| !letters.is_seen_on(&style.fill)) {
            return Look::Other;
        }
        format.look(number)
    }

    /// What the style prints beside a number where that marks its row.
    pub(super) fn marking(&self, style: usize, number: &str) -> Option<&str> {
        let style = self.of_cells.get(style)?;
        let format = &self.formats[style.format];
        format.marking(number.parse().ok()?)
    }
}

impl StyleParts {
    /// Takes what a tag says of the list that it stands in.
    fn take(&mut self, tag: &BytesStart<'_>) -> Result<(), BrokenWorkbook> {
        match (self.list, tag.local_name().as_ref()) {
            (_, "numFmt") if self.codes.len() < FORMATS_MAX => {
                let code = attribute(tag, "formatCode")?.unwrap_or_default();
                let id = attribute(tag, "numFmtId")?.and_then(|it| it.parse().ok());
                let format = id.map(|id| (id, NumberFormat::of_code(&code)));
                self.codes.extend(format);
            }
            (StyleList::Fonts, "font") if self.fonts.len() < FORMATS_MAX => {
                self.fonts.push(Font {
                    is_struck: false,
                    is_of_dots: false,
                    colour: BLACK,
                });
            }
            (StyleList::Fonts, "strike") => {
                let is_struck = is_on(tag)?;
                if let Some(font) = self.fonts.last_mut() {
                    font.is_struck = is_struck;
                }
            }
            (StyleList::Fonts, "sz") => {
                let is_of_dots = are_dots(tag)?;
                if let Some(font) = self.fonts.last_mut() {
                    font.is_of_dots = is_of_dots;
                }
            }
            (StyleList::Fonts, "color") => {
                if let Some(font) = self.fonts.last_mut() {
                    font.colour = colour_of(tag)?;
                }
            }
            (StyleList::Fills, "fill") if self.fills.len() < FORMATS_MAX => {
                self.fills.push(Colour::Unknown);
            }
            (StyleList::Fills, "patternFill") => {
                let kind = attribute(tag, "patternType")?;
                let is_none = kind.as_deref().is_none_or(|it| it == "none");
                if is_none && let Some(fill) = self.fills.last_mut() {
                    *fill = WHITE;
                }
            }
            (StyleList::Fills, "fgColor") => {
                if let Some(fill) = self.fills.last_mut()
                    && *fill == Colour::Unknown
                {
                    *fill = colour_of(tag)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
