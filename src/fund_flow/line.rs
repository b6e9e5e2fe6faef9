//! Bytes as lines of text, each with its number.

use std::borrow::Cow;

use encoding_rs::GB18030;

use super::fault::{FlowCause, FlowFault};

/// A remark has up to 2048 characters; a line far beyond that is none of a bill.
const LINE_MAX: usize = 64 * 1024;

/// A mark in front of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cuts pieces of bytes into lines.
#[derive(Debug, Default)]
pub(super) struct LineCutter {
    /// The line that is not whole yet.
    held: Vec<u8>,
    /// The number of the line given last.
    pub(super) number: u64,
}

/// How the text is written down. The header is Chinese, so it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum TextForm {
    /// As WeChat Pay gives it.
    #[default]
    Utf8,
    /// As a spreadsheet on Chinese Windows saves it.
    Gb18030,
}

impl LineCutter {
    /// Gives each line that `bytes` complete to `each`, without its end.
    pub(super) fn push<E: From<FlowFault>>(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            self.number += 1;
            let number = self.number;
            if self.held.is_empty() {
                each(number, self.checked(line)?)?;
            } else {
                self.held.extend_from_slice(line);
                let held = std::mem::take(&mut self.held);
                each(number, self.checked(&held)?)?;
                self.held = held;
                self.held.clear();
            }
            bytes = rest;
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() > LINE_MAX {
            return Err(FlowFault::at(self.number + 1, FlowCause::TooLong).into());
        }
        Ok(())
    }

    /// The last line, where it has no end.
    pub(super) fn rest(&mut self) -> Option<Vec<u8>> {
        let rest = std::mem::take(&mut self.held);
        let is_blank = rest.iter().all(u8::is_ascii_whitespace);
        (!is_blank).then(|| {
            self.number += 1;
            rest
        })
    }

    fn checked<'a>(&self, line: &'a [u8]) -> Result<&'a [u8], FlowFault> {
        if line.len() > LINE_MAX {
            return Err(FlowFault::at(self.number, FlowCause::TooLong));
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(if self.number == 1 {
            line.strip_prefix(MARK).unwrap_or(line)
        } else {
            line
        })
    }
}

impl TextForm {
    /// The line as text; `None` where it is none.
    pub(super) fn decode(self, line: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            TextForm::Utf8 => std::str::from_utf8(line).ok().map(Cow::Borrowed),
            TextForm::Gb18030 => GB18030.decode_without_bom_handling_and_without_replacement(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<(u64, String)> {
        let (mut cutter, mut lines) = (LineCutter::default(), Vec::new());
        for piece in pieces {
            let taken = cutter.push(piece, |number, line| {
                lines.push((number, String::from_utf8(line.to_vec()).unwrap()));
                Ok::<(), FlowFault>(())
            });
            taken.unwrap();
        }
        lines.extend(cutter.rest().map(|line| {
            let line = String::from_utf8(line).unwrap();
            (cutter.number, line)
        }));
        lines
    }

    #[test]
    fn lines_are_the_same_however_their_bytes_come() {
        let text = b"\xEF\xBB\xBFa,b\r\n\r\nc\nd".as_slice();
        let whole = lines(&[text]);
        let expected = [(1, "a,b"), (2, ""), (3, "c"), (4, "d")];
        assert_eq!(whole, expected.map(|(at, line)| (at, line.to_owned())));
        for at in 0..text.len() {
            // The mark is one piece in whatever a file or a server gives.
            if at > 2 {
                assert_eq!(lines(&[&text[..at], &text[at..]]), whole, "{at}");
            }
        }
        assert_eq!(lines(&[b"a\n", b" \r"]), [(1, "a".to_owned())]);
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut cutter = LineCutter::default();
        let piece = [b'x'; 16 * 1024];
        let mut taken = Ok(());
        for _ in 0..5 {
            taken = taken.and_then(|()| cutter.push(&piece, |_, _| Ok::<(), FlowFault>(())));
        }
        assert_eq!(taken, Err(FlowFault::at(1, FlowCause::TooLong)));
    }
}
