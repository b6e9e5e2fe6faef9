//! A TOML document that collects every fault with its line.
//!
//! Serde stops at the first fault, so the parsed tree is walked by hand: names against a list,
//! then value by value. A getter that finds a fault notes it and goes on.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigFault;
use crate::words::{Words, config as words};

/// Sections and their keys.
pub(super) type Names = [(&'static str, &'static [&'static str])];

/// A campaign file while it is read. Keys are written `section.key`.
pub(super) struct TomlDocument<'t> {
    text: &'t str,
    root: DeTable<'t>,
    faults: Vec<ConfigFault>,
}

impl<'t> TomlDocument<'t> {
    /// Parses the text and checks its names against `known`.
    pub(super) fn parse(text: &'t str, known: &Names) -> Result<Self, Vec<ConfigFault>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut document = TomlDocument {
            text,
            root: root.into_inner(),
            faults: Vec::new(),
        };
        for error in &errors {
            document.note(error.span(), words::not_toml(error.message()));
        }
        if !errors.is_empty() {
            return Err(document.into_faults());
        }
        document.check_names(known);
        Ok(document)
    }

    /// All faults, in the order of their lines.
    pub(super) fn into_faults(mut self) -> Vec<ConfigFault> {
        let key = |fault: &ConfigFault| (fault.line, fault.says.en.clone());
        self.faults.sort_by_cached_key(key);
        self.faults
    }

    /// Whether the file has the key.
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
            other if key.ends_with("_yuan") => Err(words::not_money(key, other.type_str())),
            other => Err(words::not_text(key, other.type_str())),
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
                let says = words::not_number(key, other.type_str());
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
        self.refuse(key, words::not_flag(key, kind));
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
                        other => Err(words::not_text(key, other.type_str())),
                    };
                    match read {
                        Ok(text) if texts.contains(&text) => faults.push(words::twice(key)),
                        Ok(text) => texts.push(text),
                        Err(fault) => faults.push(words::value(key, fault)),
                    }
                }
            }
            Some(other) => faults.push(words::not_list(key, other.type_str())),
        }
        let is_right = faults.is_empty();
        for fault in faults {
            self.refuse(key, fault);
        }
        is_right.then_some(texts)
    }

    /// Notes a fault at the line of a key or a section.
    pub(super) fn refuse(&mut self, key: &str, says: Words) {
        let span = match key.split_once('.') {
            Some(_) => self.value(key).map(Spanned::span),
            None => self.root.get(key).map(Spanned::span),
        };
        self.note(span, says);
    }

    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        let (section, name) = key.split_once('.')?;
        match self.root.get(section)?.get_ref() {
            DeValue::Table(table) => table.get(name),
            _ => None,
        }
    }

    fn note(&mut self, span: Option<Range<usize>>, says: Words) {
        let text = self.text.as_bytes();
        let line = span.map(|span| {
            let before = &text[..span.start.min(text.len())];
            before.split(|byte| *byte == b'\n').count()
        });
        self.faults.push(ConfigFault { line, says });
    }

    fn check_names(&mut self, known: &Names) {
        let mut found = Vec::new();
        for (section, value) in &self.root {
            let name = section.get_ref();
            let keys = known.iter().find(|(known, _)| known == name);
            match (keys, value.get_ref()) {
                (Some((_, keys)), DeValue::Table(table)) => {
                    let unknown = table
                        .keys()
                        .filter(|key| !keys.contains(&key.get_ref().as_ref()));
                    found.extend(
                        unknown.map(|key| (key.span(), unknown_key(name, key.get_ref(), known))),
                    );
                }
                (Some(_), _) => {
                    found.push((section.span(), words::not_a_section(&**name)));
                }
                (None, DeValue::Table(_)) => {
                    let names = known.iter().map(|(name, _)| *name);
                    let hint = suggestion(name, names);
                    found.push((section.span(), words::unknown_section(&**name, hint)));
                }
                (None, _) => found.push((section.span(), unknown_key("", name, known))),
            }
        }
        for (span, says) in found {
            self.note(Some(span), says);
        }
    }
}

/// Whether the text means to be a campaign file: it has a `[campaign]`, or is not TOML.
pub(super) fn is_meant(text: &str) -> bool {
    let (root, errors) = DeTable::parse_recoverable(text);
    !errors.is_empty() || root.get_ref().contains_key("campaign")
}

fn unknown_key(section: &str, key: &str, known: &Names) -> Words {
    let home = known.iter().find(|(_, keys)| keys.contains(&key));
    let hint = if let Some((home, _)) = home {
        Some(words::belongs(*home))
    } else {
        let own = known.iter().find(|(name, _)| *name == section);
        let keys = own.map_or(&[][..], |(_, keys)| keys);
        suggestion(key, keys.iter().copied())
    };
    match section {
        "" => words::stray_key(key, hint),
        section => words::unknown_key(key, section, hint),
    }
}

/// The likeliest name, if one is likely: 0.75 takes a swapped, lost or doubled letter and a
/// missing unit, and not another word of the same length.
fn suggestion(name: &str, known: impl Iterator<Item = &'static str>) -> Option<Words> {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), known);
    known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| words::did_you_mean(known))
}
