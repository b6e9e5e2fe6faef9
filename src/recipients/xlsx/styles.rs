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
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// The look that the style gives the number.
    pub(super) fn look(&self, style: usize, number: f64) -> Look {
        let format = self.of_style.get(style).map(|index| &self.formats[*index]);
        format.map_or(Look::Plain, |format| format.look(number))
    }
}
