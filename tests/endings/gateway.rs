//! A gateway that says what a test gives it, and goes away when the test says so.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};
use tokio::net::TcpSocket;

use crate::wire::pki::Pki;

const NOT_FOUND: &str = "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
     <err_code>NOT_FOUND</err_code></xml>";

/// What becomes of a request.
#[derive(Debug, Clone)]
pub(crate) enum Say {
    /// This document.
    This(String),
    /// Nothing, for ever.
    Nothing,
    /// The number is not known.
    NotFound,
    /// The number is not known, and the gateway goes away.
    NotFoundAndGone,
    /// It goes away without an answer.
    Gone,
}

/// Serves until the process ends.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
}

impl Gateway {
    /// `says` is told whether a request is a send, and how many of its kind came before.
    pub(crate) fn start(says: impl Fn(bool, usize) -> Say + Send + Sync + 'static) -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let (is_gone, says) = (Arc::<AtomicBool>::default(), Arc::new(says));
        let counts = Arc::<[AtomicUsize; 2]>::default();
        thread::spawn(move || {
            // The port is closed once it is gone: then a connection is refused.
            while !is_gone.load(Ordering::SeqCst) {
                let Ok((tcp, _)) = listener.accept() else {
                    thread::sleep(Duration::from_millis(5));
                    continue;
                };
                tcp.set_nonblocking(false).unwrap();
                let (is_gone, says) = (Arc::clone(&is_gone), Arc::clone(&says));
                let counts = Arc::clone(&counts);
                thread::spawn(move || {
                    let say = |is_send: bool| {
                        let place = usize::from(is_send);
                        says(is_send, counts[place].fetch_add(1, Ordering::SeqCst))
                    };
                    // A client that goes away is no fault of the gateway.
                    let _ = serve(tcp, &is_gone, say);
                });
            }
            drop(listener);
            // The port stays ours: no other test's server is to be met there.
            std::mem::forget(bound(address));
        });
        Gateway { address }
    }
}

/// A port that is taken, and where nobody listens.
pub(crate) fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

fn serve(
    tcp: TcpStream,
    is_gone: &AtomicBool,
    mut say: impl FnMut(bool) -> Say,
) -> std::io::Result<()> {
    let tls = ServerConnection::new(Arc::clone(&Pki::shared().good)).unwrap();
    let mut stream = StreamOwned::new(tls, tcp);
    if let Some(is_send) = request(&mut stream)? {
        let (text, goes) = match say(is_send) {
            Say::This(text) => (text, false),
            Say::NotFound => (NOT_FOUND.to_owned(), false),
            Say::NotFoundAndGone => (NOT_FOUND.to_owned(), true),
            Say::Nothing => loop {
                thread::park();
            },
            Say::Gone => {
                is_gone.store(true, Ordering::SeqCst);
                return Ok(());
            }
        };
        if goes {
            is_gone.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(50));
        }
        let length = text.len();
        // One request a connection: none is left over once it is gone.
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}"
        )?;
        stream.conn.send_close_notify();
        return stream.flush();
    }
    Ok(())
}

/// Reads a request to its end; whether it is a send.
fn request(stream: &mut impl Read) -> std::io::Result<Option<bool>> {
    let mut read = Vec::new();
    loop {
        let mut some = [0; 4096];
        let count = stream.read(&mut some)?;
        if count == 0 {
            return Ok(None);
        }
        read.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_it = name.eq_ignore_ascii_case("content-length");
            is_it.then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap() {
            return Ok(Some(head.contains("/sendminiprogramhb ")));
        }
    }
}
