//! A copy of the books, to be compared with those of a client.

use std::collections::BTreeMap;

use serde::Serialize;

use super::traffic::{Counters, RequestCounts};
use crate::simulator::books::claims::Status;
use crate::simulator::books::orders::Order;

/// The books as they stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Books {
    /// The moment, in milliseconds since 1970.
    pub at_ms: i64,
    /// Every order by number.
    pub orders: BTreeMap<String, Booked>,
    /// How often money moved.
    pub paid_packets: u64,
    /// How much money moved.
    pub paid_fen: u64,
    /// The balance of the account; `None` where it never runs out.
    pub balance_fen: Option<u64>,
    /// Requests about a known number with other parameters.
    pub clashes: u64,
    /// Requests since the start.
    pub counters: Counters,
    /// When each request since the start arrived, in order.
    pub arrivals_ms: Vec<i64>,
}

/// An order in a copy of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Booked {
    /// The answer of a query at that moment.
    pub status: Status,
    /// The requests about it since the start.
    pub requests: RequestCounts,
    /// The order itself.
    #[serde(flatten)]
    pub order: Order,
}

impl Books {
    /// The orders of one recipient.
    pub fn of_openid<'b>(&'b self, openid: &'b str) -> impl Iterator<Item = &'b Booked> {
        let orders = self.orders.values();
        orders.filter(move |booked| booked.order.openid == openid)
    }

    /// Numbers under which money moved more than once. Empty, or the tool has failed.
    #[must_use]
    pub fn paid_twice(&self) -> Vec<&str> {
        let twice = |booked: &&Booked| booked.order.payments > 1;
        let numbers = self.orders.values().filter(twice);
        numbers
            .map(|booked| booked.order.mch_billno.as_str())
            .collect()
    }

    /// The most requests in any sliding window of this length.
    #[must_use]
    pub fn busiest(&self, window_ms: i64) -> usize {
        let mut arrivals_ms = self.arrivals_ms.clone();
        arrivals_ms.sort_unstable();
        let mut from = 0;
        let mut most = 0;
        for (at, arrival_ms) in arrivals_ms.iter().enumerate() {
            while arrivals_ms[from] <= arrival_ms - window_ms {
                from += 1;
            }
            most = most.max(at + 1 - from);
        }
        most
    }
}
