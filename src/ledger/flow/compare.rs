//! Packets and their rows, side by side: both are read in the order of the bills' rows, so that a
//! million of each take no more memory than one.

use std::collections::HashSet;

use rusqlite::{Connection, Rows};

use super::earlier::EarlierBills;
use super::explained::{ExplainedBreaks, explained, movements, short};
use super::kept::GivenBill;
use super::known::{KNOWN, KnownBill};
use super::outcome::FlowOutcome;
use super::resolve::Resolving;
use super::scratch::{FlowBreak, FlowScratch, direction};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::covered::CoveredDays;
use crate::domain::flow::judge::{Beside, Booking, FoundBreak, judge};
use crate::domain::flow::row::Direction;
use crate::domain::money::Fen;
use crate::ledger::bill::lineage::{Lineage, given_up};
use crate::ledger::columns::fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

impl Reader {
    /// Compares the rows in `scratch`, and those of the bills given before, with the campaign's
    /// packets as they stand at `now`. Breaks go to `scratch`.
    ///
    /// # Errors
    /// Where the ledger or the scratch file fails.
    pub fn match_flow(
        &self,
        (campaign, now): (&CampaignRow, i64),
        scratch: &mut FlowScratch,
        (given, covered): (&[GivenBill], &CoveredDays),
        labels: &[String],
    ) -> Result<FlowOutcome, LedgerError> {
        self.read(|conn| {
            // One moment of the ledger, beside a process that may be writing.
            let tx = conn.unchecked_transaction()?;
            let before = EarlierBills::of(&tx, campaign.campaign)?;
            let mut resolving = Resolving {
                ledger: &tx,
                campaign,
                labels,
                has_listids: false,
            };
            let whose = resolving.run(scratch, (&before.matches, given))?;
            let (foreign, others) = before
                .matches
                .last()
                .map_or((0, 0), |last| (last.foreign_rows, last.other_rows));
            let new = given.iter().zip(&whose.by_file);
            let new = new.filter(|(bill, _)| !before.has(bill));
            let (more, more_others) = new.fold((0, 0), |sums, (_, counts)| {
                (sums.0 + counts.0, sums.1 + counts.1)
            });
            let mut days_so_far = before.days.clone();
            covered.iter().for_each(|day| days_so_far.add(day));
            let mut outcome = FlowOutcome {
                before: before.bills(given),
                foreign_so_far: foreign + more,
                others_so_far: others + more_others,
                whose,
                days_so_far,
                ..FlowOutcome::default()
            };
            let explained = explained(&tx, campaign.campaign)?;
            let comparing = Comparing {
                ledger: &tx,
                scratch,
                explained: &explained,
                covered,
                covered_so_far: &outcome.days_so_far.clone(),
                before: &before,
                now,
                given_up: given_up(&tx, campaign.campaign)?,
            };
            comparing.strangers(&mut outcome)?;
            comparing.run(campaign.campaign, &mut outcome)?;
            Ok(outcome)
        })
    }
}

struct Comparing<'a> {
    ledger: &'a Connection,
    scratch: &'a FlowScratch,
    explained: &'a ExplainedBreaks,
    covered: &'a CoveredDays,
    covered_so_far: &'a CoveredDays,
    before: &'a EarlierBills,
    now: i64,
    given_up: HashSet<i64>,
}

/// The rows of the bills in the order of the ledger's, one bill at a time.
struct Bookings<'a> {
    rows: Rows<'a>,
    next: Option<(i64, Booking, bool)>,
}

/// The rows about one packet: of all bills, and of the given ones.
#[derive(Default)]
struct PacketRows {
    so_far: Vec<Booking>,
    given: Vec<Booking>,
}

/// How a packet stands beside the given bills, and beside all.
struct Judged {
    given: Beside,
    so_far: Beside,
    /// The given bills tell of it, or should.
    is_touched: bool,
    /// It is paid on a day of the given bills, and in none of those.
    is_missing: bool,
}

impl Bookings<'_> {
    /// Fills `into` with what is booked for this bill. Bills must be asked for in their order.
    fn of(&mut self, bill: i64, into: &mut PacketRows) -> rusqlite::Result<()> {
        into.so_far.clear();
        into.given.clear();
        loop {
            match self.next {
                Some((at, booking, is_given)) if at == bill => {
                    into.so_far.push(booking);
                    into.given.extend(Some(booking).filter(|_| is_given));
                }
                Some((at, ..)) if at > bill => return Ok(()),
                Some(_) | None => {}
            }
            let Some(row) = self.rows.next()? else {
                self.next = None;
                return Ok(());
            };
            let booking = Booking {
                direction: direction(row.get_ref(1)?.as_str()?),
                amount: fen(row, 2)?,
                booked_at: row.get(3)?,
            };
            self.next = Some((row.get(0)?, booking, row.get(4)?));
        }
    }
}

impl Comparing<'_> {
    /// Each number of ours that the ledger does not have is one break.
    fn strangers(&self, outcome: &mut FlowOutcome) -> rusqlite::Result<()> {
        let sql = "SELECT number, max(wx_order), min(booked_at),
               sum(fen) FILTER (WHERE direction = 'out'),
               sum(fen) FILTER (WHERE direction = 'in'), max(is_given),
               group_concat(direction || ' ' || fen || ' ' || booked_at / 60000, ', '
                 ORDER BY booked_at / 60000, direction, fen)
             FROM strange WHERE NOT is_over GROUP BY number ORDER BY number";
        let mut statement = self.scratch.conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let went_out: Option<u64> = row.get(3)?;
            let came_in: Option<u64> = row.get(4)?;
            let (number, order): (String, String) = (row.get(0)?, row.get(1)?);
            let is_given: bool = row.get(5)?;
            let found = FlowBreak {
                kind: BreakKind::MissingInLedger,
                bill: None,
                mch_billno: Some(number),
                send_listid: Some(order).filter(|order| !order.is_empty()),
                ledger: None,
                booked: went_out.or(came_in).map(Fen::new),
                booked_at: row.get(2)?,
                movements: Some(short(row.get_ref(6)?.as_str()?)),
                explained: None,
            };
            self.add(outcome, found, is_given)?;
        }
        Ok(())
    }

    /// Adds a break. What the last match had, and the given bills do not tell of, is carried.
    fn add(
        &self,
        outcome: &mut FlowOutcome,
        found: FlowBreak,
        is_touched: bool,
    ) -> rusqlite::Result<()> {
        let is_carried = !is_touched && self.before.had(found.kind, &found.name());
        outcome.add((self.scratch, self.explained), (found, is_carried))
    }

    fn run(&self, campaign: i64, outcome: &mut FlowOutcome) -> rusqlite::Result<()> {
        let sql = "SELECT bill, direction, fen, booked_at, is_given FROM booking WHERE NOT is_over
             ORDER BY bill, booked_at, direction DESC, fen";
        let mut booked = self.scratch.conn.prepare(sql)?;
        let mut bookings = Bookings {
            rows: booked.query([])?,
            next: None,
        };
        let mut statement = self.ledger.prepare(KNOWN)?;
        let mut rows = statement.query([campaign])?;
        let (mut of_bill, mut found) = (PacketRows::default(), Vec::new());
        while let Some(row) = rows.next()? {
            let known = KnownBill::read(row, self.now)?;
            bookings.of(known.bill, &mut of_bill)?;
            found.clear();
            let judged = self.judged(&known, &of_bill, &mut found)?;
            outcome.given.count(&known, judged.given, &of_bill.given);
            outcome.so_far.count(&known, judged.so_far, &of_bill.so_far);
            outcome.missing_in_given += u64::from(judged.is_missing);
            for it in &found {
                let found = FlowBreak {
                    movements: Some(movements(&of_bill.so_far)),
                    ..known.broken(it)
                };
                self.add(outcome, found, judged.is_touched)?;
            }
        }
        Ok(())
    }

    fn judged(
        &self,
        known: &KnownBill,
        rows: &PacketRows,
        found: &mut Vec<FoundBreak>,
    ) -> rusqlite::Result<Judged> {
        let (later, is_later_given) = self.paid_later(known, &rows.so_far)?;
        let so_far = if later == Fen::ZERO {
            judge(&known.packet, &rows.so_far, self.covered_so_far, found)
        } else {
            found.push(second_payment(known, &rows.so_far, later));
            Beside::Broken
        };
        if self.before.matches.is_empty() {
            return Ok(Judged {
                given: so_far,
                so_far,
                is_touched: true,
                is_missing: is_missing(found),
            });
        }
        let mut alone = Vec::new();
        let given = judge(&known.packet, &rows.given, self.covered, &mut alone);
        let is_touched = !rows.given.is_empty() || is_later_given || !alone.is_empty();
        let given = match (given, so_far) {
            (_, Beside::Broken) if is_touched => Beside::Broken,
            // What the given bills do not have, an earlier one has.
            (Beside::Broken, _) => Beside::Unpaid,
            _ => given,
        };
        Ok(Judged {
            given,
            so_far,
            is_touched,
            is_missing: is_missing(&alone),
        })
    }

    /// What the packet's later numbers were paid, where one that was given up is paid as well, and
    /// whether a given bill says so.
    fn paid_later(&self, known: &KnownBill, rows: &[Booking]) -> rusqlite::Result<(Fen, bool)> {
        let is_out = |row: &Booking| row.direction == Direction::Out;
        let (mut paid, mut is_given) = (Vec::new(), false);
        if !self.given_up.contains(&known.bill) || !rows.iter().any(is_out) {
            return Ok((Fen::ZERO, false));
        }
        for later in Lineage::of(self.ledger, known.bill)?.later(self.ledger)? {
            let sql = "SELECT fen, is_given FROM booking
                 WHERE bill = ?1 AND direction = 'out' AND NOT is_over";
            let mut statement = self.scratch.conn.prepare_cached(sql)?;
            let mut rows = statement.query([later])?;
            while let Some(row) = rows.next()? {
                paid.push(fen(row, 0)?);
                is_given |= row.get::<_, bool>(1)?;
            }
        }
        Ok((paid.into_iter().sum(), is_given))
    }
}

fn is_missing(found: &[FoundBreak]) -> bool {
    found.iter().any(|it| it.kind == BreakKind::MissingInBill)
}

/// One packet, paid under two of its numbers: both payments beside the one that is owed.
fn second_payment(known: &KnownBill, rows: &[Booking], later: Fen) -> FoundBreak {
    let out = || rows.iter().filter(|row| row.direction == Direction::Out);
    FoundBreak {
        kind: BreakKind::PaidTwice,
        ledger: Some(known.packet.amount),
        bill: Some(out().map(|row| row.amount).chain([later]).sum()),
        booked_at: out().map(|row| row.booked_at).min(),
    }
}
