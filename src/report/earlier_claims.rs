//! Whether a file is an earlier one of claims, or of people to be reminded, of this campaign.

use std::io::BufRead;

use serde_json::Value;

use super::claims::{PACKET, SIGNED, SheetKind, UNCLAIMED, UNCLAIMED_ZH, UNSIGNED};

/// Numbers that a packet may have had: as many as are tried to know one.
const GENERATIONS: u32 = 64;

/// Whether `file` is such a file in one of the forms, with a packet of the campaign in its first
/// row. `is_number` says whether a row key has this number in this generation.
pub fn is_sheet(
    mut file: impl BufRead,
    kind: SheetKind,
    is_number: impl Fn(&str, u32, &str) -> bool,
) -> bool {
    let is_ours = |columns: &[&str]| match kind {
        SheetKind::Claims => [&SIGNED[..], &UNSIGNED]
            .iter()
            .any(|first| columns == [first, &PACKET[..]].concat()),
        SheetKind::Unclaimed => {
            columns.starts_with(&UNCLAIMED) || columns.starts_with(&UNCLAIMED_ZH)
        }
    };
    let has_number = |key: &str, number: &str| {
        (1..=GENERATIONS).any(|generation| is_number(key, generation, number))
    };
    let Ok(begin) = file.fill_buf() else {
        return false;
    };
    let known = if begin.first() == Some(&b'{') {
        of_jsonl(file, is_ours, has_number)
    } else {
        of_csv(file, is_ours, has_number)
    };
    known.unwrap_or(false)
}

fn of_jsonl(
    file: impl BufRead,
    is_ours: impl Fn(&[&str]) -> bool,
    has_number: impl Fn(&str, &str) -> bool,
) -> Option<bool> {
    let row: Value = serde_json::from_str(&file.lines().next()?.ok()?).ok()?;
    let row = row.as_object()?;
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let text = |name: &str| row.get(name)?.as_str();
    Some(is_ours(&columns) && has_number(text("row_key")?, text("mch_billno")?))
}

fn of_csv(
    file: impl BufRead,
    is_ours: impl Fn(&[&str]) -> bool,
    has_number: impl Fn(&str, &str) -> bool,
) -> Option<bool> {
    let mut csv = csv::ReaderBuilder::new().flexible(false).from_reader(file);
    let headers = csv.headers().ok()?.clone();
    let columns: Vec<&str> = headers.iter().collect();
    if !is_ours(&columns) {
        return Some(false);
    }
    let Some(row) = csv.records().next() else {
        return Some(true);
    };
    let row = row.ok()?;
    let text = |[en, zh]: [&str; 2]| {
        let place = columns.iter().position(|it| *it == en || *it == zh);
        row.get(place?)
    };
    let key = text([UNCLAIMED[0], UNCLAIMED_ZH[0]])?;
    let number = text([UNCLAIMED[2], UNCLAIMED_ZH[2]])?;
    // A key may have been guarded against spreadsheets, and a number too.
    let keys = [Some(key), key.strip_prefix(['\'', '\t'])];
    let number = number.trim_start_matches('\t');
    Some(
        keys.into_iter()
            .flatten()
            .any(|key| has_number(key, number)),
    )
}
