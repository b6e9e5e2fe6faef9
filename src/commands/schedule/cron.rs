//! Lines of a crontab.

use jiff::civil::Weekday;

use super::starts::StartPlan;

/// The campaign's run, and a reconciliation each hour.
pub(super) fn lines(plan: &StartPlan) -> String {
    let when = times(plan);
    // A percent sign ends a command in a crontab.
    let [run, ask] = [plan.run(), plan.reconcile()].map(|line| line.replace('%', "\\%"));
    let zone = &plan.zone;
    format!(
        "# For `crontab -e` of the owner of the ledger. CRON_TZ is known to cronie; elsewhere\n\
         # write the times in the machine's own time zone. Exit code 5 is no failure: a window,\n\
         # a limit or a pause ended the run, and the next one goes on.\n\
         CRON_TZ={zone}\n\
         {when} {run}\n\
         23 * * * * {ask}\n"
    )
}

/// Minute, hour, day, month and weekday.
pub(super) fn times(plan: &StartPlan) -> String {
    let days: Vec<String> = plan.weekdays.iter().map(|day| number(*day)).collect();
    let days = if days.is_empty() {
        "*".to_owned()
    } else {
        days.join(",")
    };
    format!("{} {} * * {days}", plan.start.minute(), plan.start.hour())
}

fn number(day: Weekday) -> String {
    day.to_sunday_zero_offset().to_string()
}
