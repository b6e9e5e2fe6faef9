//! A malformed recipients file is refused whole, with every error named.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::support::{Campaign, openid};

/// Line 2 is right; line 3 is not. The whole file must be refused and the error named.
fn refuses(head: &str, good: &str, bad: &[u8], named: &[&str]) {
    let campaign = Campaign::of(0);
    let mut bytes = format!("{head}\n{good}\n").into_bytes();
    bytes.extend(bad);
    bytes.push(b'\n');
    is_refused(&campaign, &bytes, named);
}

/// By every verb that reads the file, and nothing is written or asked.
fn is_refused(campaign: &Campaign, bytes: &[u8], named: &[&str]) {
    campaign.write("recipients.csv", bytes);
    for verb in ["run", "load", "plan"] {
        campaign.verb(verb, &[]).exits(6).says(named);
    }
    assert_eq!(campaign.loaded_rows(), 0);
    let asked = campaign.wechat.sends() + campaign.wechat.queries();
    assert_eq!(asked, 0);
}

#[test]
fn an_amount_in_yuan_is_exact_or_refused() {
    let good = format!("{},1.00", openid(1));
    for (amount, why) in [
        ("1.885", "more than two decimals"),
        ("1e2", "exponent"),
        ("1E+2", "exponent"),
        ("-1.88", "negative"),
        ("0", "zero"),
        ("0.00", "zero"),
        ("", "blank"),
        ("  ", "blank"),
        ("NaN", "not an amount"),
        ("inf", "not an amount"),
        ("五元", "not an amount"),
        ("5分", "says fen"),
        ("(1.88)", "brackets"),
        ("1.88 CNY", "`CNY` stands beside"),
        ("1.88%", "`%` makes a share"),
        ("1.88*", "`*` stands beside"),
        ("10.00 (已付)", "`(已付)` stands beside"),
        ("￥-", "a dash"),
        ("\"0,188\"", "comma inside the amount"),
        ("1月5日", "date"),
        ("0x10", "more than one number"),
        ("1.2.3", "not an amount"),
        ("99999999999999999999999", "too large"),
        ("\"1,28\"", "comma inside the amount"),
        ("0.99", "1.00 to 200.00"),
        ("200.01", "1.00 to 200.00"),
    ] {
        let bad = format!("{},{amount}", openid(2));
        let place = format!("line 3, amount_yuan `{}`", amount.trim().trim_matches('"'));
        refuses(
            "openid,amount_yuan",
            &good,
            bad.as_bytes(),
            &[&place, why, "1 error"],
        );
    }
}

#[test]
fn an_amount_in_fen_is_whole() {
    let good = format!("{},100", openid(1));
    for (amount, why) in [
        ("100.5", "whole numbers"),
        ("1.00", "whole numbers"),
        ("-100", "negative"),
        ("1e3", "exponent"),
        ("99", "1.00 to 200.00"),
        ("20001", "1.00 to 200.00"),
        ("18446744073709551616", "too large"),
    ] {
        let bad = format!("{},{amount}", openid(2));
        let place = format!("line 3, amount_fen `{amount}`");
        refuses("openid,amount_fen", &good, bad.as_bytes(), &[&place, why]);
    }
}

#[test]
fn an_amount_without_a_unit_is_asked_about() {
    for head in ["openid,amount", "openid,金额"] {
        let (good, bad) = (format!("{},1.50", openid(1)), format!("{},150", openid(2)));
        refuses(
            head,
            &good,
            bad.as_bytes(),
            &["line 3", "`150`", "150.00 yuan or 1.50 yuan", "元还是分"],
        );
    }
}

#[test]
fn thousands_without_quotes_are_a_cell_too_many() {
    let bad = format!("{},1,288.00", openid(2));
    let good = format!("{},1.00", openid(1));
    let named = ["line 3", "3 cells and the header 2", "thousands"];
    refuses("openid,amount_yuan", &good, bad.as_bytes(), &named);
}

#[test]
fn a_duplicate_openid_names_both_lines() {
    let row = format!("{},1.00", openid(1));
    let named = ["line 3, openid", &openid(1), "line 2", "row_key"];
    refuses("openid,amount_yuan", &row, row.as_bytes(), &named);
}

#[test]
fn a_duplicate_row_key_names_both_lines() {
    let good = format!("k1,{},1.00", openid(1));
    let bad = format!("k1,{},1.00", openid(2));
    let named = ["line 3, row_key `k1`", "line 2"];
    refuses("row_key,openid,amount_yuan", &good, bad.as_bytes(), &named);
}

#[test]
fn openids_and_control_characters_are_checked() {
    let good = format!("{},1.00,好", openid(1));
    let id = openid(2);
    for (bad, named) in [
        ("wx_zhang,1.00,好".to_owned(), "line 3, openid `wx_zhang`"),
        (",1.00,好".to_owned(), "the openid is blank"),
        (format!("{id}é,1.00,好"), "`é` (U+00E9) looks like a letter"),
        (format!("{id}\0,1.00,好"), "line 3, openid"),
        (format!("{id},1.00,a\0b"), "U+0000"),
        (format!("{id},1.00,a\u{7}b"), "U+0007"),
        (format!("{id},1.00,{}", "好".repeat(43)), "129 bytes"),
        (format!("{id},1.00,\"a\"b"), "text follows a closing quote"),
        (format!("{id},1.00,\"open"), "never closed"),
    ] {
        refuses(
            "openid,amount_yuan,wishing",
            &good,
            bad.as_bytes(),
            &[named],
        );
    }
}

#[test]
fn text_that_is_neither_utf8_nor_gb18030_is_refused() {
    let good = format!("{},1.00,好", openid(1));
    let mut bad = format!("{},1.00,", openid(2)).into_bytes();
    bad.extend([0xff, 0xfe, 0xff]);
    refuses("openid,amount_yuan,wishing", &good, &bad, &["UTF-8"]);
}

#[test]
fn a_header_must_name_who_and_how_much() {
    let campaign = Campaign::of(0);
    for (text, named) in [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("openid,amount_yuan\n", "no rows"),
        ("amount_yuan\n1.00\n", "no column is named `openid`"),
        ("openid\nx\n", "no column is named `amount_yuan`"),
        (
            "openid,amount_yuan,amount_fen\nx,1,100\n",
            "more than one column is an amount",
        ),
        ("openid,openid,amount_yuan\nx,x,1\n", "already there"),
        ("openid|amount_yuan\nx|1\n", "separated by `|`"),
        ("openid，amount_yuan\nx，1\n", "full-width `，`"),
    ] {
        is_refused(&campaign, text.as_bytes(), &[named]);
    }
    is_refused(&campaign, b"\xfe\xff\0o\0p", &["UTF-16"]);
    is_refused(&campaign, b"PK\x03\x04", &["workbook cannot be read"]);
    is_refused(&campaign, b"\xd0\xcf\x11\xe0", &["save it as .xlsx"]);
}

#[test]
fn every_error_of_a_file_is_told_at_once() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/recipients-broken.csv");
    let bytes = std::fs::read(samples).unwrap();
    let lines: Vec<String> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19]
        .iter()
        .map(|line| format!("\nline {line}"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let campaign = Campaign::of(0);
    is_refused(&campaign, &bytes, &lines);
    is_refused(&campaign, &bytes, &["16 errors, nothing was written"]);
}

#[test]
fn a_file_that_is_not_there_is_a_refused_file() {
    let campaign = Campaign::of(3);
    std::fs::remove_file(campaign.path("recipients.csv")).unwrap();
    campaign
        .run()
        .exits(6)
        .says(&["cannot read the recipients file"]);
    for verb in ["load", "plan", "rehearse"] {
        let ran = campaign.verb(verb, &[]).exits(6);
        ran.says(&["put the list there", "campaign.recipients"]);
    }
}

#[test]
fn what_spreadsheets_write_is_read() {
    let rows = |head: &str, end: &str| {
        let (one, two) = (openid(0), openid(1));
        format!("{head}{end}{one},1.00,元宵快乐{end}{two},1.37,团团圆圆{end}")
    };
    let gb18030 = encoding_rs::GB18030;
    let texts = [
        rows("\u{feff}openid,amount_yuan,wishing", "\r\n").into_bytes(),
        rows("用户openid,金额(元),祝福语", "\n").into_bytes(),
        gb18030
            .encode(&rows("用户openid,金额（元）,祝福语", "\r\n"))
            .0
            .into_owned(),
        rows(" OpenID , YUAN ,wishing", "\n").into_bytes(),
    ];
    for bytes in texts {
        let campaign = Campaign::of(2);
        campaign.write("recipients.csv", &bytes);
        campaign.run().exits(0);
        campaign.books_agree();
        let books = campaign.wechat.books();
        let wish = |row| {
            let id = openid(row);
            books.of_openid(&id).next().unwrap().order.fields.unpack()["wishing"].clone()
        };
        assert_eq!(
            (wish(0), wish(1)),
            ("元宵快乐".to_owned(), "团团圆圆".to_owned())
        );
    }
}

/// One letter, as itself and as a base with its accent.
const NFC: &str = "caf\u{E9}";
const NFD: &str = "cafe\u{301}";

#[test]
fn one_persons_row_keys_that_differ_in_their_form_only_are_refused_by_both_lines() {
    let campaign = Campaign::of(0);
    let (a, b) = (openid(1), openid(2));
    let list = |rows: &[(&str, &str)]| {
        let rows = rows
            .iter()
            .map(|(key, openid)| format!("{key},{openid},1.00\n"));
        format!("id,openid,amount_yuan\n{}", rows.collect::<String>())
    };
    campaign.write("recipients.csv", list(&[(NFC, &a), ("x", &b), (NFD, &a)]));
    let says = ["line 4", "on line 2 in another Unicode form"];
    campaign.verb("load", &[]).exits(6).says(&says);
    campaign.verb("load", &["--check"]).exits(6).says(&says);
    let rejects = std::fs::read_to_string(campaign.path("rejects.csv")).unwrap();
    assert_eq!(rejects.lines().count(), 2, "{rejects}");
    assert!(
        rejects.contains(NFD) && rejects.contains("is on line 2"),
        "{rejects}"
    );
    // Of two people, and of one whose keys differ to the eye, they are two packets.
    let rows = [
        (NFD, &*a),
        ("the\u{301}", &a),
        ("th\u{E9}", &b),
        ("caf", &a),
        ("t\u{FC}r", &b),
    ];
    campaign.write("recipients.csv", list(&rows));
    campaign.verb("load", &[]).exits(0);
    // A later file in the other form, whatever repeats are allowed.
    campaign.write("later.csv", list(&[("y", &b), (NFC, &a)]));
    let later = campaign.path("later.csv");
    let later = later.to_str().unwrap();
    for repeats in ["0", "2"] {
        let flags = [later, "--allow-repeats", repeats];
        let ran = campaign.verb("load", &flags).exits(6);
        ran.says(&["line 3", "line 2 of a file that was loaded before"]);
    }
    // The other way round, and Chinese, which has one form only.
    campaign.write("later.csv", list(&[("深圳", &b), ("tu\u{308}r", &b)]));
    let flags = [later, "--allow-repeats", "2"];
    let ran = campaign.verb("load", &flags).exits(6);
    ran.says(&["line 3", "line 6 of a file that was loaded before"]);
    campaign.write("later.csv", list(&[("深圳", &a), ("南山", &b)]));
    campaign.verb("load", &flags).exits(0);
    assert_eq!(campaign.count("ready"), 7);
}
