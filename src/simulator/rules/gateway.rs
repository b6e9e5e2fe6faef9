//! The gateway's books while it works, and its settings. Its answers stand in `requests`.

use std::path::Path;

use super::books::{Booked, Books};
use super::settings::Settings;
use super::traffic::Traffic;
use crate::simulator::books::entry::{BookEntry, Payment, Taking};
use crate::simulator::books::journal;
use crate::simulator::books::orders::{Order, Orders};
use crate::simulator::error::SimulatorError;

/// A stand-in for WeChat Pay: its rules, its faults and its books.
#[derive(Debug, Clone)]
pub struct Gateway {
    pub(in crate::simulator) settings: Settings,
    pub(in crate::simulator) orders: Orders,
    pub(in crate::simulator) traffic: Traffic,
    unwritten: Vec<BookEntry>,
}

impl Gateway {
    /// A gateway with empty books.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Gateway::reopened(settings, &[])
    }

    /// A gateway that goes on where these entries ended.
    #[must_use]
    pub fn reopened(settings: Settings, entries: &[BookEntry]) -> Self {
        let mut orders = Orders::default();
        for entry in entries {
            orders.apply(entry);
        }
        orders.forget_unanswered();
        Gateway {
            settings,
            orders,
            traffic: Traffic::default(),
            unwritten: Vec::new(),
        }
    }

    /// The gateway that wrote these books, whether or not it still runs, as it is by default.
    ///
    /// # Errors
    /// Where the file cannot be read or a whole line of it is not an entry.
    pub fn read(path: &Path) -> Result<Gateway, SimulatorError> {
        let entries = journal::read_file(path)?;
        Ok(Gateway::reopened(Settings::default(), &entries))
    }

    /// The settings, to be changed at run time.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Puts money into the merchant's account.
    pub fn top_up(&mut self, fen: u64) {
        self.book(BookEntry::TopUp { fen });
    }

    /// The entries made since the last call. They must be kept before the reply is delivered.
    pub fn take_entries(&mut self) -> Vec<BookEntry> {
        std::mem::take(&mut self.unwritten)
    }

    /// A copy of the books as they stand at `now_ms`.
    #[must_use]
    pub fn books(&self, now_ms: i64) -> Books {
        let booked = |order: &Order| {
            let booked = Booked {
                status: order.status(&self.settings.claims, now_ms),
                requests: self.traffic.about(&order.mch_billno),
                order: order.clone(),
            };
            (order.mch_billno.clone(), booked)
        };
        let orders = self.orders.all().values().map(Box::as_ref);
        Books {
            at_ms: now_ms,
            orders: orders.map(booked).collect(),
            paid_packets: self.orders.paid.packets,
            paid_fen: self.orders.paid.fen,
            balance_fen: self.balance_fen(),
            clashes: self.orders.clashes,
            counters: self.traffic.counters.clone(),
            arrivals_ms: self.traffic.arrivals_ms.clone(),
        }
    }

    /// The balance of the account.
    pub(super) fn balance_fen(&self) -> Option<u64> {
        let opening = self.settings.balance_fen?;
        let held = opening.saturating_add(self.orders.topped_up_fen);
        Some(held.saturating_sub(self.orders.paid.fen))
    }

    /// Makes the two entries of a number that is new and paid at once.
    pub(super) fn book_paid(&mut self, taking: Taking, payment: Payment) {
        self.orders.take_paid(&taking, &payment);
        let entries = [BookEntry::Order(taking), BookEntry::Payment(payment)];
        self.unwritten.extend(entries);
    }

    /// Makes an entry.
    pub(super) fn book(&mut self, entry: BookEntry) {
        self.orders.apply(&entry);
        self.unwritten.push(entry);
    }
}

impl Books {
    /// Reads the books a simulator wrote, whether or not it still runs. Requests are not
    /// written down; the orders, the payments and the clashes are.
    ///
    /// # Errors
    /// Where the file cannot be read or a whole line of it is not an entry.
    pub fn read(path: &Path, now_ms: i64) -> Result<Books, SimulatorError> {
        Ok(Gateway::read(path)?.books(now_ms))
    }
}
