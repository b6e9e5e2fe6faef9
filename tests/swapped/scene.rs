//! A ledger of three packets, a run under way in virtual time, and somebody who can write to the
//! ledger meanwhile. What must hold is told as an error where it does not.
#![allow(dead_code, reason = "each test file uses a part of this")]

use std::path::PathBuf;

use hongbao::config::Mode;
use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::outcome::{Answer, Outcome, Paid, Receipt, Sighting};
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::terms::Terms;
use hongbao::ledger::{Allowed, Attempt, Audit, FileFacts, LoadRules, Owner, Reader, Writer};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::seals;
pub(crate) use crate::terms::RULES;

pub(crate) const NOW: i64 = 1_795_435_200_000;
pub(crate) const STRANGER: &str = "oSTRANGERSTRANGERSTRANGER0001";

pub(crate) const ALL: Allowed = Allowed {
    sends: true,
    resends: true,
    queries: true,
};

pub(crate) fn terms() -> Terms {
    crate::terms::terms("c")
}

pub(crate) fn ledger(dir: &TempDir) -> PathBuf {
    dir.path().join("hongbao.db")
}

pub(crate) fn outside(dir: &TempDir) -> Connection {
    Connection::open(ledger(dir)).unwrap()
}

/// A ledger of three packets.
pub(crate) fn loaded(dir: &TempDir) {
    let mut owner = Owner::open(&ledger(dir), Mode::Live, NOW).unwrap();
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let mut loading = owner.begin_load(&terms(), false, &rules, NOW).unwrap();
    let drafter = loading.drafter();
    let packet = |n: u64| {
        let openid = Openid::new(&format!("oTest{n:023}")).unwrap();
        drafter.draft(Packet {
            line: n + 2,
            row_key: RowKey::from(&openid),
            openid,
            amount: Fen::new(100 + n),
            texts: RowTexts::default(),
            extra: Vec::new(),
        })
    };
    let drafts: Vec<_> = (0..3).map(packet).collect();
    loading.add(&drafts, |_, _| {}).unwrap();
    let facts = FileFacts {
        sha256: [1; 32],
        extra: Vec::new(),
        stamp: None,
    };
    loading.finish(&facts).unwrap();
    loading.commit().unwrap();
}

/// All on one thread: what is planted there is planted in the writer too.
pub(crate) fn writer(dir: &TempDir) -> Writer {
    writer_of(
        Owner::open(&ledger(dir), Mode::Live, NOW).unwrap(),
        &terms(),
    )
}

pub(crate) fn writer_of(owner: Owner, terms: &Terms) -> Writer {
    owner.into_played_writer(terms, RULES, || true).unwrap()
}

pub(crate) async fn take(writer: &Writer, now: i64) -> Attempt {
    let mut taken = writer.take(ALL, now, 1).await.unwrap();
    taken.remove(0)
}

pub(crate) async fn paid(writer: &Writer, attempt: Attempt) {
    let receipt = Receipt {
        send_listid: "l".to_owned(),
        package: Some("p".to_owned()),
    };
    let answer = Answer::wordless(Outcome::Accepted(receipt));
    writer
        .record_send(attempt, answer, NOW + 9, 0)
        .await
        .unwrap();
}

pub(crate) fn audit(dir: &TempDir, head: Option<[u8; 32]>) -> Audit {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    reader.audit(head).unwrap()
}

pub(crate) fn head(dir: &TempDir) -> [u8; 32] {
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    reader.head().unwrap().hash
}

/// Makes the first packet somebody else's, sealed as if it had been loaded so.
pub(crate) fn swap(dir: &TempDir, openid: &str) {
    let conn = outside(dir);
    let sql = "UPDATE bill SET openid = ?1 WHERE bill = 1";
    conn.execute(sql, [openid]).unwrap();
    seals::seal_bill(&conn, 1);
}

/// Pays the first packet to a stranger, and leaves no other trace.
pub(crate) async fn paid_to_a_stranger(dir: &TempDir) {
    loaded(dir);
    let writer = writer(dir);
    swap(dir, STRANGER);
    let attempt = take(&writer, NOW).await;
    assert_eq!(attempt.openid().unwrap().as_str(), STRANGER);
    swap(dir, "oTest00000000000000000000000");
    paid(&writer, attempt).await;
}

/// What redirects the first packet when a run takes it up, and hides it when its row is written.
pub(crate) fn redirecting(dir: &TempDir) -> String {
    let conn = outside(dir);
    let seal = |openid: &str| -> i64 {
        let tx = conn.unchecked_transaction().unwrap();
        let sql = "UPDATE bill SET openid = ?1 WHERE bill = 1";
        tx.execute(sql, [openid]).unwrap();
        seals::seal_bill(&tx, 1);
        let sql = "SELECT seal FROM bill WHERE bill = 1";
        tx.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let (theirs, ours) = (seal(STRANGER), seal("oTest00000000000000000000000"));
    format!(
        "CREATE TRIGGER one AFTER UPDATE ON ledger BEGIN
           UPDATE bill SET openid = '{STRANGER}', seal = {theirs} WHERE bill = 1; END;
         CREATE TRIGGER two AFTER INSERT ON attempt BEGIN
           UPDATE bill SET openid = 'oTest00000000000000000000000', seal = {ours}
           WHERE bill = 1; END;"
    )
}

/// Gives what was just made names that SQLite keeps for itself.
pub(crate) const HIDE: &str = "PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET name = 'sqlite_' || name,
       sql = replace(sql, 'TRIGGER ', 'TRIGGER sqlite_') WHERE name IN ('one', 'two');";

/// A packet that was swapped while it was taken, and swapped back, is found in the journal.
pub(crate) async fn a_stranger_who_was_paid_is_found() -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    paid_to_a_stranger(&dir).await;
    let found = audit(&dir, None).findings;
    let is_named = |found: &hongbao::words::Words| found.en.contains("dispatched about bill 1");
    if found.first().is_some_and(is_named) {
        return Ok(());
    }
    Err(format!("a stranger was paid, and an audit finds {found:?}"))
}

/// Triggers that are made while a run is under way do nothing, and are found.
pub(crate) async fn triggers_do_nothing(hide: &str) -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let made = redirecting(&dir);
    let writer = writer(&dir);
    let conn = outside(&dir);
    conn.execute_batch(&made).unwrap();
    conn.execute_batch(hide).unwrap();
    drop(conn);
    // A commit, so that the first of them would have its turn.
    writer.numbers_checked(NOW).await.unwrap();
    let attempt = take(&writer, NOW).await;
    if attempt.openid().unwrap().as_str() == STRANGER {
        return Err("a trigger redirects a packet".to_owned());
    }
    drop(writer);
    if audit(&dir, None).findings.is_empty() {
        return Err("an audit finds no trigger".to_owned());
    }
    Ok(())
}

/// A run that sends only what was approved when it looked.
pub(crate) fn approved_writer(dir: &TempDir) -> Writer {
    let writer = writer(dir);
    let reader = Reader::open(&ledger(dir)).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    let (_, approved) = reader.content_to_send(&row, &terms().caps).unwrap();
    writer.send_only(approved);
    writer
}

/// A packet that is swapped once the approval was looked at is not sent.
pub(crate) async fn no_stranger_is_paid_where_an_approval_is_needed() -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = approved_writer(&dir);
    swap(&dir, STRANGER);
    match writer.take(ALL, NOW, 1).await {
        Ok(taken) => Err(format!("{} sends of what was not approved", taken.len())),
        Err(_) => Ok(()),
    }
}

/// What WeChat Pay paid under a number in place of what is owed is in the sums of the day.
pub(crate) async fn another_payment_is_counted() -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = writer(&dir);
    let attempt = take(&writer, NOW).await;
    let clash = Answer::wordless(Outcome::Clash);
    writer
        .record_send(attempt, clash, NOW + 1, 0)
        .await
        .unwrap();
    let query = writer.take_bills(vec![1], NOW + 2).await.unwrap().remove(0);
    let paid = Paid {
        openid: None,
        amount: Fen::new(250),
    };
    let answer = Answer {
        paid: Some(paid),
        ..Answer::wordless(Sighting::Clash)
    };
    writer
        .record_query(query, answer, NOW + 3, 0)
        .await
        .unwrap();
    let sql = "SELECT sum(fen) FROM day";
    match outside(&dir).query_row(sql, [], |row| row.get(0)) {
        Ok(250) => Ok(()),
        other => Err(format!("2.50 yuan were paid, and the day has {other:?}")),
    }
}
