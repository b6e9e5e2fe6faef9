//! `run --canary N`: the first packets alone, what WeChat Pay says of each, and whether to go on.

use std::io::{IsTerminal, stderr, stdin};
use std::thread;

use tokio::sync::oneshot;

use crate::domain::bill::Bill;
use crate::domain::money::Fen;
use crate::domain::outcome::Sighting;
use crate::domain::state::State;
use crate::domain::tally::TallyRow;
use crate::error::Error;
use crate::ledger::ReportRow;
use crate::runner::{Ending, Gate, Seen, Shut, verify};
use crate::words::{Words, limits as words};

use super::limits::Sending;
use crate::commands::finish::run_end::{Limited, RunEnd};
use crate::commands::setup::context::Context;

/// Packets of a canary that are listed.
const LISTED: usize = 20;
/// The word that goes on, in every language.
const YES: &str = "yes";

/// One packet of a canary.
struct CanaryPacket {
    row: ReportRow,
    said: Words,
    is_well: bool,
}

impl Sending<'_> {
    /// Sends what is due within the limits that were typed.
    pub(in crate::commands) async fn send(&self) -> Result<RunEnd, Error> {
        match self.limits.canary {
            Some(canary) => self.send_canary(canary).await,
            None => self.send_all().await,
        }
    }

    async fn send_all(&self) -> Result<RunEnd, Error> {
        let waited = self.waits()?;
        let ending = self.send_within(self.limits.limit()).await?;
        let limit = self.limits.flags().trim_start().to_owned();
        let has_begun = self.waits()? != waited;
        Ok(self.ended(ending, limit, has_begun, None))
    }

    async fn send_canary(&self, canary: u64) -> Result<RunEnd, Error> {
        let (context, shared) = (self.context, self.shared);
        let ending = self.send_within(Some(self.limits.first(canary))).await?;
        let bills = shared.writer.limit(None, context.clock.now_ms()).await?;
        if matches!(
            ending,
            Ending::Shut(_) | Ending::Closed | Ending::Unreachable(_)
        ) {
            return Ok(RunEnd::Ending(ending));
        }
        let linger = context.campaign.retry.linger;
        let seen = verify(shared, bills.clone(), context.in_flight(), linger).await?;
        let packets = packets(self.reader.packets(&bills)?, &seen);
        tell(context, &packets);
        if let Some(cause) = shared.gate.is_shut() {
            return Ok(RunEnd::Ending(Ending::Shut(cause)));
        }
        let trouble = packets.iter().find(|packet| !packet.is_well);
        let trouble = trouble.map(|packet| packet.row.mch_billno.clone());
        let rows: Vec<ReportRow> = packets.into_iter().map(|packet| packet.row).collect();
        let rest = Sending {
            limits: self.limits.after(&rows),
            ..*self
        };
        let waits = self.waits()?;
        let is_well = trouble.is_none() && !rows.is_empty();
        let may_go_on = is_well && waits.count > 0 && !rest.limits.are_used_up();
        if may_go_on && matches!(ending, Ending::Bounded(_)) && is_terminal() {
            match ask(context, waits, &shared.gate).await {
                Ok(true) => return Box::pin(rest.send_all()).await,
                Ok(false) => {}
                Err(cause) => return Ok(RunEnd::Ending(Ending::Shut(cause))),
            }
        }
        let limit = format!("--canary {canary}");
        Ok(self.ended(ending, limit, !rows.is_empty(), trouble))
    }

    /// The packets that wait for their first send.
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
    ) -> RunEnd {
        let owed = match &ending {
            Ending::Bounded(owed) => *owed,
            Ending::Waiting(due) if trouble.is_some() => Some(*due),
            Ending::Finished if trouble.is_some() => None,
            Ending::Waiting(_)
            | Ending::Finished
            | Ending::Closed
            | Ending::Unreachable(_)
            | Ending::Shut(_) => {
                return RunEnd::Ending(ending);
            }
        };
        let too_small = self.limits.amount.filter(|_| !has_begun);
        RunEnd::Limited(Limited {
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
fn packets(rows: Vec<ReportRow>, seen: &Seen) -> Vec<CanaryPacket> {
    let packet = |row: ReportRow| {
        let (said, is_well) = match seen.get(&row.bill) {
            // A refusal that leaves no order says more than that there is none.
            Some((_, Sighting::NotFound)) if row.state == State::Refused => (settled(&row), false),
            Some((bill, sighting)) => (said(bill, sighting), is_well(bill, sighting)),
            None => (settled(&row), row.state.is_paid() && row.state.is_final()),
        };
        CanaryPacket { row, said, is_well }
    };
    let mut packets: Vec<CanaryPacket> = rows.into_iter().map(packet).collect();
    packets.sort_by_key(|packet| packet.is_well);
    packets
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
        Sighting::Expired => words::expired(),
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

fn tell(context: &Context, packets: &[CanaryPacket]) {
    if packets.is_empty() {
        return context.tell(&words::no_canary());
    }
    let amount = packets.iter().map(|packet| packet.row.amount.fen()).sum();
    context.tell(&words::canary(packets.len(), Fen::new(amount)));
    for CanaryPacket { row, said, .. } in packets.iter().take(LISTED) {
        let number = row.mch_billno.as_str();
        context.tell(&words::packet(number, row.amount, said.clone()));
    }
    if packets.len() > LISTED {
        context.tell(&words::more(packets.len() - LISTED));
    }
    let trouble = packets.iter().filter(|packet| !packet.is_well).count();
    context.tell(&match trouble {
        0 => words::well(packets.len()),
        trouble => words::trouble(trouble, packets.len()),
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
    // Where the system gives no thread, nobody said yes.
    let _ = thread::Builder::new().spawn(move || {
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
