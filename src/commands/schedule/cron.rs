//! Lines of a crontab: the sample, filled in for one campaign.

use jiff::civil::Weekday;

use super::starts::{StartPlan, listed};
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
            format!("{when} {run}")
        }
    };
    SAMPLE.lines().map(|it| line(it) + "\n").collect()
}

/// Minute, hour, day, month and weekday.
pub(super) fn times(plan: &StartPlan) -> String {
    let days: Vec<String> = plan.weekdays.iter().map(|day| number(*day)).collect();
    let days = if days.is_empty() {
        "*".to_owned()
    } else {
        days.join(",")
    };
    let minutes = listed(&plan.starts, |at| at.minute().to_string());
    let hours = listed(&plan.starts, |at| at.hour().to_string());
    format!("{minutes} {hours} * * {days}")
}

fn number(day: Weekday) -> String {
    day.to_sunday_zero_offset().to_string()
}
