//! Campaign files: understood, or refused with the line and the key that is at fault.

use std::path::Path;

use hongbao::config::{Campaign, ConfigError, ConfigFault};
use proptest::prelude::*;

use crate::cases;
use crate::damage::{damaged, damages};

const EXAMPLE: &str = include_str!("../../campaign.example.toml");

const WORDS: &[&[u8]] = &[
    b"[",
    b"]",
    b"[[pace]]",
    b"=",
    b"\"",
    b"\"\"\"",
    b"'",
    b"\\u0000",
    b"\n",
    b"#",
    b"{}",
    b"1e400",
    b"0x",
    b"-1",
    b"nan",
    b"true",
    b"1979-05-27",
    b"[campaign]",
    b"id = 1",
    b"..",
    "红".as_bytes(),
];

/// Values of every type, of which no key takes more than a few.
const VALUES: &[&str] = &[
    "\"\"",
    "\" \"",
    "0",
    "-1",
    "1.5",
    "4294967296",
    "99999999999999999999999999",
    "true",
    "[]",
    "{}",
    "nan",
    "1979-05-27",
    "\"live\"",
    "\"a\\u0000b\"",
    "\"http://a\"",
    "\"1e3\"",
    "[1, [2]]",
    "\"猜灯谜抢红包活动猜灯谜抢红包活动\"",
    "0x10",
    "'x'",
];

fn faults(text: &str) -> Result<Campaign, Vec<ConfigFault>> {
    match Campaign::parse(text, Path::new("campaign.toml")) {
        Ok(campaign) => Ok(campaign),
        Err(ConfigError::Refused { faults, .. }) => Err(faults),
        Err(other) => panic!("a text gave {other}"),
    }
}

/// The keys of the example, each with its section, and the line it stands on.
fn keys() -> Vec<(String, usize)> {
    let mut section = "";
    let mut keys = Vec::new();
    for (index, line) in EXAMPLE.lines().enumerate() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            keys.push((format!("{section}.{key}"), index + 1));
        }
    }
    keys
}

/// The example with the line replaced.
fn with_line(number: usize, line: &str) -> String {
    let lines = EXAMPLE.lines().enumerate();
    let lines = lines.map(|(index, it)| if index + 1 == number { line } else { it });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_has_every_key_with_a_default() {
    assert!(faults(EXAMPLE).is_ok());
    assert_eq!(keys().len(), 43);
}

proptest! {
    #![proptest_config(cases(256, 100_000))]

    #[test]
    fn a_damaged_file_is_understood_or_refused_at_lines_it_has(damages in damages(WORDS)) {
        let bytes = damaged(EXAMPLE.as_bytes().to_vec(), &damages);
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().count().max(1);
        match faults(&text) {
            Ok(campaign) => prop_assert!(campaign.texts.act_name.len() <= 31),
            Err(faults) => {
                prop_assert!(!faults.is_empty() && !damages.is_empty());
                for fault in faults {
                    let is_there = fault.line.is_none_or(|line| (1..=lines + 1).contains(&line));
                    prop_assert!(is_there && !fault.says.en.is_empty(), "{:?} of {}", fault, lines);
                }
            }
        }
    }

    #[test]
    fn a_value_that_is_refused_is_named_with_its_key_or_its_line(
        at in any::<prop::sample::Index>(),
        value in prop::sample::select(VALUES),
    ) {
        let keys = keys();
        let (key, line) = &keys[at.index(keys.len())];
        let name = key.split_once('.').unwrap().1;
        let Err(faults) = faults(&with_line(*line, &format!("{name} = {value}"))) else {
            return Ok(());
        };
        let is_named = |fault: &ConfigFault| fault.says.en.contains(name);
        prop_assert!(faults.iter().any(is_named), "{} = {}: {:?}", key, value, faults);
        let is_placed = |fault: &ConfigFault| fault.line == Some(*line);
        let is_live = value == "\"live\"";
        prop_assert!(is_live || faults.iter().any(is_placed), "{} = {}: {:?}", key, value, faults);
    }

    #[test]
    fn a_key_that_is_not_known_is_named(
        name in "[a-z]{1,12}_x",
        at in any::<prop::sample::Index>(),
    ) {
        let keys = keys();
        let line = keys[at.index(keys.len())].1;
        let original = EXAMPLE.lines().nth(line - 1).unwrap();
        let text = with_line(line, &format!("{name} = 1\n{original}"));
        let faults = faults(&text).unwrap_err();
        let is_it = |fault: &ConfigFault| fault.says.en.contains(&name) && fault.line == Some(line);
        prop_assert!(faults.len() == 1 && is_it(&faults[0]), "{:?}", faults);
    }
}
