//! How many people wait for packets, and how much the busiest of them gets, without sorting the
//! list: to sort ten million openids takes longer than all else of a plan.
//!
//! Each openid marks a few bits of a table. One whose bits are all marked may have come before, and
//! few that did not are among those: the second pass over the list counts these, each by its text.
//! Where they are many, the list is sorted after all.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use rusqlite::{Connection, OptionalExtension};

use crate::domain::money::Fen;
use crate::ledger::columns::fen;

/// Bits of the table: 16 MiB. With ten million openids in it, one in 300 is counted for nothing.
const BITS: usize = 1 << 27;
/// An openid marks bits of one block: the processor fetches it once.
const BLOCK: usize = 512;
/// Bits that each openid marks.
const MARKS: u32 = 3;
/// How many bits of its hash lead to each of them.
const STEP: u32 = 9;
/// So many are counted in memory at most, whose texts take some megabytes.
const MANY: usize = 1 << 16;

/// The people of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PeopleCount {
    /// How many.
    pub(super) people: u64,
    /// Those with several packets.
    pub(super) several: u64,
    /// The most packets of one.
    pub(super) most: u64,
    /// The most money of one, who need not be the same.
    pub(super) most_fen: Fen,
}

/// Who came, as far as bits tell.
pub(super) struct SeenPeople {
    marked: Vec<[u64; BLOCK / 64]>,
    /// Hashes of those who may have come before; `None` where they are too many.
    again: Option<HashSet<u64>>,
    many: usize,
    rows: u64,
    largest: Fen,
}

impl SeenPeople {
    pub(super) fn none() -> Self {
        SeenPeople::sized(BITS, MANY)
    }

    fn sized(bits: usize, many: usize) -> Self {
        SeenPeople {
            marked: vec![[0; BLOCK / 64]; bits / BLOCK],
            again: Some(HashSet::new()),
            many,
            rows: 0,
            largest: Fen::ZERO,
        }
    }

    /// The next packet that waits.
    pub(super) fn add(&mut self, openid: &str, amount: Fen) {
        self.rows += 1;
        self.largest = self.largest.max(amount);
        let hash = hash(openid);
        let place = |bits: u64, of: usize| usize::try_from(bits).unwrap_or(0) % of;
        let blocks = self.marked.len();
        let block = &mut self.marked[place(hash >> (MARKS * STEP), blocks)];
        let mut is_marked = true;
        for mark in 0..MARKS {
            let bit = place(hash >> (mark * STEP), BLOCK);
            let word = &mut block[bit / 64];
            is_marked &= *word >> (bit % 64) & 1 == 1;
            *word |= 1 << (bit % 64);
        }
        if is_marked && let Some(again) = &mut self.again {
            again.insert(hash);
            if again.len() > self.many {
                self.again = None;
            }
        }
    }

    /// Counts them, all of whom wait in `conn`.
    pub(super) fn count(self, conn: &Connection, campaign: i64) -> rusqlite::Result<PeopleCount> {
        drop(self.marked);
        let Some(again) = self.again else {
            return sorted(conn, campaign);
        };
        let mut met: HashMap<String, (u64, Fen)> = HashMap::new();
        if !again.is_empty() {
            let sql = "SELECT openid, amount_fen FROM bill
                 WHERE campaign = ?1 AND state = 'ready'";
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([campaign])?;
            while let Some(row) = rows.next()? {
                let openid = row.get_ref(0)?.as_str()?;
                if again.contains(&hash(openid)) {
                    let (packets, sum) = met.entry(openid.to_owned()).or_default();
                    *packets += 1;
                    *sum = [*sum, fen(row, 1)?].into_iter().sum();
                }
            }
        }
        let packets = || met.values().map(|(packets, _)| *packets);
        let sums = met.values().map(|(_, sum)| *sum);
        Ok(PeopleCount {
            people: self.rows - packets().map(|packets| packets - 1).sum::<u64>(),
            several: packets().map(|packets| u64::from(packets > 1)).sum(),
            most: packets().max().unwrap_or(0).max(self.rows.min(1)),
            most_fen: sums.max().unwrap_or(Fen::ZERO).max(self.largest),
        })
    }
}

/// The same for the same openid in this process.
fn hash(openid: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(openid)
}

/// As SQLite counts them.
fn sorted(conn: &Connection, campaign: i64) -> rusqlite::Result<PeopleCount> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE packets > 1), coalesce(max(packets), 0),
           coalesce(max(fen), 0)
         FROM (SELECT count(*) AS packets, sum(amount_fen) AS fen FROM bill
           WHERE campaign = ?1 AND state = 'ready' GROUP BY openid)";
    let counted = conn.query_row(sql, [campaign], |row| {
        Ok(PeopleCount {
            people: row.get(0)?,
            several: row.get(1)?,
            most: row.get(2)?,
            most_fen: fen(row, 3)?,
        })
    });
    counted.optional().map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: usize = 1 << 10;

    /// A list in which `person` gives the one of each row; counted in all three ways.
    #[track_caller]
    fn counted(rows: u64, person: impl Fn(u64) -> u64) -> PeopleCount {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE bill (campaign, state, openid, amount_fen)")
            .unwrap();
        let mut ways = [(1 << 16, ENOUGH), (BLOCK, ENOUGH), (BLOCK, 0)]
            .map(|(bits, many)| SeenPeople::sized(bits, many));
        for row in 0..rows {
            let (openid, amount) = (format!("o{}", person(row)), 100 + row);
            let sql = "INSERT INTO bill VALUES (1, 'ready', ?1, ?2), (1, 'sent', ?1, 999),
                 (2, 'ready', ?1, 999)";
            conn.execute(sql, (&openid, amount)).unwrap();
            for way in &mut ways {
                way.add(&openid, Fen::new(amount));
            }
        }
        let counts = ways.map(|way| way.count(&conn, 1).unwrap());
        assert_eq!(counts, [counts[0]; 3]);
        assert_eq!(counts[0], sorted(&conn, 1).unwrap());
        counts[0]
    }

    #[test]
    fn people_are_counted_as_a_sorted_list_would_have_them() {
        assert_eq!(counted(0, |row| row), PeopleCount::default());
        let once = counted(300, |row| row);
        assert_eq!((once.people, once.several, once.most), (300, 0, 1));
        assert_eq!(once.most_fen, Fen::new(399));
        let some = counted(300, |row| if row < 30 { row % 10 } else { row });
        assert_eq!((some.people, some.several, some.most), (280, 10, 3));
        assert_eq!(some.most_fen, Fen::new(399), "of one packet");
        let alone = counted(5, |_| 7);
        assert_eq!((alone.people, alone.several, alone.most), (1, 1, 5));
        assert_eq!(alone.most_fen, Fen::new(510));
    }
}
