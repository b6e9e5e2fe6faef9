//! Due bills become attempts.
//!
//! - `run_state`: what the writing thread knows of its run;
//! - `run_limit`: how much one run may begin;
//! - `first_sends`: first sends of each day, from the rows;
//! - `spent_by_day`: the same in memory, for the caps;
//! - `approved`: the packets that were approved;
//! - `attempt`: a request that is durable and not yet sent;
//! - `make`: the one place where a bill gets its row;
//! - `question`: which numbers are asked about before they are sent;
//! - `asked`: and which were;
//! - `next_number`: questions about the number after a bill's;
//! - `defer`: what a daily cap does to what is due;
//! - `second_send`: who is owed a second send;
//! - `survey`: questions whatever is due;
//! - `take_due`: what may be begun now.

pub(super) mod approved;
mod asked;
pub(super) mod attempt;
pub(super) mod defer;
mod first_sends;
pub(super) mod make;
pub(super) mod next_number;
mod question;
pub(super) mod run_limit;
pub(super) mod run_state;
mod second_send;
pub(super) mod spent_by_day;
pub(super) mod survey;
pub(super) mod take_due;
