//! A recipients file of any length, the same for the same tag.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

/// A file of made-up people.
pub(crate) struct Recipients {
    /// Kept as long as the file is wanted.
    _dir: TempDir,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its rows.
    pub(crate) count: u32,
    /// Its sum.
    pub(crate) total_fen: u64,
}

impl Recipients {
    /// Writes `count` rows. Files with different tags have no person and no key in common.
    pub(crate) fn write(dir: &Path, tag: u32, count: u32) -> Recipients {
        let dir = tempfile::tempdir_in(dir).unwrap();
        let path = dir.path().join("recipients.csv");
        let mut file = BufWriter::new(File::create(&path).unwrap());
        writeln!(file, "row_key,openid,amount_yuan").unwrap();
        let mut total_fen = 0;
        for row in 0..count {
            let (key, openid, fen) = (row_key(tag, row), openid(tag, row), fen(row));
            writeln!(file, "{key},{openid},{}", yuan(fen)).unwrap();
            total_fen += fen;
        }
        let file = file.into_inner().unwrap();
        file.sync_all().unwrap();
        // As old as files are when they are loaded: one written just now is read again and again.
        file.set_modified(SystemTime::now() - Duration::from_mins(10))
            .unwrap();
        Recipients {
            _dir: dir,
            path,
            count,
            total_fen,
        }
    }

    /// The sum as `--confirm-total` wants it.
    pub(crate) fn total_yuan(&self) -> String {
        yuan(self.total_fen)
    }
}

/// As a shop's system numbers its orders: one after the other.
fn row_key(tag: u32, row: u32) -> String {
    format!("L{tag:04}-{row:08}")
}

/// As WeChat makes them: 28 characters in no order. Other rows have others, since the steps
/// between are one to one.
pub(crate) fn openid(tag: u32, row: u32) -> String {
    let mixed = mixed((u64::from(tag) << 32) | u64::from(row));
    format!("oBench{mixed:016x}{:06x}", mixed & 0xff_ffff)
}

/// Between 1 and 10 yuan.
pub(crate) fn fen(row: u32) -> u64 {
    100 + u64::from(row) * 37 % 900
}

/// Fen in yuan.
pub(crate) fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A number that looks drawn and is not: splitmix64.
pub(crate) fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
