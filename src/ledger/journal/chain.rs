//! The journal as a chain: each row holds the SHA-256 of the row before it, of itself, and of
//! what the bill and the request it tells of were after it. The ledger's own row holds the last
//! one, the head. Whoever kept a head can later tell that nothing before it was changed.

use rusqlite::{Connection, OptionalExtension, params};

use super::seal::{Hash, Mark, RequestSeal, Sealing};
use super::statements::{Statements, one_row};
use crate::domain::hex::hex;
use crate::domain::policy::QUERY_DAYS_MS;
use crate::ledger::fault::Altered;
use crate::words::ledger as words;

/// The ledger's own row.
#[derive(Debug, Clone)]
pub(in crate::ledger) struct LedgerRow {
    pub(in crate::ledger) mode: String,
    pub(in crate::ledger) epoch: i64,
    pub(in crate::ledger) highest_time: i64,
    /// Rows of the journal.
    pub(in crate::ledger) entries: i64,
    /// The hash of the last of them.
    pub(in crate::ledger) head: Hash,
    /// Where the ledger may be behind the truth: what is not known.
    pub(in crate::ledger) behind: Option<Behind>,
    /// The latest time that an answer of WeChat Pay had.
    pub(in crate::ledger) heard_at: Option<i64>,
    /// The file that it is in; `None` before the first process took it.
    pub(in crate::ledger) home: Option<Home>,
}

/// From where on a ledger that is behind may know nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ledger) struct Behind {
    /// Sends after this time may be missing.
    pub(in crate::ledger) since: i64,
    /// The last attempt before it was known that the ledger is behind.
    pub(in crate::ledger) attempt: i64,
}

impl Behind {
    /// From then on "unknown" proves nothing: queries do not reach back to what may have been sent
    /// right after the last write.
    pub(in crate::ledger) fn reached_until(self) -> i64 {
        self.since.saturating_add(QUERY_DAYS_MS)
    }
}

impl LedgerRow {
    /// One that nobody wrote to yet.
    pub(in crate::ledger) fn new(mode: &str, now: i64) -> Self {
        LedgerRow {
            mode: mode.to_owned(),
            epoch: 0,
            highest_time: now,
            entries: 0,
            head: [0; 32],
            behind: None,
            heard_at: None,
            home: None,
        }
    }

    /// The row, which must be what was written.
    pub(in crate::ledger) fn read(conn: &Connection) -> rusqlite::Result<Option<Self>> {
        match LedgerRow::find(conn)? {
            Some((_, false)) => Err(Altered(words::own_row()).into()),
            found => Ok(found.map(|(row, _)| row)),
        }
    }

    /// The row, and whether it is what was written.
    pub(in crate::ledger) fn find(conn: &Connection) -> rusqlite::Result<Option<(Self, bool)>> {
        let sql = "SELECT mode, epoch, highest_time, entries, head, seal, behind_since,
               behind_attempt, heard_at, inode, born_ns, word FROM ledger";
        let read = |row: &rusqlite::Row<'_>| {
            let behind: (Option<i64>, Option<i64>) = (row.get(6)?, row.get(7)?);
            let found = LedgerRow {
                mode: row.get(0)?,
                epoch: row.get(1)?,
                highest_time: row.get(2)?,
                entries: row.get(3)?,
                head: row.get(4)?,
                behind: match behind {
                    (Some(since), Some(attempt)) => Some(Behind { since, attempt }),
                    (None, _) | (_, None) => None,
                },
                heard_at: row.get(8)?,
                home: match row.get(9)? {
                    Some(inode) => Some(Home {
                        inode,
                        born_ns: row.get(10)?,
                        word: row.get(11)?,
                    }),
                    None => None,
                },
            };
            let is_whole = found.seal() == row.get::<_, Mark>(5)?;
            Ok((found, is_whole))
        };
        conn.prepare_cached(sql)?.query_row([], read).optional()
    }

    pub(in crate::ledger) fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        let changed = conn
            .prepare_cached(
                "INSERT INTO ledger (id, mode, epoch, highest_time, entries, head, seal,
                   behind_since, behind_attempt, heard_at, inode, born_ns, word)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (id) DO UPDATE SET epoch = ?2, highest_time = ?3, entries = ?4,
                   head = ?5, seal = ?6, behind_since = ?7, behind_attempt = ?8, heard_at = ?9,
                   inode = ?10, born_ns = ?11, word = ?12",
            )?
            .execute(params![
                self.mode,
                self.epoch,
                self.highest_time,
                self.entries,
                self.head,
                self.seal(),
                self.behind.map(|behind| behind.since),
                self.behind.map(|behind| behind.attempt),
                self.heard_at,
                self.home.as_ref().map(|home| home.inode),
                self.home.as_ref().and_then(|home| home.born_ns),
                self.home.as_ref().and_then(|home| home.word.as_deref()),
            ])?;
        one_row(changed)
    }

    fn seal(&self) -> Mark {
        let mut sealing = Sealing::of("ledger");
        sealing
            .text(Some(&self.mode))
            .int(Some(self.epoch))
            .int(Some(self.highest_time))
            .int(Some(self.entries))
            .blob(&self.head);
        // Only where there is something: a row of version 4 keeps its seal.
        if let Some(behind) = self.behind {
            sealing
                .text(Some("behind"))
                .int(Some(behind.since))
                .int(Some(behind.attempt));
        }
        if let Some(heard_at) = self.heard_at {
            sealing.text(Some("heard")).int(Some(heard_at));
        }
        if let Some(home) = &self.home {
            sealing
                .text(Some("home"))
                .int(Some(home.inode))
                .int(home.born_ns)
                .text(home.word.as_deref());
        }
        sealing.mark()
    }
}

/// A request's part in a journal row: its begin, or its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ledger) struct RequestMark {
    pub(in crate::ledger) attempt: i64,
    pub(in crate::ledger) mark: Mark,
}

impl RequestMark {
    /// That it was about to be made, and what it says of its bill. Before version 5 of the ledger
    /// nothing of that was kept.
    pub(in crate::ledger) fn begun(
        attempt: i64,
        (bill, said): (Option<i64>, Option<&RequestSeal>),
        action: &str,
        at: i64,
    ) -> Self {
        let mut sealing = Sealing::of("begun");
        sealing.int(bill).text(Some(action)).int(Some(at));
        if let Some(said) = said {
            said.seal(&mut sealing);
        }
        let mark = sealing.mark();
        RequestMark { attempt, mark }
    }

    /// The end of a request: its time, the answer, and WeChat Pay's code and words.
    pub(in crate::ledger) fn ended(attempt: i64, at: i64, words: [Option<&str>; 3]) -> Self {
        let mut sealing = Sealing::of("ended");
        sealing.int(Some(at));
        for word in words {
            sealing.text(word);
        }
        let mark = sealing.mark();
        RequestMark { attempt, mark }
    }
}

/// A row of the journal.
#[derive(Debug, Clone, Copy)]
pub(in crate::ledger) struct Entry<'a> {
    pub(in crate::ledger) at: i64,
    pub(in crate::ledger) epoch: i64,
    pub(in crate::ledger) campaign: i64,
    pub(in crate::ledger) bill: Option<i64>,
    pub(in crate::ledger) told: Option<RequestMark>,
    pub(in crate::ledger) event: &'a str,
    /// The state before and after.
    pub(in crate::ledger) states: Option<(&'a str, &'a str)>,
    pub(in crate::ledger) note: Option<&'a str>,
    /// The mark of the row's subject after the row.
    pub(in crate::ledger) mark: Mark,
}

impl Entry<'_> {
    /// The hash of the row that stands at `seq` behind one with the hash `before`.
    pub(super) fn hash(&self, seq: i64, before: &Hash) -> Hash {
        let mut sealing = Sealing::of("journal");
        sealing
            .blob(before)
            .int(Some(seq))
            .int(Some(self.at))
            .int(Some(self.epoch))
            .int(Some(self.campaign))
            .int(self.bill)
            .int(self.told.map(|told| told.attempt))
            .text(Some(self.event))
            .text(self.states.map(|(from, _)| from))
            .text(self.states.map(|(_, to)| to))
            .text(self.note)
            .blob(&self.mark);
        if let Some(told) = self.told {
            sealing.blob(&told.mark);
        }
        sealing.hash()
    }

    /// Writes the row behind the last one: the only place that does.
    pub(in crate::ledger) fn append(
        &self,
        statements: &Statements<'_>,
        row: &mut LedgerRow,
    ) -> rusqlite::Result<()> {
        let seq = row.entries + 1;
        let hash = self.hash(seq, &row.head);
        statements.change(
            "INSERT INTO journal (seq, at, epoch, campaign, bill, attempt, event, state_from,
               state_to, note, mark, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                seq,
                self.at,
                self.epoch,
                self.campaign,
                self.bill,
                self.told.map(|told| told.attempt),
                self.event,
                self.states.map(|(from, _)| from),
                self.states.map(|(_, to)| to),
                self.note,
                self.mark,
                hash,
            ],
        )?;
        (row.entries, row.head) = (seq, hash);
        Ok(())
    }
}

/// The file that a ledger was last at home in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ledger) struct Home {
    /// The number of the file.
    pub(in crate::ledger) inode: i64,
    /// When it came into being, in nanoseconds of the Unix epoch: numbers are used again. `None`
    /// where the file system does not keep it.
    pub(in crate::ledger) born_ns: Option<i64>,
    /// A word that the lock file has, too, where there is no birth.
    pub(in crate::ledger) word: Option<String>,
}

/// Where the journal ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// Its rows.
    pub entries: i64,
    /// The hash of the last of them.
    pub hash: Hash,
}

impl Head {
    /// The hash in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.hash)
    }
}

/// The journal's name for texts that are frozen anew.
pub(in crate::ledger) const REFROZEN: &str = "refrozen";
