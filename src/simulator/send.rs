//! `sendminiprogramhb`: one packet to one user, at most once per number.

use super::answer::Answer;
use super::check::{Ask, value};
use super::entry::{Entry, Payment, Refusal, Taking};
use super::fault::FaultName;
use super::gateway::Gateway;
use super::orders::{Order, Standing};
use super::settings::ResendOfPaid;
use super::sign::md5_hex;
use super::times;
use super::words::{self, Landing};

impl Gateway {
    /// Carries out a send that passed every check.
    pub(super) fn send(&mut self, ask: &Ask, fault: Option<FaultName>, now_ms: i64) -> Answer {
        let Some(order) = self.orders.get(&ask.mch_billno) else {
            return self.decide(ask, fault, now_ms);
        };
        if order.fields != ask.fields {
            let answer = clash(order, ask);
            let mch_billno = ask.mch_billno.clone();
            self.book(Entry::Clash {
                at_ms: now_ms,
                mch_billno,
            });
            return answer;
        }
        if let Standing::Paid { issued_ms, .. } = order.standing {
            return self.send_paid(order, fault, now_ms < issued_ms);
        }
        match self.closed(order, now_ms) {
            Some(answer) => echo(answer, ask),
            None => self.decide(ask, fault, now_ms),
        }
    }

    /// Pays, or refuses and keeps of the refusal what its code keeps.
    fn decide(&mut self, ask: &Ask, fault: Option<FaultName>, now_ms: i64) -> Answer {
        match fault {
            Some(FaultName::SendFailed) => return self.refuse(ask, "SEND_FAILED", now_ms),
            Some(FaultName::ProcessingFailed) => return self.refuse(ask, "PROCESSING", now_ms),
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
    fn obstacle(&self, ask: &Ask, now_ms: i64) -> Option<String> {
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
        ask: &Ask,
        is_processing: bool,
        fault: Option<FaultName>,
        now_ms: i64,
    ) -> Answer {
        let wait_s = if is_processing {
            self.settings.processing_seconds
        } else {
            0
        };
        self.take(ask, now_ms);
        self.book(Entry::Payment(Payment {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            openid: ask.openid.clone(),
            amount_fen: ask.amount_fen,
            issued_ms: now_ms + i64::from(wait_s) * 1_000,
            package: package(ask),
        }));
        match self.orders.get(&ask.mch_billno) {
            Some(order) if !is_processing => self.success(order, fault),
            Some(_) | None => echo(Answer::refusal("PROCESSING"), ask),
        }
    }

    /// Refuses. A code that lands leaves an order behind; PROCESSING that will fail does too.
    fn refuse(&mut self, ask: &Ask, code: &str, now_ms: i64) -> Answer {
        let (wait_s, reason, is_closed) = match words::landing(code) {
            Landing::Lands => (self.settings.landing_seconds, words::of(code), false),
            Landing::Closed => (0, words::of(code), true),
            Landing::NoOrder if code == "PROCESSING" => {
                (self.settings.processing_seconds, "", true)
            }
            Landing::NoOrder => return echo(Answer::refusal(code), ask),
        };
        self.take(ask, now_ms);
        self.book(Entry::Refusal(Refusal {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            code: code.to_owned(),
            reason: reason.to_owned(),
            fails_at_ms: now_ms + i64::from(wait_s) * 1_000,
            is_closed,
        }));
        echo(Answer::refusal(code), ask)
    }

    /// Enters the order, if its number is new.
    fn take(&mut self, ask: &Ask, now_ms: i64) {
        if self.orders.get(&ask.mch_billno).is_some() {
            return;
        }
        let sequence = self.orders.all().len() + 1;
        self.book(Entry::Order(Taking {
            at_ms: now_ms,
            mch_billno: ask.mch_billno.clone(),
            send_listid: format!("1000041701{}{sequence:013}", times::beijing_date(now_ms)),
            fields: ask.fields.clone(),
        }));
    }

    /// What a number that was not paid is told once it cannot be paid any more.
    fn closed(&self, order: &Order, now_ms: i64) -> Option<Answer> {
        let reentry_ms = i64::from(self.settings.reentry_hours) * 3_600_000;
        match &order.standing {
            Standing::Refused(refusal) if refusal.is_closed => {
                let is_failed = now_ms >= refusal.fails_at_ms;
                let code = if is_failed {
                    "SEND_FAILED"
                } else {
                    "PROCESSING"
                };
                Some(Answer::refusal(code))
            }
            _ if now_ms > order.taken_ms + reentry_ms => {
                Some(Answer::refusal_saying("SEND_FAILED", words::EXPIRED))
            }
            _ => None,
        }
    }

    /// The same request about a paid number. Nothing is paid; the answer is a setting.
    fn send_paid(&self, order: &Order, fault: Option<FaultName>, is_processing: bool) -> Answer {
        let code = match (fault, self.settings.resend_of_paid) {
            (Some(FaultName::SendFailed), _) => "SEND_FAILED",
            (Some(FaultName::Processing | FaultName::ProcessingFailed), _) => "PROCESSING",
            _ if is_processing => "PROCESSING",
            (_, ResendOfPaid::Same) => return self.success(order, fault),
            (_, ResendOfPaid::SuccessWithoutPackage) => {
                return self.success(order, Some(FaultName::NoPackage));
            }
            (_, ResendOfPaid::SendFailed) => "SEND_FAILED",
            (_, ResendOfPaid::FatalError) => "FATAL_ERROR",
        };
        echo_order(Answer::refusal(code), order)
    }

    fn success(&self, order: &Order, fault: Option<FaultName>) -> Answer {
        let mistaken;
        let told = if fault == Some(FaultName::WrongEcho) {
            mistaken = self.mistaken_for(order);
            &mistaken
        } else {
            order
        };
        let answer =
            echo_order(Answer::success("发放成功"), told).text("send_listid", &told.send_listid);
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
            made_up.mch_billno = order.mch_billno.chars().rev().collect();
            made_up.mch_billno.pop();
            made_up
        })
    }
}

fn clash(order: &Order, ask: &Ask) -> Answer {
    let text = if order.openid != ask.openid {
        "openid和原始单参数不一致"
    } else if order.amount_fen != ask.amount_fen {
        "金额和原始单参数不一致"
    } else {
        words::of("FATAL_ERROR")
    };
    echo(Answer::refusal_saying("FATAL_ERROR", text), ask)
}

fn echo(answer: Answer, ask: &Ask) -> Answer {
    echo_fields(answer, |name| value(&ask.fields, name)).number("total_amount", ask.amount_fen)
}

fn echo_order(answer: Answer, order: &Order) -> Answer {
    echo_fields(answer, |name| value(&order.fields, name)).number("total_amount", order.amount_fen)
}

fn echo_fields<'f>(answer: Answer, field: impl Fn(&str) -> &'f str) -> Answer {
    let names = ["mch_billno", "mch_id", "wxappid", "re_openid"];
    names
        .iter()
        .fold(answer, |answer, name| answer.text(name, field(name)))
}

/// What the mini-program opens the packet with, in the shape and length of the official sample.
fn package(ask: &Ask) -> String {
    let hex = |words: &str, blocks: u32| -> String {
        let block = |n| md5_hex(format!("{words} {n} {}", ask.mch_billno).as_bytes());
        (0..blocks).map(block).collect()
    };
    format!(
        "sendid={}&ver=8&sign={}&mchid={}&appid={}",
        hex("sendid", 2),
        hex("sign", 4),
        value(&ask.fields, "mch_id"),
        value(&ask.fields, "wxappid"),
    )
}
