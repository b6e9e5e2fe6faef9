//! The ledger: the one durable truth about every packet, in SQLite.
//!
//! Only this folder names rusqlite. One process at a time holds the lock and one thread of it
//! writes; readers use connections of their own. A state is written in `bill/advance` and nowhere
//! else. Any error of a commit means that nobody knows whether it happened: the writer stops,
//! and the next start reads the truth.
//!
//! Each folder imports only what is left of it here, and none of its own column. A method stands
//! no further left than what it calls.
//!
//! `columns paths refusal | fault | wrapped | journal | bill | open | audit read take |
//! flow load runs | decide plan record | copy write`

mod audit;
mod bill;
mod columns;
mod copy;
mod decide;
mod fault;
mod flow;
mod journal;
mod load;
mod open;
mod paths;
mod plan;
mod read;
mod record;
mod refusal;
mod runs;
mod take;
mod wrapped;
mod write;

pub use audit::found::Audit;
pub use copy::adopt::adopt;
pub use copy::folder::{BackupFolder, KeptBackup, backup_before_migration};
pub use copy::restore::{Restored, restore};
pub use copy::take_behind::FirstSent;
pub use decide::reissue::{Reissued, Wanted};
pub use decide::verdict::Verdict;
pub use decide::withdraw::{TakeBack, TakenBack};
pub use fault::LedgerError;
pub use flow::kept::{FlowMatch, GivenBill};
pub use flow::outcome::{FlowFigures, FlowOutcome};
pub use flow::scratch::{BreakStanding, FlowBreak, FlowScratch};
pub use journal::chain::Head;
pub use journal::run_note::RunBegin;
pub use load::added::Added;
pub use load::bulk::Twice;
pub use load::came_again::CameAgain;
pub use load::draft::{Draft, Drafter};
pub use load::forms::Alike;
pub use load::frozen::FrozenTerms;
pub use load::lately::PaidLately;
pub use load::loading::{LoadRules, Loading};
pub use load::stamp::FileFacts;
pub use open::holder::{LockHolder, LockNote, lock_holder};
pub use open::names::replaced_ledger;
pub use open::owner::Owner;
pub use open::reader::Reader;
pub use plan::content::{Digests, Facts};
pub use plan::paid_before::{PaidBefore, RecentlyPaid};
pub use plan::preview::Preview;
pub use plan::schedule::{Above, Course, PlannedDay, Schedule};
pub use read::campaign::{CampaignRow, Pause};
pub use read::claims::{ClaimRow, Claims, Cursor, NoCursor};
pub use read::files::FileRow;
pub use read::held_back::HeldBack;
pub use read::history::{AttemptRow, JournalRow, PacketFigures, RequestFigures};
pub use read::moves::{MoveRow, MovedPacket};
pub use read::overdue::{Overdue, OverdueBill};
pub use read::report_rows::ReportRow;
pub use read::said::{Burnt, PassedOver, Said};
pub use read::tally::RefusedWith;
pub use read::to_ask::ToAsk;
pub use read::to_follow::ToFollow;
pub use refusal::LoadRefusal;
pub use runs::kept::{RecordedRun, RunMark};
pub use take::approved::Approved;
pub use take::attempt::Attempt;
pub use take::run_limit::RunLimit;
pub use take::take_due::Allowed;
pub use write::job::{Learned, Recorded};
pub use write::writer::Writer;
