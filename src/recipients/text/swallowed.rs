//! Rows of the list inside a cell: a stray quote swallows them up to the next one.
//!
//! A quote moves the ends of cells and rows, and leaves the lines of the file as they are: a line
//! below the first of a row, cut at its delimiters alone, that has an openid where the header says
//! so is a person who would get nothing.

use crate::domain::ids::Openid;
use crate::recipients::row::header::Header;
use crate::recipients::row::near::is_openid;

/// The first such line of a row's text, counted from the row's own, 0.
pub(in crate::recipients) fn row_inside(
    text: &str,
    delimiter: char,
    header: &Header,
) -> Option<u64> {
    first_line(text, |line| is_row(line, delimiter, header))
}

/// The first line behind the first of a header that has a cell which looks like an openid: the
/// second line of a name does not.
pub(in crate::recipients) fn person_inside(text: &str, delimiters: &[char]) -> Option<u64> {
    first_line(text, |line| line.split(delimiters).map(bare).any(is_openid))
}

/// The first line behind a text's first for which this holds, counted from 0.
fn first_line(text: &str, is_it: impl Fn(&str) -> bool) -> Option<u64> {
    let text = text.replace("\r\n", "\n");
    let mut lines = (0..).zip(text.split(['\n', '\r'])).skip(1);
    let found = lines.find(|(_, line)| is_it(line));
    found.map(|(index, _)| index)
}

fn bare(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || "\"'=`".contains(c))
}

fn is_row(line: &str, delimiter: char, header: &Header) -> bool {
    let cells: Vec<&str> = line.split(delimiter).map(bare).collect();
    let openid = cells.get(header.openid());
    let amount = cells.get(header.amount().0);
    let is_amount = |cell: &&str| cell.contains(|c: char| c.is_ascii_digit()) && cell.len() < 16;
    openid.is_some_and(|cell| Openid::new(cell).is_ok())
        && (cells.len() == header.len() || amount.is_some_and(is_amount))
}
