//! What an answer says of money that moved under a number.

use crate::domain::ids::Openid;
use crate::domain::money::Fen;
use crate::domain::outcome::Paid;
use crate::wechat::xml::{Document, Fields};

/// Whether an order that is called failed is said to be claimed or given back as well: one of the
/// two is not so.
pub(super) fn is_failed_and_paid(document: &Document) -> bool {
    let fields = &document.fields;
    let is_refunded = amount(fields, "refund_amount").is_some_and(|it| it.fen() > 0)
        || fields.filled("refund_time").is_some();
    let is_claimed = document
        .hbinfo
        .iter()
        .any(|it| it.filled("rcv_time").is_some());
    fields.filled("status") == Some("FAILED") && (is_refunded || is_claimed)
}

/// Ten million yuan: far more than any packet, and so little that a ledger can hold the sum of a
/// thousand million of them. An answer that says more is taken to say this: that it is another
/// amount counts, and is a person's matter.
pub(super) const MOST_FEN: u64 = 1_000_000_000;

/// The payment in place of the debt, as far as the answer reports one.
pub(super) fn paid(document: &Document, owed: Option<&(Openid, Fen)>) -> Option<Paid> {
    let is_paid = matches!(
        document.fields.filled("status"),
        Some("SENT" | "RECEIVED" | "RFUND_ING" | "REFUND")
    );
    let (owed, owed_fen) = owed.filter(|_| is_paid)?;
    let entries = document.hbinfo.iter();
    let of_entries: Option<Vec<Fen>> = entries.clone().map(|it| amount(it, "amount")).collect();
    let of_entries = of_entries.filter(|amounts| !amounts.is_empty());
    let total = amount(&document.fields, "total_amount");
    let of_entries = || of_entries.map(|amounts| bounded(amounts.into_iter().sum()));
    let mut amounts = total.into_iter().chain(of_entries());
    let first = amounts.clone().next();
    let mut openids = entries.filter_map(|entry| Openid::new(entry.filled("openid")?).ok());
    Some(Paid {
        openid: openids.find(|openid| openid != owed),
        // Where the two differ, the one that is not owed is what a person has to look at.
        amount: amounts.find(|it| it != owed_fen).or(first)?,
    })
}

/// What a field says in fen.
pub(super) fn amount(fields: &Fields, name: &str) -> Option<Fen> {
    let digits = fields.filled(name)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    // What does not fit is more than the most.
    is_number.then(|| bounded(Fen::new(digits.parse().unwrap_or(u64::MAX))))
}

fn bounded(amount: Fen) -> Fen {
    amount.min(Fen::new(MOST_FEN))
}
