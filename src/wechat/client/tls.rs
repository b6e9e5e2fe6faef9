//! From PEM files to the TLS set-up of the client: our certificate, our key, trusted roots;
//! and which TLS errors are about a certificate.

use std::error::Error;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{AlertDescription, ClientConfig, InconsistentKeys, RootCertStore};
use secrecy::{ExposeSecret, SecretSlice};

use super::error::{ClientError, PemFile};
use crate::domain::outcome::CertificateDates;
use crate::words::{Words, setup as words};

/// The configuration of every connection. The provider is passed explicitly: the process-wide
/// one could be set by any dependency.
pub(super) fn config(
    ca: Option<&[u8]>,
    chain: &[u8],
    key: &SecretSlice<u8>,
) -> Result<ClientConfig, ClientError> {
    let provider = ring::default_provider();
    let key = certified(chain, key, &provider)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Tls(error.to_string()))?
        .with_root_certificates(roots(ca)?)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(key)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Of a client that shows no certificate: for those who are told.
pub(super) fn anonymous(ca: Option<&[u8]>) -> Result<ClientConfig, ClientError> {
    let provider = ring::default_provider();
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Tls(error.to_string()))?
        .with_root_certificates(roots(ca)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Mozilla's roots and those of the file. The gateway's own certificate is never pinned: it
/// moved to another root in 2024.
fn roots(ca: Option<&[u8]>) -> Result<RootCertStore, ClientError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(ca) = ca {
        for certificate in certificates(ca, PemFile::Ca)? {
            roots
                .add(certificate)
                .map_err(|_| unusable(PemFile::Ca, words::bad_certificate()))?;
        }
    }
    Ok(roots)
}

fn certificates(pem: &[u8], file: PemFile) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| unusable(file, frame(&error, words::no_certificate())))?;
    if chain.is_empty() {
        return Err(unusable(file, words::no_certificate()));
    }
    Ok(chain)
}

/// Our certificate with its key, checked to belong together.
fn certified(
    chain: &[u8],
    key: &SecretSlice<u8>,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, ClientError> {
    let chain = certificates(chain, PemFile::Certificate)?;
    let key = PrivateKeyDer::from_pem_slice(key.expose_secret())
        .map_err(|error| unusable(PemFile::Key, frame(&error, words::no_key())))?;
    let key = provider.key_provider.load_private_key(key);
    let key = key.map_err(|_| unusable(PemFile::Key, words::bad_key()))?;
    let others = chain.clone();
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            let is_its = |one: &CertificateDer<'static>| {
                CertifiedKey::new(vec![one.clone()], Arc::clone(&certified.key))
                    .keys_match()
                    .is_ok()
            };
            let place = others.iter().position(is_its);
            Err(place.map_or(ClientError::Mismatch, |place| ClientError::Order(place + 1)))
        }
        Err(_) => Err(unusable(PemFile::Certificate, words::bad_certificate())),
    }
}

/// Nothing that the libraries say of a file is told: their words may be its bytes, and a key may
/// stand in each of the three files by mistake.
fn unusable(file: PemFile, why: Words) -> ClientError {
    ClientError::Pem { file, why }
}

/// The fault in the frame of a file. `none` says that there is nothing in it.
fn frame(error: &pem::Error, none: Words) -> Words {
    match error {
        pem::Error::NoItemsFound => none,
        pem::Error::MissingSectionEnd { .. } | pem::Error::IllegalSectionStart { .. } => {
            words::bad_frame()
        }
        pem::Error::Base64Decode(_) => words::bad_base64(),
        pem::Error::Io(_) | pem::Error::SectionTooLarge => words::too_large(),
        _ => words::bad_frame(),
    }
}

/// Whether a certificate, theirs or ours, is somewhere among the causes of `error`.
pub(super) fn is_about_a_certificate(error: &(dyn Error + 'static)) -> bool {
    of_tls(error).is_some_and(is_certificate_error)
}

/// The dates of their certificate, if it is not valid at our time.
pub(super) fn dates(error: &(dyn Error + 'static)) -> Option<CertificateDates> {
    use rustls::CertificateError::{ExpiredContext, NotValidYetContext};
    let rustls::Error::InvalidCertificate(why) = of_tls(error)? else {
        return None;
    };
    let (is_early, ours, theirs) = if let NotValidYetContext { time, not_before } = why {
        (true, time, not_before)
    } else if let ExpiredContext { time, not_after } = why {
        (false, time, not_after)
    } else {
        return None;
    };
    Some(CertificateDates {
        is_early,
        ours: beijing(*ours),
        theirs: beijing(*theirs),
    })
}

fn beijing(time: UnixTime) -> String {
    let second = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let time = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    let time = time.to_zoned(TimeZone::fixed(tz::offset(8)));
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// What rustls says, among the causes of `error`.
fn of_tls<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Some(error);
        }
        // The source of an I/O error is the source of what it wraps, which would be skipped.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn is_certificate_error(error: &rustls::Error) -> bool {
    use rustls::Error as E;
    if let E::AlertReceived(alert) = error {
        return is_certificate_alert(*alert);
    }
    matches!(
        error,
        E::InvalidCertificate(_)
            | E::InvalidCertRevocationList(_)
            | E::NoCertificatesPresented
            | E::UnsupportedNameType
    )
}

/// `DecryptError` is what a server answers to a chain whose signature is wrong, as one from
/// another authority of the same name.
fn is_certificate_alert(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::NoCertificate
            | A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::UnknownCA
            | A::AccessDenied
            | A::CertificateUnobtainable
            | A::BadCertificateStatusResponse
            | A::BadCertificateHashValue
            | A::CertificateRequired
            | A::DecryptError
    )
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    /// Made for this test, used nowhere.
    const SEC1: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIJ+ZY4u4axn3DthRADGyZ2P1fHSzfx5pyhGEM9tVxPE0oAoGCCqGSM49
AwEHoUQDQgAEwq2sRDDJnp/bEdTJlOmHRMmRb7mdbc7YV5tg26KKAiF8IlgIgsRE
tv/jcWEsCQ1gI9PwjYWbPYY2WQSyJeSdZQ==
-----END EC PRIVATE KEY-----
";

    /// Made for this test, used nowhere.
    const PKCS1: &str = "-----BEGIN RSA PRIVATE KEY-----
MIIEoAIBAAKCAQEAuKBSVXUiktJl85jcMAJq64XP0F/cl5yrgztiA+oITC8+pgcP
Y98FKvPv+cX4Qp93Q6m1pvl9Xp8I9LlRmNlo8INB/Ci37D88xQTuPdpajzYPSPqe
Wub1XXXFdHbWZiJFoqtvnxzYhWNM6v+tdrpeFKBcP3UuC+33LInpck1EHHBiDWvV
m0hkebshtjJlK7RyvFs9x502DfTn700P3SRyTnTtXVuGb3l4cl0HbSGbD6f8Tfe0
zBntwgBZhzd5zEYQOMYaONaFMJV3M0SBGuuOddGJmRmYuO1q4Ws6oU/t8gY+1jOp
EJmTzw4t/Q8f20MqDH/Ihy1q0CFcO7IoGojW5wIDAQABAoH/Y6IhJYKQ88ERp+7x
2U/NvHjCQ3PnWiz053NWgmISDSFFTyc9b0lgTno/vpCMQjAwiwrjv4uhOEfzyoym
8QeaRoofszz4MOR1DfPYcTrDbJCkEzL/x6phUAjUlrG3fGaH6vjnMyimTAeeBeWm
muvtBggJqfJgnrZuIg/bdmnX4vqJLUO+9f/L5L4Lsk74SYJ9ADdowlXMqzyXgr5D
6PUSPInlIiozPpQN8OQaEeibPIeFV3krRLbvcb7AAsuoJDOdsu+J5cZqsBfLMLG6
wKUdE2vmbbzYOhEZ2hrD2X+u6d6NlQommhEV/UlecL/dilR48o/PPJoO7/Bfj2ug
9t/hAoGBAPD2KE544zhYZs5Q81CC1VXo2FFt5BWNT9OVzpEDwtVCXxeyXSdOfmkt
THZGxRGOVsMAcvsTj6PeIQJkge5tkhX0IFX/wUBF7pPZNcEuMbLPn5E4hgOPi0+9
ND+BREySTRzhTUAWMGkakqpvrKHdj52nbeJpCm7yPL0sNgQvWmQHAoGBAMQmGF3U
Mby0QEGpy/cTYMHjKi9OZNON1LwdLGkYIgqADvwFW9riynz3LWk4jNUMpaoDNOeO
8R3jas2oZ8TZoLqF2dCyj1loriIIEDACwHiLyPS/WW5QVxCyjrPUBoi40BNNgzQv
yS0t2beKQ9V5DJdH4bot+J+BaGBXShSfhf4hAoGAFDjUUSGcEBJ7Lj1k7hDMzpTn
8o2CYrylQmCEIW9rXnJfgKGbZ70SpskCbbqqtzp21Y6oF6Ign+P4aTb+IIBZjjYa
sJzyHu6/gvDrrfaufQ8nmQxhUtMtIdgDFoFGthZhGldeIE68aVWtkVgl6L+rWdO/
SQz/ryftKQMY1WkT8OkCgYA7oak+vUfxqorua4SKtOVxjHJCt36HolLObcAWozOW
JaBoleh6/v+4Rh0UJBEMpC+pJBhtXVOIVp8drtj9S3xFuHOjsuVJtT1bM0BYmD2T
aEvLvHCfzOTrOp2PpiHmZuk7NRFySCTNC2dpGSvONmLRixTg2SEAvQLSZzcqVeUS
gQKBgCn901xAw4SqOASGoqCB8kS1+B4TwfhfvEBbNF840yx66r1NmFYdPq7zdLAZ
FCt/+5yI1TDsZiqU3C2snXsQNvmELf7RAcnwbJPSqSEoAFde5QhwVmF2kIQh2nHb
+XKl5z4CTujWwL3d71Ia5aKRR7BycVrwhQKp2uaQdjyiiHuK
-----END RSA PRIVATE KEY-----
";

    fn pair() -> (String, SecretSlice<u8>) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(Vec::new()).unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        (pem, key.serialize_pem().into_bytes().into())
    }

    fn secret(pem: &str) -> SecretSlice<u8> {
        pem.as_bytes().to_vec().into()
    }

    fn file_at_fault(result: &Result<ClientConfig, ClientError>) -> Option<PemFile> {
        match result {
            Err(ClientError::Pem { file, .. }) => Some(*file),
            Ok(_) | Err(_) => None,
        }
    }

    #[test]
    fn a_certificate_and_its_key_make_a_client() {
        let (chain, key) = pair();
        assert!(config(None, chain.as_bytes(), &key).is_ok());
        assert!(config(Some(chain.as_bytes()), chain.as_bytes(), &key).is_ok());
    }

    #[test]
    fn a_key_of_another_certificate_is_noticed() {
        let (chain, _) = pair();
        let (_, other) = pair();
        let mismatch = |key: SecretSlice<u8>| {
            config(None, chain.as_bytes(), &key).err() == Some(ClientError::Mismatch)
        };
        assert!(mismatch(other));
        // Read well, for they are found to belong to another certificate.
        assert!(mismatch(secret(SEC1)), "SEC1");
        assert!(mismatch(secret(PKCS1)), "PKCS#1");
    }

    /// However a file is cut or mixed up: a key is in each of these, and in no message about them.
    #[test]
    fn no_byte_of_a_file_is_told() {
        let (chain, key) = pair();
        let key = String::from_utf8(key.expose_secret().to_vec()).unwrap();
        let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
        let mixed = [
            key.replace('\n', " "),
            key.replace('\n', ""),
            key.replace('\n', "\\n"),
            key.replace("-----BEGIN", "----BEGIN"),
            key.replace("PRIVATE KEY-----\n", "PRIVATE KEY----\n"),
            key.replace("-----END PRIVATE KEY-----", ""),
            key.replace("-----END", &format!("{chain}-----END")),
            key.replace('M', "!"),
            key.replace("PRIVATE KEY", "EC PRIVATE KEY"),
            key.replace("PRIVATE KEY", "CERTIFICATE"),
            format!("{chain}{}", key.replace('\n', " ")),
            body.clone(),
        ];
        let inside = body.as_bytes().windows(8);
        let inside: Vec<_> = inside.map(|part| String::from_utf8_lossy(part)).collect();
        for text in mixed {
            let faults = [
                config(None, chain.as_bytes(), &secret(&text)).err(),
                config(None, text.as_bytes(), &secret(&key)).err(),
                config(Some(text.as_bytes()), chain.as_bytes(), &secret(&key)).err(),
            ];
            for fault in faults.into_iter().flatten() {
                let told = format!("{fault:?} {fault}");
                assert!(!inside.iter().any(|part| told.contains(&**part)), "{told}");
                assert!(!told.contains(", 45, 45"), "{told}");
            }
        }
    }

    #[test]
    fn a_bad_file_is_named() {
        let (chain, key) = pair();
        let empty = b"".as_slice();
        let garbled = b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n".as_slice();
        let not_der = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".as_slice();
        for bad in [empty, garbled, not_der] {
            assert_eq!(
                file_at_fault(&config(None, bad, &key)),
                Some(PemFile::Certificate)
            );
            let with_ca = config(Some(bad), chain.as_bytes(), &key);
            assert_eq!(file_at_fault(&with_ca), Some(PemFile::Ca));
        }
        let bad_keys = [
            "",
            &chain,
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ];
        for bad in bad_keys {
            let fault = file_at_fault(&config(None, chain.as_bytes(), &secret(bad)));
            assert_eq!(fault, Some(PemFile::Key), "{bad}");
        }
    }
}
