//! `sendminiprogramhb`: one packet to one user, at most once per number.

use super::check::Ask;
use super::gateway::Gateway;
use super::settings::ResendOfPaid;
use crate::simulator::books::entry::{BookEntry, Payment, Refusal, Taking};
use crate::simulator::books::orders::{Order, OrderStanding};
use crate::simulator::books::packed::PackedFields;
use crate::simulator::faults::fault::FaultName;
use crate::simulator::wire::answer::{AnswerXml, echo_fields};
use crate::simulator::wire::sign::md5_hex;
use crate::simulator::wire::times;
use crate::simulator::wire::words::{self, Landing};

impl Gateway {
    /// Carries out a send that passed every check.
    pub(in crate::simulator) fn send(
        &mut self,
        ask: &Ask<'_>,
        fault: Option<FaultName>,
        now_ms: i64,
    ) -> AnswerXml {
        let Some(order) = self.orders.get(&ask.mch_billno) else {
            return self.decide(ask, fault, now_ms);
        };
        let remembers = self.settings.remembers_ms;
        if remembers.is_some_and(|time| now_ms > order.taken_ms.saturating_add(time)) {
            return self.decide(ask, fault, now_ms);
        }
        if order.fields != PackedFields::of(&ask.fields) {
            let answer = clash(order, ask);
            let mch_billno = ask.mch_billno.clone();
            self.book(BookEntry::Clash {
                at_ms: now_ms,
                mch_billno,
            });
            return answer;
        }
        if let OrderStanding::Paid { issued_ms, .. } = order.standing {
            if self.settings.resend_of_paid == ResendOfPaid::PaidAgain {
                return self.pay(ask, false, fault, now_ms);
            }
            return self.send_paid(order, fault, now_ms < issued_ms);
        }
        match self.closed(order, now_ms) {
            Some(answer) => echo(answer, ask),
            None => self.decide(ask, fault, now_ms),
        }
    }

    /// Pays, or refuses and keeps of the refusal what its code keeps.
    fn decide(&mut self, ask: &Ask<'_>, fault: Option<FaultName>, now_ms: i64) -> AnswerXml {
        match fault {
            Some(FaultName::SendFailed) => return self.refuse(ask, "SEND_FAILED", now_ms),
            Some(FaultName::ProcessingFailed) => return self.refuse(ask, "PROCESSING", now_ms),
            // Accepted, and stopped by what is looked at later.
            Some(FaultName::LandedRefusal) => {
                self.refuse(ask, "NO_AUTH", now_ms);
                return echo(AnswerXml::refusal("PROCESSING"), ask);
            }
            _ => {}
        }
        let code = self.obstacle(ask, now_ms);
        let is_processing =
            fault == Some(FaultName::Processing) || code.as_deref() == Some("PROCESSING");
        match code {
            Some(code) if code != "PROCESSING" => self.refuse(ask, &code, now_ms),
            Some(_) | None => self.pay(ask, is_processing, fault, now_ms),
        }
    }

    /// The code that stands against paying this packet now.
    fn obstacle(&self, ask: &Ask<'_>, now_ms: i64) -> Option<String> {
        if let Some(code) = self.settings.scripted.get(&ask.openid) {
            return Some(code.clone());
        }
        let limits = &self.settings.limits;
        let user = self.orders.user_day(&ask.openid, now_ms);
        let merchant = self.orders.merchant_day(now_ms);
        let exceeds = |limit: Option<u64>, sum: u64| limit.is_some_and(|limit| sum > limit);
        let code = if exceeds(limits.merchant_fen_per_day, merchant.fen + ask.amount_fen) {
            "SENDAMOUNT_LIMIT"
        } else if exceeds(limits.user_packets_per_day.map(u64::from), user.packets + 1) {
            "SENDNUM_LIMIT"
        } else if exceeds(limits.user_fen_per_day, user.fen + ask.amount_fen) {
            "RCVDAMOUNT_LIMIT"
        } else if self.balance_fen().is_some_and(|left| left < ask.amount_fen) {
            "NOTENOUGH"
        } else {
            return None;
        };
        Some(code.to_owned())
    }

    fn pay(
        &mut self,
        ask: &Ask<'_>,
        is_processing: bool,
        fault: Option<FaultName>,
        now_ms: i64,
    ) -> AnswerXml {
        let wait_s = if is_processing {
            self.settings.processing_seconds
        } else {
            0
        };
        let payment = Payment {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            openid: ask.openid.clone(),
            amount_fen: ask.amount_fen,
            issued_ms: now_ms + i64::from(wait_s) * 1_000,
            package: package(ask),
        };
        let Some(taking) = self.taking(ask, now_ms) else {
            self.book(BookEntry::Payment(payment));
            return self.paid(ask, is_processing, fault);
        };
        // The same as `paid` without looking for the order that was just made.
        let answer = (fault.is_none() && !is_processing).then(|| {
            echo(AnswerXml::success(words::PAID), ask)
                .text("send_listid", &taking.send_listid)
                .text("package", &payment.package)
        });
        self.book_paid(taking, payment);
        answer.unwrap_or_else(|| self.paid(ask, is_processing, fault))
    }

    /// The answer about what has just been paid.
    fn paid(&self, ask: &Ask<'_>, is_processing: bool, fault: Option<FaultName>) -> AnswerXml {
        match self.orders.get(&ask.mch_billno) {
            Some(order) if !is_processing => self.success(order, fault),
            Some(_) | None => echo(AnswerXml::refusal("PROCESSING"), ask),
        }
    }

    /// Refuses. A code that lands leaves an order behind; PROCESSING that will fail does too.
    fn refuse(&mut self, ask: &Ask<'_>, code: &str, now_ms: i64) -> AnswerXml {
        let (wait_s, reason, is_closed) = match words::landing(code) {
            Landing::Lands => (self.settings.landing_seconds, words::of(code), false),
            Landing::Closed => (0, words::of(code), true),
            Landing::NoOrder if code == "PROCESSING" => {
                (self.settings.processing_seconds, "", true)
            }
            Landing::NoOrder => return echo(AnswerXml::refusal(code), ask),
        };
        if let Some(taking) = self.taking(ask, now_ms) {
            self.book(BookEntry::Order(taking));
        }
        self.book(BookEntry::Refusal(Refusal {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            code: code.to_owned(),
            reason: reason.to_owned(),
            fails_at_ms: now_ms + i64::from(wait_s) * 1_000,
            is_closed,
        }));
        echo(AnswerXml::refusal(code), ask)
    }

    /// The entry of the order, if its number is new.
    fn taking(&self, ask: &Ask<'_>, now_ms: i64) -> Option<Taking> {
        if self.orders.get(&ask.mch_billno).is_some() {
            return None;
        }
        let sequence = self.orders.all().len() + 1;
        Some(Taking {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            send_listid: format!("1000041701{}{sequence:013}", times::beijing_date(now_ms)),
            fields: PackedFields::of(&ask.fields),
        })
    }

    /// The answer about a number that was not paid and cannot be paid any more.
    fn closed(&self, order: &Order, now_ms: i64) -> Option<AnswerXml> {
        let reentry_ms = i64::from(self.settings.reentry_hours) * 3_600_000;
        match &order.standing {
            OrderStanding::Refused(refusal) if refusal.is_closed => {
                let is_failed = now_ms >= refusal.fails_at_ms;
                let code = if is_failed {
                    "SEND_FAILED"
                } else {
                    "PROCESSING"
                };
                Some(AnswerXml::refusal(code))
            }
            _ if now_ms > order.taken_ms + reentry_ms => {
                Some(AnswerXml::refusal_saying("SEND_FAILED", words::EXPIRED))
            }
            _ => None,
        }
    }

    /// The same request about a paid number. Nothing is paid; the answer is a setting.
    fn send_paid(&self, order: &Order, fault: Option<FaultName>, is_processing: bool) -> AnswerXml {
        let code = match (fault, self.settings.resend_of_paid) {
            (Some(FaultName::SendFailed), _) => "SEND_FAILED",
            (Some(fault), _) if fault.is_processing() => "PROCESSING",
            _ if is_processing => "PROCESSING",
            (_, ResendOfPaid::Same | ResendOfPaid::PaidAgain) => {
                return self.success(order, fault);
            }
            (_, ResendOfPaid::SuccessWithoutPackage) => {
                return self.success(order, Some(FaultName::NoPackage));
            }
            (_, ResendOfPaid::SendFailed) => "SEND_FAILED",
            (_, ResendOfPaid::FatalError) => "FATAL_ERROR",
        };
        echo_order(AnswerXml::refusal(code), order)
    }

    fn success(&self, order: &Order, fault: Option<FaultName>) -> AnswerXml {
        let mistaken;
        let told = if fault == Some(FaultName::WrongEcho) {
            mistaken = self.mistaken_for(order);
            &mistaken
        } else {
            order
        };
        let answer = echo_order(AnswerXml::success(words::PAID), told)
            .text("send_listid", &told.last_listid());
        if fault == Some(FaultName::NoPackage) {
            return answer;
        }
        answer.text("package", &told.package)
    }

    /// Another order than this one: a real one where there is one, else one made up.
    pub(super) fn mistaken_for(&self, order: &Order) -> Order {
        let other = self.orders.another(&order.mch_billno).cloned();
        other.unwrap_or_else(|| {
            let mut made_up = order.clone();
            let last = made_up.mch_billno.pop();
            let other = if last == Some('0') { '1' } else { '0' };
            made_up.mch_billno.push(other);
            made_up
        })
    }
}

fn clash(order: &Order, ask: &Ask<'_>) -> AnswerXml {
    let text = if order.openid != ask.openid {
        "openid和原始单参数不一致"
    } else if order.amount_fen != ask.amount_fen {
        "金额和原始单参数不一致"
    } else {
        words::of("FATAL_ERROR")
    };
    echo(AnswerXml::refusal_saying("FATAL_ERROR", text), ask)
}

fn echo(answer: AnswerXml, ask: &Ask<'_>) -> AnswerXml {
    echo_fields(answer, &ask.mch_billno, &ask.fields)
}

fn echo_order(answer: AnswerXml, order: &Order) -> AnswerXml {
    answer
        .text("mch_billno", &order.mch_billno)
        .text("mch_id", &order.fields.value("mch_id"))
        .text("wxappid", &order.fields.value("wxappid"))
        .text("re_openid", &order.openid)
        .number("total_amount", order.amount_fen)
}

/// A package, in the shape and length of the official sample.
fn package(ask: &Ask<'_>) -> String {
    let mut package = String::with_capacity(320);
    let parts: [(&str, &[&str]); 2] = [
        ("sendid", &["0", "1"]),
        ("&ver=8&sign", &["0", "1", "2", "3"]),
    ];
    for (text, blocks) in parts {
        let name = text.trim_start_matches("&ver=8&");
        package.push_str(text);
        package.push('=');
        for block in blocks {
            let hashed = [name, " ", block, " ", &ask.mch_billno].concat();
            package.push_str(&md5_hex(hashed.as_bytes()));
        }
    }
    for (text, name) in [("&mchid=", "mch_id"), ("&appid=", "wxappid")] {
        package.push_str(text);
        package.push_str(ask.fields.value(name));
    }
    package
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::settings::{Limits, Settings};
    use super::*;
    use crate::simulator::testing::{Merchant, SEND, code, field, send_fields};

    fn merchant() -> Merchant {
        Merchant::new(Settings::default())
    }

    fn with_balance(fen: u64) -> Merchant {
        Merchant::new(Settings {
            balance_fen: Some(fen),
            ..Settings::default()
        })
    }

    fn scripted(code: &str) -> Merchant {
        Merchant::new(Settings {
            scripted: BTreeMap::from([("oA".to_owned(), code.to_owned())]),
            ..Settings::default()
        })
    }

    #[test]
    fn a_packet_is_paid_with_everything_the_documentation_promises() {
        let mut merchant = merchant();
        let reply = merchant.send("n1", "oA", 188);
        assert_eq!(code(&reply), "SUCCESS");
        assert_eq!(field(&reply, "mch_billno").as_deref(), Some("n1"));
        assert_eq!(field(&reply, "re_openid").as_deref(), Some("oA"));
        assert_eq!(field(&reply, "total_amount").as_deref(), Some("188"));
        assert_eq!(
            field(&reply, "send_listid").as_deref(),
            Some("1000041701202602140000000000001")
        );
        let package = field(&reply, "package").unwrap();
        assert!(package.starts_with("sendid="), "{package}");
        assert!(package.ends_with("&mchid=10000098&appid=wx8888888888888888"));
        assert_eq!(package.len(), 251, "as long as the official sample");
    }

    #[test]
    fn a_package_is_made_of_the_number() {
        let package = field(&merchant().send("n1", "oA", 188), "package");
        let hashed = |text: &str| md5_hex(text.as_bytes());
        let [sendid, sign] = ["sendid", "sign"].map(|name| {
            (0..4)
                .map(|n| hashed(&format!("{name} {n} n1")))
                .collect::<String>()
        });
        let expected = format!(
            "sendid={}&ver=8&sign={sign}&mchid=10000098&appid=wx8888888888888888",
            &sendid[..64]
        );
        assert_eq!(package, Some(expected));
    }

    #[test]
    fn the_same_request_again_gives_the_same_packet_and_pays_nothing() {
        let mut merchant = merchant();
        let first = merchant.send("n1", "oA", 188);
        merchant.wait_s(3_600);
        assert_eq!(merchant.send("n1", "oA", 188), first);
        assert_eq!(merchant.payments("n1"), Some(1));
        assert_eq!(merchant.gateway.books(0).paid_fen, 188);
    }

    #[test]
    fn a_refusal_of_a_forgotten_number_does_not_undo_its_payment() {
        let mut merchant = Merchant::new(Settings {
            remembers_ms: Some(1_000),
            ..Settings::default()
        });
        merchant.send("n1", "oA", 188);
        merchant.wait_s(2);
        let refused = BTreeMap::from([("oA".to_owned(), "NOTENOUGH".to_owned())]);
        merchant.gateway.settings_mut().scripted = refused;
        assert_eq!(code(&merchant.send("n1", "oA", 188)), "NOTENOUGH");
        let books = merchant.gateway.books(merchant.now_ms);
        assert!(books.orders["n1"].order.is_paid());
        assert_eq!(merchant.status("n1"), "SENT");
    }

    #[test]
    fn what_a_paid_number_is_told_again_is_a_setting_and_never_pays() {
        let mut merchant = merchant();
        merchant.send("n1", "oA", 188);
        for (told, expected) in [
            (ResendOfPaid::SendFailed, "SEND_FAILED"),
            (ResendOfPaid::FatalError, "FATAL_ERROR"),
            (ResendOfPaid::SuccessWithoutPackage, "SUCCESS"),
        ] {
            merchant.gateway.settings_mut().resend_of_paid = told;
            let reply = merchant.send("n1", "oA", 188);
            assert_eq!(code(&reply), expected);
            assert_eq!(field(&reply, "package"), None);
        }
        assert_eq!(merchant.payments("n1"), Some(1));
        assert_eq!(merchant.status("n1"), "SENT");
        assert_eq!(merchant.gateway.books(0).clashes, 0);
    }

    #[test]
    fn a_number_with_other_parameters_is_a_clash() {
        let mut merchant = merchant();
        merchant.send("n1", "oA", 188);
        let other_user = merchant.send("n1", "oB", 188);
        let other_sum = merchant.send("n1", "oA", 189);
        let mut fields = send_fields("n1", "oA", 188);
        fields.insert("nonce_str".to_owned(), "another".to_owned());
        let other_nonce = merchant.ask(SEND, &fields);
        for (reply, text) in [
            (other_user, "openid和原始单参数不一致"),
            (other_sum, "金额和原始单参数不一致"),
            (other_nonce, "参数和原始单参数不一致"),
        ] {
            assert_eq!(code(&reply), "FATAL_ERROR");
            assert_eq!(field(&reply, "err_code_des").as_deref(), Some(text));
        }
        let books = merchant.gateway.books(merchant.now_ms);
        assert_eq!((books.clashes, books.paid_fen), (3, 188));
    }

    #[test]
    fn without_money_the_order_lands_and_the_same_number_is_paid_after_a_top_up() {
        let mut merchant = with_balance(100);
        assert_eq!(code(&merchant.send("n1", "oA", 150)), "NOTENOUGH");
        let landed = merchant.query("n1");
        assert_eq!(field(&landed, "status").as_deref(), Some("SENDING"));
        let reason = field(&landed, "reason").unwrap();
        assert!(reason.contains("余额不足"), "{reason}");
        merchant.wait_s(600);
        assert_eq!(merchant.status("n1"), "FAILED");
        assert_eq!(merchant.payments("n1"), Some(0));

        merchant.gateway.top_up(50);
        assert_eq!(code(&merchant.send("n1", "oA", 150)), "SUCCESS");
        assert_eq!(merchant.status("n1"), "SENT");
        assert_eq!(merchant.gateway.books(0).balance_fen, Some(0));
        assert_eq!(code(&merchant.send("n2", "oB", 100)), "NOTENOUGH");
    }

    #[test]
    fn a_landed_number_is_too_old_after_three_days() {
        let mut merchant = with_balance(0);
        merchant.send("n1", "oA", 150);
        merchant.gateway.top_up(1_000);
        merchant.wait_s(72 * 3_600 + 1);
        let reply = merchant.send("n1", "oA", 150);
        assert_eq!(code(&reply), "SEND_FAILED");
        assert_eq!(
            field(&reply, "err_code_des").as_deref(),
            Some(words::EXPIRED)
        );
        assert_eq!(merchant.payments("n1"), Some(0));
    }

    #[test]
    fn a_user_takes_ten_packets_a_beijing_day() {
        let mut merchant = merchant();
        for n in 0..10 {
            assert_eq!(code(&merchant.send(&format!("n{n}"), "oA", 100)), "SUCCESS");
        }
        assert_eq!(code(&merchant.send("n10", "oA", 100)), "SENDNUM_LIMIT");
        assert_eq!(merchant.status("n10"), "SENDING");
        assert_eq!(code(&merchant.send("m", "oB", 100)), "SUCCESS");
        merchant.wait_s(12 * 3_600 - 1);
        assert_eq!(code(&merchant.send("n11", "oA", 100)), "SENDNUM_LIMIT");
        merchant.wait_s(1);
        assert_eq!(merchant.status("n10"), "FAILED");
        assert_eq!(code(&merchant.send("n12", "oA", 100)), "SUCCESS");
    }

    #[test]
    fn a_user_takes_a_thousand_yuan_and_the_merchant_pays_his_limit() {
        let mut merchant = merchant();
        for n in 0..5 {
            assert_eq!(
                code(&merchant.send(&format!("n{n}"), "oA", 20_000)),
                "SUCCESS"
            );
        }
        assert_eq!(code(&merchant.send("n5", "oA", 100)), "RCVDAMOUNT_LIMIT");
        merchant.gateway.settings_mut().limits = Limits {
            merchant_fen_per_day: Some(100_100),
            ..Limits::default()
        };
        assert_eq!(code(&merchant.send("n6", "oB", 101)), "SENDAMOUNT_LIMIT");
        assert_eq!(merchant.status("n6"), "NOT_FOUND");
        assert_eq!(code(&merchant.send("n7", "oB", 100)), "SUCCESS");
    }

    #[test]
    fn some_refusals_leave_no_order_some_land_and_some_are_final() {
        for (refusal, at_once, later) in [
            ("OPENID_ERROR", "NOT_FOUND", "NOT_FOUND"),
            ("MONEY_LIMIT", "NOT_FOUND", "NOT_FOUND"),
            ("SENDAMOUNT_LIMIT", "NOT_FOUND", "NOT_FOUND"),
            ("NO_AUTH", "SENDING", "FAILED"),
            ("RCVDAMOUNT_LIMIT", "SENDING", "FAILED"),
            ("SEND_FAILED", "FAILED", "FAILED"),
            ("PROCESSING", "SENDING", "SENT"),
        ] {
            let mut merchant = scripted(refusal);
            merchant.gateway.settings_mut().claims.claimed_percent = 0;
            assert_eq!(code(&merchant.send("n1", "oA", 100)), refusal);
            assert_eq!(merchant.status("n1"), at_once, "{refusal}");
            merchant.wait_s(600);
            assert_eq!(merchant.status("n1"), later, "{refusal}");
            assert_eq!(code(&merchant.send("n2", "oB", 100)), "SUCCESS");
        }
    }

    #[test]
    fn a_number_that_failed_for_good_is_never_paid() {
        let mut merchant = scripted("SEND_FAILED");
        merchant.send("n1", "oA", 100);
        merchant.gateway.settings_mut().scripted.clear();
        assert_eq!(code(&merchant.send("n1", "oA", 100)), "SEND_FAILED");
        assert_eq!(merchant.payments("n1"), Some(0));
    }
}
