//! Made-up movement for the tests beside the code.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made-up numbers are small"
)]

use crate::{GaitHint, Sample, Step, StepCounter};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::TAU;

/// Samples of something, and how many steps are in them.
pub(crate) struct Movement {
    pub(crate) samples: Vec<Sample>,
    pub(crate) steps: u32,
}

/// A sample at `t` seconds.
pub(crate) fn sample(t: f64, magnitude_g: f64) -> Sample {
    Sample {
        t_us: (t * 1e6).round() as i64,
        magnitude_g: magnitude_g as f32,
    }
}

/// Samples of a function of time, `rate_hz` for `seconds`.
pub(crate) fn sampled(rate_hz: f64, seconds: f64, mut signal: impl FnMut(f64) -> f64) -> Vec<Sample> {
    let count = (rate_hz * seconds) as u32;
    (0..count)
        .map(|i| f64::from(i) / rate_hz)
        .map(|t| sample(t, signal(t)))
        .collect()
}

/// How somebody moves.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) spm: f64,
    /// Half of peak to peak, in g.
    pub(crate) strength_g: f64,
    /// How much weaker every other step arrives: 0 not at all, 1 not felt.
    pub(crate) limp: f64,
}

/// A minute of somebody's steps, still for 3 s before and after.
///
/// They vary as the most even of the recorded walks do, by 4 % in time and 12 % in height (deviation ÷ mean): a range
/// of ±7 and ±21 %. Of somebody evener still, one minute in a thousand would pass for a machine's.
pub(crate) fn minute(person: Person, rate_hz: f64, seed: u64) -> Movement {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut strikes = vec![];
    let mut t = 3.0;
    while t < 63.0 {
        let foot = if strikes.len() % 2 == 0 {
            1.0
        } else {
            1.0 - person.limp
        };
        let length = 60.0 / person.spm * (1.0 + rng.random_range(-0.07..0.07));
        strikes.push((
            t,
            length,
            person.strength_g * foot * (1.0 + rng.random_range(-0.21..0.21)),
        ));
        t += length;
    }
    let mut at = 0;
    let samples = sampled(rate_hz, 66.0, |t| {
        while at + 1 < strikes.len() && t >= strikes[at + 1].0 {
            at += 1;
        }
        let (start, length, height) = strikes[at];
        let phase = (t - start) / length;
        let wave = (TAU * phase).sin() + 0.4 * (2.0 * TAU * phase + 0.5).sin() - 0.4 * 0.5_f64.sin();
        let moving = if (0.0..1.0).contains(&phase) {
            height * wave
        } else {
            0.0
        };
        (1.0 + moving + rng.random_range(-0.02..0.02)).abs()
    });
    Movement {
        samples,
        steps: strikes.len() as u32,
    }
}

/// Noise with most of its power around `hz`, `shake_g` strong: a body on springs on a rough road.
pub(crate) fn swaying(
    hz: f64,
    damping: f64,
    shake_g: f64,
    rate_hz: f64,
    seed: u64,
) -> impl FnMut(f64) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (r, w) = ((-TAU * hz * damping / rate_hz).exp(), TAU * hz / rate_hz);
    let gain =
        shake_g * ((1.0 - r * r) * (1.0 + r.powi(4) - 2.0 * r * r * (2.0 * w).cos()) / (1.0 + r * r)).sqrt();
    let (mut y1, mut y2) = (0.0, 0.0);
    move |_| {
        let kick: f64 = (0..12).map(|_| rng.random_range(-0.5..0.5)).sum();
        let y = 2.0 * r * w.cos() * y1 - r * r * y2 + gain * kick;
        (y2, y1) = (y1, y);
        y
    }
}

/// All steps of the samples.
pub(crate) fn steps_of(samples: &[Sample]) -> Vec<Step> {
    let mut counter = StepCounter::new(GaitHint::Auto);
    let mut steps = vec![];
    for sample in samples {
        counter.push(*sample, &mut |step| steps.push(step));
    }
    counter.finish(&mut |step| steps.push(step));
    steps
}
