//! Turns what sensors deliver into minute rows, an activity and its positions. What it made since the last time
//! waits in it until the store has taken it.

use std::collections::BTreeSet;

use haigou_contract::{Minute, StepKind, StepSource};
use haigou_motion::{GaitHint, Sample, Step, StepCounter};
use haigou_route::Fix;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::activity::{Activity, Now};
use crate::counter::Counter;
use crate::minute::{MinuteRow, RowKey, Rows};
use crate::store::Position;
use crate::timeline::{SourceClock, Timeline};

/// Over fewer intervals than this the variation says nothing: two or three of a person's are alike by chance.
const TELLING_INTERVALS: u32 = 20;
/// Samples further apart than this, in microseconds, mean that nobody listened in between.
const LISTENING_US: i64 = 1_000_000;
/// Batches of samples may come so much later than the quickest, in microseconds.
const SENSOR_LATEST_US: i64 = 600_000_000;
/// Steps of the grid of metres, per metre: a power of two.
const PER_METRE: f64 = 1_048_576.0;
/// Positions may come so much later than the quickest, in milliseconds.
const GPS_LATEST_MS: i64 = 600_000;

/// What of the recorder is kept as text; the step counter has bytes of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Saved {
    boot: String,
    sensor: SourceClock,
    gps: SourceClock,
    last_sample_us: Option<i64>,
    counter: Counter,
    #[serde(default)]
    measuring: Option<RowKey>,
    /// The number of the latest record of the log that is contained here.
    #[serde(default)]
    pub(crate) logged: u64,
}

/// See the module.
pub(crate) struct Recorder {
    steps: StepCounter,
    sensor: SourceClock,
    gps: SourceClock,
    last_sample_us: Option<i64>,
    pub(crate) counter: Counter,
    /// The row that the latest step was filed under: its rhythm is still being measured.
    measuring: Option<RowKey>,
    /// The activity under way.
    pub(crate) running: Option<Activity>,
    /// Those that are over, as long as steps may still be credited to them or they aren't stored.
    pub(crate) over: Vec<Activity>,
    /// Minutes that are in an upload: nothing is added to them.
    pub(crate) frozen: BTreeSet<Minute>,
    /// Those of them that the phone's counter spoke of: what the app itself hears of them later is known already.
    pub(crate) told: BTreeSet<Minute>,
    /// What came to the rows since they were stored.
    pub(crate) rows: Rows,
    /// Positions that aren't stored yet.
    pub(crate) positions: Vec<Position>,
}

impl Recorder {
    /// Goes on where the saved one was.
    pub(crate) fn restore(saved: Option<Saved>, steps: Option<&[u8]>, boot: &str) -> Self {
        let saved = saved.filter(|saved| saved.boot == boot);
        let counter = saved
            .as_ref()
            .map(|saved| saved.counter.clone())
            .unwrap_or_default();
        // A state that another version wrote is given up: only steps that weren't certain yet are lost.
        let steps = steps
            .filter(|_| saved.is_some())
            .and_then(|bytes| StepCounter::restore(bytes).ok());
        let (sensor, gps, last_sample_us, measuring) = match saved {
            Some(saved) => (saved.sensor, saved.gps, saved.last_sample_us, saved.measuring),
            None => (
                SourceClock::new(SENSOR_LATEST_US),
                SourceClock::new(GPS_LATEST_MS),
                None,
                None,
            ),
        };
        Self {
            steps: steps.unwrap_or_else(|| StepCounter::new(GaitHint::Auto)),
            sensor,
            gps,
            last_sample_us,
            counter,
            measuring,
            running: None,
            over: Vec::new(),
            frozen: BTreeSet::new(),
            told: BTreeSet::new(),
            rows: Rows::new(),
            positions: Vec::new(),
        }
    }

    /// What has to be saved with the rows, so that a killed process goes on exactly there.
    pub(crate) fn save(&self, boot: &str, logged: u64) -> (Saved, Vec<u8>) {
        let saved = Saved {
            boot: boot.to_owned(),
            sensor: self.sensor.clone(),
            gps: self.gps.clone(),
            last_sample_us: self.last_sample_us,
            counter: self.counter.clone(),
            measuring: self.measuring,
            logged,
        };
        (saved, self.steps.save())
    }

    /// The phone was started anew: its sensors' clocks and its counter begin anew, and no movement goes on.
    pub(crate) fn restarted(&mut self) {
        let old = std::mem::replace(self, Self::restore(None, None, ""));
        self.running = old.running;
        (self.frozen, self.told) = (old.frozen, old.told);
        (self.rows, self.positions) = (old.rows, old.positions);
    }

    /// Takes samples that arrived together.
    pub(crate) fn samples(&mut self, samples: &[Sample], timeline: &Timeline, now: Now) {
        if let Some(latest) = samples.iter().map(|sample| sample.t_us).max() {
            self.sensor.arrived(latest, now.mono_ms.saturating_mul(1000));
        }
        let mut listened = Listened::default();
        let mut certain: Vec<Step> = Vec::new();
        for sample in samples {
            self.listen(sample.t_us, timeline, now, &mut listened);
            self.steps.push(*sample, &mut |step| certain.push(step));
            for step in certain.drain(..) {
                self.credit(step, timeline, now);
            }
        }
        self.heard(&mut listened);
        if self
            .measuring
            .is_some_and(|key| Minute::at(now.t_ms) > key.minute)
        {
            self.measure();
        }
    }

    /// The movement ends here, at a pause or at the end: what is certain already is credited.
    pub(crate) fn end_of_movement(&mut self, timeline: &Timeline, now: Now) {
        let mut certain: Vec<Step> = Vec::new();
        self.steps.finish(&mut |step| certain.push(step));
        for step in certain {
            self.credit(step, timeline, now);
        }
        self.measure();
    }

    /// Whether something is under way, and not paused.
    pub(crate) fn is_moving(&self) -> bool {
        self.running
            .as_ref()
            .is_some_and(|activity| !activity.is_paused())
    }

    /// Changes the activity under way, if there is one.
    pub(crate) fn with_running(&mut self, change: impl FnOnce(&mut Activity)) {
        if let Some(activity) = &mut self.running {
            change(activity);
        }
    }

    /// Ends the activity under way.
    pub(crate) fn finish_running(&mut self, now: Now) {
        let Some(activity) = &mut self.running else { return };
        let metres = activity.finish(now);
        self.add_distance(metres, now.t_ms);
        self.over.extend(self.running.take());
    }

    /// An activity that is over was thrown away: nothing is credited to it any more.
    pub(crate) fn forget(&mut self, id: Uuid) {
        self.over.retain(|activity| activity.id != id);
        self.measuring = self.measuring.filter(|key| key.activity != Some(id));
    }

    /// Takes a position. Outside of an activity it is of no use. The answer: where it is, if it was used.
    pub(crate) fn fix(&mut self, mut fix: Fix, timeline: &Timeline, now: Now) -> Option<(f64, f64)> {
        self.gps.arrived(fix.t_ms, now.mono_ms);
        let activity = self.running.as_mut().filter(|activity| !activity.is_paused())?;
        fix.t_ms = timeline.at(self.gps.to_mono(fix.t_ms)).min(now.t_ms);
        activity.hear(&mut fix);
        let (used, metres) = activity.add_fix(fix);
        let seq = activity.positions;
        self.positions.push(Position {
            activity: activity.id,
            seq,
            used,
            fix,
        });
        self.add_distance(metres, fix.t_ms);
        used.then_some((fix.lat, fix.lon))
    }

    /// Adds metres of the activity under way to the minute of a moment. They are whole steps of a grid, so that their sums
    /// are exact, however often they were stored in between.
    pub(crate) fn add_distance(&mut self, metres: f64, t_ms: i64) {
        if let Some(activity) = self.running.as_ref().filter(|_| metres > 0.0) {
            let minute = self.open_minute(Minute::at(t_ms));
            let key = RowKey {
                minute,
                source: StepSource::Motion,
                activity: Some(activity.id),
            };
            let kind = activity.kind.into();
            self.rows
                .entry(key)
                .or_insert_with(|| MinuteRow::new(kind))
                .distance_m += (metres * PER_METRE).round() / PER_METRE;
        }
    }

    /// Nothing is added to the minutes of these rows any more.
    pub(crate) fn freeze(&mut self, keys: impl IntoIterator<Item = (Minute, StepSource)>) {
        for (minute, source) in keys {
            self.frozen.insert(minute);
            if source == StepSource::Counter {
                self.told.insert(minute);
            }
        }
    }

    /// Files a step under its own minute, although it became certain later.
    fn credit(&mut self, step: Step, timeline: &Timeline, now: Now) {
        let mono_ms = self.sensor.to_mono(step.t_us).div_euclid(1000);
        let t_ms =
            timeline.at(mono_ms.clamp(now.mono_ms.saturating_sub(SENSOR_LATEST_US / 1000), now.mono_ms));
        if self.told.contains(&Minute::at(t_ms)) {
            return;
        }
        let key = self.key_at(t_ms);
        if self.measuring.is_some_and(|measuring| measuring != key) {
            self.measure();
        }
        self.measuring = Some(key);
        let kind = self.activity_at(t_ms).map_or(StepKind::Passive, |activity| {
            activity.add_steps(1, t_ms);
            activity.kind.into()
        });
        let row = self.rows.entry(key).or_insert_with(|| MinuteRow::new(kind));
        row.steps = row.steps.saturating_add(1);
    }

    /// Writes the rhythm of the latest steps to their row.
    fn measure(&mut self) {
        let rhythm = self
            .steps
            .take_regularity()
            .filter(|rhythm| rhythm.intervals >= TELLING_INTERVALS);
        let (Some(key), Some(rhythm)) = (self.measuring.take(), rhythm) else {
            return;
        };
        let mut both = self.running.iter().chain(&self.over);
        let activity = both.find(|activity| Some(activity.id) == key.activity);
        let kind = activity.map_or(StepKind::Passive, |activity| activity.kind.into());
        // A row that was stored meanwhile gets it as an addition to what is there.
        let row = self.rows.entry(key).or_insert_with(|| MinuteRow::new(kind));
        row.interval_cv = u16::try_from(rhythm.interval_cv_permille).ok();
        row.peak_cv = u16::try_from(rhythm.peak_cv_permille).ok();
    }

    fn listen(&mut self, t_us: i64, timeline: &Timeline, now: Now, listened: &mut Listened) {
        let passed = self.last_sample_us.map_or(0, |last| t_us.saturating_sub(last));
        self.last_sample_us = Some(t_us);
        if !(1..=LISTENING_US).contains(&passed) {
            return;
        }
        let mono_ms = self.sensor.to_mono(t_us).div_euclid(1000).min(now.mono_ms);
        let t_ms = timeline.at(mono_ms);
        let minute = Minute::at(t_ms);
        if listened.minute != Some(minute) {
            self.heard(listened);
            listened.minute = Some(minute);
            listened.t_ms = t_ms;
        }
        listened.us += passed;
    }

    /// Adds the time that was listened in one minute to its row.
    fn heard(&mut self, listened: &mut Listened) {
        let Listened {
            minute: Some(minute),
            t_ms,
            us,
        } = std::mem::take(listened)
        else {
            return;
        };
        if self.frozen.contains(&minute) {
            return;
        }
        let key = self.key_at(t_ms);
        let kind = self
            .activity_at(t_ms)
            .map_or(StepKind::Passive, |activity| activity.kind.into());
        let row = self.rows.entry(key).or_insert_with(|| MinuteRow::new(kind));
        row.covered_ms = row
            .covered_ms
            .saturating_add(u32::try_from(us / 1000).unwrap_or(0));
    }

    fn key_at(&mut self, t_ms: i64) -> RowKey {
        let minute = self.open_minute(Minute::at(t_ms));
        let activity = self.activity_at(t_ms).map(|activity| activity.id);
        RowKey {
            minute,
            source: StepSource::Motion,
            activity,
        }
    }

    pub(crate) fn activity_at(&mut self, t_ms: i64) -> Option<&mut Activity> {
        let both = self.running.iter_mut().chain(&mut self.over);
        both.into_iter().find(|activity| activity.covers(t_ms))
    }

    /// The minute itself, or the first after it that is in no upload yet: what came too late for its own minute
    /// isn't lost.
    pub(crate) fn open_minute(&self, mut minute: Minute) -> Minute {
        while self.frozen.contains(&minute) {
            minute = Minute(minute.0.saturating_add(1));
        }
        minute
    }
}

/// Time listened within one minute.
#[derive(Default)]
struct Listened {
    minute: Option<Minute>,
    t_ms: i64,
    us: i64,
}
