//! `hongbao rehearse`: a user's own campaign file, played against the simulator with faults and
//! kills of the real process. That its comparison finds what is wrong is also tried on doctored
//! books, in `src/commands/rehearse/compare.rs`.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Child, Ran, hongbao, until};

const RIGHT: &str = "paid twice 0 · lost 0 · misreported 0";

/// The sample campaign in a folder of a user's, and another one for temporary files.
struct User {
    folder: TempDir,
    temporary: TempDir,
    before: BTreeMap<PathBuf, Vec<u8>>,
}

impl User {
    /// With these texts of the campaign file replaced.
    fn with(replaced: &[(&str, &str)]) -> User {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("samples")).unwrap();
        for name in ["samples/recipients.csv", "samples/recipients-broken.csv"] {
            fs::copy(root.join(name), folder.path().join(name)).unwrap();
        }
        let example = fs::read_to_string(root.join("campaign.example.toml")).unwrap();
        let text = replaced.iter().fold(example, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        fs::write(folder.path().join("mine.toml"), text).unwrap();
        let before = files(folder.path());
        User {
            folder,
            temporary: tempfile::tempdir().unwrap(),
            before,
        }
    }

    fn start(&self, rest: &[&str]) -> Child {
        self.start_at(rest, &[])
    }

    fn start_at(&self, rest: &[&str], more: &[(&str, &str)]) -> Child {
        let file = self.folder.path().join("mine.toml");
        let mut args = vec!["rehearse", file.to_str().unwrap()];
        args.extend(rest);
        let temporary = self.temporary.path().to_str().unwrap();
        // A key that is not the simulator's: no run may take it up.
        let key = ("HONGBAO_API_KEY", "00000000000000000000000000000000");
        let variables = [&[("TMPDIR", temporary), key], more].concat();
        hongbao(&args, &variables)
    }

    fn rehearse(&self, rest: &[&str]) -> Ran {
        self.start(rest).wait()
    }

    /// The scratch folder, if there is one.
    fn scratch(&self) -> Option<PathBuf> {
        let mut found = fs::read_dir(self.temporary.path()).unwrap();
        found.next().map(|entry| entry.unwrap().path())
    }

    /// Nothing was written, neither beside the campaign file nor among the temporary files.
    #[track_caller]
    fn is_untouched(&self) {
        assert_eq!(files(self.folder.path()), self.before);
        assert_eq!(self.scratch(), None);
    }
}

/// Every file under a folder with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The figure behind a word of the summary.
#[track_caller]
fn figure(ran: &Ran, word: &str) -> u64 {
    let line = ran.stdout.lines().find_map(|line| line.strip_prefix(word));
    let figure = line.unwrap().split_whitespace().next();
    figure.unwrap().parse().unwrap()
}

#[test]
fn the_sample_campaign_is_rehearsed_under_faults_and_kills() {
    let user = User::with(&[]);
    let ran = user.rehearse(&["--kills", "6"]).exits(0);
    assert_eq!(ran.stdout.lines().last(), Some(RIGHT), "{}", ran.stdout);
    assert_eq!(figure(&ran, "  killed"), 6, "{}", ran.stdout);
    assert!(figure(&ran, "  runs") > 6, "{}", ran.stdout);
    assert!(figure(&ran, "  requests") > 220, "{}", ran.stdout);
    assert!(figure(&ran, "  faults") > 20, "{}", ran.stdout);
    assert_eq!(figure(&ran, "  all"), 200, "{}", ran.stdout);
    let ran = ran.says(&["200 packets, 527.12 yuan, all of them played"]);
    let file = user.folder.path().join("mine.toml");
    ran.says(&[
        "pace.per_second                             25 -> no limit",
        &format!("next: hongbao plan {}", file.display()),
    ]);
    user.is_untouched();
}

#[test]
fn a_live_campaign_is_rehearsed_without_its_secrets() {
    let user = User::with(&[
        ("mode = \"simulator\"", "mode = \"live\""),
        ("api.mch.weixin.qq.com", "127.0.0.1:1"),
        ("secrets/", "/nowhere/"),
    ]);
    let quiet = ["--rows", "30", "--kills", "0", "--faults", "0", "--json"];
    let ran = user.rehearse(&quiet).exits(0);
    let told = document(&ran);
    assert_eq!(
        (&told["rows"], &told["rows_of_file"]),
        (&30.into(), &200.into())
    );
    let requests = serde_json::json!({"sends": 30, "resends": 0, "queries": 10});
    assert_eq!(told["requests"], requests);
    assert_eq!(told["runs"], 1);
    assert_eq!(told["states"]["sent"]["count"], 30);
    assert_eq!(told["states"]["sent"]["fen"], told["total_fen"]);
    assert_eq!(
        told["states"]["sent"]["paid"]["fen"], told["total_fen"],
        "what the gateway paid"
    );
    assert_eq!(told["paid"], told["states"]["sent"]["paid"]);
    for kind in ["paid_twice", "lost", "misreported"] {
        assert_eq!(told[kind], serde_json::json!([]), "{kind}");
    }
    assert_eq!(told["kept"], Value::Null);
    user.is_untouched();
}

#[test]
fn the_same_seed_meets_the_same_faults() {
    let user = User::with(&[]);
    // One that befalls sends alone and depends on nothing but the number and its sends so far.
    let of_seed = |seed: &str| {
        let fault = "systemerror_paid=0.3";
        let words = ["--rows", "50", "--kills", "0", "--faults", fault, "--json"];
        let words = [&words[..], &["--seed", seed]].concat();
        let told = document(&user.rehearse(&words).exits(0));
        (told["faults"].clone(), told["requests"].clone())
    };
    let (first, again, other) = (of_seed("4"), of_seed("4"), of_seed("5"));
    assert_eq!(first, again);
    assert_ne!(first, other);
    user.is_untouched();
}

#[test]
fn what_a_run_would_refuse_is_refused_before_anything_is_played() {
    let broken = User::with(&[("recipients.csv", "recipients-broken.csv")]);
    let rows = ["--rows", "1"];
    broken.rehearse(&rows).exits(6).says(&["malformed amount"]);
    broken.is_untouched();
    let poor = User::with(&[("\"1000.00\"", "\"500.00\"")]);
    poor.rehearse(&rows).exits(6).says(&["budget_yuan"]);
    let wrong = User::with(&[("per_second = 25", "per_sceond = 25")]);
    wrong.rehearse(&rows).exits(7).says(&["per_second"]);
    let fine = User::with(&[]);
    for faults in ["lost=1", "2", "lost_after=0.1,0.1"] {
        fine.rehearse(&["--faults", faults]).exits(2);
    }
    fine.is_untouched();
}

/// Nobody can sign for a scratch ledger, and no real money is paid; it is told that none is asked
/// for, and that a run of this campaign would come too late.
#[test]
fn a_campaign_that_needs_an_approval_and_is_over_is_rehearsed_without_both() {
    let approver = format!("approvers = [\"{}\"]", "ab".repeat(32));
    let user = User::with(&[
        ("required = false", "required = true"),
        ("approvers = []", &approver),
        (
            "[schedule]",
            "[schedule]\nnot_after = \"2026-01-02T03:04:05Z\"",
        ),
    ]);
    let quiet = ["--rows", "10", "--kills", "0", "--faults", "0"];
    let ran = user.rehearse(&quiet).exits(0);
    assert_eq!(ran.stdout.lines().last(), Some(RIGHT), "{}", ran.stdout);
    ran.says(&[
        "approval.required                         true -> false",
        "schedule.not_after                   2026-01-02T03:04:05Z -> none",
        "schedule.not_after is past: a run would send nothing any more",
    ]);
}

/// What started the rehearsal, as systemd does, takes its children for it.
#[test]
fn no_run_of_a_rehearsal_speaks_to_what_started_the_rehearsal() {
    let user = User::with(&[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_nonblocking(true).unwrap();
    let told = [
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ("WATCHDOG_USEC", "100000"),
    ];
    let quiet = ["--rows", "5", "--kills", "0", "--faults", "0"];
    user.start_at(&quiet, &told).wait().exits(0);
    let mut heard = [0; 256];
    let fault = socket.recv(&mut heard).unwrap_err();
    assert_eq!(fault.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_signal_ends_it_and_leaves_nothing_behind() {
    let user = User::with(&[]);
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let child = user.start(&["--faults", "late=1", "--kills", "0"]);
        until("the first run is under way", || {
            let scratch = user.scratch();
            scratch.is_some_and(|scratch| scratch.join("hongbao.db-wal").exists())
        });
        child.signal(name);
        let ran = child.wait().exits(code);
        assert_eq!(ran.stdout, "", "no verdict on half a rehearsal");
        user.is_untouched();
    }
}

/// A ledger that forgets what it was told: while it is played, somebody gives its packets the
/// receipt of another one.
#[test]
fn a_ledger_that_lies_is_found_out_and_kept() {
    let user = User::with(&[]);
    let child = user.start(&["--faults", "systemerror_paid=0.4", "--kills", "0"]);
    let ledger = || user.scratch().map(|scratch| scratch.join("hongbao.db"));
    until("a packet was sent", || is_lying(ledger().as_deref()));
    let ran = child.wait().exits(1);
    let last = ran
        .stdout
        .lines()
        .find(|line| line.starts_with("paid twice"));
    assert_ne!(last, Some(RIGHT), "{}", ran.stdout);
    let ran = ran.says(&["kept for inspection: "]);
    let scratch = user.scratch().unwrap();
    ran.says(&[scratch.to_str().unwrap()]);
    assert!(scratch.join("books.jsonl").exists());
    assert_eq!(files(user.folder.path()), user.before);
}

/// Changes what was kept; whether there was anything.
fn is_lying(ledger: Option<&Path>) -> bool {
    let Some(ledger) = ledger.filter(|it| it.with_extension("db-wal").exists()) else {
        return false;
    };
    let lie = "UPDATE receipt SET send_listid = 'another'";
    let Ok(conn) = rusqlite::Connection::open(ledger) else {
        return false;
    };
    conn.busy_timeout(Duration::from_secs(5)).unwrap();
    conn.execute(lie, []).is_ok_and(|rows| rows > 0)
}

#[test]
fn what_a_daily_cap_holds_back_waits_in_a_rehearsal_too() {
    let user = User::with(&[("samples/recipients.csv", "twelve.csv")]);
    let mut rows = String::from("row_key,openid,amount_yuan\n");
    for n in 1..=12 {
        writeln!(rows, "k{n},oR4k2v5SDbGlTB-fM9ky8RFzj0Eb,1.00").unwrap();
    }
    fs::write(user.folder.path().join("twelve.csv"), rows).unwrap();
    let ran = user.rehearse(&["--faults", "0", "--kills", "2", "--json"]);
    let told = document(&ran.exits(0));
    assert_eq!(told["states"]["ready"]["count"], 2, "{told}");
    assert_eq!(told["paid"]["count"], 10, "{told}");
    assert!(told["states"].get("refused").is_none(), "{told}");
}
