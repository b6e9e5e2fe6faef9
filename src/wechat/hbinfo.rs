//! `gethbinfo`: asks what became of a number.
//!
//! Fields and rules: pay.weixin.qq.com/doc/v2/partner/4011983160. WeChat Pay answers for the
//! last 30 days. `NOT_FOUND` is never proof of failure. A status counts only where the answer names
//! the number asked about, and `NOT_FOUND` where it does or where no other answer can have come in
//! its place.

mod paid;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use secrecy::SecretString;

use self::paid::{amount, is_failed_and_paid, paid};
use super::err_code::ErrCode;
use super::reply::{self, Exchange, ResultCode};
use super::xml::{Document, Fields};
use super::{sign, xml};
use crate::domain::fate::Fate;
use crate::domain::ids::{MchBillno, MchId, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::{Answer, Doubt, Sighting, is_known};
use crate::words::shown;

/// Where the request goes.
pub const PATH: &str = "/mmpaymkttransfers/gethbinfo";

/// The number that is asked about, and the facts that a true answer must agree with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueriedNumber {
    /// The merchant.
    pub mch_id: MchId,
    /// The mini-program's appid; this endpoint calls it `appid`.
    pub wxappid: String,
    /// The number asked about.
    pub mch_billno: MchBillno,
    /// To whom how much is owed under it; `None` for a number that pays nobody.
    pub owed: Option<(Openid, Fen)>,
}

impl QueriedNumber {
    /// The signed body of the query. `nonce` is fresh for each, at most 32 letters and digits.
    #[must_use]
    pub fn request(&self, nonce: &str, key: &SecretString) -> Vec<u8> {
        let fields = [
            ("nonce_str", nonce),
            ("mch_billno", self.mch_billno.as_str()),
            ("mch_id", self.mch_id.as_str()),
            ("appid", &self.wxappid),
            ("bill_type", "MCHT"),
        ];
        let sign = sign::sign(fields, key);
        xml::write(fields.into_iter().chain([("sign", sign.as_str())]))
    }
}

/// The meaning of the end of a query.
#[must_use]
pub fn seen(exchange: &Exchange, asked: &QueriedNumber, key: &SecretString) -> Answer<Sighting> {
    match exchange {
        Exchange::Reply(reply) => {
            let answer = sighting(reply.status, &reply.body, asked, key);
            decided(answer, reply.is_first)
        }
        Exchange::NotSent(cause) => Answer::wordless(Sighting::NotSent(cause.clone())),
        Exchange::InDoubt(doubt) => Answer::wordless(Sighting::Unclear(doubt.clone())),
    }
}

/// A `NOT_FOUND`, whatever its words, names the number, or is the first answer on a connection that
/// was opened for it. Any other may be the answer to an earlier request on that connection.
fn decided(answer: Answer<Sighting>, is_first: bool) -> Answer<Sighting> {
    let decides = answer.is_named || is_first || planted!(UndecidingNotFoundDecides);
    let is_unknown = matches!(answer.verdict, Sighting::NotFound | Sighting::Expired);
    if !is_unknown || decides {
        return answer;
    }
    Answer {
        verdict: Sighting::Unclear(Doubt::Unnamed),
        ..answer
    }
}

/// The meaning of a reply to the query of `asked` that is the first on its connection.
#[must_use]
pub fn sighting(
    http_status: u16,
    body: &[u8],
    asked: &QueriedNumber,
    key: &SecretString,
) -> Answer<Sighting> {
    let document = match reply::read(http_status, body, key) {
        Ok(document) => document,
        Err(doubt) => return Answer::wordless(Sighting::Unclear(doubt)),
    };
    let mut answer = reply::worded(verdict(&document, asked), &document.fields);
    answer.is_double = is_double(&document);
    if answer.verdict == Sighting::Clash {
        answer.paid = paid(&document, asked.owed.as_ref());
    }
    answer.send_time = document.fields.filled("send_time").and_then(beijing_ms);
    if is_known(&answer.verdict) {
        answer.fate = fate(&document);
    }
    if let Some(reason) = document.fields.filled("reason") {
        answer.err_code_des = shown(reason).into_owned();
    }
    answer
}

/// The fate of the payment in the answer: each fact only beside the status that it belongs to. A
/// claimed packet may come without its list, and so without a time.
fn fate(document: &Document) -> Fate {
    let fields = &document.fields;
    let mut fate = Fate {
        reason: fields.filled("reason").map(|it| shown(it).into_owned()),
        ..Fate::default()
    };
    match fields.filled("status") {
        Some("RECEIVED") => {
            let mut entries = document.hbinfo.iter();
            fate.received_at = entries.find_map(|it| it.filled("rcv_time").and_then(beijing_ms));
        }
        Some("REFUND") => {
            fate.refunded_at = fields.filled("refund_time").and_then(beijing_ms);
            fate.refunded = amount(fields, "refund_amount");
        }
        Some(_) | None => {}
    }
    fate
}

/// `2026-11-23 20:00:00` without a zone, which is Beijing's, as milliseconds of the Unix epoch.
fn beijing_ms(text: &str) -> Option<i64> {
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    let beijing = TimeZone::fixed(Offset::constant(8));
    Some(time.to_zoned(beijing).ok()?.timestamp().as_millisecond())
}

fn verdict(document: &Document, asked: &QueriedNumber) -> Sighting {
    let fields = &document.fields;
    let echo = [
        ("mch_billno", asked.mch_billno.as_str()),
        ("mch_id", asked.mch_id.as_str()),
    ];
    let is_looked_at = !planted!(AnotherBillsSighting);
    if let Some(name) = reply::differing(fields, &echo).filter(|_| is_looked_at) {
        return Sighting::Unclear(Doubt::Echo(name));
    }
    match reply::said(fields) {
        Ok(ResultCode::Success) if is_looked_at && is_failed_and_paid(document) => {
            Sighting::Unclear(Doubt::Malformed("FAILED beside a payment".to_owned()))
        }
        Ok(ResultCode::Success) if is_looked_at && is_another_payment(document, asked) => {
            another(fields)
        }
        Ok(ResultCode::Success) => status(fields),
        // Said of an order that was closed. A new number may follow from it.
        Ok(ResultCode::Failure("SEND_FAILED")) if fields.filled("mch_billno").is_some() => {
            Sighting::Failed
        }
        Ok(ResultCode::Failure("NOT_FOUND")) if is_too_old(fields) => Sighting::Expired,
        Ok(ResultCode::Failure(code)) => {
            ErrCode::parse(code).map_or(Sighting::Unclear(Doubt::UnknownCode), on_code)
        }
        Err(doubt) => Sighting::Unclear(doubt),
    }
}

/// Whether WeChat Pay says that the order is past the days that queries reach back. It has no code
/// of its own, and says so of what it knows alone. Words may change: then it is `NOT_FOUND`, which
/// proves nothing by itself. Words that name both cases say neither.
fn is_too_old(fields: &Fields) -> bool {
    let words = fields.filled("err_code_des").unwrap_or_default();
    words.contains("有效期") && !words.contains("不存在") && !planted!(ExpiredIsUnknown)
}

/// Whether the number is known with another amount or another recipient.
fn is_another_payment(document: &Document, asked: &QueriedNumber) -> bool {
    let Some((openid, amount)) = &asked.owed else {
        return false;
    };
    let amount = amount.fen().to_string();
    let entry = [("openid", openid.as_str()), ("amount", amount.as_str())];
    let differs = |fields: &Fields| reply::differing(fields, &entry).is_some();
    let is_another = reply::differing(&document.fields, &[("total_amount", &amount)]).is_some()
        || document.hbinfo.iter().any(differs);
    is_another && !planted!(AnotherPaymentIsOurs)
}

/// Whether the number pays more than the one packet of its one recipient.
fn is_double(document: &Document) -> bool {
    let total = document.fields.filled("total_num");
    let total: Option<u64> = total.and_then(|total| total.parse().ok());
    document.hbinfo.len() > 1 || total.is_some_and(|total| total > 1)
}

/// The sighting in such an answer: nothing of our number, where it does not name it. A failed order
/// paid nobody, however much it was.
fn another(fields: &Fields) -> Sighting {
    match (fields.filled("mch_billno"), fields.filled("status")) {
        (Some(_), Some("FAILED")) => Sighting::Failed,
        (Some(_), _) => Sighting::Clash,
        (None, _) => Sighting::Unclear(Doubt::Echo("mch_billno")),
    }
}

fn status(fields: &Fields) -> Sighting {
    let names_bill = fields.filled("mch_billno").is_some() || planted!(SightingOfNoBill);
    match fields.filled("status") {
        Some(_) if !names_bill => Sighting::Unclear(Doubt::Echo("mch_billno")),
        Some("SENDING") if planted!(SendingIsSent) => Sighting::Sent,
        Some("SENDING") if planted!(LandedIsFailed) && fields.filled("reason").is_some() => {
            Sighting::Failed
        }
        Some("SENDING") => Sighting::Sending {
            has_reason: fields.filled("reason").is_some(),
        },
        Some("SENT") => Sighting::Sent,
        Some("FAILED") => Sighting::Failed,
        Some("RECEIVED") => Sighting::Received,
        Some("RFUND_ING") => Sighting::Refunding,
        Some("REFUND") => Sighting::Refunded,
        Some(_) | None => Sighting::Unclear(Doubt::UnknownCode),
    }
}

/// The meaning of a query refused with `code`. Only `NOT_FOUND` says anything about the number.
fn on_code(code: ErrCode) -> Sighting {
    use ErrCode as E;
    match code {
        E::NotFound => Sighting::NotFound,
        E::FreqLimit | E::SecondOverLimited => Sighting::Throttled,
        E::SystemError => Sighting::Unclear(Doubt::SystemError),
        E::SignError
        | E::CaError
        | E::NoAuth
        | E::XmlError
        | E::ParamError
        | E::NotEnough
        | E::PayerAccountAbnormal
        | E::NoCompetence
        | E::ApiMethodClosed
        | E::IllegalAppid
        | E::AcceptmodeError
        | E::MsgappidError => Sighting::Halted,
        // These are codes of a send. No document says what they would mean here.
        E::Processing
        | E::SendFailed
        | E::FatalError
        | E::OpenidError
        | E::MoneyLimit
        | E::DayOverLimited
        | E::TimeLimited
        | E::SendnumLimit
        | E::RcvdamountLimit
        | E::SendamountLimit
        | E::V2AccountSimpleBan
        | E::NameMismatch
        | E::AmountLimit
        | E::ReqParamXmlErr
        | E::ReqParamXmlMiss
        | E::OverLimit
        | E::Busy268458547 => Sighting::Unclear(Doubt::UnknownCode),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::paid::MOST_FEN;
    use super::*;
    use crate::domain::outcome::Paid;
    use crate::wechat::samples as sample;

    const OPENID: &str = "oABCdefghijklmnopqrstuvwxyz1";

    fn key() -> SecretString {
        SecretString::from("192006250b4c09247ec02edce69f6a2d")
    }

    fn asked(mch_id: &str, billno: &str, openid: &str, fen: u64) -> QueriedNumber {
        QueriedNumber {
            mch_id: MchId::new(mch_id).unwrap(),
            wxappid: "wx8888888888888888".to_owned(),
            mch_billno: MchBillno::new(billno).unwrap(),
            owed: Some((Openid::new(openid).unwrap(), Fen::new(fen))),
        }
    }

    fn ours() -> QueriedNumber {
        asked("10000098", "100000985a14ykmoda8k1fdmz9rc", OPENID, 100)
    }

    fn verdict_of(body: &str, asked: &QueriedNumber) -> Sighting {
        sighting(200, body.as_bytes(), asked, &key()).verdict
    }

    /// A whole answer with `inner` in it.
    fn found(inner: &str) -> String {
        format!(
            "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>\
             {inner}</xml>"
        )
    }

    fn refused(code: &str) -> String {
        format!(
            "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
             <err_code>{code}</err_code></xml>"
        )
    }

    const NUMBER: &str = "<mch_billno>100000985a14ykmoda8k1fdmz9rc</mch_billno>";

    /// One of the two is not so, and a new number would follow from the one.
    #[test]
    fn an_order_that_failed_and_was_claimed_is_neither() {
        let failed = |more: &str| {
            let text = format!(
                "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>\
                 <mch_billno>{}</mch_billno><mch_id>10000098</mch_id><status>FAILED</status>\
                 <total_amount>100</total_amount>{more}</xml>",
                ours().mch_billno
            );
            verdict_of(&text, &ours())
        };
        assert_eq!(failed(""), Sighting::Failed);
        let entry = |more: &str| {
            let entry = format!("<openid>{OPENID}</openid><amount>100</amount>{more}");
            failed(&format!("<hblist><hbinfo>{entry}</hbinfo></hblist>"))
        };
        assert_eq!(entry(""), Sighting::Failed);
        let is_doubt = |seen| matches!(seen, Sighting::Unclear(Doubt::Malformed(_)));
        let claimed = "<rcv_time>2026-11-23 20:00:00</rcv_time>";
        assert!(is_doubt(entry(claimed)));
        assert!(is_doubt(failed("<refund_amount>100</refund_amount>")));
        assert_eq!(failed("<refund_amount>0</refund_amount>"), Sighting::Failed);
    }

    #[test]
    fn the_time_of_an_order_is_beijings() {
        let at = |time: &str| {
            let body = found(&format!(
                "{NUMBER}<status>SENT</status><send_time>{time}</send_time>"
            ));
            sighting(200, body.as_bytes(), &ours(), &key()).send_time
        };
        assert_eq!(at("2026-11-23 20:00:00"), Some(1_795_435_200_000));
        for garbage in ["", "2026-11-23", "2026-13-23 20:00:00", "yesterday"] {
            assert_eq!(at(garbage), None, "{garbage:?}");
        }
    }

    fn fate_of(inner: &str) -> Fate {
        let body = found(&format!("{NUMBER}{inner}"));
        sighting(200, body.as_bytes(), &ours(), &key()).fate
    }

    #[test]
    fn a_claim_and_a_refund_have_their_times_and_a_claim_may_come_without() {
        let at = 1_795_435_200_000;
        let entry = "<openid>o</openid><rcv_time>2026-11-23 20:00:00</rcv_time>"
            .replace("<openid>o<", &format!("<openid>{OPENID}<"));
        for list in [
            format!("<hblist><hbinfo>{entry}</hbinfo></hblist>"),
            format!("<hblist>{entry}</hblist>"),
        ] {
            let fate = fate_of(&format!("<status>RECEIVED</status>{list}"));
            assert_eq!(fate.received_at, Some(at), "{list}");
        }
        assert_eq!(fate_of("<status>RECEIVED</status>"), Fate::default());
        let refund = "<refund_time>2026-11-23 20:00:00</refund_time>\
                      <refund_amount>100</refund_amount><reason>unclaimed</reason>";
        let fate = fate_of(&format!("<status>REFUND</status>{refund}"));
        let expected = Fate {
            received_at: None,
            refunded_at: Some(at),
            refunded: Some(Fen::new(100)),
            reason: Some("unclaimed".to_owned()),
        };
        assert_eq!(fate, expected);
        let fate = fate_of(&format!("<status>RFUND_ING</status>{refund}"));
        assert_eq!(
            (fate.refunded_at, fate.refunded),
            (None, None),
            "not yet back"
        );
        assert_eq!(fate_of("<status>SENT</status>"), Fate::default());
        let unnamed = found(&format!("<status>REFUND</status>{refund}"));
        let unnamed = sighting(200, unnamed.as_bytes(), &ours(), &key());
        assert_eq!(
            unnamed.fate,
            Fate::default(),
            "of a number that is not named"
        );
    }

    /// The sign was computed with another implementation.
    #[test]
    fn the_request_is_pinned() {
        let expected = "<xml><nonce_str><![CDATA[fresh]]></nonce_str>\
            <mch_billno><![CDATA[100000985a14ykmoda8k1fdmz9rc]]></mch_billno>\
            <mch_id><![CDATA[10000098]]></mch_id><appid><![CDATA[wx8888888888888888]]></appid>\
            <bill_type><![CDATA[MCHT]]></bill_type>\
            <sign><![CDATA[A45AC13E22563F6ED0A51A5411E179A9]]></sign></xml>";
        assert_eq!(
            String::from_utf8(ours().request("fresh", &key())).unwrap(),
            expected
        );
    }

    #[test]
    fn the_samples_are_seen_as_what_they_are() {
        let wxjava = asked(
            "1497236182",
            "1473919402201801230145075410",
            "o3yHF0uHuckI3yE6lwWiFQBQdVDI",
            100,
        );
        assert_eq!(
            verdict_of(sample::QUERY_RECEIVED_WXJAVA, &wxjava),
            Sighting::Received
        );
        let official = asked(
            "11475856",
            "9010080799701411170000046603",
            "oHkLxtzmyHXX6FW_cAWo_orTSRXs",
            100,
        );
        assert_eq!(
            verdict_of(sample::QUERY_RECEIVED_OFFICIAL, &official),
            Sighting::Received
        );
        let limited = asked("10000098", "z1641319818986520576", OPENID, 48000);
        let answer = sighting(
            200,
            sample::QUERY_SENDING_WITH_REASON.as_bytes(),
            &limited,
            &key(),
        );
        assert_eq!(answer.verdict, Sighting::Sending { has_reason: true });
        assert!(
            answer
                .err_code_des
                .starts_with("该用户今日领取金额超过限制")
        );
        assert_eq!(answer.detail_id, "1000041701202303303040558870356");
        let acting = sample::QUERY_SENDING_WITH_REASON.replace("该用户今日", "\u{9B}2J\u{202E}\n");
        let answer = sighting(200, acting.as_bytes(), &limited, &key());
        let told = "\\u{9b}2J\\u{202e}\\u{a}领取金额超过限制";
        assert!(
            answer.err_code_des.starts_with(told),
            "no terminal acts on it"
        );
        let unclaimed = asked("10000098", "100000985a14ykmoda8k1fdmz9rc", OPENID, 110);
        // It names no number: whose status it is, nobody knows.
        assert_eq!(
            verdict_of(sample::QUERY_SENT_NO_HBLIST, &unclaimed),
            Sighting::Unclear(Doubt::Echo("mch_billno"))
        );
        let unknown = asked("1607716150", "1617334655bac", OPENID, 100);
        let real = sample::QUERY_NOT_FOUND_REAL;
        assert_eq!(verdict_of(real, &unknown), Sighting::NotFound);
        let too_old = real.replace("指定单号数据不存在", "单据查询超过有效期");
        assert_ne!(too_old, real);
        assert_eq!(verdict_of(&too_old, &unknown), Sighting::Expired);
        let unnamed = Answer::wordless(Sighting::Expired);
        assert!(!unnamed.is_named);
        let of_another = decided(unnamed, false).verdict;
        assert_eq!(of_another, Sighting::Unclear(Doubt::Unnamed));
        // The documents' sample has a merchant number of three digits, so it is about another.
        let mut documented = asked("10000098", "1000005901201407261446939688", OPENID, 100);
        let body = sample::QUERY_NOT_FOUND_DOC.replace("[666]", "[10000098]");
        assert_eq!(
            verdict_of(&body, &documented),
            Sighting::Unclear(Doubt::SystemError)
        );
        documented.owed = None;
        assert_eq!(
            verdict_of(&body, &documented),
            Sighting::Unclear(Doubt::SystemError)
        );
    }

    #[test]
    fn every_status_is_known_and_another_is_unclear() {
        let statuses = [
            ("SENDING", Sighting::Sending { has_reason: false }),
            ("SENT", Sighting::Sent),
            ("FAILED", Sighting::Failed),
            ("RECEIVED", Sighting::Received),
            ("RFUND_ING", Sighting::Refunding),
            ("REFUND", Sighting::Refunded),
            ("REFUND_ING", Sighting::Unclear(Doubt::UnknownCode)),
            ("", Sighting::Unclear(Doubt::UnknownCode)),
        ];
        for (status, expected) in statuses {
            let body = found(&format!("{NUMBER}<status>{status}</status><reason/>"));
            assert_eq!(verdict_of(&body, &ours()), expected, "{status}");
        }
        let body = found(NUMBER);
        assert_eq!(
            verdict_of(&body, &ours()),
            Sighting::Unclear(Doubt::UnknownCode)
        );
    }

    #[test]
    fn a_status_without_number_and_amount_says_nothing() {
        for status in [
            "SENDING",
            "SENT",
            "FAILED",
            "RECEIVED",
            "RFUND_ING",
            "REFUND",
        ] {
            let body = found(&format!("<status>{status}</status>"));
            let expected = Sighting::Unclear(Doubt::Echo("mch_billno"));
            assert_eq!(verdict_of(&body, &ours()), expected, "{status}");
        }
    }

    #[test]
    fn a_failure_counts_only_by_its_number() {
        let body = found("<total_amount>100</total_amount><status>FAILED</status>");
        let expected = Sighting::Unclear(Doubt::Echo("mch_billno"));
        assert_eq!(verdict_of(&body, &ours()), expected);
    }

    #[test]
    fn another_bill_is_unclear_whatever_it_says() {
        let numbers = [
            "<mch_billno>other</mch_billno>",
            "<mch_id>10000099</mch_id>",
        ];
        for (number, name) in numbers.into_iter().zip(["mch_billno", "mch_id"]) {
            let expected = Sighting::Unclear(Doubt::Echo(name));
            let body = found(&format!("{number}<status>FAILED</status>"));
            assert_eq!(verdict_of(&body, &ours()), expected);
            let body = refused("NOT_FOUND").replace("</xml>", &format!("{number}</xml>"));
            assert_eq!(verdict_of(&body, &ours()), expected);
        }
    }

    #[test]
    fn another_amount_or_recipient_under_our_number_is_a_clash() {
        let others = [
            "<total_amount>101</total_amount>",
            "<hblist><hbinfo><openid>someone</openid></hbinfo></hblist>",
            "<hblist><openid>someone</openid></hblist>",
            "<hblist><hbinfo><amount>1</amount></hbinfo></hblist>",
            "<hblist><hbinfo><amount>100</amount></hbinfo><hbinfo><openid>b</openid></hbinfo>\
             </hblist>",
        ];
        for other in others {
            for status in ["SENDING", "SENT", "FAILED", "RECEIVED", "REFUND", "NEW"] {
                let body = found(&format!("{NUMBER}<status>{status}</status>{other}"));
                let expected = match status {
                    "FAILED" => Sighting::Failed,
                    _ => Sighting::Clash,
                };
                let answer = sighting(200, body.as_bytes(), &ours(), &key());
                assert_eq!(answer.verdict, expected, "{status} {other}");
                let is_paid = matches!(status, "SENT" | "RECEIVED" | "REFUND");
                assert!(is_paid || answer.paid.is_none(), "{status} {other}");
            }
        }
    }

    #[test]
    fn what_was_paid_in_place_of_what_is_owed_is_told() {
        let theirs = "oZYXdefghijklmnopqrstuvwxyz1";
        let entry = |openid: &str, fen: &str| {
            format!("<hbinfo><openid>{openid}</openid><amount>{fen}</amount></hbinfo>")
        };
        let (ours_less, theirs_more) = (entry(OPENID, "99"), entry(theirs, "250"));
        for (told, openid, fen) in [
            ("<total_amount>101</total_amount>".to_owned(), None, 101),
            (format!("<hblist>{ours_less}</hblist>"), None, 99),
            (format!("<hblist>{theirs_more}</hblist>"), Some(theirs), 250),
            (
                format!("<hblist>{ours_less}{theirs_more}</hblist>"),
                Some(theirs),
                349,
            ),
            (
                format!("<total_amount>300</total_amount><hblist>{theirs_more}</hblist>"),
                Some(theirs),
                300,
            ),
        ] {
            let body = found(&format!("{NUMBER}<status>SENT</status>{told}"));
            let answer = sighting(200, body.as_bytes(), &ours(), &key());
            let expected = Paid {
                openid: openid.map(|openid| Openid::new(openid).unwrap()),
                amount: Fen::new(fen),
            };
            assert_eq!(answer.paid, Some(expected), "{told}");
        }
        // More than anybody could pay is another amount, and one that a ledger can add up.
        let most = u64::MAX.to_string();
        let absurd = [
            format!("<total_amount>{most}</total_amount>"),
            format!("<total_amount>{most}0</total_amount>"),
            format!(
                "<hblist>{}{}</hblist>",
                entry(theirs, &most),
                entry(theirs, &most)
            ),
            "<total_amount>1000000001</total_amount>".to_owned(),
        ];
        for told in &absurd {
            let body = found(&format!("{NUMBER}<status>SENT</status>{told}"));
            let answer = sighting(200, body.as_bytes(), &ours(), &key());
            let paid = answer.paid.map(|paid| paid.amount);
            let expected = (Sighting::Clash, Some(Fen::new(MOST_FEN)));
            assert_eq!((answer.verdict, paid), expected, "{told}");
        }
        let most = format!("{NUMBER}<status>REFUND</status><refund_amount>{most}</refund_amount>");
        let answer = sighting(200, found(&most).as_bytes(), &ours(), &key());
        assert_eq!(answer.fate.refunded, Some(Fen::new(MOST_FEN)));
        for told in ["", "<total_amount>100</total_amount>"] {
            let body = found(&format!("{NUMBER}<status>SENT</status>{told}"));
            assert_eq!(sighting(200, body.as_bytes(), &ours(), &key()).paid, None);
        }
    }

    #[test]
    fn a_number_that_pays_more_than_one_packet_is_double() {
        let entry = format!("<hbinfo><openid>{OPENID}</openid><amount>100</amount></hbinfo>");
        for (told, is_double) in [
            (String::new(), false),
            (format!("<hblist>{entry}</hblist>"), false),
            (format!("<hblist>{entry}{entry}</hblist>"), true),
            ("<total_num>1</total_num>".to_owned(), false),
            ("<total_num>2</total_num>".to_owned(), true),
        ] {
            let body = found(&format!("{NUMBER}<status>SENT</status>{told}"));
            let answer = sighting(200, body.as_bytes(), &ours(), &key());
            assert_eq!(answer.is_double, is_double, "{told}");
        }
    }

    #[test]
    fn another_payment_under_no_number_is_unclear() {
        for other in [
            "<total_amount>101</total_amount>",
            "<total_amount>100</total_amount><hblist><openid>someone</openid></hblist>",
            "<hblist><hbinfo><openid>someone</openid></hbinfo></hblist>",
        ] {
            let body = found(&format!("<status>RECEIVED</status>{other}"));
            let expected = Sighting::Unclear(Doubt::Echo("mch_billno"));
            assert_eq!(verdict_of(&body, &ours()), expected, "{other}");
        }
    }

    #[test]
    fn the_flat_list_and_the_nested_one_agree() {
        let entry = format!("<openid>{OPENID}</openid><amount>100</amount>");
        for list in [entry.clone(), format!("<hbinfo>{entry}</hbinfo>")] {
            let body = found(&format!(
                "{NUMBER}<status>RECEIVED</status><hblist>{list}</hblist>"
            ));
            assert_eq!(verdict_of(&body, &ours()), Sighting::Received);
        }
    }

    #[test]
    fn each_code_of_a_query_has_its_class() {
        let unclear = || Sighting::Unclear(Doubt::UnknownCode);
        for code in ErrCode::ALL {
            let expected = match code.name() {
                "NOT_FOUND" => Sighting::NotFound,
                "FREQ_LIMIT" | "SECOND_OVER_LIMITED" => Sighting::Throttled,
                "SYSTEMERROR" => Sighting::Unclear(Doubt::SystemError),
                "SIGN_ERROR"
                | "CA_ERROR"
                | "NO_AUTH"
                | "XML_ERROR"
                | "PARAM_ERROR"
                | "NOTENOUGH"
                | "PAYER_ACCOUNT_ABNORMAL"
                | "NO_COMPETENCE"
                | "API_METHOD_CLOSED"
                | "ILLEGAL_APPID"
                | "ACCEPTMODE_ERROR"
                | "MSGAPPID_ERROR" => Sighting::Halted,
                _ => unclear(),
            };
            assert_eq!(
                verdict_of(&refused(code.name()), &ours()),
                expected,
                "{code:?}"
            );
        }
        assert_eq!(verdict_of(&refused("BRAND_NEW"), &ours()), unclear());
    }

    #[test]
    fn an_answer_of_the_wrong_shape_says_nothing_about_the_number() {
        let answer = sighting(502, found(NUMBER).as_bytes(), &ours(), &key());
        assert_eq!(answer.verdict, Sighting::Unclear(Doubt::Http(502)));
        let signed = found(&format!("{NUMBER}<status>FAILED</status><sign>0</sign>"));
        assert_eq!(verdict_of(&signed, &ours()), Sighting::Unclear(Doubt::Sign));
        let disagreeing = refused("NOT_FOUND").replace("SUCCESS", "FAIL").replacen(
            "FAIL</result",
            "SUCCESS</result",
            1,
        );
        let verdict = verdict_of(&disagreeing, &ours());
        assert!(
            matches!(verdict, Sighting::Unclear(Doubt::Malformed(_))),
            "{verdict:?}"
        );
    }

    #[test]
    fn an_answer_cut_anywhere_is_unclear() {
        let official = asked(
            "11475856",
            "9010080799701411170000046603",
            "oHkLxtzmyHXX6FW_cAWo_orTSRXs",
            100,
        );
        let whole = sample::QUERY_RECEIVED_OFFICIAL.as_bytes();
        for end in 0..whole.len() {
            let verdict = sighting(200, &whole[..end], &official, &key()).verdict;
            assert!(
                matches!(verdict, Sighting::Unclear(Doubt::Malformed(_))),
                "{end} {verdict:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_it_speak(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let verdict = sighting(200, &bytes, &ours(), &key()).verdict;
            prop_assert!(matches!(verdict, Sighting::Unclear(_)));
        }
    }
}
