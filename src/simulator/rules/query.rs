//! `gethbinfo`: what became of one number.

use super::gateway::Gateway;
use crate::simulator::books::claims::Status;
use crate::simulator::books::orders::{Order, OrderStanding};
use crate::simulator::faults::fault::FaultName;
use crate::simulator::wire::answer::AnswerXml;
use crate::simulator::wire::fields::BodyFields;
use crate::simulator::wire::times;
use crate::simulator::wire::words;

/// How far back a query reaches.
const QUERY_WINDOW_MS: i64 = 30 * 24 * 3_600_000;

impl Gateway {
    /// Answers a query that passed every check.
    pub(in crate::simulator) fn query(
        &self,
        fields: &BodyFields<'_>,
        mch_billno: &str,
        fault: Option<FaultName>,
        now_ms: i64,
    ) -> AnswerXml {
        let unknown = |text| {
            AnswerXml::refusal_saying("NOT_FOUND", text)
                .text("mch_id", fields.value("mch_id"))
                .text("mch_billno", mch_billno)
        };
        match self.orders.get(mch_billno) {
            None => unknown(words::of("NOT_FOUND")),
            Some(order) if !is_theirs(order, fields) => unknown(words::of("NOT_FOUND")),
            Some(_) if fault == Some(FaultName::NotFound) => unknown(words::of("NOT_FOUND")),
            Some(order) if now_ms - order.taken_ms > QUERY_WINDOW_MS => {
                unknown(words::TOO_OLD_TO_QUERY)
            }
            Some(order) if fault == Some(FaultName::WrongEcho) => {
                self.tell(&self.mistaken_for(order), now_ms)
            }
            Some(order) => self.tell(order, now_ms),
        }
    }

    /// Everything the documentation says about an order, in its sequence.
    fn tell(&self, order: &Order, now_ms: i64) -> AnswerXml {
        let status = order.status(&self.settings.claims, now_ms);
        let mut answer = AnswerXml::success("OK")
            .text("mch_billno", &order.mch_billno)
            .text("mch_id", &order.fields.value("mch_id"))
            .text("detail_id", &order.send_listid)
            .text("status", status.as_str())
            .text("send_type", "API")
            .text("hb_type", "NORMAL")
            .number("total_num", u64::from(order.payments.max(1)))
            .number("total_amount", order.amount_fen);
        if let Some(reason) = reason(order) {
            answer = answer.text("reason", reason);
        }
        answer = answer.text("send_time", &times::beijing(sent_ms(order)));
        if status == Status::Refund {
            let refunded_ms = self.settings.claims.refunded_at(sent_ms(order));
            answer = answer
                .text("refund_time", &times::beijing(refunded_ms))
                .number("refund_amount", order.amount_fen);
        }
        for name in ["wishing", "remark", "act_name"] {
            answer = answer.text(name, &order.fields.value(name));
        }
        let claimed_ms = self
            .settings
            .claims
            .claimed_at(&order.mch_billno, sent_ms(order));
        match claimed_ms {
            Some(claimed_ms) if status == Status::Received => {
                answer.taken_by(&order.openid, order.amount_fen, &times::beijing(claimed_ms))
            }
            Some(_) | None => answer,
        }
    }
}

/// Whether who asks is who sent it: a number is one merchant's own.
fn is_theirs(order: &Order, fields: &BodyFields<'_>) -> bool {
    let is_same = |ours: &str, asked: &str| order.fields.value(ours) == fields.value(asked);
    is_same("mch_id", "mch_id") && is_same("wxappid", "appid")
}

fn reason(order: &Order) -> Option<&str> {
    match &order.standing {
        OrderStanding::Refused(refusal) if !refusal.reason.is_empty() => Some(&refusal.reason),
        OrderStanding::Refused(_) | OrderStanding::Taken | OrderStanding::Paid { .. } => None,
    }
}

fn sent_ms(order: &Order) -> i64 {
    match order.standing {
        OrderStanding::Paid { issued_ms, .. } => issued_ms,
        OrderStanding::Refused(_) | OrderStanding::Taken => order.taken_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use crate::simulator::testing::{Merchant, QUERY, code, field, query_fields};

    /// A merchant whose packets are all claimed, or all not.
    fn merchant(claimed_percent: u64) -> Merchant {
        let mut merchant = Merchant::new(Settings::default());
        merchant.gateway.settings_mut().claims.claimed_percent = claimed_percent;
        merchant.send("n1", "oA", 188);
        merchant
    }

    #[test]
    fn an_issued_packet_is_described_in_full() {
        let reply = merchant(0).query("n1");
        for (name, expected) in [
            ("return_code", "SUCCESS"),
            ("result_code", "SUCCESS"),
            ("mch_billno", "n1"),
            ("mch_id", "10000098"),
            ("detail_id", "1000041701202602140000000000001"),
            ("status", "SENT"),
            ("send_type", "API"),
            ("hb_type", "NORMAL"),
            ("total_num", "1"),
            ("total_amount", "188"),
            ("send_time", "2026-02-14 12:00:00"),
            ("wishing", "祝您元宵节快乐！"),
            ("remark", "快来抢！"),
            ("act_name", "猜灯谜抢红包活动"),
        ] {
            assert_eq!(field(&reply, name).as_deref(), Some(expected), "{name}");
        }
        for absent in ["reason", "refund_time", "refund_amount", "hblist"] {
            assert_eq!(field(&reply, absent), None, "{absent}");
        }
    }

    #[test]
    fn a_claimed_packet_names_who_took_it_and_when() {
        let mut merchant = merchant(100);
        merchant.wait_s(20 * 3_600);
        let reply = merchant.query("n1");
        assert_eq!(field(&reply, "status").as_deref(), Some("RECEIVED"));
        let list = field(&reply, "hblist").unwrap();
        assert!(list.contains("<hbinfo>\n<openid><![CDATA[oA]]></openid>\n"));
        assert!(list.contains("<amount>188</amount>\n<rcv_time><![CDATA[2026-02-1"));
    }

    #[test]
    fn an_unclaimed_packet_flows_back_after_a_day() {
        let mut merchant = merchant(0);
        merchant.wait_s(24 * 3_600 - 1);
        assert_eq!(merchant.status("n1"), "SENT");
        merchant.wait_s(1);
        assert_eq!(merchant.status("n1"), "RFUND_ING");
        merchant.wait_s(300);
        let reply = merchant.query("n1");
        assert_eq!(field(&reply, "status").as_deref(), Some("REFUND"));
        assert_eq!(field(&reply, "refund_amount").as_deref(), Some("188"));
        let refund_time = field(&reply, "refund_time");
        assert_eq!(refund_time.as_deref(), Some("2026-02-15 12:05:00"));
    }

    #[test]
    fn a_number_unknown_or_older_than_thirty_days_is_not_found() {
        let mut merchant = merchant(0);
        let unknown = merchant.query("n2");
        assert_eq!(code(&unknown), "NOT_FOUND");
        assert_eq!(field(&unknown, "return_code").as_deref(), Some("SUCCESS"));
        assert_eq!(field(&unknown, "mch_billno").as_deref(), Some("n2"));
        merchant.wait_s(30 * 24 * 3_600);
        assert_eq!(merchant.status("n1"), "REFUND");
        merchant.wait_s(1);
        assert_eq!(merchant.status("n1"), "NOT_FOUND");
    }

    #[test]
    fn a_number_of_another_merchant_or_mini_program_is_not_found() {
        let mut merchant = merchant(0);
        assert_eq!(merchant.status("n1"), "SENT");
        for (name, other) in [("mch_id", "10000099"), ("appid", "wxd27ebc41b85ce36d")] {
            let mut fields = query_fields("n1");
            fields.insert(name.to_owned(), other.to_owned());
            assert_eq!(code(&merchant.ask(QUERY, &fields)), "NOT_FOUND", "{name}");
        }
    }

    #[test]
    fn a_query_calls_the_mini_program_appid_and_not_wxappid() {
        let mut merchant = merchant(0);
        let mut fields = query_fields("n1");
        let appid = fields.remove("appid").unwrap();
        fields.insert("wxappid".to_owned(), appid);
        assert_eq!(code(&merchant.ask(QUERY, &fields)), "PARAM_ERROR");
        let mut fields = query_fields("n1");
        fields.insert("bill_type".to_owned(), "OTHER".to_owned());
        assert_eq!(code(&merchant.ask(QUERY, &fields)), "PARAM_ERROR");
    }
}
