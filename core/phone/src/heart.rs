//! Heart rates, of positions or of a band.

use haigou_contract::Day;
use haigou_route::Fix;
use haigou_route::heart::{HeartTime, max_heart_rate};

use crate::activity::{Activity, Now};
use crate::input::Input;
use crate::recorder::Recorder;
use crate::{BodyProfile, Phone, PhoneError};

/// No heart beats slower or faster, in beats per minute.
const BEATING: std::ops::RangeInclusive<u16> = 20..=250;

impl Phone {
    /// Takes a heart rate in beats per minute that a band has just sent. It counts for the activity under way, and
    /// goes with the positions of the next seconds. Outside of an activity it is of no use, and not kept.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`]: it was left out.
    pub fn feed_heart_rate(&self, bpm: u16) -> Result<(), PhoneError> {
        let bpm = beating(bpm).ok_or(PhoneError::OutOfBounds { field: "heart_rate" })?;
        self.with(|core, now| {
            if core.recorder.is_moving() {
                core.take(&Input::Beat(bpm), now.mono_ms)?;
                self.recorded(core, now, 0);
            }
            Ok(())
        })?
    }
}

/// A heart rate, if it is one.
pub(crate) fn beating(bpm: u16) -> Option<u8> {
    u8::try_from(bpm).ok().filter(|_| BEATING.contains(&bpm))
}

impl Recorder {
    /// The heart of whoever is under way beats so fast now.
    pub(crate) fn beat(&mut self, bpm: u8, now: Now) {
        let running = self.running.as_mut().filter(|activity| !activity.is_paused());
        if let Some(activity) = running {
            activity.heart.beat(now.t_ms, bpm);
        }
    }
}

impl Activity {
    /// Hears the heart rate that a position carries, or gives it the one that holds.
    pub(crate) fn hear(&mut self, fix: &mut Fix) {
        match fix.heart_rate.filter(|bpm| *bpm > 0) {
            Some(bpm) => self.heart.beat(fix.t_ms, bpm),
            None => fix.heart_rate = self.heart.at(fix.t_ms),
        }
    }
}

impl BodyProfile {
    /// The greatest heart rate, in beats per minute: as it was measured, else as the age lets expect; none where
    /// neither is known.
    #[must_use]
    pub fn greatest_heart_rate(&self, today: Day) -> Option<f64> {
        let expected = || self.for_calories(today).age.map(max_heart_rate);
        self.max_heart_rate.map(f64::from).or_else(expected)
    }

    pub(crate) fn heart(&self, t_ms: i64) -> HeartTime {
        HeartTime::new(self.greatest_heart_rate(Day::at(t_ms)), t_ms)
    }
}
