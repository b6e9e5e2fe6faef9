//! When the run is killed: drawn from the seed before anything happens.

use std::time::Duration;

/// Every so manieth kill hits a run at its start: while it loads, recovers, or asks its first
/// questions.
const START_EVERY: usize = 5;
/// The latest such moment, in milliseconds.
const START_MS: u64 = 40;

/// One kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kill {
    /// The request of the rehearsal, counted from 1, that the gateway has just carried out.
    at_request: u64,
    /// How long after its start a run is killed that comes after that request.
    after: Duration,
}

/// When a run is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KillMoment {
    /// As soon as the gateway has carried out this request.
    AtRequest(u64),
    /// So long after its start.
    After(Duration),
}

impl Kill {
    /// The moment, for a run that starts after so many requests.
    pub(super) fn moment(self, requests: u64) -> KillMoment {
        if self.at_request > requests {
            KillMoment::AtRequest(self.at_request)
        } else {
            KillMoment::After(self.after)
        }
    }
}

/// As many kills, spread over the first `requests` requests: so many there are in any case.
pub(super) fn draw(seed: u64, count: u32, requests: u64) -> Vec<Kill> {
    let mut bits = seed;
    let mut below = |bound: u64| {
        bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(bits) % bound.max(1)
    };
    let mut points: Vec<u64> = (0..count).map(|_| 1 + below(requests)).collect();
    points.sort_unstable();
    let kill = |(at, point): (usize, u64)| Kill {
        at_request: if at % START_EVERY == 0 { 0 } else { point },
        after: Duration::from_millis(1 + below(START_MS)),
    };
    points.into_iter().enumerate().map(kill).collect()
}

/// The output function of splitmix64.
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_kills_within_the_requests_there_are() {
        let kills = draw(7, 20, 220);
        assert_eq!(kills, draw(7, 20, 220));
        assert_ne!(kills, draw(8, 20, 220));
        assert!(kills.iter().all(|kill| kill.at_request <= 220));
        let starts = kills.iter().filter(|kill| kill.at_request == 0).count();
        assert_eq!((kills.len(), starts), (20, 4));
        assert_eq!(draw(7, 0, 220), []);
    }

    #[test]
    fn a_kill_whose_request_is_over_hits_the_start_of_the_next_run() {
        let after = Duration::from_millis(3);
        let kill = Kill {
            at_request: 10,
            after,
        };
        assert_eq!(kill.moment(9), KillMoment::AtRequest(10));
        assert_eq!(kill.moment(10), KillMoment::After(after));
    }
}
