//! Faults on demand.
//!
//! - `fault`: each way for a request to go wrong; `rates`: how often each happens;
//! - `dice`: chance that repeats itself.

pub(super) mod dice;
pub(super) mod fault;
pub(super) mod rates;
