//! Randomness from a seed alone, so that the same seed and the same requests meet the same
//! faults on any machine.

/// A splitmix64 generator: small, fast, and good enough to draw faults and claims from.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct FaultDice(u64);

impl FaultDice {
    /// Dice for one question: the same seed and words always fall the same way, whatever
    /// else was asked before.
    pub(in crate::simulator) fn about(seed: u64, words: &[&str]) -> Self {
        let mut state = seed ^ FNV_OFFSET;
        for word in words {
            for byte in word.bytes().chain([0x1F]) {
                state = (state ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
            }
        }
        let mut dice = FaultDice(state);
        dice.roll();
        dice
    }

    /// The next 64 bits.
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// Whether something of this rate happens now; 0 never does and 1 always.
    pub(super) fn happens(&mut self, rate: f64) -> bool {
        let draw = u32::try_from(self.roll() >> 32).expect("32 bits are left");
        f64::from(draw) / f64::from(u32::MAX) < rate || rate >= 1.0
    }

    /// A number below `bound`, which is not zero.
    pub(in crate::simulator) fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }
}

/// The offset basis of the FNV-1a hash.
const FNV_OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
/// The prime of the FNV-1a hash.
const FNV_PRIME: u64 = 0x0000_0100_0000_01B3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_falls_the_same_way_and_another_does_not() {
        let first = FaultDice::about(7, &["send", "a"]).roll();
        assert_eq!(first, FaultDice::about(7, &["send", "a"]).roll());
        assert_ne!(first, FaultDice::about(8, &["send", "a"]).roll());
        assert_ne!(first, FaultDice::about(7, &["senda"]).roll());
    }

    #[test]
    fn rates_are_kept() {
        let mut dice = FaultDice::about(1, &[]);
        let hits = (0..10_000).filter(|_| dice.happens(0.3)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
        assert!((0..1_000).all(|_| dice.happens(1.0) && !dice.happens(0.0)));
    }
}
