//! Where a text is not of a charset: the place, its line and its cell.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult};

use super::lines::{CHUNK, LineCount, read_some};

/// So many bytes to either side of a place are looked at for its cell.
const CELL: u64 = 256;

/// A text up to the first byte that is not UTF-8.
#[derive(Default)]
pub(super) struct Utf8Part {
    /// Its length; where that byte stands.
    pub(super) offset: u64,
    /// Its characters beyond ASCII.
    pub(super) wide: usize,
    /// Those of three bytes or four.
    pub(super) long: usize,
    /// Whether it is the whole text.
    pub(super) is_whole: bool,
}

pub(super) fn utf8_part(source: &mut (impl Read + Seek)) -> io::Result<Utf8Part> {
    source.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    let (mut held, mut part) = (0, Utf8Part::default());
    let count = |bytes: &[u8], least| bytes.iter().filter(|byte| **byte >= least).count();
    loop {
        let read = read_some(source, &mut buffer[held..])?;
        let bytes = &buffer[..held + read];
        let (valid, is_broken) = match std::str::from_utf8(bytes) {
            Ok(text) => (text.len(), false),
            Err(fault) => (
                fault.valid_up_to(),
                fault.error_len().is_some() || read == 0,
            ),
        };
        part.wide += count(&bytes[..valid], 0xC0);
        part.long += count(&bytes[..valid], 0xE0);
        part.offset += valid as u64;
        if is_broken || read == 0 {
            part.is_whole = !is_broken;
            return Ok(part);
        }
        let end = bytes.len();
        buffer.copy_within(valid..end, 0);
        held = end - valid;
    }
}

/// The first byte that a decoder does not take, and its line.
pub(super) struct Malformed {
    pub(super) offset: u64,
    pub(super) line: u64,
}

pub(super) fn first_malformed(
    source: &mut (impl Read + Seek),
    mut decoder: Decoder,
) -> io::Result<Option<Malformed>> {
    source.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    // Both take at least as many bytes as half the UTF-8: 2 for 3.
    let mut text = vec![0; 2 * CHUNK];
    let (mut lines, mut passed) = (LineCount::default(), 0);
    loop {
        let read = read_some(source, &mut buffer)?;
        let mut bytes = &buffer[..read];
        loop {
            let (result, used, written) =
                decoder.decode_to_utf8_without_replacement(bytes, &mut text, read == 0);
            lines.pass(&text[..written]);
            bytes = &bytes[used..];
            passed += used as u64;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    return Ok(Some(Malformed {
                        offset: passed.saturating_sub((length + after).into()),
                        line: lines.line,
                    }));
                }
            }
        }
        if read == 0 {
            return Ok(None);
        }
    }
}

/// The cell in which the byte at `offset` stands, as far as it is near.
pub(super) fn cell_at(source: &mut (impl Read + Seek), offset: u64) -> io::Result<Vec<u8>> {
    let from = offset.saturating_sub(CELL);
    source.seek(SeekFrom::Start(from))?;
    let mut near = Vec::new();
    source.take(2 * CELL).read_to_end(&mut near)?;
    let at = usize::try_from(offset - from).unwrap_or_default();
    let is_end = |byte: &u8| b",;\t\"\r\n".contains(byte);
    let (before, after) = near.split_at(at.min(near.len()));
    let begin = before.iter().rposition(is_end).map_or(0, |at| at + 1);
    let end = after.iter().position(is_end).unwrap_or(after.len());
    Ok([&before[begin..], &after[..end]].concat())
}

/// The line, from 1, on which the byte at `offset` stands.
pub(super) fn line_at(source: &mut (impl Read + Seek), offset: u64) -> io::Result<u64> {
    source.seek(SeekFrom::Start(0))?;
    let mut before = source.take(offset);
    let mut buffer = vec![0; CHUNK];
    let mut lines = LineCount::default();
    loop {
        let read = read_some(&mut before, &mut buffer)?;
        if read == 0 {
            return Ok(lines.line);
        }
        lines.pass(&buffer[..read]);
    }
}
