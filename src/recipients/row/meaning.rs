//! The meaning of a column, by its name.

use crate::domain::text::Field;

use super::cell::{half_width, takes_no_place};

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
