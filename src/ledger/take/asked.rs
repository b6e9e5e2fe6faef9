//! Numbers that WeChat Pay did not know when this process asked.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// How long after a question began its NOT_FOUND is good for a send.
const GOOD: Duration = Duration::from_mins(10);

/// The numbers that this process asked about and WeChat Pay did not know, by row of their bills.
/// Another process asks anew.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Asked(HashMap<i64, Instant>);

impl Asked {
    /// WeChat Pay did not know the number, says the answer to a question that began then.
    pub(in crate::ledger) fn not_found(&mut self, bill: i64, began: Instant) {
        self.0.insert(bill, began);
    }

    /// Forgets an answer that no longer holds.
    pub(in crate::ledger) fn forget(&mut self, bill: i64) {
        self.0.remove(&bill);
    }

    pub(super) fn is_good(&self, bill: i64) -> bool {
        self.0
            .get(&bill)
            .is_some_and(|began| began.elapsed() < GOOD)
    }
}
