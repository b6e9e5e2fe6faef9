//! The comments of a sheet's cells (批注) that mark a row as not to be paid, or name a unit of money:
//! nothing of them stands in a cell, and a person reads them all the same.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::contents::comments_of;
use super::package::Package;
use super::tag::{address, attribute};
use crate::recipients::row::cell::MarkBeside;
use crate::recipients::row::currency::SaidUnits;
use crate::recipients::row::says::is_marking;

/// Rows whose comments are remembered.
const COMMENTS_MAX: usize = 100_000;

/// What Excel writes before a comment that has answers, for versions that know none.
const THREADED: &str = "linkid=870924";

/// The comments of a sheet that matter, by their rows, from 1.
#[derive(Default)]
pub(super) struct Comments {
    /// Of each row the first that marks it.
    pub(super) marking: BTreeMap<u64, MarkBeside>,
    /// Those that name a unit.
    pub(super) units: BTreeMap<u64, Vec<MarkBeside>>,
}

/// Reads them.
pub(super) fn comments(
    package: &mut Package<impl Read + Seek>,
    sheet: &str,
) -> Result<Comments, BrokenWorkbook> {
    let mut found = Comments::default();
    let Some(name) = comments_of(package, sheet)? else {
        return Ok(found);
    };
    let Some(mut part) = package.part(&name)? else {
        return Ok(found);
    };
    loop {
        let place = match part.next()? {
            Event::Eof => return Ok(found),
            Event::Start(tag) if tag.local_name().as_ref() == "comment" => attribute(&tag, "ref")?,
            _ => continue,
        };
        let text = part.text()?;
        let text = said(&text);
        let Some((row, column)) = place.as_deref().and_then(address) else {
            continue;
        };
        let comment = || MarkBeside {
            column,
            text: text.to_owned(),
            is_comment: true,
        };
        if found.marking.len() < COMMENTS_MAX && is_marking(text) {
            found.marking.entry(row).or_insert_with(comment);
        }
        if found.units.len() < COMMENTS_MAX && SaidUnits::of_note(text) != SaidUnits::default() {
            found.units.entry(row).or_default().push(comment());
        }
    }
}

/// The text that a person wrote.
fn said(text: &str) -> &str {
    let own = text
        .split_once(THREADED)
        .and_then(|(_, behind)| behind.split_once([':', '：']));
    own.map_or(text, |(_, own)| own).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_says_of_a_comment_is_none() {
        let threaded = "[Threaded comment]\n\nYour version of Excel allows you to read this \
             threaded comment; however, any edits to it will get removed. Learn more: \
             https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    ask Li: ok";
        assert_eq!(said(threaded), "ask Li: ok");
        assert_eq!(said(" 小王:\n不发 "), "小王:\n不发");
        assert!(is_marking(said("小王:\n不发")) && !is_marking(said(threaded)));
    }
}
