//! Steps of the phone's built-in counter, shared out over the time between two readings.

use haigou_contract::{Minute, StepKind, StepSource};

use crate::counter::Burst;
use crate::minute::{LISTENED_MS, MinuteRow, RowKey, Rows, add_rows};
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
    /// Minutes that the app's own counting listened to take what it counted there, so that the rest is neither
    /// counted twice nor lost; the rest is spread evenly over the other minutes.
    pub(crate) fn spread(&mut self, burst: Burst, mut known: Rows, timeline: &Timeline) {
        add_rows(&mut known, &self.rows);
        let (from, to) = (timeline.at(burst.from_ms), timeline.at(burst.to_ms));
        let mut left = burst.steps;
        let mut open: Vec<(Minute, i64)> = Vec::new();
        let mut minute = Minute::at(from);
        while minute <= Minute::at(to.saturating_sub(1)) {
            let start = minute.start_ms().max(from);
            let overlap_ms = Minute(minute.0 + 1).start_ms().min(to) - start;
            let (listened, missing) = heard_there(&known, minute);
            let frozen = self.frozen.contains(&minute);
            if listened {
                let here = missing.min(left);
                if !frozen {
                    self.count(here, minute, start, false);
                }
                left -= here;
            } else if !frozen {
                open.push((minute, overlap_ms));
            }
            minute = Minute(minute.0 + 1);
        }
        if open.is_empty() {
            let last = Minute::at(to.saturating_sub(1));
            let (listened, _) = heard_there(&known, last);
            self.count(left, self.open_minute(last), to.saturating_sub(1), !listened);
            return;
        }
        let whole: i64 = open.iter().map(|(_, ms)| ms).sum();
        let (mut passed, mut given) = (0_i64, 0_u32);
        for (minute, ms) in open {
            passed += ms;
            let due = i64::from(left) * passed / whole.max(1);
            let due = u32::try_from(due).unwrap_or(left);
            self.count(due - given, minute, minute.start_ms().max(from) + ms / 2, true);
            given = due;
        }
    }

    /// Files steps of the phone's counter; `seen` says that no other source has counted them for the activity.
    fn count(&mut self, steps: u32, minute: Minute, t_ms: i64, seen: bool) {
        if steps == 0 {
            return;
        }
        let (activity, kind) = match self.activity_at(t_ms) {
            Some(activity) => {
                if seen {
                    activity.add_steps(steps, t_ms);
                }
                (Some(activity.id), activity.kind.into())
            }
            None => (None, StepKind::Passive),
        };
        let key = RowKey {
            minute,
            source: StepSource::Counter,
            activity,
        };
        let row = self.rows.entry(key).or_insert_with(|| MinuteRow::new(kind));
        row.steps = row.steps.saturating_add(steps);
    }
}

/// Whether the app's own counting listened in a minute, and how many steps it has there that the phone's counter
/// wasn't given yet.
fn heard_there(known: &Rows, minute: Minute) -> (bool, u32) {
    let (mut listened_ms, mut motion, mut counter) = (0_u32, 0_u32, 0_u32);
    let first = RowKey {
        minute,
        source: StepSource::Motion,
        activity: None,
    };
    for (key, row) in known.range(first..).take_while(|(key, _)| key.minute == minute) {
        match key.source {
            StepSource::Motion => {
                listened_ms = listened_ms.saturating_add(row.covered_ms);
                motion = motion.saturating_add(row.steps);
            }
            StepSource::Counter => counter = counter.saturating_add(row.steps),
            StepSource::Band => {}
        }
    }
    (listened_ms >= LISTENED_MS, motion.saturating_sub(counter))
}

#[cfg(test)]
#[path = "spread_tests.rs"]
mod tests;
