//! How runs end: with the exit code, the codes of refusals and the command to type next; and what
//! a person reads while a run waits, or after it halted.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod gateway;

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use hongbao::simulator::{FaultName, Settings};
use serde_json::json;

use self::gateway::{Gateway, Say, bound};
use crate::support::{Campaign, Ran, for_each_at_once, openid, total_yuan, until};
use crate::wire::pki::Pki;

/// A campaign whose gateway is another one than the simulator.
fn campaign_at(count: usize, base_url: &str) -> Campaign {
    let mut campaign = Campaign::of(count);
    Pki::shared().write(&campaign.path("secrets"), &"k".repeat(32));
    campaign.set("gateway.base_url", &format!("{base_url:?}"));
    campaign
}

fn https(address: std::net::SocketAddr) -> String {
    format!("https://{address}")
}

/// Where nobody listens as long as the process lives.
fn closed_port() -> String {
    let socket = bound(([127, 0, 0, 1], 0).into());
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    https(address)
}

#[test]
fn a_gateway_that_no_request_reaches_ends_a_run_with_10_within_half_a_minute() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let deaf = Gateway::start(|_, _| Say::Nothing);
    let cases = [
        (closed_port(), "no connection"),
        (https(silent.local_addr().unwrap()), "TLS handshake failed"),
        (https(deaf.address), "no answer within the time limit"),
        ("https://no-such-host.invalid".to_owned(), "not resolved"),
    ];
    for_each_at_once(cases, |(base_url, why)| {
        let mut campaign = campaign_at(3, &base_url);
        campaign.set("retry.linger_seconds", "120");
        campaign.set("gateway.request_timeout_ms", "60000");
        campaign.verb("load", &[]).exits(0);
        let start = Instant::now();
        let run = campaign.start_run();
        // One that takes the request and never answers has failed when it is given up.
        if !why.starts_with("no answer within") {
            until("the first failure is told", || {
                let first = format!("no answer from {base_url} yet: ");
                let said = run.said("stderr");
                said.contains(&first) && said.contains("trying again, for ")
            });
            assert!(start.elapsed() < Duration::from_secs(15), "{why}");
        }
        let ran = run.wait().exits(10);
        assert!(start.elapsed() < Duration::from_secs(30), "{why}");
        ran.says(&[
            "asking WeChat Pay about 3 numbers before anything is sent",
            why,
            "stopped before any packet was sent",
            "next: hongbao run",
        ]);
        assert_eq!(campaign.count("ready"), 3, "{why}");
    });
}

#[test]
fn the_other_verbs_that_ask_end_with_10_too_and_doubt_is_graver() {
    let mut campaign = Campaign::of(2);
    campaign.run().exits(0);
    let url = campaign.wechat.base_url();
    campaign.set("gateway.base_url", &format!("{:?}", closed_port()));
    campaign
        .verb("reconcile", &[])
        .exits(10)
        .says(&["no answer from ", "cannot be reached"]);
    campaign.set("gateway.base_url", &format!("{url:?}"));
    campaign.verb("reconcile", &[]).exits(0);

    // The first send is cut off: it may have been paid.
    let gateway = Gateway::start(|is_send, _| if is_send { Say::Gone } else { Say::NotFound });
    let mut campaign = campaign_at(1, &https(gateway.address));
    campaign.set("retry.linger_seconds", "2");
    campaign.run().exits(4);
    assert_eq!(campaign.count("in_doubt"), 1);
    campaign.run().exits(4).says(&["gave no usable answer"]);
    campaign.verb("reconcile", &[]).exits(4);
}

#[test]
fn an_outage_of_a_small_campaign_is_waited_out_and_ends_with_10() {
    // The last answer of the first questions, and then nobody listens any more.
    let gateway = Gateway::start(|is_send, before| match (is_send, before) {
        (false, 0) => Say::NotFound,
        (false, _) => Say::NotFoundAndGone,
        (true, _) => Say::Gone,
    });
    let mut campaign = campaign_at(2, &https(gateway.address));
    campaign.set("retry.linger_seconds", "6");
    let start = Instant::now();
    let ran = campaign.run().exits(10);
    assert!(start.elapsed() >= Duration::from_secs(5), "{}", ran.stderr);
    ran.says(&[
        "gives no usable answer any more",
        "retry.linger_seconds",
        "waiting for ",
        "next: hongbao run",
    ]);
    assert_eq!(campaign.count("ready"), 2);
}

#[test]
fn a_run_that_lingers_says_for_what_and_until_when() {
    let settings = Settings {
        processing_seconds: 5,
        scripted: [(openid(0), "PROCESSING".to_owned())].into(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(1, settings);
    campaign.set("retry.linger_seconds", "20");
    campaign.set("retry.processing_query_after_seconds", "6");
    let ran = campaign.run();
    ran.says(&["waiting: 0 in doubt, 1 processing, 0 to be sent; next request at 20"]);
}

/// Ten packets, of which three are refused by two codes.
fn some_refused() -> Campaign {
    let codes = ["OPENID_ERROR", "MONEY_LIMIT", "OPENID_ERROR"];
    let refused = [3, 5, 7].map(openid).into_iter();
    let settings = Settings {
        scripted: refused.zip(codes.map(str::to_owned)).collect(),
        ..Settings::default()
    };
    Campaign::with(10, settings)
}

#[test]
fn refusals_are_told_by_code_with_the_commands_that_lead_on() {
    let campaign = some_refused();
    let next = [
        "next: hongbao explain OPENID_ERROR\n",
        "or: hongbao reissue ",
        " --code OPENID_ERROR --export FILE\n",
        "or: hongbao report ",
        " --state refused\n",
    ];
    let ran = campaign.run().exits(3).says(&next);
    let has_codes = |text: &str| text.contains("OPENID_ERROR 2, MONEY_LIMIT 1");
    assert!(has_codes(&ran.stderr), "{}", ran.stderr);
    let status = campaign.verb("status", &[]).exits(0).says(&next);
    assert!(has_codes(&status.stdout), "{}", status.stdout);
    let status = campaign.status();
    let fen = |rows: &[usize]| rows.iter().map(|row| campaign.owed[*row].1).sum::<u64>();
    assert_eq!(
        status["refused"],
        json!([
            { "code": "OPENID_ERROR", "count": 2, "fen": fen(&[3, 7]) },
            { "code": "MONEY_LIMIT", "count": 1, "fen": fen(&[5]) },
        ])
    );
    assert_eq!(status["next"], "hongbao explain OPENID_ERROR");
    let zh = campaign.verb("status", &["--lang", "zh"]).exits(0);
    zh.says(&[
        "下一步：hongbao explain OPENID_ERROR",
        "或者：hongbao report",
    ]);
}

/// Its last error is PROCESSING, which says that nothing need be done.
#[test]
fn a_packet_that_failed_after_a_code_that_refuses_nobody_is_not_told_by_that_code() {
    let failed = [(openid(1), [FaultName::ProcessingFailed].into())];
    let settings = Settings {
        processing_seconds: 0,
        scripted_faults: failed.into(),
        ..Settings::default()
    };
    let mut campaign = Campaign::with(3, settings);
    campaign.set("retry.processing_query_after_seconds", "1");
    campaign
        .run()
        .exits(3)
        .says(&["PROCESSING 1", "next: hongbao explain refused\n"]);
    assert_eq!(campaign.status()["next"], "hongbao explain refused");
    let list = campaign.verb("report", &["--format", "failed"]).exits(0);
    let reason = "proven unpaid later · `hongbao show` tells how";
    assert!(list.stdout.contains(reason), "{}", list.stdout);
    assert!(!list.stdout.contains("twenty minutes"), "{}", list.stdout);
}

#[test]
fn what_is_all_settled_has_no_next_command() {
    let mut settings = Settings::default();
    settings.claims.claimed_percent = 100;
    settings.claims.earliest_ms = 0;
    settings.claims.latest_ms = 1;
    let campaign = Campaign::with(3, settings);
    let settled = |ran: &Ran| {
        let said = format!("{}{}", ran.stderr, ran.stdout);
        assert!(!said.contains("next: "), "{said}");
    };
    campaign.run().exits(0).says(&["next: hongbao reconcile"]);
    settled(&campaign.verb("reconcile", &[]).exits(0));
    assert_eq!(campaign.count("received"), 3);
    settled(&campaign.run().exits(0));
    settled(&campaign.verb("status", &[]).exits(0));
    assert!(campaign.status()["next"].is_null());
}

/// The remedy of a halt after this answer to every send, as the run says it, and the next run, and
/// `status`.
#[track_caller]
fn remedy(answer: &str, packets: usize) -> String {
    let answer = answer.to_owned();
    let gateway = Gateway::start(move |is_send, _| {
        if is_send {
            Say::This(answer.clone())
        } else {
            Say::NotFound
        }
    });
    let campaign = campaign_at(packets, &https(gateway.address));
    let ran = campaign.run().exits(11);
    let line = ran.stderr.lines().find(|line| line.contains("remedy: "));
    let line = line.unwrap_or_else(|| panic!("no remedy in {}", ran.stderr));
    let remedy = line.trim_start().trim_start_matches("remedy: ").to_owned();
    campaign.run().exits(11).says(&["halted since", &remedy]);
    let status = campaign.verb("status", &[]).exits(0);
    assert!(status.stdout.contains(&remedy), "{}", status.stdout);
    status.says(&["next: hongbao unpause"]);
    remedy
}

fn case(name: &str) -> String {
    let file = format!("tests/cases/34-halt-remedies/{name}");
    fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn refusal(code: &str, told: &str) -> String {
    format!(
        "<xml><return_code>SUCCESS</return_code><return_msg>{told}</return_msg>\
         <result_code>FAIL</result_code><err_code>{code}</err_code>\
         <err_code_des>{told}</err_code_des></xml>"
    )
}

#[test]
fn a_halt_has_the_remedy_that_its_text_asks_for_and_keeps_it() {
    let fail = |told: &str| {
        format!("<xml><return_code>FAIL</return_code><return_msg>{told}</return_msg></xml>")
    };
    let cases = [
        (case("no-product.xml"), vec!["产品中心", "现金红包"]),
        (
            case("mchid-appid.xml"),
            vec!["AppID账号管理", "merchant.mch_id", "merchant.wxappid"],
        ),
        (
            refusal("NO_AUTH", "IP地址非你在商户平台设置的可用IP地址"),
            vec!["IP list", "产品设置"],
        ),
        (
            refusal("PARAM_ERROR", "该场景未开通，请确认"),
            vec!["scene_id", "产品设置"],
        ),
        (
            refusal("NOTENOUGH", "您的运营账户余额不足"),
            vec!["operation account", "运营账户"],
        ),
        (
            refusal("SIGN_ERROR", "签名错误"),
            vec!["API 安全", "api_key_file"],
        ),
        (fail("appid和mch_id不匹配"), vec!["AppID账号管理"]),
        (fail("系统繁忙"), vec!["merchant.mch_id", "API key"]),
    ];
    for_each_at_once(cases, |(answer, named)| {
        let remedy = remedy(&answer, 12);
        for name in named {
            assert!(remedy.contains(name), "{answer}: {remedy}");
        }
    });
}

/// Somebody with a SQL shell took a packet out: that nothing is due is not the end of the campaign.
#[test]
fn a_packet_that_is_counted_and_gone_is_damage() {
    let campaign = Campaign::of(4);
    let total = total_yuan(campaign.total_fen());
    let some = ["--live", "--confirm-total", &total, "--max-rows", "2"];
    campaign.verb("run", &some).exits(5);
    let ledger = rusqlite::Connection::open(campaign.path("hongbao.db")).unwrap();
    ledger
        .execute("DELETE FROM bill WHERE bill = 4", [])
        .unwrap();
    drop(ledger);
    campaign.run().exits(5);
    let told = ["1, and none has a row", "hongbao audit"];
    campaign.run().exits(11).says(&told);
    let audit = campaign.verb("audit", &[]);
    assert!(
        audit.stdout.contains("its packets differ"),
        "{}",
        audit.stdout
    );
    assert_eq!(campaign.wechat.sends(), 3);
}
