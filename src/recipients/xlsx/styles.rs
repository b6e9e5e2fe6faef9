//! The number formats of cells.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::format::{Look, NumberFormat};
use super::package::Package;
use super::part::attribute;

/// A workbook has at most 64,000 formats of cells.
const FORMATS_MAX: usize = 64_000;

/// Formats of cells by number.
#[derive(Default)]
pub(super) struct Styles {
    formats: Vec<NumberFormat>,
    /// Which of them each style has.
    of_style: Vec<usize>,
    /// Whether each style strikes its text through.
    strikes: Vec<bool>,
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
        let mut codes: HashMap<u32, NumberFormat> = HashMap::new();
        let mut indexes: HashMap<u32, usize> = HashMap::new();
        let mut is_of_cells = false;
        let (mut is_of_fonts, mut fonts) = (false, Vec::new());
        loop {
            match part.next()? {
                Event::Eof => return Ok(styles),
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_of_cells = false,
                Event::End(tag) if tag.local_name().as_ref() == "fonts" => is_of_fonts = false,
                Event::Start(tag) => {
                    let number = |name| Ok(attribute(&tag, name)?.and_then(|it| it.parse().ok()));
                    match tag.local_name().as_ref() {
                        "cellXfs" => is_of_cells = true,
                        "fonts" => is_of_fonts = true,
                        "font" if is_of_fonts && fonts.len() < FORMATS_MAX => fonts.push(false),
                        "strike" if is_of_fonts => {
                            let is_off = attribute(&tag, "val")?
                                .is_some_and(|it| matches!(it.as_str(), "0" | "false"));
                            if let Some(font) = fonts.last_mut() {
                                *font = !is_off;
                            }
                        }
                        "numFmt" if codes.len() < FORMATS_MAX => {
                            let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                            let id = number("numFmtId")?;
                            codes.extend(id.map(|id| (id, NumberFormat::of_code(&code))));
                        }
                        "xf" if is_of_cells && styles.of_style.len() < FORMATS_MAX => {
                            let id = number("numFmtId")?.unwrap_or(0);
                            let formats = &mut styles.formats;
                            let index = *indexes.entry(id).or_insert_with(|| {
                                let own = codes.get(&id).cloned();
                                formats.push(own.unwrap_or_else(|| NumberFormat::of_id(id)));
                                formats.len() - 1
                            });
                            styles.of_style.push(index);
                            let font = attribute(&tag, "fontId")?.and_then(|it| it.parse().ok());
                            let is_struck = font.and_then(|it: usize| fonts.get(it));
                            styles.strikes.push(is_struck.is_some_and(|it| *it));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the style strikes the text through.
    pub(super) fn is_struck(&self, style: usize) -> bool {
        self.strikes.get(style).is_some_and(|it| *it)
    }

    /// The look that the style gives the number.
    pub(super) fn look(&self, style: usize, number: f64) -> Look {
        let format = self.of_style.get(style).map(|index| &self.formats[*index]);
        format.map_or(Look::Plain, |format| format.look(number))
    }
}
