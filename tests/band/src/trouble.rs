//! What goes wrong between a band and a phone, by a seed.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::gatt::Value;

/// How often a value goes wrong that a band sends, of a thousand each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// It is too short or too long.
    pub wrong_size: u32,
    /// Its bytes are anything, and so is their number.
    pub garbage: u32,
    /// It comes twice.
    pub replayed: u32,
}

/// Links that break by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breaks {
    /// How often.
    pub times: u32,
    /// After how many values at most, counted from the last break.
    pub within: u32,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Trouble {
    dice: ChaCha8Rng,
    pub(crate) faults: Faults,
    breaks: Breaks,
    until_break: u32,
    /// It stays connected, and neither answers nor tells anything.
    pub(crate) silent: bool,
}

impl Trouble {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(u64::MAX);
        Self {
            dice,
            faults: Faults::default(),
            breaks: Breaks::default(),
            until_break: 0,
            silent: false,
        }
    }

    pub(crate) fn break_links(&mut self, breaks: Breaks) {
        self.breaks = breaks;
        self.until_break = self.draw();
    }

    /// How many breaks are still to come.
    pub(crate) fn breaks_left(&self) -> u32 {
        self.breaks.times
    }

    /// Whether the link breaks instead of sending one more value.
    pub(crate) fn breaks_now(&mut self) -> bool {
        if self.breaks.times == 0 {
            return false;
        }
        if self.until_break > 0 {
            self.until_break -= 1;
            return false;
        }
        self.breaks.times -= 1;
        self.until_break = self.draw();
        true
    }

    fn draw(&mut self) -> u32 {
        self.dice.random_range(0..=self.breaks.within)
    }

    /// What arrives of a value.
    pub(crate) fn arriving(&mut self, mut value: Value) -> Vec<Value> {
        if self.happens(self.faults.wrong_size) {
            if self.dice.random() && !value.bytes.is_empty() {
                value.bytes.truncate(self.dice.random_range(0..value.bytes.len()));
            } else {
                let more = self.dice.random_range(1..8);
                value.bytes.extend((0..more).map(|_| self.dice.random::<u8>()));
            }
        }
        if self.happens(self.faults.garbage) {
            let many = self.dice.random_range(0..40);
            value.bytes = (0..many).map(|_| self.dice.random()).collect();
        }
        if self.happens(self.faults.replayed) {
            return vec![value.clone(), value];
        }
        vec![value]
    }

    fn happens(&mut self, of_a_thousand: u32) -> bool {
        of_a_thousand > 0 && self.dice.random_range(0..1000) < of_a_thousand
    }
}
