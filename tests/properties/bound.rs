//! The bound of one run, whatever is in flight and however it ends: never exceeded by one packet
//! or one fen, and never eaten by a packet that came back unsent.

use std::collections::HashMap;
use std::path::Path;

use hongbao::domain::bill::Action;
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, NotSent, Outcome, Receipt, Sighting};
use hongbao::domain::state::State;
use hongbao::ledger::{Attempt, LedgerError, Reader, ReportRow, RunLimit, Writer};
use proptest::prelude::*;

use crate::cases;
use crate::journal::{ALL, NOW, load, outcome, own, terms};

/// Amounts are 1.00, 1.01 and so on.
const PACKETS: u64 = 12;

/// One thing that happens while a run sends.
#[derive(Debug, Clone)]
enum Step {
    /// Up to so many attempts are made.
    Take(usize),
    /// One of the open attempts, wherever it stands in the order, is answered.
    Answer(prop::sample::Index, Outcome),
    /// So many milliseconds pass.
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        2 => outcome(),
        1 => Just(Outcome::NotSent(NotSent::NotBegun)),
        1 => Just(paid()),
    ];
    prop_oneof![
        3 => (1..6usize).prop_map(Step::Take),
        4 => (any::<prop::sample::Index>(), outcome)
            .prop_map(|(which, outcome)| Step::Answer(which, outcome)),
        1 => prop::sample::select(&[1, 1000, 3000, 200_000][..]).prop_map(Step::Pass),
    ]
}

fn limit() -> impl Strategy<Value = RunLimit> {
    let packets = prop::option::of(1..PACKETS + 2);
    // What the first packets add up to, and a fen less: there an error of one fen would show.
    let first = |count: u64| (100..100 + count).sum::<u64>();
    let around = (1..=PACKETS, 0..2u64).prop_map(move |(count, less)| first(count) - less);
    let fen = prop_oneof![2 => around, 1 => 1..1400u64];
    let amount = prop::option::weighted(0.7, fen.prop_map(Fen::new));
    (packets, amount).prop_map(|(packets, amount)| RunLimit {
        packets,
        amount,
        keeps_bills: true,
    })
}

fn paid() -> Outcome {
    Outcome::Accepted(Receipt {
        send_listid: "1".to_owned(),
        package: Some("p".to_owned()),
    })
}

/// A run, and what it began and nothing gave back, by bill.
struct Run {
    writer: Writer,
    limit: RunLimit,
    open: Vec<Attempt>,
    begun: HashMap<i64, Fen>,
    now: i64,
}

impl Run {
    async fn take(&mut self, most: usize) -> usize {
        let taken = self.writer.take(ALL, self.now, most).await.unwrap();
        let count = taken.len();
        for attempt in taken {
            // In doubt, it is owed already.
            if attempt.action() == Action::Send && !attempt.is_in_doubt() {
                let known = self.begun.insert(attempt.bill().unwrap(), attempt.amount());
                assert_eq!(known, None, "begun twice");
            }
            self.open.push(attempt);
        }
        self.is_within_limit();
        count
    }

    fn fen(&self) -> u64 {
        self.begun.values().map(|amount| amount.fen()).sum()
    }

    fn is_within_limit(&self) {
        let count = self.begun.len() as u64;
        let most = self.limit.packets.unwrap_or(u64::MAX);
        assert!(count <= most, "{count} packets, {most} allowed");
        let (fen, most) = (self.fen(), self.limit.amount.map_or(u64::MAX, Fen::fen));
        assert!(fen <= most, "{fen} fen, {most} allowed");
    }

    async fn answer(&mut self, which: usize, outcome: Outcome) {
        let attempt = self.open.swap_remove(which);
        let bill = attempt.bill().unwrap();
        let (writer, now) = (&self.writer, self.now);
        let recorded = match attempt.action() {
            Action::Send => {
                let answer = Answer::wordless(outcome);
                writer.record_send(attempt, answer, now, 7).await
            }
            Action::Query => {
                let answer = Answer::wordless(Sighting::NotFound);
                writer.record_query(attempt, answer, now, 7).await
            }
        };
        let (_, after) = recorded.unwrap().bill.unwrap();
        if after.state == State::Ready {
            self.begun.remove(&bill);
        }
    }

    async fn live(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Take(most) => drop(self.take(*most).await),
                Step::Answer(which, outcome) if !self.open.is_empty() => {
                    let which = which.index(self.open.len());
                    self.answer(which, outcome.clone()).await;
                }
                Step::Answer(..) => {}
                Step::Pass(ms) => self.now += ms,
            }
        }
    }

    /// Everything goes well from now on, until nothing more begins.
    async fn end(&mut self) {
        let mut idle = 0;
        while idle < 3 {
            while let Some(last) = self.open.len().checked_sub(1) {
                self.answer(last, paid()).await;
            }
            self.now += 200_000;
            let sends = self.take(3).await;
            idle = if sends == 0 { idle + 1 } else { 0 };
        }
    }
}

/// Amounts of what was never sent, or came back.
fn ready(path: &Path) -> Vec<Fen> {
    let reader = Reader::open(path).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    let mut ready = Vec::new();
    let keep = |rows: Vec<ReportRow>| {
        let waits = rows.iter().filter(|row| row.state == State::Ready);
        ready.extend(waits.map(|row| row.amount));
        Ok::<_, LedgerError>(rows)
    };
    reader.report(&row, keep).unwrap();
    ready
}

async fn holds(path: &Path, limit: RunLimit, steps: &[Step]) {
    let writer = own(path, NOW).await;
    writer.limit(Some(limit), NOW).await.unwrap();
    let mut run = Run {
        writer,
        limit,
        open: Vec::new(),
        begun: HashMap::new(),
        now: NOW,
    };
    run.live(steps).await;
    run.end().await;
    let ready = ready(path);
    let all = (run.begun.len() + ready.len()) as u64;
    assert_eq!(all, PACKETS, "begun or ready");
    let left = limit.amount.map_or(u64::MAX, Fen::fen) - run.fen();
    let begun = run.begun.len() as u64;
    let is_full = limit.packets == Some(begun);
    let is_too_much = ready.iter().any(|amount| amount.fen() > left);
    assert!(
        ready.is_empty() || is_full || is_too_much,
        "ended too early"
    );
    assert!(ready.is_empty() || run.writer.is_limit_reached());
    let mut begun: Vec<i64> = run.begun.keys().copied().collect();
    begun.sort_unstable();
    assert_eq!(run.writer.limit(None, run.now).await.unwrap(), begun);
    assert!(!run.writer.is_limit_reached());
}

proptest! {
    #![proptest_config(cases(12, 600))]

    #[test]
    fn a_limit_holds_in_any_order_and_what_comes_back_makes_room(
        limit in limit(),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hongbao.db");
        load(&path, PACKETS);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(holds(&path, limit, &steps));
    }
}
