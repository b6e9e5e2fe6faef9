//! The ledger's claims against the server's books.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::books::{Account, Met, Order};
use super::campaign::Campaign;
use super::case::Case;
use super::document::Action;
use super::fault::{Expected, Fault};
use crate::support::rows;

/// What the ledger holds of one packet.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) openid: String,
    fen: u64,
    pub(crate) state: String,
    has_package: bool,
    /// The answers of its sends and of its queries, in order, those that never left not among
    /// them.
    sends: Vec<String>,
    queries: Vec<String>,
}

/// What the ledger holds.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) by_number: BTreeMap<String, Claim>,
    /// Queries before the first send that left.
    checks: u32,
    /// Attempts that never left.
    pub(crate) not_sent: u32,
}

impl Claims {
    pub(crate) fn read(campaign: &Campaign) -> Claims {
        let ledger = Connection::open(campaign.ledger()).unwrap();
        let mut claims = Claims {
            by_number: bills(&ledger),
            checks: 0,
            not_sent: 0,
        };
        let sql = "SELECT b.mch_billno, a.action, a.answer FROM attempt a
             LEFT JOIN bill b ON b.bill = a.bill ORDER BY a.attempt";
        let mut statement = ledger.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let number: Option<String> = row.get(0).unwrap();
            let action: String = row.get(1).unwrap();
            let answer: Option<String> = row.get(2).unwrap();
            claims.add(number, &action, answer.expect("no attempt is left open"));
        }
        claims
    }

    fn add(&mut self, number: Option<String>, action: &str, answer: String) {
        match (number, action) {
            (_, _) if answer == "not_sent" => self.not_sent += 1,
            (None, _) => self.checks += 1,
            (Some(number), action) => {
                let claim = self.by_number.get_mut(&number).unwrap();
                let answers = if action == "send" {
                    &mut claim.sends
                } else {
                    &mut claim.queries
                };
                answers.push(answer);
            }
        }
    }

    pub(crate) fn count(&self, state: &str) -> usize {
        let is_so = |claim: &&Claim| claim.state == state;
        self.by_number.values().filter(is_so).count()
    }
}

fn bills(ledger: &Connection) -> BTreeMap<String, Claim> {
    let sql = "SELECT b.mch_billno, b.openid, b.amount_fen, b.state, r.package IS NOT NULL
         FROM bill b LEFT JOIN receipt r ON r.bill = b.bill";
    let mut statement = ledger.prepare(sql).unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        let claim = Claim {
            openid: row.get(1)?,
            fen: row.get(2)?,
            state: row.get(3)?,
            has_package: row.get(4)?,
            sends: Vec::new(),
            queries: Vec::new(),
        };
        Ok((row.get(0)?, claim))
    };
    let bills = statement.query_map([], read).unwrap();
    bills.map(Result::unwrap).collect()
}

/// What both sides say, and every way in which they disagree.
pub(crate) struct Comparison<'a> {
    case: &'a Case,
    claims: &'a Claims,
    account: &'a Account,
    pub(crate) wrongs: Vec<String>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn of(case: &'a Case, claims: &'a Claims, account: &'a Account) -> Self {
        let mut comparison = Comparison {
            case,
            claims,
            account,
            wrongs: account.wrongs.clone(),
        };
        comparison.money();
        comparison.rows();
        comparison.owed();
        comparison
    }

    fn check(&mut self, is_right: bool, says: impl FnOnce() -> String) {
        if !is_right {
            self.wrongs.push(says());
        }
    }

    /// `sent` means paid, to the right person and to the fen; `ready` means not paid; and no
    /// fault is a refusal.
    fn money(&mut self) {
        let claims = self.claims;
        for (number, claim) in &claims.by_number {
            let order = self.account.orders.get(number);
            let payments = order.map_or(0, |order| order.payments);
            let is_right = match claim.state.as_str() {
                "sent" => payments == 1 && order.is_some_and(|order| is_same(order, claim)),
                "ready" => payments == 0,
                "in_doubt" | "processing" | "review" => payments <= 1,
                _ => false,
            };
            self.check(is_right, || format!("paid {payments} times: {claim:?}"));
        }
        let strange = |number: &&String| !claims.by_number.contains_key(*number);
        let strangers: Vec<_> = self.account.orders.keys().filter(strange).collect();
        self.check(strangers.is_empty(), || {
            format!("numbers of nobody: {strangers:?}")
        });
    }

    /// Each request on the wire has one row. A row without a request is marked as not sent, or
    /// its connection was dropped with whatever was in it.
    fn rows(&mut self) {
        // A question about a number whose order was never read is one about nothing to the server.
        let mut unseen = i64::from(self.claims.checks) - i64::from(self.account.checks);
        let mut losers = Vec::new();
        for (number, claim) in &self.claims.by_number {
            let order = self.account.orders.get(number);
            let seen = order.map_or((0, 0), |order| (order.sends, order.queries));
            let rows = [claim.sends.len(), claim.queries.len()];
            let [sends, queries] = rows.map(|rows| u32::try_from(rows).unwrap());
            let is_right = sends >= seen.0 && queries >= seen.1;
            self.check(is_right, || format!("{seen:?} requests, and {claim:?}"));
            let lost = sends.saturating_sub(seen.0) + queries.saturating_sub(seen.1);
            if lost > 0 {
                losers.push((self.case.parts()[&claim.openid].fault, claim));
            }
            unseen += i64::from(lost);
        }
        let lost = self.account.unread;
        // In a crowd the system itself drops one that nobody has accepted yet.
        let uncounted = u32::try_from(self.case.in_flight / 16).unwrap();
        self.check((0..=i64::from(lost + uncounted)).contains(&unseen), || {
            format!("{unseen} rows without a request, {lost} dropped unread: {losers:?}")
        });
    }

    fn owed(&mut self) {
        let claims = self.claims.by_number.values();
        let mut claimed: Vec<_> = claims
            .map(|claim| (claim.openid.clone(), claim.fen))
            .collect();
        claimed.sort();
        let owed = rows(self.case.packets.len());
        self.check(claimed == owed, || "the ledger is not the file".to_owned());
    }

    /// After the faults are over: everything is sent with its package, but for what is left to
    /// a person.
    pub(crate) fn settled(&mut self) {
        let action = self.case.position.action();
        for (number, claim) in &self.claims.by_number {
            let order = &self.account.orders.get(number);
            let Some(order) = order else {
                self.wrongs.push(format!("never asked for: {claim:?}"));
                continue;
            };
            let fault = self.case.parts()[&claim.openid].fault;
            let is_left = fault.is_some_and(|it| it.expected(action) == Expected::LeftToAPerson);
            let is_settled = claim.state == "sent" && claim.has_package;
            let is_open = is_left && order.payments == 0 && claim.state == "review";
            let is_right = is_settled || is_open;
            self.check(is_right, || format!("not settled: {claim:?}"));
            if let Some(fault) = fault {
                self.met(fault, order, claim);
            }
        }
    }

    /// The fault was met, and its row says what it should.
    fn met(&mut self, fault: Fault, order: &Order, claim: &Claim) {
        let Some(Met { action, nth }) = order.met else {
            self.wrongs
                .push(format!("{fault:?} was not met: {claim:?}"));
            return;
        };
        let (answers, seen) = match action {
            Action::Send => (&claim.sends, order.sends),
            Action::Query => (&claim.queries, order.queries),
        };
        let [first, seen] = [nth, seen].map(|count| usize::try_from(count).unwrap());
        // Rows of requests that were lost unread stand among them.
        let lost = answers.len().saturating_sub(seen);
        let mut may_be = answers.iter().skip(first).take(1 + lost);
        let is_right = may_be.any(|answer| match fault.expected(action) {
            Expected::Doubted => matches!(answer.as_str(), "in_doubt" | "unclear"),
            Expected::Believed => matches!(answer.as_str(), "accepted" | "sent" | "not_found"),
            Expected::LeftToAPerson => answer == "clash",
            Expected::Either => true,
        });
        self.check(is_right, || {
            format!("{fault:?} in {action:?} {nth} was misunderstood: {claim:?}")
        });
    }
}

fn is_same(order: &Order, claim: &Claim) -> bool {
    order.openid == claim.openid && order.fen == claim.fen
}
