//! Reading the ledger, on connections of its own, beside a running writer.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

use super::columns::{fen, state};
use super::fault::LedgerError;
use super::migrate;
use super::notes::Pause;
use super::owner::Owner;
use super::refusal::{LoadRefusal, find_twin};
use super::terms::Terms;
use crate::domain::ids::CampaignId;
use crate::domain::money::Fen;
use crate::domain::packet::Texts;
use crate::domain::state::State;

/// A connection that reads.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    path: PathBuf,
}

/// A campaign as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    pub(super) campaign: i64,
    /// Who pays.
    pub mch_id: String,
    /// Under which mini-program.
    pub wxappid: String,
    /// The frozen texts.
    pub texts: Texts,
    /// Whether its files name their packets.
    pub has_row_key: bool,
    /// Packets ever loaded.
    pub rows: u64,
    /// Money ever loaded.
    pub total: Fen,
    /// Whether WeChat Pay was asked about its numbers.
    pub is_checked: bool,
    /// Why it sends nothing, if it does not.
    pub pause: Option<Pause>,
    /// When a daily limit of the merchant ends.
    pub deferred_until: Option<i64>,
    /// A person said that the clock is right whatever replies say.
    pub is_clock_right: bool,
    /// Proofs that a later sighting broke.
    pub breaks: u64,
}

/// Packets and money of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TallyRow {
    /// Packets.
    pub count: u64,
    /// Their money.
    pub fen: Fen,
}

/// The counters of a campaign by state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(pub [TallyRow; State::ALL.len()]);

/// A recipients file that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its row in the ledger.
    pub file: i64,
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Names of its columns kept for the reports.
    pub extra: Vec<String>,
}

/// A packet with its live bill, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The bill's row in the ledger.
    pub bill: i64,
    /// The file it came in.
    pub file: i64,
    /// What names it in the campaign.
    pub row_key: String,
    /// Who is paid.
    pub openid: String,
    /// How much.
    pub amount: Fen,
    /// Where the bill stands.
    pub state: State,
    /// Its number.
    pub mch_billno: String,
    /// Which number of the packet it is, from 1.
    pub generation: u32,
    /// WeChat Pay's number.
    pub send_listid: Option<String>,
    /// Sends.
    pub attempts: u32,
    /// Of the last answer that had one.
    pub err_code: Option<String>,
    /// Its text.
    pub err_code_des: Option<String>,
    /// When the first send was committed.
    pub first_sent_at: Option<i64>,
    /// When it reached a final state.
    pub settled_at: Option<i64>,
    /// Cells of the file's other columns.
    pub extra: Vec<String>,
}

/// One request about a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// `send` or `query`.
    pub action: String,
    /// When it became durable.
    pub committed_at: i64,
    /// When its answer was recorded.
    pub ended_at: Option<i64>,
    /// What it told.
    pub answer: Option<String>,
    /// In WeChat Pay's words.
    pub err_code: Option<String>,
    /// In WeChat Pay's words.
    pub err_code_des: Option<String>,
}

/// One move of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// When.
    pub at: i64,
    /// What happened.
    pub event: String,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// What else there is to say.
    pub note: Option<String>,
}

impl Tally {
    /// The counters of one state.
    #[must_use]
    pub fn of(&self, state: State) -> TallyRow {
        let index = State::ALL.iter().position(|known| *known == state);
        index.map_or_else(TallyRow::default, |index| self.0[index])
    }

    /// The counters of all states that `pick` picks, added up.
    #[must_use]
    pub fn sum(&self, pick: impl Fn(State) -> bool) -> TallyRow {
        let picked = || {
            State::ALL
                .into_iter()
                .zip(self.0)
                .filter(|(state, _)| pick(*state))
        };
        TallyRow {
            count: picked().map(|(_, row)| row.count).sum(),
            fen: picked().map(|(_, row)| row.fen).sum(),
        }
    }
}

impl Owner {
    /// Whether a file with this hash was loaded into the campaign.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_file(&self, id: &CampaignId, sha256: [u8; 32]) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM file JOIN campaign USING (campaign)
             WHERE campaign.id = ?1 AND sha256 = ?2";
        self.read(|conn| conn.prepare(sql)?.exists(params![id.as_str(), sha256]))
    }

    /// All money ever loaded into the campaign.
    ///
    /// # Errors
    /// Where the campaign was never loaded, or the ledger cannot be read.
    pub fn campaign_total(&self, id: &CampaignId) -> Result<Fen, LedgerError> {
        let row = self.read(|conn| read_campaign(conn, id.as_str()))?;
        row.map(|row| row.total)
            .ok_or_else(|| LedgerError::NoCampaign(id.to_string()))
    }

    pub(super) fn reader_row(&self, terms: &Terms) -> Result<Option<CampaignRow>, LedgerError> {
        self.read(|conn| read_campaign(conn, terms.id.as_str()))
    }
}

impl Reader {
    /// Opens the ledger to read; `None` where there is none yet.
    ///
    /// # Errors
    /// Where there is a file that is not this program's.
    pub fn open(path: &Path) -> Result<Option<Reader>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let failed = |source| LedgerError::sqlite(path, "opening")(source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
        conn.execute_batch("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;")
            .map_err(failed)?;
        // A file that its first run has not finished creating holds nothing to read yet.
        if migrate::check_version(&conn, path)? == 0 {
            return Ok(None);
        }
        Ok(Some(Reader {
            conn,
            path: path.to_owned(),
        }))
    }

    fn ask<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        read(&self.conn).map_err(LedgerError::sqlite(&self.path, "reading"))
    }

    /// Changes something that needs no lock, in a transaction.
    pub(super) fn change(
        &self,
        doing: &'static str,
        write: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        let all = || {
            let tx = self.conn.unchecked_transaction()?;
            write(&tx)?;
            tx.commit()
        };
        all().map_err(LedgerError::sqlite(&self.path, doing))
    }

    /// The campaign of that name; `None` if nothing was ever loaded into it.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn campaign(&self, id: &CampaignId) -> Result<Option<CampaignRow>, LedgerError> {
        self.ask(|conn| read_campaign(conn, id.as_str()))
    }

    /// The counters, after a check that they add up to what was loaded.
    ///
    /// # Errors
    /// Where they do not, or the ledger cannot be read.
    pub fn tally(&self, campaign: &CampaignRow) -> Result<Tally, LedgerError> {
        // One transaction: counters and totals of the same moment.
        let (tally, rows, total) = self.ask(|conn| {
            let tx = conn.unchecked_transaction()?;
            let totals = "SELECT loaded_rows, loaded_fen FROM campaign WHERE campaign = ?1";
            let (rows, total) = tx.query_row(totals, [campaign.campaign], |row| {
                Ok((row.get(0)?, fen(row, 1)?))
            })?;
            Ok((read_tally(&tx, campaign.campaign)?, rows, total))
        })?;
        let sum = tally.sum(|_| true);
        if (sum.count, sum.fen) == (rows, total) {
            return Ok(tally);
        }
        let detail = format!(
            "{rows} packets of {total} yuan were loaded, the states hold {} of {} yuan",
            sum.count, sum.fen
        );
        Err(LedgerError::Unbalanced {
            path: self.path.clone(),
            detail,
        })
    }

    /// Paid packets whose package is missing, and their money.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn sent_without_package(&self, campaign: &CampaignRow) -> Result<TallyRow, LedgerError> {
        let sql = "SELECT count(*), coalesce(sum(amount_fen), 0)
             FROM bill JOIN packet USING (packet)
             WHERE bill.campaign = ?1 AND bill.state = 'sent' AND bill.package IS NULL";
        self.ask(|conn| {
            conn.query_row(sql, [campaign.campaign], |row| {
                Ok(TallyRow {
                    count: row.get(0)?,
                    fen: fen(row, 1)?,
                })
            })
        })
    }

    /// When the next step of the campaign is due by itself: first sends, resends or queries.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn next_due(&self, campaign: &CampaignRow) -> Result<Option<i64>, LedgerError> {
        let sql = "SELECT min(due) FROM bill WHERE campaign = ?1 AND next_action = ?2
               AND due IS NOT NULL";
        self.ask(|conn| {
            let mut earliest: Option<i64> = None;
            for word in ["send", "resend", "query"] {
                let due: Option<i64> = conn
                    .prepare_cached(sql)?
                    .query_row((campaign.campaign, word), |row| row.get(0))?;
                earliest = earliest.into_iter().chain(due).min();
            }
            Ok(earliest)
        })
    }

    /// Commit times of all requests since `since`, of every campaign, oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn requests_since(&self, since: i64) -> Result<Vec<i64>, LedgerError> {
        // Rows are in order of time but for clock jumps; the scan ends at the first old one.
        let sql = "SELECT committed_at FROM attempt ORDER BY attempt DESC";
        self.ask(|conn| {
            let mut times = Vec::new();
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(0)?;
                if at < since {
                    break;
                }
                times.push(at);
            }
            times.reverse();
            Ok(times)
        })
    }

    /// Up to `limit` bill numbers spread evenly over the campaign.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn spread_numbers(
        &self,
        campaign: &CampaignRow,
        limit: i64,
    ) -> Result<Vec<String>, LedgerError> {
        self.ask(|conn| {
            let number = |bill: &i64| {
                conn.prepare_cached("SELECT mch_billno FROM bill WHERE bill = ?1")?
                    .query_row([bill], |row| row.get(0))
            };
            spread(conn, campaign.campaign, limit)?
                .iter()
                .map(number)
                .collect()
        })
    }

    /// Another campaign than `id` that the same file, or the same list, was loaded under.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn twin(
        &self,
        id: &CampaignId,
        sha256: [u8; 32],
        people: [u8; 32],
    ) -> Result<Option<LoadRefusal>, LedgerError> {
        self.ask(|conn| find_twin(conn, id.as_str(), None, (sha256, people)))
    }

    /// The files loaded into the campaign, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn files(&self, campaign: &CampaignRow) -> Result<Vec<FileRow>, LedgerError> {
        let sql = "SELECT file, sha256, extra FROM file WHERE campaign = ?1 ORDER BY file";
        self.ask(|conn| {
            conn.prepare(sql)?
                .query_map([campaign.campaign], |row| {
                    let extra: String = row.get(2)?;
                    let extra = serde_json::from_str(&extra).unwrap_or_default();
                    Ok(FileRow {
                        file: row.get(0)?,
                        sha256: row.get(1)?,
                        extra,
                    })
                })?
                .collect()
        })
    }

    /// Gives every packet of the campaign to `each`, in the order of the file.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or what `each` gives.
    pub fn report<E: From<LedgerError>>(
        &self,
        campaign: &CampaignRow,
        mut each: impl FnMut(ReportRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |source| E::from(LedgerError::sqlite(&self.path, "reading")(source));
        let sql = format!("{REPORT} WHERE packet.campaign = ?1 AND bill.is_live ORDER BY packet");
        let mut statement = self.conn.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([campaign.campaign]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(report_row(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// The packets that a bill number, row key or openid names, every bill of them.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn find(&self, campaign: &CampaignRow, id: &str) -> Result<Vec<ReportRow>, LedgerError> {
        let sql = format!(
            "{REPORT} WHERE packet.campaign = ?1 AND packet.packet IN (
               SELECT packet FROM bill WHERE mch_billno = ?2
               UNION SELECT packet FROM packet WHERE campaign = ?1 AND row_key = ?2
               UNION SELECT packet FROM packet WHERE openid = ?2)
             ORDER BY packet, generation"
        );
        self.ask(|conn| {
            conn.prepare(&sql)?
                .query_map(params![campaign.campaign, id], report_row)?
                .collect()
        })
    }

    /// All requests about a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn attempts(&self, bill: i64) -> Result<Vec<AttemptRow>, LedgerError> {
        let sql = "SELECT action, committed_at, ended_at, answer, err_code, err_code_des
             FROM attempt WHERE bill = ?1 ORDER BY attempt";
        self.ask(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(AttemptRow {
                        action: row.get(0)?,
                        committed_at: row.get(1)?,
                        ended_at: row.get(2)?,
                        answer: row.get(3)?,
                        err_code: row.get(4)?,
                        err_code_des: row.get(5)?,
                    })
                })?
                .collect()
        })
    }

    /// All moves of a bill, in order.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn journal(&self, bill: i64) -> Result<Vec<JournalRow>, LedgerError> {
        let sql = "SELECT at, event, state_from, state_to, note FROM journal
             WHERE bill = ?1 ORDER BY seq";
        self.ask(|conn| {
            conn.prepare(sql)?
                .query_map([bill], |row| {
                    Ok(JournalRow {
                        at: row.get(0)?,
                        event: row.get(1)?,
                        from: row.get(2)?,
                        to: row.get(3)?,
                        note: row.get(4)?,
                    })
                })?
                .collect()
        })
    }
}

fn read_campaign(conn: &Connection, id: &str) -> rusqlite::Result<Option<CampaignRow>> {
    let sql = "SELECT campaign, mch_id, wxappid, act_name, send_name, wishing, remark, scene_id,
           has_row_key, loaded_rows, loaded_fen, numbers_checked_at IS NOT NULL, paused_at,
           paused_by IS 'halt', paused_because, deferred_until, is_clock_right, breaks
         FROM campaign WHERE id = ?1";
    conn.prepare_cached(sql)?
        .query_row([id], |row| {
            let paused_at: Option<i64> = row.get(12)?;
            let pause = match paused_at {
                Some(at) => Some(Pause {
                    at,
                    is_halt: row.get(13)?,
                    because: row.get(14)?,
                }),
                None => None,
            };
            Ok(CampaignRow {
                campaign: row.get(0)?,
                mch_id: row.get(1)?,
                wxappid: row.get(2)?,
                texts: Texts {
                    act_name: row.get(3)?,
                    send_name: row.get(4)?,
                    wishing: row.get(5)?,
                    remark: row.get(6)?,
                    scene_id: row.get(7)?,
                },
                has_row_key: row.get(8)?,
                rows: row.get(9)?,
                total: fen(row, 10)?,
                is_checked: row.get(11)?,
                pause,
                deferred_until: row.get(15)?,
                is_clock_right: row.get(16)?,
                breaks: row.get(17)?,
            })
        })
        .optional()
}

/// Up to `limit` bills at even distances between the first and the last.
fn spread(conn: &Connection, campaign: i64, limit: i64) -> rusqlite::Result<Vec<i64>> {
    let edge = |order: &str| -> rusqlite::Result<Option<i64>> {
        let sql =
            format!("SELECT bill FROM bill WHERE campaign = ?1 ORDER BY bill {order} LIMIT 1");
        conn.query_row(&sql, [campaign], |row| row.get(0))
            .optional()
    };
    let (Some(first), Some(last)) = (edge("ASC")?, edge("DESC")?) else {
        return Ok(Vec::new());
    };
    let sql = "SELECT bill FROM bill WHERE campaign = ?1 AND bill >= ?2 ORDER BY bill LIMIT 1";
    let mut chosen = Vec::new();
    let gaps = (limit - 1).max(1);
    for step in 0..limit {
        // A campaign's bills need not be contiguous: each is the next one from its place on,
        // and after the one before it.
        let place = first + (last - first) / gaps * step + (last - first) % gaps * step / gaps;
        let from = chosen
            .last()
            .map_or(place, |chosen: &i64| place.max(chosen + 1));
        let found: Option<i64> = conn
            .query_row(sql, (campaign, from), |row| row.get(0))
            .optional()?;
        chosen.extend(found);
    }
    Ok(chosen)
}

fn read_tally(conn: &Connection, campaign: i64) -> rusqlite::Result<Tally> {
    let mut tally = Tally([TallyRow::default(); State::ALL.len()]);
    let sql = "SELECT state, count, fen FROM tally WHERE campaign = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([campaign])?;
    while let Some(row) = rows.next()? {
        let found = state(row, 0)?;
        for (known, slot) in State::ALL.into_iter().zip(&mut tally.0) {
            if known == found {
                *slot = TallyRow {
                    count: row.get(1)?,
                    fen: fen(row, 2)?,
                };
            }
        }
    }
    Ok(tally)
}

const REPORT: &str = "SELECT bill.bill, packet.file, packet.row_key, packet.openid,
       packet.amount_fen, bill.state, bill.mch_billno, bill.generation, bill.send_listid,
       bill.sends, bill.err_code, bill.err_code_des, bill.first_sent_at, bill.settled_at,
       packet.extra
     FROM packet CROSS JOIN bill USING (packet)";

fn report_row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let extra: Option<String> = row.get(14)?;
    let extra = extra
        .and_then(|extra| serde_json::from_str(&extra).ok())
        .unwrap_or_default();
    Ok(ReportRow {
        bill: row.get(0)?,
        file: row.get(1)?,
        row_key: row.get(2)?,
        openid: row.get(3)?,
        amount: fen(row, 4)?,
        state: state(row, 5)?,
        mch_billno: row.get(6)?,
        generation: row.get(7)?,
        send_listid: row.get(8)?,
        attempts: row.get(9)?,
        err_code: row.get(10)?,
        err_code_des: row.get(11)?,
        first_sent_at: row.get(12)?,
        settled_at: row.get(13)?,
        extra,
    })
}
