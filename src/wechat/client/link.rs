//! One open connection, driven by the future that uses it.
//!
//! hyper's connection is usually spawned as a task. Here the caller that waits for the answer polls
//! it: no task, no channel hop, a cancelled wait closes the socket, and the connection's own error,
//! which says more than the request's, is at hand.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper_util::rt::TokioIo;
use jiff::fmt::rfc2822::DateTimeParser;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use super::tls::is_about_a_certificate;
use crate::domain::outcome::{Doubt, NotSent};
use crate::wechat::reply::{Exchange, Reply};
use crate::wechat::xml::MAX_BYTES;

type Body1 = Full<Bytes>;
type Wire = http1::Connection<TokioIo<TlsStream<TcpStream>>, Body1>;

/// An open connection.
pub(super) struct Link {
    sender: SendRequest<Body1>,
    driver: Driver,
    /// When the last exchange ended.
    pub(super) idle_since: Instant,
    /// Whether the last exchange left nothing unread.
    pub(super) is_reusable: bool,
    /// Whether no answer came over it yet.
    pub(super) is_fresh: bool,
    /// Tells it from others of the client.
    pub(super) number: u64,
}

/// hyper's side of the connection, as long as it runs.
struct Driver {
    wire: Option<Wire>,
    broken: Option<hyper::Error>,
}

/// A send, with nothing in it that changes but its body.
pub(super) fn request(
    host: &HeaderValue,
    path: &'static str,
    body: Vec<u8>,
) -> Result<Request<Body1>, hyper::http::Error> {
    const XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");
    const AGENT: HeaderValue =
        HeaderValue::from_static(concat!("hongbao/", env!("CARGO_PKG_VERSION")));
    let uri = hyper::Uri::from_maybe_shared(Bytes::from_static(path.as_bytes()))?;
    Request::post(uri)
        .header(HOST, host)
        .header(CONTENT_TYPE, XML)
        .header(USER_AGENT, AGENT)
        .body(Full::new(Bytes::from(body)))
}

impl Link {
    pub(super) async fn over(tls: TlsStream<TcpStream>) -> Result<Self, NotSent> {
        let (sender, wire) = http1::handshake(TokioIo::new(tls))
            .await
            .map_err(|error| NotSent::Connect(error.to_string()))?;
        tracing::debug!("a connection is open");
        Ok(Link {
            sender,
            driver: Driver {
                wire: Some(wire),
                broken: None,
            },
            idle_since: Instant::now(),
            is_reusable: true,
            is_fresh: true,
            number: 0,
        })
    }

    /// Looks once whether the other side has closed or spoken out of turn.
    pub(super) async fn is_open(&mut self) -> bool {
        poll_fn(|context| {
            self.driver.turn(context);
            Poll::Ready(())
        })
        .await;
        self.driver.wire.is_some() && self.sender.is_ready()
    }

    /// Says that it is over, and waits until the other side has said so too, whatever it says
    /// before.
    pub(super) async fn end(self) {
        let Some(wire) = self.driver.wire else { return };
        let mut tls = wire.into_parts().io.into_inner();
        let mut rest = [0; 1024];
        if tls.shutdown().await.is_ok() {
            while let Ok(1..) = tls.read(&mut rest).await {}
        }
    }

    /// Sends the request and reads the whole answer, without a time limit of its own.
    pub(super) async fn exchange(&mut self, request: Request<Body1>) -> Exchange {
        // The permit may have been long in coming.
        if !self.is_open().await {
            return Exchange::NotSent(self.driver.closed(None));
        }
        let sending = self.sender.try_send_request(request);
        let response = match self.driver.run(sending).await {
            Ok(response) => response,
            Err(error) => return self.driver.unanswered(error),
        };
        let is_first = std::mem::replace(&mut self.is_fresh, false);
        let status = response.status().as_u16();
        let date = date(response.headers());
        let body = match self.whole(response.into_body()).await {
            Ok(body) => body,
            // Such an answer is judged by its status alone.
            Err(_) if status != 200 => Vec::new(),
            Err(doubt) => return Exchange::InDoubt(doubt),
        };
        Exchange::Reply(Reply {
            status,
            body,
            date,
            is_first,
        })
    }

    async fn whole(&mut self, mut incoming: Incoming) -> Result<Vec<u8>, Doubt> {
        self.is_reusable = false;
        let announced = usize::try_from(incoming.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > MAX_BYTES {
            return Err(too_long());
        }
        let mut body = Vec::with_capacity(announced);
        while let Some(frame) = self.driver.run(incoming.frame()).await {
            let frame = frame.map_err(|error| self.driver.cut(error))?;
            let data = frame.data_ref().map_or(&[][..], |data| data);
            if body.len() + data.len() > MAX_BYTES {
                return Err(too_long());
            }
            body.extend_from_slice(data);
        }
        self.is_reusable = true;
        Ok(body)
    }
}

impl Driver {
    /// Does what the connection can do now. One that has ended is dropped, which answers a
    /// request still waiting on it.
    fn turn(&mut self, context: &mut Context<'_>) {
        if let Some(wire) = &mut self.wire
            && let Poll::Ready(end) = Pin::new(wire).poll(context)
        {
            self.broken = end.err();
            self.wire = None;
        }
    }

    /// Waits for `awaited`, moving the connection meanwhile.
    async fn run<F: Future>(&mut self, awaited: F) -> F::Output {
        let mut awaited = pin!(awaited);
        poll_fn(|context| {
            self.turn(context);
            awaited.as_mut().poll(context)
        })
        .await
    }

    /// A request that hyper hands back was never begun; of any other nothing is known.
    fn unanswered(&mut self, mut error: TrySendError<Request<Body1>>) -> Exchange {
        match error.take_message() {
            Some(_) => Exchange::NotSent(self.closed(Some(error.into_error()))),
            None => Exchange::InDoubt(self.doubt(error.into_error())),
        }
    }

    /// Why the connection was gone before the request.
    fn closed(&mut self, told: Option<hyper::Error>) -> NotSent {
        match self.broken.take().or(told) {
            Some(error) if is_about_a_certificate(&error) => NotSent::Certificate(causes(&error)),
            Some(error) => NotSent::Connect(causes(&error)),
            None => NotSent::Connect("closed before the request was written".to_owned()),
        }
    }

    /// The doubt after a failure within the answer: it says nothing of our certificate.
    fn cut(&mut self, error: hyper::Error) -> Doubt {
        let doubt = self.doubt(error);
        if let Doubt::ConnectionLost(why) = doubt {
            Doubt::AnswerCut(why)
        } else {
            doubt
        }
    }

    /// The doubt after a failure once the request may have left.
    fn doubt(&mut self, error: hyper::Error) -> Doubt {
        let error = self.broken.take().unwrap_or(error);
        if is_about_a_certificate(&error) {
            Doubt::CertificateAlert(causes(&error))
        } else {
            Doubt::ConnectionLost(causes(&error))
        }
    }
}

fn too_long() -> Doubt {
    Doubt::Malformed("longer than 64 KiB".to_owned())
}

/// The gateway's clock.
fn date(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let stamp = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(stamp.as_second())
}

/// An error with all that lies behind it.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    // rustls names a page of its manual; it tells a merchant nothing.
    let end = text.find(": https://").unwrap_or(text.len());
    text.truncate(end);
    text
}
