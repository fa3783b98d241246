//! Closed minutes and finished activities become uploads: from then on their bytes stay as they are.

use haigou_contract::{
    MAX_ACTIVITIES_PER_UPLOAD, MAX_MINUTES_PER_UPLOAD, Minute, MinuteSteps, StepSource, Upload,
};

use crate::PhoneError;
use crate::activity::Activity;
use crate::minute::{Rows, choose};
use crate::store::Tx;

/// So long after its end, in milliseconds, nothing is credited to a minute any more: steps become certain within
/// some ten seconds.
const SETTLED_MS: i64 = 30_000;

/// The first minute that is still open.
pub(crate) fn first_open(now_ms: i64) -> Minute {
    Minute::at(now_ms.saturating_sub(SETTLED_MS))
}

/// Freezes what is ready, within the caller's transaction. The answer: the minutes that nothing can be added to now, by
/// source.
pub(crate) fn freeze(tx: &Tx<'_>, owner: &str, now_ms: i64) -> Result<Vec<(Minute, StepSource)>, PhoneError> {
    let open = first_open(now_ms);
    let waiting: Rows = tx.waiting_minutes(owner, open)?;
    let minutes = choose(&waiting);
    let mut activities = Vec::new();
    for activity in tx.waiting_activities(owner, open.start_ms())? {
        activities.push(activity.summary(steps_of(tx, owner, &activity)?));
    }
    let frozen = waiting
        .iter()
        .filter(|(_, row)| row.steps > 0 || row.distance_m > 0.0)
        .map(|(key, _)| (key.minute, key.source));
    let frozen = frozen.collect();
    let mut uploads: Vec<Upload> = minutes
        .chunks(MAX_MINUTES_PER_UPLOAD)
        .map(|chunk| Upload {
            minutes: chunk.to_vec(),
            activities: Vec::new(),
        })
        .collect();
    // Activities come with the last of the minutes, never before.
    for chunk in activities.chunks(MAX_ACTIVITIES_PER_UPLOAD) {
        match uploads.last_mut().filter(|upload| upload.activities.is_empty()) {
            Some(last) => last.activities = chunk.to_vec(),
            None => uploads.push(Upload {
                minutes: Vec::new(),
                activities: chunk.to_vec(),
            }),
        }
    }
    for upload in &uploads {
        let id = tx.add_upload(owner, upload, now_ms)?;
        if let (Some(first), Some(last)) = (upload.minutes.first(), upload.minutes.last()) {
            tx.freeze_minutes(owner, first.minute, last.minute, id)?;
        }
        for summary in &upload.activities {
            tx.freeze_activity(summary, id)?;
        }
    }
    // What another source was believed over has nothing to report.
    tx.freeze_minutes(owner, Minute(i64::MIN), Minute(open.0 - 1), NOTHING_TO_REPORT)?;
    Ok(frozen)
}

/// Stands for the upload of rows that say nothing to the server.
const NOTHING_TO_REPORT: i64 = 0;

/// The steps of an activity's minutes, as they are reported.
fn steps_of(tx: &Tx<'_>, owner: &str, activity: &Activity) -> Result<u32, PhoneError> {
    let (from, to) = (
        Minute::at(activity.started_ms),
        Minute::at(activity.ended_ms.unwrap_or(activity.started_ms)),
    );
    let rows = tx.minutes(owner, from, Minute(to.0 + 2))?;
    let own = |minute: &&MinuteSteps| minute.activity == Some(activity.id);
    Ok(choose(&rows)
        .iter()
        .filter(own)
        .map(|minute| minute.steps)
        .fold(0, u32::saturating_add))
}
