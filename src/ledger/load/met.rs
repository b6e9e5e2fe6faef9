//! The people of a list whom other campaigns of the ledger sent a packet lately, or owe one.
//!
//! No index finds an openid: every load would have to keep it. Instead the rows of campaigns that
//! sent lately, or are to send, are read once and hashes of 64 bits are compared: a part of what
//! the load itself costs, and nothing where there is no such campaign. Two people of one hash
//! would be taken for one, which happens once in some ten million lists of a million.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, Row};

use super::loading::Loading;
use super::stamp::FileFacts;
use super::twin::twins;
use crate::domain::caps::{counts_from, first_day};
use crate::domain::met::{LOOK_BACK_DAYS, Met, MetPeople};
use crate::ledger::bill::candidate::frozen_checked;
use crate::ledger::bill::picks::{OWED_AGAIN, UNSETTLED};
use crate::ledger::bill::unasked::each_unasked;
use crate::ledger::fault::LedgerError;
use crate::ledger::journal::intact::check_days_since;
use crate::ledger::journal::seal::FROZEN;
use crate::ledger::open::reader::Reader;
use crate::ledger::refusal::LoadRefusal;

/// About as many hashes are sorted at a time, 16 MB: memory does not grow with lists beyond.
const TOGETHER: u64 = 1 << 21;

/// A list, in a ledger or in a scratch one.
pub(in crate::ledger) struct List<'a> {
    pub(in crate::ledger) conn: &'a Connection,
    /// Reads its openids, by one number.
    pub(in crate::ledger) sql: &'a str,
    pub(in crate::ledger) by: i64,
    /// About how many.
    pub(in crate::ledger) rows: u64,
    /// The id of its campaign.
    pub(in crate::ledger) campaign: &'a str,
    /// Its files, by their bytes and by their people.
    pub(in crate::ledger) files: &'a [([u8; 32], [u8; 32])],
    /// What others sent before this moment does not count.
    pub(in crate::ledger) after: i64,
}

impl Loading<'_> {
    /// The people of its new rows in other campaigns of this ledger.
    pub(super) fn meet(&self, facts: &FileFacts) -> rusqlite::Result<MetPeople> {
        self.meet_in(&self.tx, facts.sha256)
    }

    /// The same in another ledger than the one that is loaded into.
    ///
    /// # Errors
    /// Where a ledger cannot be read.
    pub fn met_in(&self, ledger: &Reader, sha256: [u8; 32]) -> Result<MetPeople, LedgerError> {
        let found = self.meet_in(&ledger.conn, sha256);
        found.map_err(LedgerError::sqlite(&self.path, "looking back"))
    }

    /// Refuses to pay people again where real money is at stake and nobody said so.
    ///
    /// # Errors
    /// Where other campaigns have to be named, and are not.
    pub fn check_met(&self, met: &MetPeople) -> Result<(), LoadRefusal> {
        let unnamed = met.unnamed(&self.rules.pay_again);
        if self.rules.is_live && !unnamed.by.is_empty() {
            return Err(LoadRefusal::PaidAgain(unnamed));
        }
        Ok(())
    }

    /// The people of the file in other campaigns of this ledger; known after [`Loading::finish`].
    #[must_use]
    pub fn met(&self) -> &MetPeople {
        &self.met
    }

    fn meet_in(&self, ledger: &Connection, sha256: [u8; 32]) -> rusqlite::Result<MetPeople> {
        let list = List {
            conn: &self.tx,
            sql: "SELECT openid FROM bill WHERE bill >= ?1 UNION ALL
                 SELECT openid FROM temp.came_again JOIN bill USING (bill)",
            by: self.first_bill,
            rows: u64::try_from(self.new.0).unwrap_or(0),
            campaign: self.terms.id.as_str(),
            files: &[(sha256, self.people())],
            after: 0,
        };
        met_people(&list, ledger, self.now)
    }
}

/// Looks for the people of a list in a ledger, as it is at `now`.
pub(in crate::ledger) fn met_people(
    list: &List<'_>,
    ledger: &Connection,
    now: i64,
) -> rusqlite::Result<MetPeople> {
    met_in_parts(list, ledger, now, TOGETHER)
}

/// About so many people at a time.
fn met_in_parts(
    list: &List<'_>,
    ledger: &Connection,
    now: i64,
    together: u64,
) -> rusqlite::Result<MetPeople> {
    let since = first_day(now, LOOK_BACK_DAYS);
    let mut unasked: HashMap<i64, u64> = HashMap::new();
    each_unasked(ledger, now, |it| {
        *unasked.entry(it.campaign).or_default() += 1;
    })?;
    let mut others = OtherCampaign::all(list, ledger, since, &unasked)?;
    let rows: u64 = others.iter().map(|other| other.rows).sum();
    let mut found = MetPeople::default();
    if rows > 0 {
        check_days_since(ledger, since)?;
        let parts = 1 + list.rows.max(rows) / together;
        for part in 0..parts {
            let is_in = |hash: &u64| hash % parts == part;
            let people = people_of(list, is_in)?;
            found.people += people.len() as u64;
            let after = counts_from(since).max(list.after);
            read(&mut others, ledger, after, is_in)?;
            read_unasked(&mut others, ledger, now, is_in)?;
            for other in &mut others {
                other.count(&people);
            }
        }
    }
    let met = others.into_iter().map(|other| other.met);
    let has_met = |met: &Met| met.same.is_some() || met.sent + met.owed > 0;
    found.by = met.filter(has_met).collect();
    Ok(found)
}

/// A campaign that sent lately or is to send, or one with the same list.
struct OtherCampaign {
    campaign: i64,
    met: Met,
    /// About how many of its packets count.
    rows: u64,
    sent: Vec<u64>,
    /// Those of them about whom nobody asked since the ledger may be behind.
    unasked: Vec<u64>,
    owed: Vec<u64>,
}

impl OtherCampaign {
    fn all(
        list: &List<'_>,
        ledger: &Connection,
        since: i64,
        unasked: &HashMap<i64, u64>,
    ) -> rusqlite::Result<Vec<OtherCampaign>> {
        let twins = twins(ledger, list.campaign, list.files)?;
        let sql = format!(
            "SELECT campaign, id,
               (SELECT coalesce(sum(packets), 0) FROM day
                 WHERE day >= ?1 AND day.campaign = campaign.campaign)
               + (SELECT coalesce(sum(count), 0) FROM tally
                 WHERE tally.campaign = campaign.campaign AND {UNSETTLED})
               + (SELECT count(*) FROM bill
                 WHERE {OWED_AGAIN} AND bill.campaign = campaign.campaign)
             FROM campaign WHERE id <> ?2 ORDER BY campaign"
        );
        let read = |row: &Row<'_>| {
            let id: String = row.get(1)?;
            let twin = twins.iter().find(|(twin, _)| *twin == id);
            let campaign = row.get(0)?;
            let rows: u64 = row.get(2)?;
            Ok(OtherCampaign {
                campaign,
                rows: rows + unasked.get(&campaign).copied().unwrap_or(0),
                met: Met {
                    same: twin.map(|(_, same)| *same),
                    campaign: id,
                    sent: 0,
                    unasked: 0,
                    owed: 0,
                    of: 0,
                },
                sent: Vec::new(),
                unasked: Vec::new(),
                owed: Vec::new(),
            })
        };
        let mut statement = ledger.prepare(&sql)?;
        let all = statement.query_map((since, list.campaign), read)?;
        let mut all = all.collect::<rusqlite::Result<Vec<OtherCampaign>>>()?;
        all.retain(|other| other.rows > 0 || other.met.same.is_some());
        Ok(all)
    }

    /// Counts its people, and those of the list among them, which are in order.
    fn count(&mut self, people: &[u64]) {
        let mut sent = std::mem::take(&mut self.sent);
        let mut owed = std::mem::take(&mut self.owed);
        let mut unasked = std::mem::take(&mut self.unasked);
        in_order(&mut unasked);
        in_order(&mut sent);
        in_order(&mut owed);
        owed.retain(|hash| sent.binary_search(hash).is_err());
        let is_listed = |hash: &&u64| people.binary_search(hash).is_ok();
        self.met.of += sent.len() as u64;
        self.met.sent += sent.iter().filter(is_listed).count() as u64;
        self.met.unasked += unasked.iter().filter(is_listed).count() as u64;
        self.met.owed += owed.iter().filter(is_listed).count() as u64;
    }
}

fn in_order(hashes: &mut Vec<u64>) {
    hashes.sort_unstable();
    hashes.dedup();
}

fn hash(openid: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    openid.hash(&mut hasher);
    hasher.finish()
}

/// The people of the list, each once and in order.
fn people_of(list: &List<'_>, is_in: impl Fn(&u64) -> bool) -> rusqlite::Result<Vec<u64>> {
    let mut statement = list.conn.prepare(list.sql)?;
    let mut rows = statement.query([list.by])?;
    let mut hashes = Vec::new();
    while let Some(row) = rows.next()? {
        let hash = hash(row.get_ref(0)?.as_str()?);
        if is_in(&hash) {
            hashes.push(hash);
        }
    }
    in_order(&mut hashes);
    Ok(hashes)
}

/// Reads whom the campaigns sent a packet since then, and who waits for one.
fn read(
    others: &mut [OtherCampaign],
    ledger: &Connection,
    since: i64,
    is_in: impl Fn(&u64) -> bool,
) -> rusqlite::Result<()> {
    let looked_at = others.iter().filter(|other| other.rows > 0);
    let looked_at: Vec<String> = looked_at.map(|other| other.campaign.to_string()).collect();
    let campaigns = looked_at.join(", ");
    // Rows of a campaign stand behind the first of its first file, those of later numbers too.
    let rows = format!(
        "SELECT campaign, openid, coalesce(first_sent_at >= ?1 AND state <> 'refused', 0), seal,
           {FROZEN} FROM bill
         WHERE bill >= (SELECT min(first_bill) FROM file WHERE campaign IN ({campaigns}))
           AND campaign IN ({campaigns})
           AND ((first_sent_at >= ?1 AND state <> 'refused') OR {UNSETTLED} OR {OWED_AGAIN})"
    );
    // Where WeChat Pay says that it paid somebody else.
    let paid = format!(
        "SELECT campaign, to_openid, 1, seal, {FROZEN} FROM paid JOIN bill USING (bill)
         WHERE to_openid IS NOT NULL AND campaign IN ({campaigns}) AND first_sent_at >= ?1"
    );
    for sql in [rows, paid] {
        let mut statement = ledger.prepare(&sql)?;
        let mut rows = statement.query([since])?;
        while let Some(row) = rows.next()? {
            frozen_checked(row, 3)?;
            let (campaign, is_sent): (i64, bool) = (row.get(0)?, row.get(2)?);
            let hash = hash(row.get_ref(1)?.as_str()?);
            let other = others.iter_mut().find(|other| other.campaign == campaign);
            if let Some(other) = other.filter(|_| is_in(&hash)) {
                if is_sent {
                    other.sent.push(hash);
                } else {
                    other.owed.push(hash);
                }
            }
        }
    }
    Ok(())
}

/// Reads who may have been sent one, since the ledger may be behind and nobody asked.
fn read_unasked(
    others: &mut [OtherCampaign],
    ledger: &Connection,
    now: i64,
    is_in: impl Fn(&u64) -> bool,
) -> rusqlite::Result<()> {
    each_unasked(ledger, now, |it| {
        let hash = hash(&it.openid);
        let mut others = others.iter_mut();
        let other = others.find(|other| other.campaign == it.campaign);
        if let Some(other) = other.filter(|_| is_in(&hash)) {
            other.sent.push(hash);
            other.unasked.push(hash);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::met::Same;
    use crate::ledger::journal::seal::{packet_said, short};
    use crate::ledger::open::schema::in_memory;

    const DAY: i64 = 86_400_000;
    const NOW: i64 = 20_000 * DAY;

    /// Campaigns 1 to 3, of which the third has the list; person n is `p{n}`.
    fn ledger() -> Connection {
        let conn = in_memory().unwrap();
        for (campaign, first) in [(1, 1), (2, 101), (3, 201)] {
            conn.execute(
                "INSERT INTO campaign (campaign, id, mch_id, wxappid, act_name, send_name, wishing,
                   remark, has_row_key, created_at) VALUES (?1, 'c' || ?1, '', '', '', '', '', '',
                   0, 0)",
                [campaign],
            )
            .unwrap();
            conn.execute(
                "INSERT INTO file (campaign, sha256, people, rows, fen, loaded_at, extra,
                   first_bill, last_bill, untried_from, seal) VALUES (?1, zeroblob(32),
                   randomblob(32), 0, 0, 0, '[]', ?2, ?2, ?2, zeroblob(32))",
                [campaign, first],
            )
            .unwrap();
        }
        conn
    }

    fn bill(conn: &Connection, (bill, campaign): (i64, i64), person: i64, sent: Option<i64>) {
        let (state, sends) = if sent.is_some() {
            ("sent", 1)
        } else {
            ("ready", 0)
        };
        conn.execute(
            "INSERT INTO bill (bill, campaign, file, line, row_key, openid, amount_fen, mch_billno,
               seal, state, first_sent_at, sends, next_action, due)
             VALUES (?1, ?2, 1, ?1, '', 'p' || ?3, 100, printf('%028d', ?1), 0, ?4, ?5, ?6,
               iif(?5 IS NULL, 'send', NULL), iif(?5 IS NULL, 0, NULL))",
            (bill, campaign, person, state, sent, sends),
        )
        .unwrap();
        let (_, said) = packet_said(conn, bill).unwrap().unwrap();
        let seal = "UPDATE bill SET seal = ?2 WHERE bill = ?1";
        conn.execute(seal, (bill, short(&said))).unwrap();
        if let Some(at) = sent {
            conn.execute(
                "INSERT INTO day VALUES (?1, ?2, 1, 100)
                 ON CONFLICT DO UPDATE SET packets = packets + 1",
                (crate::domain::caps::day_of(at), campaign),
            )
            .unwrap();
        }
    }

    fn met(conn: &Connection, together: u64) -> MetPeople {
        let list = List {
            conn,
            sql: "SELECT openid FROM bill WHERE campaign = ?1",
            by: 3,
            rows: 20,
            campaign: "c3",
            files: &[([1; 32], [1; 32])],
            after: 0,
        };
        met_in_parts(&list, conn, NOW, together).unwrap()
    }

    fn by(id: &str, sent: u64, owed: u64, of: u64) -> Met {
        Met {
            campaign: id.to_owned(),
            same: None,
            sent,
            unasked: 0,
            owed,
            of,
        }
    }

    #[test]
    fn everybody_is_counted_once_in_any_number_of_parts() {
        let conn = ledger();
        // Persons 0 to 9, three of them with a packet more.
        for n in 0..13 {
            bill(&conn, (201 + n, 3), n % 10, None);
        }
        for n in 0..40 {
            // Of twenty people; each has two.
            bill(&conn, (1 + n, 1), 5 + n % 20, Some(NOW - 29 * DAY));
        }
        // A later number of somebody, who waits, far behind the file; and one of long ago.
        bill(&conn, (999, 1), 0, Some(NOW));
        bill(&conn, (101, 2), 0, Some(NOW - 31 * DAY));
        bill(&conn, (102, 2), 1, Some(NOW));
        conn.execute(
            "INSERT INTO tally VALUES (2, 'ready', 2, 200), (3, 'ready', 13, 1300)",
            [],
        )
        .unwrap();
        bill(&conn, (103, 2), 1, None);
        bill(&conn, (104, 2), 2, None);
        let expected = MetPeople {
            people: 10,
            by: vec![by("c1", 6, 0, 21), by("c2", 1, 1, 1)],
        };
        for together in [1, 3, 7, 1000] {
            assert_eq!(met(&conn, together), expected, "{together}");
        }
    }

    #[test]
    fn a_refused_packet_paid_nobody_and_one_paid_to_another_did() {
        let conn = ledger();
        bill(&conn, (201, 3), 0, None);
        bill(&conn, (202, 3), 1, None);
        bill(&conn, (1, 1), 0, Some(NOW));
        bill(&conn, (2, 1), 7, Some(NOW));
        let refused = "UPDATE bill SET state = 'refused' WHERE bill = 1;
             UPDATE day SET packets = packets - 1;";
        conn.execute_batch(refused).unwrap();
        assert!(met(&conn, 9).by.is_empty());
        conn.execute("INSERT INTO paid VALUES (2, 'p1', 100)", [])
            .unwrap();
        assert_eq!(met(&conn, 9).by, [by("c1", 1, 0, 2)]);
    }

    #[test]
    fn the_same_list_is_the_same_whenever_it_was_paid() {
        let conn = ledger();
        conn.execute(
            "UPDATE file SET people = ?1 WHERE campaign = 2",
            [[1u8; 32]],
        )
        .unwrap();
        let found = met(&conn, 9);
        assert_eq!(found.people, 0);
        assert_eq!(found.by[0].same, Some(Same::People));
        assert_eq!((found.by.len(), found.unnamed(&[]).by.len()), (1, 1));
    }
}
