//! Words by which people say that a row is not to be paid, or was paid already, in a remark, in a
//! comment or behind a name. A word decides nothing: a person is told of the row.

use super::cell::{half_width, takes_no_place};
use super::meaning::{is_of, words};

/// Words that mark a row wherever they stand.
const STRONG: &str = "作废 作廢 取消 撤销 黑名单";

/// The same in English, without blanks.
const ENGLISH: &str = "void voided cancelled canceled donotpay dontpay donotsend blacklist";

/// Whole cells of any column that say the same.
const PLAIN: &str = "不发 不發 勿发 别发 停发 不付 不打款 不用发 不要发 无效 離職 离职 冻结 注销 拉黑 禁用 删除 停用";

/// Words that mark a row in remarks.
const WEAK: &str = "暂缓 暂停 先别 别动 撤回 未通过 不通过 驳回 拒绝 拒收 无效 无資格 无资格 失效 删除 刪除 删掉 去掉 \
     划掉 剔除 排除 移除 重复 重複 退出 离职 離職 辞职 退款 退货 冻结 停用 封号 注销 拉黑 不合格 不符合 放弃 弃权 \
     不参加 不参与 不需要 待审核 未审核 待确认 待核实 待核 待定 疑似 刷单 作弊 违规 冒领 未中奖 未到场 未参加 未签到 \
     未达标 填错 写错 换成 改发 改为 改成 终止 已退 测试 错误 有误 等通知 等财务通知";

/// What says no before a verb of paying: 不发, 先别付, 停止打款.
const NOT: &str = "不 勿 别 莫 停 禁 免 缓 不要 不用 不再 不必 不需 不需要 不予 不得 不可 不能 不应 不准 不给 无需 无须 \
     不要再 别再 勿再 不用再 暂不 先不 暂缓 停止 禁止 终止";

/// Verbs of paying.
const PAY: &str = "发 發 付 支付 打款 打钱 转账 派发 派 给 打 转";

/// What makes of these verbs something else: 不发货, 免付费, 别打电话.
const OTHERWISE: &str = "货 貨 票 言 信 短 达 展 现 费 電 电 扰 发 介 让 告 客 岗 部 组 员 关注 烦恼 购买 消费 到店 回复 开票 积分 礼";

/// What makes a reason to pay of a word: 退货运费补偿.
const REASONS: &str = "补偿 补贴 赔 慰问 致歉";

/// Words that say that the packet was paid already.
const DONE: &str = "已发 已發 已付 已付款 已支付 已打款 已领 已领取 已发放 已發放 已发送 已發送 已发红包 \
     已补发 已结清 已转账 已到账 已核销 已兑换 已兑奖 发放成功 发送成功 领取成功 付款成功 支付成功 打款成功 \
     转账成功 发放完成 发过 發過 付过 领过 转过 打过";

/// Words of a remark in English.
const REMARKS: &str = "void voided cancel cancelled canceled skip skipped invalid delete deleted \
     remove removed exclude excluded duplicate dup hold onhold stop stopped reject rejected \
     declined expired inactive disabled resigned terminated blacklisted blacklist blocked \
     withdrawn revoked suspended ineligible test paid fraud ignore ignored wrong superseded tbd";

/// What makes of such a word something else: a paid member, a test drive.
const NAMES: &str = "member members membership user customer customers order drive driver sms";

/// Whether a text marks its row: it has one of the words, and does not deny it.
pub(in crate::recipients) fn is_marking(text: &str) -> bool {
    if text.is_ascii() {
        return is_english_mark(&text.to_lowercase());
    }
    let parts = parts(text);
    let has = |word: &str| {
        let found = parts.match_indices(word);
        found.into_iter().any(|(at, _)| {
            let (before, behind) = (&parts[..at], &parts[at + word.len()..]);
            !is_denied(before) && !is_otherwise(behind)
        })
    };
    let is_reason = words(REASONS).any(|word| parts.contains(word));
    (!is_reason && words(STRONG).chain(words(WEAK)).any(has))
        || is_not_paid(&parts)
        || is_done(&parts)
        || is_english_mark(&text.to_lowercase())
}

/// Whether the whole of a cell says so.
pub(super) fn is_plain(core: &str) -> bool {
    let bare = core.strip_prefix('已').unwrap_or(core);
    is_of(STRONG, bare) || is_of(PLAIN, bare) || is_of(ENGLISH, core)
}

/// Whether the whole of a name asks or says so: 作废, 已发, `cancelled`.
pub(super) fn is_mark(core: &str) -> bool {
    let bare = core.strip_prefix('已').unwrap_or(core);
    is_plain(core) || is_of(WEAK, bare) || is_of(DONE, core) || is_of(REMARKS, core)
}

/// Whether one of the words stands in the name of a column.
pub(super) fn has_mark(core: &str) -> bool {
    words(STRONG)
        .chain(words(WEAK))
        .any(|word| core.contains(word))
        || is_not_paid(core)
}

/// Whether it is, as a whole, a word for a packet that was paid.
pub(super) fn is_done_word(core: &str) -> bool {
    is_of(DONE, core)
}

/// A text in half-width characters without blanks, any other sign as a comma: 已经 is 已.
fn parts(text: &str) -> String {
    let seen = text
        .chars()
        .filter(|c| !takes_no_place(*c) && !c.is_whitespace());
    let seen = seen
        .map(half_width)
        .map(|c| if c.is_alphanumeric() { c } else { ',' });
    seen.collect::<String>()
        .to_lowercase()
        .replace("已经", "已")
}

/// Whether what stands before a word denies it.
fn is_denied(before: &str) -> bool {
    let words = ["不是", "并非", "没有", "不会", "不要", "请勿"];
    before.ends_with(['未', '不', '无', '没', '非', '防', '勿', '别'])
        || words.iter().any(|word| before.ends_with(word))
}

fn is_otherwise(behind: &str) -> bool {
    words(OTHERWISE).any(|word| behind.starts_with(word))
}

/// Whether something says no to paying: 不付, 先别打款, 停止发放.
fn is_not_paid(parts: &str) -> bool {
    words(PAY).any(|verb| {
        let mut found = parts.match_indices(verb);
        found.any(|(at, _)| {
            let (before, behind) = (&parts[..at], &parts[at + verb.len()..]);
            // 打 and 转 alone are verbs of much else.
            let is_whole = behind.is_empty() || behind.starts_with(',');
            let may_be = !matches!(verb, "打" | "转" | "派") || is_whole;
            may_be && !is_otherwise(behind) && is_no(before)
        })
    })
}

fn is_no(before: &str) -> bool {
    words(NOT).any(|no| {
        let Some(rest) = before.strip_suffix(no) else {
            return false;
        };
        // 特别, 分别, 级别; 差不.
        !rest.ends_with(['特', '分', '级', '类', '性', '区', '个', '差'])
    })
}

/// Whether a packet was paid, says a word that ends there: 已发, 已付50元, 已领取2次, 发过了.
fn is_done(parts: &str) -> bool {
    let ends = |behind: &str| {
        let behind = behind.trim_start_matches(['了', '过', '完', '给']);
        let next = behind.chars().next();
        next.is_none_or(|c| c == ',' || c.is_ascii_digit() || c == '元')
    };
    let is_told = |word: &str| {
        let mut found = parts.match_indices(word);
        found.any(|(at, _)| !is_denied(&parts[..at]) && ends(&parts[at + word.len()..]))
    };
    !parts.contains('未') && words(DONE).any(is_told)
}

/// Whether one of the words stands there and is not denied.
fn is_english_mark(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '\'' | '’');
    // A denial reaches no further than its clause.
    let clauses = text.split(|c: char| !is_letter(c) && !c.is_whitespace() && c != '-' && c != '_');
    let mut clauses = clauses.map(|clause| {
        let words = clause.split(|c: char| !is_letter(c));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    clauses.any(|words| {
        let denies = |word| is_of("not no un never non", word);
        let is_mark = |(at, word): (usize, &&str)| {
            let is_name = words.get(at + 1).is_some_and(|next| is_of(NAMES, next));
            let is_denied = words[..at].last().is_some_and(|before| denies(before));
            is_of(REMARKS, word) && !is_name && !is_denied
        };
        let is_told = |pair: &[&str]| {
            (is_of("not don't dont don’t no", pair[0]) && is_of("pay send issue payment", pair[1]))
                || (pair[0] == "already" && is_of("sent paid issued received redeemed", pair[1]))
                || (is_of("opted opt", pair[0]) && pair[1] == "out")
        };
        words.iter().enumerate().any(is_mark) || words.windows(2).any(is_told)
    })
}
