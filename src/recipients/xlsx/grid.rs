//! The one sheet of a workbook that has cells, row by row, read on a thread of its own.
//!
//! A sheet borrows the workbook's strings, and the workbook the file: the thread owns them all,
//! and unpacks while its rows are checked elsewhere.

use std::io::{Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::broken::{BrokenWorkbook, broken};
use super::comments::{Comments, comments};
use super::contents::{Contents, quoted};
use super::package::Package;
use super::sheet::{Merged, Sheet, SheetRow};
use super::strings::Strings;
use super::styles::Styles;
use super::value::WorkbookParts;
use crate::recipients::fault::error::RecipientsError;
use crate::recipients::fault::faults::Fault;
use crate::recipients::fault::form_fault::FormFault;
use crate::recipients::hash::{of_sheet, sha256_of_source};
use crate::recipients::row::cell::{BesideQuotes, CellKind, Row, unwrapped};

/// Rows that are handed over at a time, and how many such batches may wait.
const BATCH: usize = 256;
const BATCHES: usize = 4;

/// Rows of a sheet.
pub(in crate::recipients) struct Grid {
    inbox: Receiver<Result<Batch, BrokenWorkbook>>,
    rows: std::vec::IntoIter<SheetRow>,
    width: usize,
    is_hidden: bool,
    last_row: u64,
    end: Option<SheetEnd>,
    fatal: Option<Fault>,
}

enum Batch {
    Rows(Vec<SheetRow>),
    End(SheetEnd),
}

/// The facts at the end of a sheet.
#[derive(Default)]
pub(in crate::recipients) struct SheetEnd {
    pub(in crate::recipients) merged: Vec<Merged>,
    /// Hidden columns, first and last, from 0.
    pub(in crate::recipients) hidden_columns: Vec<(usize, usize)>,
    /// Where a rule writes letters in the colour of their cell.
    pub(in crate::recipients) unseen_by_rule: Vec<Merged>,
    pub(in crate::recipients) sha256: [u8; 32],
}

impl Grid {
    /// Begins to read `source`, a workbook: the sheet of this name, or the only one with cells.
    pub(in crate::recipients) fn new<R: Read + Seek + Send + 'static>(
        source: R,
        sheet: Option<&str>,
    ) -> Result<Grid, RecipientsError> {
        let sheet = sheet.map(str::to_owned);
        let (outbox, inbox) = sync_channel(BATCHES);
        let reading = thread::Builder::new().spawn(move || {
            let last = read(source, sheet.as_deref(), &outbox).map(Batch::End);
            // A reader that was dropped wants no more.
            let _ = outbox.send(last);
        });
        reading.map_err(RecipientsError::NoThread)?;
        Ok(Grid {
            inbox,
            rows: Vec::new().into_iter(),
            width: 0,
            is_hidden: false,
            last_row: 0,
            end: None,
            fatal: None,
        })
    }

    /// The next row; false at the end. Rows are at least as wide as the first, the header.
    pub(in crate::recipients) fn next(&mut self, row: &mut Row) -> bool {
        let Some(next) = self.next_row() else {
            return false;
        };
        row.line = next.number;
        row.cells.clear();
        row.kinds.clear();
        row.beside_quotes = BesideQuotes::default();
        self.is_hidden = next.is_hidden;
        row.is_struck = next.is_struck;
        row.unseen = next.unseen;
        row.aside = next.aside;
        row.units = next.units;
        self.last_row = next.number;
        for (column, kind, text) in next.cells {
            while row.kinds.len() < column {
                row.cells.push_field("");
                row.kinds.push(CellKind::Text);
            }
            row.cells
                .push_field(unwrapped(&text).as_ref().unwrap_or(&text));
            row.kinds.push(kind);
        }
        if self.width == 0 {
            self.width = row.cells.len();
        }
        while row.cells.len() < self.width {
            row.cells.push_field("");
        }
        true
    }

    fn next_row(&mut self) -> Option<SheetRow> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            if self.end.is_some() || self.fatal.is_some() {
                return None;
            }
            match self.inbox.recv() {
                Ok(Ok(Batch::Rows(rows))) => self.rows = rows.into_iter(),
                Ok(Ok(Batch::End(end))) => self.end = Some(end),
                Ok(Err(fault)) => self.fatal = Some(Fault::of_file(FormFault::from(fault))),
                Err(_) => {
                    let fault = broken("its reader stopped");
                    self.fatal = Some(Fault::of_file(FormFault::from(fault)));
                }
            }
        }
    }

    /// Whether the row given last is hidden.
    pub(in crate::recipients) fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// The number of the row given last.
    pub(in crate::recipients) fn last_row(&self) -> u64 {
        self.last_row
    }

    /// The fault that ended the reading before the end of the sheet.
    pub(in crate::recipients) fn fatal(&self) -> Option<&Fault> {
        self.fatal.as_ref()
    }

    /// The facts behind the rows of the sheet.
    pub(in crate::recipients) fn end(&self) -> Option<&SheetEnd> {
        self.end.as_ref()
    }
}

impl From<BrokenWorkbook> for FormFault {
    fn from(fault: BrokenWorkbook) -> FormFault {
        match fault {
            BrokenWorkbook::Part(what) => FormFault::Workbook(what),
            BrokenWorkbook::NoWorkbook(what) => FormFault::NoTable(what),
            BrokenWorkbook::SeveralSheets(names) => FormFault::SeveralSheets(names),
            BrokenWorkbook::Hidden(names) => FormFault::HiddenSheets(names.into()),
            BrokenWorkbook::NoSheet { name, sheets } => FormFault::NoSheet {
                name: name.into(),
                sheets: sheets.into(),
            },
        }
    }
}

type Outbox = SyncSender<Result<Batch, BrokenWorkbook>>;

/// Reads a workbook from its first byte to its last, and sees that it did not change meanwhile.
fn read<R: Read + Seek>(
    mut source: R,
    named: Option<&str>,
    outbox: &Outbox,
) -> Result<SheetEnd, BrokenWorkbook> {
    let sha256 = sha256_of_source(&mut source).map_err(broken)?;
    let mut package = Package::open(source)?;
    let contents = Contents::read(&mut package)?;
    let shared = WorkbookParts {
        strings: Strings::read(&mut package, &contents.strings)?,
        styles: Styles::read(&mut package, &contents.styles)?,
        is_1904: contents.is_1904,
    };
    let mut end = SheetEnd::default();
    let named = named.map(|name| contents.sheet(name)).transpose()?;
    let part = match &named {
        Some((_, part)) => Some((*part).to_owned()),
        None => the_sheet(&mut package, &contents, &shared)?,
    };
    if let Some(name) = part {
        let comments = comments(&mut package, &name)?;
        let mut sheet = Sheet::new(package.must(&name)?, &shared, comments);
        send_rows(&mut sheet, outbox)?;
        end.merged = sheet.merged;
        end.hidden_columns = sheet.hidden_columns;
        end.unseen_by_rule = sheet.unseen_by_rule;
    }
    let mut source = package.into_source();
    if sha256_of_source(&mut source).map_err(broken)? != sha256 {
        return Err(broken("it changed while it was read"));
    }
    end.sha256 = named.map_or(sha256, |(name, _)| of_sheet(sha256, name));
    Ok(end)
}

/// The part of the only visible sheet with cells. A second one might hold the recipients.
fn the_sheet<R: Read + Seek>(
    package: &mut Package<R>,
    contents: &Contents,
    shared: &WorkbookParts,
) -> Result<Option<String>, BrokenWorkbook> {
    if let [(_, part)] = contents.sheets.as_slice()
        && contents.hidden.is_empty()
    {
        return Ok(Some(part.clone()));
    }
    let mut found = Vec::new();
    for (name, part) in &contents.sheets {
        if Sheet::new(package.must(part)?, shared, Comments::default())
            .next_row()?
            .is_some()
        {
            found.push((name.as_str(), part));
        }
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        return Err(BrokenWorkbook::SeveralSheets(quoted(&names)));
    }
    if found.is_empty() && !contents.hidden.is_empty() {
        return Err(BrokenWorkbook::Hidden(quoted(&contents.hidden)));
    }
    Ok(found.first().map(|(_, part)| (*part).clone()))
}

fn send_rows<R: std::io::BufRead>(
    sheet: &mut Sheet<'_, R>,
    outbox: &Outbox,
) -> Result<(), BrokenWorkbook> {
    loop {
        let mut rows = Vec::with_capacity(BATCH);
        while rows.len() < BATCH
            && let Some(row) = sheet.next_row()?
        {
            rows.push(row);
        }
        let is_last = rows.len() < BATCH;
        // The reader may have stopped.
        if outbox.send(Ok(Batch::Rows(rows))).is_err() || is_last {
            return Ok(());
        }
    }
}
