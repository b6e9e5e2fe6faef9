//! The checks a request must pass before its order is looked at.

use super::settings::Settings;
use crate::simulator::wire::answer::AnswerXml;
use crate::simulator::wire::fields::BodyFields;

/// A send that passed every check.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct Ask<'b> {
    /// The merchant's number.
    pub(in crate::simulator) mch_billno: String,
    /// The recipient.
    pub(in crate::simulator) openid: String,
    /// How much.
    pub(in crate::simulator) amount_fen: u64,
    /// Every field but `sign`: what makes a later request the same one.
    pub(in crate::simulator) fields: BodyFields<'b>,
}

/// Checks the fields of a send.
pub(in crate::simulator) fn send<'b>(
    fields: impl Into<BodyFields<'b>>,
    settings: &Settings,
) -> Result<Ask<'b>, AnswerXml> {
    let mut fields = fields.into();
    for (name, below_bytes) in [
        ("nonce_str", 33),
        ("mch_id", 33),
        ("wxappid", 33),
        ("send_name", 32),
        ("re_openid", 33),
        ("wishing", 128),
        ("act_name", 32),
        ("remark", 256),
    ] {
        required(&fields, name, below_bytes)?;
    }
    let mch_billno = bill_number(&fields)?.to_owned();
    is_known("wxappid", &fields, settings)?;
    if fields.value("total_num") != "1" {
        return Err(param_error("total_num必须为1"));
    }
    if fields.value("notify_way") != "MINI_PROGRAM_JSAPI" {
        return Err(param_error("notify_way必须为MINI_PROGRAM_JSAPI"));
    }
    let amount_fen = amount(&fields, has_scene(&fields, settings)?)?;
    fields.remove("sign");
    Ok(Ask {
        openid: fields.value("re_openid").to_owned(),
        mch_billno,
        amount_fen,
        fields,
    })
}

/// Checks the fields of a query and gives the number it asks about.
pub(in crate::simulator) fn query(
    fields: &BodyFields<'_>,
    settings: &Settings,
) -> Result<String, AnswerXml> {
    required(fields, "nonce_str", 33)?;
    required(fields, "mch_id", 33)?;
    let appid = fields.value("appid");
    if appid.is_empty() || appid.len() > 32 {
        return Err(param_error("appid字段非法,最长为32个字符"));
    }
    let mch_billno = bill_number(fields)?;
    is_known("appid", fields, settings)?;
    if fields.value("bill_type") != "MCHT" {
        return Err(param_error("bill_type必须为MCHT"));
    }
    Ok(mch_billno.to_owned())
}

fn param_error(text: &str) -> AnswerXml {
    AnswerXml::refusal_saying("PARAM_ERROR", &format!("参数错误:{text}"))
}

/// Lengths are counted in bytes, and a value too long is reported as if it were missing: both
/// are as the real gateway does it.
fn required(fields: &BodyFields<'_>, name: &str, below_bytes: usize) -> Result<(), AnswerXml> {
    let value = fields.value(name);
    if value.is_empty() || value.len() >= below_bytes {
        let text = format!("{name}字段必填,并且少于{below_bytes}个字符");
        return Err(param_error(&text));
    }
    Ok(())
}

fn bill_number<'f>(fields: &'f BodyFields<'_>) -> Result<&'f str, AnswerXml> {
    let number = fields.value("mch_billno");
    if !is_bill_number(number) {
        return Err(param_error("输入的商户订单号有误"));
    }
    Ok(number)
}

pub(super) fn is_bill_number(number: &str) -> bool {
    let is_alnum = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (1..=28).contains(&number.len()) && is_alnum
}

/// `appid_field` is `wxappid` in a send and `appid` in a query.
fn is_known(
    appid_field: &str,
    fields: &BodyFields<'_>,
    settings: &Settings,
) -> Result<(), AnswerXml> {
    let differs = |known: &Option<String>, name: &str| {
        known.as_deref().is_some_and(|id| id != fields.value(name))
    };
    if differs(&settings.mch_id, "mch_id") || differs(&settings.wxappid, appid_field) {
        return Err(param_error("商户号和wxappid不匹配"));
    }
    Ok(())
}

fn has_scene(fields: &BodyFields<'_>, settings: &Settings) -> Result<bool, AnswerXml> {
    let scene = fields.value("scene_id");
    if scene.is_empty() {
        return Ok(false);
    }
    if !settings.scenes_allowed {
        return Err(param_error(
            "该场景未开通,请登陆商户平台:产品中心-现金红包-产品设置-使用场景 进行开通",
        ));
    }
    let number = scene.strip_prefix("PRODUCT_").unwrap_or("");
    if matches!(number.as_bytes(), [b'1'..=b'8']) {
        Ok(true)
    } else {
        Err(param_error("scene_id字段非法"))
    }
}

/// One to 200 yuan; with a scene the old bounds of 0.30 and 4,999 yuan.
fn amount(fields: &BodyFields<'_>, has_scene: bool) -> Result<u64, AnswerXml> {
    let digits = fields.value("total_amount");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let fen = digits.parse::<u64>().ok().filter(|_| is_number);
    let bounds = if has_scene {
        30..=499_900
    } else {
        100..=20_000
    };
    match fen {
        None => Err(param_error("total_amount字段必填,并且为正整数")),
        Some(fen) if bounds.contains(&fen) => Ok(fen),
        Some(_) => Err(param_error("每个红包的平均金额必须在1.00元到200.00元之间")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::testing::send_fields;
    use crate::simulator::wire::xml::WireFields;

    fn with(name: &str, text: &str) -> WireFields {
        let mut fields = send_fields("n1", "oA", 100);
        fields.insert(name.to_owned(), text.to_owned());
        fields
    }

    fn is_taken(name: &str, text: &str, settings: &Settings) -> bool {
        send(with(name, text), settings).is_ok()
    }

    #[test]
    fn lengths_are_counted_in_bytes() {
        let settings = Settings::default();
        let ten = "红".repeat(10);
        assert!(
            is_taken("send_name", &format!("{ten}x"), &settings),
            "31 bytes"
        );
        assert!(
            !is_taken("send_name", &format!("{ten}xx"), &settings),
            "32 bytes"
        );
        assert!(is_taken("wishing", &"x".repeat(127), &settings));
        assert!(!is_taken("wishing", &"x".repeat(128), &settings));
        assert!(!is_taken("remark", &"x".repeat(256), &settings));
        assert!(!is_taken("act_name", "", &settings));
        assert!(is_taken("nonce_str", &"x".repeat(32), &settings));
        assert!(!is_taken("nonce_str", &"x".repeat(33), &settings));
    }

    #[test]
    fn constants_numbers_and_amounts_are_checked() {
        let settings = Settings::default();
        for (name, bad) in [
            ("total_num", "2"),
            ("notify_way", "OTHER"),
            ("mch_billno", "a-b"),
            ("mch_billno", "01234567890123456789012345678"),
            ("total_amount", "99"),
            ("total_amount", "20001"),
            ("total_amount", "+100"),
            ("total_amount", "1.00"),
        ] {
            assert!(!is_taken(name, bad, &settings), "{name}={bad}");
        }
        for good in ["100", "20000"] {
            assert!(is_taken("total_amount", good, &settings), "{good}");
        }
    }

    #[test]
    fn a_scene_needs_permission_and_widens_the_bounds() {
        let mut fields = with("scene_id", "PRODUCT_2");
        fields.insert("total_amount".to_owned(), "50".to_owned());
        let mut settings = Settings::default();
        assert!(send(fields.clone(), &settings).is_err());
        settings.scenes_allowed = true;
        assert!(send(fields, &settings).is_ok());
        assert!(!is_taken("scene_id", "PRODUCT_9", &settings));
    }

    #[test]
    fn a_merchant_named_in_the_settings_is_the_only_one() {
        let settings = Settings {
            mch_id: Some("10000098".to_owned()),
            wxappid: Some("wx8888888888888888".to_owned()),
            ..Settings::default()
        };
        assert!(is_taken("mch_id", "10000098", &settings));
        assert!(!is_taken("mch_id", "10000099", &settings));
        assert!(!is_taken("wxappid", "wxd27ebc41b85ce36d", &settings));
    }
}
