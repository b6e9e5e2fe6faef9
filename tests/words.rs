//! What a person reads is in the language that was asked for, and what a program reads is not.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

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
    assert!(chinese.contains("含义：已结束，部分红包被拒"), "{chinese}");
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
            assert_eq!(english, chinese, "what it is about is called the same");
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
        ("en", "error: \"nobody\" is no code, state or exit code"),
        ("zh", "错误：\"nobody\" 不是本工具认识的代码"),
    ] {
        hongbao(&["--lang", lang, "explain", "nobody"], &[])
            .wait()
            .exits(ExitCode::Usage.code().into())
            .says(&[says]);
    }
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
        &format!("活动 lantern（live）：3 个红包，{total} 元\n"),
        "  日志头 ",
        "下一步：hongbao reconcile ",
    ]);
    chinese(&campaign, "pause", &[])
        .exits(0)
        .says(&["已暂停；", "下一步：hongbao unpause "]);
    let status = chinese(&campaign, "status", &[]).exits(0).stdout;
    assert!(
        status.contains("自 ") && status.contains(" 起暂停：paused by hand"),
        "{status}"
    );
    let reason = "此前暂停的原因：paused by hand\n";
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
    assert!(report.starts_with("row_key,openid,amount_fen,"), "{report}");
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
        status.contains("已发放") && status.contains("被拒未付"),
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
    assert_eq!(ends(&sent, "sent"), ends(&refused, "refused"), "{status}");
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
    refused.says(&["错误：名单文件被拒：共 1 处错误", &line, "请在该文件中改正"]);
    let rejects = std::fs::read_to_string(campaign.path("rejects.csv")).unwrap();
    assert!(
        rejects.starts_with("openid,amount_yuan,reject_reason\n"),
        "{rejects}"
    );
    assert!(rejects.contains("金额为零：请删除该行"), "{rejects}");
}
