//! The gateway without its wires: a request's bytes and the time go in, a reply comes out.
//!
//! It knows no socket, clock or dice of the machine, so a whole campaign can be replayed
//! against it in virtual time. What it does is decided in this order: the fault that befalls
//! the request, the rate, the XML, the sign, the merchant, the fields, and then the order.

use super::answer::Answer;
use super::books::{Booked, Books};
use super::check::{self, value};
use super::dice::Dice;
use super::entry::Entry;
use super::fault::{Endpoint, FaultName};
use super::orders::Orders;
use super::reply::Reply;
use super::settings::Settings;
use super::sign;
use super::traffic::Traffic;
use super::words;
use super::xml::{self, Fields, NotAFlatDocument};

/// A stand-in for WeChat Pay: its rules, its faults and its books.
#[derive(Debug, Clone)]
pub struct Gateway {
    pub(super) settings: Settings,
    pub(super) orders: Orders,
    pub(super) traffic: Traffic,
    unwritten: Vec<Entry>,
}

impl Gateway {
    /// A gateway with empty books.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Gateway::reopened(settings, &[])
    }

    /// A gateway that goes on where these entries ended.
    #[must_use]
    pub fn reopened(settings: Settings, entries: &[Entry]) -> Self {
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

    /// The settings, to be changed at run time.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Puts money into the merchant's account.
    pub fn top_up(&mut self, fen: u64) {
        self.book(Entry::TopUp { fen });
    }

    /// The entries made since the last call. They must be kept before the reply is delivered.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.unwritten)
    }

    /// Answers one request to `path` that arrived whole at `now_ms`.
    pub fn answer(&mut self, path: &str, body: &[u8], now_ms: i64) -> Reply {
        let endpoint = match path {
            "/mmpaymkttransfers/sendminiprogramhb" => Endpoint::Send,
            "/mmpaymkttransfers/gethbinfo" => Endpoint::Query,
            _ => return Reply::page(404),
        };
        let fields = xml::read(body);
        let fault = self.fault(endpoint, fields.as_ref().ok(), now_ms);
        if let Some(reply) = fault.and_then(FaultName::instead) {
            return reply;
        }
        let answer = match self.admit(endpoint, fields, now_ms) {
            Ok(fields) => self.carry_out((endpoint, fault), fields, now_ms),
            Err(refusal) => refusal,
        };
        let reply = Reply::from(answer);
        match fault {
            Some(fault) => fault.upon(reply, self.settings.late_ms),
            None => reply,
        }
    }

    /// A copy of the books as they stand at `now_ms`.
    #[must_use]
    pub fn books(&self, now_ms: i64) -> Books {
        let booked = |(number, order): (&String, &super::orders::Order)| {
            let booked = Booked {
                status: order.status(&self.settings.claims, now_ms),
                requests: self.traffic.about(number),
                order: order.clone(),
            };
            (number.clone(), booked)
        };
        Books {
            at_ms: now_ms,
            orders: self.orders.all().iter().map(booked).collect(),
            paid_packets: self.orders.paid.packets,
            paid_fen: self.orders.paid.fen,
            balance_fen: self.balance_fen(),
            clashes: self.orders.clashes,
            counters: self.traffic.counters.clone(),
            arrivals_ms: self.traffic.arrivals_ms.clone(),
        }
    }

    /// What is left in the account.
    pub(super) fn balance_fen(&self) -> Option<u64> {
        let opening = self.settings.balance_fen?;
        let held = opening.saturating_add(self.orders.topped_up_fen);
        Some(held.saturating_sub(self.orders.paid.fen))
    }

    /// Makes an entry.
    pub(super) fn book(&mut self, entry: Entry) {
        self.orders.apply(&entry);
        self.unwritten.push(entry);
    }

    /// The fault that befalls a request. It depends on the seed, the number and how often that
    /// number was asked about, and not on the order in which requests arrive: the same campaign
    /// meets the same faults however its workers are scheduled.
    fn fault(
        &mut self,
        endpoint: Endpoint,
        fields: Option<&Fields>,
        now_ms: i64,
    ) -> Option<FaultName> {
        let number = fields.map_or("", |fields| value(fields, "mch_billno"));
        let earlier = self.traffic.note(endpoint, number, now_ms);
        let openid = fields.map_or("", |fields| value(fields, "re_openid"));
        let scripted = self.settings.scripted_faults.get_mut(openid);
        if let Some(fault) = scripted.and_then(std::collections::VecDeque::pop_front) {
            return Some(fault);
        }
        let (kind, faults) = match (endpoint, &self.settings.query_faults) {
            (Endpoint::Send, _) => ("send", &self.settings.faults),
            (Endpoint::Query, None) => ("query", &self.settings.faults),
            (Endpoint::Query, Some(own)) => ("query", own),
        };
        let words = [kind, number, &earlier.to_string()];
        faults.draw(endpoint, &mut Dice::about(self.settings.seed, &words))
    }

    /// Everything that is checked before the endpoint's own fields.
    fn admit(
        &mut self,
        endpoint: Endpoint,
        fields: Result<Fields, NotAFlatDocument>,
        now_ms: i64,
    ) -> Result<Fields, Answer> {
        if !self.traffic.admit(self.settings.limits.per_second, now_ms) {
            return Err(Answer::refusal("FREQ_LIMIT"));
        }
        let fields = fields.map_err(|NotAFlatDocument| Answer::refusal("XML_ERROR"))?;
        if !sign::is_right(&fields, &self.settings.api_key) {
            return Err(Answer::refusal("SIGN_ERROR"));
        }
        match self.settings.merchant_wide.as_deref() {
            Some(code) if endpoint == Endpoint::Send || words::meets_queries(code) => {
                Err(merchant_wide(code))
            }
            Some(_) | None => Ok(fields),
        }
    }

    fn carry_out(
        &mut self,
        (endpoint, fault): (Endpoint, Option<FaultName>),
        fields: Fields,
        now_ms: i64,
    ) -> Answer {
        match endpoint {
            Endpoint::Send => match check::send(fields, &self.settings) {
                Ok(ask) => self.send(&ask, fault, now_ms),
                Err(refusal) => refusal,
            },
            Endpoint::Query => match check::query(&fields, &self.settings) {
                Ok(number) => self.query(&fields, &number, fault, now_ms),
                Err(refusal) => refusal,
            },
        }
    }
}

fn merchant_wide(code: &str) -> Answer {
    match code {
        "NO_AUTH" => Answer::refusal_saying(code, words::NO_AUTH_ADDRESS),
        _ => Answer::refusal(code),
    }
}
