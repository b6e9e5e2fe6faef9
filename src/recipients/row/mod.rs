//! The meaning of the cells of a row.
//!
//! - `cell`: a row as it was read, and what a sheet says of its cells;
//! - `header`: which column means what; `near`: what one that means nothing may have meant;
//! - `id`, `amount`: one cell;
//! - `packet`: a row becomes a packet, or every fault of it is told;
//! - `total`: the row below a list that is paid to nobody.

mod amount;
pub(super) mod cell;
pub(super) mod header;
mod id;
pub(super) mod near;
pub(super) mod packet;
pub(super) mod total;
