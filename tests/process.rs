//! What is only told ends no run, what is asked for and not given is an error, and of the process
//! nothing is left.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, File, OpenOptions};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use hongbao::simulator::{FaultName, FaultRates, Settings};
use nix::pty::openpty;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::support::{Campaign, Case, openid, program, total_yuan, until};

/// A stream whose reader is gone.
fn broken() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// A stream with no room for a byte.
fn full() -> Stdio {
    OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

#[test]
fn a_run_whose_stderr_is_gone_or_full_pays_everybody() {
    for logged in ["off", "trace"] {
        for stderr in [broken, full] {
            let case = Case::of("07");
            let mut run = case.command("run", &[]);
            let ended = run
                .env("HONGBAO_LOG", logged)
                .stderr(stderr())
                .output()
                .unwrap();
            assert_eq!(ended.status.code(), Some(0), "{:?}", ended.status);
            assert_eq!(case.count("sent"), 2);
        }
        let case = Case::of("07");
        case.shell(&format!(
            "HONGBAO_LOG={logged} hongbao run campaign.toml 2>&-"
        ))
        .exits(0);
        assert_eq!(case.count("sent"), 2);
    }
    let case = Case::of("07");
    let ran = case.shell(". ./run.sh");
    assert_eq!(ran.stdout, "exit 0\n");
    assert_eq!(case.count("sent"), 2);
}

/// The system's own answer to a file that grows beyond its limit is a signal that kills.
#[test]
fn a_file_that_may_not_grow_is_a_full_disk_and_the_next_run_finishes() {
    let campaign = Campaign::of(600);
    campaign.verb("load", &[]).exits(0);
    let under = |verb: &str, rest: &str, kib: u64| {
        let limited = format!("ulimit -f {kib}; exec \"$@\" {rest}");
        let tool = ["bash", "-c", &limited, "bash"];
        campaign.start_under(&tool, verb).wait()
    };
    let out = campaign.path("whole.csv");
    let report = format!("--out {}", out.display());
    under("report", &report, 40).exits(1).says(&["whole.csv"]);
    let paused = under("pause", "--because x", 1);
    paused.exits(1).says(&["hongbao.db"]);
    let doctor = under("doctor", "", 2048).exits(7);
    let told = "a file of this process may have 2 MiB";
    assert!(doctor.stdout.contains(told), "{}", doctor.stdout);
    let money = format!(
        "--live --confirm-total {}",
        total_yuan(campaign.total_fen())
    );
    under("run", &money, 1024).exits(1).says(&["hongbao.db"]);
    let sent = campaign.wechat.sends();
    assert!(0 < sent && sent < 600, "{sent}: it ended in the middle");
    campaign.run().exits(0);
    campaign.books_agree();
    let all = format!("--all {report}");
    under("claims", &all, 40).exits(1).says(&["whole.csv"]);
    assert!(!out.exists());
}

#[test]
fn an_error_that_nobody_hears_keeps_its_exit_code() {
    let case = Case::of("07");
    fs::write(case.path("list.csv"), "openid,amount_yuan\nx,1.00\n").unwrap();
    for stderr in [broken, full] {
        let codes = [("run", 6), ("pause", 2), ("nonsense", 2)];
        for (verb, code) in codes {
            let ended = case.command(verb, &[]).stderr(stderr()).output().unwrap();
            assert_eq!(ended.status.code(), Some(code), "{verb}");
        }
    }
}

/// Of a run on a terminal that goes away in the middle: it waits for what is open.
#[test]
fn a_run_goes_on_without_its_terminal_to_the_end_of_what_is_open() {
    let settings = Settings {
        faults: FaultRates::none().with(FaultName::Late, 1.0),
        query_faults: Some(FaultRates::none()),
        late_ms: 200,
        ..Settings::default()
    };
    let campaign = Campaign::with(60, settings);
    let terminal = openpty(None, None).unwrap();
    let total = total_yuan(campaign.total_fen());
    let mut child = Command::new(program())
        .arg("run")
        .arg(campaign.path("campaign.toml"))
        .args(["--live", "--confirm-total", &total])
        .stdin(Stdio::null())
        .stderr(Stdio::from(terminal.slave))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("requests are open", || campaign.wechat.sends() > 8);
    drop(terminal.master);
    // It is not this run's own terminal, so that no hangup comes with its end: only writing fails.
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    assert_eq!(campaign.books_agree().count("sent"), 60);
}

#[test]
fn a_machine_that_gives_no_thread_is_an_error_and_the_next_call_goes_on() {
    // A stack of more than any machine can address.
    let without = |case: &Case, verb: &str, rest: &[&str]| {
        let mut command = case.command(verb, rest);
        let ended = command.env("RUST_MIN_STACK", (1_u64 << 50).to_string());
        let ended = ended.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{verb} {rest:?}: {said}");
        assert!(
            said.contains("error: no thread could be started: "),
            "{verb}: {said}"
        );
        assert!(!said.contains("panicked"), "{verb}: {said}");
    };
    let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/recipients.xlsx");
    for (list, packets) in [("list.csv", 2), ("list.xlsx", 20)] {
        let case = Case::of("07");
        fs::copy(&workbook, case.path("list.xlsx")).unwrap();
        let campaign = fs::read_to_string(case.path("campaign.toml")).unwrap();
        let campaign = campaign.replace("list.csv", list);
        fs::write(case.path("campaign.toml"), campaign).unwrap();
        for verb in ["plan", "load", "run", "rehearse"] {
            without(&case, verb, &[]);
        }
        case.verb("load", &[]).exits(0);
        for (verb, rest) in [
            ("run", &[][..]),
            ("reconcile", &[]),
            ("report", &["--format", "csv"]),
            ("report", &["--format", "xlsx"]),
        ] {
            without(&case, verb, rest);
        }
        case.verb("run", &[]).exits(0);
        assert_eq!(case.count("sent"), packets);
    }
}

#[test]
fn a_closed_pipe_is_a_reader_that_has_seen_enough() {
    let case = Case::of("36");
    case.verb("load", &[]).exits(0);
    let asked: [(&str, &[&str]); 12] = [
        ("report", &[]),
        ("report", &["--format", "json"]),
        ("report", &["--format", "xlsx"]),
        ("report", &["--format", "html"]),
        ("report", &["--format", "failed"]),
        ("claims", &["--unclaimed"]),
        ("status", &[]),
        ("status", &["--watch"]),
        ("plan", &["--json"]),
        ("audit", &[]),
        ("explain", &[]),
        ("run", &["--help"]),
    ];
    for (verb, flags) in asked {
        let mut command = case.command(verb, flags);
        if verb == "explain" {
            command = Command::new(program());
            command.arg("explain");
        }
        let ended = command
            .stdout(broken())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{verb} {flags:?}: {said}");
        assert!(!said.contains("rror"), "{verb} {flags:?}: {said}");
        // Nothing was written, and nothing else is said.
        let beside = said.lines().filter(|line| !line.starts_with("mode: "));
        let is_counted = beside.clone().any(|line| line.contains("packet"));
        assert!(!is_counted, "{verb} {flags:?}: {said}");
    }
    let ran = Case::of("36").shell(". ./run.sh");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    // The header, how the pipe ended, and how many lines went to `-`, which is no file.
    assert!(lines[0].starts_with("row_key,openid,"), "{}", ran.stdout);
    assert_eq!(lines[1..], ["0", "2001"], "{}", ran.stdout);
    assert!(!ran.stderr.contains("rror:"), "{}", ran.stderr);
}

/// The copy is of no use: it is told of as what it is, and never called a backup.
#[test]
fn a_backup_whose_reader_left_is_none() {
    let case = Case::of("36");
    case.verb("load", &[]).exits(0);
    let ran = case.shell(
        "mkfifo pipe; head -c 1 pipe > /dev/null & \
         hongbao ledger backup campaign.toml pipe; echo $?",
    );
    assert_eq!(ran.stdout, "1\n", "{}", ran.stderr);
    let ran = ran.says(&["pipe: its reader left before everything was written"]);
    assert!(!ran.stderr.contains("next: "), "{}", ran.stderr);
    let ran = case.shell(
        "head -c 1 pipe > /dev/null & \
         hongbao report campaign.toml --out pipe; echo $?",
    );
    assert_eq!(ran.stdout, "0\n", "{}", ran.stderr);
    assert!(!ran.stderr.contains("packet"), "{}", ran.stderr);
}

#[test]
fn what_was_asked_for_and_finds_no_room_is_an_error() {
    let case = Case::of("36");
    case.verb("load", &[]).exits(0);
    for (verb, flags) in [
        ("report", &[][..]),
        ("report", &["--format", "json"]),
        ("status", &[]),
        ("plan", &["--json"]),
        ("run", &["--help"]),
    ] {
        let ended = case.command(verb, flags).stdout(full()).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{verb}: {said}");
        assert!(said.contains("No space left on device"), "{verb}: {said}");
    }
}

/// The last thing a run says is where its report is.
#[test]
fn a_run_that_cannot_say_where_its_report_is_keeps_its_exit_code() {
    let scripted = [(openid(1), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(3, settings);
    let total = total_yuan(campaign.total_fen());
    let mut run = Command::new(program());
    run.arg("run").arg(campaign.path("campaign.toml"));
    run.args(["--live", "--confirm-total", &total]);
    let ended = run.stdout(full()).output().unwrap();
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("(stdout)"));
    let case = Case::of("07");
    let ended = case.command("run", &[]).stdout(full()).output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "all is well but this");
}

/// Its memory has the API key in it. The limit alone does not help where a program takes cores
/// from a pipe.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_is_aborted_leaves_no_core() {
    let (_, most) = getrlimit(Resource::RLIMIT_CORE).unwrap();
    setrlimit(Resource::RLIMIT_CORE, most, most).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(program())
        .args(["simulate", "--listen", "127.0.0.1:0", "--dir"])
        .arg(dir.path().join("there"))
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(File::create(dir.path().join("stderr")).unwrap())
        .spawn()
        .unwrap();
    until("it listens", || dir.path().join("there/ca.pem").exists());
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "{limits}");
    // Whoever may not trace it may not look into it either: the kernel hides it from its own user.
    assert!(
        !is_dumpable(child.id()),
        "a debugger of the same user may read its memory"
    );
    crate::support::signal(child.id(), "ABRT");
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped(), "{ended:?}");
}

/// Otherwise a tracer without root's rights could not follow it, as tests of system calls do.
#[cfg(target_os = "linux")]
#[test]
fn whoever_traces_it_from_its_start_can_go_on() {
    if !crate::support::can_trace("tests/process.rs") {
        return;
    }
    let case = Case::of("07");
    let tape = case.path("tape");
    let mut traced = Command::new("strace");
    traced.args(["-e", "trace=prctl,setrlimit,prlimit64", "-o"]);
    traced.arg(&tape).arg(program()).args(["explain", "0"]);
    let ended = traced.output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let tape = fs::read_to_string(tape).unwrap();
    assert!(!tape.contains("PR_SET_DUMPABLE"), "{tape}");
    let limited = tape
        .lines()
        .any(|line| line.contains("RLIMIT_CORE") && line.contains("rlim_max=0"));
    assert!(limited, "{tape}");
}

/// What cannot be dumped belongs to root under `/proc`, whoever started it.
#[cfg(target_os = "linux")]
fn is_dumpable(process: u32) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    // Root's own processes look alike; theirs are told by the core alone.
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let uid = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:\t"))
        .unwrap();
    let uid: u32 = uid.split_whitespace().next().unwrap().parse().unwrap();
    uid != 0 && fs::metadata(format!("/proc/{process}/mem")).unwrap().uid() == uid
}

/// The key of the case was copied through a form: its line breaks are blanks.
#[test]
fn no_byte_of_a_key_is_ever_told() {
    let campaign = Campaign::of(1);
    let case = Case::of("01");
    campaign.wechat.write_credentials(&case.path("gateway"));
    case.verb("load", &[]).exits(0);
    let file = case.path("gateway/apiclient_key.pem");
    let key = fs::read_to_string(&file).unwrap();
    let parts: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    let numbers: Vec<String> = parts[0].bytes().take(4).map(|it| it.to_string()).collect();
    let in_credentials = tempfile::tempdir().unwrap();
    for lost in [" ", "", "\\n"] {
        fs::write(&file, key.replace('\n', lost)).unwrap();
        let copy = in_credentials.path().join("apiclient_key.pem");
        fs::copy(&file, copy).unwrap();
        for (verb, flags) in [
            ("run", &["--live", "--confirm-total", "3.88"][..]),
            (
                "run",
                &["--live", "--confirm-total", "3.88", "--lang", "zh"],
            ),
            ("reconcile", &[]),
        ] {
            for directory in [None, Some(in_credentials.path())] {
                let mut command = case.command(verb, flags);
                let folder = directory.map(|it| ("CREDENTIALS_DIRECTORY", it));
                let ended = command.envs(folder).output().unwrap();
                let told = String::from_utf8_lossy(&ended.stderr);
                assert_eq!(ended.status.code(), Some(7), "{verb}: {told}");
                assert!(told.contains("apiclient_key.pem"), "{told}");
                let is_told = |part: &&str| told.contains(&part[..8]);
                assert!(!parts.iter().any(is_told), "{told}");
                assert!(!told.contains(&numbers.join(", ")), "{told}");
            }
        }
    }
}

/// A direction mark in a row key would turn the line it is told in.
#[test]
fn no_character_from_a_file_acts_on_a_terminal() {
    let case = Case::of("07");
    let list = "id,openid,amount_yuan\na\u{202E}b,oR4k2v5JRtpBk5x2LzlNEOIo__fZ,1.88\n";
    fs::write(case.path("list.csv"), list).unwrap();
    case.verb("run", &[]).exits(0);
    let told = case
        .verb("show", &["oR4k2v5JRtpBk5x2LzlNEOIo__fZ"])
        .exits(0)
        .stdout;
    assert!(told.contains("a\\u{202e}b"), "{told}");
    let told = case
        .verb("show", &["oR4k2v5JRtpBk5x2LzlNEOIo__fZ", "--json"])
        .exits(0);
    assert!(!told.stdout.contains('\u{202E}'), "{}", told.stdout);
    let read: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(read[0]["row_key"], "a\u{202E}b");
    let report = case.verb("report", &[]).exits(0).stdout;
    assert!(report.contains("a\u{202E}b"), "a program gets every byte");
}
