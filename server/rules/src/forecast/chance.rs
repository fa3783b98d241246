//! What is drawn.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Poisson, StandardNormal};

/// A factor with mean 1, whose logarithm has this standard deviation.
pub(super) fn around_one(deviation: f64, random: &mut ChaCha8Rng) -> f64 {
    let normal: f64 = StandardNormal.sample(random);
    (normal * deviation - deviation * deviation / 2.0).exp()
}

/// A factor with mean 1 and this standard deviation, never negative (log-normal).
pub(super) fn factor(spread: f64, random: &mut ChaCha8Rng) -> f64 {
    around_one(spread.mul_add(spread, 1.0).ln().sqrt(), random)
}

/// How often something happens that is expected so often.
pub(super) fn count(expected: f64, random: &mut ChaCha8Rng) -> f64 {
    Poisson::new(expected).map_or(0.0, |poisson| poisson.sample(random))
}

/// What so many purchases come to: their number is drawn, and the sum is spread as a sum of so many is.
pub(super) fn spent(expected: f64, mean: f64, spread: f64, random: &mut ChaCha8Rng) -> f64 {
    let number = count(expected, random);
    if number > 0.0 {
        number * mean * factor(spread / number.sqrt(), random)
    } else {
        0.0
    }
}
