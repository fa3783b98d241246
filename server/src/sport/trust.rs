//! How far an activity is believed: a score from 0 to 100 with what lowered it.
//!
//! A score, not a verdict: it takes no steps away (minutes are judged by themselves, [`super::plausibility`]) and tells
//! whoever looks at appeals and risks where to look first. Doubts about a part of the activity weigh by that part.

use haigou_contract::{ActivityKind, ActivitySummary, Doubt, StepKind, StepSource};

/// A minute of the activity, as far as trust is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// Which minute.
    pub(crate) minute: i64,
    /// Steps claimed.
    pub(crate) steps: u32,
    /// How they were made.
    pub(crate) kind: StepKind,
    /// Who counted.
    pub(crate) source: StepSource,
    /// Why it wasn't counted.
    pub(crate) doubt: Option<Doubt>,
}

/// Wall clock and monotonic clock may differ by so much (corrections by the network are smaller), in milliseconds.
const CLOCK_SLACK_MS: u64 = 60_000;
/// Top speed held over 30 s that no walker reaches, not even for a bus, in m/s.
const WALK_TOP_MPS: f64 = 7.0;
/// And no runner: 400 m records are run at 9.3 m/s.
const RUN_TOP_MPS: f64 = 10.0;
/// Mean speed that no runner holds over an activity: 10 km records are run at 6.4 m/s.
const MEAN_TOP_MPS: f64 = 6.5;
/// Metres per step: walking 0.3 to 1.3, running up to 2.5.
const STRIDE_MIN_M: f64 = 0.3;
const STRIDE_WALK_M: f64 = 1.3;
const STRIDE_RUN_M: f64 = 2.5;
/// So many positions a minute in motion are enough to believe a distance; with fewer, the signal was lost.
const POSITIONS_PER_MIN: f64 = 6.0;
/// Steps on foot in a minute, as in [`super::plausibility::MOST_STEPS`].
const MOST_CADENCE: f64 = 220.0;
/// Distance from fewer steps says nothing of a stride.
const STEPS_FOR_STRIDE: u32 = 100;

/// How much a doubt weighs at most.
const fn weight(doubt: Doubt) -> u32 {
    match doubt {
        Doubt::TooRegular => 60,
        Doubt::MockPositions | Doubt::NoRest => 40,
        Doubt::CadenceTooHigh | Doubt::TooFast => 30,
        Doubt::Stride | Doubt::Inconsistent => 25,
        Doubt::ClockChanged | Doubt::Overlap => 20,
        Doubt::ActivityOverlap => 15,
        Doubt::Future | Doubt::TooOld => 10,
    }
}

/// Judges an activity by its summary, its minutes and whether it overlaps another one: the score, and what lowered it.
///
/// The evidence sets the highest score: steps and positions 100, steps from raw motion 90, from a band 85, from a step
/// counter alone 80, from the system's health data 70.
pub(crate) fn judge(summary: &ActivitySummary, parts: &[Part], overlaps_another: bool) -> (u8, Vec<Doubt>) {
    let whole = summary_doubts(summary, parts, overlaps_another);
    let mut doubts = whole.clone();
    doubts.extend(parts.iter().filter_map(|part| part.doubt));
    doubts.sort_unstable();
    doubts.dedup();
    let claimed: u64 = parts.iter().map(|part| u64::from(part.steps)).sum();
    let lost: u64 = doubts
        .iter()
        .map(|&doubt| {
            let full = u64::from(weight(doubt));
            if whole.contains(&doubt) {
                return full;
            }
            let part: u64 = parts
                .iter()
                .filter(|part| part.doubt == Some(doubt))
                .map(|part| u64::from(part.steps))
                .sum();
            // Half of the activity in doubt weighs in full.
            (full * part * 2).checked_div(claimed).unwrap_or(0).min(full)
        })
        .sum();
    let score = u64::from(evidence(summary, parts)).saturating_sub(lost);
    (u8::try_from(score).unwrap_or(0), doubts)
}

fn evidence(summary: &ActivitySummary, parts: &[Part]) -> u8 {
    if has_way(summary) && summary.distance_m > 0.0 && !is_mocked(summary) {
        return 100;
    }
    let steps_by = |source| -> u64 {
        let by = parts.iter().filter(|part| part.source == source);
        by.map(|part| u64::from(part.steps)).sum()
    };
    // The one that counted most speaks for the whole; of equals, the better one.
    let [motion, band, counter, health] = [
        StepSource::Motion,
        StepSource::Band,
        StepSource::Counter,
        StepSource::Health,
    ]
    .map(steps_by);
    if motion >= band.max(counter).max(health) {
        90
    } else if band >= counter.max(health) {
        85
    } else if counter >= health {
        80
    } else {
        70
    }
}

/// What the summary as a whole says against itself.
fn summary_doubts(summary: &ActivitySummary, parts: &[Part], overlaps_another: bool) -> Vec<Doubt> {
    let minutes = minutes_in_motion(summary);
    let clock_changed = clock_changed(summary);
    let cadence = f64::from(summary.steps) / minutes;
    [
        (overlaps_another, Doubt::ActivityOverlap),
        (clock_changed, Doubt::ClockChanged),
        (is_mocked(summary), Doubt::MockPositions),
        (cadence > MOST_CADENCE && minutes >= 1.0, Doubt::CadenceTooHigh),
        (is_too_fast(summary, minutes), Doubt::TooFast),
        (is_stride_odd(summary), Doubt::Stride),
        (
            is_inconsistent(summary, parts, clock_changed),
            Doubt::Inconsistent,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, doubt)| holds.then_some(doubt))
    .collect()
}

fn clock_changed(summary: &ActivitySummary) -> bool {
    let wall = summary.ended_ms.saturating_sub(summary.started_ms);
    wall < 0
        || summary
            .monotonic_ms
            .is_some_and(|real| real.abs_diff(wall) > CLOCK_SLACK_MS)
}

fn minutes_in_motion(summary: &ActivitySummary) -> f64 {
    let seconds = u32::try_from(summary.active_ms.max(0) / 1_000).unwrap_or(u32::MAX);
    f64::from(seconds.max(1)) / 60.0
}

fn has_way(summary: &ActivitySummary) -> bool {
    f64::from(summary.positions) >= POSITIONS_PER_MIN * minutes_in_motion(summary)
}

fn is_too_fast(summary: &ActivitySummary, minutes: f64) -> bool {
    let top = match summary.kind {
        ActivityKind::Walk => WALK_TOP_MPS,
        ActivityKind::Run => RUN_TOP_MPS,
    };
    let mean = summary.distance_m / (minutes * 60.0);
    summary.top_speed_mps.is_some_and(|speed| speed > top) || (mean > MEAN_TOP_MPS && minutes >= 1.0)
}

/// One made-up position may be a glitch of the system; a tenth is not.
fn is_mocked(summary: &ActivitySummary) -> bool {
    summary.mock_positions > 0 && summary.mock_positions >= summary.positions / 10
}

/// Only a distance with enough positions speaks of strides: a lost signal shortens it, a treadmill has none.
fn is_stride_odd(summary: &ActivitySummary) -> bool {
    if !has_way(summary) || summary.steps < STEPS_FOR_STRIDE {
        return false;
    }
    let longest = match summary.kind {
        ActivityKind::Walk => STRIDE_WALK_M,
        ActivityKind::Run => STRIDE_RUN_M,
    };
    let stride = summary.distance_m / f64::from(summary.steps);
    !(STRIDE_MIN_M..=longest).contains(&stride)
}

fn is_inconsistent(summary: &ActivitySummary, parts: &[Part], clock_changed: bool) -> bool {
    let claimed: u64 = parts.iter().map(|part| u64::from(part.steps)).sum();
    let summed = u64::from(summary.steps);
    let slack = (claimed.max(summed) / 10).max(50);
    let other_kind = parts.iter().any(|part| part.kind != StepKind::from(summary.kind));
    if claimed.abs_diff(summed) > slack || other_kind {
        return true;
    }
    if clock_changed {
        return false;
    }
    let wall = summary.ended_ms.saturating_sub(summary.started_ms);
    let minute = 60_000;
    let outside = |part: &Part| {
        let start = part.minute.saturating_mul(minute);
        start > summary.ended_ms.saturating_add(minute)
            || start.saturating_add(2 * minute) < summary.started_ms
    };
    summary.active_ms > wall.saturating_add(minute) || parts.iter().any(outside)
}

#[cfg(test)]
mod tests;
