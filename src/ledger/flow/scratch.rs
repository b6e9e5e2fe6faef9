//! Where the rows of fund-flow bills wait until all bills are whole and all questions answered.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::row::{Direction, FlowRow};
use crate::domain::money::Fen;
use crate::ledger::columns::{fen, to_sql};
use crate::ledger::fault::LedgerError;

/// Not durable, and gone with the process: a file without a name. Its cache is small, so that what
/// it holds is on disk and not in memory.
const SCRATCH: &str = "
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;
    PRAGMA temp_store = FILE; PRAGMA threads = 0;
    CREATE TABLE raw (raw INTEGER PRIMARY KEY, booked_at INTEGER NOT NULL, direction TEXT NOT NULL,
      fen INTEGER NOT NULL, voucher TEXT NOT NULL, wx_order TEXT NOT NULL, movement TEXT NOT NULL,
      business TEXT NOT NULL, kind TEXT NOT NULL, file INTEGER NOT NULL) STRICT;
    CREATE TABLE listid (send_listid TEXT PRIMARY KEY, bill INTEGER NOT NULL)
      STRICT, WITHOUT ROWID;
    CREATE TABLE ours (raw INTEGER PRIMARY KEY, is_ours INTEGER NOT NULL) STRICT;
    CREATE TABLE booking (bill INTEGER NOT NULL, direction TEXT NOT NULL, fen INTEGER NOT NULL,
      booked_at INTEGER NOT NULL, movement TEXT NOT NULL, wx_order TEXT NOT NULL,
      bill_no INTEGER NOT NULL, day INTEGER NOT NULL, movement_id TEXT NOT NULL,
      order_id TEXT NOT NULL, is_given INTEGER NOT NULL, is_over INTEGER NOT NULL) STRICT;
    CREATE INDEX booking_of ON booking (bill, direction, fen, booked_at);
    CREATE INDEX booking_movement ON booking (movement_id) WHERE movement_id <> '';
    CREATE TABLE strange (number TEXT NOT NULL, direction TEXT NOT NULL, fen INTEGER NOT NULL,
      booked_at INTEGER NOT NULL, movement TEXT NOT NULL, wx_order TEXT NOT NULL,
      bill_no INTEGER NOT NULL, day INTEGER NOT NULL, movement_id TEXT NOT NULL,
      order_id TEXT NOT NULL, is_given INTEGER NOT NULL, is_over INTEGER NOT NULL) STRICT;
    CREATE INDEX strange_of ON strange (number, direction, fen, booked_at);
    CREATE INDEX strange_movement ON strange (movement_id) WHERE movement_id <> '';
    CREATE TABLE found (found INTEGER PRIMARY KEY, type TEXT NOT NULL, bill INTEGER,
      mch_billno TEXT, send_listid TEXT, ledger_fen INTEGER, bill_fen INTEGER,
      booked_at INTEGER, movements TEXT, explained TEXT,
      standing TEXT NOT NULL) STRICT;
    BEGIN;";

/// A break as it is told and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowBreak {
    /// Which.
    pub kind: BreakKind,
    /// The bill's row in the ledger; `None` where the ledger has none.
    pub bill: Option<i64>,
    /// The packet's number, or the strange one.
    pub mch_billno: Option<String>,
    /// WeChat Pay's number.
    pub send_listid: Option<String>,
    /// The ledger's amount; `None` where nothing was paid.
    pub ledger: Option<Fen>,
    /// The bills' amount; `None` for no row.
    pub booked: Option<Fen>,
    /// When the first of its rows was booked.
    pub booked_at: Option<i64>,
    /// Which rows it is of: a digest of their ways, amounts and times. `None`: from a version that
    /// did not keep it.
    pub movements: Option<String>,
    /// The words of a person who explained it.
    pub explained: Option<String>,
}

/// How a break that was found stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakStanding {
    /// The given bills have it, alone or with those before.
    Given,
    /// Only bills given before have it.
    Carried,
    /// A person explained it.
    Explained,
}

impl BreakStanding {
    /// All of them.
    pub const ALL: [BreakStanding; 3] = [
        BreakStanding::Given,
        BreakStanding::Carried,
        BreakStanding::Explained,
    ];

    /// As JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            BreakStanding::Given => "breaks",
            BreakStanding::Carried => "carried",
            BreakStanding::Explained => "explained",
        }
    }
}

/// Rows of bills, and what a match with them found.
#[derive(Debug)]
pub struct FlowScratch {
    pub(super) conn: Connection,
    /// The number of the bill whose rows come.
    file: i64,
}

impl FlowScratch {
    /// An empty one.
    ///
    /// # Errors
    /// Where SQLite cannot make one.
    pub fn new() -> Result<FlowScratch, LedgerError> {
        let open = || {
            let conn = Connection::open("")?;
            conn.execute_batch(SCRATCH)?;
            conn.set_prepared_statement_cache_capacity(32);
            Ok(conn)
        };
        let conn = open().map_err(failed("making a scratch file"))?;
        Ok(FlowScratch { conn, file: 0 })
    }

    /// Rows of another bill come. The row before them; 0 for none.
    ///
    /// # Errors
    /// Where the scratch file cannot be read.
    pub fn begin_bill(&mut self) -> Result<i64, LedgerError> {
        self.file += 1;
        let sql = "SELECT coalesce(max(raw), 0) FROM raw";
        let last = self.conn.query_row(sql, [], |row| row.get(0));
        last.map_err(failed("reading rows of a bill"))
    }

    /// Adds a row of a bill.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn add(&mut self, row: &FlowRow) -> Result<(), LedgerError> {
        let sql =
            "INSERT INTO raw (booked_at, direction, fen, voucher, wx_order, movement, business,
             kind, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let add = || {
            self.conn.prepare_cached(sql)?.execute(params![
                row.booked_at,
                row.direction.name(),
                to_sql(row.amount),
                row.voucher,
                row.order,
                row.movement,
                row.business,
                row.kind,
                self.file,
            ])
        };
        add().map(drop).map_err(failed("keeping rows of a bill"))
    }

    /// Forgets the rows that were added after this one, and the bill that they came of.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn forget_after(&mut self, last: i64) -> Result<(), LedgerError> {
        self.file -= 1;
        let sql = "DELETE FROM raw WHERE raw > ?1";
        let forgotten = self.conn.execute(sql, [last]);
        forgotten
            .map(drop)
            .map_err(failed("forgetting rows of a bill"))
    }

    /// Gives each break that stands so to `each`, the grave kinds first.
    ///
    /// # Errors
    /// Where the scratch file cannot be read, or what `each` gives.
    pub fn breaks<E: From<LedgerError>>(
        &self,
        how: BreakStanding,
        mut each: impl FnMut(&FlowBreak) -> Result<(), E>,
    ) -> Result<(), E> {
        BreakKind::ALL
            .into_iter()
            .try_for_each(|kind| self.breaks_of((kind, how), &mut each))
    }

    /// The same of one kind.
    pub(super) fn breaks_of<E: From<LedgerError>>(
        &self,
        (kind, how): (BreakKind, BreakStanding),
        mut each: impl FnMut(&FlowBreak) -> Result<(), E>,
    ) -> Result<(), E> {
        let unread = |source| E::from(failed("reading breaks")(source));
        let sql = "SELECT type, bill, mch_billno, send_listid, ledger_fen, bill_fen, booked_at,
               movements, explained
             FROM found WHERE type = ?1 AND standing = ?2 ORDER BY found";
        let mut statement = self.conn.prepare_cached(sql).map_err(unread)?;
        let of_kind = (kind.name(), how.name());
        let mut rows = statement.query(of_kind).map_err(unread)?;
        while let Some(row) = rows.next().map_err(unread)? {
            let mut it = FlowBreak::read(kind, row).map_err(unread)?;
            it.explained = row.get(8).map_err(unread)?;
            each(&it)?;
        }
        Ok(())
    }

    pub(super) fn found(&self, it: &FlowBreak, how: BreakStanding) -> rusqlite::Result<()> {
        let sql = "INSERT INTO found (type, bill, mch_billno, send_listid, ledger_fen, bill_fen,
             booked_at, movements, explained, standing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let mut statement = self.conn.prepare_cached(sql)?;
        let more: [Value; 2] = [it.explained.clone().into(), how.name().to_owned().into()];
        let columns = it.written().into_iter().chain(more);
        statement.execute(params_from_iter(columns))?;
        Ok(())
    }
}

impl FlowBreak {
    /// Its number, or its packet's row where it has none.
    pub(super) fn name(&self) -> String {
        let row = || self.bill.map_or_else(String::new, |bill| bill.to_string());
        self.mch_billno.clone().unwrap_or_else(row)
    }

    /// Whether a packet of the ledger's is sent under no number for it.
    pub(super) fn decides(&self) -> bool {
        self.kind.is_of_unpaid() && self.bill.is_some()
    }

    /// Its columns, the type first.
    pub(super) fn written(&self) -> [Value; 8] {
        [
            Value::from(self.kind.name().to_owned()),
            self.bill.into(),
            self.mch_billno.clone().into(),
            self.send_listid.clone().into(),
            self.ledger.map(to_sql).into(),
            self.booked.map(to_sql).into(),
            self.booked_at.into(),
            self.movements.clone().into(),
        ]
    }

    /// From the columns behind its type.
    pub(super) fn read(kind: BreakKind, row: &Row<'_>) -> rusqlite::Result<FlowBreak> {
        let money = |index| match row.get_ref(index)? {
            rusqlite::types::ValueRef::Null => Ok(None),
            _ => fen(row, index).map(Some),
        };
        Ok(FlowBreak {
            kind,
            bill: row.get(1)?,
            mch_billno: row.get(2)?,
            send_listid: row.get(3)?,
            ledger: money(4)?,
            booked: money(5)?,
            booked_at: row.get(6)?,
            movements: row.get(7)?,
            explained: None,
        })
    }
}

/// As the ledger and the bills write it.
pub(super) fn direction(word: &str) -> Direction {
    if word == Direction::In.name() {
        Direction::In
    } else {
        Direction::Out
    }
}

/// An error of the scratch file.
pub(super) fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> LedgerError {
    let path = PathBuf::from("(scratch)");
    move |source| LedgerError::sqlite(Path::new(&path), doing)(source)
}
