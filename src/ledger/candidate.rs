//! A bill about which a request may be made, with all that the request needs.

use rusqlite::{Connection, Row};

use super::advance::Key;
use super::columns::openid as read_openid;
use super::columns::{BILL, BILL_WIDTH, bill as read_bill, fen, mch_billno};
use crate::domain::bill::Bill;
use crate::domain::ids::{MchBillno, Openid};
use crate::domain::packet::RowTexts;

/// A bill with what a request about it needs.
pub(super) struct Candidate {
    pub(super) key: Key,
    pub(super) bill: Bill,
    pub(super) mch_billno: MchBillno,
    pub(super) openid: Openid,
    pub(super) texts: RowTexts,
}

const CANDIDATE: &str = "campaign, bill, mch_billno, openid, amount_fen, act_name, send_name, \
     wishing, remark, scene_id FROM bill";

/// The first candidates that `filter` picks, `limit` at most.
pub(super) fn candidates(
    tx: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
    limit: usize,
) -> rusqlite::Result<Vec<Candidate>> {
    // No LIMIT in SQL: SQLite plans a statement anew whenever a bound limit changes.
    let sql = format!("SELECT {BILL}, {CANDIDATE} WHERE {filter}");
    tx.prepare_cached(&sql)?
        .query_map(params, candidate)?
        .take(limit)
        .collect()
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let at = |index: usize| BILL_WIDTH + index;
    let amount = fen(row, at(4))?;
    Ok(Candidate {
        key: Key {
            campaign: row.get(at(0))?,
            bill: row.get(at(1))?,
            amount,
        },
        bill: read_bill(row)?,
        mch_billno: mch_billno(row, at(2))?,
        openid: read_openid(row, at(3))?,
        texts: RowTexts {
            act_name: row.get(at(5))?,
            send_name: row.get(at(6))?,
            wishing: row.get(at(7))?,
            remark: row.get(at(8))?,
            scene_id: row.get(at(9))?,
        },
    })
}
