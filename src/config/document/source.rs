//! From the bytes of a campaign file to its text, or what the file is instead.

use std::fs;
use std::io;
use std::path::Path;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::encoding::utf_16;
use super::foreign::instead;
use crate::words::{Words, campaign_file as words, typed_path};

/// Where this many characters beyond ASCII are UTF-8, so is the file: text in GBK does not pass for
/// UTF-8 that long.
const UTF8_FOR_SURE: usize = 8;

/// Why there is no text.
pub(in crate::config) enum NoText {
    /// The system does not give it.
    Fault(io::Error),
    /// It is another file; the line where that shows, if one does.
    Is(Option<usize>, Words),
}

/// The text of a campaign file.
pub(in crate::config) fn read_text(path: &Path) -> Result<String, NoText> {
    if path.is_dir() {
        return Err(NoText::Is(None, words::folder()));
    }
    let bytes = fs::read(path).map_err(NoText::Fault)?;
    if let Some(words) = binary(&bytes) {
        return Err(NoText::Is(None, words));
    }
    if let Some(name) = utf_16(&bytes) {
        let is_big = name == "UTF-16BE" || bytes.starts_with(b"\xFE\xFF");
        let (text, _) = if is_big { UTF_16BE } else { UTF_16LE }.decode_with_bom_removal(&bytes);
        let other = instead(&text).unwrap_or_else(|| converted(path, "UTF-16", name));
        return Err(NoText::Is(None, other));
    }
    let fault = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(fault) => fault,
    };
    let at = fault.utf8_error().valid_up_to();
    let bytes = fault.as_bytes();
    let before = String::from_utf8_lossy(&bytes[..at]);
    let wide = before.chars().filter(|c| !c.is_ascii()).count();
    let gbk = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    if let Some(text) = gbk.filter(|_| wide < UTF8_FOR_SURE) {
        let as_gbk = || converted(path, "GBK (GB18030)", "GB18030");
        return Err(NoText::Is(None, instead(&text).unwrap_or_else(as_gbk)));
    }
    let line = before.matches('\n').count() + 1;
    let byte = format!("{:02X}", bytes[at]);
    Err(NoText::Is(Some(line), words::bad_byte(byte)))
}

fn converted(path: &Path, name: &'static str, iconv: &str) -> Words {
    let made = path.with_extension("utf-8.toml");
    let (from, to) = (typed_path(path), typed_path(&made));
    let run = format!("iconv -f {iconv} -t UTF-8 {from} > {to}");
    words::encoding(name, run, made.display())
}

/// What other programs write.
fn binary(bytes: &[u8]) -> Option<Words> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    Some(if begins(b"PK\x03\x04") || begins(b"\xD0\xCF\x11\xE0") {
        words::workbook()
    } else if begins(b"SQLite format 3\0") {
        words::ledger()
    } else if begins(b"%PDF-") {
        words::other("PDF")
    } else if begins(b"\x1F\x8B") {
        words::other("gzip")
    } else {
        return None;
    })
}
