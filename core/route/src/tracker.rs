//! The track while it grows.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{
    Fix, Rejected, Rejection, Summary,
    calories::{Body, Effort, Energy, Gait},
    climb::Climb,
    course::Mark,
    gate::{Gate, Passage},
    odometer::{Leg, Odometer},
    smoother::{Smoother, Spot},
    splits::{Mean, Split, Splits},
    units::seconds,
};

/// No fix for longer than this is a gap, in milliseconds.
const GAP_MS: i64 = 30_000;
/// A longer gap is not bridged, in milliseconds.
const LONGEST_BRIDGE_MS: i64 = 300_000;
/// A gap is bridged if it was crossed at no more than so many times the average pace so far, within these bounds in m/s.
const BRIDGE_FACTOR: f64 = 1.5;
const BRIDGE_MPS: (f64, f64) = (2.5, 7.0);
/// Slower than this on average, in m/s, somebody stood in between.
const SLOWEST_MPS: f64 = 0.5;
/// Standing is shown as a pause after at least so many milliseconds.
const SHOWN_AS_PAUSE_MS: i64 = 10_000;
/// The current pace is that of so many milliseconds.
const CURRENT_MS: i64 = 30_000;

/// What the member chose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// A walk, a run, or let it be seen.
    pub gait: Gait,
    /// Whether standing counts as a pause.
    pub auto_pause: bool,
    /// For calories.
    pub body: Body,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gait: Gait::Auto,
            auto_pause: true,
            body: Body::default(),
        }
    }
}

/// What became of a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is part of the track.
    Accepted,
    /// It is not.
    Rejected(Rejection),
    /// The member has paused, or the track is finished.
    Paused,
}

/// A track that grows fix by fix. Its whole state can be serialized, and goes on from there exactly.
///
/// JSON keeps that promise where numbers are read back exactly (`serde_json` with `float_roundtrip`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    settings: Settings,
    gate: Gate,
    smoother: Smoother,
    odometer: Odometer,
    climb: Climb,
    splits: Splits,
    pulse: Mean,
    /// Heart rate and cadence since the last leg.
    effort_pulse: Mean,
    effort_cadence: Mean,
    energy: Energy,
    rejected: Rejected,
    accepted: u64,
    while_paused: u64,
    gaps_bridged: u32,
    gaps_cut: u32,
    distance_m: f64,
    moving_ms: i64,
    elapsed_ms: i64,
    paused_ms: i64,
    /// The latest moment known.
    now_ms: Option<i64>,
    paused: bool,
    finished: bool,
    /// Ascent and descent that the legs so far account for.
    counted_ascent_m: f64,
    counted_descent_m: f64,
    /// (time, distance) at the ends of the latest legs.
    recent: VecDeque<(i64, f64)>,
    /// Both ends of every leg, where they were asked for.
    #[serde(skip)]
    marks: Option<Vec<Mark>>,
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Tracker {
    /// An empty track.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            gate: Gate::default(),
            smoother: Smoother::default(),
            odometer: Odometer::default(),
            climb: Climb::default(),
            splits: Splits::default(),
            pulse: Mean::default(),
            effort_pulse: Mean::default(),
            effort_cadence: Mean::default(),
            energy: Energy::default(),
            rejected: Rejected::default(),
            accepted: 0,
            while_paused: 0,
            gaps_bridged: 0,
            gaps_cut: 0,
            distance_m: 0.0,
            moving_ms: 0,
            elapsed_ms: 0,
            paused_ms: 0,
            now_ms: None,
            paused: false,
            finished: false,
            counted_ascent_m: 0.0,
            counted_descent_m: 0.0,
            recent: VecDeque::new(),
            marks: None,
        }
    }

    /// An empty track that remembers where it was when.
    pub(crate) fn with_marks(settings: Settings) -> Self {
        Self {
            marks: Some(Vec::new()),
            ..Self::new(settings)
        }
    }

    /// Closes the track; where it was when.
    pub(crate) fn into_marks(mut self) -> Vec<Mark> {
        self.finish();
        self.marks.unwrap_or_default()
    }

    /// Takes the next fix, and says what became of it.
    pub fn push(&mut self, fix: Fix) -> Verdict {
        if self.paused || self.finished {
            self.while_paused += 1;
            return Verdict::Paused;
        }
        let passage = match self.gate.admit(&fix) {
            Ok(passage) => passage,
            Err(reason) => {
                self.rejected.add(reason);
                return Verdict::Rejected(reason);
            }
        };
        match passage {
            Passage::First => {}
            Passage::Restart => {
                self.cut();
                self.now_ms = Some(self.now_ms.map_or(fix.t_ms, |now| now.min(fix.t_ms)));
            }
            Passage::Next { dt_ms, speed_mps } if dt_ms > GAP_MS => self.cross_gap(dt_ms, speed_mps),
            Passage::Next { .. } => {}
        }
        self.accept(&fix);
        Verdict::Accepted
    }

    /// The member pauses. What comes until [`Tracker::resume`] is not counted, nor is the way from here to there.
    pub fn pause(&mut self, t_ms: i64) {
        if !self.paused && !self.finished {
            self.advance(t_ms);
            self.cut();
            self.paused = true;
        }
    }

    /// The member goes on.
    pub fn resume(&mut self, t_ms: i64) {
        if self.paused && !self.finished {
            self.advance(t_ms);
            self.paused = false;
        }
    }

    /// A mark in the recording, such as the end of a GPX segment: what follows counts from its own first fix if the signal was
    /// away for longer than a gap's length, and is joined otherwise (many devices begin a segment with each lap).
    pub fn break_before(&mut self, t_ms: i64) {
        if self.now_ms.is_some_and(|now| t_ms.saturating_sub(now) > GAP_MS) && !self.paused {
            self.cut();
            self.gaps_cut += 1;
        }
    }

    /// Closes the track: what was held back to be sure is counted.
    pub fn finish(&mut self) -> Summary {
        if !self.finished {
            self.cut();
            self.finished = true;
        }
        self.summary()
    }

    /// The figures as far as they are known.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let moving_s = seconds(self.moving_ms());
        let auto_paused = self.auto_paused();
        let still = auto_paused || self.paused || self.finished;
        Summary {
            distance_m: self.distance_m,
            elapsed_s: seconds(self.elapsed_ms),
            moving_s,
            paused_s: seconds(self.paused_ms),
            current_pace_s_per_km: self.current_mps().filter(|_| !still).map(|mps| 1000.0 / mps),
            average_pace_s_per_km: (self.distance_m > 0.0).then(|| moving_s * 1000.0 / self.distance_m),
            ascent_m: self.climb.ascent_m(),
            descent_m: self.climb.descent_m(),
            climb_source: self.climb.source(),
            energy: self.energy,
            heart_rate: self.pulse.get(),
            splits: self.splits.all(),
            paused: self.paused,
            auto_paused,
            accepted: self.accepted,
            rejected: self.rejected,
            while_paused: self.while_paused,
            gaps_bridged: self.gaps_bridged,
            gaps_cut: self.gaps_cut,
        }
    }

    fn accept(&mut self, fix: &Fix) {
        self.accepted += 1;
        self.advance(fix.t_ms);
        self.climb.push(fix);
        if let Some(bpm) = fix.heart_rate.filter(|bpm| *bpm > 0).map(f64::from) {
            self.pulse.add(bpm);
            self.splits.beat(bpm);
            self.effort_pulse.add(bpm);
        }
        if let Some(cadence) = fix.cadence {
            self.effort_cadence.add(f64::from(cadence));
        }
        self.smoother.push(Spot {
            t_ms: fix.t_ms,
            lat: fix.lat,
            lon: fix.lon,
            accuracy_m: fix.accuracy_m,
            noise_m: 0.0,
        });
        while let Some(spot) = self.smoother.ready() {
            if let Some(leg) = self.odometer.push(spot) {
                self.count(leg);
            }
        }
    }

    /// A short loss of signal (a tunnel, a gate) is bridged by the straight line if it was crossed no faster than the member moves;
    /// that is less than what was walked, never more. Longer or faster, nothing is counted.
    fn cross_gap(&mut self, dt_ms: i64, speed_mps: f64) {
        let average = if self.moving_ms > 0 {
            self.distance_m / seconds(self.moving_ms)
        } else {
            0.0
        };
        let fastest = (BRIDGE_FACTOR * average).clamp(BRIDGE_MPS.0, BRIDGE_MPS.1);
        if dt_ms <= LONGEST_BRIDGE_MS && speed_mps <= fastest {
            self.gaps_bridged += 1;
        } else {
            self.cut();
            self.gaps_cut += 1;
        }
    }

    /// Ends a stretch: counts what is held back, and lets nothing lead from it to what follows.
    fn cut(&mut self) {
        while let Some(spot) = self.smoother.drain() {
            if let Some(leg) = self.odometer.push(spot) {
                self.count(leg);
            }
        }
        if let Some(leg) = self.odometer.close() {
            self.count(leg);
        }
        self.smoother.clear();
        self.recent.clear();
    }

    fn count(&mut self, leg: Leg) {
        let whole_ms = leg.to_ms - leg.from_ms;
        // Somebody stood within a leg that took longer than the slowest walk would have.
        let moving_ms = whole_ms.min(millis(leg.distance_m / SLOWEST_MPS));
        self.mark(leg.from_ms);
        self.moving_ms += moving_ms;
        self.distance_m += leg.distance_m;
        self.mark(leg.to_ms);
        self.recent.push_back((leg.to_ms, self.distance_m));
        while self
            .recent
            .front()
            .is_some_and(|(t_ms, _)| leg.to_ms - t_ms > CURRENT_MS)
            && self.recent.len() > 2
        {
            self.recent.pop_front();
        }
        let ascent_m = (self.climb.ascent_m() - self.counted_ascent_m).max(0.0);
        let descent_m = (self.climb.descent_m() - self.counted_descent_m).max(0.0);
        self.counted_ascent_m += ascent_m;
        self.counted_descent_m += descent_m;
        let moving_s = seconds(moving_ms);
        let speed_mps = self.current_mps().unwrap_or(leg.distance_m / moving_s.max(1.0));
        let effort = Effort {
            minutes: moving_s / 60.0,
            distance_m: leg.distance_m,
            ascent_m,
            m_per_min: speed_mps * 60.0,
            heart_rate: std::mem::take(&mut self.effort_pulse).get(),
            cadence: std::mem::take(&mut self.effort_cadence).get(),
        };
        self.energy.add(&effort, &self.settings.body, self.settings.gait);
        let split_ms = if self.settings.auto_pause {
            moving_ms
        } else {
            whole_ms
        };
        let distance_m = leg.distance_m;
        self.splits.add(Split {
            distance_m,
            moving_s: seconds(split_ms),
            ascent_m,
            descent_m,
            heart_rate: None,
        });
    }

    fn mark(&mut self, t_ms: i64) {
        let mark = Mark {
            t_ms,
            distance_m: self.distance_m,
            moving_ms: self.moving_ms,
        };
        if let Some(marks) = self.marks.as_mut().filter(|marks| marks.last() != Some(&mark)) {
            marks.push(mark);
        }
    }

    /// Lets the time go on to a moment; backwards it does not go.
    fn advance(&mut self, t_ms: i64) {
        if let Some(now) = self.now_ms {
            let passed_ms = t_ms.saturating_sub(now).max(0);
            self.elapsed_ms = self.elapsed_ms.saturating_add(passed_ms);
            if self.paused {
                self.paused_ms = self.paused_ms.saturating_add(passed_ms);
            }
            self.now_ms = Some(now.max(t_ms));
        } else if !self.paused {
            self.now_ms = Some(t_ms);
        }
    }

    fn moving_ms(&self) -> i64 {
        if self.settings.auto_pause {
            self.moving_ms
        } else {
            self.elapsed_ms - self.paused_ms
        }
    }

    /// m/s over the latest legs.
    fn current_mps(&self) -> Option<f64> {
        let (from_ms, from_m) = self.recent.front()?;
        let (to_ms, to_m) = self.recent.back()?;
        (to_ms > from_ms)
            .then(|| (to_m - from_m) / seconds(to_ms - from_ms))
            .filter(|mps| *mps > 0.0)
    }

    /// Whether no leg ended for longer than the slowest walk would take for one.
    fn auto_paused(&self) -> bool {
        let Some((waiting_ms, least_m)) = self.odometer.waiting() else {
            return false;
        };
        let longest_ms = SHOWN_AS_PAUSE_MS.max(millis(least_m / SLOWEST_MPS));
        self.settings.auto_pause && !self.paused && !self.finished && waiting_ms > longest_ms
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the seconds of one leg, and the cast saturates"
)]
fn millis(s: f64) -> i64 {
    (s * 1000.0).round() as i64
}

#[cfg(test)]
mod tests;
