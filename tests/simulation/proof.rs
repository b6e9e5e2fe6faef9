//! What the rows of attempts and of the journal must bear out, whatever the states say.

use std::borrow::Cow;

use hongbao::domain::caps::Caps;
use hongbao::simulator::Books;
use rusqlite::Connection;

use super::plan::Plan;

/// The journal leads to each state.
const UNEXPLAINED: &str = "SELECT mch_billno FROM bill
    WHERE state <> coalesce((SELECT state_to FROM journal
      WHERE journal.bill = bill.bill ORDER BY seq DESC LIMIT 1), 'ready')";

/// A counter is the count of its packets, each by its newest number.
const MISCOUNTED: &str = "WITH packet AS MATERIALIZED (SELECT state, amount_fen FROM bill
      WHERE (row_key, generation) NOT IN
        (SELECT row_key, generation - 1 FROM bill WHERE generation > 1))
    SELECT state FROM tally
    WHERE count <> (SELECT count(*) FROM packet WHERE packet.state = tally.state)
       OR fen <> (SELECT coalesce(sum(amount_fen), 0) FROM packet
         WHERE packet.state = tally.state)";

/// Eight sends may end in doubt, until the number is free again.
const UNBOUNDED: &str = "SELECT bill FROM attempt WHERE action = 'send' AND answer = 'in_doubt'
      AND attempt > coalesce((SELECT max(attempt) FROM journal
        WHERE journal.bill = attempt.bill AND event = 'freed'), 0)
    GROUP BY bill HAVING count(*) > 8";

/// A refusal was proven: by FAILED, by a person, by a refusal that leaves no order on a number
/// never in doubt, or freed since, or by three NOT_FOUND after one that may have left an order.
const UNPROVEN: &str = "SELECT mch_billno FROM bill WHERE state = 'refused'
    AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill AND answer = 'failed')
    AND NOT EXISTS (SELECT 1 FROM journal
      WHERE journal.bill = bill.bill AND event = 'ruled_unpaid')
    AND (EXISTS (SELECT 1 FROM attempt WHERE attempt.bill = bill.bill AND action = 'send'
        AND answer IN ('in_doubt', 'processing', 'accepted')
        AND attempt > coalesce((SELECT max(attempt) FROM journal
          WHERE journal.bill = bill.bill AND event = 'freed'), 0))
      OR (EXISTS (SELECT 1 FROM attempt
          WHERE attempt.bill = bill.bill AND answer = 'refused_to_confirm')
        AND 3 > (SELECT count(*) FROM attempt
          WHERE attempt.bill = bill.bill AND answer = 'not_found')))";

/// A second chance is the last.
const SENT_ONCE_MORE: &str = "SELECT bill FROM journal WHERE event = 'freed'
      AND note LIKE 'sent once more%' GROUP BY bill HAVING count(*) > 1";

/// What follows PROCESSING is a question, but for what is known to be paid: that is sent for its
/// package.
const HURRIED: &str = "SELECT taken.bill FROM attempt AS taken
    WHERE taken.answer = 'processing'
      AND (SELECT action FROM attempt AS next
        WHERE next.bill = taken.bill AND next.attempt > taken.attempt
        ORDER BY next.attempt LIMIT 1) = 'send'
      AND NOT EXISTS (SELECT 1 FROM attempt AS before
        WHERE before.bill = taken.bill AND before.attempt < taken.attempt
          AND before.answer IN ('accepted', 'sent', 'received', 'refunding', 'refunded'))";

/// FAILED refuses a number for good only where the number after it was found unknown, or became the
/// packet's.
const WALKED_HALF: &str = "SELECT mch_billno FROM bill WHERE state = 'refused'
    AND EXISTS (SELECT 1 FROM journal JOIN attempt USING (attempt)
      WHERE journal.bill = bill.bill AND answer = 'failed'
        AND state_from IN ('in_doubt', 'processing', 'review'))
    AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.bill = bill.bill
      AND event IN ('next_unknown', 'next_known', 'ruled_unpaid'))";

/// What a query called FAILED is never sent again, but for the package of what is paid after all.
const AFTER_FAILED: &str = "SELECT mch_billno FROM bill JOIN attempt AS word USING (bill)
    WHERE word.answer = 'failed' AND EXISTS (SELECT 1 FROM attempt AS sent
      JOIN journal ON journal.attempt = sent.attempt AND journal.bill = sent.bill
        AND event IN ('dispatched', 'resent') AND state_from <> 'sent'
      WHERE sent.bill = word.bill AND sent.attempt > word.attempt)";

/// What an earlier start of the process left in doubt is asked about before this one sends it.
const UNASKED: &str = "WITH sent AS MATERIALIZED (
      SELECT journal.bill AS bill, journal.seq AS seq, journal.epoch AS epoch,
        attempt.attempt AS attempt, state_from
      FROM journal JOIN attempt USING (attempt)
      WHERE event IN ('dispatched', 'resent') AND answer IS NOT 'not_sent')
    SELECT mch_billno FROM sent JOIN bill USING (bill) WHERE state_from = 'in_doubt'
      AND EXISTS (SELECT 1 FROM sent AS before
        WHERE before.bill = sent.bill AND before.epoch < sent.epoch)
      AND NOT EXISTS (SELECT 1 FROM sent AS before
        WHERE before.bill = sent.bill AND before.epoch = sent.epoch AND before.seq < sent.seq)
      AND NOT EXISTS (SELECT 1 FROM attempt AS asked JOIN journal
          ON journal.attempt = asked.attempt AND journal.epoch = sent.epoch
        WHERE asked.bill = sent.bill AND asked.answer = 'not_found'
          AND asked.attempt < sent.attempt)";

/// A number is free again only by NOT_FOUND, asked a day after the last send that nobody answered,
/// or by a person who asked as well.
const FREED_EARLY: &str = "SELECT mch_billno FROM bill JOIN journal AS freed USING (bill)
      LEFT JOIN attempt AS word ON word.attempt = freed.attempt
    WHERE freed.event = 'freed' AND freed.attempt IS NOT NULL
      AND (word.answer IS NOT 'not_found' OR EXISTS (SELECT 1 FROM attempt AS doubted
        WHERE doubted.bill = bill.bill AND doubted.action = 'send'
          AND doubted.answer IN ('in_doubt', 'processing') AND doubted.attempt < word.attempt
          AND doubted.committed_at + 86400000 > word.committed_at))";

/// A day after its first doubt a number is not sent any more, unless it was freed since.
const LATE: &str = "SELECT late.bill FROM attempt AS late JOIN attempt AS doubted USING (bill)
    WHERE late.action = 'send' AND doubted.action = 'send' AND doubted.attempt < late.attempt
      AND doubted.answer IN ('in_doubt', 'processing')
      AND doubted.committed_at + 86400000 <= late.committed_at
      AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.bill = late.bill AND event = 'freed'
        AND journal.attempt > doubted.attempt AND journal.attempt < late.attempt)";

/// Who was first sent what, and on which Beijing day, but for what was refused; of what was put off
/// or freed, since then. The first request is the first in order: the clock of a later one may have
/// gone back behind it. `seq` is its place in the journal. What was called unpaid and is seen paid
/// later does not count from `gone` until `back`: meanwhile others may be sent in its place.
const FIRST: &str = "WITH request AS (SELECT bill, openid, amount_fen AS fen,
      (committed_at + 28800000) / 86400000 AS day, min(attempt) AS attempt
    FROM attempt JOIN bill USING (bill)
    WHERE action = 'send' AND answer IS NOT 'not_sent' AND state <> 'refused'
      AND attempt > coalesce((SELECT max(attempt) FROM journal WHERE journal.bill = bill.bill
        AND seq <= (SELECT max(seq) FROM journal AS back WHERE back.bill = bill.bill
          AND state_to = 'ready' AND state_from <> 'ready')), 0) GROUP BY bill),
    refusal AS (SELECT bill,
      max(seq) FILTER (WHERE state_to = 'refused' AND state_from <> 'refused') AS gone,
      max(seq) FILTER (WHERE state_from = 'refused' AND state_to NOT IN ('refused', 'ready'))
        AS back FROM journal GROUP BY bill HAVING back IS NOT NULL),
    first AS MATERIALIZED (SELECT request.*, gone, back,
      (SELECT min(seq) FROM journal WHERE journal.attempt = request.attempt) AS seq
    FROM request LEFT JOIN refusal USING (bill)),
    beside AS (SELECT one.bill AS one, one.openid AS whose, one.day AS at, other.*
    FROM first AS one JOIN first AS other ON other.seq <= one.seq
      AND (other.back IS NULL OR one.seq < other.gone OR one.seq >= other.back))";

/// The caps of a day, as they are told, and the first sends that exceed them together with those
/// that counted when they left.
fn capped(caps: &Caps) -> [(&'static str, String); 3] {
    let (packets, fen, all) = (
        caps.openid_packets,
        caps.openid_fen.fen(),
        caps.merchant_fen.fen(),
    );
    let once = caps.once_per_days;
    [
        (
            "more to one person on a day than the caps allow: bill",
            format!(
                "{FIRST} SELECT one FROM beside WHERE day = at AND openid = whose GROUP BY one
                 HAVING count(*) > {packets} OR sum(fen) > {fen}"
            ),
        ),
        (
            "more on a day than the caps allow: bill",
            format!(
                "{FIRST} SELECT one FROM beside WHERE day = at GROUP BY one HAVING sum(fen) > {all}"
            ),
        ),
        (
            "sent too soon after another to the same person: bill",
            format!(
                "{FIRST} SELECT one FROM beside
                 WHERE openid = whose AND bill <> one AND abs(day - at) < {once}"
            ),
        ),
    ]
}

pub(super) fn holds(
    conn: &Connection,
    plan: &Plan,
    books: &Books,
    forgotten: usize,
) -> Result<(), String> {
    let mut rules = vec![
        ("the journal does not lead to the state of", UNEXPLAINED),
        ("a counter is not that of its bills:", MISCOUNTED),
        ("more than eight sends ended in doubt of bill", UNBOUNDED),
        ("refused without a proof:", UNPROVEN),
        ("refused, and the next number not asked about:", WALKED_HALF),
        ("sent again after FAILED:", AFTER_FAILED),
        ("sent by an earlier start, and not asked about:", UNASKED),
        ("sent again after PROCESSING: bill", HURRIED),
        ("sent once more, twice: bill", SENT_ONCE_MORE),
    ];
    if plan.is_in_time() {
        rules.push(("sent again a day after its doubt: bill", LATE));
        rules.push(("free too early:", FREED_EARLY));
    }
    let mut rules: Vec<(&str, Cow<'_, str>)> = rules
        .into_iter()
        .map(|(says, sql)| (says, sql.into()))
        .collect();
    // What a lost ledger sent, the next one resends, whatever day it is.
    if let Some(caps) = plan.caps.filter(|_| !plan.loses_ledger()) {
        rules.extend(capped(&caps).map(|(says, sql)| (says, sql.into())));
    }
    for (says, sql) in rules {
        let mut statement = conn.prepare_cached(&sql).map_err(told)?;
        let mut found = statement.query([]).map_err(told)?;
        if let Some(row) = found.next().map_err(told)? {
            let which = row.get_ref(0).map_err(told)?;
            let bill = || which.as_i64().unwrap_or_default().to_string();
            let which = which.as_str().map_or_else(|_| bill(), str::to_owned);
            return Err(format!("{says} {which}"));
        }
    }
    let attempts: usize = conn
        .query_row("SELECT count(*) FROM attempt", [], |row| row.get(0))
        .map_err(told)?;
    let requests = books.arrivals_ms.len() - forgotten;
    if requests > attempts {
        return Err(format!("{requests} requests, {attempts} attempts"));
    }
    packages(conn, books)
}

/// What is kept to open a packet is what the gateway gave for it.
fn packages(conn: &Connection, books: &Books) -> Result<(), String> {
    let sql = "SELECT mch_billno, package, has_package FROM bill LEFT JOIN receipt USING (bill)
         WHERE package IS NOT NULL OR has_package";
    let mut statement = conn.prepare_cached(sql).map_err(told)?;
    let mut rows = statement.query([]).map_err(told)?;
    while let Some(row) = rows.next().map_err(told)? {
        let number: String = row.get(0).map_err(told)?;
        let (package, is_kept): (Option<String>, bool) =
            (row.get(1).map_err(told)?, row.get(2).map_err(told)?);
        let given = books
            .orders
            .get(&number)
            .map(|booked| &booked.order.package);
        if package.as_ref() != given || !is_kept {
            let (kept, given) = (package.is_some(), given.is_some());
            return Err(format!(
                "what opens {number} is not kept: {kept}, given: {given}"
            ));
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(fault: rusqlite::Error) -> String {
    fault.to_string()
}
