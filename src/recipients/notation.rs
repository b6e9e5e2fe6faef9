//! A text in another notation than rows: a page, the data or the statements of a program.

use super::fault::form_fault::OtherFile;
use crate::words::both;

/// Which file it is; `text` are its first bytes, in small letters and without those of UTF-16.
pub(super) fn of_text(text: &[u8]) -> Option<OtherFile> {
    let has = |word: &[u8]| text.windows(word.len()).any(|it| it == word);
    let behind = |first: &[u8]| text.strip_prefix(first).map(<[u8]>::trim_ascii_start);
    if text.starts_with(b"<?xml") || text.starts_with(b"<workbook") {
        let is_sheet = has(b"urn:schemas-microsoft-com:office:spreadsheet");
        let is_page = has(b"<html") || has(b"<table");
        return Some(if is_sheet {
            OtherFile::Sheet(both("an XML 2003 sheet", " XML 2003 表格"))
        } else if is_page {
            OtherFile::Sheet(both("an HTML page", "网页（HTML）"))
        } else {
            OtherFile::Source(both("XML", " XML 文件"))
        });
    }
    if text.starts_with(b"<") {
        let mut marks = "<html <table <!doctype <head <meta <body <div".split(' ');
        let is_page = marks.any(|mark| has(mark.as_bytes()));
        return is_page.then_some(OtherFile::Sheet(both("an HTML page", "网页（HTML）")));
    }
    if let Some(name) = printed(text) {
        return Some(name);
    }
    if text.starts_with(b"table\r\n0,1") || text.starts_with(b"table\n0,1") {
        return Some(OtherFile::Sheet(both("a DIF sheet", " DIF 表格")));
    }
    if text.starts_with(b"socialcalc:version") {
        return Some(OtherFile::Source(both(
            "an EtherCalc sheet",
            " EtherCalc 表格",
        )));
    }
    if text.starts_with(b"mime-version:") || text.starts_with(b"from: <saved by") {
        return Some(OtherFile::Sheet(both(
            "a web archive (MHTML)",
            "网页归档（MHTML）",
        )));
    }
    let is_object = behind(b"{").is_some_and(|it| it.starts_with(b"\"") || it.starts_with(b"}"));
    let is_array = behind(b"[").is_some_and(|it| {
        it.starts_with(b"{")
            || it.starts_with(b"[")
            || it.starts_with(b"\"")
            || it.starts_with(b"]")
    });
    (is_object || is_array).then_some(OtherFile::Source(both("JSON", " JSON 文件")))
}

/// What programs print or keep in the place of a list.
fn printed(text: &[u8]) -> Option<OtherFile> {
    let begins = |all: &[&str]| all.iter().any(|it| text.starts_with(it.as_bytes()));
    if begins(&["version https://git-lfs"]) {
        let name = both("a pointer of Git LFS", " Git LFS 指针文件");
        return Some(OtherFile::Unrelated(name));
    }
    let sql = [
        "insert into ",
        "insert ignore into ",
        "replace into ",
        "create table",
        "-- mysql",
        "/*!",
    ];
    if begins(&sql) {
        return Some(OtherFile::Source(both("SQL", " SQL 语句")));
    }
    if begins(&["+--", "+==", "┌", "╔"]) {
        let name = both("a table drawn with lines", "用线条画成的表格");
        return Some(OtherFile::Source(name));
    }
    let item = text
        .strip_prefix(b"- ")
        .and_then(|it| it.split(|c| *c == b'\n').next());
    let is_word = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'"' | b'\'');
    let is_key = item.is_some_and(|item| {
        let end = item.iter().position(|c| !is_word(c)).unwrap_or(0);
        end > 0 && item[end..].starts_with(b": ")
    });
    is_key.then_some(OtherFile::Source(both("YAML", " YAML 文件")))
}
