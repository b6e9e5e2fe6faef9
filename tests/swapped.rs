//! Who can write to the ledger while a run is under way, and puts back what was there: what was
//! sent is bound to the journal, and nothing of theirs runs in our connections.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "swapped/scene.rs"]
mod scene;
#[path = "support/seals.rs"]
mod seals;
#[path = "support/terms.rs"]
mod terms;

use std::path::Path;

use hongbao::config::Mode;
use hongbao::domain::ids::{MchBillno, RowKey};
use hongbao::domain::outcome::{Answer, NotSent, Outcome};
use hongbao::ledger::{LedgerError, Owner, Reader};
use scene::{
    ALL, HIDE, NOW, STRANGER, a_stranger_who_was_paid_is_found, approved_writer, audit, head,
    ledger, loaded, no_stranger_is_paid_where_an_approval_is_needed, outside, paid,
    paid_to_a_stranger, take, terms, triggers_do_nothing, writer, writer_of,
};

#[tokio::test]
async fn a_packet_that_was_swapped_and_swapped_back_is_found_in_the_journal() {
    a_stranger_who_was_paid_is_found().await.unwrap();
}

#[tokio::test]
async fn where_the_chain_was_written_anew_a_head_that_was_noted_tells() {
    let dir = tempfile::tempdir().unwrap();
    paid_to_a_stranger(&dir).await;
    let noted = head(&dir);
    seals::chain_anew(&outside(&dir), true);
    assert_eq!(audit(&dir, None).findings, [], "it is whole in itself");
    assert_eq!(audit(&dir, Some(noted)).findings.len(), 1);
    let honest = audit(&dir, Some(head(&dir)));
    assert_eq!(honest.findings, []);
}

#[tokio::test]
async fn texts_and_appid_that_were_swapped_are_found_too() {
    for column in ["wishing", "remark", "act_name", "send_name"] {
        let dir = tempfile::tempdir().unwrap();
        loaded(&dir);
        let text = |text: &str| {
            let sql = format!("UPDATE campaign SET {column} = ?1");
            outside(&dir).execute(&sql, [text]).unwrap();
        };
        let before = format!("SELECT {column} FROM campaign");
        let before: String = outside(&dir)
            .query_row(&before, [], |row| row.get(0))
            .unwrap();
        let owner = Owner::open(&ledger(&dir), Mode::Live, NOW).unwrap();
        text("x");
        let writer = writer_of(owner, &terms());
        text(&before);
        let attempt = take(&writer, NOW).await;
        paid(&writer, attempt).await;
        assert_ne!(audit(&dir, None).findings, [], "{column}");
    }
}

#[tokio::test]
async fn texts_that_were_fixed_anew_in_the_open_are_no_finding() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    for round in 0..3 {
        let owner = Owner::open(&ledger(&dir), Mode::Live, NOW).unwrap();
        let mut given = terms();
        given.texts.wishing = format!("w{round}");
        let frozen = owner.check_frozen(&given, Some(&[])).unwrap();
        owner.refreeze(frozen.unwrap(), &given).unwrap();
        let writer = writer_of(owner, &given);
        let attempt = take(&writer, NOW + round).await;
        let answer = Answer::wordless(Outcome::NotSent(NotSent::NotBegun));
        writer.record_send(attempt, answer, NOW, 0).await.unwrap();
    }
    assert_eq!(audit(&dir, None).findings, []);
    let wrong = "UPDATE bill SET remark = 'x' WHERE bill = 1";
    outside(&dir).execute(wrong, []).unwrap();
    seals::seal_bill(&outside(&dir), 1);
    let found = audit(&dir, None).findings;
    assert!(found[0].en.contains("row "), "{found:?}");
}

#[tokio::test]
async fn a_request_that_does_not_tell_what_it_said_is_of_an_older_version_or_found() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = writer(&dir);
    let attempt = take(&writer, NOW).await;
    paid(&writer, attempt).await;
    drop(writer);
    seals::chain_anew(&outside(&dir), false);
    let found = audit(&dir, None).findings;
    assert!(found[0].en.contains("no older version"), "{found:?}");
}

#[tokio::test]
async fn triggers_made_while_a_run_is_under_way_do_nothing() {
    for hide in ["", HIDE] {
        triggers_do_nothing(hide).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_not_approved_is_not_sent() {
    no_stranger_is_paid_where_an_approval_is_needed()
        .await
        .unwrap();
    // Another one of the same few hundred was changed.
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let writer = approved_writer(&dir);
    let other = "UPDATE bill SET amount_fen = 9 WHERE bill = 3";
    outside(&dir).execute(other, []).unwrap();
    seals::seal_bill(&outside(&dir), 3);
    let refused = writer.take(ALL, NOW, 1).await.unwrap_err();
    assert!(refused.to_string().contains("bills 1 to 3"), "{refused}");
}

#[tokio::test]
async fn texts_that_were_swapped_when_the_approval_was_looked_at_are_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let wishing = |text: &str| {
        let sql = "UPDATE campaign SET wishing = ?1";
        outside(&dir).execute(sql, [text]).unwrap();
    };
    let owner = Owner::open(&ledger(&dir), Mode::Live, NOW).unwrap();
    wishing("x");
    let writer = writer_of(owner, &terms());
    wishing(&terms().texts.wishing);
    let reader = Reader::open(&ledger(&dir)).unwrap().unwrap();
    let row = reader.campaign(&terms().id).unwrap().unwrap();
    let (_, approved) = reader.content_to_send(&row, &terms().caps).unwrap();
    writer.send_only(approved);
    let refused = writer.take(ALL, NOW, 1).await.unwrap_err();
    assert!(refused.to_string().contains("what its campaign says"));
}

/// A later number of an approved packet, as a walk up from its first one finds it, may be sent
/// again for its package; a row of somebody else's may not.
#[tokio::test]
async fn a_row_that_came_later_is_sent_only_as_a_number_of_an_approved_packet() {
    for openid in ["oTest00000000000000000000000", STRANGER] {
        let dir = tempfile::tempdir().unwrap();
        loaded(&dir);
        let writer = approved_writer(&dir);
        let first = take(&writer, NOW).await;
        for n in 1..3 {
            let attempt = take(&writer, NOW + n).await;
            paid(&writer, attempt).await;
        }
        let refused = Answer::wordless(Outcome::RefusedWithoutOrder);
        writer.record_send(first, refused, NOW, 0).await.unwrap();
        let conn = outside(&dir);
        let key = RowKey::new("oTest00000000000000000000000").unwrap();
        let number = MchBillno::derive(&terms().mch_id, &terms().id, &key, 2);
        let sql = "INSERT INTO bill (campaign, file, line, row_key, openid, amount_fen, mch_billno,
               generation, seal, due)
             SELECT campaign, file, line, row_key, ?1, amount_fen, ?2, 2, 0, 0 FROM bill
             WHERE bill = 1";
        conn.execute(sql, [openid, number.as_str()]).unwrap();
        let sql = "UPDATE file SET last_bill = 4, untried_from = 4";
        conn.execute(sql, []).unwrap();
        seals::seal_bill(&conn, 4);
        let sql = "UPDATE tally SET count = 1, fen = 100 WHERE state = 'ready'";
        conn.execute(sql, []).unwrap();
        match writer.take(ALL, NOW + 9, 1).await {
            Ok(taken) => assert_eq!((taken.len(), openid == STRANGER), (1, false)),
            Err(refused) => {
                assert!(
                    refused.to_string().contains("approved otherwise"),
                    "{refused}"
                );
                assert_eq!(openid, STRANGER);
            }
        }
    }
}

fn refused_at_open(path: &Path) -> bool {
    let opened = Owner::open(path, Mode::Live, NOW);
    matches!(opened, Err(LedgerError::Strange { .. }))
}

/// Makes a change of the schema on a fresh ledger; whether opening it to write, and an audit, both
/// refuse it.
fn is_refused(sql: &str) -> bool {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    outside(&dir).execute_batch(sql).unwrap();
    let is_found = Reader::open(&ledger(&dir)).unwrap().is_some_and(|reader| {
        let audit = reader.audit(None);
        audit.map_or(true, |audit| !audit.findings.is_empty())
    });
    let is_refused = refused_at_open(&ledger(&dir));
    assert_eq!(is_found, is_refused, "{sql}");
    is_refused
}

#[test]
fn whatever_is_added_to_the_schema_is_refused() {
    for sql in [
        "CREATE TABLE more (id INTEGER)",
        "CREATE VIEW more AS SELECT * FROM bill",
        "CREATE INDEX more ON bill (openid)",
        "CREATE INDEX more ON _more (id)",
        "CREATE TRIGGER more AFTER UPDATE ON bill BEGIN SELECT 1; END",
        "CREATE TRIGGER more AFTER INSERT ON _litestream_seq BEGIN SELECT 1; END",
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq TEXT)",
        "CREATE TABLE _litestream_lock (id INTEGER, more)",
        "CREATE VIEW _litestream_lock AS SELECT 1 AS id",
        "CREATE TABLE _litestream_more (id INTEGER)",
        "CREATE VIRTUAL TABLE more USING fts5(x)",
    ] {
        let before = if sql.contains("ON _litestream") {
            LITESTREAM
        } else if sql.contains("ON _more") {
            "CREATE TABLE _more (id INTEGER)"
        } else {
            ""
        };
        assert!(is_refused(&format!("{before}; {sql}")), "{sql}");
    }
    for name in [
        "sqlite_stat1",
        "sqlite_stat9",
        "sqlite_sequence",
        "sqlite_more",
    ] {
        let sql = format!(
            "CREATE TABLE more (id INTEGER); PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET name = '{name}', tbl_name = '{name}',
               sql = 'CREATE TABLE {name} (id INTEGER)' WHERE name = 'more'"
        );
        assert!(is_refused(&sql), "{name}");
    }
}

#[test]
fn what_sqlite_and_litestream_make_is_passed_over() {
    assert!(!is_refused("ANALYZE"));
    assert!(!is_refused(LITESTREAM));
}

/// As its source has it.
const LITESTREAM: &str =
    "CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
     CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);";

fn objects() -> Vec<(String, String, Option<String>)> {
    let dir = tempfile::tempdir().unwrap();
    loaded(&dir);
    let conn = outside(&dir);
    let mut statement = conn
        .prepare("SELECT type, name, sql FROM sqlite_schema")
        .unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found = statement.query_map([], read).unwrap();
    found.map(Result::unwrap).collect()
}

/// The changes of one object that SQLite lets pass.
fn changes(kind: &str, name: &str, made: Option<&str>) -> Vec<String> {
    let set = |set: &str| {
        format!(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET {set} WHERE name = '{name}'"
        )
    };
    let mut changes = vec![
        set("name = 'sqlite_' || name"),
        set("name = name || 'x'"),
        set("tbl_name = tbl_name || 'x'"),
        set("type = 'view'"),
        format!("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '{name}'"),
    ];
    if let Some(made) = made {
        changes.push(set("sql = sql || ' -- more' || char(10) || 'x'"));
        // A column, or a key, or a word of the guard more.
        let more = match kind {
            "table" => made.replacen('(', "(more INTEGER, ", 1),
            "index" => made.replacen('(', "((1), ", 1),
            _ => made.replace("append-only", "append--only\n"),
        };
        assert_ne!(more, made);
        changes.push(set(&format!("sql = '{}'", more.replace('\'', "''"))));
        changes.push(format!("DROP {kind} {name}"));
        let renamed = format!("ALTER TABLE {name} RENAME TO more");
        changes.extend((kind == "table").then_some(renamed));
    }
    changes
}

#[test]
fn whatever_is_taken_or_changed_in_the_schema_is_refused() {
    let objects = objects();
    assert!(objects.len() > 15, "{}", objects.len());
    let (whole, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    loaded(&whole);
    let mut tried = 0;
    for (kind, name, made) in &objects {
        for sql in changes(kind, name, made.as_deref()) {
            std::fs::copy(ledger(&whole), ledger(&dir)).unwrap();
            let conn = outside(&dir);
            let before = conn.total_changes();
            if conn.execute_batch(&sql).is_err() {
                continue;
            }
            let is_update = sql.contains("UPDATE") || sql.contains("DELETE");
            assert!(!is_update || conn.total_changes() > before, "{sql}");
            drop(conn);
            let reader = Reader::open(&ledger(&dir));
            let audit = reader.and_then(|reader| reader.unwrap().audit(None));
            let is_whole = audit.is_ok_and(|audit| audit.findings.is_empty());
            assert!(!is_whole, "{sql}");
            let opened = Owner::open(&ledger(&dir), Mode::Live, NOW);
            assert!(opened.is_err(), "{sql}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// The guard of the journal, emptied behind what looks like a comment in its own words.
#[test]
fn a_guard_that_is_emptied_behind_two_dashes_is_found() {
    let real = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END";
    for (from, to) in [
        (
            real,
            "BEGIN SELECT '--\n'; END /* SELECT RAISE(ABORT, 'the journal is append-only') */",
        ),
        ("BEGIN SELECT RAISE", "BEGIN -- so it is\n SELECT RAISE"),
        (
            "BEGIN SELECT RAISE",
            "BEGIN SELECT '--' WHERE 0; SELECT RAISE",
        ),
    ] {
        let is_comment = to.contains("-- so");
        let sql = format!(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE type = 'trigger'",
            from.replace('\'', "''"),
            to.replace('\'', "''"),
        );
        assert_eq!(is_refused(&sql), !is_comment, "{to}");
    }
}
