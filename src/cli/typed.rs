//! The parsed command line, or the exit code where there is nothing to carry out.

use std::env::{args_os, var};
use std::ffi::OsString;
use std::io::{ErrorKind, Write as _, stdout};

use clap::error::ErrorKind as Kind;
use clap::{CommandFactory as _, Parser as _};

use super::{Cli, ToldArgs, chinese};
use crate::aside::{LogFormat, error, line, refused, speak, tell, tell_error};
use crate::exit::ExitCode;
use crate::words::{ERROR, Lang, Words, usage};

impl Cli {
    /// Parses the command line. Help goes to stdout, usage errors go to stderr.
    ///
    /// # Errors
    /// Where there is nothing to carry out: the exit code.
    pub fn typed() -> Result<Self, ExitCode> {
        Cli::try_parse_from(parsed(args_os())).map_err(|asked| {
            let lang = lang(args_os().map(|arg| arg.to_string_lossy().into_owned()));
            if asked.exit_code() != 0 {
                refuse(&asked, lang);
                return ExitCode::Usage;
            }
            let help = || chinese_help().filter(|_| asked.kind() != Kind::DisplayVersion);
            let shown = match lang {
                Lang::Zh => help().map(|help| stdout().write_all(help.as_bytes())),
                Lang::En => None,
            };
            match shown.unwrap_or_else(|| asked.print()) {
                Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
                    tell(format_args!("error: {fault}"));
                    ExitCode::Unexpected
                }
                Ok(()) | Err(_) => ExitCode::Done,
            }
        })
    }
}

/// The language, where the command line cannot be parsed.
fn lang(args: impl Iterator<Item = String>) -> Lang {
    let args: Vec<String> = args.collect();
    let next = args.windows(2).find(|pair| pair[0] == "--lang");
    let next = next.map(|pair| pair[1].as_str());
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--lang="));
    let typed = next.or(joined);
    let typed = typed.and_then(|name| Lang::ALL.into_iter().find(|lang| lang.name() == name));
    Lang::decide(typed, |name| var(name).ok())
}

/// What is parsed: `help` takes names of verbs only, so its language is read apart.
fn parsed(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    if args.get(1).is_none_or(|verb| verb != "help") {
        return args;
    }
    let is_lang = |name: &OsString| Lang::ALL.into_iter().any(|lang| name == lang.name());
    if let Some(at) = args
        .windows(2)
        .position(|pair| pair[0] == "--lang" && is_lang(&pair[1]))
    {
        args.drain(at..at + 2);
    }
    let joined = Lang::ALL.map(|lang| format!("--lang={}", lang.name()));
    args.retain(|arg| joined.iter().all(|joined| arg != joined.as_str()));
    args
}

fn chinese_help() -> Option<String> {
    chinese::help(Cli::command(), parsed(args_os()).into_iter())
}

/// The verbs whose `--json` is one object about their end.
const WITH_DOCUMENT: [&str; 6] = ["run", "load", "reconcile", "reissue", "resolve", "withdraw"];

/// What cannot be parsed may have said how it is to be told.
fn refuse(asked: &clap::Error, lang: Lang) {
    let english = asked.render().to_string();
    let is_help = asked.kind() == Kind::DisplayHelpOnMissingArgumentOrSubcommand;
    let help = chinese_help().filter(|_| is_help);
    let chinese = help.unwrap_or_else(|| chinese::fault(asked));
    let args = || args_os().map(|arg| arg.to_string_lossy().into_owned());
    let detail = Words {
        code: "usage.not_parsed",
        en: english.trim_end().to_owned(),
        zh: chinese.trim_end().to_owned(),
    };
    let (words, next) = (usage::not_parsed(detail), Some("hongbao help"));
    let exit = ExitCode::Usage.code();
    let verb = args()
        .nth(1)
        .filter(|verb| WITH_DOCUMENT.contains(&verb.as_str()));
    if let Some(verb) = verb.filter(|_| args().any(|arg| arg == "--json")) {
        let object = refused(&verb, &error(&words, exit, next));
        // Nobody is left to be told where it cannot be written.
        let _ = writeln!(stdout(), "{}", line(&object));
    }
    match (ToldArgs::form_of(args()), lang) {
        (LogFormat::Text, Lang::En) => tell(english.trim_end()),
        (LogFormat::Text, Lang::Zh) if is_help => tell(chinese.trim_end()),
        (LogFormat::Text, Lang::Zh) => tell(format_args!("{}{chinese}", ERROR.zh)),
        (LogFormat::Json, _) => {
            speak(LogFormat::Json, false);
            tell_error(Lang::En, &words, exit, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_takes_a_language_and_other_verbs_keep_theirs() {
        let of = |typed: &str| {
            let args = parsed(typed.split(' ').map(OsString::from));
            args.join(" ".as_ref()).into_string().unwrap()
        };
        for typed in ["x help run --lang zh", "x help --lang=zh run", "x help run"] {
            assert_eq!(of(typed), "x help run");
        }
        for typed in [
            "x run --lang zh",
            "x help run --lang",
            "x help --lang no",
            "x",
        ] {
            assert_eq!(of(typed), typed);
        }
    }

    #[test]
    fn the_language_of_what_cannot_be_parsed_is_the_one_that_was_typed() {
        for typed in [&["x", "--lang", "zh", "--nothing"][..], &["x", "--lang=zh"]] {
            assert_eq!(lang(typed.iter().map(ToString::to_string)), Lang::Zh);
        }
        let typed = ["x", "--lang", "en", "--lang"];
        assert_eq!(lang(typed.iter().map(ToString::to_string)), Lang::En);
    }
}
