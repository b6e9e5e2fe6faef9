//! Whether a row has the cells of its header, and cells that are values.

use csv::StringRecord;

use super::amount::{before_comma, may_be_amount, may_follow};
use super::cell::Row;
use super::header::Header;
use super::id;
use super::meaning::Meaning;
use super::near::Below;
use crate::domain::ids::Openid;
use crate::recipients::fault::cause::Cause;
use crate::recipients::fault::faults::{Fault, Faults};
use crate::recipients::fault::form_fault::FormFault;
use crate::recipients::fault::place::{Form, Layout};

/// Blank cells behind the last column of a text. A program writes the same number in every row, and
/// they say nothing; but a comma inside a cell also moves what stands behind it to the right, and a
/// last cell that is blank out of the columns.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Surplus {
    /// Of the rows so far.
    usual: Option<usize>,
    /// The first row with so many in which a comma may have moved a text: its line and its cells.
    doubtful: Option<(u64, usize)>,
}

impl Surplus {
    /// Makes a text's row as wide as its header. Blank cells behind the last column say nothing, on
    /// either side; where a comma may have moved others, they stay, and are refused with the row.
    /// An earlier row is refused where this one is the first to show it.
    pub(in crate::recipients) fn fit(
        &mut self,
        header: &Header,
        row: &mut Row,
        faults: &mut Faults,
    ) {
        let (cells, columns) = (row.cells.len(), header.len());
        if cells == columns && self.usual == Some(0) || header.layout.form() == Form::Sheet {
            return;
        }
        let is_nameless = |meaning: &Meaning| *meaning == Meaning::Nameless;
        if cells < columns && header.meanings[cells..].iter().all(is_nameless) {
            (cells..columns).for_each(|_| row.cells.push_field(""));
            row.is_fitted = true;
        }
        let is_blank = |cell: &str| cell.trim().is_empty();
        let is_trimmed = cells > columns && row.cells.iter().skip(columns).all(is_blank);
        if cells > columns && (!is_trimmed || has_moved_money(header, &row.cells)) {
            return;
        }
        let is_of_list = !is_packet(header, &row.cells)
            || self.is_usual(header, row, cells.saturating_sub(columns), faults);
        if is_trimmed && is_of_list {
            row.cells.truncate(columns);
            row.is_fitted = true;
        }
    }

    /// Whether a row has no more blank cells than those before it, or none that a comma in a text
    /// may have moved there.
    fn is_usual(
        &mut self,
        header: &Header,
        row: &Row,
        surplus: usize,
        faults: &mut Faults,
    ) -> bool {
        let columns = header.len();
        let is_doubtful = surplus > 0 && has_two_texts(header, &row.cells);
        let usual = *self.usual.get_or_insert(surplus);
        if surplus == usual && is_doubtful {
            self.doubtful.get_or_insert((row.line, columns + surplus));
        }
        if surplus < usual {
            self.usual = Some(surplus);
            if let Some((line, cells)) = self.doubtful.take() {
                let cause = Cause::CellCount {
                    cells,
                    columns,
                    has_wide_comma: false,
                    is_blank: true,
                };
                faults.push(Fault::of(header.layout.row(line), cause));
            }
        }
        surplus <= usual || !is_doubtful
    }
}

/// Whether somebody is to be paid by the row: totals and notes are as wide as they like.
fn is_packet(header: &Header, cells: &StringRecord) -> bool {
    let openid = cells.get(header.openid()).unwrap_or("");
    Openid::new(&id::clean(openid).0).is_ok()
}

/// Whether a comma may have cut the amount, or moved it to the right from its column.
fn has_moved_money(header: &Header, cells: &StringRecord) -> bool {
    let ((amount, _), openid) = (header.amount(), header.openid());
    let is_whole = cells.get(amount).and_then(before_comma).is_some();
    // A comma before the openid moves that too, and it is none there.
    if !is_whole || amount < openid {
        return false;
    }
    let surplus = cells.len() - header.len();
    let mut moved = cells.iter().skip(amount + 1).take(surplus);
    cells.get(amount + 1).is_some_and(may_follow) || amount > openid + 1 && moved.any(may_be_amount)
}

/// Whether two texts stand side by side behind the openid and the amount: they may be one.
fn has_two_texts(header: &Header, cells: &StringRecord) -> bool {
    let ((amount, _), openid) = (header.amount(), header.openid());
    let texts = cells.iter().skip(amount.max(openid) + 1);
    let mut is_filled = texts.map(|cell| !cell.trim().is_empty());
    let mut before = false;
    is_filled.any(|filled| std::mem::replace(&mut before, filled) && filled)
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
        let mut behind = row.cells.iter().skip(columns);
        let cause = Cause::CellCount {
            cells,
            columns,
            has_wide_comma,
            is_blank: behind.all(|cell| cell.trim().is_empty()),
        };
        return Err(Fault::of(place(), cause));
    }
    Ok(())
}
