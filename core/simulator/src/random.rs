//! Chance that is the same on every platform.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A stream of chance: two streams of one seed know nothing of each other.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    rng: ChaCha8Rng,
    spare: Option<f64>,
}

impl Dice {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self { rng, spare: None }
    }

    /// Evenly in [0, 1), from the upper 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number below `end` (at least 1).
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.rng.next_u64() % end.max(1)
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let (sin, cos) = libm::sincos(core::f64::consts::TAU * self.uniform());
        self.spare = Some(radius * sin);
        radius * cos
    }

    /// A factor around 1 with this coefficient of variation, never further off than three of them.
    pub(crate) fn factor(&mut self, cv: f64) -> f64 {
        1.0 + cv * self.normal().clamp(-3.0, 3.0)
    }
}

/// A first-order Gauss-Markov process of deviation 1: noise that remembers for about `tau_s` seconds
/// (Brown and Hwang 1997, section 2.9).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Drift {
    value: f64,
}

impl Drift {
    /// Somewhere within its own spread.
    pub(crate) fn begin(dice: &mut Dice) -> Self {
        Self { value: dice.normal() }
    }

    /// The value `dt_s` seconds later.
    pub(crate) fn after(&mut self, dt_s: f64, tau_s: f64, dice: &mut Dice) -> f64 {
        let kept = libm::exp(-dt_s / tau_s);
        self.value = kept * self.value + libm::sqrt(1.0 - kept * kept) * dice.normal();
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_the_moments_they_should() {
        let mut dice = Dice::new(1, 0);
        let n = 100_000;
        let values: Vec<f64> = (0..n).map(|_| dice.normal()).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(n);
        assert!(
            mean.abs() < 0.015 && (variance - 1.0).abs() < 0.02,
            "{mean} {variance}"
        );
    }

    #[test]
    fn drift_keeps_its_spread_and_remembers_as_long_as_it_should() {
        let mut dice = Dice::new(2, 0);
        let mut drift = Drift::begin(&mut dice);
        let values: Vec<f64> = (0..200_000).map(|_| drift.after(1.0, 10.0, &mut dice)).collect();
        let n = values.len() as f64;
        let variance = values.iter().map(|v| v * v).sum::<f64>() / n;
        let after_tau = values
            .iter()
            .zip(values.iter().skip(10))
            .map(|(a, b)| a * b)
            .sum::<f64>()
            / n;
        assert!((variance - 1.0).abs() < 0.06, "{variance}");
        assert!(
            (after_tau / variance - (-1.0_f64).exp()).abs() < 0.05,
            "{after_tau}"
        );
    }

    #[test]
    fn streams_of_one_seed_differ() {
        let (mut a, mut b) = (Dice::new(3, 0), Dice::new(3, 1));
        assert!((0..8).any(|_| a.uniform().to_bits() != b.uniform().to_bits()));
    }
}
