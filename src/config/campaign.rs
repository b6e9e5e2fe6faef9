//! A campaign file in checked types.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use super::windows::Windows;
use crate::domain::approval::Approver;
use crate::domain::caps::Caps;
use crate::domain::ids::{CampaignId, MchId};
use crate::domain::money::Fen;
use crate::domain::packet::Texts;
use crate::words::Lang;

/// One payout with its texts, limits and budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its name in the ledger.
    pub id: CampaignId,
    /// The file whose settings it has where it has none of its own.
    pub included: Option<PathBuf>,
    /// The recipients file.
    pub recipients: PathBuf,
    /// The texts of every request whose row has none of its own.
    pub texts: Texts,
    /// The most the campaign may pay; `None` for no bound.
    pub budget: Option<Fen>,
    /// How much leaves, and how much a day.
    pub caps: Caps,
    /// The merchant that pays.
    pub merchant: Merchant,
    /// WeChat Pay, or a gateway in its place.
    pub gateway: GatewaySettings,
    /// The approval it needs.
    pub approval: ApprovalRules,
    /// How fast.
    pub pace: PaceLimits,
    /// When sends may leave.
    pub windows: Windows,
    /// When to try and to ask again.
    pub retry: Retry,
    /// Labels of red packets in the merchant's fund-flow bill; none, until somebody saw one.
    pub fund_flow_labels: Vec<String>,
    /// Who is told of a run.
    pub notify: NotifySettings,
    /// The ledger of the mode: `hongbao.simulator.db` for `hongbao.db` in simulator mode.
    pub ledger: PathBuf,
    /// The ledger of live mode, whatever the mode is.
    pub live_ledger: PathBuf,
    /// The ledger of simulator mode, whatever the mode is.
    pub simulator_ledger: PathBuf,
    /// The simulator's own books, beside its ledger.
    pub simulator_books: PathBuf,
    /// Where backups of the ledger go by themselves, if they do.
    pub backups: Option<Backups>,
    /// Where `run` writes its report, beside the ledger.
    pub report: PathBuf,
    /// The reports that `run` and `reconcile` leave there, in order.
    pub left: Vec<LeftFormat>,
    /// How often a line tells how far a run is, off a terminal.
    pub progress: Duration,
}

/// Backups before each run and before a ledger is moved to a newer version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// The folder.
    pub dir: PathBuf,
    /// How many of a ledger stay there.
    pub keep: NonZeroU32,
}

/// A report that `run` and `reconcile` leave beside the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftFormat {
    /// For programs.
    Csv,
    /// For finance.
    Xlsx,
}

impl LeftFormat {
    /// Both of them, in order.
    pub const ALL: [LeftFormat; 2] = [LeftFormat::Csv, LeftFormat::Xlsx];

    /// As the campaign file writes it, and the ending of its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            LeftFormat::Csv => "csv",
            LeftFormat::Xlsx => "xlsx",
        }
    }
}

/// The merchant, and where its credentials are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// The merchant number.
    pub mch_id: MchId,
    /// The appid of the mini-program, under which the openids are known.
    pub wxappid: String,
    /// The `APIv2` key. The three files are always there in live mode.
    pub api_key_file: Option<PathBuf>,
    /// The client certificate, PEM.
    pub cert_file: Option<PathBuf>,
    /// Its private key, PEM.
    pub key_file: Option<PathBuf>,
}

/// Whether money is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The built-in stand-in for WeChat Pay.
    Simulator,
    /// WeChat Pay.
    Live,
}

impl Mode {
    /// As the configuration, the ledger and JSON write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Simulator => "simulator",
            Mode::Live => "live",
        }
    }
}

/// The other side of the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewaySettings {
    /// Whether money is real.
    pub mode: Mode,
    /// `https://host`, with a port and a path where the file has them, without a last slash.
    pub base_url: String,
    /// One more trusted root.
    pub ca_file: Option<PathBuf>,
    /// The proxy that leads there, live.
    pub proxy: Option<GatewayProxy>,
    /// For TCP and TLS together.
    pub connect_timeout: Duration,
    /// From the first byte of the request to the last of the reply.
    pub request_timeout: Duration,
}

/// An HTTP proxy in front of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayProxy {
    /// `http://host:port`.
    pub url: String,
    /// Holds `user:password`, where it wants them.
    pub auth_file: Option<PathBuf>,
}

/// The approval that a plan needs before real money is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRules {
    /// Whether a live run needs one.
    pub is_required: bool,
    /// Whose approval counts.
    pub approvers: Vec<Approver>,
    /// How long it does.
    pub valid: Duration,
}

/// The limits on requests, sends and queries together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceLimits {
    /// In any second; `None` for no limit.
    pub per_second: Option<NonZeroU32>,
    /// In any minute; `None` for no limit.
    pub per_minute: Option<NonZeroU32>,
    /// Open at once.
    pub in_flight: NonZeroU32,
}

impl PaceLimits {
    /// Requests that both limits together let leave in a minute; `None` for no limit.
    #[must_use]
    pub fn in_a_minute(&self) -> Option<u64> {
        let by_second = self.per_second.map(|n| u64::from(n.get()) * 60);
        let by_minute = self.per_minute.map(|n| u64::from(n.get()));
        by_second.into_iter().chain(by_minute).min()
    }
}

/// When to try and to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The first pause; each further one is twice as long.
    pub first_backoff: Duration,
    /// The longest pause between sends.
    pub max_backoff: Duration,
    /// How long after PROCESSING the first query goes out.
    pub processing_query_after: Duration,
    /// How long a bill in doubt may be sent again.
    pub resend_window: Duration,
    /// How long a refused bill is queried before not being found proves it unpaid.
    pub refusal_confirm: Duration,
    /// How long a run waits for unresolved packets.
    pub linger: Duration,
}

/// Who is told, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifySettings {
    /// Each at most once, in the order of [`NotifyKind::ALL`].
    pub targets: Vec<TargetFiles>,
    /// The language of messages.
    pub lang: Lang,
    /// Who is called by name where somebody must act: `all`, mobile numbers, ids of members.
    pub mention: Vec<String>,
    /// `http://host:port`; `None`: straight to each target.
    pub proxy: Option<String>,
    /// One more trusted root, for a target inside the house.
    pub ca_file: Option<PathBuf>,
}

/// A kind of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyKind {
    /// A robot of WeCom.
    Wecom,
    /// A robot of DingTalk, whose requests are signed.
    Dingtalk,
    /// A robot of Feishu, whose requests are signed.
    Feishu,
    /// JSON to a program, signed.
    Webhook,
    /// What notices that no run came.
    Ping,
}

/// The files of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetFiles {
    /// What is there.
    pub kind: NotifyKind,
    /// Holds its address.
    pub url_file: PathBuf,
    /// Holds the secret that signs, where the kind has one.
    pub secret_file: Option<PathBuf>,
}
