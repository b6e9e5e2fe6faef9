//! The rows at fault are kept in a file of their own, which says what to mend in the list; and a
//! check changes nothing.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use encoding_rs::GB18030;

use crate::support::{Campaign, openid};

fn utf16(text: &str) -> Vec<u8> {
    let text = format!("\u{FEFF}{text}");
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn of_utf16(bytes: &[u8]) -> String {
    let (units, rest) = bytes.as_chunks::<2>();
    assert!(rest.is_empty());
    let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let text = String::from_utf16(&units).unwrap();
    text.strip_prefix('\u{FEFF}').unwrap().to_owned()
}

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn of_gb18030(bytes: &[u8]) -> String {
    GB18030.decode_without_bom_handling(bytes).0.into_owned()
}

fn of_marked(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    text.strip_prefix('\u{FEFF}').unwrap().to_owned()
}

fn marked(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{text}").into_bytes()
}

/// A way to write a text, and the way back.
type Charset = (fn(&str) -> Vec<u8>, fn(&[u8]) -> String);

fn load(campaign: &Campaign, file: &str, code: i32, says: &[&str]) {
    let path = campaign.path(file);
    let ran = campaign.verb("load", &[path.to_str().unwrap()]);
    ran.exits(code).says(says);
}

fn rows(campaign: &Campaign) -> (u64, u64) {
    if campaign.loaded_rows() == 0 {
        return (0, 0);
    }
    let status = campaign.status();
    let number = |name: &str| status[name].as_u64().unwrap();
    (number("rows"), number("total_fen"))
}

/// Two rows are right, three are not, one of them a duplicate that only the ledger can find.
fn rejected_mended_and_loaded((write, read): Charset, delimiter: &str, end: &str) {
    let campaign = Campaign::of(0);
    let (a, b, c) = (openid(1), openid(2), openid(3));
    let rows_of = |rows: &[[&str; 3]]| {
        let lines = rows.iter().map(|row| row.join(delimiter) + end);
        lines.collect::<String>()
    };
    let list = [
        ["openid", "金额(元)", "门店"],
        [&a, "1.00", "南山店"],
        [&b, "1.005", "龙华店"],
        [&a, "2.00", "\"上\"\"海\"\"店\""],
        ["1.00001E+27", "3.00", ""],
        [&c, "4.00", ""],
    ];
    campaign.write("recipients.csv", write(&rows_of(&list)));
    load(
        &campaign,
        "recipients.csv",
        6,
        &["rejects.csv: the 3 rows", "3 errors"],
    );
    assert_eq!(rows(&campaign), (0, 0));
    let mode = std::fs::metadata(campaign.path("rejects.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "openids are nobody else's business");
    let rejects = read(&std::fs::read(campaign.path("rejects.csv")).unwrap());
    let lines: Vec<&str> = rejects.split_terminator(end).collect();
    let begins = |row: &[&str; 3]| row.join(delimiter) + delimiter;
    assert_eq!(lines.len(), 4, "{rejects}");
    assert_eq!(lines[0], begins(&list[0]) + "reject_reason");
    for (line, (row, why)) in lines[1..].iter().zip([
        (&list[2], "more than two decimals"),
        (&list[3], "the same openid is on line 2"),
        (&list[4], "cannot be undone"),
    ]) {
        assert!(
            line.starts_with(&begins(row)) && line.contains(why),
            "{line}"
        );
    }
    // Without them the list is right; mended they are a list of their own.
    let good = rows_of(&[list[0], list[1], list[5]]);
    campaign.write("recipients.csv", write(&good));
    load(&campaign, "recipients.csv", 0, &["2 packets, 5.00 yuan"]);
    let mended = rejects
        .replace("1.005", "1.05")
        .replace("1.00001E+27", &openid(4))
        .replace(&a, &openid(5));
    campaign.write("rejects.csv", write(&mended));
    let says = ["3 packets, 6.05 yuan", "mend the list that it came from"];
    load(&campaign, "rejects.csv", 0, &says);
    assert_eq!(rows(&campaign), (5, 1105));
}

#[test]
fn rejects_have_the_encoding_and_the_layout_of_their_file() {
    let plain: Charset = (
        |text| text.as_bytes().to_vec(),
        |bytes| std::str::from_utf8(bytes).unwrap().to_owned(),
    );
    rejected_mended_and_loaded(plain, ",", "\n");
    rejected_mended_and_loaded((marked, of_marked), ";", "\r\n");
    rejected_mended_and_loaded((utf16, of_utf16), "\t", "\r\n");
    rejected_mended_and_loaded((gb18030, of_gb18030), ",", "\r\n");
}

#[test]
fn nobodys_file_is_written_over() {
    let campaign = Campaign::of(0);
    campaign.write("rejects.csv", "my own");
    campaign.write("recipients.csv", "openid,fen\nx,100\n");
    for _ in 0..3 {
        load(
            &campaign,
            "recipients.csv",
            6,
            &["rejects-2.csv: the row at fault"],
        );
    }
    let read = |name: &str| std::fs::read_to_string(campaign.path(name)).unwrap();
    assert_eq!(read("rejects.csv"), "my own");
    let second = read("rejects-2.csv");
    assert!(
        second.starts_with("openid,fen,reject_reason\nx,100,\"line 2, openid `x`: "),
        "{second}"
    );
    assert!(
        !campaign.path("rejects-3.csv").exists(),
        "refused for the same each time"
    );
    // The rejects themselves, still at fault: their reason is written anew and not added.
    load(
        &campaign,
        "rejects-2.csv",
        6,
        &["rejects-2.csv: the row at fault"],
    );
    campaign.write("rejects-2.csv", second.replace("x,100", "y,100"));
    load(
        &campaign,
        "rejects-2.csv",
        6,
        &["rejects-3.csv: the row at fault"],
    );
    assert_eq!(
        read("rejects-3.csv"),
        second.replace("x,100", "y,100").replace("`x`", "`y`")
    );
}

#[test]
fn a_fifo_of_that_name_is_not_waited_for() {
    let campaign = Campaign::of(0);
    let fifo = campaign.path("rejects.csv");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    campaign.write("recipients.csv", "openid,fen\nx,100\n");
    let says = ["rejects-2.csv: the row at fault"];
    load(&campaign, "recipients.csv", 6, &says);
}

#[test]
fn a_sheets_rejects_are_text_that_spreadsheets_open() {
    let campaign = Campaign::of(0);
    let broken = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/samples/recipients-broken.xlsx"
    );
    std::fs::copy(broken, campaign.path("list.xlsx")).unwrap();
    load(
        &campaign,
        "list.xlsx",
        6,
        &["A7, openid `1.00001E+27`", "rejects.csv: the 8 rows"],
    );
    let rejects = of_marked(&std::fs::read(campaign.path("rejects.csv")).unwrap());
    let lines: Vec<&str> = rejects.split_terminator("\r\n").collect();
    assert_eq!(lines[0], "openid,金额(元),业务单号,门店,reject_reason");
    assert!(
        lines[4].starts_with("1.00001E+27,\"￥1,288.00\",a6,,"),
        "{rejects}"
    );
    let merged = lines.iter().find(|line| line.contains("D10:D11")).unwrap();
    assert!(
        merged.starts_with("oBroken000000000000000000009,1.5,a9,merged,"),
        "{merged}"
    );
}

/// A text that begins with `=` is none in a sheet, and would be a formula in its rejects.
#[test]
fn a_text_of_a_sheet_is_no_formula_in_its_rejects() {
    let campaign = Campaign::of(0);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_row(0, 0, ["openid", "金额(元)", "门店"])
        .unwrap();
    sheet
        .write_row(1, 0, [openid(1).as_str(), "x", "=1+1"])
        .unwrap();
    book.save(campaign.path("list.xlsx")).unwrap();
    load(&campaign, "list.xlsx", 6, &["rejects.csv"]);
    let rejects = of_marked(&std::fs::read(campaign.path("rejects.csv")).unwrap());
    let row = rejects.lines().nth(1).unwrap();
    assert!(row.contains(",x,'=1+1,"), "{row}");
}

/// Excel reads Chinese in UTF-8 only behind a mark.
#[test]
fn reasons_in_chinese_stand_behind_a_mark() {
    let campaign = Campaign::of(0);
    let list = format!("openid,amount_yuan\n{},1.005\n", openid(1));
    for (lang, is_marked) in [("zh", true), ("en", false)] {
        campaign.write("recipients.csv", list.clone());
        let _ = std::fs::remove_file(campaign.path("rejects.csv"));
        campaign.verb("load", &["--lang", lang]).exits(6);
        let rejects = std::fs::read(campaign.path("rejects.csv")).unwrap();
        assert_eq!(
            rejects.starts_with("\u{FEFF}".as_bytes()),
            is_marked,
            "{lang}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_cut_into_rows_leaves_no_rejects() {
    let campaign = Campaign::of(0);
    for text in ["", "openid;fen", "openid,fen\nx,1\ny,\"1\n", "openid,fen\n"] {
        campaign.write("recipients.csv", text);
        load(&campaign, "recipients.csv", 6, &["nothing was written"]);
    }
    assert!(!campaign.path("rejects.csv").exists());
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_check_only_reads() {
    let campaign = Campaign::of(3);
    let folder = campaign.dir();
    let before = names(folder);
    let says = ["3 packets", "nothing was written", "next: hongbao load"];
    campaign.verb("load", &["--check"]).exits(0).says(&says);
    campaign.write("bad.csv", "openid,fen\nx,100\n");
    let bad = campaign.path("bad.csv");
    let bad = ["--check", bad.to_str().unwrap()];
    campaign
        .verb("load", &bad)
        .exits(6)
        .says(&["line 2, openid `x`"]);
    std::fs::remove_file(campaign.path("bad.csv")).unwrap();
    assert_eq!(names(folder), before, "no ledger, no rejects");

    campaign.verb("load", &[]).exits(0);
    let rows_before = rows(&campaign);
    let ledger = std::fs::read(campaign.path("hongbao.db")).unwrap();
    let before = names(folder);
    campaign
        .verb("load", &["--check"])
        .exits(0)
        .says(&["is already loaded", "next: hongbao plan"]);
    assert_eq!(std::fs::read(campaign.path("hongbao.db")).unwrap(), ledger);
    assert_eq!((names(folder), rows(&campaign)), (before, rows_before));
}

/// A list that was paid leads to what is due, and not to a plan of nothing.
#[test]
fn a_list_that_is_loaded_already_leads_on() {
    let campaign = Campaign::of(3);
    campaign.verb("load", &[]).exits(0);
    let leads_to = |next: &str| {
        let says = ["already loaded", next];
        campaign.verb("load", &[]).exits(0).says(&says);
        campaign.verb("load", &["--check"]).exits(0).says(&says);
    };
    leads_to("next: hongbao plan");
    campaign.run().exits(0);
    leads_to("next: hongbao reconcile");
}

/// What a load refuses beside the rows that a campaign has, its check refuses with the same words.
#[test]
fn a_check_refuses_what_a_load_refuses() {
    let mut campaign = Campaign::of(3);
    campaign.set("campaign.budget_yuan", "\"20.00\"");
    campaign.verb("load", &[]).exits(0);
    let ledger = || std::fs::read(campaign.path("hongbao.db")).unwrap();
    let before = names(campaign.dir());
    let own = std::fs::read_to_string(campaign.path("recipients.csv")).unwrap();
    let row = |id: usize, fen: u64| format!("{},{fen}\n", openid(id));
    let first = own.lines().nth(1).unwrap();
    let changed = own.replacen(first, &row(0, 199), 1);
    for (list, says) in [
        (changed, "it was loaded before with amount \"1.00\""),
        (own.clone() + &row(1, 100), "the same openid is on line 3"),
        (own.clone() + &row(9, 19_000), "budget"),
        (
            own.replacen("openid", "row_key,openid", 1)
                .replace("\no", "\nk,o"),
            "row_key",
        ),
    ] {
        campaign.write("other.csv", &list);
        let path = campaign.path("other.csv");
        let path = path.to_str().unwrap();
        let was = ledger();
        let checked = campaign
            .verb("load", &["--check", path])
            .exits(6)
            .says(&[says]);
        assert!(ledger() == was, "{says}");
        std::fs::remove_file(path).unwrap();
        assert_eq!(names(campaign.dir()), before, "no rejects");
        campaign.write("other.csv", &list);
        let loaded = campaign.verb("load", &[path]).exits(6);
        let told = |text: &str| text[text.find("error: ").unwrap()..].to_owned();
        assert_eq!(told(&checked.stderr), told(&loaded.stderr));
        for name in ["other.csv", "rejects.csv"] {
            let _ = std::fs::remove_file(campaign.path(name));
        }
    }
    let was = ledger();
    let says = ["4 packets", "was compared with them", "next: hongbao load"];
    campaign.write("other.csv", own + &row(9, 100));
    let path = campaign.path("other.csv");
    campaign
        .verb("load", &["--check", path.to_str().unwrap()])
        .exits(0)
        .says(&says);
    assert!(ledger() == was, "a check only reads");
}

#[test]
fn a_total_that_is_wrong_rejects_no_row() {
    let campaign = Campaign::of(0);
    let text = format!("openid,yuan\n{},1.00\n合计,1.01\n", openid(1));
    campaign.write("recipients.csv", &text);
    load(
        &campaign,
        "recipients.csv",
        6,
        &["line 3, yuan `1.01`", "1 error"],
    );
    assert!(!campaign.path("rejects.csv").exists());
}

#[test]
fn a_duplicate_in_a_sheet_names_its_cell() {
    let campaign = Campaign::of(0);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ("业务单号", "openid", "yuan"),
        ("7", &openid(1), "1"),
        ("7", &openid(2), "1"),
    ];
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (1u16..).zip([cells.0, cells.1, cells.2]) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    campaign.write("list.xlsx", book.save_to_buffer().unwrap());
    let says = [
        "B4, 业务单号 `7`: the same row_key is on row 3",
        "duplicate row_key: B4",
    ];
    load(&campaign, "list.xlsx", 6, &says);
}

#[test]
fn what_only_a_sheet_shows_to_be_wrong_is_blank_in_its_rejects() {
    let campaign = Campaign::of(0);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let scaled = rust_xlsxwriter::Format::new().set_num_format("0.0%");
    sheet.write_row(0, 0, ["openid", "yuan"]).unwrap();
    sheet.write(1, 0, 1.234_567_890_123_45e27).unwrap();
    sheet.write(1, 1, 2.0).unwrap();
    sheet.write(2, 0, openid(2)).unwrap();
    sheet.write_with_format(2, 1, 2.5, &scaled).unwrap();
    campaign.write("list.xlsx", book.save_to_buffer().unwrap());
    load(&campaign, "list.xlsx", 6, &["rejects.csv: the 2 rows"]);
    let says = ["line 2, openid", "line 3, yuan", "2 errors"];
    load(&campaign, "rejects.csv", 6, &says);
}

/// Fifty rows, damaged in some place each time: all of them are loaded, or none.
#[test]
fn a_damaged_file_is_loaded_whole_or_not_at_all() {
    let lines = (0..50).map(|row| format!("{},1.{row:02}\n", openid(row)));
    let text = format!("openid,amount_yuan\n{}", lines.collect::<String>());
    let (mut right, mut wrong) = (0, 0);
    for place in 0..24 {
        let campaign = Campaign::of(0);
        let mut bytes = if place % 2 == 0 {
            text.clone().into_bytes()
        } else {
            utf16(&text)
        };
        let at = (place + 1) * bytes.len() / 25;
        match place % 3 {
            0 => bytes[at] ^= 1 << (place % 8),
            1 => bytes.truncate(at),
            _ => drop(bytes.drain(at..at + 2)),
        }
        campaign.write("recipients.csv", &bytes);
        let ran = campaign.verb("load", &[]);
        let loaded = rows(&campaign);
        if ran.code == Some(0) {
            let says = format!(
                "loaded {}: {} packets, ",
                campaign.path("recipients.csv").display(),
                loaded.0
            );
            assert!(ran.stderr.contains(&says), "{}", ran.stderr);
            right += 1;
        } else {
            ran.exits(6);
            assert_eq!(loaded, (0, 0));
            wrong += 1;
        }
    }
    assert!(right > 1 && wrong > 8, "{right} loaded, {wrong} refused");
}
