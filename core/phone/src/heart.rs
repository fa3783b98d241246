//! Heart rates, of positions or of a band.

use haigou_contract::Day;
use haigou_route::Fix;
use haigou_route::heart::{HeartTime, max_heart_rate};

use crate::activity::{Activity, Now};
use crate::core::Core;
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
        self.with(|core, now| {
            core.heart_beat(bpm, now)?;
            self.recorded(core, now, 0);
            Ok(())
        })?
    }
}

impl Core {
    /// A band told a heart rate just now.
    pub(crate) fn heart_beat(&mut self, bpm: u16, now: Now) -> Result<(), PhoneError> {
        let bpm = u8::try_from(bpm)
            .ok()
            .filter(|bpm| BEATING.contains(&u16::from(*bpm)))
            .ok_or(PhoneError::OutOfBounds { field: "heart_rate" })?;
        let running = self.recorder.running.as_mut();
        if let Some(activity) = running.filter(|activity| !activity.is_paused()) {
            activity.heart.beat(now.t_ms, bpm);
        }
        Ok(())
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
