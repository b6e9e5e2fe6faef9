//! The meaning of one answer for the set-up as a whole. Pure.

use crate::domain::outcome::{
    Answer, CertificateDates, Doubt, NotSent, Outcome, ProxyFault, Sighting,
};
use crate::words::{Words, halt as words};

/// The meaning of one answer for the set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runner) enum Symptom {
    /// A packet was accepted, or WeChat Pay works on it.
    Accepted,
    /// A merchant-wide code.
    Merchant { code: String, words: String },
    /// A refusal of one recipient, by the row of the bill.
    Refused {
        bill: i64,
        code: String,
        words: String,
    },
    /// A certificate was not accepted, theirs or ours.
    Certificate(String),
    /// By our clock the gateway's certificate is not valid now.
    Dates(CertificateDates),
    /// An HTTP status that speaks of the set-up.
    HttpSetup(u16),
    /// `return_code` FAIL without a code: the words beside it.
    ReturnFail(String),
    /// A proxy that is reached, and wants something of us: its status.
    ProxyDenied(u16, Words),
    /// The gateway was not reached, or gave no answer that can be used.
    Down(Words),
    /// No answer within the time limit: that tells of the time when the request began.
    Hung(Words),
    /// Refused for the rate.
    Throttled,
    /// An answer that says nothing about the set-up.
    Other,
    /// No request was made.
    NotBegun,
}

impl Symptom {
    /// Its kind and code, for a log. Not the words of WeChat Pay, in which a person may be named.
    pub(in crate::runner) fn logged(&self) -> (&'static str, &str) {
        match self {
            Symptom::Accepted => ("accepted", ""),
            Symptom::Merchant { code, .. } => ("merchant", code),
            Symptom::Refused { code, .. } => ("refused", code),
            Symptom::Certificate(_) => ("certificate", ""),
            Symptom::Dates(_) => ("certificate_dates", ""),
            Symptom::HttpSetup(_) => ("http_status", ""),
            Symptom::ReturnFail(_) => ("return_fail", ""),
            Symptom::ProxyDenied(_, why) => ("proxy_denied", why.code),
            Symptom::Down(why) | Symptom::Hung(why) => ("down", why.code),
            Symptom::Throttled => ("throttled", ""),
            Symptom::Other => ("other", ""),
            Symptom::NotBegun => ("not_begun", ""),
        }
    }

    /// The words of a request that came to no usable answer, and need not be the set-up's fault the
    /// first time.
    pub(super) fn failure(&self) -> Option<&Words> {
        match self {
            Symptom::Down(why) | Symptom::Hung(why) | Symptom::ProxyDenied(_, why) => Some(why),
            Symptom::Accepted
            | Symptom::Merchant { .. }
            | Symptom::Refused { .. }
            | Symptom::Certificate(_)
            | Symptom::Dates(_)
            | Symptom::HttpSetup(_)
            | Symptom::ReturnFail(_)
            | Symptom::Throttled
            | Symptom::Other
            | Symptom::NotBegun => None,
        }
    }

    /// Whether it is such a failure.
    pub(in crate::runner) fn is_down(&self) -> bool {
        self.failure().is_some()
    }

    /// Whether WeChat Pay looked at what was asked, whatever it said of it: it did not refuse for
    /// the rate. Questions are answered with nothing else.
    pub(in crate::runner) fn is_within_rate(&self) -> bool {
        match self {
            Symptom::Accepted
            | Symptom::Merchant { .. }
            | Symptom::Refused { .. }
            | Symptom::Other => true,
            Symptom::Certificate(_)
            | Symptom::Dates(_)
            | Symptom::HttpSetup(_)
            | Symptom::ReturnFail(_)
            | Symptom::ProxyDenied(..)
            | Symptom::Down(_)
            | Symptom::Hung(_)
            | Symptom::Throttled
            | Symptom::NotBegun => false,
        }
    }

    /// The symptom in a send's outcome. A refused resend of a number in doubt speaks of the earlier
    /// send, and a second refusal of the recipient: `witness` is the bill of any other.
    pub(in crate::runner) fn of_send(answer: &Answer<Outcome>, witness: Option<i64>) -> Symptom {
        match (answer.verdict.said(), witness) {
            // Perhaps it was another packet's.
            (Outcome::Accepted(_) | Outcome::Processing, _) if !answer.is_named => Symptom::Other,
            (Outcome::Accepted(_) | Outcome::Processing, _) => Symptom::Accepted,
            (Outcome::Throttled, _) => Symptom::Throttled,
            (Outcome::Halted, _) => Symptom::merchant(answer),
            (
                Outcome::RefusedWithoutOrder
                | Outcome::RefusedUnlessKnown
                | Outcome::RefusedToConfirm,
                Some(bill),
            ) => {
                let (code, words) = (answer.err_code.clone(), answer.err_code_des.clone());
                Symptom::Refused { bill, code, words }
            }
            (Outcome::NotSent(cause), _) => Symptom::of_not_sent(cause),
            (Outcome::InDoubt(doubt), _) => Symptom::of_doubt(doubt, answer),
            (
                Outcome::RefusedWithoutOrder
                | Outcome::RefusedUnlessKnown
                | Outcome::RefusedToConfirm
                | Outcome::Deferred(_)
                | Outcome::Clash
                | Outcome::Unnamed(_),
                _,
            ) => Symptom::Other,
        }
    }

    /// The meaning of a query's answer.
    pub(in crate::runner) fn of_query(answer: &Answer<Sighting>) -> Symptom {
        match &answer.verdict {
            Sighting::Halted => Symptom::merchant(answer),
            Sighting::Throttled => Symptom::Throttled,
            Sighting::NotSent(cause) => Symptom::of_not_sent(cause),
            Sighting::Unclear(doubt) => Symptom::of_doubt(doubt, answer),
            Sighting::Sending { .. }
            | Sighting::Sent
            | Sighting::Failed
            | Sighting::Received
            | Sighting::Refunding
            | Sighting::Refunded
            | Sighting::NotFound
            | Sighting::Expired
            | Sighting::Clash => Symptom::Other,
        }
    }

    fn merchant<T>(answer: &Answer<T>) -> Symptom {
        Symptom::Merchant {
            code: answer.err_code.clone(),
            words: answer.err_code_des.clone(),
        }
    }

    fn of_not_sent(cause: &NotSent) -> Symptom {
        match cause {
            NotSent::Certificate(detail) => Symptom::Certificate(detail.clone()),
            NotSent::Proxy(ProxyFault::Refused(status @ (401 | 403 | 407))) => {
                Symptom::ProxyDenied(*status, cause.words())
            }
            NotSent::Name(_) | NotSent::Connect(_) | NotSent::Proxy(_) | NotSent::Handshake(_) => {
                Symptom::Down(cause.words())
            }
            NotSent::Dates(dates) => Symptom::Dates(dates.clone()),
            NotSent::NotBegun => Symptom::NotBegun,
        }
    }

    fn of_doubt<T>(doubt: &Doubt, answer: &Answer<T>) -> Symptom {
        match doubt {
            Doubt::CertificateAlert(detail) => Symptom::Certificate(detail.clone()),
            Doubt::Http(status @ (400 | 401 | 403 | 495 | 496)) => Symptom::HttpSetup(*status),
            Doubt::ReturnFail => Symptom::ReturnFail(answer.err_code_des.clone()),
            Doubt::UnknownCode => {
                Symptom::Down(words::unknown_code(doubt.words(), &*answer.err_code))
            }
            Doubt::Timeout => Symptom::Hung(doubt.words()),
            Doubt::Http(_)
            | Doubt::ConnectionLost(_)
            | Doubt::AnswerCut(_)
            | Doubt::Malformed(_)
            | Doubt::Echo(_)
            | Doubt::Sign => Symptom::Down(doubt.words()),
            // An answer of WeChat Pay itself, to this one request or another.
            Doubt::SystemError | Doubt::Interrupted | Doubt::Unnamed => Symptom::Other,
        }
    }
}
