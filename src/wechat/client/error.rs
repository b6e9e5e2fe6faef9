//! Why there is no client.

use crate::words::{LibraryText, Words, english, setup as words};

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

/// Why no client can be made of the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Not an address this client can speak to.
    BaseUrl(String),
    /// Not the address of a proxy.
    Proxy(String),
    /// A file that cannot be used.
    Pem {
        /// Which one.
        file: PemFile,
        /// The fault in it.
        why: Words,
    },
    /// Two good files that do not fit.
    Mismatch,
    /// The key's certificate is not the first of its file, but this one, from 1.
    Order(usize),
    /// TLS itself could not be set up.
    Tls(String),
}

english!(ClientError);

impl ClientError {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            ClientError::BaseUrl(given) => words::base_url(format!("{given:?}")),
            ClientError::Proxy(given) => words::proxy(format!("{given:?}")),
            ClientError::Pem { file, why } => words::pem(file.setting(), why.clone()),
            ClientError::Mismatch => words::mismatch(),
            ClientError::Order(place) => words::order(*place),
            ClientError::Tls(detail) => words::tls(LibraryText(detail)),
        }
    }
}
