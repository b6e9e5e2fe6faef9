//! What a process lives in: time, the other side, and its end.

use std::future::{Future, pending};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hongbao::clock::Clock;
use hongbao::domain::outcome::{Doubt, NotSent};
use hongbao::runner::Dice;
use hongbao::simulator::{Books, Delivery, Faults, Gateway, Reply as Sent, Settings};
use hongbao::wechat::client::Player;
use hongbao::wechat::reply::{Exchange, Reply};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::chance::Chance;
use super::plan::Plan;

/// How long the client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// All that outlives a process.
pub(super) struct World {
    dir: TempDir,
    gateway: Mutex<Gateway>,
    state: Mutex<State>,
    death: Notify,
}

struct State {
    base_ms: i64,
    born: Option<Instant>,
    skew_ms: i64,
    step: u64,
    dies_at: Option<u64>,
    is_dead: bool,
    crashes: u32,
    refuses_connections: u64,
    way_ms: u64,
    chance: Chance,
    log: Vec<String>,
}

impl World {
    pub(super) fn new(plan: &Plan) -> Arc<World> {
        let settings = Settings {
            seed: plan.seed,
            faults: plan.faults.clone(),
            query_faults: plan.query_faults.clone(),
            resend_of_paid: plan.resend_of_paid,
            ..Settings::default()
        };
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Arc::new(World {
            dir: dir.unwrap(),
            gateway: Mutex::new(Gateway::new(settings)),
            state: Mutex::new(State {
                base_ms: plan.begin_ms,
                born: None,
                skew_ms: 0,
                step: 0,
                dies_at: None,
                is_dead: false,
                crashes: 0,
                refuses_connections: plan.refuses_connections,
                way_ms: plan.way_ms,
                chance: Chance(plan.seed ^ 0x5EED),
                log: Vec::new(),
            }),
            death: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn ledger(&self) -> PathBuf {
        self.dir.path().join("hongbao.db")
    }

    /// The gateway's time.
    pub(super) fn true_ms(&self) -> i64 {
        self.state().true_ms()
    }

    /// The process's clock, right or wrong.
    pub(super) fn clock(self: &Arc<Self>) -> Clock {
        let world = Arc::clone(self);
        Clock::reading(move || {
            let state = world.state();
            state.true_ms() + state.skew_ms
        })
    }

    pub(super) fn dice(self: &Arc<Self>) -> Dice {
        let world = Arc::clone(self);
        Dice::thrown(move || world.state().chance.throw())
    }

    pub(super) fn skew(&self, ms: i64) {
        self.state().skew_ms = ms;
    }

    /// Whether the process's clock is right.
    pub(super) fn is_in_time(&self) -> bool {
        self.state().skew_ms == 0
    }

    /// Time in which no process lives.
    pub(super) fn pass(&self, ms: i64) {
        self.state().base_ms += ms;
    }

    /// From now on the gateway does as it should.
    pub(super) fn calm(&self) {
        let mut gateway = self.gateway.lock().unwrap();
        let settings = gateway.settings_mut();
        settings.faults = Faults::none();
        settings.query_faults = None;
        drop(gateway);
        self.state().refuses_connections = 0;
        self.note("calm");
    }

    pub(super) fn books(&self) -> Books {
        self.gateway.lock().unwrap().books(self.true_ms())
    }

    pub(super) fn note(&self, what: &str) {
        let mut state = self.state();
        let line = format!("{} {what}", state.true_ms());
        state.log.push(line);
    }

    pub(super) fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    pub(super) fn crashes(&self) -> u32 {
        self.state().crashes
    }

    /// A process begins.
    pub(super) fn born(&self, dies_at: Option<u64>) {
        let mut state = self.state();
        state.born = Some(Instant::now());
        state.step = 0;
        state.dies_at = dies_at;
        state.is_dead = false;
    }

    /// It is over; its time stands still.
    pub(super) fn buried(&self) {
        let mut state = self.state();
        state.base_ms = state.true_ms();
        state.born = None;
    }

    /// Waits for the end of the process.
    pub(super) async fn death(&self) {
        self.death.notified().await;
    }

    /// A step that a crash may fall on: whether the process goes on.
    pub(super) fn step(&self) -> bool {
        let mut state = self.state();
        state.step += 1;
        if state.dies_at == Some(state.step) {
            state.is_dead = true;
            state.crashes += 1;
            self.death.notify_one();
        }
        !state.is_dead
    }

    async fn carry(&self, path: &'static str, body: Vec<u8>) -> Exchange {
        let (there, back, is_refused) = {
            let mut state = self.state();
            let n = state.refuses_connections;
            // The pace allows for so much jitter on the way there, and for any on the way back.
            let there = state.way_ms + state.chance.between(0, 20);
            let back = state.way_ms + state.chance.between(0, 200);
            (there, back, n > 0 && state.chance.one_in(n))
        };
        if is_refused {
            return Exchange::NotSent(NotSent::Connect("refused".to_owned()));
        }
        sleep(Duration::from_millis(there)).await;
        if !self.step() {
            return pending().await;
        }
        let now = self.true_ms();
        let sent = self.gateway.lock().unwrap().answer(path, &body, now);
        self.note(&format!(
            "{} {} {:?}",
            tail(path, 10),
            status(&sent),
            sent.delivery
        ));
        if !self.step() {
            return pending().await;
        }
        sleep(Duration::from_millis(back)).await;
        self.deliver(sent).await
    }

    async fn deliver(&self, sent: Sent) -> Exchange {
        let lost = |how: &str| Exchange::InDoubt(Doubt::ConnectionLost(how.to_owned()));
        match sent.delivery {
            Delivery::Never => return lost("closed"),
            Delivery::Cut { .. } if sent.status == 200 => return lost("cut"),
            Delivery::Late { ms } if Duration::from_millis(ms) >= PATIENCE => {
                sleep(PATIENCE).await;
                return Exchange::InDoubt(Doubt::Timeout);
            }
            Delivery::Late { ms } => sleep(Duration::from_millis(ms)).await,
            Delivery::Cut { .. } | Delivery::Whole => {}
        }
        Exchange::Reply(Reply {
            status: sent.status,
            body: sent.body,
            date: Some(self.true_ms() / 1000),
        })
    }
}

impl State {
    fn true_ms(&self) -> i64 {
        let lived = self.born.map_or(Duration::ZERO, |born| born.elapsed());
        self.base_ms + i64::try_from(lived.as_millis()).unwrap()
    }
}

fn tail(text: &str, length: usize) -> &str {
    &text[text.len().saturating_sub(length)..]
}

fn status(sent: &Sent) -> String {
    let body = String::from_utf8_lossy(&sent.body);
    let code = body
        .split("<err_code><![CDATA[")
        .nth(1)
        .and_then(|rest| rest.split(']').next());
    format!("{} {}", sent.status, code.unwrap_or(""))
}

impl Player for World {
    fn answer(
        &self,
        path: &'static str,
        body: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Exchange> + Send + '_>> {
        Box::pin(self.carry(path, body))
    }
}
