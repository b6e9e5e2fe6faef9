//! The first requests of a live run are queries: a wrong key, certificate or server is found
//! before any packet is touched, and numbers that WeChat Pay knows although this ledger never
//! sent them show that the ledger is not the whole truth.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Doubt, Sighting};
use crate::ledger::{Allowed, LedgerError};
use crate::runner::health::gate::Shut;
use crate::runner::health::halt::Halt;
use crate::runner::wire::worker::Shared;
use crate::service;
use crate::words::{Words, halt as words};

/// Gaps between tries of one question.
const FIRST_GAP: Duration = Duration::from_millis(250);
const MAX_GAP: Duration = Duration::from_secs(30);
/// Connections closed without an answer in a row that speak of a refused certificate.
const CLOSED_IN_A_ROW: u32 = 3;

/// The result of the first requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preflight {
    /// The set-up works; nothing speaks against sending.
    Clear,
    /// WeChat Pay knows this number, which this ledger never sent: the ledger is behind.
    Remembered(String),
    /// No usable answer within the time to wait, or none at all within half a minute.
    Unreachable(Words),
    /// The gate was shut.
    Shut(Shut),
}

/// Asks before anything is sent: about `ours`, numbers that this ledger never sent, or else about
/// what is due to be asked about, or one number that cannot exist. `linger` is for all together.
///
/// # Errors
/// Where the ledger failed.
pub async fn preflight(
    shared: &Arc<Shared>,
    ours: &[MchBillno],
    linger: Duration,
) -> Result<Preflight, LedgerError> {
    let ends = Instant::now() + linger;
    let question = |number| Question {
        shared,
        number,
        ends,
    };
    for number in ours {
        match question(number).ask().await? {
            Ok((Sighting::NotFound, _)) => {}
            Ok(_) if planted!(RememberedIsSent) => {}
            Ok((_, sent)) => return remembered(shared, (number, sent)).await,
            Err(over) => return Ok(over),
        }
    }
    if ours.is_empty() && !ask_due(shared).await? {
        let number = &MchBillno::of_nothing(&shared.account.mch_id);
        if let Err(over) = question(number).ask().await? {
            return Ok(over);
        }
    }
    shared.writer.numbers_checked(shared.clock.now_ms()).await?;
    Ok(Preflight::Clear)
}

async fn remembered(
    shared: &Shared,
    (number, sent): (&MchBillno, Option<i64>),
) -> Result<Preflight, LedgerError> {
    let now = shared.clock.now_ms();
    shared.writer.notice((number.clone(), sent), now).await?;
    shared.writer.numbers_checked(now).await?;
    Ok(Preflight::Remembered(number.to_string()))
}

/// Asks about the first bill that is due to be asked about; whether there was a usable answer.
async fn ask_due(shared: &Arc<Shared>) -> Result<bool, LedgerError> {
    let now = shared.clock.now_ms();
    let due = shared.writer.take(Allowed::of(false, true), now, 1).await?;
    let Some(attempt) = due.into_iter().next() else {
        return Ok(false);
    };
    let bill = attempt.bill();
    let answer = shared.ask(&attempt).await;
    let is_usable = answer.verdict.is_told();
    bill.inspect(|bill| shared.gate.ended(*bill));
    service::beat();
    let (now, dice) = (shared.clock.now_ms(), shared.dice.throw());
    shared
        .writer
        .record_query(attempt, answer, now, dice)
        .await?;
    Ok(is_usable)
}

/// One number, asked about until there is a usable answer.
struct Question<'a> {
    shared: &'a Arc<Shared>,
    number: &'a MchBillno,
    /// When no more tries are made.
    ends: Instant,
}

impl Question<'_> {
    /// What WeChat Pay knows of the number, and when it was sent, where that is told.
    async fn ask(&self) -> Result<Result<(Sighting, Option<i64>), Preflight>, LedgerError> {
        let shared = self.shared;
        let mut gap = FIRST_GAP;
        let mut closed = 0;
        loop {
            shared.lead.watch(&shared.writer, &shared.clock)?;
            let now = shared.clock.now_ms();
            let attempt = shared.writer.take_probe(self.number.clone(), now).await?;
            let answer = shared.ask(&attempt).await;
            let (verdict, sent) = (answer.verdict.clone(), answer.send_time);
            shared
                .writer
                .record_query(attempt, answer, shared.clock.now_ms(), 0)
                .await?;
            // One question after the other, and waiting for the next: it gets on.
            service::beat();
            if let Some(cause) = shared.gate.is_shut() {
                return Ok(Err(Preflight::Shut(cause)));
            }
            if verdict.is_told() {
                return Ok(Ok((verdict, sent)));
            }
            let is_closed = matches!(verdict, Sighting::Unclear(Doubt::ConnectionLost(_)));
            closed = if is_closed { closed + 1 } else { 0 };
            if closed == CLOSED_IN_A_ROW {
                return Ok(Err(Preflight::Shut(Shut::Halt(closing_halt(told(
                    &verdict,
                ))))));
            }
            let ends = shared.reach.ends(Instant::now());
            let ends = ends.map_or(self.ends, |ends| ends.min(self.ends));
            if Instant::now() + gap > ends {
                return Ok(Err(Preflight::Unreachable(told(&verdict))));
            }
            tokio::select! {
                biased;
                () = sleep(gap) => {}
                _ = shared.gate.cause() => {}
            }
            gap = (gap * 2).min(MAX_GAP);
        }
    }
}

/// A server that does not like a client certificate may close without a TLS alert: with
/// TLS 1.3 it checks the certificate after our handshake is done.
fn closing_halt(evidence: Words) -> Halt {
    Halt {
        cause: words::closed(),
        evidence: words::in_a_row(evidence, CLOSED_IN_A_ROW),
        remedy: words::check_client_certificate(),
        excused: Vec::new(),
    }
}

fn told(verdict: &Sighting) -> Words {
    match verdict {
        Sighting::NotSent(cause) => cause.words(),
        Sighting::Unclear(doubt) => doubt.words(),
        Sighting::Throttled => words::throttled(),
        _ => words::no_answer(),
    }
}
