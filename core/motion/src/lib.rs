//! Acceleration samples in, steps out: pure, causal, streaming, without allocation per sample.

mod sample;

pub use sample::{STANDARD_GRAVITY, Sample};
