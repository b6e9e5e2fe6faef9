//! Breaks that are planted in a fund-flow bill, one of each kind, for who wants to see them found.

use std::collections::BTreeSet;

use serde::Serialize;

use super::claims::{ClaimRules, Status};
use super::movements::{Movement, sort};
use super::orders::{DAY_MS, Order, OrderStanding, Orders};

/// A break that a bill has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedBreak {
    /// The type that it is to be found as.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The number it is about.
    pub mch_billno: String,
}

/// Plants one break of each kind for which there is an order.
pub(in crate::simulator) fn plant(
    movements: &mut Vec<Movement>,
    (orders, claims): (&Orders, &ClaimRules),
    now_ms: i64,
) -> Vec<PlantedBreak> {
    let back: BTreeSet<String> = movements
        .iter()
        .filter(|movement| !movement.is_out)
        .map(|movement| movement.voucher.clone())
        .collect();
    let is_kept = |order: &&Order| order.is_paid() && !back.contains(&order.mch_billno);
    let mut kept = orders.all().values().map(Box::as_ref).filter(is_kept);
    let mut next = || kept.next().map(|order| order.mch_billno.clone());
    let mut planted = Vec::new();
    for (kind, plant) in PAID {
        let number = next().map(|number| plant(movements, number));
        planted.extend(number.map(|mch_billno| PlantedBreak { kind, mch_billno }));
    }
    let mut note = |kind, number: &String| {
        let mch_billno = number.clone();
        planted.push(PlantedBreak { kind, mch_billno });
    };
    // Never paid, or claimed.
    let refused = |order: &&Order| matches!(order.standing, OrderStanding::Refused(_));
    let never_paid = orders.all().values().map(Box::as_ref).find(refused);
    let is_claimed = |order: &&Order| order.status(claims, now_ms) == Status::Received;
    let unpaid = never_paid.or_else(|| kept.find(is_claimed));
    if let Some(order) = unpaid {
        come_back(movements, order);
        note("refund_without_send", &order.mch_billno);
    }
    if let Some(number) = back.first() {
        remove(movements, number, false);
        note("refund_missing", number);
    }
    sort(movements);
    planted
}

/// Plants a break about a paid packet; the number that it is about.
type Plant = fn(&mut Vec<Movement>, String) -> String;

/// Those for which any paid packet will do.
const PAID: [(&str, Plant); 5] = [
    ("missing_in_bill", |movements, number| {
        remove(movements, &number, true);
        number
    }),
    ("amount_differs", |movements, number| {
        change(movements, &number, |row| row.fen += 1);
        number
    }),
    ("late", |movements, number| {
        change(movements, &number, |row| row.at_ms += 3 * DAY_MS);
        number
    }),
    ("paid_twice", |movements, number| {
        twice(movements, &number);
        number
    }),
    ("missing_in_ledger", |movements, number| {
        strange(movements, &number)
    }),
];

fn remove(movements: &mut Vec<Movement>, number: &str, is_out: bool) {
    movements.retain(|row| row.voucher != number || row.is_out != is_out);
}

fn change(movements: &mut [Movement], number: &str, change: impl Fn(&mut Movement)) {
    let row = movements.iter_mut().find(|row| row.voucher == number);
    row.into_iter().for_each(change);
}

fn twice(movements: &mut Vec<Movement>, number: &str) {
    let row = movements.iter().find(|row| row.voucher == number).cloned();
    movements.extend(row.map(|row| Movement {
        at_ms: row.at_ms + 60_000,
        number: format!("{}9", row.number),
        ..row
    }));
}

/// A payment under a number that nobody sent; the number.
fn strange(movements: &mut Vec<Movement>, like: &str) -> String {
    let number = number_like(like, movements);
    let row = movements.iter().find(|row| row.voucher == like).cloned();
    movements.extend(row.map(|row| Movement {
        order: format!("{}8", row.order),
        number: format!("{}8", row.number),
        voucher: number.clone(),
        ..row
    }));
    number
}

/// The number with its last 20 characters backwards, as long as others have that, too.
fn number_like(like: &str, movements: &[Movement]) -> String {
    let mut letters: Vec<char> = like.chars().collect();
    let kept = letters.len().saturating_sub(20);
    letters[kept..].reverse();
    let mut number: String = letters.into_iter().collect();
    // A short one may read the same backwards.
    while movements.iter().any(|row| row.voucher == number) {
        number.push('9');
    }
    number
}

fn come_back(movements: &mut Vec<Movement>, order: &Order) {
    movements.push(Movement::back(order, order.taken_ms + DAY_MS));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::testing::Merchant;

    #[test]
    fn breaks_are_planted_under_numbers_of_any_length() {
        let mut merchant = Merchant::new(crate::simulator::rules::settings::Settings::default());
        let numbers = ["1", "11", "22", "3", "4", "12345678901234567890", "121"];
        for number in numbers {
            merchant.send(number, "oA", 100);
        }
        let (_, planted) = merchant.gateway.fund_flow(merchant.now_ms, true);
        let strange: Vec<&PlantedBreak> = planted
            .iter()
            .filter(|it| it.kind == "missing_in_ledger")
            .collect();
        assert_eq!(strange.len(), 1, "{planted:?}");
        assert!(
            !numbers.contains(&strange[0].mch_billno.as_str()),
            "{planted:?}"
        );
    }
}
