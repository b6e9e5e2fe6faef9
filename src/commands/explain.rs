//! `explain`: what an error code, a state or an exit code means, and what to do.

use super::out::say;
use crate::cli::ExplainArgs;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::wechat::err_code::ErrCode;

pub(super) fn explain(args: &ExplainArgs) -> Result<ExitCode, Error> {
    let Some(asked) = &args.code else {
        let codes = ErrCode::ALL.iter().copied().map(code_words);
        let states = State::ALL.into_iter().map(state_words);
        for words in codes
            .chain(states)
            .chain(ExitCode::ALL.into_iter().map(exit_words))
        {
            say(words)?;
        }
        return Ok(ExitCode::Done);
    };
    let found = find(asked);
    if found.is_empty() {
        return Err(unknown(asked));
    }
    for words in &found {
        say(words)?;
    }
    Ok(ExitCode::Done)
}

/// All that goes by this name: `processing` is a code as well as a state.
fn find(asked: &str) -> Vec<String> {
    let as_code = ErrCode::parse(&asked.to_uppercase()).map(code_words);
    let as_state = State::named(&asked.to_lowercase()).map(state_words);
    let number = asked.parse().ok();
    let is_asked = |code: &ExitCode| Some(code.code()) == number;
    let as_exit = ExitCode::ALL.into_iter().find(is_asked).map(exit_words);
    [as_code, as_state, as_exit].into_iter().flatten().collect()
}

fn unknown(asked: &str) -> Error {
    Error::Usage(format!(
        "{asked:?} is no code, state or exit code this tool knows. An unknown code from WeChat \
         Pay never counts as a failure: the packet is in doubt and asked about. `hongbao explain` \
         lists all that is known"
    ))
}

fn code_words(code: ErrCode) -> String {
    let words = code.explain();
    format!(
        "{}  {}\n  means: {}\n  hongbao: {}\n  you: {}\n",
        code.name(),
        words.official_zh,
        words.meaning,
        words.reaction,
        words.remedy
    )
}

fn state_words(state: State) -> String {
    let (means, what_to_do) = match state {
        State::Ready => ("the number is fixed, nothing was ever sent", "run"),
        State::InFlight => ("a request is open right now", "wait for the run to end"),
        State::InDoubt => (
            "it may have been paid, and WeChat Pay has not said so yet",
            "run or reconcile: the same number is sent again or queried; never pay it by other \
             means",
        ),
        State::Processing => ("WeChat Pay accepted it and is working", "reconcile later"),
        State::Sent => (
            "issued, claimable for 24 hours",
            "nothing; reconcile shows claims",
        ),
        State::Received => ("claimed by the recipient", "nothing"),
        State::Refunding => ("unclaimed, the money is on its way back", "reconcile later"),
        State::Refunded => ("unclaimed, the money is back", "nothing"),
        State::Refused => ("proven unpaid", "see its err_code"),
        State::Review => (
            "the tool must not decide: parameters clash, or its bounds were reached",
            "look into the merchant platform, then `hongbao resolve`",
        ),
    };
    format!("{state}\n  means: {means}\n  you: {what_to_do}\n")
}

fn exit_words(code: ExitCode) -> String {
    format!(
        "exit {}\n  means: {}\n  you: {}\n",
        code.code(),
        code.meaning(),
        code.advice()
    )
}
