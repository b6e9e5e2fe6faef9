//! The error codes of the red packet family, and what each means for money.
//!
//! The table is the one of `sendredpack` and its siblings; that the mini-program's endpoint
//! shares it is likely and nowhere printed. So a code that is not here is doubt, and so is one
//! that no red packet document names.

use crate::domain::outcome::{Doubt, Outcome, Receipt, Until};
use crate::words::{Text, both};

macro_rules! codes {
    ($($name:ident = $wire:literal, $official:literal,
        $means:literal, $means_zh:literal, $remedy:literal, $remedy_zh:literal;)+) => {
        /// A known `err_code`.
        #[allow(clippy::doc_markdown, reason = "the same words are printed by `explain`")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrCode {
            $(#[doc = $means] $name,)+
        }

        impl ErrCode {
            /// All of them.
            pub const ALL: &[ErrCode] = &[$(ErrCode::$name),+];

            /// The code as it is written on the wire, without the two stray blanks.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(ErrCode::$name => $wire,)+
                }
            }

            /// WeChat Pay's own text, what it means, and what a person should do.
            pub(super) const fn words(self) -> (&'static str, Text, Text) {
                match self {
                    $(ErrCode::$name => (
                        $official,
                        both($means, $means_zh),
                        both($remedy, $remedy_zh),
                    ),)+
                }
            }
        }
    };
}

codes! {
    SystemError = "SYSTEMERROR", "系统错误,请稍后使用原单号重试,请勿更换单号",
        "WeChat Pay itself does not know whether it paid.",
        "微信支付自己也不确定是否已发放。",
        "Nothing: run again later. Never pay this person under another number.",
        "无需处理，稍后再次运行即可。切勿换单号给此人补发。";
    Processing = "PROCESSING", "请求已受理，请稍后使用原单号查询发放结果",
        "Accepted and being worked on.",
        "请求已受理，正在处理。",
        "Nothing: the result is asked for after twenty minutes.",
        "无需处理，二十分钟后会查询发放结果。";
    FreqLimit = "FREQ_LIMIT", "超过频率限制,请稍后再试",
        "More requests than WeChat Pay allows, 30 a second by default, over all programs of \
         the merchant.",
        "请求频率超过微信支付的上限：默认每秒 30 次，按商户号下所有程序合计。",
        "Lower pace.per_second if it comes often, or ask WeChat Pay for a higher limit.",
        "若经常出现，请调低 pace.per_second，或向微信支付申请提高上限。";
    SecondOverLimited = "SECOND_OVER_LIMITED", "企业红包按分钟发放受限",
        "More than 1800 a minute, in an older wording.",
        "每分钟超过 1800 次，为旧版错误码。",
        "Lower pace.per_minute if it comes often.",
        "若经常出现，请调低 pace.per_minute。";
    DayOverLimited = "DAY_OVER_LIMITED", "企业红包的按天日发放受限",
        "The merchant has sent as many packets today as it may; on the wire also `DAY_ \
         OVER_LIMITED`.",
        "商户号当日可发放的红包个数已用完；报文中也写作 `DAY_ OVER_LIMITED`。",
        "Run again tomorrow (Beijing time), or have the limit raised.",
        "请于次日（北京时间）再次运行，或申请提高上限。";
    TimeLimited = "TIME_LIMITED", "企业红包的发送时间受限",
        "No packets are issued between 0:00 and 8:00 Beijing time; on the wire also `TIME \
         _LIMITED`.",
        "北京时间 0:00 至 8:00 不发放红包；报文中也写作 `TIME _LIMITED`。",
        "Run again after 8:00 Beijing time.",
        "请在北京时间 8:00 之后再次运行。";
    SendnumLimit = "SENDNUM_LIMIT", "该用户今日领取红包个数超过限制",
        "This recipient got as many packets today as the merchant allows.",
        "该收款人当日领取的红包个数已达商户设置的上限。",
        "Raise the limit under API security in the merchant platform, or wait a day; then \
         `hongbao reissue` what is `refused`.",
        "请在商户平台的 API 安全中调高上限，或等到次日；再对“发放失败（未付款）”的红包执行 `hongbao reissue`。";
    RcvdamountLimit = "RCVDAMOUNT_LIMIT", "该用户今日领取金额超过限制",
        "This recipient got as much money today as the merchant allows.",
        "该收款人当日领取的金额已达商户设置的上限。",
        "Raise the limit under API security in the merchant platform, or wait a day; then \
         `hongbao reissue` what is `refused`.",
        "请在商户平台的 API 安全中调高上限，或等到次日；再对“发放失败（未付款）”的红包执行 `hongbao reissue`。";
    SendamountLimit = "SENDAMOUNT_LIMIT", "您的商户号今日发放金额超过限制",
        "The merchant has paid as much money today as it may.",
        "商户号当日可发放的金额已用完。",
        "Run again tomorrow (Beijing time), or raise the limit in the merchant platform.",
        "请于次日（北京时间）再次运行，或在商户平台调高上限。";
    NotEnough = "NOTENOUGH", "帐号余额不足，请到商户平台充值后再重试",
        "The balance does not cover the packet; with an operation account, that one is debited.",
        "余额不足以发放该红包；若使用运营账户，则从运营账户扣款。",
        "Top up the right account: the same numbers are sent again.",
        "请给对应的账户充值，充值后仍用原单号发放。";
    NoAuth = "NO_AUTH", "发放失败，此请求可能存在风险，已被微信拦截",
        "Either this recipient's account is at risk, or the merchant's set-up is wrong (IP \
         list, product).",
        "要么该收款人的账号存在风险，要么商户配置有误（IP 白名单、产品权限）。",
        "If it hits everyone, check the IP list against the real egress address, IPv6 too; \
         else tell the recipient.",
        "若所有人都如此，请核对 IP 白名单与实际出口地址（含 IPv6）；否则请告知收款人。";
    MoneyLimit = "MONEY_LIMIT", "红包金额发放限制",
        "The amount is outside the product's limits, 1.00 to 200.00 yuan by default.",
        "金额超出该产品的限额，默认为 1.00 至 200.00 元。",
        "Have the product's limits changed, then `hongbao reissue` what is `refused`: the amount \
         stays.",
        "请调整产品限额，再对“发放失败（未付款）”的红包执行 `hongbao reissue`：金额不变。";
    SendFailed = "SEND_FAILED", "红包发放失败,请更换单号再重试",
        "Failed for good under this number.",
        "该单号已确定发放失败。",
        "`hongbao reissue` what is `refused`: it asks WeChat Pay once more and pays the person \
         under a new number.",
        "对“发放失败（未付款）”的红包执行 `hongbao reissue`：会再次查询微信支付，并以新单号发放。";
    FatalError = "FATAL_ERROR", "openid和原始单参数不一致",
        "The number is known with another openid or amount.",
        "该单号已存在，但 openid 或金额与本次不同。",
        "Stop and find who else used this number: `hongbao show` it, and compare with the \
         merchant platform.",
        "请先停下，查明还有谁用过该单号：用 `hongbao show` 查看，并与商户平台核对。";
    ParamError = "PARAM_ERROR", "参数错误",
        "A field is missing, too long or not allowed; a scene_id without approval is the \
         usual one.",
        "某个字段缺失、过长或不被允许；最常见的是未获批准的 scene_id。",
        "Read the text beside it and correct the field; most often a scene needs approval. \
         Packets that are `refused` by then are sent again by `hongbao reissue`.",
        "请看随附的错误描述并修正，最常见的是申请开通场景；届时已为“发放失败（未付款）”的，执行 `hongbao reissue` 重新发放。";
    XmlError = "XML_ERROR", "输入xml参数格式错误",
        "The request was not understood as XML.",
        "请求未被识别为有效的 XML。",
        "Report this as a bug, with the version of hongbao.",
        "请将此作为缺陷上报，并附上 hongbao 的版本。";
    SignError = "SIGN_ERROR", "签名错误",
        "The sign is wrong: most often the APIv2 key was reset.",
        "签名错误，最常见的原因是 APIv2 密钥被重置。",
        "Set the APIv2 key of the merchant platform into merchant.api_key_file.",
        "请把商户平台上的 APIv2 密钥写入 merchant.api_key_file。";
    CaError = "CA_ERROR", "CA证书出错，请登录微信支付商户平台下载证书",
        "The client certificate is wrong or expired.",
        "客户端证书有误或已过期。",
        "Download a new certificate in the merchant platform into merchant.cert_file and \
         key_file.",
        "请在商户平台重新下载证书，放到 merchant.cert_file 和 key_file 处。";
    IllegalAppid = "ILLEGAL_APPID", "非法appid，请确认是否为公众号的appid，不能为APP的appid",
        "This interface does not accept the appid.",
        "该接口不接受此 appid。",
        "Set merchant.wxappid to the mini-program's appid, and bind it to the merchant.",
        "请把 merchant.wxappid 设为小程序的 appid，并与商户号绑定。";
    OpenidError = "OPENID_ERROR", "openid和appid不匹配",
        "The openid belongs to another appid.",
        "该 openid 属于另一个 appid。",
        "Get this person's openid under the mini-program's appid; if it hits everyone, \
         wxappid is wrong.",
        "请取得此人在该小程序 appid 下的 openid；若所有人都如此，则是 wxappid 有误。";
    ApiMethodClosed = "API_METHOD_CLOSED", "您的商户号API发放方式已关闭，请联系管理员在商户平台开启",
        "The merchant has switched issuing by API off.",
        "商户已关闭 API 发放方式。",
        "Have the administrator switch it on in the merchant platform.",
        "请管理员在商户平台开启。";
    AcceptmodeError = "ACCEPTMODE_ERROR", "主、子商户号关系校验失败",
        "A service provider's merchants do not belong together.",
        "服务商模式下，主、子商户号不匹配。",
        "Check mch_id: hongbao pays as a direct merchant.",
        "请核对 mch_id：hongbao 只以直连商户身份发放。";
    MsgappidError = "MSGAPPID_ERROR", "触达消息给用户appid有误",
        "A service provider's appid towards the user is wrong.",
        "服务商模式下，触达用户的 appid 有误。",
        "Check wxappid: hongbao pays as a direct merchant.",
        "请核对 wxappid：hongbao 只以直连商户身份发放。";
    PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL", "商户号被处罚、冻结",
        "The merchant is punished or frozen.",
        "商户号被处罚或冻结。",
        "Contact WeChat Pay.",
        "请联系微信支付。";
    NoCompetence = "NO_COMPETENCE", "商户号错误",
        "The merchant number does not have the product.",
        "该商户号未开通此产品。",
        "Have the red packet product opened for this merchant number.",
        "请为该商户号开通红包产品。";
    NotFound = "NOT_FOUND", "指定单号数据不存在",
        "The query knows no such number: not landed yet, never landed, or older than 30 days.",
        "查询不到该单号：可能尚未落单、从未落单，或已超过 30 天。",
        "Nothing: it is no proof of failure. Run again, and never pay under another number \
         by hand.",
        "无需处理：这不能证明发放失败。稍后再次运行，切勿人工换单号补发。";
    V2AccountSimpleBan = "V2_ACCOUNT_SIMPLE_BAN", "非实名用户账号不可发放",
        "The recipient has not given WeChat a real name; a code of transfers.",
        "收款人未在微信实名；属于转账类错误码。",
        "Tell the recipient.",
        "请告知收款人。";
    NameMismatch = "NAME_MISMATCH", "姓名校验出错",
        "The recipient's name is another; a code of transfers.",
        "收款人姓名不符；属于转账类错误码。",
        "Contact WeChat Pay: no name is sent with a red packet.",
        "请联系微信支付：发红包时并不传姓名。";
    AmountLimit = "AMOUNT_LIMIT", "金额超限",
        "An amount limit; a code of transfers.",
        "金额超限；属于转账类错误码。",
        "Read the text beside it, and check the limits in the merchant platform.",
        "请看随附的错误描述，并核对商户平台的限额。";
    ReqParamXmlErr = "REQ_PARAM_XML_ERR", "请求参数xml错误",
        "In no table of red packets: the XML may be wrong.",
        "红包接口的错误码表中没有此码：可能是 XML 有误。",
        "Nothing: it is treated as doubt. Report it if it stays.",
        "无需处理，按结果未明对待；若持续出现，请上报。";
    ReqParamXmlMiss = "REQ_PARAM_XML_MISS", "请求参数xml缺失",
        "In no table of red packets: the XML may be missing.",
        "红包接口的错误码表中没有此码：可能是缺少 XML。",
        "Nothing: it is treated as doubt. Report it if it stays.",
        "无需处理，按结果未明对待；若持续出现，请上报。";
    OverLimit = "OVER_LIMIT", "超过限制",
        "In no table of red packets: some limit.",
        "红包接口的错误码表中没有此码：某种限制。",
        "Nothing: it is treated as doubt. Report it if it stays.",
        "无需处理，按结果未明对待；若持续出现，请上报。";
    Busy268458547 = "268458547", "系统繁忙,请稍后再试.",
        "The one numeric code, of an old sample: the system is busy.",
        "唯一的数字错误码，见于旧版示例：系统繁忙。",
        "Nothing: run again later. Never pay this person under another number.",
        "无需处理，稍后再次运行。切勿换单号给此人补发。";
}

impl ErrCode {
    /// Codes of a refusal that concerns the whole merchant, and after which an order may exist all
    /// the same: it says what its request said.
    pub const MAY_LEAVE_ORDER: &[&str] = &[
        ErrCode::NotEnough.name(),
        ErrCode::PayerAccountAbnormal.name(),
    ];

    /// The code a reply or a person names. Two codes are written with a blank inside by WeChat
    /// Pay itself, so blanks do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<ErrCode> {
        let is_written = |code: &&ErrCode| {
            let written = text.bytes().filter(|byte| *byte != b' ');
            written.eq(code.name().bytes())
        };
        Self::ALL.iter().find(is_written).copied()
    }

    /// The meaning of this code for a send.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        use ErrCode as E;
        match self {
            E::SystemError if planted!(SystemErrorIsRefusal) => Outcome::RefusedWithoutOrder,
            E::FreqLimit if planted!(ThrottledIsRefusal) => Outcome::RefusedWithoutOrder,
            E::NotEnough if planted!(HaltRefusesPeople) => Outcome::RefusedWithoutOrder,
            E::Processing if planted!(ProcessingIsPaid) => Outcome::Accepted(Receipt::default()),
            E::SystemError => Outcome::InDoubt(Doubt::SystemError),
            E::Processing => Outcome::Processing,
            E::FreqLimit | E::SecondOverLimited => Outcome::Throttled,
            E::DayOverLimited | E::SendamountLimit => Outcome::Deferred(Until::NextDay),
            E::TimeLimited => Outcome::Deferred(Until::EightOClock),
            // After the first four the order may have landed, as SENDING with a reason. The
            // others are transfers' codes: what they leave behind is nowhere written.
            E::SendnumLimit
            | E::RcvdamountLimit
            | E::NoAuth
            | E::SendFailed
            | E::V2AccountSimpleBan
            | E::NameMismatch
            | E::AmountLimit => Outcome::RefusedToConfirm,
            E::OpenidError => Outcome::RefusedWithoutOrder,
            // Also said of a number that is known with another amount, where FATAL_ERROR would do.
            E::ParamError | E::MoneyLimit => Outcome::RefusedUnlessKnown,
            E::FatalError => Outcome::Clash,
            E::NotEnough
            | E::PayerAccountAbnormal
            | E::NoCompetence
            | E::ApiMethodClosed
            | E::XmlError
            | E::SignError
            | E::CaError
            | E::IllegalAppid
            | E::AcceptmodeError
            | E::MsgappidError => Outcome::Halted,
            // A send is never answered with these, so nobody can say what it would mean.
            E::NotFound
            | E::ReqParamXmlErr
            | E::ReqParamXmlMiss
            | E::OverLimit
            | E::Busy268458547 => Outcome::InDoubt(Doubt::UnknownCode),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_code_is_read_back_from_its_name() {
        for code in ErrCode::ALL {
            assert_eq!(ErrCode::parse(code.name()), Some(*code));
        }
    }

    #[test]
    fn the_two_codes_with_a_blank_are_known_both_ways() {
        assert_eq!(
            ErrCode::parse("DAY_ OVER_LIMITED"),
            Some(ErrCode::DayOverLimited)
        );
        assert_eq!(ErrCode::parse("TIME _LIMITED"), Some(ErrCode::TimeLimited));
    }

    #[test]
    fn other_words_are_no_codes() {
        for text in [
            "",
            " ",
            "SUCCESS",
            "0",
            "systemerror",
            "SYSTEMERROR2",
            "FREQ",
            "系统繁忙",
        ] {
            assert_eq!(ErrCode::parse(text), None, "{text:?}");
        }
    }

    const CLASSES: &str = "\
SYSTEMERROR InDoubt(SystemError)
PROCESSING Processing
FREQ_LIMIT Throttled
SECOND_OVER_LIMITED Throttled
DAY_OVER_LIMITED Deferred(NextDay)
TIME_LIMITED Deferred(EightOClock)
SENDNUM_LIMIT RefusedToConfirm
RCVDAMOUNT_LIMIT RefusedToConfirm
SENDAMOUNT_LIMIT Deferred(NextDay)
NOTENOUGH Halted
NO_AUTH RefusedToConfirm
MONEY_LIMIT RefusedUnlessKnown
SEND_FAILED RefusedToConfirm
FATAL_ERROR Clash
PARAM_ERROR RefusedUnlessKnown
XML_ERROR Halted
SIGN_ERROR Halted
CA_ERROR Halted
ILLEGAL_APPID Halted
OPENID_ERROR RefusedWithoutOrder
API_METHOD_CLOSED Halted
ACCEPTMODE_ERROR Halted
MSGAPPID_ERROR Halted
PAYER_ACCOUNT_ABNORMAL Halted
NO_COMPETENCE Halted
NOT_FOUND InDoubt(UnknownCode)
V2_ACCOUNT_SIMPLE_BAN RefusedToConfirm
NAME_MISMATCH RefusedToConfirm
AMOUNT_LIMIT RefusedToConfirm
REQ_PARAM_XML_ERR InDoubt(UnknownCode)
REQ_PARAM_XML_MISS InDoubt(UnknownCode)
OVER_LIMIT InDoubt(UnknownCode)
268458547 InDoubt(UnknownCode)
";

    /// A changed class must be seen in the diff of this table.
    #[test]
    fn each_code_has_its_class() {
        let mut table = String::new();
        for code in ErrCode::ALL {
            writeln!(table, "{} {:?}", code.name(), code.outcome()).unwrap();
        }
        assert_eq!(table, CLASSES);
    }

    proptest! {
        #[test]
        fn blanks_do_not_count_and_no_other_text_is_a_code(
            code in proptest::sample::select(ErrCode::ALL.to_vec()),
            text in ".*",
            at in 0_usize..8,
        ) {
            let mut written = code.name().to_owned();
            written.insert_str(at.min(written.len()), "  ");
            prop_assert_eq!(ErrCode::parse(&written), Some(code));
            let named = ErrCode::parse(&text).map(ErrCode::name);
            prop_assert!(named.is_none_or(|name| name == text.replace(' ', "")));
        }
    }
}
