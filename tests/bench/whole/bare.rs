//! The leanest client that pays: connections that sign, post and read, and keep no ledger.
//!
//! It makes the same bodies over the same TLS, one task a connection, and checks of each answer
//! no more than that it is a success. What the program does beyond this is what its promise
//! costs.
//!
//! It frames HTTP itself, in one write and one read, as no library does. The same loop over the
//! program's own client tells which part of that is hyper, and which the ledger and its rules; over
//! reqwest it is what most programs have. All have the program's allocator, and as many threads as
//! there are cores.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hongbao::domain::ids::{MchBillno, MchId, Openid};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::Texts;
use hongbao::wechat::client::{Client, ClientSettings, Connection};
use hongbao::wechat::redpack::{Frozen, PATH};
use hongbao::wechat::reply::Exchange;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::place::Side;
use super::recipients::{fen, openid};
use super::stopwatch::{Used, measure};

const MCH_ID: &str = "10000098";
const FORM: &str = "text/xml; charset=utf-8";
/// Open at once.
pub(crate) const CONNECTIONS: u32 = 32;

/// What all connections share.
struct Loop {
    address: String,
    key: SecretString,
    speech: Speaker,
    tag: u32,
    packets: u32,
    next: AtomicU32,
}

/// How a loop speaks HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// By the framing of this file.
    Framed,
    /// Over the program's own client.
    Client,
    /// Over the usual library, with a pool of its own.
    Library,
}

/// What a loop speaks with.
enum Speaker {
    Framed(TlsConnector),
    Client(Box<Client>),
    Library(reqwest::Client),
}

impl Speech {
    fn word(self) -> &'static str {
        match self {
            Speech::Framed => "framed",
            Speech::Client => "client",
            Speech::Library => "library",
        }
    }
}

/// So many packets of a tag, by a process of its own, to its end.
pub(crate) fn pay(side: &Side, speech: Speech, (tag, packets): (u32, u32)) -> Used {
    let address = side.base_url.trim_start_matches("https://");
    let secrets = side.secrets.to_str().unwrap();
    let numbers = [tag, packets, CONNECTIONS].map(|n| n.to_string());
    let mut words = vec!["bare", speech.word(), address, secrets];
    words.extend(numbers.iter().map(String::as_str));
    let program: &Path = &std::env::current_exe().unwrap();
    measure(program, &words, None, None).exits(0)
}

/// `SPEECH ADDRESS SECRETS TAG PACKETS CONNECTIONS`, as a process of its own.
pub(crate) fn main(words: &[String]) -> ExitCode {
    let [speech, address, secrets, numbers @ ..] = words else {
        return ExitCode::FAILURE;
    };
    let numbers: Vec<u32> = numbers.iter().map(|text| text.parse().unwrap()).collect();
    let secrets = PathBuf::from(secrets);
    let key = std::fs::read_to_string(secrets.join("api_key")).unwrap();
    let shared = Arc::new(Loop {
        address: address.clone(),
        key: SecretString::from(key.trim()),
        speech: speaker(speech, address, &secrets),
        tag: numbers[0],
        packets: numbers[1],
        next: AtomicU32::new(0),
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let workers = (0..numbers[2]).map(|_| tokio::spawn(work(Arc::clone(&shared))));
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap().unwrap();
        }
    });
    ExitCode::SUCCESS
}

fn speaker(speech: &str, address: &str, secrets: &Path) -> Speaker {
    if speech == Speech::Client.word() {
        return Speaker::Client(Box::new(client(address, secrets)));
    }
    let tls = config(secrets);
    if speech == Speech::Library.word() {
        let builder = reqwest::Client::builder().tls_backend_preconfigured(tls);
        return Speaker::Library(builder.build().unwrap());
    }
    Speaker::Framed(TlsConnector::from(Arc::new(tls)))
}

/// The program's own client.
fn client(address: &str, secrets: &Path) -> Client {
    let file = |name: &str| std::fs::read(secrets.join(name)).unwrap();
    let limit = Duration::from_secs(10);
    let settings = ClientSettings {
        base_url: format!("https://{address}"),
        ca: Some(file("ca.pem")),
        certificate: file("apiclient_cert.pem"),
        key: file("apiclient_key.pem").into(),
        proxy: None,
        connect_timeout: limit,
        request_timeout: limit,
    };
    Client::new(&settings).unwrap()
}

fn config(secrets: &Path) -> ClientConfig {
    let chain = |name: &str| {
        let found = CertificateDer::pem_file_iter(secrets.join(name)).unwrap();
        found.collect::<Result<Vec<_>, _>>().unwrap()
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(chain("ca.pem"));
    let key = PrivateKeyDer::from_pem_file(secrets.join("apiclient_key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain("apiclient_cert.pem"), key)
        .unwrap()
}

async fn work(shared: Arc<Loop>) -> io::Result<()> {
    let mut line = Wire::open(&shared).await?;
    let mut frozen = frozen();
    loop {
        let row = shared.next.fetch_add(1, Ordering::Relaxed);
        if row >= shared.packets {
            return Ok(());
        }
        let number = format!("{MCH_ID}bare{:06}{row:010}", shared.tag);
        frozen.mch_billno = MchBillno::new(&number).unwrap();
        frozen.openid = Openid::new(&openid(shared.tag, row)).unwrap();
        frozen.amount = Fen::new(fen(row));
        line.post(frozen.request(&shared.key)).await?;
    }
}

fn frozen() -> Frozen {
    let number = format!("{MCH_ID}bare{:016}", 0);
    Frozen {
        mch_id: MchId::new(MCH_ID).unwrap(),
        wxappid: "wx8888888888888888".to_owned(),
        mch_billno: MchBillno::new(&number).unwrap(),
        openid: Openid::new(&openid(0, 0)).unwrap(),
        amount: Fen::new(100),
        texts: Arc::new(Texts {
            act_name: "猜灯谜抢红包活动".to_owned(),
            send_name: "天虹百货".to_owned(),
            wishing: "感谢您参加猜灯谜活动，祝您元宵节快乐！".to_owned(),
            remark: "猜越多得越多，快来抢！".to_owned(),
            scene_id: None,
        }),
    }
}

/// One kept connection, but for the library's: a pool has them.
enum Wire {
    Framed(Box<Line>),
    Client(Connection),
    Library(reqwest::Client, String),
}

impl Wire {
    async fn open(shared: &Loop) -> io::Result<Wire> {
        Ok(match &shared.speech {
            Speaker::Framed(tls) => Wire::Framed(Box::new(Line::open(shared, tls).await?)),
            Speaker::Client(client) => Wire::Client(client.connection()),
            Speaker::Library(client) => {
                Wire::Library(client.clone(), format!("https://{}{PATH}", shared.address))
            }
        })
    }

    async fn post(&mut self, body: Vec<u8>) -> io::Result<()> {
        match self {
            Wire::Framed(line) => line.post(&body).await,
            Wire::Client(connection) => over_client(connection, body).await,
            Wire::Library(client, url) => over_library(client, url, body).await,
        }
    }
}

async fn over_client(connection: &mut Connection, body: Vec<u8>) -> io::Result<()> {
    let ready = connection.ready().await;
    let ready = ready.map_err(|cause| io::Error::other(format!("{cause:?}")))?;
    match ready.post(PATH, body).await {
        Exchange::Reply(reply) if reply.status == 200 && is_paid(&reply.body) => Ok(()),
        other => Err(io::Error::other(format!("{other:?}"))),
    }
}

async fn over_library(client: &reqwest::Client, url: &str, body: Vec<u8>) -> io::Result<()> {
    let request = client.post(url).body(body).header(CONTENT_TYPE, FORM);
    let reply = request.send().await.map_err(io::Error::other)?;
    let status = reply.status();
    let body = reply.bytes().await.map_err(io::Error::other)?;
    if status == StatusCode::OK && is_paid(&body) {
        return Ok(());
    }
    Err(io::Error::other(format!("{status}: {body:?}")))
}

fn is_paid(answer: &[u8]) -> bool {
    let success = b"<result_code><![CDATA[SUCCESS]]>";
    answer.windows(success.len()).any(|part| part == success)
}

/// A connection with framing of its own.
struct Line {
    stream: TlsStream<TcpStream>,
    head: String,
    bytes: Vec<u8>,
}

impl Line {
    async fn open(shared: &Loop, tls: &TlsConnector) -> io::Result<Line> {
        let tcp = TcpStream::connect(&shared.address).await?;
        tcp.set_nodelay(true)?;
        let (host, _) = shared.address.rsplit_once(':').unwrap();
        let name = ServerName::try_from(host.to_owned()).unwrap();
        let stream = tls.connect(name, tcp).await?;
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: {}\r\ncontent-type: {FORM}\r\ncontent-length: ",
            shared.address
        );
        let bytes = Vec::with_capacity(4096);
        Ok(Line {
            stream,
            head,
            bytes,
        })
    }

    async fn post(&mut self, body: &[u8]) -> io::Result<()> {
        self.bytes.clear();
        self.bytes.extend_from_slice(self.head.as_bytes());
        self.bytes
            .extend_from_slice(format!("{}\r\n\r\n", body.len()).as_bytes());
        self.bytes.extend_from_slice(body);
        self.stream.write_all(&self.bytes).await?;
        self.stream.flush().await?;
        self.bytes.clear();
        let whole = loop {
            if self.stream.read_buf(&mut self.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(whole) = length(&self.bytes)
                && self.bytes.len() >= whole
            {
                break whole;
            }
        };
        let answer = &self.bytes[..whole];
        if answer.starts_with(b"HTTP/1.1 200 ") && is_paid(answer) {
            return Ok(());
        }
        Err(io::Error::other(
            String::from_utf8_lossy(answer).into_owned(),
        ))
    }
}

/// How long head and body are together, once the head is there.
pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let lines = head.split("\r\n");
    let mut fields = lines.filter_map(|line| line.split_once(':'));
    let (_, body) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    Some(end + 4 + body.trim().parse::<usize>().ok()?)
}
