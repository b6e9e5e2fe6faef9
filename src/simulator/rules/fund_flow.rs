//! `downloadfundflow`: the merchant's fund-flow bill of one day and account, as text or packed; XML
//! where there is none.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest as _, Sha1};

use super::gateway::Gateway;
use crate::simulator::books::breaks::{PlantedBreak, plant};
use crate::simulator::books::movements::{bills, movements};
use crate::simulator::books::orders::DAY_MS;
use crate::simulator::wire::answer::AnswerXml;
use crate::simulator::wire::fields::BodyFields;
use crate::simulator::wire::reply::GatewayReply;
use crate::simulator::wire::sign;
use crate::simulator::wire::times;
use crate::simulator::wire::xml;

/// Where it is asked for.
pub(super) const PATH: &str = "/pay/downloadfundflow";

/// A day's bill is made at nine o'clock of the next.
const MADE_AFTER_MS: i64 = 9 * 3_600_000;

impl Gateway {
    /// The bills of all days until `now_ms` by their date, `yyyyMMdd`; today's as far as it has
    /// come. With `is_broken`, one break stands in them of each kind for which there is
    /// an order.
    #[must_use]
    pub fn fund_flow(
        &self,
        now_ms: i64,
        is_broken: bool,
    ) -> (BTreeMap<String, String>, Vec<PlantedBreak>) {
        let claims = &self.settings.claims;
        let mut moved = movements(&self.orders, claims, now_ms);
        let planted = if is_broken {
            plant(&mut moved, (&self.orders, claims), now_ms)
        } else {
            Vec::new()
        };
        (bills(&moved, now_ms), planted)
    }

    /// Answers a request for a bill.
    pub(super) fn download(&self, body: &[u8], now_ms: i64) -> GatewayReply {
        let refused = |code, text| AnswerXml::refusal_saying(code, text).into();
        let Ok(fields) = xml::read(body) else {
            return AnswerXml::refusal("XML_ERROR").into();
        };
        if !sign::is_right_by_hmac(&fields, &self.settings.api_key) {
            return AnswerXml::refusal("SIGN_ERROR").into();
        }
        if let Some(fault) = self.wrong_field(&fields) {
            return refused("PARAM_ERROR", &format!("参数错误:{fault}"));
        }
        let date = fields.value("bill_date");
        let made = [now_ms - MADE_AFTER_MS, now_ms].map(|at| times::beijing_date(at - DAY_MS));
        if date == made[1] && date > made[0].as_str() {
            return refused("BILL_CREATING", "账单未生成");
        }
        let is_over = date <= made[1].as_str();
        let account = fields.value("account_type");
        let (mut bills, _) = self.fund_flow(now_ms, false);
        let bill = bills.remove(date);
        match bill.filter(|_| is_over && account == self.settings.fund_account) {
            None => refused("NO_BILL_EXIST", "账单不存在"),
            Some(bill) => packed(bill, fields.value("tar_type") == "GZIP"),
        }
    }

    fn wrong_field(&self, fields: &BodyFields<'_>) -> Option<&'static str> {
        let differs = |known: &Option<String>, name: &str| {
            known.as_deref().is_some_and(|id| id != fields.value(name))
        };
        let date = fields.value("bill_date");
        let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
        let accounts = ["Basic", "Operation", "Fees"];
        if differs(&self.settings.mch_id, "mch_id") || differs(&self.settings.wxappid, "appid") {
            Some("商户号和appid不匹配")
        } else if fields.value("nonce_str").is_empty() {
            Some("nonce_str字段必填")
        } else if fields.value("sign_type") != "HMAC-SHA256" {
            Some("sign_type必须为HMAC-SHA256")
        } else if !is_date {
            Some("bill_date格式为yyyyMMdd")
        } else if !accounts.contains(&fields.value("account_type")) {
            Some("account_type必须为Basic,Operation,Fees")
        } else {
            None
        }
    }
}

/// The digest is of the text as it is before it is packed.
fn packed(bill: String, is_packed: bool) -> GatewayReply {
    use std::fmt::Write as _;
    let mut digest = String::from("SHA=");
    for byte in Sha1::digest(&bill) {
        write!(digest, "{byte:02x}").expect("a String takes any text");
    }
    let mut reply = GatewayReply::whole(200, bill.into_bytes());
    reply.digest = Some(digest);
    if is_packed {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let packed = gzip.write_all(&reply.body).and_then(|()| gzip.finish());
        reply.body = packed.expect("a Vec takes any bytes");
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::rules::settings::Settings;
    use crate::simulator::testing::{Merchant, code};
    use crate::simulator::wire::xml::WireFields;

    fn ask(merchant: &Merchant, date: &str, more: &[(&str, &str)]) -> GatewayReply {
        let mut fields: WireFields = [
            ("appid", "wx8888888888888888"),
            ("mch_id", "10000098"),
            ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
            ("sign_type", "HMAC-SHA256"),
            ("bill_date", date),
            ("account_type", "Basic"),
        ]
        .into_iter()
        .chain(more.iter().copied())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        if !fields.contains_key("sign") {
            let sign = sign::hmac_of(&fields, &merchant.gateway.settings.api_key);
            fields.insert("sign".to_owned(), sign);
        }
        let element = |(name, value): (&String, &String)| format!("<{name}>{value}</{name}>");
        let elements: String = fields.iter().map(element).collect();
        let body = format!("<xml>{elements}</xml>").into_bytes();
        merchant.gateway.download(&body, merchant.now_ms)
    }

    fn bill(reply: &GatewayReply) -> &str {
        assert_eq!(reply.status, 200);
        std::str::from_utf8(&reply.body).unwrap()
    }

    #[test]
    fn a_bill_has_what_was_paid_and_what_came_back() {
        let mut merchant = Merchant::new(Settings::default());
        for n in 0..40 {
            merchant.send(&format!("n{n}"), "oA", 100 + n);
            merchant.now_ms += 86_400_000 / 20;
        }
        merchant.now_ms += 5 * 86_400_000;
        let first = ask(&merchant, "20260214", &[]);
        let text = bill(&first);
        assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
        assert!(
            text.contains(",`支出,`1.00,") && text.contains(",`n0\r\n"),
            "{text}"
        );
        assert_eq!(text.matches("`现金红包").count(), 10);
        let all = merchant.gateway.fund_flow(merchant.now_ms, false).0;
        let backs: usize = all
            .values()
            .map(|text| text.matches("红包退回").count())
            .sum();
        assert!((1..20).contains(&backs), "{backs}");
        let packed = ask(&merchant, "20260214", &[("tar_type", "GZIP")]);
        assert!(packed.body.starts_with(&[0x1F, 0x8B]));
        assert_eq!(packed.digest, first.digest);
    }

    #[test]
    fn there_is_no_bill_before_it_is_made_or_where_nothing_moved() {
        let mut merchant = Merchant::new(Settings::default());
        merchant.send("n1", "oA", 100);
        let noon = merchant.now_ms;
        let at = |merchant: &mut Merchant, hours: i64, date, more: &[(&str, &str)]| {
            merchant.now_ms = noon + hours * 3_600_000;
            code(&ask(merchant, date, more))
        };
        for (hours, date) in [
            (0, "20260214"),
            (11, "20260214"),
            (0, "20260213"),
            (24, "20260215"),
        ] {
            assert_eq!(
                at(&mut merchant, hours, date, &[]),
                "NO_BILL_EXIST",
                "{date}"
            );
        }
        assert_eq!(at(&mut merchant, 12, "20260214", &[]), "BILL_CREATING");
        assert_eq!(at(&mut merchant, 20, "20260214", &[]), "BILL_CREATING");
        merchant.now_ms = noon + 21 * 3_600_000;
        assert!(bill(&ask(&merchant, "20260214", &[])).contains("`n1\r\n"));
        let operation = [("account_type", "Operation")];
        assert_eq!(
            at(&mut merchant, 48, "20260214", &operation),
            "NO_BILL_EXIST"
        );
        for more in [
            ("account_type", "basic"),
            ("bill_date", "2026-02-14"),
            ("sign_type", "MD5"),
        ] {
            assert_eq!(at(&mut merchant, 48, "20260214", &[more]), "PARAM_ERROR");
        }
        assert_eq!(
            at(&mut merchant, 48, "20260214", &[("sign", "00")]),
            "SIGN_ERROR"
        );
    }

    #[test]
    fn todays_bill_has_no_row_that_is_later_than_now() {
        let mut merchant = Merchant::new(Settings::default());
        // 10:30 in Beijing: the shop has sold, and has not paid its fee.
        merchant.now_ms -= 90 * 60_000;
        merchant.send("n1", "oA", 100);
        let (bills, _) = merchant.gateway.fund_flow(merchant.now_ms, false);
        let bill = &bills["20260214"];
        assert!(bill.contains("`2026-02-14 10:00:00"), "{bill}");
        assert!(!bill.contains("`2026-02-14 11:"), "{bill}");
        assert!(bill.contains("`2.0,`1.0,`123.45,`1.0,`1.00"), "{bill}");
    }

    #[test]
    fn seven_breaks_are_planted_in_the_same_bills() {
        let mut merchant = Merchant::new(Settings::default());
        for n in 0..60 {
            let number = format!("10000098abcdefghij{n:010}");
            merchant.send(&number, &format!("o{n}"), 100 + n);
        }
        merchant.now_ms += 5 * 86_400_000;
        let (whole, none) = merchant.gateway.fund_flow(merchant.now_ms, false);
        let (broken, planted) = merchant.gateway.fund_flow(merchant.now_ms, true);
        assert_eq!(none, []);
        let kinds: Vec<&str> = planted.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [
                "missing_in_bill",
                "amount_differs",
                "late",
                "paid_twice",
                "missing_in_ledger",
                "refund_without_send",
                "refund_missing"
            ]
        );
        assert_ne!(whole, broken);
        // A late row is booked on a day of its own.
        assert_eq!(broken.len(), whole.len() + 1);
    }
}
