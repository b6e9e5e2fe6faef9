//! Bits that turn over in the ledger's file or in its WAL: refused, said, or harmless.
//!
//! A campaign is killed in the middle: some packets are sent, some in doubt, some not begun. One
//! bit of a copy is turned over, and the program is asked to report, to go on and to report again.
//! Whatever it says, WeChat Pay must not have seen another amount, person, number or word than the
//! recipients file has, nor paid anyone twice; and where the program says that all is done, all are
//! paid. It may refuse, with an error that says what to do; it may not panic, hang or be killed.
//!
//! Bits of a WAL are another matter than those of a database: SQLite stops reading at the first
//! frame whose checksum is wrong, and so the ledger is an older one, which WeChat Pay's memory of
//! its numbers makes harmless.
//!
//! What a report says of a packet must be right too, or `hongbao audit` must tell that the ledger
//! was changed.
//!
//! By default about two hundred places: what is owed under each number, and others drawn over all
//! pages. `HONGBAO_FULL=1 cargo test --test scenarios rot` draws thousands.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::thread;

use hongbao::simulator::{FaultName, Settings};

use crate::chance::Chance;
use crate::support::{Campaign, Ran, an_eighth, is_full, say, until};

/// Packets of the campaign.
const PACKETS: usize = 12;
/// Sends after which it is killed.
const SENT: u64 = 6;
/// Runs at once.
const AT_ONCE: usize = 6;
/// The ledger's files.
const LEDGER: &str = "hongbao.db";
const WAL: &str = "hongbao.db-wal";

/// A campaign in the middle, as the disk has it.
struct Specimen {
    files: BTreeMap<&'static str, Vec<u8>>,
    books: String,
    /// What may be on the wire: openid and fen by number.
    right: BTreeMap<String, (String, u64)>,
}

/// Killed in the middle of a run: a database as it was loaded and a WAL of everything since.
fn killed() -> Specimen {
    let names = [FaultName::LostAfter, FaultName::SystemErrorPaid];
    let settings = Settings {
        faults: an_eighth(&names),
        ..Settings::default()
    };
    let mut campaign = Campaign::with_books(PACKETS, settings, "");
    campaign.set("pace.per_second", "10");
    campaign.set("pace.in_flight", "4");
    campaign.verb("load", &[]).exits(0);
    let mut run = campaign.start_run();
    until("half is sent", || campaign.wechat.sends() >= SENT);
    run.kill();
    run.wait();
    let file = |name| (name, std::fs::read(campaign.path(name)).unwrap());
    let files = [file(LEDGER), file(WAL)].into();
    let books = std::fs::read_to_string(campaign.path("books.jsonl")).unwrap();
    let right = campaign.report().into_iter().map(|row| {
        let fen = row["amount_fen"].parse().unwrap();
        (row["mch_billno"].clone(), (row["openid"].clone(), fen))
    });
    Specimen {
        files,
        books,
        right: right.collect(),
    }
}

impl Specimen {
    /// The same with everything in the database, as the next reader leaves it.
    fn checkpointed(&self) -> Specimen {
        let campaign = self.campaign(None);
        campaign.status();
        assert!(!campaign.path(WAL).exists(), "somebody reads");
        let ledger = std::fs::read(campaign.path(LEDGER)).unwrap();
        Specimen {
            files: [(LEDGER, ledger)].into(),
            books: self.books.clone(),
            right: self.right.clone(),
        }
    }

    fn campaign(&self, flip: Option<&Flip>) -> Campaign {
        let mut campaign = Campaign::with_books(PACKETS, Settings::default(), &self.books);
        campaign.set("retry.linger_seconds", "2");
        for (name, bytes) in &self.files {
            let mut bytes = bytes.clone();
            if let Some(flip) = flip.filter(|it| it.file == *name) {
                bytes[flip.byte] ^= 1 << flip.bit;
            }
            campaign.write(name, bytes);
        }
        campaign
    }

    /// The places where this text stands.
    fn find(&self, text: &[u8]) -> Vec<usize> {
        let bytes = &self.files[LEDGER];
        let is_there = |at: &usize| bytes[*at..].starts_with(text);
        (0..bytes.len()).filter(is_there).collect()
    }
}

/// One bit.
#[derive(Debug, Clone)]
struct Flip {
    file: &'static str,
    byte: usize,
    bit: u64,
    /// What stands there, as far as that is known.
    what: String,
}

impl fmt::Display for Flip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Flip {
            file,
            byte,
            bit,
            what,
        } = self;
        write!(f, "{file}, byte {byte}, bit {bit} ({what})")
    }
}

/// What a flip led to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Told {
    Harmless,
    Refused,
    Unfinished,
}

/// Flips that go to the columns of bills that stand in this file: each openid and what is behind
/// it, the amount; each number; the words of the campaign.
fn in_columns(specimen: &Specimen, each: u64, chance: &mut Chance) -> Vec<Flip> {
    let mut flips = Vec::new();
    let mut add = |what: String, from: usize, length: usize| {
        for _ in 0..each {
            let byte = chance.between(from as u64, (from + length) as u64 - 1);
            flips.push(Flip {
                file: LEDGER,
                byte: usize::try_from(byte).unwrap(),
                bit: chance.between(0, 7),
                what: what.clone(),
            });
        }
    };
    for (number, (openid, fen)) in &specimen.right {
        // It stands in a row twice: it is the row key too, and the amount follows it.
        for at in specimen.find(openid.as_bytes()) {
            add(format!("row key or openid {openid}"), at, openid.len());
            add(
                format!("behind {openid}, of {fen} fen"),
                at + openid.len(),
                2,
            );
        }
        for at in specimen.find(number.as_bytes()) {
            add(format!("number {number}"), at, number.len());
        }
    }
    for words in ["猜灯谜", "天虹百货", "元宵节快乐", "快来抢"] {
        for at in specimen.find(words.as_bytes()) {
            add(words.to_owned(), at, words.len());
        }
    }
    flips
}

/// Flips drawn over a file: a page and a byte in it, four times of five one that says something.
fn anywhere(
    specimen: &Specimen,
    file: &'static str,
    count: usize,
    chance: &mut Chance,
) -> Vec<Flip> {
    let bytes = &specimen.files[file];
    let pages: Vec<&[u8]> = bytes.chunks(4096).collect();
    let draw = |_| {
        let page = chance.between(0, pages.len() as u64 - 1);
        let page = usize::try_from(page).unwrap();
        let says: Vec<usize> = (0..pages[page].len())
            .filter(|at| pages[page][*at] != 0)
            .collect();
        let at = if chance.one_in(5) || says.is_empty() {
            usize::try_from(chance.between(0, pages[page].len() as u64 - 1)).unwrap()
        } else {
            chance.pick(&says)
        };
        Flip {
            file,
            byte: page * 4096 + at,
            bit: chance.between(0, 7),
            what: format!("page {}", page + 1),
        }
    };
    (0..count).map(draw).collect()
}

/// The end of a verb must be one of the program's own, and an error must say what to do.
fn is_an_end(verb: &str, ran: &Ran) -> Result<(), String> {
    let is_ours = ran.code.is_some_and(|code| code < 12);
    if !is_ours || ran.stderr.contains("panicked") {
        return Err(format!("{verb} broke down: {ran:?}"));
    }
    if ran.code != Some(0)
        && !["error: ", "next: "]
            .iter()
            .any(|it| ran.stderr.contains(it))
    {
        return Err(format!("{verb} says nothing: {ran:?}"));
    }
    Ok(())
}

/// What WeChat Pay saw.
fn is_right_on_the_wire(specimen: &Specimen, campaign: &Campaign) -> Result<(), String> {
    let books = campaign.wechat.books();
    if !books.paid_twice().is_empty() {
        return Err(format!("paid twice: {:?}", books.paid_twice()));
    }
    if books.clashes > 0 {
        return Err("resent with other parameters".to_owned());
    }
    let text = std::fs::read_to_string(campaign.path("books.jsonl")).unwrap();
    for line in text.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let (number, fields) = (&entry["mch_billno"], &entry["fields"]);
        let Some((openid, fen)) = specimen.right.get(number.as_str().unwrap()) else {
            return Err(format!("another number on the wire: {line}"));
        };
        if fields.is_null() {
            continue;
        }
        let right = [
            ("re_openid", openid.as_str()),
            ("total_amount", &fen.to_string()),
            ("act_name", "猜灯谜"),
            ("send_name", "天虹百货"),
            ("wishing", "元宵节快乐"),
            ("remark", "快来抢"),
            ("mch_id", "10000098"),
            ("wxappid", "wx8888888888888888"),
        ];
        for (name, value) in right {
            if fields[name] != value {
                return Err(format!("another {name} on the wire: {line}"));
            }
        }
    }
    Ok(())
}

/// Reports, goes on and reports again.
fn try_on(specimen: &Specimen, flip: &Flip) -> Result<Told, String> {
    let campaign = specimen.campaign(Some(flip));
    if flip.bit.is_multiple_of(2) {
        is_an_end("status", &campaign.verb("status", &[]))?;
    }
    let mut ran = campaign.run();
    is_an_end("run", &ran)?;
    if ran.code == Some(4) {
        ran = campaign.run();
        is_an_end("run", &ran)?;
    }
    is_right_on_the_wire(specimen, &campaign)?;
    is_an_end("report", &campaign.verb("report", &[]))?;
    let paid = campaign.wechat.books().paid_packets;
    match ran.code {
        Some(0) if paid != PACKETS as u64 => {
            Err(format!("lost: {paid} paid, and all is said done"))
        }
        Some(0) => Ok(Told::Harmless),
        Some(3 | 4 | 5 | 11) => Ok(Told::Unfinished),
        _ => Ok(Told::Refused),
    }
}

/// What is tried on a flip.
type Trial = fn(&Specimen, &Flip) -> Result<Told, String>;

/// Tries all of them, several at once: how often each end came, and what went wrong.
fn try_all(
    specimen: &Specimen,
    flips: &[Flip],
    trial: Trial,
) -> (BTreeMap<Told, usize>, Vec<String>) {
    let rest = Mutex::new(flips.iter());
    let told = Mutex::new((BTreeMap::new(), Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = rest.lock().unwrap().next();
                    let Some(flip) = next else { return };
                    let end = trial(specimen, flip);
                    let mut told = told.lock().unwrap();
                    match end {
                        Ok(end) => *told.0.entry(end).or_default() += 1,
                        Err(fault) => told.1.push(format!("{flip}: {fault}")),
                    }
                }
            });
        }
    });
    told.into_inner().unwrap()
}

fn all_are_right(lane: &str, specimen: &Specimen, flips: &[Flip], trial: Trial) {
    let (told, faults) = try_all(specimen, flips, trial);
    let count = flips.len();
    say(&format!(
        "{lane}: {count} bits, {told:?}, {} wrong",
        faults.len()
    ));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// How many, by default and in full.
fn count(some: usize, all: usize) -> usize {
    if is_full() { all } else { some }
}

#[test]
fn a_bit_of_what_is_owed_that_turns_over_is_never_on_the_wire() {
    let specimen = killed().checkpointed();
    let each = count(1, 8) as u64;
    let flips = in_columns(&specimen, each, &mut Chance(1));
    assert!(flips.len() >= 4 * PACKETS, "{} places", flips.len());
    all_are_right("bits of columns", &specimen, &flips, try_on);
}

#[test]
fn a_bit_of_any_page_that_turns_over_is_refused_said_or_harmless() {
    let specimen = killed().checkpointed();
    let flips = anywhere(&specimen, LEDGER, count(80, 2000), &mut Chance(2));
    all_are_right("bits of the database", &specimen, &flips, try_on);
}

#[test]
fn a_bit_of_the_wal_that_turns_over_makes_the_ledger_older_and_nobody_is_paid_twice() {
    let specimen = killed();
    let wal = anywhere(&specimen, WAL, count(40, 1000), &mut Chance(3));
    all_are_right("bits of the WAL", &specimen, &wal, try_on);
}

/// Whether a report with another number, person or amount is found out.
fn is_found_out(specimen: &Specimen, flip: &Flip) -> Result<Told, String> {
    let campaign = specimen.campaign(Some(flip));
    let ran = campaign.verb("report", &[]);
    is_an_end("report", &ran)?;
    if ran.code != Some(0) {
        return Ok(Told::Refused);
    }
    let mut right = specimen.right.clone();
    let mut csv = csv::Reader::from_reader(ran.stdout.as_bytes());
    let is_right = csv
        .deserialize()
        .map(Result::unwrap)
        .all(|row: BTreeMap<String, String>| {
            let owed = right.remove(&row["mch_billno"]);
            let told = (row["openid"].clone(), row["amount_fen"].parse().unwrap());
            owed == Some(told)
        });
    if is_right && right.is_empty() {
        return Ok(Told::Harmless);
    }
    match campaign.verb("audit", &[]).code {
        Some(1 | 11) => Ok(Told::Refused),
        code => Err(format!("a wrong report, and audit exits {code:?}")),
    }
}

#[test]
fn a_report_that_a_bit_made_wrong_is_found_out_by_the_audit() {
    let specimen = killed().checkpointed();
    specimen.campaign(None).verb("audit", &[]).exits(0);
    let flips = in_columns(&specimen, count(1, 8) as u64, &mut Chance(4));
    all_are_right("bits of a report", &specimen, &flips, is_found_out);
}
