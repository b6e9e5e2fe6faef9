//! Manual pages and completions in Chinese: the texts of the help, which `man` and a shell put into
//! lines themselves.

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use super::help::in_chinese;
use super::placeholders::framed;

/// The headings of a page.
const HEADINGS: &[(&str, &str)] = &[
    ("NAME", "名称"),
    ("SYNOPSIS", "用法"),
    ("DESCRIPTION", "说明"),
    ("OPTIONS", "选项"),
    ("EXTRA", EXTRA),
    ("VERSION", "版本"),
];
/// What stands below the options: in lines that are right as they are.
const EXTRA: &str = "补充说明";
/// The verbs of the program, or of a verb.
const VERBS: &str = "命令";

/// The command line with every text in Chinese, clap's own too.
pub(in crate::cli) fn built(command: Command) -> Command {
    let mut told = in_chinese(command, "", str::to_owned);
    told.build();
    own_words(told)
}

/// Puts what clap says of its own options and of its own verb into Chinese.
fn own_words(command: Command) -> Command {
    let about = command.get_about().map(|about| framed(&about.to_string()));
    let told = command
        .about(about.unwrap_or_default())
        .subcommand_help_heading(VERBS)
        .subcommand_value_name(VERBS)
        .mut_args(|arg| match arg.get_id().as_str() {
            "help" | "version" => {
                let long = arg.get_long_help().or(arg.get_help());
                let told = long.map(|text| framed(&text.to_string()));
                arg.help(told.unwrap_or_default()).long_help(None::<&str>)
            }
            _ => bare_values(arg),
        });
    told.mut_subcommands(own_words)
}

/// An option whose values have no text of their own: the option says what they are.
fn bare_values(arg: Arg) -> Arg {
    if !arg.get_action().takes_values() {
        return arg;
    }
    let values = arg.get_possible_values().into_iter();
    let bare: Vec<PossibleValue> = values.map(|value| value.help(None::<&str>)).collect();
    if bare.is_empty() {
        arg
    } else {
        arg.value_parser(bare)
    }
}

/// A script of completions with the name of its lists of verbs in Chinese.
pub(in crate::cli) fn script(text: &str) -> String {
    text.replace(" commands' commands ", " 的命令' commands ")
}

/// A page with its headings in Chinese.
pub(in crate::cli) fn page(text: &str) -> String {
    let mut page = String::new();
    let mut is_as_it_is = false;
    for line in text.lines() {
        let Some(heading) = line.strip_prefix(".SH ") else {
            page.extend([line, "\n"]);
            continue;
        };
        if is_as_it_is {
            page.push_str(".fi\n");
        }
        let known = HEADINGS.iter().find(|(en, _)| *en == heading);
        let heading = known.map_or(heading, |(_, zh)| zh);
        page.extend([".SH ", heading, "\n"]);
        is_as_it_is = heading == EXTRA;
        if is_as_it_is {
            page.push_str(".nf\n");
        }
    }
    page
}
