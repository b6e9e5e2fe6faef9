//! The words WeChat Pay uses for each code, and what a refusal leaves behind.

/// The usual `err_code_des` of a code.
pub(in crate::simulator) fn of(code: &str) -> &'static str {
    match code {
        "SYSTEMERROR" => "系统错误,请稍后使用原单号重试,请勿更换单号",
        "PROCESSING" => "请求已受理，请稍后使用原单号查询发放结果",
        "FREQ_LIMIT" => "超过频率限制,请稍后再试",
        "SENDNUM_LIMIT" => {
            "该用户今日操作次数超过限制,如有需要请登录微信支付商户平台更改API安全配置"
        }
        "RCVDAMOUNT_LIMIT" => {
            "该用户今日领取金额超过限制,如有需要请登录微信支付商户平台更改API安全配置"
        }
        "SENDAMOUNT_LIMIT" => "您的商户号今日发放金额超过限制",
        "NOTENOUGH" => "帐号余额不足，请到商户平台充值后再重试",
        "NO_AUTH" => "发放失败，此请求可能存在风险，已被微信拦截",
        "MONEY_LIMIT" => "红包金额发放限制",
        "SEND_FAILED" => "红包发放失败,请更换单号再重试",
        "FATAL_ERROR" => "参数和原始单参数不一致",
        "PARAM_ERROR" => "参数错误",
        "XML_ERROR" => "输入xml参数格式错误",
        "SIGN_ERROR" => "签名错误",
        "CA_ERROR" => "证书已过期",
        "ILLEGAL_APPID" => "非法appid,请确认是否为公众号的appid",
        "OPENID_ERROR" => "openid和appid不匹配",
        "API_METHOD_CLOSED" => "您的商户号API发放方式已关闭，请联系管理员在商户平台开启",
        "PAYER_ACCOUNT_ABNORMAL" => "商户号被处罚、冻结",
        "NOT_FOUND" => "指定单号数据不存在",
        _ => "发放失败",
    }
}

/// The answer about a payment.
pub(in crate::simulator) const PAID: &str = "发放成功";
/// `NO_AUTH` where the merchant's own set-up is the cause: the same code in other words.
pub(in crate::simulator) const NO_AUTH_ADDRESS: &str = "IP地址非你在商户平台设置的可用IP地址";
/// `SEND_FAILED` once the number is too old to be entered again.
pub(in crate::simulator) const EXPIRED: &str = "该订单已经过期,请更换商户单号";
/// `NOT_FOUND` once the order is too old to be queried.
pub(in crate::simulator) const TOO_OLD_TO_QUERY: &str = "单据查询超过有效期";

/// The trace of a refusal in the books, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Landing {
    /// Nothing: the number stays unknown.
    NoOrder,
    /// An order that says `SENDING` with the code's words as its reason, and `FAILED` later. The
    /// same number may be entered again for a while.
    Lands,
    /// An order that has failed for good.
    Closed,
}

/// The trace of a refusal in the books, by its code.
pub(in crate::simulator) fn landing(code: &str) -> Landing {
    match code {
        "NOTENOUGH" | "SENDNUM_LIMIT" | "RCVDAMOUNT_LIMIT" | "NO_AUTH" => Landing::Lands,
        "SEND_FAILED" => Landing::Closed,
        _ => Landing::NoOrder,
    }
}

/// Whether a merchant-wide refusal of this code meets queries as well as sends.
pub(in crate::simulator) fn meets_queries(code: &str) -> bool {
    matches!(
        code,
        "CA_ERROR"
            | "SIGN_ERROR"
            | "NO_AUTH"
            | "FREQ_LIMIT"
            | "XML_ERROR"
            | "PARAM_ERROR"
            | "SYSTEMERROR"
    )
}
