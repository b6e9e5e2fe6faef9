//! Where the gateway is, and a connection to it: name, TCP, proxy, TLS.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use hyper::header::HeaderValue;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::address::host_and_port;
use super::error::ClientError;
use super::link::Link;
use super::tls;
use super::tunnel::{ProxySettings, Tunnel};
use crate::domain::outcome::{NotSent, ProxyFault};

/// The gateway as a client knows it.
pub(super) struct Upstream {
    tls: TlsConnector,
    name: ServerName<'static>,
    host: String,
    port: u16,
    tunnel: Option<Tunnel>,
    pub(super) host_header: HeaderValue,
    connect_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) opened: AtomicU64,
}

impl Upstream {
    /// Connects to nothing. The limits are of a connection and of a request.
    pub(super) fn new(
        (base_url, proxy): (&str, Option<&ProxySettings>),
        config: ClientConfig,
        (connect_timeout, request_timeout): (Duration, Duration),
    ) -> Result<Upstream, ClientError> {
        let bad_url = || ClientError::BaseUrl(base_url.to_owned());
        let (host, port) = host_and_port(base_url).ok_or_else(bad_url)?;
        let authority = if port == 443 {
            host.clone()
        } else {
            format!("{host}:{port}")
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Upstream {
            tls: TlsConnector::from(Arc::new(config)),
            name: ServerName::try_from(host.clone()).map_err(|_| bad_url())?,
            host,
            port,
            tunnel: proxy.map(Tunnel::new).transpose()?,
            host_header: HeaderValue::try_from(authority).map_err(|_| bad_url())?,
            connect_timeout,
            request_timeout,
            opened: AtomicU64::new(0),
        })
    }

    pub(super) async fn connect(&self) -> Result<Link, NotSent> {
        let deadline = Instant::now() + self.connect_timeout;
        let tcp = match &self.tunnel {
            None => tcp(&self.host, self.port, deadline).await?,
            Some(tunnel) => self.tunnelled(tunnel, deadline).await?,
        };
        let tls = timeout_at(deadline, self.tls.connect(self.name.clone(), tcp)).await;
        let tls = tls.map_err(|_| NotSent::Handshake("time limit".to_owned()))?;
        let tls = tls.map_err(|error| {
            if let Some(dates) = tls::dates(&error) {
                NotSent::Dates(dates)
            } else if tls::is_about_a_certificate(&error) {
                NotSent::Certificate(error.to_string())
            } else {
                NotSent::Handshake(error.to_string())
            }
        })?;
        Link::over(tls).await
    }

    /// The proxy looks up the gateway's name.
    async fn tunnelled(&self, tunnel: &Tunnel, deadline: Instant) -> Result<TcpStream, NotSent> {
        let reached = tcp(&tunnel.host, tunnel.port, deadline).await;
        let reached = reached.map_err(|fault| NotSent::Proxy(unreached(fault)))?;
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        let authority = format!("{host}:{}", self.port);
        let through = tunnel.through(reached, &authority, deadline).await;
        through.map_err(NotSent::Proxy)
    }
}

/// The way to the proxy failed, and no more is known.
fn unreached(fault: NotSent) -> ProxyFault {
    match fault {
        NotSent::Name(detail)
        | NotSent::Connect(detail)
        | NotSent::Handshake(detail)
        | NotSent::Certificate(detail) => ProxyFault::Unreached(detail),
        NotSent::Dates(dates) => ProxyFault::Unreached(dates.to_string()),
        NotSent::Proxy(fault) => fault,
        NotSent::NotBegun => ProxyFault::Silent,
    }
}

/// Tries the addresses in turn. Each gets an equal share of the time that is left, so that a dead
/// IPv6 route does not use up all of it.
async fn tcp(host: &str, port: u16, deadline: Instant) -> Result<TcpStream, NotSent> {
    let found = timeout_at(deadline, lookup_host((host, port))).await;
    let found = found.map_err(|_| NotSent::Name("time limit".to_owned()))?;
    let found = found.map_err(|error| NotSent::Name(error.to_string()))?;
    let addresses: Vec<_> = found.collect();
    let mut fault = NotSent::Name(format!("{host} has no address"));
    for (address, left) in addresses.iter().zip((1..=addresses.len()).rev()) {
        let share = u32::try_from(left).unwrap_or(u32::MAX);
        let time = deadline.saturating_duration_since(Instant::now()) / share;
        fault = match timeout(time, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                let set = tcp.set_nodelay(true);
                return set
                    .map(|()| tcp)
                    .map_err(|error| NotSent::Connect(error.to_string()));
            }
            Ok(Err(error)) => NotSent::Connect(format!("{address}: {error}")),
            Err(_) => NotSent::Connect(format!("{address}: time limit")),
        };
    }
    Err(fault)
}
