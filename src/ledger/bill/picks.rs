//! SQL conditions that pick bills.

/// Picks what a restored copy calls in doubt and this ledger never sent.
pub(in crate::ledger) const UNSENT: &str = "state = 'in_doubt' AND first_sent_at IS NULL";

/// Picks the bills whose first send was at `?1` or later. Not a number that was given up: it is
/// proven unpaid, never sent again, and another one pays in its place.
pub(in crate::ledger) const SENT_SINCE: &str = "first_sent_at >= ?1
     AND NOT (state = 'refused' AND is_window_closed) AND bill IN
       (SELECT bill FROM attempt WHERE attempt >=
         (SELECT min(attempt) FROM attempt WHERE committed_at >= ?1))";
