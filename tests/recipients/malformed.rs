//! Files that nobody writes: rightful ones with bytes changed, cut, doubled and put in.
//!
//! 1,500 of them; `HONGBAO_FULL=1 cargo test --release --test recipients -- malformed` reads
//! 10,000. `HONGBAO_SEED` draws others.

use encoding_rs::GB18030;

use super::book::{Book, sheet};
use super::{ROWS, Read, read, text, utf16, written};

/// SplitMix64: the same files from the same seed on any machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap()
    }
}

/// What means something to a reader of texts, of XML, of zips.
const PIECES: &[&[u8]] = &[
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"\t",
    b";",
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\x84\x31\x95\x33",
    b"\xE4\xB8",
    b"1E+27",
    b"-1",
    b"99999999999999999999",
    "合计".as_bytes(),
    "，".as_bytes(),
    b"<row r='1048577'>",
    b"<c r='XFE1'>",
    b"</row>",
    b"<c>",
    b"<v>1</v>",
    b"<f>",
    b"t='s'",
    b"r='B3'",
    b"&#0;",
    b"&#xFFFF;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"<?xml?>",
    b"</sheetData>",
    b"_x0000_",
    b"<mergeCell ref='B7:A1'/>",
    b"<mergeCell ref='A1:XFD1048576'/>",
    b"NaN",
    b"1e999",
    b"PK\x05\x06",
    b"PK\x01\x02",
    b"<col min='1' max='99999999' hidden='1'/>",
    b"s='4294967296'",
];

/// One to four changes.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let (at, length) = (dice.below(bytes.len()), 1 + dice.below(24));
        let end = (at + length).min(bytes.len());
        match dice.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
}

/// A file out of a rightful one.
fn malformed(dice: &mut Dice) -> Vec<u8> {
    let delimiter = [',', '\t', ';'][dice.below(3)];
    let text = text(ROWS, delimiter, ["\n", "\r\n", "\r"][dice.below(3)]);
    let mut bytes = match dice.below(8) {
        0 => text.into_bytes(),
        1 => format!("\u{FEFF}{text}").into_bytes(),
        2 => utf16(&text),
        3 => GB18030.encode(&text).0.into_owned(),
        4 => Book::of(&sheet(ROWS)).bytes(),
        5 => written(true),
        // The parts are damaged, and the zip around them is whole.
        _ => return damaged_parts(dice),
    };
    damage(&mut bytes, dice);
    bytes
}

fn damaged_parts(dice: &mut Dice) -> Vec<u8> {
    let mut book = Book::of(&sheet(ROWS)).sharing(&["<t>a</t>", "<r><t>b</t></r>"]);
    let code = "<numFmts><numFmt numFmtId='9' formatCode='y'/></numFmts>";
    book.set(
        "xl/styles.xml",
        &format!("<x>{code}<cellXfs><xf numFmtId='9'/></cellXfs></x>"),
    );
    // The sheet has the most to break: every other time it is that one.
    let is_sheet = |(name, _): &(String, String)| name.contains("sheet1");
    let sheet = book.0.iter().position(is_sheet).unwrap();
    let part = [sheet, dice.below(book.0.len())][dice.below(2)];
    let mut bytes = std::mem::take(&mut book.0[part].1).into_bytes();
    damage(&mut bytes, dice);
    book.0[part].1 = String::from_utf8_lossy(&bytes).into_owned();
    book.bytes()
}

#[test]
fn malformed_files_are_read_whole_or_refused() {
    let is_full = std::env::var_os("HONGBAO_FULL").is_some();
    let seed = std::env::var("HONGBAO_SEED").map_or(1, |seed| seed.parse().unwrap());
    let (mut right, mut wrong) = (0, 0);
    for file in 0..if is_full { 10_000 } else { 1_500 } {
        let mut dice = Dice(seed ^ (file << 32));
        let bytes = malformed(&mut dice);
        let told = std::panic::catch_unwind(|| read(&bytes));
        let told: Read = told.unwrap_or_else(|_| panic!("file {file} of seed {seed}"));
        // A sheet is read on a thread of its own, whose panic would come out as this fault.
        let is_panic = told
            .faults
            .iter()
            .any(|fault| fault.contains("its reader stopped"));
        assert!(!is_panic, "file {file} of seed {seed}: {told:?}");
        // `read` has compared the sum and the count of what was given with what was summed up.
        assert_ne!(
            told.packets.is_empty(),
            told.faults.is_empty(),
            "file {file}: {told:?}"
        );
        right += u32::from(told.faults.is_empty());
        wrong += u32::from(!told.faults.is_empty());
    }
    assert!(
        right > 50 && wrong > 500,
        "{right} read, {wrong} refused: the damage is no test"
    );
}
