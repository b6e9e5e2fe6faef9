//! A machine that dies: Litestream copies the ledger while money leaves, everything on the machine
//! is lost at full speed, and the copy, which is behind, goes on. `explain standby` says how.
//!
//! With Litestream itself. Where it is not there, the test says SKIPPED on stderr. `HONGBAO_FULL=1`
//! loses thousands of sends.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hongbao::simulator::{FaultName, FaultRates, Settings};
use rusqlite::{Connection, OpenFlags};

use crate::support::{Campaign, hongbao, is_full, say, signal, until};

/// The other side of the ledger's folder.
struct Litestream {
    process: Child,
}

impl Litestream {
    /// Whether it can be run here; says so if not.
    fn is_here() -> bool {
        let ran = Command::new("litestream").arg("version").output();
        let is_here = ran.is_ok_and(|ran| ran.status.success());
        if !is_here {
            say("SKIPPED a machine that dies: litestream is not installed");
        }
        is_here
    }

    /// Copies the campaign's ledger from now on, whether it is there yet or not, as the sample
    /// configures it.
    fn start(campaign: &Campaign) -> Litestream {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/litestream.yml");
        let config = fs::read_to_string(sample).unwrap();
        let path = |name: &str| campaign.path(name).display().to_string();
        let config = config
            .replace("/var/lib/hongbao/hongbao.db", &path("hongbao.db"))
            .replace("/mnt/standby/hongbao", &path("replica"));
        campaign.write("litestream.yml", config);
        let log = fs::File::create(campaign.path("litestream.log")).unwrap();
        let mut command = Command::new("litestream");
        let command = command
            .args(["replicate", "-config", &path("litestream.yml")])
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        Litestream {
            process: command.stdin(Stdio::null()).spawn().unwrap(),
        }
    }

    /// It copies nothing from now on, as over a line that is cut.
    fn stand_still(&self) {
        signal(self.process.id(), "STOP");
    }

    fn die(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn restore(campaign: &Campaign, to: &str) {
        let config = campaign.path("litestream.yml");
        let mut command = Command::new("litestream");
        let restored = command
            .args(["restore", "-config"])
            .arg(config)
            .arg("-o")
            .arg(campaign.path(to))
            .arg(campaign.path("hongbao.db"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&restored.stderr);
        assert!(restored.status.success(), "{told}");
    }
}

impl Drop for Litestream {
    fn drop(&mut self) {
        // It may be over already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One number out of a ledger.
fn one(path: &Path, sql: &str) -> u64 {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let conn = Connection::open_with_flags(path, flags).unwrap();
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

const SENT: &str = "SELECT count(*) FROM bill WHERE sends > 0";

/// Requests and answers are lost, and payments are called failures.
fn faults() -> Settings {
    let names = [
        FaultName::LostBefore,
        FaultName::LostAfter,
        FaultName::SystemErrorUnpaid,
        FaultName::SystemErrorPaid,
    ];
    let faults = names
        .into_iter()
        .fold(FaultRates::none(), |all, name| all.with(name, 0.03));
    Settings {
        faults,
        ..Settings::default()
    }
}

/// A campaign whose machine died in the middle of sending, with what Litestream has of it. How
/// many packets were begun that the copy does not know is returned, too.
fn died(copy: &str) -> (Campaign, u64) {
    let packets = if is_full() { 6_000 } else { 800 };
    let mut campaign = Campaign::with(packets, faults());
    campaign.set("pace.in_flight", "32");
    // The first load finds it at work, and the ledger gets its tables.
    let mut litestream = Litestream::start(&campaign);
    campaign.verb("load", &[]).exits(0);
    let sends = |share: usize| u64::try_from(packets * share / 10).unwrap();
    until("the load is copied", || {
        let ledger = campaign.path("hongbao.db");
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name = '_litestream_seq'";
        one(&ledger, sql) > 0 && campaign.path("replica").exists()
    });
    let mut run = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > sends(2));
    litestream.stand_still();
    let known = campaign.wechat.sends();
    until("it went on", || {
        campaign.wechat.sends() > (known + sends(4)).min(sends(9))
    });
    run.kill();
    run.wait();
    litestream.die();
    campaign.wechat.until_all_arrived();
    let begun = one(&campaign.path("hongbao.db"), SENT);
    for name in [
        "hongbao.db",
        "hongbao.db-wal",
        "hongbao.db-shm",
        "hongbao.db.lock",
    ] {
        fs::remove_file(campaign.path(name)).unwrap();
    }
    fs::remove_dir_all(campaign.path(".hongbao.db-litestream")).unwrap();
    Litestream::restore(&campaign, copy);
    let behind = begun - one(&campaign.path(copy), SENT);
    assert!(behind > sends(1), "the copy is behind by {behind} only");
    say(&format!(
        "standby: {} of {packets} paid, the copy is behind by {behind}",
        campaign.wechat.books().paid_packets
    ));
    (campaign, behind)
}

/// Goes on until nothing is open, and compares both sides' books.
fn goes_on(campaign: &mut Campaign, behind: u64) {
    let paid = campaign.wechat.books().paid_packets;
    // Nothing is sent before a person says so.
    campaign.run().exits(5);
    assert_eq!(campaign.wechat.books().paid_packets, paid);
    campaign.verb("reconcile", &[]);
    campaign.unpause();
    let asked = campaign.wechat.queries();
    campaign.set("retry.linger_seconds", "20");
    for _ in 0..5 {
        if campaign.run().code == Some(0) {
            break;
        }
    }
    assert!(campaign.wechat.queries() > asked, "it asks first");
    assert!(behind > 0);
    // Nobody twice, none lost, every row as its journal has it.
    let agreed = campaign.books_agree();
    assert_eq!(
        agreed.count("sent"),
        u64::try_from(campaign.owed.len()).unwrap()
    );
    assert_eq!(campaign.wechat.books().paid_packets, agreed.count("sent"));
}

#[test]
fn a_copy_of_litestream_is_restored_and_goes_on() {
    if !Litestream::is_here() {
        return;
    }
    let (mut campaign, behind) = died("copy.db");
    campaign
        .ledger("restore", "copy.db")
        .exits(0)
        .says(&["asked about before they are sent"]);
    // Its tables stay behind, and the next one may bring them again.
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '!_litestream%' ESCAPE '!'";
    assert_eq!(one(&campaign.path("hongbao.db"), tables), 0);
    let _next = Litestream::start(&campaign);
    goes_on(&mut campaign, behind);
}

#[test]
fn a_copy_of_litestream_in_the_ledgers_place_is_adopted_and_goes_on() {
    if !Litestream::is_here() {
        return;
    }
    let (mut campaign, behind) = died("hongbao.db");
    // Whoever forgets to say so sends nothing.
    let sends = campaign.wechat.sends();
    assert_ne!(campaign.run().code, Some(0));
    assert_eq!(campaign.wechat.sends(), sends);
    let file = campaign.path("campaign.toml");
    let adopted = hongbao(&["ledger", "adopt", file.to_str().unwrap()], &[]).wait();
    adopted.exits(0).says(&["asked about before they are sent"]);
    goes_on(&mut campaign, behind);
}
