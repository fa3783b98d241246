//! The way of a finished track along its time: for charts, and for the fastest kilometres.

use crate::units::seconds;
use crate::{Fix, Settings, Tracker};

/// A last stretch shorter than this, in metres, has no point of its own in a chart.
const LEAST_M: f64 = 20.0;

/// A moment of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) t_ms: i64,
    pub(crate) distance_m: f64,
    pub(crate) moving_ms: i64,
}

/// A stretch of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    /// Metres from the start to the stretch's end.
    pub distance_m: f64,
    /// When its end was reached, in milliseconds since the Unix epoch.
    pub t_ms: i64,
    /// Seconds of moving time per kilometre.
    pub pace_s_per_km: f64,
    /// Mean heart rate in beats per minute, where there was one.
    pub heart_rate: Option<f64>,
    /// Mean height in metres, as the source gave it.
    pub altitude_m: Option<f64>,
}

/// See the module. Its distances are those of a [`Tracker`] over the same positions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Course {
    marks: Vec<Mark>,
    /// Time, heart rate and height of the positions.
    readings: Vec<(i64, Option<u8>, Option<f64>)>,
}

impl Course {
    /// The course of positions, one piece between pauses each.
    #[must_use]
    pub fn of(segments: &[Vec<Fix>], settings: Settings) -> Self {
        let mut tracker = Tracker::with_marks(settings);
        let mut readings = Vec::new();
        let mut ended_ms = None;
        for segment in segments {
            let (Some(first), Some(last)) = (segment.first(), segment.last()) else {
                continue;
            };
            if let Some(ended_ms) = ended_ms {
                tracker.pause(ended_ms);
                tracker.resume(first.t_ms);
            }
            for fix in segment {
                tracker.push(*fix);
                readings.push((fix.t_ms, fix.heart_rate.filter(|bpm| *bpm > 0), fix.altitude_m));
            }
            ended_ms = Some(last.t_ms);
        }
        let mut marks = tracker.into_marks();
        // A clock that was set back: what is after it can't be held against what is before.
        let begins = marks
            .windows(2)
            .rposition(|two| matches!(two, [a, b] if b.t_ms < a.t_ms));
        if let Some(before) = begins {
            marks.drain(..=before);
            let first = marks.first().map_or(i64::MIN, |mark| mark.t_ms);
            readings.retain(|(t_ms, ..)| *t_ms >= first);
        }
        readings.sort_by_key(|(t_ms, ..)| *t_ms);
        Self { marks, readings }
    }

    /// Its figures stretch by stretch, each `every_m` metres long; the last one may be shorter.
    #[must_use]
    pub fn chart(&self, every_m: f64) -> Vec<ChartPoint> {
        let (Some(first), Some(last)) = (self.marks.first(), self.marks.last()) else {
            return Vec::new();
        };
        if every_m.is_nan() || every_m < LEAST_M {
            return Vec::new();
        }
        let mut points = Vec::new();
        let mut readings = self.readings.iter().peekable();
        let mut from = *first;
        let mut place = 0;
        while last.distance_m - from.distance_m >= LEAST_M {
            let to_m = (from.distance_m + every_m).min(last.distance_m);
            let to = self.reached(to_m, &mut place);
            let (mut pulse, mut height) = (Sum::default(), Sum::default());
            while let Some((_, bpm, altitude)) = readings.next_if(|(t_ms, ..)| *t_ms <= to.t_ms) {
                pulse.add(bpm.map(f64::from));
                height.add(*altitude);
            }
            points.push(ChartPoint {
                distance_m: to.distance_m,
                t_ms: to.t_ms,
                pace_s_per_km: seconds(to.moving_ms - from.moving_ms) * 1000.0 / (to_m - from.distance_m),
                heart_rate: pulse.mean(),
                altitude_m: height.mean(),
            });
            from = to;
        }
        points
    }

    /// The least time, in seconds, that `metres` in a row took, standing and pauses included; none where it is shorter.
    #[must_use]
    pub fn fastest(&self, metres: f64) -> Option<f64> {
        if metres.is_nan() || metres <= 0.0 {
            return None;
        }
        // The best window begins or ends at a mark: between them the pace is even.
        let (mut begin, mut end) = (0, 0);
        let mut best: Option<f64> = None;
        let first_m = self.marks.first()?.distance_m;
        let last_m = self.marks.last()?.distance_m;
        for mark in &self.marks {
            let windows = [
                (mark.distance_m - metres >= first_m)
                    .then(|| mark.at() - self.left(mark.distance_m - metres, &mut begin)),
                (mark.distance_m + metres <= last_m)
                    .then(|| self.reached(mark.distance_m + metres, &mut end).at() - mark.at()),
            ];
            for window in windows.into_iter().flatten().filter(|s| *s > 0.0) {
                best = Some(best.map_or(window, |best| best.min(window)));
            }
        }
        best
    }

    /// When a distance was reached first. `place` is where the search for one further on begins.
    fn reached(&self, distance_m: f64, place: &mut usize) -> Mark {
        while let Some(next) = self.marks.get(*place + 1) {
            if next.distance_m >= distance_m {
                let from = self.marks.get(*place).unwrap_or(next);
                return between(from, next, distance_m);
            }
            *place += 1;
        }
        self.marks.last().copied().unwrap_or(NOWHERE)
    }

    /// When a distance was left, in seconds: later than reached, where somebody stood there.
    fn left(&self, distance_m: f64, place: &mut usize) -> f64 {
        while let Some(next) = self.marks.get(*place + 1) {
            if next.distance_m > distance_m {
                let from = self.marks.get(*place).unwrap_or(next);
                return between(from, next, distance_m).at();
            }
            *place += 1;
        }
        self.marks.last().map_or(0.0, Mark::at)
    }
}

const NOWHERE: Mark = Mark {
    t_ms: 0,
    distance_m: 0.0,
    moving_ms: 0,
};

impl Mark {
    fn at(&self) -> f64 {
        seconds(self.t_ms)
    }
}

/// The moment between two marks at which a distance was reached.
fn between(from: &Mark, to: &Mark, distance_m: f64) -> Mark {
    let way = to.distance_m - from.distance_m;
    let share = if way > 0.0 {
        ((distance_m - from.distance_m) / way).clamp(0.0, 1.0)
    } else {
        0.0
    };
    Mark {
        t_ms: from.t_ms + part(to.t_ms - from.t_ms, share),
        distance_m,
        moving_ms: from.moving_ms + part(to.moving_ms - from.moving_ms, share),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of what fits, and the cast saturates"
)]
fn part(ms: i64, share: f64) -> i64 {
    (seconds(ms) * 1000.0 * share).round() as i64
}

#[derive(Default)]
struct Sum {
    sum: f64,
    count: f64,
}

impl Sum {
    fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1.0;
        }
    }

    fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Somebody on the way north, at a speed in m/s for each second.
    fn walk(speeds: &[f64]) -> Vec<Fix> {
        let mut north_m = 0.0;
        let at = |(s, speed): (usize, &f64)| {
            north_m += speed;
            Fix {
                t_ms: i64::try_from(s).unwrap() * 1000,
                lat: 31.0 + north_m / 110_852.0,
                lon: 121.0,
                heart_rate: Some(if *speed > 2.0 { 160 } else { 110 }),
                altitude_m: Some(5.0),
                ..Fix::default()
            }
        };
        speeds.iter().enumerate().map(at).collect()
    }

    fn course(segments: &[Vec<Fix>]) -> Course {
        Course::of(segments, Settings::default())
    }

    #[test]
    fn a_fast_kilometre_in_the_middle_is_found() {
        let mut speeds = vec![1.4; 600];
        speeds.extend(vec![4.0; 250]);
        speeds.extend(vec![1.4; 600]);
        let course = course(&[walk(&speeds)]);
        let fastest = course.fastest(1000.0).unwrap();
        assert!((fastest - 250.0).abs() < 6.0, "{fastest} s");
        assert_eq!(course.fastest(5000.0), None);
        assert_eq!(course.fastest(f64::NAN), None);
    }

    #[test]
    fn standing_and_pauses_are_time() {
        let mut speeds = vec![2.5; 200];
        speeds.extend(vec![0.0; 300]);
        speeds.extend(vec![2.5; 200]);
        let stood = course(&[walk(&speeds)]).fastest(1000.0).unwrap_or(700.0);
        assert!(stood > 680.0, "{stood} s");
        let whole = walk(&vec![2.5; 400]);
        let mut second = whole[200..].to_vec();
        second.iter_mut().for_each(|fix| fix.t_ms += 300_000);
        let paused = course(&[whole[..200].to_vec(), second]).fastest(900.0).unwrap();
        assert!((paused - 660.0).abs() < 15.0, "{paused} s");
    }

    #[test]
    fn a_chart_tells_pace_pulse_and_height() {
        let mut speeds = vec![1.25; 400];
        speeds.extend(vec![3.0; 180]);
        let points = course(&[walk(&speeds)]).chart(100.0);
        assert!((10..=11).contains(&points.len()), "{points:?}");
        let (first, last) = (points[1], points[8]);
        assert!((first.pace_s_per_km - 800.0).abs() < 30.0, "{first:?}");
        assert!((last.pace_s_per_km - 333.3).abs() < 20.0, "{last:?}");
        assert_eq!((first.heart_rate, last.heart_rate), (Some(110.0), Some(160.0)));
        assert_eq!(first.altitude_m, Some(5.0));
        assert!((points[4].distance_m - 500.0).abs() < 1e-6);
    }

    #[test]
    fn nothing_has_no_course() {
        let empty = course(&[Vec::new()]);
        assert!(empty.chart(100.0).is_empty());
        assert_eq!(empty.fastest(1000.0), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_the_trackers_and_no_window_is_faster_than_all_of_it(
            speeds in prop::collection::vec(0.0..6.0, 10..600),
        ) {
            let fixes = walk(&speeds);
            let mut tracker = Tracker::new(Settings::default());
            fixes.iter().for_each(|fix| { tracker.push(*fix); });
            let summary = tracker.finish();
            let course = course(&[fixes]);
            let last = course.marks.last().map_or(0.0, |mark| mark.distance_m);
            prop_assert!((last - summary.distance_m).abs() < 1e-6);
            prop_assert!(course.marks.is_sorted_by(|a, b| a.t_ms <= b.t_ms && a.distance_m <= b.distance_m));
            // By hand: every pair of marks that are at least so far apart.
            if let Some(best) = course.fastest(100.0) {
                for (i, a) in course.marks.iter().enumerate() {
                    for b in course.marks.iter().skip(i).filter(|b| b.distance_m - a.distance_m >= 100.0) {
                        prop_assert!(best <= b.at() - a.at() + 2e-3);
                    }
                }
            }
        }
    }
}
