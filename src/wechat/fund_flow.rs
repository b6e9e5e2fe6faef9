//! `downloadfundflow`: asks for the fund-flow bill of one day and account.
//!
//! Fields and rules: pay.weixin.qq.com/doc/v2/merchant/4011939779. The sign is HMAC-SHA256 here and
//! nothing else. The answer is the bill itself, or XML where there is none; neither is signed.

use secrecy::SecretString;

use super::reply::{self, ResultCode};
use super::{sign, xml};
use crate::domain::ids::MchId;
use crate::words::{Words, flow as words, shown};

/// Where the request goes.
pub const PATH: &str = "/pay/downloadfundflow";

/// An account of the merchant. Red packets are paid from the operation account where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundAccount {
    /// 基本账户
    Basic,
    /// 运营账户
    Operation,
}

impl FundAccount {
    /// Both of them.
    pub const ALL: [FundAccount; 2] = [FundAccount::Basic, FundAccount::Operation];

    /// On the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            FundAccount::Basic => "Basic",
            FundAccount::Operation => "Operation",
        }
    }

    /// As it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FundAccount::Basic => "basic",
            FundAccount::Operation => "operation",
        }
    }
}

/// A bill that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedBill {
    /// The merchant.
    pub mch_id: MchId,
    /// An appid that is bound to it.
    pub appid: String,
    /// The Beijing day, `yyyyMMdd`.
    pub date: String,
    /// Which account.
    pub account: FundAccount,
}

impl WantedBill {
    /// The signed body. `nonce` is fresh for each, at most 32 letters and digits.
    #[must_use]
    pub fn request(&self, nonce: &str, key: &SecretString) -> Vec<u8> {
        let fields = [
            ("appid", self.appid.as_str()),
            ("mch_id", self.mch_id.as_str()),
            ("nonce_str", nonce),
            ("sign_type", "HMAC-SHA256"),
            ("bill_date", self.date.as_str()),
            ("account_type", self.account.word()),
            ("tar_type", "GZIP"),
        ];
        let sign = sign::sign_by_hmac(fields, key);
        xml::write(fields.into_iter().chain([("sign", sign.as_str())]))
    }
}

/// Why there is no bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBill {
    /// `NO_BILL_EXIST`: nothing moved, or it is not made yet.
    None,
    /// `BILL_CREATING`: it is being made.
    Creating,
    /// WeChat Pay is at fault: later again.
    Later(Words),
    /// The request is: a person must mend something.
    Refused(Words),
    /// Not an answer of WeChat Pay: a page of something in between.
    Page,
}

/// The meaning of an answer that is no bill.
#[must_use]
pub fn no_bill(body: &[u8]) -> NoBill {
    let Ok(document) = xml::parse(body) else {
        return NoBill::Page;
    };
    let fields = &document.fields;
    let said = || {
        let mut found = ["err_code_des", "return_msg"].into_iter();
        let found = found.find_map(|name| fields.filled(name));
        shown(found.unwrap_or_default()).into_owned()
    };
    match reply::said(fields) {
        Ok(ResultCode::Failure("NO_BILL_EXIST")) => NoBill::None,
        Ok(ResultCode::Failure("BILL_CREATING")) => NoBill::Creating,
        Ok(ResultCode::Failure(code @ ("SYSTEMERROR" | "FREQ_LIMIT"))) => {
            NoBill::Later(words::said(code.to_owned(), said()))
        }
        Ok(ResultCode::Failure(code)) => {
            NoBill::Refused(words::said(shown(code).into_owned(), said()))
        }
        // Without a code; the words are for a person.
        Err(_) if fields.filled("return_code").is_some() => {
            NoBill::Refused(words::said("return_code FAIL", said()))
        }
        Ok(ResultCode::Success) | Err(_) => NoBill::Page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretString {
        SecretString::from("192006250b4c09247ec02edce69f6a2d")
    }

    #[test]
    fn a_bill_is_asked_for_by_hmac_with_its_type_signed() {
        let wanted = WantedBill {
            mch_id: MchId::new("10000098").unwrap(),
            appid: "wx8888888888888888".to_owned(),
            date: "20261123".to_owned(),
            account: FundAccount::Operation,
        };
        let body = wanted.request("n", &key());
        let document = xml::parse(&body).unwrap();
        let field = |name| document.fields.filled(name).unwrap_or_default();
        assert_eq!(field("sign_type"), "HMAC-SHA256");
        assert_eq!(field("account_type"), "Operation");
        assert_eq!(field("bill_date"), "20261123");
        assert_eq!(field("tar_type"), "GZIP");
        let unsigned = document.fields.iter().filter(|(name, _)| *name != "sign");
        assert_eq!(field("sign"), sign::sign_by_hmac(unsigned, &key()));
        assert_eq!(field("sign").len(), 64);
    }

    #[test]
    fn each_answer_without_a_bill_has_its_meaning() {
        let fail = |code: &str| {
            format!(
                "<xml><return_code>SUCCESS</return_code><return_msg>OK</return_msg>\
                 <result_code>FAIL</result_code><err_code>{code}</err_code>\
                 <err_code_des>w</err_code_des></xml>"
            )
        };
        let of = |text: &str| no_bill(text.as_bytes());
        assert_eq!(of(&fail("NO_BILL_EXIST")), NoBill::None);
        assert_eq!(of(&fail("BILL_CREATING")), NoBill::Creating);
        assert!(matches!(of(&fail("SYSTEMERROR")), NoBill::Later(_)));
        for code in ["PARAM_ERROR", "SIGN_ERROR", "NO_AUTH", "NEW_CODE"] {
            let NoBill::Refused(why) = of(&fail(code)) else {
                panic!("{code}");
            };
            assert!(why.en.contains(code), "{why:?}");
        }
        let bare = "<xml><return_code>FAIL</return_code><return_msg>无权限</return_msg></xml>";
        let NoBill::Refused(why) = of(bare) else {
            panic!("{bare}");
        };
        assert!(why.zh.contains("无权限"), "{why:?}");
        for page in [
            "<html></html>",
            "<!DOCTYPE html>",
            "<xml><a>1</a></xml>",
            "<xml>",
        ] {
            assert_eq!(of(page), NoBill::Page, "{page}");
        }
    }
}
