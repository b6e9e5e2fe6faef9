//! Claim parameters and unclaimed packets as a file for a backend: one object a line, or
//! comma-separated values.

use std::io::Write;

use serde_json::{Map, Value};

use super::columns::{Cell, Extra, kept};
use crate::clock::beijing;
use crate::domain::text::guarded;
use crate::ledger::ClaimRow;
use crate::words::Lang;

/// The columns that the page passes on, before the packet's own.
pub const SIGNED: [&str; 5] = ["timeStamp", "nonceStr", "package", "signType", "paySign"];
/// The same where the backend signs.
pub const UNSIGNED: [&str; 1] = ["package"];
/// The packet's own columns.
pub(super) const PACKET: [&str; 6] = [
    "row_key",
    "openid",
    "mch_billno",
    "send_listid",
    "amount_fen",
    "expires_at",
];
/// Of who is to be reminded, before the list's own.
pub(super) const UNCLAIMED: [&str; 7] = [
    "row_key",
    "openid",
    "mch_billno",
    "amount_fen",
    "expires_at",
    "hours_left",
    "asked_at",
];
/// The same in a CSV for a Chinese reader, under the names of the reports.
pub(super) const UNCLAIMED_ZH: [&str; 7] = [
    "业务单号",
    "用户openid",
    "商户订单号",
    "金额(分)",
    "失效时间",
    "剩余小时",
    "最近查询时间",
];
/// Tenths of an hour.
const TENTH_MS: i64 = 360_000;

/// The form of such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetForm {
    /// One object a line.
    Jsonl,
    /// Comma-separated, RFC 4180.
    Csv,
}

/// Which of the two files it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// Claim parameters.
    Claims,
    /// Unclaimed packets.
    Unclaimed,
}

/// A claim as an object, `parameters` first: under [`SIGNED`] or [`UNSIGNED`].
#[must_use]
pub fn claim_object(parameters: &[(&'static str, &str)], claim: &ClaimRow, end: i64) -> Value {
    let mut object = Map::new();
    for (name, text) in parameters {
        object.insert((*name).to_owned(), (*text).into());
    }
    for (name, cell) in PACKET.iter().zip(packet_cells(claim, end)) {
        object.insert((*name).to_owned(), cell.value());
    }
    object.into()
}

fn packet_cells(claim: &ClaimRow, end: i64) -> [Cell<'_>; PACKET.len()] {
    let packet = &claim.packet;
    [
        Cell::Text(&packet.row_key),
        Cell::Text(&packet.openid),
        Cell::Text(&packet.mch_billno),
        packet
            .send_listid
            .as_deref()
            .map_or(Cell::Unknown, Cell::Text),
        Cell::Number(packet.amount.fen()),
        Cell::Made(beijing(end)),
    ]
}

/// Writes such a file row by row.
pub struct ClaimSheet<W: Write> {
    to: To<W>,
    columns: Vec<String>,
    /// Whether a spreadsheet is to keep all digits of numbers: the file is for people.
    keeps_digits: bool,
}

enum To<W: Write> {
    Jsonl(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> ClaimSheet<W> {
    /// Of claims; `parameters` are [`SIGNED`] or [`UNSIGNED`].
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn of_claims(to: W, form: SheetForm, parameters: &[&str]) -> std::io::Result<Self> {
        let columns = parameters.iter().chain(&PACKET);
        ClaimSheet::begin(to, form, columns.map(|name| (*name).to_owned()).collect())
    }

    /// Of who is to be reminded, with the list's own columns; the keys of JSON are in no language.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn of_unclaimed(
        mut to: W,
        form: SheetForm,
        (extra, lang): (&Extra, Lang),
    ) -> std::io::Result<Self> {
        let names = match (form, lang) {
            (SheetForm::Csv, Lang::Zh) => UNCLAIMED_ZH,
            (SheetForm::Csv | SheetForm::Jsonl, _) => UNCLAIMED,
        };
        if names == UNCLAIMED_ZH {
            // For Chinese Excel, as the reports have it.
            to.write_all("\u{FEFF}".as_bytes())?;
        }
        let own = names.iter().map(|name| (*name).to_owned());
        let columns = own.chain(extra.headers_beside(&names));
        Ok(ClaimSheet {
            keeps_digits: names == UNCLAIMED_ZH,
            ..ClaimSheet::begin(to, form, columns.collect())?
        })
    }

    fn begin(to: W, form: SheetForm, columns: Vec<String>) -> std::io::Result<Self> {
        let to = match form {
            SheetForm::Jsonl => To::Jsonl(to),
            SheetForm::Csv => {
                let mut csv = csv::WriterBuilder::new();
                let mut csv = csv.terminator(csv::Terminator::CRLF).from_writer(to);
                for name in &columns {
                    csv.write_field(guarded(name).as_ref())?;
                }
                csv.write_record(None::<&[u8]>)?;
                To::Csv(Box::new(csv))
            }
        };
        Ok(ClaimSheet {
            to,
            columns,
            keeps_digits: false,
        })
    }

    /// Writes a claim that lapses at `end`; the parameters are in the order of their names.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn claim(
        &mut self,
        parameters: &[(&'static str, &str)],
        claim: &ClaimRow,
        end: i64,
    ) -> std::io::Result<()> {
        let parameters = parameters.iter().map(|(_, text)| Cell::Text(text));
        self.row(parameters.chain(packet_cells(claim, end)))
    }

    /// Writes who has until `end`, it being `now`.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn unclaimed(
        &mut self,
        claim: &ClaimRow,
        extra: &Extra,
        (now, end): (i64, i64),
    ) -> std::io::Result<()> {
        let packet = &claim.packet;
        let tenths = (end - now) / TENTH_MS;
        let own = [
            Cell::Text(&packet.row_key),
            Cell::Text(&packet.openid),
            Cell::Text(&packet.mch_billno),
            Cell::Number(packet.amount.fen()),
            Cell::Made(beijing(end)),
            Cell::Made(format!("{}.{}", tenths / 10, tenths % 10)),
            claim
                .asked_at
                .map_or(Cell::Unknown, |at| Cell::Made(beijing(at))),
        ];
        let extra = extra.cells(packet).into_iter().map(Cell::Text);
        self.row(own.into_iter().chain(extra))
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cell<'c>>) -> std::io::Result<()> {
        match &mut self.to {
            To::Jsonl(to) => {
                // By hand: a map for each of millions would cost a third of the time.
                let mut before = b'{';
                for (name, cell) in self.columns.iter().zip(cells) {
                    to.write_all(&[before])?;
                    serde_json::to_writer(&mut *to, name)?;
                    to.write_all(b":")?;
                    cell.write_json(to)?;
                    before = b',';
                }
                to.write_all(b"}\n")
            }
            To::Csv(csv) => {
                let mut spare = String::new();
                for cell in cells {
                    let cell = match &cell {
                        Cell::Text(text) if self.keeps_digits => kept(text),
                        cell => cell.in_csv(&mut spare),
                    };
                    csv.write_field(cell.as_ref())?;
                }
                csv.write_record(None::<&[u8]>)?;
                Ok(())
            }
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Where the destination cannot be written.
    pub fn end(self) -> std::io::Result<()> {
        match self.to {
            To::Jsonl(mut to) => to.flush(),
            To::Csv(mut csv) => csv.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::claim::Issued;
    use crate::domain::money::Fen;
    use crate::ledger::ReportRow;
    use crate::report::is_sheet;

    const END: i64 = 1_795_435_200_000;

    fn claim(row_key: &str) -> ClaimRow {
        let packet = ReportRow {
            row_key: row_key.to_owned(),
            openid: "oA".to_owned(),
            mch_billno: "N".to_owned(),
            amount: Fen::new(123),
            extra: vec!["三楼".to_owned()],
            file: 1,
            ..ReportRow::default()
        };
        ClaimRow {
            packet,
            package: "p=1".to_owned(),
            issued: Issued::default(),
            asked_at: None,
        }
    }

    fn written(form: SheetForm, kind: SheetKind, keys: &[&str]) -> String {
        let mut bytes = Vec::new();
        let file = crate::ledger::FileRow {
            file: 1,
            sha256: [0; 32],
            extra: vec!["hours_left".to_owned()],
        };
        let extra = Extra::of(&[file]);
        let mut sheet = match kind {
            SheetKind::Claims => ClaimSheet::of_claims(&mut bytes, form, &UNSIGNED),
            SheetKind::Unclaimed => ClaimSheet::of_unclaimed(&mut bytes, form, (&extra, Lang::En)),
        }
        .unwrap();
        for key in keys {
            let claim = claim(key);
            match kind {
                SheetKind::Claims => sheet.claim(&[("package", "p%3D1")], &claim, END),
                SheetKind::Unclaimed => sheet.unclaimed(&claim, &extra, (END - 5_400_000, END)),
            }
            .unwrap();
        }
        sheet.end().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_claim_is_one_object_a_line_or_one_record() {
        let end = "2026-11-23T20:00:00+08:00";
        assert_eq!(
            written(SheetForm::Jsonl, SheetKind::Claims, &["a\"b"]),
            format!(
                "{{\"package\":\"p%3D1\",\"row_key\":\"a\\\"b\",\"openid\":\"oA\",\
                 \"mch_billno\":\"N\",\"send_listid\":null,\"amount_fen\":123,\
                 \"expires_at\":\"{end}\"}}\n"
            )
        );
        assert_eq!(
            written(SheetForm::Csv, SheetKind::Claims, &["=k"]),
            format!(
                "package,row_key,openid,mch_billno,send_listid,amount_fen,expires_at\r\n\
                 p%3D1,'=k,oA,N,,123,{end}\r\n"
            )
        );
        let object = claim_object(&[("package", "p%3D1")], &claim("a\"b"), END);
        let line = written(SheetForm::Jsonl, SheetKind::Claims, &["a\"b"]);
        assert_eq!(format!("{object}\n"), line, "the same of one packet");
    }

    #[test]
    fn a_reminder_has_hours_to_a_tenth_and_the_lists_own_columns() {
        let text = written(SheetForm::Csv, SheetKind::Unclaimed, &["k"]);
        assert_eq!(
            text,
            "row_key,openid,mch_billno,amount_fen,expires_at,hours_left,asked_at,\
             file_hours_left\r\nk,oA,N,123,2026-11-23T20:00:00+08:00,1.5,,三楼\r\n"
        );
    }

    #[test]
    fn a_reminder_in_chinese_has_chinese_names_and_is_known_as_one() {
        let mut bytes = Vec::new();
        let (form, extra) = (SheetForm::Csv, Extra::of(&[]));
        // A spreadsheet would round it.
        let long = "440301199001011234";
        let sheet = ClaimSheet::of_unclaimed(&mut bytes, form, (&extra, Lang::Zh));
        let mut sheet = sheet.unwrap();
        sheet
            .unclaimed(&claim(long), &extra, (END - 5_400_000, END))
            .unwrap();
        sheet.end().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with(
                "\u{FEFF}业务单号,用户openid,商户订单号,金额(分),失效时间,剩余小时,最近查询时间\r\n\
                 \t440301199001011234,oA,N,"
            ),
            "{text}"
        );
        let is = |kind| {
            is_sheet(text.as_bytes(), kind, |key, _, number| {
                (key, number) == (long, "N")
            })
        };
        assert!(is(SheetKind::Unclaimed) && !is(SheetKind::Claims));
        let mut bytes = Vec::new();
        let sheet = ClaimSheet::of_unclaimed(&mut bytes, SheetForm::Jsonl, (&extra, Lang::Zh));
        sheet.unwrap().end().unwrap();
        assert!(bytes.is_empty());
    }

    #[test]
    fn an_earlier_file_of_the_same_kind_and_campaign_is_known_and_no_other() {
        let is = |text: &str, kind| {
            is_sheet(text.as_bytes(), kind, |key, generation, number| {
                (key, generation, number) == ("=k", 2, "N")
            })
        };
        let kinds = [SheetKind::Claims, SheetKind::Unclaimed];
        for kind in kinds {
            for form in [SheetForm::Jsonl, SheetForm::Csv] {
                let text = written(form, kind, &["=k", "b"]);
                assert!(is(&text, kind), "{text}");
                for other in kinds.into_iter().filter(|it| *it != kind) {
                    assert!(!is(&text, other), "{text}");
                }
                assert!(!is(&written(form, kind, &["x"]), kind), "another campaign");
            }
            assert!(is(&written(SheetForm::Csv, kind, &[]), kind));
            assert!(!is("", kind) && !is("openid,amount_yuan\r\n", kind) && !is("{", kind));
        }
    }
}
