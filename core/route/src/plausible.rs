//! Whether figures that a phone claims can belong to somebody on foot. For the server: it scores, these only say.

use std::ops::RangeInclusive;

use crate::{Gait, units::seconds};

/// Metres per step when walking.
pub const WALKING_STRIDE_M: RangeInclusive<f64> = 0.3..=1.3;
/// Metres per step when running.
pub const RUNNING_STRIDE_M: RangeInclusive<f64> = 0.3..=2.5;
/// The fastest that is kept up for a kilometre or more, in m/s: a little above the world records.
pub const FASTEST_KEPT_UP_MPS: f64 = 7.6;
const KEPT_UP_FROM_M: f64 = 1000.0;

/// m/s over a distance in metres and a time in milliseconds; none for no time, negative or not finite figures.
#[must_use]
pub fn speed_mps(distance_m: f64, time_ms: i64) -> Option<f64> {
    (distance_m.is_finite() && distance_m >= 0.0 && time_ms > 0).then(|| distance_m / seconds(time_ms))
}

/// Metres per step; none for no steps, negative or not finite distances.
#[must_use]
pub fn stride_m(distance_m: f64, steps: u32) -> Option<f64> {
    (distance_m.is_finite() && distance_m >= 0.0 && steps > 0).then(|| distance_m / f64::from(steps))
}

/// Whether steps of this length are taken in this gait; where the gait is not known, in any.
#[must_use]
pub fn is_stride_plausible(stride_m: f64, gait: Gait) -> bool {
    match gait {
        Gait::Walk => WALKING_STRIDE_M.contains(&stride_m),
        Gait::Run | Gait::Auto => RUNNING_STRIDE_M.contains(&stride_m),
    }
}

/// Whether a distance in metres can have been covered on foot in a moving time in milliseconds.
#[must_use]
pub fn is_speed_plausible(distance_m: f64, moving_ms: i64) -> bool {
    let fastest = if distance_m >= KEPT_UP_FROM_M {
        FASTEST_KEPT_UP_MPS
    } else {
        crate::FASTEST_MPS
    };
    speed_mps(distance_m, moving_ms).is_some_and(|speed| speed <= fastest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_pass_and_vehicles_do_not() {
        assert!(is_speed_plausible(14_332.0, 3_270_000));
        assert!(is_speed_plausible(100.0, 9_600));
        assert!(!is_speed_plausible(5_000.0, 300_000));
        assert!(!is_speed_plausible(f64::NAN, 1_000));
        assert!(!is_speed_plausible(10.0, 0));
    }

    #[test]
    fn strides_by_gait() {
        let stride = stride_m(700.0, 1_000).unwrap();
        assert!(is_stride_plausible(stride, Gait::Walk));
        assert!(!is_stride_plausible(1.6, Gait::Walk));
        assert!(is_stride_plausible(1.6, Gait::Run));
        assert!(!is_stride_plausible(0.1, Gait::Auto));
        assert_eq!(stride_m(700.0, 0), None);
    }
}
