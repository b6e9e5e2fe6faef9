//! The result of one request. An outcome is never an error: all that WeChat Pay says or fails to
//! say about a bill is knowledge, kept with the bill.

use super::fate::Fate;
pub use super::unsent::{CertificateDates, NotSent, ProxyFault};
use crate::domain::ids::Openid;
use crate::domain::money::Fen;
use crate::words::{LibraryText, Words, english, wire as words};

/// The result of one send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Paid: `SUCCESS` with our own number, openid and amount in the reply.
    Accepted(Receipt),
    /// WeChat Pay took the order and works on it.
    Processing,
    /// Refused for the rate alone: no order was made; slow down, same number.
    Throttled,
    /// Refused, and this kind of refusal leaves no order behind.
    RefusedWithoutOrder,
    /// Refused, and no order is left behind unless the number was known before with other data:
    /// one query tells.
    RefusedUnlessKnown,
    /// Refused, but an order may exist: only a query makes it final.
    RefusedToConfirm,
    /// Something is wrong with the merchant's side as a whole; nobody is refused by it.
    Halted,
    /// A limit of the merchant that ends by itself.
    Deferred(Until),
    /// `FATAL_ERROR`: the number is known under other parameters.
    Clash,
    /// Provably no byte of the request left this machine.
    NotSent(NotSent),
    /// It may have been paid; nobody knows yet.
    InDoubt(Doubt),
    /// An answer that names no number says this: perhaps about another request. It tells of the
    /// merchant, the limits and the rate, and nothing of the bill.
    Unnamed(Box<Outcome>),
}

impl Outcome {
    /// The verdict of the answer, whichever request it is about.
    #[must_use]
    pub fn said(&self) -> &Outcome {
        if let Outcome::Unnamed(said) = self {
            return said;
        }
        self
    }

    /// Whether it refuses the recipient.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Outcome::RefusedWithoutOrder | Outcome::RefusedUnlessKnown | Outcome::RefusedToConfirm
        )
    }

    /// Whether all is there: paid, and what opens the packet.
    #[must_use]
    pub fn has_package(&self) -> bool {
        matches!(self, Outcome::Accepted(receipt) if receipt.package.is_some())
    }
}

/// The proof of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// WeChat Pay's number of the red packet; empty where the reply had none.
    pub send_listid: String,
    /// The mini-program opens the packet with it. Only this reply ever carries it.
    pub package: Option<String>,
}

/// When a merchant-wide limit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// At the next midnight in Beijing.
    NextDay,
    /// At eight o'clock in Beijing, the end of the quiet hours.
    EightOClock,
}

/// Why we do not know whether a request was carried out, or what a query meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// No complete answer in time.
    Timeout,
    /// The connection broke after the request had begun to leave.
    ConnectionLost(String),
    /// The connection broke within the answer.
    AnswerCut(String),
    /// A TLS alert about a certificate came after the request had begun to leave.
    CertificateAlert(String),
    /// Any status but 200.
    Http(u16),
    /// Not the XML of a reply.
    Malformed(String),
    /// The reply speaks about another bill, or is incomplete where it claims a payment.
    Echo(&'static str),
    /// `NOT_FOUND` without a number, on a connection that other requests used before.
    Unnamed,
    /// A `sign` was present and wrong.
    Sign,
    /// `SYSTEMERROR`: accepted or not, WeChat Pay itself does not say.
    SystemError,
    /// A code that is not in the table.
    UnknownCode,
    /// `return_code` FAIL without a code.
    ReturnFail,
    /// The process ended before the outcome was recorded.
    Interrupted,
}

english!(Doubt);

impl Doubt {
    /// Whether it came of an answer that is about another request, or of one that cannot be read
    /// or trusted so far as to say that it is not.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(self, Doubt::Echo(_) | Doubt::Sign | Doubt::Malformed(_))
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Doubt::Timeout => words::timeout(),
            Doubt::ConnectionLost(detail) => words::connection_lost(LibraryText(detail)),
            Doubt::AnswerCut(detail) => words::answer_cut(LibraryText(detail)),
            Doubt::CertificateAlert(detail) => words::certificate_alert(LibraryText(detail)),
            Doubt::Http(status) => words::http(*status),
            Doubt::Malformed(detail) => words::malformed(LibraryText(detail)),
            Doubt::Echo(field) => words::echo(*field),
            Doubt::Unnamed => words::unnamed(),
            Doubt::Sign => words::sign(),
            Doubt::SystemError => words::system_error(),
            Doubt::UnknownCode => words::unknown_code(),
            Doubt::ReturnFail => words::return_fail(),
            Doubt::Interrupted => words::interrupted(),
        }
    }
}

/// The result of one `gethbinfo` query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// `SENDING`: being worked on; with a reason it failed in all but name.
    Sending {
        /// Whether `reason` was filled.
        has_reason: bool,
    },
    /// `SENT`: issued, waiting to be claimed.
    Sent,
    /// `FAILED`: proven unpaid.
    Failed,
    /// `RECEIVED`: claimed.
    Received,
    /// `RFUND_ING`: unclaimed, on its way back.
    Refunding,
    /// `REFUND`: back with the merchant.
    Refunded,
    /// `NOT_FOUND`: not known, not landed yet, or forgotten. Never proof of failure. It is always
    /// about the number asked about: one that may be about another request is
    /// [`Doubt::Unnamed`].
    NotFound,
    /// `NOT_FOUND` whose words say that the order is too old to be asked about: WeChat Pay knows
    /// the number, and no question tells any more what became of it.
    Expired,
    /// The number is known with another amount or another recipient.
    Clash,
    /// Asked too often.
    Throttled,
    /// The query was refused for a merchant-wide cause.
    Halted,
    /// The query never left.
    NotSent(NotSent),
    /// No usable answer.
    Unclear(Doubt),
}

impl Sighting {
    /// Whether the packet was paid, wherever its money is by now.
    #[must_use]
    pub fn is_payment(&self) -> bool {
        matches!(
            self,
            Sighting::Sent | Sighting::Received | Sighting::Refunding | Sighting::Refunded
        )
    }

    /// Whether it denies that a packet was paid which a reply had accepted: no such number, or a
    /// reason why it fails.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        matches!(
            self,
            Sighting::NotFound | Sighting::Sending { has_reason: true }
        )
    }

    /// Whether WeChat Pay said what it knows of the number, if only that it knows nothing.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !matches!(
            self,
            Sighting::Throttled | Sighting::Halted | Sighting::NotSent(_) | Sighting::Unclear(_)
        )
    }
}

/// An outcome or sighting with the words it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// Its meaning.
    pub verdict: T,
    /// `err_code` as received; empty where there was none.
    pub err_code: String,
    /// `err_code_des` or, without one, `return_msg` or the query's `reason`. For people only:
    /// it frees and pays nobody. Alone that an order is too old is read from it
    /// ([`Sighting::Expired`]), which only holds back.
    pub err_code_des: String,
    /// `detail_id` of a query, the same number as `send_listid`; empty elsewhere.
    pub detail_id: String,
    /// Whether a query names more than one red packet under the number.
    pub is_double: bool,
    /// Whether it names the number of its request.
    pub is_named: bool,
    /// The payment that a query reports, where it differs from the debt.
    pub paid: Option<Paid>,
    /// When the order was made, says a query; milliseconds of the Unix epoch.
    pub send_time: Option<i64>,
    /// The fate of the payment, by a query.
    pub fate: Fate,
}

/// The payment under a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// To whom; `None` where it is not said, or the one who is owed.
    pub openid: Option<Openid>,
    /// How much.
    pub amount: Fen,
}

impl<T> Answer<T> {
    /// An answer without words of WeChat Pay.
    pub fn wordless(verdict: T) -> Self {
        let (err_code, err_code_des, detail_id) = Default::default();
        Answer {
            verdict,
            err_code,
            err_code_des,
            detail_id,
            is_double: false,
            is_named: false,
            paid: None,
            send_time: None,
            fate: Fate::default(),
        }
    }
}

/// Whether WeChat Pay knows the number.
#[must_use]
pub fn is_known(sighting: &Sighting) -> bool {
    match sighting {
        Sighting::Sending { .. }
        | Sighting::Sent
        | Sighting::Failed
        | Sighting::Received
        | Sighting::Refunding
        | Sighting::Refunded
        | Sighting::Expired
        | Sighting::Clash => true,
        Sighting::NotFound
        | Sighting::Throttled
        | Sighting::Halted
        | Sighting::NotSent(_)
        | Sighting::Unclear(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_payment_brings_a_package() {
        let paid = |package: Option<&str>| {
            Outcome::Accepted(Receipt {
                send_listid: String::new(),
                package: package.map(str::to_owned),
            })
        };
        assert!(paid(Some("p")).has_package());
        assert!(!paid(None).has_package() && !Outcome::Processing.has_package());
    }
}
