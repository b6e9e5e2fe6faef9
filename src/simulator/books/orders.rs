//! The orders and what they add up to, built from entries and from nothing else.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound::{Excluded, Unbounded};

use serde::Serialize;

use super::claims::{ClaimRules, Status};
use super::entry::{BookEntry, Payment, Refusal, Taking};
use super::packed::PackedFields;

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The merchant's number.
    pub mch_billno: String,
    /// The recipient.
    pub openid: String,
    /// How much.
    pub amount_fen: u64,
    /// Every field of the first request but `sign`.
    pub fields: PackedFields,
    /// When the number was first seen.
    pub taken_ms: i64,
    /// Its outcome.
    pub standing: OrderStanding,
    /// How often money moved under this number.
    pub payments: u32,
    /// The number of the red packet.
    pub send_listid: String,
    /// The mini-program opens the packet with it; empty while unpaid.
    pub package: String,
}

/// The outcome of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStanding {
    /// Nothing yet. Only a torn books file leaves an order here.
    Taken,
    /// Paid.
    Paid {
        /// When.
        paid_ms: i64,
        /// When a query begins to say SENT.
        issued_ms: i64,
    },
    /// Refused.
    Refused(Refusal),
}

impl Order {
    fn taken(taking: &Taking, openid: String, amount_fen: u64) -> Order {
        Order {
            mch_billno: taking.mch_billno.clone(),
            openid,
            amount_fen,
            fields: taking.fields.clone(),
            taken_ms: taking.at_ms,
            standing: OrderStanding::Taken,
            payments: 0,
            send_listid: taking.send_listid.clone(),
            package: String::new(),
        }
    }

    fn pay(&mut self, payment: &Payment) {
        self.payments += 1;
        self.package.clone_from(&payment.package);
        self.standing = OrderStanding::Paid {
            paid_ms: payment.at_ms,
            issued_ms: payment.issued_ms,
        };
    }

    /// The number of the red packet that was paid last, where one number paid several.
    #[must_use]
    pub fn last_listid(&self) -> String {
        let again = self.payments.saturating_sub(1);
        if again == 0 {
            return self.send_listid.clone();
        }
        let kept = self.send_listid.len().saturating_sub(2);
        format!("{}{again:02}", &self.send_listid[..kept])
    }

    /// Whether money moved.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.payments > 0
    }

    /// The status in a query at `now_ms`.
    #[must_use]
    pub fn status(&self, claims: &ClaimRules, now_ms: i64) -> Status {
        match self.standing {
            OrderStanding::Paid { issued_ms, .. } if now_ms >= issued_ms => {
                claims.status(&self.mch_billno, issued_ms, now_ms)
            }
            OrderStanding::Refused(ref refusal) if now_ms >= refusal.fails_at_ms => Status::Failed,
            OrderStanding::Taken | OrderStanding::Paid { .. } | OrderStanding::Refused(_) => {
                Status::Sending
            }
        }
    }
}

/// All orders, with the sums that the limits and the balance are checked against.
#[derive(Debug, Clone, Default)]
pub(in crate::simulator) struct Orders {
    // Boxed: an insertion moves what stands after it.
    by_number: BTreeMap<String, Box<Order>>,
    user_days: HashMap<String, Day>,
    merchant_day: Day,
    /// All payments.
    pub(in crate::simulator) paid: Day,
    /// Requests about a known number with other parameters.
    pub(in crate::simulator) clashes: u64,
    /// Money put into the account.
    pub(in crate::simulator) topped_up_fen: u64,
}

/// Payments of one Beijing day, counted from 1970.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::simulator) struct Day {
    date: i64,
    /// How many packets.
    pub(in crate::simulator) packets: u64,
    /// How much money.
    pub(in crate::simulator) fen: u64,
}

impl Day {
    fn add(&mut self, fen: u64) {
        self.packets += 1;
        self.fen += fen;
    }

    fn on(self, date: i64) -> Day {
        if self.date == date {
            return self;
        }
        Day {
            date,
            ..Day::default()
        }
    }
}

/// A day of any time zone without summer time.
pub(in crate::simulator) const DAY_MS: i64 = 86_400_000;

/// The Beijing day, counted from 1970.
pub(in crate::simulator) fn beijing_day(at_ms: i64) -> i64 {
    (at_ms + 8 * 3_600_000).div_euclid(DAY_MS)
}

impl Orders {
    /// The order under this number.
    pub(in crate::simulator) fn get(&self, mch_billno: &str) -> Option<&Order> {
        self.by_number.get(mch_billno).map(Box::as_ref)
    }

    /// Some other order: the next one by number, and after the last the first.
    pub(in crate::simulator) fn another(&self, mch_billno: &str) -> Option<&Order> {
        let after = self
            .by_number
            .range::<str, _>((Excluded(mch_billno), Unbounded));
        after
            .chain(self.by_number.iter())
            .map(|(_, order)| order.as_ref())
            .find(|order| order.mch_billno != mch_billno)
    }

    /// Every order by number.
    pub(in crate::simulator) fn all(&self) -> &BTreeMap<String, Box<Order>> {
        &self.by_number
    }

    /// The user's payments on the Beijing day of `now_ms`.
    pub(in crate::simulator) fn user_day(&self, openid: &str, now_ms: i64) -> Day {
        let last = self.user_days.get(openid).copied().unwrap_or_default();
        last.on(beijing_day(now_ms))
    }

    /// The merchant's payments on the Beijing day of `now_ms`.
    pub(in crate::simulator) fn merchant_day(&self, now_ms: i64) -> Day {
        self.merchant_day.on(beijing_day(now_ms))
    }

    /// Takes one entry into account.
    pub(in crate::simulator) fn apply(&mut self, entry: &BookEntry) {
        match entry {
            BookEntry::Order(taking) => self.take(taking),
            BookEntry::Payment(payment) => self.pay(payment),
            BookEntry::Refusal(refusal) => {
                // Money that moved stays moved, whatever is said of its number later.
                if let Some(order) = self.by_number.get_mut(&refusal.mch_billno)
                    && !order.is_paid()
                {
                    order.standing = OrderStanding::Refused(refusal.clone());
                }
            }
            BookEntry::Clash { .. } => self.clashes += 1,
            BookEntry::TopUp { fen } => self.topped_up_fen += fen,
        }
    }

    /// Forgets orders without an outcome. Entries reach the file before an answer leaves, so
    /// the clients of these were never answered, and for them the orders never happened.
    pub(in crate::simulator) fn forget_unanswered(&mut self) {
        self.by_number
            .retain(|_, order| order.standing != OrderStanding::Taken);
    }

    /// Takes a new number and its payment into account at once: what applying both entries does.
    pub(in crate::simulator) fn take_paid(&mut self, taking: &Taking, payment: &Payment) {
        let mut order = Order::taken(taking, payment.openid.clone(), payment.amount_fen);
        order.pay(payment);
        self.insert(order);
        self.add(payment);
    }

    fn take(&mut self, taking: &Taking) {
        let openid = taking.fields.value("re_openid");
        let amount_fen = taking.fields.value("total_amount").parse();
        self.insert(Order::taken(taking, openid, amount_fen.unwrap_or(0)));
    }

    fn pay(&mut self, payment: &Payment) {
        if let Some(order) = self.by_number.get_mut(&payment.mch_billno) {
            order.pay(payment);
        }
        self.add(payment);
    }

    fn insert(&mut self, order: Order) {
        let number = order.mch_billno.clone();
        self.by_number.insert(number, Box::new(order));
    }

    fn add(&mut self, payment: &Payment) {
        let today = beijing_day(payment.at_ms);
        let user_day = self.user_days.entry(payment.openid.clone()).or_default();
        *user_day = user_day.on(today);
        user_day.add(payment.amount_fen);
        self.merchant_day = self.merchant_day.on(today);
        self.merchant_day.add(payment.amount_fen);
        self.paid.add(payment.amount_fen);
    }
}
