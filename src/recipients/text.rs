//! A source as UTF-8, its raw bytes hashed on the way.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, GB18030};
use sha2::{Digest, Sha256};

use super::encoding::{Charset, Encoding};

/// Reads UTF-8, whatever the source is written in. Valid as [`super::encoding::detect`] found it.
pub(super) struct Text<R> {
    source: R,
    hash: Sha256,
    gb18030: Option<Gb18030>,
}

struct Gb18030 {
    decoder: Decoder,
    bytes: Vec<u8>,
    used: usize,
    is_at_end: bool,
    is_done: bool,
}

impl<R: Read> Text<R> {
    /// `source` stands at its first byte; its byte order mark is hashed and left out.
    pub(super) fn new(mut source: R, encoding: Encoding) -> io::Result<Self> {
        let mut mark = vec![0; encoding.mark];
        source.read_exact(&mut mark)?;
        let gb18030 = match encoding.charset {
            Charset::Utf8 => None,
            Charset::Gb18030 => Some(Gb18030 {
                decoder: GB18030.new_decoder_without_bom_handling(),
                bytes: Vec::new(),
                used: 0,
                is_at_end: false,
                is_done: false,
            }),
        };
        Ok(Text {
            source,
            hash: Sha256::new_with_prefix(&mark),
            gb18030,
        })
    }

    /// Of all raw bytes read so far.
    pub(super) fn sha256(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(gb18030) = &mut self.gb18030 else {
            let read = self.source.read(out)?;
            self.hash.update(&out[..read]);
            return Ok(read);
        };
        // A decoder that was told of the end may not be asked again; a reader asks again.
        while !gb18030.is_done {
            if gb18030.used == gb18030.bytes.len() && !gb18030.is_at_end {
                gb18030.fill(&mut self.source)?;
                self.hash.update(&gb18030.bytes);
            }
            let written = gb18030.decode(out)?;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

impl Gb18030 {
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
        match result {
            DecoderResult::InputEmpty => self.is_done = self.is_at_end,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the file changed while it was read",
                ));
            }
        }
        Ok(written)
    }
}
