//! A campaign on tape, disks as a power loss may leave them, and what must be on each.

pub(crate) mod check;
pub(crate) mod disk;
pub(crate) mod tape;
