//! A walk or run from start to end.

mod imported;

use std::collections::VecDeque;

use haigou_contract::{ActivityKind, ActivitySummary, Day};
use haigou_route::heart::HeartTime;
use haigou_route::{Body, Course, Energy, Fix, Gait, Settings, Summary, Tracker, Verdict};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::BodyProfile;
use crate::estimate::Estimate;
use crate::minute::whole;

/// The greatest speed is one that was held so long, in milliseconds.
const HELD_MS: i64 = 30_000;
/// Cadence is that of the latest steps within this time, in milliseconds.
const CADENCE_MS: i64 = 10_000;

/// An activity, with all that is needed to go on with it after the app was killed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Activity {
    pub(crate) id: Uuid,
    /// The start of the phone that it was recorded in last.
    boot: String,
    pub(crate) kind: ActivityKind,
    pub(crate) started_ms: i64,
    pub(crate) ended_ms: Option<i64>,
    /// Time in motion so far, without pauses and standing.
    pub(crate) active_ms: i64,
    /// Steps that the phone itself counted.
    steps: u32,
    /// Steps that bands' counters went up by meanwhile.
    #[serde(default)]
    band_steps: u32,
    pub(crate) tracker: Tracker,
    /// What no position speaks of.
    estimate: Estimate,
    body: Body,
    #[serde(default)]
    pub(crate) heart: HeartTime,
    /// Read from a file: shown, and of no account otherwise.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) imported: bool,
    /// Positions so far, used or not.
    pub(crate) positions: u32,
    /// Start by the monotonic clock; none once the phone was started anew.
    started_mono: Option<i64>,
    /// From start to end by the monotonic clock, once it is over.
    monotonic_ms: Option<i64>,
    /// Up to when time was counted, by the monotonic clock; none while paused.
    counted_to: Option<i64>,
    /// When it was not paused, in the phone's time.
    spans: Vec<Span>,
    mock_positions: u32,
    /// Time, latitude and longitude of the last half minute's positions.
    window: VecDeque<(i64, f64, f64)>,
    top_speed_mps: Option<f64>,
    /// Times of the latest steps.
    latest: VecDeque<i64>,
}

/// A stretch between start, pauses and end, in the phone's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    from_ms: i64,
    to_ms: Option<i64>,
}

/// How far it went, and what that took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Way {
    pub(crate) distance_m: f64,
    pub(crate) energy: Energy,
    /// More than a trifle of it is estimated.
    pub(crate) estimated: bool,
}

/// A moment on both of the phone's clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// The phone's time, in milliseconds since the Unix epoch.
    pub(crate) t_ms: i64,
    /// The monotonic clock, in milliseconds.
    pub(crate) mono_ms: i64,
}

impl Activity {
    pub(crate) fn start(kind: ActivityKind, profile: &BodyProfile, boot: &str, now: Now) -> Self {
        let body = profile.for_calories(Day::at(now.t_ms));
        let gait = match kind {
            ActivityKind::Walk => Gait::Walk,
            ActivityKind::Run => Gait::Run,
        };
        Self {
            id: Uuid::new_v4(),
            boot: boot.to_owned(),
            kind,
            started_ms: now.t_ms,
            ended_ms: None,
            active_ms: 0,
            steps: 0,
            band_steps: 0,
            tracker: Tracker::new(Settings {
                gait,
                auto_pause: true,
                body,
            }),
            estimate: Estimate::new(profile.height_m(), now.t_ms),
            body,
            heart: profile.heart(now.t_ms),
            imported: false,
            positions: 0,
            started_mono: Some(now.mono_ms),
            monotonic_ms: None,
            counted_to: Some(now.mono_ms),
            spans: vec![Span {
                from_ms: now.t_ms,
                to_ms: None,
            }],
            mock_positions: 0,
            window: VecDeque::new(),
            top_speed_mps: None,
            latest: VecDeque::new(),
        }
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.counted_to.is_none()
    }

    /// Standing: the positions don't move, and no steps come.
    pub(crate) fn is_standing(&self, now: Now) -> bool {
        let stepping = self.latest.back().is_some_and(|t| now.t_ms - t <= CADENCE_MS);
        !stepping && self.tracker.summary().auto_paused
    }

    /// Whether it ended at that moment or later, or goes on.
    pub(crate) fn ended_since(&self, t_ms: i64) -> bool {
        self.ended_ms.is_none_or(|ended_ms| ended_ms >= t_ms)
    }

    /// Lets time pass.
    pub(crate) fn tick(&mut self, now: Now) {
        let standing = self.is_standing(now);
        if let Some(to) = &mut self.counted_to {
            let passed = now.mono_ms.saturating_sub(*to).max(0);
            *to = now.mono_ms.max(*to);
            self.heart.advance(now.t_ms);
            if !standing {
                self.active_ms += passed;
            }
        }
    }

    pub(crate) fn pause(&mut self, now: Now) {
        self.tick(now);
        self.counted_to = None;
        self.close_span(now.t_ms);
        self.tracker.pause(now.t_ms);
        self.estimate.pause(now.t_ms);
        self.heart.pause(now.t_ms);
    }

    pub(crate) fn resume(&mut self, now: Now) {
        self.counted_to = Some(now.mono_ms);
        self.spans.push(Span {
            from_ms: now.t_ms,
            to_ms: None,
        });
        self.tracker.resume(now.t_ms);
        self.estimate.resume(now.t_ms);
    }

    /// Ends it. The answer: metres that were held back until now.
    pub(crate) fn finish(&mut self, now: Now) -> f64 {
        let before = self.measured_m();
        if !self.is_paused() {
            self.pause(now);
        }
        self.tracker.finish();
        self.ended_ms = Some(now.t_ms.max(self.started_ms));
        self.monotonic_ms = self
            .started_mono
            .map(|start| now.mono_ms.saturating_sub(start).max(0));
        (self.measured_m() - before).max(0.0)
    }

    /// The app is there again after it was killed. The time in between doesn't count as motion.
    pub(crate) fn wake(&mut self, now: Now, boot: &str) {
        if self.boot != boot {
            self.started_mono = None;
            boot.clone_into(&mut self.boot);
        }
        if let Some(to) = &mut self.counted_to {
            *to = now.mono_ms;
        }
    }

    /// Everything was filed too late or too early by so much.
    pub(crate) fn shift(&mut self, by_ms: i64) {
        self.started_ms = self.started_ms.saturating_add(by_ms);
        self.ended_ms = self.ended_ms.map(|t| t.saturating_add(by_ms));
        for span in &mut self.spans {
            span.from_ms = span.from_ms.saturating_add(by_ms);
            span.to_ms = span.to_ms.map(|t| t.saturating_add(by_ms));
        }
        self.estimate.shift(by_ms);
        self.heart.shift(by_ms);
    }

    /// Whether a moment belongs to it: after the start, before the end, in no pause.
    pub(crate) fn covers(&self, t_ms: i64) -> bool {
        let within = |span: &Span| span.from_ms <= t_ms && span.to_ms.is_none_or(|to| t_ms < to);
        self.spans.iter().rev().any(within)
    }

    /// Steps so far, by whoever counted more: they become the minutes' when it is over.
    pub(crate) fn steps(&self) -> u32 {
        self.steps.max(self.band_steps)
    }

    /// A band's counter went up. Where the phone lies still (on a treadmill's shelf), the way is estimated from its steps.
    pub(crate) fn add_band_steps(&mut self, steps: u32, t_ms: i64) {
        if self.is_paused() {
            return;
        }
        let before = self.steps();
        self.band_steps = self.band_steps.saturating_add(steps);
        let more = self.steps().saturating_sub(before);
        if more > 0 {
            self.estimate.step(more, t_ms, None, self.kind);
        }
    }

    pub(crate) fn add_steps(&mut self, steps: u32, t_ms: i64) {
        let before = self.steps();
        self.steps = self.steps.saturating_add(steps);
        if self.latest.back().is_none_or(|last| *last <= t_ms) {
            self.latest.push_back(t_ms);
        }
        while self.latest.front().is_some_and(|first| t_ms - first > CADENCE_MS) {
            self.latest.pop_front();
        }
        let cadence = self.latest_cadence();
        // What a band was quicker to count is part of the way already.
        let more = self.steps().saturating_sub(before);
        self.estimate.step(more, t_ms, cadence, self.kind);
    }

    /// Takes a position. The answer: whether it was used, and the metres that came to the distance.
    pub(crate) fn add_fix(&mut self, fix: Fix) -> (bool, f64) {
        let (before, bridged) = (self.measured_m(), self.tracker.summary().gaps_bridged);
        let used = self.tracker.push(fix) == Verdict::Accepted;
        self.positions = self.positions.saturating_add(1);
        if fix.mock {
            self.mock_positions = self.mock_positions.saturating_add(1);
        }
        if used {
            self.watch_speed(&fix);
            let bridged = self.tracker.summary().gaps_bridged > bridged;
            self.estimate.position(fix.t_ms, bridged);
        }
        (used, (self.measured_m() - before).max(0.0))
    }

    /// By the straight line between two positions: what trembles in between adds nothing.
    fn watch_speed(&mut self, fix: &Fix) {
        self.window.push_back((fix.t_ms, fix.lat, fix.lon));
        while let (Some(&(from_ms, lat, lon)), Some(&(next_ms, ..))) =
            (self.window.front(), self.window.get(1))
        {
            if fix.t_ms - from_ms < HELD_MS {
                break;
            }
            let speed =
                haigou_route::distance_m((lat, lon), (fix.lat, fix.lon)) / seconds(fix.t_ms - from_ms);
            self.top_speed_mps = Some(self.top_speed_mps.map_or(speed, |top| top.max(speed)));
            if fix.t_ms - next_ms < HELD_MS {
                break;
            }
            self.window.pop_front();
        }
    }

    fn close_span(&mut self, t_ms: i64) {
        if let Some(span) = self.spans.last_mut() {
            span.to_ms = Some(t_ms.max(span.from_ms));
        }
    }

    /// Metres by position.
    fn measured_m(&self) -> f64 {
        self.tracker.summary().distance_m
    }

    /// The way so far: by position, and estimated where there is none.
    pub(crate) fn way(&self, now_ms: i64) -> Way {
        let track = self.tracker.summary();
        let estimate = self.estimate.so_far(self.ended_ms.map_or(now_ms, |_| i64::MAX));
        let more = estimate.energy(&self.body, self.kind);
        Way {
            distance_m: track.distance_m + estimate.metres,
            energy: Energy {
                gross_kcal: track.energy.gross_kcal + more.gross_kcal,
                net_kcal: track.energy.net_kcal + more.net_kcal,
            },
            estimated: estimate.outweighs(track.distance_m),
        }
    }

    /// Its positions, one piece between pauses each.
    pub(crate) fn segments(&self, fixes: Vec<Fix>) -> Vec<Vec<Fix>> {
        let mut segments = vec![Vec::new(); self.spans.len()];
        for fix in fixes {
            let span = self
                .spans
                .iter()
                .rposition(|span| span.from_ms <= fix.t_ms)
                .unwrap_or(0);
            if let Some(segment) = segments.get_mut(span) {
                segment.push(fix);
            }
        }
        segments.retain(|segment| !segment.is_empty());
        segments
    }

    pub(crate) fn elapsed_ms(&self, now: Now) -> i64 {
        self.ended_ms
            .unwrap_or(now.t_ms)
            .saturating_sub(self.started_ms)
            .max(0)
    }

    /// Steps per minute of the last seconds; none while there are hardly any.
    pub(crate) fn cadence_spm(&self, now: Now) -> Option<u16> {
        let fresh = now.t_ms - *self.latest.back()? <= CADENCE_MS;
        let cadence = self.latest_cadence().filter(|_| fresh)?;
        u16::try_from(whole(cadence)).ok()
    }

    fn latest_cadence(&self) -> Option<f64> {
        let (first, last) = (*self.latest.front()?, *self.latest.back()?);
        let intervals = u32::try_from(self.latest.len().saturating_sub(1)).ok()?;
        (last > first && intervals >= 3).then(|| f64::from(intervals) * 60.0 / seconds(last - first))
    }

    /// Mean heart rate in beats per minute: over the time that readings speak of, else over the positions.
    pub(crate) fn heart_rate(&self) -> Option<f64> {
        self.heart.mean().or_else(|| self.tracker.summary().heart_rate)
    }

    /// Its positions as a course, for charts and fastest kilometres.
    pub(crate) fn course(&self, fixes: Vec<Fix>) -> Course {
        let settings = Settings {
            gait: Gait::Auto,
            auto_pause: true,
            body: self.body,
        };
        Course::of(&self.segments(fixes), settings)
    }

    /// As it is reported to the server; `steps` are those of its minutes.
    pub(crate) fn summary(&self, steps: u32) -> ActivitySummary {
        let track: Summary = self.tracker.summary();
        let way = self.way(i64::MAX);
        ActivitySummary {
            id: self.id,
            kind: self.kind,
            started_ms: self.started_ms,
            ended_ms: self.ended_ms.unwrap_or(self.started_ms),
            active_ms: self.active_ms,
            monotonic_ms: self.monotonic_ms,
            steps,
            distance_m: way.distance_m,
            estimated: way.estimated,
            ascent_m: track.ascent_m,
            kcal_gross: way.energy.gross_kcal,
            kcal_net: way.energy.net_kcal,
            heart_rate: self.heart_rate().and_then(|bpm| u16::try_from(whole(bpm)).ok()),
            positions: u32::try_from(track.accepted).unwrap_or(u32::MAX),
            mock_positions: self.mock_positions,
            top_speed_mps: self.top_speed_mps,
        }
    }
}

/// Milliseconds as seconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "a lifetime in milliseconds is exact in a double"
)]
pub(crate) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
