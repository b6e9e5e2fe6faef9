//! Workbooks by hand, part by part: what no library writes, and what programs do write.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts of a workbook, each a name and its XML.
#[derive(Debug, Clone)]
pub(crate) struct Book(pub(crate) Vec<(String, String)>);

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

impl Book {
    /// One sheet with these rows as XML, from `<row>` to `</row>`.
    pub(crate) fn of(rows: &str) -> Book {
        let sheet = format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>");
        let sheets = "<sheet name='名单' sheetId='1' r:id='rId1'/>";
        let workbook = format!(
            "<workbook xmlns='{MAIN}' xmlns:r='{RELATIONS}'><sheets>{sheets}</sheets></workbook>"
        );
        let mut book = Book(Vec::new());
        book.set(
            "_rels/.rels",
            &relations(&[("officeDocument", "xl/workbook.xml")]),
        );
        book.set("xl/workbook.xml", &workbook);
        book.set("xl/worksheets/sheet1.xml", &sheet);
        let parts = [
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "styles.xml"),
        ];
        book.set("xl/_rels/workbook.xml.rels", &relations(&parts));
        book
    }

    /// Adds a part, or writes it anew.
    pub(crate) fn set(&mut self, name: &str, xml: &str) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), xml.to_owned()));
    }

    /// The same with something else in a part.
    pub(crate) fn with(mut self, name: &str, from: &str, to: &str) -> Book {
        let part = self.0.iter_mut().find(|(known, _)| known == name).unwrap();
        assert!(part.1.contains(from), "{} has no {from}", part.1);
        part.1 = part.1.replace(from, to);
        self
    }

    /// With these shared strings, each as XML inside `<si>`.
    pub(crate) fn sharing(mut self, strings: &[&str]) -> Book {
        let strings: Vec<String> = strings.iter().map(|it| format!("<si>{it}</si>")).collect();
        let xml = format!(
            "<sst xmlns='{MAIN}' uniqueCount='9'>{}</sst>",
            strings.concat()
        );
        self.set("xl/sharedStrings.xml", &xml);
        self
    }

    /// With one more sheet, of this state and these rows.
    pub(crate) fn and_sheet(mut self, state: &str, rows: &str) -> Book {
        let sheet = format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>");
        self.set("xl/worksheets/sheet2.xml", &sheet);
        let more =
            format!("<sheet name='Sheet2' sheetId='2' state='{state}' r:id='rId9'/></sheets>");
        let relation = relations(&[("worksheet", "worksheets/sheet2.xml")]);
        let relation = relation.split("Relationships>").next().unwrap();
        let relation = relation[relation.find("<Relationship ").unwrap()..].replace("rId1", "rId9");
        let relation = relation.trim_end_matches("</");
        let end = "</Relationships>";
        self.with("xl/workbook.xml", "</sheets>", &more).with(
            "xl/_rels/workbook.xml.rels",
            end,
            &format!("{relation}{end}"),
        )
    }

    /// The zip.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, xml) in &self.0 {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(xml.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn relations(parts: &[(&str, &str)]) -> String {
    let mut xml = format!("<Relationships xmlns='{PACKAGE}'>");
    for (index, (kind, target)) in parts.iter().enumerate() {
        let id = index + 1;
        let kind = format!("{RELATIONS}/{kind}");
        write!(
            xml,
            "<Relationship Id='rId{id}' Type='{kind}' Target='{target}'/>"
        )
        .unwrap();
    }
    xml + "</Relationships>"
}

/// A row of cells, each with its attributes and what is inside, by its letter.
pub(crate) fn row(number: u32, cells: &[(char, &str, &str)]) -> String {
    let cell = |(letter, attributes, inside): &(char, &str, &str)| {
        format!("<c r='{letter}{number}' {attributes}>{inside}</c>")
    };
    let cells: Vec<String> = cells.iter().map(cell).collect();
    format!("<row r='{number}'>{}</row>", cells.concat())
}

/// A text written where it stands.
pub(crate) fn text(letter: char, text: &str) -> (char, &'static str, String) {
    (letter, "t='inlineStr'", format!("<is><t>{text}</t></is>"))
}

/// The rows of a sheet: header and cells as texts, but for what begins with `=`, which is XML.
pub(crate) fn sheet(rows: &[&[&str]]) -> String {
    let mut xml = String::new();
    for (index, cells) in rows.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap();
        let cells: Vec<(char, &str, String)> = cells
            .iter()
            .zip('A'..)
            .map(|(cell, letter)| {
                let raw = cell.strip_prefix('=').and_then(|cell| cell.split_once('|'));
                let (_, attributes, inside) = text(letter, cell);
                match raw {
                    Some((attributes, inside)) => (letter, attributes, inside.to_owned()),
                    None => (letter, attributes, inside),
                }
            })
            .filter(|(_, _, inside)| inside != "<is><t></t></is>")
            .collect();
        let cells: Vec<_> = cells.iter().map(|(l, a, i)| (*l, *a, i.as_str())).collect();
        xml += &row(number, &cells);
    }
    xml
}
