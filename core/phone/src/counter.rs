//! The phone's built-in step counter: it counts since the phone was started, as long as somebody listens.

use serde::{Deserialize, Serialize};

use crate::PhoneError;

/// More steps in a minute than this no counter counts truly.
const MOST_PER_MINUTE: i64 = 300;
/// Names of starts of the phone are no longer than this.
pub(crate) const LONGEST_BOOT_ID: usize = 128;

/// A reading of the step counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterReading {
    /// The start of the phone that it counts from, as [`crate::Clock::boot_id`] names it.
    pub boot_id: String,
    /// Steps since then.
    pub raw: u64,
    /// When it was read, in milliseconds of [`crate::Clock::mono_ms`].
    pub mono_ms: i64,
}

/// Steps that were made somewhere between two readings, in milliseconds of the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Burst {
    pub(crate) steps: u32,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

/// The readings that the next one is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counter {
    base: Option<CounterReading>,
    /// A reading that could not be true, unless the next one agrees with it.
    suspect: Option<CounterReading>,
}

impl Counter {
    /// Takes a reading. The first after a start of the phone, or after the counter began anew, only says where it
    /// stands; what comes late or twice says nothing.
    pub(crate) fn read(&mut self, reading: CounterReading) -> Result<Option<Burst>, PhoneError> {
        if reading.boot_id.len() > LONGEST_BOOT_ID || reading.mono_ms < 0 {
            return Err(PhoneError::OutOfBounds { field: "reading" });
        }
        let same_boot = |known: &CounterReading| known.boot_id == reading.boot_id;
        let Some(base) = self.base.take_if(|base| same_boot(base)) else {
            (self.base, self.suspect) = (Some(reading), None);
            return Ok(None);
        };
        if reading.mono_ms <= base.mono_ms {
            self.base = Some(base);
            return Ok(None);
        }
        match between(&base, &reading) {
            Some(burst) => {
                (self.base, self.suspect) = (Some(reading), None);
                Ok(burst)
            }
            None => {
                let agreed = self
                    .suspect
                    .take()
                    .and_then(|suspect| between(&suspect, &reading));
                if let Some(burst) = agreed {
                    self.base = Some(reading);
                    return Ok(burst);
                }
                (self.base, self.suspect) = (Some(base), Some(reading));
                Err(PhoneError::ReadingImplausible)
            }
        }
    }
}

/// What two readings of one start say: `Some(None)` for nothing, `None` if it can't be.
#[expect(clippy::option_option, reason = "nothing and impossible are two answers")]
fn between(earlier: &CounterReading, later: &CounterReading) -> Option<Option<Burst>> {
    let passed_ms = later.mono_ms.checked_sub(earlier.mono_ms).filter(|ms| *ms > 0)?;
    let Some(steps) = later.raw.checked_sub(earlier.raw) else {
        // It began anew: from here on it counts again.
        return Some(None);
    };
    let most = (passed_ms / 60_000 + 1).saturating_mul(MOST_PER_MINUTE);
    let steps = u32::try_from(steps)
        .ok()
        .filter(|steps| i64::from(*steps) <= most)?;
    Some((steps > 0).then_some(Burst {
        steps,
        from_ms: earlier.mono_ms,
        to_ms: later.mono_ms,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(boot: &str, raw: u64, minute: i64) -> CounterReading {
        CounterReading {
            boot_id: boot.to_owned(),
            raw,
            mono_ms: minute * 60_000,
        }
    }

    #[test]
    fn only_the_difference_within_one_start_counts() {
        let mut counter = Counter::default();
        assert_eq!(counter.read(reading("a", 5_000, 1)), Ok(None));
        let burst = counter.read(reading("a", 5_100, 2)).unwrap().unwrap();
        assert_eq!(
            burst,
            Burst {
                steps: 100,
                from_ms: 60_000,
                to_ms: 120_000
            }
        );
        assert_eq!(
            counter.read(reading("b", 9_000, 1)),
            Ok(None),
            "another start of the phone"
        );
        assert_eq!(counter.read(reading("b", 10, 2)), Ok(None), "it began anew");
        assert_eq!(counter.read(reading("b", 30, 3)).unwrap().unwrap().steps, 20);
    }

    #[test]
    fn late_and_repeated_readings_change_nothing() {
        let mut counter = Counter::default();
        for (raw, minute) in [(100, 10), (100, 10), (40, 5)] {
            assert_eq!(counter.read(reading("a", raw, minute)), Ok(None));
        }
        assert_eq!(counter.read(reading("a", 150, 11)).unwrap().unwrap().steps, 50);
    }

    #[test]
    fn a_billion_steps_are_refused_and_nothing_is_lost() {
        let mut counter = Counter::default();
        counter.read(reading("a", 100, 1)).unwrap();
        assert_eq!(
            counter.read(reading("a", 1_000_000_000, 2)),
            Err(PhoneError::ReadingImplausible)
        );
        assert_eq!(counter.read(reading("a", 300, 3)).unwrap().unwrap().steps, 200);
    }

    #[test]
    fn a_jump_that_stays_is_a_new_start() {
        let mut counter = Counter::default();
        counter.read(reading("a", 100, 1)).unwrap();
        assert!(counter.read(reading("a", 1_000_000, 2)).is_err());
        assert_eq!(
            counter.read(reading("a", 1_000_050, 3)).unwrap().unwrap().steps,
            50
        );
        assert_eq!(
            counter.read(reading("a", 1_000_060, 4)).unwrap().unwrap().steps,
            10
        );
    }

    #[test]
    fn nonsense_is_named() {
        let mut counter = Counter::default();
        assert!(counter.read(reading(&"x".repeat(65_536), 1, 1)).is_err());
        assert!(counter.read(reading("a", 1, -1)).is_err());
        assert!(counter.read(reading("a", u64::MAX, i64::MAX / 60_000)).is_ok());
    }
}
