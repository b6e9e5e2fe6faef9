//! Which tables, indexes, triggers and views a ledger has: exactly those that this version makes.
//! A trigger or a view of somebody else could change what is read and written here, a table of
//! theirs hide it, and an index that is gone make it slow.
//!
//! Looked at before anything is written, in the transaction that writes where there is one, and by
//! `hongbao audit`. Two kinds of others are passed over: what SQLite itself makes, and the two
//! tables of Litestream, each by its name and its words.

use std::sync::OnceLock;

use rusqlite::Connection;

use crate::ledger::fault::Strange;
use crate::words::{Words, audit as words};

/// Tables that ANALYZE makes.
const OF_SQLITE: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    (
        "sqlite_stat4",
        "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
    ),
];

/// Tables that Litestream makes in each database that it copies: one to have something to write,
/// one to hold the lock with.
const OF_LITESTREAM: [(&str, &str); 2] = [
    (
        "_litestream_seq",
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)",
    ),
    (
        "_litestream_lock",
        "CREATE TABLE _litestream_lock (id INTEGER)",
    ),
];

/// A table, index, trigger or view: what it is, its name, its table, and how it is made, blank
/// where SQLite made it of its own for a table.
#[derive(Debug, PartialEq, Eq)]
struct Object {
    kind: String,
    name: String,
    table: String,
    made: String,
}

impl Object {
    /// Whether a ledger may have it beside what this program makes.
    fn is_passed_over(&self) -> bool {
        let is_it = |(name, made): &(&str, &str)| {
            (self.kind.as_str(), self.name.as_str()) == ("table", name) && self.made == *made
        };
        OF_SQLITE.iter().chain(&OF_LITESTREAM).any(is_it)
    }
}

/// The first difference from this version's schema.
pub(in crate::ledger) fn differing(conn: &Connection) -> rusqlite::Result<Option<Words>> {
    let (wanted, found) = (wanted()?, objects(conn)?);
    if let Some(object) = wanted.iter().find(|object| !found.contains(object)) {
        let (kind, name) = (object.kind.as_str(), object.name.as_str());
        return Ok(Some(words::schema(kind, name)));
    }
    let is_strange = |object: &&Object| !wanted.contains(object) && !object.is_passed_over();
    let more = found.iter().find(is_strange);
    Ok(more.map(|object| words::schema_more(object.kind.as_str(), object.name.as_str())))
}

/// Refuses a ledger that has anything else than this version makes.
pub(super) fn check(conn: &Connection) -> rusqlite::Result<()> {
    match differing(conn)? {
        None => Ok(()),
        Some(what) => Err(Strange(what).into()),
    }
}

/// Takes Litestream's tables out of a copy: what copied the ledger that it was made of does not
/// copy it.
pub(in crate::ledger) fn drop_litestream(conn: &Connection) -> rusqlite::Result<()> {
    for (name, made) in OF_LITESTREAM {
        let is_there =
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql = ?2";
        if conn.prepare(is_there)?.exists((name, made))? {
            conn.execute_batch(&format!("DROP TABLE {name}"))?;
        }
    }
    Ok(())
}

/// Whether it is one of the tables beside the ledger's own, which a migration may not touch.
pub(super) fn is_beside(name: &str) -> bool {
    OF_LITESTREAM.iter().any(|(known, _)| *known == name)
}

/// A ledger as this version makes it, without a row and without a file.
pub(in crate::ledger) fn in_memory() -> rusqlite::Result<Connection> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(SCHEMA)?;
    Ok(conn)
}

/// As this version makes them.
fn wanted() -> rusqlite::Result<&'static [Object]> {
    static WANTED: OnceLock<Vec<Object>> = OnceLock::new();
    if let Some(wanted) = WANTED.get() {
        return Ok(wanted);
    }
    let wanted = objects(&in_memory()?)?;
    Ok(WANTED.get_or_init(|| wanted))
}

fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let sql = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    let object = |row: &rusqlite::Row<'_>| {
        Ok(Object {
            kind: row.get(0)?,
            name: row.get(1)?,
            table: row.get(2)?,
            made: bare(row.get_ref(3)?.as_str()?),
        })
    };
    conn.prepare(sql)?.query_map([], object)?.collect()
}

/// A statement without its comments, which a later version of the program may word better, and with
/// one blank between words. What stands in quotes stays as it is.
fn bare(sql: &str) -> String {
    let mut bare = String::with_capacity(sql.len());
    let (mut rest, mut is_apart) = (sql, false);
    while let Some(first) = rest.chars().next() {
        let (length, is_gap) = if rest.starts_with("--") {
            (rest.find('\n').unwrap_or(rest.len()), true)
        } else if let Some(inner) = rest.strip_prefix("/*") {
            let end = inner.find("*/").map(|at| at + 4);
            (end.unwrap_or(rest.len()), true)
        } else {
            match first {
                '\'' | '"' | '`' => (quoted(rest, first), false),
                '[' => (quoted(rest, ']'), false),
                _ => (first.len_utf8(), first.is_ascii_whitespace()),
            }
        };
        let (word, after) = rest.split_at(length);
        if !is_gap {
            if is_apart && !bare.is_empty() {
                bare.push(' ');
            }
            bare.push_str(word);
        }
        (rest, is_apart) = (after, is_gap);
    }
    bare
}

/// How long the quoted word at the begin of a text is. A quote that stands in it twice makes two
/// words of one, which are kept alike.
fn quoted(text: &str, end: char) -> usize {
    let inner = text[1..].find(end);
    inner.map_or(text.len(), |at| at + 2)
}

/// The newest schema.
pub(in crate::ledger) const SCHEMA: &str = include_str!("schema.sql");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_say_nothing_and_quotes_say_what_is_in_them() {
        let one = "CREATE TABLE t (a  TEXT, -- first\n  b TEXT) /* second */ STRICT";
        assert_eq!(bare(one), "CREATE TABLE t (a TEXT, b TEXT) STRICT");
        for (one, other) in [
            ("SELECT 'a -- b'", "SELECT 'a '"),
            ("SELECT 'a  b'", "SELECT 'a b'"),
            ("SELECT 'a /* b */'", "SELECT 'a '"),
            ("SELECT 'it''s -- so' FROM a", "SELECT 'it''s FROM a"),
            ("SELECT \"a -- b\"", "SELECT \"a \""),
            ("SELECT [a -- b], `c --`", "SELECT [a , `c"),
            ("SELECT 'open -- to the end", "SELECT 'open"),
        ] {
            assert_eq!(bare(one), one);
            assert_ne!(bare(one), bare(other));
        }
        assert_eq!(bare("a/* open"), "a");
        assert_eq!(bare("a--b"), "a");
        assert_eq!(bare("-- b\n'a'"), "'a'");
    }
}
