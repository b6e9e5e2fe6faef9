//! What stands in a list and a person should look at, though the list can be loaded: told by row
//! and by person, in both languages, before anything is paid.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use crate::support::{Case, Ran};

const A: &str = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";
/// The same to the eye.
const A_AGAIN: &str = "oR4k2v5JRtpBk5x2LzINE0Io__fZ";
const B: &str = "oR4k2v5SDbGlTB-fM9ky8RFzj0Eb";
const C: &str = "oR4k2vC7pXbN0sWmQ3eT5yUiOaSd";

/// A campaign with this list.
fn with(list: impl AsRef<[u8]>) -> Case {
    let case = Case::of("39");
    fs::write(case.path("list.csv"), list).unwrap();
    case
}

/// Loads it, once it was only checked, and in Chinese.
#[track_caller]
fn loads(case: &Case, told: &[&str], told_zh: &[&str]) {
    case.verb("load", &["--lang", "zh", "--check"])
        .exits(0)
        .says(told_zh);
    case.verb("plan", &[]).exits(0).says(told);
    case.verb("load", &[]).exits(0).says(told);
}

fn is_silent(ran: &Ran) {
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
}

#[test]
fn openids_that_look_alike_are_told_with_their_people() {
    let list = format!("姓名,openid,金额(元)\n张三,{A},1\n李四,{B},1\n王五,{A_AGAIN},1\n");
    let told = [
        "differ only in case or in letters that look alike",
        &format!("line 2, openid (张三) `{A}`; line 4, openid (王五) `{A_AGAIN}`"),
    ];
    let case = with(&list);
    loads(&case, &told, &["形近字符", "（张三）", "（王五）"]);
    assert_eq!(case.count("ready"), 3);
    // One openid twice is one person, whom the list pays twice.
    let rows = format!("id,openid,fen\n1,{A},100\n2,{A},100\n3,{B},100\n");
    is_silent(&with(rows).verb("load", &[]).exits(0));
    // A list that is refused tells it too.
    let list = list + "赵六,x,1\n";
    with(list).verb("load", &[]).exits(6).says(&told);
}

/// A program that makes capitals of ids, and a person of another mini-program's list.
#[test]
fn openids_that_are_not_like_the_others_are_told() {
    let openid = |n: u32| format!("oR4k2vC7pXbN0sWmQ3eT5yUi{n:04}");
    let list = |change: &dyn Fn(u32) -> String| {
        let rows = (1..=20).map(|n| format!("{},1.00\n", change(n)));
        format!("openid,amount_yuan\n{}", rows.collect::<String>())
    };
    let one = |n: u32, other: &dyn Fn(String) -> String| {
        let it = openid(n);
        if n == 7 { other(it) } else { it }
    };
    loads(
        &with(list(&|n| one(n, &|it| it.to_uppercase()))),
        &["1 openid has no small letter", "line 8"],
        &["有 1 个 openid 没有小写字母"],
    );
    loads(
        &with(list(&|n| openid(n).to_lowercase())),
        &["20 openids have no capital", "line 2"],
        &["有 20 个 openid 没有大写字母"],
    );
    loads(
        &with(list(&|n| one(n, &|it| it.replace("oR4k2v", "oUpF8u")))),
        &["1 openid does not begin with `oR4k2v`", "line 8"],
        &["不像其他那样以 `oR4k2v` 开头"],
    );
    is_silent(&with(list(&openid)).verb("load", &[]).exits(0));
}

#[test]
fn rows_marked_as_not_to_be_paid_are_told_with_their_people() {
    let list = format!(
        "姓名,openid,金额(元),备注,是否发放\n张三,{A},1,,是\n李四,{B},1,已作废,是\n王五,{C},1,老客户,否\n"
    );
    let told = [
        "warning: 2 rows seem marked as not to be paid",
        "line 3, 备注 (李四) `已作废`; line 4, 是否发放 (王五) `否`",
    ];
    let case = with(&list);
    loads(
        &case,
        &told,
        &["有 2 行像是已标注为不发放", "（李四）“已作废”"],
    );
    // Never dropped in silence.
    assert_eq!(case.count("ready"), 3);
    let list = format!("openid,fen,status\n{A},100,active\n{B},100,VOID\n");
    let told = ["1 row seems marked", "line 3, status `VOID`"];
    loads(&with(list), &told, &["有 1 行像是"]);
    let list = format!("openid,fen,备注,门店\n{A},100,老客户,取消订单中心\n{B},100,,南山\n");
    is_silent(&with(list).verb("load", &[]).exits(0));
}

#[test]
fn a_row_that_stands_twice_names_both_people() {
    let list = format!("姓名,openid,金额(元)\n张三,{A},1\n李四,{B},1\n王五,{A},1\n");
    let told = format!("line 4, openid `{A}` (王五): the same openid is on line 2 (张三)");
    with(&list).verb("load", &[]).exits(6).says(&[&told]);
    let told = ["（王五）：相同的 openid 已出现在第 2 行（张三）"];
    with(&list)
        .verb("load", &["--lang", "zh"])
        .exits(6)
        .says(&told);
    let list = format!("姓名,id,openid,fen\n张三,7,{A},100\n李四,7,{B},100\n");
    let told = ["(李四): the same row_key is on line 2 (张三)"];
    with(list).verb("load", &[]).exits(6).says(&told);
}

#[test]
fn yuan_in_a_column_of_fen_is_one_finding_with_its_cause() {
    let list = format!("openid,amount_fen\n{A},1\n{B},2\n{C},5\n");
    let told = [
        "1 error, nothing was written",
        "3 amounts are too small for a packet in fen, as `1` on line 2, which is 0.01 yuan",
        "rename the column to `amount_yuan`",
    ];
    with(&list).verb("load", &[]).exits(6).says(&told);
    with(&list).verb("plan", &[]).exits(6).says(&told);
    let told = ["有 3 个金额按分计算都低于红包下限", "`金额(元)`"];
    with(&list)
        .verb("load", &["--lang", "zh", "--check"])
        .exits(6)
        .says(&told);
    let list = format!("openid,金额(元)\n{A},300\n{B},888\n{C},188\n");
    let told = [
        "1 error",
        "2 amounts are too large for a packet in yuan, as `300` on line 2",
    ];
    with(list).verb("load", &[]).exits(6).says(&told);
    // One among many is a slip of its own.
    let list = format!("openid,fen\n{A},100\n{B},5\n{C},200\n");
    let told = ["line 3, fen `5`", "1.00 to 200.00"];
    let case = with(list);
    case.verb("load", &[]).exits(6).says(&told);
    let rejects = fs::read_to_string(case.path("rejects.csv")).unwrap();
    assert!(rejects.contains("1.00 to 200.00"), "{rejects}");
}

#[test]
fn the_openid_of_another_account_is_never_suggested() {
    for header in [
        "公众号openid,小程序openid",
        "小程序openid,公众号openid",
        "gzh_openid,xcx_openid",
    ] {
        let right = header
            .split(',')
            .find(|name| name.starts_with(['小', 'x']))
            .unwrap();
        let list = format!("{header},金额(元)\n{A},{B},1\n");
        let ran = with(list).verb("load", &[]).exits(6);
        ran.says(&[&format!("`{right}` seems to be it; rename it to `openid`")]);
    }
    let list = format!("公众号openid,金额(元)\n{A},1\n{B},1\n");
    let told = ["`公众号openid` is another id than the mini-program's openid"];
    with(list).verb("load", &[]).exits(6).says(&told);
    // Of two columns, the one that has the very name is read, and the other told.
    let list = format!("openid,小程序openid,金额(元)\n{A},{B},1\n");
    let told = ["warning: the column `openid` is read, and `小程序openid` is not"];
    loads(&with(list), &told, &["请核对应按哪一列发放"]);
}

#[test]
fn a_column_that_is_nearly_named_right_is_told() {
    let list =
        format!("openid,金额(元),祝福,活动名称,备注,门店\n{A},1,恭喜发财,春节,老客户,南山\n");
    let told = [
        "warning: the column `祝福` is kept for the reports",
        "rename it to `祝福语`",
        "warning: the column `活动名称`",
        "the column `备注` is kept for the reports",
    ];
    loads(&with(list), &told, &["“祝福”列只留作报表之用"]);
    let list = format!("openid,金额(元),祝福语,remark,门店\n{A},1,恭喜发财,春节,南山\n");
    is_silent(&with(list).verb("load", &[]).exits(0));
}

#[test]
fn what_a_program_left_in_a_text_is_told_as_a_phone_shows_it() {
    for (text, was) in [
        ("&#31069;您快乐", "祝您快乐"),
        ("A &amp; B", "A & B"),
        ("\\u606d\\u559c", "恭喜"),
        ("%E7%A5%9D", "祝"),
        ("恭喜<br>发财", "恭喜 发财"),
    ] {
        let list = format!("openid,金额(元),祝福语\n{A},1,{text}\n");
        let told =
            format!("line 2, 祝福语 is sent as it stands, and a phone shows `{text}`; `{was}`");
        loads(&with(list), &[&told], &["手机上会显示", was]);
    }
    let list = format!("openid,金额(元),祝福语\n{A},1,{{姓名}}新年快乐\n");
    loads(&with(list), &["a place for a name"], &["占位符"]);
}

#[test]
fn columns_that_change_what_a_row_is_worth_are_told() {
    let list = format!("openid,金额(元),实发金额(元),红包个数,订单金额\n{A},10,8,3,99\n");
    let told = [
        "warning: what is below `金额(元)` is paid, and `实发金额(元)`",
        "warning: each row is one packet, whatever `红包个数` says",
    ];
    let case = with(list);
    loads(&case, &told, &["请核对应按哪一列发放", "每行只发一个红包"]);
}

#[test]
fn a_control_character_at_the_end_is_named() {
    let list = format!("openid,金额(元)\n{A},10\n\u{1A}");
    with(list)
        .verb("load", &[])
        .exits(6)
        .says(&["line 3", "U+001A"]);
}

#[test]
fn a_row_that_is_struck_through_is_told() {
    let case = Case::of("39");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_row(0, 0, ["姓名", "openid", "金额(元)"])
        .unwrap();
    for (row, (name, openid)) in (1..).zip([("张三", A), ("李四", B)]) {
        let mut format = rust_xlsxwriter::Format::new().set_bold();
        if name == "李四" {
            format = format.set_font_strikethrough();
        }
        let cells = [name, openid, "1.00"];
        sheet.write_row_with_format(row, 0, cells, &format).unwrap();
    }
    book.save(case.path("list.xlsx")).unwrap();
    let told = format!(
        "1 row seems marked as not to be paid, and is paid like the others: B3, openid (李四) `{B}`, \
         struck through"
    );
    let ran = case.verb("load", &["--lang", "zh", "--check", "list.xlsx"]);
    ran.exits(0).says(&[&format!("“{B}”（有删除线）")]);
    case.verb("load", &["list.xlsx"]).exits(0).says(&[&told]);
    assert_eq!(case.count("ready"), 2);
}

#[test]
fn an_old_price_that_is_struck_out_is_no_digit_of_the_new_one() {
    let case = Case::of("39");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let (plain, struck) = (
        rust_xlsxwriter::Format::new(),
        rust_xlsxwriter::Format::new(),
    );
    let struck = struck.set_font_strikethrough();
    sheet.write_row(0, 0, ["openid", "金额(元)"]).unwrap();
    sheet.write(1, 0, A).unwrap();
    sheet
        .write_rich_string(1, 1, &[(&struck, "5"), (&plain, "1.88")])
        .unwrap();
    book.save(case.path("list.xlsx")).unwrap();
    case.verb("load", &["list.xlsx"])
        .exits(6)
        .says(&["B2, 金额(元)"]);
}

#[test]
fn what_to_do_with_another_file_fits_its_kind() {
    let tar = [b"list.csv".as_slice(), &[0; 249], b"ustar\x0000"].concat();
    let told = ["a tar archive", "unpack it"];
    with(tar).verb("load", &[]).exits(6).says(&told);
    let told = ["a video", "give the list itself"];
    with(b"\0\0\0\x20ftypisom")
        .verb("load", &[])
        .exits(6)
        .says(&told);
    for (bytes, what) in [
        (&b"%PDF-1.4"[..], "a PDF"),
        (b"SQLite format 3\0", "a database"),
        (b"{\"data\":[]}", "JSON"),
    ] {
        let told = [what, "copy its rows into a new workbook"];
        with(bytes).verb("load", &[]).exits(6).says(&told);
    }
    let told = ["an HTML page", "open it in Excel"];
    with(b"<html><table>")
        .verb("load", &[])
        .exits(6)
        .says(&told);
}

#[test]
fn money_that_is_not_yuan_is_refused_by_row() {
    let list =
        format!("姓名,openid,金额(元),币种\n张三,{A},1,CNY\n李四,{B},1,USD\n王五,{C},1,人民币\n");
    let told = "line 3, 币种 `USD` (李四): the row is in another currency than yuan";
    let case = with(&list);
    case.verb("load", &["--check"])
        .exits(6)
        .says(&[told, "1 error"]);
    case.verb("load", &["--lang", "zh"])
        .exits(6)
        .says(&["此行的币种不是人民币"]);
    let yuan = list.replace("USD", "RMB");
    is_silent(&with(yuan).verb("load", &[]).exits(0));
    let units = list.replace("币种", "单位").replace("USD", "分");
    let told = "line 3, 单位 `分` (李四): the row says another unit than the column of its amount";
    with(&units).verb("load", &[]).exits(6).says(&[told]);
    with(units)
        .verb("load", &["--lang", "zh"])
        .exits(6)
        .says(&["此行写明的单位与金额列不同"]);
    let told = [
        "`金额(美元)` is in another unit",
        "write the amounts in yuan",
    ];
    with(list.replace("金额(元)", "金额(美元)"))
        .verb("load", &[])
        .exits(6)
        .says(&told);
}

/// A sheet of three people, written with what is wrong with the second.
fn sheet_of_three(case: &Case, change: impl Fn(&mut rust_xlsxwriter::Worksheet)) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let header = ["姓名", "openid", "金额(元)"];
    sheet.write_row(0, 0, header).unwrap();
    for (row, (name, openid)) in (1..).zip([("张三", A), ("李四", B), ("王五", C)]) {
        sheet.write_row(row, 0, [name, openid, "1.00"]).unwrap();
    }
    change(sheet);
    book.save(case.path("list.xlsx")).unwrap();
}

#[test]
fn what_nobody_sees_in_a_sheet_is_told() {
    use rust_xlsxwriter::{Color, Format};
    for format in [
        Format::new().set_font_color(Color::White),
        Format::new().set_num_format(";;;"),
        Format::new()
            .set_font_color(Color::RGB(0x00C0_0000))
            .set_background_color(Color::RGB(0x00C0_0000)),
        Format::new().set_font_size(1),
    ] {
        let case = Case::of("39");
        sheet_of_three(&case, |sheet| {
            sheet.write_with_format(2, 1, B, &format).unwrap();
        });
        let told = "warning: 1 row has a cell of which nobody sees all in the sheet";
        case.verb("load", &["--check", "list.xlsx"])
            .exits(0)
            .says(&[told, "B3, openid"]);
        case.verb("load", &["--lang", "zh", "list.xlsx"])
            .exits(0)
            .says(&["有 1 行含有因颜色、字号或数字格式而看不见或看不全的单元格"]);
    }
    let case = Case::of("39");
    sheet_of_three(&case, |sheet| {
        let format = Format::new()
            .set_font_color(Color::White)
            .set_background_color(Color::Blue);
        sheet.write_with_format(2, 1, B, &format).unwrap();
    });
    is_silent(&case.verb("load", &["list.xlsx"]).exits(0));
}

/// A visible 1 and a white 88 are 188 to a program.
#[test]
fn a_part_of_an_amount_that_nobody_sees_is_told() {
    use rust_xlsxwriter::{Color, Format, FormatScript};
    let plain = Format::new();
    let blue = Format::new().set_background_color(Color::Blue);
    for (hidden, cell, is_told) in [
        (Format::new().set_font_color(Color::White), &plain, true),
        (Format::new().set_font_size(1), &plain, true),
        (Format::new().set_font_color(Color::White), &blue, false),
        (Format::new().set_font_color(Color::Red), &plain, false),
    ] {
        let case = Case::of("39");
        sheet_of_three(&case, |sheet| {
            let parts = [(&plain, "1"), (&hidden, "88"), (&plain, ".00")];
            sheet
                .write_rich_string_with_format(2, 2, &parts, cell)
                .unwrap();
        });
        let ran = case.verb("load", &["list.xlsx"]).exits(0);
        if is_told {
            ran.says(&["of which nobody sees all in the sheet", "C3, 金额(元)"]);
        } else {
            is_silent(&ran);
        }
    }
    let case = Case::of("39");
    sheet_of_three(&case, |sheet| {
        let raised = Format::new().set_font_script(FormatScript::Superscript);
        let parts = [(&plain, "1"), (&raised, "88")];
        sheet.write_rich_string(2, 2, &parts).unwrap();
    });
    case.verb("load", &["list.xlsx"])
        .exits(6)
        .says(&["C3, 金额(元)"]);
}

/// A number as its format shows it is what a person approves.
#[test]
fn what_a_number_format_says_of_its_number_is_told() {
    let sheet_with = |code: &str| {
        let case = Case::of("39");
        let format = rust_xlsxwriter::Format::new().set_num_format(code);
        sheet_of_three(&case, |sheet| {
            sheet.write_with_format(2, 2, 1.88, &format).unwrap();
        });
        case
    };
    for code in ["-0.00", "(0.00)", "[White]0.00", "[Color2]0.00"] {
        let ran = sheet_with(code).verb("load", &["list.xlsx"]).exits(6);
        ran.says(&["C3, 金额(元)", "the cell's format shows something else"]);
    }
    for (code, printed) in [
        ("0.00\"(已付)\"", "(已付)"),
        ("\"作废\"0.00", "作废"),
        ("0.00\" 不发\"", "不发"),
    ] {
        let case = sheet_with(code);
        let told = format!("C3, 金额(元) (李四), number format `{printed}`");
        let ran = case.verb("load", &["--check", "list.xlsx"]).exits(0);
        ran.says(&["1 row seems marked as not to be paid", &told]);
        let told = format!("数字格式“{printed}”");
        let ran = case.verb("load", &["--lang", "zh", "list.xlsx"]).exits(0);
        ran.says(&[&told]);
    }
    is_silent(
        &sheet_with("0.00\"元\"")
            .verb("load", &["list.xlsx"])
            .exits(0),
    );
}

/// Whether the rule holds is not known: its cells are told.
#[test]
fn what_a_conditional_format_can_hide_in_a_sheet_is_told() {
    use rust_xlsxwriter::{Color, ConditionalFormatFormula, Format};
    let white = || Format::new().set_font_color(Color::White);
    let on_red = || Format::new().set_background_color(Color::Red);
    for (format, (last_row, column), told) in [
        (white(), (3, 0), Some("hide what stands in A3:C4")),
        (
            on_red().set_font_color(Color::Red),
            (2, 1),
            Some("in B3:C3,"),
        ),
        (
            Format::new().set_num_format(";;;"),
            (3, 1),
            Some("in B3:C4,"),
        ),
        (
            Format::new().set_font_strikethrough(),
            (3, 1),
            Some("or strike it through"),
        ),
        (white().set_background_color(Color::Red), (3, 0), None),
        (on_red(), (3, 0), None),
        (Format::new().set_border_color(Color::White), (3, 0), None),
    ] {
        let case = Case::of("39");
        sheet_of_three(&case, |sheet| {
            let rule = ConditionalFormatFormula::new().set_rule("=$A3=\"李四\"");
            let rule = rule.set_format(&format);
            sheet
                .add_conditional_format(2, column, last_row, 2, &rule)
                .unwrap();
            // Beside the list nothing is read.
            let beside = ConditionalFormatFormula::new().set_rule("=$A3=0");
            let beside = beside.set_format(white());
            sheet.add_conditional_format(2, 7, 3, 8, &beside).unwrap();
        });
        let ran = case.verb("load", &["--check", "list.xlsx"]).exits(0);
        let Some(told) = told else {
            is_silent(&ran);
            continue;
        };
        ran.says(&["warning: a conditional format of the sheet", told]);
        let ran = case.verb("load", &["--lang", "zh", "list.xlsx"]).exits(0);
        ran.says(&["警告：工作表的条件格式会以颜色、数字格式或图标、数据条隐藏"]);
    }
}

#[test]
fn an_icon_or_a_bar_in_the_place_of_a_number_is_told_once() {
    use rust_xlsxwriter::{
        ConditionalFormatDataBar, ConditionalFormatIconSet, ConditionalFormatIconType,
    };
    for is_alone in [false, true] {
        let case = Case::of("39");
        sheet_of_three(&case, |sheet| {
            (1..4).for_each(|row| {
                sheet.write(row, 2, f64::from(row)).unwrap();
            });
            let icons = ConditionalFormatIconSet::new()
                .set_icon_type(ConditionalFormatIconType::ThreeArrows)
                .show_icons_only(is_alone);
            sheet.add_conditional_format(1, 2, 1, 2, &icons).unwrap();
            let bar = ConditionalFormatDataBar::new().set_bar_only(is_alone);
            sheet.add_conditional_format(2, 2, 3, 2, &bar).unwrap();
        });
        let ran = case.verb("load", &["--check", "list.xlsx"]).exits(0);
        if is_alone {
            ran.says(&["hide what stands in C2, C3:C4, by"]);
        } else {
            is_silent(&ran);
        }
    }
}

#[test]
fn a_comment_that_marks_a_row_is_told() {
    let case = Case::of("39");
    sheet_of_three(&case, |sheet| {
        let note = |text| rust_xlsxwriter::Note::new(text).set_author("王经理");
        sheet.insert_note(1, 1, &note("已核对")).unwrap();
        sheet.insert_note(2, 2, &note("离职，不发")).unwrap();
    });
    let told = [
        "1 row seems marked as not to be paid",
        "C3, 金额(元) (李四), comment `",
        "离职，不发`",
    ];
    case.verb("load", &["--check", "list.xlsx"])
        .exits(0)
        .says(&told);
    case.verb("load", &["--lang", "zh", "list.xlsx"])
        .exits(0)
        .says(&["有 1 行像是已标注为不发放", "批注“"]);
    assert_eq!(case.count("ready"), 3);
}

#[test]
fn a_comment_on_the_header_is_told() {
    let case = Case::of("39");
    sheet_of_three(&case, |sheet| {
        let note = rust_xlsxwriter::Note::new("先别发，等通知").set_author("王经理");
        sheet.insert_note(0, 2, &note).unwrap();
    });
    let ran = case.verb("load", &["--check", "list.xlsx"]).exits(0);
    ran.says(&["C1", "先别发，等通知"]);
}

#[test]
fn a_comment_on_the_header_that_names_another_unit_is_refused() {
    for (text, is_refused) in [
        ("单位是分，不是元", true),
        ("单位：分", true),
        ("amounts in cents", true),
        ("单位：元", false),
        ("满 100 元才发", false),
    ] {
        let case = Case::of("39");
        sheet_of_three(&case, |sheet| {
            let note = rust_xlsxwriter::Note::new(text).set_author("财务");
            sheet.insert_note(0, 2, &note).unwrap();
            // Beside another column it says nothing of the amounts.
            let note = rust_xlsxwriter::Note::new("单位：分");
            sheet.insert_note(0, 0, &note).unwrap();
        });
        let ran = case.verb("load", &["--check", "list.xlsx"]);
        if is_refused {
            ran.exits(6)
                .says(&["C1", text, "rename the column to `amount_yuan`"]);
        } else {
            ran.exits(0);
        }
    }
}

#[test]
fn a_person_in_several_rows_is_told_with_them() {
    let list =
        format!("业务单号,姓名,openid,金额(元)\nk1,张三,{A},1\nk2,李四,{B},1\nk3,张三,{A},2\n");
    let told = [
        "1 person stands in more than one row, 2 in all, and each row is a packet of its own",
        &format!("line 2, openid (张三) `{A}`; line 4, openid (张三) `{A}`"),
    ];
    let case = with(&list);
    loads(&case, &told, &["有 1 人出现在多行中（共 2 行）"]);
    assert_eq!(case.count("ready"), 3);
    let rest = [5, 6, 7, 8].map(|row| format!("k{row},{row},{C},1\n"));
    let told = ["2 people stand in more than one row, 6 in all"];
    with(list + &rest.concat())
        .verb("load", &["--check"])
        .exits(0)
        .says(&told);
}

#[test]
fn columns_are_told_by_what_they_are_read_as() {
    let list = format!("姓名,openid,金额（元）,祝福语,门店\n张三,{A},1,恭喜,南山\n");
    let told = [
        "columns read: `openid`; `金额（元）` as amount_yuan; `祝福语` as wishing\n",
        "columns kept for the reports, never sent: `姓名`; `门店`\n",
    ];
    let case = with(list);
    case.verb("load", &["--check"]).exits(0).says(&told);
    // A plan tells them in the same words, before the list is loaded and after it.
    let chinese = [
        "读取的列：“openid”；“金额（元）”（即 amount_yuan）；“祝福语”（即 wishing）\n",
        "仅留作报表、不会发送的列：“姓名”；“门店”\n",
    ];
    let planned = || {
        let plan = case.verb("plan", &[]).exits(0).stdout;
        assert!(plan.starts_with(&told.concat()), "{plan}");
        let plan = case.verb("plan", &["--lang", "zh"]).exits(0).stdout;
        assert!(plan.starts_with(&chinese.concat()), "{plan}");
        let plan = case.verb("plan", &["--json"]).exits(0).stdout;
        let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
        plan["columns"].clone()
    };
    let columns = planned();
    assert_eq!(columns.as_array().map(Vec::len), Some(2), "{columns}");
    assert_eq!(columns[1]["en"], told[1].trim_end());
    assert_eq!(columns[1]["zh"], chinese[1].trim_end());
    let loaded = case.verb("load", &["--lang", "zh", "--json"]).exits(0);
    let object: serde_json::Value = serde_json::from_str(&loaded.stdout).unwrap();
    assert_eq!(object["columns"], columns);
    loaded.says(&chinese);
    assert_eq!(planned(), columns);
    // What is loaded is planned, whatever lies there today.
    let other = format!("openid,金额（元）\n{B},1\n");
    std::fs::write(case.path("list.csv"), other).unwrap();
    let plan = case.verb("plan", &["--json"]).exits(0).stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["columns"], serde_json::Value::Null);
    let plan = case.verb("plan", &[]).exits(0).stdout;
    assert!(plan.starts_with("campaign "), "{plan}");
}
