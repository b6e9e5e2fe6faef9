//! At no level does a log have a key, a package or a whole openid: whole lives of campaigns, logged
//! down to every wait.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use hongbao::simulator::{FaultName, Settings};

use crate::support::{Campaign, Ran, an_eighth, openid, total_yuan};

/// Everything that is told, as HONGBAO_LOG has it.
const LOUD: [(&str, &str); 1] = [("HONGBAO_LOG", "trace")];

/// What nobody may read.
fn secrets(campaign: &Campaign) -> Vec<String> {
    let file = |name: &str| fs::read_to_string(campaign.path("secrets").join(name)).unwrap();
    let mut secrets: Vec<String> = campaign
        .owed
        .iter()
        .map(|(openid, _)| openid.clone())
        .collect();
    secrets.push(file("api_key").trim().to_owned());
    let key = file("apiclient_key.pem");
    secrets.extend(key.lines().filter(|it| it.len() > 40).map(str::to_owned));
    secrets
}

/// The packages that the mini-program opens, as they are and as it takes them.
fn packages(campaign: &Campaign) -> Vec<String> {
    let books = campaign.wechat.books();
    let raw = books
        .orders
        .values()
        .map(|booked| booked.order.package.clone());
    let raw: Vec<String> = raw.filter(|it| !it.is_empty()).collect();
    let encoded = raw
        .iter()
        .map(|it| it.replace('=', "%3D").replace('&', "%26"));
    let encoded: Vec<String> = encoded.collect();
    [raw, encoded].concat()
}

/// Lines that begin with a blank are the list itself, shown to whoever confirms it.
#[track_caller]
fn tells_none(ran: &Ran, secrets: &[String]) {
    let lines = || {
        ran.stderr
            .lines()
            .filter(|line| !line.starts_with("  10000098"))
    };
    for secret in secrets {
        let line = lines().find(|line| line.contains(secret.as_str()));
        assert!(line.is_none(), "{secret} in {}", line.unwrap_or_default());
    }
}

#[test]
fn nothing_that_is_logged_names_a_key_a_package_or_a_person() {
    let faults = [
        FaultName::LostAfter,
        FaultName::SystemErrorPaid,
        FaultName::LostBefore,
    ];
    let refused = [3, 7].map(|row| (openid(row), "OPENID_ERROR".to_owned()));
    let settings = Settings {
        faults: an_eighth(&faults),
        scripted: refused.into_iter().collect(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(40, settings);
    campaign.set("retry.linger_seconds", "10");
    let total = total_yuan(campaign.total_fen());
    let again = total_yuan([3, 7].map(|row| campaign.owed[row].1).iter().sum());
    let loud = |verb: &str, rest: &[&str]| campaign.start_at(verb, rest, &LOUD).wait();
    let live = ["--live", "--confirm-total", &total];
    let out = campaign.path("claims.jsonl");
    let mut told = vec![
        loud("load", &[]),
        loud("plan", &[]),
        loud("run", &live),
        loud("run", &[&live[..], &["--log-format", "json"]].concat()),
    ];
    campaign.wechat.change(|settings| settings.scripted.clear());
    let reissue = [
        "--code",
        "OPENID_ERROR",
        "--because",
        "mended",
        "--confirm-total",
        &again,
    ];
    told.push(loud("reissue", &reissue));
    told.push(loud("run", &live));
    told.push(loud("reconcile", &[]));
    told.push(loud("doctor", &[]));
    told.push(loud("claims", &["--all", "--out", out.to_str().unwrap()]));
    told.push(loud("audit", &[]));
    told.push(loud("report", &[]));
    campaign.books_agree();
    let mut secrets = secrets(&campaign);
    let packages = packages(&campaign);
    assert!(packages.len() >= 2 * 40, "{packages:?}");
    secrets.extend(packages);
    for ran in &told {
        tells_none(ran, &secrets);
    }
    // There is something to be searched, of each kind that a log is for.
    let all: String = told.iter().map(|ran| ran.stderr.as_str()).collect();
    for log in [
        "answered",
        "committed",
        "recorded",
        "a connection is open",
        "attempt{",
        "ledger is taken",
    ] {
        assert!(all.contains(log), "no {log:?}");
    }
}

#[test]
fn nor_does_a_run_with_the_simulator_inside() {
    let mut campaign = Campaign::of(20);
    campaign.set("gateway.mode", "\"simulator\"");
    let ran = campaign.start_at("run", &["-vvv"], &[]).wait().exits(0);
    assert!(ran.stderr.contains("committed"));
    let out = campaign.path("claims.jsonl");
    let claims = ["--all", "--out", out.to_str().unwrap()];
    campaign.verb("claims", &claims).exits(0);
    assert!(fs::read_to_string(out).unwrap().contains("sendid"));
    tells_none(&ran, &["sendid".to_owned()]);
    let openids: Vec<String> = campaign
        .owed
        .iter()
        .map(|(openid, _)| openid.clone())
        .collect();
    tells_none(&ran, &openids);
}
