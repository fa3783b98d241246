//! What came in is kept: within a second or two in the log, every twenty minutes and at every turn in the store.

use crate::activity::Now;
use crate::core::{Core, RECORDER, STEPS, TIMELINE};
use crate::freeze::first_open;
use crate::input::Input;
use crate::log::Record;
use crate::store::{Lasting, Measured};
use crate::timeline::Timeline;
use crate::{Clock, PhoneError};

/// What came in is written after at most so many milliseconds.
const WRITE_AFTER_MS: i64 = 1_000;
/// It is put into the store after at most so many milliseconds.
const STORE_AFTER_MS: i64 = 1_200_000;

impl Core {
    /// Takes what came in at a moment of the monotonic clock.
    pub(crate) fn take(&mut self, input: &Input, mono_ms: i64) -> Result<(), PhoneError> {
        self.log.note(input, mono_ms);
        self.unstored_since.get_or_insert(mono_ms);
        self.apply(input, mono_ms)
    }

    /// Something was recorded: it is written now if the last time was a while ago.
    pub(crate) fn recorded(&mut self, now: Now, heard_ms: i64) -> bool {
        (self.is_time_to_write(now) || heard_ms >= WRITE_AFTER_MS) && self.save(now, Lasting::Process)
    }

    /// Whether what came in was last written a while ago.
    pub(crate) fn is_time_to_write(&self, now: Now) -> bool {
        now.mono_ms.saturating_sub(self.written_at) >= WRITE_AFTER_MS
    }

    /// Writes what waits, if anything does: into the log, and into the store where that is due or has to last. Should that
    /// fail, it goes on waiting in memory, and the status says so.
    pub(crate) fn save(&mut self, now: Now, lasting: Lasting) -> bool {
        let passes = self.recorder.is_moving() && now.mono_ms > self.written_at;
        if self.log.has_notes() || passes {
            self.pass(now);
            self.unstored_since.get_or_insert(now.mono_ms);
            self.written_at = now.mono_ms;
            // What the log doesn't take goes into the store.
            let _ = self.log.append(now.mono_ms, self.store.room());
        }
        if let Some(since) = self.unstored_since {
            let due = self.is_time_to_store(since, now);
            let lasting = if due { Lasting::Power } else { lasting };
            if lasting == Lasting::Power || !self.log.is_whole() || self.storage.is_some() {
                self.storage = self.store_all(now, lasting).err();
            }
        }
        self.storage.is_none()
    }

    /// Puts everything into the store for good: before something is written there that goes on from it.
    pub(crate) fn store_now(&mut self, now: Now) -> Result<(), PhoneError> {
        self.save(now, Lasting::Power);
        self.storage.clone().map_or(Ok(()), Err)
    }

    fn is_time_to_store(&self, since: i64, now: Now) -> bool {
        // A log that couldn't be written is tried again then.
        let since = if self.log.is_whole() {
            since
        } else {
            self.cleared_at
        };
        self.log.is_long() || now.mono_ms.saturating_sub(since) >= STORE_AFTER_MS
    }

    /// Puts everything into the store, in one transaction. What lasts over a power cut needs no log any more.
    fn store_all(&mut self, now: Now, lasting: Lasting) -> Result<(), PhoneError> {
        let Self {
            store,
            recorder,
            timeline,
            owner,
            bands,
            log,
            ..
        } = self;
        let by = Measured {
            boot: &timeline.boot,
            sure: timeline.sure,
        };
        let (saved, steps) = recorder.save(&timeline.boot, log.last());
        store.write(lasting, |tx| {
            tx.add_minutes(owner, by, &recorder.rows)?;
            bands.save(tx, owner, by, now.t_ms)?;
            tx.add_positions(&recorder.positions)?;
            for activity in recorder.running.iter().chain(&recorder.over) {
                tx.save_activity(owner, by, activity)?;
            }
            tx.set_state(TIMELINE, timeline)?;
            tx.set_state(RECORDER, &saved)?;
            tx.set_bytes(STEPS, &steps)
        })?;
        recorder.positions.clear();
        recorder.rows.clear();
        bands.saved();
        let open_ms = first_open(timeline.reached_ms()).start_ms();
        recorder.over.retain(|over| over.ended_since(open_ms));
        self.unstored_since = None;
        if lasting == Lasting::Power {
            self.log.clear();
            self.cleared_at = now.mono_ms;
        }
        Ok(())
    }

    /// Takes in what the log holds beyond the store, exactly as it came in then. The log goes on: nothing is written, so that
    /// the app is there at once.
    pub(crate) fn replay(&mut self, records: &[Record]) {
        for record in records {
            for (input, mono_ms) in &record.inputs {
                self.unstored_since.get_or_insert(*mono_ms);
                // What was refused then is refused again.
                let _ = self.apply(input, *mono_ms);
            }
            self.unstored_since.get_or_insert(record.end_ms);
            self.pass(self.moment(record.end_ms));
        }
    }

    /// The app was opened: time goes on as the clocks say, and what is under way with it.
    pub(crate) fn wake(&mut self, clock: &dyn Clock, is_new: bool) {
        let mono_ms = clock.mono_ms();
        let mut timeline = Timeline::start(Some(self.timeline.clone()), clock);
        let is_restarted = timeline.boot != self.timeline.boot;
        if self.unstored_since.is_some() && (is_restarted || !self.log.is_whole()) {
            // It was measured in that start of the phone, and can't be written behind a torn end.
            self.storage = self.store_all(self.moment(mono_ms), Lasting::Power).err();
        }
        if self.recorder.running.is_none() {
            timeline.follow_wall(clock);
        }
        if is_new || self.recorder.running.is_some() || timeline != self.timeline {
            // Looking at the clocks can't be refused.
            let _ = self.take(&Input::Time(timeline), mono_ms);
        }
    }

    /// Lets time pass up to a moment.
    fn pass(&mut self, now: Now) {
        self.recorder.with_running(|activity| activity.tick(now));
        self.timeline.reach(now.t_ms);
    }

    fn apply(&mut self, input: &Input, mono_ms: i64) -> Result<(), PhoneError> {
        let now = self.moment(mono_ms);
        let Self {
            recorder, timeline, ..
        } = self;
        match input {
            Input::Samples(samples) => recorder.samples(samples, timeline, now),
            Input::Fix(fix) => {
                if let Some(place) = recorder.fix(*fix, timeline, now) {
                    self.line.push(place);
                }
            }
            Input::Reading(reading) => self.count_reading(reading)?,
            Input::Beat(bpm) => recorder.beat(*bpm, now),
            Input::Band(band, told) => self.band_heard(band, *told, now),
            Input::Start(activity) => {
                recorder.running = Some(activity.as_ref().clone());
                self.clear_line();
            }
            Input::Settle => recorder.end_of_movement(timeline, now),
            Input::Pause => recorder.with_running(|activity| activity.pause(now)),
            Input::Resume => recorder.with_running(|activity| activity.resume(now)),
            Input::Finish => {
                recorder.finish_running(now);
                self.clear_line();
            }
            Input::Time(new) => self.set_time(new, mono_ms),
        }
        Ok(())
    }

    fn set_time(&mut self, timeline: &Timeline, mono_ms: i64) {
        if timeline.boot != self.timeline.boot {
            self.recorder.restarted();
        }
        self.timeline = timeline.clone();
        let now = self.moment(mono_ms);
        self.recorder
            .with_running(|activity| activity.wake(now, &timeline.boot));
    }
}
