//! A gateway with an honest book and wires that carry answers which nobody asked for.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::wire::pki::Pki;

/// When a stray answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Right behind the answer before: it lies there when the next request is written.
    BeforeTheRequest,
    /// Right after the last byte of the request, and before its own answer.
    AfterTheRequest,
}

/// What else comes over a connection that was used before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stray {
    /// Its code; `None`: the last answer comes again.
    pub(crate) code: Option<&'static str>,
    pub(crate) when: When,
    /// To one request in so many.
    pub(crate) one_in: u32,
    pub(crate) to_sends: bool,
    pub(crate) to_queries: bool,
}

/// How the gateway behaves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ways {
    pub(crate) stray: Option<Stray>,
    /// What these people's sends are refused with, and every send where the openid is blank; no
    /// number is named.
    pub(crate) refused: BTreeMap<String, &'static str>,
    /// Nothing about these people is ever answered.
    pub(crate) mute: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) openid: String,
    fen: String,
    sends: u32,
}

#[derive(Default)]
struct Book {
    ways: Ways,
    orders: BTreeMap<String, Order>,
    requests: u32,
    last_send: Option<std::time::Instant>,
    open: usize,
    most_open: usize,
}

pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    book: Arc<Mutex<Book>>,
    _runtime: Runtime,
}

impl Gateway {
    pub(crate) fn start(ways: Ways) -> Gateway {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let book = Arc::new(Mutex::new(Book {
            ways,
            ..Book::default()
        }));
        runtime.spawn(accept(listener, Arc::clone(&book)));
        Gateway {
            address,
            book,
            _runtime: runtime,
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// From now on it behaves so.
    pub(crate) fn behave(&self, ways: Ways) {
        self.book().ways = ways;
    }

    pub(crate) fn orders(&self) -> BTreeMap<String, Order> {
        self.book().orders.clone()
    }

    pub(crate) fn most_open(&self) -> usize {
        self.book().most_open
    }

    pub(crate) fn last_send(&self) -> std::time::Instant {
        self.book().last_send.unwrap()
    }
}

async fn accept(listener: TcpListener, book: Arc<Mutex<Book>>) {
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        let book = Arc::clone(&book);
        tokio::spawn(async move {
            {
                let mut book = book.lock().unwrap();
                book.open += 1;
                book.most_open = book.most_open.max(book.open);
            }
            let _ = attend(tcp, &book).await;
            book.lock().unwrap().open -= 1;
        });
    }
}

async fn attend(tcp: TcpStream, book: &Mutex<Book>) -> std::io::Result<()> {
    tcp.set_nodelay(true)?;
    let acceptor = TlsAcceptor::from(Arc::clone(&Pki::shared().good));
    let mut tls = acceptor.accept(tcp).await?;
    let mut last: Option<String> = None;
    while let Some((is_send, body)) = request(&mut tls).await? {
        let Some((own, stray)) = book.lock().unwrap().answer(is_send, &body) else {
            let mut rest = [0; 64];
            while tls.read(&mut rest).await? > 0 {}
            return Ok(());
        };
        // Of the first request on a connection none can be about another.
        let is_kept = last.is_some();
        let other = stray.filter(|_| is_kept).and_then(|stray| {
            let code = stray.code.map(failure);
            Some((code.or_else(|| last.clone())?, stray.when))
        });
        match other {
            Some((other, When::AfterTheRequest)) => {
                say(&mut tls, &other).await?;
                say(&mut tls, &own).await?;
            }
            Some((other, When::BeforeTheRequest)) => {
                say(&mut tls, &own).await?;
                say(&mut tls, &other).await?;
            }
            None => say(&mut tls, &own).await?,
        }
        last = Some(own);
    }
    Ok(())
}

async fn say(tls: &mut TlsStream<TcpStream>, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
    tls.write_all(head.as_bytes()).await?;
    tls.flush().await
}

/// The next request: whether it is a send, and its body.
async fn request(tls: &mut TlsStream<TcpStream>) -> std::io::Result<Option<(bool, String)>> {
    let (mut text, mut piece) = (Vec::new(), [0; 2048]);
    loop {
        let read = tls.read(&mut piece).await?;
        text.extend_from_slice(&piece[..read]);
        let so_far = String::from_utf8_lossy(&text);
        if let Some((head, body)) = so_far.split_once("\r\n\r\n")
            && body.ends_with("</xml>")
        {
            return Ok(Some((head.contains("sendminiprogramhb"), body.to_owned())));
        }
        if read == 0 {
            return Ok(None);
        }
    }
}

impl Book {
    /// The request's own answer, and the stray that joins it; `None` for silence.
    fn answer(&mut self, is_send: bool, body: &str) -> Option<(String, Option<Stray>)> {
        self.requests += 1;
        let number = field(body, "mch_billno");
        let is_due = |stray: &Stray| {
            let is_met = if is_send {
                stray.to_sends
            } else {
                stray.to_queries
            };
            is_met && self.requests.is_multiple_of(stray.one_in)
        };
        let stray = self.ways.stray.filter(is_due);
        let answer = if is_send {
            self.last_send = Some(std::time::Instant::now());
            self.send(&number, body)?
        } else {
            self.query(&number)
        };
        Some((answer, stray))
    }

    fn send(&mut self, number: &str, body: &str) -> Option<String> {
        let (openid, fen) = (field(body, "re_openid"), field(body, "total_amount"));
        if self.ways.mute.as_ref() == Some(&openid) {
            return None;
        }
        if !self.orders.contains_key(number) {
            let refused = self.ways.refused.get(&openid);
            if let Some(code) = refused.or_else(|| self.ways.refused.get("")) {
                return Some(failure(code));
            }
        }
        let order = self.orders.entry(number.to_owned()).or_insert(Order {
            openid,
            fen,
            sends: 0,
        });
        order.sends += 1;
        let Order { openid, fen, .. } = order;
        Some(format!(
            "{SUCCESS}<mch_billno>{number}</mch_billno><re_openid>{openid}</re_openid>\
             <total_amount>{fen}</total_amount><send_listid>1{number}</send_listid>\
             <package>sendid={number}</package></xml>"
        ))
    }

    fn query(&self, number: &str) -> String {
        let Some(order) = self.orders.get(number) else {
            // As the real one answers: without the number.
            return failure("NOT_FOUND");
        };
        format!(
            "{SUCCESS}<mch_billno>{number}</mch_billno><total_amount>{}</total_amount>\
             <detail_id>1{number}</detail_id><status>SENT</status></xml>",
            order.fen
        )
    }
}

const SUCCESS: &str = "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>";

fn failure(code: &str) -> String {
    format!(
        "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
         <err_code>{code}</err_code><err_code_des>so it is</err_code_des></xml>"
    )
}

fn field(body: &str, name: &str) -> String {
    let value = body.split(&format!("<{name}><![CDATA[")).nth(1);
    let value = value.and_then(|rest| rest.split("]]>").next());
    value.unwrap_or_default().to_owned()
}
