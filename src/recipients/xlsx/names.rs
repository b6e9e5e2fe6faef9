//! The names of the sheets of a workbook.

use std::io::{Read, Seek};

use super::contents::{Contents, meant};
use super::package::Package;

/// Names of its visible worksheets; `None` where it is no workbook.
pub(in crate::recipients) fn sheet_names(file: impl Read + Seek) -> Option<Vec<String>> {
    let mut package = Package::open(file).ok()?;
    let sheets = Contents::read(&mut package).ok()?.sheets;
    Some(sheets.into_iter().map(|(name, _)| name).collect())
}

/// The one of these names that is meant by one that a person wrote.
pub(in crate::recipients) fn meant_sheet<'n>(names: &'n [String], name: &str) -> Option<&'n str> {
    meant(names, name).map(|index| names[index].as_str())
}
