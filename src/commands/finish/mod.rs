//! How a verb ends, and what it shows and asks meanwhile.
//!
//! - `run_end`, `ending`: why a run stopped, and its exit code; `next`: the commands after it;
//! - `document`: its end as one object;
//! - `closed`: a run whose time for sends is over;
//! - `progress`: how far it is; `confirm`: who types, and what they must type for money;
//! - `run_log`: what stays on record of a process that spoke to WeChat Pay;
//! - `left`: the reports that stay behind; `notices`: who is told of it elsewhere, `notice`: what;
//!   `recent`: not too often;
//! - `report_file`: the result of every packet; `moment`: all that it is made of.

pub(super) mod closed;
pub(super) mod confirm;
pub(super) mod document;
pub(super) mod ending;
pub(super) mod left;
pub(super) mod moment;
pub(super) mod next;
pub(super) mod notice;
pub(super) mod notices;
pub(super) mod progress;
mod recent;
pub(super) mod report_file;
pub(super) mod run_end;
pub(super) mod run_log;
