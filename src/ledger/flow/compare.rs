//! Packets and their rows, side by side: both are read in the order of the bills' rows, so that a
//! million of each take no more memory than one.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, Rows};

use super::known::{KNOWN, KnownBill};
use super::resolve::{Resolving, Whose};
use super::scratch::{FlowBreak, FlowScratch, direction};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::flow::covered::CoveredDays;
use crate::domain::flow::judge::{Beside, Booking, CameBack, FoundBreak, back_of, judge};
use crate::domain::flow::row::Direction;
use crate::domain::money::Fen;
use crate::ledger::bill::lineage::{Lineage, given_up};
use crate::ledger::columns::fen;
use crate::ledger::fault::LedgerError;
use crate::ledger::open::reader::Reader;
use crate::ledger::read::campaign::CampaignRow;

/// The result of a match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowOutcome {
    /// Packets that ledger and bills agree about, to the fen.
    pub matched: u64,
    /// Their money.
    pub matched_fen: Fen,
    /// Paid packets of days that no given bill covers.
    pub not_covered: u64,
    /// Packets without a break of which money came back by the bills.
    pub came_back: u64,
    /// That money.
    pub came_back_fen: Fen,
    /// Packets whose money came back on days that no given bill covers.
    pub back_not_covered: u64,
    /// Packets in doubt that stand in the bills as paid, to the fen.
    pub in_doubt: u64,
    /// Breaks by kind. They themselves are in the scratch.
    pub breaks: BTreeMap<BreakKind, u64>,
    /// The rows.
    pub whose: Whose,
}

impl Reader {
    /// Compares the rows in `scratch` with the campaign's packets as they stand at `now`. Breaks go
    /// to `scratch`.
    ///
    /// # Errors
    /// Where the ledger or the scratch file fails.
    pub fn match_flow(
        &self,
        (campaign, now): (&CampaignRow, i64),
        (scratch, covered): (&mut FlowScratch, &CoveredDays),
        labels: &[String],
    ) -> Result<FlowOutcome, LedgerError> {
        self.read(|conn| {
            // One moment of the ledger, beside a process that may be writing.
            let tx = conn.unchecked_transaction()?;
            let mut resolving = Resolving {
                ledger: &tx,
                campaign,
                labels,
                has_listids: false,
            };
            let mut outcome = FlowOutcome {
                whose: resolving.run(scratch)?,
                ..FlowOutcome::default()
            };
            strangers(scratch, &mut outcome)?;
            let comparing = Comparing {
                ledger: &tx,
                scratch,
                covered,
                now,
                given_up: given_up(&tx, campaign.campaign)?,
            };
            comparing.run(campaign.campaign, &mut outcome)?;
            Ok(outcome)
        })
    }
}

/// Each number of ours that the ledger does not have is one break.
fn strangers(scratch: &FlowScratch, outcome: &mut FlowOutcome) -> rusqlite::Result<()> {
    let sql = "SELECT number, max(wx_order), min(booked_at),
           sum(fen) FILTER (WHERE direction = 'out'), sum(fen) FILTER (WHERE direction = 'in')
         FROM strange GROUP BY number ORDER BY number";
    let mut statement = scratch.conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let went_out: Option<u64> = row.get(3)?;
        let came_in: Option<u64> = row.get(4)?;
        let (number, order): (String, String) = (row.get(0)?, row.get(1)?);
        outcome.add(
            scratch,
            &FlowBreak {
                kind: BreakKind::MissingInLedger,
                bill: None,
                mch_billno: Some(number),
                send_listid: Some(order).filter(|order| !order.is_empty()),
                ledger: None,
                booked: went_out.or(came_in).map(Fen::new),
                booked_at: row.get(2)?,
            },
        )?;
    }
    Ok(())
}

impl FlowOutcome {
    fn add(&mut self, scratch: &FlowScratch, found: &FlowBreak) -> rusqlite::Result<()> {
        *self.breaks.entry(found.kind).or_default() += 1;
        scratch.found(found)
    }

    /// Whether packets are missing in bills that name nothing of this merchant's: they may be
    /// another merchant's, or of another account.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        let is_strange = self.breaks.contains_key(&BreakKind::MissingInLedger);
        let is_named = !self.whose.by_column.is_empty() || self.whose.of_others > 0 || is_strange;
        self.breaks.contains_key(&BreakKind::MissingInBill) && !is_named
    }

    /// Whether money moved that the ledger cannot account for.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.breaks.keys().any(|kind| kind.is_grave())
    }
}

struct Comparing<'a> {
    ledger: &'a Connection,
    scratch: &'a FlowScratch,
    covered: &'a CoveredDays,
    now: i64,
    given_up: HashSet<i64>,
}

/// The rows of the bills in the order of the ledger's, one bill at a time.
struct Bookings<'a> {
    rows: Rows<'a>,
    next: Option<(i64, Booking)>,
}

impl Bookings<'_> {
    /// Fills `into` with what is booked for this bill. Bills must be asked for in their order.
    fn of(&mut self, bill: i64, into: &mut Vec<Booking>) -> rusqlite::Result<()> {
        into.clear();
        loop {
            match self.next {
                Some((at, booking)) if at == bill => into.push(booking),
                Some((at, _)) if at > bill => return Ok(()),
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
            self.next = Some((row.get(0)?, booking));
        }
    }
}

impl Comparing<'_> {
    fn run(&self, campaign: i64, outcome: &mut FlowOutcome) -> rusqlite::Result<()> {
        let sql = "SELECT bill, direction, fen, booked_at FROM booking
             ORDER BY bill, booked_at, direction DESC, fen";
        let mut booked = self.scratch.conn.prepare(sql)?;
        let mut bookings = Bookings {
            rows: booked.query([])?,
            next: None,
        };
        let mut statement = self.ledger.prepare(KNOWN)?;
        let mut rows = statement.query([campaign])?;
        let (mut of_bill, mut found) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let known = KnownBill::read(row, self.now)?;
            bookings.of(known.bill, &mut of_bill)?;
            found.clear();
            let beside = match self.paid_later(&known, &of_bill)? {
                Fen::ZERO => judge(&known.packet, &of_bill, self.covered, &mut found),
                later => {
                    found.push(second_payment(&known, &of_bill, later));
                    Beside::Broken
                }
            };
            outcome.count(&known, beside);
            if beside != Beside::Broken {
                outcome.count_back(back_of(&known.packet, &of_bill));
            }
            for it in &found {
                outcome.add(self.scratch, &known.broken(it))?;
            }
        }
        Ok(())
    }

    /// What the packet's later numbers were paid, where one that was given up is paid as well.
    fn paid_later(&self, known: &KnownBill, rows: &[Booking]) -> rusqlite::Result<Fen> {
        let is_out = |row: &Booking| row.direction == Direction::Out;
        if !self.given_up.contains(&known.bill) || !rows.iter().any(is_out) {
            return Ok(Fen::ZERO);
        }
        let mut paid = Vec::new();
        for later in Lineage::of(self.ledger, known.bill)?.later(self.ledger)? {
            let sql = "SELECT fen FROM booking WHERE bill = ?1 AND direction = 'out'";
            let mut statement = self.scratch.conn.prepare_cached(sql)?;
            for amount in statement.query_map([later], |row| fen(row, 0))? {
                paid.push(amount?);
            }
        }
        Ok(paid.into_iter().sum())
    }
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

impl FlowOutcome {
    fn count_back(&mut self, back: CameBack) {
        match back {
            CameBack::Nothing => {}
            CameBack::Booked(total) => {
                self.came_back += 1;
                self.came_back_fen = [self.came_back_fen, total].into_iter().sum();
            }
            CameBack::NotCovered => self.back_not_covered += 1,
        }
    }

    fn count(&mut self, known: &KnownBill, beside: Beside) {
        match beside {
            Beside::Matched => {
                self.matched += 1;
                let amount = known.packet.amount;
                self.matched_fen = [self.matched_fen, amount].into_iter().sum();
            }
            Beside::NotCovered => self.not_covered += 1,
            Beside::InDoubt => self.in_doubt += 1,
            Beside::Unpaid | Beside::Broken => {}
        }
    }
}
