//! The mutual-TLS HTTP/1.1 client: one request at a time over a connection of one's own.
//!
//! Two steps, because the pacer grants a permit when a request is about to leave an open
//! connection: [`Connection::ready`] opens it, [`Ready::post`] sends. It never retries, never
//! follows a redirect and knows no proxy but the one of its settings, which tunnels TLS and sees
//! no request. "Not sent" is a fact: either there was no
//! connection, or hyper handed the request back untouched. All else that fails is doubt.
//!
//! Why hyper itself and not reqwest, whose engine it is: reqwest with a permit layer was measured
//! on this path. It reaches 0.65 to 0.78 of the rate of a bare loop, this client 0.76 to 0.95, and
//! takes 5 to 18 µs more CPU a request. One reqwest client has no hard bound of connections, and
//! hyper-util's own retry, which it brings, cannot be switched off. And "the certificate was
//! refused" and "closed while the permit was waited for" become doubt there; here both are
//! provably not sent.

mod address;
mod error;
mod link;
mod player;
#[cfg(test)]
mod tests;
mod tls;
mod tunnel;
mod upstream;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretSlice;
use tokio::time::{Instant, timeout};

pub use self::error::{ClientError, PemFile};
use self::link::Link;
use self::player::play;
pub use self::player::{Line, Player};
pub use self::tunnel::ProxySettings;
use self::upstream::Upstream;
use super::reply::{Exchange, Reply};
use crate::domain::outcome::{Doubt, NotSent};

/// How long a connection may rest before it is opened anew. Shorter than what servers grant,
/// so that a request seldom meets a connection that is just being closed.
const MAX_IDLE: Duration = Duration::from_secs(10);

/// Nobody closes a connection so soon without saying so in the reply; who does leaves a doubt.
const JUST_USED: Duration = Duration::from_millis(5);

/// The other side is given so long to see that a connection has ended before the next is opened.
const LEAVE: Duration = Duration::from_millis(250);

/// The settings of a client.
#[derive(Debug)]
pub struct ClientSettings {
    /// `https://host` or `https://host:port`, without a path.
    pub base_url: String,
    /// PEM of further trusted roots, beside Mozilla's.
    pub ca: Option<Vec<u8>>,
    /// PEM of our certificate, its chain behind it.
    pub certificate: Vec<u8>,
    /// PEM of its key: PKCS#8, PKCS#1 or SEC1.
    pub key: SecretSlice<u8>,
    /// The proxy that leads there, if one does; those of the environment are read by nothing.
    pub proxy: Option<ProxySettings>,
    /// For name, TCP, proxy and TLS together.
    pub connect_timeout: Duration,
    /// From the first byte of a request to the last of its reply.
    pub request_timeout: Duration,
}

/// The parts that all connections to one gateway share.
#[derive(Clone)]
pub struct Client(To);

/// The other side.
#[derive(Clone)]
enum To {
    Gateway(Arc<Upstream>),
    Player(Arc<dyn Player>, Arc<AtomicU64>),
}

/// A connection in one hand at a time: opened when first needed, kept open between requests.
pub struct Connection {
    to: To,
    link: Option<Box<Link>>,
    /// The earlier link, to be ended before the next is opened.
    left: Option<Box<Link>>,
    /// In place of a link, where a player answers.
    line: Option<Line>,
}

/// An open connection on which nothing is under way.
pub struct Ready<'a>(&'a mut Connection);

impl Client {
    /// Reads the files; connects to nothing.
    ///
    /// # Errors
    /// Where the address or one of the files cannot be used; it says which.
    pub fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let limits = (settings.connect_timeout, settings.request_timeout);
        let proxy = settings.proxy.as_ref();
        Client::to((&settings.base_url, proxy), tls_of(settings)?, limits)
    }

    /// As [`Client::new`], without our certificate: to see whether a server takes a connection.
    /// `ca` is a further trusted root.
    ///
    /// # Errors
    /// Where the address cannot be used.
    pub fn anonymous(
        base_url: &str,
        ca: Option<&[u8]>,
        limit: Duration,
    ) -> Result<Self, ClientError> {
        Client::to((base_url, None), anonymous_tls(ca)?, (limit, limit))
    }

    fn to(
        there: (&str, Option<&ProxySettings>),
        config: rustls::ClientConfig,
        limits: (Duration, Duration),
    ) -> Result<Self, ClientError> {
        let upstream = Upstream::new(there, config, limits)?;
        Ok(Client(To::Gateway(Arc::new(upstream))))
    }

    /// A client whose requests `player` answers.
    #[must_use]
    pub fn played(player: Arc<dyn Player>) -> Self {
        Client(To::Player(player, Arc::default()))
    }

    /// A connection of its own for one worker, not opened yet.
    #[must_use]
    pub fn connection(&self) -> Connection {
        Connection {
            to: self.0.clone(),
            link: None,
            left: None,
            line: None,
        }
    }
}

/// The TLS set-up of these settings: our certificate, our key, trusted roots.
pub(super) fn tls_of(settings: &ClientSettings) -> Result<rustls::ClientConfig, ClientError> {
    tls::config(settings.ca.as_deref(), &settings.certificate, &settings.key)
}

/// TLS without our certificate, for those who are told of runs: that is for WeChat Pay alone.
///
/// # Errors
/// Where TLS itself cannot be set up.
pub fn anonymous_tls(ca: Option<&[u8]>) -> Result<rustls::ClientConfig, ClientError> {
    tls::anonymous(ca)
}

/// Numbers what is opened, from 1.
fn next(opened: &AtomicU64) -> u64 {
    opened.fetch_add(1, Ordering::Relaxed) + 1
}

impl Connection {
    /// Makes sure the connection is open: the one at hand if it rested less than ten seconds and
    /// the other side has not closed it, else a new one.
    ///
    /// # Errors
    /// Where none can be opened within `connect_timeout`. Nothing was sent.
    pub async fn ready(&mut self) -> Result<Ready<'_>, NotSent> {
        if !self.is_open().await {
            self.close();
            if let Some(left) = self.left.take() {
                // Both would be open at once, as the other side sees it.
                let _ = timeout(LEAVE, left.end()).await;
            }
            match &self.to {
                To::Gateway(gateway) => match gateway.connect().await {
                    Err(NotSent::Proxy(_)) if planted!(ProxyAnswerIsReply) => {}
                    opened => {
                        let mut link = opened?;
                        link.number = next(&gateway.opened);
                        self.link = Some(Box::new(link));
                    }
                },
                To::Player(_, opened) => {
                    let (number, is_fresh) = (next(opened), true);
                    self.line = Some(Line { number, is_fresh });
                }
            }
        }
        Ok(Ready(self))
    }

    /// Drops what is open: what may still come over it is nobody's.
    pub fn close(&mut self) {
        self.left = self.link.take().or(self.left.take());
        self.line = None;
    }

    /// Whether the next answer is the first on its connection.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.link.as_ref().is_none_or(|link| link.is_fresh)
            && self.line.is_none_or(|line| line.is_fresh)
    }

    /// Tells what is open from all that was open before; 0 for nothing.
    #[must_use]
    pub fn line(&self) -> u64 {
        let line = self.line.map(|line| line.number);
        let number = line.or_else(|| self.link.as_ref().map(|link| link.number));
        number.unwrap_or(0)
    }

    async fn is_open(&mut self) -> bool {
        if self.line.is_some() {
            return true;
        }
        match &mut self.link {
            Some(link) if link.idle_since.elapsed() < MAX_IDLE => {
                if link.idle_since.elapsed() > JUST_USED {
                    // Lets the reactor tell of a close that has arrived meanwhile.
                    tokio::task::yield_now().await;
                }
                link.is_open().await
            }
            Some(_) | None => false,
        }
    }
}

impl Ready<'_> {
    /// Sends `body` and waits for the whole answer. A connection on which anything failed is
    /// dropped, and so is one whose future is dropped midway.
    pub async fn post(self, path: &'static str, body: Vec<u8>) -> Exchange {
        let Ready(Connection { to, link, line, .. }) = self;
        let gateway = match to {
            To::Gateway(gateway) => gateway,
            To::Player(player, _) => return play(player.as_ref(), line, path, body).await,
        };
        let Some(mut open) = link.take() else {
            if planted!(ProxyAnswerIsReply) {
                return Exchange::Reply(Reply {
                    status: 502,
                    body: Vec::new(),
                    date: None,
                    is_first: true,
                });
            }
            return Exchange::NotSent(NotSent::Connect("not open".to_owned()));
        };
        let request = match link::request(&gateway.host_header, path, body) {
            Ok(request) => request,
            Err(error) => return Exchange::NotSent(NotSent::Connect(error.to_string())),
        };
        let exchange = timeout(gateway.request_timeout, open.exchange(request)).await;
        let exchange = exchange.unwrap_or(Exchange::InDoubt(Doubt::Timeout));
        if matches!(exchange, Exchange::Reply(_)) && open.is_reusable {
            open.idle_since = Instant::now();
            *link = Some(open);
        }
        exchange
    }
}
