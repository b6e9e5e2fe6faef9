//! The bytes of a bill on their way: packed or not, hashed, and given out as rows.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::fault::{FlowCause, FlowFault};
use super::reader::FlowReader;
use super::totals::FlowTotals;
use super::unpack::{UNPACKED_MAX, Unpacked};
use crate::domain::flow::row::FlowRow;
use crate::domain::hex::hex;

/// Takes one bill in pieces.
pub struct FlowIntake<E, F: FnMut(&FlowRow) -> Result<(), E>>
where
    E: From<FlowFault>,
{
    unpacked: Unpacked<RowSink<E, F>>,
    /// Of the bytes as they came: for the record, and for the digest.
    sha256: Sha256,
    sha1: Sha1,
    stopped: Rc<RefCell<Option<E>>>,
}

/// Where unpacked bytes become rows.
struct RowSink<E, F> {
    reader: FlowReader,
    each: F,
    sha1: Sha1,
    /// Nothing is taken after a fault: a packer that is dropped writes what it still has.
    is_over: bool,
    /// Errors of `io` cannot carry it.
    stopped: Rc<RefCell<Option<E>>>,
}

impl<E, F> Write for RowSink<E, F>
where
    E: From<FlowFault>,
    F: FnMut(&FlowRow) -> Result<(), E>,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_over {
            return Err(io::Error::other("stopped"));
        }
        self.sha1.update(bytes);
        match self.reader.push(bytes, &mut self.each) {
            Ok(()) => Ok(bytes.len()),
            Err(why) => {
                self.is_over = true;
                *self.stopped.borrow_mut() = Some(why);
                Err(io::Error::other("stopped"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<E, F> FlowIntake<E, F>
where
    E: From<FlowFault>,
    F: FnMut(&FlowRow) -> Result<(), E>,
{
    /// Gives each row to `each`. None of them may be believed before the end.
    pub fn new(each: F) -> Self {
        let stopped = Rc::default();
        let sink = RowSink {
            reader: FlowReader::default(),
            each,
            sha1: Sha1::new(),
            is_over: false,
            stopped: Rc::clone(&stopped),
        };
        FlowIntake {
            unpacked: Unpacked::new(sink, UNPACKED_MAX),
            sha256: Sha256::new(),
            sha1: Sha1::new(),
            stopped,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Where this is no bill; what `each` gives.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), E> {
        self.sha256.update(bytes);
        self.sha1.update(bytes);
        let taken = self.unpacked.push(bytes);
        taken.map_err(|fault| why(&self.stopped, &fault))
    }

    /// Ends it: what the rows add up to, and the SHA-256 of all bytes in hexadecimal. `digest` is
    /// what came beside it, `SHA=` and 40 digits, of the bytes before or after they were packed:
    /// which of them is not said anywhere.
    ///
    /// # Errors
    /// Where the bill is cut, does not add up, or is not what the digest is of.
    pub fn finish(self, digest: Option<&str>) -> Result<(FlowTotals, String), E> {
        let sink = self.unpacked.finish();
        let mut sink = sink.map_err(|fault| why(&self.stopped, &fault))?;
        let digests = [self.sha1, sink.sha1].map(|sum| hex(&sum.finalize()));
        let is_right = |digest: &str| {
            let given = digest.rsplit('=').next().unwrap_or(digest).trim();
            digests.iter().any(|it| it.eq_ignore_ascii_case(given))
        };
        if digest.is_some_and(|digest| !is_right(digest)) {
            return Err(FlowFault::of_file(FlowCause::Digest).into());
        }
        let totals = sink.reader.finish(&mut sink.each)?;
        Ok((totals, hex(&self.sha256.finalize())))
    }
}

/// The error that stopped it, or else the fault in the packing.
fn why<E: From<FlowFault>>(stopped: &Rc<RefCell<Option<E>>>, fault: &io::Error) -> E {
    let stopped = stopped.borrow_mut().take();
    stopped.unwrap_or_else(|| FlowFault::of_unpacking(fault).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BILL: &str = "记账时间,收支类型,收支金额(元),业务凭证号\n\
        `2026-11-23 20:00:00,`支出,`1.00,`a\n\
        资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`1,`0,`0,`1,`1\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        use flate2::Compression;
        use flate2::write::GzEncoder;
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn taken(bytes: &[u8], digest: Option<&str>) -> Result<u64, FlowFault> {
        let mut intake = FlowIntake::new(|_: &FlowRow| Ok::<(), FlowFault>(()));
        for piece in bytes.chunks(50) {
            intake.push(piece)?;
        }
        intake.finish(digest).map(|(totals, _)| totals.rows)
    }

    #[test]
    fn the_digest_may_be_of_the_packed_or_of_the_unpacked_bytes() {
        let packed = gzip(BILL.as_bytes());
        let [of_packed, of_text] =
            [&packed, BILL.as_bytes()].map(|bytes| format!("SHA={}", hex(&Sha1::digest(bytes))));
        let (upper, other) = (of_text.to_uppercase(), format!("SHA={}", "0".repeat(40)));
        for digest in [None, Some(&*of_packed), Some(&of_text), Some(&upper)] {
            assert_eq!(taken(&packed, digest), Ok(1), "{digest:?}");
        }
        assert_eq!(taken(BILL.as_bytes(), Some(&of_text)), Ok(1));
        let wrong = Err(FlowFault::of_file(FlowCause::Digest));
        assert_eq!(taken(&packed, Some(&other)), wrong);
        assert_eq!(taken(BILL.as_bytes(), Some(&of_packed)), wrong);
        assert_eq!(taken(BILL.as_bytes(), Some("")), wrong);
    }

    #[test]
    fn a_fault_in_a_packed_bill_has_its_line() {
        let broken = gzip(BILL.replace("支出,`1.00", "支出,`x").as_bytes());
        assert_eq!(taken(&broken, None).unwrap_err().line, Some(2));
        let cut = gzip(BILL.as_bytes());
        let cut = taken(&cut[..cut.len() - 9], None).unwrap_err();
        assert_eq!(cut, FlowFault::of_file(FlowCause::Packing));
    }

    #[test]
    fn what_the_caller_stops_with_comes_out() {
        #[derive(Debug, PartialEq)]
        struct Full;
        impl From<FlowFault> for Full {
            fn from(fault: FlowFault) -> Full {
                panic!("{fault}")
            }
        }
        let packed = gzip(BILL.as_bytes());
        let mut intake = FlowIntake::new(|_: &FlowRow| Err(Full));
        let pushed = intake.push(&packed);
        let stopped = pushed.and_then(|()| intake.finish(None).map(drop));
        assert_eq!(stopped, Err(Full));
    }
}
