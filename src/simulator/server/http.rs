//! HTTP/1.1 framed by hand, because a fault must be able to cut an answer anywhere.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The longest head of a request.
const HEAD_LIMIT: usize = 16 * 1024;
/// The longest body of a request.
const BODY_LIMIT: usize = 64 * 1024;

/// A connection, with what was read of it and not used yet.
#[derive(Debug)]
pub(super) struct HttpWire<S> {
    stream: S,
    unread: Vec<u8>,
}

/// The next thing that came over a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// A whole request.
    Request(HttpRequest),
    /// Something else; the status says what is wrong with it.
    Bad(u16),
    /// The end.
    Over,
}

/// A POST request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HttpRequest {
    /// Where to.
    pub(in crate::simulator) path: String,
    /// Its body.
    pub(in crate::simulator) body: Vec<u8>,
    /// Whether the client wants to ask more on this connection.
    pub(in crate::simulator) stays: bool,
}

/// The head of a request.
struct RequestHead {
    path: String,
    body_length: usize,
    stays: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> HttpWire<S> {
    /// A wire over an open stream.
    pub(super) fn new(stream: S) -> Self {
        HttpWire {
            stream,
            unread: Vec::with_capacity(4 * 1024),
        }
    }

    /// Waits for the next request.
    pub(super) async fn arrival(&mut self) -> io::Result<Arrival> {
        let head_length = loop {
            if let Some(at) = end_of_head(&self.unread) {
                break at;
            }
            if self.unread.len() > HEAD_LIMIT {
                return Ok(Arrival::Bad(431));
            }
            if self.read_more().await? == 0 {
                return Ok(Arrival::Over);
            }
        };
        let head = match read_head(&self.unread[..head_length]) {
            Ok(head) => head,
            Err(status) => return Ok(Arrival::Bad(status)),
        };
        let end = head_length + head.body_length;
        while self.unread.len() < end {
            if self.read_more().await? == 0 {
                return Ok(Arrival::Over);
            }
        }
        let body = self.unread[head_length..end].to_vec();
        self.unread.drain(..end);
        Ok(Arrival::Request(HttpRequest {
            path: head.path,
            body,
            stays: head.stays,
        }))
    }

    /// Returns once the client has gone. Bytes that come first are kept for later.
    pub(super) async fn gone(&mut self) {
        while self.unread.len() <= HEAD_LIMIT + BODY_LIMIT {
            if !matches!(self.read_more().await, Ok(1..)) {
                return;
            }
        }
        std::future::pending::<()>().await;
    }

    /// Writes bytes and sees them off.
    pub(in crate::simulator) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// Says goodbye as TLS asks for.
    pub(in crate::simulator) async fn close(mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    async fn read_more(&mut self) -> io::Result<usize> {
        self.stream.read_buf(&mut self.unread).await
    }
}

/// Writes the head of an answer, which promises `length` bytes of body.
pub(super) fn answer_head(
    out: &mut Vec<u8>,
    status: u16,
    (length, digest): (usize, Option<&str>),
    date: &str,
    stays: bool,
) {
    let phrase = match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        _ => "Unknown",
    };
    let content = if digest.is_some() {
        "text/plain"
    } else if status == 200 {
        "text/xml"
    } else {
        "text/html"
    };
    let digest = digest.map(|digest| ["\r\nDigest: ", digest]);
    let connection = if stays { "keep-alive" } else { "close" };
    let (status, length) = (status.to_string(), length.to_string());
    let lines: [&[&str]; 6] = [
        &["HTTP/1.1 ", &status, " ", phrase],
        &["\r\nServer: nginx\r\nDate: ", date],
        &["\r\nContent-Type: ", content],
        &["\r\nContent-Length: ", &length],
        digest.as_ref().map_or(&[], |digest| &digest[..]),
        &["\r\nConnection: ", connection, "\r\n\r\n"],
    ];
    for part in lines.into_iter().flatten() {
        out.extend_from_slice(part.as_bytes());
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Reads a head, or says with which status it is refused.
fn read_head(bytes: &[u8]) -> Result<RequestHead, u16> {
    let text = std::str::from_utf8(bytes).map_err(|_| 400_u16)?;
    let mut lines = text.split("\r\n");
    let mut words = lines.next().unwrap_or("").split(' ');
    let (method, path, version) = (words.next(), words.next(), words.next());
    let path = path.ok_or(400_u16)?.to_owned();
    let mut stays = version == Some("HTTP/1.1");
    let mut body_length = None;
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(400_u16)?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            body_length = Some(value.parse().map_err(|_| 400_u16)?);
        } else if name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close") {
            stays = false;
        }
    }
    if method != Some("POST") {
        return Err(405);
    }
    let body_length: usize = body_length.ok_or(411_u16)?;
    if body_length > BODY_LIMIT {
        return Err(413);
    }
    Ok(RequestHead {
        path,
        body_length,
        stays,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn arrivals(bytes: &[u8]) -> Vec<Arrival> {
        let (mut client, server) = tokio::io::duplex(256 * 1024);
        client.write_all(bytes).await.unwrap();
        drop(client);
        let mut wire = HttpWire::new(server);
        let mut arrivals = Vec::new();
        loop {
            arrivals.push(wire.arrival().await.unwrap());
            if !matches!(arrivals.last(), Some(Arrival::Request(_))) {
                return arrivals;
            }
        }
    }

    #[tokio::test]
    async fn requests_on_one_connection_are_told_apart() {
        let bytes = b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi\
            POST /b HTTP/1.1\r\ncontent-length: 0\r\nConnection: close\r\n\r\n";
        let request = |path: &str, body: &[u8], stays| {
            let (path, body) = (path.to_owned(), body.to_vec());
            Arrival::Request(HttpRequest { path, body, stays })
        };
        let expected = [
            request("/a", b"hi", true),
            request("/b", b"", false),
            Arrival::Over,
        ];
        assert_eq!(arrivals(bytes).await, expected);
    }

    #[tokio::test]
    async fn what_is_not_a_plain_post_is_refused() {
        let cases: [(&[u8], u16); 5] = [
            (b"GET / HTTP/1.1\r\n\r\n", 405),
            (b"POST / HTTP/1.1\r\n\r\n", 411),
            (b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413),
            (b"POST / HTTP/1.1\r\nnonsense\r\n\r\n", 400),
            (&vec![b'x'; 20_000], 431),
        ];
        for (bytes, status) in cases {
            assert_eq!(arrivals(bytes).await, [Arrival::Bad(status)]);
        }
        let cut = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf";
        assert_eq!(arrivals(cut).await, [Arrival::Over]);
    }
}
