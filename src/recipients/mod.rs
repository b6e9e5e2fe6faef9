//! The file boundary: bytes, then an encoding, then rows, then packets.
//!
//! Nothing of a file is used before all of it was read without a fault, so a reader goes on after
//! a fault and collects every one. Memory does not grow with the file: one row is held at a time,
//! and of the faults the first thousand, the rest being counted.

mod cause;
mod encoding;
mod faults;
mod head;
mod header;
mod reader;
mod records;
mod row;
mod stamp;
mod text;

pub use cause::Cause;
pub use faults::{Fault, Faults, LISTED_MAX};
pub use head::head;
pub use reader::{Reader, RecipientsError, Summary, sha256_of};
pub use row::Rules;
pub use stamp::Stamp;
