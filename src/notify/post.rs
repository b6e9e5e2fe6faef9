//! One message to one target: two tries of five seconds, no redirect, no proxy of the environment.

use std::error::Error;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, StatusCode, Url, retry};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;

use super::letter::{Letter, Told, verdict};
use super::lookup::Lookup;
use super::message::Message;
use crate::config::{NotifyKind, NotifySettings, TargetSecrets};
use crate::wechat::client::{Client as Gateway, anonymous_tls};
use crate::words::{Lang, LibraryText, Words, notify as words, shown};

/// For name, connection, request and answer.
const TRY: Duration = Duration::from_secs(5);
/// Before the second try: a target that restarts is back.
const PAUSE: Duration = Duration::from_millis(250);
/// More than any robot answers.
const ANSWER_MAX: usize = 64 * 1024;

/// A target that can be posted to.
pub struct Poster {
    kind: NotifyKind,
    url: Url,
    secret: Option<SecretString>,
    client: Client,
    /// One more trusted root, in PEM.
    root: Option<Vec<u8>>,
    lang: Lang,
    mention: Vec<String>,
}

/// Why a try failed, and whether another may do better.
struct Failed {
    why: Words,
    is_passing: bool,
}

impl Poster {
    /// Connects to nothing.
    ///
    /// # Errors
    /// Where TLS or the proxy cannot be set up.
    pub fn new(settings: &NotifySettings, target: &TargetSecrets) -> Result<Poster, Words> {
        let broken = |fault: String| words::tls(LibraryText(&shown(&fault)));
        let root = settings.root()?.map(String::into_bytes);
        let tls = anonymous_tls(root.as_deref()).map_err(|fault| broken(fault.to_string()))?;
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .retry(retry::never())
            .pool_max_idle_per_host(0)
            .timeout(TRY)
            .dns_resolver(Lookup)
            .user_agent(concat!("hongbao/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = &settings.proxy {
            // Plain http goes to this machine alone, which needs none.
            let proxy = Proxy::https(proxy.as_str());
            client = client.proxy(proxy.map_err(|fault| broken(fault.to_string()))?);
        }
        let url = Url::parse(target.url.expose_secret());
        Ok(Poster {
            kind: target.kind,
            url: url.map_err(|_| broken("address".to_owned()))?,
            secret: target.secret.clone(),
            client: client.build().map_err(|fault| broken(fault.to_string()))?,
            root,
            lang: settings.lang,
            mention: settings.mention.clone(),
        })
    }

    /// What is there.
    #[must_use]
    pub fn kind(&self) -> NotifyKind {
        self.kind
    }

    /// Tells a message, to a target that is no ping.
    ///
    /// # Errors
    /// Where it was not taken; why.
    pub async fn tell(&self, message: &Message, id: &str, now_ms: i64) -> Result<(), Words> {
        let told = Told {
            event: message.event,
            text: message.text(self.lang),
            document: message.document(id, self.lang),
        };
        let target = || (self.kind, self.url.clone(), self.secret.as_ref());
        self.twice(|| Letter::message(target(), &told, &self.mention, now_ms))
            .await
    }

    /// Tells a step of a run, with a text for a person.
    ///
    /// # Errors
    /// Where it was not taken; why.
    pub async fn ping(&self, step: &str, message: Option<&Message>) -> Result<(), Words> {
        let text = message.map(|message| message.text(self.lang));
        let text = text.unwrap_or_default();
        self.twice(|| Letter::ping(self.url.clone(), step, &text))
            .await
    }

    /// Whether it takes a connection: nothing is told. Behind a proxy, whether that one does.
    ///
    /// # Errors
    /// Where it does not; why.
    pub async fn reach(&self, proxy: Option<&str>) -> Result<(), Words> {
        let proxy = proxy.filter(|_| self.url.scheme() == "https");
        let proxy = proxy.and_then(|proxy| Url::parse(proxy).ok());
        let url = proxy.as_ref().unwrap_or(&self.url);
        let (host, port) = (url.host_str(), url.port_or_known_default());
        let authority = format!("{}:{}", host.unwrap_or_default(), port.unwrap_or(443));
        let unreachable = |why: String| words::unreachable(LibraryText(&self.without_host(&why)));
        if url.scheme() == "https" {
            let there =
                Gateway::anonymous(&format!("https://{authority}"), self.root.as_deref(), TRY);
            let mut there = there
                .map_err(|fault| unreachable(fault.to_string()))?
                .connection();
            let ready = there.ready().await;
            return ready
                .map(drop)
                .map_err(|fault| unreachable(fault.to_string()));
        }
        let opened = tokio::time::timeout(TRY, TcpStream::connect(authority)).await;
        let opened = opened.map_err(|_| words::time_limit())?;
        opened
            .map(drop)
            .map_err(|fault| unreachable(fault.to_string()))
    }

    async fn twice(&self, request: impl Fn() -> Letter) -> Result<(), Words> {
        match self.once(request()).await {
            Ok(()) => Ok(()),
            Err(Failed {
                why,
                is_passing: false,
            }) => Err(why),
            Err(_) => {
                tokio::time::sleep(PAUSE).await;
                self.once(request()).await.map_err(|failed| failed.why)
            }
        }
    }

    async fn once(&self, request: Letter) -> Result<(), Failed> {
        let Letter {
            url,
            body,
            content_type,
            signature,
        } = request;
        let mut post = self.client.post(url).header("Content-Type", content_type);
        if let Some(signature) = signature {
            post = post.header("X-Hongbao-Signature", signature);
        }
        let lost = |fault: reqwest::Error| self.lost(fault);
        let mut response = post.body(body).send().await.map_err(lost)?;
        let status = response.status();
        if !status.is_success() {
            let is_passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            let why = words::status(status.as_u16());
            return Err(Failed { why, is_passing });
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(lost)? {
            let room = ANSWER_MAX - answer.len();
            answer.extend_from_slice(&piece[..piece.len().min(room)]);
            if answer.len() == ANSWER_MAX {
                break;
            }
        }
        verdict(self.kind, &answer).map_err(|why| Failed {
            why,
            is_passing: false,
        })
    }

    /// The causes of a failure, the deepest last, without the address, which is a secret.
    fn lost(&self, fault: reqwest::Error) -> Failed {
        let fault = fault.without_url();
        if fault.is_timeout() {
            let why = words::time_limit();
            return Failed {
                why,
                is_passing: true,
            };
        }
        let mut causes = fault.to_string();
        let mut cause = fault.source();
        while let Some(fault) = cause {
            causes.push_str(": ");
            causes.push_str(&fault.to_string());
            cause = fault.source();
        }
        Failed {
            why: words::unreachable(LibraryText(&self.without_host(&causes))),
            is_passing: true,
        }
    }

    fn without_host(&self, text: &str) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let bare = host.trim_matches(['[', ']']);
        let text = if bare.is_empty() {
            text.to_owned()
        } else {
            text.replace(bare, "HOST")
        };
        shown(&text).into_owned()
    }
}
