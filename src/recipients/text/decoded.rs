//! A source as UTF-8, its raw bytes hashed on the way.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};
use sha2::{Digest, Sha256};

use super::encoding::Encoding;

/// Reads UTF-8 out of a source in any known encoding, valid as [`super::encoding::detect`] found
/// it.
pub(in crate::recipients) struct DecodedText<R> {
    source: R,
    hash: Sha256,
    foreign: Option<Foreign>,
}

/// Bytes that are not UTF-8 yet.
struct Foreign {
    decoder: Decoder,
    bytes: Vec<u8>,
    used: usize,
    is_at_end: bool,
    /// A decoder that has said its last word must not be asked again.
    is_finished: bool,
}

impl<R: Read> DecodedText<R> {
    /// `source` stands at its first byte; its byte order mark is hashed and left out.
    pub(in crate::recipients) fn new(mut source: R, encoding: Encoding) -> io::Result<Self> {
        let mut mark = vec![0; encoding.mark];
        source.read_exact(&mut mark)?;
        let foreign = encoding.charset.decoder().map(|decoder| Foreign {
            decoder,
            bytes: Vec::new(),
            used: 0,
            is_at_end: false,
            is_finished: false,
        });
        Ok(DecodedText {
            source,
            hash: Sha256::new_with_prefix(&mark),
            foreign,
        })
    }

    /// Of all raw bytes read so far.
    pub(in crate::recipients) fn sha256(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }
}

impl<R: Read> Read for DecodedText<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(foreign) = &mut self.foreign else {
            let read = self.source.read(out)?;
            self.hash.update(&out[..read]);
            return Ok(read);
        };
        loop {
            if foreign.used == foreign.bytes.len() && !foreign.is_at_end {
                foreign.fill(&mut self.source)?;
                self.hash.update(&foreign.bytes);
            }
            if foreign.is_finished {
                return Ok(0);
            }
            let written = foreign.decode(out)?;
            if written > 0 || foreign.is_at_end {
                return Ok(written);
            }
        }
    }
}

impl Foreign {
    fn fill(&mut self, source: &mut impl Read) -> io::Result<()> {
        self.bytes.resize(64 * 1024, 0);
        self.used = 0;
        let read = source.read(&mut self.bytes);
        self.bytes.truncate(*read.as_ref().unwrap_or(&0));
        self.is_at_end = read? == 0;
        Ok(())
    }

    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = &self.bytes[self.used..];
        let (result, used, written) =
            self.decoder
                .decode_to_utf8_without_replacement(bytes, out, self.is_at_end);
        self.used += used;
        self.is_finished = self.is_at_end && matches!(result, DecoderResult::InputEmpty);
        if let DecoderResult::Malformed(..) = result {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the file changed while it was read",
            ));
        }
        Ok(written)
    }
}
