//! `explain`: what an error code, a state, an exit code or a message means and what to do, and
//! pages about a topic.

use std::fmt::Write;

use crate::cli::ExplainArgs;
use crate::commands::console::say;
use crate::domain::flow::breaks::BreakKind;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::simulator::FaultName;
use crate::wechat::err_code::ErrCode;
use crate::words::topics::{TOPICS, Topic};
use crate::words::{Lang, Template, Text, all, both, of_many, usage};

const MEANS: Text = both("means: ", "含义：");
const HONGBAO: Text = both("hongbao: ", "hongbao：");
const YOU: Text = both("you: ", "处理办法：");
const SAYS: Text = both("says: ", "内容：");
const ABOUT: Text = both("about: ", "主题：");

pub(in crate::commands) fn explain(args: &ExplainArgs, lang: Lang) -> Result<ExitCode, Error> {
    let Some(asked) = &args.code else {
        return tell(&everything(), lang);
    };
    let found = find(asked);
    if let Some(topic) = TOPICS
        .iter()
        .find(|topic| topic.name == asked.to_lowercase())
    {
        show(topic, lang)?;
    } else if found.is_empty() {
        return Err(Error::Usage(usage::explain(format!("{asked:?}"))));
    }
    tell(&found, lang)
}

fn tell(found: &[Explained], lang: Lang) -> Result<ExitCode, Error> {
    for explained in found {
        say(explained.words(lang))?;
    }
    Ok(ExitCode::Done)
}

/// A page, and the list that belongs to it, in the words that stand for it everywhere.
fn show(topic: &Topic, lang: Lang) -> Result<ExitCode, Error> {
    say(format_args!("{}\n", topic.page.within(lang)))?;
    match topic.name {
        "exit-codes" => tell(&ExitCode::ALL.map(exit), lang),
        "states" => tell(&State::ALL.map(state), lang),
        "fund-flow" => tell(&BreakKind::ALL.map(flow_break), lang),
        "simulator" => {
            for fault in FaultName::ALL {
                say(does(*fault, lang))?;
            }
            Ok(ExitCode::Done)
        }
        _ => Ok(ExitCode::Done),
    }
}

/// The effect of a fault: the simulator has both languages itself.
fn does(fault: FaultName, lang: Lang) -> String {
    match lang {
        Lang::En => format!("  {fault:<20}{}", fault.describe()),
        Lang::Zh => format!("  {fault:<20}{}", fault.describe_zh()),
    }
}

/// Something that has a name, and what is to be known of it.
struct Explained {
    head: String,
    /// Its name in Chinese, where that is another.
    name: Option<&'static str>,
    lines: Vec<(Text, Text)>,
}

impl Explained {
    fn words(&self, lang: Lang) -> String {
        let name = self.name.filter(|_| lang == Lang::Zh);
        let name = name.map(|name| format!("  {name}")).unwrap_or_default();
        let mut words = format!("{}{name}\n", self.head);
        for (label, text) in &self.lines {
            let (label, text) = (label.within(lang), of_many(text.within(lang)));
            // Writing to a String cannot fail.
            let _ = writeln!(words, "  {label}{text}");
        }
        words
    }
}

fn everything() -> Vec<Explained> {
    let codes = ErrCode::ALL.iter().copied().map(code);
    let exits = ExitCode::ALL.into_iter().map(exit);
    let told = codes.chain(State::ALL.into_iter().map(state)).chain(exits);
    let told = told.chain(BreakKind::ALL.into_iter().map(flow_break));
    let told = told.chain(all().into_iter().map(message));
    told.chain(TOPICS.iter().map(about)).collect()
}

/// All that goes by this name: `processing` is a code as well as a state.
fn find(asked: &str) -> Vec<Explained> {
    let as_code = ErrCode::parse(&asked.to_uppercase()).map(code);
    let as_state = State::typed(asked).map(state);
    let number = asked.parse().ok();
    let is_asked = |code: &ExitCode| Some(code.code()) == number;
    let as_exit = ExitCode::ALL.into_iter().find(is_asked).map(exit);
    let is_message = |message: &Template| message.code == asked.to_lowercase();
    let as_message = all().into_iter().find(is_message).map(message);
    let as_break = BreakKind::named(&asked.to_lowercase()).map(flow_break);
    let found = [as_code, as_state, as_exit, as_break, as_message];
    found.into_iter().flatten().collect()
}

fn code(code: ErrCode) -> Explained {
    let words = code.explain();
    Explained {
        head: format!("{}  {}", code.name(), words.official_zh),
        name: None,
        lines: vec![
            (MEANS, words.meaning),
            (HONGBAO, words.reaction),
            (YOU, words.remedy),
        ],
    }
}

fn state(state: State) -> Explained {
    let words = state.explain();
    Explained {
        head: words.label.en.to_owned(),
        name: Some(words.label.zh),
        lines: vec![(MEANS, words.means), (YOU, words.remedy)],
    }
}

fn flow_break(kind: BreakKind) -> Explained {
    Explained {
        head: kind.name().to_owned(),
        name: None,
        lines: vec![(MEANS, kind.meaning()), (YOU, kind.advice())],
    }
}

fn exit(code: ExitCode) -> Explained {
    Explained {
        head: format!("exit {}", code.code()),
        name: None,
        lines: vec![(MEANS, code.meaning()), (YOU, code.advice())],
    }
}

fn message(message: Template) -> Explained {
    Explained {
        head: message.code.to_owned(),
        name: None,
        lines: vec![(SAYS, message.text)],
    }
}

fn about(topic: &Topic) -> Explained {
    Explained {
        head: topic.name.to_owned(),
        name: None,
        lines: vec![(ABOUT, topic.about)],
    }
}
