//! What stands for a value, and the words that clap itself puts around ours.

use clap::builder::Str;

/// In the place of a value.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("ACCOUNT", "账户"),
    ("ADDRESS:PORT", "地址:端口"),
    ("CAMPAIGN.toml", "活动文件"),
    ("CAMPAIGN_ID", "活动编号"),
    ("CODE", "错误码"),
    ("CODE|TOPIC", "代码|主题"),
    ("COMMAND", "命令"),
    ("CURSOR", "进度"),
    ("DATE", "日期"),
    ("DIR", "文件夹"),
    ("DIR|FILE", "文件夹|文件"),
    ("DURATION", "时长"),
    ("FILE", "文件"),
    ("FILE|-", "文件|-"),
    ("FILE|--dir DIR", "文件|--dir 文件夹"),
    ("FORM", "形式"),
    ("FORMAT", "格式"),
    ("HEX", "校验码"),
    ("HH:MM", "时:分"),
    ("ID", "编号"),
    ("ID|--missing FILE|--all", "编号|--missing 文件|--all"),
    (
        "ID|--all|--unclaimed|--verify FILE",
        "编号|--all|--unclaimed|--verify 文件",
    ),
    ("LANG", "语言"),
    ("N", "数字"),
    ("NAME", "名称"),
    ("NAME=RATE", "名称=比例"),
    ("OPTIONS", "选项"),
    ("RATE|NAME=RATE", "比例|名称=比例"),
    ("SEQ", "事件编号"),
    ("SHELL", "shell 名称"),
    ("STATE", "状态"),
    ("SYSTEM", "系统"),
    ("TEXT", "说明"),
    ("YUAN", "金额"),
];

/// The lines and parts of lines that clap writes itself.
const FRAME: &[(&str, &str)] = &[
    ("Usage: ", "用法："),
    ("\nCommands:\n", "\n命令：\n"),
    ("\nArguments:\n", "\n参数：\n"),
    ("\nOptions:\n", "\n选项：\n"),
    (
        "Print help (see more with '--help')",
        "显示帮助（用 --help 查看详细说明）",
    ),
    (
        "Print help (see a summary with '-h')",
        "显示帮助（用 -h 查看摘要）",
    ),
    (
        "Print this message or the help of the given subcommand(s)",
        "显示本帮助，或所给命令的帮助",
    ),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
];

/// What stands for a value, in Chinese.
pub(super) fn placeholder(name: &str) -> Option<Str> {
    let known = PLACEHOLDERS.iter().find(|(en, _)| *en == name);
    known.map(|(_, zh)| Str::from(*zh))
}

/// A text of clap with every word of its own, and what stands for values, in Chinese.
pub(super) fn framed(text: &str) -> String {
    let mut told = text.to_owned();
    for (en, zh) in FRAME {
        told = told.replace(en, zh);
    }
    for (en, zh) in PLACEHOLDERS {
        for (open, close) in [("<", ">"), ("[", "]")] {
            told = told.replace(&[open, en, close].concat(), &[open, zh, close].concat());
        }
    }
    told
}
