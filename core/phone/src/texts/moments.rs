//! Moments and durations as texts need them.

use chrono::Datelike as _;
use haigou_contract::{Day, moment};

/// Month, day of the month and time of day (`12:03`) of a moment in milliseconds since the Unix epoch, in Shanghai, where
/// the product's days begin.
pub(crate) fn date_and_time(t_ms: i64) -> (u32, u32, String) {
    let at = moment(t_ms);
    (at.month(), at.day(), at.format("%H:%M").to_string())
}

/// Month and day of the month of a day.
pub(crate) fn month_and_day(day: Day) -> (u32, u32) {
    let date = day.date();
    (date.month(), date.day())
}

/// Whole hours, minutes and seconds of a time in seconds, rounded to the second.
#[expect(clippy::cast_possible_truncation, reason = "limited to what fits before")]
pub(crate) fn duration_parts(seconds: f64) -> (i64, i64, i64) {
    let all = if seconds.is_finite() {
        seconds.clamp(0.0, 1e9).round() as i64
    } else {
        0
    };
    (all / 3600, all / 60 % 60, all % 60)
}
