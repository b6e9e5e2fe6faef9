//! Text that came from outside, as a terminal may show it.
//!
//! A control character of a reply, a file name or a cell could move the cursor, paint over what
//! stands there or turn the order of a line. Each is written as its number, which can be read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The same text in one line: nothing in it acts on a terminal, line breaks included.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, is_acting, |c, out| {
        // Into a string, which takes it.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    })
}

/// As [`shown`], for a text of ours with one from outside in it: its lines stay lines.
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    let is_acting = |c| is_acting(c) && !matches!(c, '\n' | '\t');
    replaced(text, is_acting, |c, out| {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    })
}

/// The same JSON document: outside its strings such characters do not occur, and inside them they
/// have another spelling.
#[must_use]
pub fn shown_json(json: &str) -> Cow<'_, str> {
    let is_acting = |c| is_acting(c) && !matches!(c, '\n' | '\t' | '\r');
    replaced(json, is_acting, |c, out| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// Control characters of both kinds; marks that turn the order of what is written; separators of
/// lines; characters that are there and not seen, except those that join letters.
fn is_acting(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

fn replaced(
    text: &str,
    is_acting: impl Fn(char) -> bool,
    write: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    // Nearly every text has none, and ASCII is told by its bytes.
    if !text.chars().any(&is_acting) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_acting(c) {
            write(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_written_as_its_number() {
        for (text, is_shown) in [
            (
                "余额不足 a\u{301}👩\u{200D}👧",
                "余额不足 a\u{301}👩\u{200D}👧",
            ),
            ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"),
            ("\u{9B}2J", "\\u{9b}2J"),
            ("\u{202E}gpj", "\\u{202e}gpj"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"),
            ("a\u{2028}b\u{7F}", "a\\u{2028}b\\u{7f}"),
        ] {
            assert_eq!(shown(text), is_shown);
        }
        assert_eq!(shown_lines("a\n\tb\r"), "a\n\tb\\u{d}");
    }

    #[test]
    fn json_says_the_same_in_another_spelling() {
        let text = "a\u{9B}b\u{202E}\u{E0041}\"\\\n";
        let json = serde_json::json!({ "des": text, "n": [1] });
        let json = serde_json::to_string_pretty(&json).unwrap();
        let told = shown_json(&json);
        assert!(!told.contains(['\u{9B}', '\u{202E}', '\u{E0041}']));
        let read: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(read["des"], text);
    }
}
