//! When sends may leave: the open times of `[schedule]`, the ends that a run is given, and the
//! wait for the next time.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{
    Campaign, Child, Ran, for_each_at_once, hongbao, is_full, rows, total_yuan, until,
};

/// Twenty packets a second, open from 8:00 to 23:30 in Beijing, on the simulator.
fn nightly(packets: usize) -> Campaign {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.set("schedule.hours", "\"08:00-23:30\"");
    campaign.set("pace.per_second", "20");
    campaign.owe(rows(packets));
    campaign
}

fn start(campaign: &Campaign, verb: &str, now: &str, rest: &[&str]) -> Child {
    let now = format!("2027-02-{now}+08:00");
    campaign.start_at(verb, rest, &[("HONGBAO_SIMULATED_NOW", &now)])
}

fn at(campaign: &Campaign, verb: &str, now: &str, rest: &[&str]) -> Ran {
    start(campaign, verb, now, rest).wait()
}

/// When each packet was first sent, as the report has it.
fn sent_at(campaign: &Campaign) -> Vec<String> {
    let ran = campaign.verb("report", &["--format", "json"]).exits(0);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let times = rows.iter().filter_map(|row| row["first_sent_at"].as_str());
    times.map(ToOwned::to_owned).collect()
}

#[test]
fn outside_the_hours_the_list_is_loaded_and_nothing_is_sent() {
    let campaign = nightly(3);
    let opens = "it opens at 2027-02-13 08:00 (Asia/Shanghai)";
    at(&campaign, "run", "12T23:30:00", &[])
        .exits(5)
        .says(&[opens, "--wait\n"]);
    assert_eq!(campaign.count("ready"), 3);
    assert!(
        !campaign.path("hongbao.simulator.jsonl").exists(),
        "a request was made"
    );
    at(&campaign, "run", "13T08:00:00", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 3);
    // Nothing waits for an opening any more.
    at(&campaign, "run", "13T23:45:00", &[]).exits(0);
}

#[test]
fn a_run_that_is_sending_stops_when_the_hours_end() {
    let campaign = nightly(200);
    let ran = at(&campaign, "run", "12T23:29:57", &[]).exits(5);
    ran.says(&["the open time of [schedule] is over: ", "2027-02-13 08:00"]);
    let (sent, ready) = (campaign.count("sent"), campaign.count("ready"));
    assert!(
        (1..=60).contains(&sent),
        "{sent} were sent in three seconds at twenty a second"
    );
    assert_eq!(sent + ready, 200);
    for time in sent_at(&campaign) {
        assert!(time.as_str() < "2027-02-12T23:30:00", "{time}");
    }
    at(&campaign, "run", "13T08:00:00", &[]).exits(0);
    assert_eq!(campaign.count("sent"), 200);
}

#[test]
fn a_schedule_that_is_over_never_opens_again() {
    let mut campaign = nightly(2);
    campaign.set("schedule.not_after", "\"2027-02-12T20:00:00+08:00\"");
    let ran = at(&campaign, "run", "12T20:00:00", &["--wait"]).exits(5);
    ran.says(&["it never opens again", "not_after"]);
    let plan = at(&campaign, "plan", "12T20:00:00", &["--json"]).exits(0);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    assert_eq!(
        (&plan["left_out"], &plan["opening"], &plan["next"]),
        (&2.into(), &Value::Null, &Value::Null)
    );
    assert!(due(&campaign, "12T20:00:00").starts_with("hongbao plan "));
}

/// What `status` leads to.
fn due(campaign: &Campaign, now: &str) -> String {
    let status = at(campaign, "status", now, &["--json"]).exits(0);
    let status: Value = serde_json::from_str(&status.stdout).unwrap();
    status["next"].as_str().unwrap().to_owned()
}

#[test]
fn outside_the_hours_status_leads_to_a_run_that_waits() {
    let campaign = nightly(3);
    campaign.verb("load", &[]).exits(0);
    let run = format!("hongbao run {}", campaign.path("campaign.toml").display());
    assert_eq!(due(&campaign, "12T12:00:00"), run);
    assert_eq!(due(&campaign, "12T23:45:00"), format!("{run} --wait"));
    at(&campaign, "pause", "12T12:00:00", &[]).exits(0);
    assert!(due(&campaign, "12T12:00:00").ends_with(&format!(" && {run}")));
    assert!(due(&campaign, "12T23:45:00").ends_with(&format!(" && {run} --wait")));
}

#[test]
fn a_run_waits_for_the_opening_without_the_lock() {
    let campaign = nightly(3);
    let waiting = start(&campaign, "run", "12T07:59:56", &["--wait"]);
    until("it waits", || {
        waiting
            .said("stderr")
            .contains("waiting until 2027-02-12 08:00")
    });
    // Another verb takes the lock meanwhile.
    at(&campaign, "reconcile", "12T07:59:57", &[]).exits(5);
    let ran = waiting.wait().exits(0);
    assert_eq!(ran.stdout.lines().count(), 1, "one report: {}", ran.stdout);
    assert_eq!(campaign.count("sent"), 3);
}

/// An opening that is told without its seconds is past already.
#[test]
fn an_opening_is_told_to_its_second_and_a_plan_waits_for_it() {
    let mut campaign = nightly(3);
    campaign.set("schedule.start_at", "\"2027-02-12T08:14:30+08:00\"");
    let file = campaign.path("campaign.toml").display().to_string();
    let next = format!("next: hongbao run {file} --wait\n");
    at(&campaign, "run", "12T08:14:22", &[])
        .exits(5)
        .says(&["it opens at 2027-02-12 08:14:30 (", &next]);
    let waiting = start(&campaign, "run", "12T08:14:22", &["--wait"]);
    until("it waits", || {
        let told = "waiting until 2027-02-12 08:14:30 (";
        waiting.said("stderr").contains(told)
    });
    waiting.signal("TERM");
    waiting.wait().exits(143);
    let plan = at(&campaign, "plan", "12T08:14:22", &[]).exits(0).stdout;
    for line in [
        "open       2027-02-12 08:14:30 until 2027-02-12 23:30 (Asia/Shanghai)\n",
        "s, until 2027-02-12 08:14:31 (Beijing) if begun at 2027-02-12 08:14:30, as `run --wait`",
        &next,
    ] {
        assert!(plan.contains(line), "no {line:?} in:\n{plan}");
    }
    let plan = at(&campaign, "plan", "12T08:14:30", &[]).exits(0).stdout;
    assert!(plan.contains("if begun now\n"), "{plan}");
    assert!(
        plan.contains(&format!("next: hongbao run {file}\n")),
        "{plan}"
    );
}

#[test]
fn what_changes_during_the_wait_counts() {
    let campaign = nightly(3);
    let waiting = start(&campaign, "run", "12T07:59:56", &["--wait"]);
    until("it waits", || {
        waiting.said("stderr").contains("waiting until")
    });
    at(&campaign, "pause", "12T07:59:57", &[]).exits(0);
    waiting.wait().exits(5);
    assert_eq!(campaign.count("ready"), 3);
}

/// A live campaign that opens a few seconds from now, loaded and confirmed, and its run that waits.
fn waiting_live(campaign: &mut Campaign) -> Child {
    let opens = Timestamp::now() + Duration::from_secs(5);
    campaign.set("schedule.start_at", &format!("\"{opens:.0}\""));
    let total = total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--wait"];
    let waiting = campaign.start("run", &flags);
    until("it waits", || {
        waiting.said("stderr").contains("waiting until")
    });
    waiting
}

#[test]
fn campaign_list_and_approval_are_read_anew_at_the_opening() {
    let nobody_was_paid = |campaign: &Campaign| assert_eq!(campaign.wechat.sends(), 0);
    for_each_at_once(0..4, |case| {
        let mut campaign = Campaign::of(2);
        match case {
            // The list is another one.
            0 => {
                let waiting = waiting_live(&mut campaign);
                campaign.owe(rows(3));
                waiting.wait().exits(6).says(&["recipients.csv"]);
                nobody_was_paid(&campaign);
            }
            // The campaign file is broken, and nothing of the earlier one is used.
            1 => {
                let waiting = waiting_live(&mut campaign);
                campaign.set("pace.in_flight", "0");
                waiting.wait().exits(7).says(&["pace.in_flight"]);
                nobody_was_paid(&campaign);
            }
            // It opens later by now: it waits again, and never past `not_after`.
            2 => {
                let waiting = waiting_live(&mut campaign);
                let later = Timestamp::now() + Duration::from_hours(1);
                campaign.set("schedule.start_at", &format!("\"{later:.0}\""));
                let waits = || waiting.said("stderr").matches("waiting until").count();
                until("it waits again", || waits() == 2);
                waiting.signal("INT");
                waiting.wait().exits(130);
                nobody_was_paid(&campaign);
            }
            // It was approved when it began to wait, by somebody who may not any more.
            _ => {
                let key = campaign.path("approver.key");
                let made = hongbao(&["approve", "--keygen", key.to_str().unwrap()], &[]);
                let public = made.wait().exits(0).stdout;
                let (_, keys) = public.trim().split_once(" = ").unwrap();
                campaign.set("approval.required", "true");
                campaign.set("approval.approvers", keys);
                campaign.verb("load", &[]).exits(0);
                let plan = campaign.verb("plan", &["--json"]).exits(0);
                let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
                let digest = plan["digest"].as_str().unwrap();
                let flags = ["--key", key.to_str().unwrap(), "--digest", digest];
                campaign.verb("approve", &flags).exits(0);
                let waiting = waiting_live(&mut campaign);
                campaign.set("approval.approvers", &format!("[\"{}\"]", "ab".repeat(32)));
                waiting.wait().exits(9);
                nobody_was_paid(&campaign);
            }
        }
    });
}

/// A minute lies between two open times, since hours are of minutes.
#[test]
fn a_signal_in_the_second_open_time_is_answered_once() {
    if !is_full() {
        return;
    }
    let mut campaign = nightly(400);
    campaign.set("schedule.hours", "\"00:00-23:59\"");
    campaign.set("pace.per_second", "5");
    let running = start(&campaign, "run", "12T23:58:56", &["--wait"]);
    until("it waits", || {
        running.said("stderr").contains("waiting until")
    });
    let before = campaign.count("sent");
    std::thread::sleep(Duration::from_mins(1));
    until("it sends again", || campaign.count("sent") > before);
    running.signal("TERM");
    let ran = running.wait().exits(143);
    assert_eq!(ran.stderr.matches("stopping").count(), 1, "{}", ran.stderr);
}

#[test]
fn a_signal_ends_the_wait() {
    let campaign = nightly(1);
    let waiting = start(&campaign, "run", "12T02:00:00", &["--wait"]);
    until("it waits", || {
        waiting.said("stderr").contains("waiting until")
    });
    waiting.signal("TERM");
    waiting.wait().exits(143);
}

#[test]
fn a_run_ends_when_it_was_told_to() {
    for flags in [["--max-duration", "2s"], ["--until", "12:01"]] {
        let campaign = nightly(200);
        let ran = at(&campaign, "run", "12T12:00:58", &flags).exits(5);
        ran.says(&[&format!("{} is reached: ", flags[0])]);
        let sent = campaign.count("sent");
        assert!((1..=40).contains(&sent), "{sent} were sent in two seconds");
    }
    let campaign = nightly(1);
    for flags in [
        ["--max-duration", "soon"],
        ["--until", "25:00"],
        ["--max-duration", "0s"],
    ] {
        at(&campaign, "run", "12T12:00:00", &flags)
            .exits(2)
            .says(&[flags[1]]);
    }
}

#[test]
fn the_plan_ends_when_the_run_does() {
    let campaign = nightly(100);
    let plan = |now: &str| -> Value {
        let ran = at(&campaign, "plan", now, &["--json"]).exits(0);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    // Two seconds at twenty packets are left of the evening, less what it takes to start.
    let split = plan("12T23:29:58");
    let rows = |day: usize| split["days"][day]["rows"].as_u64().unwrap();
    assert!((1..=40).contains(&rows(0)), "{split}");
    assert_eq!(rows(0) + rows(1), 100);
    let finish = split["finish_at"].as_str().unwrap();
    assert!(finish.starts_with("2027-02-13T08:00:0"), "{finish}");
    assert_eq!(split["opening"]["until"], "2027-02-12T23:30:00+08:00");
    let whole = plan("12T12:00:00");
    let finish = whole["finish_at"].as_str().unwrap();
    assert!(("2027-02-12T12:00:05"..).contains(&finish), "{finish}");
    at(&campaign, "run", "12T12:00:00", &[]).exits(0);
    let last = sent_at(&campaign).into_iter().max().unwrap();
    let seconds: u32 = last[17..19].parse().unwrap();
    // A busy machine starts late. A packet is made ready at most two seconds before it leaves, and
    // no machine is faster than the pace.
    let is_right = last.starts_with("2027-02-12T12:0") && seconds >= 2;
    assert!(is_right, "{last}");
}

/// A job sees the campaign's folder and nothing else: it would end with 7 each night.
#[test]
fn a_job_of_files_outside_the_campaigns_folder_says_which() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("spring");
    hongbao(&["init", folder.to_str().unwrap()], &[])
        .wait()
        .exits(0);
    let file = folder.join("campaign.toml");
    let text = fs::read_to_string(&file).unwrap();
    let print = |text: &str| {
        fs::write(&file, text).unwrap();
        let words = ["schedule", "--print", "k8s", file.to_str().unwrap()];
        hongbao(&words, &[]).wait().exits(0).stdout
    };
    assert!(!print(&text).contains("outside"));
    fs::write(dir.path().join("merchant.toml"), "").unwrap();
    fs::copy(
        folder.join("recipients.csv"),
        dir.path().join("recipients.csv"),
    )
    .unwrap();
    let kept = "path = \"../all/hongbao.db\"\nbackup_dir = \"/var/backups/hongbao\"";
    let text = text
        .replace("\"recipients.csv\"", "\"../recipients.csv\"")
        .replace("path = \"hongbao.db\"", kept);
    let shared = "[defaults]\ninclude = \"../merchant.toml\"\n";
    let text = text.replace("[defaults]\n", shared);
    let jobs = print(&text);
    for outside in [
        "merchant.toml",
        "recipients.csv",
        "all/hongbao.simulator.db",
        "/var/backups/hongbao",
    ] {
        let is_told = |line: &str| line.starts_with("# ") && line.contains(outside);
        assert_eq!(jobs.lines().filter(|it| is_told(it)).count(), 2, "{jobs}");
    }
}

/// Also one that is told to its second: a start before it would find nothing open.
#[test]
fn a_first_moment_between_two_starts_has_a_start_of_its_own() {
    let mut campaign = nightly(1);
    campaign.set("schedule.start_at", "\"2027-02-12T20:33:20+08:00\"");
    for (system, lines) in [
        (
            "systemd",
            &[
                "OnCalendar=2027-02-12 20:34:00 Asia/Shanghai\n",
                "OnCalendar=*-*-* 08..23:00,15,30,45:00 Asia/Shanghai\n",
            ][..],
        ),
        (
            "cron",
            &["\n0,15,30,45 8-23 * * * out=$(", "\n34 20 12 2 * out=$("],
        ),
        (
            "k8s",
            &[
                "name: hongbao-lantern\nspec:\n  schedule: \"0,15,30,45 8-23 * * *\"",
                "name: hongbao-lantern.2\nspec:\n  schedule: \"34 20 12 2 *\"",
                "claimName: hongbao-lantern\n",
                "name: hongbao-lantern-reconcile\n",
            ],
        ),
    ] {
        let printed = print(&campaign, system, "Asia/Shanghai");
        for line in lines {
            assert!(printed.contains(line), "no {line:?} in:\n{printed}");
        }
    }
    campaign.set("schedule.start_at", "\"2027-02-12T20:30:00+08:00\"");
    let printed = print(&campaign, "cron", "Asia/Shanghai");
    assert!(!printed.contains(" 12 2 *"), "{printed}");
}

/// What `schedule` prints on a machine of this time zone, before the first day.
fn print(campaign: &Campaign, system: &str, zone: &str) -> String {
    let given = [
        ("HONGBAO_SIMULATED_NOW", "2027-02-01T12:00:00+08:00"),
        ("TZ", zone),
    ];
    let ran = campaign.start_at("schedule", &["--print", system], &given);
    ran.wait().exits(0).stdout
}

/// Hours over midnight belong to the day on which they begin.
#[test]
fn hours_after_midnight_start_on_the_next_day() {
    let mut campaign = nightly(1);
    campaign.set("schedule.hours", "\"22:40-01:10\"");
    campaign.set("schedule.weekdays", "[\"fri\", \"sat\"]");
    let units = print(&campaign, "systemd", "Asia/Shanghai");
    for line in [
        "OnCalendar=Fri,Sat *-*-* 22..23:10,25,40,55:00 Asia/Shanghai\n",
        "OnCalendar=Sun,Sat *-*-* 00:10,25,40,55:00 Asia/Shanghai\n",
    ] {
        assert!(units.contains(line), "no {line:?} in:\n{units}");
    }
}

/// Without hours a day is open as a whole; only without any schedule are some hours an example.
#[test]
fn a_day_without_hours_has_starts_all_day() {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.owe(rows(1));
    let printed = print(&campaign, "cron", "Asia/Shanghai");
    assert!(printed.contains("\n0,15,30,45 10-21 * * * "), "{printed}");
    campaign.set("schedule.weekdays", "[\"fri\"]");
    campaign.set("schedule.start_at", "\"2027-02-12T23:50:00+08:00\"");
    let printed = print(&campaign, "cron", "Asia/Shanghai");
    assert!(printed.contains("\n0,15,30,45 0-23 * * 5 "), "{printed}");
    assert!(printed.contains("\n50 23 12 2 * "), "{printed}");
}

/// Few crons know another time zone than the machine's own; one that changes its clocks has the
/// starts of both times.
#[test]
fn a_crontab_has_the_times_of_the_machines_clock() {
    let mut campaign = nightly(1);
    campaign.set("schedule.start_at", "\"2027-02-12T20:33:20+08:00\"");
    for (zone, lines) in [
        ("UTC", ["\n0,15,30,45 0-15 * * * ", "\n34 12 12 2 * "]),
        (
            "Asia/Kolkata",
            ["\n0,15,30,45 5-21 * * * ", "\n4 18 12 2 * "],
        ),
    ] {
        let printed = print(&campaign, "cron", zone);
        for line in lines {
            assert!(printed.contains(line), "no {line:?} in:\n{printed}");
        }
    }
    let mut campaign = nightly(1);
    campaign.set("schedule.start_at", "\"2027-07-12T20:33:20+08:00\"");
    let printed = print(&campaign, "cron", "Europe/Berlin");
    assert!(printed.contains("\n0,15,30,45 1-17 * * * "), "{printed}");
    assert!(printed.contains("\n34 14 12 7 * "), "{printed}");
    campaign.set("schedule.weekdays", "[\"mon\"]");
    campaign.set("schedule.hours", "\"06:00-10:00\"");
    let printed = print(&campaign, "cron", "UTC");
    assert!(printed.contains("\n0,15,30,45 22-23 * * 0 "), "{printed}");
    assert!(printed.contains("\n0,15,30,45 0-1 * * 1 "), "{printed}");
}

#[test]
fn a_schedule_is_printed_for_each_system_that_starts_runs() {
    let mut campaign = nightly(1);
    campaign.set("schedule.weekdays", "[\"mon\", \"sun\"]");
    let print = |system: &str| print(&campaign, system, "Asia/Shanghai");
    let file = campaign.path("campaign.toml").display().to_string();
    let units = print("systemd");
    for line in [
        "OnCalendar=Sun,Mon *-*-* 08..23:00,15,30,45:00 Asia/Shanghai\n",
        "SuccessExitStatus=5 143\n",
        "# ==== hongbao-lantern-reconcile.timer\n",
        &format!(" run {file}\n"),
    ] {
        assert!(units.contains(line), "no {line:?} in:\n{units}");
    }
    assert_eq!(
        units.matches("Persistent=no\n").count(),
        1,
        "the run is not made up for"
    );
    let lines = print("cron");
    assert!(lines.contains("\n0,15,30,45 8-23 * * 0-1 "), "{lines}");
    let jobs = print("k8s");
    for part in [
        "schedule: \"0,15,30,45 8-23 * * 0-1\"",
        "concurrencyPolicy: Forbid",
        "\"/campaign/campaign.toml\"",
    ] {
        assert!(jobs.contains(part), "no {part:?} in:\n{jobs}");
    }
    assert!(!jobs.contains("outside"), "{jobs}");
    // A live run needs the total, which only a loaded list has.
    campaign.set("gateway.mode", "\"live\"");
    campaign
        .verb("schedule", &["--print", "cron"])
        .exits(2)
        .says(&["hongbao load"]);
    campaign.verb("load", &[]).exits(0);
    let total = total_yuan(campaign.total_fen());
    let live = format!(" --live --confirm-total {total} 2>&1);");
    assert!(
        campaign
            .verb("schedule", &["--print", "cron"])
            .exits(0)
            .stdout
            .contains(&live)
    );
}

#[test]
fn a_broken_schedule_is_refused_by_line() {
    for (key, value, says) in [
        ("hours", "\"8-23\"", "not a time of day"),
        ("hours", "\"08:00-08:00\"", "hours that end when they begin"),
        ("weekdays", "[\"monday\"]", "not a day of the week"),
        ("skip_dates", "[\"2027-02-30\"]", "not a date"),
        ("timezone", "\"Beijing\"", "not a time zone"),
        ("start_at", "\"2027-02-12 20:00\"", "not a moment"),
        ("not_after", "\"2027-02-12T20:00:00\"", "not a moment"),
    ] {
        let mut campaign = nightly(1);
        campaign.set(&format!("schedule.{key}"), value);
        campaign.verb("plan", &[]).exits(7).says(&[says, key]);
    }
    let mut campaign = nightly(1);
    campaign.set("schedule.start_at", "\"2027-02-12T20:00:00+08:00\"");
    campaign.set("schedule.not_after", "\"2027-02-12T20:00:00+08:00\"");
    campaign
        .verb("plan", &[])
        .exits(7)
        .says(&["no packet could be sent"]);
}

/// What a run is to pay at most is not paid once more in each open time.
#[test]
fn a_run_with_a_bound_ends_with_its_open_time() {
    for bound in [["--max-rows", "90"], ["--max-amount", "100.00"]] {
        let mut campaign = Campaign::of(100);
        campaign.set("gateway.mode", "\"simulator\"");
        campaign.set("schedule.hours", "\"08:00-10:00\"");
        campaign.set("pace.per_second", "5");
        let now = [("HONGBAO_SIMULATED_NOW", "2027-02-01T09:59:57+08:00")];
        let mut run = campaign.start_at("run", &[&["--wait"][..], &bound].concat(), &now);
        until("it ends", || run.is_over());
        run.wait().exits(5);
        let sent = campaign.count("sent");
        assert!(0 < sent && sent < 90, "{sent}");
    }
}
