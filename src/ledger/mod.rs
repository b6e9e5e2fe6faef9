//! The ledger: the one durable truth about every packet, in SQLite.
//!
//! Only this folder names rusqlite. One process at a time holds the lock and one thread of it
//! writes; readers use connections of their own. A state is written in [`advance`] and nowhere
//! else. Any error of a commit means that nobody knows whether it happened: the writer stops,
//! and the next start reads the truth.

mod add;
mod advance;
mod columns;
mod fault;
mod load;
mod migrate;
mod notes;
mod owner;
mod people;
mod query;
mod recover;
mod refusal;
mod rule;
mod take;
mod terms;
mod writer;

pub use add::Added;
pub use fault::LedgerError;
pub use load::{FileFacts, LoadRules, Loading};
pub use notes::Pause;
pub use owner::Owner;
pub use query::{AttemptRow, CampaignRow, FileRow, JournalRow, Reader, ReportRow, Tally, TallyRow};
pub use refusal::LoadRefusal;
pub use rule::Verdict;
pub use take::{Allowed, Attempt};
pub use terms::Terms;
pub use writer::{Recorded, Writer};
