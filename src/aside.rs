//! stderr: progress, summaries and errors. It never ends a run: its reader may be gone (an ended
//! `ssh`, `| head`) or its disk full, and money is on its way meanwhile.
//!
//! The only place that writes there, but for the bar of `commands/progress.rs`, which ignores a
//! terminal that is gone by itself. `eprintln!` would panic. In which form it speaks, and how much,
//! is decided once, by `main`: lines for people in one language, or objects for programs in both.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::clock::{Clock, beijing};
use crate::words::{ERROR, Lang, Words, shown_json, shown_lines};

/// The form of stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// An object a line, for programs.
    Json,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A command failed.
    Error,
    /// Somebody should look: a halt, and what it needs.
    Warn,
    /// Everything else.
    Info,
}

/// The form, and the last level that is told.
static MANNER: OnceLock<(LogFormat, Level)> = OnceLock::new();

/// Decides it for this process; later words change nothing.
pub fn speak(format: LogFormat, is_quiet: bool) {
    let most = if is_quiet { Level::Warn } else { Level::Info };
    // The first word counts.
    let _ = MANNER.set((format, most));
}

/// Whether only warnings and errors are told.
#[must_use]
pub fn is_quiet() -> bool {
    !Level::Info.is_told()
}

impl LogFormat {
    /// The form of this process.
    #[must_use]
    pub fn now() -> LogFormat {
        MANNER.get().map_or(LogFormat::Text, |(format, _)| *format)
    }
}

impl Level {
    fn is_told(self) -> bool {
        MANNER.get().is_none_or(|(_, most)| self <= *most)
    }

    fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
        }
    }
}

/// Tells a line, or several, that are in the person's language already.
pub fn tell(text: impl Display) {
    let text = text.to_string();
    say(Level::Info, &text, || json!({ "text": text }));
}

/// Tells a message.
pub fn tell_words(lang: Lang, level: Level, words: &Words) {
    say(level, words.within(lang), || json!(words));
}

/// Tells a fact that programs read by its fields.
pub fn tell_fact(text: &str, name: &str, fact: Value) {
    let fact = serde_json::Map::from_iter([(name.to_owned(), fact)]);
    say(Level::Info, text, || Value::Object(fact));
}

/// Tells the message that a command ends with, its exit code, and the command to type next.
pub fn tell_error(lang: Lang, words: &Words, exit: u8, next: Option<&str>) {
    let text = format!("{}{}", ERROR.within(lang), words.within(lang));
    say(Level::Error, &text, || error(words, exit, next));
}

/// An error for programs.
#[must_use]
pub fn error(words: &Words, exit: u8, next: Option<&str>) -> Value {
    let Words { code, en, zh } = words;
    json!({ "code": code, "en": en, "zh": zh, "exit": exit, "next": next })
}

/// The one object on stdout of a verb that could not go on.
#[must_use]
pub fn refused(verb: &str, error: &Value) -> Value {
    json!({ "verb": verb, "exit": error["exit"], "error": error })
}

fn say(level: Level, text: &str, fields: impl FnOnce() -> Value) {
    if !level.is_told() {
        return;
    }
    // A line that cannot be written is lost; Aside never fails.
    let _ = match LogFormat::now() {
        LogFormat::Text => writeln!(Aside, "{text}"),
        LogFormat::Json => {
            let mut object =
                json!({ "at": beijing(Clock::real().now_ms()), "level": level.name() });
            if let (Value::Object(object), Value::Object(mut fields)) = (&mut object, fields()) {
                object.append(&mut fields);
            }
            writeln!(Aside, "{}", line(&object))
        }
    };
}

/// An object in one line that acts on no terminal.
#[must_use]
pub fn line(object: &Value) -> String {
    shown_json(&object.to_string()).into_owned()
}
/// stderr as a writer that never fails, and that shows no character which acts on a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Aside;

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let _ = io::stderr().write_all(shown_lines(&text).as_bytes());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// In one piece, so that no other process writes into the line.
    fn write_fmt(&mut self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.write_all(text.to_string().as_bytes())
    }
}
