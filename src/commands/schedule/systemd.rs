//! Units and timers of systemd.

use jiff::civil::Weekday;

use super::starts::{StartPlan, quoted};

/// Four files in one text; a comment says where each begins.
pub(super) fn units(plan: &StartPlan) -> String {
    let StartPlan { name, campaign, .. } = plan;
    let calendar = format!(
        "{}*-*-* {} {}",
        days(&plan.weekdays),
        plan.start.strftime("%H:%M:%S"),
        plan.zone
    );
    let head = format!(
        "# Four files for /etc/systemd/system; cut this text at the lines with ====. Then:\n\
         #   systemctl daemon-reload\n\
         #   systemctl enable --now {name}.timer {name}-reconcile.timer\n\
         # Set User= to the owner of the ledger, the campaign file and the keys.\n"
    );
    let run = service(plan, &format!("Red packets of {campaign}"), &plan.run());
    let ask = service(
        plan,
        &format!("Reconciliation of {campaign}"),
        &plan.reconcile(),
    );
    // A run that a machine missed is not made up for: who starts money late should know.
    let at = timer(&format!("Red packets of {campaign}"), &calendar, false);
    let daily = timer(
        &format!("Reconciliation of {campaign}"),
        "*-*-* *:23:00",
        true,
    );
    [
        head,
        part(&format!("{name}.service")) + &run,
        part(&format!("{name}.timer")) + &at,
        part(&format!("{name}-reconcile.service")) + &ask,
        part(&format!("{name}-reconcile.timer")) + &daily,
    ]
    .concat()
}

fn part(file: &str) -> String {
    format!("\n# ==== {file}\n")
}

fn service(plan: &StartPlan, description: &str, command: &str) -> String {
    let seconds = plan.drain_seconds;
    // A percent sign begins a specifier.
    let command = command.replace('%', "%%");
    let folder = quoted(&plan.folder).replace('%', "%%");
    format!(
        "[Unit]\n\
         Description={description}\n\
         Wants=network-online.target\n\
         After=network-online.target time-sync.target\n\
         \n\
         [Service]\n\
         Type=exec\n\
         User=hongbao\n\
         ExecStart={command}\n\
         # 5: a window, a limit or a pause ended it, and the next start goes on.\n\
         SuccessExitStatus=5\n\
         # Requests that are open get their answer before the process ends.\n\
         TimeoutStopSec={seconds}\n\
         LimitCORE=0\n\
         NoNewPrivileges=yes\n\
         PrivateTmp=yes\n\
         PrivateDevices=yes\n\
         ProtectSystem=strict\n\
         ReadWritePaths={folder}\n\
         ProtectKernelTunables=yes\n\
         ProtectControlGroups=yes\n\
         RestrictSUIDSGID=yes\n\
         UMask=0077\n"
    )
}

fn timer(description: &str, calendar: &str, is_persistent: bool) -> String {
    let persistent = if is_persistent { "yes" } else { "no" };
    format!(
        "[Unit]\n\
         Description={description}\n\
         \n\
         [Timer]\n\
         OnCalendar={calendar}\n\
         AccuracySec=1s\n\
         Persistent={persistent}\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n"
    )
}

fn days(weekdays: &[Weekday]) -> String {
    let names: Vec<&str> = weekdays.iter().map(|day| name(*day)).collect();
    if names.is_empty() {
        String::new()
    } else {
        names.join(",") + " "
    }
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}
