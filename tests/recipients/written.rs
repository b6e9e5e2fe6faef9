//! Files as other programs wrote them: openpyxl, XlsxWriter, exceljs, SheetJS and LibreOffice. They
//! stand in `written/`; `make.py` and `make.js` there write them anew.

use super::{Read, plain, read};

fn file(name: &str) -> Read {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipients/written/");
    read(&std::fs::read(format!("{folder}{name}")).unwrap())
}

/// The rows of the plain list, without a word.
const SAME: &[&str] = &[
    "openpyxl-plain.xlsx",
    "openpyxl-styled.xlsx",
    "openpyxl-table.xlsx",
    "openpyxl-rich.xlsx",
    "openpyxl-texts.xlsx",
    "openpyxl-write-only.xlsx",
    "openpyxl-blanks.xlsx",
    "openpyxl-hidden-sheet.xlsx",
    "openpyxl-format-general.xlsx",
    "openpyxl-format-yuan.xlsx",
    "xlsxwriter-plain.xlsx",
    "xlsxwriter-constant-memory.xlsx",
    "xlsxwriter-1904.xlsx",
    "xlsxwriter-zip64.xlsx",
    "xlsxwriter-table.xlsx",
    "xlsxwriter-money.xlsx",
    "xlsxwriter-rich.xlsx",
    "xlsxwriter-autofit.xlsx",
    "xlsxwriter-protected.xlsx",
    "libreoffice-plain.xlsx",
    "libreoffice-styled.xlsx",
    "libreoffice-blanks.csv",
    "libreoffice-tabs.csv",
    "exceljs-plain.xlsx",
    "exceljs-streamed.xlsx",
    "exceljs-styled.xlsx",
    "exceljs-rich.xlsx",
    "exceljs-validated.xlsx",
    "sheetjs-plain.xlsx",
    "sheetjs-shared.xlsx",
    "sheetjs-macros.xlsm",
    "sheetjs-formats.xlsx",
    "sheetjs-texts.xlsx",
    "sheetjs-plain.csv",
    "sheetjs-tabs.csv",
];

/// The same rows, and what is told of them.
const TOLD: &[(&str, &[&str])] = &[
    (
        "sheetjs-plain.txt",
        &["the list is read as UTF-16LE: line 2, 祝福语 is `元宵快乐，团团圆圆`"],
    ),
    ("openpyxl-total.xlsx", &["row 5: the total row is right"]),
    ("openpyxl-flat-row.xlsx", &["warning: 1 row hidden"]),
    ("exceljs-flat-row.xlsx", &["warning: 1 row hidden"]),
    ("openpyxl-narrow-column.xlsx", &["warning: 1 column hidden"]),
    (
        "xlsxwriter-hidden-column.xlsx",
        &["warning: 1 column hidden"],
    ),
    ("sheetjs-hidden.xlsx", &["warning: 1 row hidden"]),
    (
        "openpyxl-hidden.xlsx",
        &["warning: 1 row hidden", "warning: 1 column hidden"],
    ),
    (
        "libreoffice-hidden.xlsx",
        &["warning: 1 row hidden", "warning: 1 column hidden"],
    ),
    (
        "exceljs-hidden.xlsx",
        &["warning: 1 row hidden", "warning: 1 column hidden"],
    ),
];

/// Refused: the beginning of the only fault, and a word of its remedy.
const REFUSED: &[(&str, &str, &str)] = &[
    ("openpyxl-two-sheets.xlsx", "more than one sheet", "--sheet"),
    ("exceljs-two-sheets.xlsx", "more than one sheet", "--sheet"),
    ("openpyxl-formula.xlsx", "B3, 金额(元) `=1+0.37`", "formula"),
    ("xlsxwriter-formula.xlsx", "B3, 金额(元) `0`", "formula"),
    ("libreoffice-formula.xlsx", "B3, 金额(元) `1.37`", "formula"),
    ("exceljs-formula.xlsx", "B3, 金额(元) `=1+0.37`", "formula"),
    (
        "exceljs-formula-result.xlsx",
        "B3, 金额(元) `1.37`",
        "formula",
    ),
    ("sheetjs-formula.xlsx", "B3, 金额(元) `=1+0.37`", "formula"),
    (
        "openpyxl-sum.xlsx",
        "B5, 金额(元) `=SUM(B2:B4)`",
        "formula without a stored result",
    ),
    ("openpyxl-extra-formula.xlsx", "E3, 门店", "formula"),
    ("openpyxl-date.xlsx", "B3, 金额(元) `2026-01-05`", "date"),
    ("exceljs-date.xlsx", "B3, 金额(元) `2026-01-05`", "date"),
    (
        "openpyxl-truth.xlsx",
        "B3, 金额(元) `TRUE`",
        "TRUE or FALSE",
    ),
    ("sheetjs-truth.xlsx", "B3, 金额(元) `TRUE`", "TRUE or FALSE"),
    ("openpyxl-error.xlsx", "B3, 金额(元) `#N/A`", "error"),
    ("sheetjs-error.xlsx", "B3, 金额(元) `#N/A`", "error"),
    (
        "openpyxl-format-0.xlsx",
        "B3, 金额(元) `1.37`",
        "fewer decimals",
    ),
    (
        "exceljs-format-0.xlsx",
        "B3, 金额(元) `1.37`",
        "fewer decimals",
    ),
    (
        "openpyxl-format-nothing.xlsx",
        "B3, 金额(元) `1.37`",
        "or nothing",
    ),
    ("openpyxl-format-percent.xlsx", "B3, 金额(元) `1.37`", "%"),
    ("openpyxl-format-wan.xlsx", "B4, 金额(元) `200`", "万"),
    ("openpyxl-number-id.xlsx", "C3, 业务单号", "15 digits"),
    ("libreoffice-lossy.csv", "line 1", "openid"),
    (
        "libreoffice-plain.ods",
        "the file is an OpenDocument",
        ".xlsx",
    ),
    ("libreoffice-plain.xls", "the file is an old Excel", ".xlsx"),
    (
        "libreoffice-plain.html",
        "the file is an HTML page",
        ".xlsx",
    ),
    ("sheetjs-plain.ods", "the file is an OpenDocument", ".xlsx"),
    (
        "sheetjs-plain.xlsb",
        "the file is a binary workbook",
        ".xlsx",
    ),
    ("sheetjs-plain.xls", "the file is an old Excel", ".xlsx"),
    ("sheetjs-plain-5.xls", "the file is an old Excel", ".xlsx"),
    (
        "sheetjs-plain-xml.xls",
        "the file is an XML 2003 sheet",
        ".xlsx",
    ),
    ("sheetjs-plain.html", "the file is an HTML page", ".xlsx"),
    ("sheetjs-plain.slk", "the file is a SYLK sheet", ".xlsx"),
    ("sheetjs-plain.json", "the file is JSON", ".xlsx"),
    (
        "msoffcrypto-password.xlsx",
        "the workbook is encrypted",
        "password",
    ),
];

/// How many files are in the folder that these tables tell of.
pub(crate) fn count() -> usize {
    SAME.len() + TOLD.len() + REFUSED.len() + ESCAPED.len() + MERGED.len()
}

#[test]
fn other_programs_files_are_read_or_refused_by_cell() {
    let plain = plain();
    for name in SAME {
        assert_eq!(file(name), plain, "{name}");
    }
    for (name, notices) in TOLD {
        let read = file(name);
        assert_eq!(read.packets, plain.packets, "{name}: {read:#?}");
        assert_eq!(read.notices.len(), notices.len(), "{name}: {read:#?}");
        for (told, wanted) in read.notices.iter().zip(*notices) {
            assert!(told.starts_with(wanted), "{name}: {told}");
        }
    }
    for (name, place, word) in REFUSED {
        let read = file(name);
        let fault = read
            .faults
            .first()
            .unwrap_or_else(|| panic!("{name}: {read:#?}"));
        let is_told = fault.starts_with(place) && fault.contains(word);
        assert!(is_told, "{name}: {:#?}", read.faults);
    }
}

const MERGED: &[&str] = &["openpyxl-merged.xlsx", "exceljs-merged.xlsx"];

/// The value of a merged cell is that of its first row: the others have none.
#[test]
fn merged_cells_of_other_programs_are_refused() {
    for name in MERGED {
        let read = file(name);
        let has = |fault: &str| read.faults.iter().any(|it| it.contains(fault));
        assert!(has("A2:A3") && has("merged"), "{name}: {:#?}", read.faults);
    }
}

const ESCAPED: &[&str] = &[
    "openpyxl-underscore.xlsx",
    "xlsxwriter-underscore.xlsx",
    "exceljs-underscore.xlsx",
    "sheetjs-underscore.xlsx",
];

/// XlsxWriter escapes what looks like an escape, the others do not: it is one openid all the same.
#[test]
fn an_id_that_looks_escaped_is_kept_whoever_wrote_it() {
    for name in ESCAPED {
        let read = file(name);
        assert_eq!(read.faults, [""; 0], "{name}");
        let openid = read.packets[1].openid.as_str();
        assert_eq!(openid, "oR4k2v_x0041_BCDEFGHIJKLMNOP", "{name}");
    }
}

#[test]
fn every_file_of_the_folder_is_in_a_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipients/written");
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name());
    let names: Vec<String> = names.map(|it| it.into_string().unwrap()).collect();
    let is_file = |name: &&String| !name.starts_with("make.");
    assert_eq!(names.iter().filter(is_file).count(), count(), "{names:?}");
}
