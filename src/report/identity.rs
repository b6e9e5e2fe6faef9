//! How a workbook or a page says which campaign it is of: the first packet's number, with what it
//! is made of, so that nothing but an earlier report of the campaign is replaced.

use std::io::{BufRead, Read};

use crate::ledger::ReportRow;

/// The name of this property of a workbook, and of this line of a page.
pub const IDENTITY: &str = "hongbao-report";
/// The same where there is no packet.
const NOTHING: &str = "-";
/// As much of a page as is looked at: it stands in its head.
const LOOK: u64 = 4_096;

/// Of a report whose first packet this is.
pub(super) fn identity(first: Option<&ReportRow>) -> String {
    first.map_or_else(
        || NOTHING.to_owned(),
        |row| format!("{} {} {}", row.generation, row.mch_billno, row.row_key),
    )
}

/// Whether this identity has a number of the campaign: `is_number` says whether a row key has this
/// number in this generation.
pub fn is_identity(text: &str, is_number: impl Fn(&str, u32, &str) -> bool) -> bool {
    if text == NOTHING {
        return true;
    }
    let mut parts = text.splitn(3, ' ');
    let mut parts = || Some((parts.next()?.parse().ok()?, parts.next()?, parts.next()?));
    parts().is_some_and(|(generation, number, key)| is_number(key, generation, number))
}

/// The identity of a page.
pub(super) fn of_page(file: impl BufRead) -> Option<String> {
    let mut head = Vec::new();
    file.take(LOOK).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let tag = format!("<meta name=\"{IDENTITY}\" content=\"");
    let (_, rest) = head.split_once(&tag)?;
    let (text, _) = rest.split_once('"')?;
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let plain = |text: String, (sign, c): (&str, &str)| text.replace(sign, c);
    Some(signs.into_iter().fold(text.to_owned(), plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_known_by_the_number_of_its_first_packet() {
        let row = ReportRow {
            row_key: "a b".to_owned(),
            mch_billno: "N".to_owned(),
            generation: 2,
            ..ReportRow::default()
        };
        let is =
            |text: &str| is_identity(text, |key, at, number| (key, at, number) == ("a b", 2, "N"));
        assert!(is(&identity(Some(&row))) && is(&identity(None)));
        assert!(!is("2 N x") && !is("1 N a b") && !is("") && !is("N"));
    }

    #[test]
    fn a_page_says_it_in_its_head() {
        let page = "<!DOCTYPE html><head><meta name=\"hongbao-report\" content=\"1 N &lt;&amp;\">";
        assert_eq!(of_page(page.as_bytes()).as_deref(), Some("1 N <&"));
        assert_eq!(of_page("<html>".as_bytes()), None);
    }
}
