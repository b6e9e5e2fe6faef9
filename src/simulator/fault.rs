//! What can go wrong between a merchant and WeChat Pay, on demand.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::answer::Answer;
use super::dice::Dice;
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

    /// The reply of a fault that keeps the request from being carried out.
    pub(super) fn instead(self) -> Option<Reply> {
        match self {
            FaultName::LostBefore => Some(Reply::never()),
            FaultName::SystemErrorUnpaid => Some(Answer::refusal("SYSTEMERROR").into()),
            FaultName::Http502Unpaid => Some(Reply::page(502)),
            FaultName::CertificatePage => Some(Reply::page(400)),
            FaultName::FreqLimit => Some(Answer::refusal("FREQ_LIMIT").into()),
            FaultName::LostAfter
            | FaultName::SystemErrorPaid
            | FaultName::Http502Paid
            | FaultName::Garbage
            | FaultName::Truncated
            | FaultName::Empty
            | FaultName::Late
            | FaultName::WrongEcho
            | FaultName::SendFailed
            | FaultName::Processing
            | FaultName::ProcessingFailed
            | FaultName::NoPackage
            | FaultName::NotFound => None,
        }
    }

    /// What becomes of the answer to a request that was carried out.
    pub(super) fn upon(self, mut reply: Reply, late_ms: u64) -> Reply {
        match self {
            FaultName::LostAfter => return Reply::never(),
            FaultName::SystemErrorPaid => return Answer::refusal("SYSTEMERROR").into(),
            FaultName::Http502Paid => return Reply::page(502),
            FaultName::Garbage => reply.body = b"upstream request timeout".to_vec(),
            FaultName::Empty => reply.body.clear(),
            FaultName::Truncated => {
                let bytes = reply.body.len() / 2;
                reply.delivery = Delivery::Cut { bytes };
            }
            FaultName::Late => reply.delivery = Delivery::Late { ms: late_ms },
            FaultName::LostBefore
            | FaultName::SystemErrorUnpaid
            | FaultName::Http502Unpaid
            | FaultName::CertificatePage
            | FaultName::FreqLimit
            | FaultName::WrongEcho
            | FaultName::SendFailed
            | FaultName::Processing
            | FaultName::ProcessingFailed
            | FaultName::NoPackage
            | FaultName::NotFound => {}
        }
        reply
    }
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a text is not `NAME=RATE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The name is not in [`FaultName::ALL`].
    #[error("no fault is called `{0}`; there are {names}", names = names())]
    UnknownName(String),
    /// The rate is not a number from 0 to 1.
    #[error("`{0}` is not a rate from 0 to 1; write NAME=RATE, as in lost_after=0.05")]
    BadRate(String),
}

fn names() -> String {
    let names: Vec<&str> = FaultName::ALL.iter().map(|fault| fault.name()).collect();
    names.join(", ")
}

impl FromStr for FaultName {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut all = FaultName::ALL.iter().copied();
        all.find(|fault| fault.name() == text)
            .ok_or_else(|| FaultError::UnknownName(text.to_owned()))
    }
}

/// How often each fault happens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faults(BTreeMap<FaultName, f64>);

impl Faults {
    /// No faults at all.
    #[must_use]
    pub fn none() -> Self {
        Faults::default()
    }

    /// These faults and one more; a later rate of the same fault replaces the earlier.
    #[must_use]
    pub fn with(mut self, fault: FaultName, rate: f64) -> Self {
        self.0.insert(fault, rate);
        self
    }

    /// Adds what `NAME=RATE` asks for.
    ///
    /// # Errors
    /// Where the name is unknown or the rate is not a number from 0 to 1.
    pub fn add(&mut self, name_and_rate: &str) -> Result<(), FaultError> {
        let (name, rate) = name_and_rate.split_once('=').unwrap_or((name_and_rate, ""));
        let fault = name.trim().parse()?;
        match rate.trim().parse::<f64>() {
            Ok(number) if (0.0..=1.0).contains(&number) => {
                self.0.insert(fault, number);
                Ok(())
            }
            Ok(_) | Err(_) => Err(FaultError::BadRate(rate.to_owned())),
        }
    }

    /// Draws every fault that can befall the endpoint on its own, and of those that fell picks
    /// one: a request can go wrong in one way only.
    pub(super) fn draw(&self, endpoint: Endpoint, dice: &mut Dice) -> Option<FaultName> {
        let fell: Vec<FaultName> = self
            .0
            .iter()
            .filter(|(fault, rate)| fault.befalls(endpoint) && dice.happens(**rate))
            .map(|(fault, _)| *fault)
            .collect();
        let count = u64::try_from(fell.len()).expect("a handful of faults");
        let pick = dice.below(count.max(1));
        usize::try_from(pick)
            .ok()
            .and_then(|at| fell.get(at).copied())
    }
}

/// A line for each fault: what `--fault help` prints.
#[must_use]
pub fn fault_help() -> String {
    let lines = FaultName::ALL
        .iter()
        .map(|fault| format!("{:<20}{}\n", fault.name(), fault.describe()));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_from_its_name_and_rate() {
        let mut faults = Faults::none();
        faults.add("lost_after=0.25").unwrap();
        assert_eq!(faults, Faults::none().with(FaultName::LostAfter, 0.25));
        assert_eq!(
            faults.add("late=2"),
            Err(FaultError::BadRate("2".to_owned()))
        );
        let unknown = faults.add("lost=1").unwrap_err().to_string();
        assert!(unknown.contains("lost_before, lost_after"), "{unknown}");
    }

    #[test]
    fn every_fault_has_a_name_of_its_own_and_a_line_of_help() {
        for fault in FaultName::ALL {
            assert_eq!(fault.name().parse(), Ok(*fault));
        }
        let help = fault_help();
        assert_eq!(help.lines().count(), FaultName::ALL.len());
        assert!(help.starts_with("lost_before         The connection closes;"));
    }

    #[test]
    fn a_fault_befalls_only_requests_it_makes_sense_for() {
        let faults = Faults::none().with(FaultName::NoPackage, 1.0);
        let mut dice = Dice::about(1, &[]);
        assert_eq!(faults.draw(Endpoint::Query, &mut dice), None);
        assert_eq!(
            faults.draw(Endpoint::Send, &mut dice),
            Some(FaultName::NoPackage)
        );
    }
}
