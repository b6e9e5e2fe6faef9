//! The begin of every verb with a campaign: the campaign file, the clock, the mode.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::json;

use crate::clock::{Clock, beijing};
use crate::config::{Campaign, LeftFormat, Mode};
use crate::domain::flow::breaks::StandingBreaks;
use crate::domain::policy::RetryRules;
use crate::domain::state::State;
use crate::domain::tally::{PaidOtherwise, Tally, WithoutPackage};
use crate::domain::terms::Terms;
use crate::error::Error;
use crate::ledger::{CampaignRow, Course, LockNote, Overdue, Owner, Reader, lock_holder};
use crate::report::Standing;
use crate::runner::longest_ms;
use crate::words::{self, Lang, Words, names::CommandWords, next};

use super::stdout::Stdout;
use super::time::clock;
use super::typed::typed_path;
use crate::commands::console::{tell, warn};

/// A campaign file that was understood.
pub(in crate::commands) struct Context {
    /// Where it is, as it was typed.
    pub(in crate::commands) path: PathBuf,
    pub(in crate::commands) campaign: Campaign,
    pub(in crate::commands) clock: Clock,
    /// The language of messages.
    pub(in crate::commands) lang: Lang,
    /// The language that was typed, which reports have, too.
    pub(in crate::commands) typed: Option<Lang>,
    pub(in crate::commands) stdout: Stdout,
    /// Where this process's own simulator is, once there is one.
    pub(in crate::commands) simulator: OnceLock<String>,
}

impl Context {
    /// The other side of the wire, as messages name it.
    pub(in crate::commands) fn gateway_url(&self) -> &str {
        let simulator = self.simulator.get();
        simulator.unwrap_or(&self.campaign.gateway.base_url)
    }

    /// Reads the campaign file and says in which mode it is: the first line on stderr.
    pub(in crate::commands) fn open(path: &Path, lang: Lang) -> Result<Context, Error> {
        let context = Context::look(path, lang)?;
        context.tell(&match context.campaign.gateway.mode {
            Mode::Simulator => words::mode::simulator(),
            Mode::Live => words::mode::live(),
        });
        context.keep_older_version()?;
        Ok(context)
    }

    /// Reads the campaign file, for a verb that tells of several.
    pub(in crate::commands) fn look(path: &Path, lang: Lang) -> Result<Context, Error> {
        let campaign = Campaign::load(path)?;
        Ok(Context {
            path: path.to_owned(),
            clock: clock(campaign.gateway.mode)?,
            campaign,
            lang,
            typed: None,
            stdout: Stdout::default(),
            simulator: OnceLock::new(),
        })
    }

    /// Reads the campaign file again. A clock that was set goes on.
    pub(in crate::commands) fn anew(&self) -> Result<Context, Error> {
        let mut read = Context::open(&self.path, self.lang)?;
        read.typed = self.typed;
        read.stdout.is_for = self.stdout.is_for;
        let is_real = read.is_live();
        Ok(if is_real {
            read
        } else {
            Context {
                clock: self.clock.clone(),
                ..read
            }
        })
    }

    /// Tells a person something beside the result.
    pub(in crate::commands) fn tell(&self, words: &Words) {
        tell(self.lang, words);
    }

    /// Tells the command to type next.
    pub(in crate::commands) fn next(&self, command: String) {
        self.stdout.keep("next", command.as_str());
        self.tell(&next::command(CommandWords(command)));
    }

    /// Tells why a verb ended where it did.
    pub(in crate::commands) fn ended(&self, why: &Words) {
        self.stdout.keep("ended", json!(why));
        self.warn(why);
    }

    /// As [`Context::tell`], what somebody should look at.
    pub(in crate::commands) fn warn(&self, words: &Words) {
        warn(self.lang, words);
    }

    pub(in crate::commands) fn is_live(&self) -> bool {
        self.campaign.gateway.mode == Mode::Live
    }

    /// Requests that may be on the wire at a time.
    pub(in crate::commands) fn in_flight(&self) -> usize {
        usize::try_from(self.campaign.pace.in_flight.get()).unwrap_or(1)
    }

    pub(in crate::commands) fn terms(&self) -> Terms {
        let Campaign {
            id,
            texts,
            budget,
            caps,
            merchant,
            ..
        } = &self.campaign;
        Terms {
            id: id.clone(),
            mch_id: merchant.mch_id.clone(),
            wxappid: merchant.wxappid.clone(),
            texts: texts.clone(),
            budget: *budget,
            caps: *caps,
        }
    }

    pub(in crate::commands) fn rules(&self) -> RetryRules {
        let (retry, gateway) = (&self.campaign.retry, &self.campaign.gateway);
        RetryRules {
            first_backoff_ms: ms(retry.first_backoff),
            max_backoff_ms: ms(retry.max_backoff),
            processing_query_after_ms: ms(retry.processing_query_after),
            resend_window_ms: ms(retry.resend_window),
            refusal_confirm_ms: ms(retry.refusal_confirm),
            answer_ms: longest_ms(gateway.connect_timeout, gateway.request_timeout),
        }
    }

    /// How long the answer to a request may take, from the attempt's commit on.
    pub(in crate::commands) fn longest_answer(&self) -> Duration {
        Duration::from_millis(self.rules().answer_ms.unsigned_abs())
    }

    /// Takes the ledger for this verb. One that is made for it and loaded nothing goes again.
    pub(in crate::commands) fn own(&self, verb: &str) -> Result<Owner, Error> {
        let now = self.clock.now_ms();
        let owner = Owner::open(&self.campaign.ledger, self.campaign.gateway.mode, now)?;
        owner.goes_if_unused();
        owner.sign(&self.lock_note(verb))?;
        Ok(owner)
    }

    /// What this process says of itself beside a lock.
    pub(in crate::commands) fn lock_note(&self, verb: &str) -> LockNote {
        let since = beijing(Clock::real().now_ms());
        LockNote::here(since, verb, self.campaign.id.as_str())
    }

    /// How the campaign stands, all of one moment.
    pub(in crate::commands) fn standing(&self) -> Result<Standing, Error> {
        self.standing_of(self.loaded_and_still()?.as_ref())
    }

    /// How the campaign stands in this ledger.
    pub(in crate::commands) fn standing_of(
        &self,
        loaded: Option<&(Reader, CampaignRow)>,
    ) -> Result<Standing, Error> {
        let (id, mode) = (self.campaign.id.as_str(), self.campaign.gateway.mode);
        let loaded = loaded.map(|(reader, row)| (reader, row));
        standing((id, mode), loaded, self.clock.now_ms())
    }

    /// The total that a live run wants confirmed; the placeholder where it is not known.
    fn total_words(&self) -> String {
        let loaded = self.loaded().ok().flatten();
        loaded.map_or_else(|| "YUAN".to_owned(), |(_, row)| row.total.to_string())
    }

    /// Where `run` and `reconcile` leave a report of this format. A rehearsal never overwrites the
    /// report of a live run.
    pub(in crate::commands) fn left_path(&self, format: LeftFormat) -> PathBuf {
        let name = self.report_name(format.name());
        self.campaign.report.with_file_name(name)
    }

    /// The name of a report with this ending.
    pub(in crate::commands) fn report_name(&self, ending: &str) -> String {
        let id = &self.campaign.id;
        if self.is_beside_live() {
            format!("{id}.simulator-report.{ending}")
        } else {
            format!("{id}-report.{ending}")
        }
    }

    /// Whether this is the simulator, and there is a live ledger too.
    pub(in crate::commands) fn is_beside_live(&self) -> bool {
        !self.is_live() && self.campaign.live_ledger.exists()
    }

    /// A command with this campaign, as a person would type it next.
    pub(in crate::commands) fn command(&self, verb: &str) -> String {
        format!("hongbao {verb} {}", typed_path(&self.path))
    }

    /// As [`Context::command`] for `run`, with what live mode needs.
    pub(in crate::commands) fn run_command(&self) -> String {
        let run = self.command("run");
        if self.is_live() {
            format!("{run} --live --confirm-total {}", self.total_words())
        } else {
            run
        }
    }
}

/// Whether another process sends for this campaign right now.
pub(in crate::commands) fn is_running(ledger: &Path, id: &str) -> bool {
    let holder = lock_holder(ledger).ok().flatten();
    let other = holder.filter(|it| it.pid != std::process::id());
    let note = other.and_then(|it| it.note);
    note.is_some_and(|note| note.verb == "run" && note.campaign == id)
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How a campaign of this name stands in a ledger; nowhere yet before its first load.
pub(in crate::commands) fn standing(
    (id, mode): (&str, Mode),
    loaded: Option<(&Reader, &CampaignRow)>,
    now: i64,
) -> Result<Standing, Error> {
    let mut standing = Standing {
        id: id.to_owned(),
        mode: mode.name(),
        campaign: None,
        tally: Tally::default(),
        without_package: WithoutPackage::default(),
        refused: Vec::new(),
        paid_otherwise: PaidOtherwise::default(),
        broken: Vec::new(),
        overdue: Overdue::default(),
        bill_breaks: StandingBreaks::default(),
        denied: 0,
        unasked: 0,
        journal: None,
    };
    if let Some((reader, row)) = loaded {
        standing.tally = reader.tally(row)?;
        standing.without_package = reader.without_package(row)?;
        standing.paid_otherwise = reader.paid_otherwise(row)?;
        standing.journal = Some(reader.head()?);
        standing.bill_breaks = reader.standing_breaks(row)?;
        standing.overdue = reader.overdue(row, now)?;
        standing.denied = reader.denied(row)?;
        standing.unasked = reader.unasked(row, now)?.len() as u64;
        if standing.tally.of(State::Refused).count > 0 {
            standing.refused = reader.refused_with(row)?;
        }
        if row.breaks > 0 {
            standing.broken = reader.breaks(row)?;
        }
        standing.campaign = Some(row.as_of(now));
    }
    Ok(standing)
}

/// How a run would go on from now.
pub(in crate::commands) fn course(context: &Context) -> Course {
    Course {
        caps: context.campaign.caps,
        from: context.clock.now_ms(),
        per_minute: context.campaign.pace.in_a_minute(),
        windows: context.campaign.windows.clone(),
    }
}
