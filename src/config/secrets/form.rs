//! What a file of credentials is, by its bytes.

use super::section::{Broken, Section, sections};
use crate::config::document::encoding::{BOM, utf_16};

/// One kind of file.
pub(super) enum SecretForm {
    Empty,
    /// The name under which `iconv` knows it.
    Utf16(&'static str),
    /// PEM with these sections; perhaps none.
    Pem(Vec<Section>),
    Broken(Broken),
    Pkcs12,
    Pkcs7Der,
    Der(PemContent),
    Zip,
    JavaStore,
}

/// What is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PemContent {
    Certificate,
    TrustedCertificate,
    Pkcs7,
    Key,
    EncryptedKey,
    OpenSshKey,
    PublicKey,
    Request,
    /// Parameters, lists of what is revoked.
    Other,
}

impl SecretForm {
    pub(super) fn of(bytes: &[u8]) -> SecretForm {
        let told = bytes.strip_prefix(BOM).unwrap_or(bytes);
        if told.trim_ascii().is_empty() {
            return SecretForm::Empty;
        }
        if let Some(name) = utf_16(bytes) {
            return SecretForm::Utf16(name);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return SecretForm::Zip;
        }
        if bytes.starts_with(&[0xFE, 0xED, 0xFE, 0xED]) {
            return SecretForm::JavaStore;
        }
        if let Some(binary) = der(bytes) {
            return binary;
        }
        match sections(bytes) {
            Ok(sections) => SecretForm::Pem(sections),
            Err(broken) => SecretForm::Broken(broken),
        }
    }
}

impl PemContent {
    pub(super) fn of(section: &Section) -> PemContent {
        match section.label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => PemContent::Certificate,
            "TRUSTED CERTIFICATE" => PemContent::TrustedCertificate,
            "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => PemContent::Pkcs7,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => PemContent::Request,
            "ENCRYPTED PRIVATE KEY" => PemContent::EncryptedKey,
            "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => PemContent::OpenSshKey,
            label if label.ends_with("PRIVATE KEY") && section.is_encrypted => {
                PemContent::EncryptedKey
            }
            label if label.ends_with("PRIVATE KEY") => PemContent::Key,
            label if label.ends_with("PUBLIC KEY") => PemContent::PublicKey,
            _ => PemContent::Other,
        }
    }
}

const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const BYTES: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// The version of a certificate.
const VERSION: u8 = 0xA0;

/// `None` where the bytes are no sequence of DER from the first to the last.
fn der(bytes: &[u8]) -> Option<SecretForm> {
    let (tag, inside, rest) = element(bytes)?;
    if tag != SEQUENCE || !rest.trim_ascii().is_empty() {
        return None;
    }
    let (first, head, rest) = element(inside)?;
    let second = element(rest).map(|(tag, ..)| tag);
    Some(match (first, head, second) {
        (INTEGER, [3], Some(SEQUENCE)) => SecretForm::Pkcs12,
        (INTEGER, [0 | 1], Some(_)) => SecretForm::Der(PemContent::Key),
        (OID, ..) => SecretForm::Pkcs7Der,
        (SEQUENCE, _, Some(BYTES)) => SecretForm::Der(PemContent::EncryptedKey),
        (INTEGER, _, Some(INTEGER)) | (SEQUENCE, _, Some(BITS)) => {
            SecretForm::Der(PemContent::PublicKey)
        }
        (SEQUENCE, _, Some(SEQUENCE)) => SecretForm::Der(match element(head) {
            Some((INTEGER, [0], _)) => PemContent::Request,
            Some((VERSION | INTEGER, ..)) => PemContent::Certificate,
            _ => PemContent::Other,
        }),
        _ => return None,
    })
}

/// Tag, content and what is behind. An unknown length, as Java writes it, reaches to the end.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0x80 => return Some((*tag, rest, &[])),
        short @ ..=0x7F => (usize::from(*short), rest),
        long => {
            let count = usize::from(long & 0x7F);
            let digits = rest.get(..count).filter(|_| count <= 4)?;
            let add = |sum: usize, digit: &u8| (sum << 8) | usize::from(*digit);
            (digits.iter().fold(0, add), &rest[count..])
        }
    };
    Some((*tag, rest.get(..length)?, &rest[length..]))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PublicKeyData};

    use super::*;

    #[test]
    fn binary_forms_are_told_apart() {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(Vec::new()).unwrap();
        let request = params.serialize_request(&key).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let held = |bytes: &[u8]| match SecretForm::of(bytes) {
            SecretForm::Der(held) => held,
            _ => panic!("no DER"),
        };
        assert_eq!(held(certificate.der()), PemContent::Certificate);
        assert_eq!(held(request.der()), PemContent::Request);
        assert_eq!(held(&key.serialize_der()), PemContent::Key);
        assert_eq!(held(&key.subject_public_key_info()), PemContent::PublicKey);
        let line_break = [certificate.der().as_ref(), b"\n"].concat();
        assert_eq!(held(&line_break), PemContent::Certificate);
        let store = [0x30, 0x09, 0x02, 0x01, 0x03, 0x30, 0x04, 0x06, 0x02, 0, 0];
        assert!(matches!(SecretForm::of(&store), SecretForm::Pkcs12));
        let endless = [0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80, 0, 0, 0, 0];
        assert!(matches!(SecretForm::of(&endless), SecretForm::Pkcs12));
        let encrypted = [0x30, 0x06, 0x30, 0x02, 0x06, 0x00, 0x04, 0x00];
        assert_eq!(held(&encrypted), PemContent::EncryptedKey);
        let signed = [0x30, 0x04, 0x06, 0x00, 0xA0, 0x00];
        assert!(matches!(SecretForm::of(&signed), SecretForm::Pkcs7Der));
    }

    #[test]
    fn no_text_is_taken_for_a_binary_form() {
        for text in [
            "0123456789abcdefghijABCDEFGHIJ01",
            "0",
            "00",
            "0\u{80}",
            "红包",
        ] {
            assert!(
                matches!(SecretForm::of(text.as_bytes()), SecretForm::Pem(_)),
                "{text}"
            );
        }
        for empty in [&b""[..], b" \r\n\t", b"\xEF\xBB\xBF\n"] {
            assert!(matches!(SecretForm::of(empty), SecretForm::Empty));
        }
    }
}
