//! The file boundary: bytes, then an encoding or a workbook, then rows, then packets.
//!
//! Nothing of a file is used before all of it was read without a fault, so a reader goes on after
//! a fault and collects every one. Memory does not grow with a text: one row is held at a time,
//! and of the faults the first thousand, the rest being counted. Of a workbook, the strings that
//! its cells share are held as well.

mod amount;
mod cause;
mod cell;
mod delimiter;
mod encoder;
mod encoding;
mod error;
mod faults;
mod hash;
mod head;
mod header;
mod id;
mod notices;
mod place;
mod reader;
mod records;
mod rejects;
mod row;
mod rows;
mod source;
mod stamp;
mod text;
mod total;
mod xlsx;

pub use cause::Cause;
pub use error::RecipientsError;
pub use faults::{Fault, Faults, LISTED_MAX};
pub use hash::sha256_of;
pub use head::head;
pub use notices::Notices;
pub use place::{Layout, Place};
pub use reader::{Reader, Summary};
pub use rejects::{Late, Rejects, write_rejects};
pub use row::Rules;
pub use stamp::Stamp;
