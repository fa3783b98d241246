//! Steps of the phone's built-in counter, shared out over the time between two readings.

use haigou_contract::{Minute, StepKind, StepSource};

use crate::counter::Burst;
use crate::minute::{MinuteRow, RowKey, Rows, TRIFLE_MS, add_rows};
use crate::recorder::Recorder;
use crate::timeline::Timeline;
use crate::{CounterReading, PhoneError};

impl Recorder {
    /// Takes a reading of the phone's step counter.
    pub(crate) fn reading(
        &mut self,
        reading: CounterReading,
        boot: &str,
    ) -> Result<Option<Burst>, PhoneError> {
        // What another start of the phone counted can't be placed in time any more.
        let here = reading.boot_id == boot;
        Ok(self.counter.read(reading)?.filter(|_| here))
    }

    /// Shares a burst of the step counter out over its time. `known` are the stored rows of its minutes.
    ///
    /// The time in which the app did not listen gets its share by length, but no more than what is left of the burst
    /// without the steps that the app itself counted meanwhile. The rest belongs to the time in which it did.
    pub(crate) fn spread(&mut self, burst: Burst, mut known: Rows, timeline: &Timeline) {
        add_rows(&mut known, &self.rows);
        let (from, to) = (timeline.at(burst.from_ms), timeline.at(burst.to_ms));
        let last = Minute::at(to.saturating_sub(1));
        let parts: Vec<Part> = (Minute::at(from).0..=last.0)
            .map(|minute| Part::of(Minute(minute), from, to, &known))
            .collect();
        let unheard_ms: i64 = parts.iter().map(|part| part.unheard_ms).sum();
        let motion: i64 = parts.iter().map(|part| part.motion).sum();
        let steps = i64::from(burst.steps);
        let unheard = (steps * unheard_ms / (to - from).max(1))
            .min(steps - motion)
            .max(0);

        let is_open = |part: &&Part| !self.frozen.contains(&part.minute);
        let (deaf, awake): (Vec<Part>, Vec<Part>) =
            parts.iter().filter(is_open).partition(|part| part.unheard_ms > 0);
        // A minute that was listened to in part is told what the counter says of all of it.
        let (deaf_ms, deaf_unheard_ms) = lengths(&deaf);
        let told = (unheard * deaf_ms / deaf_unheard_ms.max(1)).min(steps);
        if unheard > 0 && deaf.is_empty() {
            self.count(unheard, unheard, self.open_minute(last), to.saturating_sub(1));
        }
        for (part, steps) in share_out(told, &deaf) {
            self.cover(&part);
            let new = steps * part.unheard_ms / part.length_ms.max(1);
            self.count(steps, new, part.minute, part.middle_ms());
        }
        for (part, steps) in share_out(steps - told, &awake) {
            self.cover(&part);
            self.count(steps, 0, part.minute, part.middle_ms());
        }
    }

    /// Files steps of the phone's counter; `new` of them no other source has counted for the activity.
    fn count(&mut self, steps: i64, new: i64, minute: Minute, t_ms: i64) {
        let [steps, new] = [steps, new].map(|steps| u32::try_from(steps).unwrap_or(0));
        if steps == 0 {
            return;
        }
        if new > 0
            && let Some(activity) = self.activity_at(t_ms)
        {
            activity.add_steps(new, t_ms);
        }
        let row = self.counter_row(minute, t_ms);
        row.steps = row.steps.saturating_add(steps);
    }

    /// Files the time that a burst speaks of.
    fn cover(&mut self, part: &Part) {
        let ms = u32::try_from(part.length_ms).unwrap_or(0);
        let row = self.counter_row(part.minute, part.middle_ms());
        row.covered_ms = row.covered_ms.saturating_add(ms);
    }

    fn counter_row(&mut self, minute: Minute, t_ms: i64) -> &mut MinuteRow {
        let (activity, kind) = match self.activity_at(t_ms) {
            Some(activity) => (Some(activity.id), activity.kind.into()),
            None => (None, StepKind::Passive),
        };
        let key = RowKey {
            minute,
            source: StepSource::Counter,
            activity,
        };
        self.rows.entry(key).or_insert_with(|| MinuteRow::new(kind))
    }
}

/// The part of a burst's time that lies in one minute, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Part {
    minute: Minute,
    start_ms: i64,
    length_ms: i64,
    /// Of it, so long the app did not listen.
    unheard_ms: i64,
    /// Steps that the app itself counted in the other part.
    motion: i64,
}

impl Part {
    fn of(minute: Minute, from: i64, to: i64, known: &Rows) -> Self {
        let end_ms = Minute(minute.0 + 1).start_ms().min(to);
        let start_ms = minute.start_ms().max(from);
        let length_ms = end_ms - start_ms;
        let (listened_ms, motion) = heard_in(known, minute);
        // The minute has lasted only so long yet, if it isn't over.
        let missed_ms = (end_ms - minute.start_ms() - listened_ms).max(0);
        let unheard_ms = if missed_ms <= i64::from(TRIFLE_MS) && listened_ms > 0 {
            0
        } else {
            missed_ms.min(length_ms)
        };
        Self {
            minute,
            start_ms,
            length_ms,
            unheard_ms,
            motion: if listened_ms > 0 {
                (motion * (length_ms - unheard_ms) / listened_ms).min(motion)
            } else {
                motion
            },
        }
    }

    fn middle_ms(&self) -> i64 {
        self.start_ms + self.length_ms / 2
    }
}

/// How long parts are together, and for how long the app did not listen in them.
fn lengths(parts: &[Part]) -> (i64, i64) {
    parts.iter().fold((0, 0), |(length, unheard), part| {
        (length + part.length_ms, unheard + part.unheard_ms)
    })
}

/// Shares steps out over parts by their length, to the step.
fn share_out(steps: i64, parts: &[Part]) -> Vec<(Part, i64)> {
    let (whole, _) = lengths(parts);
    let (mut passed, mut given) = (0, 0);
    let mut shares = Vec::new();
    for part in parts {
        passed += part.length_ms;
        let due = steps * passed / whole.max(1);
        shares.push((*part, due - given));
        given = due;
    }
    shares
}

/// For how long the app's own counting listened in a minute, and how many steps it has there.
fn heard_in(known: &Rows, minute: Minute) -> (i64, i64) {
    let first = RowKey {
        minute,
        source: StepSource::Motion,
        activity: None,
    };
    known
        .range(first..)
        .take_while(|(key, _)| key.minute == minute && key.source == StepSource::Motion)
        .fold((0, 0), |(ms, steps), (_, row)| {
            (ms + i64::from(row.covered_ms), steps + i64::from(row.steps))
        })
}

#[cfg(test)]
#[path = "spread_tests.rs"]
mod tests;
