//! Which columns are read, and which are kept for the reports alone, though their names are nearly
//! those of columns that are read: what somebody meant to send would stay unsent without a word.

use super::meaning::{Meaning, Unit, core, fold};
use super::near::{is_near_openid, is_typo, names_amount};
use crate::domain::text::Field;
use crate::recipients::fault::place::shown;
use crate::words::{Words, headers};

/// A column, and the name under which it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unsent {
    column: usize,
    right: &'static str,
    /// Whether it is seldom meant to be sent.
    is_note: bool,
}

/// How a column may change what a row is worth, and is not read for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WorthColumn {
    /// Another amount: 实发金额 beside 金额(元).
    Amount,
    /// How many packets: a row is one.
    Count,
    /// What the amount is to be multiplied by: 折扣.
    Factor,
}

/// What such a column is, by its name.
fn beside(name: &str) -> Option<WorthColumn> {
    let core = core(name);
    let has = |words: &[&str]| words.iter().any(|word| core.contains(word));
    let is_of = |words: &[&str]| words.contains(&core.as_str());
    let is_count = has(&[
        "数量",
        "个数",
        "份数",
        "红包数",
        "次数",
        "數量",
        "quantity",
        "qty",
    ]) || is_of(&["份", "个", "count", "num", "packets"]);
    let is_factor = has(&["倍数", "系数", "折扣"]) || is_of(&["rate", "factor", "multiplier"]);
    let is_amount = names_amount(name)
        || has(&[
            "税后",
            "税前",
            "到账",
            "实付",
            "实到",
            "扣款",
            "应付",
            "调整后",
        ])
        || has(&["bonus", "cashback", "reward", "_amt", "amt_"])
        || is_of(&["amt", "pay", "finalyuan", "payyuan", "reward", "fee"]);
    let is_sum = has(&["订单", "消费", "累计", "充值", "余额", "order", "total"]);
    match () {
        () if is_count => Some(WorthColumn::Count),
        () if is_factor => Some(WorthColumn::Factor),
        () if is_amount && !is_sum => Some(WorthColumn::Amount),
        () => None,
    }
}

/// What a person should know of the columns that are only kept; `amount` is the one that is paid.
pub(super) fn told(names: &[String], meanings: &[Meaning], amount: usize) -> Vec<Words> {
    let near = unread(names, meanings).into_iter().map(|unread| {
        let name = shown(&names[unread.column]);
        match unread.right {
            "openid" => headers::unread_openid(name),
            right if unread.is_note => headers::unread_note(name, right),
            right => headers::unread(name, right),
        }
    });
    let extra = names.iter().zip(meanings);
    let extra = extra.filter(|(_, meaning)| **meaning == Meaning::Extra);
    let beside = extra.filter_map(|(name, _)| {
        beside(name).map(|it| match it {
            WorthColumn::Amount => headers::other_amount(shown(name), shown(&names[amount])),
            WorthColumn::Count => headers::count(shown(name)),
            WorthColumn::Factor => headers::factor(shown(name), shown(&names[amount])),
        })
    });
    near.chain(beside).collect()
}

/// Names told of columns that are read, or that are only kept.
const NAMES_TOLD: usize = 50;

/// What is read as what, and what is only kept or ignored: a line each, where there is any.
pub(super) fn read_as(names: &[String], meanings: &[Meaning]) -> Vec<Words> {
    let columns = || names.iter().zip(meanings);
    let read = columns().filter_map(|(name, meaning)| {
        let right = right_name(*meaning)?;
        Some(if fold(name) == right {
            headers::column(shown(name))
        } else {
            headers::column_as(shown(name), right)
        })
    });
    let of = |wanted: Meaning| {
        let found = columns().filter(move |(_, meaning)| **meaning == wanted);
        found.map(|(name, _)| headers::column(shown(name)))
    };
    let line = |mut names: Vec<Words>, tell: fn(Vec<Words>) -> Words| {
        let rest = names.len().saturating_sub(NAMES_TOLD);
        names.truncate(NAMES_TOLD);
        names.extend((rest > 0).then(|| headers::more_columns(rest)));
        (!names.is_empty()).then(|| tell(names))
    };
    let lines = [
        line(read.collect(), headers::read_as),
        line(of(Meaning::Extra).collect(), headers::kept),
        line(of(Meaning::Reason).collect(), headers::ignored),
    ];
    lines.into_iter().flatten().collect()
}

/// The name under which a column is read; none for those that are not.
fn right_name(meaning: Meaning) -> Option<&'static str> {
    match meaning {
        Meaning::Openid => Some("openid"),
        Meaning::Amount(Unit::Yuan) => Some("amount_yuan"),
        Meaning::Amount(Unit::Fen) => Some("amount_fen"),
        Meaning::Amount(Unit::Unnamed) => Some("amount"),
        Meaning::RowKey => Some("row_key"),
        Meaning::Text(field) => Some(field.name()),
        Meaning::Extra | Meaning::Reason | Meaning::Nameless => None,
    }
}

/// The columns that are kept and may have been meant to be read.
fn unread(names: &[String], meanings: &[Meaning]) -> Vec<Unsent> {
    let columns = names.iter().zip(meanings).enumerate();
    let extra = columns.filter(|(_, (_, meaning))| **meaning == Meaning::Extra);
    let near = extra.filter_map(|(column, (name, _))| {
        let (meaning, right) = nearly(name)?;
        let is_free = !meanings.contains(&meaning) || meaning == Meaning::Openid;
        is_free.then_some(Unsent {
            column,
            right,
            is_note: meaning == Meaning::Text(Field::Remark),
        })
    });
    near.collect()
}

/// What the name nearly means, and its right name.
fn nearly(name: &str) -> Option<(Meaning, &'static str)> {
    const TEXTS: [(Field, &str, &str, &str); 5] = [
        (
            Field::Wishing,
            "祝福语",
            "祝福 祝福语 祝福词 祝福内容 红包祝福 红包祝福语 祝语 祝词 祝贺语 贺词 贺语 寄语 红包寄语 祝福文案 红包文案 \
             wish wishes blessing greeting greetings wishingtext",
            "wishing",
        ),
        (
            Field::ActName,
            "act_name",
            "活动 活动名 活动名称 活动主题 红包活动名称 活動名稱 activity activityname campaignname",
            "actname",
        ),
        (
            Field::SendName,
            "send_name",
            "商户名 商户名称 商家名称 发送者 发送者名称 红包发送者 红包发送者名称 发送方 发送方名称 发放方 发送人 \
             发件人 商戶名稱 sender sendername merchantname",
            "sendname",
        ),
        (
            Field::SceneId,
            "scene_id",
            "场景 场景id 场景值 红包场景 發放場景 发放场景 scene",
            "sceneid",
        ),
        (
            Field::Remark,
            "remark",
            "备注 備註 备注信息 红包备注 remarks",
            "remark",
        ),
    ];
    let named = name.split(['(', '（', '[', '【']).next().unwrap_or(name);
    let core = core(named);
    if is_near_openid(name) {
        return Some((Meaning::Openid, "openid"));
    }
    if matches!(core.as_str(), "rowkey" | "业务号" | "业务编号" | "业务单")
        || is_typo(&core, "rowkey")
    {
        return Some((Meaning::RowKey, "业务单号"));
    }
    let is_it = |(_, _, near, right): &&(Field, &str, &str, &str)| {
        core == *right || is_typo(&core, right) || near.split(' ').any(|it| it == core)
    };
    let (field, right, ..) = TEXTS.iter().find(is_it)?;
    Some((Meaning::Text(*field), right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_change_what_a_row_is_worth_are_known() {
        for (name, what) in [
            ("实发金额(元)", Some(WorthColumn::Amount)),
            ("税后", Some(WorthColumn::Amount)),
            ("Amount USD", Some(WorthColumn::Amount)),
            ("红包个数", Some(WorthColumn::Count)),
            ("数量", Some(WorthColumn::Count)),
            ("Qty", Some(WorthColumn::Count)),
            ("次数", Some(WorthColumn::Count)),
            ("折扣", Some(WorthColumn::Factor)),
            ("红包", Some(WorthColumn::Amount)),
            ("返现(元)", Some(WorthColumn::Amount)),
            ("实付(元)", Some(WorthColumn::Amount)),
            ("cashback", Some(WorthColumn::Amount)),
            ("reward", Some(WorthColumn::Amount)),
            ("红包编号", None),
            ("奖励类型", None),
            ("订单金额", None),
            ("合计金额", None),
            ("姓名", None),
            ("门店", None),
        ] {
            assert_eq!(beside(name), what, "{name}");
        }
    }

    #[test]
    fn what_was_nearly_named_right_is_known() {
        for (name, right) in [
            ("祝福", "祝福语"),
            ("祝福语(选填)", "祝福语"),
            ("红包祝福语", "祝福语"),
            ("Wish", "祝福语"),
            ("wishng", "祝福语"),
            ("活动名称", "act_name"),
            ("act name", "act_name"),
            ("ActName", "act_name"),
            ("商户名称", "send_name"),
            ("发送者", "send_name"),
            ("场景值", "scene_id"),
            ("备注", "remark"),
            ("Row Key", "业务单号"),
        ] {
            let names = [name.to_owned()];
            let found = unread(&names, &[Meaning::Extra]);
            assert_eq!(found.first().map(|it| it.right), Some(right), "{name}");
        }
        for name in [
            "姓名",
            "门店",
            "手机号",
            "状态",
            "活动地点",
            "订单号",
            "note",
            "场次",
        ] {
            assert_eq!(nearly(name), None, "{name}");
        }
        let names = ["祝福".to_owned(), "祝福语".to_owned()];
        let meanings = [Meaning::Extra, Meaning::Text(Field::Wishing)];
        assert_eq!(unread(&names, &meanings), [], "it is there");
        let names = ["openid".to_owned(), "小程序openid".to_owned()];
        let found = unread(&names, &[Meaning::Openid, Meaning::Extra]);
        assert_eq!(found[0].right, "openid");
    }
}
