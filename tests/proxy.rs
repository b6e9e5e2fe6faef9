//! A proxy in front of WeChat Pay: everything goes through it, nothing that it says itself is an
//! answer, and what it did not let through was not sent.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Campaign, Proxy, Ran, Way};

/// `user:pass word` as the header of a proxy has it.
const BASIC: &str = "Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=";
const PASSWORD: &str = "pass word";

fn behind(proxy: &Proxy, count: usize) -> Campaign {
    let mut campaign = Campaign::of(count);
    campaign.set("gateway.proxy", &format!("{:?}", proxy.url()));
    campaign.set("gateway.connect_timeout_ms", "500");
    campaign
}

fn refuses(status: &str) -> Way {
    Way::Says(format!(
        "HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nno!\n"
    ))
}

/// Everything that a proxy may say in place of an open way.
fn refusals() -> Vec<(Way, &'static str)> {
    let paid = "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>";
    vec![
        (refuses("407 Proxy Authentication Required"), "answers 407"),
        (refuses("403 Forbidden"), "answers HTTP 403"),
        (refuses("502 Bad Gateway"), "answers HTTP 502"),
        (refuses("404 Not Found"), "answers HTTP 404"),
        (refuses("302 Found"), "answers HTTP 302"),
        (
            Way::Says("SSH-2.0-OpenSSH_9.6\r\n".to_owned()),
            "is it an HTTP proxy?",
        ),
        (
            Way::Says(format!("HTTP/1.1 200 OK\r\n\r\n{paid}")),
            "can be read",
        ),
        (Way::Says(paid.to_owned()), "is it an HTTP proxy?"),
        (
            Way::Says(String::new()),
            "closed the connection without an answer",
        ),
        (Way::Silent, "gave no answer in time"),
    ]
}

fn doctor(campaign: &Campaign, name: &str) -> (String, String) {
    let ran = campaign.verb("doctor", &["--json"]);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let checks = document["checks"].as_array().unwrap();
    let check = checks.iter().find(|it| it["name"] == name).unwrap();
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("result"), text("found"))
}

fn put(campaign: &Campaign, name: &str, text: &str) {
    campaign.write(name, text);
    fs::set_permissions(campaign.path(name), Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_run_its_questions_and_its_bills_go_through_with_a_password_that_nobody_sees() {
    let proxy = Proxy::start(vec![Way::Wants(BASIC.to_owned())]);
    let mut campaign = behind(&proxy, 20);
    put(
        &campaign,
        "secrets/proxy_auth",
        &format!("user:{PASSWORD}\n"),
    );
    campaign.set("gateway.proxy_auth_file", "\"secrets/proxy_auth\"");
    campaign.set("log.progress_seconds", "1");
    let silent = |ran: &Ran| {
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            !said.contains(PASSWORD) && !said.contains("dXNlcjpw"),
            "{said}"
        );
    };
    let total = campaign.total_fen();
    let total = format!("{}.{:02}", total / 100, total % 100);
    let run = ["--live", "--confirm-total", &total];
    let ran = campaign
        .start_at("run", &run, &[("HONGBAO_LOG", "trace")])
        .wait()
        .exits(0);
    silent(&ran);
    assert_eq!(campaign.books_agree().count("sent"), 20);
    let asked = proxy.asked();
    let gateway = campaign.wechat.base_url().replace("https://", "");
    assert!(!asked.is_empty());
    for head in &asked {
        assert!(
            head.starts_with(&format!("CONNECT {gateway} HTTP/1.1\r\n")),
            "{head}"
        );
        assert!(head.contains(BASIC), "{head}");
    }
    silent(&campaign.verb("reconcile", &[]));
    let before = proxy.asked().len();
    let date = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(72);
    let date = &date.to_string()[..10];
    let fetch = ["--no-queries", "--fetch-fund-flow", date];
    silent(&campaign.verb("reconcile", &fetch));
    assert!(proxy.asked().len() > before, "the bill came another way");
    for name in ["hongbao.db", "hongbao.db-wal", "lantern-report.csv"] {
        let bytes = fs::read(campaign.path(name)).unwrap_or_default();
        let has = bytes
            .windows(PASSWORD.len())
            .any(|it| it == PASSWORD.as_bytes());
        assert!(!has, "{name} has the password");
    }
    assert_eq!(doctor(&campaign, "proxy").0, "ok");
    assert_eq!(doctor(&campaign, "signature").0, "ok");
    put(&campaign, "secrets/proxy_auth", "user:wrong\n");
    let (result, found) = doctor(&campaign, "tcp");
    assert_eq!(result, "fail");
    assert!(
        found.contains("407") && found.contains("proxy_auth_file"),
        "{found}"
    );
    for text in ["no colon", ":", "", "a:b\nc:d"] {
        put(&campaign, "secrets/proxy_auth", text);
        let (result, found) = doctor(&campaign, "credentials");
        assert_eq!(result, "fail", "{text:?}: {found}");
        assert!(found.contains("proxy_auth"), "{found}");
    }
    put(&campaign, "secrets/proxy_auth", "user:b");
    let open = Permissions::from_mode(0o644);
    fs::set_permissions(campaign.path("secrets/proxy_auth"), open).unwrap();
    assert!(doctor(&campaign, "credentials").1.contains("chmod 600"));
}

#[test]
fn what_a_proxy_says_itself_is_no_answer_and_proves_that_nothing_was_sent() {
    for (way, says) in refusals() {
        let proxy = Proxy::start(vec![way.clone()]);
        let mut campaign = behind(&proxy, 3);
        campaign.set("retry.linger_seconds", "1");
        campaign.verb("load", &[]).exits(0);
        let ran = campaign.run();
        assert_ne!(ran.code, Some(0), "{way:?}");
        assert!(ran.stderr.contains(says), "{way:?}: {}", ran.stderr);
        assert_eq!(
            (campaign.wechat.sends(), campaign.wechat.queries()),
            (0, 0),
            "{way:?}"
        );
        assert_eq!(campaign.books_agree().count("ready"), 3, "{way:?}");
        let (result, found) = doctor(&campaign, "tcp");
        assert!(result == "fail" && found.contains(says), "{way:?}: {found}");
        proxy.change(vec![Way::Through]);
        campaign.run().exits(0);
        assert_eq!(campaign.books_agree().count("sent"), 3);
        assert_eq!(campaign.wechat.sends(), 3, "{way:?}: a packet was in doubt");
    }
}

/// The connections of a run fail one by one, in the middle of it, before their requests leave.
#[test]
fn a_proxy_that_lets_only_some_connections_through_costs_nobody_a_doubt() {
    let mut ways = Vec::new();
    for (way, _) in refusals().into_iter().take(9) {
        ways.extend([Way::Through, way]);
    }
    let proxy = Proxy::start(ways);
    let mut campaign = behind(&proxy, 60);
    campaign.set("retry.linger_seconds", "20");
    campaign.run().exits(0);
    let books = campaign.wechat.books();
    assert_eq!(campaign.books_agree().count("sent"), 60);
    assert_eq!(
        books.counters.sends, 60,
        "what was never sent was resent as a doubt"
    );
    assert!(
        proxy
            .asked()
            .iter()
            .all(|head| head.starts_with("CONNECT "))
    );
}

/// Bytes of a request have left through the tunnel: from then on it is doubt, as anywhere.
#[test]
fn a_tunnel_that_breaks_under_a_request_is_doubt_and_pays_nobody_twice() {
    // The handshake alone is about 1,800 bytes; a send has 1,000 more.
    for count in [900, 1_700, 2_300, 3_000, 3_600] {
        let proxy = Proxy::start(vec![Way::Through]);
        let mut campaign = behind(&proxy, 12);
        campaign.set("retry.linger_seconds", "2");
        proxy.change(vec![Way::CutsAfter(count)]);
        let first = campaign.run();
        proxy.change(vec![Way::Through]);
        let ran = campaign.run();
        assert_eq!(
            ran.code,
            Some(0),
            "{count}: {} {}",
            first.stderr,
            ran.stderr
        );
        assert_eq!(campaign.books_agree().count("sent"), 12, "{count}");
    }
}

#[test]
fn the_simulator_needs_no_proxy_and_says_so() {
    let proxy = Proxy::start(vec![Way::Silent]);
    let mut campaign = behind(&proxy, 2);
    campaign.set("gateway.mode", "\"simulator\"");
    campaign
        .verb("run", &[])
        .exits(0)
        .says(&["gateway.proxy", "is not used in simulator mode"]);
    assert!(proxy.asked().is_empty());
    let (result, found) = doctor(&campaign, "proxy");
    assert_eq!(result, "ok");
    assert!(found.contains("not used in simulator mode"), "{found}");
}

#[test]
fn a_proxy_with_a_password_in_it_is_refused_and_not_shown() {
    let mut campaign = Campaign::of(1);
    for (url, says) in [
        ("http://user:hunter22@proxy:3128", "gateway.proxy_auth_file"),
        ("https://proxy:3128", "http://host:port"),
        ("socks5://proxy:1080", "http://host:port"),
        ("proxy:3128", "http://host:port"),
        ("http://proxy", "http://host:port"),
    ] {
        campaign.set("gateway.proxy", &format!("{url:?}"));
        let ran = campaign.verb("plan", &[]).exits(7);
        let ran = ran.says(&["gateway.proxy", says]);
        assert!(!ran.stderr.contains("hunter22"), "{}", ran.stderr);
    }
    campaign.set("gateway.proxy", "\"\"");
    campaign.set("gateway.proxy_auth_file", "\"secrets/proxy_auth\"");
    let ran = campaign.verb("plan", &[]);
    assert_eq!(ran.code, Some(7), "{}", ran.stderr);
}

/// Programs of the same machine may use it; money goes the way that the campaign file says.
#[test]
fn no_proxy_of_the_environment_is_used_and_an_unreachable_gateway_says_so() {
    let proxy = Proxy::start(vec![Way::Through]);
    let mut campaign = Campaign::of(2);
    let url = proxy.url();
    let variables = [
        ("HTTPS_PROXY", url.as_str()),
        ("https_proxy", url.as_str()),
        ("HTTP_PROXY", url.as_str()),
        ("ALL_PROXY", url.as_str()),
    ];
    let total = campaign.total_fen();
    let total = format!("{}.{:02}", total / 100, total % 100);
    let run = ["--live", "--confirm-total", &total];
    campaign.start_at("run", &run, &variables).wait().exits(0);
    assert!(proxy.asked().is_empty(), "{:?}", proxy.asked());
    campaign.set("gateway.base_url", "\"https://127.0.0.1:1\"");
    campaign.set("retry.linger_seconds", "1");
    campaign.owe(crate::support::rows(3));
    campaign.set("campaign.id", "\"second\"");
    let total = campaign.total_fen();
    let total = format!("{}.{:02}", total / 100, total % 100);
    let run = [
        "--live",
        "--pay-again",
        "lantern",
        "--confirm-total",
        &total,
    ];
    let ran = campaign.start_at("run", &run, &variables).wait();
    assert!(ran.stderr.contains("HTTPS_PROXY"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`proxy` under [gateway]"),
        "{}",
        ran.stderr
    );
}

/// Time mends no password: a person must.
#[test]
fn a_proxy_that_does_not_let_us_through_halts_and_is_not_waited_for() {
    for (status, says) in [
        (
            "407 Proxy Authentication Required",
            [
                "HTTP status 407, 3 answers in a row",
                "gateway.proxy_auth_file",
            ],
        ),
        (
            "403 Forbidden",
            [
                "HTTP status 403, 3 answers in a row",
                "have the proxy let this machine CONNECT",
            ],
        ),
    ] {
        let proxy = Proxy::start(vec![refuses(status)]);
        let mut campaign = behind(&proxy, 3);
        campaign.set("retry.linger_seconds", "300");
        let ran = campaign.run().exits(7).says(&says);
        assert_eq!(proxy.asked().len(), 3);
        ran.says(&["the proxy (gateway.proxy) does not let this machine through"]);
        proxy.change(vec![Way::Through]);
        campaign.run().exits(0);
        assert_eq!(campaign.books_agree().count("sent"), 3);
    }
}
