//! The sample page and its backend: what they check, and that people get only their own.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::support::{Campaign, openid, program, until};

fn sample(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/mini-program");
    PathBuf::from(folder).join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(sample(name)).unwrap()
}

/// Whether the samples can be run here: their language is not this project's.
fn has_node() -> bool {
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    let major = version
        .ok()
        .and_then(|it| it.strip_prefix('v')?.split('.').next()?.parse().ok());
    major.is_some_and(|major: u32| major >= 18)
}

#[test]
fn the_samples_are_short_and_log_nothing() {
    for (name, most) in [("page.js", 65), ("server.js", 55)] {
        let text = text(name);
        assert!(text.lines().count() <= most, "{name}");
        for word in ["console", "process.std", "writeFile", "appendFile"] {
            assert!(!text.contains(word), "{name} has {word}");
        }
    }
    let server = text("server.js");
    // Of the request its path, its method and the code alone.
    assert_eq!(server.matches("request.").count(), 2);
    assert_eq!(server.matches("JSON.parse(text).code").count(), 1);
    assert!(!server.contains("exec(") && !server.contains("shell:"));
}

/// What the page does in a launch from `scene` with these claims: the calls, in order.
fn page(launch: &str, has_api: bool, claims: &str) -> Vec<String> {
    let stage = format!(
        "const calls = []
         let page
         const Page = (it) => {{
           page = it
           page.setData = (data) => Object.assign(page.data, data)
         }}
         const wx = {{
           getEnterOptionsSync: () => ({launch}),
           showModal: (it) => calls.push('say ' + it.content),
           login: (it) => {{ calls.push('login'); it.success({{ code: 'c1' }}) }},
           request: (it) => {{
             calls.push('ask ' + JSON.stringify(it.data))
             it.success({{ statusCode: 200, data: {claims} }})
           }},
         }}
         if ({has_api}) wx.sendBizRedPacket = (it) => {{
           calls.push('open ' + typeof it.timeStamp + ' ' + it.package)
           it.success()
         }}
         {}
         page.tap().then(() => process.stdout.write(calls.join('\\n')))",
        text("page.js")
    );
    let ran = Command::new("node").args(["-e", &stage]).output().unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let told = String::from_utf8(ran.stdout).unwrap();
    told.lines().map(str::to_owned).collect()
}

#[test]
fn the_page_checks_scene_library_and_age_before_it_asks_or_opens() {
    if !has_node() {
        return;
    }
    let claim = |package: &str, end: &str| {
        format!("{{ timeStamp: 1414561699, package: '{package}', expires_at: '{end}' }}")
    };
    let (old, soon, late) = (
        claim("old", "2020-01-01T00:00:00+08:00"),
        claim("soon", "2990-01-01T00:00:00+08:00"),
        claim("late", "2990-01-02T00:00:00+08:00"),
    );
    let claims = format!("[{late}, {old}, {soon}]");
    for scene in [1011, 1025, 1047, 1124] {
        let calls = page(&format!("{{ scene: {scene} }}"), true, &claims);
        assert_eq!(
            calls,
            ["login", "ask {\"code\":\"c1\"}", "open string soon"]
        );
    }
    for scene in [1001, 1017, 1089, 1101] {
        let calls = page(&format!("{{ scene: {scene} }}"), true, &claims);
        assert!(calls.len() == 1 && calls[0].contains("扫描"), "{calls:?}");
    }
    let calls = page("{ scene: 1011 }", false, &claims);
    assert!(calls.len() == 1 && calls[0].contains("升级"), "{calls:?}");
    let calls = page(
        "{ scene: 1011, query: { until: '1414561699' } }",
        true,
        &claims,
    );
    assert!(
        calls.len() == 1 && calls[0].contains("24 小时"),
        "{calls:?}"
    );
    let calls = page("{ scene: 1011 }", true, &format!("[{old}]"));
    assert!(
        calls.len() == 3 && calls[2].contains("24 小时"),
        "{calls:?}"
    );
}

/// WeChat's word about a code: here the openid is the code itself.
fn sessions() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            let code = line.split("js_code=").nth(1).unwrap();
            let code = code.split(['&', ' ']).next().unwrap();
            let body = if code == "stale" {
                "{\"errcode\":40029}".to_owned()
            } else {
                format!("{{\"openid\":\"{code}\",\"session_key\":\"s\"}}")
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    port
}

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(campaign: &Campaign) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        campaign.write("app_secret", "app-secret\n");
        let session = format!("http://127.0.0.1:{}/sns/jscode2session", sessions());
        let file = |name: &str| fs::File::create(campaign.path(name)).unwrap();
        let child = Command::new("node")
            .arg(sample("server.js"))
            .env("APPID", "wx8888888888888888")
            .env("APP_SECRET_FILE", campaign.path("app_secret"))
            .env("CAMPAIGN", campaign.path("campaign.toml"))
            .env("HONGBAO", program())
            .env("CODE2SESSION", session)
            .env("PORT", port.to_string())
            .stdout(Stdio::from(file("server.out")))
            .stderr(Stdio::from(file("server.err")))
            .spawn()
            .unwrap();
        let server = Server { child, port };
        until("it listens", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        server
    }

    /// Status and body.
    fn post(&self, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let head = format!(
            "POST /claims HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}"
        );
        stream
            .write_all(format!("{head}\r\n\r\n{body}").as_bytes())
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        let (from, to) = (body.find('[').unwrap(), body.rfind(']').unwrap());
        (status, serde_json::from_str(&body[from..=to]).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_backend_hands_out_only_the_callers_own_and_not_often() {
    if !has_node() {
        return;
    }
    let campaign = Campaign::of(0);
    // The first one's row key is the second one's openid.
    let (one, two) = (openid(1), openid(2));
    let list = format!("row_key,openid,amount_fen\n{two},{one},100\nk2,{two},200\n");
    campaign.write("recipients.csv", list);
    let flags = ["--live", "--confirm-total", "3.00"];
    campaign.verb("run", &flags).exits(0);
    let server = Server::start(&campaign);
    let code = |code: &str| format!("{{\"code\":\"{code}\"}}");
    let (status, claims) = server.post(&code(&two));
    assert_eq!(
        (status, claims.as_array().unwrap().len()),
        (200, 1),
        "{claims}"
    );
    assert_eq!(claims[0]["openid"], two.as_str());
    assert!(claims[0]["paySign"].is_string());
    // An openid that is only claimed is not looked at.
    let told = format!("{{\"code\":\"{one}\",\"openid\":\"{two}\"}}");
    assert_eq!(server.post(&told).1[0]["openid"], one.as_str());
    let nobody = Value::from(Vec::<Value>::new());
    assert_eq!(
        server.post(&code("oNobodyOfTheList")),
        (200, nobody.clone())
    );
    assert_eq!(server.post(&code("stale")), (401, nobody.clone()));
    assert_eq!(server.post(&code("--all")), (401, nobody.clone()));
    assert_eq!(server.post("{"), (500, nobody.clone()));
    assert_eq!(server.post(&code(&"x".repeat(2000))), (500, nobody));
    let statuses: Vec<u16> = (0..7).map(|_| server.post(&code(&two)).0).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(
        server.post(&code(&one)).0,
        200,
        "others are not kept waiting"
    );
    for name in ["server.out", "server.err"] {
        assert_eq!(
            fs::read_to_string(campaign.path(name)).unwrap(),
            "",
            "{name}"
        );
    }
}
