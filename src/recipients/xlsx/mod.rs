//! An .xlsx workbook: a zip of XML parts, of which those that make the cells are read.
//!
//! The common reader of workbooks is not used here. It trusts what a file says about itself: the
//! count of shared strings is reserved before one is read, which ends the process where the file
//! lies; a broken index means the first string, which would be somebody else's openid; a string
//! may be as long as memory; and hidden rows are not told. Here every part is read within bounds,
//! as a stream, and anything that is not understood refuses the workbook.
//!
//! - `package`, `part`: the zip and the XML of its parts, within bounds; `contents`: which parts;
//! - `tag`: the attributes of a tag;
//! - `strings`, `styles`: what the cells of all sheets share; `ink`: what a rule hides of them;
//!   `comments`: what is said beside cells;
//! - `value`, `sheet`: a cell, and the rows of a sheet; `grid`: rows for the reader;
//! - `property`: what a program told of the workbook beside its cells;
//! - `broken`: why a workbook is refused.

mod broken;
mod comments;
mod contents;
mod grid;
mod ink;
mod package;
mod part;
mod property;
mod sheet;
mod strings;
mod styles;
mod tag;
mod value;

pub(super) use contents::{meant_sheet, sheet_names};
pub(super) use grid::Grid;
pub use property::workbook_property;
pub(super) use sheet::Merged;
