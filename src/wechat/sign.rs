//! The MD5 sign of API v2, and its HMAC-SHA256 where that is asked for.
//!
//! The non-empty fields but `sign` itself, sorted by the bytes of their names, joined as
//! `k=v` with `&`, then `&key=` and the key; the hash in upper-case hex. `sign_type` is no
//! field of these endpoints: sending it gave `SIGN_ERROR` in production.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The sign of `fields` under the `APIv2` key.
#[must_use]
pub fn sign<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    key: &SecretString,
) -> String {
    let mut fields: Vec<(&str, &str)> = fields.into_iter().filter(is_signed).collect();
    fields.sort_unstable();
    let mut text = String::with_capacity(1024);
    for (name, value) in fields {
        for part in [name, "=", value, "&"] {
            text.push_str(part);
        }
    }
    text.push_str("key=");
    #[cfg(feature = "planted")]
    if planted!(KeyInLog) {
        tracing::debug!(text, key = key.expose_secret(), "to be signed");
    }
    let mut hash = Md5::new();
    hash.update(text);
    // Not through the text, which nobody wipes.
    hash.update(key.expose_secret());
    upper_hex(&hash.finalize())
}

/// The HMAC-SHA256 of `fields` under the key, which is what `downloadfundflow` takes: the same
/// text, and `sign_type` is a field of it.
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn sign_by_hmac<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    key: &SecretString,
) -> String {
    let mut fields: Vec<(&str, &str)> = fields.into_iter().filter(is_signed).collect();
    fields.sort_unstable();
    let secret = key.expose_secret().as_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    for (name, value) in fields {
        for part in [name, "=", value, "&"] {
            mac.update(part.as_bytes());
        }
    }
    mac.update(b"key=");
    mac.update(secret);
    upper_hex(&mac.finalize().into_bytes())
}

/// Whether `claimed` is the sign of `fields`, in whichever case its hex is written.
#[must_use]
pub fn verify<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    claimed: &str,
    key: &SecretString,
) -> bool {
    let claimed = claimed.to_ascii_uppercase();
    sign(fields, key)
        .as_bytes()
        .ct_eq(claimed.as_bytes())
        .into()
}

fn is_signed((name, value): &(&str, &str)) -> bool {
    *name != "sign" && !value.is_empty()
}

fn upper_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretString {
        SecretString::from("192006250b4c09247ec02edce69f6a2d")
    }

    const DOC_SAMPLE: [(&str, &str); 5] = [
        ("appid", "wxd930ea5d5a258f4f"),
        ("mch_id", "10000100"),
        ("device_info", "1000"),
        ("body", "test"),
        ("nonce_str", "ibuaiVcKdpRxkhJA"),
    ];

    const RISK: &str = "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545\
                        %26deviceid%3dIOS";

    const COMMON: [(&str, &str); 11] = [
        ("wxappid", "wx2421b1c4370ec43b"),
        ("mch_id", "10000100"),
        ("mch_billno", "0010010404201411170000046545"),
        ("send_name", "send_name"),
        ("re_openid", "onqOjjmM1tad-3ROpncN-yUfa6uI"),
        ("wishing", "恭喜发财"),
        ("act_name", "新年红包"),
        ("remark", "新年红包"),
        ("scene_id", "PRODUCT_2"),
        ("risk_info", RISK),
        ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
    ];

    fn with(more: &[(&'static str, &'static str)]) -> String {
        sign(COMMON.into_iter().chain(more.iter().copied()), &key())
    }

    #[test]
    fn the_official_sample_is_met() {
        let expected = "9A0A8659F005D6984697E2CA0A9CF3B7";
        assert_eq!(sign(DOC_SAMPLE, &key()), expected);
        assert!(verify(DOC_SAMPLE, expected, &key()));
        assert!(verify(DOC_SAMPLE, &expected.to_ascii_lowercase(), &key()));
    }

    #[test]
    fn the_official_sample_of_hmac_is_met() {
        let expected = "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6";
        assert_eq!(sign_by_hmac(DOC_SAMPLE, &key()), expected);
        let more = DOC_SAMPLE
            .into_iter()
            .chain([("sign", "X"), ("tar_type", "")]);
        assert_eq!(sign_by_hmac(more, &key()), expected);
    }

    #[test]
    fn chinese_is_signed_as_its_utf8_bytes() {
        let single = [
            ("total_amount", "200"),
            ("total_num", "1"),
            ("client_ip", "127.0.0.1"),
        ];
        assert_eq!(with(&single), "CAE645705D54BA78424107C6048E45B8");
        let group = [
            ("total_amount", "600"),
            ("total_num", "3"),
            ("amt_type", "ALL_RAND"),
        ];
        assert_eq!(with(&group), "A7E8609BDC147326E8EE82BD031EBA3D");
    }

    #[test]
    fn the_pay_sign_vector_is_the_same_hash() {
        let package = "sendid%3D242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672\
            %26ver%3D8%26sign%3D4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3d\
            fe1d256811445a4abda2d9cfa4a9b377a829258bd00d90313c6c346f2349fe5d%26mchid%3D11475856\
            %26appid%3Dwxd27ebc41b85ce36d";
        let fields = [
            ("appId", "wx2421b1c4370ec43b"),
            ("timeStamp", "1414561699"),
            ("nonceStr", "e61463f8efa94090b1f366cccfbbb444"),
            ("package", package),
        ];
        assert!(verify(fields, "0cecd02326e26c27fbc77f6062ef8654", &key()));
        let with_type = fields.into_iter().chain([("signType", "MD5")]);
        assert!(verify(
            with_type,
            "0bba704cd4445b138b0b5b85f405bcf3",
            &key()
        ));
    }

    #[test]
    fn empty_fields_and_the_sign_itself_are_not_signed() {
        let more = [("sign", "ANYTHING"), ("scene_id", "")];
        let fields = DOC_SAMPLE.into_iter().chain(more);
        assert!(verify(fields, "9A0A8659F005D6984697E2CA0A9CF3B7", &key()));
    }

    #[test]
    fn a_sign_of_another_length_or_key_is_wrong() {
        for claimed in ["", "9A0A", "9A0A8659F005D6984697E2CA0A9CF3B70"] {
            assert!(!verify(DOC_SAMPLE, claimed, &key()), "{claimed:?}");
        }
        let other = SecretString::from("another");
        assert!(!verify(
            DOC_SAMPLE,
            "9A0A8659F005D6984697E2CA0A9CF3B7",
            &other
        ));
    }
}
