//! A ledger that this account may only look at, and one that it may not even read.
//!
//! Root may do everything: a test that runs as root starts the program as another account.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{Case, Ran, clean, program};

/// Another account than root, where this one is root.
const NOBODY: u32 = 65_534;

/// A folder with a campaign, and somebody in it who is not root.
struct Desk {
    case: Case,
    program: PathBuf,
    is_root: bool,
}

impl Desk {
    fn new() -> Desk {
        let case = Case::of("35");
        let is_root = rustix::process::geteuid().is_root();
        let mut desk = Desk {
            program: program(),
            case,
            is_root,
        };
        if is_root {
            // Where cargo builds may be closed to others. A copy would be open for writing in each
            // child that another test starts meanwhile, and could not be started.
            let name = desk.case.path("program");
            if fs::hard_link(&desk.program, &name).is_ok() {
                desk.program = name;
            }
            desk.owned_by(NOBODY);
        }
        desk.mode("", 0o755);
        desk
    }

    /// Everything in the folder, and the folder, belongs to this account.
    fn owned_by(&self, account: u32) {
        let entries = fs::read_dir(self.case.path("")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        for path in paths.filter(|path| !path.ends_with("program")) {
            chown(path, Some(account), Some(account)).unwrap();
        }
        chown(self.case.path(""), Some(account), Some(account)).unwrap();
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.case.path(name), Permissions::from_mode(mode)).unwrap();
    }

    fn verb(&self, verb: &str, rest: &[&str]) -> Ran {
        let mut command = Command::new(&self.program);
        command.args([verb, "campaign.toml"]).args(rest);
        clean(&mut command);
        command.current_dir(self.case.path("")).stdin(Stdio::null());
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().unwrap();
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What every verb that only looks says.
    fn look(&self) -> Vec<String> {
        let openid = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";
        let verbs: [(&str, &[&str]); 8] = [
            ("status", &["--json"]),
            ("report", &[]),
            ("report", &["--format", "json"]),
            ("audit", &["--json"]),
            ("show", &[openid]),
            ("claims", &["--unclaimed"]),
            ("plan", &["--json"]),
            ("list", &["--json"]),
        ];
        let said = verbs.iter().map(|(verb, rest)| {
            let told = self.verb(verb, rest).exits(0).stdout;
            // A plan tells the time.
            if *verb == "plan" { String::new() } else { told }
        });
        said.collect()
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.case.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|it| it.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.mode("", 0o755);
    }
}

const LEDGER: &str = "hongbao.simulator.db";

#[test]
fn a_finished_campaign_is_looked_at_in_a_folder_that_may_not_be_written() {
    let desk = Desk::new();
    desk.verb("run", &[]).exits(0);
    let (before, files) = (desk.look(), desk.files());
    desk.mode("", 0o555);
    assert_eq!(desk.look(), before);
    assert_eq!(desk.files(), files);
    // What writes names the folder and whose it is.
    let mode = ["may not make files in", "mode 0555"];
    for (verb, rest) in [("pause", &[][..]), ("run", &[]), ("load", &[])] {
        let ran = desk.verb(verb, rest).exits(1);
        assert!(!ran.stderr.contains("disk"), "{}", ran.stderr);
        ran.says(&mode);
    }
    desk.verb("pause", &["--lang", "zh"])
        .exits(1)
        .says(&["无权", "权限 0555"]);
    let doctor = desk.verb("doctor", &[]).exits(7).stdout;
    assert!(mode.iter().all(|it| doctor.contains(it)), "{doctor}");
    desk.mode("", 0o755);
    desk.verb("pause", &[]).exits(0);
}

#[test]
fn a_ledger_that_may_not_be_written_is_looked_at_and_nothing_is_left_beside_it() {
    let desk = Desk::new();
    desk.verb("run", &[]).exits(0);
    let (before, files) = (desk.look(), desk.files());
    desk.mode(LEDGER, 0o444);
    if desk.is_root {
        chown(desk.case.path(LEDGER), Some(0), Some(0)).unwrap();
    }
    assert_eq!(desk.look(), before);
    assert_eq!(
        desk.files(),
        files,
        "what SQLite made would close the ledger to its owner"
    );
    let ran = desk.verb("run", &[]).exits(1);
    ran.says(&["may not write", LEDGER, "mode 0444"]);
}

#[test]
fn a_ledger_that_may_not_be_read_names_its_owner() {
    let desk = Desk::new();
    desk.verb("run", &[]).exits(0);
    desk.mode(LEDGER, 0o200);
    if desk.is_root {
        desk.mode(LEDGER, 0o600);
        chown(desk.case.path(LEDGER), Some(0), Some(0)).unwrap();
    }
    let owner = if desk.is_root {
        "root(0)"
    } else {
        "belongs to"
    };
    for verb in ["status", "report", "audit", "run"] {
        let ran = desk.verb(verb, &[]).exits(1);
        assert!(!ran.stderr.contains("disk"), "{}", ran.stderr);
        ran.says(&["may not read", LEDGER, owner]);
    }
}

#[test]
fn a_first_load_where_nothing_may_be_made_names_the_folder() {
    let desk = Desk::new();
    desk.mode("", 0o555);
    for verb in ["load", "run"] {
        let ran = desk.verb(verb, &[]).exits(1);
        assert!(!ran.stderr.contains("disk"), "{}", ran.stderr);
        ran.says(&["may not make files in", "mode 0555"]);
    }
    desk.verb("status", &[])
        .exits(2)
        .says(&["there is no ledger"]);
    desk.verb("plan", &[]).exits(0);
    desk.verb("load", &["--check"]).exits(0);
}

#[test]
fn what_a_killed_run_left_is_read_where_nothing_may_be_written() {
    let desk = Desk::new();
    desk.verb("load", &[]).exits(0);
    // A writer that never closed: its pages stand in the two files beside the ledger.
    let copies = ["", "-wal", "-shm"].map(|side| format!("{LEDGER}{side}"));
    {
        let conn = rusqlite::Connection::open(desk.case.path(LEDGER)).unwrap();
        conn.execute_batch(
            "PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE; UPDATE file SET stamp = 'x'; COMMIT;",
        )
        .unwrap();
        for copy in &copies {
            fs::copy(
                desk.case.path(copy),
                desk.case.path(&format!("{copy}.kept")),
            )
            .unwrap();
        }
    }
    for copy in &copies {
        fs::rename(
            desk.case.path(&format!("{copy}.kept")),
            desk.case.path(copy),
        )
        .unwrap();
    }
    if desk.is_root {
        desk.owned_by(NOBODY);
    }
    desk.mode("", 0o555);
    let told = desk.verb("status", &["--json"]).exits(0).stdout;
    assert!(
        told.contains("\"rows\": 2") || told.contains("\"rows\":2"),
        "{told}"
    );
}
