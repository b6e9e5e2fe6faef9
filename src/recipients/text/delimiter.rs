//! The delimiter of a text, by its header.

use crate::recipients::row::header::names_openid;

/// In the order in which they are looked for.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// The delimiter under which the header names the openid; a comma where none does, so that the
/// header's own fault is told.
pub(super) fn of_header(text: &[u8]) -> u8 {
    let mut lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
    let is_blank = |line: &&[u8]| !line.iter().all(u8::is_ascii_whitespace);
    let header = String::from_utf8_lossy(lines.find(is_blank).unwrap_or_default()).into_owned();
    let names = |delimiter: &u8| {
        let cells = cells(&header, char::from(*delimiter));
        cells.len() > 1 && cells.into_iter().any(names_openid)
    };
    DELIMITERS.into_iter().find(names).unwrap_or(b',')
}

/// The cells of a line, without their quotes.
fn cells(line: &str, delimiter: char) -> Vec<&str> {
    let mut is_quoted = false;
    let cells = line.split(|c| {
        is_quoted ^= c == '"';
        c == delimiter && !is_quoted
    });
    cells.map(|cell| cell.trim().trim_matches('"')).collect()
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
            ("openid，fen", b','),
            ("openid", b','),
            ("", b','),
        ] {
            assert_eq!(of_header(header.as_bytes()), delimiter, "{header:?}");
        }
    }
}
