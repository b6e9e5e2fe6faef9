//! The other side of the wire: WeChat Pay with the merchant's files, or the built-in simulator.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::config::{ConfigError, GatewayProxy, Merchant, Mode, SecretSources, Secrets};
use crate::error::Error;
use crate::ledger::{Reader, Writer};
use crate::runner::{Account, Dice, Gate, Lead, Lines, Pace, Probed, Reach, Shared, probe};
use crate::simulator::{Limits, Settings, Simulator};
use crate::wechat::client::{Client, ClientError, ClientSettings, ProxySettings};
use crate::wechat::download::Downloader;
use crate::words::{pem, run as words, setup, simulator::usual_limits, typed_path};

use super::check::above;
use super::context::Context;
use crate::commands::console::warn;

/// A gateway that can be spoken to.
pub(in crate::commands) struct OpenGateway {
    client: Client,
    settings: ClientSettings,
    key: SecretString,
    simulator: Option<Simulator>,
}

impl OpenGateway {
    /// Reads the merchant's files, or starts the simulator.
    pub(in crate::commands) async fn open(context: &Context) -> Result<OpenGateway, Error> {
        match context.campaign.gateway.mode {
            Mode::Live => OpenGateway::live(context),
            Mode::Simulator => {
                if let Some(proxy) = &context.campaign.gateway.proxy {
                    context.tell(&setup::proxy_simulated(proxy.url.as_str()));
                }
                let books = context.campaign.simulator_books.as_path();
                OpenGateway::simulated(context, Some(books)).await
            }
        }
    }

    /// Whether key, certificate and roots of a live campaign are there and fit, by the files alone.
    pub(in crate::commands) fn check_files(context: &Context) -> Result<(), Error> {
        if context.is_live() {
            OpenGateway::live(context)?;
        }
        Ok(())
    }

    fn live(context: &Context) -> Result<OpenGateway, Error> {
        let campaign = &context.campaign;
        let sources = SecretSources::from_env();
        campaign.check_credentials(&sources)?;
        let secrets = Secrets::load(&campaign.merchant, &sources)?;
        let ca = campaign.gateway.ca_file.as_deref().map(Secrets::roots);
        let proxy = campaign.gateway.proxy.as_ref().map(through);
        let settings = ClientSettings {
            base_url: campaign.gateway.base_url.clone(),
            proxy: proxy.transpose()?,
            ca: ca.transpose()?.map(String::into_bytes),
            certificate: secrets.cert_pem.into_bytes(),
            key: secrets.key_pem.expose_secret().as_bytes().to_vec().into(),
            connect_timeout: campaign.gateway.connect_timeout,
            request_timeout: campaign.gateway.request_timeout,
        };
        let client = Client::new(&settings);
        Ok(OpenGateway {
            client: client.map_err(|fault| of_files(&campaign.merchant, fault))?,
            settings,
            key: secrets.api_key,
            simulator: None,
        })
    }

    /// As [`OpenGateway::open`], beside a run: a simulator of its own, with empty books.
    pub(in crate::commands) async fn apart(context: &Context) -> Result<OpenGateway, Error> {
        match context.campaign.gateway.mode {
            Mode::Live => OpenGateway::live(context),
            Mode::Simulator => OpenGateway::simulated(context, None).await,
        }
    }

    async fn simulated(context: &Context, books: Option<&Path>) -> Result<OpenGateway, Error> {
        let campaign = &context.campaign;
        let above = above(&Limits::default(), &campaign.pace, &campaign.caps);
        if !above.is_empty() {
            context.tell(&usual_limits(above.join(", ")));
        }
        let settings = Settings {
            mch_id: Some(campaign.merchant.mch_id.to_string()),
            wxappid: Some(campaign.merchant.wxappid.clone()),
            scenes_allowed: true,
            ..Settings::default()
        };
        let clock = context.clock.clone();
        let listen = ([127, 0, 0, 1], 0).into();
        let now = Arc::new(move || clock.now_ms());
        let mut simulator = Simulator::start(settings, books, listen, now).await?;
        // Beside a run there may be one more, of which nobody is told.
        let _ = context.simulator.set(simulator.base_url());
        let (lang, broken) = (context.lang, simulator.broken());
        tokio::spawn(async move { warn(lang, &Error::from(broken.await).words()) });
        let settings = ClientSettings {
            base_url: simulator.base_url(),
            // It is on this machine.
            proxy: None,
            ca: Some(simulator.ca_pem().as_bytes().to_vec()),
            certificate: simulator.client_cert_pem().as_bytes().to_vec(),
            key: simulator.client_key_pem().as_bytes().to_vec().into(),
            connect_timeout: campaign.gateway.connect_timeout,
            request_timeout: campaign.gateway.request_timeout,
        };
        Ok(OpenGateway {
            client: Client::new(&settings)?,
            settings,
            key: simulator.api_key().into(),
            simulator: Some(simulator),
        })
    }

    /// The downloader of bills from the same gateway.
    pub(in crate::commands) fn downloader(&self) -> Result<Downloader, Error> {
        Ok(Downloader::new(&self.settings)?)
    }

    /// The key that signs.
    pub(in crate::commands) fn key(&self) -> &SecretString {
        &self.key
    }

    fn account(&self, context: &Context) -> Account {
        let merchant = &context.campaign.merchant;
        Account {
            key: self.key.clone(),
            mch_id: merchant.mch_id.clone(),
            wxappid: merchant.wxappid.clone(),
        }
    }

    /// Asks about a number that cannot exist, without a ledger.
    pub(in crate::commands) async fn probe(&self, context: &Context) -> Probed {
        probe(&self.client, &self.account(context)).await
    }

    /// Everything workers need. The pacer knows what the last minute's processes sent.
    pub(in crate::commands) fn shared(
        &self,
        context: &Context,
        reader: &Reader,
        (gate, writer): (Arc<Gate>, Arc<Writer>),
        is_clock_right: bool,
    ) -> Result<Shared, Error> {
        let campaign = &context.campaign;
        let (lead, recent) = Lead::begin(reader, &writer, &context.clock)?;
        Ok(Shared {
            lines: Lines::of(self.client.clone(), context.in_flight()),
            account: self.account(context),
            gate,
            reach: reach(context),
            pace: Pace::new(campaign.pace.per_second, campaign.pace.per_minute, &recent),
            lead,
            writer,
            clock: context.clock.clone(),
            dice: Dice::machine(),
            linger: campaign.retry.linger,
            is_clock_right,
        })
    }

    /// Lets the simulator go.
    pub(in crate::commands) async fn close(self) {
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

/// Tells the first failure of a gateway that was not reached yet.
fn reach(context: &Context) -> Reach {
    let (lang, url) = (context.lang, context.gateway_url().to_owned());
    let linger = context.campaign.retry.linger.as_secs();
    Reach::telling(move |why, seconds| match seconds.min(linger) {
        // It ends at once, and says why.
        0 => {}
        seconds => warn(lang, &words::not_reached_yet(&*url, why.clone(), seconds)),
    })
}

fn through(proxy: &GatewayProxy) -> Result<ProxySettings, Error> {
    Ok(ProxySettings {
        url: proxy.url.clone(),
        auth: Secrets::proxy_auth(proxy, &SecretSources::from_env())?,
    })
}

/// With the paths of two files that do not fit.
fn of_files(merchant: &Merchant, fault: ClientError) -> Error {
    let path = |file: &Option<PathBuf>| file.clone().unwrap_or_default();
    let (certificate, key) = (path(&merchant.cert_file), path(&merchant.key_file));
    let (shown, key_shown) = (certificate.display(), key.display());
    let why = match fault {
        ClientError::Mismatch => {
            let of_certificate = format!(
                "openssl x509 -in {} -noout -pubkey",
                typed_path(&certificate)
            );
            let of_key = format!("openssl pkey -in {} -pubout", typed_path(&key));
            pem::no_pair(shown, key_shown, of_certificate, of_key)
        }
        ClientError::Order(place) => pem::order(shown, place),
        fault => return fault.into(),
    };
    ConfigError::Secrets { faults: vec![why] }.into()
}

/// The proxies that a person may think are used.
const PROXIES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The names of those that the environment has.
pub(in crate::commands) fn environment_proxies() -> Option<String> {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let set: Vec<&str> = PROXIES.into_iter().filter(is_set).collect();
    (!set.is_empty()).then(|| set.join(", "))
}

/// Beside a gateway that was not reached: a person may think that their proxy was used.
pub(in crate::commands) fn say_unused_proxy(context: &Context) {
    if context.is_live()
        && context.campaign.gateway.proxy.is_none()
        && let Some(names) = environment_proxies()
    {
        context.tell(&setup::unused_proxy(names));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PaceLimits;
    use crate::domain::caps::Caps;
    use crate::domain::money::Fen;

    #[test]
    fn only_a_limit_that_the_simulator_has_is_said_to_refuse() {
        let pace = PaceLimits {
            per_second: None,
            per_minute: None,
            in_flight: std::num::NonZeroU32::MIN,
        };
        let more = |fen: Fen| Fen::new(fen.fen() + 1);
        let usual = Caps::default();
        let merchant = Caps {
            merchant_fen: more(usual.merchant_fen),
            ..usual
        };
        assert!(above(&Limits::default(), &pace, &merchant).is_empty());
        let person = Caps {
            openid_packets: usual.openid_packets + 1,
            openid_fen: more(usual.openid_fen),
            ..usual
        };
        let above = above(&Limits::default(), &pace, &person);
        assert_eq!(above, ["openid_per_day", "openid_yuan_per_day"]);
    }
}
