//! Taking the ledger that stands here for the one that was used last, which is gone or retired: a
//! copy that was made by other means, or an empty one in the place of one that is lost. It does
//! what a restore does, without the copy.

use std::path::Path;

use rusqlite::Connection;

use super::backup::check_sound;
use super::restore::Restored;
use super::take_behind::{FirstSent, take_behind};
use crate::config::Mode;
use crate::domain::policy::RetryRules;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::chain::{Home, LedgerRow};
use crate::ledger::open::connect::{connect, create_private};
use crate::ledger::open::holder::LockNote;
use crate::ledger::open::leftover::keep_leftovers;
use crate::ledger::open::lock::Lock;
use crate::ledger::open::migrate;
use crate::ledger::open::names::{check_folder, real};
use crate::ledger::open::owner::check_mode;
use crate::words::copy as words;

/// Takes the ledger of this name, or makes an empty one. Everything that is not settled, and
/// whatever is loaded into an empty one, is asked about before it is sent, and every campaign is
/// paused. Whoever asks for it is believed, also where nothing tells of a copy: no file does where
/// a whole folder or disk was put back to an earlier moment.
///
/// # Errors
/// Where another process holds the ledger, or where it is not one of this program's, or is damaged.
pub fn adopt(
    ledger: &Path,
    (mode, note): (Mode, Option<&LockNote>),
    rules: &RetryRules,
    (first_sent, now): (FirstSent, i64),
) -> Result<Restored, LedgerError> {
    let ledger = &real(ledger);
    check_folder(ledger)?;
    let mut lock = Lock::take(ledger)?;
    note.map_or(Ok(()), |note| lock.sign(note))?;
    keep_leftovers(ledger, now)?;
    create_private(ledger)?;
    lock.hold(ledger)?;
    let mut conn = connect(ledger)?;
    if migrate::check_version(&conn, ledger)? > 0 {
        check_mode(&conn, ledger, mode)?;
    }
    migrate::migrate(&mut conn, ledger)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM bill)";
    let has_packets = conn.query_row(sql, [], |row| row.get(0));
    let has_packets: bool = has_packets.map_err(LedgerError::sqlite(ledger, "adopting"))?;
    if has_packets && matches!(first_sent, FirstSent::Typed(_)) {
        return Err(LedgerError::NotForAPerson(words::not_empty(
            ledger.display(),
        )));
    }
    let epoch = begin(&conn, mode, now).map_err(LedgerError::sqlite(ledger, "adopting"))?;
    check_sound(ledger, ledger)?;
    let home = Home::settle(ledger, &lock)?;
    let epoch = lock.epoch()?.max(epoch).max(0) + 1;
    let taken = take_behind(&conn, rules, (epoch, home), (Some(first_sent), now))
        .map_err(LedgerError::sqlite(ledger, "marking what is open"))?;
    lock.note(epoch)?;
    Ok(Restored {
        to_ask: taken.to_ask,
        known_until: taken.known_until,
        is_empty: taken.is_empty,
        replaced: None,
    })
}

/// The epoch of the process that took it last; an empty one gets its own row.
fn begin(conn: &Connection, mode: Mode, now: i64) -> rusqlite::Result<i64> {
    if let Some(row) = LedgerRow::read(conn)? {
        return Ok(row.epoch);
    }
    LedgerRow::new(mode.name(), now).write(conn)?;
    Ok(0)
}
