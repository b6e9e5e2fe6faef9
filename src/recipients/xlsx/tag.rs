//! The attributes of a tag, and the places that they name.

use quick_xml::events::BytesStart;

use super::broken::{BrokenWorkbook, broken};
use crate::recipients::look::colour::{Colour, of_hex, of_theme};

/// The attribute of a tag by its local name.
pub(super) fn attribute(
    tag: &BytesStart<'_>,
    name: &str,
) -> Result<Option<String>, BrokenWorkbook> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(broken)?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(broken)?.into_owned()));
        }
    }
    Ok(None)
}

/// The colour that a tag names.
pub(super) fn colour_of(tag: &BytesStart<'_>) -> Result<Colour, BrokenWorkbook> {
    if let Some(rgb) = attribute(tag, "rgb")? {
        return Ok(of_hex(&rgb).unwrap_or(Colour::Unknown));
    }
    let tint = attribute(tag, "tint")?.unwrap_or_default();
    if let Some(theme) = attribute(tag, "theme")? {
        return Ok(of_theme(theme, tint));
    }
    let indexed = attribute(tag, "indexed")?;
    Ok(indexed.map_or(Colour::Unknown, |it| Colour::of_index(&it)))
}

pub(super) fn is_true(value: Option<String>) -> bool {
    value.is_some_and(|it| it == "1" || it == "true")
}

pub(super) fn is_below(size: Option<String>, least: f64) -> bool {
    let size = size.and_then(|it| it.parse::<f64>().ok());
    size.is_some_and(|size| size < least)
}

/// Whether a tag says what its name does: `val` may take it back.
pub(super) fn is_on(tag: &BytesStart<'_>) -> Result<bool, BrokenWorkbook> {
    let value = attribute(tag, "val")?;
    Ok(!matches!(value.as_deref(), Some("0" | "false")))
}

/// Letters of fewer points are dots on a screen.
const DOTS: f64 = 3.0;

/// Whether nobody reads letters of the size that a tag says, in points.
pub(super) fn are_dots(tag: &BytesStart<'_>) -> Result<bool, BrokenWorkbook> {
    Ok(is_below(attribute(tag, "val")?, DOTS))
}

/// Row from 1 and column from 0 of `B7`.
pub(super) fn address(text: &str) -> Option<(u64, usize)> {
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (name, row) = text.split_at(split);
    if name.is_empty() || name.len() > 3 {
        return None;
    }
    let mut column = 0;
    for letter in name.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    Some((row.parse().ok()?, column - 1))
}
