//! SQL conditions that pick bills.

/// Picks what a restored copy calls in doubt and this ledger never sent.
pub(in crate::ledger) const UNSENT: &str = "state = 'in_doubt' AND first_sent_at IS NULL";

/// Picks the bills whose first send was at `?1` or later, and was not refused.
pub(in crate::ledger) const SENT_SINCE: &str = "first_sent_at >= ?1
     AND state <> 'refused' AND bill IN
       (SELECT bill FROM attempt WHERE attempt >=
         (SELECT min(attempt) FROM attempt WHERE committed_at >= ?1))";
