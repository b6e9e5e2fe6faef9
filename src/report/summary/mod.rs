//! What a report says of the campaign as a whole, for a workbook and for a page alike.
//!
//! - `facts`: the campaign, its merchant and its lists; `balance`: where all money is;
//! - `days`: sent, claimed and refunded by day; `capitals`: an amount as nobody alters it.

pub(super) mod balance;
pub(super) mod capitals;
pub(super) mod days;
pub(super) mod facts;
