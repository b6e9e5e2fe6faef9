//! Total rows that people leave in and below a list: checked against the rows, and paid to nobody.

use crate::domain::money::{Fen, MoneyFault};

use super::amount::{NoAmount, amount};
use super::cell::{CellKind, Row, half_width, takes_no_place};
use super::header::Header;
use super::meaning::{Unit, is_of, words};
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::Fault;
use crate::recipients::sums::RowSums;

/// Words of a total; the longer ones first, since a text is read from its beginning.
const WORDS: &str =
    "合计数 合计 汇总 总和 总计 共计 累计 总共 总额 总数 grandtotal totals total sum ttl";

/// Words of a total of some rows.
const SUBTOTALS: &str = "小计 subtotal sub-total";

/// Words that stand beside one.
const BESIDE: &str = "总金额 金额 本页 本表 以上 名单 红包 应发 实发 应付 实付 本次 本月 本期 活动 人民币 共 元 amount yuan of";

/// Words that say that a number counts people; the longer ones first.
const COUNTS: &str = "总人数 总笔数 总个数 总份数 总条数 总人次 人数 笔数 个数 份数 条数 行数 户数 人次 数量 headcount count \
     number people persons rows";

/// What makes a number one of people.
const PEOPLE: &str = "人 名 位 个 笔 行 条 份 people rows";

/// A total row, by what stands in its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::recipients) struct TotalRow {
    /// Of the rows since the last one of its kind, and not of all.
    pub(in crate::recipients) is_of_part: bool,
    /// Whether a word of a total stands in it, and not only a number of people.
    is_named: bool,
    /// Whether it says that its number counts people.
    counts_people: bool,
    people: Option<u64>,
    /// The same number, where nothing says of what it is one.
    bare: Option<u64>,
    amount: Option<String>,
}

/// The row as a total: a cell says so, and the openid's is blank or the one that does.
pub(in crate::recipients) fn total_row(header: &Header, row: &Row) -> Option<TotalRow> {
    let openid = row.cells.get(header.openid())?;
    // An openid is longer than every word: this is all that a common row costs.
    if openid.len() >= 16 && openid.is_ascii() {
        return None;
    }
    let is_filler = |cell: &str| cell.trim().chars().all(|c| "-—–－/_".contains(c));
    // A number of people may stand there, and the words before it.
    let people = people_in(openid).or_else(|| openid.trim().parse().ok());
    if !is_filler(openid) && people.is_none() {
        return said(openid).map(|total| total.with_people(row));
    }
    let mut cells = row.cells.iter().filter(|cell| !is_filler(cell));
    let first = cells.next()?;
    // A person may have the note 共2人; a total row begins with it.
    let total = said(first)
        .or_else(|| of_group(first))
        .or_else(|| cells.filter_map(said).find(|total| total.is_named));
    total.map(|mut total| {
        total.people = total.people.or(people);
        total.with_people(row)
    })
}

/// `甲 汇总`, `A Total`: what a spreadsheet writes below the rows of a group.
fn of_group(cell: &str) -> Option<TotalRow> {
    let cell = cell.trim().to_lowercase();
    let ends = ["汇总", "小计", " total", " subtotal", " sum"];
    let group = ends.iter().find_map(|end| cell.strip_suffix(end))?;
    let is_group = !group.trim().is_empty() && group.len() <= GROUP_MAX;
    is_group.then(|| TotalRow {
        is_of_part: !matches!(group.trim(), "grand" | "总"),
        is_named: true,
        ..TotalRow::default()
    })
}

/// No name of a group is longer, in bytes.
const GROUP_MAX: usize = 60;

/// The number in a cell of people alone: `2人`.
fn people_in(cell: &str) -> Option<u64> {
    let text: String = cell.trim().chars().map(half_width).collect();
    let end = text.find(|c| !is_digit(c))?;
    let (number, behind) = text.split_at(end);
    let is_people = is_of(PEOPLE, behind.trim());
    number.parse().ok().filter(|_| is_people)
}

/// What a cell says of a total: `合计`, `小计：`, `合计2人`, `共 2 人，合计 5.64 元`, `Total (2)`. None
/// where anything else stands in it.
fn said(cell: &str) -> Option<TotalRow> {
    // Every word is short.
    if cell.len() > 96 || cell.is_empty() {
        return None;
    }
    let seen = cell.chars().filter(|c| !takes_no_place(*c)).map(half_width);
    let is_between = |c: char| c.is_whitespace() || ":;,。、()[]【】=—*".contains(c);
    let text: String = seen.filter(|c| !is_between(*c)).collect();
    let text = text.to_lowercase();
    let (mut total, mut is_counted, mut rest) = (TotalRow::default(), false, text.as_str());
    while !rest.is_empty() {
        if let Some(behind) = after_any(rest, SUBTOTALS) {
            (total.is_named, total.is_of_part, rest) = (true, true, behind);
        } else if let Some(behind) = after_any(rest, WORDS) {
            (total.is_named, rest) = (true, behind);
        } else if let Some(behind) = rest.strip_prefix("总金额") {
            (total.is_named, rest) = (true, behind);
        } else if let Some(behind) = after_any(rest, COUNTS) {
            (total.counts_people, rest) = (true, behind);
        } else if total.is_named && is_of(PEOPLE, rest) {
            (total.counts_people, rest) = (true, "");
        } else if let Some(behind) = after_any(rest, BESIDE) {
            is_counted |= rest.starts_with('共') && behind.starts_with(is_digit);
            rest = behind;
        } else {
            rest = total.take_number(rest)?;
        }
    }
    total.is_named |= total.counts_people;
    (is_counted || total.is_named).then_some(total)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn after_any<'t>(text: &'t str, list: &'static str) -> Option<&'t str> {
    words(list).find_map(|word| text.strip_prefix(word))
}

impl TotalRow {
    /// The number of people may stand in a cell of its own.
    fn with_people(mut self, row: &Row) -> TotalRow {
        self.people = self.people.or_else(|| row.cells.iter().find_map(people_in));
        self
    }

    /// A number at the beginning of the text, of people or of money; what stands behind it.
    fn take_number<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let bare = text.strip_prefix(['￥', '¥']).unwrap_or(text);
        let is_part = |c: char| is_digit(c) || c == '.';
        let end = bare.find(|c| !is_part(c)).unwrap_or(bare.len());
        let (number, behind) = bare.split_at(end);
        if number.is_empty() {
            return None;
        }
        if let Some(behind) = after_any(behind, PEOPLE) {
            self.people = Some(number.parse().ok()?);
            return Some(behind);
        }
        let is_money = bare.len() < text.len() || behind.starts_with('元') || number.contains('.');
        if is_money {
            self.amount = Some(number.to_owned());
        } else {
            // A number of something: of people, if it is theirs.
            self.people = Some(number.parse().ok()?);
            self.bare = self.people;
        }
        Some(behind.strip_prefix('元').unwrap_or(behind))
    }

    /// Says so where the row counts other rows, or its amount is not their sum.
    pub(in crate::recipients) fn check(
        &self,
        header: &Header,
        row: &Row,
        sums: RowSums,
    ) -> Result<(), Fault> {
        let (index, unit) = header.amount();
        let cell = row.cells.get(index).unwrap_or("").trim();
        let is_said = said(cell).is_some() || people_in(cell).is_some();
        if let Some(people) = self.people.filter(|says| *says != sums.rows) {
            let rows = sums.rows;
            let mut cause = Cause::TotalPeople { says: people, rows };
            // `合计：10` may as well be money, where no other cell has the sum.
            let is_bare = self.bare == Some(people) && !self.counts_people;
            let is_money = is_bare && (cell.is_empty() || is_said);
            if is_money && let Ok(says) = read(unit, &people.to_string(), CellKind::Text) {
                let sum = sums.money;
                if says == sum {
                    return Ok(());
                }
                cause = Cause::TotalDiffers { says, sum };
            }
            return Err(Fault::of(header.layout.row(row.line), cause));
        }
        if self.counts_people && self.people.is_none() {
            let told = counts(cell, row, sums)
                .map_err(|cause| Fault::of(header.layout.row(row.line), cause))?;
            if told {
                return Ok(());
            }
        }
        let fault = |cause| Fault::of_cell(header.layout.cell(row.line, index), cell, cause);
        // The words may stand in the column of the amounts, with or without the sum.
        let says = match (&self.amount, cell.is_empty() || is_said) {
            (Some(amount), true) => read(Unit::Yuan, amount, CellKind::Text),
            (None, true) if self.people.is_some() && row.kind(index) != CellKind::Formula => {
                return Ok(());
            }
            (None, true) if row.kind(index) == CellKind::Formula => Err(Cause::TotalFormula),
            (None, true) => Err(Cause::TotalBlank),
            (_, false) => read(unit, cell, row.kind(index)),
        };
        let (says, sum) = (says.map_err(fault)?, sums.money);
        if says == sum {
            Ok(())
        } else {
            Err(fault(Cause::TotalDiffers { says, sum }))
        }
    }
}

/// Looks for the number of people in a row that says it has one; whether it stands in the cell
/// of the amounts, or that cell is blank.
fn counts(amount: &str, row: &Row, sums: RowSums) -> Result<bool, Cause> {
    let whole = |cell: &str| cell.trim().parse::<u64>().ok();
    let mut numbers = row.cells.iter().filter_map(whole);
    let Some(first) = numbers.next() else {
        return Ok(false);
    };
    let is_right = first == sums.rows || numbers.any(|number| number == sums.rows);
    let is_money = || Fen::from_yuan(amount).is_ok_and(|says| says == sums.money);
    match whole(amount) {
        _ if !is_right && !is_money() => Err(Cause::TotalPeople {
            says: first,
            rows: sums.rows,
        }),
        Some(number) => Ok(number == sums.rows),
        None => Ok(amount.is_empty()),
    }
}

/// The rows have said the unit: a total of `3` below `1.50` and `1.50` is in yuan.
fn read(unit: Unit, cell: &str, kind: CellKind) -> Result<Fen, Cause> {
    let is_number = match kind {
        CellKind::Number | CellKind::Yuan | CellKind::Formula => true,
        CellKind::Fen if unit == Unit::Fen => true,
        CellKind::Uncalculated => return Err(Cause::TotalFormula),
        CellKind::Text => false,
        CellKind::Date
        | CellKind::Truth
        | CellKind::Error
        | CellKind::Fen
        | CellKind::Foreign
        | CellKind::Scaled => {
            return Err(MoneyFault::NotANumber.into());
        }
    };
    let cell = if is_number {
        rounded(cell)
    } else {
        cell.to_owned()
    };
    match amount(unit, &cell, kind) {
        Ok(amount) => Ok(amount),
        // The column is right whatever a person wrote below it: a total is only compared.
        Err(NoAmount::Fault(Cause::Amount(AmountFault::YuanAmongFen))) => {
            read(Unit::Yuan, &cell, kind)
        }
        Err(NoAmount::Fault(Cause::Amount(AmountFault::FenAmongYuan))) => {
            read(Unit::Fen, &cell, kind)
        }
        Err(NoAmount::NoUnit { as_yuan, .. }) => Ok(as_yuan),
        Err(NoAmount::Fault(Cause::Money(MoneyFault::Blank))) => Err(Cause::TotalBlank),
        Err(NoAmount::Fault(cause)) => Err(cause),
    }
}

/// A sheet's own sum carries the noise of its floats, as 527.1200000000001; it is only compared.
fn rounded(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(sum) if cell.len() > 12 => {
            let text = format!("{sum:.2}");
            text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
        }
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_in_a_cell_of_their_own_too() {
        for (cell, people) in [
            ("2人", Some(2)),
            (" ２ 人", Some(2)),
            ("12笔", Some(12)),
            ("2", None),
            ("人", None),
            ("2人份", None),
            ("", None),
        ] {
            assert_eq!(people_in(cell), people, "{cell}");
        }
    }

    #[test]
    fn what_people_write_of_totals_is_known() {
        let plain = TotalRow {
            is_named: true,
            ..TotalRow::default()
        };
        for cell in [
            "合计",
            "总计",
            "共计：",
            "合 计",
            "合计金额",
            "总额",
            "总金额",
            "Total",
            "TOTAL:",
            "Grand Total",
            "金额合计",
            "合计(元)",
            "Sum",
            "合计（元）：",
            "总数",
        ] {
            assert_eq!(said(cell), Some(plain.clone()), "{cell}");
        }
        for cell in [
            "人数合计",
            "总人数",
            "人数",
            "合计人数",
            "合计（人）",
            "总笔数",
            "笔数：",
            "数量合计",
            "Count",
            "Total people",
            "Total number of rows",
        ] {
            assert_eq!(said(cell).map(|it| it.counts_people), Some(true), "{cell}");
        }
        for cell in ["小计", "小计：", "Subtotal", "Sub-total", "本页小计"] {
            assert_eq!(said(cell).map(|it| it.is_of_part), Some(true), "{cell}");
        }
        for cell in [
            "合计2人",
            "共2人",
            "共 2 人",
            "合计：2人",
            "总计(2人)",
            "共计2笔",
            "总人数2",
            "合计 ２ 人",
            "Total 2",
            "Total: 2 people",
            "共2个红包",
            "合计2名",
            "总人数：2人",
        ] {
            assert_eq!(said(cell).and_then(|it| it.people), Some(2), "{cell}");
        }
        for cell in [
            "合计：5.64元",
            "合计5.64",
            "共2人，合计5.64元",
            "Total ￥5.64",
            "合计2人共5.64元",
        ] {
            let amount = said(cell).and_then(|it| it.amount);
            assert_eq!(amount.as_deref(), Some("5.64"), "{cell}");
        }
        for cell in [
            "",
            "元",
            "共享单车",
            "张三",
            "金额",
            "合计科技有限公司",
            "共同好友",
            "Totalenergies",
            "2人",
            "人数众多",
            "合计未发",
            "5.64",
            "共",
            "oR4k2v5JRtpBk5x2LzlNEOIo__fZ",
        ] {
            assert_eq!(said(cell), None, "{cell}");
        }
    }
}
