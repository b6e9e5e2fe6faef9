//! What stdout is for, and the facts of a verb where it is for one object about its end.

use std::cell::RefCell;

use serde_json::{Map, Value};

/// The one thing that stdout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::commands) enum StdoutUse {
    /// What a person asked for; the paths of reports, where that is all there is.
    #[default]
    Result,
    /// Events: paths go to stderr.
    Events,
    /// One object, which has everything.
    Document,
}

/// Stdout, as a verb uses it.
#[derive(Debug, Default)]
pub(in crate::commands) struct Stdout {
    pub(in crate::commands) is_for: StdoutUse,
    facts: RefCell<Map<String, Value>>,
}

impl Stdout {
    pub(in crate::commands) fn of(is_json: bool) -> Stdout {
        let is_for = if is_json {
            StdoutUse::Document
        } else {
            StdoutUse::Result
        };
        Stdout {
            is_for,
            facts: RefCell::default(),
        }
    }

    pub(in crate::commands) fn has_document(&self) -> bool {
        self.is_for == StdoutUse::Document
    }

    /// Keeps a fact for the object.
    pub(in crate::commands) fn keep(&self, name: &str, fact: impl Into<Value>) {
        self.facts.borrow_mut().insert(name.to_owned(), fact.into());
    }

    /// All that was kept.
    pub(in crate::commands) fn facts(&self) -> Map<String, Value> {
        self.facts.borrow().clone()
    }
}
