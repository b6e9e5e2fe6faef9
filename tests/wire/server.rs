//! A TLS server that is steered byte by byte: it reads a request, asks the books what is to be
//! done about it, and does that.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::act::{Act, good, last};
use super::books::{Books, Turn};
use super::case::Case;
use super::document::{Action, Document};
use super::door::Door;
use super::fault::Fault;
use super::stage::{Tls, drain, reset, tcp_of};

const SEND: &[u8] = b"POST /mmpaymkttransfers/sendminiprogramhb HTTP/1.1\r\n";
const QUERY: &[u8] = b"POST /mmpaymkttransfers/gethbinfo HTTP/1.1\r\n";
/// How long requests wait for each other, so that as many as there are meet the fault together.
const GATHERING: Duration = Duration::from_secs(1);

/// The server of one case. It serves until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
    // Keeps the port ours while nobody listens.
    _port: TcpSocket,
}

struct Shared {
    books: Books,
    door: watch::Sender<Door>,
    /// The door to shut, once so many of these have been answered.
    trigger: Option<(Door, Trigger)>,
    is_pulled: AtomicBool,
    gathered: AtomicUsize,
    all_gathered: Notify,
    crowd: usize,
}

/// When a door shuts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trigger {
    AtOnce,
    AfterChecks(u32),
    AfterFirstSends(usize),
}

impl Server {
    pub(crate) fn start(runtime: &Runtime, case: &Case) -> Server {
        let _context = runtime.enter();
        let port = bound(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = port.local_addr().unwrap();
        let trigger = case.door.map(|door| (door, case.trigger()));
        let first = match trigger {
            Some((door, Trigger::AtOnce)) => door,
            Some(_) | None => Door::Open,
        };
        let shared = Arc::new(Shared {
            books: Books::new(case.position, case.parts()),
            door: watch::Sender::new(first),
            trigger,
            is_pulled: AtomicBool::new(false),
            gathered: AtomicUsize::new(0),
            all_gathered: Notify::new(),
            crowd: if case.in_flight > 1 { case.faulty() } else { 0 },
        });
        let accepting = runtime.spawn(accept(address, Arc::clone(&shared)));
        Server {
            address,
            shared,
            accepting,
            _port: port,
        }
    }

    pub(crate) fn books(&self) -> &Books {
        &self.shared.books
    }

    /// The fault is over.
    pub(crate) fn open(&self) {
        self.shared.door.send_replace(Door::Open);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(address: SocketAddr, shared: Arc<Shared>) {
    let mut door = shared.door.subscribe();
    loop {
        if *door.borrow_and_update() == Door::Refusing {
            let _ = door.changed().await;
            continue;
        }
        let listener = bound(address).listen(1024).unwrap();
        listen(&listener, &shared, &mut door).await;
    }
}

/// Until nobody is to listen.
async fn listen(listener: &TcpListener, shared: &Arc<Shared>, door: &mut watch::Receiver<Door>) {
    loop {
        tokio::select! {
            biased;
            _ = door.changed() => {
                if *door.borrow_and_update() == Door::Refusing {
                    return;
                }
            }
            Ok((tcp, _)) = listener.accept() => {
                let (shared, door) = (Arc::clone(shared), *door.borrow());
                tokio::spawn(async move { shared.greet(tcp, door).await });
            }
        }
    }
}

impl Shared {
    async fn greet(&self, mut tcp: TcpStream, door: Door) {
        if door != Door::Open {
            self.books.account().at_the_door += 1;
        }
        match door {
            Door::ResetAtOnce => return reset(&tcp),
            Door::Mute => return drain(&mut tcp).await,
            Door::NoTls => {
                let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                return;
            }
            _ => {}
        }
        let acceptor = TlsAcceptor::from(door.config());
        let accepted = acceptor.accept(tcp).await;
        if door.may_lose_a_request() {
            self.books.account().unread += 1;
        }
        let Ok(tls) = accepted else { return };
        let mut tls = BufReader::with_capacity(256, tls);
        match door {
            Door::ResetBeforeTheRequest => reset(tcp_of(&tls)),
            Door::ClosedBeforeTheRequest => {
                let _ = tls.shutdown().await;
            }
            _ => while self.exchange(&mut tls).await.is_some() {},
        }
    }

    /// One request; `None` where the connection is over.
    async fn exchange(&self, tls: &mut Tls) -> Option<()> {
        let mut bytes = Vec::with_capacity(2048);
        let read = read_until(tls, &mut bytes, "</mch_billno>").await;
        if bytes.is_empty() {
            return None;
        }
        let action = self.action(&bytes)?;
        read?;
        if action == Action::Send {
            read_until(tls, &mut bytes, "</re_openid>").await?;
        }
        let known = String::from_utf8_lossy(&bytes).into_owned();
        let openid = value(&known, "re_openid").unwrap_or_default();
        let turn = self
            .books
            .arrives(action, &value(&known, "mch_billno")?, &openid);
        if turn != Turn::Fault(Fault::ResetDuringTheRequest) {
            read_until(tls, &mut bytes, "</xml>").await?;
        }
        if let Turn::Fault(fault) = turn {
            self.gather().await;
            if fault.may_lose_the_next_request() {
                self.books.account().unread += 1;
            }
            if fault == Fault::ResetDuringTheRequest {
                reset(tcp_of(tls));
                return None;
            }
        }
        let text = std::str::from_utf8(&bytes).unwrap();
        let body = text.split_once("\r\n\r\n").unwrap().1;
        let document = self.books.carry_out(action, turn, body);
        let is_last = self.pull_the_door();
        for act in acts(turn, &document, is_last) {
            act.perform(tls, &self.books).await?;
        }
        Some(())
    }

    fn action(&self, bytes: &[u8]) -> Option<Action> {
        if bytes.starts_with(SEND) {
            return Some(Action::Send);
        } else if bytes.starts_with(QUERY) {
            return Some(Action::Query);
        }
        let wrong = format!("a request to nowhere: {}", String::from_utf8_lossy(bytes));
        self.books.account().wrongs.push(wrong);
        None
    }

    /// Shuts the door if it is time. Then connections are not kept: who comes again must knock.
    fn pull_the_door(&self) -> bool {
        let Some((door, trigger)) = self.trigger else {
            return false;
        };
        let account = self.books.account();
        let is_due = match trigger {
            Trigger::AtOnce => false,
            Trigger::AfterChecks(count) => account.checks >= count,
            Trigger::AfterFirstSends(count) => account.orders.len() >= count,
        };
        if is_due && !self.is_pulled.swap(true, Ordering::SeqCst) {
            self.door.send_replace(door);
        }
        !matches!(trigger, Trigger::AtOnce)
    }

    /// Waits until all have come that shall meet the fault together, or a second.
    async fn gather(&self) {
        let all = self.all_gathered.notified();
        if self.gathered.fetch_add(1, Ordering::SeqCst) + 1 >= self.crowd {
            self.all_gathered.notify_waiters();
            return;
        }
        let _ = timeout(GATHERING, all).await;
    }
}

/// What to do about a request.
fn acts(turn: Turn, document: &Document, is_last: bool) -> Vec<Act> {
    match turn {
        Turn::Fault(fault) => fault.acts(document),
        Turn::Honest | Turn::Say(_) if is_last => vec![Act::Say(last(document)), Act::Close],
        Turn::Honest | Turn::Say(_) => vec![Act::Say(good(document))],
    }
}

/// Reads on until the text ends so, from tag to tag so that a reset can come in its middle.
async fn read_until(tls: &mut Tls, text: &mut Vec<u8>, end: &str) -> Option<()> {
    while !text.ends_with(end.as_bytes()) {
        let read = tls.read_until(b'>', text).await.ok()?;
        if read == 0 {
            return None;
        }
    }
    Some(())
}

fn value(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<{name}><![CDATA["))?;
    Some(rest.split_once("]]>")?.0.to_owned())
}
