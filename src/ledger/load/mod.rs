//! A recipients file, all of it or nothing.
//!
//! - `frozen`: what a campaign fixes at its first load;
//! - `draft`: a packet with all that is derived from it;
//! - `loading`: one load, from its begin to its commit;
//! - `rows`: the only place where a bill is born, and what is `added`;
//! - `known`: rows whose packet is there already;
//! - `again`: what was taken back and comes again, counted in `came_again`;
//! - `bulk`: many rows without the index of numbers;
//! - `forms`: row keys that look alike and are two;
//! - `twin`: the same list under another name; `met`: the same people; `lately`: those whom the
//!   caps do not let be paid again so soon;
//! - `stamp`: knowing a file again.

pub(super) mod added;
mod again;
pub(super) mod bulk;
pub(super) mod came_again;
pub(super) mod draft;
pub(super) mod forms;
pub(super) mod frozen;
mod known;
pub(super) mod lately;
pub(super) mod loading;
pub(super) mod met;
pub(super) mod rows;
pub(super) mod stamp;
mod twin;
