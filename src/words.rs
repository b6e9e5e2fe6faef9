//! Every text that a person meets, in English and in Chinese, side by side.
//!
//! A message is a function here: its name is its code, its parameters are its placeholders, and
//! both languages must use every one of them, or it does not compile. What a message is about
//! stays where it is found; an error knows its message by a match without a rest. So nothing can
//! be said in one language only, and a text that nobody says any more is dead code.
//!
//! English is the language of logs, of `Display` and of what the ledger records. The language of
//! a person is decided once, by [`Lang::decide`], and handed on.

mod command;
mod comments;
mod count;
mod foreign;
mod lang;
mod part;
mod recall;
mod shown;

pub(crate) use command::{typed_path, typed_word};
pub(crate) use comments::commented;
pub(crate) use count::{counted, of_many};
pub(crate) use foreign::LibraryText;
pub use lang::Lang;
pub use part::Part;
pub(crate) use part::{alike, cells};
pub(crate) use recall::{NOBODY_KNOWN, denied, passed_over_for, recall};
pub use shown::{shown, shown_json, shown_lines};

use part::In;

/// A fixed text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

/// A fixed text in both languages.
pub(crate) const fn both(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// Prefix of the message that a command ends with.
pub const ERROR: Text = both("error: ", "错误：");

impl Text {
    /// In this language.
    #[must_use]
    pub const fn within(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// Holds it to what every text keeps.
    #[cfg(test)]
    pub(crate) fn check(self) {
        let Text { en, zh } = self;
        assert!(!en.is_empty() && !zh.is_empty(), "{self:?}");
        assert!(!zh.contains(['‹', '›']), "{zh:?}");
        let has_words = outside(en).any(|c| c.is_ascii_alphabetic());
        let is_told = outside(zh).any(is_chinese) || !has_words;
        assert!(is_told, "not Chinese: {zh:?}");
        assert!(!en.ends_with('\n') && !zh.ends_with('\n'), "{self:?}");
    }
}

/// The text outside the braces.
#[cfg(test)]
fn outside(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_u32;
    text.chars().filter(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    })
}

#[cfg(test)]
fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// A message, filled in, in both languages. JSON carries it whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Words {
    /// Its name, which stays when the texts are bettered: `hongbao explain` takes it.
    pub code: &'static str,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Words {
    /// In this language.
    #[must_use]
    pub fn within(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A message before it is filled in, as `explain` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub code: &'static str,
    /// Both texts, with `{names}` in place of what is filled in.
    pub text: Text,
}

/// The messages of a topic, each with its English text and then its Chinese one.
macro_rules! words {
    (in $topic:ident; $(
        $(#[$doc:meta])*
        $name:ident($($part:ident),*): $en:literal $zh:literal;
    )+) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name($($part: impl $crate::words::Part),*) -> $crate::words::Words {
                $crate::words::Words {
                    code: concat!(stringify!($topic), ".", stringify!($name)),
                    en: $crate::words::counted(
                        format!($en $(, $part = $crate::words::in_english(&$part))*)
                    ),
                    zh: format!($zh $(, $part = $crate::words::in_chinese(&$part))*),
                }
            }
        )+

        /// All of them.
        pub(super) const ALL: &[$crate::words::Template] = &[$(
            $crate::words::Template {
                code: concat!(stringify!($topic), ".", stringify!($name)),
                text: $crate::words::both($en, $zh),
            }
        ),+];
    };
}

/// `Display` in English, from the type's own `words`.
macro_rules! english {
    ($($name:ty),+) => {
        $(
            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.pad(&self.words().en)
                }
            }

            impl From<$name> for $crate::words::Words {
                fn from(fault: $name) -> $crate::words::Words {
                    fault.words()
                }
            }
        )+
    };
}
pub(crate) use english;

pub(crate) mod access;
pub(crate) mod amounts;
pub(crate) mod approval;
pub(crate) mod audit;
pub(crate) mod bills;
pub(crate) mod campaign_file;
pub(crate) mod caps;
pub(crate) mod claims;
pub(crate) mod compare;
pub(crate) mod config;
pub(crate) mod copy;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod flow;
pub(crate) mod form;
pub(crate) mod halt;
pub(crate) mod headers;
pub(crate) mod id;
pub(crate) mod init;
pub(crate) mod ledger;
pub(crate) mod limits;
pub(crate) mod list;
pub(crate) mod load;
pub(crate) mod manual;
pub(crate) mod met;
pub(crate) mod mode;
pub(crate) mod money;
pub(crate) mod names;
pub(crate) mod next;
pub(crate) mod note;
pub(crate) mod notify;
pub(crate) mod output;
pub(crate) mod pause;
pub(crate) mod pem;
pub(crate) mod plan;
pub(crate) mod recipients;
pub(crate) mod rehearse;
pub(crate) mod reissue;
pub(crate) mod report;
pub(crate) mod rows;
pub(crate) mod run;
pub(crate) mod schedule;
pub(crate) mod setup;
pub(crate) mod show;
pub(crate) mod simulator;
pub(crate) mod status;
pub(crate) mod system;
pub(crate) mod text;
pub(crate) mod topics;
pub(crate) mod typed;
pub(crate) mod usage;
pub(crate) mod wire;
pub(crate) mod withdraw;

/// Every message that there is.
pub(crate) fn all() -> Vec<Template> {
    [
        access::ALL,
        amounts::ALL,
        approval::ALL,
        audit::ALL,
        bills::ALL,
        campaign_file::ALL,
        caps::ALL,
        claims::ALL,
        compare::ALL,
        config::ALL,
        copy::ALL,
        doctor::ALL,
        events::ALL,
        faults::ALL,
        flow::ALL,
        form::ALL,
        halt::ALL,
        headers::ALL,
        id::ALL,
        init::ALL,
        ledger::ALL,
        limits::ALL,
        list::ALL,
        load::ALL,
        manual::ALL,
        met::ALL,
        mode::ALL,
        money::ALL,
        next::ALL,
        note::ALL,
        notify::ALL,
        output::ALL,
        pause::ALL,
        pem::ALL,
        plan::ALL,
        recipients::ALL,
        rehearse::ALL,
        report::ALL,
        rows::ALL,
        run::ALL,
        reissue::ALL,
        schedule::ALL,
        setup::ALL,
        show::ALL,
        simulator::ALL,
        status::ALL,
        system::ALL,
        text::ALL,
        typed::ALL,
        usage::ALL,
        wire::ALL,
        withdraw::ALL,
    ]
    .concat()
}

fn in_english<T: Part>(part: &T) -> In<'_, T> {
    In(Lang::En, part)
}

fn in_chinese<T: Part>(part: &T) -> In<'_, T> {
    In(Lang::Zh, part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names between braces.
    fn placeholders(text: &str) -> BTreeSet<&str> {
        let plain = text.split("{{").flat_map(|part| part.split('{').skip(1));
        plain
            .filter_map(|rest| rest.split([':', '}']).next())
            .collect()
    }

    #[test]
    fn every_message_is_told_in_both_languages_with_the_same_parts() {
        for Template { code, text } in all() {
            text.check();
            assert_eq!(placeholders(text.en), placeholders(text.zh), "{code}");
        }
    }

    /// What is counted bears the mark of [`counted`], so that one is never told as many.
    #[test]
    fn what_is_counted_may_be_one() {
        for Template { code, text } in all() {
            for noun in [
                "packets", "rows", "openids", "people", "requests", "days", "errors", "cells",
                "columns", "pages", "copies", "queries", "messages",
            ] {
                let is_counted = text.en.contains(&format!("}} {noun}"));
                assert!(
                    !is_counted,
                    "{code}: write it as in src/words/count.rs: {}",
                    text.en
                );
            }
        }
    }

    /// A code is what people look up and programs compare: one that goes shows in the diff.
    #[test]
    fn codes_stay() {
        let codes: Vec<&str> = all().iter().map(|message| message.code).collect();
        let unique: BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(unique.len(), codes.len());
        insta::assert_snapshot!(codes.join("\n"));
    }

    #[test]
    fn a_message_inside_a_message_is_told_in_its_language() {
        let totals = usage::totals("5.00", usage::missing());
        let words = usage::live_in_simulator("c.toml", totals);
        assert_eq!(words.code, "usage.live_in_simulator");
        assert!(
            words.en.ends_with("--confirm-total is missing"),
            "{words:?}"
        );
        assert!(
            words.zh.ends_with("（--confirm-total：未填写）"),
            "{words:?}"
        );
    }

    #[test]
    fn what_the_system_says_stands_behind_its_chinese() {
        let fault = std::io::Error::from(std::io::ErrorKind::NotFound);
        let words = usage::simulated_now("X", "y", &fault);
        assert_eq!(words.en, format!("X=y: {fault}; use RFC 3339"));
        assert!(
            words
                .zh
                .contains(&format!("找不到该文件或目录（原文：{fault}）"))
        );
    }
}
