//! Whether a report would say anything new: the hash of its rows, as the bare English CSV has them.

use std::io::{Result, Write};

use sha2::{Digest, Sha256};

/// The name of this property of a workbook.
pub const ROWS: &str = "hongbao-rows";

/// Takes a CSV and keeps its SHA-256 alone.
#[derive(Debug, Default)]
pub struct RowsDigest(Sha256);

impl RowsDigest {
    /// The hash of all that was written.
    #[must_use]
    pub fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Write for RowsDigest {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
