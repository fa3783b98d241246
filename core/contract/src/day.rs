//! Days and minutes as the product counts them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Asia/Shanghai is UTC+8 without summer time since 1991, and the product starts later than that.
const SHANGHAI_OFFSET_S: i32 = 8 * 3600;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// A day [00:00, 24:00) in Asia/Shanghai, as the count of days since 1970-01-01. On the wire: `2026-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = "date", example = "2026-01-31"))]
#[serde(try_from = "String", into = "String")]
pub struct Day(i32);

/// A minute of the world's clock: the count of whole minutes since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Minute(pub i64);

impl Day {
    /// From the count of days since 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// The count of days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day in Shanghai at a moment given in milliseconds since the Unix epoch. Moments beyond the
    /// calendar (some 250,000 years off) fall on its first or last day.
    #[must_use]
    pub fn at(t_ms: i64) -> Self {
        let local = t_ms.saturating_add(i64::from(SHANGHAI_OFFSET_S) * 1000);
        let limit = |number: i64| number.clamp(-90_000_000, 90_000_000);
        Self(i32::try_from(limit(local.div_euclid(DAY_MS))).unwrap_or_default())
    }

    /// The first moment of the day, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn start_ms(self) -> i64 {
        i64::from(self.0) * DAY_MS - i64::from(SHANGHAI_OFFSET_S) * 1000
    }

    /// The first moment after the day, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn end_ms(self) -> i64 {
        self.start_ms() + DAY_MS
    }

    /// The following day.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// How many days after `earlier` this one is.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same date `years` later; the 29th of February becomes the 28th where there is none.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Self {
        let date = self.date();
        let later = date
            .checked_add_months(chrono::Months::new(years.saturating_mul(12)))
            .unwrap_or(date);
        Self::from_date(later)
    }

    /// The calendar's date.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        let epoch = NaiveDate::default();
        let distance = Days::new(u64::from(self.0.unsigned_abs()));
        let date = if self.0 < 0 {
            epoch.checked_sub_days(distance)
        } else {
            epoch.checked_add_days(distance)
        };
        date.unwrap_or(epoch)
    }

    /// From the calendar's date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - NaiveDate::default().num_days_from_ce())
    }
}

impl Minute {
    /// The minute that holds a moment given in milliseconds since the Unix epoch.
    #[must_use]
    pub const fn at(t_ms: i64) -> Self {
        Self(t_ms.div_euclid(MINUTE_MS))
    }

    /// Its first moment, in milliseconds since the Unix epoch.
    #[must_use]
    pub const fn start_ms(self) -> i64 {
        self.0.saturating_mul(MINUTE_MS)
    }

    /// The day in Shanghai that it belongs to.
    #[must_use]
    pub fn day(self) -> Day {
        Day::at(self.start_ms())
    }
}

/// A moment as RFC 3339 with Shanghai's offset, for example `2026-01-01T08:00:00+08:00`.
///
/// Moments that the calendar can't show are shown as the epoch.
#[must_use]
pub fn moment(t_ms: i64) -> DateTime<FixedOffset> {
    let utc = DateTime::<Utc>::from_timestamp_millis(t_ms).unwrap_or_default();
    FixedOffset::east_opt(SHANGHAI_OFFSET_S)
        .map_or_else(|| utc.fixed_offset(), |offset| utc.with_timezone(&offset))
}

/// A text that isn't a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write the day as YYYY-MM-DD, for example 2026-01-31")]
pub struct DayError;

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DayError)?;
        // chrono also takes 2026-1-5 and years beyond four digits; one day has one name.
        let day = Self::from_date(date);
        if day.to_string() == text {
            Ok(day)
        } else {
            Err(DayError)
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_day_turns_at_midnight_in_shanghai() {
        let day: Day = "2026-01-01".parse().unwrap();
        assert_eq!(day.start_ms(), 1_767_196_800_000);
        assert_eq!(Day::at(day.start_ms()), day);
        assert_eq!(Day::at(day.start_ms() - 1), day.previous());
        assert_eq!(Day::at(day.end_ms()), day.next());
        assert_eq!(moment(day.start_ms()).to_rfc3339(), "2026-01-01T00:00:00+08:00");
    }

    #[test]
    fn a_leap_day_clamps() {
        let day: Day = "2028-02-29".parse().unwrap();
        assert_eq!(day.plus_years(1).to_string(), "2029-02-28");
        assert_eq!(day.plus_years(4).to_string(), "2032-02-29");
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in ["2026-1-5", "2026-02-30", "20260105", "", "2026-01-05T00:00:00Z"] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_lies_in_its_day(t_ms in -10_000_000_000_000_i64..10_000_000_000_000) {
            let day = Day::at(t_ms);
            prop_assert!(day.start_ms() <= t_ms && t_ms < day.end_ms());
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        }

        #[test]
        fn no_moment_panics(t_ms: i64) {
            let _ = (Day::at(t_ms).to_string(), moment(t_ms), Minute::at(t_ms).day());
        }
    }
}
