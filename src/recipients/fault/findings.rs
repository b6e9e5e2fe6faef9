//! All that is found in a file while it is read.

use super::faults::Faults;
use super::notices::Notices;

/// The faults and notices of a file.
#[derive(Debug, Default)]
pub(in crate::recipients) struct Findings {
    pub(in crate::recipients) faults: Faults,
    pub(in crate::recipients) notices: Notices,
}
