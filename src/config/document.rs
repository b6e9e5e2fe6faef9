//! A TOML document that collects every fault with its line, and the file that it includes.
//!
//! Serde stops at the first fault, so the parsed tree is walked by hand: names against a list,
//! then value by value. A getter that finds a fault notes it and goes on.

pub(super) mod encoding;
pub(super) mod foreign;
pub(super) mod source;

use std::mem::take;
use std::ops::RangeInclusive;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigFault;
use super::layer::{Layer, Names};
use crate::words::{Words, campaign_file, config as words, names};

/// A campaign file while it is read. Keys are written `section.key`. One that it does not have is
/// looked for in the file that it includes.
pub(super) struct TomlDocument<'t> {
    own: Layer<'t>,
    included: Option<Layer<'t>>,
    faults: Vec<ConfigFault>,
}

impl<'t> TomlDocument<'t> {
    /// Parses the text of a campaign file, whose paths are relative to `base`, and checks its names
    /// against `known`.
    pub(super) fn parse(
        text: &'t str,
        base: &Path,
        known: &Names,
    ) -> Result<Self, Vec<ConfigFault>> {
        let (own, faults) = Layer::parse(text, (None, base), known)?;
        if own.is_blank() {
            return Err(vec![own.fault(None, campaign_file::empty())]);
        }
        Ok(TomlDocument {
            own,
            included: None,
            faults,
        })
    }

    /// Adds the text of the file that it includes. What such a file may not have is in `never`, by
    /// section and key, with the reason.
    pub(super) fn include(
        &mut self,
        (text, path): (&'t str, &Path),
        known: &Names,
        never: &[(&str, Words)],
    ) -> Result<(), Vec<ConfigFault>> {
        let base = path.parent().unwrap_or(Path::new(""));
        let (layer, faults) = Layer::parse(text, (Some(path), base), known)?;
        self.faults.extend(faults);
        for (key, says) in never {
            if let Some(span) = layer.span(key) {
                self.faults.push(layer.fault(Some(span), says.clone()));
            }
        }
        // What the second file would say is missing for no other reason.
        if layer.wants_include() {
            return Err(take(&mut self.faults));
        }
        self.included = Some(layer);
        Ok(())
    }

    /// The folder that a path under this key is relative to: that of the file which has the key.
    pub(super) fn base_of(&self, key: &str) -> &Path {
        self.layer_of(key).base()
    }

    /// The folder of the campaign file.
    pub(super) fn base(&self) -> &Path {
        self.own.base()
    }

    /// All faults, in the order of their lines.
    pub(super) fn into_faults(mut self) -> Vec<ConfigFault> {
        let key = |fault: &ConfigFault| (fault.file.clone(), fault.line, fault.says.en.clone());
        self.faults.sort_by_cached_key(key);
        self.faults
    }

    /// Whether the campaign file means to include another one.
    pub(super) fn wants_include(&self) -> bool {
        self.own.wants_include()
    }

    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Whether one of the files has the key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// A text that `read` accepts; `None` where the key is absent or at fault.
    pub(super) fn text<T, E: Into<Words>>(
        &mut self,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let result = match value.get_ref() {
            DeValue::String(text) => read(text).map_err(|fault| words::value(key, fault.into())),
            other if key.ends_with("_yuan") => {
                Err(words::not_money(key, names::KindName(other.type_str())))
            }
            other => Err(words::not_text(key, names::KindName(other.type_str()))),
        };
        match result {
            Ok(read) => Some(read),
            Err(says) => {
                self.refuse(key, says);
                None
            }
        }
    }

    /// As [`TomlDocument::text`]; an absent key is a fault too.
    pub(super) fn required<T, E: Into<Words>>(
        &mut self,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.has(key) {
            let (section, name) = key.split_once('.').unwrap_or(("", key));
            self.refuse(section, words::missing(key, name, section));
        }
        self.text(key, read)
    }

    /// A whole number within `range`, or the default.
    pub(super) fn number(&mut self, key: &str, default: u32, range: RangeInclusive<u32>) -> u32 {
        let Some(value) = self.value(key) else {
            return default;
        };
        let number = match value.get_ref() {
            DeValue::Integer(n) => i128::from_str_radix(n.as_str(), n.radix())
                .ok()
                .and_then(|n| u32::try_from(n).ok()),
            other => {
                let says = words::not_number(key, names::KindName(other.type_str()));
                self.refuse(key, says);
                return default;
            }
        };
        if let Some(number) = number.filter(|number| range.contains(number)) {
            return number;
        }
        let (least, most) = range.into_inner();
        self.refuse(key, words::range(key, least, most));
        default
    }

    /// `true` or `false`, or the default.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
        let found = self.value(key).map(Spanned::get_ref);
        let kind = match found {
            None => return default,
            Some(DeValue::Boolean(flag)) => return *flag,
            Some(other) => other.type_str(),
        };
        self.refuse(key, words::not_flag(key, names::KindName(kind)));
        default
    }

    /// A list of texts that `read` accepts, none of them twice; `None` where one is at fault.
    pub(super) fn texts<T: PartialEq>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, Words>,
    ) -> Option<Vec<T>> {
        let (mut texts, mut faults) = (Vec::new(), Vec::new());
        match self.value(key).map(Spanned::get_ref) {
            None => {}
            Some(DeValue::Array(values)) => {
                for value in values {
                    let read = match value.get_ref() {
                        DeValue::String(text) => read(text),
                        other => Err(words::not_text(key, names::KindName(other.type_str()))),
                    };
                    match read {
                        Ok(text) if texts.contains(&text) => faults.push(words::twice(key)),
                        Ok(text) => texts.push(text),
                        Err(fault) => faults.push(words::value(key, fault)),
                    }
                }
            }
            Some(other) => faults.push(words::not_list(key, names::KindName(other.type_str()))),
        }
        let is_right = faults.is_empty();
        for fault in faults {
            self.refuse(key, fault);
        }
        is_right.then_some(texts)
    }

    /// Notes a fault at the line of a key or a section.
    pub(super) fn refuse(&mut self, key: &str, says: Words) {
        let layer = self.layer_of(key);
        let fault = layer.fault(layer.span(key), says);
        self.faults.push(fault);
    }

    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        self.layer_of(key).value(key)
    }

    /// The file that has the key; the campaign file where none does.
    fn layer_of(&self, key: &str) -> &Layer<'t> {
        let has = |layer: &&Layer<'t>| layer.value(key).is_some();
        let included = self.included.as_ref().filter(has);
        included.filter(|_| !has(&&self.own)).unwrap_or(&self.own)
    }
}

/// Whether the text means to be a campaign file: it has a `[campaign]`, or is not TOML.
pub(super) fn is_meant(text: &str) -> bool {
    let (root, errors) = DeTable::parse_recoverable(text);
    !errors.is_empty() || root.get_ref().contains_key("campaign")
}
