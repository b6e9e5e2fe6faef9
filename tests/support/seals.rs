//! Digests of rows as `src/ledger/journal/seal.rs` says they are made, made a second time: for a
//! test that changes a ledger and knows how to seal it.

use std::collections::HashSet;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

/// What is fixed about a bill, in the order that is sealed.
const FROZEN: &str = "line, row_key, openid, amount_fen, act_name, send_name, wishing, remark, \
     scene_id, extra, generation, mch_billno";
/// What is fixed about a campaign that its requests say.
const TERMS: &str = "SELECT mch_id, wxappid, act_name, send_name, wishing, remark, scene_id
     FROM campaign WHERE campaign = (SELECT campaign FROM bill WHERE bill = ?1)";

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The digest of a row of this kind.
pub(crate) fn digest(kind: &str, values: &[Value]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let kind = text(kind);
    for value in std::iter::once(&kind).chain(values) {
        let mut sized = |of: u8, bytes: &[u8]| {
            hasher.update([of]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        match value {
            Value::Text(text) => sized(2, text.as_bytes()),
            Value::Blob(blob) => sized(3, blob),
            Value::Null => hasher.update([0]),
            Value::Integer(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
            }
            Value::Real(_) => panic!("no column holds one"),
        }
    }
    hasher.finalize().to_vec()
}

/// A row's values.
pub(crate) fn values(conn: &Connection, sql: &str, row: i64) -> Vec<Value> {
    let all = |row: &Row<'_>| {
        (0..row.as_ref().column_count())
            .map(|at| row.get(at))
            .collect()
    };
    conn.query_row(sql, [row], all).unwrap()
}

fn frozen(conn: &Connection, bill: i64) -> Vec<u8> {
    let sql = format!("SELECT {FROZEN} FROM bill WHERE bill = ?1");
    digest("packet", &values(conn, &sql, bill))
}

/// Seals a bill as it stands now.
pub(crate) fn seal_bill(conn: &Connection, bill: i64) {
    let seal = frozen(conn, bill);
    let seal = i64::from_be_bytes(seal[..8].try_into().unwrap());
    conn.execute("UPDATE bill SET seal = ?2 WHERE bill = ?1", [bill, seal])
        .unwrap();
}

/// Writes the journal's chain anew over the rows as they stand; `is_bound` whether each request is
/// marked with what it says, as it is since version 5.
pub(crate) fn chain_anew(conn: &Connection, is_bound: bool) {
    let triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<(String, String)> = conn
        .prepare(triggers)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &triggers {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    let (mut head, mut open, mut entries) = (vec![0; 32], HashSet::new(), 0);
    let rows = "SELECT count(*) FROM journal";
    let rows: i64 = conn.query_row(rows, [], |row| row.get(0)).unwrap();
    for seq in 1..=rows {
        let sql = "SELECT seq, at, epoch, campaign, bill, attempt, event, state_from, state_to,
             note, mark FROM journal WHERE seq = ?1";
        let mut row = values(conn, sql, seq);
        if let Value::Integer(attempt) = row[5] {
            let is_end = !open.insert(attempt);
            row.push(Value::Blob(mark(conn, attempt, is_end, is_bound)));
        }
        row.insert(0, Value::Blob(head));
        head = digest("journal", &row);
        entries = seq;
        let sql = "UPDATE journal SET hash = ?2 WHERE seq = ?1";
        conn.execute(sql, params![seq, head]).unwrap();
    }
    let sql = "UPDATE ledger SET entries = ?1, head = ?2";
    conn.execute(sql, params![entries, head]).unwrap();
    let seal = digest("ledger", &own_row(conn));
    let sql = "UPDATE ledger SET seal = ?1";
    conn.execute(sql, [&seal[..16]]).unwrap();
    for (_, made) in triggers {
        conn.execute_batch(&made).unwrap();
    }
}

/// The ledger's own row: what each has, and what stands only in some, each with its name.
fn own_row(conn: &Connection) -> Vec<Value> {
    let own = "SELECT mode, epoch, highest_time, entries, head FROM ledger WHERE id = ?1";
    let mut row = values(conn, own, 1);
    for (name, columns) in [
        ("behind", "behind_since, behind_attempt"),
        ("heard", "heard_at"),
        ("home", "inode, born_ns, word"),
    ] {
        // An older version has no such columns.
        let sql = format!("SELECT {columns} FROM ledger WHERE id = ?1");
        if conn.prepare(&sql).is_err() {
            continue;
        }
        let more = values(conn, &sql, 1);
        if more[0] != Value::Null {
            row.push(text(name));
            row.extend(more);
        }
    }
    row
}

/// What the journal tells of a request's begin or end.
fn mark(conn: &Connection, attempt: i64, is_end: bool, is_bound: bool) -> Vec<u8> {
    let sql = "SELECT bill, action, committed_at, ended_at, answer, err_code, err_code_des
         FROM attempt WHERE attempt = ?1";
    let mut row = values(conn, sql, attempt);
    let mark = if is_end {
        digest("ended", &row[3..])
    } else {
        row.truncate(3);
        if let (Value::Integer(bill), true) = (row[0].clone(), is_bound) {
            let terms = digest("terms", &values(conn, TERMS, bill));
            row.extend([Value::Blob(frozen(conn, bill)), Value::Blob(terms)]);
        }
        digest("begun", &row)
    };
    mark[..16].to_vec()
}
