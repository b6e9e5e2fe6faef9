//! The one thread that writes while a campaign runs.
//!
//! - `job`: one piece of work, and how its answer comes back;
//! - `answered`: what an answer does to what the run knows;
//! - `heard`: the time of the latest answer;
//! - `writer_thread`: groups, commits, answers; `checkpoints`: the WAL, beside it;
//! - `start`: its begin;
//! - `played`: the same as a task in virtual time;
//! - `writer`: the way to it;
//! - `attempts`: what it is asked for;
//! - `kept`: what it is told to keep.

mod answered;
mod attempts;
mod checkpoints;
mod heard;
pub(super) mod job;
mod kept;
mod played;
mod start;
pub(super) mod writer;
mod writer_thread;
