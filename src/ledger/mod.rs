//! The ledger: the one durable truth about every packet, in SQLite.
//!
//! Only this folder names rusqlite. One process at a time holds the lock and one thread of it
//! writes; readers use connections of their own. A state is written in [`advance`] and nowhere
//! else. Any error of a commit means that nobody knows whether it happened: the writer stops,
//! and the next start reads the truth.

mod advance;
mod columns;
mod fault;
mod load;
mod migrate;
mod notes;
mod owner;
mod query;
mod recover;
mod rule;
mod take;
mod writer;

pub use fault::LedgerError;
pub use load::{Added, FileFacts, LoadRefusal, LoadRules, Loading, Terms};
pub use notes::Pause;
pub use owner::Owner;
pub use query::{AttemptRow, CampaignRow, FileRow, JournalRow, Reader, ReportRow, Tally, TallyRow};
pub use rule::Verdict;
pub use take::{Allowed, Attempt};
pub use writer::{Recorded, Writer};
