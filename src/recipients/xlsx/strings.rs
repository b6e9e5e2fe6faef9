//! The strings that cells share: one text after the other, and where each ends.

use std::collections::HashSet;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::{BrokenWorkbook, broken};
use super::package::Package;

/// Most bytes of all: ten columns of a full sheet, each with a string of its own of 50 bytes.
const BYTES_MAX: usize = 512 << 20;
/// Most strings: ten columns of a full sheet.
const COUNT_MAX: usize = 10 << 20;

/// Strings by number.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    /// Those with a part that is not seen on white.
    unseen: HashSet<usize>,
}

impl Strings {
    /// Reads the part; a workbook without shared strings has none.
    pub(super) fn read(
        package: &mut Package<impl Read + Seek>,
        name: &str,
    ) -> Result<Self, BrokenWorkbook> {
        let mut strings = Strings::default();
        let Some(mut part) = package.part(name)? else {
            return Ok(strings);
        };
        loop {
            let is_string = match part.next()? {
                Event::Start(tag) => tag.local_name().as_ref() == "si",
                Event::Eof => return Ok(strings),
                _ => false,
            };
            if is_string {
                let text = part.text()?;
                if part.has_unseen {
                    strings.unseen.insert(strings.ends.len());
                }
                strings.push(&text)?;
            }
        }
    }

    fn push(&mut self, text: &str) -> Result<(), BrokenWorkbook> {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.text.len() > BYTES_MAX || self.ends.len() > COUNT_MAX {
            return Err(broken("it has more shared strings than can be held"));
        }
        Ok(())
    }

    /// Whether a part of the string with this number is not seen on white.
    pub(super) fn is_unseen(&self, index: usize) -> bool {
        self.unseen.contains(&index)
    }

    /// The string with this number, from 0.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }
}
