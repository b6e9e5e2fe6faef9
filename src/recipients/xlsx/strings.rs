//! The strings that cells share: one text behind the other, and where each ends.

use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::{BrokenWorkbook, broken};
use super::package::Package;

/// Most bytes of all: a full sheet with 250 bytes a row that no other row has.
const BYTES_MAX: usize = 256 << 20;
/// Most strings: ten columns of a full sheet.
const COUNT_MAX: usize = 10 << 20;
/// So many bytes stand in one piece: a text that grows needs its room twice while it moves.
const PIECE: usize = 16 << 20;

/// Strings by number.
#[derive(Default)]
pub(super) struct Strings {
    pieces: Vec<String>,
    bytes: usize,
    ends: Vec<StringEnd>,
}

/// Where a string ends: in which piece, and where in it.
struct StringEnd {
    piece: u16,
    at: u32,
    /// Whether a part of it is not seen on white.
    is_unseen: bool,
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
                strings.push(&text, part.has_unseen)?;
            }
        }
    }

    fn push(&mut self, text: &str, is_unseen: bool) -> Result<(), BrokenWorkbook> {
        self.bytes += text.len();
        if self.bytes > BYTES_MAX || self.ends.len() >= COUNT_MAX {
            return Err(broken("it has more shared strings than can be held"));
        }
        let room = |piece: &String| piece.capacity() - piece.len();
        if self
            .pieces
            .last()
            .is_none_or(|last| room(last) < text.len())
        {
            self.pieces
                .push(String::with_capacity(PIECE.max(text.len())));
        }
        let at = self.pieces.last_mut().map_or(0, |last| {
            last.push_str(text);
            last.len()
        });
        let piece = self.pieces.len() - 1;
        let (piece, at) = u16::try_from(piece)
            .ok()
            .zip(u32::try_from(at).ok())
            .ok_or_else(|| broken("it has more shared strings than can be held"))?;
        self.ends.push(StringEnd {
            piece,
            at,
            is_unseen,
        });
        Ok(())
    }

    /// Whether a part of the string with this number is not seen on white.
    pub(super) fn is_unseen(&self, index: usize) -> bool {
        self.ends.get(index).is_some_and(|end| end.is_unseen)
    }

    /// The string with this number, from 0.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = self.ends.get(index)?;
        let before = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = before.filter(|before| before.piece == end.piece);
        let start = start.map_or(0, |before| before.at);
        self.pieces[usize::from(end.piece)].get(start as usize..end.at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_string_is_found_by_its_number_within_the_bound() {
        let mut strings = Strings::default();
        let long = "长".repeat(PIECE / 4);
        let texts = ["a", &long, "", &long, "b", &long];
        for (index, text) in texts.iter().enumerate() {
            strings.push(text, index == 2).unwrap();
        }
        for (index, text) in texts.iter().enumerate() {
            assert!(strings.get(index) == Some(*text), "{index}");
            assert_eq!(strings.is_unseen(index), index == 2);
        }
        assert!(strings.get(texts.len()).is_none());
        let fits = BYTES_MAX / long.len() - 3;
        assert!((0..fits).all(|_| strings.push(&long, false).is_ok()));
        assert!(strings.push(&long, false).is_err());
    }
}
