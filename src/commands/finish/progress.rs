//! How far a run is: a bar on a terminal, a line every few seconds off it, and a line at once where
//! SIGUSR1 asks for it.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, interval_at};

use crate::aside::{self, LogFormat};
use crate::commands::setup::context::Context;
use crate::domain::state::State;
use crate::ledger::{CampaignRow, Reader};
use crate::runner::Glance;
use crate::service;
use crate::words::{Lang, both};

/// To the system that started it: each line wakes that.
const STATUS_EVERY: Duration = Duration::from_secs(2);

/// Shows how far a run is.
pub(in crate::commands) struct Progress {
    bar: Option<ProgressBar>,
    glance: Arc<Mutex<Glance>>,
    lines: JoinHandle<()>,
}

/// What a line is made of.
struct Teller {
    campaign: String,
    ledger: Option<(Reader, CampaignRow)>,
    total: u64,
    start: Instant,
    glance: Arc<Mutex<Glance>>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of `total` packets not sent yet.
    pub(in crate::commands) fn begin(total: u64, context: &Context) -> Self {
        let is_drawn = std::io::stderr().is_terminal() && LogFormat::now() == LogFormat::Text;
        let bar = (is_drawn && !aside::is_quiet()).then(|| bar(total, context.lang));
        let glance = Arc::<Mutex<Glance>>::default();
        let teller = Teller {
            campaign: context.campaign.id.to_string(),
            // Without it there is less to tell, which ends no run.
            ledger: context.loaded().ok().flatten(),
            total,
            start: Instant::now(),
            glance: Arc::clone(&glance),
            bar: bar.clone(),
        };
        let every = context.campaign.progress;
        Progress {
            bar,
            glance,
            lines: tokio::spawn(teller.tell_on(every)),
        }
    }

    pub(in crate::commands) fn show(&self, glance: Glance) {
        if let Some(bar) = &self.bar {
            bar.set_position(glance.moved);
        }
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner) = glance;
    }

    pub(in crate::commands) fn end(self) {
        self.lines.abort();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A process that has no progress yet, or none any more, is not ended by SIGUSR1 either.
pub(in crate::commands) fn be_asked() -> std::io::Result<()> {
    // The handler stays as long as the process.
    signal(SignalKind::user_defined1()).map(drop)
}

impl Teller {
    /// Tells until it is aborted.
    async fn tell_on(self, every: Duration) {
        let mut ticks = interval_at(tokio::time::Instant::now() + every, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut statuses = interval(STATUS_EVERY);
        statuses.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut asked = signal(SignalKind::user_defined1()).ok();
        loop {
            let is_asked = async {
                match &mut asked {
                    Some(asked) => drop(asked.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = is_asked => self.tell(),
                _ = ticks.tick(), if self.bar.is_none() => self.tell(),
                _ = statuses.tick(), if service::is_watched() => {
                    service::status(&line(&self.facts()));
                }
            }
        }
    }

    fn tell(&self) {
        let facts = self.facts();
        let say = || aside::tell_fact(&line(&facts), "progress", facts.clone());
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// Money and refusals are the campaign's, as `status` has them; the rest is of this run.
    fn facts(&self) -> Value {
        let Glance {
            moved,
            sends,
            queries,
        } = *self.glance.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = self.start.elapsed().as_secs().max(1);
        let left = (self.total.saturating_sub(moved) * seconds).checked_div(moved);
        let ledger = self.ledger.as_ref();
        let tally = ledger.and_then(|(reader, row)| reader.tally(row).ok());
        let tally = tally.as_ref();
        json!({
            "campaign": self.campaign,
            "done": moved,
            "total": self.total,
            "sends": sends,
            "queries": queries,
            "per_second": moved / seconds,
            "seconds_left": left,
            "paid_yuan": tally.map(|it| it.sum(State::is_paid).fen.to_string()),
            "owed_yuan": tally.map(|it| it.owed().fen.to_string()),
            "refused": tally.map(|it| it.of(State::Refused).count),
            "unresolved": tally.map(|it| it.sum(State::is_unresolved).count),
        })
    }
}

/// The facts as `key=value`.
fn line(facts: &Value) -> String {
    let told = |(key, value): (&String, &Value)| match value {
        Value::String(text) => format!("{key}={text}"),
        Value::Null => format!("{key}=unknown"),
        value => format!("{key}={value}"),
    };
    let fields = facts.as_object().into_iter().flatten();
    fields.map(told).collect::<Vec<_>>().join(" ")
}

fn bar(total: u64, lang: Lang) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = both(
        "{bar:30} {pos}/{len} packets  {rate}/s  {eta} left",
        "{bar:30} {pos}/{len} 个红包  {rate}/秒  剩余 {eta}",
    );
    let template = template.within(lang);
    // The template is a constant that the bar's own tests would reject if it were wrong.
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, to: &mut dyn Write| {
            // Writing to the bar's own text cannot fail.
            let _ = write!(to, "{:.1}", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar
}
