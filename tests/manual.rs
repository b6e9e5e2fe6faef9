//! Completions and manual pages say what the program says of itself.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// Every verb, by the program's own help.
fn verbs() -> Vec<String> {
    let help = ran(&["--help"], "en");
    let list = help.0.split("Commands:\n").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap();
    let verb = |line: &str| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    };
    list.lines().filter_map(verb).collect()
}

/// What it prints on stdout and stderr, and how it ends.
fn ran(args: &[&str], lang: &str) -> (String, String, i32) {
    let ran = Command::new(env!("CARGO_BIN_EXE_hongbao"))
        .args(args)
        .env("HONGBAO_LANG", lang)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        text(ran.stdout),
        text(ran.stderr),
        ran.status.code().unwrap(),
    )
}

fn man(folder: &Path, lang: &str) -> (String, String, i32) {
    ran(&["man", folder.to_str().unwrap()], lang)
}

#[test]
fn the_usage_of_a_backup_has_both_places_behind_the_campaign() {
    let usage = "hongbao ledger backup <CAMPAIGN.toml> <FILE|--dir DIR> [OPTIONS]";
    let (help, _, _) = ran(&["help", "ledger", "backup"], "en");
    assert!(help.contains(usage), "{help}");
    let (_, told, exit) = ran(&["ledger", "backup", "c.toml"], "en");
    assert!(told.contains(usage) && exit == 2, "{told}");
    let (_, told, exit) = ran(&["ledger", "backup", "c.toml"], "zh");
    let usage = "hongbao ledger backup <活动文件> <文件|--dir 文件夹> [选项]";
    assert!(told.contains(usage) && exit == 2, "{told}");
}

#[test]
fn each_shell_completes_every_verb_and_its_options() {
    let verbs = verbs();
    assert!(verbs.len() > 15, "{verbs:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (script, told, exit) = ran(&["completions", shell], "en");
        assert_eq!((told.as_str(), exit), ("", 0), "{shell}");
        for word in verbs.iter().map(String::as_str).chain(["confirm-total"]) {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    let (_, told, exit) = ran(&["completions", "abacus"], "en");
    assert_eq!(exit, 2, "{told}");
}

#[test]
fn every_verb_has_a_manual_page_which_a_later_version_writes_over() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("share/man1");
    let (out, told, exit) = man(&folder, "en");
    assert_eq!((out.as_str(), exit), ("", 0), "{told}");
    let first = folder.join("hongbao.1");
    assert!(told.contains(&format!("pages are in {}", folder.display())));
    assert!(told.contains(&format!("next: man {}", first.display())));
    for verb in verbs() {
        let page = fs::read_to_string(folder.join(format!("hongbao-{verb}.1"))).unwrap();
        assert!(page.contains(&format!(".TH hongbao-{verb} 1")), "{page}");
    }
    let page = fs::read_to_string(&first).unwrap();
    assert!(page.contains("hongbao\\-rehearse(1)"), "{page}");
    fs::write(&first, page.replace("rehearse", "rehearsal")).unwrap();
    assert_eq!(man(&folder, "en").2, 0);
    assert_eq!(fs::read_to_string(&first).unwrap(), page);
}

#[test]
fn a_file_that_is_no_page_stays_and_no_page_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hongbao-run.1");
    fs::write(&path, "my notes\n").unwrap();
    for (lang, words, next) in [
        ("en", "is no page of this manual", "hongbao man DIR"),
        ("zh", "不是本工具的手册页", "hongbao man 文件夹"),
    ] {
        let (_, told, exit) = man(dir.path(), lang);
        assert_eq!(exit, 2, "{told}");
        assert!(told.contains(words) && told.contains(next), "{told}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "my notes\n");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    // A link is not followed, whatever it leads to.
    let page = dir.path().join("page");
    fs::write(&page, ".TH hongbao 1\n").unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&page, &path).unwrap();
    assert_eq!(man(dir.path(), "zh").2, 2);
    assert_eq!(fs::read_to_string(&page).unwrap(), ".TH hongbao 1\n");
}

/// What a page says in English, be it of this program or of what makes the page.
const ENGLISH: [&str; 9] = [
    ".SH NAME",
    ".SH SYNOPSIS",
    ".SH DESCRIPTION",
    ".SH OPTIONS",
    ".SH EXTRA",
    ".SH VERSION",
    "Print ",
    "Possible values",
    "[default",
];

#[test]
fn a_chinese_manual_says_everything_in_chinese_in_the_lines_of_the_help() {
    let dir = tempfile::tempdir().unwrap();
    let [en, zh] = ["en", "zh"].map(|lang| {
        let folder = dir.path().join(lang);
        let (_, told, exit) = man(&folder, lang);
        assert_eq!(exit, 0, "{told}");
        folder
    });
    let names = |folder: &Path| {
        let pages = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = pages.map(|page| page.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&en), names(&zh));
    for name in names(&zh) {
        let page = fs::read_to_string(zh.join(&name)).unwrap();
        let name = name.display();
        for word in ENGLISH {
            assert!(!page.contains(word), "{name}: {word} in {page}");
        }
        // A line of prose, which begins with no mark of its own, has Chinese in it.
        let body = page.lines().skip_while(|line| *line != ".SH 选项");
        let about =
            body.filter(|line| line.split(' ').count() > 4 && !line.starts_with(['.', ' ']));
        for line in about {
            assert!(!line.is_ascii(), "{name}: {line}");
        }
        assert!(page.contains(".SH 名称\nhongbao"), "{page}");
    }
    let page = fs::read_to_string(zh.join("hongbao-load.1")).unwrap();
    for part in [
        "检查名单并写入账本",
        "<\\fI活动文件\\fR>",
        "\\fI<数字>\\fR",
        "显示帮助",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The lines of the help stay lines: `man` would put spaces between them.
    assert_eq!(page.matches("\n.nf\n").count(), 1, "{page}");
    assert_eq!(man(&en, "zh").2, 0, "one manual is written over the other");
}

#[test]
fn completions_describe_in_the_language_that_is_asked_for() {
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let english = ran(&["completions", shell], "en").0;
        assert!(english.contains("Check a recipients file"), "{shell}");
        let chinese = ran(&["completions", shell, "--lang", "zh"], "en").0;
        assert!(chinese.contains("检查名单并写入账本"), "{shell}");
        for word in [
            "Print help",
            "Check a",
            " see a",
            "array of",
            "approve commands",
        ] {
            assert!(!chinese.contains(word), "{shell}: {word} in {chinese}");
        }
    }
    let [en, zh] = ["en", "zh"].map(|lang| ran(&["completions", "bash"], lang).0);
    assert_eq!(en, zh, "bash completes words and describes nothing");
}
