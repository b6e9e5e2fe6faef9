//! The answer to a request, and the reading that sends and queries have in common.

use secrecy::SecretString;

use super::sign;
use super::xml::{self, Document, Fields};
use crate::domain::fate::Fate;
use crate::domain::outcome::{Answer, Doubt, NotSent};
use crate::words::shown;

/// How one request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// A whole answer.
    Reply(Reply),
    /// Provably no byte of the request left.
    NotSent(NotSent),
    /// It may have been carried out; no whole answer came.
    InDoubt(Doubt),
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// At most 64 KiB. Empty where the status is not 200 and the body did not come whole.
    pub body: Vec<u8>,
    /// The gateway's clock in Unix seconds, if the answer has a `Date`.
    pub date: Option<i64>,
    /// Whether it is the first answer on its connection: nobody else's can have come before it.
    pub is_first: bool,
}

/// `return_code` and `result_code` together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResultCode<'a> {
    /// `SUCCESS` twice. An `err_code` beside it means nothing: WeChat Pay's own samples have it.
    Success,
    /// FAIL in one of them, with this `err_code`.
    Failure(&'a str),
}

/// The document of a reply that is whole and, where it is signed, signed with our key.
///
/// Replies normally carry no sign. Only the flat fields are taken into it: how a list would be
/// signed is nowhere written.
pub(super) fn read(status: u16, body: &[u8], key: &SecretString) -> Result<Document, Doubt> {
    if status != 200 {
        return Err(Doubt::Http(status));
    }
    let document = xml::parse(body);
    let document = document.map_err(|fault| Doubt::Malformed(shown(&fault.0).into_owned()))?;
    match document.fields.filled("sign") {
        Some(_) if planted!(SignUnchecked) => Ok(document),
        Some(claimed) if !sign::verify(document.fields.iter(), claimed, key) => Err(Doubt::Sign),
        Some(_) | None => Ok(document),
    }
}

/// The first of `ours` that the reply gives with another value.
pub(super) fn differing(fields: &Fields, ours: &[(&'static str, &str)]) -> Option<&'static str> {
    let differs = |(name, value): &&(&'static str, &str)| {
        fields.filled(name).is_some_and(|theirs| theirs != *value)
    };
    ours.iter().find(differs).map(|(name, _)| *name)
}

/// Judges the two codes in their order. A failure's code counts whichever of the two failed:
/// real replies and the documents differ in that.
pub(super) fn said(fields: &Fields) -> Result<ResultCode<'_>, Doubt> {
    let err_code = fields.filled("err_code");
    match (
        fields.filled("return_code"),
        fields.filled("result_code"),
        err_code,
    ) {
        (Some("SUCCESS"), Some("SUCCESS"), _) => Ok(ResultCode::Success),
        (Some("FAIL"), Some("FAIL") | None, Some(code))
        | (Some("SUCCESS"), Some("FAIL"), Some(code)) => Ok(ResultCode::Failure(code)),
        (Some("FAIL"), Some("FAIL") | None, None) => Err(Doubt::ReturnFail),
        (Some("FAIL"), Some("SUCCESS"), _) => Err(malformed("return and result code disagree")),
        (Some("SUCCESS"), Some("FAIL"), None) => Err(malformed("result_code FAIL without a code")),
        (Some(_), _, _) => Err(malformed("no result_code that is known")),
        (None, _, _) => Err(malformed("no return_code")),
    }
}

/// The verdict with the words the reply had, none of which acts on a terminal: they are kept, and
/// shown wherever the ledger is read.
pub(super) fn worded<T>(verdict: T, fields: &Fields) -> Answer<T> {
    let text = |name| shown(fields.filled(name).unwrap_or_default()).into_owned();
    let words = ["err_code_des", "return_msg"]
        .into_iter()
        .find_map(|name| fields.filled(name));
    Answer {
        verdict,
        err_code: text("err_code"),
        err_code_des: shown(words.unwrap_or_default()).into_owned(),
        detail_id: text("detail_id"),
        is_double: false,
        // That a reply names another one is a doubt of its own.
        is_named: fields.filled("mch_billno").is_some(),
        paid: None,
        send_time: None,
        fate: Fate::default(),
    }
}

fn malformed(what: &str) -> Doubt {
    Doubt::Malformed(what.to_owned())
}
