//! Closed minutes and finished activities become uploads: from then on their bytes stay as they are. What is counted
//! otherwise later goes out as a correction.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::{
    Day, MAX_ACTIVITIES_PER_UPLOAD, MAX_MINUTES_PER_UPLOAD, Minute, MinuteSteps, OLDEST_DAYS, StepSource,
    Upload,
};

use crate::PhoneError;
use crate::activity::Activity;
use crate::count::count;
use crate::minute::{Rows, choose};
use crate::store::Tx;

/// So long after its end, in milliseconds, nothing is credited to a minute any more: steps become certain within
/// some ten seconds.
const SETTLED_MS: i64 = 30_000;
/// Stands for the upload of rows that say nothing to the server.
const NOTHING_TO_REPORT: i64 = 0;

/// The first minute that is still open.
pub(crate) fn first_open(now_ms: i64) -> Minute {
    Minute::at(now_ms.saturating_sub(SETTLED_MS))
}

/// Freezes what is ready, within the caller's transaction. The answer: the minutes that nothing can be added to now, by
/// source.
pub(crate) fn freeze(tx: &Tx<'_>, owner: &str, now_ms: i64) -> Result<Vec<(Minute, StepSource)>, PhoneError> {
    let open = first_open(now_ms);
    let waiting: Rows = tx.waiting_minutes(owner, open)?;
    let says_something = waiting
        .iter()
        .filter(|(_, row)| row.steps > 0 || row.distance_m > 0.0);
    let frozen: Vec<(Minute, StepSource)> = says_something.map(|(key, _)| (key.minute, key.source)).collect();
    let mut days: BTreeSet<Day> = frozen.iter().map(|(minute, _)| minute.day()).collect();
    days.extend(tx.recounts(owner)?);
    let mut counted = Counted::new(tx, owner, open);
    let (mut minutes, mut corrections) = (Vec::new(), Vec::new());
    for day in days {
        let (new, corrected) = counted.compare(day)?;
        minutes.extend(new);
        if Day::at(now_ms).since(day) <= OLDEST_DAYS {
            corrections.extend(corrected);
        }
    }
    let mut activities = Vec::new();
    for activity in tx.waiting_activities(owner, open.start_ms())? {
        activities.push(activity.summary(counted.steps_of(&activity)?));
    }
    for upload in uploads(&minutes, &corrections, &activities) {
        let id = tx.add_upload(owner, &upload, now_ms)?;
        tx.set_sent(owner, upload.minutes.iter().chain(&upload.corrections), id)?;
        if let (Some(first), Some(last)) = (upload.minutes.first(), upload.minutes.last()) {
            tx.freeze_minutes(owner, first.minute, last.minute, id)?;
        }
        for summary in &upload.activities {
            tx.freeze_activity(summary, id)?;
        }
    }
    // What another source was believed over has nothing to report.
    tx.freeze_minutes(owner, Minute(i64::MIN), Minute(open.0 - 1), NOTHING_TO_REPORT)?;
    // Today goes on.
    tx.recounted(owner, open.day())?;
    Ok(frozen)
}

/// Shares rows out over uploads: new minutes first, then corrections; activities come with the last of them, never
/// before.
fn uploads(
    minutes: &[MinuteSteps],
    corrections: &[MinuteSteps],
    activities: &[haigou_contract::ActivitySummary],
) -> Vec<Upload> {
    let minutes = minutes.chunks(MAX_MINUTES_PER_UPLOAD).map(|chunk| Upload {
        minutes: chunk.to_vec(),
        ..Upload::default()
    });
    let corrections = corrections.chunks(MAX_MINUTES_PER_UPLOAD).map(|chunk| Upload {
        corrections: chunk.to_vec(),
        ..Upload::default()
    });
    let mut uploads: Vec<Upload> = minutes.chain(corrections).collect();
    for chunk in activities.chunks(MAX_ACTIVITIES_PER_UPLOAD) {
        match uploads.last_mut().filter(|upload| upload.activities.is_empty()) {
            Some(last) => last.activities = chunk.to_vec(),
            None => uploads.push(Upload {
                activities: chunk.to_vec(),
                ..Upload::default()
            }),
        }
    }
    uploads
}

/// Days as they are counted now, each once.
struct Counted<'t, 'c> {
    tx: &'t Tx<'c>,
    owner: &'t str,
    open: Minute,
    days: BTreeMap<Day, Vec<MinuteSteps>>,
}

impl<'t, 'c> Counted<'t, 'c> {
    fn new(tx: &'t Tx<'c>, owner: &'t str, open: Minute) -> Self {
        Self {
            tx,
            owner,
            open,
            days: BTreeMap::new(),
        }
    }

    fn day(&mut self, day: Day) -> Result<&[MinuteSteps], PhoneError> {
        if !self.days.contains_key(&day) {
            let (from, to) = minutes_of(day);
            let counted = count(&self.tx.heard(self.owner, from, to)?, self.open);
            self.days.insert(day, counted);
        }
        Ok(self.days.get(&day).map_or(&[], Vec::as_slice))
    }

    /// What the server doesn't know yet of a day, and what it knows otherwise.
    fn compare(&mut self, day: Day) -> Result<(Vec<MinuteSteps>, Vec<MinuteSteps>), PhoneError> {
        let (from, to) = minutes_of(day);
        let mut sent = self.tx.sent(self.owner, from, to)?;
        for minute in self.sent_before(from, to)? {
            sent.entry(minute.minute).or_insert(minute);
        }
        let (mut new, mut corrected) = (Vec::new(), Vec::new());
        for minute in self.day(day)? {
            match sent.remove(&minute.minute) {
                None => new.push(minute.clone()),
                // The server keeps a minute of the kind that it was first of.
                Some(known) if known.steps != minute.steps => corrected.push(MinuteSteps {
                    kind: known.kind,
                    activity: known.activity,
                    ..minute.clone()
                }),
                Some(_) => {}
            }
        }
        // What isn't counted at all any more.
        let gone = sent.into_values().filter(|known| known.steps > 0);
        corrected.extend(gone.map(|known| MinuteSteps { steps: 0, ..known }));
        corrected.sort_by_key(|minute| minute.minute);
        Ok((new, corrected))
    }

    /// What was sent by a version that didn't write it down: the phone's own rows as it chose them.
    fn sent_before(&self, from: Minute, to: Minute) -> Result<Vec<MinuteSteps>, PhoneError> {
        Ok(choose(&self.tx.frozen_rows(self.owner, from, to)?))
    }

    /// The steps of an activity's minutes, as they are reported.
    fn steps_of(&mut self, activity: &Activity) -> Result<u32, PhoneError> {
        let ended_ms = activity.ended_ms.unwrap_or(activity.started_ms);
        // The last minute may be filed under the next one.
        let (first, last) = (
            Day::at(activity.started_ms),
            Day::at(ended_ms.saturating_add(60_000)),
        );
        let last = last.min(Day::from_number(first.number().saturating_add(OLDEST_DAYS)));
        let mut steps = 0_u32;
        for day in (first.number()..=last.number()).map(Day::from_number) {
            let own = |minute: &&MinuteSteps| minute.activity == Some(activity.id);
            let minutes = self.day(day)?.iter().filter(own);
            steps = minutes
                .map(|minute| minute.steps)
                .fold(steps, u32::saturating_add);
        }
        Ok(steps)
    }
}

/// The first minute of a day, and the first of the next.
pub(crate) fn minutes_of(day: Day) -> (Minute, Minute) {
    (Minute::at(day.start_ms()), Minute::at(day.end_ms()))
}
