//! The header: which column means what.

use crate::domain::packet::Columns;

use super::cell::{MarkBeside, Row};
use super::currency::{CurrencyColumns, noted_unit};
use super::marked::MarkColumns;
use super::meaning::{Meaning, Unit, fold, meaning_of, name, other_delimiter};
use super::near::{Below, hint, is_near_openid, is_openid, names_notes, names_people};
use super::unread::{read_as, told};
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::{Fault, Faults};
use crate::recipients::fault::findings::Findings;
use crate::recipients::fault::missing::{Hint, Missing, Needed};
use crate::recipients::fault::place::{Form, Layout, Place, shown};
use crate::words::{Words, faults};

/// The columns of a file, in its order.
#[derive(Debug)]
pub(in crate::recipients) struct Header {
    /// Where it stands.
    pub(in crate::recipients) line: u64,
    pub(in crate::recipients) layout: Layout,
    pub(in crate::recipients) meanings: Vec<Meaning>,
    /// The amount before a name or a text, where a comma separates the two, unless it is of fen.
    pub(in crate::recipients) before_text: Option<usize>,
    /// The columns that name the money of a row.
    pub(super) currencies: CurrencyColumns,
    /// The columns that may mark a row as not to be paid.
    pub(in crate::recipients) marks: MarkColumns,
}

impl Header {
    /// Reads the header row; where a column is missing, `below` has a look at the rows below it.
    pub(in crate::recipients) fn parse(
        row: &Row,
        form: Form,
        below: impl FnOnce() -> Below,
    ) -> Result<Self, Faults> {
        let names: Vec<String> = row.cells.iter().map(name).collect();
        let meanings: Vec<Meaning> = names.iter().map(|name| meaning_of(name)).collect();
        let at = |wanted| meanings.iter().position(|it| *it == wanted);
        let key = at(Meaning::RowKey).or(at(Meaning::Openid)).unwrap_or(0);
        let header = Header {
            line: row.line,
            marks: MarkColumns::of(&names, &meanings),
            currencies: CurrencyColumns::of(&names, &meanings),
            layout: Layout::new(form, names, key),
            meanings,
            before_text: None,
        };
        if form == Form::Text
            && (header.find(Meaning::Openid).is_none() || header.len() == 1)
            && let Some(delimiter) = other_delimiter(row)
        {
            return Err(Fault::of_line(row.line, Cause::Delimiter(delimiter)).into());
        }
        let faults = header.faults(row.line, below);
        if faults.is_empty() {
            Ok(header)
        } else {
            Err(faults)
        }
    }

    /// How many columns there are.
    pub(in crate::recipients) fn len(&self) -> usize {
        self.meanings.len()
    }

    /// Where the first column of this meaning is.
    pub(in crate::recipients) fn find(&self, meaning: Meaning) -> Option<usize> {
        self.meanings.iter().position(|it| *it == meaning)
    }

    /// Where the openid is.
    pub(in crate::recipients) fn openid(&self) -> usize {
        self.find(Meaning::Openid)
            .expect("a header names the openid")
    }

    /// Where the amount is, and its unit.
    pub(in crate::recipients) fn amount(&self) -> (usize, Unit) {
        let mut columns = self.meanings.iter().enumerate();
        columns
            .find_map(|(index, meaning)| Some((index, meaning.unit()?)))
            .expect("a header names the amount")
    }

    /// Remembers where a comma inside an amount would part it in two.
    pub(in crate::recipients) fn parted_by_commas(&mut self, has_commas: bool) {
        let (index, unit) = self.amount();
        let is_text = self
            .meanings
            .get(index + 1)
            .is_some_and(|meaning| match meaning {
                Meaning::Text(_) => true,
                Meaning::Extra => {
                    let name = &self.layout.names()[index + 1];
                    names_people(name) || names_notes(name)
                }
                Meaning::Openid
                | Meaning::Amount(_)
                | Meaning::RowKey
                | Meaning::Reason
                | Meaning::Nameless => false,
            });
        self.before_text = (has_commas && is_text && unit != Unit::Fen).then_some(index);
    }

    /// Whether a row is the header once more.
    pub(in crate::recipients) fn is_again(&self, row: &Row) -> bool {
        let cell = row.cells.get(self.openid()).unwrap_or("");
        // Every name of it is shorter than an openid.
        cell.len() < 24 && meaning_of(cell) == Meaning::Openid
    }

    /// What is known of the list by its header, which stands in `row`.
    pub(in crate::recipients) fn findings(&self, row: &Row) -> Findings {
        let mut findings = Findings::default();
        let told = told(self.layout.names(), &self.meanings, self.amount().0);
        findings.notices.columns(told);
        if let Some(aside) = &row.aside {
            let told = || self.told_aside(row, aside);
            findings.notices.marked.sheet(told);
        }
        let (index, unit) = self.amount();
        if let Some(cause) = noted_unit(&row.units, index, unit) {
            findings.faults.push(Fault::of(self.amount_place(), cause));
        }
        findings
    }

    /// Which columns are read as what, and which are not.
    pub(in crate::recipients) fn read_as(&self) -> Vec<Words> {
        read_as(self.layout.names(), &self.meanings)
    }

    /// The header cell of the amounts.
    pub(in crate::recipients) fn amount_place(&self) -> Place {
        self.layout.cell(self.line, self.amount().0)
    }

    /// The first column of names of people.
    pub(in crate::recipients) fn person(&self) -> Option<usize> {
        let mut columns = self.layout.names().iter().zip(&self.meanings);
        columns.position(|(name, meaning)| *meaning == Meaning::Extra && names_people(name))
    }

    /// A cell as a person finds it: its place, the person of the row, and what stands there.
    pub(in crate::recipients) fn told(&self, row: &Row, index: usize) -> Words {
        let place = self.told_person(row, index);
        faults::place_value(place, shown(row.cells.get(index).unwrap_or("").trim()))
    }

    fn told_person(&self, row: &Row, index: usize) -> Words {
        let name = self.person().and_then(|column| row.cells.get(column));
        let place = self.layout.cell(row.line, index).words();
        match name.filter(|name| name.contains(char::is_alphabetic)) {
            Some(name) => faults::place_person(place, shown(name.trim())),
            None => place,
        }
    }

    /// What stands beside the value of a cell, as a person finds it.
    pub(in crate::recipients) fn told_aside(&self, row: &Row, aside: &MarkBeside) -> Words {
        let (place, text) = (self.told_person(row, aside.column), shown(&aside.text));
        if aside.is_comment {
            faults::place_comment(place, text)
        } else {
            faults::place_printed(place, text)
        }
    }

    /// The columns that the ledger and the reports need.
    pub(in crate::recipients) fn columns(&self) -> Columns {
        let is_extra = |(_, meaning): &(_, &Meaning)| **meaning == Meaning::Extra;
        let extra = self.layout.names().iter().zip(&self.meanings);
        Columns {
            has_row_key: self.meanings.contains(&Meaning::RowKey),
            extra: extra
                .filter(is_extra)
                .map(|(name, _)| name.clone())
                .collect(),
        }
    }

    fn faults(&self, line: u64, below: impl FnOnce() -> Below) -> Faults {
        let mut faults = Faults::default();
        for (index, name) in self.layout.names().iter().enumerate() {
            let cause = match name.chars().find(|c| c.is_control()) {
                Some(control) => Some(Cause::Control(control)),
                None => self.clash(index),
            };
            if let Some(cause) = cause {
                faults.push(Fault::of_cell(self.layout.cell(line, index), name, cause));
            }
        }
        for cause in self.missing(below) {
            faults.push(Fault::of(self.layout.row(line), cause));
        }
        faults
    }

    /// What the header should name and does not.
    fn missing(&self, below: impl FnOnce() -> Below) -> Vec<Cause> {
        let has_amount = self.meanings.iter().copied().any(is_amount);
        let has_openid = self.find(Meaning::Openid).is_some();
        if has_amount && has_openid {
            return Vec::new();
        }
        let below = below();
        let names = self.layout.names();
        if !has_openid && let Some(row) = below.header {
            let place = Box::new(self.layout.row(row));
            let has_people = below.is_below_people || names.iter().any(|it| is_openid(it));
            return vec![if has_people {
                Cause::PeopleAbove(place)
            } else {
                Cause::HeaderBelow(place)
            }];
        }
        let filled = names.iter().filter(|name| !name.is_empty()).count();
        let hints = [Needed::Openid, Needed::Amount].map(|needed| hint(needed, names, &below));
        // One name above several columns is a title, whatever word of a column is in it.
        let is_title = names.len() > 1 && !matches!(hints[0], Hint::Near(..) | Hint::Data)
            || hints.iter().all(|hint| *hint == Hint::Nothing);
        if !has_openid && !has_amount && filled == 1 && is_title {
            return vec![Cause::Title];
        }
        let [whom, how_much] = hints;
        let has_openid = has_openid && whom != Hint::Data;
        let has_amount = has_amount || whom == Hint::Data;
        let found = found(names);
        let missing = [
            (!has_openid).then_some((Needed::Openid, whom)),
            (!has_amount).then_some((Needed::Amount, how_much)),
        ];
        let missing = missing.into_iter().flatten().map(|(needed, hint)| {
            let found = found.clone();
            Box::new(Missing {
                needed,
                found,
                hint,
            })
            .into()
        });
        missing.collect()
    }

    /// How the column clashes with one to its left.
    fn clash(&self, index: usize) -> Option<Cause> {
        let meaning = self.meanings[index];
        let before = &self.meanings[..index];
        match meaning {
            Meaning::Nameless => None,
            Meaning::Extra => {
                let names = self.layout.names();
                let folded = fold(&names[index]);
                let is_known = names[..index].iter().any(|name| fold(name) == folded);
                is_known.then_some(Cause::DuplicateColumn)
            }
            _ if before.contains(&meaning) => Some(Cause::DuplicateColumn),
            Meaning::Amount(_) if before.iter().copied().any(is_amount) => Some(Cause::TwoAmounts),
            _ => None,
        }
    }
}

fn is_amount(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Amount(_))
}

/// Names told of a header that has more.
const NAMES_TOLD: usize = 12;

/// The names of a header, for a person who looks for one.
fn found(names: &[String]) -> String {
    let filled = names.iter().filter(|name| !name.is_empty());
    let told = filled.clone().take(NAMES_TOLD);
    let told: Vec<String> = told.map(|name| format!("`{}`", shown(name))).collect();
    let rest = if filled.count() > NAMES_TOLD {
        " …"
    } else {
        ""
    };
    told.join(" ") + rest
}

/// Whether a header cell is the openid's or nearly, or an amount's.
pub(in crate::recipients) fn names_openid(cell: &str) -> bool {
    match meaning_of(cell) {
        Meaning::Openid | Meaning::Amount(_) => true,
        Meaning::Extra => is_near_openid(cell) && !cell.contains(['\t', ';', '|', '，', '；']),
        Meaning::RowKey | Meaning::Text(_) | Meaning::Reason | Meaning::Nameless => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Field;

    fn parse(cells: &[&str]) -> Result<Header, Vec<(Option<String>, Cause)>> {
        let row = Row {
            line: 1,
            cells: csv::StringRecord::from(cells.to_vec()),
            ..Row::default()
        };
        Header::parse(&row, Form::Text, Below::default).map_err(|faults| {
            let places = faults.listed().iter();
            places
                .map(|f| (f.place.column().map(str::to_owned), f.cause.clone()))
                .collect()
        })
    }

    #[test]
    fn every_alias_is_known_in_any_case_and_width() {
        let header = parse(&[
            " ＲＥ_OpenID ",
            "金额（元）",
            "业务单号",
            "祝福语",
            "Remark",
        ]);
        assert_eq!(
            header.unwrap().meanings,
            [
                Meaning::Openid,
                Meaning::Amount(Unit::Yuan),
                Meaning::RowKey,
                Meaning::Text(Field::Wishing),
                Meaning::Text(Field::Remark),
            ]
        );
        for name in ["金额(分)", "金额（分）", "FEN", "amount_fen\u{3000}"] {
            let header = parse(&["用户openid", name]).unwrap();
            assert_eq!(header.meanings[1], Meaning::Amount(Unit::Fen), "{name}");
        }
    }

    #[test]
    fn unknown_columns_are_kept_under_their_own_names() {
        let columns = parse(&["openid", "门店", "yuan", "Note ", ""])
            .unwrap()
            .columns();
        assert_eq!(columns.extra, ["门店", "Note"]);
        assert!(!columns.has_row_key);
        assert!(
            parse(&["openid", "fen", "ID"])
                .unwrap()
                .columns()
                .has_row_key
        );
    }

    fn missing(needed: Needed, found: &str, hint: Hint) -> Cause {
        let found = found.to_owned();
        Box::new(Missing {
            needed,
            found,
            hint,
        })
        .into()
    }

    #[test]
    fn what_nobody_sees_in_a_name_does_not_matter() {
        for (name, unit) in [
            ("金额 (元)", Unit::Yuan),
            ("金额 （元）", Unit::Yuan),
            ("金额( 元 )", Unit::Yuan),
            ("金额\n(元)", Unit::Yuan),
            ("金额\u{200B}（元）", Unit::Yuan),
            ("\u{200B}金额\u{A0}（分） ", Unit::Fen),
            ("Amount_Fen\u{FEFF}", Unit::Fen),
            ("金\u{200D}额", Unit::Unnamed),
        ] {
            for openid in [
                "openid",
                "\u{200B}openid",
                "open\u{200C}id",
                "用户 openid",
                "OpenID\n",
            ] {
                let parsed = parse(&[openid, name, "门店\n(全称)"]);
                if openid.contains("用户") {
                    assert_eq!(
                        parsed.unwrap_err().len(),
                        1,
                        "{openid}: a blank between words"
                    );
                    continue;
                }
                let header = parsed.unwrap();
                assert_eq!(header.meanings[0], Meaning::Openid, "{openid:?}");
                assert_eq!(header.meanings[1], Meaning::Amount(unit), "{name:?}");
                assert_eq!(header.columns().extra, ["门店 (全称)"]);
            }
        }
    }

    #[test]
    fn what_stands_in_brackets_separates_nothing() {
        let faults = parse(&["OpenID（必填，勿改）", "金额（元；必填）"]).unwrap_err();
        let found = "`OpenID（必填，勿改）` `金额（元；必填）`";
        let near = |name: &str, right| Hint::Near(name.to_owned(), right);
        let whom = near("OpenID（必填，勿改）", "openid");
        let how_much = near("金额（元；必填）", "金额(元)");
        assert_eq!(
            faults,
            [
                (None, missing(Needed::Openid, found, whom)),
                (None, missing(Needed::Amount, found, how_much)),
            ]
        );
    }

    #[test]
    fn a_missing_column_is_told_beside_those_that_are_there() {
        let faults = parse(&["微信openid", "红包金额"]).unwrap_err();
        let found = "`微信openid` `红包金额`";
        let near = Hint::Near("微信openid".to_owned(), "openid");
        let amount = Hint::NearAmount("红包金额".to_owned());
        assert_eq!(
            faults,
            [
                (None, missing(Needed::Openid, found, near)),
                (None, missing(Needed::Amount, found, amount)),
            ]
        );
        assert_eq!(
            faults[1].1.to_string(),
            "no column is named `amount_yuan` (`金额(元)`) or `amount_fen` (`金额(分)`); the header \
             has `微信openid` `红包金额`: `红包金额` seems to be it; rename it to `amount_yuan` or \
             `amount_fen`, as its numbers are"
        );
    }

    #[test]
    fn every_fault_of_a_header_is_found_at_once() {
        let faults = parse(&["amount", "fen", "门店", "门店", "a\0b"]).unwrap_err();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            faults,
            [
                (some("fen"), Cause::TwoAmounts),
                (some("门店"), Cause::DuplicateColumn),
                (some("a\\0b"), Cause::Control('\0')),
                (
                    None,
                    missing(
                        Needed::Openid,
                        "`amount` `fen` `门店` `门店` `a\\0b`",
                        Hint::Nothing
                    )
                ),
            ]
        );
        let faults = parse(&["openid", "re_openid"]).unwrap_err();
        assert_eq!(
            faults,
            [
                (some("re_openid"), Cause::DuplicateColumn),
                (
                    None,
                    missing(Needed::Amount, "`openid` `re_openid`", Hint::Nothing)
                ),
            ]
        );
    }

    #[test]
    fn another_delimiter_is_named() {
        for (header, delimiter) in [
            ("openid\tfen", '\t'),
            ("openid;fen", ';'),
            ("openid，fen", '，'),
            ("openid，金额（必填；单位元）", '，'),
            ("openid、金额(元)", '、'),
            ("openid^amount_yuan^name", '^'),
            ("name\u{1}openid\u{1}fen", '\u{1}'),
            ("openid   amount_yuan", ' '),
        ] {
            let faults = parse(&[header]).unwrap_err();
            assert_eq!(faults, [(None, Cause::Delimiter(delimiter))]);
        }
    }
}
