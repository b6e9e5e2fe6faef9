//! The text beside a code, read for a person: one code stands for several settings of the merchant
//! platform, and the text says which. What hongbao does follows from the code alone.

use crate::words::{Text, both};

/// A setting that a text names, and its remedy.
struct ToldSetting {
    /// Whether a text, in lower case, speaks of it.
    is_in: fn(&str) -> bool,
    remedy: Text,
}

/// The remedy for what this text says; `None` where it says no more than its code.
#[must_use]
pub fn remedy(told: &str) -> Option<Text> {
    let told = told.to_lowercase();
    let hint = HINTS.iter().find(|hint| (hint.is_in)(&told));
    hint.map(|hint| hint.remedy)
}

fn has_any(told: &str, words: &[&str]) -> bool {
    words.iter().any(|word| told.contains(word))
}

/// A merchant's number in one of the ways in which texts write it.
fn names_merchant(told: &str) -> bool {
    has_any(told, &["mch_id", "mchid", "mch id", "商户号", "商户id"])
}

/// Ordered: the first that fits is told.
const HINTS: &[ToldSetting] = &[
    ToldSetting {
        // The openid of another appid is a recipient's trouble, and a code of its own.
        is_in: |told| {
            let is_apart = has_any(
                told,
                &[
                    "不匹配",
                    "不一致",
                    "未绑定",
                    "没有绑定",
                    "绑定关系",
                    "not match",
                    "mismatch",
                ],
            );
            is_apart && told.contains("appid") && names_merchant(told)
        },
        remedy: both(
            "merchant.mch_id and merchant.wxappid do not belong together: in the merchant \
             platform, under product centre, AppID account management (产品中心 - AppID账号管理), \
             bind the mini-program's appid to this merchant number, or correct the one that is \
             wrong in the campaign file",
            "merchant.mch_id 与 merchant.wxappid 不是一对：请在商户平台的“产品中心 - AppID账号管理”中把\
             小程序的 appid 与该商户号绑定，或在活动文件中改正写错的那一个",
        ),
    },
    ToldSetting {
        is_in: |told| {
            has_any(
                told,
                &["产品权限", "没有该产品", "无该产品", "product permission"],
            ) || (told.contains("未开通") && !told.contains("场景"))
                || (told.contains("开通") && told.contains("产品"))
                || told.contains("红包功能")
        },
        remedy: both(
            "the merchant number has no right to this product: in the merchant platform, under \
             product centre (产品中心), open the red packet product (现金红包) for merchant.mch_id, \
             with issuing by API; the IP list is another setting",
            "该商户号没有此产品的权限：请在商户平台的“产品中心”为 merchant.mch_id 开通现金红包产品及其\
             API 发放方式；这与 IP 白名单是两项设置",
        ),
    },
    ToldSetting {
        is_in: |told| {
            told.contains("ip地址") || told.contains("ip 地址") || told.contains("白名单")
        },
        remedy: both(
            "this machine's egress address is not on the merchant's IP list: add the real one, \
             IPv6 too, in the merchant platform, under product centre, red packet, product \
             settings (产品中心 - 现金红包 - 产品设置)",
            "本机的出口地址不在商户的 IP 白名单中：请在商户平台的“产品中心 - 现金红包 - 产品设置”中加入\
             实际出口地址（含 IPv6）",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("场景") || told.contains("scene_id"),
        remedy: both(
            "the scene of scene_id is not open to the merchant: leave scene_id out (amounts from \
             1.00 to 200.00 yuan need none), or apply for the scene in the merchant platform, \
             under product centre, red packet, product settings (产品中心 - 现金红包 - 产品设置)",
            "商户未开通 scene_id 所指的场景：请去掉 scene_id（1.00 至 200.00 元无需场景），或在商户平台的\
             “产品中心 - 现金红包 - 产品设置”中申请开通该场景",
        ),
    },
    ToldSetting {
        is_in: |told| has_any(told, &["api发放", "发放方式已关闭", "api 发放"]),
        remedy: both(
            "issuing by API is switched off: have the administrator switch it on in the merchant \
             platform, under product centre, red packet, product settings (产品中心 - 现金红包 - \
             产品设置)",
            "API 发放方式已关闭：请管理员在商户平台的“产品中心 - 现金红包 - 产品设置”中开启",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("运营账户") && told.contains("余额"),
        remedy: both(
            "top up the operation account (运营账户) in the merchant platform, or move money there \
             from the basic account: the same numbers are sent again",
            "请在商户平台为运营账户充值，或从基本账户划转：充值后仍用原单号发放",
        ),
    },
    ToldSetting {
        is_in: |told| has_any(told, &["冻结", "处罚", "限制交易", "权限已被"]),
        remedy: both(
            "the merchant number is punished or frozen: the merchant platform says why; contact \
             WeChat Pay",
            "该商户号被处罚或冻结：原因见商户平台，请联系微信支付",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("风险") || told.contains("拦截"),
        remedy: both(
            "WeChat holds these requests for risky: if it is one recipient, tell them; if it is \
             everybody, look for a notice about risk in the merchant platform and contact WeChat \
             Pay",
            "微信认为这些请求存在风险：若只是个别收款人，请告知对方；若所有人都如此，请查看商户平台的\
             风险通知并联系微信支付",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("签名"),
        remedy: both(
            "the sign is wrong: set the APIv2 key of the merchant platform (API security, API \
             安全) into merchant.api_key_file",
            "签名错误：请把商户平台“API 安全”中的 APIv2 密钥写入 merchant.api_key_file",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("证书"),
        remedy: both(
            "the client certificate is not this merchant's, or has expired: download it in the \
             merchant platform (API security, API 安全) into merchant.cert_file and key_file",
            "客户端证书不属于该商户号或已过期：请在商户平台“API 安全”中重新下载，放到 \
             merchant.cert_file 和 key_file 处",
        ),
    },
    ToldSetting {
        is_in: |told| {
            names_merchant(told) && has_any(told, &["错误", "不存在", "有误", "无效", "非法"])
        },
        remedy: both(
            "WeChat Pay does not know this merchant number: correct merchant.mch_id, as the \
             merchant platform shows it under account centre, merchant information (账户中心 - \
             商户信息)",
            "微信支付没有此商户号：请改正 merchant.mch_id，以商户平台“账户中心 - 商户信息”所示为准",
        ),
    },
    ToldSetting {
        is_in: |told| {
            told.contains("appid") && has_any(told, &["非法", "错误", "有误", "无效", "不存在"])
        },
        remedy: both(
            "WeChat Pay does not accept this appid: set merchant.wxappid to the mini-program's \
             appid, and bind it to the merchant in the merchant platform, under product centre, \
             AppID account management (产品中心 - AppID账号管理)",
            "微信支付不接受此 appid：请把 merchant.wxappid 设为小程序的 appid，并在商户平台的“产品中心 - \
             AppID账号管理”中与商户号绑定",
        ),
    },
    ToldSetting {
        is_in: |told| told.contains("没有权限") || told.contains("无权限"),
        remedy: both(
            "the merchant has no right to this request: in the merchant platform, under product \
             centre (产品中心), look whether the red packet product (现金红包) is open, and whether \
             this machine's real egress address, IPv6 too, is on its IP list",
            "商户没有权限进行此请求：请在商户平台的“产品中心”查看现金红包产品是否已开通，以及其 IP 白名单\
             是否包含本机的实际出口地址（含 IPv6）",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_known_by_the_texts_that_merchants_have_met() {
        for (told, named) in [
            ("mchid和wxappid不匹配", "AppID"),
            ("商户号和wxappid不匹配", "AppID"),
            ("appid和mch_id不匹配", "AppID"),
            ("商户号mch_id与appid不匹配，请检查", "AppID"),
            ("AppID与MchID未绑定，请到商户平台绑定", "AppID"),
            ("appid and mch_id not match", "AppID"),
            (
                "产品权限验证失败,请查看您当前是否具有该产品的权限",
                "red packet product",
            ),
            ("您的商户号未开通此产品", "red packet product"),
            ("使用红包功能需先到商户平台开通", "red packet product"),
            ("IP地址非你在商户平台设置的可用IP地址", "IP list"),
            (
                "此IP地址不允许调用接口，如有需要请登录微信支付商户平台更改配置",
                "IP list",
            ),
            ("该场景未开通，请确认", "scene"),
            (
                "您的商户号API发放方式已关闭，请联系管理员在商户平台开启",
                "issuing by API",
            ),
            ("运营账户余额不足", "operation account"),
            ("商户号已被冻结", "frozen"),
            ("发放失败，此请求可能存在风险，已被微信拦截", "risky"),
            ("签名错误", "APIv2 key"),
            ("证书已过期", "certificate"),
            ("商户号不存在", "merchant.mch_id"),
            (
                "非法appid，请确认是否为公众号的appid，不能为APP的appid",
                "merchant.wxappid",
            ),
            ("没有权限", "no right"),
        ] {
            let found = remedy(told).unwrap_or_else(|| panic!("{told}"));
            assert!(found.en.contains(named), "{told}: {}", found.en);
        }
    }

    #[test]
    fn a_text_that_says_no_more_than_its_code_has_no_remedy_of_its_own() {
        for told in [
            "",
            "openid和appid不匹配",
            "参数错误",
            "帐号余额不足，请到商户平台充值后再重试",
            "oops",
        ] {
            assert!(remedy(told).is_none(), "{told}");
        }
    }

    #[test]
    fn every_remedy_is_told_in_both_languages() {
        for hint in HINTS {
            hint.remedy.check();
        }
    }
}
