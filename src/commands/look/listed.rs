//! One campaign of a list: where it stands in a word, its money, and the next step.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::commands::console::one_line;
use crate::commands::finish::next::NextSteps;
use crate::commands::setup::context::{Context, is_running, standing};
use crate::config::Mode;
use crate::domain::money::Fen;
use crate::domain::state::State;
use crate::error::Error;
use crate::ledger::{CampaignRow, Reader};
use crate::report::Standing;
use crate::words::{Text, Words, both, list as words, names};

/// Where a campaign stands, in a word: what a person has to know first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListedStage {
    NotLoaded,
    Running,
    Copy,
    Break,
    Halted,
    Paused,
    Closed,
    Deferred,
    ToSend,
    Review,
    Unresolved,
    Refused,
    Sent,
    Settled,
}

impl ListedStage {
    /// Where it stands at `now`; `is_open` is whether sends may leave by its schedule.
    fn of(standing: &Standing, is_open: bool, now: i64) -> ListedStage {
        let Some(row) = &standing.campaign else {
            return ListedStage::NotLoaded;
        };
        let has = |state: State| standing.tally.of(state).count > 0;
        let is_unresolved =
            standing.tally.sum(State::is_unresolved).count > 0 || standing.without_package.open > 0;
        match &row.pause {
            _ if standing.is_broken() => ListedStage::Break,
            Some(pause) if pause.is_halt => ListedStage::Halted,
            Some(_) => ListedStage::Paused,
            None if has(State::Ready) && !is_open => ListedStage::Closed,
            None if has(State::Ready) && row.deferred_until.is_some_and(|until| until > now) => {
                ListedStage::Deferred
            }
            None if has(State::Ready) => ListedStage::ToSend,
            None if has(State::Review) => ListedStage::Review,
            None if is_unresolved => ListedStage::Unresolved,
            None if has(State::Refused) => ListedStage::Refused,
            None if standing.tally.sum(|state| !state.is_final()).count > 0 => ListedStage::Sent,
            None => ListedStage::Settled,
        }
    }

    /// The same, unless a process sends for the campaign right now.
    fn unless_running(self, ledger: &Path, id: &str) -> ListedStage {
        if is_running(ledger, id) {
            ListedStage::Running
        } else {
            self
        }
    }

    /// For programs.
    const fn id(self) -> &'static str {
        match self {
            ListedStage::NotLoaded => "not_loaded",
            ListedStage::Running => "running",
            ListedStage::Copy => "copy",
            ListedStage::Break => "break",
            ListedStage::Halted => "halted",
            ListedStage::Paused => "paused",
            ListedStage::Closed => "closed",
            ListedStage::Deferred => "deferred",
            ListedStage::ToSend => "to_send",
            ListedStage::Review => "review",
            ListedStage::Unresolved => "unresolved",
            ListedStage::Refused => "refused",
            ListedStage::Sent => "sent",
            ListedStage::Settled => "settled",
        }
    }

    const fn label(self) -> Text {
        match self {
            ListedStage::NotLoaded => both("not loaded", "未载入"),
            ListedStage::Running => both("running", "正在运行"),
            ListedStage::Copy => both("copy", "账本副本"),
            ListedStage::Break => both("break", "说法矛盾"),
            ListedStage::Halted => both("halted", "已中止"),
            ListedStage::Paused => both("paused", "已暂停"),
            ListedStage::Closed => both("closed", "不在时段"),
            ListedStage::Deferred => both("deferred", "等到次日"),
            ListedStage::ToSend => both("to send", "待发放"),
            ListedStage::Review => both("review", "待人工处理"),
            ListedStage::Unresolved => both("unresolved", "结果待确认"),
            ListedStage::Refused => both("refused", "部分发放失败"),
            ListedStage::Sent => both("sent", "已发放"),
            ListedStage::Settled => both("settled", "已结清"),
        }
    }
}

/// One line of the list.
pub(super) struct Listed {
    /// The campaign file, or the ledger where there is none.
    pub(super) path: PathBuf,
    found: Result<ListedCampaign, Error>,
}

struct ListedCampaign {
    ledger: PathBuf,
    standing: Standing,
    stage: ListedStage,
    /// Whether a campaign file of it is in the list.
    has_file: bool,
    next: NextSteps,
}

impl Listed {
    /// A campaign, by its file.
    pub(super) fn of_file(path: &Path, context: Result<Context, Error>) -> Listed {
        let found = context.and_then(|context| {
            let standing = context.standing()?;
            let now = context.clock.now_ms();
            let opening = context.campaign.windows.next(now);
            let is_open = opening.is_some_and(|opening| opening.holds(now));
            let stage = ListedStage::of(&standing, is_open, now);
            let stage = match context.due_adopt() {
                Some(_) => ListedStage::Copy,
                None => stage.unless_running(&context.campaign.ledger, &standing.id),
            };
            Ok(ListedCampaign {
                next: NextSteps::of(&context, &standing),
                ledger: context.campaign.ledger,
                standing,
                stage,
                has_file: true,
            })
        });
        Listed {
            path: path.to_owned(),
            found,
        }
    }

    /// A campaign of a ledger whose file is not there.
    pub(super) fn of_ledger(
        path: &Path,
        (reader, row): (&Reader, &CampaignRow),
        mode: Mode,
        now: i64,
    ) -> Listed {
        let found =
            standing((&row.id, mode), Some((reader, row)), now).map(|standing| ListedCampaign {
                ledger: path.to_owned(),
                stage: ListedStage::of(&standing, true, now).unless_running(path, &standing.id),
                standing,
                has_file: false,
                next: NextSteps::default(),
            });
        Listed {
            path: path.to_owned(),
            found,
        }
    }

    /// A file that cannot be told of.
    pub(super) fn broken(path: &Path, fault: Error) -> Listed {
        Listed {
            path: path.to_owned(),
            found: Err(fault),
        }
    }

    /// Why it cannot be told of, if so.
    pub(super) fn fault(&self) -> Option<&Error> {
        self.found.as_ref().err()
    }

    pub(super) fn words(&self) -> Words {
        let found = match &self.found {
            Ok(found) => found,
            Err(fault) => return words::broken(self.path.display(), one_line(fault)),
        };
        let (standing, next) = (&found.standing, found.next.first());
        let next = match next {
            Some(command) => words::next(names::CommandWords(command)),
            None if !found.has_file => words::no_file(found.ledger.display()),
            None => words::nothing(),
        };
        let [total, paid, open] = found.money();
        words::line(
            standing.id.as_str(),
            names::ModeName(standing.mode),
            found.stage.label(),
            standing.tally.owed().count,
            words::money(total, paid, open),
            next,
        )
    }

    pub(super) fn json(&self) -> Value {
        let found = self.found.as_ref().ok();
        let money = found.map(ListedCampaign::money);
        let fen = |place: usize| money.map(|money| money[place].fen());
        let path = |path: &Path| path.display().to_string();
        json!({
            "campaign": found.map(|found| &found.standing.id),
            "mode": found.map(|found| found.standing.mode),
            "file": found.is_none_or(|found| found.has_file).then(|| path(&self.path)),
            "ledger": found.map(|found| path(&found.ledger)),
            "state": found.map(|found| found.stage.id()),
            "rows": found.map(|found| found.standing.total().count),
            "total_fen": found.map(|found| found.standing.total().fen.fen()),
            "owed_fen": fen(0),
            "paid_fen": fen(1),
            "open_fen": fen(2),
            "next": found.and_then(|found| found.next.first()),
            "or": found.map(|found| found.next.others()),
            "error": self.fault().map(|fault| {
                let told = one_line(fault);
                json!({"en": told.en, "zh": told.zh, "exit": fault.exit().code()})
            }),
        })
    }
}

impl ListedCampaign {
    /// All that is owed, what left the merchant, and what is still to be sent or open.
    fn money(&self) -> [Fen; 3] {
        let tally = &self.standing.tally;
        let sum = |pick: fn(State) -> bool| tally.sum(pick).fen;
        [
            tally.owed().fen,
            sum(State::is_paid),
            sum(|state| state.is_unsettled() || state == State::Review),
        ]
    }
}
