//! Why packets cannot be opened now.

use crate::commands::setup::context::Context;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{CampaignRow, Reader};
use crate::words::claims as words;

/// Packets that cannot be opened now, by why.
#[derive(Debug, Default)]
pub(super) struct Closed {
    by_state: Vec<(State, u64)>,
    /// Issued over a day ago.
    pub(super) lapsed: u64,
    /// Issued, and a run still asks for what opens them.
    fetched: u64,
}

impl Closed {
    /// None yet; a run still asks for the package of so many.
    pub(super) fn where_runs_fetch(fetched: u64) -> Closed {
        Closed {
            fetched,
            ..Closed::default()
        }
    }

    pub(super) fn add(&mut self, state: State, count: u64) {
        match self.by_state.iter_mut().find(|(known, _)| *known == state) {
            Some((_, sum)) => *sum += count,
            None => self.by_state.push((state, count)),
        }
    }

    /// All packets of the campaign that are not among those with a package.
    pub(super) fn of(
        reader: &Reader,
        row: &CampaignRow,
        (with_package, lapsed): (u64, u64),
    ) -> Result<Closed, Error> {
        let tally = reader.tally(row)?;
        let mut closed = Closed::where_runs_fetch(reader.without_package(row)?.open);
        closed.lapsed = lapsed;
        for state in State::ALL {
            let claims = if state == State::Sent {
                with_package
            } else {
                0
            };
            closed.add(state, tally.of(state).count.saturating_sub(claims));
        }
        Ok(closed)
    }

    /// One line for each reason.
    pub(super) fn tell(&self, context: &Context) {
        let reconcile = context.command("reconcile");
        if self.lapsed > 0 {
            context.tell(&words::lapsed(self.lapsed, reconcile));
        }
        for (state, count) in self.by_state.iter().filter(|(_, count)| *count > 0) {
            if *state == State::Sent {
                let fetched = self.fetched.min(*count);
                if fetched > 0 {
                    context.tell(&words::without_package(fetched, context.run_command()));
                }
                if *count > fetched {
                    context.tell(&words::never_fetched(*count - fetched));
                }
            } else {
                let means = state.explain().means;
                context.tell(&words::closed(*count, *state, means));
            }
        }
    }
}
