//! What is left to do: the plan that waits for an approval, a reconciliation with packets still to
//! send, a status that is watched, a ledger that another run holds, and limits that were raised.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::Value;

use crate::support::{Campaign, hongbao, openid, total_yuan, until};

/// A live campaign whose runs somebody must approve, and the approver's key.
fn guarded() -> Campaign {
    let mut campaign = Campaign::of(3);
    let key = campaign.path("approver.key");
    let made = hongbao(&["approve", "--keygen", key.to_str().unwrap()], &[]).wait();
    let public = made.exits(0).stdout;
    let (_, keys) = public.trim().split_once(" = ").unwrap();
    campaign.set("approval.required", "true");
    campaign.set("approval.approvers", keys);
    campaign
}

#[test]
fn a_plan_that_needs_an_approval_says_so_and_leads_to_it() {
    let mut campaign = guarded();
    let plan = |campaign: &Campaign| campaign.verb("plan", &[]).exits(0).stdout;
    let document = |campaign: &Campaign| -> Value {
        let ran = campaign.verb("plan", &["--json"]).exits(0);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let told = plan(&campaign);
    assert!(told.contains("approval   required: load"), "{told}");
    assert!(told.contains("next: hongbao load "), "{told}");

    campaign.verb("load", &[]).exits(0);
    let told = plan(&campaign);
    let digest = document(&campaign)["digest"].as_str().unwrap().to_owned();
    assert!(told.contains("nobody has approved this plan"), "{told}");
    let approve = format!(" --key FILE --digest {digest}\n");
    assert!(told.contains("next: hongbao approve "), "{told}");
    assert!(told.ends_with(&approve), "{told}");
    assert_eq!(document(&campaign)["approval"]["state"], "missing");

    let key = campaign.path("approver.key");
    let rest = ["--key", key.to_str().unwrap(), "--digest", &digest];
    campaign.verb("approve", &rest).exits(0);
    let told = plan(&campaign);
    assert!(
        told.contains("approval   required, and given by "),
        "{told}"
    );
    assert!(told.contains("next: hongbao run "), "{told}");
    assert_eq!(document(&campaign)["approval"]["state"], "good");
    campaign.run().exits(0);
    let told = plan(&campaign);
    assert!(told.contains("next: hongbao reconcile "), "{told}");

    campaign.set("gateway.mode", "\"simulator\"");
    let told = plan(&campaign);
    assert!(told.contains("required once mode = \"live\""), "{told}");
    assert!(told.contains("next: hongbao run "), "{told}");
}

#[test]
fn a_reconciliation_with_packets_still_to_send_names_the_run_and_the_last_head() {
    let campaign = Campaign::of(4);
    let total = total_yuan(campaign.total_fen());
    let some = ["--live", "--confirm-total", &total, "--max-rows", "1"];
    campaign.verb("run", &some).exits(5);
    let ran = campaign
        .verb("reconcile", &[])
        .exits(5)
        .says(&["next: hongbao run "]);
    let head = campaign.status()["journal"]["head"].clone();
    let head = head.as_str().unwrap();
    assert!(ran.stdout.contains(head), "{head} in {}", ran.stdout);
    campaign.verb("audit", &["--head", head]).exits(0);
    let ran = campaign.verb("reconcile", &["--json"]).exits(5);
    let object: Value = serde_json::from_str(&ran.stdout).unwrap();
    let next = object["next"].as_str().unwrap();
    assert!(next.starts_with("hongbao run "), "{next}");
    assert_eq!(object["status"], campaign.status());
    campaign.run().exits(0);
    let ran = campaign.verb("reconcile", &[]).exits(0);
    ran.says(&["next: hongbao reconcile "]);
}

#[test]
fn a_status_that_is_watched_off_a_terminal_is_a_line_a_look_with_rate_and_time() {
    let mut campaign = Campaign::of(40);
    campaign.set("pace.per_second", "8");
    campaign.verb("load", &[]).exits(0);
    let run = campaign.start_run();
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 2
    });
    let watched = campaign.verb("status", &["--watch"]).exits(0);
    run.wait().exits(0);
    let looks: Vec<&str> = watched
        .stdout
        .lines()
        .filter(|line| line.contains(" of 40 through"))
        .collect();
    assert!(looks.len() >= 2, "{}", watched.stdout);
    let last = looks.last().unwrap();
    assert!(last.contains("/s  ") && last.ends_with(" left"), "{last}");
    assert!(!last.contains("  0.0/s"), "{last}");
    let tables = watched.stdout.matches("campaign lantern").count();
    assert_eq!(tables, 1, "one table, at the end: {}", watched.stdout);
    assert!(!watched.stdout.contains('\u{1b}'), "{}", watched.stdout);
}

#[test]
fn a_run_that_may_wait_waits_for_the_ledger_and_one_that_may_not_ends_with_8() {
    let mut campaign = Campaign::of(30);
    campaign.set("pace.per_second", "10");
    let first = campaign.start_run();
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 2
    });
    campaign.run().exits(8);
    let total = total_yuan(campaign.total_fen());
    let wait = ["--live", "--confirm-total", &total, "--wait"];
    let second = campaign.start("run", &wait);
    until("it says what it waits for", || {
        second.said("stderr").contains("waiting for it until ")
    });
    first.wait().exits(0);
    second.wait().exits(0).says(&["nothing to do"]);
    assert_eq!(campaign.books_agree().count("sent"), 30);
}

/// Twelve packets of one person, where ten a day are usual.
#[test]
fn the_simulator_says_that_it_refuses_what_the_caps_were_raised_to() {
    let mut campaign = Campaign::of(1);
    campaign.set("gateway.mode", "\"simulator\"");
    let row = |row: usize| format!("k{row},{},100\n", openid(0));
    let rows: String = (0..12).map(row).collect();
    campaign.write("recipients.csv", format!("id,openid,amount_fen\n{rows}"));
    campaign.set("caps.openid_per_day", "20");
    campaign.set("pace.per_second", "25");
    let ran = campaign.verb("run", &[]);
    ran.says(&["refuses what is above them: openid_per_day\n"]);
    assert_eq!(campaign.count("sent"), 10);
    campaign.set("caps.openid_per_day", "10");
    let ran = campaign.verb("status", &[]).exits(0);
    assert!(!ran.stderr.contains("above them"), "{}", ran.stderr);
}

/// The command that `status --json` leads to.
fn due(campaign: &Campaign) -> String {
    campaign.status()["next"].as_str().unwrap().to_owned()
}

#[test]
fn options_that_were_typed_are_in_the_next_command() {
    let mut campaign = Campaign::of(3);
    campaign.write(
        "other.csv",
        "openid,amount_fen\noSomebodyElse000000000000,100\n",
    );
    campaign.set("campaign.id", "\"last year\"");
    campaign.set("campaign.recipients", "\"other.csv\"");
    campaign.verb("load", &[]).exits(0);
    campaign.set("campaign.id", "\"lantern\"");
    campaign.set("campaign.recipients", "\"recipients.csv\"");
    let again = ["--pay-again", "last year"];
    let file = campaign.path("campaign.toml").display().to_string();
    let total = total_yuan(campaign.total_fen());
    let run = format!("hongbao run {file} --live --confirm-total {total}");
    let said = campaign.verb(
        "run",
        &[&["--live", "--max-rows", "1"], &again[..]].concat(),
    );
    said.exits(2)
        .says(&[&format!("{run} --pay-again 'last year' --max-rows 1\n")]);
    let checked = campaign.verb(
        "load",
        &[&["--check", "--bring-back", "0"], &again[..]].concat(),
    );
    let load = format!("next: hongbao load {file} --pay-again 'last year' --bring-back 0\n");
    checked.exits(0).says(&[&load]);
    let planned = campaign.verb("plan", &again).exits(0).stdout;
    assert!(planned.contains("--pay-again 'last year'"), "{planned}");
    campaign.set("gateway.mode", "\"simulator\"");
    let said = campaign.verb("run", &["--confirm-total", "1"]).exits(2);
    said.says(&[&format!("hongbao run {file} --confirm-total {total}\n")]);
}

#[test]
fn a_list_beside_the_one_that_the_campaign_file_names_leads_to_no_run_and_no_second_load() {
    let campaign = Campaign::of(3);
    let list = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    let mut rows: Vec<&str> = list.lines().collect();
    rows.truncate(2);
    campaign.write("few.csv", rows.join("\n"));
    let few = campaign.path("few.csv").display().to_string();
    for _ in 0..2 {
        let said = campaign.verb("load", &[&few]).exits(0);
        said.says(&["which is not loaded", "`recipients = \"few.csv\"`"]);
    }
    assert!(due(&campaign).starts_with("hongbao plan "));
    let planned = campaign.verb("plan", &[]).exits(0).stdout;
    assert!(planned.contains("next: hongbao load --check "), "{planned}");
    let says = ["it would add 2 packets", "next: hongbao load "];
    campaign.verb("load", &["--check"]).exits(0).says(&says);
    let path = campaign.path("campaign.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    campaign.write("campaign.toml", text.replace("recipients.csv", "few.csv"));
    assert!(due(&campaign).starts_with("hongbao run "));
}

#[test]
fn what_stands_before_a_run_is_due_before_it() {
    let campaign = guarded();
    campaign.verb("load", &[]).exits(0);
    assert!(due(&campaign).starts_with("hongbao plan "));
    let list = hongbao(
        &["list", campaign.path("campaign.toml").to_str().unwrap()],
        &[],
    )
    .wait();
    assert!(list.stdout.contains("hongbao plan "), "{}", list.stdout);

    let mut campaign = Campaign::of(40);
    campaign.set("pace.per_second", "8");
    campaign.verb("load", &[]).exits(0);
    campaign.verb("pause", &[]).exits(0);
    let planned = campaign.verb("plan", &[]).exits(0).stdout;
    assert!(planned.contains("next: hongbao unpause "), "{planned}");
    campaign.verb("unpause", &[]).exits(0);
    let run = campaign.start_run();
    until("it is under way", || {
        campaign.wechat.books().paid_packets > 2
    });
    assert!(due(&campaign).ends_with(" --watch"));
    let planned = campaign.verb("plan", &[]).exits(0).stdout;
    assert!(planned.contains(" --watch\n"), "{planned}");
    run.wait().exits(0);
}

/// A refused load that accepts new texts is checked and given again with the same word.
#[test]
fn a_load_that_accepts_new_texts_is_given_again_with_that_word() {
    let mut campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    let list = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.set("campaign.wishing", "\"另一句\"");
    campaign.write("recipients.csv", format!("{list}x,1\n"));
    let path = campaign.path("campaign.toml").display().to_string();
    campaign.verb("load", &["--check", "--refreeze"]).exits(6);
    let load = format!("next: hongbao load {path} --refreeze\n");
    for more in ["", "oSomebodyElse000000000000,100\n"] {
        campaign.write("recipients.csv", format!("{list}{more}"));
        campaign
            .verb("load", &["--check", "--refreeze"])
            .exits(0)
            .says(&[&load]);
        campaign.verb("plan", &[]).exits(7);
    }
    campaign.verb("load", &["--refreeze"]).exits(0);
    campaign.verb("plan", &[]).exits(0);
}
