//! The people whose rows are at fault, by their names: a line and an openid tell nobody who it is.
//!
//! A refused file is read once more for it, so that no name is kept in memory while it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::error::RecipientsError;
use super::fault::faults::Faults;
use super::forms::{Common, form};
use super::list::ListFile;
use super::reader::PacketReader;
use super::row::packet::{ReadStep, RowRules};
use super::row::total::total_row;
use crate::words::Words;

/// Names the people of all faults that are listed, where the file has a column of names. A file
/// that cannot be read again leaves them as they are.
pub fn name_people(list: &ListFile, rules: RowRules, faults: &mut Faults) {
    let Ok(reader) = PacketReader::open(list, rules) else {
        return;
    };
    // What can be read is told.
    let _ = name_all(reader, faults);
}

fn name_all(mut reader: PacketReader, faults: &mut Faults) -> Result<(), RecipientsError> {
    let Some(column) = reader.header().person() else {
        return Ok(());
    };
    let mut rows = faults.rows();
    while !rows.is_empty() && !matches!(reader.read_alone()?, ReadStep::End) {
        if rows.remove(&reader.line())
            && let Some(name) = reader.row().cells.get(column)
            && name.contains(char::is_alphabetic)
            && total_row(reader.header(), reader.row()).is_none()
            && !reader.header().is_again(reader.row())
        {
            faults.name(reader.line(), name.trim());
        }
    }
    Ok(())
}

/// Which columns of the list are read as what, and which are only kept: a line each.
#[must_use]
pub fn columns_told(reader: &PacketReader) -> Vec<Words> {
    reader.header().read_as()
}

/// Tells of openids that are the same to the eye, and of those that stand in more than one row,
/// with the rows and the people. Where there are any, the list is read once more for it.
pub fn tell_alike(list: &ListFile, reader: &mut PacketReader) {
    let common = reader.watch.forms.take_common();
    if reader.columns().has_row_key && !common.repeated.is_empty() {
        let again = PacketReader::open(list, reader.rules);
        if let Ok(people) = again.and_then(|again| find_repeated(again, &common)) {
            let counts = (common.repeated.len(), common.rows);
            reader.findings.notices.repeated(counts, people);
        }
    }
    if common.forms.is_empty() {
        return;
    }
    let again = PacketReader::open(list, reader.rules);
    if let Ok(groups) = again.and_then(|again| find_alike(again, &common.forms)) {
        for rows in groups.into_values().filter(|rows| rows.len() > 1) {
            let places = rows.into_iter().take(ROWS_TOLD).map(|(_, row)| row);
            reader.findings.notices.alike(places.collect());
        }
    }
}

/// People told who stand in more than one row, and how many are looked at for them.
const PEOPLE_TOLD: usize = 3;
const PEOPLE_SEEN: usize = 1_000;

/// Two rows each of the first people who have them.
fn find_repeated(
    mut reader: PacketReader,
    common: &Common,
) -> Result<Vec<Vec<Words>>, RecipientsError> {
    let (mut first, mut found) = (BTreeMap::new(), Vec::new());
    while found.len() < PEOPLE_TOLD {
        let packet = match reader.read_alone()? {
            ReadStep::Packet(packet) => packet,
            ReadStep::Nothing => continue,
            ReadStep::End => break,
        };
        let Some(entry) = common.repeated(packet.openid.as_str()) else {
            continue;
        };
        let row = || reader.header().told(reader.row(), reader.header().openid());
        if let Some(known) = first.get_mut(&entry) {
            found.extend(Option::take(known).map(|known| vec![known, row()]));
        } else if first.len() < PEOPLE_SEEN {
            first.insert(entry, Some(row()));
        }
    }
    Ok(found)
}

/// Rows told of one form.
const ROWS_TOLD: usize = 4;

/// For each of the forms, its openids, each with its first row.
fn find_alike(
    mut reader: PacketReader,
    common: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Vec<(String, Words)>>, RecipientsError> {
    let mut groups: BTreeMap<u64, Vec<(String, Words)>> = BTreeMap::new();
    loop {
        let packet = match reader.read_alone()? {
            ReadStep::Packet(packet) => packet,
            ReadStep::Nothing => continue,
            ReadStep::End => return Ok(groups),
        };
        let openid = packet.openid.as_str();
        let form = form(openid);
        if common.contains(&form) {
            let rows = groups.entry(form).or_default();
            if rows.iter().all(|(known, _)| known != openid) {
                let column = reader.header().openid();
                let row = reader.header().told(reader.row(), column);
                rows.push((openid.to_owned(), row));
            }
        }
    }
}
