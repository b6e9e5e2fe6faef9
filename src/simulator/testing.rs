//! A merchant for tests: signs requests and reads replies, without a wire.

use super::faults::fault::FaultName;
use super::faults::rates::FaultRates;
use super::rules::gateway::Gateway;
use super::rules::settings::Settings;
use super::wire::reply::{Delivery, GatewayReply};
use super::wire::sign::md5_hex;
use super::wire::xml::WireFields;

/// The path of a send.
pub(super) const SEND: &str = "/mmpaymkttransfers/sendminiprogramhb";
/// The path of a query.
pub(super) const QUERY: &str = "/mmpaymkttransfers/gethbinfo";

/// A merchant at a gateway of its own, at 2026-02-14 12:00 in Beijing.
pub(super) struct Merchant {
    pub(super) gateway: Gateway,
    pub(super) now_ms: i64,
}

/// The fields of a send, without `sign`.
pub(super) fn send_fields(mch_billno: &str, openid: &str, fen: u64) -> WireFields {
    owned(&[
        ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
        ("mch_billno", mch_billno),
        ("mch_id", "10000098"),
        ("wxappid", "wx8888888888888888"),
        ("send_name", "天虹百货"),
        ("re_openid", openid),
        ("total_amount", &fen.to_string()),
        ("total_num", "1"),
        ("wishing", "祝您元宵节快乐！"),
        ("act_name", "猜灯谜抢红包活动"),
        ("remark", "快来抢！"),
        ("notify_way", "MINI_PROGRAM_JSAPI"),
    ])
}

/// The fields of a query, without `sign`.
pub(super) fn query_fields(mch_billno: &str) -> WireFields {
    owned(&[
        ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
        ("mch_billno", mch_billno),
        ("mch_id", "10000098"),
        ("appid", "wx8888888888888888"),
        ("bill_type", "MCHT"),
    ])
}

fn owned(pairs: &[(&str, &str)]) -> WireFields {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// A signed request body.
pub(super) fn body(fields: &WireFields, api_key: &str) -> Vec<u8> {
    let mut signed: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
    signed.push(format!("key={api_key}"));
    let sign = md5_hex(signed.join("&").as_bytes());
    let element = |(name, value): (&String, &String)| {
        let value = value.replace("]]>", "]]]]><![CDATA[>");
        format!("<{name}><![CDATA[{value}]]></{name}>")
    };
    let elements = fields.iter().map(element).collect::<Vec<_>>().join("\n");
    format!("<xml>{elements}<sign>{sign}</sign></xml>").into_bytes()
}

/// The value of a field in a reply.
pub(super) fn field(reply: &GatewayReply, name: &str) -> Option<String> {
    let text = std::str::from_utf8(&reply.body).unwrap();
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (value, _) = rest.split_once(&format!("</{name}>"))?;
    let value = value.trim_start_matches("<![CDATA[");
    Some(value.trim_end_matches("]]>").to_owned())
}

/// `err_code` of a reply that arrived whole.
pub(super) fn code(reply: &GatewayReply) -> String {
    assert_eq!((reply.status, reply.delivery), (200, Delivery::Whole));
    field(reply, "err_code").unwrap()
}

impl Merchant {
    pub(super) fn new(settings: Settings) -> Self {
        Merchant {
            gateway: Gateway::new(settings),
            now_ms: 1_771_041_600_000,
        }
    }

    /// A merchant whose every request meets this fault.
    pub(super) fn under(fault: FaultName) -> Self {
        Merchant::new(Settings {
            faults: FaultRates::none().with(fault, 1.0),
            ..Settings::default()
        })
    }

    pub(super) fn send(&mut self, mch_billno: &str, openid: &str, fen: u64) -> GatewayReply {
        self.ask(SEND, &send_fields(mch_billno, openid, fen))
    }

    pub(super) fn query(&mut self, mch_billno: &str) -> GatewayReply {
        self.ask(QUERY, &query_fields(mch_billno))
    }

    pub(super) fn ask(&mut self, path: &str, fields: &WireFields) -> GatewayReply {
        let key = self.gateway.settings_mut().api_key.clone();
        self.gateway.answer(path, &body(fields, &key), self.now_ms)
    }

    /// The answer of a query without faults.
    pub(super) fn status(&mut self, mch_billno: &str) -> String {
        let settings = self.gateway.settings_mut();
        let own = settings.query_faults.replace(FaultRates::none());
        let reply = self.query(mch_billno);
        self.gateway.settings_mut().query_faults = own;
        field(&reply, "status").unwrap_or_else(|| code(&reply))
    }

    /// How often money moved under a number; `None` where it is not known.
    pub(super) fn payments(&self, mch_billno: &str) -> Option<u32> {
        let books = self.gateway.books(self.now_ms);
        Some(books.orders.get(mch_billno)?.order.payments)
    }

    pub(super) fn wait_s(&mut self, seconds: i64) {
        self.now_ms += seconds * 1_000;
    }
}
