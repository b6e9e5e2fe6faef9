//! The gateway without its wires: a request's bytes and the time go in, a reply comes out.
//!
//! It knows no socket, clock or dice of the machine, so a whole campaign can be replayed
//! against it in virtual time. The answer is decided in this order: the fault that befalls
//! the request, the rate, the XML, the sign, the merchant, the fields, and then the order.

use std::collections::VecDeque;

use super::check;
use super::fund_flow;
use super::gateway::Gateway;
use crate::simulator::faults::dice::FaultDice;
use crate::simulator::faults::fault::{Endpoint, FaultName};
use crate::simulator::wire::answer::{AnswerXml, echo_fields};
use crate::simulator::wire::fields::BodyFields;
use crate::simulator::wire::reply::GatewayReply;
use crate::simulator::wire::sign;
use crate::simulator::wire::words;
use crate::simulator::wire::xml::{self, NotAFlatDocument};

impl Gateway {
    /// Answers one request to `path` that arrived whole at `now_ms`.
    pub fn answer(&mut self, path: &str, body: &[u8], now_ms: i64) -> GatewayReply {
        if path == fund_flow::PATH {
            return self.download(body, now_ms);
        }
        let endpoint = match path {
            "/mmpaymkttransfers/sendminiprogramhb" => Endpoint::Send,
            "/mmpaymkttransfers/gethbinfo" => Endpoint::Query,
            _ => return GatewayReply::page(404),
        };
        let fields = xml::read(body);
        let key = &self.settings.api_key;
        let is_signed = fields
            .as_ref()
            .is_ok_and(|it| sign::is_right(it.iter(), key));
        let fault = self.fault(endpoint, fields.as_ref().ok(), is_signed, now_ms);
        if let Some(fault) = fault {
            self.traffic.befell(fault);
        }
        if let Some(reply) = fault.and_then(FaultName::instead) {
            return reply;
        }
        let answer = match self.admit((endpoint, is_signed), fields, now_ms) {
            Ok(fields) => self.carry_out((endpoint, fault), fields, now_ms),
            Err(refusal) => refusal,
        };
        match fault {
            Some(fault) => fault.upon(answer, self.settings.late_ms),
            None => answer.into(),
        }
    }

    /// The fault that befalls a request. It depends on the seed, the number and how often that
    /// number was asked about, and not on the order in which requests arrive: the same campaign
    /// meets the same faults however its workers are scheduled.
    fn fault(
        &mut self,
        endpoint: Endpoint,
        fields: Option<&BodyFields<'_>>,
        is_signed: bool,
        now_ms: i64,
    ) -> Option<FaultName> {
        let number = fields.map_or("", |fields| fields.value("mch_billno"));
        // Only the merchant's requests are kept by their numbers: a stranger could name any.
        let is_theirs = is_signed && check::is_bill_number(number);
        let earlier = self
            .traffic
            .note(endpoint, is_theirs.then_some(number), now_ms);
        let openid = fields.map_or("", |fields| fields.value("re_openid"));
        let scripted = self.settings.scripted_faults.get_mut(openid);
        if let Some(fault) = scripted.and_then(VecDeque::pop_front) {
            return Some(fault);
        }
        let (kind, faults) = match (endpoint, &self.settings.query_faults) {
            (Endpoint::Send, _) => ("send", &self.settings.faults),
            (Endpoint::Query, None) => ("query", &self.settings.faults),
            (Endpoint::Query, Some(own)) => ("query", own),
        };
        let words = [kind, number, &earlier.to_string()];
        faults.draw(endpoint, &mut FaultDice::about(self.settings.seed, &words))
    }

    /// Everything that is checked before the endpoint's own fields.
    fn admit<'b>(
        &mut self,
        (endpoint, is_signed): (Endpoint, bool),
        fields: Result<BodyFields<'b>, NotAFlatDocument>,
        now_ms: i64,
    ) -> Result<BodyFields<'b>, AnswerXml> {
        if !self.traffic.admit(self.settings.limits.per_second, now_ms) {
            return Err(AnswerXml::refusal("FREQ_LIMIT"));
        }
        let fields = fields.map_err(|NotAFlatDocument| AnswerXml::refusal("XML_ERROR"))?;
        if !is_signed {
            return Err(AnswerXml::refusal("SIGN_ERROR"));
        }
        if let Some((code, each)) = self.settings.at_the_door.clone()
            && endpoint == Endpoint::Send
            && self.traffic.counters.sends.is_multiple_of(each)
        {
            let number = fields.value("mch_billno").to_owned();
            return Err(echo_fields(merchant_wide(&code), &number, &fields));
        }
        if self.settings.is_closed_at_night && endpoint == Endpoint::Send && is_night(now_ms) {
            let number = fields.value("mch_billno").to_owned();
            return Err(echo_fields(merchant_wide("TIME_LIMITED"), &number, &fields));
        }
        match self.settings.merchant_wide.as_deref() {
            Some(code) if endpoint == Endpoint::Send || words::meets_queries(code) => {
                Err(merchant_wide(code))
            }
            Some(_) | None => Ok(fields),
        }
    }

    fn carry_out(
        &mut self,
        (endpoint, fault): (Endpoint, Option<FaultName>),
        fields: BodyFields<'_>,
        now_ms: i64,
    ) -> AnswerXml {
        match endpoint {
            Endpoint::Send => match check::send(fields, &self.settings) {
                Ok(ask) => self.send(&ask, fault, now_ms),
                Err(refusal) => refusal,
            },
            Endpoint::Query => match check::query(&fields, &self.settings) {
                Ok(number) => self.query(&fields, &number, fault, now_ms),
                Err(refusal) => refusal,
            },
        }
    }
}

/// Whether it is before 8:00 in Beijing.
fn is_night(now_ms: i64) -> bool {
    const HOUR_MS: i64 = 3_600_000;
    (now_ms.div_euclid(HOUR_MS) + 8).rem_euclid(24) < 8
}

fn merchant_wide(code: &str) -> AnswerXml {
    match code {
        "NO_AUTH" => AnswerXml::refusal_saying(code, words::NO_AUTH_ADDRESS),
        _ => AnswerXml::refusal(code),
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::super::traffic::RequestCounts;
    use super::*;
    use crate::simulator::books::entry::{BookEntry, Taking};
    use crate::simulator::faults::rates::FaultRates;
    use crate::simulator::testing::{Merchant, QUERY, SEND, body, code, field, send_fields};
    use crate::simulator::wire::reply::Delivery;

    /// Sends one packet under a fault; gives the reply and how often it was paid.
    fn sent_under(fault: FaultName) -> (Merchant, GatewayReply, Option<u32>) {
        let mut merchant = Merchant::under(fault);
        let reply = merchant.send("n1", "oA", 100);
        let payments = merchant.payments("n1");
        (merchant, reply, payments)
    }

    #[test]
    fn a_fault_before_the_send_leaves_no_trace_in_the_books() {
        for fault in [
            FaultName::LostBefore,
            FaultName::SystemErrorUnpaid,
            FaultName::Http502Unpaid,
            FaultName::CertificatePage,
            FaultName::ReturnFail,
            FaultName::FreqLimit,
        ] {
            let (mut merchant, reply, payments) = sent_under(fault);
            assert_eq!(payments, None, "{fault}");
            assert_eq!(merchant.status("n1"), "NOT_FOUND", "{fault}");
            match fault {
                FaultName::LostBefore => assert_eq!(reply.delivery, Delivery::Never),
                FaultName::SystemErrorUnpaid => assert_eq!(code(&reply), "SYSTEMERROR"),
                FaultName::Http502Unpaid => assert_eq!(reply.status, 502),
                FaultName::CertificatePage => assert_eq!(reply.status, 400),
                FaultName::ReturnFail => assert_eq!(field(&reply, "err_code"), None),
                _ => assert_eq!(code(&reply), "FREQ_LIMIT"),
            }
        }
    }

    #[test]
    fn a_fault_after_the_send_hides_a_payment_that_a_query_finds() {
        for fault in [
            FaultName::LostAfter,
            FaultName::SystemErrorPaid,
            FaultName::Http502Paid,
            FaultName::Garbage,
            FaultName::Truncated,
            FaultName::Empty,
            FaultName::Late,
            FaultName::WrongEcho,
            FaultName::WrongSign,
            FaultName::UnknownCode,
            FaultName::NoPackage,
        ] {
            let (mut merchant, reply, payments) = sent_under(fault);
            assert_eq!(payments, Some(1), "{fault}");
            assert_eq!(merchant.status("n1"), "SENT", "{fault}");
            let length = reply.body.len();
            match fault {
                FaultName::LostAfter => assert_eq!(reply.delivery, Delivery::Never),
                FaultName::SystemErrorPaid => assert_eq!(code(&reply), "SYSTEMERROR"),
                FaultName::Http502Paid => assert_eq!(reply.status, 502),
                FaultName::UnknownCode => assert_eq!(code(&reply), "UNHEARD_OF"),
                FaultName::WrongSign => {
                    assert_eq!(field(&reply, "sign").map(|sign| sign.len()), Some(32));
                }
                FaultName::Garbage => assert!(!reply.body.contains(&b'<')),
                FaultName::Truncated => {
                    assert_eq!(reply.delivery, Delivery::Cut { bytes: length / 2 });
                }
                FaultName::Empty => assert_eq!((reply.status, length), (200, 0)),
                FaultName::Late => assert_eq!(reply.delivery, Delivery::Late { ms: 20_000 }),
                FaultName::WrongEcho => {
                    assert_ne!(field(&reply, "mch_billno").as_deref(), Some("n1"));
                }
                _ => assert_eq!(
                    (code(&reply).as_str(), field(&reply, "package")),
                    ("SUCCESS", None)
                ),
            }
        }
    }

    #[test]
    fn requests_that_nobody_signed_leave_nothing_behind_under_their_numbers() {
        let mut merchant = Merchant::new(Settings::default());
        let unsigned = body(&send_fields("n1", "oA", 100), &"0".repeat(32));
        let (now_ms, gateway) = (merchant.now_ms, &mut merchant.gateway);
        assert_eq!(code(&gateway.answer(SEND, &unsigned, now_ms)), "SIGN_ERROR");
        assert_eq!(gateway.traffic.about("n1"), RequestCounts::default());
        assert_eq!(gateway.traffic.counters.sends, 1);
        merchant.send("n/1", "oA", 100);
        let traffic = &merchant.gateway.traffic;
        assert_eq!(traffic.about("n/1"), RequestCounts::default());
        merchant.send("n1", "oA", 100);
        assert_eq!(merchant.gateway.traffic.about("n1").sends, 1);
    }

    #[test]
    fn a_wrong_echo_speaks_about_a_real_order_where_there_is_one() {
        let mut merchant = Merchant::under(FaultName::WrongEcho);
        merchant.send("n1", "oA", 100);
        let second = merchant.send("n2", "oB", 200);
        assert_eq!(field(&second, "mch_billno").as_deref(), Some("n1"));
        assert_eq!(field(&second, "total_amount").as_deref(), Some("100"));
        let query = merchant.query("n1");
        assert_eq!(field(&query, "mch_billno").as_deref(), Some("n2"));
    }

    #[test]
    fn send_failed_fails_the_order_but_a_paid_one_stays_paid() {
        let (mut merchant, reply, payments) = sent_under(FaultName::SendFailed);
        assert_eq!((code(&reply).as_str(), payments), ("SEND_FAILED", Some(0)));
        assert_eq!(merchant.status("n1"), "FAILED");

        merchant.gateway.settings_mut().faults = FaultRates::none();
        assert_eq!(code(&merchant.send("n1", "oA", 100)), "SEND_FAILED");
        assert_eq!(code(&merchant.send("n2", "oA", 100)), "SUCCESS");
        merchant.gateway.settings_mut().faults =
            FaultRates::none().with(FaultName::SendFailed, 1.0);
        assert_eq!(code(&merchant.send("n2", "oA", 100)), "SEND_FAILED");
        assert_eq!(merchant.status("n2"), "SENT");
        assert_eq!(merchant.payments("n2"), Some(1));
    }

    #[test]
    fn a_refusal_may_land_behind_an_order_that_was_accepted() {
        let (mut merchant, reply, payments) = sent_under(FaultName::LandedRefusal);
        assert_eq!((code(&reply).as_str(), payments), ("PROCESSING", Some(0)));
        merchant.gateway.settings_mut().faults = FaultRates::none();
        for status in ["SENDING", "FAILED"] {
            let reply = merchant.query("n1");
            assert_eq!(field(&reply, "status").as_deref(), Some(status));
            let reason = field(&reply, "reason").unwrap();
            assert!(reason.contains("已被微信拦截"), "{reason}");
            merchant.wait_s(600);
        }
    }

    #[test]
    fn processing_becomes_sent_or_failed_in_its_time() {
        for (fault, payments, end) in [
            (FaultName::Processing, 1, "SENT"),
            (FaultName::ProcessingFailed, 0, "FAILED"),
        ] {
            let (mut merchant, reply, _) = sent_under(fault);
            merchant.gateway.settings_mut().claims.claimed_percent = 0;
            assert_eq!(code(&reply), "PROCESSING");
            merchant.gateway.settings_mut().faults = FaultRates::none();
            let query = merchant.query("n1");
            assert_eq!(field(&query, "status").as_deref(), Some("SENDING"));
            assert_eq!(field(&query, "reason"), None);
            assert_eq!(code(&merchant.send("n1", "oA", 100)), "PROCESSING");
            merchant.wait_s(600);
            assert_eq!(merchant.status("n1"), end);
            assert_eq!(merchant.payments("n1"), Some(payments));
        }
    }

    #[test]
    fn queries_can_have_faults_of_their_own() {
        let mut merchant = Merchant::new(Settings::default());
        merchant.send("n1", "oA", 100);
        let own = FaultRates::none().with(FaultName::NotFound, 1.0);
        merchant.gateway.settings_mut().query_faults = Some(own);
        assert_eq!(code(&merchant.query("n1")), "NOT_FOUND");
        assert_eq!(code(&merchant.send("n1", "oA", 100)), "SUCCESS");
    }

    #[test]
    fn a_fault_is_counted_for_each_request_it_befell() {
        let mut merchant = Merchant::under(FaultName::SystemErrorPaid);
        merchant.send("n1", "oA", 100);
        merchant.send("n1", "oA", 100);
        merchant.query("n1");
        let counters = merchant.gateway.books(merchant.now_ms).counters;
        let met = counters.faults.into_iter().collect::<Vec<_>>();
        assert_eq!(met, [("systemerror_paid", 2)]);
    }

    #[test]
    fn scripted_faults_befall_a_recipient_once_each() {
        let mut merchant = Merchant::new(Settings::default());
        let script = [FaultName::SystemErrorPaid, FaultName::NoPackage].into();
        let scripts = &mut merchant.gateway.settings_mut().scripted_faults;
        scripts.insert("oA".to_owned(), script);
        assert_eq!(code(&merchant.send("n1", "oA", 100)), "SYSTEMERROR");
        assert_eq!(code(&merchant.send("n2", "oB", 100)), "SUCCESS");
        let second = merchant.send("n1", "oA", 100);
        assert_eq!(field(&second, "package"), None);
        assert!(field(&merchant.send("n1", "oA", 100), "package").is_some());
    }

    #[test]
    fn the_same_seed_and_number_meet_the_same_fault_in_any_order() {
        let run = |seed: u64, numbers: &[u32]| {
            let faults = FaultRates::none()
                .with(FaultName::LostAfter, 0.3)
                .with(FaultName::SystemErrorUnpaid, 0.3);
            let mut merchant = Merchant::new(Settings {
                faults,
                seed,
                ..Settings::default()
            });
            let mut send = |n: &u32| (*n, merchant.send(&n.to_string(), "oA", 100).delivery);
            let mut met: Vec<_> = numbers.iter().map(&mut send).collect();
            met.sort_by_key(|(n, _)| *n);
            met
        };
        let forwards: Vec<u32> = (0..100).collect();
        let backwards: Vec<u32> = (0..100).rev().collect();
        assert_eq!(run(1, &forwards), run(1, &backwards));
        assert_ne!(run(1, &forwards), run(2, &forwards));
    }

    #[test]
    fn what_is_not_signed_with_the_key_or_not_xml_is_refused() {
        let mut merchant = Merchant::new(Settings::default());
        let forged = body(&send_fields("n1", "oA", 100), "another key");
        let reply = merchant.gateway.answer(SEND, &forged, merchant.now_ms);
        assert_eq!(code(&reply), "SIGN_ERROR");
        assert_eq!(field(&reply, "return_code").as_deref(), Some("SUCCESS"));
        assert_eq!(field(&reply, "result_code").as_deref(), Some("FAIL"));
        let reply = merchant.gateway.answer(QUERY, b"<xml>", merchant.now_ms);
        assert_eq!(code(&reply), "XML_ERROR");
        let reply = merchant.gateway.answer("/pay/unifiedorder", b"", 0);
        assert_eq!(reply.status, 404);
        assert_eq!(merchant.payments("n1"), None);
    }

    #[test]
    fn at_night_sends_are_put_off_and_queries_answered() {
        const MIDNIGHT: i64 = 1_795_363_200_000;
        let mut merchant = Merchant::new(Settings {
            is_closed_at_night: true,
            ..Settings::default()
        });
        for (hours, said) in [(0, "TIME_LIMITED"), (7, "TIME_LIMITED"), (8, "SUCCESS")] {
            merchant.now_ms = MIDNIGHT + hours * 3_600_000;
            assert_eq!(code(&merchant.send("n1", "oA", 100)), said, "{hours}");
        }
        merchant.now_ms = MIDNIGHT + 24 * 3_600_000;
        assert_eq!(code(&merchant.send("n2", "oB", 100)), "TIME_LIMITED");
        assert_eq!(code(&merchant.query("n1")), "SUCCESS");
    }

    #[test]
    fn a_merchant_wide_refusal_meets_everybody_and_leaves_no_order() {
        let mut merchant = Merchant::new(Settings::default());
        merchant.send("n1", "oA", 100);
        for (wide, query) in [("API_METHOD_CLOSED", "SUCCESS"), ("NO_AUTH", "NO_AUTH")] {
            merchant.gateway.settings_mut().merchant_wide = Some(wide.to_owned());
            assert_eq!(code(&merchant.send("n1", "oA", 100)), wide);
            assert_eq!(code(&merchant.send("n2", "oB", 100)), wide);
            assert_eq!(code(&merchant.query("n1")), query);
        }
        merchant.gateway.settings_mut().merchant_wide = None;
        assert_eq!(merchant.status("n1"), "SENT");
        assert_eq!(merchant.status("n2"), "NOT_FOUND");
    }

    #[test]
    fn too_many_requests_in_a_second_are_refused_without_record() {
        let mut merchant = Merchant::new(Settings::default());
        merchant.gateway.settings_mut().limits.per_second = Some(2);
        assert_eq!(code(&merchant.send("n1", "oA", 100)), "SUCCESS");
        assert_eq!(code(&merchant.query("n1")), "SUCCESS");
        assert_eq!(code(&merchant.send("n2", "oB", 100)), "FREQ_LIMIT");
        merchant.wait_s(1);
        assert_eq!(merchant.status("n2"), "NOT_FOUND");
        let books = merchant.gateway.books(merchant.now_ms);
        assert_eq!((books.counters.throttled, books.busiest(1_000)), (1, 3));
    }

    #[test]
    fn books_built_from_entries_are_the_books_that_made_them() {
        let mut merchant = Merchant::new(Settings {
            balance_fen: Some(400),
            ..Settings::default()
        });
        for (number, openid, fen) in [("n1", "oA", 100), ("n2", "oB", 900), ("n1", "oB", 100)] {
            merchant.send(number, openid, fen);
        }
        merchant.gateway.top_up(700);
        let mut entries = merchant.gateway.take_entries();
        let torn = BookEntry::Order(Taking {
            at_ms: merchant.now_ms,
            mch_billno: "n3".to_owned(),
            send_listid: "1".to_owned(),
            fields: send_fields("n3", "oC", 100).into(),
        });
        entries.push(torn);
        let settings = merchant.gateway.settings.clone();
        let reopened = Gateway::reopened(settings, &entries);
        let (mut before, after) = (merchant.gateway.books(0), reopened.books(0));
        before.counters = after.counters.clone();
        before.arrivals_ms.clear();
        for booked in before.orders.values_mut() {
            booked.requests = RequestCounts::default();
        }
        assert_eq!(before, after);
        assert_eq!((after.clashes, after.balance_fen), (1, Some(1_000)));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn whatever_goes_wrong_money_moves_once_for_a_number_and_the_books_add_up(
            seed: u64,
            steps in proptest::collection::vec((0..5_u8, 0..6_u32, 0..90_000_i64), 1..120),
        ) {
            let all = FaultName::ALL.iter();
            let faults = all.fold(FaultRates::none(), |faults, fault| faults.with(*fault, 0.08));
            let mut merchant = Merchant::new(Settings {
                balance_fen: Some(400),
                faults,
                seed,
                ..Settings::default()
            });
            let mut entries = Vec::new();
            for (step, n, seconds) in steps {
                match step {
                    0..3 => drop(merchant.send(&format!("n{n}"), &format!("o{}", n % 3), 100)),
                    3 => drop(merchant.query(&format!("n{n}"))),
                    _ if n == 0 => merchant.gateway.top_up(100),
                    _ => merchant.wait_s(seconds),
                }
                entries.extend(merchant.gateway.take_entries());
            }
            let books = merchant.gateway.books(merchant.now_ms);
            assert_eq!(books.paid_twice(), [""; 0]);
            let paid = books.orders.values().filter(|booked| booked.order.is_paid());
            let paid_fen: u64 = paid.map(|booked| booked.order.amount_fen).sum();
            assert_eq!(books.paid_fen, paid_fen);
            let settings = merchant.gateway.settings.clone();
            let again = Gateway::reopened(settings, &entries).books(merchant.now_ms);
            assert_eq!((again.paid_fen, again.balance_fen), (books.paid_fen, books.balance_fen));
            for (number, booked) in &books.orders {
                assert_eq!(again.orders[number].order, booked.order);
            }
        }
    }
}
