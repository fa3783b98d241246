//! Chance, by a seed.

use chrono::TimeDelta;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Numbers from a seed.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0.random_range(0..end)
    }

    pub(super) fn index(&mut self, length: usize) -> usize {
        self.0.random_range(0..length)
    }

    /// Once in so many times.
    pub(super) fn chance(&mut self, of: u32) -> bool {
        self.below(of) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// The next name of a kind, now and then one that may be taken.
    pub(super) fn name(&mut self, kind: &str, taken: usize) -> String {
        let number = if self.chance(3) {
            self.index(taken + 1)
        } else {
            taken
        };
        format!("{kind}{number}")
    }

    /// The time to the next event: mostly minutes, now and then days.
    pub(super) fn pause(&mut self) -> TimeDelta {
        match self.below(60) {
            0..8 => TimeDelta::hours(self.below(30).into()),
            8..10 => TimeDelta::days(self.below(4).into()),
            10 if self.chance(6) => TimeDelta::days(self.below(200).into()),
            _ => TimeDelta::seconds(self.below(4_000).into()),
        }
    }
}
