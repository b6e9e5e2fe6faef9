//! Jobs that take something: attempts, and the bills there are to ask about.

use std::sync::atomic::Ordering;

use super::writer::Writer;
use crate::domain::ids::MchBillno;
use crate::ledger::bill::{lineage, unasked};
use crate::ledger::fault::LedgerError;
use crate::ledger::record::behind;
use crate::ledger::take::attempt::{self, Attempt};
use crate::ledger::take::run_limit::RunLimit;
use crate::ledger::take::take_due::{self, Allowed};
use crate::ledger::take::{next_number, survey};

impl Writer {
    /// Makes questions about the numbers after these bills', by row, as far as those are refused or
    /// called `FAILED`.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_next(&self, bills: Vec<i64>, now: i64) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(now, move |tx, run| {
            next_number::take_next(tx, run, &bills, now)
        })
        .await
    }

    /// The refused packets that a ledger which may be behind is still to ask about, by row.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn unwalked(&self, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(now, move |tx, run| {
            unasked::unwalked(tx, tx.behind(), run.campaign, now)
        })
        .await
    }

    /// The refused packets that may be asked about and were not today, by row.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn refused(&self, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(now, move |tx, run| behind::to_ask(tx, run.campaign, now))
            .await
    }

    /// Makes up to `limit` attempts of what is due, durable when this returns.
    ///
    /// # Errors
    /// Where the ledger failed: nothing may be sent any more.
    pub async fn take(
        &self,
        allowed: Allowed,
        now: i64,
        limit: usize,
    ) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(now, move |tx, run| {
            take_due::take(tx, run, allowed, now, limit)
        })
        .await
    }

    /// Limits what is begun from now on, or lifts the limit before; which bills were begun under
    /// that, by row, if it kept them. To be asked while no request is open.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn limit(&self, limit: Option<RunLimit>, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(now, move |_, run| Ok(run.limit_left.set(limit)))
            .await
    }

    /// Whether the limit lets no first send begin any more. While requests are open, one of them
    /// may still come back unsent and make room.
    #[must_use]
    pub fn is_limit_reached(&self) -> bool {
        self.is_limit_reached.load(Ordering::Relaxed)
    }

    /// Makes queries of these bills, by row, as far as they are unsettled; in this process nothing
    /// is sent.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_unsettled(
        &self,
        bills: Vec<i64>,
        now: i64,
    ) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(now, move |tx, run| {
            survey::take_unsettled(tx, run, &bills, now)
        })
        .await
    }

    /// Makes queries of these bills, by row, as far as they are unsettled.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_bills(&self, bills: Vec<i64>, now: i64) -> Result<Vec<Attempt>, LedgerError> {
        self.ask(now, move |tx, run| survey::take_bills(tx, run, &bills, now))
            .await
    }

    /// Makes a query of a number before the campaign's first send; it moves no bill.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn take_probe(&self, number: MchBillno, now: i64) -> Result<Attempt, LedgerError> {
        self.ask(now, move |tx, run| {
            attempt::take_probe(tx, run, number, now)
        })
        .await
    }

    /// The bills that were given up for a new number and are still asked about, by row.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn former(&self, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(now, move |tx, run| lineage::to_ask(tx, run.campaign, now))
            .await
    }
}
