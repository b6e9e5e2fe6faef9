//! The writing thread's memory of its run.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use super::approved::Approved;
use super::asked::Asked;
use super::run_limit::LimitLeft;
use super::spent_by_day::SpentByDay;
use crate::domain::packet::Texts;
use crate::domain::policy::RetryRules;
use crate::ledger::bill::candidate::Candidate;
use crate::ledger::journal::seal::Hash;

/// The campaign, and what of this run stands in no row.
#[derive(Debug)]
pub(in crate::ledger) struct RunState {
    pub(in crate::ledger) campaign: i64,
    pub(in crate::ledger) texts: Arc<Texts>,
    /// The seal of the campaign's frozen terms that its requests carry, these texts included.
    pub(in crate::ledger) terms: Hash,
    pub(in crate::ledger) rules: RetryRules,
    pub(in crate::ledger) spent: RefCell<SpentByDay>,
    pub(in crate::ledger) limit_left: LimitLeft,
    /// Nothing else is sent, where an approval is needed.
    pub(in crate::ledger) approved: Arc<OnceLock<Approved>>,
    /// The bills that a fund-flow bill calls paid: none of them is sent. Matches are kept by who
    /// holds the ledger, and so before this run.
    pub(in crate::ledger) billed: HashSet<i64>,
    /// Numbers that WeChat Pay did not know when this process asked.
    pub(in crate::ledger) asked: RefCell<Asked>,
    /// The last attempt of the processes before.
    pub(in crate::ledger) first_attempt: i64,
    pub(in crate::ledger) epoch: i64,
    /// Whether the merchant's cap is reached by sends whose answers may give some of it back.
    pub(in crate::ledger) waits_for_answers: Cell<bool>,
    /// Whether this run has had a packet accepted.
    pub(in crate::ledger) has_accepted: Cell<bool>,
    /// The campaigns whose people are to be paid again.
    pub(in crate::ledger) pay_again: RefCell<Vec<String>>,
}

impl RunState {
    /// Refuses to send a packet that is not what was approved, where an approval is needed.
    pub(super) fn check_approved(
        &self,
        conn: &Connection,
        packet: &Candidate,
    ) -> rusqlite::Result<()> {
        match self.approved.get() {
            Some(approved) if !planted!(ApprovedNotComparedAtTake) => {
                approved.check(conn, &self.terms, packet)
            }
            Some(_) | None => Ok(()),
        }
    }
}
