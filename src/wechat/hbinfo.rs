//! `gethbinfo`: asks what became of a number.
//!
//! Fields and rules: pay.weixin.qq.com/doc/v2/partner/4011983160. WeChat Pay answers for the
//! last 30 days. `NOT_FOUND` is never proof of failure, and what may lead to a new number, a
//! `FAILED`, counts only where the answer names the number asked about.

use secrecy::SecretString;

use super::err_code::ErrCode;
use super::reply::{self, Exchange, Said};
use super::xml::{Document, Fields};
use super::{sign, xml};
use crate::domain::ids::{MchBillno, MchId, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::{Answer, Doubt, Sighting};

/// Where the request goes.
pub const PATH: &str = "/mmpaymkttransfers/gethbinfo";

/// What is asked, and what a true answer must agree with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The merchant.
    pub mch_id: MchId,
    /// The mini-program's appid; this endpoint calls it `appid`.
    pub wxappid: String,
    /// The number asked about.
    pub mch_billno: MchBillno,
    /// To whom how much is owed under it; `None` for a number that pays nobody.
    pub owed: Option<(Openid, Fen)>,
}

impl Asked {
    /// The signed body of the query. `nonce` is fresh for each, at most 32 letters and digits.
    #[must_use]
    pub fn request(&self, nonce: &str, key: &SecretString) -> Vec<u8> {
        let fields = [
            ("nonce_str", nonce),
            ("mch_billno", self.mch_billno.as_str()),
            ("mch_id", self.mch_id.as_str()),
            ("appid", &self.wxappid),
            ("bill_type", "MCHT"),
        ];
        let sign = sign::sign(fields, key);
        xml::write(fields.into_iter().chain([("sign", sign.as_str())]))
    }
}

/// What the end of a query means.
#[must_use]
pub fn seen(exchange: &Exchange, asked: &Asked, key: &SecretString) -> Answer<Sighting> {
    match exchange {
        Exchange::Reply(reply) => sighting(reply.status, &reply.body, asked, key),
        Exchange::NotSent(cause) => Answer::wordless(Sighting::NotSent(cause.clone())),
        Exchange::InDoubt(doubt) => Answer::wordless(Sighting::Unclear(doubt.clone())),
    }
}

/// What a reply to the query of `asked` means.
#[must_use]
pub fn sighting(
    http_status: u16,
    body: &[u8],
    asked: &Asked,
    key: &SecretString,
) -> Answer<Sighting> {
    let document = match reply::read(http_status, body, key) {
        Ok(document) => document,
        Err(doubt) => return Answer::wordless(Sighting::Unclear(doubt)),
    };
    let mut answer = reply::worded(verdict(&document, asked), &document.fields);
    if let Some(reason) = document.fields.filled("reason") {
        reason.clone_into(&mut answer.err_code_des);
    }
    answer
}

fn verdict(document: &Document, asked: &Asked) -> Sighting {
    let fields = &document.fields;
    let echo = [
        ("mch_billno", asked.mch_billno.as_str()),
        ("mch_id", asked.mch_id.as_str()),
    ];
    if let Some(name) = reply::differing(fields, &echo) {
        return Sighting::Unclear(Doubt::Echo(name));
    }
    match reply::said(fields) {
        Ok(Said::Success) if is_another_payment(document, asked) => Sighting::Clash,
        Ok(Said::Success) => status(fields),
        Ok(Said::Failure(code)) => {
            ErrCode::parse(code).map_or(Sighting::Unclear(Doubt::UnknownCode), on_code)
        }
        Err(doubt) => Sighting::Unclear(doubt),
    }
}

/// Whether the number is known with another amount or another recipient.
fn is_another_payment(document: &Document, asked: &Asked) -> bool {
    let Some((openid, amount)) = &asked.owed else {
        return false;
    };
    let amount = amount.fen().to_string();
    let entry = [("openid", openid.as_str()), ("amount", amount.as_str())];
    let differs = |fields: &Fields| reply::differing(fields, &entry).is_some();
    reply::differing(&document.fields, &[("total_amount", &amount)]).is_some()
        || document.hbinfo.iter().any(differs)
}

fn status(fields: &Fields) -> Sighting {
    let names_bill = fields.filled("mch_billno").is_some();
    let is_ours = names_bill || fields.filled("total_amount").is_some();
    match fields.filled("status") {
        // A new number may follow from it, so the amount alone does not do.
        Some("FAILED") if !names_bill => Sighting::Unclear(Doubt::Echo("mch_billno")),
        Some(_) if !is_ours => Sighting::Unclear(Doubt::Echo("mch_billno")),
        Some("SENDING") => Sighting::Sending {
            has_reason: fields.filled("reason").is_some(),
        },
        Some("SENT") => Sighting::Sent,
        Some("FAILED") => Sighting::Failed,
        Some("RECEIVED") => Sighting::Received,
        Some("RFUND_ING") => Sighting::Refunding,
        Some("REFUND") => Sighting::Refunded,
        Some(_) | None => Sighting::Unclear(Doubt::UnknownCode),
    }
}

/// What a query refused with `code` tells. Only `NOT_FOUND` says anything about the number.
fn on_code(code: ErrCode) -> Sighting {
    use ErrCode as E;
    match code {
        E::NotFound => Sighting::NotFound,
        E::FreqLimit | E::SecondOverLimited => Sighting::Throttled,
        E::SystemError => Sighting::Unclear(Doubt::SystemError),
        E::SignError
        | E::CaError
        | E::NoAuth
        | E::XmlError
        | E::ParamError
        | E::NotEnough
        | E::PayerAccountAbnormal
        | E::NoCompetence
        | E::ApiMethodClosed
        | E::IllegalAppid
        | E::AcceptmodeError
        | E::MsgappidError => Sighting::Halted,
        // These are a send's. What they would mean here is nowhere written.
        E::Processing
        | E::SendFailed
        | E::FatalError
        | E::OpenidError
        | E::MoneyLimit
        | E::DayOverLimited
        | E::TimeLimited
        | E::SendnumLimit
        | E::RcvdamountLimit
        | E::SendamountLimit
        | E::V2AccountSimpleBan
        | E::NameMismatch
        | E::AmountLimit
        | E::ReqParamXmlErr
        | E::ReqParamXmlMiss
        | E::OverLimit
        | E::Busy268458547 => Sighting::Unclear(Doubt::UnknownCode),
    }
}
