//! How often each fault happens, and how that is asked for.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::dice::FaultDice;
use super::fault::{Endpoint, FaultName};

/// Why a text is not `NAME=RATE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultError {
    /// The name is not in [`FaultName::ALL`].
    UnknownName(String),
    /// The rate is not a number from 0 to 1.
    BadRate(String),
}

impl FaultError {
    /// The names that there are.
    #[must_use]
    pub fn names() -> String {
        let names: Vec<&str> = FaultName::ALL.iter().map(|fault| fault.name()).collect();
        names.join(", ")
    }
}

impl FromStr for FaultName {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut all = FaultName::ALL.iter().copied();
        all.find(|fault| fault.name() == text)
            .ok_or_else(|| FaultError::UnknownName(text.to_owned()))
    }
}

/// How often each fault happens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FaultRates(BTreeMap<FaultName, f64>);

impl FaultRates {
    /// No faults at all.
    #[must_use]
    pub fn none() -> Self {
        FaultRates::default()
    }

    /// Every fault there is, each as often as the others, so that `rate` of all sends go wrong; a
    /// query meets fewer, because some faults make no sense for it. The kinds for which a client
    /// waits are no more often than `slow`, and the others make up for them.
    #[must_use]
    pub fn of_every_kind(rate: f64, slow: f64) -> Self {
        let befalls = |fault: &&FaultName| fault.befalls(Endpoint::Send);
        let (waited_for, quick): (Vec<FaultName>, _) = FaultName::ALL
            .iter()
            .filter(befalls)
            .partition(|fault| fault.takes_time());
        let count = |kinds: &[FaultName]| kinds.iter().map(|_| 1.0).sum::<f64>();
        let (waited_for, quick) = (count(&waited_for), count(&quick));
        // They are drawn one by one: nothing goes wrong where none of them falls.
        let even = 1.0 - (1.0 - rate).powf(1.0 / (waited_for + quick));
        let (slow, each) = if even <= slow {
            (even, even)
        } else {
            let others_fall = (1.0 - rate) / (1.0 - slow).powf(waited_for);
            (slow, 1.0 - others_fall.powf(1.0 / quick))
        };
        let all = FaultName::ALL.iter();
        all.fold(FaultRates::none(), |faults, fault| {
            let rate = if fault.takes_time() { slow } else { each };
            faults.with(*fault, rate)
        })
    }

    /// These faults and one more; a later rate of the same fault replaces the earlier.
    #[must_use]
    pub fn with(mut self, fault: FaultName, rate: f64) -> Self {
        self.0.insert(fault, rate);
        self
    }

    /// Adds what `NAME=RATE` asks for.
    ///
    /// # Errors
    /// Where the name is unknown or the rate is not a number from 0 to 1.
    pub fn add(&mut self, name_and_rate: &str) -> Result<(), FaultError> {
        let (name, rate) = name_and_rate.split_once('=').unwrap_or((name_and_rate, ""));
        let fault = name.trim().parse()?;
        match rate.trim().parse::<f64>() {
            Ok(number) if (0.0..=1.0).contains(&number) => {
                self.0.insert(fault, number);
                Ok(())
            }
            Ok(_) | Err(_) => Err(FaultError::BadRate(rate.to_owned())),
        }
    }

    /// Draws every fault that can befall the endpoint on its own, and of those that fell picks
    /// one: a request can go wrong in one way only.
    pub(in crate::simulator) fn draw(
        &self,
        endpoint: Endpoint,
        dice: &mut FaultDice,
    ) -> Option<FaultName> {
        let fell: Vec<FaultName> = self
            .0
            .iter()
            .filter(|(fault, rate)| fault.befalls(endpoint) && dice.happens(**rate))
            .map(|(fault, _)| *fault)
            .collect();
        let count = u64::try_from(fell.len()).expect("a handful of faults");
        let pick = dice.below(count.max(1));
        usize::try_from(pick)
            .ok()
            .and_then(|at| fell.get(at).copied())
    }
}

/// A line for each fault: what `--fault help` prints.
#[must_use]
pub fn fault_help() -> String {
    let lines = FaultName::ALL
        .iter()
        .map(|fault| format!("{:<20}{}\n", fault.name(), fault.describe()));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_from_its_name_and_rate() {
        let mut faults = FaultRates::none();
        faults.add("lost_after=0.25").unwrap();
        assert_eq!(faults, FaultRates::none().with(FaultName::LostAfter, 0.25));
        assert_eq!(
            faults.add("late=2"),
            Err(FaultError::BadRate("2".to_owned()))
        );
        let unknown = faults.add("lost=1");
        assert_eq!(unknown, Err(FaultError::UnknownName("lost".to_owned())));
        assert!(FaultError::names().contains("lost_before, lost_after"));
    }

    #[test]
    fn faults_of_every_kind_add_up_to_the_rate() {
        for (rate, slow) in [(0.0, 1.0), (0.1, 1.0), (0.5, 0.001), (1.0, 0.1), (1.0, 1.0)] {
            let faults = FaultRates::of_every_kind(rate, slow);
            let drawn = |n: u32| {
                let mut dice = FaultDice::about(7, &[&n.to_string()]);
                faults.draw(Endpoint::Send, &mut dice)
            };
            let fell: Vec<FaultName> = (0..10_000).filter_map(drawn).collect();
            let part = |count: usize| f64::from(u32::try_from(count).unwrap()) / 10_000.0;
            assert!((part(fell.len()) - rate).abs() < 0.02, "{}", fell.len());
            let waits = fell.iter().filter(|fault| fault.takes_time()).count();
            assert!(part(waits) <= 2.5 * slow, "{waits} of at most {slow} each");
        }
    }

    #[test]
    fn every_fault_has_a_name_of_its_own_and_a_line_of_help() {
        for fault in FaultName::ALL {
            assert_eq!(fault.name().parse(), Ok(*fault));
        }
        let help = fault_help();
        assert_eq!(help.lines().count(), FaultName::ALL.len());
        assert!(help.starts_with("lost_before         The connection closes;"));
    }

    #[test]
    fn a_fault_befalls_only_requests_it_makes_sense_for() {
        let faults = FaultRates::none().with(FaultName::NoPackage, 1.0);
        let mut dice = FaultDice::about(1, &[]);
        assert_eq!(faults.draw(Endpoint::Query, &mut dice), None);
        assert_eq!(
            faults.draw(Endpoint::Send, &mut dice),
            Some(FaultName::NoPackage)
        );
    }
}
