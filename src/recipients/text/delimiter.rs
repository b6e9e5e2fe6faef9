//! The delimiter of a text, by its header.

use crate::recipients::row::header::names_openid;

/// In the order in which they are looked for.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// A first line `sep=;`, by which Excel is told the delimiter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SepLine {
    /// Its bytes with its line break; 0 where there is none.
    pub(super) length: usize,
    pub(super) delimiter: Option<u8>,
}

/// The first line, where it names the delimiter.
pub(super) fn sep_line(text: &[u8]) -> SepLine {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let (line, rest) = text.split_at(end.unwrap_or(text.len()));
    let bare = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    let bare = bare.trim_ascii_end().strip_prefix(b"\"").unwrap_or(bare);
    let names = bare
        .get(..4)
        .is_some_and(|it| it.eq_ignore_ascii_case(b"sep="));
    // Excel gives the line as many cells as the rows have.
    let is_padding = |byte: &u8| DELIMITERS.contains(byte) || matches!(byte, b'"' | b' ');
    let is_padded = || bare[5..].iter().all(is_padding);
    if !names || (bare.len() > 8 && !is_padded()) {
        return SepLine::default();
    }
    let end = if rest.starts_with(b"\r\n") {
        2
    } else {
        rest.len().min(1)
    };
    SepLine {
        length: line.len() + end,
        delimiter: bare.get(4).copied().filter(|it| DELIMITERS.contains(it)),
    }
}

/// The delimiter under which the header names the openid, first the one that was `named`; where
/// none does, the one that it has most of, so that the header's own fault is told.
pub(super) fn of_header(text: &[u8], named: Option<u8>) -> u8 {
    let mut lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'"');
    let header = lines.find(|line| !line.iter().all(is_blank));
    let header = String::from_utf8_lossy(header.unwrap_or_default()).into_owned();
    let has_openid = |delimiter: &u8| {
        let cells = cells(&header, char::from(*delimiter));
        cells.len() > 1 && cells.into_iter().any(names_openid)
    };
    let mut delimiters = named.into_iter().chain(DELIMITERS);
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    let most = || DELIMITERS.into_iter().rev().max_by_key(count);
    delimiters.find(has_openid).or_else(most).unwrap_or(b',')
}

/// The cells of a line, without their quotes.
fn cells(line: &str, delimiter: char) -> Vec<&str> {
    let mut is_quoted = false;
    let cells = line.split(|c| {
        is_quoted ^= c == '"';
        c == delimiter && !is_quoted
    });
    let is_guard = |c| c == '"' || c == '=';
    cells
        .map(|cell| cell.trim().trim_matches(is_guard))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_delimiter() {
        for (header, delimiter) in [
            ("openid,amount_yuan", b','),
            ("\n \r\n用户openid\t金额(元)\nx", b'\t'),
            ("\u{FEFF}openid;fen", b';'),
            ("\"openid\"\t\"a,b\"", b'\t'),
            ("openid\tnote, long", b'\t'),
            ("name,openid\tx,openid", b','),
            (";;\n;\"\"; \nopenid;fen", b';'),
            ("openid，fen", b','),
            ("name;amount;note, long", b';'),
            ("openid", b','),
            ("", b','),
        ] {
            assert_eq!(of_header(header.as_bytes(), None), delimiter, "{header:?}");
        }
        assert_eq!(of_header(b"openid,b;openid", Some(b';')), b';');
        assert_eq!(of_header(b"openid,fen", Some(b';')), b',');
    }

    #[test]
    fn a_first_line_may_name_the_delimiter() {
        for (text, length, delimiter) in [
            ("sep=;\r\nopenid", 7, Some(b';')),
            ("SEP=,\nopenid", 6, Some(b',')),
            ("\"sep=\t\"\ropenid", 8, Some(b'\t')),
            ("sep=;;;\n", 8, Some(b';')),
            ("\u{FEFF}sep=;\n", 9, Some(b';')),
            ("sep=,,,,,\r\nopenid", 11, Some(b',')),
            ("sep=;,,,,,\nopenid", 11, Some(b';')),
            ("\"sep=,\",,,,\nopenid", 12, Some(b',')),
            ("sep=openid,,,\n", 0, None),
            ("sep=|\n", 6, None),
            ("sep=", 4, None),
            ("separate,openid\n", 0, None),
            ("sep=openid,fen\n", 0, None),
            ("", 0, None),
        ] {
            let line = SepLine { length, delimiter };
            assert_eq!(sep_line(text.as_bytes()), line, "{text:?}");
        }
    }
}
