//! The ledger's own row, changed from outside as only somebody does who knows how it is sealed.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use sha2::{Digest as _, Sha256};

/// What is always sealed, and what is where it stands, each with its word.
const ALWAYS: &[&str] = &["mode", "epoch", "highest_time", "entries", "head"];
const SOMETIMES: &[(&str, &[&str])] = &[
    ("behind", &["behind_since", "behind_attempt"]),
    ("heard", &["heard_at"]),
    ("home", &["inode", "born_ns", "word"]),
];

/// Another process takes the ledger, without a look at any lock.
pub(crate) fn raise_epoch(ledger: &Path) {
    change(ledger, "epoch = epoch + 1");
}

/// Makes the copy of a ledger one that may be any file: as if it stood where it was copied from.
/// What it finds in the WAL stays there.
pub(crate) fn forget_home(ledger: &Path) {
    change(ledger, "inode = NULL, born_ns = NULL, word = NULL");
}

fn change(ledger: &Path, change: &str) {
    let conn = Connection::open(ledger).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .unwrap();
    let count: i64 = conn
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'ledger'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    if count == 0 {
        return;
    }
    conn.execute_batch(&format!("BEGIN IMMEDIATE; UPDATE ledger SET {change}"))
        .unwrap();
    let mut sealed = Vec::new();
    put(&mut sealed, &Value::Text("ledger".to_owned()));
    let values = |columns: &[&str]| -> Vec<Value> {
        let sql = format!("SELECT {} FROM ledger", columns.join(", "));
        let read = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect();
        conn.query_row(&sql, [], read).unwrap_or_default()
    };
    for value in values(ALWAYS) {
        put(&mut sealed, &value);
    }
    for (word, columns) in SOMETIMES {
        let values = values(columns);
        if values.iter().any(|value| *value != Value::Null) {
            put(&mut sealed, &Value::Text((*word).to_owned()));
            for value in &values {
                put(&mut sealed, value);
            }
        }
    }
    let seal = &Sha256::digest(&sealed)[..16];
    conn.execute("UPDATE ledger SET seal = ?1", [seal]).unwrap();
    conn.execute_batch("COMMIT").unwrap();
}

/// As `src/ledger/journal/seal.rs` has it.
fn put(sealed: &mut Vec<u8>, value: &Value) {
    let mut sized = |kind: u8, bytes: &[u8]| {
        sealed.push(kind);
        sealed.extend((bytes.len() as u64).to_be_bytes());
        sealed.extend(bytes);
    };
    match value {
        Value::Null => sealed.push(0),
        Value::Integer(value) => {
            sealed.push(1);
            sealed.extend(value.to_be_bytes());
        }
        Value::Text(text) => sized(2, text.as_bytes()),
        Value::Blob(bytes) => sized(3, bytes),
        Value::Real(value) => panic!("{value} is no column's"),
    }
}
