//! The simulator as a server: connections, TLS, and what a fault does to an answer on its way.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::durable::DurableGateway;
use super::http::{Arrival, HttpRequest, HttpWire, answer_head};
use crate::simulator::clock::SimulatorClock;
use crate::simulator::wire::reply::{Delivery, GatewayReply};
use crate::simulator::wire::times::HttpDate;

/// How long a client may take over its TLS handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// Everything that a connection needs.
#[derive(Clone)]
pub(in crate::simulator) struct ServerParts {
    /// The gateway.
    pub(in crate::simulator) durable: DurableGateway,
    /// The time.
    pub(in crate::simulator) clock: SimulatorClock,
    /// TLS.
    pub(in crate::simulator) acceptor: TlsAcceptor,
}

/// Takes connections until it is dropped, and its connections with it.
pub(in crate::simulator) async fn serve(listener: TcpListener, shared: ServerParts) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(attend(stream, shared.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "the simulator could not take a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn attend(stream: TcpStream, shared: ServerParts) {
    if let Err(error) = converse(stream, &shared).await {
        tracing::debug!(%error, "a connection to the simulator ended");
    }
}

/// Counts a connection for as long as it can be spoken on. Where a client replaces one, the end of
/// the old one is known here before the new one's handshake is over.
struct Open(DurableGateway);

impl Open {
    fn new(durable: &DurableGateway) -> Self {
        durable.with(|gateway| gateway.traffic.connected());
        Open(durable.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.with(|gateway| gateway.traffic.disconnected());
    }
}

async fn converse(stream: TcpStream, shared: &ServerParts) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let handshake = shared.acceptor.accept(stream);
    let stream = tokio::time::timeout(HANDSHAKE_LIMIT, handshake).await??;
    let _open = Open::new(&shared.durable);
    let mut wire = HttpWire::new(stream);
    let mut answers = Answers::default();
    loop {
        match wire.arrival().await? {
            Arrival::Request(request) => {
                if !answers.attend_to(&mut wire, &request, shared).await? {
                    return Ok(());
                }
                if !request.stays {
                    return wire.close().await;
                }
            }
            Arrival::Bad(status) => {
                let reply = GatewayReply::page(status);
                answers.begin(&reply, shared, false);
                wire.write(answers.with(&reply.body)).await?;
                return wire.close().await;
            }
            Arrival::Over => return wire.close().await,
        }
    }
}

/// What a connection keeps from one answer to the next.
#[derive(Default)]
struct Answers {
    date: HttpDate,
    bytes: Vec<u8>,
}

impl Answers {
    /// Answers one request, and says whether the connection is still whole.
    async fn attend_to<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        wire: &mut HttpWire<S>,
        request: &HttpRequest,
        shared: &ServerParts,
    ) -> io::Result<bool> {
        let _unsent = shared.durable.unsent();
        let busy = shared.durable.begin();
        let HttpRequest { path, body, .. } = request;
        let reply = busy.answer(path, body, &shared.clock).await;
        match reply.delivery {
            Delivery::Never => return Ok(false),
            Delivery::Whole => {}
            Delivery::Cut { bytes } => {
                self.begin(&reply, shared, true);
                wire.write(self.with(&reply.body[..bytes])).await?;
                return Ok(false);
            }
            Delivery::Late { ms } => {
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(ms)) => {}
                    () = wire.gone() => return Ok(false),
                }
            }
        }
        drop(busy);
        self.begin(&reply, shared, request.stays);
        wire.write(self.with(&reply.body)).await?;
        Ok(true)
    }

    /// Writes the head of an answer.
    fn begin(&mut self, reply: &GatewayReply, shared: &ServerParts, stays: bool) {
        let date = self.date.at((shared.clock)());
        let body = (reply.body.len(), reply.digest.as_deref());
        self.bytes.clear();
        answer_head(&mut self.bytes, reply.status, body, date, stays);
    }

    /// The head with as much of the body.
    fn with(&mut self, body: &[u8]) -> &[u8] {
        self.bytes.extend_from_slice(body);
        &self.bytes
    }
}
