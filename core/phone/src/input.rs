//! What comes in while something is recorded, one after another. Everything that the recorder knows follows from what was
//! stored once and what came in since, in its order; so that is all that has to survive.

use haigou_motion::Sample;
use haigou_route::Fix;
use haigou_wearable::{BandId, Reading};

use crate::activity::{Activity, Now};
use crate::counter::LONGEST_BOOT_ID;
use crate::heart::beating;
use crate::timeline::Timeline;
use crate::{CounterReading, PhoneError, packed};

/// Samples stand on a grid of so many steps per g, and so many microseconds. On the recordings at hand no step is counted
/// otherwise for it, and time and height of the others stay within the grid.
pub(crate) const PER_G: f64 = 2_048.0;
pub(crate) const STEP_US: i64 = 100;
/// No sensor reads more than this, in g, and no clock of one more than this, in microseconds (some 146,000 years).
const MOST_G: f32 = 1e6;
const MOST_US: i64 = 1 << 62;
/// Samples further than this from the middle of their batch, in microseconds, have a broken time.
const BATCH_US: i64 = 3_600_000_000;

/// Something that came in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    /// Samples of the accelerometer that arrived together.
    Samples(Vec<Sample>),
    /// A position.
    Fix(Fix),
    /// A reading of the phone's step counter.
    Reading(CounterReading),
    /// The heart beats so fast now, a minute.
    Beat(u8),
    /// A band said something.
    Band(BandId, Told),
    /// An activity began.
    Start(Box<Activity>),
    /// A movement ended: what is certain of it is credited.
    Settle,
    /// The activity was paused.
    Pause,
    /// It went on.
    Resume,
    /// It ended.
    Finish,
    /// The clocks were looked at anew: the app was opened, or somebody set the wall clock.
    Time(Timeline),
}

/// What a band says that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Its counter of steps.
    Steps(u32),
    /// Steps a minute.
    Cadence(u8),
    /// The heart, beats a minute, where it is believed.
    Beat(u8),
    /// Per cent, and whether it is being charged.
    Battery(u8, Option<bool>),
}

/// What counts of what a band says.
pub(crate) fn told(reading: Reading) -> Option<Told> {
    match reading {
        Reading::Steps { total, .. } => Some(Told::Steps(total)),
        Reading::Cadence { per_minute, .. } => Some(Told::Cadence(per_minute)),
        // Without the skin it beats by chance.
        Reading::HeartRate { bpm, contact } => {
            beating(bpm).filter(|_| contact != Some(false)).map(Told::Beat)
        }
        Reading::Battery { percent, charging } => Some(Told::Battery(percent, charging)),
        Reading::Motion { .. } => None,
    }
}

/// The samples that can be believed, on the grid, and how many can't.
pub(crate) fn samples(fed: &[Sample]) -> (Vec<Sample>, u64) {
    let middle = fed.get(fed.len() / 2).map_or(0, |sample| sample.t_us);
    let is_sound = |sample: &&Sample| {
        sample.magnitude_g.is_finite() && sample.t_us.abs_diff(middle) <= BATCH_US.unsigned_abs()
    };
    let sound: Vec<Sample> = fed.iter().filter(is_sound).map(on_grid).collect();
    let refused = fed.len() - sound.len();
    (sound, u64::try_from(refused).unwrap_or(u64::MAX))
}

/// A sample in whole steps of the grid: time and magnitude.
pub(crate) fn to_steps(sample: &Sample) -> (i64, i64) {
    let t = (sample.t_us.clamp(-MOST_US, MOST_US) + STEP_US / 2).div_euclid(STEP_US);
    (
        t,
        whole(f64::from(sample.magnitude_g.clamp(-MOST_G, MOST_G)) * PER_G),
    )
}

/// The sample of steps of the grid.
pub(crate) fn from_steps((t, magnitude): (i64, i64)) -> Sample {
    Sample {
        t_us: t.wrapping_mul(STEP_US),
        magnitude_g: single(magnitude as f64 / PER_G),
    }
}

fn on_grid(sample: &Sample) -> Sample {
    from_steps(to_steps(sample))
}

/// A position that can be believed, on the grid.
pub(crate) fn fix(fed: &Fix) -> Result<Fix, PhoneError> {
    let on_earth = (-90.0..=90.0).contains(&fed.lat) && (-180.0..=180.0).contains(&fed.lon);
    if on_earth {
        Ok(packed::on_grid(fed))
    } else {
        Err(PhoneError::FixInvalid)
    }
}

/// A reading of the phone's step counter, made at the latest now.
pub(crate) fn reading(fed: CounterReading, now: Now) -> Result<CounterReading, PhoneError> {
    if fed.boot_id.len() > LONGEST_BOOT_ID {
        return Err(PhoneError::OutOfBounds { field: "reading" });
    }
    Ok(CounterReading {
        mono_ms: fed.mono_ms.min(now.mono_ms),
        ..fed
    })
}

#[expect(clippy::cast_possible_truncation, reason = "at most a million g")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a step of the grid is exact up to 8,192 g"
)]
fn single(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_stands_on_the_grid_stays(t_us in any::<i64>(), magnitude_g in any::<f32>()) {
            let (kept, refused) = samples(&[Sample { t_us, magnitude_g }]);
            prop_assert_eq!(refused, u64::from(!magnitude_g.is_finite()));
            for sample in kept {
                prop_assert_eq!(on_grid(&sample), sample);
                if magnitude_g.abs() < 64.0 {
                    prop_assert!((sample.magnitude_g - magnitude_g).abs() <= 0.5 / 2_048.0);
                    prop_assert!(sample.t_us.abs_diff(t_us.clamp(-MOST_US, MOST_US)) <= 50);
                }
            }
        }
    }

    #[test]
    fn times_far_from_the_others_are_broken() {
        let at = |t_us| Sample {
            t_us,
            magnitude_g: 1.0,
        };
        let (kept, refused) = samples(&[at(0), at(20_000), at(40_000), at(i64::MAX), at(i64::MIN)]);
        assert_eq!((kept.len(), refused), (3, 2));
        assert_eq!(samples(&[]), (Vec::new(), 0));
    }
}
