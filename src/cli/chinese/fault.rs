//! Why something cannot be parsed, in Chinese, from the facts that clap has of it.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::placeholders::framed;
use crate::words::{Text, Words, both, typed as words};

/// In Chinese, with what may have been meant and how it is used.
pub(in crate::cli) fn fault(fault: &Error) -> String {
    let mut told = vec![cause(fault).zh];
    let values = listed(fault, ContextKind::ValidValue);
    if !values.is_empty() {
        told.push(words::values(values).zh);
    }
    let verbs = listed(fault, ContextKind::ValidSubcommand);
    if !verbs.is_empty() {
        told.push(words::verbs(verbs).zh);
    }
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        let meant = listed(fault, kind);
        if !meant.is_empty() {
            told.push(words::meant(meant).zh);
        }
    }
    if let Some(usage) = fault.get(ContextKind::Usage) {
        told.push(framed(usage.to_string().trim()));
    }
    told.push(words::more().zh);
    told.join("\n")
}

fn cause(fault: &Error) -> Words {
    let get = |kind| listed(fault, kind);
    let argument = || get(ContextKind::InvalidArg);
    match fault.kind() {
        ErrorKind::InvalidValue if get(ContextKind::InvalidValue).is_empty() => {
            words::no_value(argument())
        }
        ErrorKind::InvalidValue => words::value(get(ContextKind::InvalidValue), argument()),
        ErrorKind::ValueValidation => words::refused_value(
            get(ContextKind::InvalidValue),
            argument(),
            fault.source().map(|why| reason(&why.to_string())),
        ),
        ErrorKind::UnknownArgument => words::unknown(argument()),
        ErrorKind::InvalidSubcommand => words::no_verb(get(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict => {
            let with = get(ContextKind::PriorArg);
            if with.is_empty() || with == argument() {
                words::repeated(argument())
            } else {
                words::conflict(argument(), with)
            }
        }
        ErrorKind::MissingRequiredArgument => words::missing(argument()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            words::missing_verb()
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            words::no_value(argument())
        }
        ErrorKind::TooManyValues => words::unknown(get(ContextKind::InvalidValue)),
        ErrorKind::InvalidUtf8 => words::not_utf8(),
        _ => words::other(fault.to_string().trim().to_owned()),
    }
}

/// What the fault says of this, in Chinese where it stands for a value.
fn listed(fault: &Error, kind: ContextKind) -> String {
    match fault.get(kind) {
        Some(ContextValue::Strings(all)) => framed(&all.join("、")),
        Some(ContextValue::StyledStrs(all)) => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            framed(&all.join("、"))
        }
        None | Some(ContextValue::None) => String::new(),
        Some(value) => framed(&value.to_string()),
    }
}

/// Why a value is refused: what our own checks and those of the standard library say most.
const REASONS: &[Text] = &[
    both("not a whole number from 1 on", "须为不小于 1 的整数"),
    both("invalid digit found in string", "须为整数"),
    both("cannot parse integer from empty string", "须为整数"),
    both("number too large to fit in target type", "数值过大"),
    both(
        "invalid socket address syntax",
        "须写作 地址:端口，例如 127.0.0.1:8080",
    ),
];

fn reason(why: &str) -> Words {
    if let Some(known) = REASONS.iter().find(|known| known.en == why) {
        return words::known(*known);
    }
    // `0 is not in 1..=1000`, as a range says it; `1..` has no end that is worth telling.
    let range = why.split_once(" is not in ").map(|(_, range)| range);
    match range.and_then(|range| range.split_once("..")) {
        Some((first, last)) => match last.trim_start_matches('=') {
            last if last.len() < 12 && !last.is_empty() => words::between(first, last),
            _ => words::at_least(first),
        },
        None => words::original(why),
    }
}
