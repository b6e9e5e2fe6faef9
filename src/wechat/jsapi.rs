//! The parameters that a mini-program hands to `wx.sendBizRedPacket`, so that its user can open a
//! packet.
//!
//! Four fields are signed: `appId`, `nonceStr`, `package` and `timeStamp`. `appId` is not passed,
//! `signType` is passed and not signed, and of `package` the very string is signed that is passed:
//! URL-encoded once. The hash is in lower-case hex, as in the one published vector.
//!
//! A backend of its own takes packages from the ledger, or from `hongbao claims --all --unsigned`,
//! and signs each when its recipient asks:
//!
//! ```
//! use hongbao::wechat::jsapi::Signer;
//!
//! let signer = Signer {
//!     wxappid: "wx2421b1c4370ec43b".to_owned(),
//!     key: "192006250b4c09247ec02edce69f6a2d".into(),
//! };
//! // As WeChat Pay answered the send; the nonce and the seconds are fresh for each call.
//! let package = "sendid=242e8a&ver=8&sign=4110d6&mchid=11475856";
//! let open = signer.open(package, 1_414_561_699, "e61463f8efa94090b1f366cccfbbb444");
//! assert_eq!(open.package, "sendid%3D242e8a%26ver%3D8%26sign%3D4110d6%26mchid%3D11475856");
//! assert_eq!(open.sign_type, "MD5");
//! // This is what the page passes on, beside `success`, `fail` and `complete`.
//! let json = serde_json::to_value(&open).unwrap();
//! assert!(json["timeStamp"] == "1414561699" && json["paySign"].is_string());
//! ```

use std::fmt::{self, Debug, Formatter};

use secrecy::SecretString;
use serde::Serialize;

use super::sign::sign;

/// The only `signType` there is.
pub const SIGN_TYPE: &str = "MD5";

/// Signs for one mini-program.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The mini-program's appid.
    pub wxappid: String,
    /// The merchant's `APIv2` key.
    pub key: SecretString,
}

/// Claim parameters that the page passes on. They open the packet of the right user: they are not
/// for logs, and `Debug` shows neither package nor sign.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenParameters {
    /// Seconds of the Unix epoch, as text: a number is refused.
    pub time_stamp: String,
    /// Any 32 characters at most.
    pub nonce_str: String,
    /// URL-encoded once.
    pub package: String,
    /// [`SIGN_TYPE`].
    pub sign_type: &'static str,
    /// In lower-case hex.
    pub pay_sign: String,
}

impl Signer {
    /// Signs the parameters for the packet whose send was answered with this `package`, at `at_s`
    /// seconds of the Unix epoch.
    #[must_use]
    pub fn open(&self, package: &str, at_s: i64, nonce_str: &str) -> OpenParameters {
        let (package, time_stamp) = (encoded(package), at_s.to_string());
        let pay_sign = self.pay_sign(&package, &time_stamp, nonce_str);
        OpenParameters {
            time_stamp,
            nonce_str: nonce_str.to_owned(),
            package,
            sign_type: SIGN_TYPE,
            pay_sign,
        }
    }

    fn pay_sign(&self, package: &str, time_stamp: &str, nonce_str: &str) -> String {
        let fields = [
            ("appId", self.wxappid.as_str()),
            ("nonceStr", nonce_str),
            ("package", package),
            ("timeStamp", time_stamp),
        ];
        sign(fields, &self.key).to_ascii_lowercase()
    }
}

/// Everything but letters, digits and `-._~` as `%` and two upper-case digits.
#[must_use]
pub fn encoded(package: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(package.len() + 32);
    for byte in package.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|it| DIGITS[usize::from(it)]);
            text.extend(['%', char::from(high), char::from(low)]);
        }
    }
    text
}

impl Debug for OpenParameters {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenParameters")
            .field("time_stamp", &self.time_stamp)
            .field("nonce_str", &self.nonce_str)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::wechat) const PACKAGE: &str = "sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab\
        84d16b3c80decd22a5b672&ver=8&sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3\
        967a1c3dfe1d256811445a4abda2d9cfa4a9b377a829258bd00d90313c6c346f2349fe5d&mchid=11475856\
        &appid=wxd27ebc41b85ce36d";
    pub(in crate::wechat) const AT_S: i64 = 1_414_561_699;
    pub(in crate::wechat) const NONCE: &str = "e61463f8efa94090b1f366cccfbbb444";
    const PAY_SIGN: &str = "0cecd02326e26c27fbc77f6062ef8654";

    pub(in crate::wechat) fn signer() -> Signer {
        Signer {
            wxappid: "wx2421b1c4370ec43b".to_owned(),
            key: "192006250b4c09247ec02edce69f6a2d".into(),
        }
    }

    #[test]
    fn the_published_vector_is_met_from_the_raw_package_on() {
        let open = signer().open(PACKAGE, AT_S, NONCE);
        assert!(open.package.starts_with("sendid%3D242e8a"));
        assert!(open.package.ends_with("%26appid%3Dwxd27ebc41b85ce36d"));
        assert_eq!(open.pay_sign, PAY_SIGN);
        assert_eq!(
            (open.time_stamp.as_str(), open.sign_type),
            ("1414561699", "MD5")
        );
        let json = serde_json::to_value(&open).unwrap();
        let names: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["timeStamp", "nonceStr", "package", "signType", "paySign"]
        );
    }

    #[test]
    fn everything_outside_the_unreserved_characters_is_encoded() {
        assert_eq!(encoded("a-Z.0_9~"), "a-Z.0_9~");
        assert_eq!(encoded("a=b&c %+/?红"), "a%3Db%26c%20%25%2B%2F%3F%E7%BA%A2");
    }

    #[test]
    fn debug_shows_nothing_that_opens_a_packet() {
        let open = signer().open(PACKAGE, AT_S, NONCE);
        let shown = format!("{open:?} {:?}", signer());
        assert!(shown.contains(NONCE), "{shown}");
        for secret in ["sendid", "242e8abd", PAY_SIGN, "192006250b4c"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
