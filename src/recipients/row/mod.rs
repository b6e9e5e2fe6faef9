//! The meaning of the cells of a row.
//!
//! - `cell`: a row as it was read, and what a sheet says of its cells;
//! - `meaning`: what a name means; `header`: which column means what;
//! - `near`: what a name that means nothing may have meant; `unread`: the same of columns that a
//!   list can do without;
//! - `id`, `amount`: one cell; `around`: what keeps it from being an amount; `currency`: words for
//!   money that is not yuan; `marked`, `says`: a row that somebody meant to leave out,
//!   by its columns and by its words;
//! - `packet`: a row becomes a packet, or every fault of it is told; `shape`: whether it is a row
//!   of the list, as wide as its header;
//! - `total`: rows that are paid to nobody.

mod amount;
pub(super) mod around;
pub(super) mod cell;
pub(super) mod currency;
pub(super) mod header;
mod id;
pub(super) mod marked;
pub(super) mod meaning;
pub(super) mod near;
pub(super) mod packet;
pub(super) mod says;
pub(super) mod shape;
pub(super) mod total;
mod unread;
