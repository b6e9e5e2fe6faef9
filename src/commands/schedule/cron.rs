//! Lines of a crontab: the sample, filled in for one campaign.

use std::collections::BTreeSet;

use jiff::Zoned;

use super::starts::StartPlan;
use super::times::{StartTimes, Starts, ranges};
use crate::commands::setup::typed::typed_path;

const SAMPLE: &str = include_str!("../../../samples/crontab");

/// The sample with the campaign's run, and a reconciliation each hour. Few crons know `CRON_TZ`:
/// `local` are the times by the machine's own clock.
pub(super) fn lines(plan: &StartPlan, local: &Starts) -> String {
    let when = times(local);
    // A percent sign ends a command in a crontab.
    let [run, ask] =
        [plan.run(typed_path), plan.reconcile(typed_path)].map(|line| line.replace('%', "\\%"));
    let line = |line: &str| {
        let Some((sample_when, sample)) = line.split_once(" out=$(") else {
            return line.to_owned();
        };
        let after = sample.split_once(" 2>&1)").map_or("", |(_, after)| after);
        let line = |when: &str, command: &str| format!("{when} out=$({command} 2>&1){after}");
        if sample.contains(" reconcile ") {
            return line(sample_when, &ask);
        }
        let lines: Vec<String> = when.iter().map(|when| line(when, &run)).collect();
        lines.join("\n")
    };
    SAMPLE.lines().map(|it| line(it) + "\n").collect()
}

/// Minutes, hours, day, month and weekdays, for each line.
pub(super) fn times(starts: &Starts) -> Vec<String> {
    let range = |numbers: &BTreeSet<i8>| ranges(numbers, ("-", 1));
    let line = |times: &StartTimes| {
        let days = if times.days.is_empty() {
            "*".to_owned()
        } else {
            range(&times.days)
        };
        let (minutes, hours) = (range(&times.minutes), range(&times.hours));
        format!("{minutes} {hours} * * {days}")
    };
    let once = |at: &Zoned| at.strftime("%-M %-H %-d %-m *").to_string();
    let lines = starts.each.iter().map(line);
    // The first one of all comes last: a name with its number is the least known.
    lines.chain(starts.first.as_ref().map(once)).collect()
}
