//! The schedule of a run: which packets leave on which day, by the caps that hold packets back
//! before each first send.

use std::collections::BTreeMap;
use std::iter::Peekable;

use rusqlite::{Connection, Row};

use super::content::Facts;
use crate::config::Windows;
use crate::domain::caps::{Cap, Caps, Spent, end_of_day};
use crate::domain::ids::Openid;
use crate::domain::money::Fen;
use crate::ledger::columns::{checked_openid, fen};
use crate::ledger::take::spent_by_day::SpentByDay;

/// A year: who needs longer is told so, and does not wait for the plan.
const LONGEST_DAYS: u32 = 366;

/// Inputs of a schedule besides the packets.
#[derive(Debug, Clone)]
pub struct Course {
    /// How much leaves a day.
    pub caps: Caps,
    /// When sending begins.
    pub from: i64,
    /// First sends in a minute; `None` for as many as there are.
    pub per_minute: Option<u64>,
    /// When sends may leave.
    pub windows: Windows,
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
    pub held: Vec<Above>,
    /// Whether the merchant's cap ends a day before all that may leave has left.
    pub is_merchant_capped: bool,
    /// Packets above the largest allowed: they never leave.
    pub too_large: u64,
    /// Packets that would leave later than a plan looks ahead.
    pub later: u64,
    /// Packets that are left when `[schedule]` ends for good.
    pub left_out: u64,
}

impl Schedule {
    /// When the last packet leaves, if `run` is given again on each of the days; so many packets
    /// take so many seconds of open time.
    #[must_use]
    pub fn finish_at(&self, course: &Course, seconds: impl Fn(u64) -> u64) -> i64 {
        let last = self.days.last();
        let (from, rows) = last.map_or((course.from, 0), |day| (day.from, day.rows));
        let ms = i64::try_from(seconds(rows) * 1000).unwrap_or(i64::MAX);
        // A day of the plan may have several open times. One packet is planned for the shortest.
        let after = course.windows.after(from, ms);
        after.unwrap_or(from.saturating_add(ms))
    }
}

/// The packets above one cap on the first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Above {
    /// The cap.
    pub cap: Cap,
    /// Packets.
    pub rows: u64,
    /// The first people of them, masked, and one more than are shown where there are more.
    pub people: Vec<String>,
}

impl Above {
    /// People that are named: enough to find out what is wrong with a list.
    pub const NAMED: usize = 3;

    fn add(&mut self, openid: &Openid) {
        self.rows += 1;
        if self.people.len() <= Above::NAMED {
            let person = openid.masked();
            if !self.people.contains(&person) {
                self.people.push(person);
            }
        }
    }
}

/// A packet that waits.
struct Waiting {
    bill: i64,
    /// As it stands in the ledger: few are named, and to check each takes longer than to plan it.
    openid: String,
    amount: Fen,
    /// Until when a cap holds it back already; 0 where none does.
    due: i64,
    /// Its first send is counted already.
    is_counted: bool,
}

/// Lets the days pass: first what was held back, then what was never taken up, as `take` does. What
/// was sent before is in `ledger`.
pub(super) fn play(
    (conn, ledger): (&Connection, Option<&Connection>),
    campaign: i64,
    course: &Course,
    facts: &Facts,
) -> rusqlite::Result<Schedule> {
    let mut spent = SpentByDay::new(course.caps);
    spent.read((conn, ledger), campaign, course.from)?;
    if course.caps.allow_one((facts.most, facts.most_fen)) {
        spent.leave_out_newcomers();
    }
    let sql = "SELECT openid, amount_fen, first_sent_at IS NOT NULL, bill, coalesce(due, 0)
         FROM bill
         WHERE campaign = ?1 AND state = 'ready' ORDER BY bill";
    let mut statement = conn.prepare(sql)?;
    let mut fresh = statement.query_map([campaign], waiting)?.peekable();
    let (mut schedule, mut held) = (Schedule::default(), Held::new());
    let mut from = course.from;
    for _ in 0..LONGEST_DAYS {
        if held.is_empty() && fresh.peek().is_none() {
            break;
        }
        let Some(opening) = course.windows.next(from) else {
            schedule.left_out = u64::try_from(held.len() + fresh.count()).unwrap_or(u64::MAX);
            return Ok(schedule);
        };
        from = from.max(opening.from);
        let open_ms = course.windows.open_ms(from, end_of_day(from));
        let most = room(course.per_minute, open_ms);
        let waiting = (&mut held, &mut fresh);
        let planned = pass_day(&mut spent, waiting, &mut schedule, (from, most))?;
        if planned.packets > 0 {
            let (rows, fen) = (u64::from(planned.packets), planned.fen);
            schedule.days.push(PlannedDay { from, rows, fen });
        }
        from = end_of_day(from);
    }
    schedule.later = u64::try_from(held.len() + fresh.count()).unwrap_or(u64::MAX);
    Ok(schedule)
}

/// Packets that are held back, by the time they may leave and their place.
type Held = BTreeMap<(i64, i64), Waiting>;

/// Sends what may leave from `from` on until the day ends, `most` packets at most.
fn pass_day(
    spent: &mut SpentByDay,
    (held, fresh): (
        &mut Held,
        &mut Peekable<impl Iterator<Item = rusqlite::Result<Waiting>>>,
    ),
    schedule: &mut Schedule,
    (from, most): (i64, u64),
) -> rusqlite::Result<Spent> {
    let mut planned = Spent::default();
    let is_first_day = schedule.days.is_empty();
    while u64::from(planned.packets) < most {
        // Packets held back until now go first, as in `take`.
        let first = held.first_key_value().map(|(key, _)| *key);
        let again = first.filter(|(due, _)| *due <= from);
        let (key, packet) = match again.and_then(|key| held.remove_entry(&key)) {
            Some((key, packet)) => (key, packet),
            None => match fresh.next().transpose()? {
                // Held back by a run that went by other caps: they end when it was told.
                Some(packet) if packet.due >= end_of_day(from) => {
                    held.insert((packet.due, packet.bill), packet);
                    continue;
                }
                Some(packet) => ((from, packet.bill), packet),
                None => break,
            },
        };
        // A packet that was counted before keeps its place in the sums of that day.
        let exceeded = if packet.is_counted {
            None
        } else {
            spent.spend(&packet.openid, packet.amount, from)
        };
        match exceeded {
            None => planned = planned.with(packet.amount),
            // It leaves on no day: it is not held back until another.
            Some(Cap::MaxPacket) => schedule.too_large += 1,
            // Nobody behind it leaves today either, however small.
            Some(Cap::MerchantYuan) => {
                schedule.is_merchant_capped = true;
                held.insert(key, packet);
                break;
            }
            // A cap on this recipient: others go on. Only the first day is told by name, for later
            // ones repeat it.
            Some(cap) => {
                if is_first_day {
                    let openid = checked_openid(&packet.openid, OPENID)?;
                    note(&mut schedule.held, cap, &openid);
                }
                held.insert((end_of_day(from), packet.bill), packet);
            }
        }
    }
    Ok(planned)
}

/// Where the openid stands in a row that [`waiting`] reads.
const OPENID: usize = 0;

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        openid: row.get(OPENID)?,
        amount: fen(row, 1)?,
        is_counted: row.get(2)?,
        bill: row.get(3)?,
        due: row.get(4)?,
    })
}

fn note(held: &mut Vec<Above>, cap: Cap, openid: &Openid) {
    if let Some(above) = held.iter_mut().find(|above| above.cap == cap) {
        return above.add(openid);
    }
    let (rows, people) = (1, vec![openid.masked()]);
    held.push(Above { cap, rows, people });
}

/// The number of packets that the pace lets leave within `ms`: one at least, or no day would end.
fn room(per_minute: Option<u64>, ms: i64) -> u64 {
    let minutes_ms = u64::try_from(ms).unwrap_or(0);
    per_minute.map_or(u64::MAX, |most| (most * minutes_ms / 60_000).max(1))
}
