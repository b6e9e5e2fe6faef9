//! The faults that can happen between a merchant and WeChat Pay, on demand.

use std::fmt;

use crate::simulator::wire::answer::AnswerXml;
use crate::simulator::wire::reply::{Delivery, GatewayReply};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $zh:literal,)+) => {
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

            /// Its effect, in one line.
            #[must_use]
            pub fn describe(self) -> String {
                let doc = match self {
                    $(FaultName::$variant => concat!($($doc),+),)+
                };
                doc.trim().replace('`', "")
            }

            /// The same in Chinese.
            #[must_use]
            pub fn describe_zh(self) -> &'static str {
                match self {
                    $(FaultName::$variant => $zh,)+
                }
            }
        }
    };
}

faults! {
    /// The connection closes; the request is not carried out.
    LostBefore "lost_before" "连接关闭；请求未执行。",
    /// The request is carried out; the connection closes without an answer.
    LostAfter "lost_after" "请求已执行；连接关闭，没有应答。",
    /// `SYSTEMERROR`; the request is not carried out.
    SystemErrorUnpaid "systemerror_unpaid" "返回 SYSTEMERROR；请求未执行。",
    /// `SYSTEMERROR`; the send is carried out all the same.
    SystemErrorPaid "systemerror_paid" "返回 SYSTEMERROR；发放照样执行。",
    /// HTTP 502; the request is not carried out.
    Http502Unpaid "http502_unpaid" "返回 HTTP 502；请求未执行。",
    /// HTTP 502; the send is carried out all the same.
    Http502Paid "http502_paid" "返回 HTTP 502；发放照样执行。",
    /// HTTP 400 with the page of a refused certificate; the request is not carried out.
    CertificatePage "certificate_page" "返回 HTTP 400 和证书被拒的页面；请求未执行。",
    /// The request is carried out; the answer is not XML.
    Garbage "garbage" "请求已执行；应答不是 XML。",
    /// The request is carried out; the answer breaks off in the middle.
    Truncated "truncated" "请求已执行；应答中途截断。",
    /// The request is carried out; the answer is HTTP 200 with an empty body.
    Empty "empty" "请求已执行；应答为 HTTP 200，正文为空。",
    /// The request is carried out; the answer comes after 20 s, or in a rehearsal just after the
    /// time limit.
    Late "late" "请求已执行；应答 20 秒后才到，演练中则刚过请求时限才到。",
    /// The request is carried out; the answer speaks about another bill.
    WrongEcho "wrong_echo" "请求已执行；应答说的是另一个单。",
    /// The request is carried out; the answer carries a wrong `sign`.
    WrongSign "wrong_sign" "请求已执行；应答的签名有误。",
    /// The request is carried out; the answer is a refusal with a code nobody has heard of.
    UnknownCode "unknown_code" "请求已执行；应答以未知错误码拒绝。",
    /// `return_code` `FAIL` without an `err_code`; the request is not carried out.
    ReturnFail "return_fail" "return_code 为 FAIL 且没有 err_code；请求未执行。",
    /// `FREQ_LIMIT`; the request is not carried out and leaves no record.
    FreqLimit "freq_limit" "返回 FREQ_LIMIT；请求未执行，也不留记录。",
    /// `SEND_FAILED`; the order fails for good, unless it was paid before: then it stays paid.
    SendFailed "send_failed" "返回 SEND_FAILED；该订单就此失败，除非此前已付款：那就仍为已付。",
    /// `PROCESSING`; the packet is paid, and a query says `SENDING` for a while and then `SENT`.
    Processing "processing" "返回 PROCESSING；红包已付款，查询先答 SENDING，之后答 SENT。",
    /// `PROCESSING`; a query says `SENDING` for a while and then `FAILED`.
    ProcessingFailed "processing_failed" "返回 PROCESSING；查询先答 SENDING，之后答 FAILED。",
    /// `SUCCESS` without a package; the packet is paid.
    NoPackage "no_package" "返回 SUCCESS 但没有 package；红包已付款。",
    /// A query says `NOT_FOUND` about an order that exists.
    NotFound "not_found" "对已存在的订单，查询答 NOT_FOUND。",
    /// `PROCESSING`; a query says `SENDING` with a reason for a while and then `FAILED`.
    LandedRefusal "landed_refusal" "返回 PROCESSING；查询先答 SENDING 并附原因，之后答 FAILED。",
}

/// The two requests there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Endpoint {
    /// `sendminiprogramhb`.
    Send,
    /// `gethbinfo`.
    Query,
}

impl FaultName {
    /// Whether it can befall a request of this kind.
    pub(in crate::simulator) fn befalls(self, endpoint: Endpoint) -> bool {
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
            | FaultName::LandedRefusal
            | FaultName::NoPackage => endpoint == Endpoint::Send,
            FaultName::NotFound => endpoint == Endpoint::Query,
        }
    }

    /// Whether it costs a client more time than one more request: it waits for an answer that is
    /// late, and after `FREQ_LIMIT` all its requests rest.
    pub(super) fn takes_time(self) -> bool {
        matches!(self, FaultName::Late | FaultName::FreqLimit)
    }

    /// Whether a send is answered with `PROCESSING`.
    pub(in crate::simulator) fn is_processing(self) -> bool {
        matches!(
            self,
            FaultName::Processing | FaultName::ProcessingFailed | FaultName::LandedRefusal
        )
    }

    /// The reply of a fault that keeps the request from being carried out; `None` for the rest.
    pub(in crate::simulator) fn instead(self) -> Option<GatewayReply> {
        match self {
            FaultName::LostBefore => Some(GatewayReply::never()),
            FaultName::SystemErrorUnpaid => Some(AnswerXml::refusal("SYSTEMERROR").into()),
            FaultName::Http502Unpaid => Some(GatewayReply::page(502)),
            FaultName::CertificatePage => Some(GatewayReply::certificate_page()),
            FaultName::FreqLimit => Some(AnswerXml::refusal("FREQ_LIMIT").into()),
            FaultName::ReturnFail => Some(AnswerXml::return_fail().into()),
            _ => None,
        }
    }

    /// The answer to a request that was carried out, as the fault leaves it.
    pub(in crate::simulator) fn upon(self, answer: AnswerXml, late_ms: u64) -> GatewayReply {
        match self {
            FaultName::LostAfter => GatewayReply::never(),
            FaultName::SystemErrorPaid => AnswerXml::refusal("SYSTEMERROR").into(),
            FaultName::UnknownCode => AnswerXml::refusal("UNHEARD_OF").into(),
            FaultName::WrongSign => answer.text("sign", &"0".repeat(32)).into(),
            FaultName::Http502Paid => GatewayReply::page(502),
            FaultName::Garbage => GatewayReply::whole(200, b"upstream request timeout".to_vec()),
            FaultName::Empty => GatewayReply::whole(200, Vec::new()),
            FaultName::Truncated => {
                let reply = GatewayReply::from(answer);
                let bytes = reply.body.len() / 2;
                let delivery = Delivery::Cut { bytes };
                GatewayReply { delivery, ..reply }
            }
            FaultName::Late => {
                let delivery = Delivery::Late { ms: late_ms };
                let reply = GatewayReply::from(answer);
                GatewayReply { delivery, ..reply }
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
