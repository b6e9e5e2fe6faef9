//! Of which account of the merchant a column's openids are, by the letters of its name.

/// An openid of somebody at another account of the merchant, which WeChat Pay does not know at the
/// mini-program.
pub(super) fn is_of_account(core: &str) -> bool {
    const OTHERS: &str = "公众号 公眾號 公号 服务号 订阅号 gzh official offiaccount oaopenid mpaccount \
         开放平台 企业微信 企微 视频号 h5 网页 app";
    let is_other = OTHERS.split(' ').any(|other| core.contains(other));
    is_other && !is_mini_program(core)
}

/// `小程序openid`, `xcx_openid`.
pub(super) fn is_mini_program(core: &str) -> bool {
    ["小程序", "xcx", "mini", "weapp", "wxapp", "wxa"]
        .iter()
        .any(|word| core.contains(word))
}
