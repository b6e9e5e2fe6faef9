//! What a run would do: which packets leave on which day, by the caps that hold packets back before
//! each first send.

use std::collections::{BTreeMap, HashMap};
use std::iter::Peekable;

use rusqlite::{Connection, Row};

use super::columns::fen;
use super::day;
use crate::domain::caps::{Cap, Caps, Spent, begin_of, day_of};
use crate::domain::money::Fen;

/// What a schedule is made of besides the packets.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// How much leaves a day.
    pub caps: Caps,
    /// When sending begins.
    pub from: i64,
    /// First sends in a minute; `None` for as many as there are.
    pub per_minute: Option<u64>,
}

/// First sends of one Beijing day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedDay {
    /// When sending begins on it.
    pub from: i64,
    /// Packets.
    pub rows: u64,
    /// Their money.
    pub fen: Fen,
}

/// When what waits would leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Every day on which something leaves.
    pub days: Vec<PlannedDay>,
    /// Packets that a daily cap holds back for a day or more, by the cap that does so first.
    pub held: Vec<(Cap, u64)>,
    /// Whether the merchant's cap ends a day before all that may leave has left.
    pub is_merchant_capped: bool,
    /// Packets above the largest allowed: they never leave.
    pub too_large: u64,
}

/// A packet that waits.
struct Waiting {
    bill: i64,
    openid: String,
    amount: Fen,
    /// Its first send is counted already.
    is_counted: bool,
}

/// The days as they pass.
struct Days<'a> {
    sums: Option<&'a Connection>,
    caps: Caps,
    day: i64,
    merchant: Spent,
    /// What each openid got on this day; of a campaign in which nobody comes twice, nothing.
    today: HashMap<String, Spent>,
    /// When each openid got its last packet, where that matters.
    last: HashMap<String, i64>,
    has_several: bool,
}

impl Days<'_> {
    fn begin(&mut self, day: i64) -> rusqlite::Result<()> {
        self.day = day;
        self.today.clear();
        self.merchant = match self.sums {
            Some(sums) => day::of_merchant(sums, day)?,
            None => Spent::default(),
        };
        Ok(())
    }

    /// Sends the packet, or tells which cap holds it back.
    fn send(&mut self, packet: &Waiting) -> rusqlite::Result<Option<Cap>> {
        if packet.is_counted {
            return Ok(None);
        }
        let known = self.today.get(&packet.openid).copied();
        let mut spent = known.unwrap_or_default();
        let mut is_once = false;
        if let (None, Some(sums)) = (known, self.sums) {
            spent = day::of_openid(sums, self.day, &packet.openid)?;
            is_once = day::is_too_lately(sums, &self.caps, self.day, &packet.openid)?;
        }
        let once = i64::from(self.caps.once_per_days);
        let last = self.last.get(&packet.openid);
        is_once |= once > 0 && last.is_some_and(|last| self.day - last < once);
        if is_once {
            return Ok(Some(Cap::Once));
        }
        let exceeded = self.caps.exceeded(packet.amount, spent, self.merchant);
        if exceeded.is_none() {
            self.merchant = self.merchant.with(packet.amount);
            if self.has_several {
                let spent = spent.with(packet.amount);
                self.today.insert(packet.openid.clone(), spent);
            }
            if self.has_several && once > 0 {
                self.last.insert(packet.openid.clone(), self.day);
            }
        }
        Ok(exceeded)
    }
}

/// Lets the days pass: first what was held back, then what was never taken up, as `take` does.
pub(super) fn play(
    (conn, sums): (&Connection, Option<&Connection>),
    campaign: i64,
    course: &Course,
) -> rusqlite::Result<Schedule> {
    let sql = "SELECT openid, amount_fen, first_sent_at IS NOT NULL, bill FROM bill
         WHERE campaign = ?1 AND state = 'ready' ORDER BY bill";
    let has_several = "SELECT has_row_key FROM campaign WHERE campaign = ?1";
    let mut days = Days {
        sums,
        caps: course.caps,
        day: 0,
        merchant: Spent::default(),
        today: HashMap::new(),
        last: HashMap::new(),
        has_several: conn.query_row(has_several, [campaign], |row| row.get(0))?,
    };
    let mut statement = conn.prepare(sql)?;
    let fresh = statement.query_map([campaign], waiting)?;
    let mut fresh = fresh.peekable();
    let (mut schedule, mut held) = (Schedule::default(), Held::new());
    let mut from = course.from;
    while !held.is_empty() || fresh.peek().is_some() {
        days.begin(day_of(from))?;
        let until = begin_of(days.day + 1);
        let most = room(course.per_minute, until - from);
        let planned = pass_day(&mut days, (&mut held, &mut fresh), &mut schedule, most)?;
        if planned.packets > 0 {
            let (rows, fen) = (u64::from(planned.packets), planned.fen);
            schedule.days.push(PlannedDay { from, rows, fen });
        }
        from = until;
    }
    Ok(schedule)
}

/// What is held back, by the day from which it may leave and its place.
type Held = BTreeMap<(i64, i64), Waiting>;

/// Sends what may leave on this day, `most` packets at most.
fn pass_day(
    days: &mut Days<'_>,
    (held, fresh): (
        &mut Held,
        &mut Peekable<impl Iterator<Item = rusqlite::Result<Waiting>>>,
    ),
    schedule: &mut Schedule,
    most: u64,
) -> rusqlite::Result<Spent> {
    let mut planned = Spent::default();
    let is_first_day = schedule.days.is_empty();
    while u64::from(planned.packets) < most {
        let first = held.first_key_value().map(|(key, _)| *key);
        let again = first.filter(|(day, _)| *day <= days.day);
        let (key, packet) = match again.and_then(|key| held.remove_entry(&key)) {
            Some((key, packet)) => (key, packet),
            None => match fresh.next().transpose()? {
                Some(packet) => ((days.day, packet.bill), packet),
                None => break,
            },
        };
        match days.send(&packet)? {
            None => planned = planned.with(packet.amount),
            Some(Cap::MaxPacket) => schedule.too_large += 1,
            Some(Cap::MerchantYuan) => {
                schedule.is_merchant_capped = true;
                held.insert(key, packet);
                break;
            }
            Some(cap) => {
                if is_first_day {
                    note(&mut schedule.held, cap);
                }
                held.insert((days.day + 1, packet.bill), packet);
            }
        }
    }
    Ok(planned)
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        openid: row.get(0)?,
        amount: fen(row, 1)?,
        is_counted: row.get(2)?,
        bill: row.get(3)?,
    })
}

fn note(held: &mut Vec<(Cap, u64)>, cap: Cap) {
    match held.iter_mut().find(|(known, _)| *known == cap) {
        Some((_, count)) => *count += 1,
        None => held.push((cap, 1)),
    }
}

/// What the pace lets leave within `ms`: one packet at least, or no day would end.
fn room(per_minute: Option<u64>, ms: i64) -> u64 {
    let minutes_ms = u64::try_from(ms).unwrap_or(0);
    per_minute.map_or(u64::MAX, |most| (most * minutes_ms / 60_000).max(1))
}
