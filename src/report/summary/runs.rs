//! The runs of a campaign, each with the packets that it was the first to send.

use super::days::PacketTimes;
use crate::domain::tally::TallyRow;
use crate::ledger::RecordedRun;

/// The verb of those that send.
const SENDS: &str = "run";

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum EndTold {
    /// It ended with this exit code.
    Exit(u8),
    /// It will not end: it was killed.
    Cut,
    /// It may be going on.
    Open,
}

impl EndTold {
    /// The end of a run, where some process holds the ledger now, or none does.
    pub(in crate::report) fn of(run: &RecordedRun, is_held: bool) -> EndTold {
        match run.end {
            Some((_, exit)) => EndTold::Exit(exit),
            None if run.is_last && is_held => EndTold::Open,
            None => EndTold::Cut,
        }
    }
}

/// The paid packets by the run that sent them first. They are those that the days have as sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::report) struct RunSums {
    /// The begins of runs that send, in order of time, each with its place among all runs.
    begins: Vec<(i64, usize)>,
    /// By run.
    pub(in crate::report) sent: Vec<TallyRow>,
    /// Sent by none of them: before runs were kept, or under another ledger.
    pub(in crate::report) elsewhere: TallyRow,
}

impl RunSums {
    /// Of these runs, without packets.
    pub(in crate::report) fn of(runs: &[RecordedRun]) -> Self {
        let numbered = runs.iter().enumerate();
        let sending = numbered.filter(|(_, run)| run.begin.verb == SENDS);
        let mut begins: Vec<(i64, usize)> = sending.map(|(place, run)| (run.at, place)).collect();
        begins.sort_unstable();
        RunSums {
            begins,
            sent: vec![TallyRow::default(); runs.len()],
            elsewhere: TallyRow::default(),
        }
    }

    /// Counts a packet.
    pub(in crate::report) fn add(&mut self, packet: &PacketTimes) {
        let Some(at) = packet.sent_at.filter(|_| packet.state.is_paid()) else {
            return;
        };
        let before = self.begins.partition_point(|(begin, _)| *begin <= at);
        let run = before.checked_sub(1).map(|last| self.begins[last].1);
        let row = run.and_then(|place| self.sent.get_mut(place));
        row.unwrap_or(&mut self.elsewhere).add(packet.paid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Fen;
    use crate::domain::state::State;
    use crate::ledger::RunBegin;

    fn run(at: i64, verb: &str, end: Option<(i64, u8)>) -> RecordedRun {
        RecordedRun {
            at,
            begin: RunBegin {
                verb: verb.to_owned(),
                version: "0.1.0".to_owned(),
                who: "lin(1000)".to_owned(),
            },
            end,
            is_last: false,
        }
    }

    #[test]
    fn a_packet_counts_for_the_run_that_sent_it_first() {
        // The clock was set back a little between the second and the third.
        let runs = [
            run(1_000, "run", Some((2_000, 0))),
            run(3_000, "reconcile", Some((3_500, 0))),
            run(2_900, "run", None),
            run(9_000, "run", Some((9_100, 3))),
        ];
        let mut sums = RunSums::of(&runs);
        for (at, state) in [
            (999, State::Sent),
            (1_000, State::Received),
            (1_999, State::Refused),
            (3_600, State::Refunded),
            (9_050, State::Sent),
        ] {
            sums.add(&PacketTimes {
                state,
                paid: Fen::new(100),
                sent_at: Some(at),
                ..PacketTimes::default()
            });
        }
        let counts: Vec<u64> = sums.sent.iter().map(|row| row.count).collect();
        assert_eq!(counts, [1, 0, 1, 1]);
        assert_eq!(sums.elsewhere.count, 1, "before any of them");
    }

    #[test]
    fn a_run_without_an_end_is_cut_short_unless_it_may_be_going_on() {
        let ended = run(0, "run", Some((1, 143)));
        assert_eq!(EndTold::of(&ended, true), EndTold::Exit(143));
        let killed = run(0, "run", None);
        assert_eq!(
            EndTold::of(&killed, true),
            EndTold::Cut,
            "another one holds it"
        );
        let last = RecordedRun {
            is_last: true,
            ..killed
        };
        assert_eq!(EndTold::of(&last, true), EndTold::Open);
        assert_eq!(EndTold::of(&last, false), EndTold::Cut);
    }
}
