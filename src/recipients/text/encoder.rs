//! Text in the encoding that a recipients file has.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use encoding_rs::GB18030;

use super::encoding::Charset;

/// Writes text in the encoding of the refused file.
pub(in crate::recipients) struct Encoder {
    out: BufWriter<File>,
    pub(in crate::recipients) charset: Charset,
    pub(in crate::recipients) has_mark: bool,
}

impl Encoder {
    pub(in crate::recipients) fn new(out: File) -> Encoder {
        Encoder {
            out: BufWriter::new(out),
            charset: Charset::Utf8,
            has_mark: false,
        }
    }

    pub(in crate::recipients) fn write(&mut self, text: &str) -> io::Result<()> {
        let mark = std::mem::take(&mut self.has_mark).then_some("\u{FEFF}");
        for text in mark.into_iter().chain([text]) {
            match self.charset {
                Charset::Utf8 => self.out.write_all(text.as_bytes())?,
                Charset::Gb18030 => self.out.write_all(&GB18030.encode(text).0)?,
                Charset::Utf16Le => {
                    for unit in text.encode_utf16() {
                        self.out.write_all(&unit.to_le_bytes())?;
                    }
                }
            }
        }
        Ok(())
    }

    pub(in crate::recipients) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }
}
