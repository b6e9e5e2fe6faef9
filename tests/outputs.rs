//! Files that the program writes where somebody says: over nothing that is needed.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::thread;

use hongbao::simulator::{FaultName, FaultRates, Settings};

use crate::support::{Campaign, Case, hongbao, openid, until};

const HEAD: &str = "row_key,openid,amount_fen,";

/// The case after its run, with keys that it names and does not need.
fn paid() -> Case {
    let case = Case::of("02");
    fs::create_dir(case.path("secrets")).unwrap();
    for name in ["api_key", "apiclient_cert.pem", "apiclient_key.pem"] {
        fs::write(case.path("secrets").join(name), "secret").unwrap();
    }
    case.verb("run", &[]).exits(0);
    case
}

/// What the campaign uses, as it stands there.
const USED: [&str; 7] = [
    "hongbao.simulator.db",
    "hongbao.simulator.jsonl",
    "campaign.toml",
    "list.csv",
    "secrets/api_key",
    "secrets/apiclient_cert.pem",
    "secrets/apiclient_key.pem",
];

/// What it would use, and is not there.
const UNUSED: [&str; 7] = [
    "hongbao.db",
    "hongbao.db-wal",
    "hongbao.db.lock",
    "hongbao.simulator.db-wal",
    "hongbao.simulator.db-shm",
    "hongbao.simulator.db-journal",
    "../{}/hongbao.db-journal",
];

/// The verbs that write a file that is named.
const WRITING: [&[&str]; 4] = [
    &["report", "campaign.toml", "--out"],
    &["report", "campaign.toml", "--format", "json", "--out"],
    &["ledger", "backup", "campaign.toml"],
    &["reissue", "campaign.toml", "--export"],
];

/// A case in which one packet was refused, so that there is something to export.
fn with_a_refused() -> Campaign {
    let scripted = [(openid(1), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(3, settings);
    campaign.run().exits(3);
    campaign
}

#[test]
fn nothing_that_a_campaign_uses_is_written_over_whatever_is_forced() {
    let case = paid();
    let links = [("one.csv", "list.csv"), ("two.csv", "hongbao.simulator.db")];
    for (link, to) in links {
        symlink(case.path(to), case.path(link)).unwrap();
    }
    fs::hard_link(case.path("list.csv"), case.path("three.csv")).unwrap();
    fs::hard_link(case.path("secrets/api_key"), case.path("four.csv")).unwrap();
    symlink("hongbao.simulator.db-wal", case.path("five.csv")).unwrap();
    let read = |name: &str| fs::read(case.path(name)).ok();
    let names = [
        "one.csv",
        "two.csv",
        "three.csv",
        "four.csv",
        "five.csv",
        "./list.csv",
    ];
    let names = USED.iter().chain(&UNUSED).chain(&names);
    let folder = case.path("");
    let folder = folder.file_name().unwrap().to_str().unwrap();
    for name in names {
        let name = name.replace("{}", folder);
        let before = read(&name);
        for flags in [&[][..], &["--force"]] {
            let rest = [&["--out", &name], flags].concat();
            let ran = case.verb("report", &rest).exits(2);
            assert!(
                ran.stderr.contains("is never written over"),
                "{name}: {}",
                ran.stderr
            );
            let next = "hongbao report campaign.toml --out FILE";
            assert!(ran.stderr.contains(next), "{name}: {}", ran.stderr);
            assert_eq!(read(&name), before, "{name}");
        }
    }
    let ran = case.verb("report", &["--out", "list.csv", "--lang", "zh"]);
    assert!(
        ran.exits(2)
            .stderr
            .contains("list.csv 是名单文件，绝不会被覆盖")
    );
    assert_eq!(case.count("sent"), 2);
    case.verb("audit", &[]).exits(0);
    // As it was met.
    Case::of("02").shell("(. ./run.sh)").exits(2);
}

#[test]
fn every_verb_that_writes_keeps_what_is_used_and_what_is_there() {
    let campaign = with_a_refused();
    campaign.write("mine.csv", "openid,amount_yuan\nmine,1.00\n");
    for words in WRITING {
        let typed = |file: &str, flags: &[&str]| {
            let mut command = Command::new(crate::support::program());
            command
                .args(words)
                .arg(file)
                .args(flags)
                .current_dir(campaign.dir());
            command.env("HONGBAO_LANG", "en").output().unwrap()
        };
        for (file, flags, says) in [
            ("hongbao.db", &["--force"][..], "a file of the ledger"),
            ("secrets/ca.pem", &["--force"], "a key or certificate"),
            ("recipients.csv", &["--force"], "the recipients file"),
            ("mine.csv", &[], "mine.csv --force"),
        ] {
            let before = fs::read(campaign.path(file)).unwrap();
            let ended = typed(file, flags);
            let said = String::from_utf8_lossy(&ended.stderr);
            assert_eq!(ended.status.code(), Some(2), "{words:?} {file}: {said}");
            assert!(said.contains(says), "{words:?} {file}: {said}");
            assert_eq!(
                fs::read(campaign.path(file)).unwrap(),
                before,
                "{words:?} {file}"
            );
        }
        campaign.write("forced", "x");
        let ended = typed("forced", &["--force"]);
        assert!(ended.status.success(), "{words:?}: {ended:?}");
        assert!(fs::read(campaign.path("forced")).unwrap().len() > 10);
        let mode = fs::metadata(campaign.path("forced"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{words:?}");
        campaign.write("empty", "");
        assert!(
            typed("empty", &[]).status.success(),
            "an empty file has nothing to lose"
        );
        let ended = typed("-", &[]);
        assert!(
            ended.status.success() && ended.stdout.len() > 10,
            "{ended:?}"
        );
        assert!(!campaign.path("-").exists(), "{words:?}");
    }
    campaign.books_agree();
}

#[test]
fn an_earlier_report_of_the_campaign_is_replaced_and_no_other() {
    let campaign = with_a_refused();
    let other = Campaign::of(2);
    let other_path = other.path("campaign.toml");
    let text = fs::read_to_string(&other_path).unwrap();
    fs::write(&other_path, text.replace("\"lantern\"", "\"other\"")).unwrap();
    other.verb("load", &[]).exits(0);
    for (format, lang) in [("csv", "en"), ("csv", "zh"), ("json", "en")] {
        let out = campaign.path("out");
        let out = out.to_str().unwrap();
        let flags = ["--format", format, "--lang", lang, "--out", out];
        campaign.verb("report", &flags).exits(0);
        let first = fs::read(out).unwrap();
        campaign.verb("report", &flags).exits(0);
        campaign.verb("report", &["--out", out]).exits(0);
        campaign.verb("report", &flags).exits(0);
        assert_eq!(fs::read(out).unwrap(), first, "{format} {lang}");
        other.verb("report", &["--out", out]).exits(2);
        fs::remove_file(out).unwrap();
        other.verb("report", &["--out", out]).exits(0);
        let refused = campaign.verb("report", &flags).exits(2);
        refused.says(&[&format!("{out} --force")]);
        campaign
            .verb("report", &[&flags[..], &["--force"]].concat())
            .exits(0);
        fs::remove_file(out).unwrap();
    }
    // A backup or a file to be mended is never made a second time.
    let file = campaign.path("again.csv");
    let file = file.to_str().unwrap();
    campaign.verb("reissue", &["--export", file]).exits(0);
    campaign
        .verb("reissue", &["--export", file])
        .exits(2)
        .says(&["--force"]);
}

/// As root on nodes of its own: never on those of the machine.
#[test]
fn a_device_or_a_fifo_is_written_into_and_stays() {
    let campaign = with_a_refused();
    let report = campaign.verb("report", &[]).exits(0).stdout;
    let made = |args: &[&str]| {
        let made = Command::new("mknod")
            .args(args)
            .current_dir(campaign.dir())
            .output();
        made.is_ok_and(|made| made.status.success())
    };
    // Only root may make a device.
    if made(&["null", "c", "1", "3"]) && made(&["full", "c", "1", "7"]) {
        for words in WRITING {
            let typed = |file: &str| {
                let mut command = Command::new(crate::support::program());
                command.args(words).arg(file).current_dir(campaign.dir());
                command.output().unwrap()
            };
            assert!(typed("null").status.success(), "{words:?}");
            let ended = typed("full");
            assert_eq!(ended.status.code(), Some(1), "{words:?}");
            let said = String::from_utf8_lossy(&ended.stderr);
            assert!(
                said.contains("full: No space left on device"),
                "{words:?}: {said}"
            );
            for node in ["null", "full"] {
                let facts = fs::symlink_metadata(campaign.path(node)).unwrap();
                assert!(facts.file_type().is_char_device(), "{words:?} {node}");
            }
        }
    }
    assert!(made(&["fifo", "p"]));
    let fifo = campaign.path("fifo");
    let reading = thread::spawn(move || {
        let mut text = String::new();
        File::open(fifo).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    let out = campaign.path("fifo");
    campaign
        .verb("report", &["--out", out.to_str().unwrap()])
        .exits(0);
    assert_eq!(reading.join().unwrap(), report);
    assert!(fs::symlink_metadata(out).unwrap().file_type().is_fifo());
    for stdout in ["/dev/stdout", "/dev/fd/1", "-"] {
        assert_eq!(
            campaign.verb("report", &["--out", stdout]).exits(0).stdout,
            report
        );
    }
    let through = "/dev/fd/5";
    let shell = format!(
        "'{}' report '{}' --out {through} 5>&1 | cat",
        crate::support::program().display(),
        campaign.path("campaign.toml").display()
    );
    let piped = Command::new("bash").args(["-c", &shell]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&piped.stdout), report);
}

#[test]
fn a_link_stays_and_what_it_leads_to_is_written() {
    let case = paid();
    fs::create_dir(case.path("shared")).unwrap();
    fs::write(case.path("shared/r.csv"), "").unwrap();
    symlink("shared/r.csv", case.path("r.csv")).unwrap();
    symlink("shared/new.csv", case.path("new.csv")).unwrap();
    for (link, file) in [("r.csv", "shared/r.csv"), ("new.csv", "shared/new.csv")] {
        for _ in 0..2 {
            case.verb("report", &["--out", link]).exits(0);
            assert!(fs::symlink_metadata(case.path(link)).unwrap().is_symlink());
            let text = fs::read_to_string(case.path(file)).unwrap();
            assert!(text.starts_with(HEAD), "{text}");
        }
    }
    let met = Case::of("08");
    if met.shell("(. ./run.sh)").code == Some(0) {
        // Only root could make the device.
        let null = fs::symlink_metadata(met.path("null")).unwrap();
        assert!(null.file_type().is_char_device());
        assert!(
            fs::symlink_metadata(met.path("r.csv"))
                .unwrap()
                .is_symlink()
        );
        assert!(
            fs::read_to_string(met.path("shared/r.csv"))
                .unwrap()
                .starts_with(HEAD)
        );
    }
    fs::write(case.path("shared/notes.txt"), "mine").unwrap();
    symlink("shared/notes.txt", case.path("notes.csv")).unwrap();
    case.verb("report", &["--out", "notes.csv"]).exits(2);
    assert_eq!(
        fs::read_to_string(case.path("shared/notes.txt")).unwrap(),
        "mine"
    );
    symlink("round.csv", case.path("round.csv")).unwrap();
    case.verb("report", &["--out", "round.csv"]).exits(1);
    // A folder gets a report of each format.
    case.verb("report", &["--out", "shared"]).exits(0);
    assert!(case.path("shared/case-report.csv").exists());
    assert!(case.path("shared/case-report.xlsx").exists());
    case.verb("report", &["--out", "nowhere/r.csv"]).exits(1);
}

/// The names of the case: a list that is called as the run's report will be.
#[test]
fn a_run_looks_at_its_report_before_the_first_send() {
    let mut campaign = Campaign::of(5);
    let mine = "openid,amount_yuan\nmine,1.00\n";
    campaign.write("lantern-report.csv", mine);
    let ran = campaign.run().exits(2);
    ran.says(&["nothing was sent", "lantern-report.csv.mine && hongbao run"]);
    assert_eq!(campaign.wechat.sends() + campaign.wechat.queries(), 0);
    let kept = fs::read_to_string(campaign.path("lantern-report.csv")).unwrap();
    assert_eq!(kept, mine);
    fs::rename(
        campaign.path("recipients.csv"),
        campaign.path("lantern-report.csv"),
    )
    .unwrap();
    campaign.set("campaign.recipients", "\"lantern-report.csv\"");
    campaign
        .run()
        .exits(2)
        .says(&["which is the recipients file", "nothing was sent"]);
    assert_eq!(campaign.wechat.sends(), 0);
    fs::rename(
        campaign.path("lantern-report.csv"),
        campaign.path("recipients.csv"),
    )
    .unwrap();
    campaign.set("campaign.recipients", "\"recipients.csv\"");
    campaign.run().exits(0);
    // Its own report is in nobody's way, also where the ledger is begun anew.
    campaign.run().exits(0);
    campaign.books_agree();
}

#[test]
fn a_rehearsal_begun_anew_replaces_its_own_report() {
    let case = paid();
    for name in ["hongbao.simulator.db", "hongbao.simulator.jsonl"] {
        fs::remove_file(case.path(name)).unwrap();
    }
    for side in ["-wal", "-shm", ".lock"] {
        // They are there or not.
        let _ = fs::remove_file(case.path(&format!("hongbao.simulator.db{side}")));
    }
    case.verb("run", &[]).exits(0);
    assert_eq!(case.count("sent"), 2);
}

#[test]
fn a_report_that_is_refused_at_the_end_hides_no_exit_code() {
    for (scripted, code) in [(Some(openid(1)), 3), (None, 2)] {
        let settings = Settings {
            scripted: scripted
                .map(|id| (id, "OPENID_ERROR".to_owned()))
                .into_iter()
                .collect(),
            faults: FaultRates::none().with(FaultName::Late, 1.0),
            query_faults: Some(FaultRates::none()),
            late_ms: 1_000,
            ..Settings::default()
        };
        let campaign = Campaign::with(20, settings);
        let run = campaign.start_run();
        until("requests are open", || campaign.wechat.sends() > 0);
        campaign.write("lantern-report.csv", "somebody's\n");
        let ran = run.wait().exits(code);
        ran.says(&["is no report of this campaign", "next: hongbao"]);
        let kept = fs::read_to_string(campaign.path("lantern-report.csv")).unwrap();
        assert_eq!(kept, "somebody's\n");
        fs::remove_file(campaign.path("lantern-report.csv")).unwrap();
        campaign.books_agree();
    }
}

/// A killed process leaves a file that nobody holds; the next one takes it away.
#[test]
fn what_a_killed_process_left_of_a_report_is_swept() {
    let case = paid();
    let left = "out.csv.0123456789abcdef.tmp";
    fs::write(case.path(left), "half").unwrap();
    case.verb("report", &["--out", "out.csv"]).exits(0);
    assert!(case.path("out.csv").exists() && !case.path(left).exists());
}

#[test]
fn a_secret_key_goes_into_a_new_file_only() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    let key = key.to_str().unwrap();
    hongbao(&["approve", "--keygen", key], &[]).wait().exits(0);
    let made = fs::read(key).unwrap();
    hongbao(&["approve", "--keygen", key], &[]).wait().exits(2);
    assert_eq!(fs::read(key).unwrap(), made);
    let ran = hongbao(&["approve", "--keygen", "-"], &[]).wait().exits(2);
    assert!(!ran.stdout.contains("hongbao-approval-key"));
}

#[test]
fn a_stand_in_makes_no_keys_over_anybodys() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let start = || {
        let mut command = Command::new(crate::support::program());
        command
            .args(["simulate", "--listen", "127.0.0.1:0", "--dir"])
            .arg(dir.path());
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("HONGBAO_LANG", "en");
        command.spawn().unwrap()
    };
    for name in ["apiclient_key.pem", "api_key"] {
        fs::write(at(name), "0123456789abcdefghijABCDEFGHIJ01").unwrap();
        let ended = start().wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains(name) && said.contains("--dir DIR"), "{said}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        fs::remove_file(at(name)).unwrap();
    }
    for _ in 0..2 {
        let mut child = start();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(line.starts_with("https://127.0.0.1:"), "{line}");
        crate::support::signal(child.id(), "TERM");
        let ended = child.wait_with_output().unwrap();
        assert_eq!(
            ended.status.code(),
            Some(143),
            "its own are made anew: {ended:?}"
        );
    }
}

#[test]
fn a_name_of_no_format_is_refused_and_the_known_ones_are_named() {
    let case = paid();
    for name in [
        "x.pdf",
        "x.PDF",
        "x.xls",
        "x.docx",
        "x.txt",
        "x.csv.gz",
        "报表.et",
        "x.tsv",
    ] {
        let ran = case.verb("report", &["--out", name]).exits(2);
        ran.says(&[
            name,
            ".csv, .json, .xlsx, .html, .failed.csv",
            "--format csv",
        ]);
        assert!(!case.path(name).exists());
    }
    let chinese = case
        .verb("report", &["--out", "x.pdf", "--lang", "zh"])
        .exits(2);
    chinese.says(&["x.pdf 的扩展名不是本程序支持的格式"]);
    // What has no ending, or says its format, is written.
    for typed in [
        &["--out", "report"][..],
        &["--out", "report.2026-11"],
        &["--out", "x.txt", "--format", "csv"],
        &["--out", "X.CSV"],
    ] {
        case.verb("report", typed).exits(0);
        assert!(case.path(typed[1]).exists(), "{typed:?}");
    }
}

/// Both ledgers give a packet the same number: only the mode tells their reports apart.
#[test]
fn a_rehearsal_replaces_no_report_of_real_packets() {
    let mut campaign = Campaign::of(3);
    campaign.run().exits(0);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
    campaign.set("gateway.mode", "\"live\"");
    for (verb, name) in [
        ("report", "spring.csv"),
        ("report", "spring.xlsx"),
        ("claims", "claims.csv"),
    ] {
        let out = campaign.path(name);
        let out = out.to_str().unwrap();
        let flags: &[&str] = match verb {
            "claims" => &["--all", "--out", out],
            _ => &["--out", out],
        };
        campaign.verb(verb, flags).exits(0);
        let live = fs::read(out).unwrap();
        campaign.set("gateway.mode", "\"simulator\"");
        let said = campaign.verb(verb, flags).exits(2);
        said.says(&["maybe the one of real packets", "--force"]);
        assert_eq!(fs::read(out).unwrap(), live);
        let forced = [flags, &["--force"]].concat();
        campaign.verb(verb, &forced).exits(0);
        campaign.set("gateway.mode", "\"live\"");
        campaign.verb(verb, flags).exits(0);
    }
}
