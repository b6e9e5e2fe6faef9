//! The meaning of a column, by its name.

use crate::domain::text::Field;

use super::cell::{CellKind, Row, half_width, takes_no_place};
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;

/// The column that `rejects.csv` has besides the list's: ignored where it is a list itself.
pub(in crate::recipients) const REASON: &str = "reject_reason";

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipients) enum Meaning {
    Openid,
    Amount(Unit),
    RowKey,
    Text(Field),
    /// Unknown to the tool: kept for the reports, never sent.
    Extra,
    /// Why a row was refused: written by this tool, for a person.
    Reason,
    /// A blank header cell, as a trailing comma makes it.
    Nameless,
}

impl Meaning {
    /// The unit of an amount; `None` where it is none.
    pub(super) fn unit(self) -> Option<Unit> {
        match self {
            Meaning::Amount(unit) => Some(unit),
            Meaning::Openid
            | Meaning::RowKey
            | Meaning::Text(_)
            | Meaning::Extra
            | Meaning::Reason
            | Meaning::Nameless => None,
        }
    }
}

/// The unit of an amount column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipients) enum Unit {
    Yuan,
    Fen,
    /// `amount` alone: yuan where a decimal point says so.
    Unnamed,
}

/// The meaning of a header cell.
pub(in crate::recipients) fn meaning_of(cell: &str) -> Meaning {
    meaning(&fold(cell))
}

/// The name in a header cell: white space around it and a stray byte order mark belong to none,
/// and one that is broken into lines is one name.
pub(super) fn name(cell: &str) -> String {
    let name = cell.trim_matches(|c: char| c.is_whitespace() || takes_no_place(c));
    name.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ")
}

/// The name without what a typist does not see: case, full-width forms, blanks around it and
/// around its brackets, and characters that take no place.
pub(super) fn fold(cell: &str) -> String {
    let name = name(cell);
    let seen = name.chars().filter(|c| !takes_no_place(*c)).map(half_width);
    let seen: String = seen.collect::<String>().to_lowercase();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let words = words.join(" ");
    let words = words.replace(" (", "(").replace("( ", "(");
    words.replace(" )", ")")
}

/// Letters, digits and Chinese characters of a text, half-width and in lower case.
pub(super) fn core(text: &str) -> String {
    let folded = fold(text);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a list of them.
pub(super) fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

/// Whether it is one of the words of a list.
pub(super) fn is_of(list: &'static str, word: &str) -> bool {
    words(list).any(|it| it == word)
}

fn meaning(folded: &str) -> Meaning {
    match folded {
        "" => Meaning::Nameless,
        "openid" | "用户openid" | "re_openid" => Meaning::Openid,
        "amount_yuan" | "金额(元)" | "yuan" => Meaning::Amount(Unit::Yuan),
        "amount_fen" | "金额(分)" | "fen" => Meaning::Amount(Unit::Fen),
        "amount" | "金额" => Meaning::Amount(Unit::Unnamed),
        "row_key" | "业务单号" | "id" => Meaning::RowKey,
        "祝福语" => Meaning::Text(Field::Wishing),
        REASON => Meaning::Reason,
        _ => Field::ALL
            .into_iter()
            .find(|field| field.name() == folded)
            .map_or(Meaning::Extra, Meaning::Text),
    }
}

/// An openid of somebody at another account of the merchant, which WeChat Pay does not know at the
/// mini-program.
pub(super) fn is_of_account(core: &str) -> bool {
    const OTHERS: &str = "公众号 公眾號 公号 服务号 订阅号 gzh official offiaccount oaopenid mpaccount \
         开放平台 企业微信 企微 视频号 h5 网页 app";
    let is_other = OTHERS.split(' ').any(|other| core.contains(other));
    is_other && !is_mini_program(core)
}

/// `小程序openid`, `xcx_openid`.
pub(super) fn is_mini_program(core: &str) -> bool {
    ["小程序", "xcx", "mini", "weapp", "wxapp", "wxa"]
        .iter()
        .any(|word| core.contains(word))
}

/// A name without what stands in brackets: `金额（必填，单位元）` is one.
pub(super) fn outside_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let is_outside = |c: &char| {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    name.chars().filter(is_outside).collect()
}

/// What separates the names of a header that is in one cell, or with the Chinese comma.
pub(super) fn other_delimiter(row: &Row) -> Option<char> {
    let found = |delimiter: &char| {
        let mut names = row.cells.iter();
        names.any(|name| outside_brackets(name).contains(*delimiter))
    };
    let signs = ['，', '；', '|', '\t', ';'];
    signs.into_iter().find(found).or_else(|| joined(row))
}

/// What separates the names of a whole list that stand in one cell, whatever it is.
fn joined(row: &Row) -> Option<char> {
    let mut filled = row.cells.iter().filter(|cell| !cell.trim().is_empty());
    let (Some(names), None) = (filled.next(), filled.next()) else {
        return None;
    };
    let is_list = |sign: &char| {
        let meanings: Vec<Meaning> = names.split(*sign).map(meaning_of).collect();
        let is_amount = |it: &Meaning| matches!(it, Meaning::Amount(_));
        meanings.contains(&Meaning::Openid) && meanings.iter().any(is_amount)
    };
    let is_sign = |c: &char| !c.is_alphanumeric() && *c != '_';
    let sign = outside_brackets(names)
        .chars()
        .filter(is_sign)
        .find(is_list)?;
    Some(if sign.is_whitespace() { ' ' } else { sign })
}

/// The kind of a cell must fit its column. A column that is only kept for the reports may hold
/// anything that a person reads in it; a formula's value is as old as the last calculation, and
/// nothing of that kind is kept as a fact.
pub(in crate::recipients) fn check_kind(meaning: Meaning, kind: CellKind) -> Result<(), Cause> {
    let is_id = matches!(meaning, Meaning::Openid | Meaning::RowKey);
    match kind {
        // What is only kept may be looked up, and may have failed.
        CellKind::Formula | CellKind::Error if meaning == Meaning::Extra => Ok(()),
        CellKind::Formula | CellKind::Uncalculated => Err(Cause::Formula),
        CellKind::Error => Err(Cause::SheetError),
        CellKind::Number
        | CellKind::Yuan
        | CellKind::Fen
        | CellKind::Foreign
        | CellKind::Scaled
            if is_id =>
        {
            Err(Cause::NumberAsId)
        }
        CellKind::Yuan if meaning == Meaning::Amount(Unit::Fen) => {
            Err(AmountFault::YuanAmongFen.into())
        }
        CellKind::Text | CellKind::Number | CellKind::Yuan => Ok(()),
        CellKind::Fen if meaning == Meaning::Amount(Unit::Fen) => Ok(()),
        CellKind::Date | CellKind::Truth | CellKind::Foreign | CellKind::Scaled | CellKind::Fen
            if meaning == Meaning::Extra =>
        {
            Ok(())
        }
        CellKind::Date => Err(Cause::Date),
        CellKind::Foreign => Err(AmountFault::ForeignFormat.into()),
        CellKind::Scaled | CellKind::Fen => Err(Cause::Scaled),
        CellKind::Truth => Err(Cause::Truth),
    }
}
