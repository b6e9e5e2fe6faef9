//! Rows that somebody marked as not to be paid: 作废 in a column of remarks, 否 below 是否发放. They
//! are packets like any other, since a word decides nothing; but a person must know of them.

use super::cell::half_width;
use super::meaning::{Meaning, core};
use crate::domain::state::State;
use crate::domain::text::Field;

/// How the cells of a column may mark a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// Remarks: a word somewhere in the cell.
    Says,
    /// The same, and whole cells that say what became of a packet.
    Status,
    /// 是否发放: a no.
    No,
    /// 是否作废, 已发: a yes.
    Yes,
    /// Anything else: a whole cell of one of the plainest words.
    Whole,
}

/// The columns of a list that may mark its rows.
#[derive(Debug, Default)]
pub(in crate::recipients) struct MarkColumns {
    columns: Vec<(usize, Marks)>,
}

impl MarkColumns {
    pub(super) fn of(names: &[String], meanings: &[Meaning]) -> MarkColumns {
        let columns = names.iter().zip(meanings).enumerate();
        let marks = columns.filter_map(|(index, (name, meaning))| match meaning {
            Meaning::Extra => Some((index, marks(name))),
            Meaning::Text(Field::Remark) => Some((index, Marks::Says)),
            Meaning::Text(_)
            | Meaning::Openid
            | Meaning::Amount(_)
            | Meaning::RowKey
            | Meaning::Reason
            | Meaning::Nameless => None,
        });
        MarkColumns {
            columns: marks.collect(),
        }
    }

    /// The first column in which the row is marked.
    pub(in crate::recipients) fn marked(&self, cells: &csv::StringRecord) -> Option<usize> {
        let cell = |index| cells.get(index).unwrap_or("").trim();
        let mut columns = self.columns.iter();
        let marked = columns.find(|(index, marks)| is_marked(*marks, cell(*index)));
        marked.map(|(index, _)| *index)
    }
}

/// Whether a comment beside a cell marks its row.
pub(in crate::recipients) fn is_marking(comment: &str) -> bool {
    says(&core(comment), comment)
}

/// Names of columns of remarks or of a status.
const TELLS: &str = "备注 備註 说明 說明 状态 狀態 情况 标记 标识 处理 结果 审核 原因 意见 注释 批注 \
     note remark status comment memo flag result";

/// Names of columns that tell of something else than a packet: an order that was paid for is a
/// reason to send one.
const ORDERS: &str = "订单 訂單 物流 发货 快递 order shipping delivery";

/// What 是否 asks where a no means that nobody is to be paid.
const PAYS: &str = "发放 发送 发红包 发奖 派发 付款 支付 打款 有效 参与 参加 通过 领取 符合 合格 在职 發放 發送 可发 应发 \
     需发 要发 可领 中奖 获奖 得奖 达标 满足 资格 确认 同意 生效 启用 审核 核实";

/// What 是否已 asks where a yes means that somebody was paid already.
const PAID: &str =
    "发放 发送 发红包 发奖 派发 付款 支付 打款 领取 發放 發送 转账 到账 补发 核销 兑换 兑奖 结清";

/// The same, as the whole of what is asked.
const PAID_SHORT: &str = "发 發 付 领 領 转 发完 付完";

/// Names of columns in which a no means the same.
const ASKS: &str =
    "active enabled valid eligible approved send pay topay tosend shouldpay 有效 发放";

/// Words that mark a row wherever they are a whole cell.
const STRONG: &str = "作废 作廢 取消 不发 不發 勿发 别发 停发 撤销 不用发 不要发";

/// The same in English, without blanks.
const ENGLISH: &str = "void voided cancelled canceled donotpay dontpay donotsend";

/// Words that mark a row in remarks.
const WEAK: &str = "不予 不给 不再发 不应发 不能发 不必发 不需发 不需要发 不可发 不要再发 别再发 勿再发 不用再发 无需发 无须发 免发 禁发 缓发 \
     暂缓 暂停 暂不 先不 撤回 未通过 不通过 驳回 拒绝 无效 无資格 无资格 失效 删除 刪除 剔除 排除 移除 重复 重複 \
     退出 离职 離職 辞职 退款 退货 黑名单 冻结 停用 封号 注销 不合格 不符合 放弃 已退 测试 错误 有误";

/// Words that say that the packet was paid already.
const DONE: &str = "已发 已發 已付 已付款 已支付 已打款 已领 已领取 已发放 已發放 已发送 已發送 已发红包 已发过 发过了 \
     已补发 已结清 已转账 已到账 已核销 已兑换 已兑奖 发放成功 发送成功 领取成功 付款成功 支付成功 打款成功 \
     转账成功 发放完成";

/// Names of columns in which a yes means the same.
const DONE_NAMES: &str = "sent issued paid redeemed disbursed alreadysent alreadypaid \
     alreadyissued \
     issent isissued ispaid hassent haspaid waspaid wassent";

/// Whole cells of a status that say the same.
const SETTLED: &str = "sent received refunding refunded issued redeemed disbursed success \
     succeeded \
     successful done paid 成功 已成功";

/// Words of a remark in English.
const REMARKS: &str = "void voided cancel cancelled canceled skip skipped invalid delete deleted \
     remove removed exclude excluded duplicate dup hold onhold stop stopped reject rejected \
     declined expired inactive disabled resigned terminated blacklisted blacklist blocked \
     withdrawn revoked suspended ineligible test paid";

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

fn is_of(list: &'static str, word: &str) -> bool {
    words(list).any(|it| it == word)
}

/// Whether a column asks, tells, or is something else, by its name.
fn marks(name: &str) -> Marks {
    let core = core(name);
    let has = |list| words(list).any(|word| core.contains(word));
    let is_mark = |word: &str| {
        is_of(STRONG, word) || is_of(WEAK, word) || is_of(DONE, word) || is_english_mark(word)
    };
    if core.starts_with("是否") || core.ends_with('否') {
        let asked = core.replace(['是', '否'], "");
        return if has(STRONG) || has(WEAK) || asks_whether_paid(&asked) {
            Marks::Yes
        } else if has(PAYS) || asked == "发" {
            Marks::No
        } else {
            Marks::Whole
        };
    }
    let asked = core.strip_prefix("is").unwrap_or(&core);
    match () {
        () if is_of(ASKS, asked) => Marks::No,
        () if is_mark(asked) || is_of(DONE_NAMES, &core) => Marks::Yes,
        () if has(ORDERS) && has(TELLS) => Marks::Says,
        () if has(TELLS) || core.ends_with("state") => Marks::Status,
        () => Marks::Whole,
    }
}

/// 已发放 and 发过 of 是否已发放 and 是否发过.
fn asks_whether_paid(asked: &str) -> bool {
    let bare = asked.trim_start_matches(['已', '曾', '经']);
    let bare = bare.strip_suffix(['过', '了']).unwrap_or(bare);
    let is_paid = words(PAID).any(|word| bare.contains(word)) || is_of(PAID_SHORT, bare);
    bare.len() < asked.len() && is_paid
}

/// Whether a report of ours says in this state that the money may have left.
fn may_be_paid(state: State) -> bool {
    !state.is_unpaid_at_end() && state != State::Ready
}

fn is_marked(marks: Marks, cell: &str) -> bool {
    if cell.is_empty() {
        return false;
    }
    match marks {
        Marks::Says => says(&core(cell), cell),
        Marks::Status => {
            let core = core(cell);
            says(&core, cell)
                || is_of(SETTLED, &core)
                || State::typed(cell).is_some_and(may_be_paid)
        }
        Marks::Whole => cell.len() <= WHOLE_MAX && may_be_plain(cell) && is_plain(&core(cell)),
        Marks::No => {
            is_of("否 不 不是 无 没有 未 n no false f 0", &core(cell))
                || is_of("× x X ✗ ✘ ❌", cell)
                || says(&core(cell), cell)
        }
        Marks::Yes => {
            let core = core(cell);
            is_of("是 是的 对 有 y yes true t 1", &core)
                || is_of("√ ✓ ✔ ☑ ✅ v V", cell)
                || is_plain(&core)
                || is_of(DONE, &core)
        }
    }
}

/// No plain word is longer, in bytes.
const WHOLE_MAX: usize = 24;

/// Whether it begins as a plain word does: this is all that a common row costs.
fn may_be_plain(cell: &str) -> bool {
    let first = cell.chars().find(|c| c.is_alphanumeric());
    let first = first.map(|c| half_width(c).to_ascii_lowercase());
    first.is_some_and(|first| "作取不勿别停撤已vcd".contains(first))
}

fn is_plain(core: &str) -> bool {
    let bare = core.strip_prefix('已').unwrap_or(core);
    is_of(STRONG, bare) || is_of(ENGLISH, core)
}

/// Whether a remark has one of the words, and does not deny it.
fn says(core: &str, cell: &str) -> bool {
    let has = |word: &str| {
        let mut found = core.match_indices(word);
        found.any(|(at, _)| !core[..at].ends_with(['未', '不', '无', '没', '非', '防']))
    };
    words(STRONG).chain(words(WEAK)).any(has)
        || (words(DONE).any(|word| core.ends_with(word)) && !core.contains('未'))
        || is_english_mark(&cell.to_lowercase())
}

/// Whether one of the words stands there and is not denied.
fn is_english_mark(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphabetic() && c != '\'' && c != '’');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let denies = |word| is_of("not no un never non", word);
    let is_mark = |(at, word): (usize, &&str)| {
        is_of(REMARKS, word) && !words[..at].last().is_some_and(|before| denies(before))
    };
    let is_told = |pair: &[&str]| {
        is_of("not don't dont don’t no", pair[0]) && is_of("pay send issue payment", pair[1])
    };
    words.iter().enumerate().any(is_mark) || words.windows(2).any(is_told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_row(name: &str, cell: &str) -> bool {
        let names = [name.to_owned()];
        let columns = MarkColumns::of(&names, &[Meaning::Extra]);
        let cells = csv::StringRecord::from(vec![cell]);
        columns.marked(&cells).is_some()
    }

    #[test]
    fn a_row_that_is_marked_is_known() {
        for (name, cell) in [
            ("备注", "作废"),
            ("备注", "【作废】"),
            ("备注", "已作废（小王）"),
            ("备注信息", "离职，不发"),
            ("状态", "已取消"),
            ("状态", "不发"),
            ("發放狀態", "作廢"),
            ("审核状态", "未通过"),
            ("发放状态", "已发放"),
            ("备注", "上周已发"),
            ("备注", "已发过，不要再发"),
            ("说明", "重复"),
            ("备注", "暂停"),
            ("Status", "VOID"),
            ("status", "Cancelled"),
            ("remarks", "canceled 12/3"),
            ("note", "do not pay"),
            ("note", "Don't pay!"),
            ("Comment", "on hold"),
            ("status", "void - see Li"),
            ("是否发放", "否"),
            ("是否发", "不发"),
            ("是否有效", "N"),
            ("是否参与", "×"),
            ("active", "false"),
            ("valid", "0"),
            ("是否作废", "是"),
            ("是否已取消", "√"),
            ("作废", "1"),
            ("已发", "是"),
            ("cancelled", "TRUE"),
            ("is_deleted", "1"),
            ("void", "yes"),
            ("分类", "作废"),
            ("门店", "取消"),
            ("列1", "void"),
            ("是否已发放", "是"),
            ("是否已领取", "是"),
            ("是否已付款", "Y"),
            ("是否已发", "是"),
            ("是否发过", "是"),
            ("已发放否", "是"),
            ("是否可发", "否"),
            ("是否中奖", "否"),
            ("sent", "1"),
            ("is_sent", "TRUE"),
            ("Issued", "yes"),
            ("already_paid", "Y"),
            ("备注", "红包已发送"),
            ("备注", "已核销"),
            ("发放结果", "发放成功"),
            ("状态", "成功"),
            ("status", "SUCCESS"),
            ("status", "RECEIVED"),
            ("status", "done"),
            ("state", "sent"),
            ("state", "in_doubt"),
            ("状态", "结果未明"),
            ("状态", "已发放"),
        ] {
            assert!(is_row(name, cell), "{name}: {cell}");
        }
    }

    #[test]
    fn a_row_that_is_not_marked_is_left_alone() {
        for (name, cell) in [
            ("备注", ""),
            ("备注", "恭喜发财"),
            ("备注", "老客户"),
            ("备注", "未取消"),
            ("备注", "不重复"),
            ("备注", "请尽快发放"),
            ("订单状态", "已发货"),
            ("发放状态", "未发放"),
            ("发放状态", "待发放"),
            ("状态", "正常"),
            ("status", "active"),
            ("status", "not cancelled"),
            ("note", "avoid delay"),
            ("note", "latest winner"),
            ("note", "unpaid"),
            ("是否发放", "是"),
            ("是否作废", "否"),
            ("作废", ""),
            ("作废", "0"),
            ("已发", "否"),
            ("门店", "取消订单中心"),
            ("姓名", "张三"),
            ("渠道", "N"),
            ("等级", "0"),
            ("是否已发放", "否"),
            ("是否已领取", "否"),
            ("是否已付款", ""),
            ("是否发过", "否"),
            ("是否已发货", "是"),
            ("是否已实名", "是"),
            ("sent", "0"),
            ("issued", ""),
            ("订单状态", "成功"),
            ("order_status", "success"),
            ("order_status", "received"),
            ("state", "refused"),
            ("state", "ready"),
            ("state", "California"),
            ("状态", "发放失败（未付款）"),
        ] {
            assert!(!is_row(name, cell), "{name}: {cell}");
        }
    }

    #[test]
    fn what_is_sent_marks_nothing_but_for_the_remark() {
        let names = ["wishing".to_owned(), "remark".to_owned()];
        let meanings = [Meaning::Text(Field::Wishing), Meaning::Text(Field::Remark)];
        let columns = MarkColumns::of(&names, &meanings);
        let marked = |cells: [&str; 2]| columns.marked(&csv::StringRecord::from(cells.to_vec()));
        assert_eq!(marked(["取消烦恼", ""]), None);
        assert_eq!(marked(["", "作废"]), Some(1));
    }
}
