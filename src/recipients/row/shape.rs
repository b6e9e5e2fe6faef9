//! Whether a row has the cells of its header, and cells that are values.

use csv::StringRecord;

use super::around::is_sheet_error;
use super::cell::{CellKind, Row, is_digits};
use super::header::Header;
use super::meaning::{Meaning, Unit};
use super::near::Below;
use crate::recipients::fault::amount_fault::AmountFault;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::{Fault, Faults};
use crate::recipients::fault::form_fault::FormFault;
use crate::recipients::fault::place::{Form, Layout};

/// Makes a text's row as wide as its header. Blank cells behind the last column say nothing, on
/// either side: a spreadsheet writes as many commas as its widest row has. They may also make up
/// for a comma inside an amount, though: `1,000,,` is left as it is.
pub(in crate::recipients) fn fit(header: &Header, row: &mut Row) {
    let (mut cells, columns) = (row.cells.len(), header.len());
    if cells == columns || header.layout.form() == Form::Sheet {
        return;
    }
    let is_nameless = |meaning: &Meaning| *meaning == Meaning::Nameless;
    if cells < columns && header.meanings[cells..].iter().all(is_nameless) {
        (cells..columns).for_each(|_| row.cells.push_field(""));
        row.is_fitted = true;
    }
    let (amount, _) = header.amount();
    let has_digits = |index| {
        row.cells
            .get(index)
            .is_some_and(|cell| is_digits(cell.trim()))
    };
    if has_digits(amount) && has_digits(amount + 1) {
        return;
    }
    while cells > columns && row.cells[cells - 1].trim().is_empty() {
        cells -= 1;
        row.cells.truncate(cells);
        row.is_fitted = true;
    }
}

/// What is wrong beside the quotes of a row. A quote behind a blank matters where the cell is read,
/// or a comma in it parts the cell; one that is only kept for the reports may be what it is.
pub(in crate::recipients) fn beside_quotes(header: &Header, row: &Row) -> Option<Faults> {
    let found = &row.beside_quotes;
    let is_parted = row.cells.len() != header.len();
    let is_kept = |index: &usize| {
        let meaning = header.meanings.get(*index);
        meaning.is_none_or(|it| matches!(it, Meaning::Extra | Meaning::Reason | Meaning::Nameless))
    };
    let before = found.before.iter();
    let before = before.filter(|index| is_parted || !is_kept(index));
    let before = before.map(|index| (*index, Cause::BlankBeforeQuote));
    let after = found
        .after
        .iter()
        .map(|index| (*index, Cause::BlankAfterQuote));
    let mut faults = Faults::default();
    if found.is_torn {
        faults.push(Fault::of(header.layout.row(row.line), Cause::AfterQuote));
    }
    for (index, cause) in before.chain(after) {
        let value = row.cells.get(index).unwrap_or_default();
        let place = header.layout.cell(row.line, index);
        faults.push(Fault::of_cell(place, value, cause));
    }
    (!faults.is_empty()).then_some(faults)
}

/// Why a header is none, where it would be one without the blanks before its quotes.
pub(in crate::recipients) fn quoted_header(row: &Row, form: Form) -> Option<Faults> {
    let quoted = &row.beside_quotes.before;
    if quoted.is_empty() {
        return None;
    }
    let bare = row.cells.iter().enumerate().map(|(index, cell)| {
        let is_quoted = quoted.contains(&index);
        let bare = cell.trim();
        if is_quoted {
            bare.trim_matches('"')
        } else {
            bare
        }
    });
    let names: Vec<String> = bare.map(str::to_owned).collect();
    if !is_header(names.clone().into(), form) {
        return None;
    }
    let layout = Layout::new(form, names, 0);
    let mut faults = Faults::default();
    for index in quoted {
        let place = layout.cell(row.line, *index);
        faults.push(Fault::of_cell(
            place,
            &row.cells[*index],
            Cause::BlankBeforeQuote,
        ));
    }
    Some(faults)
}

/// Whether these cells would make a header.
fn is_header(cells: StringRecord, form: Form) -> bool {
    let row = Row {
        cells,
        ..Row::default()
    };
    Header::parse(&row, form, Below::default).is_ok()
}

/// Why a row among the packets is none of them.
pub(in crate::recipients) fn aside(header: &Header, row: &Row) -> Option<Cause> {
    if header.is_again(row) {
        return Some(Cause::HeaderAgain);
    }
    if let Some(sign) = other_separator(header, row) {
        return Some(FormFault::Separator(sign).into());
    }
    is_note(header, row).then_some(Cause::Note)
}

/// What separates a row whose only cell has as many parts as the header has columns.
fn other_separator(header: &Header, row: &Row) -> Option<char> {
    let sign = parted(row, &[',', ';', '\t', '|'], header.len());
    sign.filter(|_| header.layout.form() == Form::Text)
}

/// The sign that parts the only cell of a row into as many as there are columns.
pub(in crate::recipients) fn parted(row: &Row, signs: &[char], columns: usize) -> Option<char> {
    let cell = only_cell(row)?;
    let is_it = |sign: &&char| columns > 1 && cell.split(**sign).count() == columns;
    signs.iter().find(is_it).copied()
}

/// The only cell that is not blank.
fn only_cell(row: &Row) -> Option<&str> {
    let mut filled = row.cells.iter().filter(|cell| !cell.trim().is_empty());
    match (filled.next(), filled.next()) {
        (Some(cell), None) => Some(cell),
        _ => None,
    }
}

/// Why a header is none, where all of it stands in one cell: quotes around each row, or a text that
/// was pasted into a sheet.
pub(in crate::recipients) fn header_in_cell(
    row: &Row,
    form: Form,
    signs: &[char],
) -> Option<Fault> {
    let cell = only_cell(row)?;
    let is_parted = |sign: &char| is_header(cell.split(*sign).collect(), form);
    if !signs.iter().any(is_parted) {
        return None;
    }
    let place = Layout::new(form, Vec::new(), 0).row(row.line);
    Some(Fault::of(place, FormFault::RowInCell.into()))
}

/// Whether nothing but a note stands in the row, as people write below a list: 制表人：小王. One cell
/// with a full-width comma in place of a whole row is none.
fn is_note(header: &Header, row: &Row) -> bool {
    let mut cells = row.cells.iter().filter(|cell| !cell.trim().is_empty());
    let is_whole = row.cells.len() == header.len();
    let is_note = |cell: &str| !cell.is_ascii() && (is_whole || !cell.contains('，'));
    cells.next().is_some_and(is_note) && cells.next().is_none()
}

/// A sheet's row is as wide as its header; what stands beyond has no name there.
pub(super) fn check_shape(header: &Header, row: &Row) -> Result<(), Fault> {
    let (cells, columns) = (row.cells.len(), header.len());
    let place = || header.layout.row(row.line);
    if cells != columns && header.layout.form() == Form::Sheet {
        let place = header.layout.cell(row.line, cells - 1);
        let value = row.cells[cells - 1].trim();
        return Err(Fault::of_cell(place, value, Cause::Nameless));
    }
    // A Ctrl-Z ends a text of MS-DOS, and zeros one of a disk that filled up.
    let is_control = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let mut characters = row.cells.iter().flat_map(str::chars);
    if cells != columns
        && let Some(control) = characters.find(is_control)
    {
        return Err(Fault::of(place(), Cause::Control(control)));
    }
    if cells != columns {
        let has_wide_comma = row.cells.iter().any(|cell| cell.contains('，'));
        let cause = Cause::CellCount {
            cells,
            columns,
            has_wide_comma,
        };
        return Err(Fault::of(place(), cause));
    }
    Ok(())
}

/// `1,88` without quotes is 1 below the amount, and 88 below a name or a text, where a row has a
/// cell less than it should.
pub(super) fn split_amount(header: &Header, row: &Row) -> Option<(usize, Cause)> {
    let index = header.before_text?;
    let (amount, behind) = (
        row.cells.get(index)?.trim(),
        row.cells.get(index + 1)?.trim(),
    );
    let is_split = is_digits(behind) && (2..=3).contains(&behind.len()) && is_digits(amount);
    is_split.then(|| {
        let (amount, behind) = (amount.to_owned(), behind.to_owned());
        (index, AmountFault::Split { amount, behind }.into())
    })
}

/// What stands for an empty cell, or for a formula that failed, is no text and no key.
pub(super) fn check_value(text: &str) -> Result<(), Cause> {
    const EMPTY: [&str; 13] = [
        "null",
        "(null)",
        "<null>",
        "[null]",
        "none",
        "nil",
        "nan",
        "nat",
        "<na>",
        "n/a",
        "\\n",
        "undefined",
        "[object object]",
    ];
    if text.len() > 15 || !text.is_ascii() || text.is_empty() {
        return Ok(());
    }
    if is_sheet_error(text) {
        return Err(Cause::SheetError);
    }
    let is_empty = EMPTY.iter().any(|it| text.eq_ignore_ascii_case(it));
    if is_empty {
        Err(Cause::NoValue)
    } else {
        Ok(())
    }
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
