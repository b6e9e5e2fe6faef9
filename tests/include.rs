//! Settings that campaigns share stand in one file: what is planned, approved and run is the whole
//! of both files.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{Campaign, hongbao};

/// Sections of the campaign file that move into `merchant.toml`.
const SHARED: [&str; 6] = ["merchant", "gateway", "ledger", "pace", "retry", "report"];

/// The same campaign in two files: all that is the merchant's is in the included one.
fn split(campaign: &Campaign) {
    let text = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let mut files = [
        String::from("[defaults]\ninclude = \"merchant.toml\"\n"),
        String::new(),
    ];
    let mut of = 0;
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            of = usize::from(SHARED.contains(&section));
        }
        writeln!(files[of], "{line}").unwrap();
    }
    assert!(files[1].contains("[merchant]") && !files[0].contains("[merchant]"));
    let [own, shared] = files;
    campaign.write("campaign.toml", own);
    campaign.write("merchant.toml", shared);
}

fn digest(campaign: &Campaign) -> String {
    let ran = campaign.verb("plan", &["--json"]).exits(0);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    plan["digest"].as_str().unwrap().to_owned()
}

fn change(campaign: &Campaign, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(campaign.path(name)).unwrap();
    assert!(text.contains(from), "no {from} in {name}");
    campaign.write(name, text.replace(from, to));
}

#[test]
fn a_campaign_in_two_files_is_the_same_campaign() {
    let campaign = Campaign::of(3);
    let whole = digest(&campaign);
    split(&campaign);
    assert_eq!(digest(&campaign), whole);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 3);
    // The other way back: what was loaded is known again.
    let ran = campaign.verb(
        "report",
        &[
            "--out",
            campaign.path("merchant.toml").to_str().unwrap(),
            "--force",
        ],
    );
    ran.exits(2).says(&["merchant.toml", "the campaign file"]);
}

#[test]
fn a_change_of_the_shared_file_is_a_change_of_the_campaign() {
    let campaign = Campaign::of(2);
    split(&campaign);
    let before = digest(&campaign);
    change(&campaign, "merchant.toml", "\"10000098\"", "\"10000099\"");
    assert_ne!(digest(&campaign), before, "every number is another");
    change(&campaign, "merchant.toml", "\"10000099\"", "\"10000098\"");
    campaign.verb("load", &[]).exits(0);
    change(&campaign, "merchant.toml", "\"10000098\"", "\"10000099\"");
    campaign.run().exits(7).says(&["mch_id was", "10000099"]);
    assert_eq!(campaign.wechat.sends(), 0);
}

#[test]
fn two_campaigns_with_one_merchant_share_its_ledger_and_its_caps() {
    let mut campaign = Campaign::of(1);
    campaign.set("gateway.mode", "\"simulator\"");
    split(&campaign);
    let shared = fs::read_to_string(campaign.path("merchant.toml")).unwrap();
    let caps = "[caps]\nopenid_per_day = 1\n[ledger]\npath = \"books.db\"\n";
    campaign.write("merchant.toml", shared + caps);
    fs::create_dir(campaign.path("two")).unwrap();
    let own = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let own = own
        .replace("\"merchant.toml\"", "\"../merchant.toml\"")
        .replace("\"lantern\"", "\"spring\"");
    campaign.write("two/campaign.toml", own);
    let list = fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    campaign.write("two/recipients.csv", list.replace(",100", ",101"));
    let now = [("HONGBAO_SIMULATED_NOW", "2027-02-12T12:00:00+08:00")];
    campaign.start_at("run", &[], &now).wait().exits(0);
    let second = campaign.path("two/campaign.toml");
    let ran = hongbao(&["run", second.to_str().unwrap()], &now).wait();
    ran.exits(5).says(&["1 packet is above a daily cap"]);
    assert!(campaign.path("books.simulator.db").exists());
    assert!(!campaign.path("two/hongbao.simulator.db").exists());
}

#[test]
fn a_fault_of_the_shared_file_names_it() {
    let campaign = Campaign::of(1);
    split(&campaign);
    change(&campaign, "merchant.toml", "in_flight = 8", "in_flght = 8");
    let ran = campaign.verb("plan", &[]).exits(7);
    ran.says(&["/merchant.toml:", "`in_flght`", "did you mean `in_flight`?"]);
    let shown = campaign.verb("doctor", &[]).exits(7).stdout;
    assert!(shown.contains("/merchant.toml:"), "{shown}");
}
