//! One life of the process, from taking the ledger to its end: what `hongbao run` does, in
//! virtual time.

use std::sync::Arc;
use std::time::Duration;

use hongbao::config::Mode;
use hongbao::domain::ids::{CampaignId, MchId, Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::{Packet, RowTexts, Texts};
use hongbao::domain::policy::Rules;
use hongbao::ledger::{FileFacts, LedgerError, LoadRules, Owner, Reader, Terms, Writer};
use hongbao::runner::{
    Crew, Ending, Gate, Orders, Pace, Post, Preflight, Shut, preflight, run, start_of_clock,
};
use hongbao::wechat::client::Client;
use tokio::runtime::Builder;

use super::plan::Plan;
use super::world::World;

const KEY: &str = "simulated0api0key0of032000000000";
const LINGER: Duration = Duration::from_mins(1);
pub(super) const RULES: Rules = Rules {
    first_backoff_ms: 1000,
    max_backoff_ms: 120_000,
    processing_query_after_ms: 1_200_000,
    resend_window_ms: 86_400_000,
    refusal_confirm_ms: 600_000,
};

/// How a life ended. A ledger never fails here: that would be an illegal move.
#[derive(Debug)]
pub(super) enum Ended {
    Killed,
    Broken(String),
    /// Nothing is due by itself any more.
    Done,
    /// The next step is due then.
    Waiting(i64),
    /// A person has to act, or the gateway does not answer.
    Stopped(#[expect(dead_code, reason = "for the log")] String),
}

impl Ended {
    pub(super) fn must_be_whole(&self) -> Result<(), String> {
        match self {
            Ended::Broken(fault) => Err(format!("the ledger failed: {fault}")),
            Ended::Killed | Ended::Done | Ended::Waiting(_) | Ended::Stopped(_) => Ok(()),
        }
    }
}

pub(super) fn live(world: &Arc<World>, plan: &Plan, dies_at: Option<u64>) -> Ended {
    let builder = &mut Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    let ended = runtime.block_on(async {
        world.born(dies_at);
        let ended = tokio::select! {
            biased;
            () = world.death() => Ended::Killed,
            ended = run_once(world, plan) => match ended {
                Ok(ended) => ended,
                Err(fault) => Ended::Broken(fault.to_string()),
            },
        };
        world.buried();
        ended
    });
    drop(runtime);
    ended
}

pub(super) fn terms() -> Terms {
    let text = |text: &str| text.to_owned();
    Terms {
        id: CampaignId::new("seed").unwrap(),
        mch_id: MchId::new("10000098").unwrap(),
        wxappid: text("wx8888888888888888"),
        texts: Texts {
            act_name: text("猜灯谜"),
            send_name: text("天虹"),
            wishing: text("恭喜发财"),
            remark: text("r"),
            scene_id: None,
        },
        budget: None,
    }
}

/// The packets of a plan: nobody twice, amounts that tell them apart.
pub(super) fn packets(plan: &Plan) -> Vec<Packet> {
    let packet = |n: u64| {
        let openid = Openid::new(&format!("oSEED{:010}{n:013}", plan.seed % 10_000_000_000));
        let openid = openid.unwrap();
        Packet {
            line: n + 2,
            row_key: RowKey::from(&openid),
            openid,
            amount: Fen::new(100 + n),
            texts: RowTexts::default(),
            extra: Vec::new(),
        }
    };
    (0..plan.packets).map(packet).collect()
}

async fn run_once(world: &Arc<World>, plan: &Plan) -> Result<Ended, LedgerError> {
    let (clock, terms) = (world.clock(), terms());
    let mut owner = Owner::open(&world.ledger(), Mode::Live, clock.now_ms())?;
    let second = Owner::open(&world.ledger(), Mode::Live, clock.now_ms());
    assert!(
        matches!(second, Err(LedgerError::Held { .. })),
        "a second run got in"
    );
    if owner.check_frozen(&terms, false)?.is_none() {
        load(&mut owner, plan, clock.now_ms())?;
    }
    let reader = owner.reader()?;
    let highest = owner.highest_time();
    let goes_on = {
        let world = Arc::clone(world);
        move || world.step()
    };
    let writer = Arc::new(owner.into_played_writer(&terms, RULES, goes_on)?);
    if let Some(halt) = start_of_clock(clock.now_ms(), highest) {
        if let (true, Some(row)) = (world.is_in_time(), reader.campaign(&terms.id)?) {
            // A person compared the clock with their own.
            reader.set_pause(&row, None, clock.now_ms(), true)?;
        }
        return Ok(Ended::Stopped(halt.evidence));
    }
    let open = writer.recover(clock.now_ms()).await?;
    world.note(&format!("{open} were open"));
    send(world, plan, &reader, writer).await
}

fn load(owner: &mut Owner, plan: &Plan, now: i64) -> Result<(), LedgerError> {
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let packets = packets(plan);
    let mut loading = owner.begin_load(&terms(), false, &rules, now)?;
    loading.expect(plan.packets)?;
    let drafter = loading.drafter();
    let drafts: Vec<_> = packets
        .into_iter()
        .map(|packet| drafter.draft(packet))
        .collect();
    loading.add(&drafts, |_, _| ())?;
    loading.seal(|twice| panic!("{twice:?}"))?;
    loading.finish(&FileFacts {
        sha256: [7; 32],
        extra: Vec::new(),
        stamp: None,
    })?;
    loading.commit()
}

async fn send(
    world: &Arc<World>,
    plan: &Plan,
    reader: &Reader,
    writer: Arc<Writer>,
) -> Result<Ended, LedgerError> {
    let (clock, terms) = (world.clock(), terms());
    let now = clock.now_ms();
    let row = reader.campaign(&terms.id)?.unwrap();
    if row.pause.is_some() || row.deferred_until.is_some() {
        // A person looked into it.
        reader.set_pause(&row, None, now, false)?;
    }
    let recent = reader.requests_since(now - 60_000, now)?;
    let age = |at: &i64| Duration::from_millis(u64::try_from(now - at).unwrap_or(0));
    let recent: Vec<Duration> = recent.iter().map(age).collect();
    let player: Arc<World> = Arc::clone(world);
    let crew = Arc::new(Crew {
        post: Post {
            client: Client::played(player),
            key: KEY.into(),
            mch_id: terms.mch_id.clone(),
            wxappid: terms.wxappid.clone(),
        },
        gate: Arc::new(Gate::default()),
        pace: Pace::new(plan.per_second, None, &recent),
        writer,
        clock: clock.clone(),
        dice: world.dice(),
        is_clock_right: row.is_clock_right,
    });
    if row.is_clock_right {
        crew.writer.forget_clock_word(clock.now_ms()).await?;
    }
    if !row.is_checked {
        let ours = reader.spread_numbers(&row, 5)?;
        match preflight(&crew, &ours, LINGER).await? {
            Preflight::Clear | Preflight::Remembered(_) => {}
            Preflight::Unreachable(why) => return Ok(Ended::Stopped(why)),
            Preflight::Shut(cause) => return Ok(Ended::Stopped(format!("{cause:?}"))),
        }
    }
    let orders = Orders {
        campaign: terms.id.clone(),
        in_flight: plan.in_flight,
        linger: LINGER,
    };
    Ok(match run(&crew, reader, &orders, |_| ()).await? {
        Ending::Finished => Ended::Done,
        Ending::Waiting(due) => Ended::Waiting(due),
        Ending::Unreachable(why) => Ended::Stopped(why),
        Ending::Shut(Shut::Deferred(until)) => Ended::Waiting(until),
        Ending::Shut(cause) => Ended::Stopped(format!("{cause:?}")),
    })
}
