//! What a seed stands for.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;

use hongbao::domain::caps::Caps;
use hongbao::domain::money::Fen;
use hongbao::simulator::{FaultName, FaultRates, ResendOfPaid};

use super::chance::Chance;
use super::stray::Strays;
use super::{GRAVEST, LONGEST, PLAYED_AS_BEFORE, REGRESSIONS};

/// Where virtual time begins: 2026-11-23 12:00 in Beijing.
const BEGIN_MS: i64 = 1_795_406_400_000;
pub(super) const HOUR_MS: i64 = 3_600_000;

/// Codes that refuse one recipient.
const REFUSALS: &[&str] = &[
    "OPENID_ERROR",
    "PARAM_ERROR",
    "MONEY_LIMIT",
    "NO_AUTH",
    "SENDNUM_LIMIT",
    "RCVDAMOUNT_LIMIT",
    "SEND_FAILED",
    "AMOUNT_LIMIT",
];
/// Codes that speak of the merchant, or of the day, and refuse nobody.
pub(super) const MERCHANT_WIDE: &[&str] = &[
    "SIGN_ERROR",
    "CA_ERROR",
    "NOTENOUGH",
    "PAYER_ACCOUNT_ABNORMAL",
    "SENDAMOUNT_LIMIT",
    "DAY_OVER_LIMITED",
    "TIME_LIMITED",
];

/// What a gateway may say of every order, true or not. `REASON` is `SENDING` with one.
const LIES: &[&str] = &[
    "SENDING",
    "REASON",
    "FAILED",
    "SENT",
    "RECEIVED",
    "RFUND_ING",
    "REFUND",
];

/// Everything drawn from a seed.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) begin_ms: i64,
    pub(super) packets: u64,
    /// Packets of a second file.
    pub(super) later: u64,
    /// What is loaded again has other amounts.
    pub(super) is_corrected: bool,
    pub(super) in_flight: usize,
    pub(super) per_second: Option<NonZeroU32>,
    pub(super) faults: FaultRates,
    pub(super) query_faults: Option<FaultRates>,
    pub(super) resend_of_paid: ResendOfPaid,
    /// People whose packets are always refused, and with which code.
    pub(super) refusals: BTreeMap<u64, &'static str>,
    /// What the merchant has at first, and what it may pay a day, in hundredths of what it owes.
    pub(super) balance: Option<u64>,
    pub(super) day_limit: Option<u64>,
    pub(super) refuses_connections: u64,
    /// One answer in so many is somebody else's; 0 for none.
    pub(super) forged: u64,
    /// Answers that are about another request, or name none.
    pub(super) strays: Strays,
    /// One way to the gateway.
    pub(super) way_ms: u64,
    pub(super) storms: Vec<Storm>,
    pub(super) aftermath: Vec<Round>,
    /// Packets that each person gets.
    pub(super) each: u64,
    /// How much may leave a day; without, more than any plan pays.
    pub(super) caps: Option<Caps>,
    /// How long the gateway's sends remember a number.
    pub(super) remembers_ms: Option<i64>,
}

/// One life under faults.
#[derive(Debug, Clone)]
pub(super) struct Storm {
    /// The step at which the process dies.
    pub(super) dies_at: Option<u64>,
    /// What somebody else does meanwhile, and at which step.
    pub(super) deed: Option<(u64, Deed)>,
    /// What it is there for.
    pub(super) work: Work,
    /// The campaign file has other texts in this life.
    pub(super) has_other_texts: bool,
    /// What one send in so many is refused with, whoever it is for, and leaves no order.
    pub(super) door: Option<(&'static str, u64)>,
    /// What every send is refused with.
    pub(super) merchant_wide: Option<&'static str>,
    /// How wrong its clock is.
    pub(super) skew_ms: i64,
    /// At which step the machine sleeps, and for how long.
    pub(super) sleep: Option<(u64, i64)>,
    /// The open time of the schedule ends so long after its sends begin.
    pub(super) closes_after_ms: Option<i64>,
    /// What passes until the next.
    pub(super) pause_ms: i64,
    /// The ledger is gone after it.
    pub(super) loses_ledger: bool,
    /// From this life on there is a second file.
    pub(super) loads_more: bool,
    /// What becomes of a copy of the ledger after it.
    pub(super) copy: Option<Copying>,
    /// What the gateway says of every order, though it is not so.
    pub(super) lie: Option<&'static str>,
    /// The list is mended and loaded again before it: what was taken back has other content; the
    /// rest of that comes back, or does not.
    pub(super) mends: Option<bool>,
}

/// What a person does with a copy of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copying {
    /// One is made.
    Made,
    /// It is put in the ledger's place, whatever happened since.
    PutBack,
    /// The whole folder is made what it was then, behind the program's back.
    RolledBack(Folder),
}

/// How a folder becomes what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    /// In its own files, as where a disk goes back to a snapshot: nothing of them shows it.
    InPlace,
    /// By other files of the same names.
    Copied,
}

/// A recipients file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    First,
    Second,
}

/// What a life is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// It sends what is due.
    Send,
    /// It reconciles, and sends nothing.
    Reconcile,
    /// A person gives every refused packet a new number; then it sends what is due.
    ReissueAndSend,
    /// The same, and then it reconciles.
    ReissueAndReconcile,
    /// A person takes packets back that wait for their first send.
    Withdraw,
}

impl Work {
    pub(super) fn reissues(self) -> bool {
        matches!(self, Work::ReissueAndSend | Work::ReissueAndReconcile)
    }

    pub(super) fn reconciles(self) -> bool {
        matches!(self, Work::Reconcile | Work::ReissueAndReconcile)
    }
}

/// What befalls the ledger of a living process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// The lock file is deleted.
    LockDeleted,
    /// The lock file is deleted, and a process that looks at no other lock takes the ledger.
    Taken,
    /// From now on every COMMIT of an attempt fails.
    CommitsFail,
    /// A person pauses the campaign.
    Paused,
    /// Somebody with a shell makes a packet a stranger's, sealed as if it had been loaded so, and
    /// puts it back when the process has ended.
    Swapped,
}

/// One look at what became of the campaign, when all is over.
#[derive(Debug, Clone)]
pub(super) struct Round {
    /// What passes before.
    pub(super) pass_ms: i64,
    /// What queries meet.
    pub(super) query_faults: FaultRates,
    /// A person rules on what is theirs to decide.
    pub(super) has_ruling: bool,
    /// What the gateway says of every order, though it is not so.
    pub(super) lie: Option<&'static str>,
    /// A person gives every refused packet a new number, and the campaign is run again.
    pub(super) reissues: bool,
}

/// How seldom something happens, and how seldom where the gravest is looked for.
fn odds(seed: u64, usual: u64, gravest: u64) -> u64 {
    if seed < GRAVEST { usual } else { gravest }
}

impl Plan {
    pub(super) fn of(seed: u64) -> Plan {
        let mut chance = Chance(seed);
        let is_old = REGRESSIONS.contains(&seed) && seed <= PLAYED_AS_BEFORE;
        let packets = if seed >= GRAVEST {
            chance.between(3, 6)
        } else if chance.one_in(24) {
            chance.between(40, 200)
        } else {
            chance.between(3, 14)
        };
        let in_flight = chance.pick(&[1, 2, 3, 8, 16, 32, 64]);
        let per_second = NonZeroU32::new(chance.pick(&[0, 5, 30, 30, 100]));
        let faults = draw_faults(&mut chance);
        let query_faults = chance.one_in(3).then(|| draw_faults(&mut chance));
        let resends = [
            ResendOfPaid::Same,
            ResendOfPaid::SendFailed,
            ResendOfPaid::FatalError,
            ResendOfPaid::SuccessWithoutPackage,
        ];
        let resend_of_paid = if chance.one_in(2) {
            resends[0]
        } else {
            chance.pick(&resends)
        };
        let mut storms: Vec<Storm> = (0..chance.between(1, 4))
            .map(|_| Storm::draw(&mut chance, packets))
            .collect();
        if chance.one_in(odds(seed, 10, 4)) {
            storms[0].loses_ledger = true;
            // What the lost one sent within the last second, nobody can know.
            storms[0].pause_ms = storms[0].pause_ms.max(60_000);
        }
        let mut plan = Plan {
            seed,
            begin_ms: BEGIN_MS + i64::try_from(chance.between(0, 86_400_000)).unwrap(),
            packets,
            later: 0,
            is_corrected: false,
            in_flight,
            per_second,
            faults,
            query_faults,
            resend_of_paid,
            refusals: draw_refusals(&mut chance, packets),
            balance: chance.one_in(10).then(|| chance.between(10, 90)),
            day_limit: chance.one_in(10).then_some(75),
            refuses_connections: chance.pick(&[0, 0, 0, 20, 3]),
            forged: chance.pick(&[0, 0, 0, 30, 5]),
            strays: Strays::draw(seed),
            way_ms: chance.pick(&[0, 1, 20, 200]),
            storms,
            aftermath: (0..chance.pick(&[0, 0, 1, 1, 2, 3]))
                .map(|_| Round::draw(&mut chance))
                .collect(),
            each: 1,
            caps: None,
            remembers_ms: None,
        };
        if chance.one_in(4) {
            plan.draw_caps(&mut chance);
        }
        plan.send_a_person();
        plan.take_back(0x3A_11EE);
        plan.copy_ledger();
        plan.take_back_after_a_copy();
        if !is_old {
            plan.roll_back();
        }
        plan.forget_numbers();
        plan.shut_the_door();
        plan.upset_the_machine();
        plan.close_early();
        plan.draw_out();
        if !is_old {
            plan.load_more();
            plan.let_somebody_in();
        }
        plan
    }

    /// The person has dice of their own.
    fn send_a_person(&mut self) {
        let mut chance = Chance(self.seed ^ 0x7E15_50ED);
        let errands = chance.pick(&[0, 0, 1]).max(odds(self.seed, 0, 1));
        for _ in 0..errands {
            self.storms.extend(errand(&mut chance, self.packets));
        }
        for round in &mut self.aftermath {
            round.reissues = chance.one_in(3);
        }
        // What is still in doubt, or with a person, is seldom asked about while its money flows
        // back.
        if chance.one_in(6) {
            self.storms.push(Storm {
                work: Work::Reconcile,
                lie: Some("RFUND_ING"),
                pause_ms: 60_000,
                ..Storm::none()
            });
        }
    }

    /// So has the machine: it sleeps, and its clock is set forward between two lives, by less than
    /// a reply would tell.
    fn upset_the_machine(&mut self) {
        let mut chance = Chance(self.seed ^ 0x51EE_9125);
        for storm in &mut self.storms {
            let length = chance.pick(&[6_000, 20_000, 60_000, HOUR_MS]);
            let step = chance.between(1, self.packets * 4);
            storm.sleep = chance.one_in(6).then_some((step, length));
            let (forward, pause) = (chance.pick(&[1000, 10_000, 55_000]), chance.pick(&[0, 500]));
            let is_right = storm.skew_ms == 0 && !storm.loses_ledger;
            if chance.one_in(8) && is_right && storm.lie.is_none() {
                // A copy keeps its minute.
                let least = storm.copy.map_or(0, |_| 60_000);
                (storm.skew_ms, storm.pause_ms) = (-forward, pause.max(least));
            }
        }
    }

    /// In some lives the time for sends ends while packets wait.
    fn close_early(&mut self) {
        let mut chance = Chance(self.seed ^ 0xC105_E500);
        for storm in &mut self.storms {
            let after = chance.pick(&[0, 200, 3_000, 60_000]);
            storm.closes_after_ms = chance.one_in(8).then_some(after);
        }
    }

    /// At times the set-up is wrong at first, for everybody or for one of two addresses.
    fn shut_the_door(&mut self) {
        let mut chance = Chance(self.seed ^ 0x0D00_0D00);
        let is_large = self.packets >= 60;
        if self.loses_ledger() || !chance.one_in(if is_large { 2 } else { 8 }) {
            return;
        }
        let codes = ["OPENID_ERROR", "PARAM_ERROR", "MONEY_LIMIT", "NO_AUTH"];
        let door = if is_large && chance.one_in(2) {
            ("OPENID_ERROR", 2)
        } else {
            (chance.pick(&codes), 1)
        };
        if door.1 > 1 {
            // Every answer is heard.
            (self.faults, self.forged, self.refuses_connections) = (FaultRates::none(), 0, 0);
        }
        let first = Storm {
            door: Some(door),
            dies_at: (door.1 == 1 && chance.one_in(3)).then(|| chance.between(9, 40)),
            pause_ms: 60_000,
            ..Storm::none()
        };
        self.storms.insert(0, first);
    }

    /// Some people get several packets, and not all of them on one day.
    fn draw_caps(&mut self, chance: &mut Chance) {
        self.each = chance.pick(&[1, 2, 3, 5]).min(self.packets);
        self.refusals.retain(|n, _| n * self.each < self.packets);
        let (most, all) = (100 + self.packets, 150 * self.packets);
        self.caps = Some(Caps {
            max_packet: Fen::new(most),
            openid_packets: chance.pick(&[1, 2, 3, 10]),
            openid_fen: Fen::new(chance.pick(&[most, 2 * most, 100_000])),
            merchant_fen: Fen::new(chance.pick(&[all / 3 + most, all / 2 + most, 100_000_000])),
            once_per_days: chance.pick(&[0, 0, 0, 1, 2]),
        });
    }

    /// Whether the clock is right in every life.
    pub(super) fn is_in_time(&self) -> bool {
        self.storms.iter().all(|storm| storm.skew_ms == 0)
    }

    /// Whether the gateway sees requests of two ledgers.
    pub(super) fn loses_ledger(&self) -> bool {
        self.storms.iter().any(|storm| storm.loses_ledger) || self.is_put_back()
    }

    /// Whether people reissue before the calm.
    pub(super) fn reissues(&self) -> bool {
        self.storms.iter().any(|storm| storm.work.reissues())
    }

    /// Whether the list is mended at some time.
    pub(super) fn mends(&self) -> bool {
        self.storms.iter().any(|storm| storm.mends.is_some())
    }

    /// Whether a copy of the ledger comes back.
    pub(super) fn is_put_back(&self) -> bool {
        let is_it = |storm: &Storm| storm.copy.is_some_and(|copy| copy != Copying::Made);
        self.storms.iter().any(is_it)
    }

    /// Whether the ledger is an older one, or a new one, and nothing but WeChat Pay tells it.
    pub(super) fn forgets_unnoticed(&self) -> bool {
        let in_place = Some(Copying::RolledBack(Folder::InPlace));
        let is_it = |storm: &Storm| storm.loses_ledger || storm.copy == in_place;
        self.storms.iter().any(is_it)
    }

    /// Which of all its packets a file has.
    pub(super) fn rows(&self, list: List) -> Range<u64> {
        match list {
            List::First => 0..self.packets,
            List::Second => self.packets..self.packets + self.later,
        }
    }

    /// A copy is made between two lives and comes back later, with dice of its own; often a person
    /// reissues meanwhile.
    fn copy_ledger(&mut self) {
        let mut chance = Chance(self.seed ^ 0xC0B1_ED00);
        if chance.one_in(odds(self.seed, 6, 2)) && !self.loses_ledger() {
            self.go_back(&mut chance, Copying::PutBack);
        }
    }

    /// A folder goes back as a copy does, with dice of its own.
    fn roll_back(&mut self) {
        let mut chance = Chance(self.seed ^ 0xF01D_E2BA);
        if chance.one_in(odds(self.seed, 6, 1)) && !self.loses_ledger() {
            let mut folder = chance.pick(&[Folder::InPlace, Folder::InPlace, Folder::Copied]);
            // Who mends a list must know what was paid of it.
            if self.mends() {
                folder = Folder::Copied;
            }
            self.go_back(&mut chance, Copying::RolledBack(folder));
        }
    }

    fn go_back(&mut self, chance: &mut Chance, copying: Copying) {
        if chance.one_in(2) {
            self.storms.extend(errand(chance, self.packets));
        }
        self.storms.push(Storm {
            pause_ms: chance.pick(&[0, 60_000, 2 * HOUR_MS, 26 * HOUR_MS]),
            ..Storm::none()
        });
        let last = self.storms.len() - 1;
        let made = chance.between(0, u64::try_from(last).unwrap());
        let made = usize::try_from(made).unwrap().min(last - 1);
        self.storms[made].copy = Some(Copying::Made);
        let back = chance.pick(&[last, made + 1]);
        self.storms[back].copy = Some(copying);
        // What was sent within the last second, and is not in the copy, nobody can know.
        self.storms[back].pause_ms = self.storms[back].pause_ms.max(60_000);
    }

    /// At times a person takes packets back and mends the list, with dice of their own: at first,
    /// between two lives, or when a copy came back.
    fn take_back(&mut self, dice: u64) {
        let mut chance = Chance(self.seed ^ dice);
        // A list whose people were paid lately is refused whole where a cap says so.
        let is_capped = self.caps.is_some();
        if is_capped || !chance.one_in(5) || self.storms.iter().any(|it| it.loses_ledger) {
            return;
        }
        let at = chance.between(0, u64::try_from(self.storms.len()).unwrap());
        let at = usize::try_from(at).unwrap().min(self.storms.len());
        let both = mending(&mut chance, self.packets);
        self.storms.splice(at..at, both);
    }

    fn take_back_after_a_copy(&mut self) {
        let mut chance = Chance(self.seed ^ 0x0B_AC4);
        // Who mends a list must know what was paid of it: not beside a gateway that hides orders.
        let is_known = self.caps.is_none() && self.finds_orders();
        if self.is_put_back() && is_known && chance.one_in(2) {
            self.storms.extend(mending(&mut chance, self.packets));
        }
    }

    /// At times there is a second file. What is loaded again, after the ledger went back or was
    /// lost, is often corrected.
    fn load_more(&mut self) {
        let mut chance = Chance(self.seed ^ 0x10AD_5A6A);
        let goes_back = self.loses_ledger();
        // A cap on a packet is drawn for those of the first file, and a list has one keeper.
        let is_other = self.caps.is_some() || self.mends();
        if is_other || !chance.one_in(if goes_back { 2 } else { 12 }) {
            return;
        }
        self.later = chance.between(1, 8);
        self.is_corrected = goes_back && chance.one_in(2);
        let storms = u64::try_from(self.storms.len()).unwrap();
        let first = usize::try_from(chance.between(0, storms - 1)).unwrap();
        self.storms[first].loads_more = true;
    }

    /// At times somebody who knows how a row is sealed is at the ledger while it is run.
    fn let_somebody_in(&mut self) {
        let mut chance = Chance(self.seed ^ 0x57EA_1E2B);
        if !chance.one_in(16) {
            return;
        }
        let step = chance.between(1, self.packets * 4);
        let storm = chance.pick(&(0..self.storms.len()).collect::<Vec<_>>());
        self.storms[storm].deed = Some((step, Deed::Swapped));
    }

    /// At times the gateway takes a number as new after three days, and lives are days apart.
    fn forget_numbers(&mut self) {
        let mut chance = Chance(self.seed ^ 0xF0_46E7);
        // A gateway that hides an order and forgets its number as well has it paid again: nobody
        // could tell.
        if !chance.one_in(odds(self.seed, 8, 1)) || !self.finds_orders() {
            return;
        }
        self.remembers_ms = Some(72 * HOUR_MS);
        for storm in &mut self.storms {
            if chance.one_in(2) {
                let hours = chance.pick(&[26, 73, 5 * 24, 12 * 24]);
                storm.pause_ms = storm.pause_ms.max(hours * HOUR_MS);
            }
        }
    }

    /// At times weeks pass between two lives, about as many as queries reach back, or the clock is
    /// as wrong.
    fn draw_out(&mut self) {
        if self.seed < LONGEST {
            return;
        }
        let mut chance = Chance(self.seed ^ 0x0A6E_0F1E);
        for storm in &mut self.storms {
            let days = chance.pick(&[2, 15, 27, 28, 29, 30, 31, 45]);
            let minutes = chance.pick(&[0, 0, 1, 20, 11 * 60]);
            if chance.one_in(2) {
                let pause = days * 24 * HOUR_MS + minutes * 60_000;
                storm.pause_ms = storm.pause_ms.max(pause);
            }
            let skew = chance.pick(&[-40, -29, -2, 2, 29, 40]) * 24 * HOUR_MS;
            if chance.one_in(6) && storm.skew_ms == 0 {
                storm.skew_ms = skew;
            }
        }
    }

    /// Whether a query finds every order that there is.
    pub(super) fn finds_orders(&self) -> bool {
        let faults = self.query_faults.as_ref().unwrap_or(&self.faults);
        !format!("{faults:?}").contains("NotFound")
    }
}

impl Storm {
    /// A life in which nothing goes wrong.
    pub(super) fn none() -> Storm {
        Storm {
            dies_at: None,
            deed: None,
            work: Work::Send,
            has_other_texts: false,
            door: None,
            merchant_wide: None,
            skew_ms: 0,
            sleep: None,
            closes_after_ms: None,
            pause_ms: 0,
            loses_ledger: false,
            loads_more: false,
            copy: None,
            lie: None,
            mends: None,
        }
    }

    fn draw(chance: &mut Chance, packets: u64) -> Storm {
        let skews = [
            0,
            0,
            0,
            0,
            0,
            0,
            1000,
            -1000,
            25 * HOUR_MS,
            -25 * HOUR_MS,
            31 * 24 * HOUR_MS,
            -31 * 24 * HOUR_MS,
        ];
        let pauses = [0, 1, 500, 1000, 60_000, 20 * 60_000];
        let deeds = [
            Deed::LockDeleted,
            Deed::Taken,
            Deed::CommitsFail,
            Deed::Paused,
            Deed::Paused,
        ];
        let deed = chance.one_in(4).then(|| chance.pick(&deeds));
        Storm {
            dies_at: (!chance.one_in(4)).then(|| chance.between(1, packets * 6)),
            deed: deed.map(|deed| (chance.between(5, packets * 4), deed)),
            work: if chance.one_in(8) {
                Work::Reconcile
            } else {
                Work::Send
            },
            has_other_texts: chance.one_in(6),
            door: None,
            merchant_wide: chance.one_in(12).then(|| chance.pick(MERCHANT_WIDE)),
            skew_ms: chance.pick(&skews),
            sleep: None,
            closes_after_ms: None,
            pause_ms: if chance.one_in(8) {
                chance.pick(&[3, 21, 26]) * HOUR_MS
            } else {
                chance.pick(&pauses)
            },
            loses_ledger: false,
            loads_more: false,
            copy: None,
            lie: None,
            mends: None,
        }
    }
}

/// A person takes packets back, mends the list, loads it and runs.
fn mending(chance: &mut Chance, packets: u64) -> Vec<Storm> {
    let pauses = [0, 1000, 60_000, 2 * HOUR_MS, 26 * HOUR_MS];
    let mut storm = |work, mends| Storm {
        work,
        mends,
        dies_at: chance.one_in(3).then(|| chance.between(1, packets * 4)),
        pause_ms: chance.pick(&pauses),
        ..Storm::none()
    };
    let mends = Some(storm(Work::Send, None).pause_ms > 60_000);
    let mut storms = vec![storm(Work::Withdraw, None)];
    // What is taken back and not mended yet is asked about, and not sent.
    if storms[0].pause_ms >= 60_000 {
        storms.push(storm(Work::Reconcile, None));
    }
    storms.push(storm(Work::Send, mends));
    storms
}

/// A person asks what became of the packets, gives the refused ones new numbers, and at times asks
/// once more before these are sent. The gateway may call what it paid failed all the while.
fn errand(chance: &mut Chance, packets: u64) -> Vec<Storm> {
    let lie = chance.one_in(2).then_some("FAILED");
    let pauses = [0, 60_000, 11 * 60_000, 11 * 60_000, 2 * HOUR_MS];
    let mut storm = |work, lie: Option<&'static str>| Storm {
        work,
        lie,
        // What a liar brings about takes both steps.
        dies_at: (lie.is_none() && chance.one_in(3)).then(|| chance.between(1, packets * 4)),
        pause_ms: if lie.is_some() {
            chance.pick(&[60_000, 11 * 60_000])
        } else {
            chance.pick(&pauses)
        },
        ..Storm::none()
    };
    let first = storm(Work::Reconcile, lie);
    let asks_again = storm(Work::Reconcile, None);
    if lie.is_none() && asks_again.pause_ms == 0 {
        return vec![first, storm(Work::ReissueAndSend, lie)];
    }
    vec![first, storm(Work::ReissueAndReconcile, lie), asks_again]
}

impl Round {
    fn draw(chance: &mut Chance) -> Round {
        let hours = [0, 2, 20, 24, 26, 96, 29 * 24, 31 * 24];
        Round {
            pass_ms: chance.pick(&hours) * HOUR_MS + 60_000,
            query_faults: if chance.one_in(2) {
                draw_faults(chance)
            } else {
                FaultRates::none()
            },
            has_ruling: chance.one_in(2),
            lie: chance.one_in(4).then(|| chance.pick(LIES)),
            reissues: false,
        }
    }
}

/// None, some or many kinds, seldom to often; at times one of them always.
fn draw_faults(chance: &mut Chance) -> FaultRates {
    let mut faults = FaultRates::none();
    if chance.one_in(12) {
        return faults.with(chance.pick(FaultName::ALL), 1.0);
    }
    let one_in = chance.pick(&[2, 4, 10, 1000]);
    for fault in FaultName::ALL {
        if chance.one_in(one_in) {
            faults = faults.with(*fault, chance.pick(&[0.01, 0.05, 0.2, 0.5]));
        }
    }
    faults
}

/// Nobody, a few, or many are refused.
fn draw_refusals(chance: &mut Chance, packets: u64) -> BTreeMap<u64, &'static str> {
    let one_in = chance.pick(&[0, 0, 20, 6, 3]);
    (0..packets)
        .filter_map(|n| {
            let is_refused = one_in > 0 && chance.one_in(one_in);
            is_refused.then(|| (n, chance.pick(REFUSALS)))
        })
        .collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
