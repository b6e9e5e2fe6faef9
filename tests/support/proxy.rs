//! An HTTP proxy that takes CONNECT, and does to each connection what it is told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What a proxy does to a connection.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// Leads through.
    Through,
    /// Leads through where the request has this line.
    Wants(String),
    /// Writes this in place of an answer, and closes.
    Says(String),
    /// Says nothing, and keeps the connection.
    Silent,
    /// Leads through, and cuts both sides once so many bytes came from the client.
    CutsAfter(usize),
}

/// A proxy on this machine, until the test has ended.
pub(crate) struct Proxy {
    port: u16,
    way: Arc<Mutex<Vec<Way>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// The ways of its connections, one after the other and then from the first again.
    pub(crate) fn start(ways: Vec<Way>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy {
            port: listener.local_addr().unwrap().port(),
            way: Arc::new(Mutex::new(ways)),
            asked: Arc::default(),
        };
        let (way, asked) = (Arc::clone(&proxy.way), Arc::clone(&proxy.asked));
        thread::spawn(move || {
            for (number, client) in listener.incoming().enumerate() {
                let Ok(client) = client else { continue };
                let ways = way.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let (way, asked) = (ways[number % ways.len()].clone(), Arc::clone(&asked));
                thread::spawn(move || serve(client, &way, &asked));
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn change(&self, ways: Vec<Way>) {
        *self.way.lock().unwrap() = ways;
    }

    /// The heads of all requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Errors end the connection, and nothing else.
fn serve(mut client: TcpStream, way: &Way, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    asked.lock().unwrap().push(head.clone());
    let (answer, limit) = match way {
        Way::Silent => {
            thread::sleep(Duration::from_secs(30));
            return None;
        }
        Way::Says(text) => (Some(text.clone()), 0),
        Way::Wants(line) if !head.contains(line) => {
            let refused = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                           Proxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
            (Some(refused.to_owned()), 0)
        }
        Way::Wants(_) | Way::Through => (None, usize::MAX),
        Way::CutsAfter(count) => (None, *count),
    };
    if let Some(answer) = answer {
        client.write_all(answer.as_bytes()).ok()?;
        return client.shutdown(Shutdown::Write).ok();
    }
    let authority = head.split(' ').nth(1)?;
    let mut gateway = TcpStream::connect(authority).ok()?;
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .ok()?;
    let (mut from, mut to) = (gateway.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    let (mut piece, mut left) = ([0; 4096], limit);
    loop {
        let count = client.read(&mut piece).ok().filter(|count| *count > 0);
        let count = count.unwrap_or(0).min(left);
        gateway.write_all(&piece[..count]).ok()?;
        left -= count;
        if count == 0 || left == 0 {
            if limit == usize::MAX {
                return gateway.shutdown(Shutdown::Write).ok();
            }
            client.shutdown(Shutdown::Both).ok()?;
            return gateway.shutdown(Shutdown::Write).ok();
        }
    }
}
