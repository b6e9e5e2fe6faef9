//! A set-up is checked before anything depends on it: each broken one is named, with its own
//! remedy, and nothing is changed by looking.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Campaign, until};

/// All checks by name: result, what was found, and the remedy.
struct Checked(Vec<(String, String, String, String)>);

impl Checked {
    #[track_caller]
    fn of(campaign: &Campaign, variables: &[(&str, &str)], exit: i32) -> Checked {
        let ran = campaign.start_at("doctor", &["--json"], variables).wait();
        let ran = ran.exits(exit);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let checks = document["checks"].as_array().unwrap();
        let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
        let check = |check: &Value| {
            let [name, result, found, remedy] =
                ["name", "result", "found", "remedy"].map(|key| text(check, key));
            (name, result, found, remedy)
        };
        Checked(checks.iter().map(check).collect())
    }

    fn all(&self, result: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|check| check.1 == result);
        found.map(|check| check.0.as_str()).collect()
    }

    /// Checks that this one alone failed, and that it says so with a remedy.
    #[track_caller]
    fn fails(&self, name: &str, says: &str, remedy: &str) {
        assert_eq!(self.all("fail"), [name]);
        self.tells("fail", name, says, remedy);
    }

    #[track_caller]
    fn tells(&self, result: &str, name: &str, says: &str, remedy: &str) {
        let check = self.0.iter().find(|check| check.0 == name).unwrap();
        assert_eq!(check.1, result, "{check:?}");
        assert!(check.2.contains(says), "{check:?}");
        assert!(check.3.contains(remedy), "{check:?}");
    }
}

fn checked(campaign: &Campaign, exit: i32) -> Checked {
    Checked::of(campaign, &[], exit)
}

#[test]
fn a_set_up_in_order_passes_every_check_and_is_left_as_it_was() {
    let mut campaign = Campaign::of(2);
    campaign.set("pace.per_second", "25");
    let found = checked(&campaign, 0);
    assert!(found.0.len() >= 10, "{} checks", found.0.len());
    assert_eq!((found.all("fail"), found.all("warn")), (vec![], vec![]));
    assert_eq!((campaign.wechat.sends(), campaign.wechat.queries()), (0, 1));
    assert!(!campaign.path("hongbao.db").exists(), "it made a ledger");
    campaign.run().exits(0);
    let before = fs::read(campaign.path("hongbao.db")).unwrap();
    checked(&campaign, 0).tells("ok", "ledger", "2 packets of this campaign", "");
    assert_eq!(fs::read(campaign.path("hongbao.db")).unwrap(), before);
    let shown = campaign.verb("doctor", &[]).exits(0).stdout;
    assert!(shown.lines().all(|line| line.starts_with("✓ ")), "{shown}");
}

#[test]
fn in_simulator_mode_no_file_is_needed() {
    let mut campaign = Campaign::of(1);
    campaign.set("gateway.mode", "\"simulator\"");
    fs::remove_dir_all(campaign.path("secrets")).unwrap();
    let found = checked(&campaign, 0);
    found.tells("ok", "credentials", "the simulator makes its own", "");
    found.tells("ok", "dns", "to a simulator on this machine", "");
}

#[test]
fn a_refused_campaign_file_is_a_failed_check_and_not_the_end() {
    let mut campaign = Campaign::of(1);
    campaign.set("pace.in_flight", "0");
    let found = checked(&campaign, 7);
    found.fails("campaign", "pace.in_flight", "mend the campaign file");
    // The list is whole, in the order of every other list.
    let names = |found: &Checked| {
        found
            .0
            .iter()
            .map(|check| check.0.clone())
            .collect::<Vec<_>>()
    };
    campaign.set("pace.in_flight", "8");
    assert_eq!(names(&found), names(&checked(&campaign, 0)));
    assert!(found.0.len() >= 10);
    for (name, result, says, _) in &found.0 {
        let is_left_out = *result == "warn" && says.starts_with("not checked");
        // The file may name a proxy, whatever the environment does.
        let is_looked_at = name == "campaign";
        assert!(is_left_out != is_looked_at, "{name}: {result} {says}");
    }
    // A refused secret leaves out what needs it, and nothing else.
    fs::remove_file(campaign.path("secrets/api_key")).unwrap();
    let found = checked(&campaign, 7);
    assert_eq!(found.all("fail"), ["credentials"]);
    found.tells("warn", "signature", "not checked", "");
    found.tells("ok", "ledger", "", "");
    assert_eq!(names(&found), names(&checked(&campaign, 7)));
}

#[test]
fn the_merchants_files_are_named() {
    let secret = |campaign: &Campaign, name: &str| campaign.path("secrets").join(name);
    let campaign = Campaign::of(1);
    let key = secret(&campaign, "api_key");
    fs::write(&key, "too short").unwrap();
    checked(&campaign, 7).fails("credentials", "api_key", "APIv2");
    fs::remove_file(&key).unwrap();
    checked(&campaign, 7).fails("credentials", "api_key", "");
    let campaign = Campaign::of(1);
    let open = Permissions::from_mode(0o644);
    fs::set_permissions(secret(&campaign, "apiclient_key.pem"), open).unwrap();
    checked(&campaign, 7).fails("credentials", "apiclient_key.pem", "");
    // A key that belongs to another certificate.
    let (ours, theirs) = (Campaign::of(1), Campaign::of(1));
    let other = secret(&theirs, "apiclient_key.pem");
    fs::copy(other, secret(&ours, "apiclient_key.pem")).unwrap();
    checked(&ours, 7).fails("credentials", "do not belong together", "openssl pkcs12");
    let campaign = Campaign::of(1);
    fs::write(secret(&campaign, "apiclient_cert.pem"), "not a certificate").unwrap();
    checked(&campaign, 7).fails("credentials", "apiclient_cert.pem", "");
}

#[test]
fn a_certificate_that_another_authority_made_is_refused_by_the_gateway() {
    let (ours, theirs) = (Campaign::of(1), Campaign::of(1));
    for name in ["apiclient_cert.pem", "apiclient_key.pem"] {
        let (from, to) = (format!("secrets/{name}"), format!("secrets/{name}"));
        fs::copy(theirs.path(&from), ours.path(&to)).unwrap();
    }
    checked(&ours, 7).fails("mutual_tls", "", "merchant.cert_file");
}

#[test]
fn each_step_of_the_way_is_named_where_it_fails() {
    let mut campaign = Campaign::of(1);
    let base_url = format!("{:?}", campaign.wechat.base_url());
    campaign.set("gateway.base_url", "\"https://no-such-host.invalid\"");
    let found = checked(&campaign, 7);
    found.fails("dns", "", "gateway.base_url");
    found.tells("warn", "signature", "not checked", "");
    campaign.set("gateway.base_url", "\"https://127.0.0.1:1\"");
    checked(&campaign, 7).fails("tcp", "", "no proxy");
    campaign.set("gateway.base_url", &base_url);
    campaign.set("gateway.ca_file", "\"\"");
    checked(&campaign, 7).fails("tls", "", "gateway.ca_file");
    campaign.set("gateway.ca_file", "\"secrets/ca.pem\"");
    fs::write(campaign.path("secrets/api_key"), "0".repeat(32)).unwrap();
    checked(&campaign, 7).fails("signature", "SIGN_ERROR", "");
    campaign.wechat.write_credentials(&campaign.path("secrets"));
    campaign.wechat.set_ahead(120_000);
    checked(&campaign, 7).fails("clock", "-1", "set this machine's clock");
}

#[test]
fn list_ledger_and_schedule_are_looked_at() {
    let mut campaign = Campaign::of(1);
    campaign.set("campaign.recipients", "\"gone.csv\"");
    checked(&campaign, 7).fails("recipients", "gone.csv", "campaign.recipients");
    campaign.set("campaign.recipients", "\"recipients.csv\"");
    fs::write(campaign.path("hongbao.db"), "not a ledger".repeat(400)).unwrap();
    checked(&campaign, 7).fails("ledger", "hongbao.db", "hongbao ledger restore");
    fs::remove_file(campaign.path("hongbao.db")).unwrap();
    campaign.set("schedule.not_after", "\"2020-01-01T00:00:00+08:00\"");
    checked(&campaign, 7).fails("schedule", "never opens again", "[schedule]");
    campaign.set("schedule.not_after", "\"2099-01-01T00:00:00+08:00\"");
    campaign.set("schedule.start_at", "\"2098-01-01T00:00:00+08:00\"");
    checked(&campaign, 0).tells("warn", "schedule", "2098-01-01 00:00", "--wait");
}

#[test]
fn what_is_only_unusual_is_a_warning() {
    let mut campaign = Campaign::of(1);
    campaign.set("pace.per_second", "60");
    let proxy = [("https_proxy", "http://proxy.example:3128")];
    let found = Checked::of(&campaign, &proxy, 0);
    assert_eq!(found.all("warn"), ["limits", "proxy"]);
    found.tells("warn", "limits", "per_second", "WeChat Pay");
    found.tells("warn", "proxy", "https_proxy", "`proxy` under [gateway]");
}

#[test]
fn beside_a_run_it_tells_who_holds_the_lock() {
    let mut campaign = Campaign::of(30);
    campaign.set("pace.per_second", "5");
    let running = campaign.start_run();
    until("it sends", || campaign.wechat.sends() > 0);
    let held = format!(
        "held: `run` of campaign lantern, process {} on ",
        running.id()
    );
    checked(&campaign, 0).tells("ok", "lock", &held, "");
    running.wait().exits(0);
    checked(&campaign, 0).tells("ok", "lock", "free", "");
}

#[test]
fn the_folder_of_backups_is_looked_at_and_not_made() {
    let mut campaign = Campaign::of(1);
    checked(&campaign, 0).tells("ok", "backups", "none before a run", "");
    campaign.set("ledger.backup_dir", "\"kept/here\"");
    let found = checked(&campaign, 0);
    found.tells(
        "warn",
        "backups",
        "kept/here under [ledger] backup_dir is not there",
        "mount",
    );
    assert!(!campaign.path("kept").exists(), "it made a folder");
    fs::create_dir_all(campaign.path("kept/here")).unwrap();
    checked(&campaign, 0).tells("ok", "backups", "MiB free", "");
    campaign.set("ledger.backup_dir", "\"campaign.toml\"");
    checked(&campaign, 7).fails("backups", "campaign.toml is no folder", "backup_dir");
    campaign.set("ledger.backup_dir", "\"/proc/1/task\"");
    checked(&campaign, 7).fails("backups", "", "backup_dir");
}

#[test]
fn a_list_that_would_be_refused_is_a_failed_check() {
    let campaign = Campaign::of(3);
    campaign.write(
        "recipients.csv",
        "openid,amount_fen\nx,1\noTest00000000000000000000001,0\n",
    );
    let found = checked(&campaign, 7);
    found.fails(
        "recipients",
        "recipients.csv would be refused, 3 faults, the first: line 2",
        "load --check",
    );
    let ran = campaign.verb("doctor", &["--lang", "zh"]).exits(7);
    assert!(
        ran.stdout
            .contains("recipients.csv 会被拒绝，有 3 处错误，第一处："),
        "{}",
        ran.stdout
    );
    campaign.write("recipients.csv", "<html>\n");
    checked(&campaign, 7).fails("recipients", "HTML", "load --check");
    // One that is not the loaded one.
    let campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    campaign.write(
        "recipients.csv",
        "openid,amount_fen\noTest00000000000000000000001,100\n",
    );
    checked(&campaign, 7).fails("recipients", "is not the file that was loaded", "");
}

#[test]
fn a_campaign_file_that_was_changed_since_the_load_is_a_failed_check() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.budget_yuan", "\"1.00\"");
    checked(&campaign, 7).fails("campaign", "1.00", "mend the campaign file");
    campaign.set("campaign.budget_yuan", "\"1000.00\"");
    campaign.set("campaign.wishing", "\"新年快乐\"");
    checked(&campaign, 7).fails("campaign", "wishing was", "mend the campaign file");
}

#[test]
fn a_copied_ledger_and_a_folder_that_is_not_there_are_failed_checks() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    let (ledger, copy) = (campaign.path("hongbao.db"), campaign.path("copy"));
    fs::copy(&ledger, &copy).unwrap();
    fs::rename(&copy, &ledger).unwrap();
    checked(&campaign, 7).fails("ledger", "copy of the ledger that was used last", "");
    campaign.set("ledger.path", "\"no/such/hongbao.db\"");
    let found = checked(&campaign, 7);
    found.tells(
        "fail",
        "ledger",
        "the folder of the ledger is not there",
        "",
    );
}

/// The next run would halt at once.
#[test]
fn a_clock_behind_the_ledger_is_a_failed_check() {
    let mut campaign = Campaign::of(2);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
    let earlier = [("HONGBAO_SIMULATED_NOW", "2026-01-02T03:04:05+08:00")];
    let found = Checked::of(&campaign, &earlier, 7);
    found.tells("fail", "ledger", "2026-01-02 03:04:05", "unpause");
}

#[test]
fn an_approval_that_is_missing_fails_once_there_is_a_list_and_a_pause_is_warned_of() {
    let mut campaign = Campaign::of(3);
    campaign.set("approval.required", "true");
    let key = "2152f8d19b791d24453242e15f2eab6cb7cffa7b6a5ed30097960e069881db12";
    campaign.set("approval.approvers", &format!("[{key:?}]"));
    let missing = "the list is not loaded yet";
    checked(&campaign, 0).tells("warn", "approval", missing, "hongbao load ");
    campaign.run().exits(9);
    let missing = "nobody has approved this plan";
    let found = checked(&campaign, 7);
    found.fails("approval", missing, "hongbao approve ");
    found.tells("ok", "pause", "neither paused nor halted", "");
    campaign.verb("pause", &["--because", "lunch"]).exits(0);
    checked(&campaign, 7).tells("warn", "pause", "lunch", "hongbao unpause ");
    let ran = campaign.verb("doctor", &["--lang", "zh"]).exits(7);
    for says in [
        "✗ 审批",
        "尚无人批准此计划",
        "处理办法：请用 `hongbao plan ",
        "! 暂停",
        "排除原因后执行 `hongbao unpause ",
    ] {
        assert!(ran.stdout.contains(says), "{says}: {}", ran.stdout);
    }
    campaign.set("gateway.mode", "\"simulator\"");
    checked(&campaign, 0).tells("ok", "approval", "required once mode", "");
    campaign.set("approval.required", "false");
    checked(&campaign, 0).tells("ok", "approval", "none is required", "");
}

#[test]
fn an_approval_that_nothing_waits_for_is_not_missed() {
    let mut campaign = Campaign::of(3);
    campaign.run().exits(0);
    campaign.set("approval.required", "true");
    let key = "2152f8d19b791d24453242e15f2eab6cb7cffa7b6a5ed30097960e069881db12";
    campaign.set("approval.approvers", &format!("[{key:?}]"));
    checked(&campaign, 0).tells("ok", "approval", "nothing is left to approve", "");
}

#[test]
fn a_halt_that_no_run_passes_is_a_failed_check() {
    let settings = hongbao::simulator::Settings {
        scripted: [(crate::support::openid(0), "NOTENOUGH".to_owned())].into(),
        ..hongbao::simulator::Settings::default()
    };
    let campaign = Campaign::with(1, settings);
    campaign.run().exits(11);
    checked(&campaign, 7).fails("pause", "NOTENOUGH", "hongbao unpause ");
    campaign.run().exits(11);
}
