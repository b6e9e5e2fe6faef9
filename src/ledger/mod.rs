//! The ledger: the one durable truth about every packet, in SQLite.
//!
//! Only this folder names rusqlite. One process at a time holds the lock and one thread of it
//! writes; readers use connections of their own. A state is written in `advance` and nowhere
//! else. Any error of a commit means that nobody knows whether it happened: the writer stops,
//! and the next start reads the truth.

mod add;
mod advance;
mod approved;
mod attempt;
mod audit;
mod audit_day;
mod audit_reissued;
mod audit_rows;
mod audit_sums;
mod backup;
mod behind;
mod bound;
mod bulk;
mod campaign;
mod candidate;
mod chain;
mod columns;
mod content;
mod day;
mod defer;
mod desk;
mod draft;
mod fault;
mod former;
mod history;
mod load;
mod lock;
mod migrate;
mod notes;
mod owner;
mod page;
mod past;
mod played;
mod preview;
mod query;
mod receipt;
mod record;
mod recover;
mod refusal;
mod reissue;
mod reseal;
mod restore;
mod rule;
mod schedule;
mod seal;
mod start;
mod statements;
mod story;
mod sums;
mod take;
mod tally;
mod terms;
mod then;
mod writer;

pub use add::Added;
pub use attempt::Attempt;
pub use audit::{Audit, Head};
pub use bound::Bound;
pub use bulk::Twice;
pub use campaign::CampaignRow;
pub use content::Facts;
pub use day::HeldBack;
pub use draft::{Draft, Drafter};
pub use fault::LedgerError;
pub use history::{AttemptRow, JournalRow};
pub use load::{FileFacts, LoadRules, Loading};
pub use notes::Pause;
pub use owner::Owner;
pub use past::{Lately, Past};
pub use preview::Preview;
pub use query::{FileRow, Reader};
pub use refusal::LoadRefusal;
pub use reissue::{Reissued, Wanted};
pub use restore::{Restored, restore};
pub use rule::Verdict;
pub use schedule::{Above, Course, PlannedDay, Schedule};
pub use story::ReportRow;
pub use take::Allowed;
pub use tally::{Tally, TallyRow, WithoutPackage};
pub use terms::Terms;
pub use writer::{Learned, Recorded, Writer};
