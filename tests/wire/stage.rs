//! Performs what the server does on a connection, byte by byte.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_rustls::server::TlsStream;

use super::act::{Act, GIBIBYTE};
use super::books::Books;

pub(crate) type Tls = BufReader<TlsStream<TcpStream>>;

impl Act {
    /// Does it; `None` where the connection is over.
    pub(crate) async fn perform(self, tls: &mut Tls, books: &Books) -> Option<()> {
        match self {
            Act::Say(bytes) => say(tls, &bytes).await,
            Act::Drip(bytes) => {
                for byte in bytes {
                    say(tls, &[byte]).await?;
                    sleep(Duration::from_secs(1)).await;
                }
                Some(())
            }
            Act::Flood => flood(tls, b"", books).await,
            Act::FloodInChunks => flood(tls, b"10000\r\n", books).await,
            Act::Bare(bytes) => {
                tls.get_mut().get_mut().0.write_all(bytes).await.ok()?;
                drain(tls).await;
                None
            }
            Act::HalfClose => {
                let _ = tls.shutdown().await;
                drain(tls).await;
                None
            }
            Act::Close => {
                let _ = tls.shutdown().await;
                None
            }
            Act::Cut => None,
            Act::Reset => {
                reset(tcp_of(tls));
                None
            }
            Act::Hang => {
                drain(tls).await;
                None
            }
        }
    }
}

/// As much of a gibibyte as is taken, in pieces behind `head`.
async fn flood(tls: &mut Tls, head: &[u8], books: &Books) -> Option<()> {
    let mut piece = head.to_vec();
    piece.resize(head.len() + (1 << 16), b' ');
    if !head.is_empty() {
        piece.extend(b"\r\n");
    }
    let mut written = 0;
    while written < GIBIBYTE && say(tls, &piece).await.is_some() {
        written += piece.len();
    }
    let mut account = books.account();
    account.flood = account.flood.max(written);
    None
}

async fn say(tls: &mut Tls, bytes: &[u8]) -> Option<()> {
    tls.write_all(bytes).await.ok()?;
    tls.flush().await.ok()
}

/// Reads until the client leaves.
pub(crate) async fn drain(from: &mut (impl AsyncReadExt + Unpin)) {
    let mut buffer = [0; 1024];
    while from.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

pub(crate) fn tcp_of(tls: &Tls) -> &TcpStream {
    tls.get_ref().get_ref().0
}

pub(crate) fn reset(tcp: &TcpStream) {
    // Where the client has left already there is nothing to reset.
    let _ = tcp.set_zero_linger();
}
