//! Where a file goes that the program writes: one rule for all of them.
//!
//! - What a campaign uses (its ledger, its campaign file, list, keys and books) is never written
//!   over, not even by `--force`.
//! - A file that is there is replaced only where it is an earlier report of this campaign, or
//!   empty; any other only by `--force`. A backup, an export that somebody may have mended and a
//!   secret key are never made again, so that nothing of their kind is replaced unasked.
//! - A rehearsal replaces no report that may be of real packets, but by `--force`: the numbers of
//!   both are the same, and nothing in a report tells them apart.
//! - A symlink is followed, and what it leads to is judged. A device or a fifo is written into.
//! - `-` is stdout. A reader that has seen enough is no error.
//! - A file is whole under its name, or not there: `whole` writes it. Only events are
//!   appended, by whole lines, to a file of this campaign's: `grown`.
//!
//! Here `place` judges by `target`, where a path leads, and `uses`, what must stay; `taken` says
//! why not; `whole` writes; `stream` is stdout and all that is no file; `folder` is one for
//! several files.

pub(super) mod folder;
pub(super) mod grown;
pub(super) mod place;
pub(super) mod stream;
pub(super) mod taken;
pub(super) mod target;
mod uses;
pub(super) mod whole;
