//! Names that the ledger keeps in English, as a reader meets them. In English they are told as
//! they stand; a name that is not known here is told as it stands in Chinese too.

use std::fmt::{Display, Formatter, Result};

use super::{Lang, Part, Text, both};

/// The mode of a campaign.
pub(crate) struct ModeName(pub(crate) &'static str);

/// What moved a bill.
pub(crate) struct EventName<'a>(pub(crate) &'a str);

/// The kind of a request.
pub(crate) struct ActionName<'a>(pub(crate) &'a str);

/// The answer to a request.
pub(crate) struct AnswerName<'a>(pub(crate) &'a str);

const MODES: &[Text] = &[both("simulator", "模拟"), both("live", "正式")];

/// The value of a setting.
pub(crate) struct ValueName<'a>(pub(crate) &'a str);

/// A command to type, with what stands for a value in it.
pub(crate) struct CommandWords<T>(pub(crate) T);

const VALUES: &[Text] = &[both("no limit", "不限"), both("none", "无")];

/// Where a message does not know the campaign file.
pub(crate) const CAMPAIGN: Text = both("CAMPAIGN.toml", "活动文件");

/// In the place of a value that a person knows.
const PLACES: &[Text] = &[
    CAMPAIGN,
    both("D", "名单校验码"),
    both("FILE", "文件"),
    both("ID", "编号"),
    both("TEXT", "说明"),
    both("YUAN", "金额"),
];

impl<T: Display> Part for CommandWords<T> {
    fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> Result {
        let command = self.0.to_string();
        let words = command.split(' ').map(|word| named(PLACES, word, lang));
        f.write_str(&words.collect::<Vec<_>>().join(" "))
    }
}

/// The type of a value in a campaign file.
pub(crate) struct KindName(pub(crate) &'static str);

const KINDS: &[Text] = &[
    both("string", "字符串"),
    both("integer", "整数"),
    both("float", "小数"),
    both("boolean", "真假值"),
    both("datetime", "日期时间"),
    both("array", "列表"),
    both("table", "表"),
];

/// What of a packet a row says: a column, by its own name, or the amount of either column.
pub(crate) struct FieldName(pub(crate) &'static str);

const FIELDS: &[Text] = &[both("amount", "金额")];

/// What was being done to the ledger.
pub(crate) struct DoingName(pub(crate) &'static str);

const DOINGS: &[Text] = &[
    both("adopting", "启用副本"),
    both("closing", "关闭"),
    both("committing", "提交"),
    both("committing the load", "提交名单"),
    both("copying", "复制"),
    both("freezing the texts", "固定文案"),
    both("keeping a match", "保存核对结果"),
    both("keeping rows of a bill", "保存账单行"),
    both("loading", "载入名单"),
    both("looking back", "查看此前的发放"),
    both("making a scratch file", "新建临时文件"),
    both("making a scratch ledger", "新建临时账本"),
    both("marking the copy", "标记副本"),
    both("marking what is open", "标记未完结的红包"),
    both("migrating the schema", "升级"),
    both("opening", "打开"),
    both("pausing", "暂停"),
    both("planning", "制定计划"),
    both("reading", "读取"),
    both("reading breaks", "读取差异"),
    both("reading the schema version", "读取版本"),
    both("recording the verdict", "记录判定"),
    both("keeping what is exported", "记录导出"),
    both("recording the approval", "记录批准"),
    both("recording the end of the run", "记录运行结束"),
    both("recording the run", "记录运行"),
    both("taking the copy", "启用副本"),
    both("taking the ledger", "接管"),
    both("writing the pause", "记录暂停"),
];

const ACTIONS: &[Text] = &[both("send", "发放"), both("query", "查询")];

const ANSWERS: &[Text] = &[
    both("open", "尚无应答"),
    both("accepted", "已受理并付款"),
    both("processing", "处理中"),
    both("throttled", "频率过高"),
    both("refused", "拒绝"),
    both("refused_unless_known", "拒绝，待查询确认"),
    both("refused_to_confirm", "拒绝，待查询确认"),
    both("halted", "商户原因，已中止"),
    both("deferred", "商户限额，暂停发放"),
    both("clash", "单号冲突"),
    both("not_sent", "未发出"),
    both("in_doubt", "结果未明"),
    both("unnamed_processing", "处理中（未注明单号）"),
    both("unnamed_throttled", "频率过高（未注明单号）"),
    both("unnamed_refused", "拒绝（未注明单号）"),
    both(
        "unnamed_refused_unless_known",
        "拒绝，待查询确认（未注明单号）",
    ),
    both(
        "unnamed_refused_to_confirm",
        "拒绝，待查询确认（未注明单号）",
    ),
    both("unnamed_halted", "商户原因，已中止（未注明单号）"),
    both("unnamed_deferred", "商户限额，暂停发放（未注明单号）"),
    both("unnamed_clash", "单号冲突（未注明单号）"),
    both("sending", "发放中"),
    both("sending_with_reason", "发放中，已给出失败原因"),
    both("sent", "已发放，待领取"),
    both("failed", "发放失败"),
    both("received", "已领取"),
    both("refunding", "退款中"),
    both("refunded", "已退款"),
    both("not_found", "查无此单号"),
    both("expired", "单号已存在，超过可查询的期限"),
    both("unclear", "答复无法判断"),
];

const EVENTS: &[Text] = &[
    both("dispatched", "开始发放"),
    both("resent", "以原单号重发"),
    both("accepted", "受理并付款"),
    both("taken", "已受理"),
    both("not_carried_out", "请求未执行"),
    both("refused_for_good", "被拒绝"),
    both("refused_maybe", "被拒绝，待查询确认"),
    both("doubted", "结果未明"),
    both("seen_sending", "查得发放中"),
    both("seen_failing", "查得发放中并有失败原因"),
    both("seen_sent", "查得已发放"),
    both("seen_received", "查得已领取"),
    both("seen_refunding", "查得退款中"),
    both("seen_refunded", "查得已退款"),
    both("seen_failed", "查得发放失败"),
    both("not_found", "查无此单号"),
    both("seen_nothing", "查询后仍待确认"),
    both("remembered", "查得此单号早已发送"),
    both("next_unknown", "查无下一个单号"),
    both("next_known", "查得下一个单号"),
    both("deferred", "因每日上限顺延"),
    both("refusal_confirmed", "确认被拒绝"),
    both("given_up", "转人工处理"),
    both("ruled_paid", "人工判定已付款"),
    both("ruled_unpaid", "人工判定未付款"),
    both("reissued", "换新单号"),
    both("excused", "因设置存疑，重新发放"),
    both("freed", "可重新发放"),
    both("passed_over", "已另有安排，不再重新发放"),
    both("withdrawn", "人工撤回"),
    both("frozen_anew", "按新内容固定"),
    both("brought_back", "恢复发放"),
    both("checked", "已查询"),
    both("broken_proof", "前后说法矛盾"),
    both("migrated", "账本升级"),
];

/// The name in this language.
fn named<'a>(names: &[Text], name: &'a str, lang: Lang) -> &'a str {
    let known = names.iter().find(|known| known.en == name);
    match (lang, known) {
        (Lang::Zh, Some(known)) => known.zh,
        (Lang::Zh | Lang::En, _) => name,
    }
}

macro_rules! listed {
    ($($kind:ty => $names:ident),+) => {
        $(
            impl Part for $kind {
                fn tell(&self, lang: Lang, f: &mut Formatter<'_>) -> Result {
                    let name = named($names, self.0, lang);
                    super::part::pad(name, f)
                }
            }
        )+
    };
}

listed!(
    DoingName => DOINGS,
    KindName => KINDS,
    FieldName => FIELDS,
    ModeName => MODES,
    EventName<'_> => EVENTS,
    ActionName<'_> => ACTIONS,
    AnswerName<'_> => ANSWERS,
    ValueName<'_> => VALUES
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_chinese;

    #[test]
    fn every_name_has_its_chinese() {
        for text in [
            VALUES, PLACES, DOINGS, KINDS, FIELDS, MODES, ACTIONS, ANSWERS, EVENTS,
        ]
        .into_iter()
        .flatten()
        {
            text.check();
        }
        assert_eq!(
            in_chinese(&EventName("not_found")).to_string(),
            "查无此单号"
        );
        let typed = CommandWords("hongbao claims FILE.toml --out FILE");
        let told = in_chinese(&typed).to_string();
        assert_eq!(told, "hongbao claims FILE.toml --out 文件");
        assert_eq!(in_chinese(&EventName("lunch")).to_string(), "lunch");
    }
}
