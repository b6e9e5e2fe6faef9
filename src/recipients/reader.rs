//! A recipients file, packet by packet.

use std::fs::File;
use std::io::{Read, Seek};

use crate::domain::money::Fen;
use crate::domain::packet::{Columns, Packet};

use super::fault::cause::Cause;
use super::fault::error::RecipientsError;
use super::fault::faults::{Fault, Faults};
use super::fault::findings::Findings;
use super::fault::form_fault::FormFault;
use super::fault::notices::Notices;
use super::fault::place::{Layout, Place};
use super::kind::is_lock_file;
use super::list::ListFile;
use super::row::cell::Row;
use super::row::header::Header;
use super::row::meaning::Meaning;
use super::row::near::Below;
use super::row::packet::{self, ReadStep, RowRules};
use super::row::shape::{Surplus, aside};
use super::row::total::{self, TotalRow};
use super::source::{Source, why_no_header};
use super::specimen::Watch;
use super::sums::ReadSums;

/// The sums of a file that is without fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// SHA-256 of the file's bytes as they are on disk.
    pub sha256: [u8; 32],
    /// How many packets.
    pub rows: u64,
    /// Their sum.
    pub total: Fen,
}

/// Reads packets one by one and collects every fault on the way.
///
/// A packet that was given is not to be used before [`PacketReader::finish`] says that the whole
/// file is without fault: what is written meanwhile belongs in a transaction.
pub struct PacketReader<R: Read = File> {
    source: Source<R>,
    row: Row,
    header: Header,
    columns: Columns,
    pub(super) rules: RowRules,
    pub(super) findings: Findings,
    sums: ReadSums,
    surplus: Surplus,
    is_ended: bool,
    pub(super) watch: Watch,
}

impl PacketReader<File> {
    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// Where the file cannot be read, is neither text nor a workbook, or its header is at fault.
    pub fn open(list: &ListFile, rules: RowRules) -> Result<Self, RecipientsError> {
        let file = list.open()?;
        if is_lock_file(list.path(), list.size()) {
            return Err(Fault::of_file(FormFault::LockFile).into());
        }
        let mut reader = PacketReader::of_sheet(file, list.sheet(), rules)?;
        // A report's list of what failed has reasons too, and is one to be loaded.
        if reader.header.find(Meaning::Reason).is_some() && list.is_of_rejects() {
            reader.findings.notices.of_rejects();
        }
        Ok(reader)
    }
}

impl<R: Read + Seek + Send + 'static> PacketReader<R> {
    /// Reads `source` twice: once to tell what it is, once for its rows.
    ///
    /// # Errors
    /// As [`PacketReader::open`].
    pub fn new(source: R, rules: RowRules) -> Result<Self, RecipientsError> {
        PacketReader::of_sheet(source, None, rules)
    }

    /// The same for one sheet of a workbook.
    fn of_sheet(source: R, sheet: Option<&str>, rules: RowRules) -> Result<Self, RecipientsError> {
        let mut source = Source::open(source, sheet)?;
        let row = source.first()?;
        let form = source.form();
        let mut header = Header::parse(&row, form, || look_below(&mut source))
            .map_err(|faults| why_no_header(&source, &row).unwrap_or(faults))
            .map_err(RecipientsError::Refused)?;
        header.parted_by_commas(source.has_commas());
        Ok(PacketReader {
            columns: header.columns(),
            source,
            findings: header.findings(&row),
            row,
            header,
            rules,
            sums: ReadSums::default(),
            surplus: Surplus::default(),
            is_ended: false,
            watch: Watch::default(),
        })
    }
}

/// The look of the first rows below a header that is at fault.
fn look_below<R: Read + Seek + Send + 'static>(source: &mut Source<R>) -> Below {
    let (mut below, mut row) = (Below::default(), Row::default());
    // What cannot be read on is told of a file with a header.
    while source.next(&mut row).unwrap_or(false) && below.look(&row) {}
    below
}

impl<R: Read> PacketReader<R> {
    /// The columns by the header.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How a place in the file is told.
    pub fn layout(&self) -> &Layout {
        &self.header.layout
    }

    /// The faults so far.
    pub fn faults(&self) -> &Faults {
        &self.findings.faults
    }

    /// The repairs so far.
    pub fn notices(&self) -> &Notices {
        &self.findings.notices
    }

    pub(super) fn source(&self) -> &Source<R> {
        &self.source
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The row read last.
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// Where the row read last begins.
    pub(super) fn line(&self) -> u64 {
        self.row.line
    }

    /// Adds faults found outside, as the ledger finds a row key it already has.
    pub fn refuse(&mut self, faults: Faults) {
        self.findings.faults.merge(faults);
    }

    /// The next row without fault, or `None` at the end.
    ///
    /// # Errors
    /// Where the file cannot be read on.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, RecipientsError> {
        loop {
            match self.read_row()? {
                ReadStep::Packet(packet) => return Ok(Some(packet)),
                ReadStep::Nothing => {}
                ReadStep::End => return Ok(None),
            }
        }
    }

    /// Reads one row, and forgets what was found in those before.
    pub(super) fn read_alone(&mut self) -> Result<ReadStep, RecipientsError> {
        self.findings = Findings::default();
        let step = self.read_row();
        self.findings.release();
        step
    }

    /// Reads one row.
    pub(super) fn read_row(&mut self) -> Result<ReadStep, RecipientsError> {
        if !self.source.next(&mut self.row)? {
            return Ok(ReadStep::End);
        }
        let (row, faults) = (&mut self.row, &mut self.findings.faults);
        self.surplus.fit(&self.header, row, faults);
        if self.row.is_blank() && self.row.beside_quotes.is_closed() {
            return Ok(ReadStep::Nothing);
        }
        let line = self.row.line;
        let hidden = (line, self.source.is_hidden(), self.row.unseen);
        self.findings.notices.hidden(&self.header.layout, hidden);
        if let Some(faults) = self.source.torn(&self.header, &self.row) {
            self.sums.row();
            self.refuse(faults);
            return Ok(ReadStep::Nothing);
        }
        if let Some(total) = total::total_row(&self.header, &self.row) {
            self.check_total(&total);
            return Ok(ReadStep::Nothing);
        }
        if let Some(cause) = aside(&self.header, &self.row) {
            self.push(self.header.layout.row(line), cause);
            return Ok(ReadStep::Nothing);
        }
        if let Some(total) = self.sums.row() {
            self.push(self.header.layout.row(total), Cause::AfterTotal);
        }
        let (header, row) = (&self.header, &self.row);
        let Some(packet) = packet::packet(header, self.rules, row, &mut self.findings) else {
            return Ok(ReadStep::Nothing);
        };
        let (row, notices) = ((header, row, &packet), &mut self.findings.notices);
        self.watch.look(&self.source, row, notices);
        if !self.sums.money(packet.amount) {
            self.push(self.header.layout.row(line), Cause::TotalTooLarge);
        }
        Ok(ReadStep::Packet(packet))
    }

    /// The sum is not known where a row was refused.
    fn check_total(&mut self, total: &TotalRow) {
        let sums = self.sums.total(self.row.line, total.is_of_part);
        if !self.findings.has_refused()
            && let Err(fault) = total.check(&self.header, &self.row, sums)
        {
            self.findings.faults.push(fault);
        }
    }

    fn push(&mut self, place: Place, cause: Cause) {
        self.findings.faults.push(Fault::of(place, cause));
    }

    /// Reads what is left; what a sheet says behind its rows is known then. Gives the faults that
    /// were found there, which are also among the others.
    ///
    /// # Errors
    /// Where the file cannot be read on.
    pub fn read_to_end(&mut self) -> Result<Faults, RecipientsError> {
        while self.next_packet()?.is_some() {}
        if std::mem::replace(&mut self.is_ended, true) {
            return Ok(Faults::default());
        }
        self.findings.close(|| self.header.amount_place());
        if self.findings.faults.is_empty() {
            for line in &self.sums.totals {
                let place = self.header.layout.row(*line);
                self.findings.notices.total_row(&place);
            }
        }
        self.watch.end(&self.source, &mut self.findings.notices);
        let mut behind = Findings::default();
        let (layout, totals) = (&self.header.layout, &self.sums.totals);
        self.source.check_end(layout, totals, &mut behind);
        self.findings.faults.merge(behind.faults.clone());
        self.findings.notices.merge_end(behind.notices);
        Ok(behind.faults)
    }

    /// Reads what is left.
    ///
    /// # Errors
    /// Where anything is wrong with the file; then with every fault of it.
    pub fn finish(mut self) -> Result<Summary, RecipientsError> {
        self.read_to_end()?;
        match self.source.fatal() {
            Some(fault) => self.findings.faults.push(fault.clone()),
            None if self.sums.all.rows == 0 && self.findings.faults.is_empty() => {
                self.findings.faults.push(Fault::of_file(Cause::NoRows));
            }
            None => {}
        }
        if !self.findings.faults.is_empty() {
            return Err(RecipientsError::Refused(self.findings.faults));
        }
        Ok(Summary {
            sha256: self.source.sha256(),
            rows: self.sums.all.rows,
            total: self.sums.all.money,
        })
    }
}

impl<R: Read> Iterator for PacketReader<R> {
    type Item = Result<Packet, RecipientsError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_packet().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::Cursor;

    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::super::fault::faults::LISTED_MAX;
    use super::*;
    use crate::domain::text::unguarded;
    use crate::words::{Lang, both, recipients as words};

    const A: &str = "oAAAAAAAAAAAAAAAAAAAAAAAAAA1";
    const B: &str = "oBBBBBBBBBBBBBBBBBBBBBBBBBB2";

    fn read(bytes: &[u8]) -> Result<(Vec<Packet>, Summary), RecipientsError> {
        let mut reader = PacketReader::new(Cursor::new(bytes.to_vec()), RowRules::default())?;
        let mut packets = Vec::new();
        while let Some(packet) = reader.next_packet()? {
            packets.push(packet);
        }
        Ok((packets, reader.finish()?))
    }

    fn faults(bytes: &[u8]) -> Vec<String> {
        match read(bytes) {
            Ok(_) => Vec::new(),
            Err(RecipientsError::Refused(faults)) => {
                faults.listed().iter().map(ToString::to_string).collect()
            }
            Err(fault) => panic!("{fault}"),
        }
    }

    #[test]
    fn a_file_becomes_packets_in_its_order() {
        let text = format!("openid,amount_yuan,祝福语,门店\n{A},1.5, 新年好 ,上海\n{B},200,,\n");
        let (packets, summary) = read(text.as_bytes()).unwrap();
        assert_eq!(packets[0].line, 2);
        assert_eq!(packets[0].row_key.as_str(), A);
        assert_eq!(packets[0].amount, Fen::new(150));
        assert_eq!(packets[0].texts.wishing.as_deref(), Some("新年好"));
        assert_eq!(packets[0].extra, ["上海"]);
        assert_eq!(packets[1].texts.wishing, None);
        assert_eq!((summary.rows, summary.total), (2, Fen::new(20_150)));
        let sha256: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        assert_eq!(summary.sha256, sha256);
    }

    #[test]
    fn a_row_key_column_names_the_packets() {
        let text = format!("id,openid,fen\n7,{A},100\n8,{A},100\n");
        let (packets, _) = read(text.as_bytes()).unwrap();
        assert_eq!(packets[1].row_key.as_str(), "8");
        assert_eq!(packets[1].openid.as_str(), A);
    }

    #[test]
    fn encodings_and_line_ends_make_no_difference() {
        let text = format!("openid,金额（元）,门店\n{A},1.00,天虹\n\n{B},2.00,百货\n");
        let plain = read(text.as_bytes()).unwrap().0;
        assert_eq!(plain[1].line, 4);
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', end);
            let trimmed = text.trim_end();
            let marked = format!("\u{FEFF}{text}");
            let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
            for bytes in [
                text.as_bytes(),
                trimmed.as_bytes(),
                marked.as_bytes(),
                &gb(&text),
                &gb(&marked),
            ] {
                let (packets, summary) = read(bytes).unwrap();
                assert_eq!(packets, plain, "{end:?}");
                let sha256: [u8; 32] = Sha256::digest(bytes).into();
                assert_eq!(summary.sha256, sha256);
            }
        }
    }

    #[test]
    fn line_breaks_inside_quotes_keep_the_lines_right() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = format!("{A},100,\"a\nb \"\"c\"\", d\n\"\n   \n{B},1x,e\n");
            let text = format!("\"openid\",fen,note\n\n{rows}").replace('\n', end);
            let reader =
                PacketReader::new(Cursor::new(text.clone().into_bytes()), RowRules::default());
            let packets: Vec<_> = reader.unwrap().map(Result::unwrap).collect();
            let expected = format!("a{end}b \"c\", d");
            assert_eq!((packets[0].line, &packets[0].extra[0]), (3, &expected));
            assert_eq!(
                faults(text.as_bytes()),
                ["line 7, fen `1x`: `x` stands beside the number: write the number alone"],
                "{end:?}"
            );
        }
    }

    #[test]
    fn a_row_inside_quotes_is_seen_with_and_without_a_last_line_break() {
        let text = format!("openid,备注,金额(元)\n{A},\"VIP,1.00\n{B},老客户\",2.00");
        for end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', end);
            let wanted = [
                "line 2: a quote opens in this row, and line 3, a row of the list, is inside the \
                 quotes: delete the quote, or write \"\" for it",
            ];
            assert_eq!(faults(text.as_bytes()), wanted, "{end:?}");
            assert_eq!(faults(format!("{text}{end}").as_bytes()), wanted, "{end:?}");
        }
    }

    /// All that is said of a list.
    fn told(text: &str) -> String {
        let text = text
            .replace("A,", &format!("{A},"))
            .replace("B,", &format!("{B},"));
        let source = Cursor::new(text.into_bytes());
        let mut reader = PacketReader::new(source, RowRules::default()).unwrap();
        reader.read_to_end().unwrap();
        let faults = reader.faults().listed().iter().map(ToString::to_string);
        faults.chain(reader.notices().within(Lang::En)).collect()
    }

    #[test]
    fn what_a_list_may_mean_otherwise_is_told() {
        for (list, said) in [
            (
                "openid,amount\nA,188.0\nB,166.0\n",
                "188.00 yuan or 1.88 yuan",
            ),
            ("openid,amount\nA,5.0\nB,6.5\n", ""),
            ("openid,amount_fen\nA,188.0\n", "write `188`"),
            (
                "openid,金额,红包\nA,99.00,1.88\n",
                "`红包`, which looks like an amount too",
            ),
            ("openid,金额(元),折扣\nA,5,8\n", "whatever `折扣` says"),
            (
                "openid,金额(元),正确openid,x\nA,5,B,\n",
                "`正确openid` is not",
            ),
            (
                "openid,金额(元),,openid2,奖金\nA,5,,B,6\n",
                "`openid2` is not",
            ),
            (
                "openid,推荐人,金额(元)\nA,B,5\nB,A,6\n",
                "`推荐人` is not, which seems to be an openid too",
            ),
            ("openid,unionid,金额(元),同上\nA,B,5,A\n", ""),
            ("openid,金额(元),是否发放\nA,5,√\nB,5,\n", "line 3"),
            ("openid,金额(元),是否发放\nA,5,\nB,5,\n", ""),
            (
                "openid,金额(元),状态\nA,1,成功\nB,2,成功\nA,3,成功\nB,4,成功\n",
                "of 4 rows, 4 say what marks a row",
            ),
            (
                ",openid,amount_yuan\n0,A,5.0\n1,B,6.0\n",
                "taken for row numbers",
            ),
            (
                "部门,openid,金额(元)\n甲,A,5\n甲 汇总,,5\n总和,,5\n",
                "2 total rows",
            ),
            ("部门,openid,金额(元)\n甲,A,5\n甲 汇总,,6\n", "5.00"),
            (
                "openid,金额(元)\nA,5\nB,5\n合计：10,\n",
                "the total row is right",
            ),
            (
                "openid,金额(元)\nA,5\nB,5\n合计：2,\n",
                "the total row is right",
            ),
            ("openid,金额(元)\nA,5\nB,5\n合计：9,\n", "says 9.00 yuan"),
            ("openid,金额(元)\nA,5\nB,5\n总人数：10,\n", "says 10 people"),
            (
                "openid,金额(分)\nA,500\nB,300\n合计：800,\n",
                "the total row is right",
            ),
            (
                "x,openid,金额(分)\n,A,500\n,B,300\n合计,,8.00元\n",
                "is right",
            ),
            (
                "x,openid,金额(分)\n,A,500\n,B,300\n合计,,8.10元\n",
                "says 8.10 yuan",
            ),
            ("x,openid,金额(元)\n,A,5\n,B,3\n合计,,800分\n", "is right"),
        ] {
            let told = told(list);
            assert!(told.contains(said), "{list}: {told}");
            assert_eq!(told.is_empty(), said.is_empty(), "{list}: {told}");
        }
    }

    /// The faults of a row on line 2, below four columns.
    fn row_faults(row: &str) -> Vec<String> {
        faults(format!("openid,amount_yuan,wishing,店\n{row}\n").as_bytes())
    }

    #[test]
    fn every_malformed_openid_is_told() {
        let control = "the cell has the control character U+0000: delete it, or type the cell anew";
        for (openid, shown, cause) in [
            ("", "", "the openid is blank: fill it in, or delete the row"),
            (
                "short",
                "short",
                "an openid has 16 to 32 characters, usually 28: copy it again from its source",
            ),
            (
                "oA 用户AAAAAAAAAAAAAAAAA",
                "oA 用户AAAAAAAAAAAAAAAAA",
                "an openid has only letters, digits, `_` and `-`: copy it again from its source",
            ),
            ("oAAAAAAA\0AAAAAAAAA", "oAAAAAAA\\0AAAAAAAAA", control),
        ] {
            let told = format!("line 2, openid `{shown}`: {cause}");
            assert_eq!(row_faults(&format!("{openid},1,,")), [told]);
        }
    }

    #[test]
    fn every_malformed_amount_is_told() {
        let range = "a packet without a scene_id has 1.00 to 200.00 yuan";
        for (amount, cause) in [
            ("", "the amount is blank: fill it in, or delete the row"),
            (
                "1.005",
                "more than two decimals: the smallest unit is 0.01 yuan",
            ),
            ("1e2", "an exponent is not an amount: write the digits out"),
            (
                "-1",
                "the amount is negative: write what is to be paid, or delete the row",
            ),
            (
                "0.00",
                "the amount is zero: delete the row, or fill in the amount",
            ),
            ("NaN", "not an amount: write digits, as 12.30"),
            (
                "5分",
                "the cell says fen and the column says yuan: name the column `amount_fen`, or \
                 write yuan, as 1.88 for 188 fen",
            ),
            (
                "1,00",
                "a comma inside the amount: write 1234.50, with a point before the fen",
            ),
            ("￥1,000", range),
            ("99999999999999999999", "the amount is too large"),
            ("0.99", range),
            ("200.01", range),
        ] {
            let told = format!("line 2, amount_yuan `{amount}`: {cause}");
            assert_eq!(row_faults(&format!("{A},\"{amount}\",,")), [told]);
        }
    }

    #[test]
    fn every_malformed_text_is_told() {
        let long = "红".repeat(43);
        let shown = "红".repeat(40) + "…";
        let too_long = "wishing has 129 bytes of UTF-8, at most 127 are allowed";
        let control = "the cell has the control character";
        for (cells, told) in [
            (format!("{long},"), format!("wishing `{shown}`: {too_long}")),
            (
                "\"a\nb\",".into(),
                "wishing `a\\nb`: the cell has a line break: write it on one line".to_owned(),
            ),
            (
                ",a\u{1b}[2Jb".into(),
                format!("店 `a\\u{{1b}}[2Jb`: {control} U+001B: delete it, or type the cell anew"),
            ),
        ] {
            let row = format!("{A},1,{cells}");
            assert_eq!(row_faults(&row), [format!("line 2, {told}")]);
        }
    }

    #[test]
    fn every_row_of_the_wrong_shape_is_told() {
        let quoted = "text follows a closing quote: write \"\" for a quote inside a quoted cell";
        let open = "a quote opens in this row and is never closed: close it, or write \"\" for \
                    a quote";
        let more = "the row has 5 cells and the header 4: a comma inside a cell needs quotes \
                    around the cell, and an amount has no thousands separators";
        let moved = "the row has 5 cells and the header 4, and the last is blank: a comma inside a \
                     cell may have moved those behind it; quote such a cell, and write amounts as \
                     1288.00; only if each value is in its column, delete the commas at the row's \
                     end";
        let fewer = "the row has 3 cells and the header 4: a cell is missing, or a line break \
                     inside a cell has no quotes around the cell; where a spreadsheet left out \
                     blank cells at the end, save the list as .xlsx";
        for (row, cause) in [
            (format!("{A},1,000,,"), moved),
            (format!("{A},1,000,,x"), more),
            (format!("{A},1,"), fewer),
            (format!("{A},1,\"祝\"福,"), quoted),
            (format!("{A},1,\"祝福,\n{B},1,,"), open),
            (
                format!("{A},1,,{}", "x".repeat(70_000)),
                "the row is longer than 65536 bytes",
            ),
        ] {
            assert_eq!(row_faults(&row), [format!("line 2: {cause}")]);
        }
    }

    #[test]
    fn all_faults_of_a_row_and_of_all_rows_are_found_at_once() {
        let file =
            format!("openid,fen,row_key,scene_id,\nx,1.5,,PRODUCT_9,y\n{A},100,1,,\n,99,\u{1},,\n");
        assert_eq!(
            faults(file.as_bytes()),
            [
                "line 2, openid `x`: an openid has 16 to 32 characters, usually 28: copy it again \
                 from its source",
                "line 2, fen `1.5`: fen are whole numbers: 1.50 yuan is 150 fen; if these are \
                 yuan, name the column `amount_yuan`",
                "line 2, row_key ``: the row key is blank: fill it in",
                "line 2, scene_id `PRODUCT_9`: scene_id is one of PRODUCT_1 to PRODUCT_8",
                "line 2, column 5 `y`: the cell has a value and its column has no name: name the \
                 column in the header",
                "line 4, openid ``: the openid is blank: fill it in, or delete the row",
                "line 4, row_key `\\u{1}`: the cell has the control character U+0001: delete it, \
                 or type the cell anew",
                "line 4, fen `99`: a packet without a scene_id has 1.00 to 200.00 yuan",
            ]
        );
    }

    #[test]
    fn an_amount_without_a_unit_needs_its_point_in_every_cell() {
        let file = format!("openid,金额\n{A},100.00\n");
        assert_eq!(read(file.as_bytes()).unwrap().1.total, Fen::new(10_000));
        let told = "line 1, 金额: the column does not say yuan or fen: `100` (line 3) is \
                    100.00 yuan or 1.00 yuan (元还是分)? rename the column to `amount_yuan` or \
                    `amount_fen`";
        assert_eq!(faults(format!("{file}{B},100\n").as_bytes()), [told]);
        // Once for the column, before what is wrong with its rows, and the sum is not compared.
        let rows = format!("{B},100\n{B},8.8\n{B},5\n{B},1.885\n{B},88\n合计,1\n");
        let told = faults(format!("{file}{rows}").as_bytes());
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("first of 3 whole numbers"), "{told:?}");
        assert!(told[1].starts_with("line 6, 金额 `1.885`"), "{told:?}");
    }

    #[test]
    fn a_scene_of_the_row_or_the_campaign_lifts_the_range() {
        let own = format!("openid,fen,scene_id\n{A},30,PRODUCT_2\n{B},30000,PRODUCT_2\n");
        assert_eq!(faults(own.as_bytes()), [""; 0]);
        let file = format!("openid,fen\n{A},30\n");
        let rules = RowRules {
            has_scene: true,
            ..RowRules::default()
        };
        let reader = PacketReader::new(Cursor::new(file.clone().into_bytes()), rules).unwrap();
        assert_eq!(reader.finish().unwrap().total, Fen::new(30));
    }

    #[test]
    fn files_without_rows_are_refused() {
        let empty = "the file is empty: its first line must be a header such as \
                     `openid,amount_yuan`";
        for file in ["", "\n\r\n \t\n", "\u{FEFF}"] {
            assert_eq!(faults(file.as_bytes()), [empty], "{file:?}");
        }
        assert_eq!(
            faults(b"openid,fen\r\n\r\n"),
            ["the file has a header and no rows"]
        );
        assert_eq!(
            faults(b"\"openid,fen\n"),
            [
                "line 1: a quote opens in this row and is never closed: close it, or \
                 write \"\" for a quote"
            ]
        );
    }

    #[test]
    fn faults_are_counted_beyond_those_listed_and_the_ledgers_are_among_them() {
        let mut file = "openid,fen\n".to_owned();
        for _ in 0..1_200 {
            let _ = writeln!(file, "{A},0");
        }
        let mut reader =
            PacketReader::new(Cursor::new(file.clone().into_bytes()), RowRules::default()).unwrap();
        let cause = Cause::ledger(
            both("duplicate openid", "openid 重复"),
            words::duplicate_openid("line 2"),
        );
        let place = reader.layout().key(3);
        reader.refuse(Fault::of_cell(place, A, cause).into());
        let Err(RecipientsError::Refused(faults)) = reader.finish() else {
            panic!("the file is at fault");
        };
        assert_eq!(faults.listed().len(), LISTED_MAX);
        let counts = faults.counts().into_iter();
        let counts: Vec<_> = counts.map(|(group, count)| (group.en, count)).collect();
        assert_eq!(
            counts,
            [("amount out of range", 1_200), ("duplicate openid", 1)]
        );
        assert!(faults.to_string().contains("and 201 more"));
        assert!(faults.within(Lang::Zh).contains("另有 201 处"));
    }

    #[test]
    fn the_samples_are_what_the_example_campaign_pays() {
        let utf8 = include_bytes!("../../samples/recipients.csv");
        let (packets, summary) = read(utf8).unwrap();
        assert_eq!((summary.rows, summary.total), (200, Fen::new(52_712)));
        let openids: std::collections::BTreeSet<_> = packets.iter().map(|p| &p.openid).collect();
        assert_eq!(openids.len(), 200);
        let gb18030 = include_bytes!("../../samples/recipients-gb18030.csv");
        assert_eq!(read(gb18030).unwrap().0, packets[..20]);
    }

    #[test]
    fn the_broken_sample_is_refused_with_every_fault() {
        let broken = include_bytes!("../../samples/recipients-broken.csv");
        insta::assert_snapshot!(read(broken).unwrap_err());
    }

    #[test]
    fn the_broken_sample_is_refused_in_chinese_too() {
        let broken = include_bytes!("../../samples/recipients-broken.csv");
        insta::assert_snapshot!(read(broken).unwrap_err().within(Lang::Zh));
    }

    fn cell() -> impl Strategy<Value = String> {
        "[a-z\"',;\n\r\t 红包]{0,12}".prop_map(|text| text.trim().to_owned())
    }

    /// A reader asks again at the end of a file; the decoder must not be.
    #[test]
    fn a_file_in_gb18030_may_end_without_a_line_break() {
        let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
        let row = format!("openid,amount_yuan,门店\n{A},1.00,天虹");
        assert_eq!(read(&gb(&row)).unwrap().1.rows, 1);
        let refused = read(&gb("openid,amount_yuan,门店")).unwrap_err();
        assert!(refused.to_string().contains("no rows"), "{refused}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_text_below_a_header_makes_it_panic(text in "[oA1,.\"\r\n 红\0]{0,200}") {
            let _ = read(format!("openid,amount,note\n{text}").as_bytes());
        }

        #[test]
        fn what_is_written_is_read_back(
            rows in prop::collection::vec((100u64..=20_000, cell()), 1..40),
            is_crlf: bool,
        ) {
            let end = if is_crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut file = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
            file.write_record(["openid", "amount_yuan", "note"]).unwrap();
            for (index, (fen, note)) in rows.iter().enumerate() {
                let openid = format!("o{index:027}");
                file.write_record([&openid, &Fen::new(*fen).to_string(), note]).unwrap();
            }
            let (packets, summary) = read(&file.into_inner().unwrap()).unwrap();
            prop_assert_eq!(summary.rows, rows.len() as u64);
            for (packet, (fen, note)) in packets.iter().zip(&rows) {
                prop_assert_eq!(packet.amount.fen(), *fen);
                // A guard of a spreadsheet is undone, and nothing else is changed.
                prop_assert_eq!(&packet.extra[0], unguarded(note));
            }
        }
    }
}
