//! Whether a file is a report that was written before: it has our header, and a number of the
//! campaign in its first row.

use std::io::{BufRead, Read};

use serde_json::Value;

use super::columns::{COLUMNS, FIRST_COLUMNS};
use super::identity::{is_identity, of_page};

/// Where the columns stand that are compared.
const ROW_KEY: usize = 0;
const MCH_BILLNO: usize = 5;
const GENERATION: usize = 6;

/// Whether `file` is a report in one of our formats. `is_number` says whether a row key has this
/// number in this generation. A report of nothing is one too.
pub fn is_report(mut file: impl BufRead, is_number: impl Fn(&str, u32, &str) -> bool) -> bool {
    let Ok(begin) = file.fill_buf() else {
        return false;
    };
    if begin.first() == Some(&b'<') {
        of_page(file).is_some_and(|text| is_identity(&text, is_number))
    } else if begin.first() == Some(&b'[') {
        of_json(file, is_number).unwrap_or(false)
    } else {
        of_csv(file, is_number).unwrap_or(false)
    }
}

fn of_csv(file: impl Read, is_number: impl Fn(&str, u32, &str) -> bool) -> Option<bool> {
    let mut csv = csv::ReaderBuilder::new().flexible(false).from_reader(file);
    // The reader passes over a mark.
    let headers = csv.headers().ok()?;
    let has = |of: fn(&(&'static str, &'static str)) -> &'static str| {
        let first = COLUMNS[..FIRST_COLUMNS].iter().map(of);
        headers.len() >= FIRST_COLUMNS && headers.iter().zip(first).all(is_same)
    };
    if !has(|(id, _)| id) && !has(|(_, zh)| zh) {
        return Some(false);
    }
    let Some(row) = csv.records().next() else {
        return Some(true);
    };
    let row = row.ok()?;
    // A tab, with Chinese headers, keeps a spreadsheet from taking an id for a number.
    let id = |at: usize| row.get(at).map(|id| id.strip_prefix('\t').unwrap_or(id));
    let (key, number) = (id(ROW_KEY)?, id(MCH_BILLNO)?);
    let generation = row.get(GENERATION)?.parse().ok()?;
    // A key may have been guarded against spreadsheets.
    let keys = [Some(key), key.strip_prefix('\'')];
    let mut keys = keys.into_iter().flatten();
    Some(keys.any(|key| is_number(key, generation, number)))
}

fn is_same((found, ours): (&str, &str)) -> bool {
    found == ours
}

/// One object a line, as [`super::JsonReport`] writes them.
fn of_json(file: impl BufRead, is_number: impl Fn(&str, u32, &str) -> bool) -> Option<bool> {
    let mut lines = file.lines();
    if lines.next()?.ok()? != "[" {
        return Some(false);
    }
    let line = lines.next()?.ok()?;
    if line == "]" {
        return Some(true);
    }
    let row: Value = serde_json::from_str(line.strip_suffix(',').unwrap_or(&line)).ok()?;
    let row = row.as_object()?;
    let mut first = COLUMNS[..FIRST_COLUMNS].iter();
    if !first.all(|(id, _)| row.contains_key(*id)) {
        return Some(false);
    }
    let text = |at: usize| row.get(COLUMNS[at].0)?.as_str();
    let generation = row.get(COLUMNS[GENERATION].0)?.as_u64()?;
    let generation = u32::try_from(generation).ok()?;
    Some(is_number(text(ROW_KEY)?, generation, text(MCH_BILLNO)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "row_key,openid,amount_fen,amount_yuan,state,mch_billno,generation,\
                        send_listid,attempts,err_code,err_code_des,first_sent_at,settled_at";

    fn is_ours(text: &str) -> bool {
        is_report(text.as_bytes(), |key, generation, number| {
            (key, generation, number) == ("=k", 2, "N")
        })
    }

    #[test]
    fn a_report_is_known_by_its_header_and_a_number_of_the_campaign() {
        let row = "'=k,o,1,0.01,sent,N,2,,1,,,,";
        let with = |head: &str, row: &str| is_ours(&format!("{head}\r\n{row}\r\n"));
        assert!(with(HEAD, row) && with(HEAD, ""));
        assert!(with(&format!("{HEAD},x"), &format!("{row},y")));
        let today = |of: fn(&(&'static str, &'static str)) -> &'static str| {
            COLUMNS.iter().map(of).collect::<Vec<_>>().join(",")
        };
        let more = ",".repeat(COLUMNS.len() - FIRST_COLUMNS);
        let full = format!("{row}{more}");
        assert!(with(&today(|(id, _)| id), &full));
        assert!(with(&format!("\u{FEFF}{}", today(|(_, zh)| zh)), &full));
        assert!(!with(HEAD, &row.replace(",N,", ",M,")), "another campaign");
        assert!(!with(HEAD, &row.replace(",2,", ",1,")));
        assert!(!with("row_key,openid,amount_fen", "=k,o,1"));
        assert!(!with(&HEAD.replace("openid,", ""), row));
        assert!(!with("openid,amount_yuan", "o,1.00"));
        assert!(!is_ours("") && !is_ours("SQLite format 3\0") && !is_ours("\u{FFFD},\n"));
    }

    #[test]
    fn a_json_report_is_known_too() {
        let row = |key: &str| {
            let cell = |(at, (id, _)): (usize, &(&str, &str))| match at {
                ROW_KEY => format!("\"{id}\":\"{key}\""),
                MCH_BILLNO => format!("\"{id}\":\"N\""),
                GENERATION => format!("\"{id}\":2"),
                _ => format!("\"{id}\":null"),
            };
            let cells: Vec<String> = COLUMNS.iter().enumerate().map(cell).collect();
            format!("{{{}}}", cells.join(","))
        };
        assert!(is_ours("[\n]\n"));
        assert!(is_ours(&format!("[\n{},\n{}\n]\n", row("=k"), row("=k"))));
        assert!(!is_ours(&format!("[\n{}\n]\n", row("x"))));
        assert!(!is_ours("[\n{\"row_key\":\"=k\"}\n]\n") && !is_ours("[1]") && !is_ours("["));
    }
}
