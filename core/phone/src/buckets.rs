//! The system's own stores of steps: what they say of longer stretches comes in here.

use haigou_contract::{Day, OLDEST_DAYS};

use crate::count::Stretch;
use crate::store::Lasting;
use crate::{HistorySource, Phone, PhoneError};

/// A bucket is a day at most, an hour more when the clocks change.
const LONGEST_MS: i64 = 25 * 3_600_000;
/// More steps a minute than these nobody makes, not even for a minute.
const MOST_PER_MINUTE: i64 = 300;
/// So many buckets at a time: thirty days by the minute.
const MOST_BUCKETS: usize = 50_000;

/// What one of the system's stores says of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepBucket {
    /// Its begin, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    /// Its end, in milliseconds since the Unix epoch; in the future for a day that isn't over.
    pub to_ms: i64,
    /// Steps in it so far.
    pub steps: u32,
}

impl Phone {
    /// Takes what one of the system's stores says of the last days, as often as it is asked: a bucket takes the place of
    /// the one with the same begin and end. What it has beyond all that was counted meanwhile is counted; what
    /// was sent already is corrected. Buckets from before the server takes them are left out. Short buckets say more
    /// than long ones. The answer: how many were new or changed.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`] with `buckets` if there are too many, or one is no stretch of at most a day or holds more
    /// steps than fit in: nothing was taken. Those of the store.
    pub fn import_history(&self, source: HistorySource, buckets: &[StepBucket]) -> Result<u64, PhoneError> {
        let sound = |bucket: &StepBucket| {
            let length_ms = bucket.to_ms.saturating_sub(bucket.from_ms);
            (1..=LONGEST_MS).contains(&length_ms)
                && i64::from(bucket.steps) <= (length_ms / 60_000 + 1) * MOST_PER_MINUTE
        };
        if buckets.len() > MOST_BUCKETS || !buckets.iter().all(sound) {
            return Err(PhoneError::OutOfBounds { field: "buckets" });
        }
        let changed = self.with(|core, now| {
            let oldest_ms = Day::from_number(Day::at(now.t_ms).number() - OLDEST_DAYS).start_ms();
            let current = buckets
                .iter()
                .filter(|bucket| bucket.from_ms >= oldest_ms && bucket.from_ms < now.t_ms);
            let owner = core.owner.clone();
            core.store.write(Lasting::Process, |tx| {
                let mut changed = 0;
                for bucket in current {
                    let mut new = false;
                    for stretch in by_days(source, *bucket) {
                        new |= tx.keep_stretch(&owner, &stretch)?;
                    }
                    changed += u64::from(new);
                }
                Ok(changed)
            })
        })??;
        if changed > 0 {
            self.show_all();
            self.wake.notify_one();
        }
        Ok(changed)
    }
}

/// A bucket lies within one day: one that goes on over midnight in Shanghai (a traveller's) is parted by its length.
fn by_days(source: HistorySource, bucket: StepBucket) -> Vec<Stretch> {
    let StepBucket {
        from_ms,
        to_ms,
        steps,
    } = bucket;
    let midnight_ms = Day::at(from_ms).end_ms();
    let stretch = |from_ms, to_ms, steps| Stretch {
        source,
        from_ms,
        to_ms,
        steps,
    };
    if to_ms <= midnight_ms {
        return vec![stretch(from_ms, to_ms, steps)];
    }
    let before = i64::from(steps) * (midnight_ms - from_ms) / (to_ms - from_ms);
    let before = u32::try_from(before).unwrap_or(0);
    let after = StepBucket {
        from_ms: midnight_ms,
        to_ms,
        steps: steps.saturating_sub(before),
    };
    let mut parts = vec![stretch(from_ms, midnight_ms, before)];
    parts.extend(by_days(source, after));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_travellers_day_is_parted_at_midnight_in_shanghai() {
        let midnight = Day::at(1_772_409_600_000).end_ms();
        let bucket = StepBucket {
            from_ms: midnight - 18 * 3_600_000,
            to_ms: midnight + 6 * 3_600_000,
            steps: 1_001,
        };
        let parts = by_days(HistorySource::HealthKit, bucket);
        assert_eq!(
            parts.iter().map(|part| part.steps).collect::<Vec<_>>(),
            [750, 251]
        );
        assert_eq!((parts[0].to_ms, parts[1].from_ms), (midnight, midnight));
    }
}
