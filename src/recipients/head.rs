//! The first rows of a recipients file, cut where the reader ends them.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use super::encoding;
use super::reader::RecipientsError;
use super::records::{ROW_MAX, Records};
use super::text::Text;

/// Writes the header of `source` and its first `rows` rows to `to`, in UTF-8, quotes and all. It
/// looks into no cell: a file of which nothing is known is refused where it is read.
///
/// # Errors
/// Where `source` cannot be read or is no text, or `to` cannot be written.
pub fn head(mut source: File, rows: u64, to: &mut impl Write) -> Result<(), RecipientsError> {
    let encoding = encoding::detect(&mut source)?;
    source.rewind()?;
    let text = BufReader::with_capacity(64 * 1024, Text::new(source, encoding)?);
    let mut records = Records::new(text);
    // One call gives one row: none is longer than this.
    let mut row = vec![0; ROW_MAX + 1];
    for _ in 0..=rows {
        let length = records.read(&mut row)?;
        if length == 0 {
            break;
        }
        to.write_all(&row[..length])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(bytes: &[u8], rows: u64) -> String {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let mut out = Vec::new();
        head(file, rows, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_is_whole_whatever_breaks_its_lines() {
        let text = "\u{FEFF}openid,note\r\n\r\na,\"one\r\ntwo\"\r\nb,\"\"\"\"\nc,";
        assert_eq!(
            head_of(text.as_bytes(), 1),
            "openid,note\na,\"one\r\ntwo\"\n"
        );
        let two = head_of(text.as_bytes(), 2);
        assert!(two.ends_with("\"\nb,\"\"\"\"\n"), "{two}");
        assert!(head_of(text.as_bytes(), 9).ends_with("\nc,\n"));
        assert_eq!(head_of(text.as_bytes(), 0), "openid,note\n");
    }

    #[test]
    fn gb18030_becomes_utf8() {
        let bytes = b"openid,\xB5\xEA\na,\xCC\xEC\nb,\xBA\xE7\n";
        assert_eq!(head_of(bytes, 1), "openid,店\na,天\n");
    }
}
