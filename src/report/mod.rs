//! From ledger rows to words: one format a file.
//!
//! - `digest`: whether a report would say anything new;
//! - `identity`: how a workbook or a page says which campaign it is of;
//! - `columns`: the columns of every report; `csv_report`, `json_report`: a report in each format;
//! - `earlier`: whether a file is an earlier report; `input_csv`: packets as a load reads them;
//! - `xlsx`: a workbook; `html`: a page; `summary`: what it says of the campaign as a whole;
//! - `claims`: the sheet that a mini-program's backend reads; `earlier_claims`: whether a file is
//!   one;
//! - `standing`: how a campaign stands, in a few lines; `event_line`: a move of it, in one;
//! - `bill_break`: a break of the fund-flow bills.

mod bill_break;
mod claims;
mod columns;
mod csv_report;
mod digest;
mod earlier;
mod earlier_claims;
mod event_line;
mod html;
mod identity;
mod input_csv;
mod json_report;
mod standing;
mod summary;
mod xlsx;

pub use bill_break::{break_json, or_dash};
pub use claims::{ClaimSheet, SIGNED, SheetForm, SheetKind, UNSIGNED, claim_object};
pub use columns::Extra;
pub use csv_report::CsvReport;
pub use digest::{ROWS, RowsDigest};
pub use earlier::is_report;
pub use earlier_claims::is_sheet;
pub use event_line::{EVENT_BEGIN, EventMark, event_line, event_mark};
pub use html::{HtmlPage, html_page};
pub use identity::{IDENTITY, is_identity};
pub use input_csv::InputCsv;
pub use json_report::JsonReport;
pub use standing::{Standing, paused};
pub use summary::balance::balance_of;
pub use summary::facts::{Advice, ApprovedBy, ReportFacts};
pub use summary::figures::Figures;
pub use xlsx::XlsxReport;
