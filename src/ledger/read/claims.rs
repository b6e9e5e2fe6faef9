//! Packets that their recipients can open, with what opens them; and how far somebody has read who
//! takes them piece by piece.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::campaign::CampaignRow;
use super::report_rows::{PACKET, ReportRow};
use crate::domain::claim::Issued;
use crate::domain::hex::{hex, unhex};
use crate::ledger::bill::candidate::frozen_checked;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::LedgerRow;
use crate::ledger::journal::seal::{FROZEN, Hash};
use crate::ledger::open::reader::Reader;

/// A packet whose package is in the ledger and of which nothing newer is known than that it was
/// issued. `Debug` does not show the package: who has it can open the packet, if it is theirs.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ClaimRow {
    /// The packet with its bill.
    pub packet: ReportRow,
    /// As WeChat Pay sent it.
    pub package: String,
    /// When it was issued.
    pub issued: Issued,
    /// When a query last said that nobody has claimed it; `None`: none has yet.
    pub asked_at: Option<i64>,
}

impl Debug for ClaimRow {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimRow")
            .field("packet", &self.packet)
            .field("issued", &self.issued)
            .field("asked_at", &self.asked_at)
            .finish_non_exhaustive()
    }
}

/// How far the journal was read, and in which ledger: one that was put back since has another home,
/// or another journal from there on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    seq: i64,
    ledger: [u8; 8],
}

impl Display for Cursor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.seq, hex(&self.ledger))
    }
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (seq, ledger) = text.split_once('-').ok_or(NoCursor)?;
        let cursor = Cursor {
            seq: seq.parse().map_err(|_| NoCursor)?,
            ledger: unhex(ledger).ok_or(NoCursor)?,
        };
        // In one spelling only.
        (cursor.to_string() == text)
            .then_some(cursor)
            .ok_or(NoCursor)
    }
}

/// Which claims are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    /// All of them, in the order of the files.
    All,
    /// Those that came after this was read, in the order in which they came.
    Since(Cursor),
    /// All of them, the soonest to lapse first.
    SoonestFirst,
}

/// When a packet was issued, by its bill: the first doubt about it, the first send that WeChat Pay
/// said yes to, and when it had said so. A single send needs no look at the attempts.
const ISSUED: &str = "
    min(coalesce(doubt_since, first_sent_at), CASE WHEN sends = 1 THEN first_sent_at ELSE
      coalesce((SELECT min(committed_at) FROM attempt WHERE attempt.bill = bill.bill
        AND action = 'send' AND answer = 'accepted'), first_sent_at) END)";
const ISSUED_UNTIL: &str = "
    CASE WHEN sends = 1 THEN first_sent_at ELSE
      coalesce((SELECT min(ended_at) FROM attempt WHERE attempt.bill = bill.bill
        AND action = 'send' AND answer = 'accepted'), first_sent_at) END";
/// When a query last said that it is issued and not claimed.
const ASKED: &str = "
    (SELECT max(ended_at) FROM attempt WHERE attempt.bill = bill.bill
      AND action = 'query' AND answer = 'sent')";
/// Picks packets that can be opened, by their state.
const HAS_CLAIM: &str = "bill.state = 'sent' AND has_package = 1 AND package IS NOT NULL";

/// The columns that [`ClaimRow::read`] reads.
fn columns() -> String {
    format!("{PACKET}, package, {ISSUED}, {ISSUED_UNTIL}, {ASKED}, seal, {FROZEN}")
}

impl Claims {
    fn sql(self) -> String {
        let columns = columns();
        let of_campaign = format!(
            "SELECT {columns} FROM receipt CROSS JOIN bill USING (bill)
             WHERE campaign = ?1 AND {HAS_CLAIM} AND ?2 IS NULL"
        );
        match self {
            Claims::All => format!("{of_campaign} ORDER BY receipt.bill"),
            // The issue's column: behind those of the packet and its package.
            Claims::SoonestFirst => format!("{of_campaign} ORDER BY 17, receipt.bill"),
            Claims::Since(_) => format!(
                "SELECT {columns} FROM journal AS news
                   CROSS JOIN receipt USING (bill) CROSS JOIN bill USING (bill)
                 WHERE news.seq > ?2 AND news.campaign = ?1 AND {} AND {HAS_CLAIM}
                   AND NOT EXISTS (SELECT 1 FROM journal AS before
                     WHERE before.bill = news.bill AND before.seq > ?2 AND before.seq < news.seq
                       AND {})
                 ORDER BY news.seq",
                opens("news"),
                opens("before")
            ),
        }
    }

    /// The cursor's row of the journal.
    fn since(self) -> Option<i64> {
        match self {
            Claims::Since(cursor) => Some(cursor.seq),
            Claims::All | Claims::SoonestFirst => None,
        }
    }
}

/// Whether a row of the journal may tell of a package that came, or of a packet that can be opened
/// only from then on.
fn opens(journal: &str) -> String {
    format!(
        "({journal}.event = 'accepted'
          OR ({journal}.state_to = 'sent' AND {journal}.state_from IS NOT 'sent'))"
    )
}

impl Reader {
    /// Gives each claim of the campaign to `each`, all of one moment of the ledger, one at a time:
    /// millions take no more memory than one. Where that moment is.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or what `each` gives.
    pub fn claims<E: From<LedgerError>>(
        &self,
        campaign: &CampaignRow,
        which: Claims,
        mut each: impl FnMut(&ClaimRow) -> Result<(), E>,
    ) -> Result<Cursor, E> {
        let failed = |source| E::from(LedgerError::sqlite(&self.path, "reading")(source));
        let _moment = self.moment().map_err(failed)?;
        let cursor = Cursor::now(&self.conn, campaign).map_err(failed)?;
        let mut statement = self.conn.prepare(&which.sql()).map_err(failed)?;
        let mut rows = statement
            .query((campaign.campaign, which.since()))
            .map_err(failed)?;
        let mut claim = ClaimRow::default();
        while let Some(row) = rows.next().map_err(failed)? {
            claim.read(row).map_err(failed)?;
            each(&claim)?;
        }
        Ok(cursor)
    }

    /// The package of this bill's packet; `None` where the ledger knows none that opens it.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn claim(&self, bill: i64) -> Result<Option<ClaimRow>, LedgerError> {
        let sql = format!(
            "SELECT {} FROM bill JOIN receipt USING (bill) WHERE bill = ?1 AND {HAS_CLAIM}",
            columns()
        );
        let read = |row: &Row<'_>| {
            let mut claim = ClaimRow::default();
            claim.read(row)?;
            Ok(claim)
        };
        self.read(|conn| conn.query_row(&sql, [bill], read).optional())
    }

    /// How many packets can be opened at `now`, and when the first of them lapses.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn openable(
        &self,
        campaign: &CampaignRow,
        now: i64,
    ) -> Result<(u64, Option<i64>), LedgerError> {
        let sql = format!(
            "SELECT {ISSUED}, {ISSUED_UNTIL} FROM bill
             WHERE campaign = ?1 AND state = 'sent' AND has_package = 1"
        );
        self.read(|conn| {
            let mut statement = conn.prepare(&sql)?;
            let mut rows = statement.query([campaign.campaign])?;
            let (mut count, mut first) = (0, None);
            while let Some(row) = rows.next()? {
                let issued = Issued {
                    from: row.get(0)?,
                    until: row.get(1)?,
                };
                if let Some(end) = issued.expires_at(now) {
                    count += 1;
                    first = Some(first.map_or(end, |first: i64| first.min(end)));
                }
            }
            Ok((count, first))
        })
    }

    /// Whether the cursor is of this ledger as it stands, and of this campaign.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn knows(&self, campaign: &CampaignRow, cursor: Cursor) -> Result<bool, LedgerError> {
        self.read(|conn| {
            let hash = hash_at(conn, cursor.seq)?;
            let there = hash.map(|hash| Cursor::at(conn, campaign, (cursor.seq, hash)));
            Ok(there.transpose()? == Some(cursor))
        })
    }
}

impl Cursor {
    fn now(conn: &Connection, campaign: &CampaignRow) -> rusqlite::Result<Cursor> {
        let head = "SELECT entries, head FROM ledger";
        let head = conn.query_row(head, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Cursor::at(conn, campaign, head)
    }

    fn at(
        conn: &Connection,
        campaign: &CampaignRow,
        (seq, hash): (i64, Hash),
    ) -> rusqlite::Result<Cursor> {
        let home = LedgerRow::read(conn)?.and_then(|row| row.home);
        let home = home.map(|home| (home.inode, home.born_ns, home.word));
        let mut sum = Sha256::new();
        sum.update(hash);
        sum.update(format!("\u{1F}{home:?}\u{1F}{}", campaign.id));
        let sum: Hash = sum.finalize().into();
        let mut ledger = [0; 8];
        ledger.copy_from_slice(&sum[..8]);
        Ok(Cursor { seq, ledger })
    }
}

/// The head after that row of the journal.
fn hash_at(conn: &Connection, seq: i64) -> rusqlite::Result<Option<Hash>> {
    if seq == 0 {
        return Ok(Some([0; 32]));
    }
    let sql = "SELECT hash FROM journal WHERE seq = ?1";
    conn.query_row(sql, [seq], |row| row.get(0)).optional()
}

impl ClaimRow {
    /// Becomes this row.
    fn read(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        frozen_checked(row, 19)?;
        self.packet.read(row)?;
        self.package.clear();
        self.package.push_str(row.get_ref(15)?.as_str()?);
        self.issued = Issued {
            from: row.get(16)?,
            until: row.get(17)?,
        };
        self.asked_at = row.get(18)?;
        Ok(())
    }
}
