//! The checks a request must pass before its order is looked at.

use super::answer::Answer;
use super::settings::Settings;
use super::xml::Fields;

/// A send that passed every check.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// The merchant's number.
    pub(super) mch_billno: String,
    /// The recipient.
    pub(super) openid: String,
    /// How much.
    pub(super) amount_fen: u64,
    /// Every field but `sign`: what makes a later request the same one.
    pub(super) fields: Fields,
}

/// Checks the fields of a send.
pub(super) fn send(mut fields: Fields, settings: &Settings) -> Result<Ask, Answer> {
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
    if value(&fields, "total_num") != "1" {
        return Err(param_error("total_num必须为1"));
    }
    if value(&fields, "notify_way") != "MINI_PROGRAM_JSAPI" {
        return Err(param_error("notify_way必须为MINI_PROGRAM_JSAPI"));
    }
    let amount_fen = amount(&fields, has_scene(&fields, settings)?)?;
    fields.remove("sign");
    Ok(Ask {
        openid: value(&fields, "re_openid").to_owned(),
        mch_billno,
        amount_fen,
        fields,
    })
}

/// Checks the fields of a query and gives the number it asks about.
pub(super) fn query(fields: &Fields, settings: &Settings) -> Result<String, Answer> {
    required(fields, "nonce_str", 33)?;
    required(fields, "mch_id", 33)?;
    let appid = value(fields, "appid");
    if appid.is_empty() || appid.len() > 32 {
        return Err(param_error("appid字段非法,最长为32个字符"));
    }
    let mch_billno = bill_number(fields)?;
    is_known("appid", fields, settings)?;
    if value(fields, "bill_type") != "MCHT" {
        return Err(param_error("bill_type必须为MCHT"));
    }
    Ok(mch_billno.to_owned())
}

/// A field's value; a field that is not there is as good as an empty one.
pub(super) fn value<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", String::as_str)
}

fn param_error(text: &str) -> Answer {
    Answer::refusal_saying("PARAM_ERROR", &format!("参数错误:{text}"))
}

/// Lengths are counted in bytes, and a value too long is reported as if it were missing: both
/// are as the real gateway does it.
fn required(fields: &Fields, name: &str, below_bytes: usize) -> Result<(), Answer> {
    let value = value(fields, name);
    if value.is_empty() || value.len() >= below_bytes {
        let text = format!("{name}字段必填,并且少于{below_bytes}个字符");
        return Err(param_error(&text));
    }
    Ok(())
}

fn bill_number(fields: &Fields) -> Result<&str, Answer> {
    let number = value(fields, "mch_billno");
    let is_alnum = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if number.is_empty() || number.len() > 28 || !is_alnum {
        return Err(param_error("输入的商户订单号有误"));
    }
    Ok(number)
}

/// `appid_field` is `wxappid` in a send and `appid` in a query.
fn is_known(appid_field: &str, fields: &Fields, settings: &Settings) -> Result<(), Answer> {
    let differs = |known: &Option<String>, name: &str| {
        known.as_deref().is_some_and(|id| id != value(fields, name))
    };
    if differs(&settings.mch_id, "mch_id") || differs(&settings.wxappid, appid_field) {
        return Err(param_error("商户号和wxappid不匹配"));
    }
    Ok(())
}

fn has_scene(fields: &Fields, settings: &Settings) -> Result<bool, Answer> {
    let scene = value(fields, "scene_id");
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
fn amount(fields: &Fields, has_scene: bool) -> Result<u64, Answer> {
    let digits = value(fields, "total_amount");
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
