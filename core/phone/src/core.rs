//! What the phone knows, behind one lock: the store, the recorder and the time.

use haigou_contract::Minute;

use crate::activity::{Activity, Now};
use crate::asking::Asks;
use crate::bands::Bands;
use crate::body::BodyProfile;
use crate::freeze::first_open;
use crate::input::Input;
use crate::line::Line;
use crate::log::{Log, Opened};
use crate::minute::{RowKey, Rows, add_rows};
use crate::recorder::{Recorder, Saved};
use crate::screens::{Settings, StatementFilter};
use crate::speech::Speech;
use crate::store::{Lasting, Measured, Store, Tx};
use crate::timeline::Timeline;
use crate::wallet::STEP;
use crate::{Clock, CounterReading, PhoneError, PhoneOptions};

/// Names in the store.
pub(crate) const TIMELINE: &str = "timeline";
pub(crate) const RECORDER: &str = "recorder";
pub(crate) const STEPS: &str = "steps";
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
    /// What came in since the store was last written.
    pub(crate) log: Log,
    /// Since when something isn't in the store, by the monotonic clock.
    pub(crate) unstored_since: Option<i64>,
    /// When the log was last written, and when it was last begun anew.
    pub(crate) written_at: i64,
    pub(crate) cleared_at: i64,
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
        let (wall_ms, mono_ms) = (clock.wall_ms(), clock.mono_ms());
        let mut store = Store::open(&options.dir, options.store_limit, wall_ms)?;
        let mut told = std::mem::take(&mut store.opened_with);
        let tx = store.read();
        let known: Option<Timeline> = tx.state(TIMELINE)?;
        let is_new = known.is_none();
        let timeline = known.unwrap_or_else(|| Timeline::start(None, clock));
        let saved: Option<Saved> = tx.state(RECORDER)?;
        let Opened { log, records, aside } = Log::open(
            &options.dir,
            saved.as_ref().map_or(0, |saved| saved.logged),
            wall_ms,
        )?;
        told.extend(aside.map(|name| ("store_damaged", name)));
        let mut recorder = Recorder::restore(saved, tx.bytes(STEPS)?.as_deref(), &timeline.boot);
        let body = tx.state(BODY)?.unwrap_or_default();
        let bands = Bands::restore(&tx)?;
        let settings = tx.state(SETTINGS)?.unwrap_or_default();
        let owner = member.or(tx.state(OWNER)?).unwrap_or_default();
        let remembered = Minute(Minute::at(timeline.reached_ms()).0 - REMEMBERED_DAYS * MINUTES_PER_DAY);
        recorder.freeze(tx.frozen_minutes(remembered)?);
        recorder.over = just_over(&tx, &owner, &timeline)?;
        recorder.running = tx.running_activity()?;
        let line = match &recorder.running {
            Some(activity) => tx
                .positions(activity.id)?
                .iter()
                .map(|fix| (fix.lat, fix.lon))
                .collect(),
            None => Line::default(),
        };
        let mut core = Self {
            store,
            recorder,
            timeline,
            owner,
            body,
            bands,
            line,
            log,
            unstored_since: None,
            written_at: mono_ms,
            cleared_at: mono_ms,
            shown_at: mono_ms,
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
        core.replay(&records);
        core.wake(clock, is_new);
        if !told.is_empty() {
            let t_ms = core.now(clock).t_ms;
            core.store.write(Lasting::Power, |tx| {
                told.iter()
                    .try_for_each(|(code, text)| tx.add_notice(code, text, t_ms))
            })?;
        }
        core.restore_speech();
        Ok(core)
    }

    /// Both clocks. Outside of activities a wall clock that was set is followed.
    pub(crate) fn now(&mut self, clock: &dyn Clock) -> Now {
        let mono_ms = clock.mono_ms();
        if self.recorder.running.is_none() && self.timeline.follow_wall(clock) {
            // Looking at the clocks can't be refused.
            let _ = self.take(&Input::Time(self.timeline.clone()), mono_ms);
        }
        self.moment(mono_ms)
    }

    /// A moment of the monotonic clock on both.
    pub(crate) fn moment(&self, mono_ms: i64) -> Now {
        Now {
            t_ms: self.timeline.at(mono_ms),
            mono_ms,
        }
    }

    /// An activity began or ended: its line begins anew.
    pub(crate) fn clear_line(&mut self) {
        self.line = Line::default();
    }

    /// Somebody signed in or out. What was recorded before anybody had signed in belongs to the first who does.
    pub(crate) fn set_owner(&mut self, owner: &str, now: Now) -> Result<(), PhoneError> {
        if !self.owner.is_empty() && self.owner != owner {
            // An activity is one person's.
            self.take(&Input::Finish, now.mono_ms)?;
        }
        self.store_now(now)?;
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
        self.recorder.over = just_over(&self.store.read(), owner, &self.timeline)?;
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
        let mut learned = self.timeline.clone();
        let Some(off_ms) = learned.learn(server_ms, clock) else {
            if learned != self.timeline {
                self.take(&Input::Time(learned), now.mono_ms)?;
            }
            return Ok(());
        };
        self.store_now(now)?;
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
        self.recorder.over = just_over(&self.store.read(), &self.owner, &self.timeline)?;
        Ok(())
    }

    /// Takes a reading of the phone's step counter, and shares its steps out over the time since the one before.
    pub(crate) fn count_reading(&mut self, reading: &CounterReading) -> Result<(), PhoneError> {
        if let Some(burst) = self.recorder.reading(reading.clone(), &self.timeline.boot)? {
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

/// The activities that steps may still be credited to.
fn just_over(tx: &Tx<'_>, owner: &str, timeline: &Timeline) -> Result<Vec<Activity>, PhoneError> {
    let open = first_open(timeline.reached_ms());
    tx.activities_ended_since(owner, open.start_ms())
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
