//! How far a run is: a bar on a terminal, a `key=value` line every ten seconds off it.

use std::fmt::Write;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::aside;
use crate::runner::Glance;
use crate::service;
use crate::words::{Lang, both};

/// Off a terminal.
const EVERY: Duration = Duration::from_secs(10);
/// To the system that started it: each line wakes that.
const STATUS_EVERY: Duration = Duration::from_secs(2);

/// Shows how far a run is.
pub(in crate::commands) struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
    start: Instant,
    shown: Instant,
    /// When the system that started it was told last.
    told: Option<Instant>,
}

impl Progress {
    /// Of `total` packets not sent yet.
    pub(in crate::commands) fn begin(total: u64, lang: Lang) -> Self {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| bar(total, lang));
        Progress {
            bar,
            total,
            start: now,
            shown: now,
            told: None,
        }
    }

    pub(in crate::commands) fn show(&mut self, glance: Glance) {
        let is_told = self.told.is_some_and(|at| at.elapsed() < STATUS_EVERY);
        if service::is_watched() && !is_told {
            self.told = Some(Instant::now());
            service::status(&self.line(glance));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(glance.moved);
        } else if self.shown.elapsed() >= EVERY {
            self.shown = Instant::now();
            aside::tell(self.line(glance));
        }
    }

    fn line(&self, glance: Glance) -> String {
        let seconds = self.start.elapsed().as_secs().max(1);
        let Glance {
            moved,
            sends,
            queries,
        } = glance;
        let left = (self.total.saturating_sub(moved) * seconds).checked_div(moved);
        let left = left.map_or_else(|| "unknown".to_owned(), |left| left.to_string());
        format!(
            "done={moved} total={} sends={sends} queries={queries} per_second={} \
             seconds_left={left}",
            self.total,
            moved / seconds
        )
    }

    pub(in crate::commands) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
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
