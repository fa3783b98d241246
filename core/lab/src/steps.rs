//! The steps of a recording.

use crate::LabError;
use crate::samples::Samples;
use haigou_motion::{Gait, GaitHint, Sample, Step, StepCounter};
use serde::Serialize;
use std::path::Path;
use std::time::Instant;

/// So many samples are read before they are counted, so that reading stays out of the measured time.
const BATCH: usize = 1_024;
/// Steps further apart than this, in seconds, have a pause between them that is no part of the cadence.
const LONGEST_STEP_S: f64 = 2.5;

/// What was counted in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepSummary {
    /// The file, as it was named.
    pub file: String,
    /// Steps of every kind.
    pub steps: u64,
    /// Of those, running.
    pub running: u64,
    /// From the first sample to the last, in seconds.
    pub duration_s: f64,
    /// Steps a minute while moving; 0 without steps.
    pub cadence_spm: f64,
    /// Rows read.
    pub samples: u64,
    /// Of those, not used: repeated, late, or off in time or size.
    pub dropped: u64,
    /// What counting took (reading not included): the median over batches, so that the turns of other programs on
    /// the processor don't count.
    pub ns_per_sample: f64,
}

/// Counts the steps of a file. `rest` as for [`Samples::open`].
///
/// # Errors
/// When the file can't be used.
pub fn count(file: &Path, rest: Option<f64>, hint: GaitHint) -> Result<StepSummary, LabError> {
    let mut samples = Samples::open(file, rest)?;
    let mut counter = StepCounter::new(hint);
    let mut tally = Tally::default();
    let mut costs_ns = Vec::new();
    let mut span: Option<(i64, i64)> = None;
    let mut batch: Vec<Sample> = Vec::with_capacity(BATCH);
    loop {
        batch.clear();
        while batch.len() < BATCH
            && let Some(sample) = samples.next_sample()?
        {
            let (first, last) = span.unwrap_or((sample.t_us, sample.t_us));
            span = Some((first.min(sample.t_us), last.max(sample.t_us)));
            batch.push(sample);
        }
        let from = Instant::now();
        for sample in &batch {
            counter.push(*sample, &mut |step| tally.take(step));
        }
        if !batch.is_empty() {
            costs_ns.push(from.elapsed().as_secs_f64() * 1e9 / batch.len() as f64);
        }
        if batch.len() < BATCH {
            break;
        }
    }
    counter.finish(&mut |step| tally.take(step));
    let stats = counter.stats();
    let (first, last) = span.unwrap_or_default();
    Ok(StepSummary {
        file: file.display().to_string(),
        steps: stats.steps,
        running: tally.running,
        duration_s: rounded(seconds(last.saturating_sub(first)), 3),
        cadence_spm: rounded(tally.cadence_spm(), 1),
        samples: stats.samples,
        dropped: stats.unreadable + stats.repeated + stats.late + stats.doubtful,
        ns_per_sample: rounded(median(&mut costs_ns), 1),
    })
}

/// What is kept of the steps.
#[derive(Default)]
struct Tally {
    running: u64,
    last_us: Option<i64>,
    intervals: u32,
    moving_s: f64,
}

impl Tally {
    fn take(&mut self, step: Step) {
        self.running += u64::from(step.gait == Gait::Run);
        if let Some(last_us) = self.last_us.replace(step.t_us) {
            let passed_s = seconds(step.t_us.saturating_sub(last_us));
            if (0.0..LONGEST_STEP_S).contains(&passed_s) {
                self.intervals += 1;
                self.moving_s += passed_s;
            }
        }
    }

    fn cadence_spm(&self) -> f64 {
        if self.moving_s > 0.0 {
            60.0 * f64::from(self.intervals) / self.moving_s
        } else {
            0.0
        }
    }
}

/// The middle one; 0 of none.
fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Microseconds in seconds.
fn seconds(us: i64) -> f64 {
    us as f64 / 1e6
}

/// For print: so many digits after the point.
pub(crate) fn rounded(x: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (x * scale).round() / scale
}
