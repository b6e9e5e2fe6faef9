//! Lines of a crontab: the sample, filled in for one campaign.

use jiff::civil::Weekday;

use super::starts::{StartPlan, by_minute};
use crate::commands::setup::typed::typed_path;

const SAMPLE: &str = include_str!("../../../samples/crontab");

/// The sample with the campaign's run, and a reconciliation each hour.
pub(super) fn lines(plan: &StartPlan) -> String {
    let when = times(plan);
    // A percent sign ends a command in a crontab.
    let [run, ask] =
        [plan.run(typed_path), plan.reconcile(typed_path)].map(|line| line.replace('%', "\\%"));
    let line = |line: &str| {
        if line.starts_with('#') {
            line.to_owned()
        } else if line.starts_with("CRON_TZ=") {
            format!("CRON_TZ={}", plan.zone)
        } else if line.contains(" reconcile ") {
            format!("23 * * * * {ask}")
        } else {
            let lines: Vec<String> = when.iter().map(|when| format!("{when} {run}")).collect();
            lines.join("\n")
        }
    };
    SAMPLE.lines().map(|it| line(it) + "\n").collect()
}

/// Minute, hours, day, month and weekday, for each minute.
pub(super) fn times(plan: &StartPlan) -> Vec<String> {
    let days: Vec<String> = plan.weekdays.iter().map(|day| number(*day)).collect();
    let days = if days.is_empty() {
        "*".to_owned()
    } else {
        days.join(",")
    };
    let time = |(minute, hours): (i8, Vec<i8>)| {
        let hours: Vec<String> = hours.iter().map(i8::to_string).collect();
        format!("{minute} {} * * {days}", hours.join(","))
    };
    by_minute(&plan.starts).into_iter().map(time).collect()
}

fn number(day: Weekday) -> String {
    day.to_sunday_zero_offset().to_string()
}
