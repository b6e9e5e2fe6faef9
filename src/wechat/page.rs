//! Whether a page's parameters are right, and if not, which of the usual mistakes was made.
//!
//! A sign tells only that it is wrong. So it is made again as people make it by mistake, and where
//! one of these is what the page has, that was the mistake.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::jsapi::{SIGN_TYPE, Signer, encoded};
use super::sign::verify;
use crate::words::{Words, claims as words};

/// The longest `nonceStr`.
const NONCE_CHARACTERS: usize = 32;
/// Hexadecimal digits of an MD5.
const SIGN_DIGITS: usize = 32;
/// Digits of a time in seconds, until the year 2286.
const SECONDS_DIGITS: usize = 10;

/// A mistake in claim parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A field is missing, or neither a text nor a number.
    Missing(&'static str),
    /// `timeStamp` is a number: the client refuses it.
    NumberAsTimeStamp,
    /// `timeStamp` is not in seconds.
    NotInSeconds,
    /// `nonceStr` is too long.
    LongNonce,
    /// `signType` is another than MD5.
    OtherSignType,
    /// `package` is passed as WeChat Pay sent it, not encoded.
    RawPackagePassed,
    /// `package` is encoded twice.
    EncodedTwice,
    /// The raw `package` was signed, and not what is passed.
    RawPackageSigned,
    /// `package` was encoded twice before it was signed.
    EncodedTwiceSigned,
    /// `signType` was signed too.
    SignTypeSigned,
    /// The appid was signed under a name that is not `appId`.
    OtherAppidName(&'static str),
    /// `appId` was not signed.
    AppidNotSigned,
    /// Another appid was signed.
    OtherAppid(String),
    /// `paySign` has another length than an MD5 in hex.
    NoMd5,
    /// None of these: another key, an appid that nothing here names, or a changed value.
    OtherSign,
}

/// The result of a check of one page's parameters: every mistake, none where they are right.
pub type Finding = Vec<Mistake>;

/// Checks the parameters that a page would pass to `wx.sendBizRedPacket`.
#[must_use]
pub fn check(parameters: &Map<String, Value>, signer: &Signer) -> Finding {
    let mut found = Finding::new();
    let given = Given::read(parameters, &mut found);
    if !found.iter().any(|it| matches!(it, Mistake::Missing(_))) {
        found.extend(given.form());
        found.extend(given.sign(parameters, signer));
    }
    found
}

/// The five fields, as texts.
struct Given {
    time_stamp: String,
    nonce_str: String,
    package: String,
    sign_type: String,
    pay_sign: String,
}

impl Given {
    fn read(parameters: &Map<String, Value>, found: &mut Finding) -> Given {
        if parameters.get("timeStamp").is_some_and(Value::is_number) {
            found.push(Mistake::NumberAsTimeStamp);
        }
        let mut text = |name: &'static str| match parameters.get(name) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) | None => {
                found.push(Mistake::Missing(name));
                String::new()
            }
        };
        Given {
            time_stamp: text("timeStamp"),
            nonce_str: text("nonceStr"),
            package: text("package"),
            sign_type: text("signType"),
            pay_sign: text("paySign"),
        }
    }

    /// Mistakes that the client refuses in spite of any signature.
    fn form(&self) -> Finding {
        let is_in_seconds = self.time_stamp.len() <= SECONDS_DIGITS
            && self.time_stamp.bytes().all(|byte| byte.is_ascii_digit());
        [
            (!is_in_seconds, Mistake::NotInSeconds),
            (
                self.nonce_str.chars().count() > NONCE_CHARACTERS,
                Mistake::LongNonce,
            ),
            (self.sign_type != SIGN_TYPE, Mistake::OtherSignType),
            (self.is_raw(), Mistake::RawPackagePassed),
            (self.is_encoded_twice(), Mistake::EncodedTwice),
        ]
        .into_iter()
        .filter_map(|(is_made, mistake)| is_made.then_some(mistake))
        .collect()
    }

    fn is_raw(&self) -> bool {
        self.package.contains(['=', '&'])
    }

    fn is_encoded_twice(&self) -> bool {
        decoded(&self.package).is_some_and(|once| once.contains("%3D") || once.contains("%3d"))
    }

    /// Fields that were wrongly signed, or wrongly left out.
    fn sign(&self, parameters: &Map<String, Value>, signer: &Signer) -> Finding {
        let is_hex = self.pay_sign.bytes().all(|byte| byte.is_ascii_hexdigit());
        if self.pay_sign.len() != SIGN_DIGITS || !is_hex {
            return vec![Mistake::NoMd5];
        }
        let (raw, packages) = self.packages();
        // The right form comes first: nothing else is tried where it fits.
        for (appid, of_appid) in appids(parameters, &raw, &signer.wxappid) {
            for (package, of_package) in &packages {
                for has_type in [false, true] {
                    let way = Signed {
                        appid,
                        package,
                        has_type,
                    };
                    if self.is_signed(&way, &signer.key) {
                        let of_type = has_type.then_some(Mistake::SignTypeSigned);
                        let made = [of_appid.clone(), of_package.clone(), of_type];
                        return made.into_iter().flatten().collect();
                    }
                }
            }
        }
        vec![Mistake::OtherSign]
    }

    /// The package as WeChat Pay sent it, and how it may have been signed. Where it is passed
    /// wrongly, that is the mistake: the right string may have been signed, or the passed one.
    fn packages(&self) -> (String, Vec<(String, Option<Mistake>)>) {
        let once = decoded(&self.package).unwrap_or_default();
        if self.is_raw() {
            let ways = vec![(encoded(&self.package), None), (self.package.clone(), None)];
            return (self.package.clone(), ways);
        }
        if self.is_encoded_twice() {
            let raw = decoded(&once).unwrap_or_default();
            let ways = vec![
                (self.package.clone(), None),
                (once, None),
                (raw.clone(), Some(Mistake::RawPackageSigned)),
            ];
            return (raw, ways);
        }
        let ways = vec![
            (self.package.clone(), None),
            (once.clone(), Some(Mistake::RawPackageSigned)),
            (encoded(&self.package), Some(Mistake::EncodedTwiceSigned)),
        ];
        (once, ways)
    }

    fn is_signed(&self, signed: &Signed<'_>, key: &SecretString) -> bool {
        let sign_type = ("signType", self.sign_type.as_str());
        let fields = [
            ("nonceStr", self.nonce_str.as_str()),
            ("package", signed.package),
            ("timeStamp", self.time_stamp.as_str()),
        ];
        let fields = fields.into_iter().chain(signed.appid);
        let fields = fields.chain(signed.has_type.then_some(sign_type));
        verify(fields, &self.pay_sign, key)
    }
}

/// A guess at the signed fields.
struct Signed<'a> {
    appid: Option<Named<'a>>,
    package: &'a str,
    has_type: bool,
}

/// A field with its name.
type Named<'a> = (&'static str, &'a str);

/// How the appid may have been signed, and which mistake that is: ours, then those that stand
/// beside the package or in it.
fn appids<'a>(
    parameters: &'a Map<String, Value>,
    raw: &'a str,
    ours: &'a str,
) -> Vec<(Option<Named<'a>>, Option<Mistake>)> {
    let mut ways = vec![(Some(("appId", ours)), None)];
    for name in ["appid", "wxappid"] {
        ways.push((Some((name, ours)), Some(Mistake::OtherAppidName(name))));
    }
    ways.push((None, Some(Mistake::AppidNotSigned)));
    let beside = ["appId", "appid", "wxappid"].map(|name| parameters.get(name)?.as_str());
    let in_package = raw.split('&').find_map(|part| part.strip_prefix("appid="));
    let others = beside.into_iter().chain([in_package]).flatten();
    for other in others.filter(|other| *other != ours) {
        let mistake = Mistake::OtherAppid(other.to_owned());
        ways.push((Some(("appId", other)), Some(mistake)));
    }
    ways
}

/// With each `%` and its two digits as the byte they stand for; `None` for what nothing encoded.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

impl Mistake {
    /// In words, with what to do.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Mistake::Missing(field) => words::missing(*field),
            Mistake::NumberAsTimeStamp => words::number_as_time_stamp(),
            Mistake::NotInSeconds => words::not_in_seconds(),
            Mistake::LongNonce => words::long_nonce(NONCE_CHARACTERS),
            Mistake::OtherSignType => words::other_sign_type(),
            Mistake::RawPackagePassed => words::raw_package_passed(),
            Mistake::EncodedTwice => words::encoded_twice(),
            Mistake::RawPackageSigned => words::raw_package_signed(),
            Mistake::EncodedTwiceSigned => words::encoded_twice_signed(),
            Mistake::SignTypeSigned => words::sign_type_signed(),
            Mistake::OtherAppidName(name) => words::other_appid_name(*name),
            Mistake::AppidNotSigned => words::appid_not_signed(),
            Mistake::OtherAppid(appid) => words::other_appid(appid.as_str()),
            Mistake::NoMd5 => words::no_md5(SIGN_DIGITS),
            Mistake::OtherSign => words::other_sign(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::jsapi::tests::{AT_S, NONCE, PACKAGE, signer};
    use super::*;

    /// The vector's parameters with these changes.
    fn with(changes: &[(&str, Value)]) -> Finding {
        let open = signer().open(PACKAGE, AT_S, NONCE);
        let Ok(Value::Object(mut parameters)) = serde_json::to_value(&open) else {
            panic!("an object");
        };
        for (name, value) in changes {
            parameters.insert((*name).to_owned(), value.clone());
        }
        check(&parameters, &signer())
    }

    /// The same with another sign.
    fn signed(pay_sign: &str) -> Finding {
        with(&[("paySign", pay_sign.into())])
    }

    /// The signed text of these fields.
    fn made(fields: &[(&str, &str)]) -> String {
        crate::wechat::sign::sign(fields.iter().copied(), &signer().key)
    }

    const AT: &str = "1414561699";

    #[test]
    fn what_is_right_is_found_right_in_either_case() {
        assert_eq!(with(&[]), []);
        assert_eq!(signed("0CECD02326E26C27FBC77F6062EF8654"), []);
        let own = [("mch_billno", Value::from("n")), ("amount_fen", 100.into())];
        assert_eq!(with(&own), [], "what stands beside is not passed");
    }

    #[test]
    fn the_vectors_published_twins_are_named() {
        assert_eq!(
            signed("0bba704cd4445b138b0b5b85f405bcf3"),
            [Mistake::SignTypeSigned]
        );
        assert_eq!(
            signed("4f1c454e04b60be05a9c4819b1bffca9"),
            [Mistake::RawPackageSigned]
        );
    }

    #[test]
    fn each_usual_mistake_of_the_signer_is_named() {
        let once = encoded(PACKAGE);
        let twice = encoded(&once);
        let ours = "wx2421b1c4370ec43b";
        let other = "wxd27ebc41b85ce36d";
        let base = |package| [("nonceStr", NONCE), ("package", package), ("timeStamp", AT)];
        let sign = |appid: Option<(&'static str, &'static str)>, package, more: Option<_>| {
            let fields: Vec<_> = base(package).into_iter().chain(appid).chain(more).collect();
            made(&fields)
        };
        let with_type = Some(("signType", "MD5"));
        for (sign, mistakes) in [
            (
                sign(Some(("appId", ours)), &twice, None),
                vec![Mistake::EncodedTwiceSigned],
            ),
            (
                sign(Some(("appId", other)), &once, None),
                vec![Mistake::OtherAppid(other.to_owned())],
            ),
            (
                sign(Some(("appid", ours)), &once, None),
                vec![Mistake::OtherAppidName("appid")],
            ),
            (sign(None, &once, None), vec![Mistake::AppidNotSigned]),
            (
                sign(Some(("appId", ours)), PACKAGE, with_type),
                vec![Mistake::RawPackageSigned, Mistake::SignTypeSigned],
            ),
            (
                sign(Some(("appId", "wx0000000000000000")), &once, None),
                vec![Mistake::OtherSign],
            ),
        ] {
            assert_eq!(signed(&sign), mistakes);
        }
        // An appid that the page itself names is known, too.
        let named = sign(Some(("appId", "wx0000000000000000")), &once, None);
        let page = [
            ("appId", Value::from("wx0000000000000000")),
            ("paySign", named.into()),
        ];
        assert_eq!(
            with(&page),
            [Mistake::OtherAppid("wx0000000000000000".to_owned())]
        );
    }

    #[test]
    fn what_is_passed_wrongly_is_named_though_the_sign_is_right() {
        let time = Value::from(AT_S);
        assert_eq!(with(&[("timeStamp", time)]), [Mistake::NumberAsTimeStamp]);
        let consistent = |package: &str| {
            let fields = [
                ("appId", "wx2421b1c4370ec43b"),
                ("nonceStr", NONCE),
                ("package", package),
                ("timeStamp", AT),
            ];
            let changes = [
                ("package", Value::from(package)),
                ("paySign", made(&fields).into()),
            ];
            with(&changes)
        };
        assert_eq!(consistent(PACKAGE), [Mistake::RawPackagePassed]);
        let twice = encoded(&encoded(PACKAGE));
        assert_eq!(consistent(&twice), [Mistake::EncodedTwice]);
        assert_eq!(
            with(&[("package", PACKAGE.into())]),
            [Mistake::RawPackagePassed],
            "signed encoded, passed raw"
        );
        let passed_twice = with(&[("package", twice.into())]);
        assert_eq!(passed_twice, [Mistake::EncodedTwice], "signed once");
        let lower = encoded(PACKAGE).replace("%3D", "%3d");
        assert_eq!(consistent(&lower), [], "either case is encoded");
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        assert_eq!(
            with(&[("paySign", Value::Null)]),
            [Mistake::Missing("paySign")]
        );
        assert_eq!(
            with(&[("package", "".into())]),
            [Mistake::Missing("package")]
        );
        assert_eq!(signed(&"0".repeat(64)), [Mistake::NoMd5]);
        assert_eq!(signed("签名签名签名签名签名签"), [Mistake::NoMd5]);
        let sha = [("signType", Value::from("HMAC-SHA256"))];
        assert_eq!(with(&sha), [Mistake::OtherSignType]);
        let long = with(&[("nonceStr", "x".repeat(33).into())]);
        assert_eq!(long, [Mistake::LongNonce, Mistake::OtherSign]);
        let ms = with(&[("timeStamp", "1414561699000".into())]);
        assert_eq!(ms, [Mistake::NotInSeconds, Mistake::OtherSign]);
    }
}
