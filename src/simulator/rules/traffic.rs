//! Requests by number and time: a merchant's own limits are judged by them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::Serialize;

use crate::simulator::faults::fault::{Endpoint, FaultName};

/// Requests since the simulator started. Unlike the orders, they do not outlive it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Sends with any outcome.
    pub sends: u64,
    /// Queries with any outcome.
    pub queries: u64,
    /// Sends that came less than a second after the last one of the same number.
    pub hasty_resends: u64,
    /// Requests refused for their rate by the limit in the settings.
    pub throttled: u64,
    /// The most connections that were open at once.
    pub max_connections: usize,
    /// The most requests that were being answered at once.
    pub max_in_flight: usize,
    /// How many requests each fault befell, by its name; none where it befell nobody.
    pub faults: BTreeMap<&'static str, u64>,
}

/// The requests about one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RequestCounts {
    /// Sends.
    pub sends: u64,
    /// Queries.
    pub queries: u64,
    /// When the first request of either kind came.
    pub first_ms: i64,
    /// When the last request of either kind came.
    pub last_ms: i64,
    #[serde(skip)]
    last_send_ms: Option<i64>,
}

/// All requests so far.
#[derive(Debug, Clone, Default)]
pub(in crate::simulator) struct Traffic {
    /// The sums.
    pub(in crate::simulator) counters: Counters,
    /// When each request arrived, in order.
    pub(super) arrivals_ms: Vec<i64>,
    by_number: HashMap<String, RequestCounts>,
    admitted_ms: VecDeque<i64>,
    connections: usize,
}

impl Traffic {
    /// Notes a request, and if it has a number of the merchant's says how many of its kind came
    /// before it for this number.
    pub(super) fn note(
        &mut self,
        endpoint: Endpoint,
        mch_billno: Option<&str>,
        now_ms: i64,
    ) -> u64 {
        self.arrivals_ms.push(now_ms);
        match endpoint {
            Endpoint::Send => self.counters.sends += 1,
            Endpoint::Query => self.counters.queries += 1,
        }
        let Some(number) = mch_billno else {
            return 0;
        };
        let first = || RequestCounts {
            first_ms: now_ms,
            ..RequestCounts::default()
        };
        let seen = self.by_number.entry(number.to_owned());
        let seen = seen.or_insert_with(first);
        seen.last_ms = now_ms;
        match endpoint {
            Endpoint::Send => {
                let is_hasty = |last| now_ms < last + 1_000;
                self.counters.hasty_resends += u64::from(seen.last_send_ms.is_some_and(is_hasty));
                seen.last_send_ms = Some(now_ms);
                seen.sends += 1;
                seen.sends - 1
            }
            Endpoint::Query => {
                seen.queries += 1;
                seen.queries - 1
            }
        }
    }

    /// A fault befalls a request.
    pub(super) fn befell(&mut self, fault: FaultName) {
        *self.counters.faults.entry(fault.name()).or_default() += 1;
    }

    /// Whether one more request fits into the second that ends now. Refused ones do not count:
    /// otherwise a client that keeps asking would never be let in.
    pub(super) fn admit(&mut self, per_second: Option<u32>, now_ms: i64) -> bool {
        let Some(limit) = per_second else {
            return true;
        };
        let is_past = |&at_ms: &i64| at_ms <= now_ms - 1_000;
        while self.admitted_ms.front().is_some_and(is_past) {
            self.admitted_ms.pop_front();
        }
        let fits = self.admitted_ms.len() < usize::try_from(limit).unwrap_or(usize::MAX);
        if fits {
            self.admitted_ms.push_back(now_ms);
        } else {
            self.counters.throttled += 1;
        }
        fits
    }

    /// The requests about this number.
    pub(in crate::simulator) fn about(&self, mch_billno: &str) -> RequestCounts {
        self.by_number.get(mch_billno).copied().unwrap_or_default()
    }

    /// A connection opened.
    pub(in crate::simulator) fn connected(&mut self) {
        self.connections += 1;
        self.counters.max_connections = self.counters.max_connections.max(self.connections);
    }

    /// A connection closed.
    pub(in crate::simulator) fn disconnected(&mut self) {
        self.connections = self.connections.saturating_sub(1);
    }

    /// So many requests are being answered.
    pub(in crate::simulator) fn answering(&mut self, count: usize) {
        self.counters.max_in_flight = self.counters.max_in_flight.max(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_counted_in_a_sliding_second() {
        let mut traffic = Traffic::default();
        assert!(traffic.admit(Some(2), 0) && traffic.admit(Some(2), 900));
        assert!(!traffic.admit(Some(2), 999), "the third within a second");
        assert!(traffic.admit(Some(2), 1_000), "the first is a second old");
        assert!(!traffic.admit(Some(2), 1_899));
        assert_eq!(traffic.counters.throttled, 2);
    }

    #[test]
    fn a_resend_within_a_second_is_noticed() {
        let mut traffic = Traffic::default();
        assert_eq!(traffic.note(Endpoint::Send, Some("n"), 0), 0);
        traffic.note(Endpoint::Query, Some("n"), 10);
        assert_eq!(traffic.note(Endpoint::Send, Some("n"), 1_000), 1);
        assert_eq!(traffic.counters.hasty_resends, 0);
        traffic.note(Endpoint::Send, Some("n"), 1_999);
        assert_eq!(traffic.counters.hasty_resends, 1);
        let about = traffic.about("n");
        assert_eq!((about.sends, about.queries, about.last_ms), (3, 1, 1_999));
    }
}
