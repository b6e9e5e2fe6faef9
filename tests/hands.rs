//! Lists as hands, spreadsheets and back ends leave them: each loads right, or is named by what is
//! wrong with it, and `plan` and `load` show what a person should see.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use crate::support::{Case, Ran};

/// A folder of `tests/cases` with a campaign in simulator mode.
fn case(number: &str) -> Case {
    let case = Case::of(number);
    let campaign = "/tests/cases/39-list-from-a-pipe/campaign.toml";
    let campaign = format!("{}{campaign}", env!("CARGO_MANIFEST_DIR"));
    fs::copy(campaign, case.path("campaign.toml")).unwrap();
    case
}

fn load(case: &Case, file: &str) -> Ran {
    case.verb("load", &[file])
}

/// Refused with these words, in the other language too, and nothing is loaded.
#[track_caller]
fn refused(number: &str, file: &str, told: &[&str], told_zh: &str) {
    let case = case(number);
    load(&case, file).exits(6).says(told);
    case.verb("load", &["--check", file]).exits(6).says(told);
    case.verb("load", &["--lang", "zh", file])
        .exits(6)
        .says(&[told_zh]);
}

/// Loaded as so many packets, with these words.
#[track_caller]
fn loaded(number: &str, file: &str, count: u64, told: &[&str], told_zh: &str) -> Case {
    let case = case(number);
    case.verb("load", &["--lang", "zh", "--check", file])
        .exits(0)
        .says(&[told_zh]);
    load(&case, file).exits(0).says(told);
    assert_eq!(case.count("ready"), count, "{file}");
    case
}

#[test]
fn utf8_with_a_broken_place_is_refused_by_its_line() {
    let told = [
        "line 3: the file is UTF-8, and not on this line",
        "CSV UTF-8",
    ];
    refused("04", "list.csv", &told, "第 3 行：文件是 UTF-8，但此行不是");
    refused(
        "04",
        "list-2.csv",
        &told,
        "第 3 行：文件是 UTF-8，但此行不是",
    );
}

#[test]
fn an_id_that_looks_escaped_is_no_other_id() {
    let case = loaded("05", "list.xlsx", 1, &["loaded"], "");
    case.verb("show", &["oR4k2v_x0041_BCDEFGHIJKLMNOP"])
        .exits(0);
}

#[test]
fn no_thousands_begin_with_a_zero() {
    let told = "a comma inside the amount: write 1234.50";
    refused(
        "09",
        "list.csv",
        &["amount_yuan `0,188`", told, "4 errors"],
        "共 4 处错误",
    );
}

#[test]
fn rows_inside_quotes_are_people_who_would_get_nothing() {
    let told = "a quote opens in this row, and line 3, a row of the list, is inside";
    refused("10", "list.csv", &["line 2", told], "此行的引号把第 3 行");
}

#[test]
fn blank_rows_are_none_in_a_text_as_in_a_sheet() {
    loaded("13", "list.csv", 2, &["loaded"], "");
    loaded("13", "list.xlsx", 2, &["loaded"], "");
}

#[test]
fn a_row_of_no_height_is_hidden() {
    loaded(
        "14",
        "list.xlsx",
        2,
        &["1 row hidden in the sheet", "row 3"],
        "1 行被隐藏",
    );
}

#[test]
fn lost_characters_are_not_sent() {
    let told = ["line 2, wishing", "characters of wishing were lost"];
    refused("15", "list.csv", &told, "在编码转换时已丢失");
}

#[test]
fn what_is_not_utf8_is_named_and_shown() {
    for (file, other, text) in [
        ("big5.csv", "Big5", "恭喜發財"),
        ("shift-jis.csv", "Shift_JIS", "おめでとう"),
        ("windows-1252.csv", "windows-1252", "Feliz año nuevo"),
    ] {
        let told = format!("as {other} it would be `{text}`");
        let told = ["the list is read as GB18030: line 2, wishing is `", &told];
        let case = loaded("24", file, 1, &told, "名单按 GB18030 编码读取：第 2 行");
        fs::copy(case.path(file), case.path("list.csv")).unwrap();
        case.verb("plan", &[]).exits(0).says(&told);
        fs::remove_file(case.path("hongbao.simulator.db")).unwrap();
        case.verb("plan", &[]).exits(0).says(&told);
    }
}

#[test]
fn a_sep_line_and_guards_are_read_over() {
    loaded("25", "list.csv", 1, &["loaded"], "");
    let case = loaded("26", "list.csv", 1, &["loaded"], "");
    case.verb("show", &["oR4k2v5JRtpBk5x2LzlNEOIo__fZ"])
        .exits(0);
}

#[test]
fn what_is_no_table_is_named() {
    for (file, what, zh) in [
        ("html.xls", "the file is an HTML page", "文件其实是网页"),
        (
            "xml2003.xls",
            "the file is an XML 2003 sheet",
            "XML 2003 表格",
        ),
        ("list.json", "the file is JSON", "JSON 文件"),
        ("list.pdf", "the file is a PDF", "PDF"),
    ] {
        refused("27", file, &[what, "save it as .xlsx"], zh);
    }
    let case = case("27");
    fs::write(case.path("~$list.xlsx"), [b' '; 165]).unwrap();
    load(&case, "~$list.xlsx")
        .exits(6)
        .says(&["keeps beside a list that is open"]);
}

#[test]
fn a_formula_without_a_value_is_a_formula() {
    refused(
        "30",
        "list.xlsx",
        &["the cell is a formula"],
        "单元格是公式",
    );
}

#[test]
fn an_openid_of_another_length_is_told() {
    let told = [
        "an openid has 27 characters, and others have 28",
        "line 3, openid",
    ];
    loaded("37", "list.csv", 3, &told, "1 个 openid 为 27 个字符");
}

#[test]
fn a_list_from_a_pipe_is_read() {
    for line in [
        "cat list.csv | hongbao load campaign.toml /dev/stdin",
        "cat list.csv | hongbao load campaign.toml -",
        "hongbao load campaign.toml <(cat list.csv)",
        "mkfifo pipe; cat list.csv > pipe & hongbao load campaign.toml pipe",
        "hongbao load campaign.toml /dev/stdin < list.csv",
    ] {
        let case = case("39");
        case.shell(line).exits(0).says(&["loaded"]);
        assert!(case.count("ready") > 0, "{line}");
        // The list of the campaign file is the one that was loaded.
        case.verb("load", &[]).exits(0).says(&["already loaded"]);
    }
    let piped = case("39");
    fs::rename(piped.path("list.csv"), piped.path("kept.csv")).unwrap();
    let told = ["came through a pipe", "save the same bytes as a file"];
    let line = "cat kept.csv | hongbao load campaign.toml -";
    piped.shell(line).exits(0).says(&told);
    piped
        .shell("cat kept.csv > list.csv; hongbao run campaign.toml")
        .exits(0);
    let case = case("39");
    let told = ["line 2", "rejects.csv"];
    let line = "printf 'openid,fen\\nx,1\\n' | hongbao load campaign.toml /dev/stdin";
    case.shell(line).exits(6).says(&told);
    assert!(case.path("rejects.csv").exists());
}

#[test]
fn a_sheet_is_named_where_several_have_cells() {
    let case = case("39");
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recipients/written/");
    fs::copy(
        format!("{written}openpyxl-two-sheets.xlsx"),
        case.path("a.xlsx"),
    )
    .unwrap();
    load(&case, "a.xlsx")
        .exits(6)
        .says(&["\"Sheet\", \"说明\"", "--sheet"]);
    let no = ["no visible sheet is named `x`", "\"Sheet\", \"说明\""];
    case.verb("load", &["a.xlsx", "--sheet", "x"])
        .exits(6)
        .says(&no);
    case.verb("load", &["list.csv", "--sheet", "x"])
        .exits(6)
        .says(&["leave out"]);
    case.verb("load", &["a.xlsx", "--sheet", "sheet", "--check"])
        .exits(0)
        .says(&["load campaign.toml a.xlsx --sheet sheet"]);
    case.verb("load", &["a.xlsx", "--sheet", "sheet"]).exits(0);
    assert_eq!(case.count("ready"), 3);
    let loaded = ["already loaded"];
    case.verb("load", &["a.xlsx", "--sheet", "Sheet"])
        .exits(0)
        .says(&loaded);
    case.verb("load", &["a.xlsx"]).exits(0).says(&loaded);
    // Another sheet of the same file is another list.
    case.verb("load", &["a.xlsx", "--sheet", "说明"])
        .exits(6)
        .says(&["row 1"]);
}

#[test]
fn of_two_sheets_alike_the_very_name_is_read() {
    let case = case("39");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [("名单 ", 1), ("名单", 2)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["openid", "金额(元)"]).unwrap();
        for row in 1..=rows {
            let openid = format!("oSheet{}{rows}{row}", "A".repeat(20));
            sheet.write_row(row, 0, [openid.as_str(), "1.00"]).unwrap();
        }
    }
    book.save(case.path("a.xlsx")).unwrap();
    let both = ["no visible sheet is named", "\"名单 \", \"名单\""];
    case.verb("load", &["a.xlsx", "--sheet", " 名单"])
        .exits(6)
        .says(&both);
    case.verb("load", &["a.xlsx", "--sheet", "名单"]).exits(0);
    assert_eq!(case.count("ready"), 2);
    case.verb("load", &["a.xlsx", "--sheet", "名单"])
        .exits(0)
        .says(&["already loaded"]);
    // The other one is another list.
    case.verb("load", &["a.xlsx", "--sheet", "名单 "]).exits(0);
    assert_eq!(case.count("ready"), 3);
}

/// A list of these bytes is refused with these words, and nothing is loaded.
#[track_caller]
fn is_refused(bytes: &[u8], told: &[&str]) {
    let case = case("10");
    for file in ["list.csv", "list.xls"] {
        fs::write(case.path(file), bytes).unwrap();
        load(&case, file).exits(6).says(told);
    }
}

const ONE: &str = "oR4k2v5SDbGlTB-fM9ky8RFzj0Eb";
const OTHER: &str = "oR4k2v5JRtpBk5x2LzlNEOIo__fZ";

#[test]
fn people_inside_a_header_are_seen() {
    for (text, line) in [
        (
            format!("openid,amount_yuan,\"备注\n{ONE},1.88,x\"\n{OTHER},2.00,y\n"),
            2,
        ),
        (
            format!("\"姓名\n张三,{ONE},1.88\n李四\",openid,amount_yuan\n王五,{OTHER},2.00\n"),
            2,
        ),
        (
            format!("openid,amount_yuan,\"\n{ONE},1.88,\"\n{OTHER},2.00,y\n"),
            2,
        ),
        (
            format!("openid\tamount_yuan\t\"备注\n{ONE}\t1.88\tx\"\n{OTHER}\t2.00\ty\n"),
            2,
        ),
        (
            format!("sep=,\r\nopenid,amount_yuan,\"a\r\n b\r\n{ONE},1.88,x\"\r\n{OTHER},2,y\r\n"),
            4,
        ),
    ] {
        let told = format!("line {line}, a row of the list, is inside the quotes");
        is_refused(text.as_bytes(), &[&told]);
    }
    // A sheet that was made of such a text.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let swallowed = format!("备注\n{ONE},1.88,x");
    for (column, name) in ["openid", "amount_yuan", &swallowed].iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet.write(0, column, *name).unwrap();
        sheet
            .write(1, column, [OTHER, "2.00", "y"][usize::from(column)])
            .unwrap();
    }
    let made = case("10");
    book.save(made.path("list.xlsx")).unwrap();
    load(&made, "list.xlsx")
        .exits(6)
        .says(&["a whole row of the list is inside one cell"]);
    // A name may have two lines, and tell of an openid.
    let names = "openid,\"金额\n(元)\",\"奖品\nprize_description_of_it\"";
    let text = format!("{names},\"备注\n例 {ONE}\"\n{OTHER},2.00,y,z\n");
    let case = case("10");
    fs::write(case.path("list.csv"), text).unwrap();
    load(&case, "list.csv").exits(0);
    assert_eq!(case.count("ready"), 1);
}

#[test]
fn who_stands_above_the_header_is_not_to_be_deleted() {
    for text in [
        format!("{ONE},1.88\nopenid,amount_yuan\n{OTHER},2.00\n"),
        format!("名单,\n{ONE},1.88\nopenid,amount_yuan\n{OTHER},2.00\n"),
    ] {
        is_refused(
            text.as_bytes(),
            &["rows that have openids", "move that row to the top"],
        );
    }
    let title = format!("名单,x\nopenid,amount_yuan\n{OTHER},2.00\n");
    is_refused(title.as_bytes(), &["line 2: delete the rows above it"]);
}

#[test]
fn an_old_workbook_without_its_container_is_one() {
    for head in [
        &[0x09, 0x08, 0x08, 0x00, 0x00, 0x00, 0x10, 0x00][..],
        &[0x09, 0x00, 0x04, 0x00, 0x02, 0x00, 0x10, 0x00],
        &[0x09, 0x02, 0x06, 0x00, 0x00, 0x00, 0x10, 0x00],
        &[0x09, 0x04, 0x06, 0x00, 0x00, 0x00, 0x10, 0x00],
    ] {
        let cells = b"\x00\x00\x00\x00\x04\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x06\x00openid";
        is_refused(&[head, cells].concat(), &["save it as .xlsx", "(.xls)"]);
    }
}

#[test]
fn a_list_that_cannot_be_read_is_named() {
    let case = case("39");
    for file in ["list.csv", "gone.csv"] {
        let campaign = fs::read_to_string(case.path("campaign.toml")).unwrap();
        let line = campaign.lines().find(|line| line.starts_with("recipients"));
        let campaign = campaign.replace(line.unwrap(), &format!("recipients = {file:?}"));
        fs::write(case.path("campaign.toml"), campaign).unwrap();
        if file == "list.csv" {
            let _ = fs::remove_file(case.path(file));
            fs::create_dir(case.path(file)).unwrap();
        }
        for verb in ["load", "plan", "run"] {
            case.verb(verb, &[]).exits(6).says(&[file]);
        }
        let doctor = case.verb("doctor", &[]).exits(7);
        assert!(doctor.stdout.contains("✗ list"), "{}", doctor.stdout);
        assert!(doctor.stdout.contains(file), "{}", doctor.stdout);
    }
}

/// Everybody gets the texts of the campaign file: they are looked at as a list's are, and shown.
#[test]
fn a_broken_text_of_the_campaign_file_is_warned_of() {
    for (text, told, zh) in [
        (
            "澶╄櫣鐧捐揣",
            "which looks like `天虹百货`",
            "像是“天虹百货”",
        ),
        ("????", "lost characters", "丢失了字符"),
        (
            "&#22825;&#34425;",
            "`天虹` seems to be meant",
            "原意像是“天虹”",
        ),
        ("{{商户}}", "a place that nothing is put into", "占位符"),
        ("null", "everybody gets it as it stands", "将原样发给每个人"),
        ("同上", "everybody gets it as it stands", "将原样发给每个人"),
    ] {
        for key in ["act_name", "send_name", "wishing", "remark"] {
            let case = case("39");
            let text_of = fs::read_to_string(case.path("campaign.toml")).unwrap();
            let is_it = |line: &&str| line.starts_with(&format!("{key} "));
            let line = text_of.lines().find(is_it).unwrap();
            let changed = text_of.replace(line, &format!("{key} = {text:?}"));
            fs::write(case.path("campaign.toml"), changed).unwrap();
            fs::write(
                case.path("list.csv"),
                format!("openid,amount_yuan\n{ONE},1.88\n"),
            )
            .unwrap();
            let told = [key, told];
            let planned = case.verb("plan", &["--lang", "zh"]).exits(0).says(&[zh]);
            assert!(planned.stdout.contains(&format!("{key} {text:?}")));
            case.verb("plan", &[]).exits(0).says(&told);
            case.verb("load", &[]).exits(0).says(&told);
        }
    }
    let case = case("39");
    fs::write(
        case.path("list.csv"),
        format!("openid,amount_yuan\n{ONE},1.88\n"),
    )
    .unwrap();
    let planned = case.verb("plan", &[]).exits(0);
    assert!(
        !planned.stderr.contains("of the campaign file"),
        "{}",
        planned.stderr
    );
}

/// What was sent is not taken back: its row says what to do instead.
#[test]
fn a_row_that_was_changed_after_its_packet_was_sent_has_a_way_on() {
    let case = case("39");
    let list = |fen: &str, more: &str| {
        let text = format!("row_key,openid,amount_yuan\nk1,{ONE},{fen}\n{more}");
        fs::write(case.path("list.csv"), text).unwrap();
    };
    list("1.88", "");
    case.verb("load", &[]).exits(0);
    list("1.89", "");
    case.verb("load", &[])
        .exits(6)
        .says(&["`hongbao withdraw` takes it back first"]);
    list("1.88", "");
    case.verb("run", &[]).exits(0);
    list("1.89", "");
    let told = [
        "was sent with amount \"1.88\"",
        "a row and a row key of its own",
    ];
    case.verb("load", &[]).exits(6).says(&told);
    // The way on.
    list("1.88", &format!("k2,{ONE},1.01\n"));
    let again = ["--allow-repeats", "1"];
    case.verb("load", &again)
        .exits(0)
        .says(&["loaded list.csv"]);
    case.verb("run", &[]).exits(0);
    assert_eq!(case.count("sent"), 2);
}

#[test]
fn an_id_that_a_spreadsheet_would_make_a_formula_of_is_named_as_one() {
    for guard in [
        "=“_”", "=＂_＂", "='_'", "=(\"_\")", "=_", "＝\"_\"", "'=\"_\"",
    ] {
        let quoted = |id: &str| format!("\"{}\"", guard.replace('_', id).replace('"', "\"\""));
        let key = format!(
            "row_key,openid,amount_yuan\n{},{ONE},1.88\n",
            quoted("0012")
        );
        is_refused(
            key.as_bytes(),
            &["line 2, row_key", "the cell is a formula"],
        );
        let openid = format!("row_key,openid,amount_yuan\nk1,{},1.88\n", quoted(ONE));
        is_refused(openid.as_bytes(), &["line 2, openid", "line 2"]);
    }
    let case = case("10");
    let text =
        format!("row_key,openid,amount_yuan\n\"=\"\"0012\"\"\",{ONE},1.88\nab==,{OTHER},1\n");
    fs::write(case.path("list.csv"), text).unwrap();
    load(&case, "list.csv").exits(0);
    case.verb("show", &["0012"]).exits(0);
    case.verb("show", &["ab=="]).exits(0);
}

/// What turns the direction of a text is seen by nobody.
#[test]
fn a_character_that_turns_an_amount_or_an_openid_is_named() {
    for (openid, amount) in [
        (format!("\u{202d}{ONE}\u{202c}"), "1.88".to_owned()),
        (ONE.to_owned(), "\u{2066}1.88\u{2069}".to_owned()),
    ] {
        let text = format!("openid,amount_yuan\n{openid},{amount}\n");
        is_refused(
            text.as_bytes(),
            &["control character U+20", "type the cell anew"],
        );
    }
}
