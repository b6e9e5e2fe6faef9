//! Paths of a campaign file, and where the ledger of each mode is.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::campaign::{Backups, Merchant};
use super::document::TomlDocument;
use super::document::foreign::is_of_windows;
use crate::words::{Words, campaign_file as file, config as words};

/// A month of runs.
const KEEP: u32 = 30;
/// More than anybody looks through.
const KEEP_MAX: u32 = 10_000;

impl TomlDocument<'_> {
    /// A path that must be there.
    pub(super) fn required_path(&mut self, key: &str) -> Option<PathBuf> {
        let base = self.base_of(key).to_owned();
        self.required(key, |text| path(&base, text))
    }

    /// A blank path of a file that may be left out is a file left out.
    pub(super) fn optional_path(&mut self, key: &str) -> Option<PathBuf> {
        let base = self.base_of(key).to_owned();
        let read = |text: &str| match text.trim() {
            "" => Ok(None),
            _ => path(&base, text).map(Some),
        };
        self.text(key, read).flatten()
    }
}

pub(super) fn path(base: &Path, text: &str) -> Result<PathBuf, Words> {
    match text {
        _ if text.trim().is_empty() => Err(words::path_blank()),
        _ if text.contains('\0') => Err(words::path_nul()),
        _ if text.chars().any(char::is_control) => Err(file::escaped()),
        _ if text.contains('\\') || is_of_windows(text) => Err(file::drive()),
        _ => Ok(base.join(text)),
    }
}

/// The path as the file has it, for live mode; not the list's, nor one of credentials.
pub(super) fn ledger(
    document: &mut TomlDocument<'_>,
    others: (&Option<PathBuf>, &Option<Merchant>),
) -> PathBuf {
    let key = "ledger.path";
    let base = document.base_of(key).to_owned();
    let read = |text: &str| {
        let path = path(&base, text)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        match path.file_name() {
            None => Err(words::path_no_file()),
            Some(_) if text.ends_with('/') => Err(words::path_no_file()),
            Some(_) if stem.ends_with(".simulator") => Err(words::path_kept()),
            Some(_) => match key_of(&path, others) {
                Some(other) => Err(words::ledger_is(other)),
                None => Ok(path),
            },
        }
    };
    let path = document.text(key, read);
    path.unwrap_or_else(|| document.base().join("hongbao.db"))
}

/// The key that names this file, where the list or a file of credentials is there.
fn key_of(
    file: &Path,
    (recipients, merchant): (&Option<PathBuf>, &Option<Merchant>),
) -> Option<&'static str> {
    let mut files = vec![("campaign.recipients", recipients)];
    if let Some(merchant) = merchant {
        files.extend([
            ("merchant.api_key_file", &merchant.api_key_file),
            ("merchant.cert_file", &merchant.cert_file),
            ("merchant.key_file", &merchant.key_file),
        ]);
    }
    let mut files = files.into_iter();
    let found = files.find(|(_, path)| path.as_deref() == Some(file));
    found.map(|(key, _)| key)
}

/// None without a folder; a number without a folder would look like backups and be none.
pub(super) fn backups(document: &mut TomlDocument<'_>) -> Option<Backups> {
    let keep = document.number("ledger.backup_keep", KEEP, 1..=KEEP_MAX);
    let base = document.base_of("ledger.backup_dir").to_owned();
    let dir = document.text("ledger.backup_dir", |text| path(&base, text));
    if dir.is_none() && document.has("ledger.backup_keep") && !document.has("ledger.backup_dir") {
        document.refuse("ledger.backup_keep", words::keep_nothing());
    }
    let (dir, keep) = (dir?, NonZeroU32::new(keep)?);
    Some(Backups { dir, keep })
}

/// `hongbao.simulator.db` for `hongbao.db`, or with another extension.
pub(super) fn simulated(ledger: &Path, extension: Option<&OsStr>) -> PathBuf {
    let mut name = OsString::from(ledger.file_stem().unwrap_or_default());
    name.push(".simulator");
    if let Some(extension) = extension {
        name.push(".");
        name.push(extension);
    }
    ledger.with_file_name(name)
}
