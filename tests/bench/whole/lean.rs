//! A gateway that costs less CPU a request than the leanest client: it reads, finds three fields,
//! answers, and remembers the numbers. No fault, no rule, no disk.
//!
//! The built-in simulator judges every field and keeps books; beside it a fast client waits for
//! the gateway, and whatever the client wastes meanwhile is hidden.

use std::fs::{self, Permissions};
use std::io::{self, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hongbao::simulator::CREDENTIALS;
use hongbao::wechat::redpack;
use memchr::{memchr, memmem};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::bare::length;
use super::place::Side;
use super::vitals;

/// A running gateway; ends when dropped.
pub(crate) struct Lean {
    _dir: TempDir,
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
    /// Where it listens, and what it takes to be let in.
    pub(crate) side: Side,
}

impl Lean {
    /// Starts one as a process of its own, which computes so many microseconds more for a request.
    pub(crate) fn start(dir: &Path, work: u32) -> Lean {
        let dir = tempfile::tempdir_in(dir).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("lean").arg(dir.path()).arg(work.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let asks = child.stdin.take().unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let side = Side {
            base_url: line(&mut says),
            secrets: dir.path().to_owned(),
        };
        Lean {
            _dir: dir,
            child,
            asks,
            says,
            side,
        }
    }

    /// How many sends came, and how many numbers they had.
    pub(crate) fn sends(&mut self) -> (u64, u64) {
        self.asks.write_all(b"\n").unwrap();
        let text = line(&mut self.says);
        let (sends, numbers) = text.split_once(' ').unwrap();
        (sends.parse().unwrap(), numbers.parse().unwrap())
    }

    /// The CPU time it used so far, in seconds; `None` where there is no `/proc`.
    pub(crate) fn cpu(&self) -> Option<f64> {
        vitals::cpu(self.child.id())
    }
}

impl Drop for Lean {
    fn drop(&mut self) {
        // It may be over already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(says: &mut impl io::BufRead) -> String {
    let mut line = String::new();
    says.read_line(&mut line).unwrap();
    assert!(line.ends_with('\n'), "the lean gateway ended");
    line.trim_end().to_owned()
}

/// What all its connections share: the numbers of all sends, one behind the other. They are counted
/// when somebody asks.
#[derive(Default)]
struct Seen(Vec<u8>);

/// Bytes of a number.
const NUMBER: usize = 28;

impl Seen {
    /// How many sends came, and how many numbers they had.
    fn count(&self) -> (usize, usize) {
        let (numbers, _) = self.0.as_chunks::<NUMBER>();
        let mut numbers = numbers.to_vec();
        let sends = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        (sends, numbers.len())
    }
}

/// The process: `DIR WORK`. It writes its credentials there and tells its address; for each line
/// that it is told, it says what it saw. One thread: two would wake each other for each request.
/// One that computes has a thread for each core, as a service has.
pub(crate) fn main(words: &[String]) -> ExitCode {
    let [dir, work] = words else {
        return ExitCode::FAILURE;
    };
    let work = Duration::from_micros(work.parse().unwrap());
    let acceptor = TlsAcceptor::from(Arc::new(credentials(&PathBuf::from(dir))));
    let seen = Arc::new(Mutex::new(Seen::default()));
    let told = Arc::clone(&seen);
    std::thread::spawn(move || {
        for _ in io::stdin().lines().map_while(Result::ok) {
            let (sends, numbers) = told.lock().unwrap().count();
            println!("{sends} {numbers}");
        }
    });
    let mut runtime = if work.is_zero() {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let runtime = runtime.enable_io().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("https://{}", listener.local_addr().unwrap());
        while let Ok((tcp, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
            // A client that leaves in the middle of a request is no fault of this side.
            tokio::spawn(async move { drop(converse(tcp, &acceptor, &seen, work).await) });
        }
    });
    ExitCode::SUCCESS
}

/// Makes an authority and two certificates, and writes what a client needs.
fn credentials(dir: &Path) -> ServerConfig {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let leaf = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let (params, key) = (CertificateParams::new(names), KeyPair::generate().unwrap());
        (params.unwrap().signed_by(&key, &ca).unwrap(), key)
    };
    let (client, client_key) = leaf(&[]);
    let texts = [
        ca.pem(),
        client.pem(),
        client_key.serialize_pem(),
        "192006250b4c09247ec02edce69f6a2d".to_owned(),
    ];
    for (name, text) in CREDENTIALS.iter().zip(texts) {
        let path = dir.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }
    let (server, server_key) = leaf(&["localhost", "127.0.0.1"]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(ca.der().clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let key = PrivatePkcs8KeyDer::from(server_key.serialize_der());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![server.der().clone()], key.into())
        .unwrap()
}

async fn converse(
    tcp: TcpStream,
    acceptor: &TlsAcceptor,
    seen: &Mutex<Seen>,
    work: Duration,
) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let mut stream = acceptor.accept(tcp).await?;
    let mut bytes = Vec::with_capacity(4096);
    let mut told = Vec::with_capacity(4096);
    loop {
        let whole = loop {
            if let Some(whole) = length(&bytes)
                && bytes.len() >= whole
            {
                break whole;
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        told.clear();
        let begun = Instant::now();
        answer(&bytes[..whole], seen, &mut told);
        while begun.elapsed() < work {
            std::hint::spin_loop();
        }
        bytes.drain(..whole);
        stream.write_all(&told).await?;
        stream.flush().await?;
    }
}

/// A send is paid. A question finds no order: nobody asks about what was sent here.
fn answer(request: &[u8], seen: &Mutex<Seen>, into: &mut Vec<u8>) {
    let number = field(request, "mch_billno");
    let is_send = request[5..].starts_with(redpack::PATH.as_bytes());
    let head = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n")
    };
    if is_send {
        assert_eq!(number.len(), NUMBER, "of a number of this bench");
        seen.lock().unwrap().0.extend_from_slice(number);
        let [openid, amount] = ["re_openid", "total_amount"].map(|name| field(request, name));
        let parts = [PAID[0], text(number), PAID[1], text(openid), PAID[2]];
        let more = [text(amount), PAID[3], text(number), PAID[4]];
        let parts = parts.iter().chain(&more);
        let length = parts.clone().map(|part| part.len()).sum();
        into.extend_from_slice(head(length).as_bytes());
        parts.for_each(|part| into.extend_from_slice(part.as_bytes()));
        return;
    }
    let number = text(number);
    let body = format!(
        "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
         <result_code><![CDATA[FAIL]]></result_code>\
         <err_code><![CDATA[NOT_FOUND]]></err_code>\
         <err_code_des><![CDATA[指定单号数据不存在]]></err_code_des>\
         <mch_billno><![CDATA[{number}]]></mch_billno></xml>"
    );
    into.extend_from_slice(head(body.len()).as_bytes());
    into.extend_from_slice(body.as_bytes());
}

/// With the fields of the documentation's sample, at their lengths: between these stand the number,
/// the openid, the amount and the number again.
const PAID: [&str; 5] = [
    "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
     <return_msg><![CDATA[发放成功]]></return_msg>\
     <result_code><![CDATA[SUCCESS]]></result_code>\
     <err_code><![CDATA[SUCCESS]]></err_code>\
     <err_code_des><![CDATA[发放成功]]></err_code_des>\
     <mch_billno><![CDATA[",
    "]]></mch_billno>\
     <mch_id><![CDATA[10000098]]></mch_id>\
     <wxappid><![CDATA[wx8888888888888888]]></wxappid>\
     <re_openid><![CDATA[",
    "]]></re_openid>\
     <total_amount>",
    "</total_amount>\
     <send_listid><![CDATA[",
    "204]]></send_listid>\
     <package><![CDATA[sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672\
     &ver=8&sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3dfe1d25681144\
     5a4abda2d9cfa4a9b377a829258bd00d90313c6c346f2349fe5d&mchid=10000098\
     &appid=wx8888888888888888]]></package></xml>",
];

/// What stands in this field's CDATA.
fn field<'a>(request: &'a [u8], name: &str) -> &'a [u8] {
    const OPEN: &[u8] = b"><![CDATA[";
    let begins = memmem::find_iter(request, name.as_bytes()).find(|at| {
        let after = at + name.len();
        request[at - 1] == b'<' && request[after..].starts_with(OPEN)
    });
    let from = begins.map_or(request.len(), |at| at + name.len() + OPEN.len());
    let rest = &request[from..];
    &rest[..memchr(b']', rest).unwrap_or(0)]
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
