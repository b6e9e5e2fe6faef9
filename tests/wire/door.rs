//! What can go wrong before a request is read: nobody listens, no TLS, a wrong certificate.

use std::sync::Arc;

use rustls::ServerConfig;

use super::pki::Pki;

/// How the server meets a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    /// Nobody listens.
    Refusing,
    ResetAtOnce,
    /// TCP, and not a byte of TLS.
    Mute,
    NoTls,
    /// After a whole handshake.
    ResetBeforeTheRequest,
    ClosedBeforeTheRequest,
    Expired,
    OfAnotherName,
    OfAStranger,
    /// It does not know our certificate. With TLS 1.3 it says so after our handshake is done.
    RejectsUs,
    RejectsUsInTime,
}

impl Door {
    /// All that are not open.
    pub(crate) const ALL: [Door; 11] = [
        Door::Refusing,
        Door::ResetAtOnce,
        Door::Mute,
        Door::NoTls,
        Door::ResetBeforeTheRequest,
        Door::ClosedBeforeTheRequest,
        Door::Expired,
        Door::OfAnotherName,
        Door::OfAStranger,
        Door::RejectsUs,
        Door::RejectsUsInTime,
    ];

    /// Whether time does not mend it: a certificate, theirs or ours.
    pub(crate) fn is_the_set_up(self) -> bool {
        matches!(
            self,
            Door::Expired
                | Door::OfAnotherName
                | Door::OfAStranger
                | Door::RejectsUs
                | Door::RejectsUsInTime
        )
    }

    /// Whether the client may have written a request that the server never reads.
    pub(crate) fn may_lose_a_request(self) -> bool {
        matches!(
            self,
            Door::ResetBeforeTheRequest | Door::ClosedBeforeTheRequest | Door::RejectsUs
        )
    }

    pub(crate) fn config(self) -> Arc<ServerConfig> {
        let pki = Pki::shared();
        let config = match self {
            Door::Expired => &pki.expired,
            Door::OfAnotherName => &pki.of_another_name,
            Door::OfAStranger => &pki.of_a_stranger,
            Door::RejectsUs => &pki.distrusting,
            Door::RejectsUsInTime => &pki.distrusting_in_time,
            _ => &pki.good,
        };
        Arc::clone(config)
    }
}
