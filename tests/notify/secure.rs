//! A server that keeps what is posted to it over TLS, with an authority of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The server, until the test has ended.
pub(crate) struct SecureMailbox {
    port: u16,
    /// Its authority, in PEM.
    pub(crate) root: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl SecureMailbox {
    pub(crate) fn open() -> SecureMailbox {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let own = params.signed_by(&key, &root).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![own.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            );
        let config = Arc::new(config.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mailbox = SecureMailbox {
            port: listener.local_addr().unwrap().port(),
            root: root.pem(),
            letters: Arc::default(),
        };
        let letters = Arc::clone(&mailbox.letters);
        std::thread::spawn(move || {
            for tcp in listener.incoming() {
                let (config, letters) = (Arc::clone(&config), Arc::clone(&letters));
                std::thread::spawn(move || {
                    let tls = ServerConnection::new(config).unwrap();
                    serve(StreamOwned::new(tls, tcp.unwrap()), &letters)
                });
            }
        });
        mailbox
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// What came since this was asked last.
    pub(crate) fn letters(&self) -> Vec<String> {
        std::mem::take(&mut self.letters.lock().unwrap())
    }
}

/// `None` where the other side went without a request.
fn serve(mut tls: impl Read + Write, letters: &Mutex<Vec<String>>) -> Option<()> {
    let (mut letter, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let count = tls.read(&mut piece).ok().filter(|count| *count > 0)?;
        letter.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&letter).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1)?;
        let length: usize = length.lines().next()?.trim().parse().ok()?;
        if body.len() >= length {
            letters.lock().unwrap().push(text);
            break;
        }
    }
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    tls.write_all(answer.as_bytes()).ok()?;
    tls.flush().ok()
}
