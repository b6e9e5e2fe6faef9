//! Where a text is not of a charset: the place, its line and its cell.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult};

use super::lines::{CHUNK, LineCount, read_some};

/// So many bytes to either side of a place are looked at for its cell.
const CELL: u64 = 256;

/// The first byte that is not UTF-8, and how many characters beyond ASCII stand before it.
pub(super) struct Undecodable {
    pub(super) offset: u64,
    pub(super) wide_before: usize,
}

pub(super) fn first_not_utf8(source: &mut (impl Read + Seek)) -> io::Result<Option<Undecodable>> {
    source.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    let (mut held, mut offset, mut wide_before) = (0, 0u64, 0);
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
        wide_before += bytes[..valid].iter().filter(|byte| **byte >= 0xC0).count();
        offset += valid as u64;
        if is_broken {
            return Ok(Some(Undecodable {
                offset,
                wide_before,
            }));
        }
        if read == 0 {
            return Ok(None);
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
