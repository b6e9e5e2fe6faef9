//! What the pace of a new process has to know of those before it.

use super::fault::LedgerError;
use super::query::Reader;
use super::writer::Writer;

/// From an attempt's commit to its recorded answer at the most: waiting to leave, and the
/// longest request timeout that can be configured.
const LONGEST_MS: i64 = 11 * 60_000;

impl Reader {
    /// When the requests since `since` left at the latest, of every campaign, oldest first: a
    /// request left before its answer was recorded, and an open one before `now`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn requests_since(&self, since: i64, now: i64) -> Result<Vec<i64>, LedgerError> {
        // Rows are in the order of their commits; the scan ends at the first that is so old that
        // its answer is too.
        let sql = "SELECT committed_at, coalesce(ended_at, ?1), answer IS 'not_sent' FROM attempt
             ORDER BY attempt DESC";
        self.ask(|conn| {
            let mut times = Vec::new();
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([now])?;
            while let Some(row) = rows.next()? {
                let (committed, left, never_left): (i64, i64, bool) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                if committed < since - LONGEST_MS {
                    break;
                }
                if left >= since && !never_left {
                    times.push(left);
                }
            }
            if planted!(PaceForgetsTheLastRun) {
                times.clear();
            }
            times.sort_unstable();
            Ok(times)
        })
    }
}

impl Writer {
    /// In which start of the machine its clock was how far ahead of its uptime when somebody sent
    /// last, in milliseconds, as far as the lock file tells.
    ///
    /// # Errors
    /// Where the lock file cannot be read.
    pub fn noted_clock(&self) -> Result<Option<(String, i64)>, LedgerError> {
        self.lock.clock()
    }

    /// Notes that in the lock file for the next process.
    ///
    /// # Errors
    /// Where the lock file cannot be written.
    pub fn note_clock(&self, boot: &str, lead: i64) -> Result<(), LedgerError> {
        self.lock.note_clock(boot, lead)
    }
}
