//! Milliseconds and seconds.

/// Milliseconds as seconds; exact for every time between two fixes of one activity.
pub(crate) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
