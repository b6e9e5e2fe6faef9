//! Money that is not yuan, by the words for it: in the name of a column, in a column of
//! currencies, in a number format.

use super::cell::MarkBeside;
use super::meaning::{Meaning, Unit, core, fold, is_of, words};
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::place::shown;

/// Signs of other money.
const SIGNS: &[char] = &[
    '$', '€', '£', '￡', '₩', '₽', '₹', '฿', '₫', '₱', '₺', '₴', '₸',
];

/// Names of other money.
const NAMES: &str = "美元 美金 美刀 港元 港币 港幣 港纸 欧元 歐元 日元 日圆 日圓 日币 英镑 英鎊 澳元 澳币 澳门元 澳门币 \
     葡币 加元 加币 新元 新币 新加坡元 新台币 台币 台幣 臺幣 韩元 韩币 韓元 泰铢 泰銖 卢布 盧布 卢比 盧比 法郎 瑞郎 \
     越南盾 印尼盾 林吉特 马币 令吉 比索 里亚尔 雷亚尔 迪拉姆 克朗 兰特 里拉 外币 外幣 外汇 积分 虚拟币 金币 \
     dollar euro pound sterling yen rupee rouble ruble baht franc peso";

/// Codes of other money, each a word of its own.
const CODES: &str = "usd hkd eur gbp jpy twd ntd mop sgd krw thb rub inr chf aud cad nzd myr idr \
     php vnd mxn brl zar aed sar try sek nok dkk pln czk huf ils kzt mnt mmk lak khr bnd pkr bdt \
     usdt btc eth";

/// Codes that stand alone in a number format, as in `US$` without its sign.
const SHORT: &str = "us hk nt jp au ca sg eu uk";

/// Whether a text names money that is not yuan.
pub(in crate::recipients) fn names_other_money(text: &str) -> bool {
    let folded = fold(text);
    if folded.contains(SIGNS) || words(NAMES).any(|name| folded.contains(name)) {
        return true;
    }
    let mut parts = folded.split(|c: char| !c.is_ascii_alphabetic());
    parts.any(|part| {
        let bare = part.strip_prefix("amount").unwrap_or(part);
        let bare = bare.strip_suffix("amount").unwrap_or(bare);
        is_of(CODES, bare)
    })
}

/// The same of what a number format prints around a number.
pub(in crate::recipients) fn prints_other_money(text: &str) -> bool {
    let folded = fold(text);
    let mut parts = folded.split(|c: char| !c.is_ascii_alphabetic());
    names_other_money(text) || parts.any(|part| is_of(SHORT, part))
}

/// The columns of currencies or of units beside an amount, which are only kept.
#[derive(Debug, Clone, Default)]
pub(in crate::recipients) struct CurrencyColumns {
    /// By index, and whether it may hold anything else too, as 单位 does: departments.
    columns: Vec<(usize, bool)>,
    /// The unit of the amounts; `None` without any.
    unit: Option<Unit>,
}

/// A unit of money that a cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellUnit {
    Yuan,
    Fen,
    /// 角, 万元.
    Other,
}

impl CurrencyColumns {
    pub(super) fn of(names: &[String], meanings: &[Meaning]) -> CurrencyColumns {
        let columns = names.iter().zip(meanings).enumerate();
        let extra = columns.filter(|(_, (_, meaning))| **meaning == Meaning::Extra);
        let found = extra.filter_map(|(index, (name, _))| {
            let is_of_units = names_units(name);
            (is_of_units || names_currencies(name)).then_some((index, is_of_units))
        });
        CurrencyColumns {
            columns: found.collect(),
            unit: meanings.iter().find_map(|meaning| meaning.unit()),
        }
    }

    /// The first column in which a row says that its amount is another money, or of another unit
    /// than its column.
    pub(super) fn other(&self, cells: &csv::StringRecord) -> Option<(usize, Cause)> {
        let unit = self.unit?;
        let mut columns = self.columns.iter();
        columns.find_map(|(index, is_of_units)| {
            let cell = cells.get(*index).unwrap_or("").trim();
            let cause = other(cell, *is_of_units, unit)?;
            Some((*index, cause))
        })
    }
}

fn other(cell: &str, is_of_units: bool, unit: Unit) -> Option<Cause> {
    if cell.is_empty() || cell == "CNY" {
        return None;
    }
    let is_same = |of: CellUnit| match of {
        CellUnit::Yuan => unit != Unit::Fen,
        CellUnit::Fen => unit == Unit::Fen,
        CellUnit::Other => false,
    };
    match unit_of(cell) {
        // `CNY` below amounts of fen is a currency.
        Some(CellUnit::Yuan) if !is_of_units => None,
        Some(of) if is_same(of) => None,
        Some(_) => Some(AmountFault::OtherUnit.into()),
        None if is_of_units => {
            let is_money = cell.chars().count() <= CURRENCY_LONGEST && names_other_money(cell);
            is_money.then_some(Cause::OtherMoney)
        }
        None => (!is_yuan(cell, unit)).then_some(Cause::OtherMoney),
    }
}

const YUAN: &str = "元 圆 圓 块 元整 yuan rmb cny kuai";

const FEN: &str = "分 分钱 人民币分 fen fens cent cents rmbfen cnyfen fenrmb fencny";

const OTHERS: &str =
    "角 毛 厘 十元 百元 百 千元 千 万元 万 亿元 亿 jiao mao li wan kyuan wanyuan qianyuan";

/// The unit of money that a cell names, and nothing else.
fn unit_of(cell: &str) -> Option<CellUnit> {
    let core = core(cell);
    let bare = core.strip_prefix("人民币").unwrap_or(&core);
    let bare = ["单位", "以"]
        .iter()
        .fold(bare, |it, word| it.strip_prefix(word).unwrap_or(it));
    if is_of(YUAN, bare) {
        Some(CellUnit::Yuan)
    } else if is_of(FEN, bare) {
        Some(CellUnit::Fen)
    } else if is_of(OTHERS, bare) {
        Some(CellUnit::Other)
    } else {
        None
    }
}

/// What may stand before a unit in one word with it.
const BEFORE_UNIT: &str = "单位 單位 是 为 以 按 人民币 额 額 钱 錢 红包 紅包 奖金 獎金 奖励 獎勵 佣金 工资 \
     提成 补贴 返现 现金 单价 价格 面值 应发 实发 合计 小计 amount amt money price rmb cny";

/// The units of money that a text says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::recipients) struct SaidUnits {
    pub(super) is_yuan: bool,
    pub(super) is_fen: bool,
    /// 角, 万元, or a factor: `x100`.
    pub(super) is_other: bool,
}

impl SaidUnits {
    /// Those of a name: a unit counts where it stands as one, alone between signs or behind what is
    /// counted in it. 元宵, 分公司 and `fenxiao` name none.
    pub(super) fn of_name(name: &str) -> SaidUnits {
        let folded = fold(name);
        let mut said = SaidUnits {
            is_yuan: folded.contains(['￥', '¥']),
            ..SaidUnits::default()
        };
        for (at, part) in folded.split(|c: char| !c.is_alphanumeric()).enumerate() {
            said.take(part, at == 0);
            let factor = part.strip_prefix('x').unwrap_or(part);
            said.is_other |= is_of("10 100 1000 10000", factor);
        }
        said
    }

    /// Those of a comment: `单位是分，不是元` says fen, and `满 100 元` nothing.
    pub(in crate::recipients) fn of_note(text: &str) -> SaidUnits {
        let folded = fold(text);
        let parts = folded.split(|c: char| !c.is_alphanumeric());
        let (mut said, mut before) = (SaidUnits::default(), "");
        for part in parts.filter(|part| !part.is_empty()) {
            let is_denied = part.starts_with(['不', '非', '勿', '别']) || before == "not";
            if !is_denied && !before.ends_with(|c: char| c.is_ascii_digit()) {
                said.take(part, false);
            }
            before = part;
        }
        said
    }

    fn take(&mut self, part: &str, is_first: bool) {
        let bare = part.strip_suffix("为单位").unwrap_or(part);
        let bare = bare.strip_suffix("填写").unwrap_or(bare);
        let bare = bare.strip_suffix(['计', '填']).unwrap_or(bare);
        let ends = |list: &'static str| {
            words(list).any(|unit| {
                // A name may begin with Li.
                let is_alone = !is_first || !is_of("li mao jiao wan", unit);
                let before = bare.strip_suffix(unit);
                before.is_some_and(|before| {
                    is_alone && before.is_empty()
                        || words(BEFORE_UNIT).any(|word| before.ends_with(word))
                })
            })
        };
        self.is_yuan |= ends(YUAN) || bare == "人民币";
        self.is_fen |= ends(FEN);
        self.is_other |= ends(OTHERS);
    }
}

/// Why the amounts below a name may be of another unit than it says: a comment on it names one.
pub(super) fn noted_unit(notes: &[MarkBeside], column: usize, unit: Unit) -> Option<Cause> {
    let is_other = |note: &&MarkBeside| {
        let said = SaidUnits::of_note(&note.text);
        match unit {
            Unit::Yuan => !said.is_yuan,
            Unit::Fen => !said.is_fen,
            Unit::Unnamed => true,
        }
    };
    let mut notes = notes.iter().filter(|note| note.column == column);
    let text = shown(&notes.find(is_other)?.text);
    Some(AmountFault::NotedUnit(text).into())
}

/// No name of a currency has more characters; names of departments have.
const CURRENCY_LONGEST: usize = 6;

/// `单位`, `Unit`, `amount_unit`, `金额单位`.
fn names_units(name: &str) -> bool {
    let core = core(name);
    let bare = core.strip_suffix('s').unwrap_or(&core);
    matches!(core.as_str(), "单位" | "單位")
        || words("金额单位 金額單位 计量单位 計量單位 计价单位 货币单位 貨幣單位 金额的单位")
            .any(|it| core.contains(it))
        || bare == "unit"
        || words("amount money currency amt fee price sum cash value pay payment packet")
            .any(|of| bare.strip_suffix("unit").is_some_and(|it| it.ends_with(of)))
        || bare.starts_with("unitof")
}

/// `币种`, `Currency`, `金额单位`.
fn names_currencies(name: &str) -> bool {
    let core = core(name);
    let is_it = |word: &str| core.contains(word);
    matches!(core.as_str(), "货币" | "貨幣" | "ccy" | "curr")
        || words("币种 幣種 币别 幣別 货币种类 货币类型 货币代码 货币名称 currency").any(is_it)
}

/// Whether a cell says yuan in one way or several, and nothing else; below a column of fen it may
/// say 分.
fn is_yuan(cell: &str, unit: Unit) -> bool {
    let mut rest = fold(cell);
    for word in words(
        "renminbi chinese china yuan rmb cny cnh cn prc 人民币 人民幣 中国 中國 元 圆 圓 ￥ ¥ 156",
    ) {
        rest = rest.replace(word, "");
    }
    let rest = rest.replace(|c: char| !c.is_alphanumeric() && !SIGNS.contains(&c), "");
    rest.is_empty() || (rest == "分" && unit == Unit::Fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_a_unit_where_it_names_one() {
        let said = |text: &str| {
            let said = SaidUnits::of_note(text);
            (said.is_yuan, said.is_fen, said.is_other)
        };
        for text in [
            "财务:\n单位是分，不是元",
            "单位：分",
            "以分为单位",
            "请按分填写",
            "分",
            "unit: fen",
            "In cents, not yuan",
        ] {
            assert_eq!(said(text), (false, true, false), "{text}");
        }
        for text in ["单位:元", "人民币", "这一列以元计"] {
            assert_eq!(said(text), (true, false, false), "{text}");
        }
        assert_eq!(said("单位：万元"), (false, false, true));
        for text in [
            "",
            "满 100 元 减 5 元",
            "每人 1.88 元",
            "按部分门店分发",
            "元旦活动",
            "小王: 已核对",
        ] {
            assert_eq!(said(text), (false, false, false), "{text}");
        }
    }

    #[test]
    fn other_money_is_known_by_its_words() {
        for text in [
            "金额(美元)",
            "金额（港币）",
            "Amount USD",
            "amount_usd",
            "AmountEUR",
            "USDAmount",
            "US$",
            "€",
            "金额(日元)",
            "欧元",
            "HKD",
            "积分",
            "Amount (Euro)",
        ] {
            assert!(names_other_money(text), "{text}");
        }
        for text in [
            "金额(元)",
            "金额(分)",
            "amount_yuan",
            "人民币",
            "RMB",
            "￥",
            "CNY",
            "元整",
            "金额",
            "usdo",
            "实发金额",
        ] {
            assert!(!names_other_money(text), "{text}");
        }
        assert!(prints_other_money("JP¥") && prints_other_money("NT"));
        assert!(!prints_other_money("元") && !prints_other_money("CN¥"));
    }

    #[test]
    fn a_currency_column_says_yuan_or_another_money() {
        let names = ["openid", "金额(元)", "币种"].map(str::to_owned);
        let meanings = |unit| [Meaning::Openid, Meaning::Amount(unit), Meaning::Extra];
        let column = CurrencyColumns::of(&names, &meanings(Unit::Yuan));
        let other = |cell| column.other(&csv::StringRecord::from(vec!["", "", cell]));
        for cell in [
            "",
            " ",
            "CNY",
            "cny",
            "ＣＮＹ",
            "RMB",
            "人民币",
            "人民币元",
            "人民币(CNY)",
            "CNY-人民币",
            "元",
            "￥",
            "Chinese Yuan",
            "CN¥",
            "156",
        ] {
            assert_eq!(other(cell), None, "{cell}");
        }
        for cell in ["USD", "美元", "HKD", "港币", "$", "日元", "840", "未知"] {
            assert_eq!(other(cell), Some((2, Cause::OtherMoney)), "{cell}");
        }
        for cell in ["分", "万元", "fen"] {
            let unit = AmountFault::OtherUnit.into();
            assert_eq!(other(cell), Some((2, unit)), "{cell}");
        }
        let of_fen = CurrencyColumns::of(&names, &meanings(Unit::Fen));
        assert!(
            of_fen
                .other(&csv::StringRecord::from(vec!["", "", "分"]))
                .is_none()
        );
        for (name, is_it) in [
            ("币种", true),
            ("Currency", true),
            ("currency_code", true),
            ("货币", true),
            ("金额单位", false),
            ("单位", false),
            ("币", false),
            ("门店", false),
        ] {
            assert_eq!(names_currencies(name), is_it, "{name}");
        }
    }

    #[test]
    fn a_column_of_units_says_another_one_or_names_a_department() {
        let names = ["openid", "金额(元)", "单位"].map(str::to_owned);
        let other = |unit, cell| {
            let meanings = [Meaning::Openid, Meaning::Amount(unit), Meaning::Extra];
            let column = CurrencyColumns::of(&names, &meanings);
            let cells = csv::StringRecord::from(vec!["", "", cell]);
            column.other(&cells).map(|(_, cause)| cause)
        };
        let unit = || Some(AmountFault::OtherUnit.into());
        for (of, cell, cause) in [
            (Unit::Yuan, "元", None),
            (Unit::Yuan, "分", unit()),
            (Unit::Unnamed, "分", unit()),
            (Unit::Fen, "分", None),
            (Unit::Fen, "元", unit()),
            (Unit::Yuan, "万元", unit()),
            (Unit::Yuan, "美元", Some(Cause::OtherMoney)),
            (Unit::Yuan, "HKD", Some(Cause::OtherMoney)),
            (Unit::Yuan, "南山分公司", None),
            (Unit::Yuan, "美元业务结算中心", None),
            (Unit::Yuan, "人", None),
            (Unit::Yuan, "fen", unit()),
            (Unit::Yuan, "FEN", unit()),
            (Unit::Unnamed, "Cents", unit()),
            (Unit::Yuan, "人民币(分)", unit()),
            (Unit::Yuan, "单位：分", unit()),
            (Unit::Yuan, "yuan", None),
            (Unit::Yuan, "人民币元", None),
            (Unit::Fen, "yuan", unit()),
            (Unit::Fen, "cent", None),
            (Unit::Fen, "RMB", unit()),
        ] {
            assert_eq!(other(of, cell), cause, "{of:?} {cell}");
        }
    }

    #[test]
    fn every_column_that_may_name_a_unit_is_looked_at() {
        let meanings = [Meaning::Amount(Unit::Yuan), Meaning::Extra, Meaning::Extra];
        let other = |names: [&str; 3], cells: [&str; 3]| {
            let columns = CurrencyColumns::of(&names.map(str::to_owned), &meanings);
            let other = columns.other(&csv::StringRecord::from(cells.to_vec()));
            other.map(|(index, _)| index)
        };
        let row = ["188", "CNY", "fen"];
        for unit in [
            "unit",
            "Units",
            "amount_unit",
            "Amount Unit",
            "amountUnit",
            "money_unit",
            "unit_of_amount",
            "单位",
            "金额单位",
        ] {
            assert_eq!(
                other(["amount_yuan", "currency", unit], row),
                Some(2),
                "{unit}"
            );
        }
        for name in [
            "business_unit",
            "unit_name",
            "community",
            "单位名称",
            "门店",
        ] {
            assert_eq!(
                other(["amount_yuan", "currency", name], row),
                None,
                "{name}"
            );
        }
        let swapped = ["188", "分", "CNY"];
        assert_eq!(other(["amount_yuan", "unit", "currency"], swapped), Some(1));
    }
}
