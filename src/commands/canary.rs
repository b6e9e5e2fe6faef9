//! `run --canary N`: the first packets alone, what WeChat Pay says of each, and whether to go on.

use std::io::{IsTerminal, stderr, stdin};

use tokio::sync::oneshot;

use crate::domain::bill::Bill;
use crate::domain::money::Fen;
use crate::domain::outcome::Sighting;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{ReportRow, TallyRow};
use crate::runner::{Ending, Gate, Seen, Shut, verify};
use crate::words::{Words, limits as words};

use super::context::Context;
use super::ending::Ended;
use super::limits::{Limited, Sending};

/// Packets of a canary that are listed.
const LISTED: usize = 20;
/// What goes on, in every language.
const YES: &str = "yes";

/// One packet of a canary.
struct Bird {
    row: ReportRow,
    said: Words,
    is_well: bool,
}

impl Sending<'_> {
    /// Sends what is due within the limits that were typed.
    pub(super) async fn go(&self) -> Result<Ended, Error> {
        match self.limits.canary {
            Some(canary) => self.go_slowly(canary).await,
            None => self.go_on().await,
        }
    }

    async fn go_on(&self) -> Result<Ended, Error> {
        let waited = self.waits()?;
        let ending = self.send(self.limits.bound()).await?;
        let limit = self.limits.flags().trim_start().to_owned();
        let has_begun = self.waits()? != waited;
        Ok(self.ended(ending, limit, has_begun, None))
    }

    async fn go_slowly(&self, canary: u64) -> Result<Ended, Error> {
        let (context, crew) = (self.context, self.crew);
        let ending = self.send(Some(self.limits.first(canary))).await?;
        let bills = crew.writer.bound(None, context.clock.now_ms()).await?;
        if matches!(ending, Ending::Shut(_) | Ending::Unreachable(_)) {
            return Ok(Ended::Ending(ending));
        }
        let linger = context.campaign.retry.linger;
        let seen = verify(crew, bills.clone(), context.in_flight(), linger).await?;
        let birds = birds(self.reader.packets(&bills)?, &seen);
        tell(context, &birds);
        if let Some(cause) = crew.gate.is_shut() {
            return Ok(Ended::Ending(Ending::Shut(cause)));
        }
        let trouble = birds.iter().find(|bird| !bird.is_well);
        let trouble = trouble.map(|bird| bird.row.mch_billno.clone());
        let rows: Vec<ReportRow> = birds.into_iter().map(|bird| bird.row).collect();
        let rest = Sending {
            limits: self.limits.after(&rows),
            ..*self
        };
        let waits = self.waits()?;
        let is_well = trouble.is_none() && !rows.is_empty();
        let may_go_on = is_well && waits.count > 0 && !rest.limits.are_used_up();
        if may_go_on && matches!(ending, Ending::Bounded(_)) && is_terminal() {
            match ask(context, waits, &crew.gate).await {
                Ok(true) => return Box::pin(rest.go_on()).await,
                Ok(false) => {}
                Err(cause) => return Ok(Ended::Ending(Ending::Shut(cause))),
            }
        }
        let limit = format!("--canary {canary}");
        Ok(self.ended(ending, limit, !rows.is_empty(), trouble))
    }

    /// What waits for its first send.
    fn waits(&self) -> Result<TallyRow, Error> {
        Ok(self.context.standing()?.tally.of(State::Ready))
    }

    /// How the run ended, `limit` being what bounded it.
    fn ended(
        &self,
        ending: Ending,
        limit: String,
        has_begun: bool,
        trouble: Option<String>,
    ) -> Ended {
        let owed = match &ending {
            Ending::Bounded(owed) => *owed,
            Ending::Waiting(due) if trouble.is_some() => Some(*due),
            Ending::Finished if trouble.is_some() => None,
            Ending::Waiting(_) | Ending::Finished | Ending::Unreachable(_) | Ending::Shut(_) => {
                return Ended::Ending(ending);
            }
        };
        let too_small = self.limits.amount.filter(|_| !has_begun);
        Ended::Limited(Limited {
            limit,
            flags: if too_small.is_some() {
                self.limits.flags_for_more()
            } else {
                self.limits.flags()
            },
            too_small,
            owed,
            trouble,
        })
    }
}

/// Those in trouble first.
fn birds(rows: Vec<ReportRow>, seen: &Seen) -> Vec<Bird> {
    let bird = |row: ReportRow| {
        let (said, is_well) = match seen.get(&row.bill) {
            // A refusal that leaves no order says more than that there is none.
            Some((_, Sighting::NotFound)) if row.state == State::Refused => (settled(&row), false),
            Some((bill, sighting)) => (said(bill, sighting), is_well(bill, sighting)),
            None => (settled(&row), row.state.is_paid() && row.state.is_final()),
        };
        Bird { row, said, is_well }
    };
    let mut birds: Vec<Bird> = rows.into_iter().map(bird).collect();
    birds.sort_by_key(|bird| bird.is_well);
    birds
}

/// Whether it was paid for sure, and can be opened.
fn is_well(bill: &Bill, sighting: &Sighting) -> bool {
    sighting.is_payment() && bill.state.is_paid() && !bill.is_sent_without_package()
}

fn said(bill: &Bill, sighting: &Sighting) -> Words {
    match sighting {
        Sighting::Sent if bill.is_sent_without_package() => words::unopened(),
        Sighting::Sent => words::sent(),
        Sighting::Received => words::received(),
        Sighting::Refunding | Sighting::Refunded => words::refunded(),
        Sighting::Sending { has_reason: false } => words::sending(),
        Sighting::Sending { has_reason: true } => words::failing(),
        Sighting::Failed => words::failed(),
        Sighting::NotFound => words::not_found(),
        Sighting::Clash => words::clash(),
        Sighting::Throttled | Sighting::Halted | Sighting::NotSent(_) | Sighting::Unclear(_) => {
            words::silent()
        }
    }
}

/// Of a packet that no query can change any more.
fn settled(row: &ReportRow) -> Words {
    match row.err_code.as_deref() {
        Some(code) if row.state == State::Refused => words::refused(code),
        _ => words::settled(row.state),
    }
}

fn tell(context: &Context, birds: &[Bird]) {
    if birds.is_empty() {
        return context.tell(&words::no_canary());
    }
    let amount = birds.iter().map(|bird| bird.row.amount.fen()).sum();
    context.tell(&words::canary(birds.len(), Fen::new(amount)));
    for Bird { row, said, .. } in birds.iter().take(LISTED) {
        let number = row.mch_billno.as_str();
        context.tell(&words::packet(number, row.amount, said.clone()));
    }
    if birds.len() > LISTED {
        context.tell(&words::more(birds.len() - LISTED));
    }
    let trouble = birds.iter().filter(|bird| !bird.is_well).count();
    context.tell(&match trouble {
        0 => words::well(birds.len()),
        trouble => words::trouble(trouble, birds.len()),
    });
}

fn is_terminal() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks a person whether to go on. What shuts the gate meanwhile, a signal above all, is an answer
/// too: a thread of its own waits for the line, and ends with the process.
async fn ask(context: &Context, waits: TallyRow, gate: &Gate) -> Result<bool, Shut> {
    context.tell(&words::question(waits.count, waits.fen));
    let (told, answer) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = stdin().read_line(&mut line);
        told.send(read.is_ok() && line.trim() == YES)
    });
    tokio::select! {
        biased;
        cause = gate.cause() => Err(cause),
        answer = answer => Ok(answer.unwrap_or(false)),
    }
}
