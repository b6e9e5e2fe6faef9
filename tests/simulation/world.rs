//! What a process lives in: time, the other side, and its end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hongbao::clock::{Clock, Uptime};
use hongbao::config::Mode;
use hongbao::ledger::{FirstSent, LedgerError, Owner, Reader, adopt, restore};
use hongbao::runner::Dice;
use hongbao::simulator::{Books, FaultRates, Gateway, Limits, Settings};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::chance::Chance;
use super::check::Eyes;
use super::conduct::Conduct;
use super::deed::{Done, commit};
use super::life::{RULES, packets, terms};
use super::missed::Missed;
use super::plan::{Deed, Folder, List, Plan, Round, Storm};
use super::stray::{Strays, Wires};
use crate::memory_dir::in_memory;

/// No request leaves later than so long after it was made durable.
const STALE_MS: i64 = 5000;
/// No life takes so many steps.
const STEPS: u64 = 100_000;

/// What a ledger is made of, beside its memory that processes share.
const FILES: [&str; 3] = ["", "-wal", ".lock"];

/// Which files a ledger has, and whether they were corrected.
#[derive(Debug, Clone, Copy, Default)]
struct Loaded {
    first: Option<bool>,
    second: Option<bool>,
}

/// What was loaded, and what is loaded next.
#[derive(Debug, Default)]
struct Lists {
    loaded: Loaded,
    /// There is a second file.
    has_more: bool,
    /// What the next process loads: a second file, and again what an older ledger has.
    to_load: Vec<List>,
    /// Files that were loaded so far.
    files: u8,
    /// The ledger was lost, or is an older one: what is loaded now is loaded again.
    is_again: bool,
    /// Nobody mends the first list: it is loaded again as it was.
    is_kept: bool,
}

/// The folder as it was.
#[derive(Debug, Default)]
struct Snapshot {
    files: Vec<(&'static str, Vec<u8>)>,
    loaded: Loaded,
}

/// All that outlives a process.
pub(super) struct World {
    dir: TempDir,
    pub(super) gateway: Mutex<Gateway>,
    state: Mutex<State>,
    deed: Mutex<Option<Done>>,
    eyes: Mutex<Option<Eyes>>,
    snapshot: Mutex<Snapshot>,
    death: Notify,
}

pub(super) struct State {
    base_ms: i64,
    born: Option<Instant>,
    pub(super) skew_ms: i64,
    step: u64,
    dies_at: Option<u64>,
    deed: Option<(u64, Deed)>,
    /// At which step the machine sleeps, and for how long.
    sleep: Option<(u64, i64)>,
    /// How long sends may leave in this life, and until when by its clock.
    pub(super) closes_after_ms: Option<i64>,
    pub(super) sends_until: Option<i64>,
    /// It slept in this life.
    has_slept: bool,
    is_dead: bool,
    crashes: u32,
    /// What the process must keep to.
    pub(super) conduct: Conduct,
    /// What it did that none may do.
    fault: Option<String>,
    pub(super) refuses_connections: u64,
    pub(super) forged: u64,
    pub(super) strays: Strays,
    pub(super) wires: Wires,
    pub(super) lie: Option<&'static str>,
    /// Numbers that were sent.
    sent: BTreeSet<String>,
    missed: Missed,
    /// Numbers that were refused at the door, and were told so; by their first send or a later one.
    turned_away: BTreeMap<String, bool>,
    /// Those of them that must be sent again.
    owed: BTreeSet<String>,
    /// Numbers that were lied about, or that a person ruled on.
    excused: BTreeSet<String>,
    pub(super) way_ms: u64,
    pub(super) chance: Chance,
    log: Vec<String>,
    /// Requests that a ledger knew which is gone.
    forgotten: usize,
    is_put_back: bool,
    /// Packets that a person brought back.
    brought_back: u64,
    lists: Lists,
    /// Numbers, and people, that a ledger which went back unnoticed calls refused.
    stale: BTreeSet<String>,
}

impl World {
    pub(super) fn new(plan: &Plan) -> Arc<World> {
        let mut owed = packets(plan, List::First, false);
        owed.extend(packets(plan, List::Second, false));
        let total: u64 = owed.iter().map(|packet| packet.amount.fen()).sum();
        let share = |hundredths: u64| total * hundredths / 100;
        let scripted = plan.refusals.iter().map(|(n, code)| {
            let packet = &owed[usize::try_from(*n * plan.each).unwrap()];
            (packet.openid.to_string(), (*code).to_owned())
        });
        let settings = Settings {
            seed: plan.seed,
            scripted: scripted.collect(),
            balance_fen: plan.balance.map(share),
            limits: Limits {
                merchant_fen_per_day: plan.day_limit.map(share),
                ..Limits::default()
            },
            faults: plan.faults.clone(),
            query_faults: plan.query_faults.clone(),
            resend_of_paid: plan.resend_of_paid,
            remembers_ms: plan.remembers_ms,
            ..Settings::default()
        };
        Arc::new(World {
            dir: in_memory(),
            gateway: Mutex::new(Gateway::new(settings)),
            deed: Mutex::default(),
            eyes: Mutex::default(),
            snapshot: Mutex::default(),
            state: Mutex::new(State {
                base_ms: plan.begin_ms,
                born: None,
                skew_ms: 0,
                step: 0,
                dies_at: None,
                deed: None,
                sleep: None,
                closes_after_ms: None,
                sends_until: None,
                has_slept: false,
                is_dead: false,
                crashes: 0,
                conduct: Conduct::default(),
                fault: None,
                refuses_connections: plan.refuses_connections,
                forged: plan.forged,
                strays: plan.strays.clone(),
                wires: Wires::default(),
                lie: None,
                sent: BTreeSet::new(),
                missed: Missed::default(),
                turned_away: BTreeMap::new(),
                owed: BTreeSet::new(),
                excused: BTreeSet::new(),
                way_ms: plan.way_ms,
                chance: Chance(plan.seed ^ 0x5EED),
                log: Vec::new(),
                forgotten: 0,
                is_put_back: false,
                brought_back: 0,
                lists: Lists {
                    is_kept: !plan.mends(),
                    ..Lists::default()
                },
                stale: BTreeSet::new(),
            }),
            death: Notify::new(),
        })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (world, machine) = (Arc::clone(self), Arc::clone(self));
        let clock = Clock::reading(move || world.state().shown_ms());
        // The machine is up as long as the world is.
        clock.beside(move || {
            Some(Uptime {
                boot: "world".into(),
                ms: machine.true_ms(),
            })
        })
    }

    pub(super) fn dice(self: &Arc<Self>) -> Dice {
        let world = Arc::clone(self);
        Dice::thrown(move || world.state().chance.throw())
    }

    /// A life under faults begins.
    pub(super) fn brew(&self, storm: &Storm) {
        let mut gateway = self.gateway.lock().unwrap();
        gateway.settings_mut().merchant_wide = storm.merchant_wide.map(str::to_owned);
        let door = storm.door.map(|(code, each)| (code.to_owned(), each));
        gateway.settings_mut().at_the_door = door;
        drop(gateway);
        let mut state = self.state();
        state.skew_ms = storm.skew_ms;
        state.lie = storm.lie;
        if storm.loads_more {
            state.lists.has_more = true;
            state.lists.to_load.push(List::Second);
        }
        state.deed = storm.deed;
        state.sleep = storm.sleep;
        state.closes_after_ms = storm.closes_after_ms;
        state.sends_until = None;
        state.dies_at = storm.dies_at;
        state.conduct = Conduct::of(storm);
    }

    /// It is over.
    pub(super) fn settle_down(&self) {
        let mut gateway = self.gateway.lock().unwrap();
        gateway.settings_mut().merchant_wide = None;
        gateway.settings_mut().at_the_door = None;
        drop(gateway);
        let mut state = self.state();
        (state.skew_ms, state.deed, state.dies_at) = (0, None, None);
        state.sleep = None;
        state.closes_after_ms = None;
        state.sends_until = None;
        state.conduct = Conduct::default();
    }

    /// Looks at the ledger, through connections that outlive each process: what one left in the
    /// WAL is still there when the next begins. `None` where there is no ledger yet.
    pub(super) fn look<T>(
        &self,
        look: impl FnOnce(&Eyes) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let mut eyes = self.eyes.lock().unwrap();
        if eyes.is_none() {
            *eyes = Eyes::open(&self.ledger())?;
        }
        eyes.as_ref().map(look).transpose()
    }

    /// Whether a process that comes by a second name of the ledger is held off.
    pub(super) fn is_held_under_two_names(&self) -> bool {
        let link = self.dir.path().join("second.db");
        std::fs::hard_link(self.ledger(), &link).unwrap();
        let second = Owner::open(&link, Mode::Live, self.true_ms());
        std::fs::remove_file(link).unwrap();
        matches!(second, Err(LedgerError::Held { .. }))
    }

    /// The ledger is gone, and all that it knew; its lock too, which would tell of it.
    pub(super) fn lose_ledger(&self) {
        *self.eyes.lock().unwrap() = None;
        for tail in ["", "-wal", "-shm", ".lock"] {
            let mut path = self.ledger().into_os_string();
            path.push(tail);
            let _ = std::fs::remove_file(path);
        }
        let arrivals = self.books().arrivals_ms.len();
        let mut state = self.state();
        state.missed.went_back();
        state.forgotten = arrivals;
        (state.lists.loaded, state.lists.is_again) = (Loaded::default(), true);
        state.lists.to_load = state
            .lists
            .has_more
            .then_some(List::Second)
            .into_iter()
            .collect();
        drop(state);
        self.note("the ledger is gone");
    }

    /// A copy of the ledger is made beside it.
    pub(super) fn keep_copy(&self) -> Result<(), String> {
        let told = |fault: LedgerError| fault.to_string();
        let copy = self.copy();
        let _ = std::fs::remove_file(&copy);
        let Some(reader) = Reader::open(&self.ledger()).map_err(told)? else {
            return Ok(());
        };
        if reader.campaign(&terms().id).map_err(told)?.is_some() {
            reader.backup(&copy, self.true_ms()).map_err(told)?;
            *self.snapshot.lock().unwrap() = self.snapshot_of_now();
            self.note("a copy is made");
        }
        Ok(())
    }

    /// The copy is put in the ledger's place, and a person goes on with it.
    pub(super) fn put_back(&self) -> Result<(), String> {
        let told = |fault: LedgerError| fault.to_string();
        let copy = self.copy();
        if !copy.exists() {
            return Ok(());
        }
        *self.eyes.lock().unwrap() = None;
        restore(
            &self.ledger(),
            &copy,
            (Mode::Live, None),
            &RULES,
            self.true_ms(),
        )
        .map_err(told)?;
        self.unpause()?;
        self.went_back()?;
        self.note("the copy is put back");
        Ok(())
    }

    /// The folder as it is: nobody writes to it now.
    fn snapshot_of_now(&self) -> Snapshot {
        let read = |tail| Some((tail, std::fs::read(self.file(tail)).ok()?));
        Snapshot {
            files: FILES.into_iter().filter_map(read).collect(),
            loaded: self.state().lists.loaded,
        }
    }

    fn file(&self, tail: &str) -> PathBuf {
        let mut path = self.ledger().into_os_string();
        path.push(tail);
        path.into()
    }

    /// The folder is made what it was when the copy was made. Where a process can see that, a
    /// person is told, and takes the ledger as it stands.
    pub(super) fn roll_back(&self, folder: Folder) -> Result<(), String> {
        let told = |fault: LedgerError| fault.to_string();
        if self.snapshot.lock().unwrap().files.is_empty() {
            return Ok(());
        }
        *self.eyes.lock().unwrap() = None;
        for tail in FILES.into_iter().chain(["-shm"]) {
            let path = self.file(tail);
            let snapshot = self.snapshot.lock().unwrap();
            let then = snapshot.files.iter().find(|(it, _)| *it == tail);
            if then.is_none() || folder == Folder::Copied {
                let _ = std::fs::remove_file(&path);
            }
            if let Some((_, bytes)) = then {
                std::fs::write(&path, bytes).unwrap();
            }
        }
        let (ledger, now) = (self.ledger(), self.true_ms());
        if folder == Folder::Copied {
            match Owner::open(&ledger, Mode::Live, now) {
                Err(LedgerError::Copied { .. }) => {}
                Err(fault) => return Err(told(fault)),
                Ok(_) => return Err("a copy is taken for the ledger".to_owned()),
            }
            adopt(
                &ledger,
                (Mode::Live, None),
                &RULES,
                (FirstSent::Guessed(now), now),
            )
            .map_err(told)?;
            self.unpause()?;
        }
        self.went_back()?;
        if folder == Folder::InPlace {
            self.state().missed.went_back();
            self.remember_refused()?;
        }
        self.note(&format!("the folder is rolled back: {folder:?}"));
        Ok(())
    }

    /// A person goes on with it.
    fn unpause(&self) -> Result<(), String> {
        let told = |fault: LedgerError| fault.to_string();
        let reader = Reader::open(&self.ledger()).map_err(told)?.unwrap();
        let row = reader.campaign(&terms().id).map_err(told)?.unwrap();
        let now = self.true_ms();
        reader.set_pause(&row, None, now, false).map_err(told)
    }

    /// What the ledger calls refused, which nobody asks about by himself.
    fn remember_refused(&self) -> Result<(), String> {
        let sql = "SELECT mch_billno, openid FROM bill WHERE state = 'refused'";
        let read = |conn: &rusqlite::Connection| -> rusqlite::Result<Vec<[String; 2]>> {
            let mut rows = conn.prepare(sql)?;
            let rows = rows.query_map([], |row| Ok([row.get(0)?, row.get(1)?]))?;
            rows.collect()
        };
        let refused = self.look(|eyes| read(&eyes.conn).map_err(|fault| fault.to_string()))?;
        let refused = refused.unwrap_or_default().into_iter().flatten();
        self.state().stale.extend(refused);
        Ok(())
    }

    /// Whether a ledger that went back unnoticed has called this number, or person, refused ever
    /// since.
    pub(super) fn is_stale_refusal(&self, whose: &str) -> bool {
        self.state().stale.contains(whose)
    }

    /// The ledger is an older one.
    fn went_back(&self) -> Result<(), String> {
        let sql = "SELECT count(*) FROM attempt";
        let known = self.look(|eyes| {
            let known = eyes.conn.query_row(sql, [], |row| row.get::<_, usize>(0));
            known.map_err(|fault| fault.to_string())
        })?;
        let arrivals = self.books().arrivals_ms.len();
        let mut state = self.state();
        state.forgotten = arrivals.saturating_sub(known.unwrap_or(0));
        (state.is_put_back, state.lists.is_again) = (true, true);
        state.lists.loaded = self.snapshot.lock().unwrap().loaded;
        let more = state.lists.has_more.then_some(List::Second);
        let first = state.lists.is_kept.then_some(List::First);
        state.lists.to_load = first.into_iter().chain(more).collect();
        Ok(())
    }

    /// What is loaded when a process begins.
    pub(super) fn to_load(&self) -> Vec<List> {
        self.state().lists.to_load.clone()
    }

    /// No two files have the same bytes, though they may have the same rows.
    pub(super) fn file_hash(&self) -> [u8; 32] {
        let mut state = self.state();
        state.lists.files += 1;
        [state.lists.files; 32]
    }

    /// Whether the list is the corrected one: where the ledger has it, it is what it was.
    pub(super) fn is_corrected(&self, plan: &Plan, list: List) -> bool {
        let state = self.state();
        let loaded = match list {
            List::First => state.lists.loaded.first,
            List::Second => state.lists.loaded.second,
        };
        loaded.unwrap_or(plan.is_corrected && state.lists.is_again)
    }

    pub(super) fn has_loaded(&self, list: List, is_corrected: bool) {
        let mut state = self.state();
        match list {
            List::First => state.lists.loaded.first = Some(is_corrected),
            List::Second => state.lists.loaded.second = Some(is_corrected),
        }
        state.lists.to_load.retain(|it| *it != list);
    }

    /// How many packets the ledger has.
    pub(super) fn loaded(&self, plan: &Plan) -> u64 {
        let loaded = self.state().lists.loaded;
        let first = loaded.first.map_or(0, |_| plan.packets);
        first + loaded.second.map_or(0, |_| plan.later)
    }

    /// Whether an amount was corrected since some ledger sent it.
    pub(super) fn is_again(&self) -> bool {
        self.state().lists.is_again
    }

    fn copy(&self) -> PathBuf {
        self.dir.path().join("copy.db")
    }

    /// Whether a copy was put back: what happened after it was made, its ledger learns by asking.
    pub(super) fn is_put_back(&self) -> bool {
        self.state().is_put_back
    }

    /// A person brings so many packets back.
    pub(super) fn bring_back(&self, count: u64) {
        self.state().brought_back += count;
    }

    pub(super) fn brought_back(&self) -> u64 {
        self.state().brought_back
    }

    /// From now on the gateway's orders do not tell why this number is refused.
    pub(super) fn excuse(&self, number: &str) {
        self.state().excused.insert(number.to_owned());
    }

    pub(super) fn is_excused(&self, number: &str) -> bool {
        self.state().excused.contains(number)
    }

    /// A request about this number: whether it is its first send.
    pub(super) fn is_first(&self, path: &str, number: String) -> bool {
        let is_send = path.ends_with("miniprogramhb");
        let mut state = self.state();
        let was_sent = state.sent.contains(&number);
        state.missed.request(&number, (is_send, was_sent));
        is_send && state.sent.insert(number)
    }

    /// Whether the sample of a preflight missed that it was sent before.
    pub(super) fn is_missed(&self, number: &str) -> bool {
        self.state().missed.has(number)
    }

    /// The door was shut for this number.
    pub(super) fn turn_away(&self, number: String, is_first: bool) {
        self.state().turned_away.entry(number).or_insert(is_first);
    }

    pub(super) fn was_turned_away(&self, number: &str) -> bool {
        self.state().turned_away.contains_key(number)
    }

    /// Nobody was accepted: who was turned away must be sent again. How many they are.
    pub(super) fn owe(&self) -> usize {
        let mut state = self.state();
        let firsts = state.turned_away.iter().filter(|(_, is_first)| **is_first);
        state.owed = firsts.map(|(number, _)| number.clone()).collect();
        state.owed.len()
    }

    pub(super) fn is_owed(&self, number: &str) -> bool {
        self.state().owed.contains(number)
    }

    /// Requests that a ledger knew which is gone.
    pub(super) fn forgotten(&self) -> usize {
        self.state().forgotten
    }

    /// Whether a request that leaves now was made durable too long ago, by the process's clock;
    /// where the machine never slept, tokio's clock shows the same.
    pub(super) fn is_stale(&self, number: &str) -> bool {
        let (has_slept, now) = {
            let state = self.state();
            (state.has_slept, state.shown_ms())
        };
        let committed = |eyes: &Eyes| Ok(eyes.open_since(number));
        let committed = if has_slept {
            self.look(committed)
        } else {
            Ok(None)
        };
        let committed = committed.ok().flatten().flatten();
        committed.is_some_and(|committed| now - committed > STALE_MS)
    }

    /// Whether the process's clock is right.
    pub(super) fn is_in_time(&self) -> bool {
        self.state().skew_ms == 0
    }

    /// Time in which no process lives.
    pub(super) fn pass(&self, ms: i64) {
        self.state().base_ms += ms;
    }

    /// What made the gateway refuse this recipient is mended.
    pub(super) fn mend(&self, openid: &str) {
        let mut gateway = self.gateway.lock().unwrap();
        gateway.settings_mut().scripted.remove(openid);
    }

    /// From now on the gateway does as it should.
    pub(super) fn calm(&self) {
        let mut gateway = self.gateway.lock().unwrap();
        let settings = gateway.settings_mut();
        settings.faults = FaultRates::none();
        settings.query_faults = None;
        gateway.top_up(10_000_000);
        drop(gateway);
        let mut state = self.state();
        (state.refuses_connections, state.forged) = (0, 0);
        // That it names nobody in a refusal is its custom, and stays.
        state.strays = state.strays.calmed();
        drop(state);
        self.note("calm");
    }

    /// A look at what became of it all.
    pub(super) fn look_back(&self, round: &Round) {
        self.pass(round.pass_ms);
        let mut gateway = self.gateway.lock().unwrap();
        gateway.settings_mut().query_faults = Some(round.query_faults.clone());
        drop(gateway);
        self.note(&format!("{round:?}"));
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
    pub(super) fn born(&self) {
        let mut state = self.state();
        state.born = Some(Instant::now());
        state.step = 0;
        (state.is_dead, state.has_slept) = (false, false);
        state.wires = Wires::default();
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
        if state.step > STEPS {
            drop(state);
            self.accuse("a life does not come to its end");
            return false;
        }
        if state.dies_at == Some(state.step) {
            state.is_dead = true;
            state.crashes += 1;
            self.death.notify_one();
        }
        let (step, is_alive) = (state.step, !state.is_dead);
        if let Some((_, ms)) = state.sleep.take_if(|(at, _)| *at == step && is_alive) {
            state.sleep_for(ms);
        }
        let now = state.true_ms();
        let deed = state.deed.take_if(|(at, _)| *at == step && is_alive);
        if let Some((_, deed)) = deed {
            state.conduct.befall(deed, now);
            drop(state);
            self.note(&format!("{deed:?}"));
            *self.deed.lock().unwrap() = Some(commit(deed, &self.ledger(), now));
        }
        is_alive
    }

    /// What was done to the ledger in this life; it is undone.
    pub(super) fn undo(&self) -> Option<Done> {
        self.deed.lock().unwrap().take()
    }

    /// The process did what none may do: it ends.
    pub(super) fn accuse(&self, fault: &str) {
        let mut state = self.state();
        state.fault.get_or_insert_with(|| fault.to_owned());
        state.is_dead = true;
        self.death.notify_one();
    }

    pub(super) fn fault(&self) -> Option<String> {
        self.state().fault.clone()
    }
}

impl State {
    pub(super) fn true_ms(&self) -> i64 {
        let lived = self.born.map_or(Duration::ZERO, |born| born.elapsed());
        self.base_ms + i64::try_from(lived.as_millis()).unwrap()
    }

    /// Whether the time for sends is over, by the process's clock.
    pub(super) fn is_closed(&self) -> bool {
        self.sends_until
            .is_some_and(|until| self.shown_ms() >= until)
    }

    /// What the process's clock shows.
    fn shown_ms(&self) -> i64 {
        self.true_ms() + self.skew_ms
    }

    /// Time goes on, and the process does not: what it waits for, it still waits for.
    fn sleep_for(&mut self, ms: i64) {
        self.base_ms += ms;
        self.has_slept = true;
        self.conduct.sleep(ms);
        let line = format!("{} woke after {ms} ms", self.true_ms());
        self.log.push(line);
    }
}
