//! The step counter that is built into a phone.

use crate::{random::Dice, units::micros};

/// What a built-in counter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CounterReading {
    /// Which start of the phone it belongs to.
    pub boot: u32,
    /// Steps since that start.
    pub raw: u64,
}

/// It waits for so many steps in a row before it believes them, ...
const BELIEVED: u64 = 8;
/// ... forgets them after so many seconds without one, ...
const PATIENCE_S: f64 = 2.0;
/// ... and misses this share of the others.
const MISSED: f64 = 0.01;

/// Counts whatever feels like a step (a cradle's shakes too), and tells it in batches.
#[derive(Debug, Clone)]
pub(crate) struct StepChip {
    every_us: Option<i64>,
    next_us: i64,
    awake_us: i64,
    raw: u64,
    told: Option<u64>,
    burst: u64,
    last_us: i64,
}

impl StepChip {
    pub(crate) fn new(every_s: Option<f64>, dice: &mut Dice) -> Self {
        let every_us = every_s.map(|s| micros(s).max(100_000));
        Self {
            every_us,
            next_us: 0,
            awake_us: 0,
            raw: dice.below(30_000),
            told: None,
            burst: 0,
            last_us: 0,
        }
    }

    /// When it tells next.
    pub(crate) fn next_us(&self) -> i64 {
        if self.every_us.is_some() {
            self.next_us
        } else {
            i64::MAX
        }
    }

    pub(crate) fn feel(&mut self, t_us: i64, dice: &mut Dice) {
        if t_us < self.awake_us {
            return;
        }
        if t_us - self.last_us > micros(PATIENCE_S) {
            self.burst = 0;
        }
        self.last_us = t_us;
        self.burst += 1;
        self.raw += match self.burst {
            n if n < BELIEVED => 0,
            BELIEVED => BELIEVED,
            _ => u64::from(!dice.chance(MISSED)),
        };
    }

    /// What there is to tell, if anything changed.
    pub(crate) fn tell(&mut self, t_us: i64, boot: u32) -> Option<CounterReading> {
        self.next_us = t_us.saturating_add(self.every_us?);
        let news = self.told != Some(self.raw);
        self.told = Some(self.raw);
        news.then_some(CounterReading { boot, raw: self.raw })
    }

    pub(crate) fn restart(&mut self, awake_us: i64) {
        *self = Self {
            raw: 0,
            told: None,
            burst: 0,
            next_us: awake_us,
            awake_us,
            ..*self
        };
    }
}
