//! Recording: activities, and what the sensors deliver.

use haigou_contract::ActivityKind;
use haigou_motion::Sample;
use haigou_route::Fix;
use uuid::Uuid;

use crate::activity::{Activity, Now};
use crate::core::Core;
use crate::input::{self, Input};
use crate::screens::RecordDetail;
use crate::speech::Turn;
use crate::store::Lasting;
use crate::{CounterReading, Phone, PhoneError};

impl Phone {
    /// Starts a walk or run.
    ///
    /// # Errors
    /// [`PhoneError::ActivityUnderWay`].
    pub fn start_activity(&self, kind: ActivityKind) -> Result<Uuid, PhoneError> {
        let language = self.api.language();
        self.change(|core, now| {
            if core.recorder.running.is_some() {
                return Err(PhoneError::ActivityUnderWay);
            }
            let activity = Activity::start(kind, &core.body, &core.timeline.boot, now);
            let id = activity.id;
            core.take(&Input::Start(Box::new(activity)), now.mono_ms)?;
            core.say_turn(Turn::Started, now, language);
            Ok(id)
        })
    }

    /// Pauses the activity. What comes until [`Phone::resume`] counts outside of it.
    ///
    /// # Errors
    /// [`PhoneError::NoActivity`], [`PhoneError::AlreadyPaused`].
    pub fn pause(&self) -> Result<(), PhoneError> {
        let language = self.api.language();
        self.change(|core, now| {
            let activity = core.recorder.running.as_ref().ok_or(PhoneError::NoActivity)?;
            if activity.is_paused() {
                return Err(PhoneError::AlreadyPaused);
            }
            core.take(&Input::Settle, now.mono_ms)?;
            core.take(&Input::Pause, now.mono_ms)?;
            core.say_turn(Turn::Paused, now, language);
            Ok(())
        })
    }

    /// Goes on with the activity.
    ///
    /// # Errors
    /// [`PhoneError::NoActivity`], [`PhoneError::NotPaused`].
    pub fn resume(&self) -> Result<(), PhoneError> {
        let language = self.api.language();
        self.change(|core, now| {
            let activity = core.recorder.running.as_ref().ok_or(PhoneError::NoActivity)?;
            if !activity.is_paused() {
                return Err(PhoneError::NotPaused);
            }
            core.take(&Input::Resume, now.mono_ms)?;
            core.say_turn(Turn::Resumed, now, language);
            Ok(())
        })
    }

    /// Ends the activity and keeps it. It is uploaded with its last minute, half a minute after that is over.
    ///
    /// # Errors
    /// [`PhoneError::NoActivity`].
    pub fn finish(&self) -> Result<RecordDetail, PhoneError> {
        let language = self.api.language();
        let id = self.change(|core, now| {
            let id = core.recorder.running.as_ref().ok_or(PhoneError::NoActivity)?.id;
            core.take(&Input::Settle, now.mono_ms)?;
            core.say_kilometres(now, language);
            core.take(&Input::Finish, now.mono_ms)?;
            core.say_end(id, now, language);
            Ok(id)
        })?;
        self.wake.notify_one();
        self.record(id)
    }

    /// Ends the activity and throws it away, route included. Its steps stay, as steps outside of activities.
    ///
    /// # Errors
    /// [`PhoneError::NoActivity`], and those of the store: the activity is still under way then.
    pub fn discard(&self) -> Result<(), PhoneError> {
        let done = self.with(|core, now| {
            let id = core.recorder.running.as_ref().ok_or(PhoneError::NoActivity)?.id;
            core.take(&Input::Settle, now.mono_ms)?;
            core.store_now(now)?;
            let boot = core.timeline.boot.clone();
            core.discard(id, &boot)?;
            core.recorder.running = None;
            core.clear_line();
            Ok(())
        })?;
        self.show_all();
        done
    }

    /// Takes samples of the accelerometer, oldest first, as they arrive: their times are on the sensor's own clock,
    /// and the newest was taken just now. Steps count for the activity under way, else as passive ones.
    ///
    /// # Errors
    /// [`PhoneError::SamplesInvalid`]: some were no numbers; the others were taken.
    pub fn feed_samples(&self, samples: &[Sample]) -> Result<(), PhoneError> {
        let (sound, refused) = input::samples(samples);
        let first = samples.first().map_or(0, |sample| sample.t_us);
        let heard_us = samples
            .last()
            .map_or(0, |sample| sample.t_us.saturating_sub(first));
        self.with(|core, now| {
            if !sound.is_empty() {
                core.take(&Input::Samples(sound), now.mono_ms)?;
                self.recorded(core, now, heard_us / 1000);
            }
            Ok::<_, PhoneError>(())
        })??;
        if refused == 0 {
            Ok(())
        } else {
            Err(PhoneError::SamplesInvalid { refused })
        }
    }

    /// Takes a position. Outside of an activity it is of no use, and not kept.
    ///
    /// # Errors
    /// [`PhoneError::FixInvalid`].
    pub fn feed_fix(&self, fix: Fix) -> Result<(), PhoneError> {
        let fix = input::fix(&fix)?;
        self.with(|core, now| {
            core.take(&Input::Fix(fix), now.mono_ms)?;
            self.recorded(core, now, 0);
            Ok(())
        })?
    }

    /// Takes a reading of the phone's built-in step counter.
    ///
    /// # Errors
    /// [`PhoneError::ReadingImplausible`], [`PhoneError::OutOfBounds`]: it was left out. Those of the store.
    pub fn feed_counter_reading(&self, reading: CounterReading) -> Result<(), PhoneError> {
        self.with(|core, now| {
            let reading = input::reading(reading, now)?;
            core.take(&Input::Reading(reading), now.mono_ms)?;
            self.recorded(core, now, 0);
            Ok(())
        })?
    }

    /// A change of the activity: stored so that it lasts, and shown.
    fn change<T>(&self, work: impl FnOnce(&mut Core, Now) -> Result<T, PhoneError>) -> Result<T, PhoneError> {
        let done = self.with(|core, now| {
            let done = work(core, now)?;
            core.save(now, Lasting::Power);
            Ok(done)
        })?;
        self.show_all();
        done
    }

    /// Something was recorded; what is stored now is also shown.
    pub(crate) fn recorded(&self, core: &mut Core, now: Now, heard_ms: i64) {
        if core.recorded(now, heard_ms) {
            self.show_live(core, now);
            if core.is_time_for_today(now) {
                self.show_stored(core, now);
                self.show_history(core, now);
            }
        }
    }
}
