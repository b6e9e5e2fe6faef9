//! One seed: a plan, a world, lives of the process in it, and the books in the end.

mod chance;
mod check;
mod life;
mod plan;
mod world;

use std::sync::Arc;

use life::{Ended, live};
use plan::Plan;
use world::World;

/// Lives after the faults are over, at most, until everything must be settled.
const CALM_LIVES: u32 = 300;
/// Time within which: a packet may be resent for a day, and an order take the gateway an hour.
const CALM_MS: i64 = 30 * 3_600_000;

/// What became of a seed.
pub(crate) struct Verdict {
    seed: u64,
    fault: Option<String>,
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
    let fault = campaign(&world, &plan).err();
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
        world.skew(storm.skew_ms);
        let ended = live(world, plan, storm.dies_at);
        world.note(&format!("{ended:?}"));
        world.skew(0);
        ended.must_be_whole()?;
        check::image(world, plan)?;
        world.pass(storm.pause_ms);
    }
    world.calm();
    let limit = world.true_ms() + CALM_MS;
    for _ in 0..CALM_LIVES {
        let ended = live(world, plan, None);
        world.note(&format!("{ended:?}"));
        ended.must_be_whole()?;
        check::image(world, plan)?;
        match ended {
            Ended::Waiting(due) if due <= limit => world.pass((due - world.true_ms()).max(1)),
            Ended::Done | Ended::Waiting(_) => return check::settled(world),
            Ended::Killed | Ended::Broken(_) => return Err("killed in the calm".to_owned()),
            Ended::Stopped(_) => world.pass(60_000),
        }
    }
    Err("still not settled after the calm".to_owned())
}
