//! A server that keeps what is posted to it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// As each kind of target does that took a message.
    Well,
    /// As a robot that refuses: 200 and a code.
    Refused,
    /// 503 to the first request, then well.
    BusyOnce,
    /// Takes the request and never answers.
    Silent,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Path and query.
    pub(crate) path: String,
    /// By name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// The server. Its threads end with the process of the test.
pub(crate) struct Mailbox {
    port: u16,
    letters: Arc<Mutex<Vec<Letter>>>,
    connections: Arc<Mutex<usize>>,
}

impl Mailbox {
    pub(crate) fn open(reply: Reply) -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mailbox = Mailbox {
            port: listener.local_addr().unwrap().port(),
            letters: Arc::default(),
            connections: Arc::default(),
        };
        let letters = Arc::clone(&mailbox.letters);
        let connections = Arc::clone(&mailbox.connections);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let letters = Arc::clone(&letters);
                *connections.lock().unwrap() += 1;
                std::thread::spawn(move || serve(&stream.unwrap(), reply, &letters));
            }
        });
        mailbox
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What came since this was asked last.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        std::mem::take(&mut self.letters.lock().unwrap())
    }

    /// How many came since they were asked for.
    pub(crate) fn count(&self) -> usize {
        self.letters.lock().unwrap().len()
    }

    /// Connections so far, with requests or without.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

fn serve(stream: &TcpStream, reply: Reply, letters: &Mutex<Vec<Letter>>) {
    let Some(letter) = read(stream) else {
        return;
    };
    let path = letter.path.clone();
    let is_first = {
        let mut letters = letters.lock().unwrap();
        letters.push(letter);
        letters.len() == 1
    };
    let (status, body) = match reply {
        Reply::Silent => loop {
            std::thread::park();
        },
        Reply::BusyOnce if is_first => ("503 Service Unavailable", ""),
        Reply::Refused if path.starts_with("/feishu") => ("200 OK", r#"{"code":19021}"#),
        Reply::Refused => ("200 OK", r#"{"errcode":310000,"errmsg":"hidden-errmsg"}"#),
        Reply::Well | Reply::BusyOnce if path.starts_with("/feishu") => {
            ("200 OK", r#"{"code":0,"msg":"success"}"#)
        }
        Reply::Well | Reply::BusyOnce => ("200 OK", r#"{"errcode":0,"errmsg":"ok"}"#),
    };
    let mut stream = stream;
    let length = body.len();
    // Who asked may be gone.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
}

/// `None` where the other side only looked whether somebody is there.
fn read(stream: &TcpStream) -> Option<Letter> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Letter {
        path,
        headers,
        body,
    })
}
