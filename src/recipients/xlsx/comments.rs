//! The comments of a sheet's cells (批注) that mark a row as not to be paid: nothing of them stands
//! in a cell, and a person reads them all the same.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::contents::comments_of;
use super::package::Package;
use super::sheet::address;
use super::tag::attribute;
use crate::recipients::row::cell::MarkBeside;
use crate::recipients::row::says::is_marking;

/// Rows whose comments are remembered.
const COMMENTS_MAX: usize = 100_000;

/// What Excel writes before a comment that has answers, for versions that know none.
const THREADED: &str = "linkid=870924";

/// Of each row, from 1: the first comment that marks it.
pub(super) fn marking(
    package: &mut Package<impl Read + Seek>,
    sheet: &str,
) -> Result<BTreeMap<u64, MarkBeside>, BrokenWorkbook> {
    let mut found = BTreeMap::new();
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
        if let Some((row, column)) = place.as_deref().and_then(address)
            && found.len() < COMMENTS_MAX
            && is_marking(text)
        {
            found.entry(row).or_insert_with(|| MarkBeside {
                column,
                text: text.to_owned(),
                is_comment: true,
            });
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
