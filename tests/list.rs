//! Every campaign of a folder or a ledger is one line, also a broken one, and nothing is changed by
//! looking.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use hongbao::simulator::{FaultName, FaultRates, Settings};
use serde_json::Value;

use crate::support::{Campaign, clean, hongbao, openid, program, rows, until};

/// The lines of `list --json`, and its exit code.
#[track_caller]
fn listed(paths: &[&Path], exit: i32) -> Vec<Value> {
    let mut args = vec!["list", "--json"];
    args.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let ran = hongbao(&args, &[]).wait().exits(exit);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    document["campaigns"].as_array().unwrap().clone()
}

/// Of each line: campaign, state, and the verb of the next step.
fn told(lines: &[Value]) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let verb = |value: &Value| text(value).split(' ').nth(1).unwrap_or("-").to_owned();
    lines
        .iter()
        .map(|line| {
            (
                text(&line["campaign"]),
                text(&line["state"]),
                verb(&line["next"]),
            )
        })
        .collect()
}

/// Each line with a campaign file leads where the `status` of it leads, to the same commands.
#[track_caller]
fn leads_as_status_does(lines: &[Value]) {
    let mut compared = 0;
    for line in lines.iter().filter(|line| line["state"] != "not_loaded") {
        let Some(file) = line["file"].as_str().filter(|_| !line["ledger"].is_null()) else {
            continue;
        };
        let ran = hongbao(&["status", file, "--json"], &[]).wait().exits(0);
        let status: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(line["next"], status["next"], "{file}");
        assert_eq!(line["or"], status["or"], "{file}");
        compared += 1;
    }
    assert!(compared > 0, "nothing to compare: {lines:?}");
}

/// A second campaign file beside the first, of the same ledger.
fn another(campaign: &Campaign, id: &str, packets: usize) {
    let list = format!("{id}.csv");
    // Other people under other campaigns: a list is loaded once.
    let first = 1_000 * (id.len() + packets);
    let mut lines = String::from("openid,amount_fen\n");
    for (row, (_, fen)) in rows(packets).iter().enumerate() {
        writeln!(lines, "{},{fen}", openid(first + row)).unwrap();
    }
    campaign.write(&list, lines);
    let text = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let text = text
        .replace("id = \"lantern\"", &format!("id = \"{id}\""))
        .replace("recipients.csv", &list);
    campaign.write(&format!("{id}.toml"), text);
}

fn verb(campaign: &Campaign, verb: &str, file: &str) -> crate::support::Ran {
    let path = campaign.path(file);
    hongbao(&[verb, path.to_str().unwrap()], &[]).wait()
}

#[test]
fn each_campaign_of_a_folder_is_a_line_with_its_next_step() {
    let scripted = [(openid(1), "OPENID_ERROR".to_owned())].into();
    let mut campaign = Campaign::with(
        3,
        Settings {
            scripted,
            ..Settings::default()
        },
    );
    let folder = campaign.dir().to_owned();
    let lines = listed(&[&folder], 0);
    assert_eq!(
        told(&lines),
        [("lantern".into(), "not_loaded".into(), "load".into())]
    );
    assert!(!campaign.path("hongbao.db").exists(), "it made a ledger");
    campaign.run().exits(3);
    another(&campaign, "a", 2);
    another(&campaign, "b", 2);
    verb(&campaign, "load", "b.toml").exits(0);
    verb(&campaign, "pause", "b.toml").exits(0);
    another(&campaign, "closed", 2);
    let shut = "[schedule]\nstart_at = \"2099-01-01T00:00:00+08:00\"\n";
    let file = campaign.path("closed.toml");
    fs::write(&file, fs::read_to_string(&file).unwrap() + shut).unwrap();
    verb(&campaign, "load", "closed.toml").exits(0);
    // Neither is a campaign.
    campaign.write("merchant.toml", "[merchant]\nmch_id = \"10000098\"\n");
    campaign.write("notes.txt", "SQLite is a database");
    let before = fs::read(campaign.path("hongbao.db")).unwrap();
    let lines = listed(&[&folder], 0);
    let expected = [
        ("a", "not_loaded", "load"),
        ("b", "paused", "unpause"),
        ("lantern", "refused", "explain"),
        ("closed", "closed", "run"),
    ];
    let mut expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    expected.sort_by_key(|(id, ..)| {
        if id == "lantern" {
            "campaign".to_owned()
        } else {
            id.clone()
        }
    });
    assert_eq!(told(&lines), expected);
    leads_as_status_does(&lines);
    let lantern = lines
        .iter()
        .find(|line| line["campaign"] == "lantern")
        .unwrap();
    let refused = rows(3)[1].1;
    assert_eq!(lantern["rows"], 3);
    assert_eq!(lantern["total_fen"], campaign.total_fen());
    assert_eq!(lantern["paid_fen"], campaign.total_fen() - refused);
    assert_eq!(lantern["open_fen"], 0);
    assert_eq!(lantern["mode"], "live");
    assert_eq!(fs::read(campaign.path("hongbao.db")).unwrap(), before);
    // For a person: the head, and a line each.
    let ran = hongbao(&["list", folder.to_str().unwrap()], &[])
        .wait()
        .exits(0);
    assert_eq!(ran.stdout.lines().count(), 5, "{}", ran.stdout);
    assert_eq!(ran.stderr, "", "of several campaigns no mode is told first");
    // A rehearsal's ledger is another one.
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
    let lines = listed(&[&folder], 0);
    let modes: Vec<_> = lines
        .iter()
        .filter(|line| line["campaign"] == "lantern")
        .map(|line| (line["mode"].as_str().unwrap(), line["file"].is_null()))
        .collect();
    assert_eq!(modes, [("simulator", false), ("live", true)]);
}

#[test]
fn twenty_campaigns_of_one_ledger_are_twenty_lines() {
    let mut campaign = Campaign::of(0);
    campaign.set("gateway.mode", "\"simulator\"");
    let names: Vec<String> = (0..20).map(|n| format!("c{n:02}")).collect();
    for (count, id) in names.iter().enumerate() {
        another(&campaign, id, count + 1);
        verb(&campaign, "load", &format!("{id}.toml")).exits(0);
    }
    let ledger = campaign.path("hongbao.simulator.db");
    let lines = listed(&[&ledger], 0);
    let ids: Vec<&str> = lines
        .iter()
        .map(|line| line["campaign"].as_str().unwrap())
        .collect();
    assert_eq!(ids, names);
    assert!(
        lines
            .iter()
            .all(|line| line["next"].is_null() && line["state"] == "to_send")
    );
    assert_eq!(lines[6]["rows"], 7);
    // What was taken back is told as `status` tells it: loaded, and not owed.
    let file = campaign.path("c06.toml");
    let back = openid(1_000 * (names[6].len() + 7));
    let args = ["withdraw", file.to_str().unwrap(), &back, "--because", "x"];
    hongbao(&args, &[]).wait().exits(0);
    let line = listed(&[&ledger], 0).remove(6);
    let args = ["status", file.to_str().unwrap(), "--json"];
    let status = hongbao(&args, &[]).wait().exits(0).stdout;
    let status: Value = serde_json::from_str(&status).unwrap();
    for key in ["rows", "total_fen", "owed_fen"] {
        assert_eq!(line[key], status[key], "{key}");
    }
    assert_eq!(line["rows"], 7);
    assert_ne!(line["owed_fen"], line["total_fen"]);
    // By their files, and not twice.
    let lines = listed(&[campaign.dir(), &ledger], 0);
    assert_eq!(lines.len(), 21, "twenty, and one that was never loaded");
    // A backup is a copy of them: it is told of where it is named.
    let backup = campaign.path("copy.db");
    let args = [
        "ledger",
        "backup",
        campaign.path("c00.toml").to_str().unwrap(),
        backup.to_str().unwrap(),
    ]
    .map(str::to_owned);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    hongbao(&args, &[]).wait().exits(0);
    assert_eq!(listed(&[campaign.dir()], 0).len(), 21);
    assert_eq!(listed(&[&backup], 0).len(), 20);
    // And what a restore kept has each of them once more.
    let restore = [&["ledger", "restore"], &args[2..]].concat();
    hongbao(&restore, &[]).wait().exits(0);
    let kept = std::fs::read_dir(campaign.dir()).unwrap();
    let kept = kept.map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept
        .filter(|path| path.to_string_lossy().contains(".replaced-"))
        .filter(|path| path.to_string_lossy().ends_with(char::is_numeric))
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(listed(&[campaign.dir()], 0).len(), 21);
    assert_eq!(listed(&[&kept[0]], 0).len(), 20);
}

/// `init` makes a folder for each campaign, and a merchant has one file and one ledger for all.
#[test]
fn a_folder_of_folders_is_listed_in_the_order_of_people() {
    let root = tempfile::tempdir().unwrap();
    for name in ["c10", "c2", "c1", "my camp"] {
        let dir = root.path().join(name);
        hongbao(&["init", dir.to_str().unwrap()], &[])
            .wait()
            .exits(0);
    }
    fs::create_dir(root.path().join(".hidden")).unwrap();
    fs::copy(
        root.path().join("c1/campaign.toml"),
        root.path().join(".hidden/campaign.toml"),
    )
    .unwrap();
    let list = |args: &[&str]| {
        let mut list = Command::new(program());
        clean(&mut list);
        list.arg("list").args(args).current_dir(root.path());
        let ran = list.output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        String::from_utf8(ran.stdout).unwrap()
    };
    let document: Value = serde_json::from_str(&list(&["--json"])).unwrap();
    let next: Vec<&str> = document["campaigns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["next"].as_str().unwrap())
        .collect();
    let wanted = [
        "hongbao load c1/campaign.toml",
        "hongbao load c2/campaign.toml",
        "hongbao load c10/campaign.toml",
        "hongbao load 'my camp/campaign.toml'",
    ];
    assert_eq!(next, wanted);
    // In text, and what is broken stands after the table.
    fs::write(root.path().join("c1/campaign.toml"), "[campaign]\nid = \n").unwrap();
    let mut broken = Command::new(program());
    clean(&mut broken);
    let ran = broken
        .arg("list")
        .current_dir(root.path())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(7));
    let shown = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("campaign "), "{shown}");
    for (line, wanted) in lines[1..4].iter().zip(&wanted[1..]) {
        assert!(line.ends_with(wanted), "{wanted} in {shown}");
    }
    assert!(lines[4].starts_with("c1/campaign.toml: "), "{shown}");
    // A folder with a campaign of its own is that.
    fs::remove_file(root.path().join("c1/campaign.toml")).unwrap();
    let second = root.path().join("c2/campaign.toml");
    fs::copy(&second, root.path().join("own.toml")).unwrap();
    assert_eq!(list(&["."]).lines().count(), 2);
}

#[test]
fn a_broken_file_is_a_line_with_its_error_and_the_exit_code_says_so() {
    let campaign = Campaign::of(1);
    campaign.write("broken.toml", "[campaign]\nid = \n");
    campaign.write(
        "ledger.db",
        [&b"SQLite format 3\0"[..], &[7; 4096]].concat(),
    );
    let lines = listed(&[campaign.dir()], 7);
    assert_eq!(lines.len(), 3, "{lines:?}");
    let fault = &lines[0]["error"];
    assert!(
        fault["en"]
            .as_str()
            .unwrap()
            .contains("broken.toml:2: not TOML"),
        "{fault}"
    );
    assert_eq!(fault["exit"], 7);
    assert!(lines[0]["campaign"].is_null());
    assert_eq!(lines[1]["state"], "not_loaded");
    assert!(lines[2]["error"].is_object(), "{}", lines[2]);
    let gone = campaign.path("gone.toml");
    let lines = listed(&[&gone, &campaign.path("campaign.toml")], 7);
    assert_eq!(lines.len(), 2);
    let empty = tempfile::tempdir().unwrap();
    let ran = hongbao(&["list", empty.path().to_str().unwrap()], &[]).wait();
    ran.exits(0).says(&["no campaign file and no ledger"]);
}

#[test]
fn it_works_beside_a_run() {
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Late, 1.0),
        late_ms: 300,
        ..Settings::default()
    };
    let campaign = Campaign::with(60, settings);
    let run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 8);
    let lines = listed(&[campaign.dir()], 0);
    assert_eq!(lines[0]["state"], "running", "{}", lines[0]);
    let next = lines[0]["next"].as_str().unwrap();
    assert!(
        next.starts_with("hongbao status ") && next.ends_with(" --watch"),
        "{next}"
    );
    run.wait().exits(0);
    let lines = listed(&[campaign.dir()], 0);
    assert_eq!(
        told(&lines),
        [("lantern".into(), "sent".into(), "reconcile".into())]
    );
    leads_as_status_does(&lines);
    campaign.books_agree();
}
