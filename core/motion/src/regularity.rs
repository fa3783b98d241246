//! How much steps vary: people do, machines do not.

use serde::{Deserialize, Serialize};

/// The natural variation of a series of steps, as coefficients of variation (deviation ÷ mean) in per mille.
///
/// A person's steps vary by 20 ‰ and more in time, and by 50 ‰ and more in height; a cradle's hardly at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regularity {
    /// How many step intervals the figures rest on.
    pub intervals: u32,
    /// Variation of the time between a step and the one before.
    pub interval_cv_permille: u32,
    /// Variation of the peaks' heights.
    pub peak_cv_permille: u32,
}

/// Mean and variance as they go (Welford 1962).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Spread {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Spread {
    pub(crate) fn push(&mut self, x: f64) {
        self.count = self.count.saturating_add(1);
        let off = x - self.mean;
        self.mean += off / f64::from(self.count);
        self.squares += off * (x - self.mean);
    }

    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// Deviation ÷ mean, once there are two values.
    pub(crate) fn cv(&self) -> Option<f64> {
        let enough = self.count >= 2 && self.mean > 0.0;
        enough.then(|| (self.squares / f64::from(self.count - 1)).max(0.0).sqrt() / self.mean)
    }
}

/// Gathers the steps of a minute.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Variation {
    pub(crate) intervals_s: Spread,
    pub(crate) heights_g: Spread,
}

impl Variation {
    /// What was gathered, if it says anything yet.
    pub(crate) fn regularity(&self) -> Option<Regularity> {
        Some(Regularity {
            intervals: self.intervals_s.count(),
            interval_cv_permille: permille(self.intervals_s.cv()?),
            peak_cv_permille: permille(self.heights_g.cv()?),
        })
    }
}

/// A non-negative ratio in whole per mille, at most 10,000.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped before the cast"
)]
fn permille(ratio: f64) -> u32 {
    (ratio * 1_000.0).round().clamp(0.0, 10_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_deviation_over_mean() {
        let mut spread = Spread::default();
        for x in [0.4, 0.5, 0.6] {
            spread.push(x);
        }
        assert!((spread.cv().unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn one_step_says_nothing() {
        let mut variation = Variation::default();
        variation.intervals_s.push(0.5);
        variation.heights_g.push(0.2);
        assert_eq!(variation.regularity(), None);
    }

    #[test]
    fn per_mille_is_bounded() {
        assert_eq!(permille(0.0214), 21);
        assert_eq!(permille(f64::INFINITY), 10_000);
        assert_eq!(permille(f64::NAN), 0);
    }
}
