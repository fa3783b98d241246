//! What every band has, whoever made it: a counter, a memory, a clock and a battery.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime};

use crate::clock::Clock;
use crate::wearer::{MinuteTruth, Wearer};

/// See the module.
#[derive(Debug)]
pub(crate) struct Wrist {
    pub(crate) clock: Clock,
    pub(crate) wearer: Wearer,
    /// Per cent.
    pub(crate) battery: u8,
    pub(crate) charging: bool,
    /// The first minute that it still keeps.
    pub(crate) keeps_from: i64,
    /// How far its time is ahead of UTC, in quarters of an hour.
    pub(crate) quarters: i8,
    /// How far its clock is ahead of the true one.
    ahead: Duration,
    /// The midnight of the day in which its counter was last reset, and the steps that it has forgotten of that day.
    reset: Option<(i64, u32)>,
}

impl Wrist {
    pub(crate) fn new(clock: Clock, wearer: Wearer, keeps_from: i64, utc_offset_s: i32) -> Self {
        Self {
            clock,
            wearer,
            battery: 80,
            charging: false,
            keeps_from,
            quarters: i8::try_from(utc_offset_s / 900).expect("an offset of at most a day"),
            ahead: Duration::zero(),
            reset: None,
        }
    }

    /// Steps since midnight, or since the reset after it.
    pub(crate) fn counter(&mut self) -> u32 {
        let now_ms = self.clock.now_ms();
        let midnight = self.wearer.midnight(now_ms);
        let all = self.wearer.steps_between(midnight, now_ms);
        let forgotten = self
            .reset
            .filter(|(day, _)| *day == midnight)
            .map_or(0, |(_, steps)| steps);
        all.saturating_sub(forgotten)
    }

    /// Its counter begins at 0 again.
    pub(crate) fn reset(&mut self) {
        let now_ms = self.clock.now_ms();
        let midnight = self.wearer.midnight(now_ms);
        self.reset = Some((midnight, self.wearer.steps_between(midnight, now_ms)));
    }

    /// Beats per minute now.
    pub(crate) fn heart_rate(&mut self) -> u8 {
        let now = self.now();
        self.wearer.minute(now).heart_rate.unwrap_or(64)
    }

    /// Steps a minute now.
    pub(crate) fn cadence(&mut self) -> u8 {
        let now = self.now();
        u8::try_from(self.wearer.minute(now).steps).unwrap_or(u8::MAX)
    }

    /// The minute under way.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms().div_euclid(60_000)
    }

    /// The whole minutes that it keeps, from one on.
    pub(crate) fn kept_since(&mut self, since: i64) -> Vec<MinuteTruth> {
        (since.max(self.keeps_from)..self.now())
            .map(|minute| self.wearer.minute(minute))
            .collect()
    }

    /// What its own clock shows.
    pub(crate) fn local_time(&self) -> NaiveDateTime {
        let now = DateTime::from_timestamp_millis(self.clock.now_ms()).expect("a time in the calendar");
        now.naive_utc() + self.offset() + self.ahead
    }

    /// Its clock is set.
    pub(crate) fn set_local_time(&mut self, to: NaiveDateTime, quarters: Option<i8>) {
        self.quarters = quarters.unwrap_or(self.quarters);
        self.ahead += to - self.local_time();
    }

    /// How far its clock is ahead of the true one, in milliseconds.
    pub(crate) fn ahead_ms(&self) -> i64 {
        self.ahead.num_milliseconds()
    }

    /// The true minute of a local time in another zone.
    pub(crate) fn minute_at(local: NaiveDateTime, quarters: i8) -> i64 {
        let utc = local - Duration::minutes(15 * i64::from(quarters));
        utc.and_utc().timestamp().div_euclid(60)
    }

    /// The local time at which a true minute begins.
    pub(crate) fn local_start(&self, minute: i64) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_secs(minute * 60).expect("a time in the calendar");
        utc.naive_utc() + self.offset()
    }

    fn offset(&self) -> Duration {
        Duration::minutes(15 * i64::from(self.quarters))
    }
}

/// A time of year, month, day, hour, minute and second in 7 bytes, as Bluetooth has it.
pub(crate) fn time_from(bytes: &[u8]) -> Option<NaiveDateTime> {
    let &[low, high, month, day, hour, minute, second, ..] = bytes else {
        return None;
    };
    let year = i32::from(u16::from_le_bytes([low, high]));
    NaiveDate::from_ymd_opt(year, month.into(), day.into())?.and_hms_opt(
        hour.into(),
        minute.into(),
        second.into(),
    )
}

/// The reverse of [`time_from`].
pub(crate) fn time_bytes(time: NaiveDateTime) -> Vec<u8> {
    use chrono::{Datelike as _, Timelike as _};
    let year = u16::try_from(time.year()).expect("a year of four digits");
    let mut bytes = year.to_le_bytes().to_vec();
    bytes.extend(
        [
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
        ]
        .map(|part| u8::try_from(part).expect("parts of a time are below 60")),
    );
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrist() -> Wrist {
        // 2026-05-20 20:00 in Shanghai.
        let clock = Clock::at(1_779_278_400_000, 0);
        Wrist::new(clock, Wearer::new(5, 8 * 3600), 0, 8 * 3600)
    }

    #[test]
    fn counts_from_midnight_and_from_a_reset_within_the_day() {
        let mut wrist = wrist();
        let before = wrist.counter();
        assert!(before > 1_000, "{before}");
        wrist.reset();
        assert_eq!(wrist.counter(), 0);
        wrist.wearer.walk(30, wrist.now());
        assert_eq!(wrist.counter(), 30);
        wrist.clock.advance(4 * 3_600_000);
        assert_eq!(wrist.counter(), 0, "a new day");
    }

    #[test]
    fn its_clock_is_set_and_its_minutes_are_local() {
        let mut wrist = wrist();
        let told = time_from(&[0xEA, 7, 5, 20, 20, 0, 30]).unwrap();
        wrist.set_local_time(told, Some(32));
        assert_eq!((wrist.local_time(), wrist.ahead_ms()), (told, 30_000));
        assert_eq!(time_bytes(told), [0xEA, 7, 5, 20, 20, 0, 30]);
        let now = wrist.now();
        assert_eq!(Wrist::minute_at(wrist.local_start(now), 32), now);
        assert_eq!(time_from(&[0xEA, 7, 2, 30, 0, 0, 0]), None);
    }
}
