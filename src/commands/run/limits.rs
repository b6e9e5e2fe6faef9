//! How much one run may begin: what was typed, and the sending within it.

use std::num::NonZeroU64;
use std::sync::Arc;

use crate::cli::RunArgs;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{Reader, ReportRow, RunLimit};
use crate::runner::{self, Ending, RunSettings, Shared};
use crate::words::limits as words;

use crate::commands::finish::progress::Progress;
use crate::commands::setup::context::Context;

/// The limits that were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypedLimits {
    pub(in crate::commands) packets: Option<u64>,
    pub(in crate::commands) amount: Option<Fen>,
    pub(in crate::commands) canary: Option<u64>,
}

impl TypedLimits {
    pub(super) fn read(args: &RunArgs) -> Result<TypedLimits, Error> {
        let amount = args.max_amount.as_deref().map(|given| {
            let fault = |fault: crate::domain::money::MoneyFault| {
                Error::Usage(words::amount(given, fault.words()))
            };
            match Fen::from_yuan(given).map_err(fault)? {
                Fen::ZERO => Err(Error::Usage(words::no_amount())),
                amount => Ok(amount),
            }
        });
        Ok(TypedLimits {
            packets: args.max_rows.map(NonZeroU64::get),
            amount: amount.transpose()?,
            canary: args.canary.map(NonZeroU64::get),
        })
    }

    /// The limit of the whole run; `None` where it has none.
    pub(in crate::commands) fn limit(self) -> Option<RunLimit> {
        let is_bounded = self.packets.is_some() || self.amount.is_some();
        is_bounded.then_some(RunLimit {
            packets: self.packets,
            amount: self.amount,
            keeps_bills: false,
        })
    }

    /// The limit of the canary alone.
    pub(in crate::commands) fn first(self, canary: u64) -> RunLimit {
        RunLimit {
            packets: Some(self.packets.map_or(canary, |most| most.min(canary))),
            amount: self.amount,
            keeps_bills: true,
        }
    }

    /// The rest of them once these packets have begun.
    pub(in crate::commands) fn after(self, begun: &[ReportRow]) -> TypedLimits {
        let count = u64::try_from(begun.len()).unwrap_or(u64::MAX);
        let fen = begun.iter().map(|row| row.amount.fen()).sum();
        let amount = self.amount.map(|most| most.fen().saturating_sub(fen));
        TypedLimits {
            packets: self.packets.map(|most| most.saturating_sub(count)),
            amount: amount.map(Fen::new),
            canary: None,
        }
    }

    /// Whether they let no packet begin.
    pub(super) fn are_used_up(self) -> bool {
        self.packets == Some(0) || self.amount == Some(Fen::ZERO)
    }

    /// Those that the next run should have too, as they are typed.
    pub(in crate::commands) fn flags(self) -> String {
        self.typed(|most| most.to_string())
    }

    /// As [`TypedLimits::flags`], where the amount was too small for any packet.
    pub(super) fn flags_for_more(self) -> String {
        self.typed(|_| "YUAN".to_owned())
    }

    fn typed(self, amount: impl Fn(Fen) -> String) -> String {
        let packets = self.packets.map(|most| format!(" --max-rows {most}"));
        let amount = self
            .amount
            .map(|most| format!(" --max-amount {}", amount(most)));
        packets.into_iter().chain(amount).collect()
    }
}

/// A run that is ready to send.
pub(super) struct Sending<'a> {
    pub(in crate::commands) context: &'a Context,
    pub(in crate::commands) reader: &'a Reader,
    pub(in crate::commands) shared: &'a Arc<Shared>,
    pub(in crate::commands) limits: TypedLimits,
}

impl Sending<'_> {
    /// Sends what is due within the limit, or everything.
    pub(super) async fn send_within(&self, limit: Option<RunLimit>) -> Result<Ending, Error> {
        let context = self.context;
        if limit.is_some() {
            let now = context.clock.now_ms();
            self.shared.writer.limit(limit, now).await?;
        }
        let standing = context.standing()?;
        let todo = standing.tally.of(State::Ready).count + standing.tally.of(State::InFlight).count;
        let most = limit.and_then(|limit| limit.packets).unwrap_or(u64::MAX);
        let progress = Progress::begin(todo.min(most), self.context);
        let settings = RunSettings {
            campaign: context.campaign.id.clone(),
            in_flight: self.context.in_flight(),
            linger: context.campaign.retry.linger,
            answer_ms: context.rules().answer_ms,
        };
        let glance = |glance| progress.show(glance);
        let ending = runner::run(self.shared, self.reader, &settings, glance).await?;
        progress.end();
        Ok(ending)
    }
}
