//! Numbers that look random and are the same on every machine.

use model::hash::{FNV_BASIS, fnv1a};
use rand_core::Rng;
use rand_pcg::Pcg32;

/// Any constant will do; another one is another forecast.
const STREAM: u64 = 0x6275_726e_646f_776e;

/// FNV-1a over numbers, 64 bits: the same inputs have the same hash everywhere, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputHash(u64);

impl InputHash {
    /// Of nothing yet.
    pub fn new() -> InputHash {
        InputHash(FNV_BASIS)
    }

    /// With one more number.
    #[must_use]
    pub fn with(self, number: u64) -> InputHash {
        InputHash(fnv1a(self.0, &number.to_le_bytes()))
    }

    /// The hash.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl Default for InputHash {
    fn default() -> InputHash {
        InputHash::new()
    }
}

/// The random numbers of one trial. Each trial has its own, so that two questions about one trial
/// see the same future.
pub(crate) struct Draws(Pcg32);

impl Draws {
    pub fn of_trial(seed: u64, trial: u32) -> Draws {
        Draws(Pcg32::new(InputHash(seed).with(u64::from(trial)).scattered(), STREAM))
    }

    /// Thirty-two coins.
    #[inline]
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `count`, each as likely to within 2⁻³² · `count`; 0 of none.
    #[inline]
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.0.next_u32()) * count as u64) >> 32) as usize
    }
}

impl InputHash {
    /// The hash with every bit depending on every bit (the finisher of SplitMix64).
    fn scattered(self) -> u64 {
        let first = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        second ^ (second >> 31)
    }
}
