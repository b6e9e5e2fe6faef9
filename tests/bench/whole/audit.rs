//! The report of a campaign against the gateway's books, packet by packet.

use std::collections::HashMap;

use hongbao::simulator::Books;

use super::place::Place;
use super::recipients::{Recipients, yuan};

/// States in which a packet was paid.
pub(crate) const PAID: [&str; 4] = ["sent", "received", "refunding", "refunded"];

/// What is wrong, over all campaigns.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    paid_twice: u32,
    lost: u32,
    misreported: u32,
    unsettled: u32,
    unequal_sums: u32,
    packets: u64,
    paid_fen: u64,
    /// What the program says of packets that stand otherwise than in the gateway's books.
    shown: Vec<String>,
}

/// How many are shown.
const SHOWN: usize = 5;

impl Audit {
    /// Adds a campaign that is over.
    pub(crate) fn compare(&mut self, place: &Place, books: &Books, owed: &Recipients) {
        place.verb("report").exits(0);
        let mut csv = csv::Reader::from_path(place.path("stdout")).unwrap();
        let (mut reported_fen, mut paid_fen, mut rows) = (0, 0, 0);
        let mut known = 0;
        for row in csv.deserialize() {
            let row: HashMap<String, String> = row.unwrap();
            let fen: u64 = row["amount_fen"].parse().unwrap();
            let state = row["state"].as_str();
            let is_paid = PAID.contains(&state);
            let booked = books.orders.get(&row["mch_billno"]);
            let payments = booked.map_or(0, |booked| booked.order.payments);
            known += usize::from(booked.is_some());
            reported_fen += fen;
            rows += 1;
            paid_fen += if is_paid { fen } else { 0 };
            let is_open = !is_paid && state != "refused";
            self.unsettled += u32::from(is_open);
            let is_same = booked.is_none_or(|booked| {
                let order = &booked.order;
                order.openid == row["openid"]
                    && order.amount_fen == fen
                    && (!is_paid || order.send_listid == row["send_listid"])
            });
            let is_true = is_open || is_paid == (payments > 0);
            let is_misreported = !is_same || !is_true;
            self.misreported += u32::from(is_misreported);
            if (is_open || is_misreported) && self.shown.len() < SHOWN {
                let number = &row["mch_billno"];
                let shown = place.command("show").arg(number).output().unwrap();
                let shown = String::from_utf8_lossy(&shown.stdout);
                self.shown
                    .push(format!("{number}, paid {payments} times:\n{shown}"));
            }
        }
        self.paid_twice += count(books.paid_twice().len());
        // Orders that no row of the report speaks of, and rows of the file that are not in it.
        self.lost += count(books.orders.len() - known) + owed.count.abs_diff(rows);
        let is_equal = reported_fen == owed.total_fen && paid_fen == books.paid_fen;
        self.unequal_sums += u32::from(!is_equal);
        self.packets += u64::from(rows);
        self.paid_fen += paid_fen;
    }

    /// What must be nothing.
    pub(crate) fn faults(&self) -> [(&'static str, u32); 5] {
        [
            ("paid twice", self.paid_twice),
            ("lost", self.lost),
            ("misreported", self.misreported),
            ("not settled", self.unsettled),
            ("campaigns whose sums differ", self.unequal_sums),
        ]
    }

    /// Whether it is nothing.
    pub(crate) fn is_clean(&self) -> bool {
        self.faults().iter().all(|(_, count)| *count == 0)
    }

    /// The packets that are at fault, as the program tells them.
    pub(crate) fn shown(&self) -> &[String] {
        &self.shown
    }

    /// What both sides agree on.
    pub(crate) fn sums(&self) -> String {
        let (packets, paid) = (self.packets, yuan(self.paid_fen));
        format!("{packets} packets in the reports, {paid} yuan paid by both sides' books")
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
