//! Between seconds as numbers and microseconds as integers.

/// Longest stretch of time that anything here may last, in seconds (a week).
pub(crate) const LONGEST_S: f64 = 604_800.0;

/// Whole microseconds of so many seconds; nothing for what is negative or no number, at most a week.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by a week before it is cast"
)]
pub(crate) fn micros(seconds: f64) -> i64 {
    if seconds.is_nan() {
        0
    } else {
        libm::round(seconds.clamp(0.0, LONGEST_S) * 1e6) as i64
    }
}

/// Seconds of so many microseconds: exact below 285 years.
pub(crate) fn seconds(us: i64) -> f64 {
    us as f64 * 1e-6
}

/// The nearest single-precision number.
#[expect(clippy::cast_possible_truncation, reason = "sensors deliver single precision")]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}

/// The value within bounds; the lower one for what is no number.
pub(crate) fn within(value: f64, low: f64, high: f64) -> f64 {
    if value.is_nan() {
        low
    } else {
        value.clamp(low, high)
    }
}
