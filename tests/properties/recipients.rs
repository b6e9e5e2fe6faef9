//! Recipients files: read whole or refused, and what is refused leaves nothing in the ledger.

use std::fmt::Write as _;
use std::io::Cursor;

use hongbao::domain::packet::Packet;
use hongbao::recipients::{PacketReader, RecipientsError, RowRules, Summary};
use proptest::prelude::*;

use crate::cases;
use crate::damage::{damaged, damages};
use crate::support::{Ran, hongbao};

/// What breaks files in the field.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x81",
    b"\x84\x31\x95\x33",
    b"openid",
    b"amount_yuan",
    b"1e9",
    b"-1",
    b"1,000",
    b"99999999999999999999",
    b"=1+1",
    b";",
    b"\t",
    b"PK\x03\x04",
    "红包".as_bytes(),
    "\u{2028}".as_bytes(),
];

/// How a file is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    MarkedUtf8,
    Gb18030,
    Utf16,
}

fn charset() -> impl Strategy<Value = Charset> {
    use Charset as C;
    prop::sample::select(&[C::Utf8, C::MarkedUtf8, C::Gb18030, C::Utf16][..])
}

/// A good file of these amounts.
fn file(amounts: &[u64], charset: Charset) -> Vec<u8> {
    let mut text = String::from("openid,amount_fen,祝福语,shop\n");
    for (row, fen) in amounts.iter().enumerate() {
        writeln!(
            text,
            "oTest{row:023},{fen},\"恭喜, \"\"发财\"\"\",店铺{row}"
        )
        .unwrap();
    }
    match charset {
        Charset::Utf8 => text.into_bytes(),
        Charset::MarkedUtf8 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Charset::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        Charset::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

fn read(bytes: &[u8]) -> Result<(Vec<Packet>, Summary), RecipientsError> {
    let mut reader = PacketReader::new(Cursor::new(bytes.to_vec()), RowRules::default())?;
    let mut packets = Vec::new();
    while let Some(packet) = reader.next_packet()? {
        packets.push(packet);
    }
    Ok((packets, reader.finish()?))
}

fn load(dir: &std::path::Path, name: &str) -> Ran {
    let campaign = dir.join("campaign.toml");
    let file = dir.join(name);
    hongbao(
        &["load", campaign.to_str().unwrap(), file.to_str().unwrap()],
        &[],
    )
    .wait()
}

/// Rows and fen in the ledger, as `status` has them.
fn loaded(dir: &std::path::Path) -> (u64, u64) {
    let campaign = dir.join("campaign.toml");
    let ran = hongbao(&["status", campaign.to_str().unwrap(), "--json"], &[]).wait();
    let status: serde_json::Value = serde_json::from_str(&ran.exits(0).stdout).unwrap();
    let number = |name: &str| status[name].as_u64().unwrap();
    (number("rows"), number("total_fen"))
}

proptest! {
    #![proptest_config(cases(128, 40_000))]

    #[test]
    fn a_file_is_read_whole_or_refused_with_a_reason(
        amounts in prop::collection::vec(100u64..=20_000, 1..8),
        charset in charset(),
        damages in damages(WORDS),
    ) {
        let bytes = damaged(file(&amounts, charset), &damages);
        match read(&bytes) {
            Ok((packets, summary)) => {
                prop_assert_eq!(summary.rows, packets.len() as u64);
                prop_assert!(summary.rows > 0);
                let total: u64 = packets.iter().map(|packet| packet.amount.fen()).sum();
                prop_assert_eq!(summary.total.fen(), total);
                let is_in_range = |packet: &Packet| (100..=20_000).contains(&packet.amount.fen());
                prop_assert!(packets.iter().all(is_in_range), "{:?}", packets);
                if damages.is_empty() {
                    prop_assert_eq!(packets.len(), amounts.len());
                }
            }
            Err(RecipientsError::Refused(faults)) => {
                prop_assert!(!faults.is_empty() && !faults.to_string().is_empty());
                prop_assert!(!damages.is_empty(), "{}", faults);
            }
            Err(fault) => prop_assert!(false, "{}", fault),
        }
    }
}

proptest! {
    #![proptest_config(cases(8, 1_000))]

    /// By the program itself: a damaged second file is loaded whole or not at all.
    #[test]
    fn a_refused_file_leaves_the_ledger_as_it_was(
        amounts in prop::collection::vec(100u64..=900, 4..30),
        charset in charset(),
        damages in damages(WORDS),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let campaign = include_str!("../../campaign.example.toml");
        std::fs::write(dir.path().join("campaign.toml"), campaign).unwrap();
        std::fs::write(dir.path().join("first.csv"), file(&amounts[..3], Charset::Utf8)).unwrap();
        load(dir.path(), "first.csv").exits(0);
        let before = loaded(dir.path());
        let second = damaged(file(&amounts, charset), &damages);
        std::fs::write(dir.path().join("second.csv"), &second).unwrap();
        let ran = load(dir.path(), "second.csv");
        match ran.code {
            Some(0) => {
                let (packets, _) = read(&second).unwrap();
                let first: Vec<String> = (0..3).map(|row| format!("oTest{row:023}")).collect();
                let known = |it: &&Packet| first.iter().all(|row| it.openid.as_str() != row);
                let new: Vec<u64> = packets
                    .iter()
                    .filter(known)
                    .map(|packet| packet.amount.fen())
                    .collect();
                let after = (before.0 + new.len() as u64, before.1 + new.iter().sum::<u64>());
                prop_assert_eq!(loaded(dir.path()), after);
            }
            Some(6) => {
                prop_assert!(!ran.stderr.trim().is_empty());
                prop_assert_eq!(loaded(dir.path()), before);
            }
            code => prop_assert!(false, "exit {:?}\n{}", code, ran.stderr),
        }
    }
}
