//! What stands beside the quotes of a row: a blank in front of one makes it a part of the cell, and
//! what follows one that closes is of no cell.

use crate::recipients::row::cell::BesideQuotes;

/// Looks through a row as it stands in the text.
pub(super) fn beside_quotes(row: &str, delimiter: char) -> BesideQuotes {
    let mut found = BesideQuotes::default();
    let (mut rest, mut index) = (row, 0);
    loop {
        let blank = |c: char| c.is_whitespace() && c != delimiter;
        let cell = rest.trim_start_matches(blank);
        if cell.len() < rest.len() && cell.starts_with('"') {
            found.before.push(index);
        }
        let end = if let Some(quoted) = rest.strip_prefix('"') {
            let quoted_end = rest.len() - behind_quoted(quoted).len();
            let end = rest[quoted_end..].find(delimiter);
            let end = end.map_or(rest.len(), |at| quoted_end + at);
            let beside = &rest[quoted_end..end];
            if !beside.trim().is_empty() {
                found.is_torn = true;
            } else if !beside.is_empty() {
                found.after.push(index);
            }
            end
        } else {
            rest.find(delimiter).unwrap_or(rest.len())
        };
        let Some(behind) = rest[end..].strip_prefix(delimiter) else {
            return found;
        };
        (rest, index) = (behind, index + 1);
    }
}

/// The row behind the quote that closes a cell; `""` closes none.
fn behind_quoted(mut quoted: &str) -> &str {
    while let Some(at) = quoted.find('"') {
        quoted = &quoted[at + 1..];
        match quoted.strip_prefix('"') {
            Some(rest) => quoted = rest,
            None => return quoted,
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_texts_beside_quotes_are_told_by_their_cell() {
        let found = |row: &str| {
            let BesideQuotes {
                before,
                after,
                is_torn,
            } = beside_quotes(row, ',');
            (before, after, is_torn)
        };
        for (row, before, after, is_torn) in [
            ("a,\"b\",c", vec![], vec![], false),
            ("a, \"b\",\u{3000}\"c\"", vec![1, 2], vec![], false),
            ("\"a, \"\"b\"\"\" ,c,\"d\"\t", vec![], vec![0, 2], false),
            ("\"a\"b,c", vec![], vec![], true),
            ("\"a\" \"b\",c", vec![], vec![], true),
            ("a, b \"c\", \"d, e\"", vec![2], vec![], false),
            (" \"a", vec![0], vec![], false),
            ("=\"a\", =\"b\"", vec![], vec![], false),
            ("\"\",\"\"\"\"", vec![], vec![], false),
        ] {
            assert_eq!(found(row), (before, after, is_torn), "{row}");
        }
        assert_eq!(beside_quotes("a\t\"b\"", '\t'), BesideQuotes::default());
    }
}
