//! A worksheet as a stream of rows.

use std::io::BufRead;

use quick_xml::events::Event;

use super::broken::BrokenWorkbook;
use super::comments::Comments;
use super::ink::RuleStyle;
use super::part::XmlPart;
use super::tag::{address, attribute, is_below, is_true};
use super::value::{Body, CellHead, WorkbookParts};
use crate::recipients::fault::place::letters;
use crate::recipients::row::cell::{CellKind, MarkBeside};

/// Rows and columns of a worksheet.
const ROWS_MAX: u64 = 1_048_576;
const COLUMNS_MAX: usize = 16_384;
/// Merged ranges that are remembered; one fault is told for each.
const MERGED_MAX: usize = 100_000;

/// Ranges of rules that are remembered; all are told in one line.
const RULED_MAX: usize = 100;

/// Nobody reads a row below so many points, or a column below so many characters: dragging the
/// border hides them, and does not call them hidden.
const FLAT: f64 = 2.0;
const NARROW: f64 = 0.5;

/// A row that has cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::recipients) struct SheetRow {
    /// From 1.
    pub(in crate::recipients) number: u64,
    pub(in crate::recipients) is_hidden: bool,
    /// Whether one of its cells is struck through.
    pub(in crate::recipients) is_struck: bool,
    /// The first cell that is there and not to be seen, by its column.
    pub(in crate::recipients) unseen: Option<usize>,
    /// What marks it, and stands in no cell.
    pub(in crate::recipients) aside: Option<MarkBeside>,
    /// Its comments that name a unit.
    pub(in crate::recipients) units: Vec<MarkBeside>,
    /// Column from 0, kind and text of each cell that is not blank, from left to right.
    pub(in crate::recipients) cells: Vec<(usize, CellKind, String)>,
}

/// Cells that were made one, or that one rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::recipients) struct Merged {
    /// As the sheet has it, `A2:A5`.
    pub(in crate::recipients) range: String,
    /// First and last row, from 1, and the first column, from 0.
    pub(in crate::recipients) rows: (u64, u64),
    pub(in crate::recipients) column: usize,
}

/// Reads a worksheet.
pub(super) struct Sheet<'a, R> {
    part: XmlPart<R>,
    shared: &'a WorkbookParts,
    last_row: u64,
    /// Of rows that have none of their own.
    height: Option<String>,
    is_at_end: bool,
    comments: Comments,
    pub(super) merged: Vec<Merged>,
    /// The ranges of the rules that are read, where they are known before the rules; whether one of
    /// them hides what stands in a cell; and the ranges of those that do.
    ruled: String,
    is_hiding: bool,
    pub(super) unseen_by_rule: Vec<Merged>,
    /// Hidden columns, first and last, from 0.
    pub(super) hidden_columns: Vec<(usize, usize)>,
}

impl<'a, R: BufRead> Sheet<'a, R> {
    pub(super) fn new(part: XmlPart<R>, shared: &'a WorkbookParts, comments: Comments) -> Self {
        Sheet {
            part,
            shared,
            last_row: 0,
            height: None,
            is_at_end: false,
            comments,
            merged: Vec::new(),
            ruled: String::new(),
            is_hiding: false,
            unseen_by_rule: Vec::new(),
            hidden_columns: Vec::new(),
        }
    }

    /// The next row that has a cell with something in it; at the end, what stands behind the rows
    /// was read too.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, BrokenWorkbook> {
        while !self.is_at_end {
            let mut row = SheetRow::default();
            match self.part.next()? {
                Event::Eof => self.is_at_end = true,
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let number = attribute(&tag, "r")?;
                        row.is_hidden = is_true(attribute(&tag, "hidden")?)
                            || is_below(attribute(&tag, "ht")?.or(self.height.clone()), FLAT);
                        row.number = self.number(number)?;
                        row.aside = self.comments.marking.remove(&row.number);
                        let units = self.comments.units.remove(&row.number);
                        row.units = units.unwrap_or_default();
                        self.cells(&mut row)?;
                    }
                    "col" => {
                        let is_hidden = is_true(attribute(&tag, "hidden")?)
                            || is_below(attribute(&tag, "width")?, NARROW);
                        let ends = (attribute(&tag, "min")?, attribute(&tag, "max")?);
                        if is_hidden && self.hidden_columns.len() < COLUMNS_MAX {
                            self.hidden_columns.extend(columns(ends));
                        }
                    }
                    "sheetFormatPr" => self.height = attribute(&tag, "defaultRowHeight")?,
                    "mergeCell" => {
                        let range = attribute(&tag, "ref")?.unwrap_or_default();
                        if self.merged.len() < MERGED_MAX {
                            self.merged.extend(merged(range));
                        }
                    }
                    "conditionalFormatting" => {
                        self.ruled = attribute(&tag, "sqref")?.unwrap_or_default();
                        self.is_hiding = false;
                    }
                    "cfRule" => {
                        let format = attribute(&tag, "dxfId")?.and_then(|it| it.parse().ok());
                        let styles = &self.shared.styles;
                        let is_unseen = |format| styles.is_unseen_by_rule(format);
                        self.is_hiding |= format.is_some_and(is_unseen);
                    }
                    "iconSet" | "dataBar" => {
                        let shows = attribute(&tag, "showValue")?;
                        self.is_hiding |= shows.is_some() && !is_true(shows);
                    }
                    "dxf" => {
                        self.is_hiding |= RuleStyle::read(&mut self.part)?.is_unseen_or_struck();
                    }
                    "sqref" => self.ruled = self.part.text()?,
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "conditionalFormatting" => {
                    self.end_rules();
                }
                _ => {}
            }
            if !row.cells.is_empty() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Remembers every range of rules that hide something, and a cell alone.
    fn end_rules(&mut self) {
        let ruled = std::mem::take(&mut self.ruled);
        let ranges = ruled.split_whitespace().filter(|_| self.is_hiding);
        for range in ranges {
            let is_known = self.unseen_by_rule.iter().any(|it| it.range == range);
            let whole = if range.contains(':') {
                range.to_owned()
            } else {
                format!("{range}:{range}")
            };
            if !is_known
                && self.unseen_by_rule.len() < RULED_MAX
                && let Some(found) = merged(whole)
            {
                self.unseen_by_rule.push(Merged {
                    range: range.to_owned(),
                    ..found
                });
            }
        }
    }

    fn number(&mut self, number: Option<String>) -> Result<u64, BrokenWorkbook> {
        let number = match number {
            Some(number) => number.parse().unwrap_or(0),
            None => self.last_row + 1,
        };
        if number <= self.last_row || number > ROWS_MAX {
            return Err(self.part.fault("its rows are out of order"));
        }
        self.last_row = number;
        Ok(number)
    }

    /// Reads on to the end of the row.
    fn cells(&mut self, row: &mut SheetRow) -> Result<(), BrokenWorkbook> {
        let mut next = 0;
        loop {
            let head = match self.part.next()? {
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(()),
                Event::Start(tag) if tag.local_name().as_ref() == "c" => CellHead::of(&tag)?,
                Event::Eof => return Err(self.part.fault("a row breaks off")),
                _ => continue,
            };
            let column = match head.address.as_deref().map(address) {
                None => next,
                Some(Some((number, column))) if number == row.number && column >= next => column,
                Some(_) => return Err(self.part.fault("its cells are out of order")),
            };
            next = column + 1;
            if next > COLUMNS_MAX {
                return Err(self.part.fault("a row has more than 16,384 cells"));
            }
            let body = self.body()?;
            let place = || format!("{}{}", letters(column), row.number);
            let has_unseen = self.shared.has_unseen(&head, &body);
            let cell = self.shared.cell(&head, body);
            let (kind, text) =
                cell.map_err(|what| self.part.fault(&format!("{}: {what}", place())))?;
            if !text.trim().is_empty() {
                let styles = &self.shared.styles;
                row.is_struck |= styles.is_struck(head.style);
                if row.unseen.is_none() && (has_unseen || styles.hides(head.style, kind)) {
                    row.unseen = Some(column);
                }
                if row.aside.is_none()
                    && let Some(marking) = styles.marking(head.style, &text)
                {
                    row.aside = Some(MarkBeside::printed(column, marking));
                }
                row.cells.push((column, kind, text));
            }
        }
    }

    /// Reads on to the end of the cell.
    fn body(&mut self) -> Result<Body, BrokenWorkbook> {
        let mut body = Body::default();
        loop {
            let name = match self.part.next()? {
                Event::End(tag) if tag.local_name().as_ref() == "c" => return Ok(body),
                Event::Start(tag) => tag.local_name().as_ref().to_owned(),
                Event::Eof => return Err(self.part.fault("a cell breaks off")),
                _ => continue,
            };
            let text = self.part.text()?;
            match name.as_str() {
                "v" => body.value = Some(text),
                "is" => {
                    body.has_unseen = self.part.has_unseen;
                    body.inline = Some(text);
                }
                "f" => {
                    body.is_formula = true;
                    body.formula = text;
                }
                _ => {}
            }
        }
    }
}

fn merged(range: String) -> Option<Merged> {
    let (first, last) = range.split_once(':')?;
    let (first, last) = (address(first)?, address(last)?);
    Some(Merged {
        rows: (first.0, last.0),
        column: first.1,
        range,
    })
}

fn columns((first, last): (Option<String>, Option<String>)) -> Option<(usize, usize)> {
    let first: usize = first?.parse().ok()?;
    let last: usize = last?.parse().ok()?;
    Some((first.checked_sub(1)?, last.checked_sub(1)?))
}
