//! What the report says and what the gateway's books say, state by state.

use std::fmt::Write;

use super::Compared;
use super::compare::Claim;
use crate::domain::money::Fen;
use crate::domain::state::State;

/// One line of the comparison: what the report says and what the gateway's books say of the
/// same packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub(super) count: u64,
    pub(super) fen: u64,
    pub(super) paid_count: u64,
    pub(super) paid_fen: u64,
}

/// The report's packets by state, with what the gateway's books say of the same packets.
pub(super) fn lines(compared: &Compared) -> Vec<(State, Line)> {
    let mut lines: Vec<(State, Line)> = Vec::new();
    for state in State::ALL {
        let mut line = Line::default();
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
pub(super) fn table(compared: &Compared) -> String {
    let (lines, refusals) = (lines(compared), refusals(compared));
    let mut words = format!(
        "{:<11}{:>22}{:>33}\n",
        "", "your report", "paid in the gateway's books"
    );
    let (packets, yuan) = ("packets", "yuan");
    let _ = writeln!(
        words,
        "  {:<11}{packets:>9}{yuan:>15}{packets:>15}{yuan:>15}",
        "state"
    );
    let mut sum = Line::default();
    for (state, line) in &lines {
        words.push_str(&row(state.name(), line, &note(*state, &refusals)));
        sum = Line {
            count: sum.count + line.count,
            fen: sum.fen + line.fen,
            paid_count: sum.paid_count + line.paid_count,
            paid_fen: sum.paid_fen + line.paid_fen,
        };
    }
    let books = &compared.books;
    let strange = Line {
        paid_count: books.paid_packets.saturating_sub(sum.paid_count),
        paid_fen: books.paid_fen.saturating_sub(sum.paid_fen),
        ..Line::default()
    };
    if strange.paid_count > 0 {
        words.push_str(&row("unknown", &strange, "paid, and in no report"));
    }
    (sum.paid_count, sum.paid_fen) = (books.paid_packets, books.paid_fen);
    words.push_str(&row("all", &sum, ""));
    words
}

fn row(what: &str, line: &Line, note: &str) -> String {
    let (fen, paid_fen) = (Fen::new(line.fen), Fen::new(line.paid_fen));
    let row = format!(
        "  {what:<11}{:>9}{fen:>15}{:>15}{paid_fen:>15}  {note}",
        line.count, line.paid_count
    );
    format!("{}\n", row.trim_end())
}

fn note(state: State, refusals: &str) -> String {
    match state {
        State::Refused => format!("proven unpaid: {refusals}"),
        State::InDoubt | State::Processing | State::Review => {
            "open, and reported as open".to_owned()
        }
        State::Ready => "a daily cap holds them back".to_owned(),
        State::InFlight | State::Sent | State::Received | State::Refunding | State::Refunded => {
            String::new()
        }
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
