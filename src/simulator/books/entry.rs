//! Entries of the books. Every change to an order is one entry; applying the entries in order gives
//! the orders, so a file of them is all that must outlive the process.

use serde::{Deserialize, Serialize};

use super::packed::PackedFields;

/// One line of the books. Times are milliseconds since 1970, money is fen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BookEntry {
    /// A number was seen for the first time.
    Order(Taking),
    /// Money moved. Two of these for one number are the failure everything here is about.
    Payment(Payment),
    /// An order was refused, and the refusal is on record.
    Refusal(Refusal),
    /// A known number came with other parameters.
    Clash {
        /// When.
        at_ms: i64,
        /// The merchant's number.
        mch_billno: String,
    },
    /// The merchant put money into the account.
    TopUp {
        /// The amount.
        fen: u64,
    },
}

/// A number seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taking {
    /// When.
    pub at_ms: i64,
    /// The merchant's number.
    pub mch_billno: String,
    /// The number of the red packet.
    pub send_listid: String,
    /// Every field of the request but `sign`.
    pub fields: PackedFields,
}

/// Money that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// When.
    pub at_ms: i64,
    /// The merchant's number.
    pub mch_billno: String,
    /// The recipient.
    pub openid: String,
    /// The amount.
    pub amount_fen: u64,
    /// When a query begins to say `SENT`; later than `at_ms` after `PROCESSING`.
    pub issued_ms: i64,
    /// The mini-program opens the packet with it.
    pub package: String,
}

/// A refusal on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at_ms: i64,
    /// The merchant's number.
    pub mch_billno: String,
    /// The code it was refused with.
    pub code: String,
    /// The reason that a query gives; empty for none.
    pub reason: String,
    /// When a query stops saying `SENDING` and says `FAILED`.
    pub fails_at_ms: i64,
    /// Whether the number can never be paid any more.
    pub is_closed: bool,
}
