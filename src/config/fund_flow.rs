//! `[fund_flow]`: what a person knows of the merchant's bill.

use super::document::TomlDocument;
use crate::words::{Words, config as words};

pub(super) const KEYS: &[&str] = &["labels"];

/// The labels of red packets, none of them twice.
pub(super) fn labels(document: &mut TomlDocument<'_>) -> Vec<String> {
    let labels = document.texts("fund_flow.labels", label);
    labels.unwrap_or_default()
}

/// As 业务名称 or 业务类型 has it.
fn label(text: &str) -> Result<String, Words> {
    match text.trim() {
        "" => Err(words::label_blank()),
        label => Ok(label.to_owned()),
    }
}
