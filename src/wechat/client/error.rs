//! Why there is no client.

use super::tls::PemFile;
use crate::words::{Words, english, setup as words};

/// Why no client can be made of the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Not an address this client can speak to.
    BaseUrl(String),
    /// A file that cannot be used.
    Pem {
        /// Which one.
        file: PemFile,
        /// What is wrong in it.
        why: Words,
    },
    /// Two good files that do not fit.
    Mismatch,
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
            ClientError::Pem { file, why } => words::pem(file.setting(), why.clone()),
            ClientError::Mismatch => words::mismatch(),
            ClientError::Tls(detail) => words::tls(detail.as_str()),
        }
    }
}
