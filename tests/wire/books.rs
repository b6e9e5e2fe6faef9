//! What the server knows: every order with its payments, every request with the second it came.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::case::{Part, Position};
use super::document::{About, Action, Document, Says, fields_of, sign};
use super::fault::{Expected, Fault};

/// No number is sent again sooner, counted from the end of the last request.
const REST: Duration = Duration::from_secs(1);

/// One number.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) openid: String,
    pub(crate) fen: u64,
    pub(crate) payments: u32,
    pub(crate) sends: u32,
    pub(crate) queries: u32,
    /// Whether the fault of its part was played.
    pub(crate) met: Option<Met>,
    part: Part,
    /// The first send, but for its sign.
    unsigned: Option<String>,
    last_send: Instant,
}

/// Which request met the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) action: Action,
    /// Counted among the requests of its kind, from 0.
    pub(crate) nth: u32,
}

/// Everything that was seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    pub(crate) orders: BTreeMap<String, Order>,
    /// Queries about numbers that were not sent yet.
    pub(crate) checks: u32,
    /// Connections that were dropped although a request may have been on its way in them.
    pub(crate) unread: u32,
    /// What must never be seen, in words.
    pub(crate) wrongs: Vec<String>,
    /// The most that was written of an endless reply.
    pub(crate) flood: usize,
    /// Connections that met a closed or false door.
    pub(crate) at_the_door: u32,
}

/// What to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Honest,
    Say(Says),
    Fault(Fault),
}

/// The account, behind a lock, and what the case wants of each packet.
pub(crate) struct Books {
    position: Position,
    parts: BTreeMap<String, Part>,
    account: Mutex<Account>,
}

impl Books {
    pub(crate) fn new(position: Position, parts: BTreeMap<String, Part>) -> Books {
        Books {
            position,
            parts,
            account: Mutex::default(),
        }
    }

    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap()
    }

    /// A request whose number is known; the rest of it may still be on its way.
    pub(crate) fn arrives(&self, action: Action, number: &str, openid: &str) -> Turn {
        let mut account = self.account();
        if action == Action::Query && !account.orders.contains_key(number) {
            account.checks += 1;
            return Turn::Honest;
        }
        let order = account.orders.entry(number.to_owned());
        let order = order.or_insert_with(|| self.order(openid));
        let hasty = action == Action::Send && order.sends > 0 && order.last_send.elapsed() < REST;
        match action {
            Action::Send => {
                order.sends += 1;
                order.last_send = Instant::now();
            }
            Action::Query => order.queries += 1,
        }
        let turn = order.turn(self.position, action);
        if hasty {
            account
                .wrongs
                .push(format!("{number} was sent again within a second"));
        }
        turn
    }

    fn order(&self, openid: &str) -> Order {
        Order {
            openid: openid.to_owned(),
            fen: 0,
            payments: 0,
            sends: 0,
            queries: 0,
            met: None,
            part: self.parts[openid],
            unsigned: None,
            last_send: Instant::now(),
        }
    }

    /// A whole request; gives what there is to say about it.
    pub(crate) fn carry_out(&self, action: Action, turn: Turn, body: &str) -> Document {
        let fields = fields_of(body);
        let value = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        let mut account = self.account();
        if value("sign") != sign(&fields) {
            account.wrongs.push(format!("a wrong sign: {body}"));
        }
        let number = value("mch_billno");
        let Account { orders, wrongs, .. } = &mut *account;
        let Some(order) = orders.get_mut(&number) else {
            let about = About {
                number,
                openid: String::new(),
                fen: 0,
            };
            return Document::new(action, Says::NotFound, &about);
        };
        if action == Action::Send {
            let unsigned = body.split("<sign>").next().unwrap().to_owned();
            let first = order.unsigned.get_or_insert_with(|| unsigned.clone());
            if *first != unsigned {
                wrongs.push(format!("{number} was sent with other bytes: {body}"));
            }
            order.fen = value("total_amount").parse().unwrap();
            order.pay(turn);
        }
        let about = About {
            number,
            openid: order.openid.clone(),
            fen: order.fen,
        };
        Document::new(action, order.says(action, turn), &about)
    }
}

impl Order {
    /// The place of this request in the number's life decides.
    fn turn(&mut self, position: Position, action: Action) -> Turn {
        let (sends, queries) = (self.sends, self.queries);
        let is_the_one = match (position, action) {
            (Position::FirstSend, Action::Send) => sends == 1,
            (Position::Resend, Action::Send) => sends == 2,
            (Position::Query | Position::QueryOfProcessing, Action::Query) => queries == 1,
            _ => false,
        };
        if is_the_one {
            let Some(fault) = self.part.fault else {
                return Turn::Honest;
            };
            let nth = if action == Action::Send {
                sends
            } else {
                queries
            } - 1;
            self.met = Some(Met { action, nth });
            return Turn::Fault(fault);
        }
        match (position, action) {
            (Position::Resend, Action::Send) if sends == 1 => Turn::Say(Says::SystemError),
            // Where a query was lost unread with its connection, a send comes before the next one.
            (Position::Query, Action::Send) if sends <= 2 || self.waits_for_its_fault() => {
                Turn::Say(Says::SystemError)
            }
            (Position::QueryOfProcessing, Action::Send) if sends == 1 => {
                Turn::Say(Says::Processing)
            }
            _ => Turn::Honest,
        }
    }

    fn waits_for_its_fault(&self) -> bool {
        self.part.fault.is_some() && self.met.is_none()
    }

    /// Pays where this request is one that pays.
    fn pay(&mut self, turn: Turn) {
        let pays = match turn {
            Turn::Honest => true,
            Turn::Fault(fault) => match fault.expected(Action::Send) {
                Expected::Believed | Expected::Either => true,
                Expected::Doubted | Expected::LeftToAPerson => self.part.is_paid,
            },
            Turn::Say(_) => self.part.is_paid,
        };
        if pays && self.payments == 0 {
            self.payments = 1;
        }
    }

    /// What the reply says, truth or lie.
    fn says(&self, action: Action, turn: Turn) -> Says {
        let is_paid = self.payments > 0;
        let truth = if is_paid { Says::Paid } else { Says::NotFound };
        match turn {
            Turn::Honest => truth,
            Turn::Say(says) => says,
            Turn::Fault(fault) if fault.lies(action) && is_paid => Says::Refused,
            Turn::Fault(fault) => match fault.expected(action) {
                Expected::Believed | Expected::Either => truth,
                Expected::Doubted | Expected::LeftToAPerson => Says::Paid,
            },
        }
    }
}
