//! Openids that are the same to the eye: somebody typed one from a screen or a picture, and took a
//! letter for another. Openids are drawn at random, so that two of them never look alike by chance.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Openids that are compared: with eight bytes each, a list of any size costs no more than this.
const COMPARED_MAX: usize = 2 << 20;

/// Bits of an entry that tell openids apart which look alike; the others are of their common form.
const OWN_BITS: u32 = 20;
const OWN: u64 = (1 << OWN_BITS) - 1;

/// The forms of the openids of a list, by their hashes.
#[derive(Debug, Default)]
pub(super) struct Forms {
    seen: Vec<u64>,
}

impl Forms {
    pub(super) fn add(&mut self, openid: &str) {
        if self.seen.len() < COMPARED_MAX {
            self.seen.push(entry(openid));
        }
    }

    /// What openids have in common; nothing is kept.
    pub(super) fn take_common(&mut self) -> Common {
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable();
        let pairs = seen.windows(2);
        let is_common = |pair: &&[u64]| pair[0] != pair[1] && is_of_form(pair[0], pair[1]);
        let forms = pairs.filter(is_common).map(|pair| pair[0] & !OWN).collect();
        let runs = seen.chunk_by(|a, b| a == b).filter(|run| run.len() > 1);
        let mut common = Common {
            forms,
            ..Common::default()
        };
        for run in runs {
            common.repeated.push(run[0]);
            common.rows += run.len();
        }
        common
    }
}

/// What the openids of a list have in common.
#[derive(Debug, Default)]
pub(super) struct Common {
    /// The forms that different openids have.
    pub(super) forms: BTreeSet<u64>,
    /// The entries of openids that stand in more than one row, in order, and in how many rows they
    /// stand together.
    pub(super) repeated: Vec<u64>,
    pub(super) rows: usize,
}

impl Common {
    /// Whether the openid stands in more than one row; its entry.
    pub(super) fn repeated(&self, openid: &str) -> Option<u64> {
        let entry = entry(openid);
        self.repeated.binary_search(&entry).is_ok().then_some(entry)
    }
}

fn is_of_form(a: u64, b: u64) -> bool {
    a & !OWN == b & !OWN
}

/// The form of an openid, as [`Forms::take_common`] gives it.
pub(super) fn form(openid: &str) -> u64 {
    entry(openid) & !OWN
}

fn entry(openid: &str) -> u64 {
    let (mut form, mut own) = (DefaultHasher::new(), DefaultHasher::new());
    openid.hash(&mut own);
    let mut bytes = [0; 128];
    for (byte, to) in openid.bytes().zip(&mut bytes) {
        *to = alike(byte);
    }
    bytes[..openid.len().min(128)].hash(&mut form);
    form.finish() & !OWN | own.finish() & OWN
}

/// One sign for all that are taken for each other.
fn alike(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'0' => b'o',
        b'1' | b'i' => b'l',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(openids: &[&str]) -> usize {
        let mut forms = Forms::default();
        for openid in openids {
            forms.add(openid);
        }
        forms.take_common().forms.len()
    }

    #[test]
    fn openids_that_are_the_same_to_the_eye_are_found() {
        let first = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";
        for other in [
            "oR4k2v5JRtpBk5x2LzlNEOIo__fz",
            "OR4k2v5JRtpBk5x2LzlNEOIo__fZ",
            "oR4k2v5JRtpBk5x2LzlNE0Io__fZ",
            "oR4k2v5JRtpBk5x2LzINEOIo__fZ",
            "oR4k2v5JRtpBk5x2Lz1NEOlo__fZ",
            "or4k2v5jrtpbk5x2lzlneoio__fz",
        ] {
            assert_eq!(common(&[first, "oAbc", other]), 1, "{other}");
            assert_eq!(form(first), form(other));
        }
        for other in [
            first,
            "oR4k2v5JRtpBk5x2LzlNEOIo_-fZ",
            "oR4k2v5JRtpBk5x2LzlNEOIo__fZa",
            "oR4k2v5JRtpBk5x2LzlNEOIo__f2",
        ] {
            assert_eq!(common(&[first, other]), 0, "{other}");
        }
    }

    #[test]
    fn openids_that_stand_twice_are_counted() {
        let mut forms = Forms::default();
        for openid in ["oAbc", "oDef", "oAbc", "oGhi", "oAbc", "oDef", "oABC"] {
            forms.add(openid);
        }
        let common = forms.take_common();
        assert_eq!((common.repeated.len(), common.rows), (2, 5));
        assert!(common.repeated("oAbc").is_some() && common.repeated("oGhi").is_none());
    }
}
