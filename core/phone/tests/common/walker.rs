//! A person who walks: a step about every half second, never quite like the one before.
//!
//! How well steps are counted is tried elsewhere. Here `steps` is what the step counter itself makes of the samples,
//! without any app around it.

use haigou_motion::{GaitHint, Sample, StepCounter};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const SAMPLE_US: i64 = 20_000;

pub struct Walker {
    dice: ChaCha8Rng,
    pub t_us: i64,
    phase: f64,
    interval_s: f64,
    height: f64,
    reference: StepCounter,
    pub steps: u32,
}

impl Walker {
    pub fn new(seed: u64) -> Self {
        let dice = ChaCha8Rng::seed_from_u64(seed);
        let reference = StepCounter::new(GaitHint::Auto);
        Self {
            reference,
            dice,
            t_us: 5_000_000,
            phase: 0.0,
            interval_s: 0.53,
            height: 0.3,
            steps: 0,
        }
    }

    /// The next samples of so many milliseconds of walking.
    pub fn walk(&mut self, ms: i64) -> Vec<Sample> {
        (0..ms * 1000 / SAMPLE_US).map(|_| self.next(true)).collect()
    }

    /// The next samples of so many milliseconds of sitting.
    pub fn rest(&mut self, ms: i64) -> Vec<Sample> {
        (0..ms * 1000 / SAMPLE_US).map(|_| self.next(false)).collect()
    }

    fn next(&mut self, walking: bool) -> Sample {
        self.t_us += SAMPLE_US;
        let noise = self.dice.random_range(-0.01..0.01);
        let mut magnitude = 1.0 + noise;
        if walking {
            self.phase += 0.02 / self.interval_s;
            if self.phase >= 1.0 {
                self.phase -= 1.0;
                self.interval_s = self.dice.random_range(0.50..0.56);
                self.height = self.dice.random_range(0.24..0.36);
            }
            magnitude += self.height * (self.phase * std::f64::consts::TAU).sin();
        }
        let sample = Sample {
            t_us: self.t_us,
            magnitude_g: magnitude as f32,
        };
        let steps = &mut self.steps;
        self.reference.push(sample, &mut |_| *steps += 1);
        sample
    }

    /// The phone is started anew, and its sensor's clock with it.
    pub fn restart(&mut self) {
        self.t_us = 1_000_000;
        self.reference = StepCounter::new(GaitHint::Auto);
    }
}
