//! Asks WeChat Pay about bills: about every one that is not settled, once each, and again where
//! the answer told nothing; or about certain ones, until it has said what became of them.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::ending::Glance;
use super::round::{Among, GAP, Reconciled, Round, Seen};
use crate::domain::ids::CampaignId;
use crate::domain::outcome::Sighting;
use crate::domain::state::State;
use crate::ledger::{CampaignRow, LedgerError, Reader, ToAsk};
use crate::runner::wire::worker::{Done, Shared};

/// The longest gap between two questions about certain bills.
const MAX_GAP: Duration = Duration::from_secs(30);

/// The scope of one reconciliation.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The campaign.
    pub campaign: CampaignId,
    /// Requests on the wire at most.
    pub in_flight: usize,
    /// Only what was first sent so long ago, in milliseconds: then nothing else is asked about.
    pub older_than_ms: Option<i64>,
    /// Packets at most; the next reconciliation goes on.
    pub limit: Option<u64>,
}

/// The bills that a reconciliation asks about, by row.
struct Surveyed {
    /// Numbers that were given up for a new one.
    former: Vec<i64>,
    /// Those that are not settled, in their order.
    open: VecDeque<i64>,
    refused: Vec<i64>,
    /// Whether these are all.
    is_whole: bool,
}

/// Queries every unsettled bill of the campaign, and every number that was given up for a new one
/// as long as WeChat Pay may be asked about it. One that does not come to its end is gone on with
/// by the next. `progress` is told how many there are.
///
/// # Errors
/// Where the ledger failed.
pub async fn reconcile(
    shared: &Arc<Shared>,
    reader: &Reader,
    survey: &Survey,
    mut progress: impl FnMut(u64, Glance),
) -> Result<Reconciled, LedgerError> {
    let Some(row) = reader.campaign(&survey.campaign)? else {
        return Err(LedgerError::NoCampaign(survey.campaign.to_string()));
    };
    let now = shared.clock.now_ms();
    let since = reader.reconciling_since(&row, now)?;
    let is_all = survey.older_than_ms.is_none();
    if is_all && since.is_none() {
        shared.writer.reconciling(now).await?;
    }
    let which = ToAsk {
        now,
        after: 0,
        sent_until: survey.older_than_ms.map(|age| now.saturating_sub(age)),
        unasked_since: since.filter(|_| is_all),
    };
    let mut last = reader.last_bill()?;
    let asked = Surveyed::find(shared, (reader, &row), (&which, survey.limit)).await?;
    let total = asked.count();
    let mut tell = |glance| progress(total, glance);
    let mut round = Round::begin(shared, survey.in_flight).telling(&mut tell);
    // First: an answer about an old number may withdraw its replacement.
    round.ask(Among::These(asked.former)).await?;
    round.ask(Among::InOrder(asked.open)).await?;
    round.ask_up(asked.refused).await?;
    // Those that come to light on the way up.
    while round.ask_on().await? {
        let which = ToAsk {
            after: last,
            unasked_since: None,
            ..which
        };
        let found = reader.to_ask(&row, &which)?;
        last = reader.last_bill()?;
        round.ask(Among::InOrder(found.into())).await?;
    }
    let is_over = asked.is_whole && is_all && round.goes_on();
    let done = round.end();
    if is_over {
        shared.writer.reconciled(shared.clock.now_ms()).await?;
    }
    Ok(done)
}

impl Surveyed {
    async fn find(
        shared: &Shared,
        (reader, row): (&Reader, &CampaignRow),
        (which, limit): (&ToAsk, Option<u64>),
    ) -> Result<Self, LedgerError> {
        let open = reader.to_ask(row, which)?;
        let (mut former, mut refused) = (Vec::new(), Vec::new());
        if which.sent_until.is_none() {
            former = shared.writer.former(which.now).await?;
            refused = shared.writer.refused(which.now).await?;
        }
        let mut asked = Surveyed {
            former,
            open: open.into(),
            refused,
            is_whole: true,
        };
        let before = asked.count();
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        if let Some(limit) = limit {
            asked.former.truncate(limit);
            let left = limit - asked.former.len();
            asked.open.truncate(left);
            asked.refused.truncate(left - asked.open.len());
        }
        asked.is_whole = asked.count() == before;
        Ok(asked)
    }

    fn count(&self) -> u64 {
        (self.former.len() + self.open.len() + self.refused.len()) as u64
    }
}

/// In a ledger that may be behind, asks about each refused packet, up to the number that WeChat Pay
/// does not know; and about each packet that a daily cap may hold back because another ledger sent
/// some today.
///
/// # Errors
/// Where the ledger failed.
pub async fn walk(shared: &Arc<Shared>, in_flight: usize) -> Result<Reconciled, LedgerError> {
    let refused = shared.writer.unwalked(shared.clock.now_ms()).await?;
    let mut round = Round::begin(shared, in_flight);
    round.ask_up(refused).await?;
    let wanted = shared
        .writer
        .unasked_for_caps(shared.clock.now_ms())
        .await?;
    round.ask(Among::These(wanted)).await?;
    Ok(round.end())
}

/// Queries these refused bills, and the numbers after theirs.
///
/// # Errors
/// Where the ledger failed.
pub(super) async fn ask_about(
    shared: &Arc<Shared>,
    in_flight: usize,
    bills: Vec<i64>,
) -> Result<Reconciled, LedgerError> {
    let mut round = Round::begin(shared, in_flight);
    round.ask_up(bills).await?;
    Ok(round.end())
}

/// Queries these bills, by row, until WeChat Pay has said of each what became of it, or until
/// `patience` is over. Nothing is known of one that no query can change any more.
///
/// # Errors
/// Where the ledger failed.
pub async fn verify(
    shared: &Arc<Shared>,
    bills: Vec<i64>,
    in_flight: usize,
    patience: Duration,
) -> Result<Seen, LedgerError> {
    let mut round = Round::begin(shared, in_flight);
    round.is_enough = has_told;
    round.seen = Some(Seen::new());
    let (end, mut gap, mut among) = (Instant::now() + patience, GAP, bills);
    loop {
        round.ask_once(Among::These(among), false).await?;
        let is_over = round.unclear.is_empty() || Instant::now() + gap > end;
        if is_over || shared.gate.outage().is_some() {
            break;
        }
        among = std::mem::take(&mut round.unclear);
        if shared.gate.unless_shut(pin!(sleep(gap))).await.is_none() {
            break;
        }
        gap = (gap * 2).min(MAX_GAP);
    }
    Ok(round.seen.unwrap_or_default())
}

/// Whether WeChat Pay said what became of a bill, or the machine must not decide it any more.
fn has_told(done: &Done) -> bool {
    let after = done.recorded.as_ref().and_then(|it| it.bill.as_ref());
    let is_over = after.is_some_and(|(_, bill)| bill.state == State::Review);
    let is_told = done.sighting.as_ref().is_some_and(|sighting| {
        let ends = [Sighting::Failed, Sighting::Expired, Sighting::Clash];
        sighting.is_payment() || ends.contains(sighting)
    });
    is_over || is_told || after.is_some_and(|(_, bill)| bill.state.is_final())
}
