//! `gethbinfo`: what became of one number.

use super::answer::Answer;
use super::check::value;
use super::claims::Status;
use super::fault::FaultName;
use super::gateway::Gateway;
use super::orders::{Order, Standing};
use super::times;
use super::words;
use super::xml::Fields;

/// How far back a query reaches.
const QUERY_WINDOW_MS: i64 = 30 * 24 * 3_600_000;

impl Gateway {
    /// Answers a query that passed every check.
    pub(super) fn query(
        &self,
        fields: &Fields,
        mch_billno: &str,
        fault: Option<FaultName>,
        now_ms: i64,
    ) -> Answer {
        let unknown = |text| {
            Answer::refusal_saying("NOT_FOUND", text)
                .text("mch_id", value(fields, "mch_id"))
                .text("mch_billno", mch_billno)
        };
        match self.orders.get(mch_billno) {
            None => unknown(words::of("NOT_FOUND")),
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
    fn tell(&self, order: &Order, now_ms: i64) -> Answer {
        let status = order.status(&self.settings.claims, now_ms);
        let mut answer = Answer::success("OK")
            .text("mch_billno", &order.mch_billno)
            .text("mch_id", value(&order.fields, "mch_id"))
            .text("detail_id", &order.send_listid)
            .text("status", status.as_str())
            .text("send_type", "API")
            .text("hb_type", "NORMAL")
            .number("total_num", 1)
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
            answer = answer.text(name, value(&order.fields, name));
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

fn reason(order: &Order) -> Option<&str> {
    match &order.standing {
        Standing::Refused(refusal) if !refusal.reason.is_empty() => Some(&refusal.reason),
        Standing::Refused(_) | Standing::Taken | Standing::Paid { .. } => None,
    }
}

fn sent_ms(order: &Order) -> i64 {
    match order.standing {
        Standing::Paid { issued_ms, .. } => issued_ms,
        Standing::Refused(_) | Standing::Taken => order.taken_ms,
    }
}
