//! The two tables of rows in the scratch, and what is asked there.

/// Of a row: 1 its subject, 2 direction, 3 fen, 4 time, 5 movement, 6 order, 7 its bill's number,
/// 8 day, 9 what tells the movement from others, 10 the same of the order, 11 whether it is given
/// now.
pub(super) struct RowTable {
    pub(super) name: &'static str,
    pub(super) add: &'static str,
    /// The same row of the bill with that number.
    pub(super) exact: &'static str,
    /// It is given once more.
    pub(super) again: &'static str,
    /// Rows of one bill with this number have none of their own.
    pub(super) unname: &'static str,
    /// The same movement of it in other bills, by no other order: whether it is over there, and
    /// given now.
    pub(super) named: &'static str,
    pub(super) end_named: &'static str,
    /// As much about the same in the same minute in another bill, where one has no number.
    pub(super) end_unnumbered: &'static str,
}

macro_rules! row_table {
    ($name:literal, $subject:literal) => {
        RowTable {
            name: $name,
            add: concat!(
                "INSERT INTO ",
                $name,
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)"
            ),
            exact: concat!(
                "SELECT 1 FROM ",
                $name,
                " WHERE ",
                $subject,
                " = ?1 AND direction = ?2 AND fen = ?3 AND booked_at = ?4 AND movement = ?5
                   AND wx_order = ?6 AND bill_no = ?7"
            ),
            again: concat!(
                "UPDATE ",
                $name,
                " SET is_given = 1 WHERE ",
                $subject,
                " = ?1 AND direction = ?2 AND fen = ?3 AND booked_at / 60000 = ?4 / 60000
                   AND NOT is_over"
            ),
            unname: concat!(
                "UPDATE ",
                $name,
                " SET movement_id = ''
                 WHERE movement_id = ?1 AND movement_id <> '' AND bill_no = ?2"
            ),
            named: concat!(
                "SELECT bill_no, day, is_over, is_given, order_id FROM ",
                $name,
                " WHERE movement_id = ?9 AND movement_id <> '' AND ",
                $subject,
                " = ?1 AND direction = ?2 AND bill_no <> ?7
                   AND (order_id = ?10 OR order_id = '' OR ?10 = '')"
            ),
            end_named: concat!(
                "UPDATE ",
                $name,
                " SET is_over = 1 WHERE movement_id = ?9 AND movement_id <> '' AND ",
                $subject,
                " = ?1 AND direction = ?2 AND bill_no <> ?7 AND NOT is_over
                   AND (order_id = ?10 OR order_id = '' OR ?10 = '')"
            ),
            end_unnumbered: concat!(
                "UPDATE ",
                $name,
                " SET is_over = 1 WHERE rowid = (SELECT rowid FROM ",
                $name,
                " WHERE ",
                $subject,
                " = ?1 AND direction = ?2 AND fen = ?3 AND booked_at / 60000 = ?4 / 60000
                   AND bill_no <> ?7 AND NOT is_over AND (movement_id = '' OR ?9 = '')
                   AND (order_id = ?10 OR order_id = '' OR ?10 = '')
                   ORDER BY order_id <> ?10, booked_at <> ?4, bill_no LIMIT 1)
                 RETURNING bill_no, day, is_given, movement_id, order_id"
            ),
        }
    };
}

/// Rows about packets.
pub(super) const BOOKING: RowTable = row_table!("booking", "bill");
/// Rows about numbers that the ledger does not have.
pub(super) const STRANGE: RowTable = row_table!("strange", "number");
