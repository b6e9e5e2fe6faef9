//! The help of every verb and option in Chinese: `options.txt` has a line each, `long/` what stands
//! below them.

use std::ffi::OsString;

use clap::builder::Str;
use clap::error::ErrorKind;
use clap::{Arg, Command};

use super::placeholders::{framed, placeholder};
use crate::exit::ExitCode;
use crate::words::{Lang, cells};

/// `[verb]`, then `id: text` for each of its options; `:` for the verb itself.
const OPTIONS: &str = include_str!("options.txt");

/// Cells of a line of an option's help.
const WIDTH: usize = 66;

/// Below the options of a verb.
const LONG: &[(&str, &str)] = &[
    ("adopt", include_str!("long/adopt.txt")),
    ("approve", include_str!("long/approve.txt")),
    ("audit", include_str!("long/audit.txt")),
    ("backup", include_str!("long/backup.txt")),
    ("claims", include_str!("long/claims.txt")),
    ("load", include_str!("long/load.txt")),
    ("plan", include_str!("long/plan.txt")),
    ("reconcile", include_str!("long/reconcile.txt")),
    ("rehearse", include_str!("long/rehearse.txt")),
    ("reissue", include_str!("long/reissue.txt")),
    ("report", include_str!("long/report.txt")),
    ("resolve", include_str!("long/resolve.txt")),
    ("restore", include_str!("long/restore.txt")),
    ("run", include_str!("long/run.txt")),
    ("simulate", include_str!("long/simulate.txt")),
    ("unpause", include_str!("long/unpause.txt")),
    ("withdraw", include_str!("long/withdraw.txt")),
];

/// The help that these arguments ask for, or get for want of a verb; `None` where they ask for
/// something else.
pub(in crate::cli) fn help(
    command: Command,
    args: impl Iterator<Item = OsString>,
) -> Option<String> {
    let asked = in_chinese(command, "", wrapped).try_get_matches_from(args);
    let asked = asked.err()?;
    match asked.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Some(framed(&asked.render().to_string()))
        }
        _ => None,
    }
}

/// A verb with its options and its own verbs, whose texts are put into lines by `lines`.
pub(super) fn in_chinese(command: Command, path: &str, lines: fn(&str) -> String) -> Command {
    let about = text(path, "").unwrap_or_default();
    let long = text(path, ":").map(|long| format!("{about}\n\n{long}"));
    let has_more = command.get_after_long_help().is_some();
    let name = command.get_name().to_owned();
    let more = LONG.iter().find(|(of, _)| has_more && *of == name);
    let told = command
        .about(about)
        .long_about(None::<&str>)
        .after_long_help(more.map(|(_, text)| *text))
        .mut_args(|arg| argument(arg, path, lines))
        .mut_subcommands(|verb| {
            let path = [path, verb.get_name()].join(" ");
            in_chinese(verb, path.trim_start(), lines)
        });
    // Only the program itself says more of itself.
    match long {
        Some(long) => told.long_about(long).after_help(ExitCode::table(Lang::Zh)),
        None => told,
    }
}

/// An option or an argument, with its default and the values that it takes.
fn argument(arg: Arg, path: &str, lines: fn(&str) -> String) -> Arg {
    let id = arg.get_id().as_str();
    let told = text(path, id).unwrap_or_default().to_owned();
    if !arg.get_action().takes_values() {
        return arg.help(lines(&told)).long_help(None::<&str>);
    }
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| chinese_default(&value.to_string_lossy()))
        .collect();
    let mut parts = vec![told];
    for (what, listed) in [("可选", values), ("默认", defaults)] {
        if !listed.is_empty() {
            parts.push(format!("[{what}：{}]", listed.join("、")));
        }
    }
    let told = parts.join(" ");
    let names = arg.get_value_names().map(<[Str]>::to_vec);
    let names = names.unwrap_or_else(|| placeholder(&id.to_uppercase()).into_iter().collect());
    let names: Vec<Str> = names
        .into_iter()
        .map(|name| placeholder(&name).unwrap_or(name))
        .collect();
    arg.help(lines(&told))
        .long_help(None::<&str>)
        .hide_default_value(true)
        .hide_possible_values(true)
        .value_names(names)
}

/// A text that is filled in, and a name that is typed, by default.
fn chinese_default(value: &str) -> String {
    crate::words::recall(value).zh
}

/// The text of a verb's option: the verb's own, or the one that all verbs share.
fn text(path: &str, id: &str) -> Option<&'static str> {
    let of = |path: &str| {
        let head = format!("[{path}]");
        let mut lines = OPTIONS
            .lines()
            .skip_while(move |line| *line != head)
            .skip(1);
        let lines = std::iter::from_fn(move || lines.next().filter(|it| !it.starts_with('[')));
        lines.into_iter()
    };
    let start = format!("{id}: ");
    let find = |path: &str| of(path).find_map(|line| line.strip_prefix(&start));
    find(path).or_else(|| find("").filter(|_| !id.is_empty() && id != ":"))
}

/// In lines, so that a terminal does not break them at its edge. No line begins with a mark that
/// ends something.
fn wrapped(text: &str) -> String {
    let mut told = String::new();
    let mut width = 0;
    let chars: Vec<char> = text.chars().collect();
    let is_word = |c: char| c.is_ascii() && c != ' ';
    let mut at = 0;
    while at < chars.len() {
        let mut end = at + 1;
        while end < chars.len() && is_word(chars[end - 1]) && is_word(chars[end]) {
            end += 1;
        }
        while end < chars.len() && "、，。；：）”】]".contains(chars[end]) {
            end += 1;
        }
        let piece: String = chars[at..end].iter().collect();
        if width + cells(&piece) > WIDTH {
            told.truncate(told.trim_end().len());
            told.push('\n');
            told.push_str(piece.trim_start());
            width = cells(piece.trim_start());
        } else {
            width += cells(&piece);
            told.push_str(&piece);
        }
        at = end;
    }
    told
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn each(command: &Command, path: &str, told: &mut BTreeSet<String>) {
        let mut is_told = |id: &str| {
            assert!(text(path, id).is_some(), "no Chinese text: [{path}] {id}");
            told.insert(format!("[{path}] {id}"));
        };
        is_told("");
        for arg in command.get_arguments() {
            is_told(arg.get_id().as_str());
        }
        if command.get_after_long_help().is_some() {
            let name = command.get_name();
            assert!(
                LONG.iter().any(|(of, _)| *of == name),
                "no long help: {name}"
            );
        }
        for verb in command.get_subcommands() {
            let path = [path, verb.get_name()].join(" ");
            each(verb, path.trim_start(), told);
        }
    }

    #[test]
    fn every_verb_and_option_has_its_chinese_text_and_every_text_its_option() {
        let mut told = BTreeSet::new();
        each(&Cli::command(), "", &mut told);
        let mut path = "";
        for line in OPTIONS.lines() {
            if line.starts_with('[') {
                path = line.trim_matches(['[', ']']);
                continue;
            }
            let (id, text) = line.split_once(": ").unwrap();
            assert!(!text.is_ascii(), "{line}");
            let is_used = path.is_empty() || told.contains(&format!("[{path}] {id}"));
            assert!(is_used, "no such option: [{path}] {id}");
        }
    }

    #[test]
    fn a_line_is_broken_at_a_place_that_reads_well() {
        let text = "按".repeat(32) + "，--fund-flow 也可以";
        let told = wrapped(&text);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines,
            ["按".repeat(32) + "，", "--fund-flow 也可以".to_owned()]
        );
    }
}
