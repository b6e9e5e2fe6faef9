//! Answers that come over a connection and are about another request, and a gateway that names no
//! number where it refuses.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hongbao::simulator::{Delivery, GatewayReply};
use hongbao::wechat::client::Line;

use super::chance::Chance;
use super::wire::{code, field, success, whole};

/// What nobody asked for says; a status stands for itself.
const SAYINGS: &[&str] = &[
    "OPENID_ERROR",
    "PARAM_ERROR",
    "MONEY_LIMIT",
    "SENDNUM_LIMIT",
    "SEND_FAILED",
    "FATAL_ERROR",
    "NOTENOUGH",
    "FREQ_LIMIT",
    "DAY_OVER_LIMITED",
    "SYSTEMERROR",
    "PROCESSING",
    "NOT_FOUND",
    "FAILED",
    "SENT",
];
/// Those that stand in `status`.
const STATUSES: &[&str] = &["FAILED", "SENT"];
/// What a reply names its request by.
const ECHO: &[&str] = &[
    "mch_billno",
    "mch_id",
    "wxappid",
    "re_openid",
    "total_amount",
];

/// What a plan has of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Strays {
    /// One answer on a kept connection in so many is joined by another; 0 for none.
    one_in: u64,
    /// What that one says; `None`: the answer before it comes again.
    says: Option<&'static str>,
    /// Refusals, and NOT_FOUND, name no number.
    pub(super) is_mute: bool,
}

impl Strays {
    pub(super) fn draw(seed: u64) -> Strays {
        let mut chance = Chance(seed ^ 0x57A4_11E5);
        Strays {
            one_in: chance.pick(&[0, 0, 0, 0, 30, 5, 2]),
            says: (!chance.one_in(3)).then(|| chance.pick(SAYINGS)),
            is_mute: chance.one_in(3),
        }
    }

    /// From now on each answer is about its own request.
    pub(super) fn calmed(&self) -> Strays {
        Strays {
            one_in: 0,
            ..self.clone()
        }
    }

    /// Whether an answer may be about another request.
    pub(super) fn any(&self) -> bool {
        self.one_in > 0
    }
}

/// The connections of one process.
#[derive(Debug, Default)]
pub(super) struct Wires {
    by_line: BTreeMap<u64, Wire>,
}

#[derive(Debug, Default)]
struct Wire {
    /// What is under way to the process, the next first.
    under_way: VecDeque<GatewayReply>,
    /// Numbers that were asked about, or sent.
    numbers: BTreeSet<String>,
    /// It brought an answer about another number.
    is_foreign: bool,
}

impl Wires {
    /// A request about `number` leaves over this connection: what is wrong with that.
    pub(super) fn leaves(&mut self, line: Line, number: &str, is_send: bool) -> Option<String> {
        let wire = self.by_line.entry(line.number).or_default();
        if wire.is_foreign {
            return Some("a connection that brought a foreign answer is used again".to_owned());
        }
        let is_first = wire.numbers.insert(number.to_owned());
        // A question about what is settled may share its connection: nothing follows from it.
        (is_send && !is_first).then(|| format!("{number} went over one connection twice"))
    }

    /// What comes back for a request about `number`, `answer` being its own.
    pub(super) fn bring(
        &mut self,
        (line, number): (Line, &str),
        answer: GatewayReply,
        strays: &Strays,
        chance: &mut Chance,
    ) -> GatewayReply {
        let wire = self.by_line.entry(line.number).or_default();
        if answer.delivery != Delivery::Whole {
            return answer;
        }
        let joined = (strays.any() && chance.one_in(strays.one_in)).then(|| match strays.says {
            Some(says) => whole(unasked(says)),
            None => answer.clone(),
        });
        // On a connection that was just opened the first answer is its own.
        let is_before = strays.says.is_some() && !line.is_fresh && chance.one_in(2);
        wire.under_way.push_back(answer);
        match joined {
            Some(joined) if is_before => wire.under_way.push_front(joined),
            Some(joined) => wire.under_way.push_back(joined),
            None => {}
        }
        let next = wire.under_way.pop_front().expect("one was pushed");
        let named = field(&next.body, "mch_billno");
        wire.is_foreign = !named.is_empty() && named != number;
        next
    }
}

/// The answer to nobody.
fn unasked(says: &str) -> String {
    if STATUSES.contains(&says) {
        return format!(
            "<xml>{}<status><![CDATA[{says}]]></status></xml>",
            success()
        );
    }
    format!(
        "<xml><return_code><![CDATA[SUCCESS]]></return_code>\
         <result_code><![CDATA[FAIL]]></result_code><err_code><![CDATA[{says}]]></err_code></xml>"
    )
}

/// A refusal without a word of whom it is about.
pub(super) fn muted(mut answer: GatewayReply) -> GatewayReply {
    let is_refusal = code(&answer.body).is_some_and(|code| code != "SUCCESS");
    if is_refusal && answer.status == 200 {
        let body = String::from_utf8_lossy(&answer.body);
        let is_echo = |line: &&str| {
            ECHO.iter()
                .any(|name| line.starts_with(&format!("<{name}>")))
        };
        let told: Vec<&str> = body.lines().filter(|line| !is_echo(line)).collect();
        answer.body = told.join("\n").into_bytes();
    }
    answer
}
