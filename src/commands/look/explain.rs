//! `explain`: what an error code, a state, an exit code or a message means and what to do, and
//! pages about a topic.

use std::fmt::Write;

use crate::cli::ExplainArgs;
use crate::commands::console::{self, say};
use crate::domain::flow::breaks::BreakKind;
use crate::domain::state::State;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::simulator::FaultName;
use crate::wechat::err_code::ErrCode;
use crate::words::topics::{TOPICS, Topic};
use crate::words::{Lang, Template, Text, Words, all, both, of_many, usage};

const MEANS: Text = both("means: ", "含义：");
const HONGBAO: Text = both("hongbao: ", "hongbao：");
const YOU: Text = both("you: ", "处理办法：");
const REISSUE: Text = both("reissue: ", "补发：");
const SAYS: Text = both("says: ", "内容：");
const ABOUT: Text = both("about: ", "主题：");

pub(in crate::commands) fn explain(args: &ExplainArgs, lang: Lang) -> Result<ExitCode, Error> {
    let Some(asked) = &args.code else {
        return tell(&everything(), lang);
    };
    let asked = asked.trim();
    if is_known(asked) {
        return explain_known(asked, lang);
    }
    match &*near(asked) {
        [one] => {
            console::tell(lang, &usage::explain_near(format!("{asked:?}"), &**one));
            explain_known(one, lang)
        }
        [] => Err(Error::Usage(usage::explain(format!("{asked:?}")))),
        several => {
            let (asked, names) = (format!("{asked:?}"), several.join(", "));
            Err(Error::Usage(usage::explain_several(asked, names)))
        }
    }
}

fn topic(asked: &str) -> Option<&'static Topic> {
    let name = asked.to_lowercase();
    TOPICS.iter().find(|topic| topic.name == name)
}

fn is_known(asked: &str) -> bool {
    topic(asked).is_some() || !find(asked).is_empty()
}

fn explain_known(asked: &str, lang: Lang) -> Result<ExitCode, Error> {
    if let Some(topic) = topic(asked) {
        show(topic, lang)?;
    }
    tell(&find(asked), lang)
}

/// The names of codes, states, topics and messages that are meant, if the word is a slip of one:
/// all that are equally near.
fn near(asked: &str) -> Vec<String> {
    let asked = folded(asked);
    // A quarter of a word is not a slip of it.
    let most = (asked.chars().count() / 4).min(2);
    let codes = ErrCode::ALL.iter().map(|code| code.name().to_owned());
    let states = State::ALL.iter().map(|state| state.name().to_owned());
    let breaks = BreakKind::ALL.iter().map(|kind| kind.name().to_owned());
    let topics = TOPICS.iter().map(|topic| topic.name.to_owned());
    let messages = all().into_iter().map(|message| message.code.to_owned());
    let names = codes.chain(states).chain(breaks).chain(topics);
    let mut found: Vec<(usize, String)> = names
        .chain(messages)
        .map(|name| (distance(&asked, &folded(&name)), name))
        .filter(|(apart, _)| *apart <= most)
        .collect();
    found.sort_by_key(|(apart, _)| *apart);
    let least = found.first().map_or(0, |(apart, _)| *apart);
    found.retain(|(apart, _)| *apart == least);
    let mut names: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
    // `processing` is a code as well as a state: one name tells of both.
    names.dedup_by_key(|name| name.to_lowercase());
    names
}

/// Without case, blanks, hyphens and underscores.
fn folded(name: &str) -> String {
    let is_letter = |c: &char| !matches!(c, ' ' | '-' | '_' | '.');
    name.to_lowercase().chars().filter(is_letter).collect()
}

/// Letters that are missing, too many, another one, or two that changed places.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut rows = vec![(0..width).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
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
    lines: Vec<(Text, Words)>,
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
    let as_state = State::typed(asked).or_else(|| in_chinese(asked));
    let as_state = as_state.map(state);
    let number = asked.parse().ok();
    let is_asked = |code: &ExitCode| Some(code.code()) == number;
    let as_exit = ExitCode::ALL.into_iter().find(is_asked).map(exit);
    let is_message = |message: &Template| message.code == asked.to_lowercase();
    let as_message = all().into_iter().find(is_message).map(message);
    let as_break = BreakKind::named(&asked.to_lowercase()).map(flow_break);
    let found = [as_code, as_state, as_exit, as_break, as_message];
    found.into_iter().flatten().collect()
}

/// The state that goes by this name in Chinese, with or without what stands in its brackets.
fn in_chinese(asked: &str) -> Option<State> {
    let is_asked = |state: &State| {
        let label = state.explain().label.zh;
        label == asked || label.split('（').next() == Some(asked)
    };
    State::ALL.into_iter().find(is_asked)
}

fn code(code: ErrCode) -> Explained {
    let words = code.explain();
    Explained {
        head: format!("{}  {}", code.name(), words.official_zh),
        name: None,
        lines: vec![
            (MEANS, plain(words.meaning)),
            (HONGBAO, plain(words.reaction)),
            (YOU, plain(words.remedy)),
            (REISSUE, with_code(words.reissue, code.name())),
        ],
    }
}

/// A fixed text.
fn plain(Text { en, zh }: Text) -> Words {
    let (code, en, zh) = ("", en.to_owned(), zh.to_owned());
    Words { code, en, zh }
}

/// A text with the command for this code.
fn with_code(text: Text, name: &str) -> Words {
    let mut words = plain(text);
    for told in [&mut words.en, &mut words.zh] {
        *told = told.replace("--code CODE", &format!("--code {name}"));
    }
    words
}

fn state(state: State) -> Explained {
    let words = state.explain();
    Explained {
        head: words.label.en.to_owned(),
        name: Some(words.label.zh),
        lines: vec![(MEANS, plain(words.means)), (YOU, plain(words.remedy))],
    }
}

fn flow_break(kind: BreakKind) -> Explained {
    let mut advice = vec![kind.advice(true), kind.advice(false)];
    advice.dedup_by_key(|text| text.en);
    Explained {
        head: kind.name().to_owned(),
        name: None,
        lines: std::iter::once((MEANS, plain(kind.meaning())))
            .chain(advice.into_iter().map(|text| (YOU, plain(text))))
            .collect(),
    }
}

fn exit(code: ExitCode) -> Explained {
    Explained {
        head: format!("exit {}", code.code()),
        name: None,
        lines: vec![(MEANS, plain(code.meaning())), (YOU, plain(code.advice()))],
    }
}

fn message(message: Template) -> Explained {
    Explained {
        head: message.code.to_owned(),
        name: None,
        lines: vec![(SAYS, plain(message.text))],
    }
}

fn about(topic: &Topic) -> Explained {
    Explained {
        head: topic.name.to_owned(),
        name: None,
        lines: vec![(ABOUT, plain(topic.about))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_name_and_another_word_none() {
        for (asked, meant) in [
            ("NOTENOGH", "NOTENOUGH"),
            ("notenough ", "NOTENOUGH"),
            ("NOT_ENOUGH", "NOTENOUGH"),
            ("NOTENUOGH", "NOTENOUGH"),
            ("OPENIDERROR", "OPENID_ERROR"),
            ("OPENDID_ERROR", "OPENID_ERROR"),
            ("SENDNUMLIMIT", "SENDNUM_LIMIT"),
            ("SEND_NUM_LIMT", "SENDNUM_LIMIT"),
            ("FREQLIMIT", "FREQ_LIMIT"),
            ("SYSTEM_ERROR", "SYSTEMERROR"),
            ("NOAUTH", "NO_AUTH"),
            ("PARAMERR0R", "PARAM_ERROR"),
            ("in doubt", "in_doubt"),
            ("proccessing", "processing"),
            ("exit codes", "exit-codes"),
            ("exitcode", "exit-codes"),
            ("aproval", "approval"),
        ] {
            let near = near(asked);
            let named: Vec<String> = near.iter().map(|name| name.to_lowercase()).collect();
            assert_eq!(named, [meant.to_lowercase()], "{asked}");
        }
        for asked in ["x", "lunch", "ERROR", "12345678", ""] {
            assert!(near(asked).is_empty(), "{asked}: {:?}", near(asked));
        }
    }

    #[test]
    fn a_state_is_known_by_its_chinese_name() {
        for state in State::ALL {
            let label = state.explain().label.zh;
            let short = label.split('（').next().unwrap();
            for asked in [label, short] {
                assert_eq!(in_chinese(asked), Some(state), "{asked}");
                assert!(is_known(asked), "{asked}");
            }
        }
        assert_eq!(in_chinese("发放失败"), Some(State::Refused));
        assert_eq!(in_chinese(""), None);
    }

    #[test]
    fn letters_are_counted_once() {
        for (one, other, apart) in [
            ("", "", 0),
            ("ab", "ba", 1),
            ("abc", "", 3),
            ("ac", "abc", 1),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
            assert_eq!(distance(other, one), apart, "{other} {one}");
        }
    }
}
