//! The settings of the simulator: its merchant, its limits, and its faults.

use std::collections::{BTreeMap, VecDeque};

use crate::simulator::books::claims::ClaimRules;
use crate::simulator::faults::fault::FaultName;
use crate::simulator::faults::rates::FaultRates;

/// Everything that can be set before and while the simulator runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The only merchant it knows; `None` takes any.
    pub mch_id: Option<String>,
    /// The only mini-program bound to the merchant; `None` takes any.
    pub wxappid: Option<String>,
    /// The last day of the merchant's certificate: year, month, day. `None` is far away.
    pub certificate_ends: Option<(i32, u8, u8)>,
    /// The `APIv2` key every request must be signed with.
    pub api_key: String,
    /// The merchant's balance before the first payment in the books; `None` never runs out.
    /// Refunded packets do not flow back into it.
    pub balance_fen: Option<u64>,
    /// How much and how often.
    pub limits: Limits,
    /// Whether the merchant may send `scene_id`.
    pub scenes_allowed: bool,
    /// FaultRates that befall sends, and queries too unless these have their own.
    pub faults: FaultRates,
    /// FaultRates of queries, where they differ from those of sends.
    pub query_faults: Option<FaultRates>,
    /// The seed of faults. Claims have none: who reads the books later finds the same ones.
    pub seed: u64,
    /// Recipients who are always refused: openid to code.
    pub scripted: BTreeMap<String, String>,
    /// FaultRates the next sends to a recipient meet, one each, before any are drawn.
    pub scripted_faults: BTreeMap<String, VecDeque<FaultName>>,
    /// A code every request is refused with. It leaves no order.
    pub merchant_wide: Option<String>,
    /// A code that one send in so many is refused with before anything is looked at: the address it
    /// comes from, or the set-up behind it, is wrong. It leaves no order.
    pub at_the_door: Option<(String, u64)>,
    /// Whether sends are refused with `TIME_LIMITED` from 0:00 to 8:00 in Beijing, as the rules of
    /// 2015 have it. It leaves no order.
    pub is_closed_at_night: bool,
    /// The answer to a paid number that is sent again.
    pub resend_of_paid: ResendOfPaid,
    /// How long after `PROCESSING` a query says `SENDING`.
    pub processing_seconds: u32,
    /// How long a refused order says `SENDING` with a reason before it says `FAILED`.
    pub landing_seconds: u32,
    /// How long an order that was not paid may be entered again under its number.
    pub reentry_hours: u32,
    /// How long a number is remembered by sends; after that it pays like a new one. Queries find
    /// its order all the same. `None` is for ever.
    pub remembers_ms: Option<i64>,
    /// How late an answer comes under [`FaultName::Late`].
    pub late_ms: u64,
    /// The share that is claimed, the time it takes, and the fate of the rest.
    pub claims: ClaimRules,
    /// The account that pays, as `downloadfundflow` names it: `Basic`, or `Operation` where the
    /// merchant has one.
    pub fund_account: String,
}

/// How much and how often; `None` is no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests, sends and queries alike, in any sliding second.
    pub per_second: Option<u32>,
    /// Packets to one user in one Beijing day.
    pub user_packets_per_day: Option<u32>,
    /// Money to one user in one Beijing day.
    pub user_fen_per_day: Option<u64>,
    /// Money of the merchant in one Beijing day.
    pub merchant_fen_per_day: Option<u64>,
}

/// The answer to a paid number that is sent again. Sources contradict each other: it is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResendOfPaid {
    /// `SUCCESS` again, with the same `send_listid` and package.
    #[default]
    Same,
    /// `SEND_FAILED`, though it is paid.
    SendFailed,
    /// `FATAL_ERROR`, though nothing differs.
    FatalError,
    /// `SUCCESS`, without the package.
    SuccessWithoutPackage,
    /// `SUCCESS` with another red packet: a gateway that itself pays twice.
    PaidAgain,
}

impl Default for Limits {
    /// The documented defaults, without those of rate and of the merchant's day.
    fn default() -> Self {
        Limits {
            per_second: None,
            user_packets_per_day: Some(10),
            user_fen_per_day: Some(100_000),
            merchant_fen_per_day: None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            mch_id: None,
            wxappid: None,
            certificate_ends: None,
            api_key: "simulated0api0key0of032000000000".to_owned(),
            balance_fen: None,
            limits: Limits::default(),
            scenes_allowed: false,
            faults: FaultRates::none(),
            query_faults: None,
            seed: 1,
            scripted: BTreeMap::new(),
            scripted_faults: BTreeMap::new(),
            merchant_wide: None,
            at_the_door: None,
            is_closed_at_night: false,
            resend_of_paid: ResendOfPaid::default(),
            processing_seconds: 600,
            landing_seconds: 600,
            reentry_hours: 72,
            remembers_ms: None,
            late_ms: 20_000,
            claims: ClaimRules::default(),
            fund_account: "Basic".to_owned(),
        }
    }
}
