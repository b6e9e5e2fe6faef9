//! Columns that mark rows as not to be paid: 作废 in a column of remarks, 否 below 是否发放. They
//! are packets like any other, since a word decides nothing; but a person must know of them.

use super::cell::half_width;
use super::meaning::{Meaning, core, is_of, words};
use super::near::names_people;
use super::says::{has_mark, is_done_word, is_mark, is_marking, is_plain};
use crate::domain::state::State;
use crate::domain::text::Field;

/// How the cells of a column may mark a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// Remarks: a word somewhere in the cell.
    Says,
    /// The same, and whole cells that say what became of a packet.
    Status,
    /// The same, and a plain no: 审核结果.
    Judged,
    /// 是否发放: a no; where others say yes, all that is none.
    No,
    /// 是否作废, 是否已发: a yes.
    Yes,
    /// 作废, 已发, `del_flag`: whatever is no no.
    Set,
    /// `deleted_at`, 离职日期: a time.
    When,
    /// A name: a word behind it, or in brackets.
    Name,
    /// Anything else: a whole cell of one of the plainest words.
    Whole,
}

/// What a row says in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipients) enum RowMark {
    /// Not to be paid, by this column.
    Marked(usize),
    /// To be paid, in a column that asks so.
    Asked(usize),
    /// Neither, in such a column.
    Open(usize),
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

    /// The first column in which the row is marked; without one, the first that asks.
    pub(in crate::recipients) fn look(&self, cells: &csv::StringRecord) -> Option<RowMark> {
        let cell = |index| cells.get(index).unwrap_or("").trim();
        let mut columns = self.columns.iter();
        let marked = columns.find(|(index, marks)| is_marked(*marks, cell(*index)));
        if let Some((index, _)) = marked {
            return Some(RowMark::Marked(*index));
        }
        let mut asking = self.columns.iter().filter(|(_, marks)| *marks == Marks::No);
        let (index, _) = asking.next()?;
        Some(if is_yes(cell(*index)) {
            RowMark::Asked(*index)
        } else {
            RowMark::Open(*index)
        })
    }
}

/// Names of columns of remarks or of a status.
const TELLS: &str = "备注 備註 说明 說明 状态 狀態 情况 标记 标识 处理 原因 意见 注释 批注 \
     note remark status comment memo flag";

/// Names of columns of a judgement.
const JUDGES: &str = "结果 审核 审批 复核 result";

/// Names of columns that tell of something else than a packet: an order that was paid for is a
/// reason to send one.
const ORDERS: &str = "订单 訂單 物流 发货 快递 交易 order shipping delivery trade payment";

/// What 是否 asks where a no means that nobody is to be paid.
const PAYS: &str = "发放 发送 发红包 发奖 派发 付款 支付 打款 有效 参与 参加 通过 符合 合格 在职 發放 發送 可发 应发 \
     需发 要发 补发 可领 中奖 获奖 得奖 达标 满足 资格 确认 同意 生效 启用 审核 核实 到场 签到";

/// The same, as the whole of what is asked.
const PAYS_SHORT: &str = "发 付 给";

/// What it asks of another time: a survey.
const SURVEYS: &str = "下次 过往 往届 愿意 上次 以前 首次 以往 去年 往期";

/// What 是否已 asks where a yes means that somebody was paid already.
const PAID: &str =
    "发放 发送 发红包 发奖 派发 付款 支付 打款 领取 發放 發送 转账 到账 补发 核销 兑换 兑奖 结清";

/// The same, as the whole of what is asked.
const PAID_SHORT: &str = "发 發 付 领 領 转 发完 付完";

/// Names of columns in which a no means the same as below 是否发放.
const ASKS: &str = "active enabled enable valid eligible approved approve send pay topay tosend \
     shouldpay needpay needsend cansend canpay payflag sendflag qualified included include \
     confirmed confirm checked payable optin 有效 有效性 发放 可发放 应发放 需发放 可否发放 能否发放 发不发 付款 打款 支付 发 \
     确认 确认发放 确认付款 合格 有资格 资格 参与 参加 到场 签到 中奖 获奖 达标 勾选 选中 通过 同意 审批通过 审核通过 \
     发放标识 发放标志 在职";

/// Names of columns in which a yes means that somebody was paid already.
const DONE_NAMES: &str = "sent issued paid redeemed disbursed alreadysent alreadypaid \
     alreadyissued issent isissued ispaid hassent haspaid waspaid wassent";

/// Names of columns of users who are gone.
const GONE: &str = "del delete delflag deleteflag deletedflag black frozen banned locked \
     禁用 违规 异常 作废标志 作废标识 删除标志 删除标识";

/// What happened, in the name of a column of its times.
const HAPPENED: &str = "delete deleted cancel cancelled canceled refund refunded void voided \
     作废 删除 取消 退款 停用 注销 离职";

/// Whole cells of a status that say that a packet was paid.
const SETTLED: &str = "sent sending received refunding refunded issued redeemed disbursed success \
     succeeded successful done paid 成功 已成功";

/// A plain no, and one where nothing else is to be said.
const NOES: &str = "否 不 不是 不同意 n no false f";

/// Signs of a no, and of a yes.
const CROSSES: &str = "× x X ✗ ✘ ❌ ✕ ╳";
const TICKS: &str = "√ ✓ ✔ ☑ ✅ v V";

/// Whether a column asks, tells, or is something else, by its name.
fn marks(name: &str) -> Marks {
    let core = core(name);
    let has = |list| words(list).any(|word| core.contains(word));
    if core.starts_with("是否") || core.ends_with('否') {
        let asked = core.replace(['是', '否'], "");
        return if has(SURVEYS) {
            Marks::Whole
        } else if has_mark(&core) || asks_whether_paid(&asked) {
            Marks::Yes
        } else if has(PAYS) || is_of(PAYS_SHORT, &asked) {
            Marks::No
        } else {
            Marks::Whole
        };
    }
    let asked = core.strip_prefix("is").unwrap_or(&core);
    match () {
        () if is_of(ASKS, asked) => Marks::No,
        () if is_of(DONE_NAMES, &core) || is_of(GONE, asked) || is_mark(asked) => Marks::Set,
        () if is_of_times(&core) => Marks::When,
        () if has(ORDERS) && (has(TELLS) || has(JUDGES)) => Marks::Says,
        () if has(JUDGES) => Marks::Judged,
        () if has(TELLS) || core.ends_with("state") => Marks::Status,
        () if names_people(name) => Marks::Name,
        () => Marks::Whole,
    }
}

/// 已发放 and 发过 of 是否已发放 and 是否发过; 领取 says it by itself.
fn asks_whether_paid(asked: &str) -> bool {
    let bare = asked.trim_start_matches(['已', '曾', '经']);
    let bare = bare.strip_suffix(['过', '了']).unwrap_or(bare);
    let is_paid = words(PAID).any(|word| bare.contains(word)) || is_of(PAID_SHORT, bare);
    asked == "领取" || bare.len() < asked.len() && is_paid
}

/// `deleted_at`, 离职日期.
fn is_of_times(core: &str) -> bool {
    let ends = ["at", "time", "date", "时间", "日期"];
    let stem = ends.iter().find_map(|end| core.strip_suffix(end));
    stem.is_some_and(|stem| is_of(HAPPENED, stem))
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
        Marks::Says => is_marking(cell),
        Marks::Status => is_status(cell),
        Marks::Judged => is_of(NOES, &core(cell)) || is_of(CROSSES, cell) || is_status(cell),
        Marks::Whole => is_plain_cell(cell),
        Marks::Name => name_says(cell),
        Marks::No => {
            let core = core(cell);
            is_of(NOES, &core)
                || is_of("无 没有 未 0", &core)
                || core.starts_with(['否', '不', '未', '没', '无'])
                || is_of(CROSSES, cell)
                || is_marking(cell)
        }
        Marks::Yes => {
            let core = core(cell);
            is_of("是 是的 对 有 y yes true t 1", &core)
                || is_of(TICKS, cell)
                || is_plain(&core)
                || is_done_word(&core)
        }
        Marks::Set => {
            let core = core(cell);
            let is_nothing = core.is_empty() && !is_of(CROSSES, cell) && !is_sign(cell);
            !is_nothing
                && !is_of(NOES, &core)
                && !is_of("无 没有 0 00 000 正常 normal null none nil na ok", &core)
                && !core.starts_with(['否', '不', '未', '没', '待'])
        }
        Marks::When => {
            let is_never = ["0000", "1970", "9999", "0001"]
                .iter()
                .any(|it| cell.starts_with(it));
            !is_never && cell.len() > 1 && cell.starts_with(|c: char| c.is_ascii_digit())
        }
    }
}

/// A tick, a dot or a star in the place of a word; dashes are blanks.
fn is_sign(cell: &str) -> bool {
    is_of(TICKS, cell) || is_of("● ○ ■ * ★ ▲ ◆ •", cell)
}

fn is_status(cell: &str) -> bool {
    let core = core(cell);
    is_marking(cell) || is_of(SETTLED, &core) || State::typed(cell).is_some_and(may_be_paid)
}

fn is_yes(cell: &str) -> bool {
    is_of(
        "是 是的 对 有 y yes true t 1 ok 同意 通过 发 发放 确认 合格 可 可以",
        &core(cell),
    ) || is_of(TICKS, cell)
}

/// 张三（离职）, 李四-不发: what stands behind a name.
fn name_says(cell: &str) -> bool {
    if cell.len() > WHOLE_MAX * 3 {
        return false;
    }
    let is_between = |c: char| "()（）[]【】-—–/、，,_ ".contains(c);
    let mut parts = cell.split(is_between).filter(|part| !part.is_empty());
    parts.next().is_some_and(is_plain_cell)
        || parts.any(|part| !part.is_ascii() && is_marking(part) || is_plain(&core(part)))
}

/// No plain word is longer, in bytes.
const WHOLE_MAX: usize = 24;

/// Whether it is one of the plainest words as a whole. Its first character is all that a common row
/// costs.
fn is_plain_cell(cell: &str) -> bool {
    let first = cell.chars().find(|c| c.is_alphanumeric());
    let first = first.map(|c| half_width(c).to_ascii_lowercase());
    let may_be = first.is_some_and(|c| "作取不勿别停撤已无離离冻注拉禁删黑vcdb".contains(c));
    may_be && cell.len() <= WHOLE_MAX && is_plain(&core(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_row(name: &str, cell: &str) -> bool {
        let names = [name.to_owned()];
        let columns = MarkColumns::of(&names, &[Meaning::Extra]);
        let cells = csv::StringRecord::from(vec![cell]);
        matches!(columns.look(&cells), Some(RowMark::Marked(_)))
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
            ("门店", "離職"),
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
    fn a_row_is_marked_by_what_people_write_and_programs_export() {
        for (name, cell) in [
            ("审核结果", "否"),
            ("审核结果", "×"),
            ("审批", "不同意"),
            ("发放情况", "已发5元"),
            ("可否发放", "否"),
            ("发", "×"),
            ("need_pay", "FALSE"),
            ("到场", "未到"),
            ("是否发放", "否，未到场"),
            ("有效性", "无效"),
            ("备注", "已发10元"),
            ("备注", "线下已付50元现金"),
            ("备注", "已发(微信转账)"),
            ("备注", "已领取2次"),
            ("备注", "已经发了"),
            ("备注", "发过"),
            ("备注", "already sent"),
            ("status", "SENDING"),
            ("备注", "不付"),
            ("备注", "先别打款"),
            ("备注", "停止发放"),
            ("备注", "不得发放"),
            ("备注", "先别动"),
            ("备注", "拒收"),
            ("备注", "疑似刷单"),
            ("备注", "改为5元"),
            ("备注", "换成李四"),
            ("note", "wrong person"),
            ("备注", "身份证：无；作废"),
            ("备注", "到场：未；不发"),
            ("备注", "手机没，取消"),
            ("note", "Reachable: no. VOID"),
            ("姓名", "张三（离职）"),
            ("姓名", "李四-不发"),
            ("标签", "黑名单"),
            ("del_flag", "2"),
            ("is_del", "1"),
            ("deleted_at", "2026-01-02 10:00:00"),
            ("离职日期", "2026/1/2"),
            ("已作废", "是"),
            ("作废", "×"),
            ("已发", "2026-01-02"),
            ("是否领取", "是"),
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
            ("审核结果", "通过"),
            ("备注", "无"),
            ("备注", "不发货补偿"),
            ("备注", "免付费用户"),
            ("备注", "别打电话"),
            ("原因", "退货运费补偿"),
            ("原因", "取消订单补偿"),
            ("备注", "重复购买客户"),
            ("备注", "测试部员工"),
            ("备注", "不是黑名单"),
            ("备注", "特别给力"),
            ("备注", "已付定金"),
            ("note", "paid member"),
            ("note", "test drive customer"),
            ("是否愿意参加下次活动", "否"),
            ("姓名", "欧阳-娜娜"),
            ("姓名", "Anna (VIP)"),
            ("del_flag", "0"),
            ("deleted_at", ""),
            ("deleted_at", "NULL"),
            ("deleted_at", "0000-00-00 00:00:00"),
            ("已发", "待发"),
            ("trade_status", "SUCCESS"),
        ] {
            assert!(!is_row(name, cell), "{name}: {cell}");
        }
    }

    #[test]
    fn what_is_sent_marks_nothing_but_for_the_remark() {
        let names = ["wishing".to_owned(), "remark".to_owned()];
        let meanings = [Meaning::Text(Field::Wishing), Meaning::Text(Field::Remark)];
        let columns = MarkColumns::of(&names, &meanings);
        let look = |cells: [&str; 2]| columns.look(&csv::StringRecord::from(cells.to_vec()));
        assert_eq!(look(["取消烦恼", ""]), None);
        assert_eq!(look(["", "作废"]), Some(RowMark::Marked(1)));
    }
}
