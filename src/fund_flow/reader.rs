//! A bill, pushed in pieces and given out row by row.

use super::cells::Cells;
use super::fault::{FlowCause, FlowFault};
use super::header::{FlowHeader, is_header};
use super::line::{LineCutter, TextForm};
use super::totals::{FlowTotals, is_summary};
use super::value;
use crate::domain::flow::row::FlowRow;

/// Reads one bill. Its memory is that of a row.
#[derive(Debug, Default)]
pub struct FlowReader {
    lines: LineCutter,
    table: BillTable,
}

/// Where in the bill the next line stands.
#[derive(Debug, Default)]
enum BillPart {
    #[default]
    Header,
    Rows(FlowHeader),
    /// Behind the names of the summary.
    Summary(Vec<String>),
    Over,
}

#[derive(Debug, Default)]
struct BillTable {
    part: BillPart,
    form: TextForm,
    cells: Cells,
    row: FlowRow,
    totals: FlowTotals,
    /// Whether every row so far was of an export.
    is_export: bool,
}

impl FlowReader {
    /// Takes the next bytes and gives each whole row to `each`.
    ///
    /// # Errors
    /// Where this is no bill; what `each` gives.
    pub fn push<E: From<FlowFault>>(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&FlowRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let table = &mut self.table;
        self.lines
            .push(bytes, |number, line| table.line(number, line, each))
    }

    /// Ends the bill: what its rows add up to. Only now is it known to be whole.
    ///
    /// # Errors
    /// Where it is cut, or its summary does not agree; what `each` gives.
    pub fn finish<E: From<FlowFault>>(
        mut self,
        each: &mut impl FnMut(&FlowRow) -> Result<(), E>,
    ) -> Result<FlowTotals, E> {
        let rest = self.lines.rest();
        let last = self.lines.number;
        if let Some(line) = &rest {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = if last == 1 {
                line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
            } else {
                line
            };
            self.table.line(last, line, each)?;
        }
        let BillTable {
            part,
            totals,
            is_export,
            ..
        } = self.table;
        let cause = match part {
            BillPart::Over => return Ok(totals),
            BillPart::Header => return Err(FlowFault::of_file(FlowCause::Empty).into()),
            // An export ends with its last row; where that has no end, it may be cut.
            BillPart::Rows(_) if is_export && rest.is_none() => return Ok(totals),
            BillPart::Rows(_) if is_export => FlowCause::NoLineEnd,
            BillPart::Rows(_) | BillPart::Summary(_) => FlowCause::NoSummary,
        };
        Err(FlowFault::at(last, cause).into())
    }
}

impl BillTable {
    fn line<E: From<FlowFault>>(
        &mut self,
        number: u64,
        line: &[u8],
        each: &mut impl FnMut(&FlowRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = |cause| FlowFault::at(number, cause);
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        if matches!(self.part, BillPart::Header) {
            return Ok(self.header(line).map_err(at)?);
        }
        let text = self.form.decode(line);
        let text = text.ok_or_else(|| at(FlowCause::Encoding))?;
        let is_own = self.cells.read(&text).map_err(at)?;
        let cells = self.cells.all();
        match &self.part {
            BillPart::Over => return Err(at(FlowCause::AfterSummary).into()),
            BillPart::Summary(names) => {
                self.totals.check(names, cells).map_err(at)?;
                self.totals.is_checked = true;
                self.part = BillPart::Over;
            }
            BillPart::Rows(_) if is_summary(cells) => self.part = BillPart::Summary(cells.to_vec()),
            BillPart::Header => {}
            BillPart::Rows(header) => {
                self.is_export = !is_own;
                read_row(&mut self.row, header, cells).map_err(at)?;
                self.row.line = number;
                let counted = self.totals.count(&self.row);
                counted.ok_or_else(|| at(FlowCause::TooLarge))?;
                each(&self.row)?;
            }
        }
        Ok(())
    }

    /// The first line tells the columns, and how the text is written down.
    fn header(&mut self, line: &[u8]) -> Result<(), FlowCause> {
        if let Some(cause) = another_kind(line) {
            return Err(cause);
        }
        for form in [TextForm::Utf8, TextForm::Gb18030] {
            let Some(text) = form.decode(line) else {
                continue;
            };
            self.cells.read(&text)?;
            if is_header(self.cells.all()) {
                self.part = BillPart::Rows(FlowHeader::read(self.cells.all())?);
                self.form = form;
                return Ok(());
            }
        }
        Err(FlowCause::NotABill)
    }
}

/// The kind of a file that is no bill, where its first bytes are well known.
fn another_kind(line: &[u8]) -> Option<FlowCause> {
    let text = line.trim_ascii_start();
    let lower: Vec<u8> = text.iter().take(16).map(u8::to_ascii_lowercase).collect();
    let begins = |with: &[u8]| lower.starts_with(with);
    if begins(b"<!doctype") || begins(b"<html") || begins(b"<head") {
        Some(FlowCause::Page)
    } else if begins(b"<") {
        Some(FlowCause::Xml)
    } else if text.starts_with(b"PK\x03\x04") || text.starts_with(b"\xD0\xCF\x11\xE0") {
        Some(FlowCause::Workbook)
    } else if text.contains(&0) {
        Some(FlowCause::NotPlain)
    } else {
        None
    }
}

fn read_row(row: &mut FlowRow, header: &FlowHeader, cells: &[String]) -> Result<(), FlowCause> {
    if cells.len() != header.width {
        let (expected, found) = (header.width, cells.len());
        return Err(FlowCause::Cells { expected, found });
    }
    let cell = |at: Option<usize>| at.map_or("", |at| cells[at].as_str());
    row.booked_at = value::time(&cells[header.booked])?;
    let word = header.direction.map(|at| cells[at].as_str());
    (row.direction, row.amount) = value::movement(word, &cells[header.amount])?;
    for (text, at) in [
        (&mut row.voucher, header.voucher),
        (&mut row.order, header.order),
        (&mut row.movement, header.movement),
        (&mut row.business, header.business),
        (&mut row.kind, header.kind),
    ] {
        text.clear();
        text.push_str(cell(at));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::flow::row::Direction;
    use crate::domain::money::Fen;

    /// As WeChat Pay's pages print it.
    const BILL: &str = "\
记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
`2026-11-23 20:00:00,`1000041701202611230000000000001,`4200000001,`现金红包,\
`现金红包,`支出,`1.00,`999.00,`10000098API,`a, `b\\n,`10000098abcdefghij0123456789
`2026-11-23 20:00:01,`5030001,`4200000002,`退款,`退款,`收入,`0.35,`999.35,`system,`,`S2026
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
`2.0,`1.0,`0.35,`1.0,`1.0
";

    type Read = Result<(Vec<FlowRow>, FlowTotals), FlowFault>;

    fn read_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Read {
        let (mut reader, mut rows) = (FlowReader::default(), Vec::new());
        let mut each = |row: &FlowRow| {
            rows.push(row.clone());
            Ok::<(), FlowFault>(())
        };
        for piece in pieces {
            reader.push(piece, &mut each)?;
        }
        let totals = reader.finish(&mut each)?;
        Ok((rows, totals))
    }

    fn read(text: &str) -> Read {
        read_pieces([text.as_bytes()])
    }

    fn fault(text: &str) -> (Option<u64>, FlowCause) {
        let fault = read(text).unwrap_err();
        (fault.line, fault.cause)
    }

    fn replaced(from: &str, to: &str) -> String {
        assert!(BILL.contains(from), "{from}");
        BILL.replacen(from, to, 1)
    }

    #[test]
    fn the_documented_form_is_read() {
        let (rows, totals) = read(BILL).unwrap();
        assert_eq!(rows.len(), 2);
        let packet = &rows[0];
        assert_eq!(packet.voucher, "10000098abcdefghij0123456789");
        assert_eq!(packet.order, "1000041701202611230000000000001");
        assert_eq!((packet.line, packet.booked_at), (2, 1_795_435_200_000));
        assert_eq!(
            (packet.direction, packet.amount),
            (Direction::Out, Fen::new(100))
        );
        assert!(packet.is_called_packet());
        assert_eq!(rows[1].direction, Direction::In);
        let day = 20_780;
        let expected = FlowTotals {
            rows: 2,
            came_in: (1, Fen::new(35)),
            went_out: (1, Fen::new(100)),
            span: totals.span,
            days: Some((day, day)),
            is_checked: true,
        };
        assert_eq!(totals, expected);
    }

    #[test]
    fn the_same_bill_in_every_form_gives_the_same_rows() {
        let whole = read(BILL).unwrap();
        let crlf = BILL.replace('\n', "\r\n");
        let marked = format!("\u{feff}{crlf}");
        let wide = BILL.replace("(元)", "（元）");
        let unended = BILL.trim_end();
        let decimals = BILL.replace("`2.0,`1.0,`0.35,`1.0,`1.0", "`2,`1,`0.35,`1,`1.00");
        let quoted = BILL
            .replace("`a, `b\\n", "\"`a, `b\\n\"")
            .replace(",`", ",");
        let quoted = quoted
            .replace("\n`", "\n")
            .replace(",a, `b\\n", ",\"a, b\\n\"");
        for text in [&crlf, &marked, &wide, unended, &decimals] {
            assert_eq!(read(text).as_ref(), Ok(&whole), "{text}");
        }
        assert_eq!(read(&quoted).as_ref(), Ok(&whole), "{quoted}");
        let (gb, _, _) = encoding_rs::GB18030.encode(BILL);
        assert_eq!(read_pieces([&*gb]).as_ref(), Ok(&whole));
        for size in [1, 2, 7, 100] {
            let pieces = marked.as_bytes().chunks(size);
            if size > 2 {
                assert_eq!(read_pieces(pieces).as_ref(), Ok(&whole), "{size}");
            }
        }
    }

    #[test]
    fn an_export_has_signs_and_no_summary() {
        let text = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务类型,收支金额（元）,\
            账户结余（元）,资金变更提交申请人,业务凭证号,备注\r\n\
            2026-11-23 20:00:00,1000041701,42,红包,-1.00,9.00,x,10000098abcdefghij0123456789,\
            \"a,b\"\r\n2026-11-24 20:00:00,1,43,退款,0.50,9.50,x,,\r\n";
        let (rows, totals) = read(text).unwrap();
        assert_eq!(rows[0].direction, Direction::Out);
        assert_eq!(rows[1].direction, Direction::In);
        assert_eq!(totals.days, Some((20_780, 20_781)));
        assert!(!totals.is_checked);
        let cut = text.trim_end();
        assert_eq!(fault(cut), (Some(3), FlowCause::NoLineEnd));
    }

    #[test]
    fn a_cut_file_is_refused_wherever_it_is_cut() {
        // Only decimals of nothing may be missing: `1` is `1.0`.
        let whole = BILL.trim_end().len() - ".0".len();
        for at in 0..whole {
            let cut = read_pieces([&BILL.as_bytes()[..at]]);
            assert!(cut.is_err(), "{at}: {cut:?}");
        }
        let lines: Vec<&str> = BILL.split_inclusive('\n').collect();
        assert_eq!(fault(&lines[..1].concat()), (Some(1), FlowCause::NoSummary));
        assert_eq!(fault(&lines[..3].concat()), (Some(3), FlowCause::NoSummary));
        assert_eq!(fault(&lines[..4].concat()), (Some(4), FlowCause::NoSummary));
        // A row that is lost in the middle shows in the summary.
        let lost = [lines[0], lines[1], lines[3], lines[4]].concat();
        let cause = FlowCause::WrongCount {
            column: "资金流水总笔数",
            says: 2,
            found: 1,
        };
        assert_eq!(fault(&lost), (Some(4), cause));
    }

    #[test]
    fn each_part_of_a_wrong_summary_is_named() {
        for (from, to, part) in [
            ("`2.0,", "`3.0,", "资金流水总笔数"),
            ("`2.0,`1.0,", "`2.0,`2.0,", "收入笔数"),
            ("`0.35,`1.0,`1.0", "`0.36,`1.0,`1.0", "收入金额"),
            ("`0.35,`1.0,`1.0", "`0.35,`0,`1.0", "支出笔数"),
            ("`0.35,`1.0,`1.0", "`0.35,`1.0,`1.01", "支出金额"),
        ] {
            let fault = read(&replaced(from, to)).unwrap_err();
            assert_eq!(fault.line, Some(5), "{fault}");
            assert!(fault.to_string().contains(part), "{fault}");
        }
        let torn = replaced("`2.0,`1.0,", "`2.0,");
        let cause = FlowCause::Cells {
            expected: 5,
            found: 4,
        };
        assert_eq!(fault(&torn), (Some(5), cause));
    }

    #[test]
    fn every_malformed_form_is_refused_on_its_line() {
        for (text, line, says) in [
            (String::new(), None, "empty"),
            ("\n\n".to_owned(), None, "empty"),
            (
                "<xml><return_code>FAIL</return_code></xml>".to_owned(),
                Some(1),
                "XML",
            ),
            (
                "<!DOCTYPE html><html></html>".to_owned(),
                Some(1),
                "web page",
            ),
            ("PK\u{3}\u{4}x".to_owned(), Some(1), "workbook"),
            ("a\0b\n".to_owned(), Some(1), "plain text"),
            ("openid,amount\n".to_owned(), Some(1), "no fund-flow bill"),
            (replaced("记账时间", "时间"), Some(1), "记账时间"),
            (replaced("`支出", "`支付"), Some(2), "支付"),
            (replaced("`1.00,`999", "`1.001,`999"), Some(2), "1.001"),
            (
                replaced("`1.00,`999", "`-1.00,`999").replacen("支出", "收入", 1),
                Some(2),
                "-1.00",
            ),
            (
                replaced("2026-11-23 20:00:01", "yesterday"),
                Some(3),
                "yesterday",
            ),
            (replaced("`S2026\n", "\n"), Some(3), "11"),
            (replaced(",`system,", ",`system,`x,"), Some(3), "12"),
            (format!("{BILL}`x\n"), Some(6), "after"),
            (BILL.replacen('`', "\"", 1), Some(2), "quote"),
        ] {
            let fault = read(&text).unwrap_err();
            assert_eq!(fault.line, line, "{text}: {fault}");
            assert!(fault.to_string().contains(says), "{text}: {fault}");
        }
        let mut bytes = BILL.as_bytes().to_vec();
        let at = BILL.find("system").unwrap();
        bytes[at] = 0xFF;
        let fault = read_pieces([&bytes[..]]).unwrap_err();
        assert_eq!(fault, FlowFault::at(3, FlowCause::Encoding));
        let long = "`".repeat(70_000);
        let text = BILL.replacen("`a, `b", &long, 1);
        assert_eq!(fault_of(&text), FlowFault::at(2, FlowCause::TooLong));
    }

    fn fault_of(text: &str) -> FlowFault {
        read(text).unwrap_err()
    }

    #[test]
    fn a_day_without_movement_is_a_bill_of_zeros() {
        let lines: Vec<&str> = BILL.split_inclusive('\n').collect();
        let text = [lines[0], lines[3], "`0.0,`0.0,`0.0,`0.0,`0.0\n"].concat();
        let (rows, totals) = read(&text).unwrap();
        assert_eq!((rows.len(), totals.days), (0, None));
        assert!(totals.is_checked);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_pieces([&bytes[..]]);
        }

        #[test]
        fn no_change_of_a_bill_makes_it_panic(
            at in 0..BILL.len(),
            with in "[`,\"\n\r0-9.红-]{0,6}",
        ) {
            let mut bytes = BILL.as_bytes().to_vec();
            bytes.splice(at..(at + 3).min(BILL.len()), with.bytes());
            let _ = read_pieces([&bytes[..]]);
        }
    }
}
