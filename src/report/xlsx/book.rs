//! The whole workbook, row by row.

use std::io::Result;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use super::cells::written;
use super::table::{SHEET_ROWS, Table};
use super::{flow, overview, packets, runs};
use crate::domain::hex::hex;
use crate::ledger::ReportRow;
use crate::report::columns::Extra;
use crate::report::digest::ROWS;
use crate::report::identity::{IDENTITY, identity};
use crate::report::summary::balance::BalanceLine;
use crate::report::summary::days::DaySums;
use crate::report::summary::facts::ReportFacts;
use crate::report::summary::runs::RunSums;
use crate::words::report::part;

/// Writes a report row by row. What it keeps does not grow with the rows: they go to files without
/// a name, in the folder of the report.
pub struct XlsxReport {
    book: Workbook,
    facts: ReportFacts,
    extra: Extra,
    all: Table,
    failed: Table,
    unclear: Table,
    days: DaySums,
    runs: RunSums,
    sheet_rows: u32,
    /// Of its first packet.
    identity: String,
}

impl XlsxReport {
    /// Begins it; rows wait in files in `folder`.
    ///
    /// # Errors
    /// Where no file can be made there.
    pub fn begin(folder: &Path, facts: ReportFacts, extra: Extra) -> Result<Self> {
        XlsxReport::with_rows(folder, facts, extra, SHEET_ROWS)
    }

    /// As [`XlsxReport::begin`], where a sheet has at most so many rows, its header one of them.
    ///
    /// # Errors
    /// Where no file can be made there.
    pub fn with_rows(
        folder: &Path,
        facts: ReportFacts,
        extra: Extra,
        sheet_rows: u32,
    ) -> Result<Self> {
        let mut book = Workbook::new();
        written(book.set_tempdir(folder))?;
        let all = packets::all(&extra, &facts, sheet_rows);
        let all = Table::new(&mut book, all)?;
        let mut some = |line| Table::new(&mut book, packets::some(line, &facts, sheet_rows));
        let (failed, unclear) = (some(BalanceLine::Failed)?, some(BalanceLine::Unclear)?);
        Ok(XlsxReport {
            runs: RunSums::of(&facts.runs),
            book,
            facts,
            extra,
            all,
            failed,
            unclear,
            days: DaySums::default(),
            sheet_rows,
            identity: identity(None),
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn row(&mut self, row: &ReportRow) -> Result<()> {
        if self.identity == identity(None) {
            self.identity = identity(Some(row));
        }
        let times = row.into();
        self.days.add(&times);
        self.runs.add(&times);
        packets::write_all(&mut self.all, &mut self.book, row, &self.extra)?;
        let some = match BalanceLine::of(row.state) {
            BalanceLine::Failed => &mut self.failed,
            BalanceLine::Unclear => &mut self.unclear,
            BalanceLine::Waiting
            | BalanceLine::Unclaimed
            | BalanceLine::Claimed
            | BalanceLine::Refunding
            | BalanceLine::Refunded
            | BalanceLine::Withdrawn => return Ok(()),
        };
        packets::write_some(some, &mut self.book, row, &self.facts)
    }

    /// Writes all of it, with the hash of its rows, into the file of this name. Not into a stream:
    /// there the sizes of its parts would stand behind them, which not every program reads.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end(self, file: &Path, digest: Option<[u8; 32]>) -> Result<()> {
        let XlsxReport {
            mut book,
            facts,
            all,
            failed,
            unclear,
            days,
            runs: sums,
            sheet_rows,
            identity,
            ..
        } = self;
        let mut properties = properties(&facts).set_custom_property(IDENTITY, identity);
        if let Some(digest) = digest {
            properties = properties.set_custom_property(ROWS, hex(&digest));
        }
        book.set_properties(&properties);
        let mut first = Worksheet::new();
        overview::write(&mut first, &facts, &days)?;
        book.push_worksheet(first);
        let tables = [all, failed, unclear];
        let is_large = tables.iter().any(Table::is_large);
        book.use_zip_large_file(is_large);
        for table in tables {
            table.end(&mut book)?;
        }
        flow::write(&mut book, &facts, sheet_rows)?;
        runs::write(&mut book, &facts, &sums, sheet_rows)?;
        written(book.save(file))
    }
}

/// The file's own: no time but that of the report.
fn properties(facts: &ReportFacts) -> DocProperties {
    let properties = DocProperties::new()
        .set_title(part::TITLE.within(facts.lang))
        .set_subject(facts.standing.id.as_str());
    let seconds = facts.written_at.div_euclid(1000);
    match ExcelDateTime::from_timestamp(seconds) {
        Ok(time) => properties.set_creation_datetime(&time),
        Err(_) => properties,
    }
}
