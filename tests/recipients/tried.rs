//! What was tried besides: amounts cut at a comma, totals that count people, headers among rows.

use super::book::{Book, sheet};
use super::{A, B, read, refused};

#[test]
fn an_amount_that_a_comma_cut_in_two_is_not_paid_as_its_first_half() {
    for (header, row, told) in [
        ("openid,金额(元),姓名", "1,88", "write 1.88"),
        ("openid,金额(元),姓名", "5,00", "write 5.00"),
        ("openid,金额(元),备注", "1,888", "write 1888.00"),
        ("openid,yuan,wishing", "1,88", "write 1.88"),
        ("openid,金额(元),姓名", "￥1,88", "write 1.88"),
        ("openid,金额(元),姓名", "1,88元", "write 1.88"),
        ("openid,金额(元),姓名", "1,288.00", "write 1288.00"),
        ("openid,金额(元),姓名", "￥１,２８８.５ 元", "write 1288.5"),
        ("openid,金额,姓名", "￥1,88", "write 1.88"),
    ] {
        let text = format!("{header}\n{A},{row}\n{B},6.00,张三\n");
        let place = "line 2, ".to_owned() + header.split(',').nth(1).unwrap();
        refused(row, text.as_bytes(), &[(&place, told)]);
    }
    for (header, row) in [
        ("openid,金额(元),姓名", "1.00,88"),
        ("openid,金额(元),门店编号", "1,88"),
        ("openid,金额(元),wishing", "1,恭喜88"),
        ("openid,金额(元),备注", "1,88号会员"),
        ("openid,金额(元),备注", "1,2026.11"),
    ] {
        let read = read(format!("{header}\n{A},{row}\n").as_bytes());
        assert_eq!((read.packets.len(), read.faults.len()), (1, 0), "{read:?}");
        assert_eq!(read.packets[0].amount.fen(), 100, "{row}");
    }
    let semicolons = format!("openid;金额(元);姓名\n{A};1;88\n");
    assert_eq!(read(semicolons.as_bytes()).packets.len(), 1);
}

#[test]
fn what_programs_write_for_an_empty_cell_is_no_text_and_no_key() {
    for value in [
        "NULL",
        "null",
        "None",
        "nan",
        "\\N",
        "N/A",
        "(null)",
        "undefined",
    ] {
        let text = format!("openid,yuan,wishing,id\n{A},1.00,{value},{value}\n");
        let told = "what programs write for an empty cell";
        let cells = [("line 2, wishing", told), ("line 2, id", told)];
        refused(value, text.as_bytes(), &cells);
    }
    let error = format!("openid,yuan,wishing\n{A},1.00,#N/A\n");
    refused(
        "an error",
        error.as_bytes(),
        &[("line 2, wishing", "error of the spreadsheet")],
    );
    let breaks = format!("openid,yuan,wishing\n{A},1.00,a\u{2028}b\n");
    refused(
        "a line separator",
        breaks.as_bytes(),
        &[("line 2, wishing", "U+2028")],
    );
}

/// The blank makes the quotes a part of the cell, and a comma between them parts it.
#[test]
fn a_blank_beside_a_quote_is_told_as_the_cause() {
    let before = "a blank stands before the quote";
    let text = format!("name, openid, yuan\n\"N\", \"{A}\",\u{3000}\"1.00\"\n");
    let cells = [("line 2, openid", before), ("line 2, yuan", before)];
    refused("ids and amounts", text.as_bytes(), &cells);
    let text = format!("\"name\", \"openid\", \"yuan\"\n\"N\",{A},1.00\n");
    let cells = [("line 1, openid", before), ("line 1, yuan", before)];
    refused("a header", text.as_bytes(), &cells);
    for wish in ["\"祝您快乐\"", "\"祝您, 快乐\""] {
        let text = format!("openid,wishing,yuan\n{A}, {wish},1.00\n");
        refused(wish, text.as_bytes(), &[("line 2, wishing", before)]);
    }
    let text = format!("openid;yuan;note\n{A};1.00; \"a;b\"\n");
    refused(
        "a note in two",
        text.as_bytes(),
        &[("line 2, note", before)],
    );
    let after = "a blank stands behind the closing quote";
    let text = format!("openid,yuan\n\"{A}\" ,\"1.00\"\t\n");
    let cells = [("line 2, openid", after), ("line 2, yuan", after)];
    refused("behind", text.as_bytes(), &cells);
    // What is only kept is kept as it is, and so are quotes that belong to a text.
    let text = format!("openid,yuan,note,wishing\n{A},1.00, \"a\",\"\"\"好\"\"运\"\n");
    let read = read(text.as_bytes());
    assert_eq!((read.packets.len(), read.faults.len()), (1, 0), "{read:?}");
    assert_eq!(read.packets[0].extra, ["\"a\""]);
}

/// Quotes that are no quotes of the text belong to the cell, and are not paid to.
#[test]
fn quotes_around_an_openid_are_told() {
    let told = "quotes stand around the openid";
    for id in [
        format!("'{A}'"),
        format!("“{A}”"),
        format!("\"\"\"{A}\"\"\""),
        format!("{A}’"),
    ] {
        let text = format!("openid,yuan\n{id},1.00\n{B},1.00\n");
        refused(&id, text.as_bytes(), &[("line 2, openid", told)]);
    }
}

#[test]
fn a_letter_of_another_script_in_an_openid_is_named() {
    for (other, point) in [("о", "U+043E"), ("ｏ", "U+FF4F"), ("ö", "U+00F6")] {
        let text = format!(
            "openid,yuan\n{},1.00\n{B},1.00\n",
            A.replacen('o', other, 1)
        );
        let told = format!("`{other}` ({point}) looks like a letter of an openid");
        refused(other, text.as_bytes(), &[("line 2, openid", &told)]);
    }
}

/// As a text that was pasted into the first column of a sheet, and saved from there.
#[test]
fn a_row_in_one_cell_is_told_as_that() {
    let told = "the whole row stands in one cell";
    let text = format!("\"姓名,openid,金额(元)\"\n\"张三,{A},1.00\"\n");
    refused("a text", text.as_bytes(), &[("line 1", told)]);
    let text = format!("姓名;openid;金额(元)\n\"张三;{A};1.00\"\n李四;{B};1.00\n");
    refused("a row", text.as_bytes(), &[("line 2", told)]);
    for sign in [",", "，", "\t", ";", "|"] {
        let cell = |text: String| text.replace(',', sign);
        let rows = [
            (1, cell("姓名,openid,金额(元)".to_owned())),
            (2, cell(format!("张三,{A},1.00"))),
        ];
        let rows = rows.map(|(row, text)| {
            format!("<row r='{row}'><c r='A{row}' t='inlineStr'><is><t>{text}</t></is></c></row>")
        });
        refused(sign, &Book::of(&rows.concat()).bytes(), &[("row 1", told)]);
    }
}

/// A spreadsheet's own total of a table is called 汇总.
#[test]
fn a_total_may_have_its_people_below_the_openids() {
    let rows = format!("姓名,openid,金额(元)\n张三,{A},1.88\n李四,{B},2.00\n");
    for total in [
        "汇总,,3.88",
        "总计,2人,3.88元",
        "合计,2,3.88",
        "人数,2,",
        "人数：,2 人,3.88",
        "应发合计,,3.88",
        "实发总额：人民币3.88元,,",
        "累计,,3.88",
        "——合计——,,3.88",
        "*合计*,,3.88",
    ] {
        let read = read(format!("{rows}{total}\n").as_bytes());
        assert_eq!((read.packets.len(), read.faults.len()), (2, 0), "{total}");
    }
    for (total, told) in [
        ("汇总,,3.89", "add up to 3.88"),
        ("总计,3人,3.88", "says 3 people and 2 are above"),
        ("合计,3,3.88", "says 3 people and 2 are above"),
        ("人数,1,", "says 1"),
    ] {
        let place = if told.starts_with("add") {
            "line 4, 金额(元)"
        } else {
            "line 4"
        };
        refused(
            total,
            format!("{rows}{total}\n").as_bytes(),
            &[(place, told)],
        );
    }
    // A number alone makes no total.
    let text = format!("{rows}王五,12,1.00\n");
    let told = "an openid has 16 to 32 characters";
    refused("a short id", text.as_bytes(), &[("line 4, openid", told)]);
}

/// Which of them is to be paid, a person knows.
#[test]
fn several_columns_that_may_be_the_amount_are_all_told() {
    let text = format!("openid,应发金额(元),实发金额(元)\n{A},1.88,1.80\n");
    let told = "`应发金额(元)` `实发金额(元)` may each be it";
    refused("two", text.as_bytes(), &[("line 1", told)]);
    let text = format!("openid,amount(RMB)\n{A},1.88\n");
    let told = "`amount(RMB)` seems to be it; rename it to `amount_yuan`";
    refused("an English name", text.as_bytes(), &[("line 1", told)]);
}

#[test]
fn a_cell_is_counted_once_however_many_signs_were_taken_out_of_it() {
    let text = format!("openid,yuan\n\u{a0}{A}\u{a0},1\u{200b}.0\u{200b}0\n");
    let read = read(text.as_bytes());
    assert_eq!(read.packets.len(), 1, "{read:?}");
    for notice in &read.notices {
        assert!(notice.contains("from 1 cell: line 2"), "{notice}");
    }
    assert_eq!(read.notices.len(), 2, "{:?}", read.notices);
}

/// As Excel keeps a rule that looks at another sheet: behind the rows, its format in it.
#[test]
fn a_rule_that_brings_its_format_is_told_where_it_hides() {
    for (format, is_told) in [
        ("<font><color rgb='FFFFFFFF'/></font>", true),
        ("<numFmt numFmtId='164' formatCode=';;;'/>", true),
        ("<font><color rgb='FFFF0000'/></font>", false),
        (
            "<fill><patternFill><bgColor rgb='FFFFFFFF'/></patternFill></fill>",
            false,
        ),
    ] {
        let rule = format!(
            "</sheetData><extLst><ext><x14:conditionalFormattings xmlns:x14='x14'>\
             <x14:conditionalFormatting xmlns:xm='xm'><x14:cfRule type='expression'>\
             <xm:f>Sheet2!$A1=1</xm:f><x14:dxf>{format}</x14:dxf></x14:cfRule>\
             <xm:sqref>A2:B2 A3</xm:sqref></x14:conditionalFormatting>\
             <x14:conditionalFormatting xmlns:xm='xm'><x14:cfRule type='expression'/>\
             <xm:sqref>B3</xm:sqref></x14:conditionalFormatting>\
             </x14:conditionalFormattings></ext></extLst>"
        );
        let rows = sheet(&[&["openid", "yuan"], &[A, "1.88"], &[B, "5.00"]]);
        let part = "xl/worksheets/sheet1.xml";
        let read = read(&Book::of(&rows).with(part, "</sheetData>", &rule).bytes());
        assert_eq!(read.packets.len(), 2, "{read:?}");
        let told = read.notices.iter();
        let told = told.filter(|it| it.contains("hide what stands in A2:B2, A3, by"));
        assert_eq!(told.count(), usize::from(is_told), "{format}: {read:?}");
    }
}

#[test]
fn a_total_that_counts_people_is_compared_with_their_number() {
    let rows = format!("openid,金额(元),姓名\n{A},1.88,张三\n{B},5,李四\n");
    for total in [
        "人数合计,2,",
        "合计人数,2,",
        "总人数,2人,",
        "人数,2,",
        "笔数,2,",
        "合计（人）,2,",
        "Count,2,",
        "合计人数,,2",
        "人数合计,6.88,2",
        "总计,2人,",
        "合计,6.88,\n人数,2,",
    ] {
        let read = read(format!("{rows}{total}\n").as_bytes());
        assert_eq!(
            (read.packets.len(), read.faults.len()),
            (2, 0),
            "{total}: {read:?}"
        );
    }
    for (total, place, told) in [
        ("人数合计,5,", "line 4", "says 5 people and 2 are above"),
        ("笔数,3,", "line 4", "says 3 people and 2 are above"),
        ("人数合计,7.88,2", "line 4, 金额(元)", "add up to 6.88"),
    ] {
        refused(
            total,
            format!("{rows}{total}\n").as_bytes(),
            &[(place, told)],
        );
    }
}

#[test]
fn a_header_among_the_rows_is_one_fault() {
    let text = format!("openid,yuan\n{A},1.00\n\u{FEFF}openid,yuan\n{B},1.00\n");
    refused(
        "two lists",
        text.as_bytes(),
        &[("line 3", "delete this row")],
    );
}

#[test]
fn blank_cells_behind_the_last_column_say_nothing() {
    for text in [
        format!("openid,yuan\n{A},1.00,,\n{B},2.00,\n"),
        format!("openid,yuan,\n{A},1.00\n{B},2.00,\n"),
        format!("openid,yuan,,\n{A},1.00\n{B},2.00,,,,\n"),
    ] {
        let read = read(text.as_bytes());
        assert_eq!(
            (read.packets.len(), read.faults.len()),
            (2, 0),
            "{text}: {read:?}"
        );
    }
    // A comma inside an amount, and not one too many.
    for row in ["1,88,,", "1,000,,", "5,00, ,"] {
        let text = format!("openid,yuan,门店,层\n{A},{row}\n");
        refused(
            row,
            text.as_bytes(),
            &[("line 2", "5 cells and the header 4")],
        );
    }
    let text = format!("openid,yuan\n{A},1.00,,x\n");
    refused(
        "a cell more",
        text.as_bytes(),
        &[("line 2", "4 cells and the header 2")],
    );
}

/// What the rows of a list pay, and what is wrong with them.
fn paid(header: &str, rows: &[&str]) -> (Vec<u64>, Vec<String>) {
    let rows = rows.iter().enumerate();
    let rows =
        rows.map(|(at, row)| row.replace("ID", &format!("oBBBBBBBBBBBBBBBBBBBBBBBBB{at:02}")));
    let text = format!("{header}\n{}\n", rows.collect::<Vec<_>>().join("\n"));
    let read = read(text.as_bytes());
    let paid = read.packets.iter().map(|packet| packet.amount.fen());
    (paid.collect(), read.faults)
}

#[test]
fn a_blank_cell_too_many_pays_nothing_that_a_comma_may_have_moved() {
    for (header, row) in [
        ("openid,金额(元),姓名,门店", "ID,￥1,88,李四,"),
        ("openid,金额(元),姓名,门店", "ID,1,288.00,李四,"),
        ("openid,金额(元),姓名,门店", "ID,￥ 1,５,李四,"),
        ("openid,昵称,金额(元),备注", "ID,幸运星,66,1.88,"),
        (
            "openid,昵称,门店,金额(元),备注,x",
            "ID,幸运,星,66,￥1.88,x,",
        ),
        ("openid,昵称,金额(元),备注,x", "ID,a,66,6,2元,,"),
        ("openid,amount_yuan,wishing", "ID,1,88元,"),
        ("openid,amount_yuan,wishing", "ID,1,88 RMB,"),
    ] {
        // Whether the only row, or like all others.
        for rows in [vec![row], vec![row, row, row]] {
            let (paid, faults) = paid(header, &rows);
            assert!(paid.is_empty(), "{row}: {paid:?}");
            assert_eq!(faults.len(), rows.len(), "{row}: {faults:?}");
            let told = faults
                .iter()
                .all(|it| it.contains("a comma inside a cell may have moved"));
            assert!(told, "{row}: {faults:?}");
        }
    }
}

#[test]
fn blank_cells_behind_every_row_are_what_programs_write() {
    for (header, row) in [
        ("openid,金额(元),姓名,门店", "ID,1,李四,南山店,"),
        ("openid,金额(元),姓名,门店", "ID,1,李四,南山店,,,"),
        ("openid,金额(元),日期,门店", "ID,1,2026-11-29,南山店,"),
        ("openid,金额(元),门店,备注", "ID,1,3号店,南山,"),
        ("openid,姓名,金额(元),门店", "ID,李四,1.00,88,"),
        ("openid,姓名,金额(元),日期", "ID,李四,1,2026/11/29,"),
        ("金额(元),数量,openid,门店", "1,88,ID,南山,"),
    ] {
        let (paid, faults) = paid(header, &[row, row, row]);
        assert_eq!((paid, faults.len()), (vec![100; 3], 0), "{row}: {faults:?}");
    }
}

#[test]
fn one_row_with_a_blank_cell_too_many_may_have_a_comma_in_a_text() {
    let header = "openid,yuan,wishing,门店";
    let (plain, more) = ("ID,1,恭喜,南山", "ID,2,恭喜,发财,");
    for (rows, line) in [
        ([plain, more, plain], "line 3: "),
        ([more, plain, plain], "line 2: "),
        ([more, more, plain], "line 2: "),
    ] {
        let (_, faults) = paid(header, &rows);
        let [fault] = &faults[..] else {
            panic!("{rows:?}: {faults:?}");
        };
        assert!(
            fault.starts_with(line) && fault.contains("5 cells"),
            "{fault}"
        );
    }
    // Nothing behind the amount could have been one text with its neighbour, and totals are none.
    for row in ["ID,2,恭喜,,", "ID,2,,南山,", "ID,2,,,,", "合计,4,两人,共,"] {
        let (_, faults) = paid(header, &[plain, row]);
        assert!(
            faults.iter().all(|it| !it.contains("5 cells")),
            "{row}: {faults:?}"
        );
    }
}

#[test]
fn chinese_in_ascii_alone_is_refused_by_its_name() {
    for (text, name) in [
        (format!("openid,+kdGYnQ(+UUM)\n{A},1.88\n"), "UTF-7"),
        (
            format!("openid,yuan,wishing\n{A},1.88,~{{9'O2~}}\n"),
            "HZ-GB-2312",
        ),
        (
            format!("openid,yuan,wishing\n{A},1.88,\u{1B}$B$*\u{1B}(B\n"),
            "ISO-2022",
        ),
    ] {
        refused(name, text.as_bytes(), &[("the file is", name)]);
    }
}

#[test]
fn a_text_that_stands_for_none_is_told() {
    let told = |wish: &str| {
        let read = read(format!("openid,yuan,wishing\n{A},1.88,{wish}\n").as_bytes());
        assert_eq!(read.packets.len(), 1, "{wish}: {read:#?}");
        let found = read
            .notices
            .iter()
            .find(|it| it.contains("that there is none"));
        found.cloned()
    };
    for filler in ["同上", " - ", "无", "暂无", "/"] {
        let notice = told(filler).unwrap_or_else(|| panic!("{filler}"));
        assert!(notice.starts_with("warning: 1 text says"), "{notice}");
        assert!(notice.contains("line 2, wishing: "), "{notice}");
    }
    for text in ["", "无与伦比", "同上次一样开心"] {
        assert_eq!(told(text), None, "{text}");
    }
}

#[test]
fn a_text_that_was_read_wrong_once_is_told() {
    for (wish, was) in [
        ("ÐÂÄê¿ìÀÖ", "新年快乐"),
        ("¹§Ï²·¢²Æ", "恭喜发财"),
        ("ÊÅ≠ÂñúÂèëË¥¢ÔºÅ", "恭喜发财！"),
        ("绾㈠寘", "红包"),
        ("çº¢åŒ…", "红包"),
    ] {
        let read = read(format!("openid,yuan,wishing\n{A},1.88,{wish}\n").as_bytes());
        assert_eq!(read.packets.len(), 1, "{wish}");
        let is_told = read
            .notices
            .iter()
            .any(|it| it.contains(&format!("looks like `{was}`")));
        assert!(is_told, "{wish}: {:?}", read.notices);
    }
}

/// UTF-8 that a program read with a letter for each byte.
fn as_latin(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

#[test]
fn a_list_that_was_read_wrong_once_is_one_fault() {
    let [first, second] = ["张三", "恭喜发财"].map(as_latin);
    let list =
        format!("name,openid,yuan,wishing\n{first},{A},1,{second}\n{first},{B},1,{second}\n");
    let told = "this was `张三` before the program that wrote the list read it in a wrong encoding \
         (cells like that: 4)";
    refused("all of it", list.as_bytes(), &[("line 2, name", told)]);
    let (as_gb, _, _) = encoding_rs::GB18030.decode("用户openid".as_bytes());
    for (header, was) in [
        (as_latin("姓名") + ",openid,yuan", "姓名"),
        (
            as_latin("姓名") + ",openid," + &as_latin("金额(元)"),
            "姓名",
        ),
        (format!("name,{as_gb},yuan"), "用户openid"),
    ] {
        let list = format!("{header}\n,{A},1\n");
        let told = format!("this was `{was}` before the program that wrote the list");
        refused(&header, list.as_bytes(), &[("line 1", &told)]);
    }
    let (big5, _, _) =
        encoding_rs::BIG5.encode("姓名,openid,金額(元)\n張三,oR4k2v5JRtpBk5x2LzlNEOIo__fZ,1\n");
    refused("Big5", &big5, &[("the file is Big5", "CSV UTF-8")]);
}

#[test]
fn names_and_rows_that_are_not_separated_alike_are_told_so() {
    let list = format!("姓名;openid;金额(元)\n张三,{A},1.00\n");
    refused(
        "a row",
        list.as_bytes(),
        &[("line 2", "the row is separated by `,`")],
    );
    let list = format!("姓名\topenid\t金额(元)\n张三,{A},1.00\n李四\t{B}\t2\n");
    refused(
        "one of two",
        list.as_bytes(),
        &[("line 2", "the row is separated by `,`")],
    );
    let list = format!("姓名 openid 金额(元)\n张三 {A} 1.00\n");
    refused(
        "blanks",
        list.as_bytes(),
        &[("line 1", "with blanks between them")],
    );
}

#[test]
fn row_keys_that_a_spreadsheet_cut_are_told() {
    let list = |keys: [&str; 2]| {
        let [first, second] = keys;
        read(format!("id,openid,yuan\n{first},{A},1\n{second},{B},1\n").as_bytes()).notices
    };
    let told = list(["20251128000001000", "20251128000002000"]);
    assert!(
        told[0].contains("all 2 row keys of more than 15 digits"),
        "{told:?}"
    );
    for keys in [
        ["20251128000001001", "20251128000002000"],
        ["202511280000010", "202511280000020"],
        ["k0251128000001000", "k0251128000002000"],
    ] {
        assert_eq!(list(keys), [""; 0], "{keys:?}");
    }
}

#[test]
fn a_formula_is_no_text_that_is_sent() {
    let list = |wish: &str| format!("openid,yuan,wishing\n{A},1,{wish}\n");
    for wish in ["=A1", "=VLOOKUP(A1)", "=B2&C2"] {
        refused(
            wish,
            list(wish).as_bytes(),
            &[("line 2, wishing", "the cell is a formula")],
        );
    }
    for wish in ["=^_^=", "=Love="] {
        assert_eq!(read(list(wish).as_bytes()).packets.len(), 1, "{wish}");
    }
}
