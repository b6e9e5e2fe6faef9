//! Counts that are typed.

use std::str::FromStr;

/// One from 1 on: of none there would be nothing to do.
pub(super) fn count<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|_| "not a whole number from 1 on")
}
