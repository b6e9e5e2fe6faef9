//! Histories of a real ledger made by chance: answers of every kind in any order, time that
//! passes, and processes that die between an attempt and its answer.

use std::collections::HashMap;
use std::path::Path;

use hongbao::config::Mode;
use hongbao::domain::bill::Action;
use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, Doubt, Outcome, Sighting};
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::state::{Event, State};
use hongbao::domain::terms::Terms;
use hongbao::ledger::{Allowed, Attempt, FileFacts, LedgerError, LoadRules, Owner, Reader, Writer};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::cases;
use crate::kinds::{RULES, outcomes, sightings};

pub(crate) const NOW: i64 = 1_795_435_200_000;
const PACKETS: u64 = 3;
pub(crate) const ALL: Allowed = Allowed {
    sends: true,
    resends: true,
    queries: true,
};

/// One thing that happens to a ledger.
#[derive(Debug, Clone)]
enum Step {
    /// So many milliseconds pass.
    Pass(i64),
    /// What is due becomes attempts, and each is answered: sends so, queries so.
    Answer(Outcome, Sighting),
    /// Every unsettled bill is asked about, and this is the answer.
    Ask(Sighting),
    /// The process dies with attempts open, and another takes over.
    Die,
}

pub(crate) fn outcome() -> impl Strategy<Value = Outcome> {
    let unheard_of = Outcome::InDoubt(Doubt::UnknownCode);
    prop::sample::select([outcomes(), vec![unheard_of]].concat())
}

fn sighting() -> impl Strategy<Value = Sighting> {
    prop::sample::select(sightings())
}

fn step() -> impl Strategy<Value = Step> {
    const TIMES: &[i64] = &[
        1,
        1000,
        5000,
        600_000,
        1_200_000,
        86_400_000,
        30 * 86_400_000,
    ];
    prop_oneof![
        2 => prop::sample::select(&TIMES[..5]).prop_map(Step::Pass),
        1 => prop::sample::select(TIMES).prop_map(Step::Pass),
        4 => (outcome(), sighting()).prop_map(|(sent, seen)| Step::Answer(sent, seen)),
        1 => sighting().prop_map(Step::Ask),
        1 => Just(Step::Die),
    ]
}

pub(crate) fn terms() -> Terms {
    crate::terms::terms("c")
}

fn packet(row: u64) -> Packet {
    let openid = Openid::new(&format!("oTest{row:023}")).unwrap();
    Packet {
        line: row + 2,
        row_key: RowKey::from(&openid),
        openid,
        amount: Fen::new(100 + row),
        texts: RowTexts::default(),
        extra: Vec::new(),
    }
}

pub(crate) fn load(path: &Path, packets: u64) {
    let mut owner = Owner::open(path, Mode::Live, NOW).unwrap();
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let mut loading = owner.begin_load(&terms(), false, &rules, NOW).unwrap();
    let drafter = loading.drafter();
    let drafts: Vec<_> = (0..packets).map(|row| drafter.draft(packet(row))).collect();
    loading.add(&drafts, |_, _| {}).unwrap();
    let facts = FileFacts {
        sha256: [1; 32],
        extra: Vec::new(),
        stamp: None,
    };
    loading.finish(&facts).unwrap();
    loading.commit().unwrap();
}

/// A writer of the ledger, once the one before has let go of it.
pub(crate) async fn own(path: &Path, now: i64) -> Writer {
    let owner = loop {
        match Owner::open(path, Mode::Live, now) {
            Err(LedgerError::Held { .. }) => std::thread::yield_now(),
            owner => break owner.unwrap(),
        }
    };
    let writer = owner.into_writer(&terms(), RULES).unwrap();
    writer.recover(now).await.unwrap();
    writer
}

async fn answer(writer: &Writer, attempts: Vec<Attempt>, said: (&Outcome, &Sighting), now: i64) {
    for attempt in attempts {
        let recorded = match attempt.action() {
            Action::Send => {
                let answer = Answer::wordless(said.0.clone());
                writer.record_send(attempt, answer, now, 7).await
            }
            Action::Query => {
                let answer = Answer::wordless(said.1.clone());
                writer.record_query(attempt, answer, now, 7).await
            }
        };
        recorded.unwrap();
    }
}

async fn live(path: &Path, steps: &[Step]) {
    let mut now = NOW;
    let mut writer = own(path, now).await;
    for step in steps {
        match step {
            Step::Pass(ms) => now += ms,
            Step::Answer(sent, seen) => {
                let attempts = writer.take(ALL, now, 9).await.unwrap();
                answer(&writer, attempts, (sent, seen), now).await;
            }
            Step::Ask(seen) => {
                let all = (1..=9).collect();
                let attempts = writer.take_unsettled(all, now).await.unwrap();
                answer(&writer, attempts, (&Outcome::Processing, seen), now).await;
            }
            Step::Die => {
                drop(writer.take(ALL, now, 2).await.unwrap());
                drop(writer);
                writer = own(path, now).await;
            }
        }
    }
}

/// What the journal says of every bill, each move checked against the machine.
fn replayed(path: &Path) -> HashMap<i64, State> {
    let conn = Connection::open(path).unwrap();
    let sql = "SELECT bill, event, state_from, state_to FROM journal
         WHERE bill IS NOT NULL ORDER BY seq";
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut states = HashMap::new();
    while let Some(row) = rows.next().unwrap() {
        let word = |index| row.get::<_, String>(index).unwrap();
        let (event, from, to) = (word(1), word(2), word(3));
        let event = Event::ALL
            .into_iter()
            .find(|it| it.name() == event)
            .unwrap();
        let (from, to) = (State::named(&from).unwrap(), State::named(&to).unwrap());
        let before = states.insert(row.get(0).unwrap(), to);
        assert_eq!(
            before.unwrap_or(State::Ready),
            from,
            "a gap before {event:?}"
        );
        assert_eq!(from.on(event), Ok(to), "{from} by {event:?}");
    }
    states
}

/// Every bill, or those alone that no other took the place of.
fn kept(path: &Path, is_newest: bool) -> HashMap<i64, State> {
    let conn = Connection::open(path).unwrap();
    let newest = "WHERE (row_key, generation + 1) NOT IN (SELECT row_key, generation FROM bill)";
    let filter = if is_newest { newest } else { "" };
    let mut statement = conn
        .prepare(&format!("SELECT bill, state FROM bill {filter}"))
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
        .unwrap();
    let named = |row: Result<(i64, String), _>| {
        let (bill, state) = row.unwrap();
        (bill, State::named(&state).unwrap())
    };
    rows.map(named).collect()
}

proptest! {
    #![proptest_config(cases(16, 4_000))]

    #[test]
    fn any_history_replays_to_the_states_and_the_books_balance(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hongbao.db");
        load(&path, PACKETS);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(live(&path, &steps));
        let (kept, newest) = (kept(&path, false), kept(&path, true));
        let mut replayed = replayed(&path);
        for bill in kept.keys() {
            replayed.entry(*bill).or_insert(State::Ready);
        }
        prop_assert_eq!(&kept, &replayed);
        // Reading the counters also checks that they add up to what was loaded.
        let reader = Reader::open(&path).unwrap().unwrap();
        let row = reader.campaign(&terms().id).unwrap().unwrap();
        let tally = reader.tally(&row).unwrap();
        for state in State::ALL {
            let count = newest.values().filter(|it| **it == state).count() as u64;
            prop_assert_eq!(tally.of(state).count, count, "{}", state);
        }
    }
}
