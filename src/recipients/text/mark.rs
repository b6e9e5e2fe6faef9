//! The byte order mark at the begin of a text, and the text behind it.

use std::io::{self, Read, Seek, SeekFrom};

/// The marks that there are, the longer ones of two that begin alike first.
const MARKS: [(&str, &[u8]); 6] = [
    ("UTF-8", b"\xEF\xBB\xBF"),
    ("GB18030", b"\x84\x31\x95\x33"),
    ("UTF-32", b"\xFF\xFE\0\0"),
    ("UTF-32", b"\0\0\xFE\xFF"),
    ("UTF-16LE", b"\xFF\xFE"),
    ("UTF-16BE", b"\xFE\xFF"),
];

/// A mark, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteOrderMark {
    /// The encoding that it stands for.
    pub(super) name: &'static str,
    /// In bytes.
    pub(super) length: usize,
}

impl ByteOrderMark {
    /// The mark that a text begins with.
    pub(super) fn of(head: &[u8]) -> Option<ByteOrderMark> {
        let found = MARKS.iter().find(|(_, mark)| head.starts_with(mark));
        found.map(|(name, mark)| ByteOrderMark {
            name,
            length: mark.len(),
        })
    }
}

/// A source without the mark at its begin. It is moved to its begin only.
pub(super) struct Unmarked<'a, S> {
    source: &'a mut S,
    length: u64,
}

impl<'a, S: Read + Seek> Unmarked<'a, S> {
    pub(super) fn new(source: &'a mut S, mark: ByteOrderMark) -> Self {
        Unmarked {
            source,
            length: mark.length as u64,
        }
    }
}

impl<S: Read> Read for Unmarked<'_, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.source.read(out)
    }
}

impl<S: Seek> Seek for Unmarked<'_, S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(at + self.length),
            other => other,
        };
        Ok(self.source.seek(to)?.saturating_sub(self.length))
    }
}
