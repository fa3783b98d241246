//! Acceleration samples in, steps out: pure, causal, streaming, without allocation per sample.
//!
//! The way of a sample, one module each:
//! `timeline` turns whatever the sensor delivers into an even 50 Hz, `peaks` keeps the places
//! where a foot may have struck, `rhythm` says twice a second how well the movement repeats itself and
//! how long a step lasts, and [`StepCounter`] weighs that evidence and credits the peaks as steps, in retrospect.
//! `DECISIONS.md` beside this crate tells why it is built this way and how well it counts.
//!
//! ```
//! use haigou_motion::{GaitHint, Sample, StepCounter};
//!
//! let mut counter = StepCounter::new(GaitHint::Auto);
//! let mut steps = 0;
//! for i in 0..1_500_u32 {
//!     // Thirty seconds of something that walks at two steps a second.
//!     let t = f64::from(i) / 50.0;
//!     let bounce = 0.3 * (std::f64::consts::TAU * 2.0 * t).sin() + 0.1 * (1.7 * t).sin();
//!     let sample = Sample { t_us: i64::from(i) * 20_000, magnitude_g: 1.0 + bounce as f32 };
//!     counter.push(sample, &mut |_step| steps += 1);
//! }
//! counter.finish(&mut |_step| steps += 1);
//! assert!((58..=60).contains(&steps), "{steps}");
//! ```

mod counter;
mod filter;
mod gait;
mod peaks;
mod regularity;
mod rhythm;
mod sample;
mod snapshot;
#[cfg(test)]
mod testing;
mod timeline;

pub use counter::{Stats, Step, StepCounter};
pub use gait::{Gait, GaitHint};
pub use regularity::Regularity;
pub use sample::{STANDARD_GRAVITY, Sample};
pub use snapshot::RestoreError;
