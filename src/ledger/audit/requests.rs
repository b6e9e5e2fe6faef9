//! The part of an audit that looks at requests: each begins and ends as the journal tells, and says
//! what its bill says. A bill that was another one while it was sent, and was put back, is found
//! here: the mark of the request is that of the other one.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension};

use crate::domain::hex::unhex;
use crate::ledger::bill::frozen_anew::frozen_then;
use crate::ledger::journal::chain::{REFROZEN, RequestMark};
use crate::ledger::journal::seal::{Hash, Mark, RequestSeal, campaign_terms, packet_said};
use crate::words::{Words, audit as words};

/// The chain's requests so far.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// Those that have begun and not ended.
    open: HashSet<i64>,
    begun: u64,
    /// Whether a migration has told that requests are marked with what they say from there on.
    is_bound: bool,
    /// Whether any before it was not.
    has_older: bool,
    /// The frozen terms of each campaign today.
    terms: HashMap<i64, Hash>,
    /// Where texts were fixed anew, in which campaign, and what was fixed before; read once some
    /// request did not say what is fixed today.
    refrozen: Option<Vec<(i64, i64, Hash)>>,
}

impl Requests {
    /// Whether the journal's row `seq`, the first or the second about a request, tells its begin or
    /// its end as it stands, by `is_it` of the mark; `None` where the request is gone.
    pub(super) fn is_told(
        &mut self,
        conn: &Connection,
        (seq, attempt): (i64, i64),
        is_it: impl Fn(&Mark) -> bool,
    ) -> rusqlite::Result<Option<bool>> {
        let Some(request) = ToldRequest::find(conn, attempt)? else {
            return Ok(None);
        };
        if self.open.remove(&attempt) {
            return Ok(Some(request.ended.is_some_and(|told| is_it(&told.mark))));
        }
        self.open.insert(attempt);
        self.begun += 1;
        let Some(bill) = request.bill else {
            return Ok(Some(is_it(&request.begun(None))));
        };
        let Some((campaign, packet)) = packet_said(conn, bill)? else {
            return Ok(Some(false));
        };
        // As they stand, and as they stood where one was frozen anew since.
        let packets = [Some(packet), frozen_then(conn, bill, seq)?];
        let terms = [
            Some(self.terms_today(conn, campaign)?),
            self.terms_then(conn, campaign, seq)?,
        ];
        for packet in packets.into_iter().flatten() {
            let says = |terms| is_it(&request.begun(Some(&RequestSeal { packet, terms })));
            if terms.into_iter().flatten().any(says) {
                return Ok(Some(true));
            }
        }
        let is_older = !self.is_bound && is_it(&request.begun(None));
        self.has_older |= is_older;
        Ok(Some(is_older))
    }

    /// From here on every request is marked with what it says.
    pub(super) fn bind(&mut self) {
        self.is_bound = true;
    }

    fn terms_today(&mut self, conn: &Connection, campaign: i64) -> rusqlite::Result<Hash> {
        if let Some(terms) = self.terms.get(&campaign) {
            return Ok(*terms);
        }
        // A bill of no campaign is found elsewhere.
        let found = campaign_terms(conn, campaign).optional()?;
        let terms = found.unwrap_or_default();
        self.terms.insert(campaign, terms);
        Ok(terms)
    }

    /// The campaign's frozen terms at a row of the journal, if its texts were frozen anew since.
    fn terms_then(
        &mut self,
        conn: &Connection,
        campaign: i64,
        seq: i64,
    ) -> rusqlite::Result<Option<Hash>> {
        if self.refrozen.is_none() {
            self.refrozen = Some(refrozen(conn)?);
        }
        let mut refrozen = self.refrozen.iter().flatten();
        let next = refrozen.find(|(at, of, _)| *of == campaign && *at > seq);
        Ok(next.map(|(_, _, before)| *before))
    }

    /// Whether every request stands in the journal, and every one that the journal ended has an
    /// answer; how many there are.
    pub(super) fn check(&self, conn: &Connection) -> rusqlite::Result<(u64, Option<Words>)> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM attempt";
        let (all, open): (u64, u64) =
            conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let finding = if all != self.begun {
            Some(words::requests(all, self.begun))
        } else if open != self.open.len() as u64 {
            Some(words::open_requests(open, self.open.len()))
        } else if self.has_older && !self.is_bound {
            Some(words::unbound())
        } else {
            None
        };
        Ok((all, finding))
    }
}

/// Of a campaign whose texts were fixed anew, where, and what was fixed before. Older versions kept
/// nothing of that, and marked no request with it.
fn refrozen(conn: &Connection) -> rusqlite::Result<Vec<(i64, i64, Hash)>> {
    let sql = "SELECT seq, campaign, note FROM journal
         WHERE event = ?1 AND bill IS NULL AND note IS NOT NULL ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([REFROZEN])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let note: String = row.get(2)?;
        if let Some(before) = unhex(&note) {
            found.push((row.get(0)?, row.get(1)?, before));
        }
    }
    Ok(found)
}

/// A request as it stands.
struct ToldRequest {
    attempt: i64,
    bill: Option<i64>,
    action: String,
    at: i64,
    ended: Option<RequestMark>,
}

impl ToldRequest {
    fn find(conn: &Connection, attempt: i64) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT bill, action, committed_at, ended_at, answer, err_code, err_code_des
             FROM attempt WHERE attempt = ?1";
        conn.prepare_cached(sql)?
            .query_row([attempt], |row| {
                let ended_at: Option<i64> = row.get(3)?;
                let words = [4, 5, 6].map(|index| row.get_ref(index));
                let [answer, code, said] = words;
                let words = [answer?, code?, said?];
                let [answer, code, said] = words.map(|word| word.as_str_or_null());
                let words = [answer?, code?, said?];
                Ok(ToldRequest {
                    attempt,
                    bill: row.get(0)?,
                    action: row.get(1)?,
                    at: row.get(2)?,
                    ended: ended_at.map(|at| RequestMark::ended(attempt, at, words)),
                })
            })
            .optional()
    }

    /// The mark of its begin.
    fn begun(&self, said: Option<&RequestSeal>) -> Mark {
        RequestMark::begun(self.attempt, (self.bill, said), &self.action, self.at).mark
    }
}
