//! The file boundary: bytes, then an encoding or a workbook, then rows, then packets.
//!
//! Nothing of a file is used before all of it was read without a fault, so a reader goes on after
//! a fault and collects every one. Memory does not grow with a text: one row is held at a time,
//! and of the faults the first thousand, the rest being counted. Of a workbook, the strings that
//! its cells share are held as well.
//!
//! - `fault`: what is told of a file, and where in it; `hash`, `stamp`: whether it is the same
//!   file, by its bytes and by its metadata; `kind`, `notation`: what else
//!   it is; `escaped`: signs that a program left in a text;
//! - `row`: what the cells of a row mean; `look`: how a sheet shows them;
//! - `text`, `xlsx`: rows of a text and of a workbook; `source`: of either; `specimen`: texts that
//!   a person should look at;
//! - `list`: a file by its name, a sheet of it, or a pipe; `reader`: packets, one by one; `head`:
//!   the first rows of a file; `rejects`: the rows that cannot be loaded, as a file; `people`:
//!   whose they are, by name; `forms`: openids that look alike; `sums`: what total
//!   rows are compared with.

mod escaped;
mod fault;
mod forms;
mod hash;
mod head;
mod kind;
mod list;
mod look;
mod notation;
mod people;
mod reader;
mod rejects;
mod row;
mod source;
mod specimen;
mod stamp;
mod sums;
mod text;
mod xlsx;

pub use fault::cause::Cause;
pub use fault::error::RecipientsError;
pub use fault::faults::{Fault, Faults, LISTED_MAX};
pub use fault::form_fault::FormFault;
pub use fault::notices::Notices;
pub use fault::place::{Layout, Place};
pub use fault::repeated::Repeated;
pub use hash::sha256_of;
pub use head::{ListTold, head};
pub use list::ListFile;
pub use people::{columns_told, name_people, tell_alike};
pub use reader::{PacketReader, Summary};
pub use rejects::{Late, Rejects, write_rejects};
pub use row::packet::RowRules;
pub use specimen::texts_told;
pub use stamp::Stamp;
pub use xlsx::workbook_property;
