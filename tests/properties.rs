//! What holds for any input: recipients files in every encoding, campaign files, and histories of
//! a ledger, each made from a good one by chance damage.
//!
//! A few cases of each by default. `HONGBAO_FULL=1 cargo test --release --test properties` tries
//! some hundred times as many.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "properties/bound.rs"]
mod bound;
#[path = "properties/config.rs"]
mod config;
#[path = "properties/damage.rs"]
mod damage;
#[path = "properties/foreign.rs"]
mod foreign;
#[path = "properties/journal.rs"]
mod journal;
#[path = "fuzz/judge.rs"]
mod judge;
#[path = "classification/kinds.rs"]
mod kinds;
#[path = "properties/recipients.rs"]
mod recipients;
mod support;
#[path = "support/terms.rs"]
mod terms;

use proptest::test_runner::Config;

/// `few` cases, or `many` where the long form is asked for.
pub(crate) fn cases(few: u32, many: u32) -> Config {
    Config {
        cases: if support::is_full() { many } else { few },
        failure_persistence: None,
        ..Config::default()
    }
}
