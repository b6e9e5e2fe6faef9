//! `[approval]`: who has to look at a plan before real money is paid.

use std::time::Duration;

use super::campaign::ApprovalRules;
use super::document::TomlDocument;
use crate::domain::approval::Approver;
use crate::words::config as words;

pub(super) const KEYS: &[&str] = &["required", "approvers", "valid_hours"];

/// A month.
const VALID_MAX: u32 = 744;

pub(super) fn approval(document: &mut TomlDocument<'_>) -> ApprovalRules {
    let is_required = document.flag("approval.required", false);
    let read = |text: &str| Approver::parse(text).ok_or_else(words::approver);
    let approvers = document.texts("approval.approvers", read);
    let hours = document.number("approval.valid_hours", 24, 1..=VALID_MAX);
    if is_required && approvers.as_ref().is_some_and(Vec::is_empty) {
        document.refuse("approval.required", words::no_approvers());
    }
    ApprovalRules {
        is_required,
        approvers: approvers.unwrap_or_default(),
        valid: Duration::from_secs(u64::from(hours) * 3_600),
    }
}
