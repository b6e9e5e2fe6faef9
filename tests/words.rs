//! What a person reads is in the language that was asked for, and what a program reads is not.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use hongbao::domain::caps::Caps;
use hongbao::exit::ExitCode;
use hongbao::simulator::Settings;
use support::{Campaign, Ran, hongbao, openid, total_yuan};

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

#[test]
fn the_flag_comes_before_the_variable_and_the_variable_before_the_locale() {
    let means = |args: &[&str], variables: &[(&str, &str)]| {
        let args = [&["explain", "3"], args].concat();
        hongbao(&args, variables).wait().exits(0).stdout
    };
    let (english, chinese) = (means(&[], &[]), means(&["--lang", "zh"], &[]));
    assert!(english.contains("means: finished, some packets refused"));
    assert!(
        chinese.contains("含义：已结束，部分红包发放失败"),
        "{chinese}"
    );
    assert_eq!(means(&[], &[("HONGBAO_LANG", "zh_CN.UTF-8")]), chinese);
    let locale = [("HONGBAO_LANG", ""), ("LC_ALL", "zh_CN.UTF-8")];
    assert_eq!(means(&[], &locale), chinese);
    assert_eq!(means(&["--lang", "en"], &locale), english);
}

#[test]
fn everything_is_explained_in_chinese_too() {
    let english = hongbao(&["explain"], &[]).wait().exits(0).stdout;
    let chinese = hongbao(&["explain", "--lang", "zh"], &[]).wait().exits(0);
    let (english, chinese): (Vec<_>, Vec<_>) =
        (english.lines().collect(), chinese.stdout.lines().collect());
    assert_eq!(english.len(), chinese.len());
    for (english, chinese) in english.iter().zip(&chinese) {
        if english.starts_with("  ") {
            assert!(is_chinese(chinese), "{chinese}");
        } else {
            // What it is about is called the same; a state has its Chinese name beside it.
            assert_eq!(english.split("  ").next(), chinese.split("  ").next());
        }
    }
    for code in ["usage.no_packet", "next.command", "mode.live"] {
        let said = hongbao(&["explain", code], &[]).wait().exits(0).stdout;
        assert!(said.starts_with(&format!("{code}\n  says: ")), "{said}");
    }
}

#[test]
fn an_error_speaks_the_language_and_ends_with_the_same_code() {
    for (lang, says) in [
        (
            "en",
            "error: \"nobody\" is no code, state, exit code or topic",
        ),
        ("zh", "错误：\"nobody\" 不是本工具认识的代码"),
    ] {
        hongbao(&["--lang", lang, "explain", "nobody"], &[])
            .wait()
            .exits(ExitCode::Usage.code().into())
            .says(&[says]);
    }
}

/// Words of clap that a Chinese reader must not meet.
const ENGLISH: [&str; 12] = [
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "OPTIONS",
    "COMMAND",
    "FILE",
    "CAMPAIGN",
    "default",
    "possible",
    "Print",
    "error",
];

/// What it tells of this, on both streams.
fn asked(args: &[&str], code: i32) -> String {
    let ran = hongbao(&[&["--lang", "zh"], args].concat(), &[]).wait();
    let ran = ran.exits(code);
    ran.stdout + &ran.stderr
}

#[test]
fn the_help_of_every_verb_is_chinese() {
    let all = asked(&["--help"], 0);
    let verbs = all
        .split("命令：")
        .nth(1)
        .unwrap()
        .split("选项：")
        .next()
        .unwrap();
    let verbs: Vec<&str> = verbs
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.len() > 25, "{verbs:?}");
    let pages = verbs.iter().filter(|verb| **verb != "help");
    let mut pages: Vec<String> = pages.map(|verb| asked(&[verb, "--help"], 0)).collect();
    pages.extend(["backup", "restore", "adopt"].map(|verb| asked(&["ledger", verb, "-h"], 0)));
    pages.push(all);
    for page in &pages {
        assert!(
            page.contains("用法：hongbao") && page.contains("选项："),
            "{page}"
        );
        for word in ENGLISH {
            assert!(!page.contains(word), "{word} in:\n{page}");
        }
        // No sentence in English: three words in a row that no hyphen or dot makes a name.
        for line in page.lines().filter(|line| !line.starts_with("  timeStamp")) {
            let words = line
                .split(' ')
                .map(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()));
            let words: Vec<bool> = words.collect();
            let is_sentence = words
                .windows(4)
                .any(|four| four.iter().all(|is_word| *is_word));
            assert!(!is_sentence, "{line}");
        }
    }
    assert!(asked(&["help", "run"], 0).contains("--canary <数字>"));
    assert!(asked(&["--version"], 0).starts_with("hongbao "));
}

/// Words in Latin letters that a Chinese message may have, beside codes and names with `_`, `.`, a
/// digit, or capitals only: what stands so in a file, on the wire or on the screen.
const KNOWN: &[&str] = &[
    "Java",
    "Kubernetes",
    "LibreOffice",
    "OpenSSH",
    "PowerShell",
    "Secret",
    "Windows",
    "systemd",
    "root",
    "path",
    "Ctrl-C",
    "Date",
    "Digest",
    "Excel",
    "MiB",
    "SQLite",
    "Unicode",
    "User",
    "WeChat",
    "Office",
    "appId",
    "appid",
    "approvers",
    "chrony",
    "csv",
    "debug",
    "false",
    "fri",
    "gzip",
    "hongbao",
    "http",
    "https",
    "id",
    "info",
    "json",
    "labels",
    "live",
    "mode",
    "mon",
    "nonceStr",
    "openid",
    "package",
    "paySign",
    "pem",
    "reconcile",
    "reissue",
    "required",
    "run",
    "sat",
    "signType",
    "simulator",
    "sun",
    "systemd-timesyncd",
    "thu",
    "timeStamp",
    "trace",
    "true",
    "tue",
    "webhook",
    "wed",
    "xls",
    "xlsx",
    "yes",
    "zh",
    "en",
    "mine",
    "status",
    "gitignore",
    "secrets",
];

/// The Latin words of a message outside of commands, quotes and the names of what is filled in.
fn latin(message: &str) -> Vec<String> {
    let mut text = message.to_owned();
    for (open, close) in [('`', '`'), ('{', '}'), ('[', ']'), ('"', '"'), ('“', '”')] {
        while let Some(begin) = text.find(open) {
            let rest = begin + open.len_utf8();
            let Some(end) = text[rest..].find(close) else {
                break;
            };
            text.replace_range(begin..rest + end + close.len_utf8(), "；");
        }
    }
    // A command goes on to the next Chinese sign.
    for command in ["hongbao ", "openssl ", "chmod ", "mv ", "find ", "ssh "] {
        while let Some(begin) = text.find(command) {
            let end = text[begin..].find(|c: char| !c.is_ascii());
            let end = end.map_or(text.len(), |end| begin + end);
            text.replace_range(begin..end, "；");
        }
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-/:=".contains(c);
    let words = text.split(|c| !is_part(c));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let is_word = |word: &&str| {
        word.len() > 1
            && !word.contains(['_', '.', '/', ':', '='])
            && word.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
            && word.chars().any(|c| c.is_ascii_lowercase())
    };
    let is_flag = |word: &&str| message.contains(&format!("--{word}"));
    let words = words.filter(is_word).filter(|word| !is_flag(word));
    words
        .filter(|word| !KNOWN.contains(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_chinese_message_has_no_english_words_in_it() {
    assert_eq!(
        latin("名单有 {count} rows：`load FILE`，见 --out 和 openid"),
        ["rows"]
    );
    let all = hongbao(&["explain", "--lang", "zh"], &[])
        .wait()
        .exits(0)
        .stdout;
    let mut code = "";
    let (mut count, mut english) = (0, Vec::new());
    for line in all.lines() {
        if !line.starts_with("  ") {
            code = line;
        } else if let Some(message) = line.strip_prefix("  内容：") {
            count += 1;
            let found = latin(message);
            if !found.is_empty() {
                english.push(format!("{code}: {found:?} in: {message}"));
            }
        }
    }
    assert!(english.is_empty(), "{english:#?}");
    assert!(count > 700, "{count}");
}

#[test]
fn what_cannot_be_parsed_is_told_in_chinese() {
    for (args, says) in [
        (&["run"][..], "缺少必须给出的参数：<活动文件>"),
        (&["rum"], "没有这个命令：rum"),
        (&["run", "c", "--liv"], "没有这个参数：--liv"),
        (&["run", "c", "--canary", "0"], "须为不小于 1 的整数"),
        (&["rehearse", "c", "--kills", "5000"], "须在 0 至 1000 之间"),
        (&["report", "c", "--format", "pdf"], "可选值：csv、json"),
        (&["run", "c", "--until"], "缺少值"),
        (&["resolve", "c", "x", "--paid", "--unpaid"], "不能与"),
        (&["load", "c", "--check", "--check"], "只能给出一次"),
        (
            &["simulate", "--dir", "d", "--listen", "x"],
            "须写作 地址:端口",
        ),
        (&["ledger"], "用法：hongbao ledger"),
        (&["resolve", "c", "x", "--because", "y"], "--paid"),
        (&["approve"], "--key"),
        (&["run", "c", "--log-format", "xml"], "可选值：text、json"),
    ] {
        let told = asked(args, 2);
        assert!(told.contains(says), "no {says:?} in:\n{told}");
        for word in ENGLISH
            .into_iter()
            .chain(["tip", "For more", "argument", "value"])
        {
            assert!(!told.contains(word), "{word} in:\n{told}");
        }
    }
    let near = asked(&["run", "c", "--canry", "3"], 2);
    assert!(near.contains("您是否要输入：--canary"), "{near}");
    let json = hongbao(&["rum", "--log-format=json"], &[])
        .wait()
        .exits(2)
        .stderr;
    let json: serde_json::Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    let error = &json;
    assert!(
        error["en"]
            .as_str()
            .unwrap()
            .contains("unrecognized subcommand"),
        "{json}"
    );
    assert!(
        error["zh"].as_str().unwrap().contains("没有这个命令"),
        "{json}"
    );
}

const CHINESE: [(&str, &str); 1] = [("HONGBAO_LANG", "zh")];

/// A verb, asked for in Chinese.
fn chinese(campaign: &Campaign, verb: &str, rest: &[&str]) -> Ran {
    campaign.start_at(verb, rest, &CHINESE).wait()
}

/// Cells of a terminal up to the end of `text` in the line that has it.
#[track_caller]
fn end_of(text: &str, lines: &str) -> usize {
    let line = lines.lines().find(|line| line.contains(text));
    let line = line.unwrap_or_else(|| panic!("no {text:?} in:\n{lines}"));
    let before = &line[..line.find(text).unwrap() + text.len()];
    before
        .chars()
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum()
}

#[test]
fn a_campaign_is_told_in_chinese_from_plan_to_report() {
    let campaign = Campaign::with(3, Settings::default());
    let total = total_yuan(campaign.total_fen());
    let plan = chinese(&campaign, "plan", &[]).exits(0);
    assert!(plan.stderr.starts_with("模式：正式（真实付款）\n"));
    for says in [
        "  待发放 ",
        "  速度 ",
        "  余额       至少需要 ",
        "下一步：hongbao run ",
    ] {
        assert!(
            plan.stdout.contains(says),
            "no {says:?} in:\n{}",
            plan.stdout
        );
    }
    let flags = ["--live", "--confirm-total", &total];
    chinese(&campaign, "run", &flags).exits(0).says(&[
        "已载入 ",
        &format!("活动 lantern（正式）：3 个红包，{total} 元\n"),
        "  账本校验码 ",
        "下一步：hongbao reconcile ",
    ]);
    chinese(&campaign, "pause", &[])
        .exits(0)
        .says(&["已暂停；", "下一步：hongbao unpause "]);
    let status = chinese(&campaign, "status", &[]).exits(0).stdout;
    assert!(
        status.contains("自 ") && status.contains(" 起暂停：人工暂停"),
        "{status}"
    );
    let reason = "此前暂停的原因：人工暂停\n";
    chinese(&campaign, "unpause", &[]).exits(0).says(&[reason]);
    let asked = chinese(&campaign, "reconcile", &[]).exits(0);
    assert!(
        asked.stderr.contains("查询了 3 个红包：0 个状态有变"),
        "{}",
        asked.stderr
    );
    let audit = chinese(&campaign, "audit", &[]).exits(0).stdout;
    assert!(audit.contains("核对：计数与总额同红包合计相符"), "{audit}");
    let report = chinese(&campaign, "report", &[]).exits(0).stdout;
    assert!(
        report.starts_with("\u{feff}业务单号,用户openid,"),
        "{report}"
    );
    campaign.books_agree();
}

#[test]
fn chinese_columns_end_where_the_others_do() {
    let scripted = [(openid(1), "OPENID_ERROR".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(3, settings);
    campaign.run().exits(3);
    let status = chinese(&campaign, "status", &[]).exits(0).stdout;
    assert!(
        status.contains("已发放") && status.contains("发放失败（未付款）"),
        "{status}"
    );
    let yuan = |state: &str| {
        campaign.status()["states"][state]["fen"]
            .as_u64()
            .map(total_yuan)
    };
    let (sent, refused) = (yuan("sent").unwrap(), yuan("refused").unwrap());
    let ends = |yuan: &str, state: &str| {
        let line = status
            .lines()
            .find(|line| line.trim_start().starts_with(state));
        end_of(yuan, line.unwrap())
    };
    assert_eq!(
        ends(&sent, "已发放"),
        ends(&refused, "发放失败"),
        "{status}"
    );
}

#[test]
fn a_halt_is_told_again_in_either_language() {
    let scripted = [(openid(0), "NOTENOUGH".to_owned())].into();
    let settings = Settings {
        scripted,
        ..Settings::default()
    };
    let campaign = Campaign::with(3, settings);
    campaign
        .run()
        .exits(11)
        .says(&["halted: NOTENOUGH: The balance", "  remedy: Top up"]);
    let means = "NOTENOUGH：余额不足以发放该红包";
    let status = chinese(&campaign, "status", &[]).exits(0).stdout;
    assert!(status.contains(&format!(" 起中止：{means}")), "{status}");
    let paused = &campaign.status()["paused"];
    let because = paused["because"].as_str().unwrap();
    assert!(because.starts_with("NOTENOUGH: The balance"), "{because}");
    assert_eq!(paused["words"]["code"], "halt.kept");
    assert_eq!(paused["words"]["en"], because);
    assert!(paused["words"]["zh"].as_str().unwrap().starts_with(means));
    chinese(&campaign, "unpause", &[]).exits(0).says(&[means]);
}

#[test]
fn a_refused_file_and_its_rejects_are_told_in_chinese() {
    let campaign = Campaign::with(3, Settings::default());
    campaign.write(
        "recipients.csv",
        format!("openid,amount_yuan\n{},0\n", openid(0)),
    );
    let refused = chinese(&campaign, "load", &[]).exits(6);
    let line = String::from("第 2 行，“amount_yuan”列 `0`：金额为零：请删除该行，或填写应付金额");
    refused.says(&[
        "错误：名单文件被拒：共 1 处错误",
        &line,
        "请在名单中改正以上各处",
    ]);
    let rejects = std::fs::read_to_string(campaign.path("rejects.csv")).unwrap();
    assert!(
        rejects.starts_with("\u{FEFF}openid,amount_yuan,reject_reason\n"),
        "{rejects}"
    );
    assert!(
        rejects.contains("第 2 行，“amount_yuan”列 `0`：金额为零：请删除该行"),
        "{rejects}"
    );
}

/// A page that `explain` shows, in this language.
fn page(topic: &str, lang: &str) -> String {
    let asked = hongbao(&["explain", topic, "--lang", lang], &[]);
    asked.wait().exits(0).stdout
}

#[test]
fn every_topic_has_a_page_in_both_languages_and_is_listed() {
    let help = hongbao(&["help", "explain"], &[]).wait().exits(0).stdout;
    let listed = help.split("topic: ").nth(1).unwrap();
    let listed = listed.split('.').next().unwrap().replace('\n', " ");
    let listed: Vec<&str> = listed.split(',').map(str::trim).collect();
    let all = hongbao(&["explain"], &[]).wait().exits(0).stdout;
    let lines: Vec<&str> = all.lines().collect();
    let about = lines.windows(2).filter(|it| it[1].starts_with("  about: "));
    let about: Vec<&str> = about.map(|it| it[0]).collect();
    assert_eq!(listed, about);
    for topic in about {
        assert!(!is_chinese(&page(topic, "en")) || topic == "columns");
        assert!(is_chinese(&page(topic, "zh")), "{topic}");
    }
    // A topic that is the name of a state as well explains both.
    let refused = page("refused", "en");
    assert!(refused.starts_with("A refused packet") && refused.contains("\nrefused\n  means: "));
}

#[test]
fn the_page_of_caps_has_the_defaults_that_a_campaign_has() {
    let caps = Caps::default();
    for page in [page("caps", "en"), page("caps", "zh")] {
        for (key, default) in [
            ("max_packet_yuan", format!("\"{}\"", caps.max_packet)),
            ("openid_per_day", caps.openid_packets.to_string()),
            ("openid_yuan_per_day", format!("\"{}\"", caps.openid_fen)),
            (
                "merchant_yuan_per_day",
                format!("\"{}\"", caps.merchant_fen),
            ),
            ("once_per_days", caps.once_per_days.to_string()),
        ] {
            let row = page.lines().find_map(|line| {
                let mut words = line.strip_prefix("  ")?.split_whitespace();
                (words.next()? == key).then(|| words.next().unwrap().to_owned())
            });
            let row = row.unwrap_or_else(|| panic!("no {key} in:\n{page}"));
            assert!(row.starts_with(&default), "{key}: {row}");
        }
    }
}

#[test]
fn the_page_of_columns_has_each_column_of_a_report() {
    let campaign = Campaign::with(1, Settings::default());
    campaign.run().exits(0);
    let report = campaign.start_at("report", &[], &[]).wait().exits(0).stdout;
    let header = report.lines().next().unwrap().to_owned();
    for page in [page("columns", "en"), page("columns", "zh")] {
        let told = page.split("CSV (RFC 4180").last().unwrap();
        let told = told.split("RFC 4180").last().unwrap();
        for column in header.split(',') {
            let is_told = told.lines().any(|line| {
                let names = line.strip_prefix("  ").and_then(|it| it.split("  ").next());
                names.is_some_and(|names| names.split(", ").any(|name| name == column))
            });
            assert!(is_told, "no {column} in:\n{told}");
        }
    }
}

/// What the program asks the environment for, as its source says.
#[test]
fn the_page_of_the_environment_has_each_variable() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = std::collections::BTreeSet::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
                let words = text.split('"').skip(1).step_by(2);
                let ours = words.filter(|word| word.starts_with("HONGBAO_"));
                named.extend(ours.map(str::to_owned));
            }
        }
    }
    assert!(named.len() >= 4, "{named:?}");
    for page in [page("environment", "en"), page("environment", "zh")] {
        for variable in &named {
            assert!(page.contains(&format!("\n  {variable} ")), "{variable}");
        }
    }
}

#[test]
fn help_is_asked_for_in_a_language() {
    for typed in [
        ["help", "run", "--lang", "zh"],
        ["help", "--lang", "zh", "run"],
    ] {
        let ran = hongbao(&typed, &[]).wait().exits(0);
        assert!(ran.stdout.contains("用法：hongbao run"), "{}", ran.stdout);
    }
}
