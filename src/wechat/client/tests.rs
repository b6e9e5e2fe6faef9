//! The client against a TLS server that does what each connection's script says.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::address::host_and_port;
use super::*;
use crate::wechat::reply::Reply;

const PATH: &str = "/mmpaymkttransfers/sendminiprogramhb";

/// The server's reaction to one request.
enum Act {
    /// Writes this and waits for the next request.
    Say(String),
    /// Writes this and closes, with a proper end of TLS.
    SayAndClose(String),
    /// Says nothing more.
    Hang,
}

/// An authority, and what it signed.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    /// First and last year of what it signs.
    years: Option<(i32, i32)>,
}

struct Pair {
    pem: String,
    key: KeyPair,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let years = None;
        Authority { issuer, pem, years }
    }

    fn sign(&self, name: &str) -> Pair {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if let Some((from, to)) = self.years {
            params.not_before = rcgen::date_time_ymd(from, 1, 1);
            params.not_after = rcgen::date_time_ymd(to, 1, 1);
        }
        let pem = params.signed_by(&key, &self.issuer).unwrap().pem();
        Pair { pem, key }
    }
}

/// Requests that the server saw: one list for each connection whose handshake it finished.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

struct Server {
    address: SocketAddr,
    authority: Authority,
    seen: Seen,
}

impl Server {
    async fn start(script: Vec<Vec<Act>>) -> Self {
        Self::named("127.0.0.1", rustls::ALL_VERSIONS, script).await
    }

    async fn named(
        name: &str,
        versions: &[&'static SupportedProtocolVersion],
        script: Vec<Vec<Act>>,
    ) -> Self {
        Self::of(Authority::new(), name, versions, script).await
    }

    /// Whose certificate is valid from the begin of one year to that of the other.
    async fn of_years(from: i32, to: i32) -> Self {
        let mut authority = Authority::new();
        authority.years = Some((from, to));
        Self::of(authority, "127.0.0.1", rustls::ALL_VERSIONS, vec![]).await
    }

    async fn of(
        authority: Authority,
        name: &str,
        versions: &[&'static SupportedProtocolVersion],
        script: Vec<Vec<Act>>,
    ) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&authority, name, versions)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Seen::default();
        let mut script = VecDeque::from(script);
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let Ok(tls) = acceptor.accept(tcp).await else {
                    continue;
                };
                let acts = script.pop_front().unwrap_or_default();
                let connection = {
                    let mut seen = log.lock().unwrap();
                    seen.push(Vec::new());
                    seen.len() - 1
                };
                tokio::spawn(serve(tls, acts, connection, Arc::clone(&log)));
            }
        });
        Server {
            address,
            authority,
            seen,
        }
    }

    fn settings(&self, ours: &Pair) -> ClientSettings {
        ClientSettings {
            proxy: None,
            base_url: format!("https://{}", self.address),
            ca: Some(self.authority.pem.clone().into_bytes()),
            certificate: ours.pem.clone().into_bytes(),
            key: ours.key.serialize_pem().into_bytes().into(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
        }
    }

    fn client(&self) -> Client {
        Client::new(&self.settings(&self.authority.sign("merchant"))).unwrap()
    }

    /// How many requests each connection brought.
    fn requests(&self) -> Vec<usize> {
        self.seen.lock().unwrap().iter().map(Vec::len).collect()
    }
}

fn server_config(
    authority: &Authority,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let own = authority.sign(name);
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(authority.pem.as_bytes()) {
        roots.add(root.unwrap()).unwrap();
    }
    let clients =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let chain = vec![CertificateDer::from_pem_slice(own.pem.as_bytes()).unwrap()];
    let key = PrivateKeyDer::try_from(own.key.serialize_der()).unwrap();
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(clients.build().unwrap())
        .with_single_cert(chain, key)
        .unwrap()
}

async fn serve(
    mut tls: tokio_rustls::server::TlsStream<TcpStream>,
    acts: Vec<Act>,
    connection: usize,
    seen: Seen,
) {
    for act in acts {
        let Some(request) = read_request(&mut tls).await else {
            return;
        };
        seen.lock().unwrap()[connection].push(request);
        match act {
            Act::Say(answer) => tls.write_all(answer.as_bytes()).await.unwrap(),
            Act::SayAndClose(answer) => {
                let _ = tls.write_all(answer.as_bytes()).await;
                let _ = tls.shutdown().await;
                return;
            }
            Act::Hang => std::future::pending().await,
        }
    }
    let _ = tls.shutdown().await;
}

/// One request with a `Content-Length`.
async fn read_request(tls: &mut tokio_rustls::server::TlsStream<TcpStream>) -> Option<String> {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() == length?.parse::<usize>().unwrap() {
                return Some(text);
            }
        }
        let read = tls.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

fn reply(body: &str) -> Exchange {
    answer(body, true)
}

/// An answer on a connection that brought one before.
fn later_reply(body: &str) -> Exchange {
    answer(body, false)
}

fn answer(body: &str, is_first: bool) -> Exchange {
    Exchange::Reply(Reply {
        status: 200,
        body: body.as_bytes().to_vec(),
        date: Some(784_111_777),
        is_first,
    })
}

async fn post(connection: &mut Connection) -> Exchange {
    connection
        .ready()
        .await
        .unwrap()
        .post(PATH, b"<xml/>".to_vec())
        .await
}

async fn post_once(act: Act) -> Exchange {
    let server = Server::start(vec![vec![act]]).await;
    post(&mut server.client().connection()).await
}

#[tokio::test]
async fn a_request_is_what_it_should_be() {
    let server = Server::start(vec![vec![Act::Say(ok("<xml>1</xml>"))]]).await;
    let mut connection = server.client().connection();
    assert_eq!(post(&mut connection).await, reply("<xml>1</xml>"));
    let expected = format!(
        "POST {PATH} HTTP/1.1\r\nhost: {}\r\ncontent-type: text/xml; charset=utf-8\r\n\
         user-agent: hongbao/{}\r\ncontent-length: 6\r\n\r\n<xml/>",
        server.address,
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(server.seen.lock().unwrap()[0], [expected]);
}

#[tokio::test]
async fn an_open_connection_is_used_again() {
    let acts = (0..3).map(|n| Act::Say(ok(&n.to_string()))).collect();
    let server = Server::start(vec![acts]).await;
    let mut connection = server.client().connection();
    assert_eq!(post(&mut connection).await, reply("0"));
    for n in 1..3 {
        assert_eq!(post(&mut connection).await, later_reply(&n.to_string()));
    }
    assert_eq!(server.requests(), [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_do_not_share_connections() {
    let acts = || vec![Act::Say(ok("x")), Act::Say(ok("x"))];
    let server = Server::start((0..4).map(|_| acts()).collect()).await;
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut connection = server.client().connection();
        workers.spawn(async move { [post(&mut connection).await, post(&mut connection).await] });
    }
    for answers in workers.join_all().await {
        assert_eq!(answers, [reply("x"), later_reply("x")]);
    }
    assert_eq!(server.requests(), [2; 4]);
}

#[tokio::test]
async fn a_connection_that_rested_too_long_is_opened_anew() {
    let act = || vec![Act::Say(ok("x")), Act::Say(ok("x"))];
    let server = Server::start(vec![act(), act()]).await;
    let mut connection = server.client().connection();
    assert_eq!(post(&mut connection).await, reply("x"));
    connection.link.as_mut().unwrap().idle_since -= MAX_IDLE;
    assert_eq!(post(&mut connection).await, reply("x"));
    assert_eq!(server.requests(), [1, 1]);
}

#[tokio::test]
async fn a_connection_closed_meanwhile_is_opened_anew_and_nothing_is_in_doubt() {
    for announced in ["", "Connection: close\r\n"] {
        let answer = ok("x").replace("Date:", &format!("{announced}Date:"));
        let act = || vec![Act::SayAndClose(answer.clone())];
        let server = Server::start((0..20).map(|_| act()).collect()).await;
        let mut connection = server.client().connection();
        for _ in 0..20 {
            assert_eq!(post(&mut connection).await, reply("x"));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(server.requests(), [1; 20]);
    }
}

#[tokio::test]
async fn a_first_answer_is_the_first_on_what_is_open_and_what_is_open_has_a_number() {
    let act = |count| (0..count).map(|_| Act::Say(ok("x"))).collect();
    let server = Server::start(vec![act(2), act(1)]).await;
    let mut connection = server.client().connection();
    assert!(connection.is_fresh() && connection.line() == 0);
    assert!(connection.ready().await.is_ok());
    assert!(connection.is_fresh() && connection.line() == 1);
    assert_eq!(post(&mut connection).await, reply("x"));
    assert!(!connection.is_fresh());
    assert_eq!(post(&mut connection).await, later_reply("x"));
    connection.close();
    assert_eq!(post(&mut connection).await, reply("x"));
    assert_eq!(connection.line(), 2);
    assert_eq!(server.requests(), [2, 1]);
}

#[tokio::test]
async fn a_connection_closed_before_the_permit_came_sent_nothing() {
    let server = Server::start(vec![vec![]]).await;
    let mut connection = server.client().connection();
    let ready = connection.ready().await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let exchange = ready.post(PATH, b"<xml/>".to_vec()).await;
    assert!(
        matches!(exchange, Exchange::NotSent(NotSent::Connect(_))),
        "{exchange:?}"
    );
    assert_eq!(server.requests(), [0]);
}

#[tokio::test]
async fn a_close_without_an_answer_is_doubt() {
    for said in ["", "HTTP/1.1 200 OK\r\n", "?"] {
        let exchange = post_once(Act::SayAndClose(said.to_owned())).await;
        let is_lost = matches!(exchange, Exchange::InDoubt(Doubt::ConnectionLost(_)));
        assert!(is_lost, "{said:?} {exchange:?}");
    }
    // Whoever begins to answer has taken our certificate.
    let said = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<xml>".to_owned();
    let exchange = post_once(Act::SayAndClose(said)).await;
    let is_cut = matches!(exchange, Exchange::InDoubt(Doubt::AnswerCut(_)));
    assert!(is_cut, "{exchange:?}");
}

#[tokio::test]
async fn no_answer_in_time_is_doubt_and_ends_the_connection() {
    let server = Server::start(vec![vec![Act::Hang], vec![Act::Say(ok("x"))]]).await;
    let mut settings = server.settings(&server.authority.sign("merchant"));
    settings.request_timeout = Duration::from_millis(200);
    let mut connection = Client::new(&settings).unwrap().connection();
    assert_eq!(
        post(&mut connection).await,
        Exchange::InDoubt(Doubt::Timeout)
    );
    assert_eq!(post(&mut connection).await, reply("x"));
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let long = "x".repeat(70_000);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n",
        70_000
    );
    for answer in [ok(&long), chunked] {
        let exchange = post_once(Act::SayAndClose(answer)).await;
        let is_refused = matches!(exchange, Exchange::InDoubt(Doubt::Malformed(_)));
        assert!(is_refused, "{exchange:?}");
    }
}

#[tokio::test]
async fn an_answer_other_than_200_is_told_by_its_status() {
    let html = "HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\n<html>".to_owned();
    let cut = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\n\r\n<h".to_owned();
    let moved = "HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n";
    for (answer, status, body) in [
        (html, 400, "<html>"),
        (cut, 502, ""),
        (moved.to_owned(), 302, ""),
    ] {
        let expected = Reply {
            status,
            body: body.into(),
            date: None,
            is_first: true,
        };
        assert_eq!(
            post_once(Act::SayAndClose(answer)).await,
            Exchange::Reply(expected)
        );
    }
}

#[tokio::test]
async fn a_gateway_signed_by_a_stranger_is_not_spoken_to() {
    let server = Server::start(vec![]).await;
    let mut settings = server.settings(&server.authority.sign("merchant"));
    for ca in [None, Some(Authority::new().pem.into_bytes())] {
        settings.ca = ca;
        let mut connection = Client::new(&settings).unwrap().connection();
        let cause = connection.ready().await.err();
        assert!(matches!(cause, Some(NotSent::Certificate(_))), "{cause:?}");
    }
}

/// As a machine sees it whose clock is years behind, or ahead.
#[tokio::test]
async fn a_certificate_of_another_time_tells_of_the_clock() {
    for (from, to, is_early) in [(2099, 2100, true), (2000, 2001, false)] {
        let server = Server::of_years(from, to).await;
        let mut connection = server.client().connection();
        let Err(NotSent::Dates(dates)) = connection.ready().await else {
            panic!("{from}: not told");
        };
        assert_eq!(dates.is_early, is_early);
        let year = if is_early { from } else { to };
        assert!(
            dates.theirs.starts_with(&format!("{year}-01-01")),
            "{dates:?}"
        );
        assert!(
            dates
                .to_string()
                .starts_with("this machine's clock says 20"),
            "{dates}"
        );
    }
}

#[tokio::test]
async fn a_gateway_of_another_name_is_not_spoken_to() {
    let server = Server::named("other.example", rustls::ALL_VERSIONS, vec![]).await;
    let mut connection = server.client().connection();
    let cause = connection.ready().await.err();
    assert!(matches!(cause, Some(NotSent::Certificate(_))), "{cause:?}");
}

/// With TLS 1.2 the handshake tells; with 1.3 the alert comes after it, and the request may
/// have left by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_the_gateway_does_not_take_is_told_apart() {
    let stranger = Authority::new().sign("merchant");
    let old = Server::named("127.0.0.1", &[&rustls::version::TLS12], vec![]).await;
    let mut connection = Client::new(&old.settings(&stranger)).unwrap().connection();
    let cause = connection.ready().await.err();
    assert!(matches!(cause, Some(NotSent::Certificate(_))), "{cause:?}");

    let new = Server::named("127.0.0.1", &[&rustls::version::TLS13], vec![]).await;
    let client = Client::new(&new.settings(&stranger)).unwrap();
    for waits in [true, false].repeat(20) {
        let mut connection = client.connection();
        let ready = connection.ready().await.unwrap();
        if waits {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let exchange = ready.post(PATH, b"<xml/>".to_vec()).await;
        let in_time = matches!(exchange, Exchange::NotSent(NotSent::Certificate(_)));
        let late = matches!(exchange, Exchange::InDoubt(Doubt::CertificateAlert(_)));
        assert!(in_time || late, "{exchange:?}");
    }
    assert!(new.requests().is_empty());
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let server = Server::start(vec![]).await;
    let mut settings = server.settings(&server.authority.sign("merchant"));
    settings.connect_timeout = Duration::from_millis(500);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // It accepts into its backlog and never speaks.
    settings.base_url = format!("https://{}", listener.local_addr().unwrap());
    let cause = Client::new(&settings)
        .unwrap()
        .connection()
        .ready()
        .await
        .err();
    assert_eq!(cause, Some(NotSent::Handshake("time limit".to_owned())));
    // A port that is taken, so that no other test gets it, and that nobody listens at.
    let closed = tokio::net::TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    settings.base_url = format!("https://{}", closed.local_addr().unwrap());
    let cause = Client::new(&settings)
        .unwrap()
        .connection()
        .ready()
        .await
        .err();
    assert!(matches!(cause, Some(NotSent::Connect(_))), "{cause:?}");
    settings.base_url = "https://no-such-host.invalid".to_owned();
    let cause = Client::new(&settings)
        .unwrap()
        .connection()
        .ready()
        .await
        .err();
    assert!(matches!(cause, Some(NotSent::Name(_))), "{cause:?}");
}

#[tokio::test]
async fn what_is_no_tls_is_a_failed_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(vec![]).await;
    let mut settings = server.settings(&server.authority.sign("merchant"));
    settings.base_url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
    });
    let cause = Client::new(&settings)
        .unwrap()
        .connection()
        .ready()
        .await
        .err();
    assert!(matches!(cause, Some(NotSent::Handshake(_))), "{cause:?}");
}

#[test]
fn only_a_plain_https_address_is_taken() {
    let taken = [
        (
            "https://api.mch.weixin.qq.com",
            "api.mch.weixin.qq.com",
            443,
        ),
        ("https://127.0.0.1:8443/", "127.0.0.1", 8443),
        ("https://[::1]:8443", "[::1]", 8443),
    ];
    for (url, host, port) in taken {
        assert_eq!(host_and_port(url), Some((host.to_owned(), port)), "{url}");
    }
    let refused = [
        "",
        "api.mch.weixin.qq.com",
        "http://a",
        "https://a/path",
        "https://a/?q",
        "https://u@a",
        "https://a:99999",
        "https://",
        "/mmpay",
    ];
    for url in refused {
        assert_eq!(host_and_port(url), None, "{url}");
    }
}

/// A proxy that answers CONNECT so, and leads nowhere.
async fn proxied(server: &Server, answer: &'static str) -> (Client, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = tcp.read(&mut head).await;
            let _ = tcp.write_all(answer.as_bytes()).await;
            let _ = tcp.shutdown().await;
        }
    });
    let mut settings = server.settings(&server.authority.sign("merchant"));
    settings.connect_timeout = Duration::from_millis(500);
    settings.proxy = Some(ProxySettings {
        url: format!("http://{address}"),
        auth: None,
    });
    (Client::new(&settings).unwrap(), address)
}

/// Whatever it says: there is no connection, so nothing was sent, and no reply to be read.
#[tokio::test]
async fn what_a_proxy_says_is_why_nothing_was_sent() {
    use crate::domain::outcome::ProxyFault::{Closed, Garbled, Refused};
    let server = Server::start(vec![]).await;
    for (answer, fault) in [
        ("HTTP/1.1 407 Who are you\r\n\r\n", Refused(407)),
        (
            "HTTP/1.0 403 No\r\nContent-Length: 2\r\n\r\nno",
            Refused(403),
        ),
        (
            "HTTP/1.1 502 Bad Gateway\r\n\r\n<xml>SUCCESS</xml>",
            Refused(502),
        ),
        ("HTTP/1.1 200 OK\r\n\r\n<xml>SUCCESS</xml>", Garbled),
        ("<xml><return_code>SUCCESS</return_code></xml>", Garbled),
        ("HTTP/1.1 200 OK\r\nnever ends", Closed),
        ("", Closed),
    ] {
        let (client, _) = proxied(&server, answer).await;
        let cause = client.connection().ready().await.err();
        assert_eq!(cause, Some(NotSent::Proxy(fault)), "{answer}");
    }
    // An open way that leads to nobody: TLS is not begun, let alone a request.
    let (client, _) = proxied(&server, "HTTP/1.1 200 OK\r\n\r\n").await;
    let cause = client.connection().ready().await.err();
    assert!(matches!(cause, Some(NotSent::Handshake(_))), "{cause:?}");
    assert!(server.seen.lock().unwrap().is_empty());
}
