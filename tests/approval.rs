//! A live campaign that needs an approval sends nothing without one of exactly what it is to pay.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/failed.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod failed;
#[path = "support/seals.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod seals;
mod support;
#[path = "support/terms.rs"]
mod terms;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{SystemTime, UNIX_EPOCH};

use hongbao::approval::Secret;
use hongbao::domain::approval::{Approval, Approver};
use hongbao::domain::caps::Caps;
use hongbao::domain::ids::CampaignId;
use hongbao::ledger::Reader;
use rusqlite::Connection;
use serde_json::Value;
use support::{Campaign, Ran, hongbao, openid, until};

const HOUR_MS: i64 = 3_600_000;

/// A loaded campaign of six packets that needs an approval, and the approver's key in a file.
fn guarded() -> Campaign {
    let campaign = unloaded();
    campaign.verb("load", &[]).exits(0);
    campaign
}

/// The same before its list is loaded.
fn unloaded() -> Campaign {
    let mut campaign = Campaign::of(6);
    let public = keygen(&campaign, "approver.key").exits(0).stdout;
    let (name, keys) = public.trim().split_once(" = ").unwrap();
    assert_eq!(name, "approvers");
    campaign.set("approval.required", "true");
    campaign.set("approval.approvers", keys);
    campaign
}

fn keygen(campaign: &Campaign, file: &str) -> Ran {
    let file = campaign.path(file);
    hongbao(&["approve", "--keygen", file.to_str().unwrap()], &[]).wait()
}

/// The digest of what is to be paid, as `plan` has it.
fn digest(campaign: &Campaign) -> String {
    let plan = campaign.verb("plan", &["--json"]).exits(0).stdout;
    let plan: Value = serde_json::from_str(&plan).unwrap();
    plan["digest"].as_str().unwrap().to_owned()
}

fn approve_with(campaign: &Campaign, key: &str, digest: &str) -> Ran {
    let key = campaign.path(key);
    let words = ["--key", key.to_str().unwrap(), "--digest", digest];
    campaign.verb("approve", &words)
}

fn approve(campaign: &Campaign) -> Ran {
    approve_with(campaign, "approver.key", &digest(campaign))
}

/// Nothing left, and this is why.
#[track_caller]
fn is_refused(campaign: &Campaign, says: &[&str]) {
    campaign.run().exits(9).says(says);
    let counters = campaign.wechat.books().counters;
    assert_eq!((counters.sends, counters.queries), (0, 0));
}

fn change(campaign: &Campaign, sql: &str) {
    let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn the_plan_has_the_texts_and_caps_that_an_approval_covers() {
    let campaign = guarded();
    let plan = campaign.verb("plan", &[]).exits(0).stdout;
    for says in [
        "  texts      act_name \"",
        "wishing \"",
        "  caps       max_packet_yuan ",
        "openid_per_day 10",
    ] {
        assert!(plan.contains(says), "{says}: {plan}");
    }
    let plan = campaign.verb("plan", &["--json"]).exits(0).stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["caps"]["openid_per_day"], 10, "{plan}");
    assert!(plan["texts"]["act_name"].is_string(), "{plan}");
}

/// One of six packets a day.
#[test]
fn a_plan_says_that_its_approval_ends_before_it_does() {
    let mut campaign = unloaded();
    campaign.owe((0..6).map(|person| (openid(person), 100)).collect());
    campaign.set("caps.max_packet_yuan", "\"1.00\"");
    campaign.set("caps.merchant_yuan_per_day", "\"1.00\"");
    campaign.verb("load", &[]).exits(0);
    let short = "ends before the plan does";
    let plan = |campaign: &Campaign| campaign.verb("plan", &[]).exits(0).stdout;
    assert!(!plan(&campaign).contains(short));
    approve(&campaign).exits(0);
    assert!(plan(&campaign).contains(short), "{}", plan(&campaign));
}

#[test]
fn a_campaign_runs_once_it_is_approved_and_not_before() {
    let campaign = guarded();
    is_refused(
        &campaign,
        &["nobody has approved", "hongbao approve", &digest(&campaign)],
    );
    let said = approve(&campaign).exits(0);
    said.says(&["approved, on record: 6 packets", "next: hongbao run"]);
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 6);
    campaign.run().exits(0).says(&["nothing to do"]);
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn one_fen_more_in_the_ledger_is_not_approved() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    change(
        &campaign,
        "UPDATE bill SET amount_fen = amount_fen + 1 WHERE bill = 4",
    );
    is_refused(&campaign, &["a packet was changed"]);
}

/// Openid and seal of a packet are another's while the run is under way.
#[test]
fn a_stranger_who_is_put_in_while_a_run_is_under_way_is_not_paid() {
    let mut campaign = guarded();
    campaign.set("pace.per_second", "2");
    campaign.set("pace.in_flight", "1");
    approve(&campaign).exits(0);
    let stranger = openid(999);
    let swap = |openid: &str| {
        let conn = Connection::open(campaign.path("hongbao.db")).unwrap();
        conn.busy_timeout(std::time::Duration::from_secs(5))
            .unwrap();
        let sql = "UPDATE bill SET openid = ?1 WHERE bill = 6";
        conn.execute(sql, [openid]).unwrap();
        seals::seal_bill(&conn, 6);
    };
    let run = campaign.start_run();
    until("one is sent", || campaign.wechat.sends() > 0);
    swap(&stranger);
    run.wait().exits(11).says(&["approved otherwise"]);
    let books = campaign.wechat.books();
    let is_his = |booked: &hongbao::simulator::Booked| booked.order.openid == stranger;
    assert!(!books.orders.values().any(is_his), "a stranger is paid");
    swap(&openid(5));
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 6);
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn one_fen_more_in_the_file_is_not_approved() {
    let mut campaign = guarded();
    approve(&campaign).exits(0);
    let mut owed = campaign.owed.clone();
    owed[3].1 += 1;
    campaign.owe(owed);
    is_refused(&campaign, &["is not the file that was approved"]);
    let mut owed = campaign.owed.clone();
    owed[3].1 -= 1;
    campaign.owe(owed);
    campaign.run().exits(0);
}

#[test]
fn another_packet_number_cap_or_text_is_not_approved() {
    let mut campaign = guarded();
    approve(&campaign).exits(0);
    campaign.set("caps.openid_per_day", "9");
    is_refused(&campaign, &["the texts or the caps were changed"]);
    campaign.set("caps.openid_per_day", "10");

    campaign.set("campaign.wishing", "\"新年快乐\"");
    campaign.verb("load", &["--refreeze"]).exits(0);
    is_refused(&campaign, &["the texts or the caps were changed"]);
    campaign.set("campaign.wishing", "\"元宵节快乐\"");
    campaign.verb("load", &["--refreeze"]).exits(0);

    campaign.write(
        "more.csv",
        format!("openid,amount_fen\n{},100\n", openid(77)),
    );
    let more = campaign.path("more.csv");
    campaign.verb("load", &[more.to_str().unwrap()]).exits(0);
    campaign.owed.push((openid(77), 100));
    is_refused(&campaign, &["6 packets of", "there are 7 of"]);
    approve(&campaign).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 7);
}

#[test]
fn a_new_number_needs_a_new_approval() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    failed::failed_yesterday(&campaign);
    campaign.run().exits(9).says(&["1 packet got a new number"]);
    assert_eq!(campaign.wechat.sends(), 0);
    approve(&campaign).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 1, "the others are sent");
    assert_eq!(campaign.packet(&openid(3))["generation"], "2");
}

/// It was approved once, and not paid.
#[test]
fn a_packet_that_goes_out_again_under_its_own_number_needs_none() {
    let mut campaign = guarded();
    campaign.set("pace.in_flight", "1");
    campaign.wechat.change(|settings| {
        settings.scripted = [(openid(3), "OPENID_ERROR".to_owned())].into();
    });
    approve(&campaign).exits(0);
    campaign.run().exits(3);
    let total = support::total_yuan(campaign.owed[3].1);
    let words = [
        "--code",
        "OPENID_ERROR",
        "--because",
        "x",
        "--confirm-total",
        &total,
    ];
    campaign.verb("reissue", &words).exits(0);
    campaign.wechat.change(|settings| settings.scripted.clear());
    campaign.run().exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 6);
}

#[test]
fn only_a_listed_key_approves_and_only_what_there_is() {
    let campaign = guarded();
    keygen(&campaign, "other.key").exits(0);
    let said = approve_with(&campaign, "other.key", &digest(&campaign)).exits(7);
    said.says(&["is not among [approval] approvers"]);
    let said = approve_with(&campaign, "approver.key", &"0".repeat(64)).exits(9);
    said.says(&["another digest", &digest(&campaign)]);
    approve_with(&campaign, "approver.key", "12").exits(2);
    approve_with(&campaign, "nowhere.key", &digest(&campaign)).exits(7);
    campaign.write("empty.key", "x");
    let private = Permissions::from_mode(0o600);
    fs::set_permissions(campaign.path("empty.key"), private).unwrap();
    approve_with(&campaign, "empty.key", &digest(&campaign)).exits(7);
    let open = Permissions::from_mode(0o640);
    fs::set_permissions(campaign.path("approver.key"), open).unwrap();
    approve(&campaign).exits(7).says(&["chmod 600"]);
    is_refused(&campaign, &["nobody has approved"]);
}

#[test]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    let campaign = guarded();
    let file = campaign.path("approver.key");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    keygen(&campaign, "approver.key")
        .exits(2)
        .says(&["a file of that name exists"]);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        text,
        "never overwritten"
    );
    let said = approve(&campaign).exits(0);
    let seed = text.trim().rsplit(' ').next().unwrap();
    assert!(!said.stderr.contains(seed) && !said.stdout.contains(seed));
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

/// An approval that the program itself would not make, put into the journal with everything else
/// right.
fn put(campaign: &Campaign, change: impl FnOnce(&Secret, &mut Approval)) {
    let text = fs::read_to_string(campaign.path("approver.key")).unwrap();
    let secret = Secret::parse(&text).unwrap();
    let reader = Reader::open(&campaign.path("hongbao.db")).unwrap().unwrap();
    let row = reader
        .campaign(&CampaignId::new("lantern").unwrap())
        .unwrap()
        .unwrap();
    let mut approval = Approval {
        content: reader.content(&row, &Caps::default()).unwrap(),
        approved_at: now(),
        expires_at: now() + 24 * HOUR_MS,
        approver: secret.approver(),
        signature: [0; 64],
    };
    change(&secret, &mut approval);
    reader.approve(&row, &approval).unwrap();
}

fn signed(secret: &Secret, approval: &mut Approval) {
    approval.signature = secret.sign(&approval.statement("live", "lantern"));
}

#[test]
fn an_approval_expires_and_the_campaign_file_may_shorten_it() {
    let mut campaign = guarded();
    let at = |hours: i64, until: i64| {
        move |secret: &Secret, approval: &mut Approval| {
            approval.approved_at = now() + hours * HOUR_MS;
            approval.expires_at = now() + until * HOUR_MS;
            signed(secret, approval);
        }
    };
    put(&campaign, at(-25, -1));
    is_refused(&campaign, &["has expired"]);
    // Longer than the campaign file allows.
    put(&campaign, at(-25, 100));
    is_refused(&campaign, &["has expired"]);
    put(&campaign, at(2, 26));
    is_refused(&campaign, &["in the future"]);
    put(&campaign, at(-3, 21));
    campaign.set("approval.valid_hours", "2");
    is_refused(&campaign, &["has expired"]);
    campaign.set("approval.valid_hours", "4");
    campaign.run().exits(0);
}

#[test]
fn a_signature_that_is_not_of_this_key_campaign_and_mode_counts_for_nothing() {
    let mut campaign = guarded();
    put(&campaign, |_, _| ());
    is_refused(&campaign, &["is not signed by that key"]);
    for (mode, name) in [("simulator", "lantern"), ("live", "other")] {
        put(&campaign, |secret, approval| {
            approval.signature = secret.sign(&approval.statement(mode, name));
        });
        is_refused(&campaign, &["is not signed by that key"]);
    }
    // With a key of one's own, and with a key that signs everything.
    put(&campaign, |_, approval| {
        let own = Secret::make().unwrap();
        approval.approver = own.approver();
        signed(&own, approval);
    });
    is_refused(&campaign, &["is not among [approval] approvers"]);
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = Approver(neutral);
    campaign.set("approval.approvers", &format!("[\"{weak}\"]"));
    put(&campaign, |_, approval| {
        approval.approver = weak;
        approval.signature[0] = 1;
    });
    is_refused(&campaign, &["is not signed by that key"]);
    campaign.verb("audit", &[]).exits(0);
}

#[test]
fn an_approver_who_is_taken_off_the_list_has_approved_nothing() {
    let mut campaign = guarded();
    approve(&campaign).exits(0);
    let other = keygen(&campaign, "other.key").exits(0).stdout;
    let (_, keys) = other.trim().split_once(" = ").unwrap();
    campaign.set("approval.approvers", keys);
    is_refused(&campaign, &["is not among [approval] approvers"]);
    approve_with(&campaign, "other.key", &digest(&campaign)).exits(0);
    campaign.run().exits(0);
}

#[test]
fn a_first_run_loads_the_file_and_sends_nothing_before_it_is_approved() {
    let mut campaign = Campaign::of(6);
    let public = keygen(&campaign, "approver.key").exits(0).stdout;
    campaign.set("approval.required", "true");
    campaign.set(
        "approval.approvers",
        public.trim().split_once(" = ").unwrap().1,
    );
    let before = digest(&campaign);
    approve_with(&campaign, "approver.key", &before)
        .exits(2)
        .says(&["not loaded"]);
    is_refused(&campaign, &["nobody has approved"]);
    assert_eq!(
        digest(&campaign),
        before,
        "the file has the digest of what was loaded"
    );
    approve(&campaign).exits(0);
    campaign.run().exits(0);
}

#[test]
fn a_campaign_file_that_nobody_could_approve_is_refused() {
    let mut campaign = Campaign::of(2);
    for (keys, says) in [
        ("[]", "nobody may give it"),
        ("[\"12\"]", "64 hexadecimal digits"),
        ("[1]", "string in quotes"),
        ("\"12\"", "must be a list"),
    ] {
        campaign.set("approval.required", "true");
        campaign.set("approval.approvers", keys);
        campaign.verb("plan", &[]).exits(7).says(&[says]);
    }
    let twice = format!("[{0:?}, {0:?}]", "ab".repeat(32));
    campaign.set("approval.approvers", &twice);
    let said = campaign.verb("plan", &[]).exits(7).says(&["twice"]);
    assert!(!said.stderr.contains("nobody may give it"));
    campaign.set("approval.required", "1");
    campaign.verb("plan", &[]).exits(7).says(&["true or false"]);
}

#[test]
fn a_rehearsal_needs_no_approval() {
    let mut campaign = guarded();
    campaign.set("gateway.mode", "\"simulator\"");
    campaign.verb("run", &[]).exits(0);
}

/// The clock was set back, and somebody says that it is right: WeChat Pay's answers have the time.
#[test]
fn an_approval_ends_by_the_time_of_wechat_pays_answers() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    campaign.wechat.set_ahead(25 * HOUR_MS);
    let word = || campaign.verb("unpause", &["--clock-is-right"]).exits(0);
    word();
    campaign.run().exits(9).says(&["the approval has expired"]);
    let counters = campaign.wechat.books().counters;
    assert_eq!(counters.sends, 0);
    assert!(counters.queries > 0, "the first answers tell it");
    word();
    campaign.run().exits(9).says(&["the approval has expired"]);
    assert_eq!(campaign.wechat.sends(), 0);
    campaign.verb("audit", &[]).exits(0);
}

/// What one wrong answer said is over with the next one.
#[test]
fn an_answer_of_another_year_ends_no_approval_once_the_next_is_right() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    campaign.wechat.set_ahead(8_760 * HOUR_MS);
    campaign.run().exits(11).says(&["--clock-is-right"]);
    campaign.wechat.set_ahead(0);
    campaign.verb("unpause", &[]).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 6);
}

#[test]
fn an_approval_is_good_while_it_is_by_both_clocks() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    campaign.wechat.set_ahead(23 * HOUR_MS);
    campaign.verb("unpause", &["--clock-is-right"]).exits(0);
    campaign.run().exits(0);
    assert_eq!(campaign.wechat.sends(), 6);
}

#[test]
fn an_approval_stands_for_the_total_and_a_total_that_is_given_is_still_checked() {
    let campaign = guarded();
    let total = support::total_yuan(campaign.total_fen());
    let planned = campaign.verb("plan", &["--json"]).exits(0).stdout;
    let planned: serde_json::Value = serde_json::from_str(&planned).unwrap();
    assert_eq!(planned["total_yuan"], total);
    // Without one the run is not approved, whatever is confirmed.
    campaign
        .verb("run", &["--live"])
        .exits(9)
        .says(&["nobody has approved"]);
    approve(&campaign).exits(0);
    for wrong in ["0.01", "", "all"] {
        let typed = ["--live", "--confirm-total", wrong];
        campaign.verb("run", &typed).exits(2).says(&[&total]);
    }
    campaign.verb("run", &[]).exits(2);
    assert_eq!(campaign.wechat.sends(), 0);
    campaign.verb("run", &["--live"]).exits(0);
    assert_eq!(campaign.books_agree().count("sent"), 6);
}

/// Nobody is led to a run that would be refused as well.
#[test]
fn an_approval_that_is_missing_is_asked_for_before_the_words_for_real_money() {
    let mut campaign = unloaded();
    let total = support::total_yuan(campaign.total_fen());
    let given: [&[&str]; 3] = [&[], &["--live"], &["--confirm-total", &total]];
    for typed in given {
        let ran = campaign.verb("run", typed).exits(9);
        let ran = ran.says(&[
            "the list is not loaded yet",
            "`hongbao load ",
            "`hongbao plan ",
        ]);
        assert!(!ran.stderr.contains("To pay"), "{}", ran.stderr);
    }
    assert!(!campaign.path("hongbao.db").exists(), "nothing is loaded");
    campaign.verb("load", &[]).exits(0);
    for typed in given {
        let ran = campaign.verb("run", typed).exits(9);
        let ran = ran.says(&["nobody has approved this plan", "hongbao approve "]);
        assert!(!ran.stderr.contains("To pay"), "{}", ran.stderr);
    }
    // A total that is wrong is told of: it is not that of the plan.
    let ran = campaign.verb("run", &["--confirm-total", "0.01"]).exits(2);
    ran.says(&[&total]);
    approve(&campaign).exits(0);
    campaign
        .verb("run", &[])
        .exits(2)
        .says(&["To pay: hongbao run "]);
    assert_eq!(campaign.wechat.sends(), 0);
    // What is paid needs no approval any more.
    campaign.run().exits(0);
    let other = keygen(&campaign, "other.key").exits(0).stdout;
    let (_, keys) = other.trim().split_once(" = ").unwrap();
    campaign.set("approval.approvers", keys);
    campaign
        .verb("run", &[])
        .exits(2)
        .says(&["To pay: hongbao run "]);
    campaign.run().exits(0).says(&["nothing to do"]);
}

#[test]
fn an_approval_of_another_digest_does_not_stand_for_the_total() {
    let campaign = guarded();
    approve(&campaign).exits(0);
    change(
        &campaign,
        "UPDATE bill SET amount_fen = amount_fen + 1 WHERE bill = 2",
    );
    let ran = campaign.verb("run", &["--live"]);
    assert!([Some(9), Some(11)].contains(&ran.code), "{}", ran.stderr);
    let counters = campaign.wechat.books().counters;
    assert_eq!((counters.sends, counters.queries), (0, 0));
}
