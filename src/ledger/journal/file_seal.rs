//! One digest of many rows in their order.

use sha2::{Digest as _, Sha256};

use super::seal::Hash;

/// The bills of a file, or what a plan holds of a campaign, in their order.
#[derive(Debug)]
pub(in crate::ledger) struct FileSeal(Sha256);

impl FileSeal {
    pub(in crate::ledger) fn begin() -> Self {
        FileSeal(Sha256::new())
    }

    /// The next bill, by the digest of what is fixed about it.
    pub(in crate::ledger) fn add(&mut self, frozen: &Hash) {
        self.0.update(frozen);
    }

    pub(in crate::ledger) fn hash(&self) -> Hash {
        self.0.clone().finalize().into()
    }
}
