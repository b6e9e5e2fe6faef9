//! The ledger as a file: copies, and a copy in its place.
//!
//! - `backup`: a copy;
//! - `folder`: backups in a folder, and which of them go; `part`: the files of it;
//! - `restore`: a copy in the ledger's place;
//! - `adopt`: a copy that is the ledger from now on;
//! - `take_behind`: what both do to a ledger that is behind.

pub(super) mod adopt;
mod backup;
pub(super) mod folder;
mod part;
pub(super) mod restore;
pub(super) mod take_behind;
