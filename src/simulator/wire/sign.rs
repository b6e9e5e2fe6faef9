//! The check of a request's `sign`, written here a second time on purpose: if the sender and
//! its counterparty shared this code, a mistake in it would pass every test.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::fields::BodyFields;

/// Whether the fields, which come sorted by name, carry the sign this key makes. Upper and lower
/// case are both taken. `sign_type` is left out as well: the real gateway does not know it on these
/// two requests, and answers `SIGN_ERROR` to a client that signs it.
pub(in crate::simulator) fn is_right<T: AsRef<str>>(
    fields: impl IntoIterator<Item = (T, T)>,
    api_key: &str,
) -> bool {
    let mut given = None;
    let mut message = String::with_capacity(1024);
    for (name, value) in fields {
        let text = value.as_ref();
        match name.as_ref() {
            "sign" => given = Some(value),
            "sign_type" => {}
            _ if text.is_empty() => {}
            name => {
                message.push_str(name);
                message.push('=');
                message.push_str(text);
                message.push('&');
            }
        }
    }
    message.push_str("key=");
    message.push_str(api_key);
    let expected = md5_hex(message.as_bytes());
    given.is_some_and(|given| given.as_ref().eq_ignore_ascii_case(&expected))
}

/// As [`is_right`] for a bill, which is asked for under HMAC-SHA256 and nothing else. Here
/// `sign_type` is signed like every other field.
pub(in crate::simulator) fn is_right_by_hmac(fields: &BodyFields<'_>, api_key: &str) -> bool {
    let given = fields.value("sign");
    given.eq_ignore_ascii_case(&hmac_of(fields.iter(), api_key))
}

/// The HMAC-SHA256 of the fields in lower-case hex.
pub(in crate::simulator) fn hmac_of<T: AsRef<str>>(
    fields: impl IntoIterator<Item = (T, T)>,
    api_key: &str,
) -> String {
    let filled = fields
        .into_iter()
        .filter(|(name, value)| name.as_ref() != "sign" && !value.as_ref().is_empty());
    let mut parts: Vec<String> = filled
        .map(|(name, value)| format!("{}={}", name.as_ref(), value.as_ref()))
        .collect();
    parts.push(format!("key={api_key}"));
    let mut mac =
        Hmac::<Sha256>::new_from_slice(api_key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(parts.join("&").as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// The MD5 of some bytes in lower-case hex.
pub(in crate::simulator) fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 0x0F] {
            hex.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::wire::xml::WireFields;

    const KEY: &str = "192006250b4c09247ec02edce69f6a2d";

    fn fields(pairs: &[(&str, &str)]) -> WireFields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn the_documentations_own_sample_is_signed_right() {
        let mut sample = fields(&[
            ("appid", "wxd930ea5d5a258f4f"),
            ("mch_id", "10000100"),
            ("device_info", "1000"),
            ("body", "test"),
            ("nonce_str", "ibuaiVcKdpRxkhJA"),
            ("sign", "9A0A8659F005D6984697E2CA0A9CF3B7"),
        ]);
        assert!(is_right(&sample, KEY));
        sample.insert("body".to_owned(), "tast".to_owned());
        assert!(!is_right(&sample, KEY));
    }

    #[test]
    fn chinese_values_are_signed_as_they_are() {
        let packet = fields(&[
            ("wxappid", "wx2421b1c4370ec43b"),
            ("mch_id", "10000100"),
            ("mch_billno", "0010010404201411170000046545"),
            ("send_name", "send_name"),
            ("re_openid", "onqOjjmM1tad-3ROpncN-yUfa6uI"),
            ("total_amount", "200"),
            ("total_num", "1"),
            ("wishing", "恭喜发财"),
            ("client_ip", "127.0.0.1"),
            ("act_name", "新年红包"),
            ("remark", "新年红包"),
            ("scene_id", "PRODUCT_2"),
            (
                "risk_info",
                "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545\
                 %26deviceid%3dIOS",
            ),
            ("nonce_str", "50780e0cca98c8c8e814883e5caa672e"),
            ("sign", "cae645705d54ba78424107c6048e45b8"),
        ]);
        assert!(is_right(&packet, KEY));
    }

    #[test]
    fn whoever_signs_sign_type_is_refused_and_an_empty_value_is_not_signed() {
        let mut sample = fields(&[("b", "2"), ("a", ""), ("sign_type", "MD5")]);
        let signed_too = md5_hex(format!("b=2&sign_type=MD5&key={KEY}").as_bytes());
        sample.insert("sign".to_owned(), signed_too);
        assert!(!is_right(&sample, KEY));
        sample.insert(
            "sign".to_owned(),
            md5_hex(format!("b=2&key={KEY}").as_bytes()),
        );
        assert!(is_right(&sample, KEY));
    }

    #[test]
    fn a_request_without_sign_is_not_signed_right() {
        assert!(!is_right(&fields(&[("a", "1")]), KEY));
    }
}
