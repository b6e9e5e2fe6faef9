//! Whatever is changed in a ledger from outside, `audit` finds, and nothing is sent from it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

use hongbao::ledger::Reader;
use hongbao::simulator::{FaultName, FaultRates, Settings};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::fund_flow::paper::Paper;
use crate::support::{Campaign, an_eighth, is_full, openid};

/// Rows of each table that are changed: the first, the last, and some between. In full all are.
const ROWS: usize = 3;

/// A campaign with every kind of row: refusals, second chances, doubts, queries, a pause, a second
/// file, a new number.
fn lived() -> Campaign {
    let settings = Settings {
        at_the_door: Some(("OPENID_ERROR".to_owned(), 1)),
        scripted: [(openid(777), "OPENID_ERROR".to_owned())].into(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(20, settings);
    campaign.run().exits(11);
    campaign.wechat.change(|settings| {
        settings.at_the_door = None;
        settings.faults = an_eighth(FaultName::ALL);
    });
    campaign.verb("unpause", &[]).exits(0);
    campaign.run();
    campaign.verb("pause", &["--because", "lunch"]).exits(0);
    campaign.verb("unpause", &[]).exits(0);
    campaign.verb("reconcile", &[]);
    campaign
        .wechat
        .change(|settings| settings.faults = FaultRates::none());
    campaign.set("retry.refusal_confirm_seconds", "1");
    load_more(&campaign, 777);
    campaign.owed.push((openid(777), 100));
    campaign.run();
    let words = ["--code", "OPENID_ERROR", "--because", "x"];
    let words = [&words[..], &["--confirm-total", "1"]].concat();
    campaign.verb("reissue", &words).exits(0);
    match_bill(&campaign);
    load_more(&campaign, 778);
    campaign
}

/// A match with a bill in which most is missing, and something is strange.
fn match_bill(campaign: &Campaign) {
    let mut paper = Paper::default();
    for (number, booked) in campaign.wechat.books().orders.into_iter().take(3) {
        paper.out(
            &booked.order.send_listid,
            &number,
            booked.order.amount_fen + 1,
        );
    }
    paper.out("1", "10000098zzzzzzzzzzzzzzzzzzzz", 100);
    campaign.write("bill.csv", paper.text());
    let file = campaign.path("bill.csv");
    let args = ["--no-queries", "--fund-flow", file.to_str().unwrap()];
    campaign.verb("reconcile", &args).exits(11);
}

fn load_more(campaign: &Campaign, row: usize) {
    let more = format!("openid,amount_fen\n{},100\n", openid(row));
    campaign.write("more.csv", more);
    let more = campaign.path("more.csv");
    campaign.verb("load", &[more.to_str().unwrap()]).exits(0);
}

/// A copy of the ledger as one file.
fn copy(campaign: &Campaign) -> PathBuf {
    let (from, to) = (campaign.path("hongbao.db"), campaign.path("copy.db"));
    let fold = Connection::open(&from).unwrap();
    fold.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(fold);
    fs::copy(from, &to).unwrap();
    to
}

fn findings(ledger: &Path) -> Vec<String> {
    let audit = Reader::open(ledger).and_then(|reader| reader.unwrap().audit(None));
    match audit {
        Ok(audit) => audit.findings.into_iter().map(|it| it.en).collect(),
        Err(fault) => vec![fault.to_string()],
    }
}

fn strings(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// What a value may be changed to: as many of these as the table takes.
fn others(value: &Value) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut others = match value {
        Value::Null => vec![Value::Integer(1), Value::Integer(0), text("x"), text("")],
        Value::Integer(number) => vec![
            Value::Integer(number + 1),
            Value::Integer(number - 1),
            Value::Integer(number + 1000),
            Value::Integer(0),
            Value::Null,
        ],
        Value::Text(words) => vec![
            text(&format!("{words}x")),
            text(&format!("{words} ")),
            text("x"),
            text(""),
            Value::Null,
        ],
        Value::Blob(blob) => {
            let (mut first, mut last) = (blob.clone(), blob.clone());
            first[0] ^= 1;
            *last.last_mut().unwrap() ^= 0x80;
            vec![Value::Blob(first), Value::Blob(last), Value::Null]
        }
        Value::Real(_) => panic!("no column holds one"),
    };
    others.retain(|other| other != value);
    others
}

/// A shell on the ledger, which lets every change pass that the types allow.
struct Shell {
    conn: Connection,
    triggers: Vec<String>,
}

impl Shell {
    fn open(ledger: &Path) -> Shell {
        let conn = Connection::open(ledger).unwrap();
        conn.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
             PRAGMA synchronous = OFF;",
        )
        .unwrap();
        let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'";
        let triggers = strings(&conn, sql);
        let names = strings(
            &conn,
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
        );
        for name in names {
            conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        Shell { conn, triggers }
    }

    /// Puts back what kept the journal, as whoever hides a change would.
    fn close(self) {
        for trigger in self.triggers {
            self.conn.execute_batch(&trigger).unwrap();
        }
    }

    fn row(&self, table: &str, rowid: i64) -> Vec<Value> {
        let sql = format!("SELECT * FROM {table} WHERE rowid = ?1");
        let mut statement = self.conn.prepare(&sql).unwrap();
        let width = statement.column_count();
        statement
            .query_row([rowid], |row| (0..width).map(|at| row.get(at)).collect())
            .unwrap()
    }
}

/// A table, its columns, and some of its rows.
struct Table {
    name: String,
    columns: Vec<String>,
    rows: Vec<i64>,
}

/// All but the counters and the daily sums, which have no rowid.
fn tables(ledger: &Path) -> Vec<Table> {
    let conn = &Connection::open(ledger).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('tally', 'day')
         ORDER BY name";
    let columns = |table: &str| {
        let sql = format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid");
        strings(conn, &sql)
    };
    let tables = strings(conn, sql).into_iter();
    tables
        .map(|name| Table {
            columns: columns(&name),
            rows: rowids(conn, &name),
            name,
        })
        .collect()
}

fn rowids(conn: &Connection, table: &str) -> Vec<i64> {
    let sql = format!("SELECT rowid FROM {table} ORDER BY rowid");
    let mut statement = conn.prepare(&sql).unwrap();
    let all = statement.query_map([], |row| row.get(0)).unwrap();
    let all: Vec<i64> = all.map(Result::unwrap).collect();
    let rows = if is_full() { all.len() } else { ROWS };
    let step = all.len().div_ceil(rows.max(1)).max(1);
    let last = all.last().copied();
    let mut some: Vec<i64> = all.into_iter().step_by(step).chain(last).collect();
    some.dedup();
    some
}

/// Makes one change on a fresh copy; whether the table took it.
fn changed(whole: &[u8], ledger: &Path, change: impl FnOnce(&Shell) -> bool) -> bool {
    fs::write(ledger, whole).unwrap();
    let shell = Shell::open(ledger);
    let is_taken = change(&shell);
    shell.close();
    is_taken
}

#[test]
fn every_change_of_one_row_is_found() {
    let campaign = lived();
    let ledger = copy(&campaign);
    let found = every_change_is_found(&ledger, &tables(&ledger));
    assert!(found > 300, "{found}");
}

#[test]
fn every_change_of_the_two_rows_of_a_run_is_found() {
    let campaign = Campaign::of(2);
    campaign.run().exits(0);
    let ledger = copy(&campaign);
    let mut journal = tables(&ledger);
    journal.retain(|table| table.name == "journal");
    let conn = Connection::open(&ledger).unwrap();
    let sql = "SELECT CAST(seq AS TEXT) FROM journal WHERE event IN ('run_begun', 'run_ended')";
    journal[0].rows = strings(&conn, sql)
        .iter()
        .map(|seq| seq.parse().unwrap())
        .collect();
    drop(conn);
    assert_eq!(journal[0].rows.len(), 2);
    let found = every_change_is_found(&ledger, &journal);
    assert!(found > 40, "{found}");
}

/// One packet was taken back and is sent with other content, one came back as it was, and one stays
/// taken back.
#[test]
fn every_change_of_what_was_taken_back_is_found() {
    let mut campaign = Campaign::of(4);
    campaign.verb("load", &[]).exits(0);
    let ids = [openid(1), openid(2), openid(3)];
    let words = [&*ids[0], &ids[1], &ids[2], "--because", "x"];
    campaign.verb("withdraw", &words).exits(0);
    let mut owed = campaign.owed.clone();
    owed[1].1 += 500;
    campaign.owe(owed.clone());
    campaign.verb("load", &[]).exits(0);
    campaign.write(
        "back.csv",
        format!("openid,amount_fen\n{},{}\n", ids[1], owed[2].1),
    );
    let back = campaign.path("back.csv");
    let back = [back.to_str().unwrap(), "--bring-back", "1"];
    campaign.verb("load", &back).exits(0);
    let total = (owed[0].1 + owed[1].1 + owed[2].1).to_string();
    let total = format!(
        "{}.{}",
        &total[..total.len() - 2],
        &total[total.len() - 2..]
    );
    campaign
        .verb("run", &["--live", "--confirm-total", &total])
        .exits(0);
    let ledger = copy(&campaign);
    let mut tables = tables(&ledger);
    tables.retain(|table| ["bill", "file", "journal"].contains(&table.name.as_str()));
    let conn = Connection::open(&ledger).unwrap();
    let told = "SELECT seq FROM journal WHERE bill IN (2, 3, 4) ORDER BY seq";
    let told: Vec<i64> = strings(&conn, &told.replace("seq FROM", "CAST(seq AS TEXT) FROM"))
        .iter()
        .map(|seq| seq.parse().unwrap())
        .collect();
    drop(conn);
    for table in &mut tables {
        table.rows = match table.name.as_str() {
            "bill" => vec![2, 3, 4],
            "file" => vec![1, 2, 3],
            _ => told.clone(),
        };
    }
    let found = every_change_is_found(&ledger, &tables);
    assert!(found > 300, "{found}");
}

/// Changes each column of these rows, and deletes each row; how many changes the tables took.
fn every_change_is_found(ledger: &Path, tables: &[Table]) -> u32 {
    let whole = fs::read(ledger).unwrap();
    assert_eq!(findings(ledger), Vec::<String>::new(), "before any change");
    let (mut found, mut refused) = (0, Vec::new());
    for Table {
        name: table,
        columns,
        rows,
    } in tables
    {
        for &rowid in rows {
            for (index, column) in columns.iter().enumerate() {
                let what = format!("{table}.{column} of row {rowid}");
                let mut value = Value::Null;
                changed(&whole, ledger, |shell| {
                    value = shell.row(table, rowid).swap_remove(index);
                    true
                });
                let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
                let mut is_changed = false;
                for other in others(&value) {
                    let set = format!("{what} was {value:?}, is {other:?}");
                    let is_taken = changed(&whole, ledger, |shell| {
                        let done = shell.conn.execute(&sql, (other, rowid));
                        done.is_ok_and(|rows| rows == 1)
                    });
                    if is_taken {
                        assert_ne!(findings(ledger), Vec::<String>::new(), "{set}");
                        found += 1;
                    }
                    is_changed |= is_taken;
                }
                if !is_changed {
                    refused.push(what);
                }
            }
            let sql = format!("DELETE FROM {table} WHERE rowid = ?1");
            assert!(changed(&whole, ledger, |shell| {
                shell.conn.execute(&sql, [rowid]).unwrap() == 1
            }));
            assert_ne!(
                findings(ledger),
                Vec::<String>::new(),
                "row {rowid} of {table} was deleted"
            );
            found += 1;
        }
    }
    assert_eq!(refused, Vec::<String>::new(), "not even changed");
    found
}

#[test]
fn a_row_that_is_added_is_found() {
    let campaign = lived();
    let ledger = copy(&campaign);
    let whole = fs::read(&ledger).unwrap();
    let tables = tables(&ledger);
    let mut added = Vec::new();
    for Table {
        name: table,
        columns,
        rows,
    } in &tables
    {
        // What was paid in place of what is owed has a test of its own.
        let Some(&last) = rows.last() else {
            continue;
        };
        // A copy of the last row, told apart where something must be unique.
        let is_taken = changed(&whole, &ledger, |shell| {
            let mut row = shell.row(table, last);
            row[0] = Value::Integer(last + 1);
            for (value, column) in row.iter_mut().zip(columns) {
                let unique = ["mch_billno", "id", "sha256"];
                if unique.contains(&column.as_str()) && !matches!(value, Value::Integer(_)) {
                    *value = others(value)[0].clone();
                }
            }
            let marks = vec!["?"; columns.len()].join(", ");
            let sql = format!("INSERT INTO {table} VALUES ({marks})");
            shell.conn.execute(&sql, params_from_iter(row)).is_ok()
        });
        if is_taken {
            assert_ne!(findings(&ledger), Vec::<String>::new(), "a row of {table}");
            added.push(table.as_str());
        }
    }
    let wanted = [
        "again",
        "attempt",
        "bill",
        "campaign",
        "fate",
        "file",
        "flow_break",
        "flow_match",
        "flow_row",
        "journal",
        "ledger",
        "receipt",
    ];
    assert_eq!(added, wanted);
}

#[test]
fn counters_and_what_keeps_the_journal_are_looked_at() {
    let campaign = lived();
    let ledger = copy(&campaign);
    let whole = fs::read(&ledger).unwrap();
    for change in [
        "UPDATE tally SET count = count + 1 WHERE state = 'sent'",
        "UPDATE tally SET fen = fen + 1 WHERE state = 'sent'",
        "UPDATE tally SET state = 'lost' WHERE state = 'sent'",
        "UPDATE tally SET campaign = 9 WHERE state = 'sent'",
        "DELETE FROM tally WHERE state = 'sent'",
        "INSERT INTO tally VALUES (1, 'lost', 1, 1)",
        // Of nothing.
        "INSERT INTO tally VALUES (1, 'lost', 0, 0)",
        "INSERT INTO tally VALUES (9, 'sent', 0, 0)",
        "UPDATE tally SET state = 'lost' WHERE state = 'refunding'",
        "UPDATE tally SET fen = 1 WHERE count = 0",
        "DELETE FROM tally WHERE state = 'refunding'",
        "INSERT INTO day VALUES (1, 1, 0, 0)",
        "INSERT INTO receipt (bill) VALUES (9999)",
        "INSERT INTO receipt (bill) SELECT bill FROM bill
           WHERE bill NOT IN (SELECT bill FROM receipt) LIMIT 1",
        "UPDATE day SET packets = packets + 1",
        "UPDATE day SET fen = fen - 1",
        // By two: what is sent at midnight counts on two days.
        "UPDATE day SET day = day + 2",
        "PRAGMA foreign_keys = OFF; UPDATE day SET campaign = campaign + 1",
        "DELETE FROM day",
        "INSERT INTO day VALUES (1, 1, 1, 1)",
        "DROP INDEX bill_due",
        "CREATE TRIGGER t AFTER UPDATE ON bill BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT 1",
        "PRAGMA user_version = 6",
        "PRAGMA user_version = 5",
        "PRAGMA user_version = 4",
        "PRAGMA user_version = 3",
        "PRAGMA user_version = 2",
        "PRAGMA user_version = 1",
        // Two packets that swap their people, each with its own seal.
        "CREATE TEMP TABLE two AS SELECT * FROM bill WHERE bill IN (1, 2);
         UPDATE bill SET (openid, row_key, seal) =
           (SELECT openid, row_key, seal FROM two WHERE two.bill = 3 - bill.bill) WHERE bill < 3",
    ] {
        changed(&whole, &ledger, |shell| {
            shell.conn.execute_batch(change).unwrap();
            true
        });
        assert_ne!(findings(&ledger), Vec::<String>::new(), "{change}");
    }
    fs::write(&ledger, &whole).unwrap();
    let conn = Connection::open(&ledger).unwrap();
    conn.execute_batch("DROP TRIGGER journal_keeps_rows")
        .unwrap();
    assert_ne!(findings(&ledger), Vec::<String>::new());
}

#[test]
fn audit_names_the_row_and_a_head_tells_a_journal_that_was_cut() {
    let campaign = Campaign::of(5);
    campaign.verb("load", &[]).exits(0);
    let early = copy(&campaign);
    let head = |campaign: &Campaign| {
        let head = campaign.status()["journal"]["head"].clone();
        head.as_str().unwrap().to_owned()
    };
    let loaded = head(&campaign);
    campaign.run().exits(0);
    let paid = head(&campaign);
    let said = campaign.verb("audit", &["--head", &loaded]).exits(0);
    assert!(said.stdout.contains("is that of row 1:"), "{}", said.stdout);
    assert!(said.stdout.contains(&paid), "{}", said.stdout);
    campaign.verb("audit", &["--head", "12"]).exits(2);

    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    let line = "UPDATE attempt SET answer = 'refused' WHERE attempt = 3";
    conn.execute_batch(line).unwrap();
    let said = campaign.verb("audit", &[]).exits(1);
    assert!(said.stdout.starts_with("changed: row "), "{}", said.stdout);
    assert!(said.stdout.contains("request"), "{}", said.stdout);
    let said = campaign.verb("audit", &["--json"]).exits(1);
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(document["is_unchanged"], false);
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    drop(conn);

    // An older copy is whole in itself; only the head that was noted tells that rows are missing.
    for side in ["hongbao.db-wal", "hongbao.db-shm"] {
        let _ = fs::remove_file(campaign.path(side));
    }
    fs::copy(early, campaign.path("hongbao.db")).unwrap();
    campaign.verb("audit", &[]).exits(0);
    let said = campaign.verb("audit", &["--head", &paid]).exits(1);
    assert!(said.stdout.contains("cut off"), "{}", said.stdout);
    said.says(&["older copy", "hongbao reconcile"]);
}

#[test]
fn nothing_is_sent_from_a_packet_that_was_changed() {
    for change in [
        "amount_fen = amount_fen + 1",
        "openid = 'oTest99999999999999999999999'",
        "wishing = 'x'",
        "mch_billno = '1000009800000000000000000000'",
    ] {
        let campaign = Campaign::of(6);
        campaign.verb("load", &[]).exits(0);
        let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
        let sql = format!("UPDATE bill SET {change} WHERE bill = 4");
        conn.execute_batch(&sql).unwrap();
        drop(conn);
        let said = campaign.run().exits(11);
        assert!(
            said.stderr.contains("of line 5"),
            "{change}: {}",
            said.stderr
        );
        assert_eq!(campaign.wechat.sends(), 0, "{change}");
    }
}
