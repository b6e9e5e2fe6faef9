//! The simulator's books against the ledger's, packet by packet.

use std::collections::BTreeMap;

use hongbao::ledger::Reader;
use hongbao::simulator::{Booked, Books};
use serde_json::Value;

use super::campaign::Campaign;

/// States in which a packet was paid.
const PAID: [&str; 4] = ["sent", "received", "refunding", "refunded"];
/// States in which a packet was not paid.
const UNPAID: [&str; 3] = ["ready", "refused", "withdrawn"];

/// What both sides agree on: packets by state.
#[derive(Debug)]
pub(crate) struct Agreed(BTreeMap<String, u64>);

impl Agreed {
    /// Packets in this state.
    pub(crate) fn count(&self, state: &str) -> u64 {
        self.0.get(state).copied().unwrap_or(0)
    }

    /// Packets whose end nobody knows yet.
    pub(crate) fn open(&self) -> u64 {
        let is_open = |state: &&String| {
            let state = state.as_str();
            !PAID.contains(&state) && !["refused", "withdrawn"].contains(&state)
        };
        let open = self.0.keys().filter(is_open);
        open.map(|state| self.count(state)).sum()
    }
}

impl Campaign {
    /// Every packet was paid exactly once where the report says so, to the right person and to
    /// the fen, and never where it does not; nothing was paid that is not in the report; all
    /// sums balance to the file.
    #[track_caller]
    pub(crate) fn books_agree(&self) -> Agreed {
        self.agrees_with(&self.wechat.books())
    }

    /// As [`Campaign::books_agree`], with books from elsewhere.
    #[track_caller]
    pub(crate) fn agrees_with(&self, books: &Books) -> Agreed {
        let report = self.report();
        assert_eq!(books.paid_twice(), Vec::<&str>::new(), "paid twice");
        assert_eq!(books.clashes, 0, "resent with other parameters");
        assert_eq!(books.counters.hasty_resends, 0, "resent within a second");
        let mut states: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for row in &report {
            check_packet(row, books.orders.get(&row["mch_billno"]));
            let sum = states.entry(row["state"].clone()).or_default();
            sum.0 += 1;
            sum.1 += fen(row);
        }
        Campaign::check_strangers(&report, books);
        self.check_owed(&report);
        check_status(&self.status(), &states);
        self.check_ledger();
        let counts = states.into_iter().map(|(state, sum)| (state, sum.0));
        Agreed(counts.collect())
    }

    /// Every row of the ledger is what its journal says of it.
    fn check_ledger(&self) {
        for name in ["hongbao.db", "hongbao.simulator.db"] {
            if let Some(reader) = Reader::open(&self.path(name)).unwrap() {
                let audit = reader.audit(None).unwrap();
                assert_eq!(audit.findings, [], "an audit of {name}");
            }
        }
    }

    fn check_strangers(report: &[BTreeMap<String, String>], books: &Books) {
        let mut known: Vec<&str> = report.iter().map(|row| &*row["mch_billno"]).collect();
        known.sort_unstable();
        let is_strange = |number: &&String| known.binary_search(&number.as_str()).is_err();
        let strangers: Vec<&String> = books.orders.keys().filter(is_strange).collect();
        assert!(strangers.is_empty(), "not in the report: {strangers:?}");
    }

    fn check_owed(&self, report: &[BTreeMap<String, String>]) {
        let reported = report.iter().map(|row| (row["openid"].clone(), fen(row)));
        let mut reported: Vec<(String, u64)> = reported.collect();
        let mut owed = self.owed.clone();
        reported.sort();
        owed.sort();
        assert_eq!(reported, owed, "the report is not the file");
    }
}

fn fen(row: &BTreeMap<String, String>) -> u64 {
    row["amount_fen"].parse().unwrap()
}

#[track_caller]
fn check_packet(row: &BTreeMap<String, String>, booked: Option<&Booked>) {
    let payments = booked.map_or(0, |booked| booked.order.payments);
    let state = row["state"].as_str();
    if PAID.contains(&state) {
        assert_eq!(payments, 1, "reported as paid: {row:?}\n{booked:?}");
        let order = &booked.unwrap().order;
        assert_eq!(order.openid, row["openid"]);
        assert_eq!(order.amount_fen, fen(row));
        assert_eq!(order.send_listid, row["send_listid"]);
    }
    if UNPAID.contains(&state) {
        assert_eq!(payments, 0, "reported as unpaid: {row:?}\n{booked:?}");
    }
}

fn check_status(document: &Value, states: &BTreeMap<String, (u64, u64)>) {
    let (mut rows, mut fen) = (0, 0);
    for (state, entry) in document["states"].as_object().unwrap() {
        let sum = states.get(state).copied().unwrap_or_default();
        assert_eq!(entry["count"], sum.0, "{state}");
        assert_eq!(entry["fen"], sum.1, "{state}");
        rows += sum.0;
        fen += sum.1;
    }
    assert_eq!(document["rows"], rows);
    assert_eq!(document["total_fen"], fen);
    let reported: u64 = states.values().map(|sum| sum.0).sum();
    assert_eq!(rows, reported, "status knows every state of the report");
}
