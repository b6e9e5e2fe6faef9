//! The first packets of a recipients file of any form, as a file of their own; and how its text is
//! read.

use std::io::Write;

use super::fault::error::RecipientsError;
use super::list::ListFile;
use super::reader::PacketReader;
use super::row::packet::RowRules;
use crate::domain::packet::Packet;
use crate::domain::text::Field;
use crate::words::Words;

/// Writes the first `rows` packets of the file to `to`, as comma-separated UTF-8 without the
/// columns that are only kept for reports. The packets.
///
/// # Errors
/// Where the file cannot be read or has a fault in these rows, or `to` cannot be written.
pub fn head(
    list: &ListFile,
    rules: RowRules,
    rows: usize,
    to: impl Write,
) -> Result<Vec<Packet>, RecipientsError> {
    let mut reader = PacketReader::open(list, rules)?;
    let has_row_key = reader.columns().has_row_key;
    let mut csv = csv::Writer::from_writer(to);
    let failed = |fault: csv::Error| RecipientsError::Io(fault.into());
    let fields = Field::ALL.map(Field::name);
    let key = has_row_key.then_some("row_key");
    let names = ["openid", "amount_fen"].into_iter().chain(key);
    csv.write_record(names.chain(fields)).map_err(failed)?;
    let mut packets = Vec::new();
    while packets.len() < rows
        && let Some(packet) = reader.next_packet()?
    {
        let amount = packet.amount.fen().to_string();
        let key = has_row_key.then_some(packet.row_key.as_str());
        let own = Field::ALL.map(|field| packet.texts.own(field).unwrap_or_default());
        let cells = [packet.openid.as_str(), &amount].into_iter().chain(key);
        csv.write_record(cells.chain(own)).map_err(failed)?;
        packets.push(packet);
    }
    csv.flush()?;
    Ok(packets)
}

/// How a list is read, as a load tells it.
pub struct ListTold {
    /// Which columns are read as what, and which are only kept: a line each.
    pub columns: Vec<Words>,
    /// How one that is not UTF-8 is read, with one text of it.
    pub encoding: Option<Words>,
}

impl ListTold {
    /// Reads the header, and what is not UTF-8 to its end.
    ///
    /// # Errors
    /// Where the file cannot be read, or its header is at fault.
    pub fn of(list: &ListFile, rules: RowRules) -> Result<ListTold, RecipientsError> {
        let mut reader = PacketReader::open(list, rules)?;
        if reader.source().foreign().is_some() {
            reader.read_to_end()?;
        }
        Ok(ListTold {
            columns: reader.header().read_as(),
            encoding: reader.notices().of_encoding(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_file_is_read_as_its_rows_were() {
        let dir = tempfile::tempdir().unwrap();
        let (file, copy) = (dir.path().join("a.csv"), dir.path().join("b.csv"));
        let text = "金额(元),openid,业务单号,祝福语,门店\n\
             1.50,oTest00000000000000000000001,k-1,\"你好, \"\"朋友\"\"\",天虹\n\
             2.00,oTest00000000000000000000001,k-2,,\n\
             9.99,oTest00000000000000000000003,k-3,,\n";
        std::fs::write(&file, text).unwrap();
        let rules = RowRules::default();
        let to = std::fs::File::create(&copy).unwrap();
        let cut = head(&ListFile::at(&file).unwrap(), rules, 2, to).unwrap();
        let again = head(&ListFile::at(&copy).unwrap(), rules, 9, std::io::sink()).unwrap();
        let told = |packets: &[Packet]| {
            let one = |packet: &Packet| {
                let texts = packet.texts.clone();
                (
                    packet.row_key.clone(),
                    packet.openid.clone(),
                    packet.amount,
                    texts,
                )
            };
            packets.iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(cut.len(), 2);
        assert_eq!(told(&cut), told(&again));
    }
}
