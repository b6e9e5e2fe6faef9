//! The first requests of a live run are queries: a wrong key, certificate or server is found
//! before any packet is touched, and numbers that WeChat Pay knows although this ledger never
//! sent them show that the ledger is not the whole truth.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::breaker::Told;
use super::gate::Shut;
use super::halt::Halt;
use super::worker::{Crew, is_clear, workers_gone};
use crate::domain::bill::Action;
use crate::domain::ids::MchBillno;
use crate::domain::outcome::{Doubt, Sighting};
use crate::ledger::LedgerError;
use crate::words::{Words, halt as words, note};

/// Gaps between tries of one question.
const FIRST_GAP: Duration = Duration::from_millis(250);
const MAX_GAP: Duration = Duration::from_secs(30);
/// Connections closed without an answer in a row that speak of a refused certificate.
const CLOSED_IN_A_ROW: u32 = 3;

/// What the first requests told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preflight {
    /// The set-up works; nothing speaks against sending.
    Clear,
    /// WeChat Pay knows this number: every bill is in doubt now.
    Remembered(String),
    /// No usable answer within the time to wait.
    Unreachable(Words),
    /// The gate was shut.
    Shut(Shut),
}

/// Asks before anything is sent: about `ours`, numbers of a campaign that was never asked about
/// before, or else about one number that cannot exist.
///
/// # Errors
/// Where the ledger failed.
pub async fn preflight(
    crew: &Arc<Crew>,
    ours: &[MchBillno],
    linger: Duration,
) -> Result<Preflight, LedgerError> {
    for number in ours {
        let question = Question {
            crew,
            number,
            linger,
        };
        match question.ask().await? {
            Ok(Sighting::NotFound) => {}
            Ok(_) if planted!(RememberedIsSent) => {}
            Ok(_) => return remembered(crew, number).await,
            Err(over) => return Ok(over),
        }
    }
    if ours.is_empty() {
        let number = &MchBillno::of_nothing(&crew.post.mch_id);
        let question = Question {
            crew,
            number,
            linger,
        };
        if let Err(over) = question.ask().await? {
            return Ok(over);
        }
    }
    crew.writer.numbers_checked(crew.clock.now_ms()).await?;
    Ok(Preflight::Clear)
}

async fn remembered(crew: &Crew, number: &MchBillno) -> Result<Preflight, LedgerError> {
    let why = note::remembered(number.as_str()).en;
    let now = crew.clock.now_ms();
    crew.writer.mark_remembered(now, why).await?;
    crew.writer.numbers_checked(now).await?;
    Ok(Preflight::Remembered(number.to_string()))
}

/// One number, asked about until there is a usable answer.
struct Question<'a> {
    crew: &'a Arc<Crew>,
    number: &'a MchBillno,
    linger: Duration,
}

impl Question<'_> {
    async fn ask(&self) -> Result<Result<Sighting, Preflight>, LedgerError> {
        let (crew, start) = (self.crew, Instant::now());
        let mut gap = FIRST_GAP;
        let mut closed = 0;
        loop {
            let now = crew.clock.now_ms();
            let taken = crew.writer.take_probe(self.number.clone(), now).await?;
            let Some(attempt) = taken else {
                return Err(workers_gone());
            };
            let answer = crew.ask(&attempt).await;
            let verdict = answer.verdict.clone();
            crew.note(Action::Query, &Told::of_query(&answer));
            crew.writer
                .record_query(attempt, answer, crew.clock.now_ms(), 0)
                .await?;
            if let Some(cause) = crew.gate.is_shut() {
                return Ok(Err(Preflight::Shut(cause)));
            }
            if is_clear(&verdict) {
                return Ok(Ok(verdict));
            }
            let is_closed = matches!(verdict, Sighting::Unclear(Doubt::ConnectionLost(_)));
            closed = if is_closed { closed + 1 } else { 0 };
            if closed == CLOSED_IN_A_ROW {
                return Ok(Err(Preflight::Shut(Shut::Halt(closing_halt(told(
                    &verdict,
                ))))));
            }
            if start.elapsed() + gap > self.linger {
                return Ok(Err(Preflight::Unreachable(told(&verdict))));
            }
            tokio::select! {
                biased;
                () = sleep(gap) => {}
                _ = crew.gate.cause() => {}
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
