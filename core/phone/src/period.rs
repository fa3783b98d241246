//! Weeks, months and years as the member counts them: weeks begin on Monday, days are those of Shanghai.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use haigou_contract::Day;

use crate::screens::Period;

impl Period {
    /// Its first and last day around a day.
    pub(crate) fn around(self, day: Day) -> (Day, Day) {
        let date = day.date();
        let first_of = |month: Option<u32>| {
            let first = date.with_day(1)?;
            month.map_or(Some(first), |month| first.with_month(month))
        };
        let (first, next) = match self {
            Self::Day => (Some(date), date.succ_opt()),
            Self::Week => {
                let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()));
                (monday, monday.and_then(|day| day.checked_add_days(Days::new(7))))
            }
            Self::Month => {
                let first = first_of(None);
                (
                    first,
                    first.and_then(|day| day.checked_add_months(Months::new(1))),
                )
            }
            Self::Year => {
                let first = first_of(Some(1));
                (
                    first,
                    first.and_then(|day| day.checked_add_months(Months::new(12))),
                )
            }
        };
        let day_of = |date: Option<NaiveDate>| date.map_or(day, Day::from_date);
        (day_of(first), day_of(next.and_then(|day| day.pred_opt())))
    }

    /// The one before, as its first and last day.
    pub(crate) fn before(self, day: Day) -> (Day, Day) {
        self.around(self.around(day).0.previous())
    }
}

/// The first days of the months from one day to another.
pub(crate) fn months(first: Day, last: Day) -> Vec<(Day, Day)> {
    let mut months = Vec::new();
    let mut day = first;
    while day <= last {
        let month = Period::Month.around(day);
        months.push(month);
        if month.1.next() <= day {
            break;
        }
        day = month.1.next();
    }
    months
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_calendar() {
        let sunday = day("2026-03-01");
        for (period, first, last) in [
            (Period::Day, "2026-03-01", "2026-03-01"),
            (Period::Week, "2026-02-23", "2026-03-01"),
            (Period::Month, "2026-03-01", "2026-03-31"),
            (Period::Year, "2026-01-01", "2026-12-31"),
        ] {
            assert_eq!(period.around(sunday), (day(first), day(last)), "{period:?}");
        }
        assert_eq!(
            Period::Month.before(sunday),
            (day("2026-02-01"), day("2026-02-28"))
        );
        assert_eq!(Period::Year.before(sunday).0, day("2025-01-01"));
        let (first, last) = Period::Year.around(day("2028-02-29"));
        let lengths: Vec<i32> = months(first, last).iter().map(|(a, b)| b.since(*a) + 1).collect();
        assert_eq!(lengths, [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    }

    proptest! {
        #[test]
        fn every_day_lies_in_its_period_and_periods_follow_each_other(number in -100_000..200_000_i32) {
            let day = Day::from_number(number);
            for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
                let (first, last) = period.around(day);
                prop_assert!(first <= day && day <= last);
                prop_assert_eq!(period.before(day).1, first.previous());
                prop_assert_eq!(period.around(last.next()).0, last.next());
            }
        }
    }
}
