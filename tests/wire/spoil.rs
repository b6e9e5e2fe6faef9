//! Documents and other texts, spoilt.

use std::fmt::Write as _;

use super::document::About;

/// So many bytes; where there are not so many, all but the last.
pub(crate) fn cut(bytes: &[u8], at: usize) -> Vec<u8> {
    bytes[..at.min(bytes.len() - 1)].to_vec()
}

pub(crate) fn another(about: &About) -> About {
    let last = about.number.ends_with('0');
    let mut number = about.number.clone();
    number.pop();
    number.push(if last { '1' } else { '0' });
    About {
        number,
        openid: "oSomebodyElse0000000000000".to_owned(),
        fen: about.fen + 1,
    }
}

pub(crate) fn rot13(text: &str) -> String {
    let turn = |c: char| match c {
        'a'..='m' | 'A'..='M' => char::from(c as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(c as u8 - 13),
        other => other,
    };
    text.chars().map(turn).collect()
}

/// The text in GBK, where every Chinese character of it becomes the same one.
pub(crate) fn gbk(xml: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in xml.chars() {
        if c.is_ascii() {
            bytes.push(c as u8);
        } else {
            bytes.extend(b"\xb7\xa2");
        }
    }
    bytes
}

/// Every value in pieces of CDATA and text.
pub(crate) fn split_cdata(xml: &str) -> String {
    let mut parts = xml.split("<![CDATA[");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let first = part.chars().next().unwrap();
        let rest = &part[first.len_utf8()..];
        write!(text, "<![CDATA[{first}]]><![CDATA[{rest}").unwrap();
    }
    text
}

/// A billion laughs.
pub(crate) fn bomb() -> String {
    let mut entities = String::from("<!DOCTYPE xml [<!ENTITY e0 \"ha\">");
    for level in 1..10 {
        let inner = format!("&e{};", level - 1).repeat(10);
        write!(entities, "<!ENTITY e{level} \"{inner}\">").unwrap();
    }
    entities + "]>"
}
