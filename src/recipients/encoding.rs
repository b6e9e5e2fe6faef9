//! Which encoding a file is in, decided by its content alone.
//!
//! Text that is valid UTF-8 is UTF-8. Anything else must be GB18030 to the last byte, the way
//! spreadsheets on Chinese Windows write CSV; a guess would put mojibake on somebody's packet.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{DecoderResult, GB18030};

use super::cause::Cause;
use super::faults::Fault;
use super::reader::RecipientsError;

const CHUNK: usize = 64 * 1024;

/// Where the first 16 characters beyond ASCII are UTF-8, so is the file: text in GB18030 does not
/// pass for UTF-8 that long, but broken UTF-8 may well pass for GB18030.
const UTF8_FOR_SURE: usize = 16;

/// How the text is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Gb18030,
}

/// An encoding, and the length of the byte order mark in front of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    pub(super) charset: Charset,
    pub(super) mark: usize,
}

/// Reads the whole source, and leaves it at its end.
pub(super) fn detect(source: &mut (impl Read + Seek)) -> Result<Encoding, RecipientsError> {
    let mut head = Vec::new();
    source.by_ref().take(8).read_to_end(&mut head)?;
    refuse_binary(&head)?;
    let gb18030 = |mark| Encoding {
        charset: Charset::Gb18030,
        mark,
    };
    let is_marked = head.starts_with(b"\xEF\xBB\xBF");
    let Some(utf8) = first_not_utf8(source)? else {
        return Ok(Encoding {
            charset: Charset::Utf8,
            mark: if is_marked { 3 } else { 0 },
        });
    };
    let utf8_line = line_at(source, utf8.offset)?;
    if is_marked || utf8.wide_before >= UTF8_FOR_SURE {
        return Err(Fault::of_line(utf8_line, Cause::DamagedUtf8).into());
    }
    let Some(offset) = first_not_gb18030(source)? else {
        let is_marked = head.starts_with(b"\x84\x31\x95\x33");
        return Ok(gb18030(if is_marked { 4 } else { 0 }));
    };
    let gb18030_line = line_at(source, offset)?;
    Err(Fault::of_line(utf8_line, Cause::NotText { gb18030_line }).into())
}

/// UTF-16 without a mark shows as a zero byte beside the first, ASCII, letter of the header.
fn refuse_binary(head: &[u8]) -> Result<(), RecipientsError> {
    let is_workbook = head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0");
    let has_mark = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let cause = match head {
        _ if is_workbook => Cause::Workbook,
        _ if has_mark => Cause::Utf16,
        [0, b' '..=b'~', 0, ..] | [b' '..=b'~', 0, _, 0, ..] => Cause::Utf16,
        _ => return Ok(()),
    };
    Err(Fault::of_file(cause).into())
}

/// The first byte that is not UTF-8, and how many characters beyond ASCII stand before it.
struct Broken {
    offset: u64,
    wide_before: usize,
}

fn first_not_utf8(source: &mut (impl Read + Seek)) -> io::Result<Option<Broken>> {
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
            return Ok(Some(Broken {
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

fn first_not_gb18030(source: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    source.seek(SeekFrom::Start(0))?;
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut buffer = vec![0; CHUNK];
    // GB18030 takes at least as many bytes as half the UTF-8: 2 for 3.
    let mut text = vec![0; 2 * CHUNK];
    let mut offset = 0u64;
    loop {
        let read = read_some(source, &mut buffer)?;
        let mut bytes = &buffer[..read];
        loop {
            let (result, used, _) =
                decoder.decode_to_utf8_without_replacement(bytes, &mut text, read == 0);
            offset += used as u64;
            bytes = &bytes[used..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    return Ok(Some(offset - u64::from(bad) - u64::from(after)));
                }
            }
        }
        if read == 0 {
            return Ok(None);
        }
    }
}

/// The line, from 1, on which the byte at `offset` stands.
fn line_at(source: &mut (impl Read + Seek), offset: u64) -> io::Result<u64> {
    source.seek(SeekFrom::Start(0))?;
    let mut before = source.take(offset);
    let mut buffer = vec![0; CHUNK];
    let (mut line, mut last) = (1, 0);
    loop {
        let read = read_some(&mut before, &mut buffer)?;
        if read == 0 {
            return Ok(line);
        }
        for &byte in &buffer[..read] {
            line += u64::from(byte == b'\r' || (byte == b'\n' && last != b'\r'));
            last = byte;
        }
    }
}

/// `read`, again where a signal cut it short.
fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn charset(bytes: &[u8]) -> Result<Charset, Fault> {
        match detect(&mut Cursor::new(bytes)) {
            Ok(encoding) => Ok(encoding.charset),
            Err(RecipientsError::Refused(faults)) => Err(faults.listed()[0].clone()),
            Err(RecipientsError::Io(fault)) => panic!("{fault}"),
        }
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn the_content_decides_the_encoding() {
        assert_eq!(charset(b""), Ok(Charset::Utf8));
        assert_eq!(charset("openid,金额\n".as_bytes()), Ok(Charset::Utf8));
        assert_eq!(charset(&gb("openid,金额\n㐀😀")), Ok(Charset::Gb18030));
    }

    #[test]
    fn characters_cut_by_a_chunk_are_whole_again() {
        for shift in 0..4 {
            let text = "a".repeat(CHUNK - shift) + &"门店".repeat(20);
            assert_eq!(charset(text.as_bytes()), Ok(Charset::Utf8), "{shift}");
            assert_eq!(charset(&gb(&text)), Ok(Charset::Gb18030), "{shift}");
        }
    }

    #[test]
    fn text_in_neither_encoding_names_both_lines() {
        let mut bytes = gb("门店\r\n门店\r门店\n");
        bytes.extend(b"\xFF\n");
        let cause = Cause::NotText { gb18030_line: 4 };
        assert_eq!(charset(&bytes), Err(Fault::of_line(1, cause)));
    }

    #[test]
    fn broken_utf8_is_not_taken_for_gb18030() {
        let mut bytes = "感谢您参加猜灯谜活动祝您元宵节快乐\n".as_bytes().to_vec();
        bytes.extend(gb("中"));
        assert_eq!(charset(&bytes), Err(Fault::of_line(2, Cause::DamagedUtf8)));
        let cut = b"\xEF\xBB\xBFopenid\n\xE4\xB8";
        assert_eq!(charset(cut), Err(Fault::of_line(2, Cause::DamagedUtf8)));
    }

    #[test]
    fn workbooks_and_utf16_are_named() {
        for (bytes, cause) in [
            (&b"PK\x03\x04more"[..], Cause::Workbook),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", Cause::Workbook),
            (b"\xFF\xFEo\0", Cause::Utf16),
            (b"\xFE\xFF\0o", Cause::Utf16),
            (b"o\0p\0e\0", Cause::Utf16),
            (b"\0o\0p", Cause::Utf16),
        ] {
            assert_eq!(charset(bytes), Err(Fault::of_file(cause)));
        }
    }
}
