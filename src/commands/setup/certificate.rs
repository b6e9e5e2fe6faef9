//! Whose the merchant's certificate is, and until when.

use std::io::Cursor;

use x509_parser::pem::Pem;

use crate::config::{SecretSources, Secrets};
use crate::domain::caps::DAY_MS;

use super::context::Context;

/// Time enough to get a new one from the platform.
pub(in crate::commands) const CERTIFICATE_SOON_MS: i64 = 30 * DAY_MS;

/// Subject and validity of a certificate.
pub(in crate::commands) struct MerchantCertificate {
    /// WeChat Pay writes the merchant number here.
    pub(in crate::commands) subject: String,
    pub(in crate::commands) begin: i64,
    pub(in crate::commands) end: i64,
}

impl MerchantCertificate {
    /// `None`: it is no certificate.
    pub(in crate::commands) fn read(pem: &str) -> Option<MerchantCertificate> {
        let (first, _) = Pem::read(Cursor::new(pem.as_bytes())).ok()?;
        let certificate = first.parse_x509().ok()?;
        let common_name = certificate.subject().iter_common_name().next();
        let subject = common_name.and_then(|name| name.as_str().ok());
        let validity = certificate.validity();
        Some(MerchantCertificate {
            subject: subject.unwrap_or("?").to_owned(),
            begin: validity.not_before.timestamp().saturating_mul(1000),
            end: validity.not_after.timestamp().saturating_mul(1000),
        })
    }

    /// When the campaign's own ends, if that is soon.
    pub(in crate::commands) fn ends_soon(context: &Context) -> Option<i64> {
        let sources = SecretSources::from_env();
        let pem = Secrets::certificate(&context.campaign.merchant, &sources).ok()?;
        let end = MerchantCertificate::read(&pem)?.end;
        (end - context.clock.now_ms() < CERTIFICATE_SOON_MS).then_some(end)
    }
}
