//! Weighs the rhythm's evidence and credits peaks as steps.

use crate::peaks::{Peak, Peaks};
use crate::regularity::{Regularity, Variation};
use crate::rhythm::{Beat, Rhythm};
use crate::timeline::{Cell, Row, Timeline};
use crate::{Gait, GaitHint, Sample};
use heapless::Deque;
use serde::{Deserialize, Serialize};

/// Similarity above this speaks for steps, below it against them, by as much as it differs, twice a second.
const NEUTRAL: f64 = 0.4;
/// So much evidence confirms a series of steps: 1.5 s of a perfect rhythm, 3 s of a middling one. More is not
/// gathered, so that a series ends 2 to 4 s after its rhythm.
const CONFIRMED: f64 = 1.25;
/// Steps that last longer or shorter by more than this share than at the look before speak for nothing.
const STEADY: f64 = 0.2;
/// In a confirmed series only a look this similar changes how long a step is taken to last.
const TRUSTED: f64 = 0.75;
/// A look at the rhythm compares the 4 s before it: steps are credited from that long before the first evidence.
const LOOK_BACK_US: i64 = 4_000_000;
/// Before them come the first steps, which are still uneven: peaks that lead to them without a break. They are at most
/// this share of a step early or late, one of them may be missing ...
const LEAD_SLACK: f64 = 0.3;
/// ... and each has at least this share of the next one's height. They go back no further than one hole may.
const LEAD_HEIGHT: f64 = 0.3;
/// Peaks nearer than this share of a step belong to one step.
const APART: f64 = 0.55;
/// In a confirmed series, a hole longer than this many steps lost one (its peak drowned in a gesture) ...
const HOLE: f64 = 1.6;
/// ... unless it is longer than this, in seconds: then the person stood.
const LONGEST_HOLE_S: f64 = 1.5;
/// A stretch is machine-made when its steps vary by less than this, deviation ÷ mean, in time ...
const MACHINE_INTERVAL_CV: f64 = 0.01;
/// ... and by less than this in height.
const MACHINE_HEIGHT_CV: f64 = 0.03;
/// It leaves this much evidence to be made up for: ten seconds of walking, so that a hiccup of the machine is no walk.
const DISTRUST: f64 = -10.0;
/// The stretch that is looked at for it, in microseconds, and the least intervals it must have: fewer agree by chance.
const MACHINE_US: i64 = 6_000_000;
const MACHINE_INTERVALS: u32 = 8;
/// Cadence is the mean over this many steps.
const CADENCE_STEPS: usize = 9;

/// One credited step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When the foot struck, in microseconds on the samples' clock. Later than the step before.
    pub t_us: i64,
    /// How the person moved.
    pub gait: Gait,
    /// How well the movement around it repeated itself, from 0 to 1.
    pub confidence: f64,
}

/// What became of the samples so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stats {
    /// Samples handed in.
    pub samples: u64,
    /// Of those, dropped because they were not a number or no acceleration.
    pub unreadable: u64,
    /// Dropped because they had the time of the one before.
    pub repeated: u64,
    /// Dropped because they were older than the one before.
    pub late: u64,
    /// Dropped because their time was far off.
    pub doubtful: u64,
    /// Recordings started: 1, and one more for each gap over 1.5 s or jump of the clock.
    pub recordings: u64,
    /// Steps credited.
    pub steps: u64,
}

/// Counts steps in a stream of samples.
///
/// Push every sample; steps come out as soon as they are certain, that is in retrospect, a few seconds after a
/// series of them began. Call [`finish`](Self::finish) at a pause or at the end. It allocates nothing but in
/// [`save`](Self::save).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepCounter {
    hint: GaitHint,
    timeline: Timeline,
    recording: Option<Recording>,
    variation: Variation,
    stats: Stats,
}

impl StepCounter {
    /// A counter that has seen nothing.
    #[must_use]
    pub fn new(hint: GaitHint) -> Self {
        Self {
            hint,
            timeline: Timeline::default(),
            recording: None,
            variation: Variation::default(),
            stats: Stats::default(),
        }
    }

    /// Takes a sample and hands over the steps that it makes certain, oldest first.
    pub fn push(&mut self, sample: Sample, on_step: &mut impl FnMut(Step)) {
        let Self {
            hint,
            timeline,
            recording,
            variation,
            stats,
        } = self;
        let mut credit = |step: Step| {
            stats.steps += 1;
            on_step(step);
        };
        let row = timeline.push(sample, |cell| {
            let recording = recording.get_or_insert_with(|| Recording::starting_at(cell.magnitude_g));
            recording.push(cell, *hint, variation, &mut credit);
        });
        if row == Row::Restarted
            && let Some(mut ended) = recording.take()
        {
            ended.credit(*hint, variation, &mut credit);
        }
        let counts = match row {
            Row::Taken => None,
            Row::Restarted => Some(&mut stats.recordings),
            Row::Unreadable => Some(&mut stats.unreadable),
            Row::Repeated => Some(&mut stats.repeated),
            Row::Late => Some(&mut stats.late),
            Row::Doubtful => Some(&mut stats.doubtful),
        };
        if let Some(count) = counts {
            *count += 1;
        }
        stats.samples += 1;
    }

    /// Hands over what a confirmed series still holds, and ends the recording: at a pause, and at the end.
    pub fn finish(&mut self, on_step: &mut impl FnMut(Step)) {
        if let Some(mut ended) = self.recording.take() {
            let stats = &mut self.stats;
            ended.credit(self.hint, &mut self.variation, &mut |step| {
                stats.steps += 1;
                on_step(step);
            });
        }
        self.timeline = Timeline::default();
    }

    /// Steps a minute over the last few steps, while somebody is moving.
    #[must_use]
    pub fn cadence_spm(&self) -> Option<f64> {
        self.moving()?.cadence_spm()
    }

    /// Walking or running, while somebody is moving.
    #[must_use]
    pub fn gait(&self) -> Option<Gait> {
        let recording = self.recording.as_ref()?;
        self.moving().map(|_| recording.gait(self.hint))
    }

    /// How well the movement repeats itself, from 0 to 1; 0 while nobody is moving.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        self.moving().map_or(0.0, |recording| recording.similarity)
    }

    fn moving(&self) -> Option<&Recording> {
        self.recording.as_ref().filter(|recording| recording.confirmed)
    }

    /// How much the steps credited since the last call varied; `None` when there were too few to tell.
    #[must_use]
    pub fn take_regularity(&mut self) -> Option<Regularity> {
        std::mem::take(&mut self.variation).regularity()
    }

    /// What became of the samples so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats
    }
}

/// An unbroken stretch of samples, and the series of steps in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Recording {
    peaks: Peaks,
    rhythm: Rhythm,
    /// The last look's similarity, and how long a step lasted by it.
    similarity: f64,
    looked_s: f64,
    /// How long a step lasts in this series.
    step_s: f64,
    evidence: f64,
    /// Peaks may be credited from a fraction of a step after this on, once the evidence suffices.
    creditable_from_us: i64,
    /// The last credited peak, of this series or one before.
    credited_us: i64,
    confirmed: bool,
    /// When the last steps of the confirmed series were.
    recent: Deque<i64, CADENCE_STEPS>,
}

impl Recording {
    fn starting_at(magnitude_g: f64) -> Self {
        Self {
            peaks: Peaks::starting_at(magnitude_g),
            rhythm: Rhythm::starting_at(magnitude_g),
            similarity: 0.0,
            looked_s: 0.0,
            step_s: 0.5,
            evidence: 0.0,
            creditable_from_us: i64::MIN,
            credited_us: i64::MIN,
            confirmed: false,
            recent: Deque::new(),
        }
    }

    fn push(
        &mut self,
        cell: Cell,
        hint: GaitHint,
        variation: &mut Variation,
        on_step: &mut impl FnMut(Step),
    ) {
        self.peaks.push(cell);
        if let Some(beat) = self.rhythm.push(cell.magnitude_g)
            && self.weigh(beat, cell.t_us)
        {
            self.credit(hint, variation, on_step);
        }
    }

    /// Weighs a look at the rhythm; true when it speaks for steps in a confirmed series.
    fn weigh(&mut self, beat: Beat, now_us: i64) -> bool {
        self.similarity = beat.similarity;
        let speaks = match beat.similarity - NEUTRAL {
            speaks if speaks > 0.0 && !self.is_steady(beat) => 0.0,
            speaks => speaks,
        };
        self.looked_s = beat.step_s;
        if self.evidence <= 0.0 && !self.confirmed {
            let from_us = now_us.saturating_sub(LOOK_BACK_US);
            self.creditable_from_us = self.creditable_from_us.max(from_us);
        }
        self.evidence = if self.is_machine(beat, now_us) {
            DISTRUST
        } else {
            (self.evidence + speaks).clamp(self.evidence.min(0.0), CONFIRMED)
        };
        if beat.step_s > 0.0 && (!self.confirmed || beat.similarity >= TRUSTED) {
            self.step_s = beat.step_s;
        }
        if self.confirmed && self.evidence <= 0.0 {
            self.confirmed = false;
            self.recent.clear();
        }
        self.confirmed |= self.evidence >= CONFIRMED;
        self.confirmed && speaks >= 0.0
    }

    /// Whether a step lasts about as long as it seemed to at the look before, if that saw any.
    fn is_steady(&self, beat: Beat) -> bool {
        let (short, long) = (self.looked_s.min(beat.step_s), self.looked_s.max(beat.step_s));
        short <= 0.0 || long <= short * (1.0 + STEADY)
    }

    /// Whether the last seconds are more regular than any body moves.
    fn is_machine(&self, beat: Beat, now_us: i64) -> bool {
        let mut stretch = Variation::default();
        let mut before: Option<i64> = None;
        let apart_us = seconds_us(APART * beat.step_s);
        for peak in self.peaks.spaced(now_us.saturating_sub(MACHINE_US), apart_us) {
            if let Some(before) = before {
                stretch.intervals_s.push(us_between(before, peak.t_us));
            }
            stretch.heights_g.push(peak.height_g);
            before = Some(peak.t_us);
        }
        let (time, height) = (&stretch.intervals_s, &stretch.heights_g);
        time.count() >= MACHINE_INTERVALS
            && time.cv().is_some_and(|cv| cv < MACHINE_INTERVAL_CV)
            && height.cv().is_some_and(|cv| cv < MACHINE_HEIGHT_CV)
    }

    /// Credits the peaks that are due, if the series is confirmed.
    fn credit(&mut self, hint: GaitHint, variation: &mut Variation, on_step: &mut impl FnMut(Step)) {
        if !self.confirmed {
            return;
        }
        let (gait, confidence) = (self.gait(hint), self.similarity);
        let apart_us = seconds_us(APART * self.step_s);
        if self.recent.is_empty() {
            self.creditable_from_us = self.lead_us(apart_us);
        }
        let mut due = self.peaks.spaced(self.creditable_from_us, apart_us).peekable();
        while let Some(peak) = due.next() {
            let last_us = self.recent.back().copied();
            let passed_s = last_us.map(|last_us| us_between(last_us, peak.t_us));
            let goes_on = due
                .peek()
                .is_some_and(|next| us_between(peak.t_us, next.t_us) < HOLE * self.step_s);
            if !goes_on && passed_s.is_some_and(|passed_s| self.stood_for(passed_s)) {
                // One peak after standing is a gesture, until a second one makes it a step.
                break;
            }
            let lost = passed_s.map_or(0.0, |passed_s| self.lost_in(passed_s));
            if let (Some(last_us), Some(passed_s)) = (last_us, passed_s) {
                let mut nth = 1.0;
                while nth <= lost {
                    let t_us = last_us.saturating_add(seconds_us(passed_s * nth / (lost + 1.0)));
                    remember(&mut self.recent, t_us);
                    on_step(Step {
                        t_us,
                        gait,
                        confidence,
                    });
                    nth += 1.0;
                }
                if passed_s <= HOLE * self.step_s {
                    variation.intervals_s.push(passed_s);
                }
            }
            variation.heights_g.push(peak.height_g);
            remember(&mut self.recent, peak.t_us);
            on_step(Step {
                t_us: peak.t_us,
                gait,
                confidence,
            });
            self.creditable_from_us = peak.t_us;
            self.credited_us = peak.t_us;
        }
    }

    /// From when on a series' peaks are credited: some of its first steps came before what confirmed it.
    fn lead_us(&self, apart_us: i64) -> i64 {
        let sure_us = self.creditable_from_us;
        let earliest_us = sure_us.saturating_sub(seconds_us(LONGEST_HOLE_S));
        let mut lead: Option<(i64, Peak)> = None;
        for peak in self.peaks.spaced(earliest_us.max(self.credited_us), apart_us) {
            let first_us = match lead {
                Some((first_us, before)) if self.leads(before, peak) => first_us,
                _ => peak.t_us,
            };
            if peak.t_us.saturating_sub(sure_us) >= apart_us {
                return sure_us.min(first_us.saturating_sub(apart_us));
            }
            lead = Some((first_us, peak));
        }
        sure_us
    }

    /// Whether a peak may be a step before another one.
    fn leads(&self, before: Peak, peak: Peak) -> bool {
        let passed_s = us_between(before.t_us, peak.t_us);
        let off_s = (passed_s - self.step_s)
            .abs()
            .min((passed_s - 2.0 * self.step_s).abs());
        passed_s < LONGEST_HOLE_S
            && off_s < LEAD_SLACK * self.step_s
            && before.height_g > LEAD_HEIGHT * peak.height_g
    }

    /// Whether a pause of `passed_s` between two peaks is more than a slow or a lost step.
    fn stood_for(&self, passed_s: f64) -> bool {
        passed_s > LONGEST_HOLE_S.max(2.0 * self.step_s)
    }

    /// How many steps lost their peak in a pause of `passed_s` between two peaks of a confirmed series.
    fn lost_in(&self, passed_s: f64) -> f64 {
        let is_hole = passed_s > HOLE * self.step_s && passed_s < LONGEST_HOLE_S;
        if is_hole {
            (passed_s / self.step_s).round() - 1.0
        } else {
            0.0
        }
    }

    fn gait(&self, hint: GaitHint) -> Gait {
        Gait::of(60.0 / self.step_s, self.rhythm.shake_g(), hint)
    }

    fn cadence_spm(&self) -> Option<f64> {
        let (first, last) = (self.recent.front()?, self.recent.back()?);
        let passed_s = us_between(*first, *last);
        (passed_s > 0.0).then(|| 60.0 * (self.recent.len() - 1) as f64 / passed_s)
    }
}

/// Adds to the newest few.
fn remember(recent: &mut Deque<i64, CADENCE_STEPS>, t_us: i64) {
    if recent.is_full() {
        recent.pop_front();
    }
    // It has room now.
    let _ = recent.push_back(t_us);
}

/// Seconds in whole microseconds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and spans here are seconds"
)]
fn seconds_us(seconds: f64) -> i64 {
    (seconds * 1e6) as i64
}

/// How many seconds lie between two times in microseconds (exact up to 285 years).
fn us_between(from_us: i64, to_us: i64) -> f64 {
    to_us.saturating_sub(from_us) as f64 / 1e6
}

#[cfg(test)]
mod tests;
