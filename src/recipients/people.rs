//! The people whose rows are at fault, by their names: a line and an openid tell nobody who it is.
//!
//! A refused file is read once more for it, so that no name is kept in memory while it is read.

use std::collections::BTreeSet;

use super::fault::error::RecipientsError;
use super::fault::faults::Faults;
use super::list::ListFile;
use super::reader::PacketReader;
use super::row::packet::{ReadStep, RowRules};
use super::row::total::total_row;

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
    let rows = faults.listed().iter().filter_map(|fault| fault.place.row());
    let mut rows: BTreeSet<u64> = rows.collect();
    while !rows.is_empty() && !matches!(reader.read_alone()?, ReadStep::End) {
        if rows.remove(&reader.line())
            && let Some(name) = reader.row().cells.get(column)
            && name.contains(char::is_alphabetic)
            && total_row(reader.header(), reader.row()).is_none()
        {
            faults.name(reader.line(), name.trim());
        }
    }
    Ok(())
}
