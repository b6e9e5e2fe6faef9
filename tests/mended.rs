//! A list with a mistake, in the hands of somebody who knows spreadsheets and not this program:
//! the message names the person, the place and the one thing to do, and done it is loaded.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use rust_xlsxwriter::{Formula, Workbook, Worksheet};

use crate::support::{Campaign, Ran};

/// The people of the workbook: openid, name, phone, note and yuan.
const PEOPLE: [(&str, &str, f64, &str, f64); 4] = [
    (
        "oR4k2v5JRtpBk5x2LzlNEOIo__fZ",
        "张三",
        13_800_138_000.0,
        "老客户",
        1.88,
    ),
    (
        "oR4k2v5SDbGlTB-fM9ky8RFzj0Eb",
        "李四",
        13_900_139_001.0,
        "",
        8.8,
    ),
    (
        "oR4k2v5jItRuPROI78Mb_GYi8OLs",
        "王五",
        13_700_137_002.0,
        "请尽快",
        5.0,
    ),
    (
        "oR4k2v5Lq0aZ-1xCVbNmQwErTyUi",
        "赵六",
        15_000_150_003.0,
        "",
        12.5,
    ),
];
const NAMES: [&str; 6] = ["openid", "姓名", "手机号", "备注", "金额(元)", "合计"];

/// The workbook as it should be, with a total below, and then changed.
fn workbook(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, NAMES).unwrap();
    for (row, (openid, name, phone, note, yuan)) in (1u32..).zip(PEOPLE) {
        sheet.write_row(row, 0, [openid, name]).unwrap();
        sheet.write(row, 2, phone).unwrap();
        sheet.write(row, 3, note).unwrap();
        sheet.write_row(row, 4, [yuan, yuan]).unwrap();
    }
    sheet.write(5, 0, "合计").unwrap();
    sheet.write_row(5, 4, [28.18, 28.18]).unwrap();
    change(sheet);
    book.save_to_buffer().unwrap()
}

fn load(campaign: &Campaign, book: &[u8], lang: &str) -> Ran {
    campaign.write("名单.xlsx", book);
    let path = campaign.path("名单.xlsx");
    let rest = [path.to_str().unwrap()];
    campaign
        .start_at("load", &rest, &[("HONGBAO_LANG", lang)])
        .wait()
}

/// Refused with these words in both languages, `English | 中文`; mended, it is loaded.
fn mended(wrong: impl Fn(&mut Worksheet), says: &[&str], right: impl FnOnce(&mut Worksheet)) {
    let campaign = Campaign::of(0);
    for lang in ["en", "zh"] {
        let refused = load(&campaign, &workbook(&wrong), lang).exits(6);
        for told in says {
            let (english, chinese) = told.split_once(" | ").unwrap();
            let told = if lang == "en" { english } else { chinese };
            assert!(
                refused.stderr.contains(told),
                "no {told:?} in:\n{}",
                refused.stderr
            );
        }
        let last = refused.stderr.lines().last().unwrap();
        let mend = "mend the list at these places, then give the same command again";
        assert!(last == mend || last.starts_with("请在名单中改正"), "{last}");
    }
    let book = workbook(|sheet| {
        wrong(sheet);
        right(sheet);
    });
    load(&campaign, &book, "en")
        .exits(0)
        .says(&["4 packets, 28.18 yuan"]);
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    mended(
        |sheet| {
            sheet.write(0, 0, "微信openid").unwrap();
            sheet.write(0, 4, "红包金额").unwrap();
        },
        &[
            "the header has `微信openid` `姓名` `手机号` | 表头现有 `微信openid` `姓名` `手机号`",
            "`微信openid` seems to be it; rename it to `openid` | 请改名为 `openid`",
            "`红包金额` seems to be it; rename it to `amount_yuan` | `红包金额` 可能就是该列",
        ],
        |sheet| {
            sheet.write(0, 0, "openid").unwrap();
            sheet.write(0, 4, "金额(元)").unwrap();
        },
    );
}

#[test]
fn a_list_of_phone_numbers_is_said_to_be_one() {
    mended(
        |sheet| {
            for row in 0..=5 {
                sheet.clear_cell(row, 0);
            }
            sheet.write(5, 1, "合计").unwrap();
        },
        &["`手机号` has phone numbers | `手机号` 列是手机号，微信支付只能按 openid 发放"],
        |sheet| {
            sheet.write(0, 0, "openid").unwrap();
            for (row, (openid, ..)) in (1u32..).zip(PEOPLE) {
                sheet.write(row, 0, openid).unwrap();
            }
        },
    );
    mended(
        |sheet| {
            sheet.write(2, 0, 13_900_139_001.0).unwrap();
        },
        &["A3, openid `13900139001` (李四): a phone number is no | （李四）：手机号不是 openid"],
        |sheet| {
            sheet.write(2, 0, PEOPLE[1].0).unwrap();
        },
    );
}

#[test]
fn a_column_without_a_unit_is_told_once() {
    mended(
        |sheet| {
            sheet.write(0, 4, "金额").unwrap();
        },
        &[
            "1 error, nothing | 共 1 处错误",
            "E1, 金额: the column does not say yuan or fen: `5` (row 4) is 5.00 yuan or 0.05 yuan \
             | 请把列名改为 `金额(元)` 或 `金额(分)`",
        ],
        |sheet| {
            sheet.write(0, 4, "金额(元)").unwrap();
        },
    );
}

#[test]
fn an_amount_is_told_with_what_is_in_its_way_and_whose_it_is() {
    let amounts = ["1.88 CNY", "(8.80)", "5.00 (已付)", "￥-"];
    mended(
        |sheet| {
            for (row, text) in (1u32..).zip(amounts) {
                sheet.write(row, 4, text).unwrap();
            }
        },
        &[
            "E2, 金额(元) `1.88 CNY` (张三): `CNY` stands beside | （张三）：数字旁边还有“CNY”",
            "`(8.80)` (李四): brackets around an amount | （李四）：括号括起的金额",
            "`5.00 (已付)` (王五): `(已付)` stands beside | （王五）：数字旁边还有“(已付)”",
            "`￥-` (赵六): a dash | （赵六）：短横线",
            "rejects.csv: the 4 rows at fault | 有误的 4 行",
        ],
        |sheet| {
            for (row, (.., yuan)) in (1u32..).zip(PEOPLE) {
                sheet.write(row, 4, yuan).unwrap();
            }
        },
    );
}

#[test]
fn a_person_twice_is_named() {
    mended(
        |sheet| {
            sheet.write(3, 0, PEOPLE[0].0).unwrap();
        },
        &[
            "A4, openid `oR4k2v5JRtpBk5x2LzlNEOIo__fZ` (王五): the same openid is on row 2 | （王五）",
        ],
        |sheet| {
            sheet.write(3, 0, PEOPLE[2].0).unwrap();
        },
    );
}

#[test]
fn a_total_that_is_wrong_is_known_as_one() {
    mended(
        |sheet| {
            sheet.write(5, 0, "合计5人").unwrap();
        },
        &["row 6: the total row says 5 people and 4 are above | 合计行写的是 5 人，而以上共 4 人"],
        |sheet| {
            sheet.write(5, 0, "合计4人").unwrap();
        },
    );
    mended(
        |sheet| {
            sheet.write(5, 4, 30.0).unwrap();
        },
        &[
            "the total row says 30.00 yuan and the rows above add up to 28.18 | 以上各行合计为 28.18 元",
        ],
        |sheet| {
            sheet.write(5, 4, 28.18).unwrap();
        },
    );
}

#[test]
fn formulas_are_pasted_back_as_values() {
    mended(
        |sheet| {
            for row in 1u32..5 {
                // What is only kept may be looked up.
                let found = Formula::new("=VLOOKUP(A2,x,2,0)").set_result("门店");
                sheet.write_formula(row, 3, found).unwrap();
                let sum = Formula::new(format!("=F{}*1", row + 1)).set_result("5");
                sheet.write_formula(row, 4, sum).unwrap();
            }
        },
        &["E2, 金额(元) `5` (张三): the cell is a formula | 单元格是公式"],
        |sheet| {
            for (row, (.., yuan)) in (1u32..).zip(PEOPLE) {
                sheet.write(row, 4, yuan).unwrap();
            }
        },
    );
}

#[test]
fn totals_of_parts_and_of_people_are_paid_to_nobody() {
    let campaign = Campaign::of(0);
    let [a, b, c, d] = PEOPLE.map(|it| it.0);
    for (below, says) in [
        ("合计2人,,10.68\n", "line 6: the total row is right"),
        ("共2人,,\n", "line 6: the total row is right"),
        ("总计,,10.68元\n", "line 6: the total row is right"),
        ("Total,,10.68\n", "line 6: the total row is right"),
        ("小计,,10.68\n", "line 6: the total row is right"),
        (
            "\"合计2人，共10.68元\",,\n",
            "line 6: the total row is right",
        ),
        (
            "合计,,10.68\n共2人,,\n",
            "line 6; line 7: the 2 total rows are right",
        ),
    ] {
        let list = format!("openid,姓名,金额(元)\n\n\n{a},张三,1.88\n{b},李四,8.8\n{below}");
        campaign.write("list.csv", &list);
        let path = campaign.path("list.csv");
        let check = ["--check", path.to_str().unwrap()];
        campaign
            .verb("load", &check)
            .exits(0)
            .says(&[says, "2 packets, 10.68 yuan"]);
    }
    let path = campaign.path("list.csv");
    let check = ["--check", path.to_str().unwrap()];
    for (below, says) in [
        (
            "合计,3人,10.68\n",
            "line 4: the total row says 3 people and 2 are above",
        ),
        (
            "合计,,10.68\n制表人：小王,,\n",
            "line 5: only one cell of the row is filled",
        ),
        (
            "备注：已审核\n",
            "line 4: only one cell of the row is filled",
        ),
    ] {
        let list = format!("openid,姓名,金额(元)\n{a},张三,1.88\n{b},李四,8.8\n{below}");
        campaign.write("list.csv", &list);
        campaign
            .verb("load", &check)
            .exits(6)
            .says(&[says, "1 error"]);
    }
    let list = format!("openid,姓名,备注,金额(元)\n{a},张三,,1.88\n,李四,共1人,1.88\n");
    campaign.write("list.csv", &list);
    let says = ["line 3, openid `` (李四): the openid is blank"];
    campaign.verb("load", &check).exits(6).says(&says);
    let list = format!(
        "openid,姓名,金额(元)\n{a},张三,1.88\n{b},李四,8.8\n小计,,10.68\n{c},王五,5\n{d},赵六,12.5\n\
         小计2人,,17.5\n合计,,28.18\n"
    );
    campaign.write("list.csv", &list);
    let path = campaign.path("list.csv");
    let says = [
        "line 4; line 7; line 8: the 3 total rows are right",
        "4 packets, 28.18 yuan",
    ];
    campaign
        .verb("load", &[path.to_str().unwrap()])
        .exits(0)
        .says(&says);
}

fn case(name: &str) -> Vec<u8> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    std::fs::read(cases.join(name)).unwrap()
}

fn loads(list: &str, code: i32, says: &[&str]) {
    let campaign = Campaign::of(0);
    campaign.write("recipients.csv", case(list));
    campaign.verb("load", &[]).exits(code).says(says);
}

#[test]
fn a_header_as_people_write_it_is_read_or_suggested() {
    loads("28-header-not-found/list.csv", 0, &["1.88 yuan"]);
    loads(
        "28-header-not-found/list-2.csv",
        6,
        &["has `openid` `红包金额(元)`", "rename it to `金额(元)`"],
    );
    loads(
        "28-header-not-found/list-3.csv",
        6,
        &["has `open_id` `amount_yuan`", "rename it to `openid`"],
    );
}

#[test]
fn amounts_are_told_with_what_is_in_their_way() {
    loads(
        "29-amount-messages/list.csv",
        6,
        &[
            "line 2, amount_yuan `(1.88)`: brackets",
            "line 3, amount_yuan `1.88 CNY`: `CNY` stands beside the number",
            "line 4, amount_yuan `1.88%`: `%` makes a share",
            "line 5, amount_yuan `1.88*`: `*` stands",
            "line 6, amount_yuan `10.00 (已付)`: `(已付)` stands",
            "line 7, amount_yuan `￥-`: a dash",
        ],
    );
    loads("29-amount-messages/fen.csv", 0, &["1.88 yuan"]);
}
