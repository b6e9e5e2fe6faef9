//! `sendminiprogramhb`: the request that pays, and what its answer means.
//!
//! Fields and rules: pay.weixin.qq.com/doc/v2/partner/4011941282. There is no `client_ip` and
//! no `sign_type` in it. A resend is the same to the byte; only the sign is made anew, so that
//! a mended key helps.

use std::sync::Arc;

use secrecy::SecretString;

use super::err_code::ErrCode;
use super::reply::{self, Exchange, ResultCode};
use super::{sign, xml};
use crate::domain::ids::{MchBillno, MchId, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::{Answer, Doubt, NotSent, Outcome, Receipt};
use crate::domain::packet::Texts;
use crate::wechat::xml::{Document, Fields};
use crate::words::shown;

/// Where the request goes.
pub const PATH: &str = "/mmpaymkttransfers/sendminiprogramhb";

/// Everything a send says, fixed when the packet was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The merchant.
    pub mch_id: MchId,
    /// The mini-program's appid.
    pub wxappid: String,
    /// The number under which WeChat Pay pays at most once.
    pub mch_billno: MchBillno,
    /// The recipient, `re_openid`.
    pub openid: Openid,
    /// How much, `total_amount`.
    pub amount: Fen,
    /// The texts.
    pub texts: Arc<Texts>,
}

impl Frozen {
    /// The signed body of the send.
    #[must_use]
    pub fn request(&self, key: &SecretString) -> Vec<u8> {
        let nonce = self.mch_billno.nonce();
        let amount = self.amount.fen().to_string();
        let fields = [
            ("nonce_str", nonce.as_str()),
            ("mch_billno", self.mch_billno.as_str()),
            ("mch_id", self.mch_id.as_str()),
            ("wxappid", &self.wxappid),
            ("send_name", &self.texts.send_name),
            ("re_openid", self.openid.as_str()),
            ("total_amount", &amount),
            ("total_num", "1"),
            ("wishing", &self.texts.wishing),
            ("act_name", &self.texts.act_name),
            ("remark", &self.texts.remark),
            ("notify_way", "MINI_PROGRAM_JSAPI"),
        ];
        let scene = self
            .texts
            .scene_id
            .as_deref()
            .map(|scene| ("scene_id", scene));
        let fields = fields.into_iter().chain(scene);
        let sign = sign::sign(fields.clone(), key);
        xml::write(fields.chain([("sign", sign.as_str())]))
    }
}

/// The meaning of the end of a send.
#[must_use]
pub fn outcome(exchange: &Exchange, frozen: &Frozen, key: &SecretString) -> Answer<Outcome> {
    match exchange {
        Exchange::Reply(reply) => classify(reply.status, &reply.body, frozen, key),
        Exchange::NotSent(cause) => Answer::wordless(Outcome::NotSent(cause.clone())),
        Exchange::InDoubt(Doubt::Timeout) if planted!(TimeoutIsNotSent) => {
            Answer::wordless(Outcome::NotSent(NotSent::NotBegun))
        }
        Exchange::InDoubt(Doubt::ConnectionLost(_)) if planted!(LostConnectionIsNotSent) => {
            Answer::wordless(Outcome::NotSent(NotSent::NotBegun))
        }
        Exchange::InDoubt(doubt) => Answer::wordless(Outcome::InDoubt(doubt.clone())),
    }
}

/// The meaning of a reply to the send of `frozen`.
#[must_use]
pub fn classify(
    http_status: u16,
    body: &[u8],
    frozen: &Frozen,
    key: &SecretString,
) -> Answer<Outcome> {
    match reply::read(http_status, body, key) {
        Ok(Document { fields, .. }) => {
            let answer = reply::worded(verdict(&fields, frozen), &fields);
            if answer.is_named || planted!(UnnamedBelieved) {
                return answer;
            }
            Answer {
                verdict: unnamed(answer.verdict),
                ..answer
            }
        }
        Err(Doubt::Http(500..)) if planted!(HttpErrorIsRefusal) => {
            Answer::wordless(Outcome::RefusedWithoutOrder)
        }
        Err(Doubt::Malformed(_)) if planted!(GarbageIsRefusal) => {
            Answer::wordless(Outcome::RefusedWithoutOrder)
        }
        Err(doubt) => Answer::wordless(Outcome::InDoubt(doubt)),
    }
}

fn verdict(fields: &Fields, frozen: &Frozen) -> Outcome {
    let amount = frozen.amount.fen().to_string();
    // The first three must be there before a reply counts as payment of this bill.
    let echo = [
        ("mch_billno", frozen.mch_billno.as_str()),
        ("re_openid", frozen.openid.as_str()),
        ("total_amount", amount.as_str()),
        ("mch_id", frozen.mch_id.as_str()),
        ("wxappid", frozen.wxappid.as_str()),
    ];
    let differing = reply::differing(fields, &echo);
    if let Some(name) = differing.filter(|_| !planted!(EchoUnchecked)) {
        return Outcome::InDoubt(Doubt::Echo(name));
    }
    match reply::said(fields) {
        Ok(ResultCode::Success) => {
            let missing = echo[..3]
                .iter()
                .find(|(name, _)| fields.filled(name).is_none())
                .filter(|_| !planted!(EchoNotNeeded));
            missing.map_or_else(
                || Outcome::Accepted(receipt(fields)),
                |(name, _)| Outcome::InDoubt(Doubt::Echo(name)),
            )
        }
        Ok(ResultCode::Failure(code)) if planted!(UnknownCodeIsFailure) => {
            ErrCode::parse(code).map_or(Outcome::RefusedWithoutOrder, ErrCode::outcome)
        }
        Ok(ResultCode::Failure(code)) => {
            ErrCode::parse(code).map_or(Outcome::InDoubt(Doubt::UnknownCode), ErrCode::outcome)
        }
        Err(doubt) => Outcome::InDoubt(doubt),
    }
}

/// The meaning of an answer that names no number. A doubt stays a doubt.
fn unnamed(said: Outcome) -> Outcome {
    match said {
        Outcome::Processing
        | Outcome::Throttled
        | Outcome::RefusedWithoutOrder
        | Outcome::RefusedUnlessKnown
        | Outcome::RefusedToConfirm
        | Outcome::Halted
        | Outcome::Deferred(_)
        | Outcome::Clash => Outcome::Unnamed(Box::new(said)),
        // Without a number nothing is accepted.
        Outcome::Accepted(_) | Outcome::NotSent(_) | Outcome::InDoubt(_) | Outcome::Unnamed(_) => {
            said
        }
    }
}

fn receipt(fields: &Fields) -> Receipt {
    Receipt {
        send_listid: shown(fields.filled("send_listid").unwrap_or_default()).into_owned(),
        package: fields.filled("package").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wechat::samples as sample;

    fn key() -> SecretString {
        SecretString::from("192006250b4c09247ec02edce69f6a2d")
    }

    fn frozen(mch_id: &str, wxappid: &str, billno: &str, openid: &str, fen: u64) -> Frozen {
        Frozen {
            mch_id: MchId::new(mch_id).unwrap(),
            wxappid: wxappid.to_owned(),
            mch_billno: MchBillno::new(billno).unwrap(),
            openid: Openid::new(openid).unwrap(),
            amount: Fen::new(fen),
            texts: Arc::new(Texts {
                act_name: "猜灯谜".to_owned(),
                send_name: "天虹百货".to_owned(),
                wishing: "祝您<元宵>节快乐！".to_owned(),
                remark: "a]]>b & c".to_owned(),
                scene_id: None,
            }),
        }
    }

    fn ours() -> Frozen {
        let (billno, openid) = (
            "100000985a14ykmoda8k1fdmz9rc",
            "oABCdefghijklmnopqrstuvwxyz1",
        );
        frozen("10000098", "wx8888888888888888", billno, openid, 100)
    }

    /// The bill of a post, which seldom gives more than number and amount.
    fn posted(billno: &str, fen: u64) -> Frozen {
        frozen(
            "10000098",
            "wx8888888888888888",
            billno,
            "oABCdefghijklmnopqrstuvwxyz1",
            fen,
        )
    }

    fn verdict_of(body: &str, frozen: &Frozen) -> Outcome {
        classify(200, body.as_bytes(), frozen, &key()).verdict
    }

    /// A reply of the given fields, blank ones left out.
    fn xml(fields: &[(&str, &str)]) -> String {
        let filled = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .copied();
        String::from_utf8(xml::write(filled)).unwrap()
    }

    const SUCCESS: [(&str, &str); 2] = [("return_code", "SUCCESS"), ("result_code", "SUCCESS")];
    const ECHO: [(&str, &str); 5] = [
        ("mch_billno", "100000985a14ykmoda8k1fdmz9rc"),
        ("re_openid", "oABCdefghijklmnopqrstuvwxyz1"),
        ("total_amount", "100"),
        ("mch_id", "10000098"),
        ("wxappid", "wx8888888888888888"),
    ];

    /// The signs were computed with another implementation.
    #[test]
    fn the_request_is_pinned() {
        let expected = "<xml><nonce_str><![CDATA[31sbzi1bw6phedvn9hpoh46sg6cctmk5]]></nonce_str>\
            <mch_billno><![CDATA[100000985a14ykmoda8k1fdmz9rc]]></mch_billno>\
            <mch_id><![CDATA[10000098]]></mch_id><wxappid><![CDATA[wx8888888888888888]]></wxappid>\
            <send_name><![CDATA[天虹百货]]></send_name>\
            <re_openid><![CDATA[oABCdefghijklmnopqrstuvwxyz1]]></re_openid>\
            <total_amount><![CDATA[100]]></total_amount><total_num><![CDATA[1]]></total_num>\
            <wishing><![CDATA[祝您<元宵>节快乐！]]></wishing><act_name><![CDATA[猜灯谜]]></act_name>\
            <remark><![CDATA[a]]]]><![CDATA[>b & c]]></remark>\
            <notify_way><![CDATA[MINI_PROGRAM_JSAPI]]></notify_way>\
            <sign><![CDATA[5EDE108B2DAE8B5B6E27CDC950BEF2F9]]></sign></xml>";
        let mut frozen = ours();
        assert_eq!(String::from_utf8(frozen.request(&key())).unwrap(), expected);
        Arc::make_mut(&mut frozen.texts).scene_id = Some("PRODUCT_8".to_owned());
        let with_scene = "<scene_id><![CDATA[PRODUCT_8]]></scene_id>\
            <sign><![CDATA[58835FF00EE3242719BEE7541A4E336E]]></sign></xml>";
        let request = String::from_utf8(frozen.request(&key())).unwrap();
        assert!(request.ends_with(with_scene), "{request}");
    }

    #[test]
    fn a_resend_is_the_same_to_the_byte_but_for_the_sign_of_a_new_key() {
        let unsigned = |key: &SecretString| {
            let request = String::from_utf8(ours().request(key)).unwrap();
            request.split_once("<sign>").unwrap().0.to_owned()
        };
        assert_eq!(ours().request(&key()), ours().request(&key()));
        assert_eq!(unsigned(&key()), unsigned(&SecretString::from("another")));
    }

    #[test]
    fn the_official_success_is_accepted_by_its_own_bill_and_no_other() {
        let (billno, openid) = (
            "2334580734271081478888000026",
            "oeDV3t7xy1IkfYFzgOsCZvdRzx3U",
        );
        let own = frozen("11475856", "wxd27ebc41b85ce36d", billno, openid, 10);
        let Outcome::Accepted(receipt) = verdict_of(sample::MINI_SEND_SUCCESS_OFFICIAL, &own)
        else {
            panic!("not accepted");
        };
        assert_eq!(receipt.send_listid, "1000041701201609263000000204000");
        let package = receipt.package.unwrap();
        assert!(package.starts_with("sendid=242e8abd") && package.contains("&ver=8&sign="));
        // The sample's own request: other openid, other amount.
        let asked = frozen(
            "11475856",
            "wxd27ebc41b85ce36d",
            billno,
            "oeDV3t7xy1IkfYFzgOsCZvdRjb45",
            100,
        );
        let doubt = Outcome::InDoubt(Doubt::Echo("re_openid"));
        assert_eq!(
            verdict_of(sample::MINI_SEND_SUCCESS_OFFICIAL, &asked),
            doubt
        );
    }

    #[test]
    fn the_old_samples_are_read_too() {
        let openid = "onqOjjmM1tad-3ROpncN-yUfa6uI";
        let bill = |billno| frozen("10010404", "wx6fa7e3bab7e15415", billno, openid, 1);
        let success = verdict_of(
            sample::SEND_SUCCESS_OLD_OFFICIAL,
            &bill("0010010404201411170000046545"),
        );
        assert_eq!(success, Outcome::Accepted(Receipt::default()));
        let failure = verdict_of(
            sample::SEND_FAIL_OLD_OFFICIAL,
            &bill("0010010404201411170000046542"),
        );
        assert_eq!(failure, Outcome::InDoubt(Doubt::UnknownCode));
    }

    #[test]
    fn every_posted_failure_has_its_class() {
        use Outcome as O;
        let any = "100000985a14ykmoda8k1fdmz9rc";
        let posts = [
            (
                sample::SEND_FAIL_SENDNUM_LIMIT,
                "20190621175230",
                3000,
                O::RefusedToConfirm,
            ),
            (
                sample::SEND_FAIL_PROCESSING,
                "10201909194318884592",
                100,
                O::Processing,
            ),
            (
                sample::SEND_FAIL_SYSTEMERROR,
                any,
                100,
                O::InDoubt(Doubt::SystemError),
            ),
            (
                sample::SEND_FAIL_NO_AUTH_RISK,
                any,
                100,
                O::RefusedToConfirm,
            ),
            (sample::SEND_FAIL_NO_AUTH_IP, any, 100, O::RefusedToConfirm),
            (
                sample::SEND_FAIL_CA_EXPIRED,
                "r20200721123400111888173",
                100,
                O::Halted,
            ),
            (
                sample::SEND_FAIL_SIGN,
                "1495694052201905068731399849",
                100,
                O::Halted,
            ),
            (
                sample::SEND_FAIL_PARAM_SEND_NAME,
                any,
                100,
                O::RefusedUnlessKnown,
            ),
            (
                sample::SEND_FAIL_PARAM_BILLNO,
                any,
                100,
                O::RefusedUnlessKnown,
            ),
            (
                sample::SEND_FAIL_PARAM_SCENE,
                any,
                100,
                O::RefusedUnlessKnown,
            ),
            (sample::SEND_FAIL_ILLEGAL_APPID, any, 100, O::Halted),
        ];
        for (body, billno, fen, expected) in posts {
            let verdict = verdict_of(body, &posted(billno, fen));
            assert_eq!(*verdict.said(), expected, "{body}");
            let is_unnamed = matches!(verdict, O::Unnamed(_));
            let says_nothing = matches!(expected, O::InDoubt(_));
            let is_named = body.contains(billno);
            assert_eq!(is_unnamed, !is_named && !says_nothing, "{body}");
        }
        // Two of them about another bill.
        let doubt = |name| O::InDoubt(Doubt::Echo(name));
        assert_eq!(
            verdict_of(sample::SEND_FAIL_SIGN, &posted(any, 100)),
            doubt("mch_billno")
        );
        assert_eq!(
            verdict_of(sample::SEND_FAIL_NO_AUTH_RISK, &posted(any, 1)),
            doubt("total_amount")
        );
    }

    #[test]
    fn the_words_are_kept_for_people() {
        let answer = classify(
            200,
            sample::SEND_FAIL_CA_EXPIRED.as_bytes(),
            &posted("r20200721123400111888173", 100),
            &key(),
        );
        assert_eq!(
            (answer.err_code.as_str(), answer.err_code_des.as_str()),
            ("CA_ERROR", "证书已过期")
        );
        let only_msg = xml(&[("return_code", "FAIL"), ("return_msg", "签名失败")]);
        let answer = classify(200, only_msg.as_bytes(), &ours(), &key());
        assert_eq!(answer.err_code_des, "签名失败");
        assert_eq!(answer.verdict, Outcome::InDoubt(Doubt::ReturnFail));
    }

    /// Columns: no code, SUCCESS, then one code of each class and an unknown one. Letters:
    /// Accepted, echo missing, Processing, Throttled, refused withOut order, unless Known, to
    /// Confirm, Halted, Deferred, clash (X), System error, Unknown code, Return fail, Malformed;
    /// small where the answer names no number.
    #[test]
    fn the_classification_is_pinned() {
        const CODES: [&str; 12] = [
            "",
            "SUCCESS",
            "PROCESSING",
            "FREQ_LIMIT",
            "OPENID_ERROR",
            "PARAM_ERROR",
            "SENDNUM_LIMIT",
            "NOTENOUGH",
            "DAY_ OVER_LIMITED",
            "FATAL_ERROR",
            "SYSTEMERROR",
            "BRAND_NEW",
        ];
        const TABLE: [(&str, &str, &str, &str); 16] = [
            // return_code, result_code, with the echo, without
            ("SUCCESS", "SUCCESS", "AAAAAAAAAAAA", "EEEEEEEEEEEE"),
            ("SUCCESS", "FAIL", "MUPTOKCHDXSU", "MUptokchdxSU"),
            ("SUCCESS", "", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("SUCCESS", "OK", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("FAIL", "SUCCESS", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("FAIL", "FAIL", "RUPTOKCHDXSU", "RUptokchdxSU"),
            ("FAIL", "", "RUPTOKCHDXSU", "RUptokchdxSU"),
            ("FAIL", "OK", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("", "SUCCESS", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("", "FAIL", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("", "", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("", "OK", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("success", "SUCCESS", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("success", "FAIL", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("success", "", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
            ("success", "OK", "MMMMMMMMMMMM", "MMMMMMMMMMMM"),
        ];
        for (return_code, result_code, echoed, bare) in TABLE {
            let row = |echo: &[(&'static str, &'static str)]| -> String {
                let letters = CODES.iter().map(|code| {
                    let codes = [
                        ("return_code", return_code),
                        ("result_code", result_code),
                        ("err_code", *code),
                    ];
                    letter_of_all_signs(&[codes.as_slice(), echo].concat())
                });
                letters.collect()
            };
            assert_eq!(row(&ECHO), echoed, "{return_code} {result_code}");
            assert_eq!(row(&[]), bare, "{return_code} {result_code} bare");
            for at in 0..ECHO.len() {
                let mut other = ECHO;
                other[at].1 = "another";
                assert_eq!(row(&other), "EEEEEEEEEEEE", "{:?}", other[at]);
            }
        }
    }

    /// The class of a reply without a sign, which a right one leaves and a wrong one overrules.
    fn letter_of_all_signs(fields: &[(&str, &str)]) -> char {
        let unsigned = verdict_of(&xml(fields), &ours());
        let right = sign::sign(fields.iter().copied(), &key()).to_ascii_lowercase();
        let signed = |sign| xml(&[fields, &[("sign", sign)]].concat());
        assert_eq!(verdict_of(&signed(&right), &ours()), unsigned);
        let wrong = right.chars().rev().collect::<String>();
        assert_eq!(
            verdict_of(&signed(&wrong), &ours()),
            Outcome::InDoubt(Doubt::Sign)
        );
        letter(&unsigned)
    }

    fn letter(outcome: &Outcome) -> char {
        match outcome {
            Outcome::Accepted(_) => 'A',
            Outcome::Processing => 'P',
            Outcome::Throttled => 'T',
            Outcome::RefusedWithoutOrder => 'O',
            Outcome::RefusedUnlessKnown => 'K',
            Outcome::RefusedToConfirm => 'C',
            Outcome::Halted => 'H',
            Outcome::Deferred(_) => 'D',
            Outcome::Clash => 'X',
            Outcome::InDoubt(Doubt::SystemError) => 'S',
            Outcome::InDoubt(Doubt::UnknownCode) => 'U',
            Outcome::InDoubt(Doubt::ReturnFail) => 'R',
            Outcome::InDoubt(Doubt::Malformed(_)) => 'M',
            Outcome::InDoubt(Doubt::Echo(_)) => 'E',
            Outcome::Unnamed(said) => letter(said).to_ascii_lowercase(),
            Outcome::NotSent(_) | Outcome::InDoubt(_) => '?',
        }
    }

    #[test]
    fn a_payment_needs_number_openid_and_amount_in_the_reply() {
        for (at, (name, _)) in ECHO.iter().enumerate() {
            let mut fields = [SUCCESS.as_slice(), &ECHO].concat();
            fields.remove(at + SUCCESS.len());
            let is_accepted = matches!(verdict_of(&xml(&fields), &ours()), Outcome::Accepted(_));
            assert_eq!(is_accepted, at >= 3, "without {name}");
        }
    }

    #[test]
    fn a_success_without_package_is_accepted_without_it() {
        for package in [
            "<package></package>",
            "<package><![CDATA[ ]]></package>",
            "<package/>",
            "",
        ] {
            let body = xml(&[SUCCESS.as_slice(), &ECHO].concat());
            let body = body.replace("</xml>", &format!("{package}</xml>"));
            assert_eq!(
                verdict_of(&body, &ours()),
                Outcome::Accepted(Receipt::default())
            );
        }
    }

    #[test]
    fn any_status_but_200_is_doubt_whatever_the_body_says() {
        let body = xml(&[SUCCESS.as_slice(), &ECHO].concat());
        for status in [100, 201, 204, 302, 400, 403, 495, 500, 502] {
            let answer = classify(status, body.as_bytes(), &ours(), &key());
            assert_eq!(
                answer,
                Answer::wordless(Outcome::InDoubt(Doubt::Http(status)))
            );
        }
    }

    #[test]
    fn what_never_left_and_what_may_have_left_stay_apart() {
        let not_sent = NotSent::Connect("refused".to_owned());
        let answer = outcome(&Exchange::NotSent(not_sent.clone()), &ours(), &key());
        assert_eq!(answer.verdict, Outcome::NotSent(not_sent));
        for doubt in [Doubt::Timeout, Doubt::ConnectionLost("reset".to_owned())] {
            let answer = outcome(&Exchange::InDoubt(doubt.clone()), &ours(), &key());
            assert_eq!(answer.verdict, Outcome::InDoubt(doubt));
        }
    }

    #[test]
    fn a_reply_cut_anywhere_is_doubt() {
        let (billno, openid) = (
            "2334580734271081478888000026",
            "oeDV3t7xy1IkfYFzgOsCZvdRzx3U",
        );
        let own = frozen("11475856", "wxd27ebc41b85ce36d", billno, openid, 10);
        let whole = sample::MINI_SEND_SUCCESS_OFFICIAL.as_bytes();
        for end in 0..whole.len() {
            let verdict = classify(200, &whole[..end], &own, &key()).verdict;
            assert!(
                matches!(verdict, Outcome::InDoubt(Doubt::Malformed(_))),
                "{end} {verdict:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic_or_pay(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let answer = classify(200, &bytes, &ours(), &key());
            prop_assert!(matches!(answer.verdict, Outcome::InDoubt(_)));
        }

        #[test]
        fn a_changed_byte_never_pays_another_bill(at in 0usize..900, byte in any::<u8>()) {
            let mut body = xml(&[SUCCESS.as_slice(), &ECHO].concat()).into_bytes();
            let at = at % body.len();
            body[at] = byte;
            let verdict = classify(200, &body, &ours(), &key()).verdict;
            let mut other = ours();
            other.amount = Fen::new(1);
            let elsewhere = classify(200, &body, &other, &key()).verdict;
            prop_assert!(matches!(verdict, Outcome::Accepted(_) | Outcome::InDoubt(_)));
            prop_assert!(matches!(elsewhere, Outcome::InDoubt(_)));
        }
    }
}
