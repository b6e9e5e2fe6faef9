//! Copies of a ledger: one that nobody told the program of, and one beside what the ledger left.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "copied/scene.rs"]
mod copied;
#[path = "swapped/scene.rs"]
mod scene;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "the scenes of others use it")]
mod seals;

#[test]
fn a_copy_is_noticed_and_the_ledger_is_not_taken_for_one() {
    copied::a_copy_is_noticed().unwrap();
}

#[test]
fn a_restore_keeps_apart_what_the_ledger_before_left() {
    copied::a_wal_that_is_left_is_kept_apart().unwrap();
}
