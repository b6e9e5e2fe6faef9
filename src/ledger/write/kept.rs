//! Jobs that keep something.

use std::collections::BTreeMap;

use super::writer::Writer;
use crate::domain::ids::MchBillno;
use crate::ledger::decide::pause;
use crate::ledger::decide::reissue::{self, Reissued, Wanted};
use crate::ledger::decide::withdraw::{self, TakeBack, TakenBack};
use crate::ledger::fault::LedgerError;
use crate::ledger::read::campaign::Pause;
use crate::ledger::read::to_ask::{BEGUN, ENDED};
use crate::ledger::record::{behind, denied, excuse, recover};
use crate::ledger::take::approved::Approved;
use crate::ledger::take::defer;
use crate::words::note;

impl Writer {
    /// Keeps that WeChat Pay knows a number that this ledger never sent, and when it was sent if it
    /// says so: the ledger may be behind.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn notice(
        &self,
        (number, sent): (MchBillno, Option<i64>),
        now: i64,
    ) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            behind::notice(tx, run.campaign, (now, sent), number.as_str())
        })
        .await
    }

    /// Whether the ledger may still be behind the truth: it is not once each packet is settled, or
    /// was sent after its own question.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn is_behind(&self, now: i64) -> Result<bool, LedgerError> {
        self.ask(now, move |tx, run| behind::catch_up(tx, run.campaign, now))
            .await
    }

    /// The packets that a daily cap wants an answer about, by row: another ledger may have sent
    /// them today. None where the caps would hold if it had sent them all.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn unasked_for_caps(&self, now: i64) -> Result<Vec<i64>, LedgerError> {
        self.ask(now, move |tx, run| defer::to_ask(tx, run, now))
            .await
    }

    /// The packets of other campaigns that count for the caps as sent today, since nobody asked
    /// about them: how many of each.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn counted_elsewhere(&self, now: i64) -> Result<BTreeMap<String, u64>, LedgerError> {
        self.ask(now, move |tx, run| defer::counted_elsewhere(tx, run, now))
            .await
    }

    /// Gives packets new numbers, as far as they are free; durable when this returns.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn reissue(&self, wanted: Wanted, now: i64) -> Result<Vec<Reissued>, LedgerError> {
        self.ask(now, move |tx, run| {
            reissue::reissue(tx, (run.campaign, &run.rules), &wanted, now)
        })
        .await
    }

    /// Takes packets back, as far as they were never on the wire; durable when this returns.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn withdraw(&self, wanted: TakeBack, now: i64) -> Result<TakenBack, LedgerError> {
        self.ask(now, move |tx, run| {
            withdraw::withdraw(tx, run, &wanted, now)
        })
        .await
    }

    /// Keeps that the refusals of these bills, by row, accuse the set-up: they are sent once more.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn excuse(&self, bills: Vec<i64>, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            excuse::excuse(tx, run.campaign, &bills, now)
        })
        .await
    }

    /// Calls in doubt what a dead process left open; how many attempts that were.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn recover(&self, now: i64) -> Result<u64, LedgerError> {
        self.ask(now, move |tx, run| {
            recover::recover(tx, run.campaign, &run.rules, now)
        })
        .await
    }

    /// Keeps that a reconciliation begins: the next one goes on with it unless it comes to its end.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn reconciling(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| tx.note(run.campaign, BEGUN, now, None))
            .await
    }

    /// Keeps that it has come to its end, and how many packets WeChat Pay denies that replies had
    /// accepted.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn reconciled(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            let denied = denied::count(tx, run.campaign)?;
            let note = (denied > 0).then(|| note::denied(denied).en);
            tx.note(run.campaign, ENDED, now, note.as_deref())
        })
        .await
    }

    /// Keeps that WeChat Pay was asked about the campaign's numbers.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn numbers_checked(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            pause::numbers_checked(tx, run.campaign, now)
        })
        .await
    }

    /// Pauses the campaign, on record, and keeps of these bills, by row, that their refusals accuse
    /// the set-up: they are sent once more.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn pause(&self, pause: Pause, excused: Vec<i64>) -> Result<(), LedgerError> {
        self.ask(pause.at, move |tx, run| {
            excuse::excuse(tx, run.campaign, &excused, pause.at)?;
            pause::pause(tx, run.campaign, &pause)
        })
        .await
    }

    /// Forgets a person's word that the clock is right: it is good for one run.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn forget_clock_word(&self, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            pause::clock_word_used(tx, run.campaign, now)
        })
        .await
    }

    /// Keeps that a daily limit of the merchant ends at `until`.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn defer(&self, until: i64, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |tx, run| {
            defer::defer_all(tx, run.campaign, (until, now), None)
        })
        .await
    }

    /// The people of these campaigns are to be paid again, by second sends too; `all` stands for
    /// every campaign.
    ///
    /// # Errors
    /// Where the ledger failed.
    pub async fn pay_again(&self, campaigns: Vec<String>, now: i64) -> Result<(), LedgerError> {
        self.ask(now, move |_, run| {
            *run.pay_again.borrow_mut() = campaigns;
            Ok(())
        })
        .await
    }

    /// From now on only these packets are sent. Once said, it stands.
    pub fn send_only(&self, approved: Approved) {
        let _ = self.approved.set(approved);
    }
}
