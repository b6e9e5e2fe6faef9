//! A proxy that leads nowhere, in front of a gateway that nobody reaches.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::time::Duration;

use hongbao::domain::ids::MchId;
use hongbao::domain::outcome::{NotSent, Sighting};
use hongbao::runner::{Account, probe};
use hongbao::wechat::client::{Client, ClientSettings, ProxySettings};
use rcgen::{CertificateParams, KeyPair};
use tokio::runtime::Builder;

const ANSWERS: [&str; 3] = [
    "HTTP/1.1 502 Bad Gateway\r\n\r\n",
    "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n<html></html>",
    "HTTP/1.1 200 OK\r\n\r\n<xml><return_code>SUCCESS</return_code></xml>",
];

/// Whatever it answers, the request was not sent, and there is no reply to it.
pub(super) fn what_a_proxy_says_is_no_reply() -> Result<(), String> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (client, answer) in listener.incoming().zip(ANSWERS) {
            let mut client = client.unwrap();
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(answer.as_bytes());
            let _ = client.shutdown(Shutdown::Both);
        }
    });
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap();
    let client = Client::new(&ClientSettings {
        base_url: "https://127.0.0.1:9".to_owned(),
        ca: None,
        certificate: certificate.self_signed(&key).unwrap().pem().into_bytes(),
        key: key.serialize_pem().into_bytes().into(),
        proxy: Some(ProxySettings { url, auth: None }),
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
    });
    let (client, account) = (
        client.unwrap(),
        Account {
            key: "0123456789abcdefghijABCDEFGHIJ01".into(),
            mch_id: MchId::new("10000098").unwrap(),
            wxappid: "wx8888888888888888".to_owned(),
        },
    );
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for answer in ANSWERS {
        let probed = runtime.block_on(probe(&client, &account));
        let is_unsent = matches!(probed.sighting, Sighting::NotSent(NotSent::Proxy(_)));
        if !is_unsent || probed.status.is_some() {
            return Err(format!("{answer:?} of a proxy is {probed:?}"));
        }
    }
    Ok(())
}
