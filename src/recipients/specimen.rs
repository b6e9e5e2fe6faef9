//! Texts that a person should look at: signs of lost characters, and, where a file is not UTF-8,
//! one text as it was read.

use std::collections::BTreeMap;
use std::io::Read;

use super::escaped::{has_placeholder, meant};
use super::fault::notices::{Notices, Specimen};
use super::fault::place::shown;
use super::forms::Forms;
use super::row::around::check_value;
use super::row::cell::Row;
use super::row::header::Header;
use super::row::marked::RowMark;
use super::row::meaning::Meaning;
use super::row::near::{is_near_openid, is_openid, is_other_id};
use super::source::Source;
use super::text::guess::before;
use crate::domain::packet::{Packet, Texts};
use crate::domain::text::has_lost;
use crate::words::{Words, faults, headers, load as words};

/// What a program, or a hand that was to write something later, leaves for a text.
const FILLERS: [&str; 14] = [
    "-", "--", "—", "——", "/", "#", "0", "TRUE", "FALSE", "无", "空", "〃", "同上", "暂无",
];

/// What a person should look at in the texts that everybody gets, who has none of their own.
#[must_use]
pub fn texts_told(texts: &Texts) -> Vec<Words> {
    let all = [
        ("act_name", &texts.act_name),
        ("send_name", &texts.send_name),
        ("wishing", &texts.wishing),
        ("remark", &texts.remark),
    ];
    let told = all.into_iter().filter_map(|(key, text)| told(key, text));
    told.collect()
}

fn told(key: &'static str, text: &str) -> Option<Words> {
    if let Some(was) = before_wide(text) {
        return Some(words::text_misread(key, text, was));
    }
    if text.contains("???") {
        return Some(words::text_lost(key, text));
    }
    if let Some(was) = meant(text) {
        return Some(words::text_escaped(key, text, was));
    }
    if has_placeholder(text) {
        return Some(words::text_placeholder(key, text));
    }
    let is_filler = check_value(text).is_err() || FILLERS.contains(&text);
    is_filler.then(|| words::text_filler(key, text))
}

/// Looks at texts while rows are read.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The text that is shown where the file is not UTF-8, and its rank: one that is sent is shown
    /// before one that is only kept.
    specimen: Option<(u8, Specimen)>,
    /// Row keys of more digits than a spreadsheet keeps: how many, how many with zeros from there
    /// on, and the first one.
    long_keys: (u64, u64, Option<Words>),
    /// Columns that are only kept, by their index: how many rows have an openid there besides the
    /// one that is paid, and the name.
    others: BTreeMap<usize, (u64, Words)>,
    rows: u64,
    /// The openids by what they look like.
    pub(super) forms: Forms,
}

impl Watch {
    /// Looks at the texts of a row.
    pub(super) fn look<R: Read>(
        &mut self,
        source: &Source<R>,
        (header, row, packet): (&Header, &Row, &Packet),
        notices: &mut Notices,
    ) {
        let place = || header.layout.cell(row.line, header.openid());
        notices.openid(packet.openid.as_str(), place);
        self.forms.add(packet.openid.as_str());
        self.look_at_key((header, row), packet.row_key.as_str());
        look_at_marks((header, row), notices);
        self.look_at_others((header, row), packet.openid.as_str());
        let known = self.specimen.as_ref().map_or(0, |(rank, _)| *rank);
        let is_foreign = known < SENT && source.foreign().is_some();
        for (index, cell) in row.cells.iter().enumerate() {
            let rank = match header.meanings[index] {
                Meaning::Text(_) => SENT,
                Meaning::Extra | Meaning::RowKey => KEPT,
                Meaning::Openid | Meaning::Amount(_) | Meaning::Reason | Meaning::Nameless => {
                    continue;
                }
            };
            let place = || header.layout.cell(row.line, index);
            let is_lost = !cell.is_ascii() && has_lost(cell);
            if is_lost || (rank == SENT && cell.contains("???")) {
                notices.doubtful(&place());
            }
            if rank == SENT
                && let Some(was) = meant(cell)
            {
                notices.escaped(|| Specimen {
                    place: place(),
                    text: cell.trim().to_owned(),
                    likelier: Some(("", was)),
                });
            }
            if rank == SENT && has_placeholder(cell) {
                notices.placeholder(&place());
            }
            if rank == SENT && FILLERS.contains(&cell.trim()) {
                notices.filler(&place());
            }
            if let Some(was) = before_wide(cell) {
                notices.wrong_once(|| Specimen {
                    place: place(),
                    text: cell.trim().to_owned(),
                    likelier: Some(("", was)),
                });
            }
            let known = self.specimen.as_ref().map_or(0, |(rank, _)| *rank);
            if is_foreign && rank > known && !cell.is_ascii() {
                let text = cell.trim().to_owned();
                let likelier = source.likelier(&text);
                let place = place();
                let seen = Specimen {
                    place,
                    text,
                    likelier,
                };
                self.specimen = Some((rank, seen));
            }
        }
    }

    /// Looks for people in columns that are only kept.
    fn look_at_others(&mut self, (header, row): (&Header, &Row), openid: &str) {
        self.rows += 1;
        for (index, cell) in row.cells.iter().enumerate() {
            let is_extra = header.meanings[index] == Meaning::Extra;
            if !is_extra || !is_openid(cell) || cell.trim() == openid {
                continue;
            }
            // Told by its name already, or looks like an openid and is none.
            let name = &header.layout.names()[index];
            if is_near_openid(name) || is_other_id(name) {
                continue;
            }
            let told = || (0, headers::unread_openid(shown(name)));
            self.others.entry(index).or_insert_with(told).0 += 1;
        }
    }

    fn look_at_key(&mut self, (header, row): (&Header, &Row), key: &str) {
        let digits = key.as_bytes();
        if digits.len() <= KEPT_DIGITS || !digits.iter().all(u8::is_ascii_digit) {
            return;
        }
        let (long, cut, first) = &mut self.long_keys;
        *long += 1;
        if digits[KEPT_DIGITS..].iter().all(|digit| *digit == b'0') {
            *cut += 1;
            let column = header.find(Meaning::RowKey);
            first.get_or_insert_with(|| header.told(row, column.unwrap_or_default()));
        }
    }

    /// Tells the encoding of a file that is not UTF-8.
    pub(super) fn end<R: Read>(&mut self, source: &Source<R>, notices: &mut Notices) {
        if let Some(charset) = source.foreign() {
            let seen = self.specimen.take();
            notices.encoding(charset.name(), seen.map(|(_, seen)| seen));
        }
        let others = std::mem::take(&mut self.others).into_values();
        let is_told = |(count, _): &(u64, Words)| count * 2 > self.rows;
        notices.columns(others.filter(is_told).map(|(_, told)| told));
        if let (long, cut, Some(first)) = &self.long_keys
            && *cut > 1
            && cut == long
        {
            notices.columns([faults::cut_keys(*cut, first.clone())]);
        }
    }
}

/// Whether somebody meant to leave the row out.
fn look_at_marks((header, row): (&Header, &Row), notices: &mut Notices) {
    if row.is_struck {
        let told = || faults::struck(header.told(row, header.openid()));
        notices.marked.sheet(told);
    } else if let Some(aside) = &row.aside {
        notices.marked.sheet(|| header.told_aside(row, aside));
    } else if let Some(mark) = header.marks.look(&row.cells) {
        let told = |index| header.told(row, index);
        match mark {
            RowMark::Marked(index) => notices.marked.column(index, || told(index)),
            RowMark::Open(index) => notices.marked.open(index, || told(index)),
            RowMark::Asked(index) => notices.marked.asked(index),
        }
    }
}

fn before_wide(cell: &str) -> Option<String> {
    if cell.is_ascii() { None } else { before(cell) }
}

/// Digits of a number that a spreadsheet keeps.
const KEPT_DIGITS: usize = 15;

/// Ranks of texts.
const SENT: u8 = 2;
const KEPT: u8 = 1;
