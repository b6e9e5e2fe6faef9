//! What a header's names and the values below them look like, where they are not what they should.

use super::cell::Row;
use super::currency::{SaidUnits, names_other_money};
use super::id::is_phone;
use super::meaning::{Meaning, core, fold, is_mini_program, is_of_account, meaning_of};
use crate::domain::ids::Openid;
use crate::recipients::fault::missing::{Hint, Needed};
use crate::recipients::fault::place::shown;

/// Rows below the first that are looked at.
const ROWS: usize = 20;

/// The look of the rows below a header.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Below {
    rows: usize,
    /// The row that has the names.
    pub(in crate::recipients) header: Option<u64>,
    /// There are openids above it.
    pub(in crate::recipients) is_below_people: bool,
    phones: Vec<usize>,
    openids: Vec<usize>,
}

impl Below {
    /// Looks at a row; false where enough were seen.
    pub(in crate::recipients) fn look(&mut self, row: &Row) -> bool {
        let is_whom = |cell| meaning_of(cell) == Meaning::Openid || is_near_openid(cell);
        let is_amount = |cell| matches!(meaning_of(cell), Meaning::Amount(_)) || names_amount(cell);
        let is_header = row.cells.iter().any(is_whom) && row.cells.iter().any(is_amount);
        if self.header.is_none() && is_header {
            self.header = Some(row.line);
        }
        self.is_below_people |= self.header.is_none() && row.cells.iter().any(is_openid);
        let width = row.cells.len().max(self.phones.len());
        self.phones.resize(width, 0);
        self.openids.resize(width, 0);
        for (index, cell) in row.cells.iter().enumerate() {
            self.phones[index] += usize::from(is_phone(cell));
            self.openids[index] += usize::from(is_openid(cell));
        }
        self.rows += 1;
        self.rows < ROWS
    }

    /// The columns in which more than half of the rows look so.
    fn columns(&self, seen: &[usize]) -> impl Iterator<Item = usize> {
        let is_it = |index: &usize| seen[*index] * 2 > self.rows;
        (0..seen.len()).filter(is_it)
    }
}

/// What was probably meant, where a header with these names has no such column.
pub(in crate::recipients) fn hint(needed: Needed, names: &[String], below: &Below) -> Hint {
    if names.iter().any(|name| is_openid(name)) {
        return Hint::Data;
    }
    match needed {
        Needed::Openid => openid_hint(names, below),
        Needed::Amount => {
            let mut near: Vec<_> = names
                .iter()
                .filter_map(|name| Some((name, near_amount(name)?)))
                .collect();
            if near.len() > 1 {
                return several(near.iter().map(|(name, _)| name.as_str()));
            }
            near.pop()
                .map(|(_, hint)| hint)
                .or_else(|| names.iter().find_map(|name| near_sum(name)))
                .unwrap_or(Hint::Nothing)
        }
    }
}

/// Names of which a person has to choose.
fn several<'n>(names: impl Iterator<Item = &'n str>) -> Hint {
    let names = names.map(|name| format!("`{}`", shown(name)));
    Hint::Several(names.collect::<Vec<_>>().join(" "))
}

/// Of several that may be the openid nobody but a person knows who is to be paid.
fn openid_hint(names: &[String], below: &Below) -> Hint {
    let near = || names.iter().filter(|name| is_near_openid(name));
    let is_mini = |name: &&String| is_mini_program(&simplified_core(name));
    let mini: Vec<&String> = near().filter(is_mini).collect();
    let near = if mini.is_empty() {
        near().collect()
    } else {
        mini
    };
    // A unionid looks like an openid.
    let is_other = |index: &usize| names.get(*index).is_some_and(|it| is_other_id(it));
    let right = below.columns(&below.openids).filter(|it| !is_other(it));
    let right: Vec<usize> = right.collect();
    let name = |index: usize| names.get(index).filter(|name| !name.is_empty());
    let of_values: Vec<&String> = right.iter().filter_map(|index| name(*index)).collect();
    match (&near[..], &right[..]) {
        ([one], _) => return Hint::Near(shown(one), "openid"),
        ([], []) => {}
        ([], _) if of_values.len() > 1 => {
            return several(of_values.into_iter().map(String::as_str));
        }
        ([], [index, ..]) => {
            let number = Hint::Unnamed(index + 1);
            return name(*index).map_or(number, |name| Hint::Values(shown(name)));
        }
        (near, _) => return several(near.iter().map(|name| name.as_str())),
    }
    let mut by_value = below.columns(&below.phones).filter_map(name);
    let by_name = || names.iter().find(|name| names_phones(name));
    let phones = by_value.next().or_else(by_name);
    let other = || names.iter().find(|name| is_other_id(name));
    let phones = phones.map(|name| Hint::Phones(shown(name)));
    phones
        .or_else(|| other().map(|name| Hint::OtherId(shown(name))))
        .unwrap_or(Hint::Nothing)
}

/// Letters, digits and Chinese characters of a name, in lower case, and the traditional ones of
/// amounts as simplified.
fn simplified_core(name: &str) -> String {
    let simplified = |c| match c {
        '額' => '额',
        '紅' => '红',
        '單' => '单',
        '價' => '价',
        '獎' => '奖',
        '勵' => '励',
        '現' => '现',
        '錢' => '钱',
        '實' => '实',
        '應' => '应',
        '發' => '发',
        other => other,
    };
    core(name).chars().map(simplified).collect()
}

/// `微信openid`, `open_id`, `opneid`.
pub(in crate::recipients) fn is_near_openid(name: &str) -> bool {
    let core = simplified_core(name);
    let is_named = core.contains("openid") && !core.contains("unionid");
    (is_named || is_typo(&core, "openid")) && !is_of_account(&core)
}

pub(in crate::recipients) fn is_other_id(name: &str) -> bool {
    let core = simplified_core(name);
    let others = [
        "unionid",
        "微信号",
        "微信id",
        "wxid",
        "wechatid",
        "微信账号",
        "身份证",
    ];
    others.iter().any(|other| core.contains(other))
        || (core.contains("openid") && is_of_account(&core))
}

/// `姓名`, `客户姓名`, `微信昵称`, `name`.
pub(super) fn names_people(name: &str) -> bool {
    const NAMES: &str = "名字 名称 姓名 昵称 收款人 收件人 领取人 员工 客户 会员 用户 学员 \
         name nickname fullname realname";
    const ENDS: [&str; 4] = ["姓名", "昵称", "名字", "用户名"];
    let core = simplified_core(name);
    NAMES.split(' ').any(|name| name == core)
        || ENDS.iter().any(|end| core.ends_with(end))
        || matches!(
            core.as_str(),
            "微信名" | "username" | "customername" | "customer" | "user"
        )
}

/// `备注`, `说明`, `note`.
pub(super) fn names_notes(name: &str) -> bool {
    let core = simplified_core(name);
    let notes = [
        "备注", "说明", "留言", "祝福", "note", "comment", "memo", "wish",
    ];
    notes.iter().any(|note| core.contains(note))
}

fn names_phones(name: &str) -> bool {
    let core = simplified_core(name);
    let phones = ["手机", "电话", "联系方式", "phone", "mobile", "telephone"];
    phones.iter().any(|phone| core.contains(phone)) || core == "tel"
}

/// `红包金额`, `金额/元`, `amount (RMB)`, `ammount_yuan`.
fn near_amount(name: &str) -> Option<Hint> {
    const WORDS: [&str; 22] = [
        "金额",
        "红包",
        "amount",
        "money",
        "price",
        "单价",
        "数额",
        "面额",
        "面值",
        "奖金",
        "奖励",
        "补贴",
        "返现",
        "现金",
        "佣金",
        "工资",
        "提成",
        "发放额",
        "应发",
        "实发",
        "价格",
        "钱",
    ];
    const NOT: [&str; 12] = [
        "合计", "总", "数量", "个数", "编号", "类型", "名称", "备注", "状态", "时间", "日期",
        "大写",
    ];
    let core = simplified_core(name);
    let is_sign = matches!(fold(name).as_str(), "¥" | "￥");
    // 返利(元) is an amount by its unit; points are counted in 分 too.
    let is_unit = is_sign || core == "分" || SaidUnits::of_name(name).is_yuan;
    let typo = ["amount", "amountyuan", "amountfen"]
        .into_iter()
        .find(|it| is_typo(&core, it));
    let is_named = WORDS.iter().any(|word| core.contains(word));
    if (!is_named && !is_unit && typo.is_none()) || NOT.iter().any(|word| core.contains(word)) {
        return None;
    }
    Some(with_unit(name))
}

/// Whether a name is that of an amount.
pub(super) fn names_amount(name: &str) -> bool {
    near_amount(name).is_some()
}

/// `合计`, where nothing else is an amount.
fn near_sum(name: &str) -> Option<Hint> {
    let core = simplified_core(name);
    let is_sum = ["合计", "总额", "总金额", "小计"]
        .iter()
        .any(|word| core.contains(word));
    is_sum.then(|| with_unit(name))
}

fn with_unit(name: &str) -> Hint {
    let said = SaidUnits::of_name(name);
    let is_other = names_other_money(name) || said.is_other;
    let name = shown(name);
    if is_other {
        return Hint::OtherUnit(name);
    }
    match (said.is_yuan, said.is_fen) {
        (true, false) => near_in_script(name, "amount_yuan", "金额(元)"),
        (false, true) => near_in_script(name, "amount_fen", "金额(分)"),
        _ => Hint::NearAmount(name),
    }
}

/// Who writes English names is led to one.
fn near_in_script(name: String, english: &'static str, chinese: &'static str) -> Hint {
    let right = if name.is_ascii() { english } else { chinese };
    Hint::Near(name, right)
}

/// Whether one letter is missing, too many, another one, or changed places with the next.
pub(super) fn is_typo(name: &str, right: &str) -> bool {
    let (name, right) = (name.as_bytes(), right.as_bytes());
    let same = name.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (name, right) = (&name[same..], &right[same..]);
    let is_swap = name.len() == right.len()
        && name.len() >= 2
        && (name[0], name[1]) == (right[1], right[0])
        && name[2..] == right[2..];
    same > 0
        && match (name, right) {
            ([], []) => false,
            ([_, a @ ..], [_, b @ ..]) if a == b => true,
            ([_, rest @ ..], _) if rest == right => true,
            (_, [_, rest @ ..]) if rest == name => true,
            _ => is_swap,
        }
}

/// What openids look like: no name is so long, begins so and has letters in both cases or a digit.
pub(in crate::recipients) fn is_openid(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() == 28 && cell.starts_with('o') && cell.chars().all(Openid::may_hold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn another_unit_is_never_called_yuan() {
        for name in [
            "金额(万元)",
            "金额（角）",
            "Amount (USD)",
            "奖金($)",
            "金额：港币",
            "金额(欧元)",
            "金额（日元）",
            "amount_eur",
        ] {
            let told = Hint::OtherUnit(name.to_owned());
            assert_eq!(near_amount(name), Some(told), "{name}");
        }
    }

    #[test]
    fn near_names_are_known() {
        for name in [
            "微信openid",
            "open_id",
            "open id",
            "Open-ID",
            "OPENID(必填)",
            "用户OpenId号",
            "opnid",
            "openId：",
            "opneid",
            "oopenid",
            "openud",
            "小程序openid",
            "user_openid",
            "*openid",
        ] {
            assert!(is_near_openid(name), "{name}");
        }
        for name in [
            "unionid",
            "openid_unionid",
            "公众号openid",
            "gzh_openid",
            "服务号 OpenID",
            "id",
            "open",
            "姓名",
            "pen",
            "penid2",
            "",
        ] {
            assert!(!is_near_openid(name), "{name}");
        }
        let near = |name: &str| Some(near_in_script(name.to_owned(), "amount_yuan", "金额(元)"));
        for name in [
            "红包金额(元)",
            "红包金额（元）",
            "金额/元",
            "金额：元",
            "金额【元】",
            "金额元",
            "金額(元)",
            "紅包金額（元）",
            "元",
            "amount(RMB)",
            "amount yuan",
            "ammount_yuan",
            "RMB",
            "奖金(元)",
            "发放金额（元）",
            "返利(元)",
            "金额(以元计)",
            "红包金额(单位为元)",
            "amountYuan",
        ] {
            assert_eq!(near_amount(name), near(name), "{name}");
        }
        assert_eq!(near_amount("金额(￥)"), near("金额(￥)"));
        assert_eq!(near_amount("￥"), near("￥"));
        for name in [
            "红包金额(分)",
            "amount-fen",
            "分",
            "金额（单位：分）",
            "amout_fen",
            "佣金分",
            "金额(以分为单位)",
            "Amount (cents)",
        ] {
            let told = near_in_script(name.to_owned(), "amount_fen", "金额(分)");
            assert_eq!(near_amount(name), Some(told), "{name}");
        }
        for name in [
            "红包金额",
            "红包",
            "amout",
            "Amounts",
            "money",
            "发放金额",
            "奖励",
            "面额",
        ] {
            let told = Hint::NearAmount(name.to_owned());
            assert_eq!(near_amount(name), Some(told), "{name}");
        }
        for name in [
            "姓名",
            "备注",
            "积分",
            "分店",
            "红包数量",
            "红包备注",
            "门店",
            "合计",
            "id",
        ] {
            assert_eq!(near_amount(name), None, "{name}");
        }
    }

    #[test]
    fn a_unit_counts_where_it_stands_as_one() {
        for name in [
            "金额(单位:角)",
            "amount_li",
            "amount_wan",
            "金额（¥ 万）",
            "金额(元)x100",
            "金额(分/100)",
            "金额万",
        ] {
            let told = Hint::OtherUnit(name.to_owned());
            assert_eq!(near_amount(name), Some(told), "{name}");
        }
        for name in [
            "元宵红包",
            "元旦红包金额",
            "单元红包",
            "状元奖励",
            "分销佣金",
            "分享奖励",
            "分红金额",
            "分润金额",
            "分公司奖金",
            "部分金额",
            "评分奖励",
            "fenxiao_amount",
            "yuangong_amount",
            "li_amount",
            "金额(元/分)",
        ] {
            let told = Hint::NearAmount(name.to_owned());
            assert_eq!(near_amount(name), Some(told), "{name}");
        }
    }

    #[test]
    fn columns_of_names_are_known() {
        for name in [
            "姓名",
            "客户姓名",
            "微信昵称",
            "Name",
            "nick_name",
            "Full Name",
            "名字",
            "用户名",
        ] {
            assert!(names_people(name), "{name}");
        }
        for name in [
            "act_name",
            "门店",
            "店名",
            "备注",
            "手机号",
            "filename",
            "openid",
        ] {
            assert!(!names_people(name), "{name}");
        }
    }

    #[test]
    fn phone_numbers_are_known() {
        for cell in [
            "13800138000",
            "+8613800138000",
            "86 138 0013 8000",
            "138-0013-8000",
            "008613800138000",
            "'19912345678",
            "１３８００１３８０００",
        ] {
            assert!(is_phone(cell), "{cell}");
        }
        for cell in [
            "12345678901",
            "1380013800",
            "138001380001",
            "oR4k2v5JRtpBk5x2LzlNEOIo__fZ",
            "",
        ] {
            assert!(!is_phone(cell), "{cell}");
        }
    }

    fn below(rows: &[&[&str]]) -> Below {
        let mut below = Below::default();
        for (line, cells) in (2..).zip(rows) {
            let cells = csv::StringRecord::from(cells.to_vec());
            below.look(&Row {
                line,
                cells,
                ..Row::default()
            });
        }
        below
    }

    #[test]
    fn values_tell_what_a_name_does_not() {
        let openid = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";
        let told = hint(
            Needed::Openid,
            &names(&["账号", "金额"]),
            &below(&[&[openid, "1"]]),
        );
        assert_eq!(told, Hint::Values("账号".to_owned()));
        let phones = below(&[&["张三", "13800138000"], &["李四", "13900139000"]]);
        let told = hint(Needed::Openid, &names(&["姓名", "联系"]), &phones);
        assert_eq!(told, Hint::Phones("联系".to_owned()));
        let told = hint(
            Needed::Openid,
            &names(&["姓名", "手机号"]),
            &Below::default(),
        );
        assert_eq!(told, Hint::Phones("手机号".to_owned()));
        let ids = below(&[&[openid, "1"]]);
        let told = hint(Needed::Openid, &names(&["UnionID", "金额"]), &ids);
        assert_eq!(told, Hint::OtherId("UnionID".to_owned()));
        assert_eq!(
            hint(Needed::Openid, &names(&["", "金额"]), &ids),
            Hint::Unnamed(1)
        );
        let of = |names_of: &[&str]| hint(Needed::Openid, &names(names_of), &Below::default());
        let both = |a: &str, b: &str| Hint::Several(format!("`{a}` `{b}`"));
        for (a, b) in [
            ("邀请人openid", "被邀请人openid"),
            ("invitee_openid", "inviter_openid"),
            ("小程序openid", "xcx_openid"),
        ] {
            assert_eq!(of(&[a, b, "金额(元)"]), both(a, b));
        }
        let two = below(&[&[openid, "oR4k2v5uL4FFQKoKGwRDIOYQ-kVb", "1"]]);
        let told = hint(Needed::Openid, &names(&["推荐人", "用户", "金额"]), &two);
        assert_eq!(told, both("推荐人", "用户"));
        let told = hint(Needed::Openid, &names(&["unionid", "用户", "金额"]), &two);
        assert_eq!(told, Hint::Values("用户".to_owned()));
        let told = hint(Needed::Openid, &names(&[openid, "1.88"]), &Below::default());
        assert_eq!(told, Hint::Data);
        assert_eq!(below(&[&["说明"], &["openid", "金额(元)"]]).header, Some(3));
        let near = ["序号", "用户openid", "红包金额"];
        assert_eq!(below(&[&near, &["1", openid, "1.88"]]).header, Some(2));
        assert_eq!(below(&[&["1", openid, "1.88"]]).header, None);
    }
}
