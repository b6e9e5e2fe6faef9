//! What a seed stands for.

use std::fmt;
use std::num::NonZeroU32;

use hongbao::simulator::{FaultName, Faults, ResendOfPaid};

use super::chance::Chance;

/// Where virtual time begins: 2026-11-23 12:00 in Beijing.
const BEGIN_MS: i64 = 1_795_406_400_000;

/// Everything drawn from a seed.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) begin_ms: i64,
    pub(super) packets: u64,
    pub(super) in_flight: usize,
    pub(super) per_second: Option<NonZeroU32>,
    pub(super) faults: Faults,
    pub(super) query_faults: Option<Faults>,
    pub(super) resend_of_paid: ResendOfPaid,
    pub(super) refuses_connections: u64,
    /// One way to the gateway.
    pub(super) way_ms: u64,
    pub(super) storms: Vec<Storm>,
}

/// One life under faults.
#[derive(Debug, Clone)]
pub(super) struct Storm {
    /// The step at which the process dies.
    pub(super) dies_at: Option<u64>,
    /// How wrong its clock is.
    pub(super) skew_ms: i64,
    /// What passes until the next.
    pub(super) pause_ms: i64,
}

impl Plan {
    pub(super) fn of(seed: u64) -> Plan {
        let mut chance = Chance(seed);
        let packets = if chance.one_in(8) {
            chance.between(40, 200)
        } else {
            chance.between(3, 20)
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
        let storms = (0..chance.between(1, 4))
            .map(|_| Storm::draw(&mut chance, packets))
            .collect();
        Plan {
            seed,
            begin_ms: BEGIN_MS + i64::try_from(chance.between(0, 86_400_000)).unwrap(),
            packets,
            in_flight,
            per_second,
            faults,
            query_faults,
            resend_of_paid,
            refuses_connections: chance.pick(&[0, 0, 0, 20, 3]),
            way_ms: chance.pick(&[0, 1, 20, 200]),
            storms,
        }
    }
}

impl Plan {
    /// Whether the clock is right in every life.
    pub(super) fn is_in_time(&self) -> bool {
        self.storms.iter().all(|storm| storm.skew_ms == 0)
    }
}

impl Storm {
    fn draw(chance: &mut Chance, packets: u64) -> Storm {
        const HOUR: i64 = 3_600_000;
        let skews = [
            0,
            0,
            0,
            0,
            1000,
            -1000,
            25 * HOUR,
            -25 * HOUR,
            31 * 24 * HOUR,
            -31 * 24 * HOUR,
        ];
        let pauses = [0, 1, 500, 1000, 60_000, 20 * 60_000];
        Storm {
            dies_at: (!chance.one_in(4)).then(|| chance.between(1, packets * 6)),
            skew_ms: chance.pick(&skews),
            pause_ms: chance.pick(&pauses),
        }
    }
}

/// None, some or many kinds, seldom to often; at times one of them always.
fn draw_faults(chance: &mut Chance) -> Faults {
    let mut faults = Faults::none();
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

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
