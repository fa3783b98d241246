//! Heart-rate zones, and the time that was spent in each.

use serde::{Deserialize, Serialize};

/// A reading says something for so long, in milliseconds: bands send one every second to every few.
pub const HELD_MS: i64 = 10_000;
/// Where the zones begin, as shares of the greatest heart rate (Edwards 1993, "The Heart Rate Monitor Book").
const ZONES_FROM: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];
const MINUTE_MS: i64 = 60_000;
/// The chart has at most so many minutes: two days.
const MOST_MINUTES: usize = 2_880;

/// The greatest heart rate to be expected at an age in years: 208 - 0.7 x age (Tanaka, Monahan and Seals 2001, "Age-predicted
/// maximal heart rate revisited").
#[must_use]
pub fn max_heart_rate(age: u8) -> f64 {
    208.0 - 0.7 * f64::from(age)
}

/// From how many beats per minute on each of the five zones goes, at a greatest heart rate. The last has no end.
#[must_use]
pub fn zone_bounds(max_bpm: f64) -> [f64; 5] {
    ZONES_FROM.map(|share| share * max_bpm)
}

/// How long the heart beat how fast. Readings go in as they come; between two of them the former holds, for at most
/// [`HELD_MS`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HeartTime {
    /// The greatest heart rate in beats per minute; without it there are no zones.
    max_bpm: Option<f64>,
    started_ms: i64,
    /// The reading that holds, and up to when its time was counted.
    latest: Option<(i64, u8)>,
    /// When the latest reading came.
    read_ms: i64,
    zones_ms: [i64; 5],
    below_ms: i64,
    /// Time with a reading, and beats per minute times milliseconds of it.
    known_ms: i64,
    sum: f64,
    /// Mean of each minute since the start, 0 where nothing is known.
    minutes: Vec<u8>,
    /// The same as `sum` and `known_ms`, for the latest minute.
    minute: (f64, i64),
}

impl HeartTime {
    /// No reading yet. `max_bpm` is the greatest heart rate, where it is known.
    #[must_use]
    pub fn new(max_bpm: Option<f64>, started_ms: i64) -> Self {
        Self {
            max_bpm,
            started_ms,
            ..Self::default()
        }
    }

    /// A reading in beats per minute. One that is older than the latest says nothing.
    pub fn beat(&mut self, t_ms: i64, bpm: u8) {
        if bpm == 0 || self.latest.is_some_and(|_| t_ms < self.read_ms) {
            return;
        }
        self.advance(t_ms);
        self.latest = Some((t_ms, bpm));
        self.read_ms = t_ms;
    }

    /// Counts the time up to a moment.
    pub fn advance(&mut self, t_ms: i64) {
        let Some((from_ms, bpm)) = self.latest else { return };
        let to_ms = t_ms.min(self.read_ms.saturating_add(HELD_MS));
        if to_ms > from_ms {
            self.count(from_ms, to_ms, bpm);
            self.latest = Some((to_ms, bpm));
        }
    }

    /// A pause or the end: the reading holds no longer.
    pub fn pause(&mut self, t_ms: i64) {
        self.advance(t_ms);
        self.latest = None;
    }

    /// Everything was filed too late or too early by so much.
    pub fn shift(&mut self, by_ms: i64) {
        self.started_ms = self.started_ms.saturating_add(by_ms);
        self.read_ms = self.read_ms.saturating_add(by_ms);
        self.latest = self.latest.map(|(t_ms, bpm)| (t_ms.saturating_add(by_ms), bpm));
    }

    /// The reading that holds at a moment.
    #[must_use]
    pub fn at(&self, t_ms: i64) -> Option<u8> {
        let (_, bpm) = self.latest?;
        (t_ms.abs_diff(self.read_ms) <= HELD_MS.unsigned_abs()).then_some(bpm)
    }

    /// Mean beats per minute over the time that readings speak of.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        mean(self.sum, self.known_ms)
    }

    /// The greatest heart rate that the zones are made with.
    #[must_use]
    pub fn max_bpm(&self) -> Option<f64> {
        self.max_bpm
    }

    /// Milliseconds in each of the five zones, slowest first; none where the greatest heart rate isn't known.
    #[must_use]
    pub fn zones_ms(&self) -> Option<[i64; 5]> {
        self.max_bpm.map(|_| self.zones_ms)
    }

    /// Milliseconds below the first zone.
    #[must_use]
    pub fn below_ms(&self) -> i64 {
        self.below_ms
    }

    /// The zone of a heart rate, from 0 to 4; none below the first, or where the greatest heart rate isn't known.
    #[must_use]
    pub fn zone(&self, bpm: u8) -> Option<usize> {
        let bounds = zone_bounds(self.max_bpm?);
        bounds.iter().rposition(|from| f64::from(bpm) >= *from)
    }

    /// Mean of each minute since the start, for a chart; none where nothing is known.
    #[must_use]
    pub fn by_minute(&self) -> Vec<Option<u8>> {
        let known = |bpm: &u8| (*bpm > 0).then_some(*bpm);
        self.minutes.iter().map(known).collect()
    }

    fn count(&mut self, from_ms: i64, to_ms: i64, bpm: u8) {
        let passed = to_ms - from_ms;
        match self.zone(bpm).and_then(|zone| self.zones_ms.get_mut(zone)) {
            Some(zone) => *zone += passed,
            None => self.below_ms += passed,
        }
        self.known_ms += passed;
        self.sum += f64::from(bpm) * millis(passed);
        let mut from_ms = from_ms;
        while from_ms < to_ms {
            let since = from_ms.saturating_sub(self.started_ms).max(0);
            let end_ms = from_ms.saturating_add(MINUTE_MS - since % MINUTE_MS);
            let part = to_ms.min(end_ms) - from_ms;
            self.count_minute(since / MINUTE_MS, part, bpm);
            from_ms += part;
        }
    }

    fn count_minute(&mut self, number: i64, part_ms: i64, bpm: u8) {
        let Some(number) = usize::try_from(number)
            .ok()
            .filter(|number| *number < MOST_MINUTES)
        else {
            return;
        };
        if self.minutes.len() <= number {
            self.minutes.resize(number + 1, 0);
            self.minute = (0.0, 0);
        }
        self.minute.0 += f64::from(bpm) * millis(part_ms);
        self.minute.1 += part_ms;
        let rounded = mean(self.minute.0, self.minute.1).and_then(whole);
        if let (Some(minute), Some(rounded)) = (self.minutes.last_mut(), rounded) {
            *minute = rounded;
        }
    }
}

fn mean(sum: f64, ms: i64) -> Option<f64> {
    (ms > 0).then(|| sum / millis(ms))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a lifetime in milliseconds is exact in a double"
)]
fn millis(ms: i64) -> f64 {
    ms as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within the range just checked"
)]
fn whole(bpm: f64) -> Option<u8> {
    (0.0..255.5).contains(&bpm).then(|| bpm.round() as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_zones_of_somebody_of_forty() {
        let max = max_heart_rate(40);
        assert!((max - 180.0).abs() < 1e-9);
        let heart = HeartTime::new(Some(max), 0);
        let zones = [89, 90, 107, 108, 126, 144, 162, 220].map(|bpm| heart.zone(bpm));
        assert_eq!(
            zones,
            [
                None,
                Some(0),
                Some(0),
                Some(1),
                Some(2),
                Some(3),
                Some(4),
                Some(4)
            ]
        );
        assert_eq!(HeartTime::new(None, 0).zone(150), None);
    }

    #[test]
    fn a_reading_holds_until_the_next_but_not_for_ever() {
        let mut heart = HeartTime::new(Some(200.0), 0);
        heart.beat(0, 130);
        heart.beat(4_000, 150);
        heart.beat(60_000, 90);
        heart.pause(61_000);
        heart.advance(90_000);
        // 4 s at 65 %, 10 s at 75 %, 1 s at 45 %.
        assert_eq!(heart.zones_ms(), Some([0, 4_000, 10_000, 0, 0]));
        assert_eq!(heart.below_ms(), 1_000);
        let mean = (130.0 * 4.0 + 150.0 * 10.0 + 90.0) / 15.0;
        assert!((heart.mean().unwrap() - mean).abs() < 1e-9);
        assert_eq!(heart.by_minute(), [Some(144), Some(90)]);
        assert_eq!(heart.at(61_000), None, "not over a pause");
    }

    #[test]
    fn without_a_greatest_heart_rate_there_is_a_mean_and_no_zone() {
        let mut heart = HeartTime::new(None, 0);
        heart.beat(1_000, 120);
        heart.advance(5_000);
        assert_eq!((heart.zones_ms(), heart.mean()), (None, Some(120.0)));
        assert_eq!(heart.at(7_000), Some(120));
        heart.shift(3_600_000);
        assert_eq!(heart.at(3_607_000), Some(120));
    }

    proptest! {
        #[test]
        fn no_time_is_counted_twice(
            readings in prop::collection::vec((any::<u8>(), -5_000..20_000_i64), 1..200), max in 120.0..220.0,
        ) {
            let (mut heart, mut t_ms, mut last) = (HeartTime::new(Some(max), 0), 0, 0);
            for (bpm, after) in readings {
                t_ms += after;
                heart.beat(t_ms, bpm);
                last = last.max(t_ms);
            }
            heart.pause(last);
            let all: i64 = heart.zones_ms().unwrap().iter().sum::<i64>() + heart.below_ms();
            prop_assert_eq!(all, heart.known_ms);
            prop_assert!(all <= last + 5_000 * 200);
            prop_assert!(heart.mean().is_none_or(|mean| (1.0..=255.0).contains(&mean)));
        }

        #[test]
        fn no_moment_panics(readings in prop::collection::vec((any::<u8>(), any::<i64>()), 0..20), start: i64) {
            let mut heart = HeartTime::new(Some(190.0), start);
            for (bpm, t_ms) in readings {
                heart.beat(t_ms, bpm);
                let _ = heart.at(t_ms);
            }
            heart.pause(i64::MAX);
            heart.shift(i64::MAX);
        }
    }
}
