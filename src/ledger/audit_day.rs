//! The part of an audit that looks at the daily sums: they are what the bills' first sends add up
//! to. Both sides are read in one order, so that memory does not grow with them.

use rusqlite::{Connection, Row, Rows};

/// The openid that nobody has: an openid is never empty.
pub(super) const MERCHANT: &str = "";

/// A row of `day`: day, openid, packets, fen.
type DayRow = (i64, String, i64, i64);

/// The first daily sum that is not what the bills add up to.
pub(super) fn audit_days(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let of_people = "SELECT (first_sent_at + 28800000) / 86400000 AS day, openid, count(*),
           sum(amount_fen)
         FROM bill WHERE first_sent_at IS NOT NULL GROUP BY day, openid ORDER BY day, openid";
    let of_merchant = "SELECT (first_sent_at + 28800000) / 86400000 AS day, '', count(*),
           sum(amount_fen)
         FROM bill WHERE first_sent_at IS NOT NULL GROUP BY day ORDER BY day";
    let kept = |filter: &str| {
        format!("SELECT day, openid, packets, fen FROM day WHERE openid {filter} ORDER BY 1, 2")
    };
    let people = differing(conn, of_people, &kept("<> ''"))?;
    let merchant = differing(conn, of_merchant, &kept("= ''"))?;
    Ok(people.or(merchant).map(|(day, openid)| {
        let whose = if openid == MERCHANT {
            "the merchant".to_owned()
        } else {
            openid
        };
        format!("what {whose} was sent on day {day} is not what the packets add up to")
    }))
}

/// The first day and openid of which both do not say the same.
fn differing(
    conn: &Connection,
    wanted: &str,
    kept: &str,
) -> rusqlite::Result<Option<(i64, String)>> {
    let (mut wanted, mut kept) = (conn.prepare(wanted)?, conn.prepare(kept)?);
    let (mut wanted, mut kept) = (wanted.query([])?, kept.query([])?);
    loop {
        let (one, other) = (next(&mut wanted)?, next(&mut kept)?);
        if one != other {
            let first = [one, other].into_iter().flatten().min();
            return Ok(first.map(|(day, openid, ..)| (day, openid)));
        }
        if one.is_none() {
            return Ok(None);
        }
    }
}

fn next(rows: &mut Rows<'_>) -> rusqlite::Result<Option<DayRow>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    rows.next()?.map(read).transpose()
}
