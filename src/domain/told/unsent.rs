//! Why a request never left: each is a proof that nothing was paid by it.

use crate::words::{LibraryText, Words, english, wire as words};

/// Why a request never left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The gateway's name has no address.
    Name(String),
    /// No TCP connection, or it closed before the request was written.
    Connect(String),
    /// The proxy in front of the gateway gave no way to it: not one byte of the request was made.
    Proxy(ProxyFault),
    /// The TLS handshake failed for a reason that may pass.
    Handshake(String),
    /// Their certificate or ours was not accepted: a set-up that time does not mend.
    Certificate(String),
    /// By this machine's clock their certificate is not valid now.
    Dates(CertificateDates),
    /// The attempt was durable but not begun in time, or the run was stopped first.
    NotBegun,
}

/// A certificate beside this machine's clock, in Beijing's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateDates {
    /// Whether it is not valid yet, which no server shows: the clock is behind.
    pub is_early: bool,
    /// What the clock says.
    pub ours: String,
    /// When it begins, or when it ended.
    pub theirs: String,
}

/// Why a proxy gave no way to the gateway. None of it is an answer of WeChat Pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyFault {
    /// No connection to the proxy itself.
    Unreached(String),
    /// It answered CONNECT with this status.
    Refused(u16),
    /// What it said is no answer to CONNECT.
    Garbled,
    /// It closed the connection first.
    Closed,
    /// It said nothing in time.
    Silent,
}

english!(NotSent, CertificateDates, ProxyFault);

impl NotSent {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            NotSent::Name(detail) => words::name(LibraryText(detail)),
            NotSent::Connect(detail) => words::connect(LibraryText(detail)),
            NotSent::Proxy(fault) => fault.words(),
            NotSent::Handshake(detail) => words::handshake(LibraryText(detail)),
            NotSent::Certificate(detail) => words::certificate(LibraryText(detail)),
            NotSent::Dates(dates) => dates.words(),
            NotSent::NotBegun => words::not_begun(),
        }
    }
}

impl CertificateDates {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        let (ours, theirs) = (self.ours.as_str(), self.theirs.as_str());
        if self.is_early {
            words::certificate_early(ours, theirs)
        } else {
            words::certificate_over(ours, theirs)
        }
    }
}

impl ProxyFault {
    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            ProxyFault::Unreached(detail) => words::proxy_unreached(LibraryText(detail)),
            ProxyFault::Refused(407) => words::proxy_wants_password(),
            ProxyFault::Refused(status) => words::proxy_refused(*status),
            ProxyFault::Garbled => words::proxy_garbled(),
            ProxyFault::Closed => words::proxy_closed(),
            ProxyFault::Silent => words::proxy_silent(),
        }
    }
}
