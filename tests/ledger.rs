//! The ledger: all or nothing, one owner, and no state that its history does not explain.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/own_row.rs"]
mod own_row;

use std::path::{Path, PathBuf};

use hongbao::config::Mode;
use hongbao::domain::bill::Action;
use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::met::Same;
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, Doubt, NotSent, Outcome, Receipt, Sighting};
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::state::State;
use hongbao::domain::terms::Terms;
use hongbao::ledger::{
    Added, Allowed, FileFacts, LedgerError, LoadRefusal, LoadRules, Owner, Reader, ReportRow,
    RunBegin, TakeBack, Verdict, Writer,
};
use own_row::{forget_home, raise_epoch};
use rusqlite::Connection;
use tempfile::TempDir;
use terms::{RULES, terms};

#[path = "support/seals.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod seals;
#[path = "support/terms.rs"]
mod terms;

const NOW: i64 = 1_795_435_200_000;
const ALL: Allowed = Allowed {
    sends: true,
    resends: true,
    queries: true,
};

fn packet(n: u64, fen: u64) -> Packet {
    let openid = Openid::new(&format!("oABCDEFGHIJKLMNOPQRSTUV{n:05}")).unwrap();
    Packet {
        line: n + 2,
        row_key: RowKey::from(&openid),
        openid,
        amount: Fen::new(fen),
        texts: RowTexts::default(),
        extra: Vec::new(),
    }
}

fn facts(seed: u8) -> FileFacts {
    FileFacts {
        sha256: [seed; 32],
        extra: Vec::new(),
        stamp: None,
    }
}

fn path(dir: &TempDir) -> PathBuf {
    dir.path().join("hongbao.db")
}

fn open(dir: &TempDir) -> Owner {
    Owner::open(&path(dir), Mode::Live, NOW).unwrap()
}

fn try_load(
    owner: &mut Owner,
    terms: &Terms,
    packets: &[Packet],
    seed: u8,
) -> Result<Vec<Added>, LedgerError> {
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let mut loading = owner.begin_load(terms, false, &rules, NOW)?;
    let drafter = loading.drafter();
    let draft = |packet: &Packet| drafter.draft(packet.clone());
    let drafts: Vec<_> = packets.iter().map(draft).collect();
    let mut added = Vec::new();
    loading.add(&drafts, |_, what| added.push(what))?;
    loading.finish(&facts(seed))?;
    loading.commit()?;
    Ok(added)
}

/// A ledger with `n` packets of one yuan each.
fn loaded(dir: &TempDir, n: u64) -> Owner {
    let mut owner = open(dir);
    let packets: Vec<Packet> = (0..n).map(|n| packet(n, 100)).collect();
    try_load(&mut owner, &terms("c"), &packets, 1).unwrap();
    owner
}

fn writer(owner: Owner) -> Writer {
    owner.into_writer(&terms("c"), RULES).unwrap()
}

fn paid() -> Answer<Outcome> {
    let package = Some("p".to_owned());
    Answer::wordless(Outcome::Accepted(Receipt {
        send_listid: "l".to_owned(),
        package,
    }))
}

/// Reading the counters also checks that they add up to what was loaded.
fn count(path: &Path, state: State) -> u64 {
    let reader = Reader::open(path).unwrap().unwrap();
    let row = reader.campaign(&terms("c").id).unwrap().unwrap();
    reader.tally(&row).unwrap().of(state).count
}

fn sql(dir: &TempDir) -> Connection {
    Connection::open(path(dir)).unwrap()
}

fn assert_journal_replays(dir: &TempDir) {
    let query = "SELECT count(*) FROM bill WHERE state <> coalesce((SELECT state_to FROM journal
         WHERE journal.bill = bill.bill ORDER BY seq DESC LIMIT 1), 'ready')";
    let differing: i64 = sql(dir).query_row(query, [], |row| row.get(0)).unwrap();
    assert_eq!(differing, 0);
}

/// By a clock that was days ahead its window was over; by the right one it is not.
#[tokio::test]
async fn a_package_that_a_wrong_clock_gave_up_is_fetched_after_all() {
    const DAY: i64 = 86_400_000;
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(loaded(&dir, 2));
    let unopened = Answer::wordless(Outcome::Accepted(Receipt {
        send_listid: "l".to_owned(),
        package: None,
    }));
    let taken = writer.take(ALL, NOW, 2).await.unwrap();
    for (attempt, at) in taken.into_iter().zip([NOW, NOW + 2 * DAY]) {
        writer
            .record_send(attempt, unopened.clone(), at, 0)
            .await
            .unwrap();
    }
    let open = || {
        let reader = Reader::open(&path(&dir)).unwrap().unwrap();
        let row = reader.campaign(&terms("c").id).unwrap().unwrap();
        reader.without_package(&row).unwrap().open
    };
    assert_eq!(open(), 1);
    writer.recover(NOW + 2 * DAY).await.unwrap();
    assert_eq!(open(), 1, "its window is over");
    writer.recover(NOW + 1000).await.unwrap();
    assert_eq!(open(), 2);
    assert_journal_replays(&dir);
}

#[test]
fn a_load_that_is_not_committed_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = open(&dir);
    let rules = LoadRules::default();
    let mut loading = owner.begin_load(&terms("c"), false, &rules, NOW).unwrap();
    let draft = loading.drafter().draft(packet(1, 100));
    let mut added = Vec::new();
    loading.add(&[draft], |_, what| added.push(what)).unwrap();
    assert_eq!(added, [Added::New]);
    loading.finish(&facts(1)).unwrap();
    drop(loading);
    assert!(
        owner
            .reader()
            .unwrap()
            .campaign(&terms("c").id)
            .unwrap()
            .is_none()
    );
    let rows: i64 = sql(&dir)
        .query_row("SELECT count(*) FROM bill", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn a_later_file_adds_new_rows_and_names_what_differs() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = loaded(&dir, 3);
    let again = [
        packet(0, 100),
        packet(1, 200),
        packet(9, 100),
        packet(9, 100),
        packet(0, 100),
    ];
    let added = try_load(&mut owner, &terms("c"), &again, 2).unwrap();
    let differs = Added::Differs {
        field: "amount",
        loaded: "1.00".to_owned(),
        is_unsent: true,
    };
    let duplicate = |line| Added::Duplicate { line };
    assert_eq!(
        added,
        [
            Added::Known,
            differs,
            Added::New,
            duplicate(11),
            duplicate(2)
        ]
    );
}

#[test]
fn the_same_list_under_another_campaign_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = loaded(&dir, 3);
    let reversed: Vec<Packet> = (0..3).rev().map(|n| packet(n, 100)).collect();
    let refused = try_load(&mut owner, &terms("d"), &reversed, 2).unwrap_err();
    let LedgerError::Refused(LoadRefusal::PaidAgain(unnamed)) = &refused else {
        panic!("{refused}");
    };
    let [met] = &unnamed.by[..] else {
        panic!("{refused}");
    };
    assert_eq!((&met.campaign[..], met.same), ("c", Some(Same::People)));
    let other: Vec<Packet> = (0..3).map(|n| packet(n, 101)).collect();
    assert!(try_load(&mut owner, &terms("d"), &other, 3).is_ok());
}

#[test]
fn a_budget_is_not_exceeded_by_a_second_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = open(&dir);
    let terms = Terms {
        budget: Some(Fen::new(250)),
        ..terms("c")
    };
    try_load(&mut owner, &terms, &[packet(0, 100), packet(1, 100)], 1).unwrap();
    let refused = try_load(&mut owner, &terms, &[packet(2, 100)], 2).unwrap_err();
    assert!(
        matches!(refused, LedgerError::Refused(LoadRefusal::Budget(_))),
        "{refused}"
    );
}

#[test]
fn one_process_at_a_time_owns_a_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let owner = open(&dir);
    let second = Owner::open(&path(&dir), Mode::Live, NOW);
    assert!(matches!(second, Err(LedgerError::Held { .. })));
    drop(owner);
    assert!(Owner::open(&path(&dir), Mode::Live, NOW).is_ok());
    let other_mode = Owner::open(&path(&dir), Mode::Simulator, NOW);
    assert!(matches!(other_mode, Err(LedgerError::WrongMode { .. })));
}

#[tokio::test]
async fn the_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(loaded(&dir, 1));
    writer.take(ALL, NOW, 1).await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 3, "database, WAL and lock");
}

#[tokio::test]
async fn an_attempt_is_durable_before_it_is_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(loaded(&dir, 3));
    let attempts = writer.take(ALL, NOW, 2).await.unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(count(&path(&dir), State::InFlight), 2);
    for attempt in attempts {
        writer
            .record_send(attempt, paid(), NOW + 5, 0)
            .await
            .unwrap();
    }
    assert_eq!(count(&path(&dir), State::Sent), 2);
    assert_journal_replays(&dir);
}

#[tokio::test]
async fn what_a_dead_process_left_open_is_in_doubt_and_rests_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let dead = writer(loaded(&dir, 2));
    drop(dead.take(ALL, NOW, 1).await.unwrap());
    drop(dead);
    let alive = writer(own_again(&dir));
    assert_eq!(alive.recover(NOW + 10).await.unwrap(), 1);
    assert_eq!(alive.recover(NOW + 10).await.unwrap(), 0);
    assert_eq!(count(&path(&dir), State::InDoubt), 1);
    let resends = Allowed {
        sends: false,
        ..ALL
    };
    assert!(alive.take(resends, NOW + 1000, 9).await.unwrap().is_empty());
    let again = alive.take(resends, NOW + 5000, 9).await.unwrap();
    assert!(again.len() == 1 && again[0].is_resend());
    assert_journal_replays(&dir);
}

#[tokio::test]
async fn a_stale_process_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let stale = writer(loaded(&dir, 1));
    // As where the other process looks at no lock of ours.
    raise_epoch(&path(&dir));
    let refused = stale.take(ALL, NOW, 1).await.unwrap_err();
    assert!(
        refused.to_string().contains("another process took over"),
        "{refused}"
    );
    assert!(stale.has_failed());
    assert_eq!(count(&path(&dir), State::Ready), 1);
}

#[tokio::test]
async fn an_error_of_the_disk_stops_the_writer_for_good() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(loaded(&dir, 2));
    let broken = "ALTER TABLE attempt RENAME TO elsewhere";
    sql(&dir).execute_batch(broken).unwrap();
    let failed = writer.take(ALL, NOW, 1).await.unwrap_err();
    assert!(failed.to_string().contains("no such table"), "{failed}");
    let mended = "ALTER TABLE elsewhere RENAME TO attempt";
    sql(&dir).execute_batch(mended).unwrap();
    assert!(writer.take(ALL, NOW, 1).await.is_err());
    assert_eq!(count(&path(&dir), State::Ready), 2);
}

/// Three packets as version 1 kept them: sent with its package, in doubt, and never sent.
const ROWS_1: &str = "
    INSERT INTO ledger VALUES (1, 'live', 7, 1);
    INSERT INTO campaign (campaign, id, mch_id, wxappid, act_name, send_name, wishing, remark,
      has_row_key, created_at, loaded_rows, loaded_fen, numbers_checked_at)
    VALUES (1, 'c', '10000098', 'wx8888888888888888', 'a', 's', 'w', 'r', 0, 1, 3, 600, 1);
    INSERT INTO file VALUES (1, 1, randomblob(32), randomblob(32), 3, 600, 1, '[\"shop\"]');
    INSERT INTO packet (packet, campaign, file, line, row_key, openid, amount_fen, extra)
    SELECT value, 1, 1, value + 1, 'k' || value, 'oABCDEFGHIJKLMNOPQRSTUV0000' || value,
      value * 100, '[\"x\"]' FROM
      (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3);
    INSERT INTO bill (bill, packet, campaign, generation, is_live, mch_billno, state, next_action,
      due, doubt_since, sends, first_sent_at, send_listid, package)
    VALUES
      (1, 1, 1, 1, 1, '1000009800000000000000000001', 'sent', NULL, NULL, NULL, 1, 5, 'l', 'p'),
      (2, 2, 1, 1, 1, '1000009800000000000000000002', 'in_doubt', 'query', 9,
        1795435190000, 1, 1795435190000, NULL, NULL),
      (3, 3, 1, 1, 1, '1000009800000000000000000003', 'ready', 'send', 0, NULL, 0, NULL, NULL,
        NULL);
    INSERT INTO attempt (bill, action, committed_at, ended_at, answer)
    VALUES (1, 'send', 5, 6, 'accepted'), (2, 'send', 5, 6, 'in_doubt');
    INSERT INTO journal (at, epoch, campaign, bill, attempt, event, state_from, state_to)
    VALUES (6, 7, 1, 1, 1, 'accepted', 'ready', 'sent'), (6, 7, 1, 2, 2, 'x', 'ready', 'in_doubt');
    INSERT INTO tally VALUES (1, 'ready', 1, 300), (1, 'sent', 1, 100), (1, 'in_doubt', 1, 200),
      (1, 'in_flight', 0, 0), (1, 'processing', 0, 0), (1, 'received', 0, 0),
      (1, 'refunding', 0, 0), (1, 'refunded', 0, 0), (1, 'refused', 0, 0), (1, 'review', 0, 0);
    PRAGMA user_version = 1;";

#[tokio::test]
async fn a_ledger_of_version_1_is_moved_with_all_its_rows() {
    let dir = tempfile::tempdir().unwrap();
    sql(&dir)
        .execute_batch(include_str!("support/ledger_1.sql"))
        .unwrap();
    sql(&dir).execute_batch(ROWS_1).unwrap();
    assert_eq!(
        count(&path(&dir), State::InDoubt),
        1,
        "a reader moves it too"
    );
    let owner = open(&dir);
    let reader = owner.reader().unwrap();
    let row = reader.campaign(&terms("c").id).unwrap().unwrap();
    let mut rows = Vec::new();
    let each = |batch: Vec<ReportRow>| {
        rows.extend(batch);
        Ok::<_, LedgerError>(Vec::new())
    };
    reader.report(&row, each).unwrap();
    let kept: Vec<_> = rows
        .iter()
        .map(|row| (row.bill, row.state, row.amount))
        .collect();
    let states = [State::Sent, State::InDoubt, State::Ready];
    let fen = [100, 200, 300].map(Fen::new);
    assert_eq!(
        kept,
        [
            (1, states[0], fen[0]),
            (2, states[1], fen[1]),
            (3, states[2], fen[2])
        ]
    );
    assert_eq!(rows[0].send_listid.as_deref(), Some("l"));
    assert_eq!(
        (rows[2].row_key.as_str(), &rows[2].extra[0]),
        ("k3", &"x".to_owned())
    );
    assert_eq!(
        (
            reader.attempts(2).unwrap().len(),
            reader.journal(2).unwrap().len()
        ),
        (1, 1)
    );
    let taken = writer(owner).take(ALL, NOW, 10).await.unwrap();
    let taken: Vec<_> = taken
        .iter()
        .map(|attempt| (attempt.bill(), attempt.action()))
        .collect();
    assert_eq!(taken, [(Some(2), Action::Query), (Some(3), Action::Send)]);
    assert_journal_replays(&dir);
    assert_is_as_new(&dir);
}

/// As version 2 kept them, with what had no row in its journal: a query that told nothing, and a
/// number that was asked about before the first send; and a send that nobody recorded.
const ROWS_2: &str = include_str!("support/ledger_2_rows.sql");

#[tokio::test]
async fn a_ledger_of_version_2_is_moved_and_its_journal_becomes_a_chain() {
    let dir = tempfile::tempdir().unwrap();
    sql(&dir)
        .execute_batch(include_str!("support/ledger_2.sql"))
        .unwrap();
    sql(&dir).execute_batch(ROWS_2).unwrap();
    assert_eq!(count(&path(&dir), State::Sent), 1, "a reader moves it too");
    assert_is_as_new(&dir);
    let moved = writer(open(&dir));
    assert_eq!(moved.recover(NOW).await.unwrap(), 1);
    assert_eq!(moved.take(ALL, NOW + 60_000, 10).await.unwrap().len(), 2);
    drop(moved);
    assert_is_as_new(&dir);
}

/// Version 3 did not count the sends of a day. Its journal goes on in the same chain.
#[tokio::test]
async fn a_ledger_of_version_3_counts_its_first_sends_by_day_and_keeps_its_chain() {
    let (newest, dir) = as_before(include_str!("support/ledger_3.sql")).await;
    sql(&dir).pragma_update(None, "user_version", 3).unwrap();
    let open = |dir: &TempDir| Reader::open(&path(dir)).unwrap().unwrap();
    let before = open(&newest).head().unwrap();
    let moved = open(&dir);
    let after = moved.head().unwrap();
    assert_eq!(after.entries, before.entries + 1, "a reader moves it too");
    let audit = moved.audit(Some(before.hash)).unwrap();
    assert_eq!(audit.known_head, Some(before.entries));
    let sums = "SELECT group_concat(campaign || ' ' || packets || ' ' || fen) FROM day";
    let sums: String = sql(&dir).query_row(sums, [], |row| row.get(0)).unwrap();
    assert_eq!(sums, "1 2 200");
    assert_is_as_new(&dir);
}

/// Version 4 had no place for what makes a ledger behind, and marked no request with what it says.
#[tokio::test]
async fn a_ledger_of_version_4_keeps_its_chain_and_its_seals() {
    let (_newest, dir) = as_before(include_str!("support/ledger_4.sql")).await;
    let old = sql(&dir);
    // A reply that brought nothing left a row.
    old.execute_batch("INSERT INTO receipt (bill) VALUES (1)")
        .unwrap();
    seals::chain_anew(&old, false);
    let (entries, head) = head_of(&old);
    old.pragma_update(None, "user_version", 4).unwrap();
    drop(old);
    let moved = Reader::open(&path(&dir)).unwrap().unwrap();
    let after = moved.head().unwrap();
    assert_eq!(after.entries, entries + 1, "a reader moves it too");
    let audit = moved.audit(Some(head)).unwrap();
    assert_eq!(audit.known_head, Some(entries));
    drop(moved);
    assert_is_as_new(&dir);
    let goes_on = writer(open(&dir));
    assert_eq!(goes_on.take(ALL, NOW + 1, 1).await.unwrap().len(), 1);
    drop(goes_on);
    assert_is_as_new(&dir);
}

#[tokio::test]
async fn a_request_that_a_dead_process_left_open_took_no_time_to_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let first = writer(loaded(&dir, 3));
    for (n, answer) in [(1, Some(paid())), (2, None)] {
        for attempt in first.take(ALL, NOW + n, 1).await.unwrap() {
            if let Some(answer) = &answer {
                let recorded = first.record_send(attempt, answer.clone(), NOW + 80, 0);
                recorded.await.unwrap();
            }
        }
    }
    drop(first);
    let second = writer(open(&dir));
    assert_eq!(second.recover(NOW + 600_000).await.unwrap(), 1);
    drop(second);
    let reader = Reader::open(&path(&dir)).unwrap().unwrap();
    let row = reader.campaign(&terms("c").id).unwrap().unwrap();
    let mut told = Vec::new();
    reader
        .each_request(&row, |it| told.push((it.committed_at, it.ended_at)))
        .unwrap();
    assert_eq!(told, [(NOW + 1, Some(NOW + 80)), (NOW + 2, None)]);
}

/// The chain alone would not find it: somebody wrote it anew.
#[test]
fn an_audit_replays_the_runs() {
    let dir = tempfile::tempdir().unwrap();
    let owner = loaded(&dir, 1);
    let reader = owner.reader().unwrap();
    let row = reader.campaign(&terms("c").id).unwrap().unwrap();
    let begin = RunBegin {
        verb: "run".to_owned(),
        version: "0.1.0".to_owned(),
        who: "lin(1000)→root(0)".to_owned(),
    };
    let first = reader.begin_run(&row, &begin, NOW + 1).unwrap();
    let second = reader.begin_run(&row, &begin, NOW + 2).unwrap();
    reader.end_run(second, 143, NOW + 3).unwrap();
    reader.end_run(first, 0, NOW + 4).unwrap();
    let runs = reader.runs(&row).unwrap();
    let ends: Vec<_> = runs.iter().map(|run| (run.at, run.end)).collect();
    let told = [
        (NOW + 1, Some((NOW + 4, 0))),
        (NOW + 2, Some((NOW + 3, 143))),
    ];
    assert_eq!(ends, told);
    assert!(runs.iter().all(|run| run.begin == begin && run.is_last));
    assert!(reader.audit(None).unwrap().findings.is_empty());
    drop((reader, owner));
    let whole = std::fs::read(path(&dir)).unwrap();
    let ended = "event = 'run_ended' AND note LIKE '% 0'";
    for forged in [
        // Twice the same one, none at all, no exit code, and a begin without its account.
        format!("SET note = (SELECT note FROM journal WHERE note LIKE '% 143') WHERE {ended}"),
        format!("SET note = '1 0' WHERE {ended}"),
        format!("SET note = '2 x' WHERE {ended}"),
        "SET note = 'run 0.1.0' WHERE event = 'run_begun'".to_owned(),
    ] {
        std::fs::write(path(&dir), &whole).unwrap();
        let conn = sql(&dir);
        let kept = "DROP TRIGGER journal_keeps_words";
        let made = "SELECT sql FROM sqlite_schema WHERE name = 'journal_keeps_words'";
        let made: String = conn.query_row(made, [], |row| row.get(0)).unwrap();
        let changed = format!("{kept}; UPDATE journal {forged}; {made}");
        conn.execute_batch(&changed).unwrap();
        seals::chain_anew(&conn, true);
        drop(conn);
        let reader = Reader::open(&path(&dir)).unwrap().unwrap();
        let found = reader.audit(None).unwrap().findings;
        let found: Vec<String> = found.into_iter().map(|it| it.en.clone()).collect();
        assert_eq!(found.len(), 1, "{forged}: {found:?}");
        assert!(found[0].contains("tells of a run"), "{forged}: {found:?}");
    }
}

/// Version 5 kept nothing of what became of a payment.
#[tokio::test]
async fn a_ledger_of_version_5_keeps_its_chain_and_its_seals() {
    let (_newest, dir) = as_before(include_str!("support/ledger_5.sql")).await;
    let old = sql(&dir);
    seals::chain_anew(&old, true);
    let (entries, head) = head_of(&old);
    old.pragma_update(None, "user_version", 5).unwrap();
    drop(old);
    let second = tempfile::tempdir().unwrap();
    std::fs::copy(path(&dir), path(&second)).unwrap();
    let moved = Reader::open(&path(&dir)).unwrap().unwrap();
    assert_eq!(
        moved.head().unwrap().entries,
        entries,
        "a reader moves it too"
    );
    let audit = moved.audit(Some(head)).unwrap();
    assert_eq!(audit.known_head, Some(entries));
    drop(moved);
    assert_is_as_new(&dir);
    let goes_on = writer(open(&dir));
    assert_eq!(goes_on.take(ALL, NOW + 1, 1).await.unwrap().len(), 1);
    drop(goes_on);
    assert_is_as_new(&dir);
    // The connection that moves it takes packets back: the table of bills has other words.
    let goes_on = writer(open(&second));
    let because = "the list was wrong".to_owned();
    let wanted = TakeBack {
        bills: vec![1, 3],
        because,
    };
    let done = goes_on.withdraw(wanted, NOW + 1).await.unwrap();
    assert_eq!((done.count, done.kept.len()), (1, 1));
    drop(goes_on);
    assert_is_as_new(&second);
}

/// Version 6 kept no rows of bills: what a match of it found stands until bills of all its days
/// have another word.
#[tokio::test]
async fn a_ledger_of_version_6_keeps_its_matches_and_their_seals() {
    let (_newest, dir) = as_before(include_str!("support/ledger_6.sql")).await;
    let old = sql(&dir);
    old.execute_batch(
        "INSERT INTO tally VALUES (1, 'withdrawn', 0, 0);
         INSERT INTO flow_match VALUES (1, 1, 5, '[{\"name\":\"b\",\"sha256\":\"x\",\"rows\":1,
           \"days\":[\"2026-11-23\",\"2026-11-23\"],\"is_checked\":true}]', '[\"2026-11-23\"]',
           0, 0, 0, 0, 0, 0, '{\"missing_in_ledger\":1}');
         INSERT INTO flow_break
         VALUES (1, 1, 'missing_in_ledger', NULL, 'strange', NULL, NULL, 1, 5)",
    )
    .unwrap();
    let matched = "INSERT INTO journal (seq, at, epoch, campaign, event, note, mark, hash)
         SELECT (SELECT max(seq) + 1 FROM journal), 5, epoch, campaign, 'matched', ?1, mark, hash
         FROM journal WHERE bill IS NULL AND campaign = 1 LIMIT 1";
    let [mut sealed, found] = ["flow_match", "flow_break"].map(|table| {
        let sql = format!("SELECT * FROM {table} WHERE flow_match = ?1");
        seals::values(&old, &sql, 1)
    });
    sealed.extend(found);
    let sealed = seals::digest("flow_match", &sealed).into_iter();
    let note = sealed.fold("1 ".to_owned(), |note, byte| note + &format!("{byte:02x}"));
    assert_eq!(old.execute(matched, [note]).unwrap(), 1);
    seals::chain_anew(&old, true);
    old.pragma_update(None, "user_version", 6).unwrap();
    drop(old);
    let moved = Reader::open(&path(&dir)).unwrap().unwrap();
    assert_eq!(moved.audit(None).unwrap().findings, []);
    let row = moved.campaign(&terms("c").id).unwrap().unwrap();
    assert_eq!(
        moved.standing_breaks(&row).unwrap().told(),
        "missing_in_ledger 1"
    );
    drop(moved);
    assert_is_as_new(&dir);
}

/// Three packets, of which two are under way: in a ledger of today, and in one with this schema.
async fn as_before(schema: &str) -> (TempDir, TempDir) {
    let (newest, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let begun = writer(loaded(&newest, 3));
    assert_eq!(begun.take(ALL, NOW, 2).await.unwrap().len(), 2);
    drop(begun);
    sql(&dir).execute_batch(schema).unwrap();
    copy_rows(&newest, &dir);
    (newest, dir)
}

/// Where the journal ends: its rows, and the hash of the last one.
fn head_of(ledger: &rusqlite::Connection) -> (i64, [u8; 32]) {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    ledger
        .query_row("SELECT entries, head FROM ledger", [], read)
        .unwrap()
}

/// Copies what the tables of `to` have room for: version 3 is today's without what came since.
fn copy_rows(from: &TempDir, to: &TempDir) {
    // Of what they leave out, nothing may be sealed.
    forget_home(&path(from));
    let conn = sql(to);
    let names = |sql: &str, of: &[&str]| -> Vec<String> {
        let mut statement = conn.prepare(sql).unwrap();
        let names = statement.query_map(rusqlite::params_from_iter(of), |row| row.get(0));
        names.unwrap().map(Result::unwrap).collect()
    };
    let newest = path(from).display().to_string();
    conn.execute("ATTACH ?1 AS newest", [newest]).unwrap();
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table'";
    for table in names(tables, &[]) {
        let columns = "SELECT name FROM pragma_table_info(?1, 'main')";
        let columns = names(columns, &[&table]).join(", ");
        let copy = format!("INSERT INTO main.{table} ({columns})");
        let copy = format!("{copy} SELECT {columns} FROM newest.{table}");
        conn.execute(&copy, []).unwrap();
    }
    // None of them could be taken back.
    let newer = "DELETE FROM main.tally WHERE state = 'withdrawn'";
    conn.execute(newer, []).unwrap();
}

/// A request that provably never left is no first send of its day.
#[tokio::test]
async fn what_never_left_is_given_back_to_its_day() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(loaded(&dir, 2));
    let sends = || {
        let sums = "SELECT coalesce(sum(packets), 0) FROM day";
        sql(&dir)
            .query_row(sums, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let mut taken = writer.take(ALL, NOW, 2).await.unwrap();
    assert_eq!(sends(), 2);
    for (attempt, left) in [(taken.pop(), 1), (taken.pop(), 0)] {
        let not_sent = Answer::wordless(Outcome::NotSent(NotSent::NotBegun));
        let attempt = attempt.unwrap();
        writer
            .record_send(attempt, not_sent, NOW + 1, 0)
            .await
            .unwrap();
        assert_eq!(sends(), left);
    }
    let day = 86_400_000;
    assert_eq!(writer.take(ALL, NOW + day, 2).await.unwrap().len(), 2);
    assert_eq!(sends(), 2);
    drop(writer);
    assert_is_as_new(&dir);
}

/// The schema of a new ledger, and nothing that an audit finds.
#[track_caller]
fn assert_is_as_new(dir: &TempDir) {
    let fresh = tempfile::tempdir().unwrap();
    drop(open(&fresh));
    assert_eq!(schema(dir), schema(&fresh), "as a new ledger");
    let audit = Reader::open(&path(dir)).unwrap().unwrap().audit(None);
    assert_eq!(audit.unwrap().findings, []);
}

fn schema(dir: &TempDir) -> Vec<(String, Option<String>)> {
    let conn = sql(dir);
    let sql = "SELECT name, sql FROM sqlite_schema ORDER BY name";
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Closing any file drops every POSIX lock that its process holds on it: SQLite would believe in a
/// lock that is gone, and another process would take the WAL away under the writer.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn taking_a_ledger_keeps_the_locks_of_who_reads_it() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    drop(writer(loaded(&dir, 1)));
    let file = format!(":{} ", std::fs::metadata(path(&dir)).unwrap().ino());
    let process = format!(" {} ", std::process::id());
    let held = || {
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        let ours =
            |line: &&str| line.contains("POSIX") && line.contains(&process) && line.contains(&file);
        locks.lines().filter(ours).count()
    };
    let reader = Reader::open(&path(&dir)).unwrap().unwrap();
    assert!(reader.campaign(&terms("c").id).unwrap().is_some());
    assert!(held() > 0, "a reader of a WAL holds a lock on the ledger");
    let _owner = open(&dir);
    assert!(held() > 0, "and still does");
}

#[test]
fn a_ledger_of_the_other_mode_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    drop(loaded(&dir, 1));
    let before = std::fs::read(path(&dir)).unwrap();
    let refused = Owner::open(&path(&dir), Mode::Simulator, NOW).unwrap_err();
    assert!(
        matches!(refused, LedgerError::WrongMode { .. }),
        "{refused}"
    );
    assert_eq!(std::fs::read(path(&dir)).unwrap(), before);
}

#[tokio::test]
async fn a_first_run_waits_for_who_reads() {
    let dir = tempfile::tempdir().unwrap();
    let owner = loaded(&dir, 1);
    let reader = sql(&dir);
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM bill")
        .unwrap();
    let reading = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        reader.execute_batch("COMMIT").unwrap();
    });
    let writer = writer(owner);
    assert_eq!(writer.take(ALL, NOW, 1).await.unwrap().len(), 1);
    reading.join().unwrap();
    let sql = "PRAGMA journal_mode";
    let mode: String = self::sql(&dir)
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn the_journal_cannot_be_rewritten() {
    let dir = tempfile::tempdir().unwrap();
    drop(loaded(&dir, 1));
    for change in ["DELETE FROM journal", "UPDATE journal SET note = 'x'"] {
        let refused = sql(&dir).execute(change, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[test]
fn the_schema_refuses_what_the_machine_never_does() {
    let dir = tempfile::tempdir().unwrap();
    drop(loaded(&dir, 1));
    for change in [
        "UPDATE bill SET state = 'paid'",
        "UPDATE bill SET doubt_since = 1",
        "UPDATE bill SET state = 'refused'",
        "UPDATE bill SET state = 'in_doubt'",
        "UPDATE bill SET next_action = NULL",
        "UPDATE bill SET mch_billno = 'short'",
        "UPDATE bill SET amount_fen = 0",
        "UPDATE tally SET count = -1",
        "UPDATE bill SET due = NULL",
        "UPDATE bill SET due = 1, sends = -1",
        "UPDATE bill SET next_action = 'query', due = NULL",
        "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen, mch_billno)
           SELECT campaign, file, line, row_key, openid, amount_fen, mch_billno FROM bill",
        "INSERT INTO attempt (action, committed_at) VALUES ('send', 1)",
    ] {
        assert!(sql(&dir).execute(change, []).is_err(), "{change}");
    }
}

#[test]
fn a_person_does_not_decide_what_wechat_pay_was_never_asked() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = loaded(&dir, 1);
    let verdict = unpaid("called them", NOW);
    let refused = owner.resolve(1, &verdict, &RULES).unwrap_err();
    assert!(
        matches!(refused, LedgerError::NotForAPerson(_)),
        "{refused}"
    );
}

fn unpaid(because: &str, at: i64) -> Verdict {
    Verdict {
        is_paid: false,
        because: because.to_owned(),
        at,
    }
}

/// A bill in doubt since `NOW` whose last query said NOT_FOUND.
async fn in_doubt_and_not_found(dir: &TempDir) {
    let writer = writer(loaded(dir, 1));
    let attempt = writer.take(ALL, NOW, 1).await.unwrap().remove(0);
    let lost = Answer::wordless(Outcome::InDoubt(Doubt::Timeout));
    writer.record_send(attempt, lost, NOW, 0).await.unwrap();
    let query = writer
        .take_bills(vec![1], NOW + 5000)
        .await
        .unwrap()
        .remove(0);
    let not_found = Answer::wordless(Sighting::NotFound);
    writer
        .record_query(query, not_found, NOW + 5000, 0)
        .await
        .unwrap();
}

/// The ledger, once the thread of the writer before has let go of it.
fn own_again(dir: &TempDir) -> Owner {
    loop {
        match Owner::open(&path(dir), Mode::Live, NOW) {
            Err(LedgerError::Held { .. }) => std::thread::yield_now(),
            owner => return owner.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_person_decides_about_doubt_only_three_days_after_its_window() {
    const HOUR: i64 = 3_600_000;
    let dir = tempfile::tempdir().unwrap();
    in_doubt_and_not_found(&dir).await;
    let mut owner = own_again(&dir);
    for hours in [0, 1, 25, 72, 95] {
        let at = NOW + hours * HOUR;
        let verdict = unpaid("called them", at);
        assert!(owner.resolve(1, &verdict, &RULES).is_err(), "{hours} h");
    }
    let at = NOW + 96 * HOUR;
    let verdict = unpaid("called them", at);
    assert_eq!(owner.resolve(1, &verdict, &RULES).unwrap(), State::Refused);
}

/// A query is believed that calls a packet paid; that WeChat Pay does not know it days later is
/// said.
#[tokio::test]
async fn what_only_a_query_called_paid_and_later_ones_do_not_know_is_denied() {
    const HOUR: i64 = 3_600_000;
    let dir = tempfile::tempdir().unwrap();
    in_doubt_and_not_found(&dir).await;
    let writer = writer(own_again(&dir));
    for (hours, sighting, denied) in [
        (1, Sighting::Sent, 0),
        (47, Sighting::NotFound, 0),
        (49, Sighting::NotFound, 1),
        (50, Sighting::Sent, 0),
    ] {
        let at = NOW + hours * HOUR;
        let query = writer.take_bills(vec![1], at).await.unwrap().remove(0);
        let answer = Answer::wordless(sighting);
        let recorded = writer.record_query(query, answer, at, 0).await.unwrap();
        assert_eq!(recorded.bill.unwrap().1.state, State::Sent);
        writer.reconciled(at).await.unwrap();
        let reader = Reader::open(&path(&dir)).unwrap().unwrap();
        let row = reader.campaign(&terms("c").id).unwrap().unwrap();
        assert_eq!(reader.denied(&row).unwrap(), denied, "{hours} h");
    }
}

/// What a person said of a bill may be what the tool says of a break: that hides none.
#[tokio::test]
async fn a_verdict_in_the_tools_own_words_hides_no_break() {
    for because in [
        "proven unpaid, and now seen paid",
        "WeChat Pay paid twice under one number",
        "a query calls it so",
    ] {
        let dir = tempfile::tempdir().unwrap();
        in_doubt_and_not_found(&dir).await;
        let at = NOW + 96 * 3_600_000;
        let verdict = unpaid(because, at);
        let mut owner = own_again(&dir);
        assert_eq!(owner.resolve(1, &verdict, &RULES).unwrap(), State::Refused);
        let writer = writer(owner);
        let query = writer.take_bills(vec![1], at).await.unwrap().remove(0);
        let sent = Answer::wordless(Sighting::Sent);
        writer.record_query(query, sent, at, 0).await.unwrap();
        drop(writer);
        let reader = Reader::open(&path(&dir)).unwrap().unwrap();
        let row = reader.campaign(&terms("c").id).unwrap().unwrap();
        assert_eq!(row.breaks, 1, "{because}");
        let told = reader.breaks(&row).unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].1, "proven unpaid, and now seen paid");
        assert_is_as_new(&dir);
    }
}

/// Else the verdict, or the doubt that a dead process left, would make the change part of the
/// journal.
#[tokio::test]
async fn nobody_decides_about_a_row_that_is_not_what_the_journal_says() {
    let change = |dir: &TempDir, set: &str| {
        let sql = format!("UPDATE bill SET {set}");
        assert_eq!(self::sql(dir).execute(&sql, []).unwrap(), 1);
    };
    let is_altered = |refused: &LedgerError| {
        let told = refused.to_string();
        assert!(told.contains("the state of packet"), "{told}");
    };
    let at = NOW + 96 * 3_600_000;
    for set in [
        "state = 'review', next_action = NULL, due = NULL",
        "not_found = not_found + 1",
        "is_window_closed = 1 - is_window_closed",
    ] {
        let dir = tempfile::tempdir().unwrap();
        in_doubt_and_not_found(&dir).await;
        change(&dir, set);
        let verdict = unpaid("called them", at);
        let mut owner = own_again(&dir);
        is_altered(&owner.resolve(1, &verdict, &RULES).unwrap_err());
    }
    for set in [
        "doubtful_sends = 3",
        "first_sent_at = first_sent_at - 90000000",
        "sends = 2",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let dead = writer(loaded(&dir, 1));
        drop(dead.take(ALL, NOW, 1).await.unwrap());
        drop(dead);
        let alive = writer(own_again(&dir));
        change(&dir, set);
        is_altered(&alive.recover(NOW + 10).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_person_decides_nothing_while_a_send_has_no_query_behind_it() {
    const DAYS: i64 = 5 * 86_400_000;
    for is_open in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        in_doubt_and_not_found(&dir).await;
        let writer = writer(own_again(&dir));
        let resend = writer.take(ALL, NOW + 60_000, 1).await.unwrap().remove(0);
        assert!(resend.is_resend());
        if !is_open {
            let lost = Answer::wordless(Outcome::InDoubt(Doubt::Timeout));
            writer
                .record_send(resend, lost, NOW + 61_000, 0)
                .await
                .unwrap();
        }
        drop(writer);
        let verdict = unpaid("called", NOW + DAYS);
        let refused = own_again(&dir).resolve(1, &verdict, &RULES);
        assert!(
            matches!(refused, Err(LedgerError::NotForAPerson(_))),
            "{refused:?}"
        );
    }
}

/// A merchant's trouble gave the packet back. Queries reach back no more, so that "unknown" proves
/// nothing of what it may have left.
#[tokio::test]
async fn a_packet_that_was_sent_a_month_ago_and_waits_is_a_persons() {
    const DAY: i64 = 86_400_000;
    for (days, state) in [(28, State::Ready), (29, State::Review)] {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(loaded(&dir, 1));
        let send = writer.take(ALL, NOW, 1).await.unwrap().remove(0);
        let halted = Answer::wordless(Outcome::Halted);
        writer
            .record_send(send, halted, NOW + 1_000, 0)
            .await
            .unwrap();
        let due = writer.take(ALL, NOW + days * DAY, 1).await.unwrap();
        assert_eq!(due.is_empty(), state == State::Review, "{days} days");
        drop((due, writer));
        assert_eq!(count(&path(&dir), State::Review), u64::from(days == 29));
    }
}

#[test]
fn counters_that_do_not_add_up_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    drop(loaded(&dir, 2));
    sql(&dir)
        .execute("UPDATE tally SET fen = fen + 1 WHERE state = 'ready'", [])
        .unwrap();
    let reader = Reader::open(&path(&dir)).unwrap().unwrap();
    let row = reader.campaign(&terms("c").id).unwrap().unwrap();
    assert!(matches!(
        reader.tally(&row),
        Err(LedgerError::Unbalanced { .. })
    ));
}
