//! Downloads of bills, by reqwest: they need no permit of the pacer, pay nobody, and may be large.
//!
//! As sends: our certificate, Mozilla's roots and the one of the setting, the proxy of the setting
//! and none of the environment, no redirect, no retry. What comes is given on piece by piece and
//! never held.

use std::error::Error;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, Response, StatusCode, retry};
use secrecy::ExposeSecret;

use super::client::{ClientError, ClientSettings, ProxySettings, tls_of};
use super::xml::MAX_BYTES;
use crate::words::shown;

/// For all of a bill: a day of a million rows over a slow line.
const WHOLE_LIMIT: Duration = Duration::from_mins(10);

/// A merchant's bill of ten million rows, packed.
const RECEIVED_MAX: u64 = 1 << 30;

/// Fetches bills.
#[derive(Debug)]
pub struct Downloader {
    client: Client,
    base_url: String,
}

/// Why nothing whole came. It says what a person should know, in English as libraries do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadFault {
    /// No connection, or it broke off.
    Unreachable(String),
    /// Another status than 200.
    Status(u16),
    /// More than any bill has.
    TooLarge,
}

/// The downloaded bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Downloaded {
    /// A bill; its pieces were given on. What its `Digest` header says, if it has one.
    Bill(Option<String>),
    /// XML, or a page.
    Text(Vec<u8>),
}

impl Downloader {
    /// Reads the files; connects to nothing.
    ///
    /// # Errors
    /// Where one of the files cannot be used; it says which.
    pub fn new(settings: &ClientSettings) -> Result<Downloader, ClientError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls_of(settings)?)
            .http1_only()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .retry(retry::never())
            .https_only(true)
            .pool_max_idle_per_host(0)
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.request_timeout)
            .timeout(WHOLE_LIMIT);
        let client = match &settings.proxy {
            None => client,
            Some(proxy) => client.proxy(through(proxy)?),
        };
        let client = client.build();
        Ok(Downloader {
            client: client.map_err(|fault| ClientError::Tls(fault.to_string()))?,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Posts `body` and gives the pieces of a bill to `each`. Content decides what came, whatever
    /// its headers say.
    ///
    /// # Errors
    /// Where nothing whole came; what `each` gives.
    pub async fn post<E: From<DownloadFault>>(
        &self,
        path: &str,
        body: Vec<u8>,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<Downloaded, E> {
        let url = format!("{}{path}", self.base_url);
        let request = self.client.post(url).body(body);
        let mut response = request.send().await.map_err(broken)?;
        if response.status() != StatusCode::OK {
            return Err(DownloadFault::Status(response.status().as_u16()).into());
        }
        let digest = digest(&response);
        let mut head = Vec::new();
        let (mut is_text, mut received) = (None, 0_u64);
        while let Some(piece) = response.chunk().await.map_err(broken)? {
            received += u64::try_from(piece.len()).unwrap_or(u64::MAX);
            // What is not known for a bill yet is held.
            let most = if is_text == Some(false) {
                RECEIVED_MAX
            } else {
                u64::try_from(MAX_BYTES).unwrap_or(u64::MAX)
            };
            if received > most {
                return Err(DownloadFault::TooLarge.into());
            }
            if is_text == Some(false) {
                each(&piece)?;
                continue;
            }
            head.extend_from_slice(&piece);
            is_text = is_text.or_else(|| is_markup(&head));
            if is_text == Some(false) {
                each(&std::mem::take(&mut head))?;
            }
        }
        Ok(match is_text {
            Some(false) => Downloaded::Bill(digest),
            Some(true) | None => Downloaded::Text(head),
        })
    }
}

/// The same way as that of sends.
fn through(settings: &ProxySettings) -> Result<Proxy, ClientError> {
    let proxy = Proxy::https(settings.url.as_str());
    let proxy = proxy.map_err(|_| ClientError::Proxy(settings.url.clone()))?;
    Ok(match &settings.auth {
        None => proxy,
        Some(auth) => {
            let auth = auth.expose_secret();
            let (user, password) = auth.split_once(':').unwrap_or((auth, ""));
            proxy.basic_auth(user, password)
        }
    })
}

/// Whether it begins as XML or a page does; `None`: nothing has come yet.
fn is_markup(head: &[u8]) -> Option<bool> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace())?;
    Some(*first == b'<')
}

fn digest(response: &Response) -> Option<String> {
    let text = response.headers().get("Digest")?.to_str().ok()?;
    Some(shown(text).into_owned())
}

/// The causes of a failure, the deepest last: the first alone says only that sending failed.
fn broken(fault: reqwest::Error) -> DownloadFault {
    let fault = fault.without_url();
    let mut words = fault.to_string();
    let mut cause = fault.source();
    while let Some(fault) = cause {
        words.push_str(": ");
        words.push_str(&fault.to_string());
        cause = fault.source();
    }
    DownloadFault::Unreachable(shown(&words).into_owned())
}
