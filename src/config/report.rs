//! `[report]`: what `run` and `reconcile` leave behind.

use super::campaign::LeftFormat;
use super::document::TomlDocument;
use crate::words::config as words;

pub(super) const KEYS: &[&str] = &["formats"];

/// Both, where the file names none.
pub(super) fn left(document: &mut TomlDocument<'_>) -> Vec<LeftFormat> {
    if !document.has("report.formats") {
        return LeftFormat::ALL.to_vec();
    }
    let read = |text: &str| {
        let found = LeftFormat::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(words::report_format)
    };
    let mut formats = document.texts("report.formats", read).unwrap_or_default();
    formats.sort();
    formats
}
