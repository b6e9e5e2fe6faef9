//! What was typed, for the end of a command that cannot go on: which verb, about which campaign.

use std::path::{Path, PathBuf};

use crate::cli::{BillAccount, LedgerAction, LoadArgs, ReconcileArgs, Verb};
use crate::exit::ExitCode;
use crate::words::Words;
use crate::words::names::CAMPAIGN;
pub(in crate::commands) use crate::words::{typed_path, typed_word};

/// What a usage error says where there is nothing to look at before a load.
const NOT_LOADED: [&str; 3] = [
    "usage.no_ledger",
    "usage.empty_ledger",
    "usage.other_campaigns",
];

/// A verb and its campaign file.
#[derive(Debug)]
pub(in crate::commands) struct Typed {
    verb: &'static str,
    campaign: Option<PathBuf>,
    /// What a check of the list, or the same command, needs to be told again.
    options: String,
    /// Whether stdout is for one object about the end.
    wants_document: bool,
}

impl Typed {
    pub(in crate::commands) fn of(verb: &Verb) -> Typed {
        let about = |name, campaign: &Path| Typed {
            verb: name,
            campaign: Some(campaign.to_owned()),
            options: String::new(),
            wants_document: false,
        };
        let alone = |name| Typed {
            verb: name,
            campaign: None,
            options: String::new(),
            wants_document: false,
        };
        match verb {
            Verb::Run(args) => about("run", &args.campaign)
                .document(args.json)
                .options(list_options(args.sheet.as_deref(), &args.pay_again)),
            Verb::Load(args) => about("load", &args.campaign)
                .document(args.json)
                .options(load_options(args)),
            Verb::Reconcile(args) => about("reconcile", &args.campaign)
                .document(args.bills.json)
                .options(reconcile_options(args)),
            Verb::Reissue(args) => about("reissue", &args.campaign).document(args.json),
            Verb::Resolve(args) => about("resolve", &args.campaign).document(args.json),
            Verb::Withdraw(args) => about("withdraw", &args.campaign).document(args.json),
            Verb::Plan(args) => about("plan", &args.campaign)
                .options(list_options(args.sheet.as_deref(), &args.pay_again)),
            Verb::Doctor(args) => about("doctor", &args.campaign),
            Verb::Rehearse(args) => about("rehearse", &args.campaign),
            Verb::Status(args) => about("status", &args.campaign),
            Verb::Report(args) => about("report", &args.campaign),
            Verb::Claims(args) => about("claims", &args.campaign),
            Verb::Show(args) => about("show", &args.campaign),
            Verb::Pause(args) => about("pause", &args.campaign),
            Verb::Unpause(args) => about("unpause", &args.campaign),
            Verb::Audit(args) => about("audit", &args.campaign),
            Verb::Schedule(args) => about("schedule", &args.campaign),
            Verb::Notify(args) => about("notify", &args.campaign),
            Verb::Approve(args) => match &args.campaign {
                Some(campaign) => about("approve", campaign),
                None => alone("approve"),
            },
            Verb::Explain(_) => alone("explain"),
            Verb::Ledger(args) => match &args.action {
                LedgerAction::Backup(args) => about("ledger", &args.campaign),
                LedgerAction::Restore(args) => about("ledger", &args.campaign),
                LedgerAction::Adopt(args) => about("ledger", &args.campaign),
            },
            Verb::Simulate(_) => alone("simulate"),
            Verb::Completions(_) => alone("completions"),
            Verb::Man(_) => alone("man"),
            Verb::Init(_) => alone("init"),
            Verb::List(_) => alone("list"),
        }
    }

    fn document(self, wants_document: bool) -> Typed {
        Typed {
            wants_document,
            ..self
        }
    }

    fn options(self, options: String) -> Typed {
        Typed { options, ..self }
    }

    /// The verb, where stdout wants one object about its end.
    pub(in crate::commands) fn with_document(&self) -> Option<&'static str> {
        self.wants_document.then_some(self.verb)
    }

    /// The words, whose commands have the campaign file that was typed in the place of any.
    pub(in crate::commands) fn named(&self, words: Words) -> Words {
        let Some(campaign) = &self.campaign else {
            return words;
        };
        let campaign = typed_path(campaign);
        Words {
            en: in_commands(&words.en, CAMPAIGN.en, &campaign),
            zh: in_commands(&words.zh, CAMPAIGN.zh, &campaign),
            ..words
        }
    }

    /// The command to type next where this one could not go on: it looks, and changes nothing, but
    /// for a verb that is only to be given again.
    pub(in crate::commands) fn next(&self, exit: ExitCode, words: &Words) -> String {
        let verb = match exit {
            ExitCode::Usage if NOT_LOADED.contains(&words.code) => "load --check",
            ExitCode::Usage => return format!("hongbao help {}", self.verb),
            // The only files that it is given are bills.
            ExitCode::FileRefused if self.verb == "reconcile" => {
                return "hongbao explain fund-flow".to_owned();
            }
            ExitCode::Configuration | ExitCode::Unreachable => "doctor",
            ExitCode::FileRefused => "load --check",
            ExitCode::NotApproved => "plan",
            ExitCode::Halted => "audit",
            ExitCode::Limited => self.verb,
            ExitCode::Done
            | ExitCode::Unexpected
            | ExitCode::SomeRefused
            | ExitCode::SomeUnresolved
            | ExitCode::Held
            | ExitCode::Interrupted
            | ExitCode::Terminated => "status",
        };
        let options = match exit {
            ExitCode::FileRefused | ExitCode::Limited => self.options.as_str(),
            _ => "",
        };
        match &self.campaign {
            // What stopped a verb on a copy is about the copy.
            Some(campaign) if self.verb != "ledger" => {
                format!("hongbao {verb} {}{options}", typed_path(campaign))
            }
            Some(_) | None => format!("hongbao explain {}", exit.code()),
        }
    }
}

/// A text with another word in the place of one of its commands' words. What is no command keeps
/// it.
fn in_commands(text: &str, word: &str, instead: &str) -> String {
    let mut parts = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        let is_command = at % 2 == 1 && part.starts_with("hongbao ");
        let words = part
            .split(' ')
            .map(|it| if it == word { instead } else { it });
        parts.push(if is_command {
            words.collect::<Vec<_>>().join(" ")
        } else {
            part.to_owned()
        });
    }
    parts.join("`")
}

/// `--sheet NAME`, for a command to type.
pub(in crate::commands) fn sheet_option(sheet: Option<&str>) -> String {
    sheet.map_or_else(String::new, |name| format!(" --sheet {}", typed_word(name)))
}

/// The options of a list that is not loaded yet, for a command to type.
pub(in crate::commands) fn list_options(sheet: Option<&str>, pay_again: &[String]) -> String {
    let again = |id: &String| format!(" --pay-again {}", typed_word(id));
    sheet_option(sheet) + &pay_again.iter().map(again).collect::<String>()
}

/// The file and the options of a load, for a command to type.
pub(in crate::commands) fn load_options(args: &LoadArgs) -> String {
    let file = args
        .file
        .as_deref()
        .map(|file| format!(" {}", typed_path(file)));
    let repeats =
        (args.allow_repeats > 0).then(|| format!(" --allow-repeats {}", args.allow_repeats));
    let back = args
        .bring_back
        .map(|count| format!(" --bring-back {count}"));
    let refreeze = args.refreeze.then(|| " --refreeze".to_owned());
    let list = list_options(args.sheet.as_deref(), &args.pay_again);
    [file, Some(list), repeats, refreeze, back]
        .into_iter()
        .flatten()
        .collect()
}

/// What a reconciliation was asked for, for a command to type.
pub(in crate::commands) fn reconcile_options(args: &ReconcileArgs) -> String {
    let bills = &args.bills;
    let age = args.older_than.iter();
    let age = age.map(|age| format!(" --older-than {}", typed_word(age)));
    let limit = args.limit.iter().map(|limit| format!(" --limit {limit}"));
    let days = bills.fetch_fund_flow.iter();
    let days = days.map(|day| format!(" --fetch-fund-flow {}", typed_word(day)));
    let account = bills.account.map(|account| match account {
        BillAccount::Basic => " --account basic".to_owned(),
        BillAccount::Operation => " --account operation".to_owned(),
    });
    let files = bills.fund_flow.iter();
    let files = files.map(|file| format!(" --fund-flow {}", typed_path(file)));
    let instead = bills.instead.then(|| " --instead".to_owned());
    let questions = bills.no_queries.then(|| " --no-queries".to_owned());
    let all = age.chain(limit).chain(days).chain(account);
    all.chain(files).chain(instead).chain(questions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_the_campaign_file_that_was_typed() {
        let words = |en: &str, zh: &str| Words {
            code: "x",
            en: en.to_owned(),
            zh: zh.to_owned(),
        };
        let typed = Typed {
            verb: "run",
            campaign: Some("a b.toml".into()),
            options: String::new(),
            wants_document: false,
        };
        let told = typed.named(words(
            "CAMPAIGN.toml: `hongbao audit CAMPAIGN.toml` or `CAMPAIGN.toml`",
            "请改活动文件；`hongbao load 活动文件 --refreeze` 可用",
        ));
        let named = "CAMPAIGN.toml: `hongbao audit 'a b.toml'` or `CAMPAIGN.toml`";
        assert_eq!(told.en, named);
        let named = "请改活动文件；`hongbao load 'a b.toml' --refreeze` 可用";
        assert_eq!(told.zh, named);
    }
}
