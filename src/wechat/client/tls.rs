//! From PEM files to the TLS set-up of the client: our certificate, our key, whom we trust;
//! and which TLS errors are about a certificate.

use std::error::Error;
use std::io;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{AlertDescription, ClientConfig, InconsistentKeys, RootCertStore};
use secrecy::{ExposeSecret, SecretSlice};

use super::ClientError;

/// Which file of the set-up an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemFile {
    /// `gateway.ca_file`
    Ca,
    /// `merchant.cert_file`
    Certificate,
    /// `merchant.key_file`
    Key,
}

impl PemFile {
    /// The key of the configuration that names the file.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            PemFile::Ca => "gateway.ca_file",
            PemFile::Certificate => "merchant.cert_file",
            PemFile::Key => "merchant.key_file",
        }
    }
}

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

/// Mozilla's roots and those of the file. The gateway's own certificate is never pinned: it
/// moved to another root in 2024.
fn roots(ca: Option<&[u8]>) -> Result<RootCertStore, ClientError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(ca) = ca {
        for certificate in certificates(ca, PemFile::Ca)? {
            roots
                .add(certificate)
                .map_err(|error| fault(PemFile::Ca, &error))?;
        }
    }
    Ok(roots)
}

fn certificates(pem: &[u8], file: PemFile) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| fault(file, &error))?;
    if chain.is_empty() {
        return Err(fault(file, &"no certificate in PEM form"));
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
    let key = PrivateKeyDer::from_pem_slice(key.expose_secret()).map_err(|error| {
        if matches!(error, pem::Error::NoItemsFound) {
            return fault(PemFile::Key, &"no unencrypted private key in PEM form");
        }
        fault(PemFile::Key, &error)
    })?;
    let key = provider.key_provider.load_private_key(key);
    let key = key.map_err(|error| fault(PemFile::Key, &error))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(ClientError::Mismatch)
        }
        Err(error) => Err(fault(PemFile::Certificate, &error)),
    }
}

fn fault(file: PemFile, why: &dyn std::fmt::Display) -> ClientError {
    ClientError::Pem {
        file,
        why: why.to_string(),
    }
}

/// Whether a certificate, theirs or ours, is somewhere among the causes of `error`.
pub(super) fn is_about_a_certificate(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return is_certificate_error(error);
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
    false
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
    )
}
