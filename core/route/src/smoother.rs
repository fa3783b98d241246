//! Takes the white part of a receiver's noise out of the positions before they are measured.
//!
//! A path that trembles from fix to fix is longer than the one that was walked. How much it trembles is seen in how far
//! each fix lies off the line between its neighbours; the median of that over the last fixes is the noise. Where it is
//! small against the steps of the recording (nearly every watch, most phones), positions pass untouched and at once.
//! Else each becomes the mean of its surroundings, as wide as the noise asks for and never wider than about 30 m of way.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{ground, units::seconds};

/// So many of the last fixes tell the noise; with fewer than [`ENOUGH`] it is not known.
const LOOKBACK: usize = 15;
const ENOUGH: usize = 5;
/// The mean should leave at most this share of a step as noise ...
const NOISE_SHARE: f64 = 0.2;
/// ... where a step is at least so many metres.
const LEAST_STEP_M: f64 = 4.0;
/// Half the width of the mean: at most so long at one fix a second, ...
const HALF_S: f64 = 15.0;
/// ... so many fixes where they come more rarely, ...
const HALF_FIXES: f64 = 8.0;
/// ... so many metres of way, ...
const HALF_M: f64 = 15.0;
/// ... and so many seconds in any case.
const HALF_MOST_S: f64 = 60.0;
/// Progress is measured over so many milliseconds.
const PROGRESS_MS: i64 = 30_000;
/// The median of an exponential variable is ln 2 of its mean; squared distances of Gaussian noise in the plane are exponential.
const MEDIAN_TO_MEAN: f64 = std::f64::consts::LN_2;

/// A position that passed the gate. The longitude may be beyond ±180 after unwrapping.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub(crate) t_ms: i64,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    /// As the source gives it; none where it says nothing.
    pub(crate) accuracy_m: Option<f64>,
    /// Standard deviation per axis of the white noise that is left, in metres.
    pub(crate) noise_m: f64,
}

impl Spot {
    pub(crate) fn position(&self) -> (f64, f64) {
        (self.lat, self.lon)
    }

    /// Metres north and east from another spot, on the tangent plane.
    pub(crate) fn offset_from(&self, other: &Spot) -> (f64, f64) {
        let (north, east) = ground::metres_per_degree(other.lat);
        ((self.lat - other.lat) * north, (self.lon - other.lon) * east)
    }
}

/// The fixes around those that are not yet passed on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Smoother {
    window: VecDeque<Spot>,
    /// How many at the front of the window have been passed on.
    passed: usize,
    /// Squared distances from the line between the neighbours, in m² per axis.
    roughness: VecDeque<f64>,
    /// Half the width of the mean at present; none while the noise is unknown.
    half_ms: Option<i64>,
    variance: f64,
}

impl Smoother {
    /// Takes the next position.
    pub(crate) fn push(&mut self, mut spot: Spot) {
        if let Some(last) = self.window.back() {
            spot.lon = ground::unwrap_lon(spot.lon, last.lon);
        }
        self.window.push_back(spot);
        self.learn_noise();
        self.choose_width();
        self.forget();
    }

    /// The next smoothed position, if what comes after it is known far enough.
    pub(crate) fn ready(&mut self) -> Option<Spot> {
        let next = self.window.get(self.passed)?;
        let ahead_ms = self.window.back()?.t_ms - next.t_ms;
        // While the noise is unknown, wait for it, but not longer than the widest mean would.
        let wait_ms = self.half_ms.unwrap_or(millis(HALF_MOST_S));
        (ahead_ms >= wait_ms).then(|| self.pass()).flatten()
    }

    /// The next smoothed position, with what is known: for the end of a stretch.
    pub(crate) fn drain(&mut self) -> Option<Spot> {
        self.pass()
    }

    /// Starts a new stretch; what was learned about the noise stays.
    pub(crate) fn clear(&mut self) {
        self.window.clear();
        self.passed = 0;
    }

    /// The mean over the same time before and after, so that it lags nowhere.
    fn pass(&mut self) -> Option<Spot> {
        let mut spot = *self.window.get(self.passed)?;
        let before_ms = spot.t_ms - self.window.front()?.t_ms;
        let after_ms = self.window.back()?.t_ms - spot.t_ms;
        let half_ms = self.half_ms.unwrap_or(0).min(before_ms).min(after_ms);
        let around = self
            .window
            .iter()
            .filter(|s| (s.t_ms - spot.t_ms).abs() <= half_ms);
        let (mut count, mut lat, mut lon) = (0.0, 0.0, 0.0);
        for near in around {
            count += 1.0;
            lat += near.lat - spot.lat;
            lon += near.lon - spot.lon;
        }
        spot.lat += lat / count;
        spot.lon += lon / count;
        spot.noise_m = (self.variance / count).sqrt();
        self.passed += 1;
        Some(spot)
    }

    fn learn_noise(&mut self) {
        let mut latest = self.window.iter().rev();
        let (Some(c), Some(b), Some(a)) = (latest.next(), latest.next(), latest.next()) else {
            return;
        };
        let whole_s = seconds(c.t_ms - a.t_ms);
        if whole_s > HALF_MOST_S {
            return;
        }
        let share = seconds(b.t_ms - a.t_ms) / whole_s;
        let (bn, be) = b.offset_from(a);
        let (cn, ce) = c.offset_from(a);
        let (n, e) = (bn - cn * share, be - ce * share);
        let weight = 1.0 + share * share + (1.0 - share) * (1.0 - share);
        self.roughness.push_back((n * n + e * e) / (2.0 * weight));
        if self.roughness.len() > LOOKBACK {
            self.roughness.pop_front();
        }
    }

    fn choose_width(&mut self) {
        if self.roughness.len() < ENOUGH {
            return;
        }
        let mut sorted: Vec<f64> = self.roughness.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        self.variance = median / MEDIAN_TO_MEAN;

        let Some((interval_s, speed_mps)) = self.progress() else {
            return;
        };
        let step_m = (speed_mps * interval_s).max(LEAST_STEP_M);
        let fixes = self.variance / (NOISE_SHARE * step_m).powi(2);
        let wanted_s = (fixes - 1.0).max(0.0) / 2.0 * interval_s;
        let most_s = HALF_S
            .max(HALF_FIXES * interval_s)
            .min(HALF_MOST_S)
            .min(HALF_M / speed_mps.max(f64::EPSILON));
        self.half_ms = Some(millis(wanted_s.min(most_s)));
    }

    /// Seconds between fixes and m/s made good over the last half minute, or the last two intervals if that is longer.
    fn progress(&self) -> Option<(f64, f64)> {
        let last = self.window.back()?;
        let since = |s: &&Spot| last.t_ms - s.t_ms <= PROGRESS_MS;
        let recent = self.window.iter().rev().take_while(since).count();
        let intervals = if recent > 2 {
            recent - 1
        } else {
            2.min(self.window.len().checked_sub(1)?)
        };
        let first = self.window.iter().rev().nth(intervals)?;
        let time_s = seconds(last.t_ms - first.t_ms);
        if time_s <= 0.0 {
            return None;
        }
        let (n, e) = last.offset_from(first);
        let intervals = u32::try_from(intervals).ok()?;
        Some((time_s / f64::from(intervals), n.hypot(e) / time_s))
    }

    /// Lets go of what no mean and no measure of progress can ask for again.
    fn forget(&mut self) {
        let Some(last_ms) = self.window.back().map(|s| s.t_ms) else {
            return;
        };
        while self.passed > 2 {
            let Some(next_ms) = self.window.get(self.passed).map(|s| s.t_ms) else {
                break;
            };
            let Some(front_ms) = self.window.front().map(|s| s.t_ms) else {
                break;
            };
            if next_ms - front_ms <= millis(HALF_MOST_S) || last_ms - front_ms <= PROGRESS_MS {
                break;
            }
            self.window.pop_front();
            self.passed -= 1;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most a minute, and the cast saturates"
)]
fn millis(s: f64) -> i64 {
    (s * 1000.0) as i64
}
