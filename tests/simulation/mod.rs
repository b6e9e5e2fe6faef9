//! One seed: a plan, a world, lives of the process in it, and the books in the end.

mod chance;
mod check;
mod clerk;
mod conduct;
mod deed;
mod desk;
mod former;
mod life;
mod logs;
mod missed;
#[path = "../support/own_row.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod own_row;
mod plan;
mod proof;
mod stray;
mod wire;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use life::{Ended, live};
use logs::Logs;
use plan::{Copying, Deed, Plan, Storm, Work};
use serde::{Deserialize, Serialize};
use world::World;

/// Lives after the faults are over, at most, until everything must be settled.
const CALM_LIVES: u32 = 300;
/// Time within which: a packet may be resent for a day, and an order take the gateway an hour.
const CALM_MS: i64 = 30 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// Seeds that once showed a defect of the program: they are always played first.
#[rustfmt::skip]
pub(crate) const REGRESSIONS: &[u64] = &[
    2100, 3500, 5096, 5295, 5862, 6637, 7250, 8559, 1_005_599, 2_106_519, 2_109_315, 2_111_342,
    2_111_912, 2_115_423, 2_116_728, 2_117_221, 2_120_395, 2_122_207, 2_129_187, 2_120_535,
    2_135_167, 2_139_427, 2_146_372, 2_304_537, 2_312_632, 2_314_945, 4_001_348, 4_900_348,
    6_226_476,
    1_099_511_632_056, 1_099_511_634_735, 1_099_511_636_702, 1_099_511_639_515, 1_099_511_642_235,
    1_099_511_648_619, 1_099_511_834_282, 1_099_511_842_170, 1_099_511_848_229, 1_099_511_859_562,
    2_199_023_263_821, 2_199_023_274_494, 2_199_023_288_323, 2_199_023_299_299, 2_199_023_357_244,
];

/// Those among them that are played as they were before folders went back and lists grew.
const PLAYED_AS_BEFORE: u64 = 1_005_599;

/// From this seed on, ledgers go back or are lost, people reissue meanwhile, and gateways forget:
/// where whatever paid twice was found.
pub(crate) const GRAVEST: u64 = 1 << 40;

/// From this seed on, weeks pass between lives besides: queries reach back 30 days.
pub(crate) const LONGEST: u64 = 1 << 41;

/// What became of a seed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) seed: u64,
    pub(crate) fault: Option<String>,
    pub(crate) log: Vec<String>,
    pub(crate) virtual_ms: u64,
    pub(crate) crashes: u32,
}

impl Verdict {
    pub(crate) fn must_be_right(&self) {
        let Some(fault) = &self.fault else { return };
        let tail = self.log.len().saturating_sub(40);
        let log = self.log[tail..].join("\n");
        panic!("{log}\nHONGBAO_SEED={}: {fault}", self.seed);
    }

    /// Without the log of a seed that was right.
    pub(crate) fn brief(mut self) -> Self {
        if self.fault.is_none() {
            self.log.clear();
        }
        self
    }
}

/// Plays a seed to its end.
pub(crate) fn play(seed: u64) -> Verdict {
    let plan = Plan::of(seed);
    let world = World::new(&plan);
    world.note(&format!("{plan}"));
    let logs = Logs::kept();
    let played = catch_unwind(AssertUnwindSafe(|| campaign(&world, &plan)));
    let played = played.unwrap_or_else(|_| Err("a panic".to_owned()));
    let fault = played.and_then(|()| logs.tell_no_secret()).err();
    Verdict {
        seed,
        fault,
        virtual_ms: u64::try_from(world.true_ms() - plan.begin_ms).unwrap_or(0),
        crashes: world.crashes(),
        log: world.log(),
    }
}

fn campaign(world: &Arc<World>, plan: &Plan) -> Result<(), String> {
    for storm in &plan.storms {
        if matches!(life(world, plan, storm)?, Ended::Betrayed) {
            return Ok(());
        }
        if storm.loses_ledger {
            world.lose_ledger();
        }
        match storm.copy {
            Some(Copying::Made) => world.keep_copy()?,
            Some(Copying::PutBack) => world.put_back()?,
            Some(Copying::RolledBack(folder)) => world.roll_back(folder)?,
            None => {}
        }
        world.pass(storm.pause_ms);
    }
    world.calm();
    calm(world, plan)?;
    check::audited(world)?;
    for round in &plan.aftermath {
        world.look_back(round);
        let reconciling = Storm {
            work: Work::Reconcile,
            lie: round.lie,
            ..Storm::none()
        };
        life(world, plan, &reconciling)?;
        if round.has_ruling {
            desk::rule(world)?;
            check::image(world, plan)?;
        }
        if round.reissues {
            let reissuing = Storm {
                work: Work::ReissueAndSend,
                lie: round.lie,
                ..Storm::none()
            };
            life(world, plan, &reissuing)?;
        }
    }
    // A row that is not what the journal says of it stays so: once at the end is enough.
    check::audited(world)
}

/// Lives until nothing is left to do.
fn calm(world: &Arc<World>, plan: &Plan) -> Result<(), String> {
    first_days(world, plan)?;
    // A step dated by a clock that ran ahead may fall on a day whose limit is reached; and who was
    // paid and lost it is paid once more, which may be more than is left of the next day.
    let is_late = plan.day_limit.is_some() && (!plan.is_in_time() || plan.reissues());
    // Who is owed a second send may have to wait for a day of its own for each packet.
    let capped_days = i64::try_from(plan.each).unwrap() * 2 + 1;
    let later_days = if plan.caps.is_some() { capped_days } else { 0 };
    let limit =
        world.true_ms() + CALM_MS + later_days * DAY_MS + if is_late { 2 * DAY_MS } else { 0 };
    for _ in 0..CALM_LIVES {
        match life(world, plan, &Storm::none())? {
            Ended::Waiting(due) if due <= limit => world.pass((due - world.true_ms()).max(1)),
            Ended::Done | Ended::Waiting(_) => return check::settled(world, plan),
            Ended::Killed | Ended::Broken(_) | Ended::Betrayed => {
                return Err("killed in the calm".to_owned());
            }
            Ended::Stopped(_) => world.pass(60_000),
        }
    }
    Err("still not settled after the calm".to_owned())
}

/// Lives on the days that the caps ask for, until everything was sent once.
fn first_days(world: &Arc<World>, plan: &Plan) -> Result<(), String> {
    if plan.caps.is_none() {
        return Ok(());
    }
    for _ in 0..CALM_LIVES {
        let ended = life(world, plan, &Storm::none())?;
        if !check::has_ready(world)? {
            return Ok(());
        }
        match ended {
            Ended::Waiting(due) => world.pass((due - world.true_ms()).max(1)),
            Ended::Done => return Err("some packets wait for no day".to_owned()),
            Ended::Killed | Ended::Broken(_) | Ended::Betrayed => {
                return Err("killed in the calm".to_owned());
            }
            Ended::Stopped(_) => world.pass(60_000),
        }
    }
    Err("some packets are never sent".to_owned())
}

/// One life, and what must hold of what it leaves.
fn life(world: &Arc<World>, plan: &Plan, storm: &Storm) -> Result<Ended, String> {
    world.brew(storm);
    let ended = live(world, plan, storm);
    // The folder has another name each time.
    let folder = world.ledger().parent().unwrap().display().to_string();
    world.note(&format!("{ended:?}").replace(&folder, "."));
    world.settle_down();
    let done = world.undo();
    if let Ended::Broken(fault) = &ended
        && !done.as_ref().is_some_and(|done| done.explains(fault))
    {
        return Err(format!("a life broke: {fault}"));
    }
    let is_swapped = done.as_ref().is_some_and(|done| done.deed == Deed::Swapped);
    done.map_or(Ok(()), |done| done.undo(&world.ledger()))?;
    if let Some(fault) = world.fault() {
        return Err(fault);
    }
    if is_swapped && check::is_betrayed(world)? {
        return Ok(Ended::Betrayed);
    }
    check::image(world, plan)?;
    turned_away(world, plan, storm, &ended)?;
    Ok(ended)
}

/// A run in which nobody is accepted halts, and so does one in which half is refused; the one does
/// so however small it is, and refuses nobody.
fn turned_away(world: &World, plan: &Plan, storm: &Storm, ended: &Ended) -> Result<(), String> {
    let Some((_, each)) = storm.door else {
        return Ok(());
    };
    // Other codes between them end a run too, or make the refusals many kinds.
    if plan.strays.any() || storm.merchant_wide.is_some() {
        return Ok(());
    }
    let paid = world.books().paid_packets;
    let count = if each == 1 && paid == 0 {
        world.owe()
    } else {
        0
    };
    let goes_on = matches!(ended, Ended::Done | Ended::Waiting(_));
    if goes_on && count > 0 {
        return Err("nobody was accepted, and the run goes on".to_owned());
    }
    if goes_on && each == 2 && paid >= 28 {
        return Err("half was refused, and the run goes on".to_owned());
    }
    Ok(())
}
