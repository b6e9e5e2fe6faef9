//! A campaign file as editors, clipboards and hurried hands leave it: one line says what it is or
//! which sign is at fault, and what to do.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;

use crate::support::{Campaign, Case};

/// The faults that are told of a file, without the head above them.
#[track_caller]
fn told(case: &Case, file: &str) -> Vec<String> {
    let ran = case.shell(&format!("hongbao plan {file}")).exits(7);
    let lines = ran.stderr.lines().filter(|line| line.starts_with(file));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert!(!lines.is_empty(), "{}", ran.stderr);
    lines
}

#[test]
fn one_line_names_the_encoding_or_the_sign() {
    let case = Case::of("40");
    for (file, line, says) in [
        ("curly.toml", ":2:", &["“", "U+201C", "`\"`"][..]),
        (
            "no-break-space.toml",
            ":2:",
            &["no-break space", "U+00A0", "delete it"],
        ),
        (
            "windows-path.toml",
            ":3:",
            &["path of Windows", "\"list.csv\""],
        ),
        (
            "gbk.toml",
            ":",
            &["GBK", "iconv -f GB18030 -t UTF-8 gbk.toml"],
        ),
        (
            "utf-16.toml",
            ":",
            &["UTF-16", "iconv -f UTF-16 -t UTF-8 utf-16.toml"],
        ),
    ] {
        let told = told(&case, file);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("{file}{line} ")), "{told:?}");
        for text in says {
            assert!(told[0].contains(text), "{text}: {told:?}");
        }
    }
}

#[test]
fn the_command_that_is_told_makes_a_campaign_file() {
    let case = Case::of("40");
    case.shell("printf 'openid,amount_fen\\noTest00000000000000000000001,100\\n' > list.csv");
    for file in ["gbk.toml", "utf-16.toml"] {
        let told = told(&case, file);
        let command = told[0]
            .split('`')
            .find(|it| it.starts_with("iconv"))
            .unwrap();
        case.shell(command).exits(0);
        let made = told[0].rsplit_once("use ").unwrap().1;
        case.shell(&format!("hongbao plan {made}")).exits(0);
    }
}

#[test]
fn another_file_in_its_place_is_named_in_one_line() {
    let mut campaign = Campaign::of(200);
    campaign.run().exits(0);
    let case = Case::of("40");
    let put = |name: &str, bytes: &[u8]| fs::write(case.path(name), bytes).unwrap();
    let list = fs::read(campaign.path("recipients.csv")).unwrap();
    let gbk = b"openid,amount_fen,\xD0\xD5\xC3\xFB\noA,100,\xD5\xC5\n";
    put("list.csv", &list);
    put("list.tsv", b"openid\tamount_fen\noA\t100\n");
    put("gbk.csv", gbk);
    let wide = "\u{FEFF}openid\tfen\r\n".encode_utf16();
    put(
        "wide.csv",
        &wide.flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    );
    put("list.xlsx", b"PK\x03\x04....");
    put("ledger.db", &fs::read(campaign.path("hongbao.db")).unwrap());
    put(
        "key.pem",
        &fs::read(campaign.path("secrets/apiclient_key.pem")).unwrap(),
    );
    put("c.json", b"{\"campaign\": {\"id\": \"a\"}}");
    put("c.yaml", b"campaign:\n  id: a\n");
    put("page.html", b"<!DOCTYPE html>\n<p>404</p>\n");
    put("empty.toml", b"");
    put("comments.toml", b"# later\n\n");
    for (file, says) in [
        ("list.csv", "a list of recipients, not a campaign file"),
        ("list.tsv", "a list of recipients, not a campaign file"),
        ("gbk.csv", "a list of recipients, not a campaign file"),
        ("wide.csv", "a list of recipients, not a campaign file"),
        ("list.xlsx", "a workbook, not a campaign file"),
        ("ledger.db", "a ledger, not a campaign file"),
        ("key.pem", "a key or a certificate, not a campaign file"),
        ("c.json", "JSON, not a campaign file"),
        ("c.yaml", "YAML, not a campaign file"),
        ("page.html", "HTML"),
        ("empty.toml", "empty: `hongbao init`"),
        ("comments.toml", "empty: `hongbao init`"),
    ] {
        let told = told(&case, file);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(says), "{told:?}");
    }
    campaign.set("campaign.wishing", "\"“好”，　再见\"");
    campaign.verb("status", &[]).exits(0);
}

#[test]
fn signs_that_look_right_are_told_once_and_paths_of_windows_each() {
    let case = Case::of("40");
    let curly = fs::read_to_string(case.path("curly.toml")).unwrap();
    let right = curly
        .replace(['“', '”'], "\"")
        .replace("\"list.csv\"", "\"gone.csv\"");
    let put = |text: String| fs::write(case.path("made.toml"), text).unwrap();
    put(right.replace("= \"", "= “").replace("\"\n", "”\n"));
    let lines = told(&case, "made.toml");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("and in 13 more lines"), "{lines:?}");
    put(right.replace("[campaign]", "［campaign］"));
    assert!(told(&case, "made.toml")[0].contains("`[`"));
    put(right.replace(" = ", "\u{3000}=\u{3000}"));
    let lines = told(&case, "made.toml");
    assert!(
        lines.len() == 1 && lines[0].contains("full-width space"),
        "{lines:?}"
    );
    // Right as TOML, and no path of this system.
    for path in [
        r"'C:\data\list.csv'",
        r#""C:\\data\\list.csv""#,
        r#""C:/data/list.csv""#,
        r"'data\list.csv'",
        r"'\\server\share\list.csv'",
    ] {
        put(right.replace("\"gone.csv\"", path));
        let lines = told(&case, "made.toml");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("path of Windows"), "{path}: {lines:?}");
    }
    // The backslash made a tab of the letter behind it.
    put(right.replace("\"gone.csv\"", r#""data\table.csv""#));
    let lines = told(&case, "made.toml");
    assert!(lines[0].contains("control character"), "{lines:?}");
    put(right.replace("\"gone.csv\"", r#""data\lists\x.csv""#));
    let lines = told(&case, "made.toml");
    assert!(
        lines[0].contains("a backslash in double quotes"),
        "{lines:?}"
    );
    // One byte that is no UTF-8 in a file that is.
    let mut bytes = right.into_bytes();
    bytes.extend(b"# caf\xE9\n");
    fs::write(case.path("made.toml"), bytes).unwrap();
    let lines = told(&case, "made.toml");
    assert!(
        lines[0].starts_with("made.toml:19: the byte 0xE9"),
        "{lines:?}"
    );
}

#[test]
fn an_included_file_is_named_with_what_it_is() {
    let case = Case::of("40");
    let own = "[defaults]\ninclude = \"gbk.toml\"\n[campaign]\nid = \"a\"\n";
    fs::write(case.path("own.toml"), own).unwrap();
    let lines = told(&case, "own.toml");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("gbk.toml") && lines[0].contains("GBK"),
        "{lines:?}"
    );
}

/// A ledger in the place of another file would be refused as damaged, or leave its lock there.
#[test]
fn a_ledger_is_no_other_file_of_the_campaign() {
    let mut campaign = Campaign::of(2);
    for (file, key) in [
        ("recipients.csv", "campaign.recipients"),
        ("secrets/api_key", "merchant.api_key_file"),
        ("secrets/apiclient_cert.pem", "merchant.cert_file"),
    ] {
        campaign.set("ledger.path", &format!("{file:?}"));
        let told = format!("`{key}` names this file");
        campaign
            .verb("load", &[])
            .exits(7)
            .says(&["`ledger.path`", &told]);
        assert!(!campaign.path(&format!("{file}.lock")).exists());
    }
}
