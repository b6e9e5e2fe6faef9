//! Sends and recipients of each Beijing day, held in memory by the sending process, so that a cap
//! costs no statement. They are read from the bills once; after that nobody else sends.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::Connection;

use super::first_sends::{self, FirstSend, first_sends};
use crate::domain::caps::{Cap, Caps, Spent, days_of, first_day};
use crate::domain::money::Fen;
use crate::domain::outcome::{Answer, Sighting};
use crate::ledger::bill::advance::DayMove;
use crate::ledger::bill::paid_otherwise::is_any;
use crate::ledger::bill::unasked::Unasked;

/// First sends of the days that matter to the caps of a campaign.
#[derive(Debug, Default)]
pub(in crate::ledger) struct SpentByDay {
    caps: Caps,
    /// The first day that is known; every later one is, too.
    since: Option<i64>,
    merchant: BTreeMap<i64, Spent>,
    /// By day and openid; `None` where nobody can come twice.
    people: Option<BTreeMap<i64, HashMap<Box<str>, Spent>>>,
    /// Packets of a ledger that may be behind which count as sent, and when: nobody asked yet.
    unasked: HashSet<i64>,
    unasked_at: i64,
    /// The last attempt that a ledger which may be behind knows of, when this was read.
    behind: Option<i64>,
}

impl SpentByDay {
    pub(in crate::ledger) fn new(caps: Caps) -> Self {
        SpentByDay {
            caps,
            ..SpentByDay::default()
        }
    }

    /// The first day that matters at `now`.
    fn first_day(&self, now: i64) -> i64 {
        first_day(now, self.caps.once_per_days.max(1))
    }

    /// Whether [`SpentByDay::read`] has to read before anything is sent at `now`.
    pub(super) fn lacks(&self, now: i64) -> bool {
        let is_of_another_day = || days_of(self.unasked_at) != days_of(now);
        self.since.is_none_or(|since| self.first_day(now) < since)
            || !self.unasked.is_empty() && is_of_another_day()
    }

    /// Whether the ledger is behind as it was, or still is not; from now on it is so.
    pub(super) fn follows(&mut self, behind: Option<i64>) -> bool {
        std::mem::replace(&mut self.behind, behind) == behind
    }

    /// Forgets sums that no longer hold.
    pub(in crate::ledger) fn forget_all(&mut self) {
        self.since = None;
    }

    /// Counts what nobody asked about as sent now, unless it is counted today already.
    pub(super) fn doubt(&mut self, unasked: &Unasked, now: i64) {
        let sent = unasked.first_sent.map(days_of);
        if sent != Some(days_of(now)) && !planted!(UnaskedNotInCaps) {
            self.unasked.insert(unasked.bill);
            self.unasked_at = now;
            self.count(&unasked.openid, unasked.amount, now);
        }
    }

    /// Whether the packet counts as sent because nobody asked.
    pub(in crate::ledger) fn doubts(&self, bill: i64) -> bool {
        self.unasked.contains(&bill)
    }

    /// WeChat Pay was asked about it: it counts on the day on which it was sent, if it was.
    pub(in crate::ledger) fn told(&mut self, bill: i64, openid: &str, amount: Fen) {
        if self.unasked.remove(&bill) {
            self.give_back(openid, amount, self.unasked_at);
        }
    }

    /// Keeps in step with a bill that moved: a refusal gives its day back, and so does what was put
    /// off.
    pub(in crate::ledger) fn follow(&mut self, openid: &str, amount: Fen, moved: &DayMove) {
        if let Some(at) = moved.was {
            self.give_back(openid, amount, at);
        }
        if let Some(at) = moved.is {
            self.count(openid, amount, at);
        }
    }

    /// Packets that count as sent because nobody asked, by row and in the order of sending, where
    /// that exceeds a cap.
    pub(super) fn wanted_by_caps(&self) -> Vec<i64> {
        if !days_of(self.unasked_at).any(|day| self.is_above(day)) {
            return Vec::new();
        }
        let mut wanted: Vec<i64> = self.unasked().collect();
        wanted.sort_unstable();
        wanted
    }

    /// Packets that count as sent because nobody asked, by row.
    pub(super) fn unasked(&self) -> impl Iterator<Item = i64> {
        self.unasked.iter().copied()
    }

    fn is_above(&self, day: i64) -> bool {
        let none = Spent::default();
        let merchant = self.merchant.get(&day).copied().unwrap_or(none);
        let people = self.people.iter().filter_map(|people| people.get(&day));
        let has_room = |person: &Spent| {
            let is_once = self.caps.once_per_days > 0 && person.packets > 0;
            !is_once && self.caps.exceeded(Fen::ZERO, *person, none).is_none()
        };
        self.caps.exceeded(Fen::ZERO, none, merchant).is_some()
            || people
                .flat_map(HashMap::values)
                .any(|person| !has_room(person))
    }

    /// Where something else was paid than what is owed, what was read is not so any more.
    pub(in crate::ledger) fn heed(&mut self, answer: &Answer<Sighting>) {
        if answer.paid.is_some() {
            self.forget_all();
        }
    }

    /// Reads what was sent on the days that matter at `now`: the campaign stands in `conn`, what
    /// was sent in `ledger`, if there is one yet. A campaign whose openids are all different, alone
    /// on these days, need not know who was sent what.
    pub(in crate::ledger) fn read(
        &mut self,
        (conn, ledger): (&Connection, Option<&Connection>),
        campaign: i64,
        now: i64,
    ) -> rusqlite::Result<()> {
        let own = "SELECT id, has_row_key FROM campaign WHERE campaign = ?1";
        let (id, has_row_key): (String, bool) =
            conn.query_row(own, [campaign], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let since = self.first_day(now);
        let has_other = ledger.map(|conn| first_sends::has_other(conn, &id, since));
        let has_paid_another = ledger.map(is_any).transpose()?.unwrap_or(false);
        let may_be_behind = ledger.map(first_sends::may_be_behind).transpose()?;
        let may_come_twice = has_row_key
            || has_paid_another
            || may_be_behind.unwrap_or(false)
            || has_other.transpose()?.unwrap_or(false);
        self.unasked.clear();
        self.people = may_come_twice.then(BTreeMap::new);
        self.merchant.clear();
        if let Some(conn) = ledger.filter(|_| !planted!(CapsForgetTheLastRun)) {
            self.merchant = first_sends::of_merchant(conn, since)?;
            if may_come_twice {
                first_sends(conn, since, |send| self.add_person(&send))?;
            }
        }
        self.since = Some(since);
        Ok(())
    }

    /// Where nobody was sent anything on the days that matter, nobody is kept from now on either:
    /// for a caller that knows that no cap on recipients will hold anybody back.
    pub(in crate::ledger) fn leave_out_newcomers(&mut self) {
        self.people.take_if(|people| people.is_empty());
    }

    fn add_person(&mut self, send: &FirstSend) {
        let Some(people) = &mut self.people else {
            return;
        };
        for day in days_of(send.at) {
            let today = people.entry(day).or_default();
            if let Some(spent) = today.get_mut(&send.openid) {
                *spent = spent.with(send.amount);
            } else {
                let spent = Spent::default().with(send.amount);
                today.insert(send.openid.clone(), spent);
            }
        }
    }

    /// Forgets the days that do not matter any more.
    fn forget(&mut self, now: i64) {
        let first = self.first_day(now);
        if self.since.is_some_and(|since| since >= first) {
            return;
        }
        self.since = Some(first);
        self.merchant = self.merchant.split_off(&first);
        self.people = self
            .people
            .take()
            .map(|mut people| people.split_off(&first));
    }

    /// Counts a first send at `now`, or tells which cap it would exceed.
    pub(in crate::ledger) fn spend(&mut self, openid: &str, amount: Fen, now: i64) -> Option<Cap> {
        self.forget(now);
        let exceeded = days_of(now).find_map(|day| self.exceeded(openid, amount, day));
        if exceeded.is_none() || planted!(CapsIgnored) {
            self.count(openid, amount, now);
            return None;
        }
        exceeded
    }

    fn exceeded(&self, openid: &str, amount: Fen, day: i64) -> Option<Cap> {
        let mut today = Spent::default();
        if let Some(people) = &self.people {
            let of = |day: i64| people.get(&day)?.get(openid).copied();
            let once = i64::from(self.caps.once_per_days);
            // Before or after: a clock may have gone back since.
            let is_near = |apart: i64| of(day - apart).or(of(day + apart)).is_some();
            if (0..once).any(is_near) {
                return Some(Cap::Once);
            }
            today = of(day).unwrap_or_default();
        }
        let merchant = self.merchant.get(&day).copied().unwrap_or_default();
        self.caps.exceeded(amount, today, merchant)
    }

    /// Counts a first send.
    pub(in crate::ledger) fn count(&mut self, openid: &str, amount: Fen, at: i64) {
        for day in days_of(at) {
            let merchant = self.merchant.entry(day).or_default();
            *merchant = merchant.with(amount);
        }
        if self.people.is_some() {
            let openid = openid.into();
            self.add_person(&FirstSend { openid, amount, at });
        }
    }

    /// Takes back a first send that never left, was refused, or counts on another day.
    pub(in crate::ledger) fn give_back(&mut self, openid: &str, amount: Fen, at: i64) {
        for day in days_of(at) {
            if let Some(merchant) = self.merchant.get_mut(&day) {
                *merchant = merchant.without(amount);
            }
            let people = self.people.as_mut();
            let Some(today) = people.and_then(|people| people.get_mut(&day)) else {
                continue;
            };
            let left = today.get(openid).map(|spent| spent.without(amount));
            match left {
                Some(left) if left.packets > 0 => {
                    today.insert(openid.into(), left);
                }
                _ => {
                    today.remove(openid);
                }
            }
        }
    }
}
