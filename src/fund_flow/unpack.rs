//! A bill that may be packed with gzip: its content tells. What comes out is bounded, so that a few
//! packed bytes cannot keep a machine busy for hours; it is never held, so that they cannot fill
//! its memory.

use std::error::Error;
use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use super::fault::{FlowCause, FlowFault};

/// The begin of every gzip stream.
const MAGIC: [u8; 2] = [0x1F, 0x8B];

/// Far more than a day of a merchant: a row has about 250 bytes, so these are ten million.
pub(super) const UNPACKED_MAX: u64 = 4 << 30;

/// Bytes on their way into `T`, unpacked where they are packed.
pub(super) struct Unpacked<T: Write> {
    form: PackForm<T>,
}

enum PackForm<T: Write> {
    /// Too few bytes to tell.
    Unknown(Vec<u8>, Bounded<T>),
    Plain(Bounded<T>),
    Gzip(Box<MultiGzDecoder<Bounded<T>>>),
    /// After a fault.
    Gone,
}

/// Where the bytes go.
struct Bounded<T> {
    to: T,
    left: u64,
}

impl<T: Write> Write for Bounded<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let left = self.left.checked_sub(length);
        // After the bound nothing more, however little.
        self.left = left.unwrap_or(0);
        left.ok_or_else(too_large)?;
        self.to.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_large() -> io::Error {
    io::Error::other(TooMuch)
}

/// More came out than any bill has.
#[derive(Debug, thiserror::Error)]
#[error("more than any bill has")]
struct TooMuch;

impl<T: Write> Unpacked<T> {
    /// Into `to`, at most `most` bytes.
    pub(super) fn new(to: T, most: u64) -> Self {
        let to = Bounded { to, left: most };
        Unpacked {
            form: PackForm::Unknown(Vec::new(), to),
        }
    }

    /// Takes the next bytes as they were read or received.
    ///
    /// # Errors
    /// Where they do not unpack, are too many, or `T` fails.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let PackForm::Unknown(head, _) = &mut self.form {
            head.extend_from_slice(bytes);
            if head.len() < MAGIC.len() {
                return Ok(());
            }
            return self.begin();
        }
        match &mut self.form {
            PackForm::Plain(to) => to.write_all(bytes),
            PackForm::Gzip(to) => to.write_all(bytes),
            PackForm::Unknown(..) | PackForm::Gone => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Decides the form by what has come.
    fn begin(&mut self) -> io::Result<()> {
        let form = std::mem::replace(&mut self.form, PackForm::Gone);
        let PackForm::Unknown(head, mut to) = form else {
            self.form = form;
            return Ok(());
        };
        if head.starts_with(&MAGIC) {
            let mut to = Box::new(MultiGzDecoder::new(to));
            to.write_all(&head)?;
            self.form = PackForm::Gzip(to);
        } else {
            to.write_all(&head)?;
            self.form = PackForm::Plain(to);
        }
        Ok(())
    }

    /// Ends it and gives back where it went.
    ///
    /// # Errors
    /// Where a packed stream is cut, or `T` fails.
    pub(super) fn finish(mut self) -> io::Result<T> {
        self.begin()?;
        match self.form {
            PackForm::Plain(to) => Ok(to.to),
            PackForm::Gzip(to) => Ok(to.finish()?.to),
            PackForm::Unknown(..) | PackForm::Gone => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl FlowFault {
    /// The meaning of an error of [`Unpacked`] that `T` did not make itself.
    pub(super) fn of_unpacking(error: &io::Error) -> FlowFault {
        let inner = error.get_ref();
        let is_bound = inner.is_some_and(<dyn Error + Send + Sync>::is::<TooMuch>);
        FlowFault::of_file(if is_bound {
            FlowCause::TooLarge
        } else {
            FlowCause::Packing
        })
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn unpacked(bytes: &[u8], size: usize, most: u64) -> Result<Vec<u8>, FlowFault> {
        let mut unpacked = Unpacked::new(Vec::new(), most);
        let mut read = || {
            for piece in bytes.chunks(size) {
                unpacked.push(piece)?;
            }
            Ok(())
        };
        let taken: io::Result<()> = read();
        let done = taken.and_then(|()| unpacked.finish());
        done.map_err(|error| FlowFault::of_unpacking(&error))
    }

    #[test]
    fn plain_and_packed_are_told_apart_by_their_first_bytes() {
        let text = b"one, two, three".repeat(100);
        let packed = gzip(&text);
        for size in [1, 2, 3, 1000] {
            assert_eq!(unpacked(&text, size, 9999), Ok(text.clone()), "{size}");
            assert_eq!(unpacked(&packed, size, 9999), Ok(text.clone()), "{size}");
        }
        assert_eq!(unpacked(b"", 1, 9), Ok(Vec::new()));
        assert_eq!(unpacked(b"a", 1, 9), Ok(b"a".to_vec()));
    }

    #[test]
    fn a_cut_or_damaged_stream_is_refused() {
        let packed = gzip(&b"one, two, three".repeat(100));
        let packing = Err(FlowFault::of_file(FlowCause::Packing));
        for at in 2..packed.len() {
            assert_eq!(unpacked(&packed[..at], 64, 9999), packing, "{at}");
        }
        for at in [2, 12, packed.len() - 6, packed.len() - 2] {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            assert_eq!(unpacked(&damaged, 64, 9999), packing, "{at}");
        }
    }

    #[test]
    fn a_bomb_is_bounded() {
        let bomb = gzip(&vec![0; 8 << 20]);
        assert!(bomb.len() < 10_000);
        let large = Err(FlowFault::of_file(FlowCause::TooLarge));
        assert_eq!(unpacked(&bomb, 1024, 1 << 20), large);
        assert_eq!(unpacked(&[b'x'; 100], 10, 99), large);
    }
}
