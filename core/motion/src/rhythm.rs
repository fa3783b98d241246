//! How well the movement repeats itself, and how long a step lasts.

use crate::filter::Biquad;
use crate::timeline::RATE_HZ;
use heapless::Deque;
use serde::{Deserialize, Serialize};

/// Half the rate of the even samples is enough for a rhythm.
const SLOW_HZ: f64 = RATE_HZ / 2.0;
/// Slower movement is turning and tilting, not stepping.
const HIGH_PASS_HZ: f64 = 0.5;
/// Faster movement is cloth, coins and the strike's own ringing.
const LOW_PASS_HZ: f64 = 10.0;
/// Movement beyond this, in g, is squeezed (tanh), so that one gesture does not drown the steps around it.
const SQUEEZE_G: f64 = 0.15;
/// The stretch that is compared with itself earlier: 4 s.
const WINDOW: usize = 100;
/// The longest repetition looked for: 2.2 s, a stride at 55 steps a minute.
const LONGEST: usize = 55;
/// The shortest: 0.24 s, a step at 250 a minute.
const SHORTEST: usize = 6;
/// The comparison starts when this much more than the window has come: 1 s.
const AT_LEAST: usize = 25;
/// A window that moves less than this (root mean square of the squeezed signal), in g, is still.
const LEAST_SHAKE_G: f64 = 0.04;
/// Every second of lag costs this much similarity: of repetitions about as good, the shorter is the truer.
const LAG_COST: f64 = 0.1;
/// A shorter repetition counts as about as good as the best from this share of it on.
const AS_GOOD: f64 = 0.85;
/// Half a repetition that is itself this similar is a step, and the repetition a stride; else the repetition is the
/// step. Over all ways of carrying, steps are similar by 0.2 or more, half steps by less than 0.
const STEP_IN_STRIDE: f64 = 0.1;
/// Even samples between two looks: 0.5 s.
const HOP: u8 = 25;
/// The time over which shaking is averaged, in seconds.
const SHAKE_S: f64 = 2.0;

/// One look at the rhythm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beat {
    /// Correlation of the last 4 s with themselves one repetition earlier, 0 (none) to 1.
    pub(crate) similarity: f64,
    /// How long a step lasts, in seconds, as far as the similarity can be trusted.
    pub(crate) step_s: f64,
}

/// The last six seconds, band-limited and squeezed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rhythm {
    high_pass: Biquad,
    low_pass: Biquad,
    /// The first of two even samples that make a slow one.
    first: Option<f64>,
    past: Deque<f64, { WINDOW + LONGEST + 1 }>,
    since_look: u8,
    shake_squared: f64,
}

impl Rhythm {
    /// No rhythm yet, in a recording that starts at `magnitude_g`.
    pub(crate) fn starting_at(magnitude_g: f64) -> Self {
        let mut high_pass = Biquad::high_pass(HIGH_PASS_HZ, SLOW_HZ);
        high_pass.settle(magnitude_g);
        let low_pass = Biquad::low_pass(LOW_PASS_HZ, SLOW_HZ);
        Self {
            high_pass,
            low_pass,
            first: None,
            past: Deque::new(),
            since_look: 0,
            shake_squared: 0.0,
        }
    }

    /// How strongly the sensor is shaken lately: root mean square around rest, in g.
    pub(crate) fn shake_g(&self) -> f64 {
        self.shake_squared.sqrt()
    }

    /// Takes the next even sample; every half second it takes a look.
    pub(crate) fn push(&mut self, magnitude_g: f64) -> Option<Beat> {
        if let Some(first) = self.first.take() {
            let moved = self.high_pass.step(0.5 * (first + magnitude_g));
            self.shake_squared += (moved * moved - self.shake_squared) / (SHAKE_S * SLOW_HZ);
            let squeezed = self.low_pass.step(SQUEEZE_G * (moved / SQUEEZE_G).tanh());
            if self.past.is_full() {
                self.past.pop_front();
            }
            // It has room now.
            let _ = self.past.push_back(squeezed);
        } else {
            self.first = Some(magnitude_g);
        }
        self.since_look += 1;
        if self.since_look < HOP {
            return None;
        }
        self.since_look = 0;
        Some(self.look())
    }

    fn look(&self) -> Beat {
        let mut past = [0.0; WINDOW + LONGEST + 1];
        let length = self.past.len();
        for (slot, value) in past.iter_mut().zip(&self.past) {
            *slot = *value;
        }
        let past = past.get(..length).unwrap_or_default();
        let similarity = Similarity::of(past);
        similarity.best().map_or(
            Beat {
                similarity: 0.0,
                step_s: 0.0,
            },
            |best| similarity.beat(best),
        )
    }
}

/// The correlation of the window with itself, by lag in slow samples; lags not compared stand at 0.
struct Similarity([f64; LONGEST + 2]);

impl Similarity {
    fn of(past: &[f64]) -> Self {
        let mut by_lag = [0.0; LONGEST + 2];
        let window = |lag: usize| {
            let start = past.len().checked_sub(WINDOW + lag)?;
            past.get(start..start + WINDOW)
        };
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        if let Some(now) = window(0) {
            let energy = product(now, now);
            let moves = energy > WINDOW as f64 * LEAST_SHAKE_G * LEAST_SHAKE_G;
            if moves && past.len() >= WINDOW + AT_LEAST {
                for (lag, value) in by_lag.iter_mut().enumerate().take(LONGEST + 1).skip(SHORTEST - 1) {
                    if let Some(earlier) = window(lag) {
                        *value = product(now, earlier) / (energy * product(earlier, earlier) + 1e-12).sqrt();
                    }
                }
            }
        }
        Self(by_lag)
    }

    fn at(&self, lag: usize) -> f64 {
        self.0.get(lag).copied().unwrap_or_default()
    }

    /// The lags at which the similarity has a local maximum, each with its worth.
    fn tops(&self) -> impl Iterator<Item = (usize, f64)> {
        let is_top = |lag: &usize| self.at(*lag) >= self.at(lag - 1) && self.at(*lag) >= self.at(lag + 1);
        let worth = |lag| (lag, self.at(lag) - LAG_COST * lag as f64 / SLOW_HZ);
        (SHORTEST..=LONGEST)
            .filter(is_top)
            .map(worth)
            .filter(|(_, worth)| *worth > 0.0)
    }

    fn best(&self) -> Option<(usize, f64)> {
        self.tops().max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Reads off how long a step lasts.
    fn beat(&self, (best, worth): (usize, f64)) -> Beat {
        let (lag, _) = self
            .tops()
            .find(|top| top.1 > AS_GOOD * worth)
            .unwrap_or((best, worth));
        let half = lag / 2;
        let at_half = if lag % 2 == 0 {
            self.at(half)
        } else {
            0.5 * (self.at(half) + self.at(half + 1))
        };
        let is_stride = half >= SHORTEST && at_half.max(self.at(half - 1)) > STEP_IN_STRIDE;
        let step_s = self.summit(lag) / SLOW_HZ * if is_stride { 0.5 } else { 1.0 };
        Beat {
            similarity: self.at(best).clamp(0.0, 1.0),
            step_s,
        }
    }

    /// The place of a local maximum between the lags, by a parabola.
    fn summit(&self, lag: usize) -> f64 {
        let (left, top, right) = (self.at(lag - 1), self.at(lag), self.at(lag + 1));
        let curve = left - 2.0 * top + right;
        let offset = if curve < 0.0 {
            (0.5 * (left - right) / curve).clamp(-0.5, 0.5)
        } else {
            0.0
        };
        lag as f64 + offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// The last look at ten seconds of a signal.
    fn beat_of(signal: impl Fn(f64) -> f64) -> Beat {
        let mut rhythm = Rhythm::starting_at(signal(0.0));
        (0..500)
            .filter_map(|i| rhythm.push(signal(f64::from(i) / 50.0)))
            .last()
            .unwrap()
    }

    /// Strikes of the given heights in turn, `step_s` apart.
    fn strikes(step_s: f64, heights: [f64; 2]) -> impl Fn(f64) -> f64 {
        move |t| {
            let phase = (t / step_s).fract();
            let height = if (t / step_s) % 2.0 < 1.0 {
                heights[0]
            } else {
                heights[1]
            };
            1.0 + height * (TAU * phase).sin() * (-1.5 * phase).exp()
        }
    }

    #[test]
    fn finds_how_long_a_step_lasts_from_60_to_220_a_minute() {
        for spm in [60.0, 75.0, 100.0, 120.0, 150.0, 180.0, 200.0, 220.0] {
            for heights in [[0.3, 0.3], [0.3, 0.2], [1.2, 0.7]] {
                let beat = beat_of(strikes(60.0 / spm, heights));
                assert!(beat.similarity > 0.8, "{spm} {heights:?} {beat:?}");
                assert!(
                    (60.0 / beat.step_s / spm - 1.0).abs() < 0.04,
                    "{spm} {heights:?} {beat:?}"
                );
            }
        }
    }

    #[test]
    fn stillness_and_slow_turning_have_no_rhythm() {
        assert!(beat_of(|_| 1.02).similarity <= 0.0);
        assert!(beat_of(|t| 1.0 + 0.005 * (TAU * 2.0 * t).sin()).similarity <= 0.0);
        assert!(beat_of(|t| 1.0 + 0.02 * (TAU * 0.1 * t).sin()).similarity < 0.3);
    }

    #[test]
    fn shaking_is_measured_in_g() {
        let mut rhythm = Rhythm::starting_at(1.0);
        for i in 0..1_000 {
            rhythm.push(1.0 + 0.8 * (TAU * 2.0 * f64::from(i) / 50.0).sin());
        }
        assert!(
            (rhythm.shake_g() - 0.8 / 2_f64.sqrt()).abs() < 0.05,
            "{}",
            rhythm.shake_g()
        );
    }
}
