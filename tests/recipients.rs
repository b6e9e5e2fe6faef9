//! Recipients files as people have them: each gives exactly the packets of the plain file, or
//! exactly the cells at fault.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "recipients/book.rs"]
mod book;
#[path = "recipients/malformed.rs"]
mod malformed;
#[path = "recipients/tried.rs"]
mod tried;
#[path = "recipients/written.rs"]
mod written;

use std::io::Cursor;

use book::{Book, sheet};
use encoding_rs::GB18030;
use hongbao::domain::packet::Packet;
use hongbao::recipients::{PacketReader, RecipientsError, RowRules};
use hongbao::words::Lang;
use rust_xlsxwriter::{Format, Formula, Workbook};

const A: &str = "oAAAAAAAAAAAAAAAAAAAAAAAAAA1";
const B: &str = "oBBBBBBBBBBBBBBBBBBBBBBBBBB2";
const C: &str = "o-C_CCCCCCCCCCCCCCCCCCCCCCC3";

/// The rows that every rightful form of the file must give.
const ROWS: &[&[&str]] = &[
    &["用户openid", "金额(元)", "业务单号", "祝福语", "门店"],
    &[A, "1.00", "k1", "元宵快乐，团团圆圆", "南山\"一\"店"],
    &[B, "1.37", "k2", "", "龙华店"],
    &[C, "200.00", "k3", "上一当", ""],
];

/// What a file gave: its packets without their places, or what it was refused for.
#[derive(Debug, PartialEq)]
struct Read {
    packets: Vec<Packet>,
    faults: Vec<String>,
    notices: Vec<String>,
}

fn read(bytes: &[u8]) -> Read {
    let mut packets = Vec::new();
    let refused = |fault: RecipientsError, notices| match fault {
        RecipientsError::Refused(faults) => Read {
            packets: Vec::new(),
            faults: faults.listed().iter().map(ToString::to_string).collect(),
            notices,
        },
        fault => panic!("{fault}"),
    };
    let mut reader = match PacketReader::new(Cursor::new(bytes.to_vec()), RowRules::default()) {
        Ok(reader) => reader,
        Err(fault) => return refused(fault, Vec::new()),
    };
    while let Some(mut packet) = reader.next_packet().unwrap() {
        packet.line = 0;
        packets.push(packet);
    }
    reader.read_to_end().unwrap();
    let notices = reader.notices().within(Lang::En);
    match reader.finish() {
        Ok(summary) => {
            assert_eq!(summary.rows, packets.len() as u64);
            let sum: u64 = packets.iter().map(|packet| packet.amount.fen()).sum();
            assert_eq!(summary.total.fen(), sum);
            Read {
                packets,
                faults: Vec::new(),
                notices,
            }
        }
        Err(fault) => refused(fault, notices),
    }
}

fn text(rows: &[&[&str]], delimiter: char, end: &str) -> String {
    let cell = |cell: &&str| {
        if cell.contains([delimiter, '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            (*cell).to_owned()
        }
    };
    let line = |row: &&[&str]| {
        let cells: Vec<String> = row.iter().map(cell).collect();
        cells.join(&delimiter.to_string()) + end
    };
    rows.iter().map(line).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn plain() -> Read {
    let read = read(text(ROWS, ',', "\n").as_bytes());
    assert_eq!((read.packets.len(), read.faults.len()), (3, 0), "{read:?}");
    read
}

/// The same rows as rust_xlsxwriter writes them: shared strings, and numbers or texts as amounts.
fn written(are_numbers: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let yuan = Format::new().set_num_format("\"￥\"#,##0.00");
    for (number, row) in (0u32..).zip(ROWS) {
        for (column, cell) in (0u16..).zip(*row) {
            let is_amount = column == 1 && number > 0 && are_numbers;
            if is_amount {
                let amount: f64 = cell.parse().unwrap();
                sheet
                    .write_with_format(number, column, amount, &yuan)
                    .unwrap();
            } else {
                sheet.write_string(number, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// What is told of a text in another encoding than UTF-8.
fn told(charset: &str) -> Vec<String> {
    if charset.starts_with("utf-8") {
        return Vec::new();
    }
    let charset = if charset.starts_with("utf-16") {
        "UTF-16LE"
    } else {
        "GB18030"
    };
    vec![format!(
        "the list is read as {charset}: line 2, 祝福语 is `元宵快乐，团团圆圆`; if that is not what it \
         should say, save the list as `CSV UTF-8 (comma delimited)`"
    )]
}

#[test]
fn every_form_of_the_same_rows_gives_the_same_packets() {
    let plain = plain();
    let mut count = 0;
    let mut is_same = |name: &str, notices: &[String], bytes: &[u8]| {
        let read = read(bytes);
        assert_eq!(read.packets, plain.packets, "{name}: {read:#?}");
        assert_eq!(
            (&read.notices[..], read.faults.len()),
            (notices, 0),
            "{name}"
        );
        count += 1;
    };
    for delimiter in [',', '\t', ';'] {
        for (form, text) in forms(delimiter) {
            let marked = format!("\u{FEFF}{text}");
            let twice = format!("\u{FEFF}{marked}");
            for (charset, bytes) in [
                ("utf-8", text.clone().into_bytes()),
                ("utf-8 with a mark", marked.clone().into_bytes()),
                ("utf-8 with two marks", twice.into_bytes()),
                ("utf-16le", utf16(&text)),
                ("utf-16le with a mark", utf16(&marked)),
                ("gb18030", GB18030.encode(&text).0.into_owned()),
                (
                    "gb18030 with a mark",
                    GB18030.encode(&marked).0.into_owned(),
                ),
            ] {
                let notices: Vec<String> = told(charset)
                    .into_iter()
                    .map(|it| it.replace("line 2", &format!("line {}", form.1)))
                    .collect();
                is_same(
                    &format!("{charset} {delimiter:?} {}", form.0),
                    &notices,
                    &bytes,
                );
            }
        }
    }
    is_same("a workbook with numbers", &[], &written(true));
    is_same("a workbook with texts", &[], &written(false));
    for (name, book) in books() {
        is_same(name, &[], &book.bytes());
    }
    let count = count + written::count();
    assert!(count >= 250, "{count} files");
}

/// The same rows as programs and people write a text, each with the line of its first row.
fn forms(delimiter: char) -> Vec<((&'static str, u64), String)> {
    let text = |end| text(ROWS, delimiter, end);
    let quoted = |cell: &&str| format!("\"{}\"", cell.replace('"', "\"\""));
    let guarded = |cell: &&str| {
        if cell.contains(['"', ',', ';']) {
            quoted(cell)
        } else {
            format!("=\"{cell}\"")
        }
    };
    let all = |write: &dyn Fn(&&str) -> String| {
        let line = |row: &&[&str]| {
            let cells: Vec<String> = row.iter().map(write).collect();
            cells.join(&delimiter.to_string()) + "\r\n"
        };
        ROWS.iter().map(line).collect::<String>()
    };
    let blank = delimiter.to_string().repeat(ROWS[0].len() - 1);
    vec![
        (("\\n", 2), text("\n")),
        (("\\r\\n", 2), text("\r\n")),
        (("\\r", 2), text("\r")),
        (("no end", 2), text("\n").trim_end_matches('\n').to_owned()),
        (("blank rows", 4), {
            let text = text("\n").replace('\n', &format!("\n{blank}\n\n"));
            format!("{text}{blank}\n\"\"{blank}\n")
        }),
        (
            ("blank rows above", 4),
            format!("{blank}\r\n\r\n{}", text("\r\n")),
        ),
        (
            ("a sep line", 3),
            format!("sep={delimiter}\r\n{}", text("\r\n")),
        ),
        (("all quoted", 2), all(&quoted)),
        (("all guarded", 2), all(&guarded)),
    ]
}

/// The same rows in workbooks as programs write them.
fn books() -> Vec<(&'static str, Book)> {
    let rows = || sheet(ROWS);
    let part = "xl/worksheets/sheet1.xml";
    let number = |from: &str, xml: &str| {
        let from = format!("t='inlineStr'><is><t>{from}</t></is>");
        Book::of(&rows()).with(part, &from, &format!("{xml}>").replace(">>", ">"))
    };
    let prefixed = rows()
        .replace("</", "</x:")
        .replace('<', "<x:")
        .replace("<x:/x:", "</x:");
    vec![
        ("inline strings", Book::of(&rows())),
        (
            "a number with the noise of its float",
            number("1.37", "><v>1.3700000000000001</v>"),
        ),
        ("a number of type n", number("1.37", "t='n'><v>1.37</v>")),
        (
            "a number in scientific form",
            number("200.00", "><v>2E2</v>"),
        ),
        (
            "a string of type str",
            number("1.37", "t='str'><v>1.37</v>"),
        ),
        ("no addresses", {
            let filled = rows().replace("<c r='E3'", "<c r='D3'/><c r='E3'");
            let strip = |xml: &str| {
                let pieces = xml.split(" r='");
                pieces
                    .map(|it| it.split_once('\'').map_or(it, |(_, rest)| rest))
                    .collect::<String>()
            };
            let (head, rest) = filled.split_at(filled.find(" r='").unwrap());
            Book::of(&format!("{head}{}", strip(rest)))
        }),
        ("a prefix for every element", {
            let sheet = format!(
                "<x:worksheet xmlns:x='m'><x:sheetData>{prefixed}</x:sheetData></x:worksheet>"
            );
            let mut book = Book::of("");
            book.set(part, &sheet);
            book
        }),
        ("shared strings, rich text and a pronunciation", {
            let shared = format!("<r><t>{A}</t></r><rPh sb='0' eb='1'><t>x</t></rPh>");
            let halves = format!(
                "<r><t>{}</t></r><r><rPr><b/></rPr><t>{}</t></r>",
                &B[..9],
                &B[9..]
            );
            let plain = |id: &str| format!("t='inlineStr'><is><t>{id}</t></is>");
            Book::of(&rows())
                .with(part, &plain(A), "t='s'><v>1</v>")
                .with(part, &plain(B), "t='s'><v>2</v>")
                .sharing(&["", &shared, &halves])
        }),
        (
            "empty sheets beside",
            Book::of(&rows()).and_sheet("visible", ""),
        ),
        ("a hidden sheet of WPS", {
            Book::of(&rows()).and_sheet("veryHidden", &sheet(&[&["WpsReserved_CellImgList"]]))
        }),
        ("formatted blanks around the list", {
            let blanks = "<row r='9' ht='15'><c r='A9' s='3'/><c r='G9' t='s'/></row>";
            Book::of(&format!("{}{blanks}", rows()))
        }),
        ("the list begins further down and to the right", {
            let mut xml = String::new();
            for (number, row) in (4u32..).zip(ROWS) {
                let cells: Vec<_> = row
                    .iter()
                    .zip('C'..)
                    .map(|(cell, letter)| book::text(letter, cell))
                    .collect();
                let cells: Vec<_> = cells.iter().map(|(l, a, i)| (*l, *a, i.as_str())).collect();
                xml += &book::row(number, &cells);
            }
            Book::of(&xml)
        }),
        ("upper case names of parts", {
            let mut book = Book::of(&rows());
            for (name, _) in &mut book.0 {
                *name = name.replace("sheet1.xml", "SHEET1.XML");
            }
            book
        }),
    ]
}

#[test]
fn what_spreadsheets_and_people_do_to_ids_and_amounts_is_undone() {
    let plain = |id: &str, amount: &str, notice: &[&str]| {
        let text = format!("openid,amount_yuan\n{id},{amount}\n");
        let read = read(text.as_bytes());
        assert_eq!(read.faults, [""; 0], "{text}");
        assert_eq!(read.packets[0].openid.as_str(), A, "{text}");
        assert_eq!(read.packets[0].row_key.as_str(), A, "{text}");
        assert_eq!(read.packets[0].amount.fen(), 10_050, "{text}");
        assert_eq!(read.notices, notice, "{text}");
    };
    for guard in ["'", "`", "\t", "''", " '"] {
        plain(&format!("{guard}{A}"), "100.5", &[]);
    }
    for amount in [
        "￥100.50",
        "¥100.50",
        "100.50元",
        "１００．５０",
        "￥ 100.5 元",
    ] {
        plain(A, amount, &[]);
    }
    for (c, name) in [
        ('\u{200B}', "U+200B (zero-width space)"),
        ('\u{A0}', "U+00A0 (no-break space)"),
        ('\u{FEFF}', "U+FEFF (zero-width no-break space)"),
        ('\u{200E}', "U+200E (direction mark)"),
    ] {
        let told = format!("warning: {name} was removed from 1 cell: line 2, openid");
        for at in [0, 5, A.len()] {
            let mut id = A.to_owned();
            id.insert(at, c);
            plain(&id, "100.5", &[&told]);
        }
        if name.contains("zero-width") {
            let told = told.replace("openid", "amount_yuan");
            plain(A, &format!("1{c}00.5"), &[&told]);
        }
    }
}

/// A name, a file, and the cells that it is refused for.
type Case<'a, T> = (&'a str, T, Vec<(&'a str, &'a str)>);

/// Refused for exactly these cells: the beginning of each fault, and a word of its remedy.
fn refused(name: &str, bytes: &[u8], cells: &[(&str, &str)]) {
    let read = read(bytes);
    assert_eq!(read.faults.len(), cells.len(), "{name}: {:#?}", read.faults);
    for (fault, (place, word)) in read.faults.iter().zip(cells) {
        let is_told = fault.starts_with(place) && fault.contains(word);
        assert!(is_told, "{name}: {fault}\nand not {place} … {word}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, its lines to be compared")]
fn damage_and_ambiguity_in_texts_are_refused_by_cell() {
    let lost = "which cannot be undone";
    let both = "100.00 yuan or 1.00 yuan (元还是分)";
    let row = |header: &str, row: &str| format!("{header}\n{row}\n");
    let yuan = |amount: &str| row("openid,amount_yuan", &format!("{A},{amount}"));
    let cases: Vec<Case<String>> = vec![
        (
            "a scientific openid",
            row("openid,fen", "1.00001E+27,100"),
            vec![("line 2, openid `1.00001E+27`", lost)],
        ),
        (
            "a scientific row key",
            row("id,openid,fen", &format!("2.02611E+17,{A},100")),
            vec![("line 2, id `2.02611E+17`", lost)],
        ),
        (
            "integers without a unit",
            format!("openid,amount\n{A},100\n{B},100\n"),
            vec![("line 1, amount", both)],
        ),
        (
            "a date for an amount",
            yuan("2026/1/5"),
            vec![("line 2, amount_yuan `2026/1/5`", "date")],
        ),
        (
            "a Chinese date for an amount",
            yuan("1月5日"),
            vec![("line 2, amount_yuan", "date")],
        ),
        (
            "an English date for an amount",
            yuan("5-Jan"),
            vec![("line 2, amount_yuan", "date")],
        ),
        (
            "a decimal comma",
            yuan("\"1,50\""),
            vec![("line 2, amount_yuan `1,50`", "comma")],
        ),
        (
            "thousands without quotes",
            yuan("1,288.00"),
            vec![("line 2", "3 cells and the header 2")],
        ),
        (
            "full-width commas",
            format!("openid，amount_yuan\n{A}，1.00\n"),
            vec![("line 1", "full-width `，`")],
        ),
        (
            "a full-width comma in one row",
            format!("openid,yuan\n{A}，1.00\n{B},1\n"),
            vec![("line 2", "full-width comma `，`")],
        ),
        (
            "full-width semicolons",
            format!("openid；yuan\n{A}；1.00\n"),
            vec![("line 1", "full-width `；`")],
        ),
        (
            "a formula of several texts",
            format!("openid,fen,id,wishing\n{A},100,=\"a\"&\"b\",=\"恭喜\"&\"发财\"\n"),
            vec![
                ("line 2, id `=\"a\"&\"b\"`", "the cell is a formula"),
                (
                    "line 2, wishing `=\"恭喜\"&\"发财\"`",
                    "the cell is a formula",
                ),
            ],
        ),
        (
            "yuan among fen",
            row("openid,amount_fen", &format!("{A},￥5")),
            vec![("line 2, amount_fen `￥5`", "the column says fen")],
        ),
        (
            "fen among yuan",
            yuan("100分"),
            vec![("line 2, amount_yuan `100分`", "the cell says fen")],
        ),
        (
            "an error of a spreadsheet",
            yuan("#N/A"),
            vec![("line 2, amount_yuan `#N/A`", "error of the spreadsheet")],
        ),
        (
            "full-width letters in an openid",
            row("openid,fen", &format!("ｏ{},100", &A[1..])),
            vec![("line 2, openid", "looks like a letter of an openid")],
        ),
        (
            "a title above the header",
            format!("元宵节红包\nopenid,fen\n{A},100\n"),
            vec![("line 1", "delete the rows above")],
        ),
        (
            "a total that is wrong",
            format!("openid,yuan\n{A},1.00\n{B},2.00\n合计,3.01\n"),
            vec![("line 4, yuan `3.01`", "add up to 3.00 yuan")],
        ),
        (
            "a total in the other unit",
            format!("openid,yuan\n{A},1.00\n总计,100\n"),
            vec![("line 3, yuan `100`", "add up to 1.00 yuan")],
        ),
        (
            "a total of nothing",
            format!("openid,yuan\n{A},1.00\n合 计：,\n"),
            vec![("line 3, yuan ``", "no amount")],
        ),
        (
            "rows behind a total",
            format!("openid,yuan\n{A},1.00\n合计,1.00\n{B},1.00\n"),
            vec![("line 3", "rows follow the total row")],
        ),
        (
            "two amounts",
            format!("openid,yuan,fen\n{A},1.00,100\n"),
            vec![("line 1, fen", "more than one column is an amount")],
        ),
    ];
    for (name, text, cells) in &cases {
        refused(name, text.as_bytes(), cells);
        refused(name, &GB18030.encode(text).0, cells);
        refused(name, &utf16(&format!("\u{FEFF}{text}")), cells);
    }
    refused(
        "an old workbook",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        &[("the file is an old Excel", ".xlsx")],
    );
    refused(
        "UTF-16BE",
        b"\xFE\xFF\0o\0p",
        &[("the file is UTF-16BE", ".xlsx")],
    );
    refused(
        "half a character of UTF-16",
        b"\xFF\xFEo\0p",
        &[("line 1", "broken place")],
    );
}

#[test]
fn a_total_row_is_checked_and_skipped() {
    for (label, total) in [
        ("合计", "3.00"),
        ("合 计：", "￥3"),
        ("总计", "3.0元"),
        ("TOTAL", "３"),
    ] {
        let text = format!("门店,openid,yuan\nx,{A},1.00\n,{B},2.00\n{label},,{total}\n");
        let read = read(text.as_bytes());
        assert_eq!(
            (read.packets.len(), read.faults.len()),
            (2, 0),
            "{label}: {read:?}"
        );
        assert_eq!(
            read.notices,
            ["line 4: the total row is right, and pays nobody"]
        );
    }
}

#[test]
fn a_formula_of_texts_without_a_result_is_no_blank_cell() {
    let with = |cell| {
        let rows = [ROWS[0], &[A, "1.00", "k1", "", cell]];
        read(&Book::of(&sheet(&rows)).bytes())
    };
    let blank = with("=t='str'|<f>B9</f><v></v>");
    assert_eq!(blank.faults, Vec::<String>::new());
    for cell in ["=t='str'|<f>B9</f>", "=|<f>B9</f><v></v>"] {
        let told = with(cell).faults;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("E2, 门店 `=B9`: the cell is a formula"));
    }
}

#[test]
fn a_sheets_own_sum_may_carry_the_noise_of_its_floats() {
    let total = |sum: &str| {
        let rows = sheet(ROWS);
        let label = "<c r='A5' t='inlineStr'><is><t>合计</t></is></c>";
        let sum = format!("<c r='B5'><f>SUM(B2:B4)</f><v>{sum}</v></c>");
        let merged = "<mergeCells><mergeCell ref='C5:D5'/></mergeCells>";
        let book = Book::of(&format!("{rows}<row r='5'>{label}{sum}</row>"));
        let end = "</sheetData>";
        read(
            &book
                .with("xl/worksheets/sheet1.xml", end, &format!("{end}{merged}"))
                .bytes(),
        )
    };
    let right = total("202.37000000000003");
    assert_eq!(right.packets, plain().packets);
    assert_eq!(
        right.notices,
        ["row 5: the total row is right, and pays nobody"]
    );
    let wrong = total("202.38");
    assert_eq!(wrong.faults.len(), 1, "{wrong:?}");
    assert!(wrong.faults[0].starts_with("B5, 金额(元) `202.38`: the total row says"));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, its lines to be compared")]
fn damage_in_workbooks_is_refused_by_cell() {
    let part = "xl/worksheets/sheet1.xml";
    let amount = "t='inlineStr'><is><t>1.37</t></is>";
    let amount_is = |xml: &str| Book::of(&sheet(ROWS)).with(part, amount, xml);
    let id_is = |xml: &str| {
        Book::of(&sheet(ROWS)).with(part, &format!("t='inlineStr'><is><t>{B}</t></is>"), xml)
    };
    let after = |xml: &str| {
        Book::of(&sheet(ROWS)).with(part, "</sheetData>", &format!("</sheetData>{xml}"))
    };
    let merged = |range: &str| {
        after(&format!(
            "<mergeCells><mergeCell ref='{range}'/></mergeCells>"
        ))
    };
    let format = |code: &str| {
        let mut book = amount_is("s='1'><v>46027</v>");
        let formats = format!("<numFmts><numFmt numFmtId='176' formatCode='{code}'/></numFmts>");
        let cells = "<cellXfs><xf numFmtId='0'/><xf numFmtId='176'/></cellXfs>";
        book.set(
            "xl/styles.xml",
            &format!("<styleSheet>{formats}{cells}</styleSheet>"),
        );
        book
    };
    let b3 = "B3, 金额(元)";
    let cases: Vec<Case<Book>> = vec![
        (
            "a formula",
            amount_is("><f>A1*2</f><v>1.37</v>"),
            vec![("B3, 金额(元) `1.37`", "paste it back as values")],
        ),
        (
            "a shared formula",
            amount_is("><f t='shared' si='0'/><v>1.37</v>"),
            vec![(b3, "formula")],
        ),
        (
            "a formula for an openid",
            id_is(&format!("t='str'><f>X1</f><v>{B}</v>")),
            vec![("A3, 用户openid", "formula")],
        ),
        (
            "an error",
            amount_is("t='e'><v>#N/A</v>"),
            vec![("B3, 金额(元) `#N/A`", "error of the spreadsheet")],
        ),
        (
            "a date by its format",
            format("yyyy/m/d"),
            vec![("B3, 金额(元) `2026-01-05`", "date")],
        ),
        (
            "a Chinese date",
            format("m&quot;月&quot;d&quot;日&quot;"),
            vec![(b3, "date")],
        ),
        (
            "an ISO date",
            amount_is("t='d'><v>2026-01-05</v>"),
            vec![(b3, "date")],
        ),
        (
            "the noise of a float",
            amount_is("><v>3.30000000000003</v>"),
            vec![("B3, 金额(元) `3.30000000000003`", "round it")],
        ),
        (
            "a percentage",
            format("0%"),
            vec![("B3, 金额(元) `46027`", "shows something else")],
        ),
        (
            "a format in ten thousands",
            format("0!.0,&quot;万&quot;"),
            vec![(b3, "shows something else")],
        ),
        (
            "a point that is only printed",
            format("0\\.00"),
            vec![("B3, 金额(元) `46027`", "shows something else")],
        ),
        (
            "fen by its format",
            format("0&quot;分&quot;"),
            vec![("B3, 金额(元) `46027`", "shows something else")],
        ),
        (
            "a truth",
            amount_is("t='b'><v>1</v>"),
            vec![("B3, 金额(元) `TRUE`", "TRUE or FALSE")],
        ),
        (
            "a number for an openid",
            id_is("><v>1.00001E+27</v>"),
            vec![("A3, 用户openid", "15 digits")],
        ),
        (
            "a scientific text",
            id_is("t='inlineStr'><is><t>1.00001E+27</t></is>"),
            vec![("A3, 用户openid `1.00001E+27`", "cannot be undone")],
        ),
        (
            "merged openids",
            merged("A2:A3"),
            vec![("A2, 用户openid", "A2:A3")],
        ),
        (
            "merged amounts",
            merged("B2:C4"),
            vec![("B2, 金额(元)", "B2:C4")],
        ),
        (
            "a merged header",
            merged("A1:B1"),
            vec![("A1, 用户openid", "A1:B1")],
        ),
        (
            "a value beyond the header",
            Book::of(
                &sheet(ROWS).replace("</row><row r='4'", "<c r='H3'><v>7</v></c></row><row r='4'"),
            ),
            vec![("H3, column 8 `7`", "no name")],
        ),
        (
            "two sheets with cells",
            Book::of(&sheet(ROWS)).and_sheet("visible", &sheet(&[&["x"]])),
            vec![("more than one sheet", "\"Sheet2\"")],
        ),
        (
            "integers without a unit",
            Book::of(&sheet(&[&["openid", "金额"], &[A, "=|<v>100</v>"]])),
            vec![("B1, 金额", "100.00 yuan or 1.00 yuan")],
        ),
        (
            "no cells",
            Book::of(""),
            vec![("the file is empty", "header")],
        ),
        (
            "a header alone",
            Book::of(&sheet(&ROWS[..1])),
            vec![("the file has a header", "no rows")],
        ),
        (
            "only hidden sheets",
            Book::of(&sheet(ROWS)).with("xl/workbook.xml", "sheetId=", "state='hidden' sheetId="),
            vec![("the workbook cannot be read", "no visible worksheet")],
        ),
        (
            "the list on a hidden sheet",
            Book::of("").and_sheet("hidden", &sheet(ROWS)),
            vec![("the list seems to be on a hidden sheet", "unhide it")],
        ),
        (
            "an empty workbook of WPS",
            Book::of("").and_sheet("veryHidden", &sheet(&[&["WpsReserved_CellImgList"]])),
            vec![("the file is empty", "header")],
        ),
        (
            "a string that is not there",
            id_is("t='s'><v>7</v>").sharing(&["<t>x</t>"]),
            vec![("the workbook", "A3: the workbook has no such shared string")],
        ),
        (
            "a broken number of a string",
            id_is("t='s'><v>0x</v>").sharing(&["<t>x</t>"]),
            vec![("the workbook", "no such shared string")],
        ),
        (
            "rows out of order",
            Book::of(&sheet(ROWS).replace("r='4'", "r='2'")),
            vec![("the workbook", "out of order")],
        ),
        (
            "a row number that is none",
            Book::of(&sheet(ROWS).replace("r='4'", "r='x'")),
            vec![("the workbook", "out of order")],
        ),
        (
            "a cell twice",
            Book::of(&sheet(ROWS).replace("<c r='B3'", "<c r='A3'")),
            vec![("the workbook", "out of order")],
        ),
        (
            "a cell of another row",
            Book::of(&sheet(ROWS).replace("<c r='B3'", "<c r='B4'")),
            vec![("the workbook", "out of order")],
        ),
        (
            "no end",
            Book::of("").with(part, "</sheetData></worksheet>", "<row r='1'>"),
            vec![("the workbook", "cannot be read")],
        ),
        (
            "a claim of many strings",
            Book::of(&sheet(ROWS)).sharing(&[]).with(
                "xl/sharedStrings.xml",
                "uniqueCount='9'",
                "uniqueCount='18446744073709551615'",
            ),
            vec![],
        ),
    ];
    for (name, book, cells) in &cases {
        refused(name, &book.bytes(), cells);
    }
    let mut cut = Book::of(&sheet(ROWS)).bytes();
    cut.truncate(cut.len() - 40);
    refused(
        "a zip that breaks off",
        &cut,
        &[("the workbook cannot be read", ".xlsx")],
    );
    refused(
        "a zip of something else",
        &Book(vec![]).bytes(),
        &[("the file is a zip archive", "unpack it")],
    );
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let huge = format!("<t>{}</t>", " ".repeat(64 << 20));
    let strings = Book::of(&sheet(ROWS)).sharing(&[&huge]).bytes();
    assert!(strings.len() < 1 << 20, "it is a bomb");
    refused(
        "one string of 64 MiB",
        &strings,
        &[("the workbook", "larger than")],
    );
    let cell = format!(
        "<row r='1'><c r='A1' t='inlineStr'><is>{}</is></c></row>",
        "<t>12345678</t>".repeat(1 << 16)
    );
    refused(
        "a cell of many pieces",
        &Book::of(&cell).bytes(),
        &[("the workbook", "32,767")],
    );
    let deep = "<row>".repeat(1 << 16);
    refused(
        "elements in elements",
        &Book::of(&deep).bytes(),
        &[("the workbook", "too deep")],
    );
}

/// A sheet says with its format what a text says with its point.
#[test]
fn whole_numbers_without_a_unit_are_yuan_where_a_point_is_seen() {
    let list = |header: &str, code: &str, amount: f64| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let format = Format::new().set_num_format(code);
        sheet.write(0, 0, "openid").unwrap();
        sheet.write(0, 1, header).unwrap();
        sheet.write(1, 0, A).unwrap();
        sheet.write_with_format(1, 1, amount, &format).unwrap();
        read(&book.save_to_buffer().unwrap())
    };
    for code in [
        "0.00",
        "#,##0.00",
        "￥#,##0.00;[Red]-￥#,##0.00",
        "0.0\"元\"",
    ] {
        let read = list("金额", code, 2.0);
        assert_eq!(read.faults, [""; 0], "{code}");
        assert_eq!(read.packets[0].amount.fen(), 200, "{code}");
        let fen = list("amount_fen", code, 200.0);
        assert!(
            fen.faults[0].contains("fen are whole numbers"),
            "{code}: {fen:?}"
        );
    }
    for code in ["General", "0", "#,##0", "0\"元\"", "￥#,##0"] {
        let read = list("金额", code, 200.0);
        if code.contains(['元', '￥']) {
            assert_eq!(read.packets[0].amount.fen(), 20_000, "{code}: {read:?}");
        } else {
            assert!(
                read.faults[0].contains("200.00 yuan or 2.00 yuan"),
                "{code}: {read:?}"
            );
        }
        let fen = list("amount_fen", code, 200.0);
        if code.contains(['元', '￥']) {
            assert!(fen.faults[0].contains("the cell says yuan"), "{fen:?}");
        } else {
            assert_eq!(fen.packets[0].amount.fen(), 200, "{code}");
        }
    }
}

#[test]
fn what_is_hidden_is_read_and_told() {
    let part = "xl/worksheets/sheet1.xml";
    let columns = "<cols><col min='2' max='2' hidden='1'/></cols><sheetData>";
    let book = Book::of(&sheet(ROWS))
        .with(part, "<row r='3'>", "<row r='3' hidden='1'>")
        .with(part, "<sheetData>", columns);
    let read = read(&book.bytes());
    assert_eq!(read.packets, plain().packets);
    assert_eq!(
        read.notices,
        [
            "warning: 1 row hidden in the sheet, read like the others: row 3",
            "warning: 1 column hidden in the sheet, read like the others: B1, 金额(元)",
        ]
    );
}

#[test]
fn other_libraries_workbooks_are_read_as_their_texts() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/");
    let sample = |name: &str| read(&std::fs::read(format!("{samples}{name}")).unwrap());
    let text = sample("recipients-gb18030.csv");
    assert_eq!(text.packets.len(), 20);
    assert_eq!(sample("recipients.xlsx").packets, text.packets);
    let broken = std::fs::read(format!("{samples}recipients-broken.xlsx")).unwrap();
    refused(
        "the broken sample",
        &broken,
        &[
            ("A3, openid", "15 digits"),
            ("B5, 金额(元) `2026-01-05`", "date"),
            ("B6, 金额(元) `2`", "formula"),
            ("A7, openid `1.00001E+27`", "cannot be undone"),
            ("B7, 金额(元) `￥1,288.00`", "200.00 yuan"),
            ("C8, 业务单号 `202611230000001`", "15 digits"),
            ("B9, 金额(元) `#N/A`", "formula"),
            ("D10, 门店", "D10:D11"),
            ("F12, column 6 `stray`", "no name"),
        ],
    );
}

#[test]
fn a_library_writes_what_is_refused_by_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0u16..).zip(["openid", "amount_yuan"]) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, id) in (1u32..).zip([A, B, C]) {
        sheet.write(row, 0, id).unwrap();
    }
    sheet
        .write(1, 1, Formula::new("=1+1").set_result("2"))
        .unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(2, 1, 46_027, &date).unwrap();
    sheet.write(3, 1, 10.0 / 3.0).unwrap();
    let cells = [
        ("B2, amount_yuan `2`", "formula"),
        ("B3, amount_yuan `2026-01-05`", "date"),
        ("B4, amount_yuan `3.3333333333333335`", "round it"),
    ];
    refused("rust_xlsxwriter", &book.save_to_buffer().unwrap(), &cells);
}
