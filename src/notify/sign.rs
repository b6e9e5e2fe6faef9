//! The signs of each kind of target. All are HMAC-SHA256, and each has its own idea of what is the
//! key and what is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::hex::hex;

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// DingTalk: the secret signs time and secret; the time is in milliseconds, and both go into the
/// address.
pub(super) fn dingtalk(secret: &str, time_ms: i64) -> String {
    let signed = format!("{time_ms}\n{secret}");
    STANDARD.encode(hmac(secret.as_bytes(), &[signed.as_bytes()]))
}

/// Feishu: time and secret are the key, and nothing is signed; the time is in seconds, and both go
/// into the body.
pub(super) fn feishu(secret: &str, time_s: i64) -> String {
    let key = format!("{time_s}\n{secret}");
    STANDARD.encode(hmac(key.as_bytes(), &[]))
}

/// `X-Hongbao-Signature`: the secret signs the time in seconds, a point, and the body. The time is
/// inside, so that an old message cannot be played again.
pub(super) fn webhook(secret: &str, time_s: i64, body: &[u8]) -> String {
    let time = time_s.to_string();
    let sign = hmac(secret.as_bytes(), &[time.as_bytes(), b".", body]);
    format!("t={time},v1={}", hex(&sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Python's `hmac`, `hashlib` and `base64`; `tests/notify.rs` asks it again.
    #[test]
    fn signs_are_those_of_another_program() {
        assert_eq!(dingtalk("this is secret", 1_700_000_000_000), DINGTALK);
        assert_eq!(feishu("this is secret", 1_700_000_000), FEISHU);
        let webhook = webhook("this is secret", 1_700_000_000, b"{\"version\":1}");
        assert_eq!(webhook, format!("t=1700000000,v1={WEBHOOK}"));
    }

    const DINGTALK: &str = "sSFWELbV2YwjdDQhWZwTcWlX5BWUx5J6TPpsZmuPii0=";
    const FEISHU: &str = "OfGzRzoUICBOoc8wVra1e4A1hPfbZ9zqXozA8CWVUuY=";
    const WEBHOOK: &str = "eb053d226bb65aea44c4c7725634fdffec5871527bd28dc8dd565856145c871b";
}
