//! The query over all bills, and its columns by name.

use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, MOVING, MOVING_FROM, MOVING_WIDTH};

/// All bills in their order.
pub(super) fn query() -> String {
    format!(
        "SELECT bill, campaign, file, seal, {FROZEN}, {MOVING} FROM {MOVING_FROM} ORDER BY bill"
    )
}

pub(super) const BILL_AT: usize = 0;
pub(super) const CAMPAIGN_AT: usize = 1;
pub(super) const FILE_AT: usize = 2;
pub(super) const SEAL_AT: usize = 3;
/// Where begins what is fixed about a bill.
pub(super) const FROZEN_AT: usize = 4;
pub(super) const LINE_AT: usize = FROZEN_AT;
pub(super) const ROW_KEY_AT: usize = FROZEN_AT + 1;
pub(super) const AMOUNT_AT: usize = FROZEN_AT + 3;
pub(super) const GENERATION_AT: usize = FROZEN_AT + 10;
pub(super) const NUMBER_AT: usize = FROZEN_AT + 11;
/// Where begins what moves.
pub(super) const MOVING_AT: usize = FROZEN_AT + FROZEN_WIDTH;
pub(super) const STATE_AT: usize = MOVING_AT;
pub(super) const FIRST_SENT_AT: usize = MOVING_AT + 12;
/// Behind a second chance and to whom it was paid.
pub(super) const PAID_FEN_AT: usize = MOVING_AT + MOVING_WIDTH + 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_stands_where_its_name_says() {
        let query = query();
        let (list, _) = query.split_once(" FROM ").unwrap();
        let list = list.trim_start_matches("SELECT ");
        let columns: Vec<&str> = list.split(',').map(str::trim).collect();
        for (name, at) in [
            ("bill", BILL_AT),
            ("campaign", CAMPAIGN_AT),
            ("file", FILE_AT),
            ("seal", SEAL_AT),
            ("line", LINE_AT),
            ("row_key", ROW_KEY_AT),
            ("amount_fen", AMOUNT_AT),
            ("generation", GENERATION_AT),
            ("mch_billno", NUMBER_AT),
            ("state", STATE_AT),
            ("first_sent_at", FIRST_SENT_AT),
            ("paid_fen", PAID_FEN_AT),
        ] {
            assert_eq!(columns[at], name);
        }
        assert_eq!(
            columns[PAID_FEN_AT + 1],
            "asked_at",
            "and four more of a fate"
        );
        assert_eq!(columns.len(), PAID_FEN_AT + 6);
    }
}
