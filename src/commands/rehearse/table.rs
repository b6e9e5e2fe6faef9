//! The report beside the gateway's books, state by state.

use super::claim::Claim;
use super::compare::Compared;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::words::{Part, Words, both, rehearse as words};

/// One line of the comparison: what the report says and what the gateway's books say of the
/// same packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TableLine {
    pub(super) count: u64,
    pub(super) fen: u64,
    pub(super) paid_count: u64,
    pub(super) paid_fen: u64,
}

/// The report's packets by state, with what the gateway's books say of the same packets.
pub(super) fn lines(compared: &Compared) -> Vec<(State, TableLine)> {
    let mut lines: Vec<(State, TableLine)> = Vec::new();
    for state in State::ALL {
        let mut line = TableLine::default();
        for claim in compared
            .claims
            .iter()
            .filter(|it| it.state() == Some(state))
        {
            line.count += 1;
            line.fen += claim.amount_fen;
            if let Some(booked) = compared.books.orders.get(&claim.mch_billno) {
                let payments = u64::from(booked.order.payments);
                line.paid_count += payments;
                line.paid_fen += payments * booked.order.amount_fen;
            }
        }
        if line.count > 0 {
            lines.push((state, line));
        }
    }
    lines
}

/// Both sides, in words.
pub(super) fn table(compared: &Compared) -> Vec<Words> {
    let (lines, refusals) = (lines(compared), refusals(compared));
    let report = both("your report", "您的报表");
    let books = both("paid in the gateway's books", "网关账簿中已付");
    let (packets, yuan) = (both("packets", "红包"), both("yuan", "元"));
    let mut told = vec![
        words::sides(report, books),
        words::columns(both("state", "状态"), packets, yuan),
    ];
    let mut sum = TableLine::default();
    for (state, line) in &lines {
        told.push(line.words(*state, note(*state, &refusals)));
        sum = TableLine {
            count: sum.count + line.count,
            fen: sum.fen + line.fen,
            paid_count: sum.paid_count + line.paid_count,
            paid_fen: sum.paid_fen + line.paid_fen,
        };
    }
    let books = &compared.books;
    let strange = TableLine {
        paid_count: books.paid_packets.saturating_sub(sum.paid_count),
        paid_fen: books.paid_fen.saturating_sub(sum.paid_fen),
        ..TableLine::default()
    };
    if strange.paid_count > 0 {
        told.push(strange.words(both("unknown", "未知"), Some(words::strange())));
    }
    (sum.paid_count, sum.paid_fen) = (books.paid_packets, books.paid_fen);
    told.push(sum.words(both("all", "合计"), None));
    told
}

impl TableLine {
    fn words(&self, what: impl Part, note: Option<Words>) -> Words {
        let (fen, paid_fen) = (Fen::new(self.fen), Fen::new(self.paid_fen));
        words::line(what, self.count, fen, self.paid_count, paid_fen, note)
    }
}

fn note(state: State, refusals: &str) -> Option<Words> {
    match state {
        State::Refused => Some(words::refused(refusals)),
        State::InDoubt | State::Processing | State::Review => Some(words::open()),
        State::Ready => Some(words::held_back()),
        State::InFlight
        | State::Sent
        | State::Received
        | State::Refunding
        | State::Refunded
        | State::Withdrawn => None,
    }
}

/// The codes of the refused packets, and how many have each.
fn refusals(compared: &Compared) -> String {
    let claims = compared.claims.iter();
    let refused = claims.filter(|claim| claim.state() == Some(State::Refused));
    let code = |claim: &Claim| {
        claim
            .err_code
            .clone()
            .unwrap_or_else(|| "no code".to_owned())
    };
    let codes: Vec<String> = refused.map(code).collect();
    let counted = counted(&codes);
    let words: Vec<String> = counted
        .iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect();
    words.join(", ")
}

/// Each text once, in the order of its first time, and how often it came.
pub(super) fn counted(texts: &[String]) -> Vec<(&str, u64)> {
    let mut counted: Vec<(&str, u64)> = Vec::new();
    for text in texts {
        match counted.iter_mut().find(|(known, _)| known == text) {
            Some((_, times)) => *times += 1,
            None => counted.push((text, 1)),
        }
    }
    counted
}
