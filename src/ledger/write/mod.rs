//! The one thread that writes while a campaign runs.
//!
//! - `request`: what it is asked, and how an answer comes back;
//! - `carry_out`: what each request does;
//! - `answered`: what an answer does to what the run knows;
//! - `heard`: the latest time that an answer had;
//! - `writer_thread`: groups, commits, answers;
//! - `start`: its begin;
//! - `played`: the same as a task in virtual time;
//! - `writer`: the way to it;
//! - `attempts`: what it is asked for;
//! - `kept`: what it is told to keep.

mod answered;
mod attempts;
mod carry_out;
mod heard;
mod kept;
mod played;
pub(super) mod request;
mod start;
pub(super) mod writer;
mod writer_thread;
