//! What the program tells of its own work, on stderr: off unless somebody asks for it, by
//! HONGBAO_LOG or `-v`. In English, as every log.
//!
//! At no level does a log have a key, a package or a whole openid: `Attempt`, `Packet` and the
//! secrets have no `Debug` that shows one, and `tests/logs.rs` searches whole runs at trace level.

use std::fmt;
use std::panic;

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::aside::{Aside, Level, LogFormat, line, tell_error, tell_words};
use crate::clock::{Clock, beijing};
use crate::words::{Lang, system};

/// The variable that asks for logs.
const VARIABLE: &str = "HONGBAO_LOG";

/// How a process ends after a defect: by SIGABRT.
const ABORTED: u8 = 134;

/// Begins: with the level that was typed, or what the variable says.
pub fn begin(typed: Option<&str>, lang: Lang) {
    let asked = std::env::var(VARIABLE).unwrap_or_default();
    let filter = match typed {
        Some(level) => EnvFilter::new(format!("hongbao={level}")),
        None if asked.is_empty() => EnvFilter::new("off"),
        None => EnvFilter::try_new(&asked).unwrap_or_else(|fault| {
            let fault = fault.to_string();
            tell_words(lang, Level::Warn, &system::log_filter(VARIABLE, fault));
            EnvFilter::new("off")
        }),
    };
    let logs = tracing_subscriber::fmt()
        .with_writer(|| Aside)
        .with_ansi(false)
        .with_env_filter(filter);
    match LogFormat::now() {
        LogFormat::Text => logs.init(),
        LogFormat::Json => {
            logs.event_format(JsonLine).init();
            panic::set_hook(Box::new(|defect| {
                let words = system::panicked(defect.to_string());
                tell_error(Lang::En, &words, ABORTED, None);
            }));
        }
    }
}

/// An event as an object in one line, with the spans that it is in.
struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = LoggedFields(Map::new());
        event.record(&mut fields);
        let spans = context.event_scope().into_iter().flat_map(|scope| {
            scope.from_root().map(|span| {
                let extensions = span.extensions();
                let fields = extensions.get::<FormattedFields<N>>();
                let fields = fields.map_or("", |fields| fields.fields.as_str());
                format!("{}{{{fields}}}", span.name())
            })
        });
        let metadata = event.metadata();
        let mut object = Map::new();
        object.insert("at".to_owned(), json!(beijing(Clock::real().now_ms())));
        let level = metadata.level().as_str().to_ascii_lowercase();
        object.insert("level".to_owned(), json!(level));
        object.insert("target".to_owned(), json!(metadata.target()));
        object.insert("spans".to_owned(), spans.collect());
        object.append(&mut fields.0);
        writeln!(writer, "{}", line(&Value::Object(object)))
    }
}

/// The fields of an event, `message` among them.
struct LoggedFields(Map<String, Value>);

impl LoggedFields {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for LoggedFields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}
