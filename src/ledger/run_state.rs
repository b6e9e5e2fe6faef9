//! What the writing thread knows of its run.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use super::approved_rows::Approved;
use super::asked::Asked;
use super::bound::Bounds;
use super::candidate::Candidate;
use super::seal::Hash;
use super::sums::Sums;
use crate::domain::packet::Texts;
use crate::domain::policy::Rules;

/// The campaign, and what of this run stands in no row.
#[derive(Debug)]
pub(super) struct Taker {
    pub(super) campaign: i64,
    pub(super) texts: Arc<Texts>,
    /// What is fixed about the campaign that its requests say, these texts among it.
    pub(super) terms: Hash,
    pub(super) rules: Rules,
    pub(super) sums: RefCell<Sums>,
    pub(super) bounds: Bounds,
    /// Nothing else is sent, where an approval is needed.
    pub(super) approved: Arc<OnceLock<Approved>>,
    /// What WeChat Pay did not know when this process asked.
    pub(super) asked: RefCell<Asked>,
    /// The last attempt of the processes before.
    pub(super) first_attempt: i64,
    pub(super) epoch: i64,
    /// Whether this run has had a packet accepted.
    pub(super) has_accepted: Cell<bool>,
}

impl Taker {
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
