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
use crate::clock::{Clock, beijing_words};
use crate::commands::console::tell;
use crate::commands::setup::context::Context;
use crate::domain::state::State;
use crate::domain::tally::Tally;
use crate::ledger::{CampaignRow, Reader};
use crate::runner::Glance;
use crate::service;
use crate::words::{Lang, Text, both, run as words};

/// Waiting is told at most so often, and not where it is over at once.
const WAITS_EVERY: Duration = Duration::from_secs(10);
const WAITS_MS: i64 = 3000;
/// How often it is looked whether it waits.
const LOOK_EVERY: Duration = Duration::from_millis(500);
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
    lang: Lang,
    clock: Clock,
    url: String,
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
            lang: context.lang,
            clock: context.clock.clone(),
            url: context.gateway_url().to_owned(),
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
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = None;
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
                _ = looks.tick() => self.tell_waits(&mut told),
                _ = statuses.tick(), if service::is_watched() => {
                    service::status(&line(&self.facts(), self.lang));
                }
            }
        }
    }

    fn tell(&self) {
        let facts = self.facts();
        self.beside_bar(|| aside::tell_fact(&line(&facts, self.lang), "progress", facts.clone()));
    }

    fn beside_bar(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// What the run waits for, where that is new or a while ago.
    fn tell_waits(&self, told: &mut Option<Instant>) {
        let waits = self.glance().waits;
        let now = self.clock.now_ms();
        let Some(waits) = waits.filter(|it| it.gateway.is_some() || it.next - now >= WAITS_MS)
        else {
            return;
        };
        if told.is_some_and(|at| at.elapsed() < WAITS_EVERY) {
            return;
        }
        *told = Some(Instant::now());
        let (next, until) = (beijing_words(waits.next), beijing_words(waits.until));
        let words = if let Some(why) = waits.gateway {
            words::waits_for_gateway(&*self.url, why, until)
        } else {
            let Some(tally) = self.tally() else { return };
            let count = |state| tally.of(state).count;
            let (doubt, processing) = (count(State::InDoubt), count(State::Processing));
            words::waits_for(doubt, processing, count(State::Ready), next, until)
        };
        self.beside_bar(|| tell(self.lang, &words));
    }

    fn glance(&self) -> Glance {
        let glance = self.glance.lock();
        glance.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tally(&self) -> Option<Tally> {
        let (reader, row) = self.ledger.as_ref()?;
        reader.tally(row).ok()
    }

    /// Money and refusals are the campaign's, as `status` has them; the rest is of this run.
    fn facts(&self) -> Value {
        let Glance {
            moved,
            sends,
            queries,
            ..
        } = self.glance();
        let seconds = self.start.elapsed().as_secs().max(1);
        let left = (self.total.saturating_sub(moved) * seconds).checked_div(moved);
        let tally = self.tally();
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
fn line(facts: &Value, lang: Lang) -> String {
    let told = |(key, value): (&String, &Value)| {
        let name = FACTS.iter().find(|name| name.en == key);
        let key = name.map_or(key.as_str(), |name| name.within(lang));
        match value {
            Value::String(text) => format!("{key}={text}"),
            Value::Null => format!("{key}={}", UNKNOWN.within(lang)),
            value => format!("{key}={value}"),
        }
    };
    let fields = facts.as_object().into_iter().flatten();
    fields.map(told).collect::<Vec<_>>().join(" ")
}

/// The names of the facts.
const FACTS: [Text; 11] = [
    both("campaign", "活动"),
    both("done", "已处理"),
    both("total", "总数"),
    both("sends", "发放请求"),
    both("queries", "查询请求"),
    both("per_second", "每秒个数"),
    both("seconds_left", "剩余秒数"),
    both("paid_yuan", "已付元"),
    both("owed_yuan", "应付元"),
    both("refused", "发放失败"),
    both("unresolved", "结果待确认"),
];
const UNKNOWN: Text = both("unknown", "未知");

fn bar(total: u64, lang: Lang) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = both(
        "{wide_bar} {pos}/{len} packets  {rate}/s  {left} left",
        "{wide_bar} {pos}/{len} 个红包  {rate}/秒  剩余 {left}",
    );
    let template = template.within(lang);
    // The template is a constant that the bar's own tests would reject if it were wrong.
    if let Ok(style) = ProgressStyle::with_template(template) {
        // Writing to the bar's own text cannot fail.
        let rate = |state: &ProgressState, to: &mut dyn Write| {
            let _ = write!(to, "{:.1}", state.per_sec());
        };
        let left = move |state: &ProgressState, to: &mut dyn Write| {
            let _ = to.write_str(&left(state.eta(), lang));
        };
        bar.set_style(style.with_key("rate", rate).with_key("left", left));
    }
    bar
}

/// A time to come, in its two largest units.
fn left(time: Duration, lang: Lang) -> String {
    let unit = |count: u64, unit: Text| format!("{count}{}", unit.within(lang));
    let [hours, minutes, seconds] = [both("h", "小时"), both("m", "分"), both("s", "秒")];
    match time.as_secs() {
        all @ 0..60 => unit(all, seconds),
        all @ 60..3600 => unit(all / 60, minutes) + &unit(all % 60, seconds),
        all => unit(all / 3600, hours) + &unit(all % 3600 / 60, minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_come_is_told_in_its_two_largest_units() {
        for (seconds, en, zh) in [
            (0, "0s", "0秒"),
            (59, "59s", "59秒"),
            (61, "1m1s", "1分1秒"),
            (7_384, "2h3m", "2小时3分"),
        ] {
            let time = Duration::from_secs(seconds);
            assert_eq!((&*left(time, Lang::En), &*left(time, Lang::Zh)), (en, zh));
        }
    }
}
