//! Bytes in pieces, and the lines that they make.

use std::io::{self, Read};

/// How much is read at a time.
pub(super) const CHUNK: usize = 64 * 1024;

/// Counts lines, whichever way they end.
pub(super) struct LineCount {
    pub(super) line: u64,
    last: u8,
}

impl Default for LineCount {
    fn default() -> Self {
        LineCount { line: 1, last: 0 }
    }
}

impl LineCount {
    pub(super) fn pass(&mut self, text: &[u8]) {
        for &byte in text {
            self.line += u64::from(byte == b'\r' || (byte == b'\n' && self.last != b'\r'));
            self.last = byte;
        }
    }
}

/// `read`, again where a signal cut it short.
pub(super) fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            answer => return answer,
        }
    }
}
