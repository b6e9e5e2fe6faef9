//! A campaign and its gateway in virtual time, where every request and its time is known.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hongbao::clock::{Clock, Uptime};
use hongbao::config::Mode;
use hongbao::domain::ids::{Openid, RowKey};
use hongbao::domain::money::Fen;
use hongbao::domain::packet::{Packet, RowTexts};
use hongbao::domain::terms::Terms;
use hongbao::ledger::{
    CampaignRow, FileFacts, LedgerError, LoadRules, Overdue, Owner, Reader, ReportRow, RunLimit,
};
use hongbao::runner::{
    Account, Dice, Ending, Gate, Lead, Lines, Pace, Preflight, Reach, Reconciled, RunSettings,
    Shared, Survey, preflight, reconcile, run,
};
use hongbao::simulator::{Gateway, PlantedBreak, Settings};
use hongbao::wechat::client::{Client, Line, Player};
use hongbao::wechat::reply::{Exchange, Reply};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::memory_dir::in_memory;
use crate::terms::RULES;

const KEY: &str = "simulated0api0key0of032000000000";
/// In the morning of a day in Beijing.
const BEGIN_MS: i64 = 1_795_435_200_000 - 36_000_000;
pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;
/// To the gateway, and the same back.
const WAY: Duration = Duration::from_millis(50);
const IN_FLIGHT: usize = 8;

/// One request that reached the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) at: i64,
    pub(crate) is_send: bool,
    pub(crate) number: String,
}

/// What the gateway says of certain numbers in place of the truth.
#[derive(Debug, Default)]
pub(crate) struct Stories {
    /// Sends that are answered with SYSTEMERROR and do nothing.
    pub(crate) flaky: BTreeMap<String, u32>,
    /// Being worked on until then.
    pub(crate) held: BTreeMap<String, i64>,
    /// Issued and not claimed, until then.
    pub(crate) stuck: BTreeMap<String, i64>,
}

/// All of it.
pub(crate) struct World {
    dir: TempDir,
    born: Instant,
    packets: u64,
    pace: (u32, u32),
    gateway: Mutex<Gateway>,
    pub(crate) stories: Mutex<Stories>,
    asked: Mutex<Vec<Asked>>,
}

fn open<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// So many packets, and so many requests a second and a minute; 0 for no limit.
    pub(crate) fn new(packets: u64, pace: (u32, u32), settings: Settings) -> Arc<World> {
        Arc::new(World {
            dir: in_memory(),
            born: Instant::now(),
            packets,
            pace,
            gateway: Mutex::new(Gateway::new(settings)),
            stories: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> i64 {
        BEGIN_MS + i64::try_from(self.born.elapsed().as_millis()).unwrap()
    }

    /// Every request so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        open(&self.asked).clone()
    }

    pub(crate) fn queries(&self) -> Vec<Asked> {
        let asked = self.asked().into_iter();
        asked.filter(|asked| !asked.is_send).collect()
    }

    pub(crate) fn sends(&self) -> Vec<Asked> {
        let asked = self.asked().into_iter();
        asked.filter(|asked| asked.is_send).collect()
    }

    pub(crate) fn books(&self) -> hongbao::simulator::Books {
        open(&self.gateway).books(self.now())
    }

    /// The bills of all days so far, by their date.
    pub(crate) fn fund_flow(
        &self,
        is_broken: bool,
    ) -> (BTreeMap<String, String>, Vec<PlantedBreak>) {
        open(&self.gateway).fund_flow(self.now(), is_broken)
    }

    fn story(&self, number: &str, is_send: bool) -> Option<Vec<u8>> {
        let now = self.now();
        let mut stories = open(&self.stories);
        if is_send {
            let left = stories.flaky.get_mut(number).filter(|left| **left > 0)?;
            *left -= 1;
            return Some(refusal("SYSTEMERROR", number));
        }
        if stories.flaky.get(number).is_some_and(|left| *left > 0) {
            return Some(refusal("NOT_FOUND", number));
        }
        // Of what was sent.
        let is = |of: &BTreeMap<String, i64>| {
            let is_known = || open(&self.gateway).books(now).orders.contains_key(number);
            of.get(number).is_some_and(|until| now < *until) && is_known()
        };
        let status = if is(&stories.held) {
            "SENDING"
        } else if is(&stories.stuck) {
            "SENT"
        } else {
            return None;
        };
        Some(status_of(number, status))
    }

    async fn carry(&self, path: &'static str, body: Vec<u8>, line: Line) -> Exchange {
        let (number, is_send) = (field(&body, "mch_billno"), !path.ends_with("gethbinfo"));
        open(&self.asked).push(Asked {
            at: self.now(),
            is_send,
            number: number.clone(),
        });
        sleep(WAY).await;
        let told = self.story(&number, is_send);
        let held = open(&self.stories).held.get(&number).copied();
        let is_held = is_send && held.is_some_and(|until| self.now() < until);
        let body = told.unwrap_or_else(|| {
            let sent = open(&self.gateway).answer(path, &body, self.now());
            if is_held {
                refusal("PROCESSING", &number)
            } else {
                sent.body
            }
        });
        sleep(WAY).await;
        Exchange::Reply(Reply {
            status: 200,
            body,
            date: Some(self.now() / 1000),
            is_first: line.is_fresh,
        })
    }

    /// Takes the ledger, with the packets in it.
    async fn own(self: &Arc<Self>) -> Owner {
        let ledger = self.dir.path().join("hongbao.db");
        let mut owner = loop {
            match Owner::open(&ledger, Mode::Live, self.now()) {
                Err(LedgerError::Held { .. }) => tokio::task::yield_now().await,
                owner => break owner.unwrap(),
            }
        };
        if owner.check_frozen(&terms(), None).unwrap().is_none() {
            load(&mut owner, self.packets, self.now());
        }
        owner
    }

    pub(crate) fn reader(&self) -> (Reader, CampaignRow) {
        let ledger = self.dir.path().join("hongbao.db");
        let reader = Reader::open(&ledger).unwrap().unwrap();
        let row = reader.campaign(&terms().id).unwrap().unwrap();
        (reader, row)
    }

    async fn begin(self: &Arc<Self>) -> (Reader, Arc<Shared>) {
        let owner = self.own().await;
        let reader = owner.reader().unwrap();
        let writer = owner.into_played_writer(&terms(), RULES, || true).unwrap();
        let writer = Arc::new(writer);
        let (now, uptime) = (Arc::clone(self), Arc::clone(self));
        // The machine is up as long as the world is.
        let clock = Clock::reading(move || now.now()).beside(move || {
            Some(Uptime {
                boot: "world".into(),
                ms: uptime.now(),
            })
        });
        writer.recover(self.now()).await.unwrap();
        let (lead, recent) = Lead::begin(&reader, &writer, &clock).unwrap();
        let player: Arc<World> = Arc::clone(self);
        let (second, minute) = self.pace;
        let shared = Shared {
            lines: Lines::of(Client::played(player), IN_FLIGHT),
            account: Account {
                key: KEY.into(),
                mch_id: terms().mch_id,
                wxappid: terms().wxappid,
            },
            gate: Arc::new(Gate::default()),
            reach: Reach::default(),
            pace: Pace::new(NonZeroU32::new(second), NonZeroU32::new(minute), &recent),
            lead,
            writer,
            clock,
            // Backoffs are alike, whatever else is thrown for.
            dice: Dice::thrown(|| 7),
            linger: Duration::from_mins(2),
            is_clock_right: false,
        };
        (reader, Arc::new(shared))
    }

    /// As `hongbao run` does, at most so many packets.
    pub(crate) async fn run(self: &Arc<Self>, packets: Option<u64>, linger: Duration) -> Ending {
        self.play(packets, i64::MAX, linger).await
    }

    /// As `hongbao run` does in an open time that ends then.
    pub(crate) async fn run_within(self: &Arc<Self>, until: i64, linger: Duration) -> Ending {
        self.play(None, until, linger).await
    }

    async fn play(self: &Arc<Self>, packets: Option<u64>, until: i64, linger: Duration) -> Ending {
        let (reader, shared) = self.begin().await;
        shared.gate.close_sends_at(until);
        let row = reader.campaign(&terms().id).unwrap().unwrap();
        let ours = reader.unattempted_numbers(&row, self.now()).unwrap();
        let asked = preflight(&shared, &ours, linger).await.unwrap();
        assert!(matches!(asked, Preflight::Clear), "{asked:?}");
        let limit = packets.map(|packets| RunLimit {
            packets: Some(packets),
            amount: None,
            keeps_bills: false,
        });
        shared.writer.limit(limit, self.now()).await.unwrap();
        let settings = RunSettings {
            campaign: terms().id,
            in_flight: IN_FLIGHT,
            linger,
            answer_ms: RULES.answer_ms,
        };
        run(&shared, &reader, &settings, |_| ()).await.unwrap()
    }

    /// As `hongbao reconcile` does.
    pub(crate) async fn reconcile(self: &Arc<Self>) -> Reconciled {
        let (reader, shared) = self.begin().await;
        let survey = Survey {
            campaign: terms().id,
            in_flight: IN_FLIGHT,
            older_than_ms: None,
            limit: None,
        };
        reconcile(&shared, &reader, &survey, |_, _| ())
            .await
            .unwrap()
    }

    /// What a report shows.
    pub(crate) fn rows(&self) -> Vec<ReportRow> {
        let (reader, row) = self.reader();
        let mut rows = Vec::new();
        let each = |batch: Vec<ReportRow>| {
            rows.extend(batch);
            Ok::<_, LedgerError>(Vec::new())
        };
        reader.report(&row, each).unwrap();
        rows
    }

    pub(crate) fn overdue(&self) -> Overdue {
        let (reader, row) = self.reader();
        reader.overdue(&row, self.now()).unwrap()
    }

    /// The numbers of these packets, by place in the list.
    pub(crate) async fn numbers(self: &Arc<Self>, which: &[usize]) -> BTreeSet<String> {
        drop(self.own().await);
        let rows = self.rows();
        which
            .iter()
            .map(|place| rows[*place].mch_billno.clone())
            .collect()
    }
}

impl Player for World {
    fn answer(
        &self,
        line: Line,
        path: &'static str,
        body: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Exchange> + Send + '_>> {
        Box::pin(self.carry(path, body, line))
    }
}

pub(crate) fn openid(n: u64) -> String {
    format!("oFOLLOW{n:021}")
}

fn terms() -> Terms {
    crate::terms::terms("follow")
}

fn load(owner: &mut Owner, count: u64, now: i64) {
    let rules = LoadRules {
        is_live: true,
        ..LoadRules::default()
    };
    let packet = |n: u64| {
        let openid = Openid::new(&openid(n)).unwrap();
        Packet {
            line: n + 2,
            row_key: RowKey::from(&openid),
            openid,
            amount: Fen::new(100 + n % 50),
            texts: RowTexts::default(),
            extra: Vec::new(),
        }
    };
    let mut loading = owner.begin_load(&terms(), false, &rules, now).unwrap();
    loading.expect(count).unwrap();
    let drafter = loading.drafter();
    let drafts: Vec<_> = (0..count).map(|n| drafter.draft(packet(n))).collect();
    loading.add(&drafts, |_, _| ()).unwrap();
    loading.seal(|twice| panic!("{twice:?}")).unwrap();
    let facts = FileFacts {
        sha256: [7; 32],
        extra: Vec::new(),
        stamp: None,
    };
    loading.finish(&facts).unwrap();
    loading.commit().unwrap();
}

fn refusal(code: &str, number: &str) -> Vec<u8> {
    format!(
        "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>\
         <err_code>{code}</err_code><mch_billno>{number}</mch_billno></xml>"
    )
    .into_bytes()
}

fn status_of(number: &str, status: &str) -> Vec<u8> {
    format!(
        "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>\
         <mch_billno>{number}</mch_billno><status>{status}</status></xml>"
    )
    .into_bytes()
}

fn field(body: &[u8], name: &str) -> String {
    let body = String::from_utf8_lossy(body);
    let value = body.split(&format!("<{name}><![CDATA[")).nth(1);
    let value = value.and_then(|rest| rest.split(']').next());
    value.unwrap_or("").to_owned()
}

/// Two worlds that differ in one thing: whether there is anything to follow while packets are sent
/// and sent again. The sends leave at the same times.
pub(crate) async fn no_send_waits_for_a_follow_up() -> Result<(), String> {
    let (followed, alone) = (second_half(true).await, second_half(false).await);
    let asked = followed.queries().len();
    let others = alone.queries().len();
    if asked < others + 20 {
        return Err(format!(
            "{asked} questions, and {others} with nothing to follow"
        ));
    }
    let times = |world: &World| {
        let begun = world.sends().into_iter().skip(FIRST_HALF);
        begun.collect::<Vec<_>>()
    };
    let (followed, alone) = (times(&followed), times(&alone));
    let late = followed
        .iter()
        .zip(&alone)
        .find(|(one, other)| one != other);
    match late {
        Some((one, other)) => Err(format!("{one:?}, and with nothing to follow {other:?}")),
        None if followed.len() == alone.len() => Ok(()),
        None => Err(format!("{} sends, and {}", followed.len(), alone.len())),
    }
}

const FIRST_HALF: usize = 40;

/// Forty packets are sent and claimed; after forty minutes twenty more are sent, of which nine
/// need to be sent several times.
async fn second_half(is_anything_to_follow: bool) -> Arc<World> {
    let mut settings = Settings::default();
    (settings.claims.claimed_percent, settings.claims.latest_ms) = (100, 10 * MINUTE_MS);
    let world = World::new(60, (2, 60), settings);
    let flaky: Vec<usize> = (FIRST_HALF..FIRST_HALF + 9).collect();
    let flaky = world.numbers(&flaky).await;
    open(&world.stories).flaky = flaky.into_iter().zip(1..).collect();
    let first = u64::try_from(FIRST_HALF).unwrap();
    world.run(Some(first), Duration::from_secs(5)).await;
    assert_eq!(world.sends().len(), FIRST_HALF);
    sleep(Duration::from_mins(38)).await;
    if !is_anything_to_follow {
        world.reconcile().await;
    }
    // To the same moment.
    let start = BEGIN_MS + HOUR_MS;
    sleep(Duration::from_millis((start - world.now()).unsigned_abs())).await;
    let before = world.queries().len();
    world.run(None, Duration::from_hours(1)).await;
    open(&world.asked).retain({
        let mut seen = 0;
        move |asked| {
            seen += usize::from(!asked.is_send);
            asked.is_send || seen > before
        }
    });
    world
}

/// A run that waits for one packet asks about the others once an hour.
pub(crate) async fn nobody_is_asked_about_twice_within_an_hour() -> Result<(), String> {
    let world = World::new(12, (5, 0), Settings::default());
    let held = world.numbers(&[7]).await;
    let until = world.now() + 70 * MINUTE_MS;
    let stories = held.iter().map(|number| (number.clone(), until));
    open(&world.stories).held = stories.collect();
    world.run(None, Duration::from_hours(2)).await;
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for Asked { at, number, .. } in world.queries() {
        let is_sent = at > world.sends()[0].at && !held.contains(&number);
        let before = last.insert(number.clone(), at).filter(|_| is_sent);
        if before.is_some_and(|before| before > world.sends()[0].at && at - before < HOUR_MS) {
            return Err(format!("{number} is asked about at {before:?} and at {at}"));
        }
    }
    Ok(())
}

/// What is open after 25 days is named, and nothing before.
pub(crate) async fn what_is_open_after_25_days_is_named() -> Result<(), String> {
    let world = World::new(3, (5, 0), Settings::default());
    world.run(None, Duration::from_secs(5)).await;
    for (ms, count) in [(25 * DAY_MS - MINUTE_MS, 0), (2 * MINUTE_MS, 3)] {
        sleep(Duration::from_millis(ms.unsigned_abs())).await;
        let found = world.overdue().count;
        if found != count {
            return Err(format!("{found} are named, and {count} are so old"));
        }
    }
    Ok(())
}

/// Plays it in virtual time.
pub(crate) fn played<T>(scene: impl Future<Output = T>) -> T {
    let builder = &mut tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(scene)
}
