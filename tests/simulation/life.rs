//! One life of the process, from taking the ledger to its end: what `hongbao run` does, in
//! virtual time.

use std::sync::Arc;
use std::time::Duration;

use hongbao::config::Mode;
use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::terms::Terms;
use hongbao::ledger::{FileFacts, LedgerError, LoadRules, Owner, Pause, Reader, Writer};
use hongbao::runner::{
    Account, Ending, Gate, Lead, Lines, Pace, Preflight, Reach, RunSettings, Shared, Shut, Survey,
    preflight, reconcile, run, start_of_clock, walk,
};
use hongbao::wechat::client::Client;
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::plan::{HOUR_MS, List, Plan, Storm, Work};
use super::world::World;
use super::{clerk, desk, former};
pub(super) use crate::terms::RULES;

pub(super) const KEY: &str = "simulated0api0key0of032000000000";
const LINGER: Duration = Duration::from_mins(1);
/// A run that waits a minute for what is open has ended long before.
const LONGEST: Duration = Duration::from_hours(3);

/// How a life ended. A ledger fails only where somebody made it fail; else it is an illegal move.
#[derive(Debug)]
pub(super) enum Ended {
    Killed,
    Broken(String),
    /// Nothing is due by itself any more.
    Done,
    /// The next step is due then.
    Waiting(i64),
    /// A stranger was sent for, and an audit tells of it: the ledger is somebody else's.
    Betrayed,
    /// A person has to act, or the gateway does not answer.
    Stopped(#[expect(dead_code, reason = "for the log")] String),
}

pub(super) fn live(world: &Arc<World>, plan: &Plan, storm: &Storm) -> Ended {
    let builder = &mut Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    let ended = runtime.block_on(async {
        world.born();
        let ended = tokio::select! {
            biased;
            () = world.death() => Ended::Killed,
            ended = timeout(LONGEST, run_once(world, plan, storm)) => match ended {
                Ok(Ok(ended)) => ended,
                Ok(Err(fault)) => Ended::Broken(fault.to_string()),
                Err(_) => Ended::Broken("a life does not come to its end".to_owned()),
            },
        };
        world.buried();
        ended
    });
    drop(runtime);
    ended
}

pub(super) fn terms() -> Terms {
    crate::terms::terms("seed")
}

/// As the campaign file of a plan has it.
pub(super) fn terms_of(plan: &Plan) -> Terms {
    Terms {
        caps: plan.caps.unwrap_or_default(),
        ..terms()
    }
}

/// As a campaign file has it that somebody changed since.
fn other_terms(plan: &Plan) -> Terms {
    let mut terms = terms_of(plan);
    terms.texts.wishing.push('!');
    terms
}

/// What a packet of a plan is worth. One in three was a fen too little, where that is corrected.
pub(super) fn fen(n: u64, is_corrected: bool) -> u64 {
    100 + n + u64::from(is_corrected && n.is_multiple_of(3))
}

/// The packets of a file: amounts that tell them apart, some with their own words.
pub(super) fn packets(plan: &Plan, list: List, is_corrected: bool) -> Vec<Packet> {
    let packet = |n: u64| {
        let (seed, person) = (plan.seed % 10_000_000_000, n / plan.each);
        let openid = Openid::new(&format!("oSEED{seed:010}{person:013}")).unwrap();
        let row_key = if plan.each > 1 {
            RowKey::new(&format!("k{n}")).unwrap()
        } else {
            RowKey::from(&openid)
        };
        Packet {
            line: n + 2,
            row_key,
            openid,
            amount: Fen::new(fen(n, is_corrected)),
            texts: RowTexts {
                remark: n.is_multiple_of(7).then(|| format!("r{n}")),
                ..RowTexts::default()
            },
            extra: Vec::new(),
        }
    };
    plan.rows(list).map(packet).collect()
}

/// Which person of a plan this recipient is.
pub(super) fn nth(openid: &str) -> u64 {
    openid[openid.len() - 13..].parse().unwrap()
}

async fn run_once(world: &Arc<World>, plan: &Plan, storm: &Storm) -> Result<Ended, LedgerError> {
    let clock = world.clock();
    let mut owner = Owner::open(&world.ledger(), Mode::Live, clock.now_ms())?;
    let second = Owner::open(&world.ledger(), Mode::Live, clock.now_ms());
    if !matches!(second, Err(LedgerError::Held { .. })) {
        return Ok(Ended::Broken("a second run got in".to_owned()));
    }
    if !world.is_held_under_two_names() {
        return Ok(Ended::Broken(
            "a second run got in by a second name".to_owned(),
        ));
    }
    let mut given = terms_of(plan);
    if owner.check_frozen(&given, None)?.is_none() {
        load(world, &mut owner, plan, List::First)?;
    } else if let Some(brings_back) = storm.mends {
        clerk::mend(&mut owner, world, plan, (clock.now_ms(), brings_back))?;
    } else if storm.has_other_texts {
        given = other_terms(plan);
        let frozen = owner.check_frozen(&given, None);
        if !matches!(frozen, Err(LedgerError::Frozen { .. })) {
            return Ok(Ended::Broken("other texts are taken".to_owned()));
        }
    }
    for list in world.to_load() {
        load(world, &mut owner, plan, list)?;
    }
    let reader = owner.reader()?;
    let highest = owner.highest_time();
    let goes_on = {
        let world = Arc::clone(world);
        move || world.step()
    };
    // Whoever forgets to compare still sends what is frozen.
    let writer = Arc::new(owner.into_played_writer(&given, RULES, goes_on)?);
    if let Some(halt) = start_of_clock(clock.now_ms(), highest) {
        if let (true, Some(row)) = (world.is_in_time(), reader.campaign(&given.id)?) {
            // A person compared the clock with their own.
            reader.set_pause(&row, None, clock.now_ms(), true)?;
        }
        return Ok(Ended::Stopped(halt.evidence.en));
    }
    let open = writer.recover(clock.now_ms()).await?;
    world.note(&format!("{open} were open"));
    let shared = shared(world, plan, &reader, writer).await?;
    if storm.work.reissues() {
        desk::reissue(world, plan, &shared).await?;
    }
    if storm.work == Work::Withdraw {
        clerk::withdraw(world, plan, &shared).await?;
        return Ok(Ended::Stopped("the list is mended".to_owned()));
    }
    if storm.work.reconciles() {
        let since = clock.now_ms();
        let survey = Survey {
            campaign: given.id,
            in_flight: plan.in_flight,
            older_than_ms: None,
            limit: None,
        };
        let done = reconcile(&shared, &reader, &survey, |_, _| ()).await?;
        let is_whole = done.shut.is_none() && done.outage.is_none();
        if let (true, Err(fault)) = (is_whole, former::were_asked(world, since)) {
            world.accuse(&fault);
        }
        if let (true, Err(fault)) = (is_whole, clerk::were_asked(world, since)) {
            world.accuse(&fault);
        }
        return Ok(Ended::Stopped(format!("{done:?}")));
    }
    send(world, plan, &reader, &shared).await
}

fn load(world: &Arc<World>, owner: &mut Owner, plan: &Plan, list: List) -> Result<(), LedgerError> {
    let (now, is_corrected) = (world.clock().now_ms(), world.is_corrected(plan, list));
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let packets = packets(plan, list, is_corrected);
    let mut loading = owner.begin_load(&terms_of(plan), plan.each > 1, &rules, now)?;
    loading.expect(packets.len() as u64)?;
    let drafter = loading.drafter();
    let drafts: Vec<_> = packets
        .into_iter()
        .map(|packet| drafter.draft(packet))
        .collect();
    loading.add(&drafts, |_, _| ())?;
    loading.seal(|twice| panic!("{twice:?}"))?;
    loading.finish(&FileFacts {
        sha256: world.file_hash(),
        extra: Vec::new(),
        stamp: None,
    })?;
    loading.commit()?;
    world.has_loaded(list, is_corrected);
    Ok(())
}

/// Everything workers need, and what a person and the last minute leave behind.
async fn shared(
    world: &Arc<World>,
    plan: &Plan,
    reader: &Reader,
    writer: Arc<Writer>,
) -> Result<Arc<Shared>, LedgerError> {
    let (clock, terms) = (world.clock(), terms());
    let now = clock.now_ms();
    let row = reader.campaign(&terms.id)?.unwrap();
    if row.pause.is_some() || row.deferred_until.is_some() {
        // A person looked into it.
        reader.set_pause(&row, None, now, false)?;
    }
    let (lead, recent) = Lead::begin(reader, &writer, &clock)?;
    let player: Arc<World> = Arc::clone(world);
    if row.is_clock_right {
        writer.forget_clock_word(now).await?;
        world.state().conduct.trust_clock();
    }
    Ok(Arc::new(Shared {
        lines: Lines::of(Client::played(player), plan.in_flight),
        account: Account {
            key: KEY.into(),
            mch_id: terms.mch_id,
            wxappid: terms.wxappid,
        },
        gate: Arc::new(Gate::default()),
        reach: Reach::default(),
        pace: Pace::new(plan.per_second, None, &recent),
        lead,
        writer,
        clock,
        dice: world.dice(),
        linger: LINGER,
        is_clock_right: row.is_clock_right,
    }))
}

async fn send(
    world: &Arc<World>,
    plan: &Plan,
    reader: &Reader,
    shared: &Arc<Shared>,
) -> Result<Ended, LedgerError> {
    let terms = terms();
    let row = reader.campaign(&terms.id)?.unwrap();
    let ours = reader.unattempted_numbers(&row, shared.clock.now_ms())?;
    // As far back as a query reaches, but for one that is only just in time.
    let oldest = world.true_ms() - 30 * 24 * HOUR_MS + HOUR_MS;
    let known = world.books().orders;
    let is_known = ours.iter().any(|number| {
        let found = known.get(number.as_str());
        found.is_some_and(|booked| booked.order.taken_ms > oldest)
    });
    let overtaken = match former::overtaken(world, shared.clock.now_ms()) {
        Ok(found) => found.filter(|_| plan.finds_orders()),
        Err(fault) => return Ok(Ended::Broken(fault)),
    };
    match preflight(shared, &ours, LINGER).await? {
        Preflight::Clear if is_known && plan.finds_orders() => {
            return Ok(Ended::Broken(
                "numbers sent before are sent as new".to_owned(),
            ));
        }
        Preflight::Clear if let Some(number) = overtaken => {
            return Ok(Ended::Broken(format!(
                "a refused packet was paid under {number}, and nobody asked"
            )));
        }
        Preflight::Clear | Preflight::Remembered(_) => {}
        Preflight::Unreachable(why) => return Ok(Ended::Stopped(why.en)),
        Preflight::Shut(cause) => return Ok(Ended::Stopped(format!("{cause:?}"))),
    }
    let closes_after = world.state().closes_after_ms;
    if let Some(after) = closes_after {
        let until = shared.clock.now_ms() + after;
        shared.gate.close_sends_at(until);
        world.state().sends_until = Some(until);
    }
    walk(shared, plan.in_flight).await?;
    let settings = RunSettings {
        campaign: terms.id,
        in_flight: plan.in_flight,
        linger: LINGER,
        answer_ms: RULES.answer_ms,
    };
    let ending = run(shared, reader, &settings, |_| ()).await?;
    if !shared.writer.has_failed() {
        shared.writer.is_behind(shared.clock.now_ms()).await?;
    }
    Ok(match ending {
        Ending::Finished => Ended::Done,
        Ending::Waiting(due) => Ended::Waiting(due),
        Ending::Unreachable(why) => Ended::Stopped(why.en),
        Ending::Bounded(_) => Ended::Broken("a life without a bound reached one".to_owned()),
        Ending::Closed if closes_after.is_none() => {
            Ended::Broken("a life without a schedule was closed".to_owned())
        }
        Ending::Closed => Ended::Stopped("the time for sends is over".to_owned()),
        Ending::Shut(Shut::Deferred(until)) => Ended::Waiting(until),
        Ending::Shut(Shut::Halt(halt)) => {
            let pause = Pause {
                at: shared.clock.now_ms(),
                is_halt: true,
                because: halt.cause.en,
            };
            shared.writer.pause(pause, halt.excused).await?;
            Ended::Stopped(halt.evidence.en)
        }
        Ending::Shut(cause) => Ended::Stopped(format!("{cause:?}")),
    })
}
