//! The object that `--json` writes to stdout at the end of a verb that changes something.

use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::commands::console::{STDOUT, despite, say_json, unwritten};
use crate::commands::finish::next::status_document;
use crate::commands::output::stream::{StreamKind, stream};
use crate::commands::setup::context::Context;
use crate::error::Error;
use crate::exit::ExitCode;

/// Writes a field of the object that is too long to be made first, comma and name included.
pub(in crate::commands) type WriteField<'a> = &'a dyn Fn(&mut dyn Write) -> Result<(), Error>;

/// Writes the object, if stdout is for one. What became of the command is not hidden by a full
/// disk.
pub(in crate::commands) fn end(context: &Context, verb: &str, exit: ExitCode) -> ExitCode {
    end_with(context, verb, exit, None)
}

/// As [`end`], with one field more.
pub(in crate::commands) fn end_with(
    context: &Context,
    verb: &str,
    exit: ExitCode,
    more: Option<WriteField<'_>>,
) -> ExitCode {
    if !context.stdout.has_document() {
        return exit;
    }
    let written = object(context, verb, exit).and_then(|object| write(&object, more));
    despite(context.lang, written, exit)
}

fn object(context: &Context, verb: &str, exit: ExitCode) -> Result<Value, Error> {
    let status = status_document(context, &context.standing()?);
    let mut object = Map::from_iter([
        ("verb".to_owned(), json!(verb)),
        ("campaign".to_owned(), status["campaign"].clone()),
        ("mode".to_owned(), status["mode"].clone()),
        ("exit".to_owned(), json!(exit.code())),
        ("status".to_owned(), status),
        ("reports".to_owned(), json!([])),
        ("next".to_owned(), Value::Null),
    ]);
    object.extend(context.stdout.facts());
    Ok(Value::Object(object))
}

fn write(object: &Value, more: Option<WriteField<'_>>) -> Result<(), Error> {
    let Some(more) = more else {
        return say_json(object).map(drop);
    };
    let failed = |fault| unwritten(Path::new(STDOUT))(fault);
    let head = object.to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    stream(StreamKind::Json, |to| {
        write!(to, "{head}").map_err(failed)?;
        more(to)?;
        writeln!(to, "}}").map_err(failed)
    })
    .map(drop)
}
