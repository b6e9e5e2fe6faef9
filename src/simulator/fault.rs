//! What can go wrong between a merchant and WeChat Pay, on demand.

use std::fmt;

use super::answer::Answer;
use super::reply::{Delivery, Reply};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal,)+) => {
        /// One way for a request to go wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FaultName {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl FaultName {
            /// Every fault there is.
            pub const ALL: &[FaultName] = &[$(FaultName::$variant,)+];

            /// The name it is asked for by.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(FaultName::$variant => $name,)+
                }
            }

            /// What it does, in one line.
            #[must_use]
            pub fn describe(self) -> String {
                let doc = match self {
                    $(FaultName::$variant => concat!($($doc),+),)+
                };
                doc.trim().replace('`', "")
            }
        }
    };
}

faults! {
    /// The connection closes; the request is not carried out.
    LostBefore "lost_before",
    /// The request is carried out; the connection closes without an answer.
    LostAfter "lost_after",
    /// `SYSTEMERROR`; the request is not carried out.
    SystemErrorUnpaid "systemerror_unpaid",
    /// `SYSTEMERROR`; the send is carried out all the same.
    SystemErrorPaid "systemerror_paid",
    /// HTTP 502; the request is not carried out.
    Http502Unpaid "http502_unpaid",
    /// HTTP 502; the send is carried out all the same.
    Http502Paid "http502_paid",
    /// HTTP 400 with the page of a refused certificate; the request is not carried out.
    CertificatePage "certificate_page",
    /// The request is carried out; the answer is not XML.
    Garbage "garbage",
    /// The request is carried out; the answer breaks off in the middle.
    Truncated "truncated",
    /// The request is carried out; the answer is HTTP 200 with an empty body.
    Empty "empty",
    /// The request is carried out; the answer comes late (20 s, if not set otherwise).
    Late "late",
    /// The request is carried out; the answer speaks about another bill.
    WrongEcho "wrong_echo",
    /// The request is carried out; the answer carries a wrong `sign`.
    WrongSign "wrong_sign",
    /// The request is carried out; the answer is a refusal with a code nobody has heard of.
    UnknownCode "unknown_code",
    /// `return_code` `FAIL` without an `err_code`; the request is not carried out.
    ReturnFail "return_fail",
    /// `FREQ_LIMIT`; the request is not carried out and leaves no record.
    FreqLimit "freq_limit",
    /// `SEND_FAILED`; the order fails for good, unless it was paid before: then it stays paid.
    SendFailed "send_failed",
    /// `PROCESSING`; the packet is paid, and a query says `SENDING` for a while and then `SENT`.
    Processing "processing",
    /// `PROCESSING`; a query says `SENDING` for a while and then `FAILED`.
    ProcessingFailed "processing_failed",
    /// `SUCCESS` without a package; the packet is paid.
    NoPackage "no_package",
    /// A query says `NOT_FOUND` about an order that exists.
    NotFound "not_found",
}

/// The two requests there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `sendminiprogramhb`.
    Send,
    /// `gethbinfo`.
    Query,
}

impl FaultName {
    /// Whether it can befall a request of this kind.
    pub(super) fn befalls(self, endpoint: Endpoint) -> bool {
        match self {
            FaultName::LostBefore
            | FaultName::LostAfter
            | FaultName::SystemErrorUnpaid
            | FaultName::Http502Unpaid
            | FaultName::CertificatePage
            | FaultName::Garbage
            | FaultName::Truncated
            | FaultName::Empty
            | FaultName::Late
            | FaultName::WrongEcho
            | FaultName::WrongSign
            | FaultName::UnknownCode
            | FaultName::ReturnFail
            | FaultName::FreqLimit => true,
            FaultName::SystemErrorPaid
            | FaultName::Http502Paid
            | FaultName::SendFailed
            | FaultName::Processing
            | FaultName::ProcessingFailed
            | FaultName::NoPackage => endpoint == Endpoint::Send,
            FaultName::NotFound => endpoint == Endpoint::Query,
        }
    }

    /// The reply of a fault that keeps the request from being carried out; `None` for the rest.
    pub(super) fn instead(self) -> Option<Reply> {
        match self {
            FaultName::LostBefore => Some(Reply::never()),
            FaultName::SystemErrorUnpaid => Some(Answer::refusal("SYSTEMERROR").into()),
            FaultName::Http502Unpaid => Some(Reply::page(502)),
            FaultName::CertificatePage => Some(Reply::page(400)),
            FaultName::FreqLimit => Some(Answer::refusal("FREQ_LIMIT").into()),
            FaultName::ReturnFail => Some(Answer::return_fail().into()),
            _ => None,
        }
    }

    /// What becomes of the answer to a request that was carried out.
    pub(super) fn upon(self, answer: Answer, late_ms: u64) -> Reply {
        match self {
            FaultName::LostAfter => Reply::never(),
            FaultName::SystemErrorPaid => Answer::refusal("SYSTEMERROR").into(),
            FaultName::UnknownCode => Answer::refusal("UNHEARD_OF").into(),
            FaultName::WrongSign => answer.text("sign", &"0".repeat(32)).into(),
            FaultName::Http502Paid => Reply::page(502),
            FaultName::Garbage => Reply::whole(200, b"upstream request timeout".to_vec()),
            FaultName::Empty => Reply::whole(200, Vec::new()),
            FaultName::Truncated => {
                let reply = Reply::from(answer);
                let bytes = reply.body.len() / 2;
                let delivery = Delivery::Cut { bytes };
                Reply { delivery, ..reply }
            }
            FaultName::Late => {
                let delivery = Delivery::Late { ms: late_ms };
                let reply = Reply::from(answer);
                Reply { delivery, ..reply }
            }
            _ => answer.into(),
        }
    }
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
