//! How fast requests may leave.
//!
//! - `pace`: never more than the limit in any sliding second and minute; `spacing`: evenly apart;
//! - `lead`: when the requests of earlier processes left.

pub(super) mod lead;
pub(super) mod pace;
mod spacing;
