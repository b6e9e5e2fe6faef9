//! The other side of the wire: WeChat Pay with the merchant's files, or the built-in simulator.

use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::config::{Mode, SecretSources, Secrets};
use crate::error::Error;
use crate::ledger::{Reader, Writer};
use crate::runner::{Account, Dice, Gate, Lead, Lines, Pace, Probed, Reach, Shared, probe};
use crate::simulator::{Settings, Simulator};
use crate::wechat::client::{Client, ClientSettings};
use crate::wechat::download::Downloader;
use crate::words::{run as words, simulator::usual_limits};

use super::check::above_default;
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
        let secrets = Secrets::load(&campaign.merchant, &SecretSources::from_env())?;
        let ca = campaign.gateway.ca_file.as_ref().map(|path| {
            std::fs::read(path).map_err(|source| crate::config::ConfigError::Read {
                path: path.clone(),
                source,
            })
        });
        let settings = ClientSettings {
            base_url: campaign.gateway.base_url.clone(),
            ca: ca.transpose()?,
            certificate: secrets.cert_pem.into_bytes(),
            key: secrets.key_pem.expose_secret().as_bytes().to_vec().into(),
            connect_timeout: campaign.gateway.connect_timeout,
            request_timeout: campaign.gateway.request_timeout,
        };
        Ok(OpenGateway {
            client: Client::new(&settings)?,
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
        let above = above_default(context);
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
        let simulator = Simulator::start(settings, books, listen, now).await?;
        let settings = ClientSettings {
            base_url: simulator.base_url(),
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
    let (lang, url) = (context.lang, context.campaign.gateway.base_url.clone());
    let linger = context.campaign.retry.linger.as_secs();
    Reach::telling(move |why, seconds| match seconds.min(linger) {
        // It ends at once, and says why.
        0 => {}
        seconds => warn(lang, &words::not_reached_yet(&*url, why.clone(), seconds)),
    })
}
