//! `sendminiprogramhb`: the request that pays, and what its answer means.
//!
//! Fields and rules: pay.weixin.qq.com/doc/v2/partner/4011941282. There is no `client_ip` and
//! no `sign_type` in it. A resend is the same to the byte; only the sign is made anew, so that
//! a mended key helps.

use secrecy::SecretString;

use super::err_code::ErrCode;
use super::reply::{self, Exchange, Said};
use super::{sign, xml};
use crate::domain::ids::{MchBillno, MchId, Openid};
use crate::domain::money::Fen;
use crate::domain::outcome::{Answer, Doubt, Outcome, Receipt};
use crate::domain::packet::Texts;
use crate::wechat::xml::{Document, Fields};

/// Where the request goes.
pub const PATH: &str = "/mmpaymkttransfers/sendminiprogramhb";

/// Everything a send says, fixed when the packet was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The merchant.
    pub mch_id: MchId,
    /// The mini-program's appid.
    pub wxappid: String,
    /// The number under which WeChat Pay pays at most once.
    pub mch_billno: MchBillno,
    /// Who gets it, `re_openid`.
    pub openid: Openid,
    /// How much, `total_amount`.
    pub amount: Fen,
    /// The texts.
    pub texts: Texts,
}

impl Frozen {
    /// The signed body of the send.
    #[must_use]
    pub fn request(&self, key: &SecretString) -> Vec<u8> {
        let nonce = self.mch_billno.nonce();
        let amount = self.amount.fen().to_string();
        let fields = [
            ("nonce_str", nonce.as_str()),
            ("mch_billno", self.mch_billno.as_str()),
            ("mch_id", self.mch_id.as_str()),
            ("wxappid", &self.wxappid),
            ("send_name", &self.texts.send_name),
            ("re_openid", self.openid.as_str()),
            ("total_amount", &amount),
            ("total_num", "1"),
            ("wishing", &self.texts.wishing),
            ("act_name", &self.texts.act_name),
            ("remark", &self.texts.remark),
            ("notify_way", "MINI_PROGRAM_JSAPI"),
        ];
        let scene = self
            .texts
            .scene_id
            .as_deref()
            .map(|scene| ("scene_id", scene));
        let fields = fields.into_iter().chain(scene);
        let sign = sign::sign(fields.clone(), key);
        xml::write(fields.chain([("sign", sign.as_str())]))
    }
}

/// What the end of a send means.
#[must_use]
pub fn outcome(exchange: &Exchange, frozen: &Frozen, key: &SecretString) -> Answer<Outcome> {
    match exchange {
        Exchange::Reply(reply) => classify(reply.status, &reply.body, frozen, key),
        Exchange::NotSent(cause) => Answer::wordless(Outcome::NotSent(cause.clone())),
        Exchange::InDoubt(doubt) => Answer::wordless(Outcome::InDoubt(doubt.clone())),
    }
}

/// What a reply to the send of `frozen` means.
#[must_use]
pub fn classify(
    http_status: u16,
    body: &[u8],
    frozen: &Frozen,
    key: &SecretString,
) -> Answer<Outcome> {
    match reply::read(http_status, body, key) {
        Ok(Document { fields, .. }) => reply::worded(verdict(&fields, frozen), &fields),
        Err(doubt) => Answer::wordless(Outcome::InDoubt(doubt)),
    }
}

fn verdict(fields: &Fields, frozen: &Frozen) -> Outcome {
    let amount = frozen.amount.fen().to_string();
    // The first three must be there before a reply counts as payment of this bill.
    let echo = [
        ("mch_billno", frozen.mch_billno.as_str()),
        ("re_openid", frozen.openid.as_str()),
        ("total_amount", amount.as_str()),
        ("mch_id", frozen.mch_id.as_str()),
        ("wxappid", frozen.wxappid.as_str()),
    ];
    if let Some(name) = reply::differing(fields, &echo) {
        return Outcome::InDoubt(Doubt::Echo(name));
    }
    match reply::said(fields) {
        Ok(Said::Success) => {
            let missing = echo[..3]
                .iter()
                .find(|(name, _)| fields.filled(name).is_none());
            missing.map_or_else(
                || Outcome::Accepted(receipt(fields)),
                |(name, _)| Outcome::InDoubt(Doubt::Echo(name)),
            )
        }
        Ok(Said::Failure(code)) => {
            ErrCode::parse(code).map_or(Outcome::InDoubt(Doubt::UnknownCode), ErrCode::outcome)
        }
        Err(doubt) => Outcome::InDoubt(doubt),
    }
}

fn receipt(fields: &Fields) -> Receipt {
    Receipt {
        send_listid: fields.filled("send_listid").unwrap_or_default().to_owned(),
        package: fields.filled("package").map(str::to_owned),
    }
}
