//! The moves of a campaign in the journal's order: its rows, but for those of requests that moved
//! nothing.

use rusqlite::{OptionalExtension, Row, params};

use crate::domain::ids::{CampaignId, MchBillno, Openid};
use crate::domain::money::Fen;
use crate::domain::state::{Event, State};
use crate::domain::tally::TallyRow;
use crate::ledger::columns::{fen, mch_billno, openid, state};
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::Head;
use crate::ledger::open::reader::Reader;

/// Rows that are read in one moment: a checkpoint waits for nobody who reads slowly.
const AT_ONCE: i64 = 1000;

/// One move of a packet, or a word about the campaign as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRow {
    /// Its place in the journal, and the journal's hash there.
    pub head: Head,
    /// When.
    pub at: i64,
    /// The journal's word for it.
    pub event: String,
    /// `None`: it is about the campaign.
    pub packet: Option<MovedPacket>,
    /// The packets that a load added, which are `ready`.
    pub loaded: Option<TallyRow>,
}

/// The packet that moved. Its content is what it is now: a packet that was taken back may have been
/// loaded anew since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedPacket {
    /// The number.
    pub mch_billno: MchBillno,
    /// How much.
    pub amount: Fen,
    /// Whose.
    pub openid: Openid,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// In WeChat Pay's words, where its answer moved the packet.
    pub err_code: Option<String>,
    /// Another number has its place from here on: this one counts no more.
    pub is_given_up: bool,
}

impl Reader {
    /// The campaign's moves from this row of the journal on, a part at a time, and the row from
    /// which the next part begins: the same one where there is nothing more for now.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn moves(&self, id: &CampaignId, from: i64) -> Result<(Vec<MoveRow>, i64), LedgerError> {
        let sql = "SELECT seq, hash, at, event, note, state_from, state_to, mch_billno, amount_fen,
               openid, attempt.err_code
             FROM (SELECT * FROM journal WHERE seq >= ?2 AND seq < ?3) AS journal
               LEFT JOIN bill USING (bill) LEFT JOIN attempt USING (attempt)
             WHERE journal.campaign = (SELECT campaign FROM campaign WHERE id = ?1)
               AND (state_from IS NOT state_to OR attempt IS NULL OR event = ?4)
             ORDER BY seq";
        self.read(|conn| {
            let _moment = self.moment()?;
            let entries = "SELECT entries FROM ledger";
            let entries: i64 = conn.query_row(entries, [], |row| row.get(0))?;
            let end = from.saturating_add(AT_ONCE).min(entries + 1).max(from);
            let next_known = Event::NextKnown.name();
            let params = params![id.as_str(), from, end, next_known];
            let mut statement = conn.prepare_cached(sql)?;
            let moves = statement.query_map(params, MoveRow::read)?;
            Ok((moves.collect::<Result<_, _>>()?, end))
        })
    }

    /// The journal's hash at one of its rows; `None` where it is not that long.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn head_at(&self, seq: i64) -> Result<Option<Head>, LedgerError> {
        self.read(|conn| {
            let sql = "SELECT seq, hash FROM journal WHERE seq = ?1";
            conn.query_row(sql, [seq], head).optional()
        })
    }
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        entries: row.get(0)?,
        hash: row.get(1)?,
    })
}

impl MoveRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<MoveRow> {
        let event: String = row.get(3)?;
        let is_about_packet = row.get_ref(7)?.as_str_or_null()?.is_some();
        let note = row.get_ref(4)?.as_str_or_null()?;
        Ok(MoveRow {
            head: head(row)?,
            at: row.get(2)?,
            packet: is_about_packet
                .then(|| MovedPacket::read(row, &event))
                .transpose()?,
            loaded: note.filter(|_| event == LOADED).and_then(added),
            event,
        })
    }
}

/// The journal's word for a load.
const LOADED: &str = "loaded";

/// The new packets in the note of a load.
fn added(note: &str) -> Option<TallyRow> {
    let after = |key: &str| {
        let mut words = note.split(' ');
        words.find_map(|word| word.strip_prefix(key)?.parse().ok())
    };
    Some(TallyRow {
        count: after("new=")?,
        fen: Fen::new(after("new_fen=")?),
    })
}

impl MovedPacket {
    fn read(row: &Row<'_>, event: &str) -> rusqlite::Result<MovedPacket> {
        let (from, to) = (state(row, 5)?, state(row, 6)?);
        // A request's code is that of its answer; of the two rows about it, the first is none.
        let err_code = (event != Event::Dispatched.name()).then(|| row.get(10));
        let leaves = [Event::Reissued, Event::NextKnown];
        Ok(MovedPacket {
            mch_billno: mch_billno(row, 7)?,
            amount: fen(row, 8)?,
            openid: openid(row, 9)?,
            from,
            to,
            err_code: err_code.transpose()?.flatten(),
            is_given_up: to == State::Refused && leaves.iter().any(|it| it.name() == event),
        })
    }
}
