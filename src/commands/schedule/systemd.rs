//! Units and timers of systemd: the samples, filled in for one campaign.

use std::path::Path;

use jiff::Zoned;

use super::starts::StartPlan;
use super::times::{StartTimes, ranges};
use crate::words::{Lang, Words, schedule as words};

const RUN: &str = include_str!("../../../samples/systemd/hongbao@.service");
const RUN_TIMER: &str = include_str!("../../../samples/systemd/hongbao@.timer");
const ASK: &str = include_str!("../../../samples/systemd/hongbao-reconcile@.service");
const ASK_TIMER: &str = include_str!("../../../samples/systemd/hongbao-reconcile@.timer");
/// The last credential of the samples.
const LAST: &str = "apiclient_key.pem:";

/// Four files in one text; a comment says where each begins.
pub(super) fn units(plan: &StartPlan, lang: Lang) -> String {
    let StartPlan { name, campaign, .. } = plan;
    let told = |words: Words| words.within(lang).to_owned();
    let head = format!(
        "# {}\n\
         #   systemctl daemon-reload\n\
         #   systemctl enable --now {name}.timer {name}-reconcile.timer\n\
         # {}\n\
         # {}\n",
        told(words::units()),
        told(words::owner()),
        told(words::time_sync()),
    );
    let missing = plan.folders.iter().filter(|folder| !folder.exists());
    let head = missing.fold(head, |head, folder| {
        head + "# " + &told(words::no_folder(folder.display())) + "\n"
    });
    let red_packets = told(words::red_packets(campaign.as_str()));
    let reconciliation = told(words::reconciliation(campaign.as_str()));
    let times = plan.starts.each.iter().map(on_days);
    let all = plan
        .starts
        .first
        .as_ref()
        .map(on_date)
        .into_iter()
        .chain(times);
    let calendar = all.map(|when| format!("OnCalendar={when} {}", plan.zone));
    let calendar = calendar.collect::<Vec<_>>().join("\n");
    let files = [
        (
            ".service",
            service(plan, RUN, &red_packets, &plan.run(quoted)),
        ),
        (".timer", timer(RUN_TIMER, &red_packets, Some(&calendar))),
        (
            "-reconcile.service",
            service(plan, ASK, &reconciliation, &plan.reconcile(quoted)),
        ),
        ("-reconcile.timer", timer(ASK_TIMER, &reconciliation, None)),
    ];
    let part = |(end, text): &(&str, String)| format!("\n# ==== {name}{end}\n{text}");
    files.iter().fold(head, |all, file| all + &part(file))
}

fn service(plan: &StartPlan, sample: &str, description: &str, command: &str) -> String {
    // A percent sign begins a specifier, and a dollar sign a variable.
    let command = command.replace('%', "%%").replace('$', "$$");
    let folders = plan.folders.iter().map(|folder| quoted(folder));
    let folders = folders.collect::<Vec<_>>().join(" ").replace('%', "%%");
    let load = |name: &str, path: &Path| {
        let path = path.display().to_string().replace('%', "%%");
        format!("LoadCredential={name}:{path}")
    };
    // Those of the proxy and of `[notify]` stand after the last one of the sample.
    let credential = |sample: &str| {
        let own = plan.credentials.iter();
        let own = own.filter(|(begin, ..)| sample.starts_with(begin));
        let own = own.map(|(_, name, path)| load(name, path));
        let told = plan.others.iter().filter(|_| sample.starts_with(LAST));
        let told = told.map(|(name, path)| load(name, path));
        let lines: Vec<String> = own.chain(told).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    filled(sample, |key, value| match key {
        "Description" => Some(format!("{key}={}", description.replace('%', "%%"))),
        "ExecStart" => Some(format!("{key}={command}")),
        "EnvironmentFile" => None,
        "StateDirectory" => Some(format!("ReadWritePaths={folders}")),
        "LoadCredential" => credential(value),
        "TimeoutStopSec" => Some(format!("{key}={}", plan.drain_seconds)),
        _ => Some(format!("{key}={value}")),
    })
}

fn timer(sample: &str, description: &str, calendar: Option<&str>) -> String {
    filled(sample, |key, value| {
        Some(match (key, calendar) {
            ("Description", _) => format!("{key}={}", description.replace('%', "%%")),
            ("OnCalendar", Some(calendar)) => calendar.to_owned(),
            _ => format!("{key}={value}"),
        })
    })
}

/// The sample from its first section on, with each setting as `fill` has it. One that it leaves
/// out takes the comment above it along.
fn filled(sample: &str, fill: impl Fn(&str, &str) -> Option<String>) -> String {
    let (mut text, mut comment) = (String::new(), String::new());
    for line in sample.lines().skip_while(|line| *line != "[Unit]") {
        if line.starts_with('#') {
            comment = comment + line + "\n";
            continue;
        }
        let filled = match line.split_once('=') {
            Some((key, value)) => fill(key, value),
            None => Some(line.to_owned()),
        };
        let comment = std::mem::take(&mut comment);
        if let Some(filled) = filled {
            text = text + &comment + &filled + "\n";
        }
    }
    text
}

fn on_date(at: &Zoned) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn on_days(times: &StartTimes) -> String {
    const NAMES: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let names = (0..).zip(NAMES).filter(|(day, _)| times.days.contains(day));
    let names: Vec<&str> = names.map(|(_, name)| name).collect();
    let days = if names.is_empty() {
        String::new()
    } else {
        names.join(",") + " "
    };
    let (hours, minutes) = (
        ranges(&times.hours, ("..", 2)),
        ranges(&times.minutes, ("..", 2)),
    );
    format!("{days}*-*-* {hours}:{minutes}:00")
}

/// In the double quotes of systemd where a blank or another sign asks for them.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(is_plain) {
        text
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
