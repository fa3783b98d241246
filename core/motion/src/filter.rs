//! Second-order filters (Butterworth, bilinear transform), in transposed direct form II.

use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// One second-order section and its memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    memory: [f64; 2],
}

impl Biquad {
    /// Passes what is slower than `cut_hz`, of a signal sampled at `rate_hz`.
    pub(crate) fn low_pass(cut_hz: f64, rate_hz: f64) -> Self {
        let k = (PI * cut_hz / rate_hz).tan();
        let n = 1.0 / (1.0 + k / FRAC_1_SQRT_2 + k * k);
        Self::new([k * k * n, 2.0 * k * k * n, k * k * n], k, n)
    }

    /// Passes what is faster than `cut_hz`, of a signal sampled at `rate_hz`.
    pub(crate) fn high_pass(cut_hz: f64, rate_hz: f64) -> Self {
        let k = (PI * cut_hz / rate_hz).tan();
        let n = 1.0 / (1.0 + k / FRAC_1_SQRT_2 + k * k);
        Self::new([n, -2.0 * n, n], k, n)
    }

    fn new(b: [f64; 3], k: f64, n: f64) -> Self {
        Self {
            b,
            a: [2.0 * (k * k - 1.0) * n, (1.0 - k / FRAC_1_SQRT_2 + k * k) * n],
            memory: [0.0; 2],
        }
    }

    /// Passes what lies between `low_hz` and `high_hz`, of a signal sampled at `rate_hz`.
    pub(crate) fn band_pass(low_hz: f64, high_hz: f64, rate_hz: f64) -> Self {
        let (low, high) = ((PI * low_hz / rate_hz).tan(), (PI * high_hz / rate_hz).tan());
        let (width, centre) = (high - low, low * high);
        let n = 1.0 / (1.0 + width + centre);
        Self {
            b: [width * n, 0.0, -width * n],
            a: [2.0 * (centre - 1.0) * n, (1.0 - width + centre) * n],
            memory: [0.0; 2],
        }
    }

    /// Starts a high-pass or band-pass as if `x` had stood at its input for ever, so that it does not ring.
    pub(crate) fn settle(&mut self, x: f64) {
        let [b0, _, b2] = self.b;
        self.memory = [-b0 * x, b2 * x];
    }

    /// The next output for the next input.
    pub(crate) fn step(&mut self, x: f64) -> f64 {
        let ([b0, b1, b2], [a1, a2], [m0, m1]) = (self.b, self.a, self.memory);
        let y = b0 * x + m0;
        self.memory = [b1 * x - a1 * y + m1, b2 * x - a2 * y];
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gain of a filter at a frequency, measured on a long sine.
    fn gain(filter: &Biquad, hz: f64) -> f64 {
        let mut filter = filter.clone();
        let peak = |x: f64, y: f64| x.max(y.abs());
        (0..5_000)
            .map(|i| filter.step((2.0 * PI * hz * f64::from(i) / 50.0).sin()))
            .skip(2_500)
            .fold(0.0, peak)
    }

    #[test]
    fn passes_its_band_and_halves_the_power_at_its_edges() {
        let filter = Biquad::band_pass(0.6, 2.5, 50.0);
        for (hz, expected) in [(0.6, FRAC_1_SQRT_2), (2.5, FRAC_1_SQRT_2), (1.22, 1.0)] {
            assert!(
                (gain(&filter, hz) - expected).abs() < 0.02,
                "{hz} Hz: {}",
                gain(&filter, hz)
            );
        }
        assert!(gain(&filter, 0.05) < 0.1 && gain(&filter, 15.0) < 0.1);
    }

    #[test]
    fn high_and_low_pass_cut_where_they_should() {
        assert!((gain(&Biquad::low_pass(10.0, 50.0), 10.0) - FRAC_1_SQRT_2).abs() < 0.02);
        assert!((gain(&Biquad::high_pass(0.5, 50.0), 0.5) - FRAC_1_SQRT_2).abs() < 0.02);
    }

    #[test]
    fn a_settled_filter_stays_silent_on_a_constant() {
        for mut filter in [Biquad::high_pass(0.5, 50.0), Biquad::band_pass(0.6, 2.5, 50.0)] {
            filter.settle(1.3);
            assert!((0..500).all(|_| filter.step(1.3).abs() < 1e-9));
        }
    }
}
