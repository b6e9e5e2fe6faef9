//! The part of an audit that looks at new numbers: no file seals them, but all that is fixed about
//! one but generation and number is what its predecessor has, and the number follows from them. One
//! that was frozen anew since was so at first.

use rusqlite::{Connection, OptionalExtension, Row};

use super::row::{BILL_AT, CAMPAIGN_AT, FILE_AT, FROZEN_AT, GENERATION_AT, NUMBER_AT, SEAL_AT};
use super::story::End;
use crate::ledger::bill::frozen_anew::FrozenAnew;
use crate::ledger::bill::lineage::Lineage;
use crate::ledger::journal::seal::{FROZEN, FROZEN_WIDTH, Hash, Sealing, frozen, short};

/// The columns that a replacement bill keeps: all but generation and number.
const KEPT: usize = FROZEN_WIDTH - 2;

/// The bill whose place another one took.
pub(super) struct Before {
    pub(super) state: String,
    pub(super) amount: i64,
}

/// The bill whose place this one took. `None` where there is none, or one of them is not as it must
/// be.
pub(super) fn before(
    conn: &Connection,
    row: &Row<'_>,
    told: Option<&End>,
) -> rusqlite::Result<Option<Before>> {
    let bill: i64 = row.get(BILL_AT)?;
    // A name that no file can have leads nowhere.
    let Ok(lineage) = Lineage::of(conn, bill) else {
        return Ok(None);
    };
    let hash = frozen(row, FROZEN_AT)?;
    let is_whole = short(&hash) == row.get::<_, i64>(SEAL_AT)?;
    let number: String = row.get(NUMBER_AT)?;
    let (Some(before), true) = (lineage.before(), is_whole && lineage.is_of(&number)) else {
        return Ok(None);
    };
    let (generation, file): (i64, i64) = (row.get(GENERATION_AT)?, row.get(FILE_AT)?);
    let anew = told.map_or(&[][..], |told| &told.anew);
    let made = as_made(&hash, file, anew);
    let sql = format!(
        "SELECT {FROZEN}, state, amount_fen, file FROM bill WHERE mch_billno = ?1 AND campaign = ?2"
    );
    let campaign: i64 = row.get(CAMPAIGN_AT)?;
    let found = conn
        .prepare_cached(&sql)?
        .query_row((before.as_str(), campaign), |row| {
            let mut taken_over = Sealing::of("packet");
            taken_over.columns(row, 0, KEPT)?;
            taken_over.int(Some(generation)).text(Some(&number));
            let is_same_file = !anew.is_empty() || row.get::<_, i64>(FROZEN_WIDTH + 2)? == file;
            let is_it = is_same_file && made == Some(taken_over.hash());
            let (state, amount) = (row.get(FROZEN_WIDTH)?, row.get(FROZEN_WIDTH + 1)?);
            Ok(is_it.then_some(Before { state, amount }))
        })
        .optional()?;
    Ok(found.flatten())
}

/// The digest of a bill as it was made, `is` being that of the bill as it stands; `None` where the
/// journal does not lead from the one to the other, and to the file that it names.
pub(super) fn as_made(is: &Hash, file: i64, anew: &[FrozenAnew]) -> Option<Hash> {
    let Some(last) = anew.last() else {
        return Some(*is);
    };
    let is_chain = anew.windows(2).all(|pair| pair[0].is == pair[1].was);
    let is_it = is_chain && last.is == *is && last.file == file;
    anew.first().filter(|_| is_it).map(|first| first.was)
}
