//! Downloads from a server that gives anything but a whole bill.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use super::paper::Paper;
use crate::support::{Campaign, Ran};
use crate::wire::pki::Pki;

/// What it answers, and what it was asked.
#[derive(Default)]
struct Script {
    answer: Vec<u8>,
    is_endless: bool,
    /// Says no more after that, and keeps the connection.
    is_mute: bool,
    asked: Vec<String>,
}

struct Hostile {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    _runtime: Runtime,
}

impl Hostile {
    fn start() -> Hostile {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        runtime.spawn(accept(listener, Arc::clone(&script)));
        Hostile {
            address,
            script,
            _runtime: runtime,
        }
    }

    fn answers(&self, answer: Vec<u8>) {
        let mut script = self.script.lock().unwrap();
        script.answer = answer;
        script.asked.clear();
    }
}

async fn accept(listener: TcpListener, script: Arc<Mutex<Script>>) {
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        let acceptor = TlsAcceptor::from(Arc::clone(&Pki::shared().good));
        let Ok(mut tls) = acceptor.accept(tcp).await else {
            continue;
        };
        let mut request = Vec::new();
        while !request.windows(6).any(|six| six == b"</xml>") {
            if tls.read_buf(&mut request).await.unwrap_or(0) == 0 {
                break;
            }
        }
        let (answer, is_endless, is_mute) = {
            let mut script = script.lock().unwrap();
            script
                .asked
                .push(String::from_utf8_lossy(&request).into_owned());
            (script.answer.clone(), script.is_endless, script.is_mute)
        };
        let _ = tls.write_all(&answer).await;
        while is_endless && tls.write_all(&[b'x'; 4096]).await.is_ok() {}
        if is_mute {
            let mut rest = [0; 64];
            while tls.read(&mut rest).await.unwrap_or(0) > 0 {}
        }
        let _ = tls.shutdown().await;
    }
}

fn http(status: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{head}\r\n");
    [head.as_bytes(), body].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn fail(code: &str) -> Vec<u8> {
    let body = format!(
        "<xml><return_code>SUCCESS</return_code><return_msg>OK</return_msg><result_code>FAIL\
         </result_code><err_code>{code}</err_code><err_code_des>x</err_code_des></xml>"
    );
    http("200 OK", "", body.as_bytes())
}

/// A campaign whose bills come from there.
fn against(server: &Hostile) -> Campaign {
    let mut campaign = Campaign::of(3);
    campaign.run().exits(0);
    Pki::shared().write(
        &campaign.path("secrets"),
        "192006250b4c09247ec02edce69f6a2d",
    );
    let url = format!("\"https://{}\"", server.address);
    campaign.set("gateway.base_url", &url);
    campaign
}

fn yesterday() -> String {
    let at = jiff::Timestamp::now().as_millisecond() + 8 * 3_600_000 - 86_400_000;
    let at = jiff::Timestamp::from_millisecond(at).unwrap();
    at.strftime("%Y-%m-%d").to_string()
}

fn fetch(campaign: &Campaign, date: &str, rest: &[&str]) -> Ran {
    let args = [
        "--no-queries",
        "--json",
        "--fetch-fund-flow",
        date,
        "--account",
        "basic",
    ];
    campaign.verb("reconcile", &[&args[..], rest].concat())
}

#[test]
fn nothing_but_a_whole_bill_is_taken_from_a_server() {
    let server = Hostile::start();
    let campaign = against(&server);
    let mut paper = Paper::default();
    paper.out("1", "2", 100);
    let of_today = paper.text();
    paper.rows[0].at_ms = 1_767_585_600_000;
    let text = paper.text();
    let packed = gzip(text.as_bytes());
    let wrong = format!("Digest: SHA={}\r\n", "0".repeat(40));
    let page = b"<!DOCTYPE html><html><body>log in</body></html>";
    // Rows without end, a few thousand times smaller than they are.
    let row = text.split_inclusive("\r\n").nth(1).unwrap();
    let bomb = [
        text.split_inclusive("\r\n").next().unwrap(),
        &"`".repeat(32 << 20),
    ]
    .concat();
    let long_before = "2026-01-05";
    for (what, answer, code, says) in [
        ("plain", http("200 OK", "", text.as_bytes()), 0, "1 row"),
        ("packed", http("200 OK", "", &packed), 0, "1 row"),
        (
            "another day's",
            http("200 OK", "", of_today.as_bytes()),
            6,
            "not of the day that was asked for",
        ),
        ("wrong digest", http("200 OK", &wrong, &packed), 6, "Digest"),
        (
            "cut",
            http("200 OK", "", &packed[..packed.len() - 12]),
            6,
            "gzip",
        ),
        (
            "cut text",
            http("200 OK", "", row.as_bytes()),
            6,
            "no fund-flow bill",
        ),
        (
            "half",
            http("200 OK", "", &packed)[..200].to_vec(),
            5,
            "again",
        ),
        (
            "bomb",
            http("200 OK", "", &gzip(bomb.as_bytes())),
            6,
            "line 2",
        ),
        ("page", http("200 OK", "", page), 6, "web page"),
        ("nothing", http("200 OK", "", b""), 6, "web page"),
        ("502", http("502 Bad Gateway", "", page), 5, "HTTP 502"),
        ("403", http("403 Forbidden", "", page), 7, "HTTP 403"),
        (
            "moved",
            http("302 Found", "Location: https://127.0.0.1:1/\r\n", b""),
            7,
            "HTTP 302",
        ),
        ("none", fail("NO_BILL_EXIST"), 0, "no movement"),
        ("creating", fail("BILL_CREATING"), 5, "nine o'clock"),
        ("system", fail("SYSTEMERROR"), 5, "SYSTEMERROR"),
        ("sign", fail("SIGN_ERROR"), 7, "SIGN_ERROR"),
        ("garbage", b"\x16\x03\x01nonsense".to_vec(), 5, "again"),
    ] {
        server.answers(answer);
        let ran = fetch(&campaign, long_before, &[]);
        assert_eq!(
            ran.code,
            Some(code),
            "{what}: {}\n{}",
            ran.stderr,
            ran.stdout
        );
        assert!(ran.stderr.contains(says), "{what}: {}", ran.stderr);
        let asked = &server.script.lock().unwrap().asked;
        assert_eq!(asked.len(), 1, "{what}: one request, no redirect, no retry");
        assert!(asked[0].starts_with("POST /pay/downloadfundflow HTTP/1.1\r\n"));
        assert!(
            asked[0].contains("<bill_date><![CDATA[20260105]]>"),
            "{}",
            asked[0]
        );
        assert!(
            asked[0].contains("<account_type><![CDATA[Basic]]>"),
            "{}",
            asked[0]
        );
        assert!(!asked[0].contains("192006250b4c09247ec02edce69f6a2d"));
    }
}

#[test]
fn a_day_without_a_bill_is_empty_only_after_ten_of_the_next() {
    let server = Hostile::start();
    let campaign = against(&server);
    server.answers(fail("NO_BILL_EXIST"));
    let now = jiff::Timestamp::now().as_millisecond() + 8 * 3_600_000;
    let is_made = now.rem_euclid(86_400_000) >= 10 * 3_600_000;
    let code = if is_made { 0 } else { 5 };
    fetch(&campaign, &yesterday(), &[]).exits(code);
}

#[test]
fn a_bill_that_is_late_is_asked_for_again_at_a_time_that_is_to_come() {
    let server = Hostile::start();
    let campaign = against(&server);
    server.answers(fail("BILL_CREATING"));
    let ran = fetch(&campaign, "2026-01-05", &[]).exits(5);
    let (_, rest) = ran.stderr.split_once("again after ").unwrap();
    let (told, _) = rest.split_once(" (Beijing)").unwrap();
    let told = format!("{}+08:00", told.replace(' ', "T"));
    let told: jiff::Timestamp = told.parse().unwrap();
    assert!(told > jiff::Timestamp::now(), "{}", ran.stderr);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let next = document["error"]["next"].as_str().unwrap();
    let flags = " --fetch-fund-flow 2026-01-05 --account basic --no-queries";
    assert!(next.ends_with(flags), "{next}");
}

#[test]
fn a_server_that_never_ends_is_left() {
    let server = Hostile::start();
    let campaign = against(&server);
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<xml>".to_vec();
    server.script.lock().unwrap().is_endless = true;
    server.answers(head);
    fetch(&campaign, "2026-01-05", &[])
        .exits(6)
        .says(&["more came"]);
}

#[test]
fn a_server_that_falls_silent_is_left_after_the_time_limit() {
    let server = Hostile::start();
    let campaign = against(&server);
    server.script.lock().unwrap().is_mute = true;
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n\x1F\x8B".to_vec();
    for answer in [Vec::new(), begun] {
        server.answers(answer);
        let start = std::time::Instant::now();
        let ran = fetch(&campaign, "2026-01-05", &[]);
        assert_eq!(ran.code, Some(5), "{}", ran.stderr);
        assert!(ran.stderr.contains("again later"), "{}", ran.stderr);
        // Two seconds are the setting; the rest is a busy machine.
        assert!(start.elapsed().as_secs() < 60);
    }
}

#[test]
fn proxies_of_the_environment_are_not_asked() {
    let server = Hostile::start();
    let campaign = against(&server);
    server.answers(fail("NO_BILL_EXIST"));
    let args = ["--no-queries", "--fetch-fund-flow", "2026-01-05"];
    let proxies = [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTP_PROXY",
    ];
    let proxies = proxies.map(|name| (name, "http://127.0.0.1:1"));
    campaign
        .start_at("reconcile", &args, &proxies)
        .wait()
        .exits(0);
    // Both accounts.
    assert_eq!(server.script.lock().unwrap().asked.len(), 2);
}
