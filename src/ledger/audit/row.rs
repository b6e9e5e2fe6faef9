//! The columns of the query over all bills.

use crate::ledger::journal::seal::{FROZEN_WIDTH, MOVING_WIDTH};

/// Where the columns of the query of all bills begin.
pub(super) const FROZEN_AT: usize = 4;

pub(super) const MOVING_AT: usize = FROZEN_AT + FROZEN_WIDTH;

/// Behind a second chance.
pub(super) const PAID_AT: usize = MOVING_AT + MOVING_WIDTH + 1;
