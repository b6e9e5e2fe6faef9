//! The way through a proxy: CONNECT, and then TLS to the gateway itself inside.
//!
//! Nothing of a request is made before the tunnel stands and the gateway has shown its certificate
//! in it. So whatever the proxy answers or does not, the request was not sent; and nothing that the
//! proxy says is ever read as an answer of WeChat Pay.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::address::proxy_host_and_port;
use super::error::ClientError;
use crate::domain::outcome::ProxyFault;

/// More than the head of any answer to CONNECT.
const HEAD_MAX: usize = 16 * 1024;

/// A proxy in front of the gateway.
#[derive(Debug, Clone)]
pub struct ProxySettings {
    /// `http://host:port`.
    pub url: String,
    /// `user:password`, for a proxy that wants them.
    pub auth: Option<SecretString>,
}

/// A proxy as a client knows it.
pub(super) struct Tunnel {
    pub(super) host: String,
    pub(super) port: u16,
    auth: Option<SecretString>,
}

impl Tunnel {
    pub(super) fn new(settings: &ProxySettings) -> Result<Tunnel, ClientError> {
        let found = proxy_host_and_port(&settings.url);
        let (host, port) = found.ok_or_else(|| ClientError::Proxy(settings.url.clone()))?;
        Ok(Tunnel {
            host,
            port,
            auth: settings.auth.clone(),
        })
    }

    /// Asks the proxy on this connection for the way to `authority`.
    pub(super) async fn through(
        &self,
        mut tcp: TcpStream,
        authority: &str,
        deadline: Instant,
    ) -> Result<TcpStream, ProxyFault> {
        let asked = timeout_at(deadline, self.ask(&mut tcp, authority)).await;
        asked.unwrap_or(Err(ProxyFault::Silent))?;
        Ok(tcp)
    }

    async fn ask(&self, tcp: &mut TcpStream, authority: &str) -> Result<(), ProxyFault> {
        let lost = |_| ProxyFault::Closed;
        tcp.write_all(self.head(authority).as_bytes())
            .await
            .map_err(lost)?;
        let (mut head, mut piece) = (Vec::new(), [0; 1024]);
        loop {
            let count = tcp.read(&mut piece).await.map_err(lost)?;
            if count == 0 {
                return Err(ProxyFault::Closed);
            }
            head.extend_from_slice(&piece[..count]);
            if !b"HTTP/1."[..].starts_with(&head[..head.len().min(7)]) || head.len() > HEAD_MAX {
                return Err(ProxyFault::Garbled);
            }
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                // TLS is begun by us: what is said already is not the gateway's.
                let is_all = head.len() == end + 4;
                return match status(&head) {
                    Some(200..=299) if is_all => Ok(()),
                    Some(200..=299) | None => Err(ProxyFault::Garbled),
                    Some(status) => Err(ProxyFault::Refused(status)),
                };
            }
        }
    }

    fn head(&self, authority: &str) -> Zeroizing<String> {
        let agent = concat!("hongbao/", env!("CARGO_PKG_VERSION"));
        let mut head = Zeroizing::new(format!(
            "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {agent}\r\n"
        ));
        if let Some(auth) = &self.auth {
            let basic = Zeroizing::new(STANDARD.encode(auth.expose_secret()));
            head.push_str("Proxy-Authorization: Basic ");
            head.push_str(&basic);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        head
    }
}

/// Of `HTTP/1.1 200 …`.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line.get(..12)?).ok()?;
    let digits = line
        .strip_prefix("HTTP/1.1 ")
        .or(line.strip_prefix("HTTP/1.0 "))?;
    digits
        .parse()
        .ok()
        .filter(|status| (100..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_an_answer_is_read_and_nothing_else_taken_for_one() {
        assert_eq!(status(b"HTTP/1.1 200 OK\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 200\r\n\r\n"), Some(200));
        assert_eq!(
            status(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
            Some(407)
        );
        for none in [
            "",
            "HTTP/1.1",
            "HTTP/2 200\r\n",
            "HTTP/1.1 2x0 ",
            "HTTP/1.1 999 ",
            "<xml>",
        ] {
            assert_eq!(status(none.as_bytes()), None, "{none}");
        }
    }
}
