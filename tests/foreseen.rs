//! What a run would refuse is told before by the verbs that only look, with the command to type.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Campaign, hongbao};

/// Another file in the place of the ledger, with the same in it.
fn copied(campaign: &Campaign) {
    let (ledger, copy) = (campaign.path("hongbao.db"), campaign.path("copy"));
    fs::copy(&ledger, &copy).unwrap();
    fs::rename(&copy, &ledger).unwrap();
}

fn adopt(campaign: &Campaign) -> String {
    let path = campaign.path("campaign.toml");
    format!("hongbao ledger adopt {}", path.display())
}

/// Verbs that work on a copy, too.
const LOOKING: &[(&str, &[&str])] = &[
    ("status", &[]),
    ("plan", &[]),
    ("report", &[]),
    ("audit", &[]),
    ("show", &["oTest00000000000000000000001"]),
    ("load", &["--check"]),
    ("schedule", &["--print", "cron"]),
];

#[test]
fn a_copy_of_the_ledger_is_told_of_by_every_verb_that_looks() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    for (verb, rest) in LOOKING {
        let ran = campaign.verb(verb, rest).exits(0);
        assert!(
            !ran.stderr.contains("copy of the ledger"),
            "{verb}: {}",
            ran.stderr
        );
    }
    copied(&campaign);
    let adopt = adopt(&campaign);
    for (verb, rest) in LOOKING {
        let ran = campaign.verb(verb, rest).exits(0);
        assert_eq!(
            ran.stderr.matches(&format!("`{adopt}`")).count(),
            1,
            "{}",
            ran.stderr
        );
        ran.says(&["hongbao.db is a backup or another copy of the ledger that was used last"]);
        let rest = [rest, &["--lang", "zh"][..]].concat();
        let ran = campaign.verb(verb, &rest).exits(0);
        ran.says(&["hongbao.db 是备份，或上次所用账本的其他副本", &adopt]);
    }
    for verb in ["status", "plan"] {
        let ran = campaign.verb(verb, &[]).exits(0);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(all.contains(&format!("next: {adopt}\n")), "{all}");
        let ran = campaign.verb(verb, &["--json"]).exits(0);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(document["next"], *adopt);
    }
    campaign.run().exits(11);
    campaign.verb("pause", &[]).exits(11);
}

#[test]
fn a_copy_is_a_line_of_the_list_with_its_way_out() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    copied(&campaign);
    let adopt = adopt(&campaign);
    let list = |path: &str| hongbao(&["list", path, "--json"], &[]).wait().exits(0);
    let folder = campaign.dir().to_str().unwrap().to_owned();
    let ran = list(&folder);
    assert_eq!(ran.stderr.matches(&adopt).count(), 1, "{}", ran.stderr);
    let line = serde_json::from_str::<Value>(&ran.stdout).unwrap()["campaigns"][0].clone();
    assert_eq!(
        (&line["state"], &line["next"]),
        (&"copy".into(), &adopt.as_str().into())
    );
    let ledger = campaign.path("hongbao.db");
    list(ledger.to_str().unwrap()).says(&["`hongbao ledger adopt CAMPAIGN.toml`"]);
    // Nor could anything be loaded into it.
    campaign.set("campaign.id", "\"another\"");
    hongbao(&["list", &folder], &[])
        .wait()
        .exits(0)
        .says(&["copy of the ledger"]);
}

#[test]
fn a_backup_in_the_place_of_the_ledger_is_told_of() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    campaign.ledger("backup", "backup.db").exits(0);
    let backup = campaign.path("backup.db");
    let ran = hongbao(&["list", backup.to_str().unwrap()], &[])
        .wait()
        .exits(0);
    assert_eq!(ran.stderr, "");
    campaign.set("ledger.path", "\"backup.db\"");
    campaign
        .verb("status", &[])
        .exits(0)
        .says(&[&adopt(&campaign)]);
    campaign.verb("run", &["--live"]).exits(11);
}

#[test]
fn a_ledger_of_the_other_mode_is_told_of() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    campaign.set("gateway.mode", "\"simulator\"");
    let to = campaign.path("hongbao.simulator.db");
    fs::rename(campaign.path("hongbao.db"), &to).unwrap();
    let words = ["was made in live mode and cannot be used in simulator mode"];
    campaign.verb("status", &[]).exits(0).says(&words);
    campaign.verb("run", &[]).exits(7).says(&words);
}

/// What `run` refuses after the load, `plan` refuses with the same words, and `status` leads to it.
#[test]
fn a_text_or_account_that_was_changed_since_the_load_is_told_of_by_plan() {
    for (key, changed) in [
        ("campaign.act_name", "\"猜灯谜二\""),
        ("campaign.send_name", "\"天虹\""),
        ("campaign.wishing", "\"新年快乐\""),
        ("campaign.remark", "\"来\""),
        ("campaign.scene_id", "\"PRODUCT_2\""),
        ("merchant.mch_id", "\"10000099\""),
        ("merchant.wxappid", "\"wx8888888888888889\""),
    ] {
        let mut campaign = Campaign::of(3);
        campaign.verb("load", &[]).exits(0);
        campaign.verb("plan", &[]).exits(0);
        campaign.set(key, changed);
        let field = key.split_once('.').unwrap().1;
        let total = crate::support::total_yuan(campaign.total_fen());
        for lang in ["en", "zh"] {
            let run = ["--live", "--confirm-total", &total, "--lang", lang];
            let run = campaign.verb("run", &run).exits(7);
            let plan = campaign.verb("plan", &["--lang", lang]).exits(7);
            let told = plan.stderr.lines().find(|line| line.contains(field));
            assert!(
                run.stderr.contains(told.unwrap()),
                "{} {}",
                run.stderr,
                plan.stderr
            );
        }
        assert_eq!(
            campaign.status()["next"]
                .as_str()
                .unwrap()
                .split(' ')
                .nth(1),
            Some("plan")
        );
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_of_before_a_run() {
    let mut campaign = Campaign::of(3);
    let total = crate::support::total_yuan(campaign.total_fen());
    for place in ["no/such/hongbao.db", "campaign.toml/hongbao.db"] {
        campaign.set("ledger.path", &format!("{place:?}"));
        let folder = campaign.path(place);
        let folder = folder.parent().unwrap().display().to_string();
        for (lang, words) in [
            ("en", "the folder of the ledger is not there"),
            ("zh", "账本所在的文件夹不存在"),
        ] {
            let words = [words, &format!("`mkdir -p {folder}`")];
            for (verb, rest) in [
                ("plan", &[][..]),
                ("load", &["--check"]),
                ("load", &[]),
                ("run", &["--live", "--confirm-total", &total]),
            ] {
                let rest = [rest, &["--lang", lang]].concat();
                campaign.verb(verb, &rest).exits(7).says(&words);
            }
        }
    }
    fs::create_dir_all(campaign.path("no/such")).unwrap();
    campaign.set("ledger.path", "\"no/such/hongbao.db\"");
    campaign.verb("plan", &[]).exits(0);
    campaign.run().exits(0);
}

/// Where secrets are given by name, the second would be read as the first.
#[test]
fn two_secrets_of_one_name_are_refused_where_they_are_given_by_name() {
    let mut campaign = Campaign::of(3);
    fs::create_dir(campaign.path("more")).unwrap();
    let key = campaign.path("more/apiclient_cert.pem");
    fs::copy(campaign.path("secrets/apiclient_key.pem"), &key).unwrap();
    campaign.set("merchant.key_file", "\"more/apiclient_cert.pem\"");
    campaign.verb("plan", &[]).exits(0);
    let given = campaign.path("given");
    let given = [("CREDENTIALS_DIRECTORY", given.to_str().unwrap())];
    let total = crate::support::total_yuan(campaign.total_fen());
    for (lang, says) in [
        ("en", "have one name, apiclient_cert.pem"),
        ("zh", "同名（apiclient_cert.pem）"),
    ] {
        for (verb, rest) in [
            ("plan", &[][..]),
            ("run", &["--live", "--confirm-total", &total]),
        ] {
            let rest = [rest, &["--lang", lang]].concat();
            campaign
                .start_at(verb, &rest, &given)
                .wait()
                .exits(7)
                .says(&[says]);
        }
    }
    assert_eq!(campaign.wechat.sends(), 0);
}

/// As a run would, which reads them all before it tells anybody.
#[test]
fn a_test_of_notifications_refuses_two_secrets_of_one_name() {
    let mut campaign = Campaign::of(1);
    for folder in ["a", "b"] {
        fs::create_dir(campaign.path(folder)).unwrap();
        let url = campaign.path(folder).join("url");
        fs::write(&url, "https://127.0.0.1:9/cgi-bin/webhook/send?key=a").unwrap();
        fs::set_permissions(&url, fs::Permissions::from_mode(0o600)).unwrap();
    }
    campaign.set("notify.wecom_url_file", "\"a/url\"");
    campaign.set("notify.ping_url_file", "\"b/url\"");
    let given = campaign.path("given");
    let given = [("CREDENTIALS_DIRECTORY", given.to_str().unwrap())];
    let total = crate::support::total_yuan(campaign.total_fen());
    let says = &["have one name, url"];
    for mode in ["live", "simulator"] {
        campaign.set("gateway.mode", &format!("{mode:?}"));
        let ran = campaign.start_at("notify", &["--test"], &given).wait();
        let ran = ran.exits(7).says(says);
        assert_eq!(ran.stdout, "", "somebody was told");
    }
    campaign.set("gateway.mode", "\"live\"");
    let run = ["--live", "--confirm-total", &total];
    campaign
        .start_at("run", &run, &given)
        .wait()
        .exits(7)
        .says(says);
    let doctor = campaign.start_at("doctor", &[], &given).wait().exits(7);
    assert!(doctor.stdout.contains(says[0]), "{}", doctor.stdout);
}

/// The next command of a plan, and what it tells beside itself.
fn planned(campaign: &Campaign) -> (String, String) {
    let ran = campaign.verb("plan", &["--json"]).exits(0);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let why = document["obstacle"]["en"].as_str().unwrap_or_default();
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
    (
        document["next"].as_str().unwrap().to_owned(),
        why.to_owned(),
    )
}

#[test]
fn a_file_in_the_place_of_the_report_is_told_of_before_the_run() {
    let campaign = Campaign::of(3);
    let report = campaign.path("lantern-report.csv");
    for is_loaded in [false, true] {
        if is_loaded {
            campaign.verb("load", &[]).exits(0);
        }
        fs::write(&report, "openid,amount_yuan\nmine,1.00\n").unwrap();
        let (next, why) = planned(&campaign);
        assert!(why.contains("is no report of this campaign"), "{why}");
        let total = campaign.total_fen();
        let total = ["--confirm-total", &crate::support::total_yuan(total)].join(" ");
        let doctor = campaign.verb("doctor", &[]).exits(7);
        assert!(doctor.stdout.contains("✗ report "), "{}", doctor.stdout);
        assert!(doctor.stdout.contains("move it away: mv "));
        let doctor = campaign.verb("doctor", &["--lang", "zh"]).exits(7);
        assert!(doctor.stdout.contains("请移开该文件：mv "));
        // The run says the same, and the command to type after it.
        let ran = campaign.verb("run", &["--live", &total.replace(' ', "=")]);
        ran.exits(2).says(&[&why, &next]);
        let (free, run) = next.split_once(" && ").unwrap();
        assert!(run.ends_with(&total), "{run}");
        let moved = format!("mv {} {}.mine", report.display(), report.display());
        assert_eq!(free, moved);
        fs::remove_file(&report).unwrap();
        assert_eq!(planned(&campaign), (run.to_owned(), String::new()));
        let doctor = campaign.verb("doctor", &[]).exits(0);
        assert!(doctor.stdout.contains("✓ report "), "{}", doctor.stdout);
    }
    fs::create_dir(&report).unwrap();
    let (next, why) = planned(&campaign);
    assert!(next.starts_with("hongbao doctor "), "{next}");
    campaign.run().exits(1).says(&[&why]);
    campaign.verb("doctor", &[]).exits(7);
}

#[test]
fn a_backup_that_a_run_could_not_make_is_told_of_before_it() {
    let mut campaign = Campaign::of(2);
    campaign.write("backups", "a file");
    for (dir, says) in [
        ("backups", "File exists"),
        ("backups/in", "Not a directory"),
    ] {
        campaign.set("ledger.backup_dir", &format!("{dir:?}"));
        // There is nothing to copy before the first load.
        if campaign.loaded_rows() == 0 {
            assert_eq!(planned(&campaign).1, "");
            campaign.verb("load", &[]).exits(0);
        }
        let (next, why) = planned(&campaign);
        assert!(next.starts_with("hongbao doctor "), "{next}");
        assert!(why.contains("backup_dir under [ledger]: "), "{why}");
        assert!(why.contains(says), "{why}");
        campaign.run().exits(1).says(&[&why]);
    }
    campaign.set("ledger.backup_dir", "\"kept\"");
    assert_eq!(planned(&campaign).1, "");
    assert!(!campaign.path("kept").exists(), "it made a folder");
}
