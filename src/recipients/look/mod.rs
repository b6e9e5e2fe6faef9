//! What a person sees of a cell that a program reads: how a number is shown, and in what colour.
//!
//! - `code`: a number format's code, cut into what it shows; `section`: what is between its
//!   semicolons; `format`: the whole of it;
//! - `colour`: whether letters can be seen on their cell.

pub(super) mod code;
pub(super) mod colour;
pub(super) mod format;
pub(super) mod section;
