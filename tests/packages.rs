//! What opens packets: `hongbao claims`, recomputed here from raw strings.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use hongbao::simulator::{FaultName, Settings};
use md5::{Digest as _, Md5};
use serde_json::Value;

use crate::support::{Campaign, Ran, hongbao, openid, until};

const HOUR_MS: i64 = 3_600_000;
const ALL: [&str; 11] = [
    "timeStamp",
    "nonceStr",
    "package",
    "signType",
    "paySign",
    "row_key",
    "openid",
    "mch_billno",
    "send_listid",
    "amount_fen",
    "expires_at",
];

fn ms(time: &Value) -> i64 {
    let time: jiff::Timestamp = time.as_str().unwrap().parse().unwrap();
    time.as_millisecond()
}

/// Three characters for each that is not plain. The simulator's packages have only two of them.
fn encoded(raw: &str) -> String {
    raw.replace('%', "%25")
        .replace('=', "%3D")
        .replace('&', "%26")
}

/// The sign as the vector's authors make it, from raw strings, by nothing of the program's.
fn pay_sign(wxappid: &str, claim: &Value, key: &str) -> String {
    let field = |name: &str| claim[name].as_str().unwrap();
    let text = format!(
        "appId={wxappid}&nonceStr={}&package={}&timeStamp={}&key={key}",
        field("nonceStr"),
        field("package"),
        field("timeStamp")
    );
    let hash: [u8; 16] = Md5::digest(text).into();
    format!("{:032x}", u128::from_be_bytes(hash))
}

/// Holds each claim against WeChat Pay's own books, and recomputes its sign.
fn check(campaign: &Campaign, claims: &[Value]) {
    let key = fs::read_to_string(campaign.path("secrets/api_key")).unwrap();
    let books = campaign.wechat.books();
    for claim in claims {
        let order = &books.orders[claim["mch_billno"].as_str().unwrap()].order;
        assert_eq!(claim["package"], encoded(&order.package));
        assert_eq!(claim["openid"], order.openid.as_str());
        assert_eq!(claim["send_listid"], order.send_listid.as_str());
        assert_eq!(claim["amount_fen"], order.amount_fen);
        assert_eq!(claim["signType"], "MD5");
        assert_eq!(
            claim["paySign"],
            pay_sign("wx8888888888888888", claim, key.trim())
        );
        let packet = campaign.packet(claim["openid"].as_str().unwrap());
        let sent = ms(&packet["first_sent_at"].as_str().into());
        assert_eq!(ms(&claim["expires_at"]), sent + 24 * HOUR_MS);
        let names: Vec<&String> = claim.as_object().unwrap().keys().collect();
        assert_eq!(names, ALL);
    }
}

fn array(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.stdout).unwrap()
}

fn lines(campaign: &Campaign, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(campaign.path(name)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// `claims --all` into this file with more flags; the cursor.
fn export(campaign: &Campaign, name: &str, flags: &[&str]) -> String {
    let ran = try_export(campaign, name, flags).exits(0);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    ran.stdout.trim_end().to_owned()
}

fn try_export(campaign: &Campaign, name: &str, flags: &[&str]) -> Ran {
    let out = campaign.path(name);
    let rest = [&["--all", "--out", out.to_str().unwrap()], flags].concat();
    campaign.verb("claims", &rest)
}

/// The cursor of what nobody read would leave it out of every later file.
#[test]
fn claims_whose_reader_left_have_no_cursor() {
    let campaign = Campaign::of(240);
    campaign.run().exits(0);
    let pipe = campaign.path("pipe");
    let mut reader = std::process::Command::new("sh");
    let reading = reader.args(["-c", "mkfifo pipe && echo made && exec head -c 1 pipe"]);
    let reading = reading.current_dir(campaign.dir());
    let mut reading = reading
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    until("the pipe is made", || pipe.exists());
    let ran = try_export(&campaign, "pipe", &[]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(!ran.stderr.contains("pipe"), "{}", ran.stderr);
    reading.wait().unwrap();
    assert!(!export(&campaign, "all.jsonl", &[]).is_empty());
}

fn openids(claims: &[Value]) -> Vec<&str> {
    claims
        .iter()
        .map(|it| it["openid"].as_str().unwrap())
        .collect()
}

#[test]
fn a_packet_that_was_sent_can_be_opened_with_what_is_printed() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let number = campaign.packet(&openid(1))["mch_billno"].clone();
    for id in [openid(1), number] {
        let ran = campaign.verb("claims", &[&id]).exits(0);
        let claims = array(&ran);
        check(&campaign, &claims);
        assert_eq!(openids(&claims), [openid(1)]);
        assert_eq!(claims[0]["row_key"], openid(1));
    }
    let twice = [(); 2].map(|()| array(&campaign.verb("claims", &[&openid(1)]).exits(0)));
    assert_ne!(
        twice[0][0]["nonceStr"], twice[1][0]["nonceStr"],
        "a nonce is not used twice"
    );
    let now = jiff::Timestamp::now().as_second();
    let stamp: i64 = twice[1][0]["timeStamp"].as_str().unwrap().parse().unwrap();
    assert!((now - 60..=now).contains(&stamp), "{stamp}");
}

#[test]
fn what_cannot_be_opened_is_told_by_state() {
    let scripted = [(openid(1), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(3, settings);
    campaign
        .verb("claims", &[&openid(0)])
        .exits(2)
        .says(&["hongbao load"]);
    campaign.verb("load", &[]).exits(0);
    let ran = campaign.verb("claims", &[&openid(0)]).exits(3);
    assert_eq!(ran.stdout, "[]\n");
    ran.says(&["1 cannot be opened now: `ready`, "]);
    campaign.run().exits(3);
    let refused = campaign.verb("claims", &[&openid(1)]).exits(3);
    refused.says(&["1 cannot be opened now: `refused`, proven unpaid"]);
    let ran = campaign.verb("claims", &["nobody"]).exits(2);
    ran.says(&["no packet of the campaign is named \"nobody\""]);
    let ran = try_export(&campaign, "out", &[]).exits(0);
    ran.says(&[
        "2 packets that can be opened now",
        "1 cannot be opened now: `refused`",
    ]);
}

#[test]
fn issued_without_a_package_is_told_apart() {
    let settings = Settings {
        faults: hongbao::simulator::FaultRates::none().with(FaultName::NoPackage, 1.0),
        resend_of_paid: hongbao::simulator::ResendOfPaid::SuccessWithoutPackage,
        ..Settings::default()
    };
    let campaign = Campaign::with(1, settings);
    campaign.run().exits(4);
    let ran = campaign.verb("claims", &[&openid(0)]).exits(3);
    ran.says(&[
        "1 cannot be opened yet: issued, but the package",
        "hongbao run ",
    ]);
}

#[test]
fn fifty_claims_are_recomputed_by_another_hand() {
    let campaign = Campaign::of(50);
    campaign.run().exits(0);
    export(&campaign, "claims.jsonl", &[]);
    let claims = lines(&campaign, "claims.jsonl");
    assert_eq!(claims.len(), 50);
    check(&campaign, &claims);
    let nonces: std::collections::BTreeSet<_> =
        claims.iter().map(|it| it["nonceStr"].to_string()).collect();
    assert_eq!(nonces.len(), 50);
    let mode = fs::metadata(campaign.path("claims.jsonl")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    export(&campaign, "claims.csv", &["--format", "csv"]);
    let mut csv = csv::Reader::from_path(campaign.path("claims.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = csv.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 50);
    for (row, claim) in rows.iter().zip(&claims) {
        let theirs: Vec<&str> = csv_names(row);
        assert_eq!(theirs.len(), ALL.len());
        for name in [
            "package",
            "openid",
            "mch_billno",
            "send_listid",
            "expires_at",
        ] {
            assert_eq!(row[name], claim[name].as_str().unwrap());
        }
        let as_json: Value = serde_json::to_value(row).unwrap();
        let key = fs::read_to_string(campaign.path("secrets/api_key")).unwrap();
        assert_eq!(
            row["paySign"],
            pay_sign("wx8888888888888888", &as_json, key.trim())
        );
    }
}

fn csv_names(row: &BTreeMap<String, String>) -> Vec<&str> {
    row.keys().map(String::as_str).collect()
}

#[test]
fn unsigned_reads_no_key() {
    let campaign = Campaign::of(2);
    campaign.run().exits(0);
    fs::remove_file(campaign.path("secrets/api_key")).unwrap();
    campaign
        .verb("claims", &[&openid(0)])
        .exits(7)
        .says(&["api_key"]);
    try_export(&campaign, "out", &[]).exits(7);
    let claims = array(
        &campaign
            .verb("claims", &[&openid(0), "--unsigned"])
            .exits(0),
    );
    let names: Vec<&String> = claims[0].as_object().unwrap().keys().collect();
    assert_eq!(names[..2], ["package", "row_key"]);
    assert!(
        !names
            .iter()
            .any(|name| *name == "paySign" || *name == "nonceStr")
    );
    export(&campaign, "out", &["--unsigned"]);
    assert_eq!(lines(&campaign, "out")[0], claims[0]);
}

#[test]
fn a_cursor_brings_what_came_since_and_nothing_of_another_ledger() {
    let campaign = Campaign::of(6);
    let total = crate::support::total_yuan(campaign.total_fen());
    let flags = ["--live", "--confirm-total", &total, "--max-rows"];
    campaign
        .verb("run", &[&flags[..], &["2"]].concat())
        .exits(5);
    let first = export(&campaign, "one", &[]);
    assert_eq!(openids(&lines(&campaign, "one")), [openid(0), openid(1)]);
    assert_eq!(
        export(&campaign, "none", &["--since", &first]),
        first,
        "nothing came"
    );
    assert_eq!(lines(&campaign, "none"), [Value::Null; 0]);
    campaign.ledger("backup", "copy.db").exits(0);
    campaign
        .verb("run", &[&flags[..], &["3"]].concat())
        .exits(5);
    let second = export(&campaign, "two", &["--since", &first]);
    assert_eq!(lines(&campaign, "two").len(), 3);
    assert!(
        lines(&campaign, "two")
            .iter()
            .all(|it| it["openid"] != openid(0).as_str())
    );
    check(&campaign, &lines(&campaign, "two"));
    campaign.run().exits(0);
    // Answers of queries bring nothing that was not there.
    campaign.verb("reconcile", &[]).exits(0);
    export(&campaign, "three", &["--since", &second]);
    assert_eq!(lines(&campaign, "three").len(), 1);
    export(&campaign, "all", &[]);
    assert_eq!(lines(&campaign, "all").len(), 6);
    for given in [
        "",
        "7",
        "7-",
        "x-0011223344556677",
        "+1-0011223344556677",
        "01-00",
    ] {
        let ran = try_export(&campaign, "out", &["--since", given]);
        ran.exits(2).says(&["no cursor", "--all --out FILE"]);
    }
    let strange = format!("{}-0011223344556677", first.split('-').next().unwrap());
    try_export(&campaign, "out", &["--since", &strange])
        .exits(2)
        .says(&["restored or replaced"]);
    let ahead = format!("999999-{}", first.split('-').nth(1).unwrap());
    try_export(&campaign, "out", &["--since", &ahead]).exits(2);
    // One that the copy has reached too, and one that it has not.
    campaign.ledger("restore", "copy.db").exits(0);
    for cursor in [&first, &second] {
        let ran = try_export(&campaign, "out", &["--since", cursor]).exits(2);
        ran.says(&["the ledger was restored or replaced since"]);
        assert!(!campaign.path("out").exists());
    }
}

#[test]
fn a_cursor_is_of_one_campaign_and_of_the_ledger_where_it_was() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let cursor = export(&campaign, "one", &[]);
    let text = fs::read_to_string(campaign.path("campaign.toml")).unwrap();
    let text = text.replace("\"lantern\"", "\"other\"");
    campaign.write("other.toml", text.replace("recipients.csv", "other.csv"));
    campaign.write(
        "other.csv",
        format!("openid,amount_fen\n{},100\n", openid(7)),
    );
    let other = campaign.path("other.toml");
    let other = other.to_str().unwrap();
    hongbao(&["load", other], &[]).wait().exits(0);
    let out = campaign.path("out");
    let all = ["claims", other, "--all", "--out", out.to_str().unwrap()];
    let since = [&all[..], &["--since", &cursor]].concat();
    let ran = hongbao(&since, &[]).wait().exits(2);
    ran.says(&["is not of this campaign in this ledger as it stands"]);
    export(&campaign, "two", &["--since", &cursor]);
    assert_eq!(lines(&campaign, "two"), [Value::Null; 0]);
    // In place it is the same ledger; as a copy it is another one.
    campaign.ledger("adopt", "").exits(0);
    export(&campaign, "two", &["--since", &cursor]);
    fs::rename(campaign.path("hongbao.db"), campaign.path("away.db")).unwrap();
    fs::copy(campaign.path("away.db"), campaign.path("hongbao.db")).unwrap();
    campaign.ledger("adopt", "").exits(0);
    let ran = try_export(&campaign, "three", &["--since", &cursor]).exits(2);
    ran.says(&["the ledger was restored or replaced since"]);
    assert_eq!(lines(&campaign, "one").len(), 3);
}

#[test]
fn claims_are_handed_out_beside_a_run() {
    let mut campaign = Campaign::of(60);
    campaign.set("pace.per_second", "15");
    campaign.verb("load", &[]).exits(0);
    let mut run = campaign.start_run();
    until("some are sent", || campaign.count("sent") > 3);
    let mut cursor = export(&campaign, "claims", &[]);
    let mut seen = lines(&campaign, "claims");
    let early = seen.len();
    while !run.is_over() {
        cursor = export(&campaign, "claims", &["--since", &cursor]);
        seen.extend(lines(&campaign, "claims"));
    }
    run.wait().exits(0);
    export(&campaign, "claims", &["--since", &cursor]);
    seen.extend(lines(&campaign, "claims"));
    assert!((1..60).contains(&early), "{early}");
    let mut once = openids(&seen);
    once.sort_unstable();
    once.dedup();
    assert_eq!((once.len(), seen.len()), (60, 60), "each exactly once");
    check(&campaign, &seen);
}

#[test]
fn data_goes_to_a_file_of_its_own_and_the_cursor_to_stdout() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let to_stdout = ["--all", "--out", "-"];
    for flags in [
        &["--all"][..],
        &to_stdout,
        &["--all", "--out", "/dev/stdout"],
    ] {
        let ran = campaign.verb("claims", flags).exits(2);
        assert_eq!(ran.stdout, "", "{flags:?}");
        ran.says(&["stdout carries the cursor alone"]);
    }
    for used in [
        "recipients.csv",
        "secrets/api_key",
        "campaign.toml",
        "hongbao.db",
    ] {
        let before = fs::read(campaign.path(used)).unwrap();
        let ran = try_export(&campaign, used, &["--force"]).exits(2);
        ran.says(&["is never written over"]);
        assert_eq!(fs::read(campaign.path(used)).unwrap(), before);
    }
    campaign.write("mine", "mine\n");
    let ran = try_export(&campaign, "mine", &[]).exits(2);
    ran.says(&["no earlier file of this kind and campaign", "mine --force"]);
    export(&campaign, "mine", &["--force"]);
    let forms = ["jsonl", "csv"];
    for (before, after) in forms.iter().flat_map(|one| forms.map(|other| (one, other))) {
        export(&campaign, "again", &["--format", before]);
        export(&campaign, "again", &["--format", after, "--unsigned"]);
    }
    let out = campaign.path("again");
    let unclaimed = ["--unclaimed", "--out", out.to_str().unwrap()];
    campaign.verb("claims", &unclaimed).exits(2);
}

const SENT_AT: &str = "2027-02-20T10:00:00+08:00";

fn at(campaign: &Campaign, now: &str, verb: &str, rest: &[&str]) -> Ran {
    let variables = [("HONGBAO_SIMULATED_NOW", now)];
    campaign.start_at(verb, rest, &variables).wait()
}

#[test]
fn a_rehearsals_packets_are_opened_with_the_simulators_key_and_lapse_after_a_day() {
    let mut campaign = Campaign::of(2);
    campaign.set("gateway.mode", "\"simulator\"");
    fs::remove_dir_all(campaign.path("secrets")).unwrap();
    at(&campaign, SENT_AT, "run", &[]).exits(0);
    let soon = "2027-02-20T10:05:00+08:00";
    let claims = array(&at(&campaign, soon, "claims", &[&openid(0)]).exits(0));
    let key = Settings::default().api_key;
    assert_eq!(
        claims[0]["paySign"],
        pay_sign("wx8888888888888888", &claims[0], &key)
    );
    assert!(
        claims[0]["expires_at"]
            .as_str()
            .unwrap()
            .starts_with("2027-02-21T10:00:0")
    );
    let late = "2027-02-21T10:01:00+08:00";
    let ran = at(&campaign, late, "claims", &[&openid(0)]).exits(3);
    ran.says(&["1 cannot be opened any more", "hongbao reconcile"]);
    let out = campaign.path("out");
    let all = ["--all", "--out", out.to_str().unwrap()];
    let ran = at(&campaign, late, "claims", &all).exits(0);
    ran.says(&[
        "0 packets that can be opened now",
        "2 cannot be opened any more",
    ]);
}

#[test]
fn a_packet_that_a_lost_answer_may_have_issued_lapses_a_day_after_that() {
    let scripted_faults = [(openid(0), [FaultName::SystemErrorPaid].into())].into();
    let settings = Settings {
        scripted_faults,
        ..Settings::default()
    };
    let mut campaign = Campaign::with(2, settings);
    campaign.set("retry.linger_seconds", "20");
    campaign.set("retry.max_backoff_seconds", "3");
    campaign.set("retry.first_backoff_ms", "3000");
    campaign.run().exits(0);
    let packet = campaign.packet(&openid(0));
    assert_eq!(packet["attempts"], "2");
    let claims = array(&campaign.verb("claims", &[&openid(0)]).exits(0));
    check(&campaign, &claims);
}

#[test]
fn who_has_not_opened_theirs_is_listed_the_soonest_first_with_the_lists_own_columns() {
    let mut campaign = Campaign::of(40);
    campaign.set("gateway.mode", "\"simulator\"");
    let mut list = String::from("openid,amount_fen,手机\n");
    for (row, (openid, fen)) in campaign.owed.clone().iter().enumerate() {
        writeln!(list, "{openid},{fen},1380000{row:04}").unwrap();
    }
    campaign.write("recipients.csv", list);
    at(&campaign, SENT_AT, "run", &["--max-rows", "20"]).exits(5);
    at(&campaign, "2027-02-20T14:00:00+08:00", "run", &[]).exits(0);
    let noon = "2027-02-20T18:00:00+08:00";
    let ran = at(&campaign, noon, "claims", &["--unclaimed"]).exits(0);
    ran.says(&[
        "40 packets of ",
        "never asked about 40 of them",
        "hongbao reconcile",
    ]);
    at(&campaign, noon, "reconcile", &[]).exits(0);
    let later = "2027-02-20T19:00:00+08:00";
    let ran = at(&campaign, later, "claims", &["--unclaimed"]).exits(0);
    assert!(!ran.stderr.contains("never asked"), "{}", ran.stderr);
    let mut csv = csv::Reader::from_reader(ran.stdout.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = csv.deserialize().map(Result::unwrap).collect();
    let waiting = usize::try_from(campaign.count("sent")).unwrap();
    assert!((5..40).contains(&waiting));
    assert_eq!(rows.len(), waiting);
    assert!(rows.is_sorted_by_key(|row| row["expires_at"].clone()));
    assert_ne!(rows[0]["expires_at"], rows[waiting - 1]["expires_at"]);
    for row in &rows {
        let hours: f64 = row["hours_left"].parse().unwrap();
        let is_early = row["expires_at"].starts_with("2027-02-21T10:00");
        assert!(
            (hours - if is_early { 15.0 } else { 19.0 }).abs() < 0.11,
            "{row:?}"
        );
        assert!(row["asked_at"].starts_with("2027-02-20T18:0"), "{row:?}");
        let at: usize = row["openid"].trim_start_matches("oTest").parse().unwrap();
        assert_eq!(row["手机"], format!("1380000{at:04}"));
    }
    ran.says(&["were not claimed as of a query ", " 2027-02-20 18:0"]);
    let jsonl = at(
        &campaign,
        later,
        "claims",
        &["--unclaimed", "--format", "jsonl"],
    )
    .exits(0);
    let first: Value = serde_json::from_str(jsonl.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["mch_billno"], rows[0]["mch_billno"].as_str());
    assert!(!jsonl.stdout.contains("sendid"), "no package in a reminder");
}

#[test]
fn a_pages_parameters_are_checked_offline() {
    let campaign = Campaign::of(2);
    campaign.run().exits(0);
    let verify = |text: &str| {
        campaign.write("page.json", text);
        let page = campaign.path("page.json");
        campaign.verb("claims", &["--verify", page.to_str().unwrap()])
    };
    let printed = campaign.verb("claims", &[&openid(0)]).exits(0).stdout;
    let ran = verify(&printed).exits(0);
    let claim = serde_json::from_str::<Vec<Value>>(&printed)
        .unwrap()
        .remove(0);
    let number = claim["mch_billno"].as_str().unwrap();
    assert_eq!(ran.stdout, format!("{number}: right\n"));
    let mut page = claim.clone();
    for own in &ALL[5..] {
        page.as_object_mut().unwrap().remove(*own);
    }
    assert_eq!(verify(&page.to_string()).exits(0).stdout, "1: right\n");
    let mut wrong = page.clone();
    wrong["timeStamp"] = page["timeStamp"]
        .as_str()
        .unwrap()
        .parse::<i64>()
        .unwrap()
        .into();
    let both = format!("[{page},{wrong}]");
    let ran = verify(&both).exits(1);
    assert!(
        ran.stdout
            .starts_with("1: right\n2: timeStamp is a number; it must be text")
    );
    // As `claims --all` writes them: one on each line.
    let lines = format!("{page}\n{claim}\n");
    let right = format!("1: right\n{number}: right\n");
    assert_eq!(verify(&lines).exits(0).stdout, right);
    for text in ["", "[]", "7", "[7]", "{\"package\":"] {
        verify(text)
            .exits(2)
            .says(&["page.json holds neither an object nor an array"]);
    }
    let nowhere = campaign
        .verb("claims", &["--verify", "nowhere.json"])
        .exits(2);
    nowhere.says(&["nowhere.json cannot be read"]);
}

#[test]
fn a_packet_is_found_by_the_end_of_its_number_and_by_wechat_pays_own() {
    let campaign = Campaign::of(3);
    campaign.run().exits(0);
    let packet = campaign.packet(&openid(1));
    let number = &packet["mch_billno"];
    let end = &number[22..];
    let show = |id: &str| campaign.verb("show", &[id]);
    let whole = show(number).exits(0).stdout;
    assert!(
        whole.contains("\n  package      opens it until 20"),
        "{whole}"
    );
    assert!(whole.contains(&packet["send_listid"]));
    for id in [end, &end.to_uppercase(), &packet["send_listid"]] {
        assert_eq!(show(id).exits(0).stdout, whole, "{id}");
    }
    for id in [
        &end[1..],
        &number[21..],
        &number[..6],
        "%%%%%%",
        "______",
        "x",
    ] {
        show(id)
            .exits(2)
            .says(&["no packet of the campaign is named"]);
    }
    // Who decides about money names the packet whole.
    for verb in ["resolve", "claims"] {
        let rest: &[&str] = match verb {
            "resolve" => &[end, "--paid", "--because", "x"],
            _ => &[end],
        };
        campaign
            .verb(verb, rest)
            .exits(2)
            .says(&["no packet of the campaign is named"]);
    }
    let json = campaign.verb("show", &[end, "--json"]).exits(0).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let sent = ms(&packet["first_sent_at"].as_str().into());
    assert_eq!(ms(&json[0]["expires_at"]), sent + 24 * HOUR_MS);
}

#[test]
fn nothing_but_stdout_and_the_file_ever_shows_a_package() {
    let campaign = Campaign::of(2);
    let log = [("HONGBAO_LOG", "trace")];
    campaign.run().exits(0);
    let key = fs::read_to_string(campaign.path("secrets/api_key")).unwrap();
    let out = campaign.path("out");
    let out = out.to_str().unwrap();
    let mut twin = campaign.verb("claims", &[&openid(0)]).exits(0).stdout;
    twin = twin.replace("\"signType\":\"MD5\"", "\"signType\":\"SHA\"");
    campaign.write("page.json", twin);
    let page = campaign.path("page.json");
    let page = page.to_str().unwrap();
    for rest in [
        &[&*openid(0)][..],
        &["--all", "--out", out],
        &["--unclaimed"],
        &["--verify", page],
    ] {
        let ran = campaign.start_at("claims", rest, &log).wait();
        let is_shown = |text: &str| text.contains("sendid") || text.contains(key.trim());
        assert!(!is_shown(&ran.stderr), "{rest:?}: {}", ran.stderr);
        let is_asked_for = rest[0] == openid(0);
        assert_eq!(
            is_shown(&ran.stdout),
            is_asked_for,
            "{rest:?}: {}",
            ran.stdout
        );
    }
    for verb in ["show", "report", "status", "audit"] {
        let rest = if verb == "show" {
            vec![openid(0), "--json".to_owned()]
        } else {
            vec![]
        };
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let ran = campaign.start_at(verb, &rest, &log).wait().exits(0);
        assert!(!(ran.stdout + &ran.stderr).contains("sendid"), "{verb}");
    }
}

/// A campaign of so many packets that were sent just now, as far as its ledger says: to send them
/// would take longer than all that is measured.
fn sent(count: usize) -> Campaign {
    let campaign = Campaign::of(count);
    campaign.verb("load", &[]).exits(0);
    let conn = rusqlite::Connection::open(campaign.path("hongbao.db")).unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let package = format!(
        "sendid={}&ver=8&sign={}&mchid=1",
        "0".repeat(64),
        "0".repeat(128)
    );
    conn.execute(
        "UPDATE bill SET state = 'sent', sends = 1, has_package = 1, first_sent_at = ?1,
           next_action = NULL, due = NULL",
        [now],
    )
    .unwrap();
    conn.execute(
        "INSERT INTO receipt SELECT bill, '1000041701' || bill, ?1 || bill FROM bill",
        [&package],
    )
    .unwrap();
    let counters = "UPDATE tally SET (count, fen) = (SELECT loaded_rows, loaded_fen FROM campaign)
         WHERE state = 'sent';
         UPDATE tally SET count = 0, fen = 0 WHERE state = 'ready'";
    conn.execute_batch(counters).unwrap();
    campaign
}

/// The most memory that an export takes, in KiB.
fn peak_kib(campaign: &Campaign, flags: &[&str]) -> u64 {
    let out = campaign.path("out");
    let rest = [flags, &["--out", out.to_str().unwrap()]].concat();
    let mut child = campaign.start("claims", &rest);
    let mut peak = 0;
    while !child.is_over() {
        peak = peak.max(child.peak_kib().unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.wait().exits(0);
    fs::remove_file(out).unwrap();
    peak
}

#[test]
fn an_export_takes_no_more_memory_for_more_packets() {
    // The larger file has 14 MB, in full 700.
    let (few, many) = if crate::support::is_full() {
        (20_000, 1_000_000)
    } else {
        (1_000, 20_000)
    };
    let (small, large) = (sent(few), sent(many));
    for flags in [
        &["--all"][..],
        &["--all", "--format", "csv"],
        &["--unclaimed"],
    ] {
        let (least, most) = (peak_kib(&small, flags), peak_kib(&large, flags));
        // The caches of SQLite fill up, and then stay as they are.
        assert!(most < least + 6 * 1024, "{flags:?}: {least} and {most} KiB");
    }
}

/// Somebody's row key is spelled as another person's openid.
#[test]
fn an_openid_gets_nothing_by_anothers_row_key() {
    let mut campaign = Campaign::of(0);
    campaign.owe(vec![(openid(2), 100), (openid(1), 100)]);
    let rows = format!(
        "row_key,openid,amount_fen\n{},{},100\nk1,{},100\n",
        openid(1),
        openid(2),
        openid(1)
    );
    campaign.write("recipients.csv", rows);
    campaign.run().exits(0);
    let claims = array(&campaign.verb("claims", &[&openid(1)]).exits(0));
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0]["openid"], openid(1));
}
