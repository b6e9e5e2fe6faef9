//! What a person reads is in the language that was asked for, and what a program reads is not.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use hongbao::exit::ExitCode;
use hongbao::simulator::Settings;
use support::{Campaign, hongbao};

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

#[test]
fn a_verb_speaks_chinese_and_a_report_keeps_its_headers() {
    let campaign = Campaign::with(3, Settings::default());
    campaign.run().exits(0);
    let chinese = [("HONGBAO_LANG", "zh")];
    let verb = |name| campaign.start_at(name, &[], &chinese).wait().exits(0);
    verb("pause").says(&[
        "模式：正式（真实付款）\n",
        "已暂停；",
        "下一步：hongbao unpause ",
    ]);
    verb("unpause").says(&["已恢复；此前暂停的原因：paused by hand\n"]);
    let report = verb("report").stdout;
    assert!(report.starts_with("row_key,openid,amount_fen,"), "{report}");
}
