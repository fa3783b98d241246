//! What the phone knows, behind one lock: the store, the recorder and the time.

use haigou_contract::Minute;

use crate::activity::Now;
use crate::asking::Asks;
use crate::bands::Bands;
use crate::body::BodyProfile;
use crate::freeze::first_open;
use crate::line::Line;
use crate::minute::{RowKey, Rows, add_rows};
use crate::recorder::Recorder;
use crate::screens::{Settings, StatementFilter};
use crate::speech::Speech;
use crate::store::{Lasting, Measured, Store};
use crate::timeline::Timeline;
use crate::wallet::STEP;
use crate::{Clock, CounterReading, PhoneError, PhoneOptions};

/// Names in the store.
const TIMELINE: &str = "timeline";
const RECORDER: &str = "recorder";
const STEPS: &str = "steps";
const OWNER: &str = "owner";
const BODY: &str = "body";
pub(crate) const SETTINGS: &str = "settings";
/// Names in the cache.
pub(crate) const CACHE_TODAY: &str = "today";
pub(crate) const CACHE_RECORDS: &str = "activities";
pub(crate) const CACHE_WALLET: &str = "wallet";
pub(crate) const CACHE_STATEMENT: &str = "statement";
pub(crate) const CACHE_AIRDROP: &str = "airdrop";
pub(crate) const CACHE_RULES: &str = "rules";
pub(crate) const CACHE_TEAM: &str = "team";
pub(crate) const CACHE_DIRECT: &str = "direct";
pub(crate) const CACHE_PROFILE: &str = "profile";
pub(crate) const CACHE_DEVICES: &str = "devices";
pub(crate) const CACHE_CONSENTS: &str = "consents";
/// What messages are asked for under; they are kept in a table of their own.
pub(crate) const ASK_MESSAGES: &str = "messages";
/// Minutes older than this, in days, can't get into an upload any more that matters.
const REMEMBERED_DAYS: i64 = 40;
/// Answered minutes are forgotten after so many days.
pub(crate) const KEPT_DAYS: i32 = 400;
/// Minutes in which a source listened and nobody stepped, after so many days.
const KEPT_EMPTY_DAYS: i64 = 2;
const MINUTES_PER_DAY: i64 = 1_440;
/// The today screen is made anew after at least so many milliseconds.
const SHOW_AFTER_MS: i64 = 5_000;
/// What was recorded is stored after at most so many milliseconds.
const STORE_AFTER_MS: i64 = 1_000;

/// See the module.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) recorder: Recorder,
    pub(crate) timeline: Timeline,
    /// Whose steps are being recorded; '' before the first sign-in.
    pub(crate) owner: String,
    pub(crate) body: BodyProfile,
    /// The wristbands.
    pub(crate) bands: Bands,
    /// The way of the activity under way.
    pub(crate) line: Line,
    /// Something waits to be stored.
    dirty: bool,
    stored_at: i64,
    shown_at: i64,
    /// Why what was recorded waits in memory.
    pub(crate) storage: Option<PhoneError>,
    /// Why the session ended without the member's doing.
    pub(crate) ended: Option<PhoneError>,
    pub(crate) offline: bool,
    pub(crate) synced_ms: Option<i64>,
    pub(crate) settings: Settings,
    pub(crate) speech: Speech,
    /// Where asking for screens stands.
    pub(crate) asks: Asks,
    /// Which lines of the statement are shown, and how many.
    pub(crate) statement_filter: StatementFilter,
    pub(crate) statement_shown: u32,
}

impl Core {
    pub(crate) fn open(options: &PhoneOptions, member: Option<String>) -> Result<Self, PhoneError> {
        let clock = options.clock.as_ref();
        let mut store = Store::open(&options.dir, options.store_limit, clock.wall_ms())?;
        let tx = store.read();
        let mut timeline = Timeline::start(tx.state(TIMELINE)?, clock);
        let steps = tx.bytes(STEPS)?;
        let mut recorder = Recorder::restore(tx.state(RECORDER)?, steps.as_deref(), &timeline.boot);
        let body = tx.state(BODY)?.unwrap_or_default();
        let bands = Bands::restore(&tx)?;
        let settings = tx.state(SETTINGS)?.unwrap_or_default();
        let owner = member.or(tx.state(OWNER)?).unwrap_or_default();
        let now = Now {
            t_ms: timeline.now(clock),
            mono_ms: clock.mono_ms(),
        };
        let remembered = Minute(Minute::at(now.t_ms).0 - REMEMBERED_DAYS * MINUTES_PER_DAY);
        recorder.freeze(tx.frozen_minutes(remembered)?);
        let mut way = Line::default();
        if let Some(mut activity) = tx.running_activity()? {
            activity.wake(now, &timeline.boot);
            way = tx
                .positions(activity.id)?
                .iter()
                .map(|fix| (fix.lat, fix.lon))
                .collect();
            recorder.running = Some(activity);
        } else {
            timeline.follow_wall(clock);
        }
        let told = std::mem::take(&mut store.opened_with);
        if !told.is_empty() {
            store.write(Lasting::Power, |tx| {
                told.iter()
                    .try_for_each(|(code, text)| tx.add_notice(code, text, now.t_ms))
            })?;
        }
        let mut core = Self {
            store,
            recorder,
            timeline,
            owner,
            body,
            bands,
            line: way,
            dirty: false,
            stored_at: now.mono_ms,
            shown_at: now.mono_ms,
            storage: None,
            ended: None,
            offline: false,
            synced_ms: None,
            settings,
            speech: Speech::default(),
            asks: Asks::default(),
            statement_filter: StatementFilter::default(),
            statement_shown: STEP,
        };
        core.restore_speech();
        Ok(core)
    }

    /// Both clocks. Outside of activities a wall clock that was set is followed.
    pub(crate) fn now(&mut self, clock: &dyn Clock) -> Now {
        if self.recorder.running.is_none() {
            self.timeline.follow_wall(clock);
        }
        let mono_ms = clock.mono_ms();
        Now {
            t_ms: self.timeline.at(mono_ms),
            mono_ms,
        }
    }

    /// Something was recorded: it is stored now if the last time was a while ago.
    pub(crate) fn recorded(&mut self, now: Now, heard_ms: i64) -> bool {
        self.dirty = true;
        let due = now.mono_ms.saturating_sub(self.stored_at) >= STORE_AFTER_MS || heard_ms >= STORE_AFTER_MS;
        due && self.save(now, Lasting::Process)
    }

    /// Stores what waits, if anything does. Should that fail, it goes on waiting in memory, and the status says so.
    pub(crate) fn save(&mut self, now: Now, lasting: Lasting) -> bool {
        if let Some(activity) = &mut self.recorder.running {
            activity.tick(now);
            self.dirty = true;
        }
        if self.dirty || self.bands.waits() {
            self.storage = self.try_save(now, lasting).err();
        }
        self.storage.is_none()
    }

    fn try_save(&mut self, now: Now, lasting: Lasting) -> Result<(), PhoneError> {
        self.timeline.reach(now.t_ms);
        let Self {
            store,
            recorder,
            timeline,
            owner,
            bands,
            line,
            ..
        } = self;
        let by = Measured {
            boot: &timeline.boot,
            sure: timeline.sure,
        };
        let (saved, steps) = recorder.save(&timeline.boot);
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
        for position in recorder.positions.drain(..).filter(|position| position.used) {
            line.push((position.fix.lat, position.fix.lon));
        }
        recorder.rows.clear();
        bands.saved();
        let open = first_open(now.t_ms);
        recorder
            .over
            .retain(|over| over.ended_ms.is_none_or(|t| Minute::at(t) >= open));
        self.dirty = false;
        self.stored_at = now.mono_ms;
        Ok(())
    }

    /// An activity began or ended: its line begins anew.
    pub(crate) fn clear_line(&mut self) {
        self.line = Line::default();
    }

    /// Marks that something has to be stored.
    pub(crate) fn touch(&mut self) {
        self.dirty = true;
    }

    /// Somebody signed in or out. What was recorded before anybody had signed in belongs to the first who does.
    pub(crate) fn set_owner(&mut self, owner: &str, now: Now) -> Result<(), PhoneError> {
        if !self.owner.is_empty() && self.owner != owner {
            // An activity is one person's.
            self.recorder.finish_running(now);
            self.clear_line();
        }
        self.touch();
        self.save(now, Lasting::Power);
        if let Some(error) = &self.storage {
            return Err(error.clone());
        }
        let by = Measured {
            boot: &self.timeline.boot,
            sure: self.timeline.sure,
        };
        self.store.write(Lasting::Power, |tx| {
            tx.set_state(OWNER, &owner)?;
            if owner.is_empty() {
                Ok(())
            } else {
                tx.adopt(owner, by)
            }
        })?;
        owner.clone_into(&mut self.owner);
        Ok(())
    }

    pub(crate) fn set_body(&mut self, body: BodyProfile) -> Result<(), PhoneError> {
        self.store.write(Lasting::Power, |tx| tx.set_state(BODY, &body))?;
        self.body = body;
        Ok(())
    }

    /// The server said what time it is: what was filed under a time that wasn't sure is moved to where it belongs.
    /// Within an activity the time stays as it is until its end.
    pub(crate) fn learn_time(&mut self, server_ms: i64, clock: &dyn Clock) -> Result<(), PhoneError> {
        if self.recorder.running.is_some() {
            return Ok(());
        }
        let now = self.now(clock);
        self.save(now, Lasting::Process);
        if let Some(error) = &self.storage {
            return Err(error.clone());
        }
        let mut learned = self.timeline.clone();
        let Some(off_ms) = learned.learn(server_ms, clock) else {
            self.timeline = learned;
            return Ok(());
        };
        let by_minutes = (off_ms + 30_000 * off_ms.signum()) / 60_000;
        let frozen = &self.recorder.frozen;
        let by = Measured {
            boot: &learned.boot,
            sure: true,
        };
        self.store.write(Lasting::Power, |tx| {
            for (owner, rows) in tx.take_unsure(&learned.boot)? {
                tx.add_minutes(
                    &owner,
                    by,
                    &moved(rows, by_minutes, |minute| frozen.contains(&minute)),
                )?;
            }
            tx.shift_told(&learned.boot, by_minutes)?;
            for (owner, mut activity) in tx.unsure_activities(&learned.boot)? {
                activity.shift(by_minutes * 60_000);
                tx.save_activity(&owner, by, &activity)?;
            }
            tx.set_state(TIMELINE, &learned)
        })?;
        self.timeline = learned;
        // What was filed is sure now; the copies here aren't.
        self.recorder.over.clear();
        Ok(())
    }

    /// Takes a reading of the phone's step counter, and shares its steps out over the time since the one before.
    pub(crate) fn count_reading(&mut self, reading: CounterReading, now: Now) -> Result<(), PhoneError> {
        let reading = CounterReading {
            mono_ms: reading.mono_ms.min(now.mono_ms),
            ..reading
        };
        if let Some(burst) = self.recorder.reading(reading, &self.timeline.boot)? {
            let (from, to) = (self.timeline.at(burst.from_ms), self.timeline.at(burst.to_ms));
            let to_included = Minute(Minute::at(to).0 + 1);
            // The reading is taken: if the store can't say what was heard meanwhile, its steps are spread all the same.
            let known = self
                .store
                .read()
                .minutes(&self.owner, Minute::at(from), to_included)
                .unwrap_or_default();
            self.recorder.spread(burst, known, &self.timeline);
        }
        Ok(())
    }

    /// Whether today's screen was last made a while ago: it is read from the store, so not every second.
    pub(crate) fn is_time_for_today(&mut self, now: Now) -> bool {
        let due = now.mono_ms.saturating_sub(self.shown_at) >= SHOW_AFTER_MS;
        if due {
            self.shown_at = now.mono_ms;
        }
        due
    }

    /// Forgets what is no longer needed.
    pub(crate) fn prune(&mut self, now: Now) -> Result<(), PhoneError> {
        // The sums of a day are made while its minutes are there.
        self.sum_up(now)?;
        let today = Minute::at(now.t_ms).0;
        let before = |days: i64| Minute(today - days * MINUTES_PER_DAY);
        self.store.write(Lasting::Process, |tx| {
            tx.prune(before(KEPT_DAYS.into()), before(KEPT_EMPTY_DAYS))?;
            tx.prune_told(before(KEPT_DAYS.into()), before(REMEMBERED_DAYS))
        })
    }
}

/// Rows moved by whole minutes, past those that nothing can be added to.
fn moved(rows: Rows, by_minutes: i64, frozen: impl Fn(Minute) -> bool) -> Rows {
    let mut there = Rows::new();
    for (key, row) in rows {
        let mut minute = Minute(key.minute.0.saturating_add(by_minutes));
        while frozen(minute) {
            minute = Minute(minute.0.saturating_add(1));
        }
        add_rows(&mut there, &Rows::from([(RowKey { minute, ..key }, row)]));
    }
    there
}
