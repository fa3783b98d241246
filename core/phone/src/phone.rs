//! The phone: opening, closing, screens. Recording, signing in, syncing and refreshing stand in files of their own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use haigou_contract::{Day, Language, Problem};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::activity::{Now, seconds};
use crate::api::Api;
use crate::core::Core;
use crate::screens::{
    Account, BandsScreen, LiveScreen, Notice, RecordDetail, RecordsScreen, RefusedUpload, Screens,
    StatusScreen, StorageState, TodayScreen, show,
};
use crate::store::Lasting;
use crate::texts;
use crate::{BodyProfile, HttpTransport, PhoneError, PhoneOptions, Transport};

/// A request without an answer is given up after so long.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The app without a face. One per folder; its methods may be called from any thread.
pub struct Phone {
    pub(crate) options: PhoneOptions,
    pub(crate) api: Api,
    core: Mutex<Option<Core>>,
    pub(crate) screens: Screens,
    /// One sync at a time.
    pub(crate) syncing: tokio::sync::Mutex<()>,
    /// The radio of the bands, once it was started.
    #[cfg(feature = "radio")]
    pub(crate) on_air: Mutex<crate::radio::OnAir>,
    /// Wakes the background task.
    pub(crate) wake: Arc<Notify>,
}

impl Phone {
    /// Opens the store in the options' folder, or makes it, and goes on where the app was when it ended or was
    /// killed: an activity under way is under way again.
    ///
    /// # Errors
    /// [`PhoneError::ServerAddress`], [`PhoneError::KeyStore`], [`PhoneError::StoreLocked`],
    /// [`PhoneError::StoreNewer`], [`PhoneError::StoreFull`], [`PhoneError::StoreFailed`].
    pub fn open(options: PhoneOptions) -> Result<Arc<Self>, PhoneError> {
        let transport: Arc<dyn Transport> = match &options.transport {
            Some(transport) => Arc::clone(transport),
            None => {
                let http = HttpTransport::new(TIMEOUT);
                Arc::new(http.map_err(|error| PhoneError::StoreFailed {
                    cause: error.to_string(),
                })?)
            }
        };
        crate::wipe::go_on(&options.dir, options.keys.as_ref())?;
        let api = Api::new(&options, transport)?;
        let core = Core::open(&options, api.member())?;
        if let Some(language) = core.settings.language {
            api.set_language(language);
        }
        let screens = Screens::new(Day::at(core.timeline.now(options.clock.as_ref())));
        let phone = Self {
            options,
            api,
            core: Mutex::new(Some(core)),
            screens,
            syncing: tokio::sync::Mutex::new(()),
            #[cfg(feature = "radio")]
            on_air: Mutex::default(),
            wake: Arc::new(Notify::new()),
        };
        phone.gather_from_here();
        phone.show_all();
        Ok(Arc::new(phone))
    }

    /// Stores what waits and closes the store. From then on every method answers [`PhoneError::Closed`].
    pub fn close(&self) {
        #[cfg(feature = "radio")]
        self.on_air().end();
        if self.with(|core, now| core.save(now, Lasting::Power)).is_ok() {
            self.lock().take();
        }
        self.wake.notify_one();
    }

    /// The wristbands.
    #[must_use]
    pub fn bands(&self) -> watch::Receiver<BandsScreen> {
        self.screens.bands.subscribe()
    }

    /// The activity under way.
    #[must_use]
    pub fn live(&self) -> watch::Receiver<LiveScreen> {
        self.screens.live.subscribe()
    }

    /// Today's steps, ladder and tasks.
    #[must_use]
    pub fn today(&self) -> watch::Receiver<TodayScreen> {
        self.screens.today.subscribe()
    }

    /// What was walked and run.
    #[must_use]
    pub fn records(&self) -> watch::Receiver<RecordsScreen> {
        self.screens.records.subscribe()
    }

    /// Account, sync, storage, notices.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<StatusScreen> {
        self.screens.status.subscribe()
    }

    /// One record of this phone with splits, minutes and route.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchRecord`].
    pub fn record(&self, id: Uuid) -> Result<RecordDetail, PhoneError> {
        self.with(|core, _| core.record(id))?
    }

    /// A record of this phone as GPX 1.1.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchRecord`].
    pub fn gpx(&self, id: Uuid) -> Result<String, PhoneError> {
        let language = self.api.language();
        self.with(|core, _| core.gpx(id, language))?
    }

    /// What is sent with a record of this phone, in the app's language.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchRecord`].
    pub fn share_text(&self, id: Uuid) -> Result<String, PhoneError> {
        let summary = self.record(id)?.line.summary;
        let (hours, minutes, seconds) = texts::duration_parts(seconds(summary.active_ms));
        Ok(texts::share_record(
            self.api.language(),
            texts::kind_name(summary.kind),
            format!("{:.2}", summary.distance_m / 1000.0),
            hours,
            minutes,
            seconds,
            summary.steps,
        ))
    }

    /// The body profile.
    ///
    /// # Errors
    /// [`PhoneError::Closed`].
    pub fn body(&self) -> Result<BodyProfile, PhoneError> {
        self.with(|core, _| core.body)
    }

    /// Changes the body profile. It counts for activities that start from now on.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`] names the figure; nothing was changed.
    pub fn set_body(&self, body: BodyProfile) -> Result<(), PhoneError> {
        self.with(|core, now| {
            body.check(Day::at(now.t_ms))?;
            core.set_body(body)
        })?
    }

    /// The language of texts.
    #[must_use]
    pub fn language(&self) -> Language {
        self.api.language()
    }

    /// The most that the store may take on the disk from now on, in bytes; none for no limit.
    ///
    /// # Errors
    /// Those of the store.
    pub fn set_store_limit(&self, limit: Option<u64>) -> Result<(), PhoneError> {
        self.with(|core, _| core.store.set_limit(limit))?
    }

    /// The member has read a notice.
    ///
    /// # Errors
    /// Those of the store.
    pub fn dismiss_notice(&self, id: i64) -> Result<(), PhoneError> {
        let done = self.with(|core, _| core.store.write(Lasting::Process, |tx| tx.remove_notice(id)))?;
        self.show_all();
        done
    }

    /// Stores what waits, and shows what it made of the live screen, today and the status. The background task does so
    /// by itself.
    pub fn tick(&self) {
        let _ = self.with(|core, now| {
            core.save(now, Lasting::Process);
            self.show_live(core, now);
            self.show_stored(core, now);
            self.show_history(core, now);
        });
    }

    /// A second has passed.
    pub(crate) fn second(&self) {
        let _ = self.with(|core, now| {
            if core.is_time_to_write(now) {
                core.save(now, Lasting::Process);
            }
            self.show_live(core, now);
            if core.is_time_for_today(now) {
                self.show_stored(core, now);
                self.show_history(core, now);
            }
        });
    }

    /// Works on what the phone knows.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Core, Now) -> T) -> Result<T, PhoneError> {
        let mut guard = self.lock();
        let core = guard.as_mut().ok_or(PhoneError::Closed)?;
        let now = core.now(self.options.clock.as_ref());
        Ok(work(core, now))
    }

    /// Closes the store, does something without it, and goes on with another; where that fails it stays closed.
    pub(crate) fn replace_core(
        &self,
        work: impl FnOnce() -> Result<Core, PhoneError>,
    ) -> Result<(), PhoneError> {
        let mut guard = self.lock();
        guard.take().ok_or(PhoneError::Closed)?;
        *guard = Some(work()?);
        Ok(())
    }

    /// Shows every screen as things stand.
    pub(crate) fn show_all(&self) {
        let _ = self.with(|core, now| {
            self.show_live(core, now);
            self.show_stored(core, now);
            match core.records_screen(now) {
                Ok(mut screen) => {
                    screen.standing = self.look(core, now).standing_of_records(&screen);
                    show(&self.screens.records, screen);
                }
                Err(error) => tracing::warn!(%error, "the records can't be read"),
            }
            self.show_history(core, now);
            self.show_watched(core, now);
        });
    }

    pub(crate) fn show_live(&self, core: &mut Core, now: Now) {
        core.say_kilometres(now, self.api.language());
        show(&self.screens.live, core.live_screen(now));
    }

    /// Shows the bands as things stand.
    pub(crate) fn show_bands(&self) {
        let _ = self.with(|core, now| self.show_bands_of(core, now));
    }

    /// Shows the bands, and what is watched, as things stand.
    pub(crate) fn show_bands_and_messages(&self, core: &Core, now: Now) {
        self.show_bands_of(core, now);
        self.show_watched(core, now);
    }

    fn show_bands_of(&self, core: &Core, now: Now) {
        match core.bands_screen(now, self.api.language()) {
            Ok(screen) => show(&self.screens.bands, screen),
            Err(error) => tracing::warn!(%error, "the bands can't be read"),
        }
    }

    pub(crate) fn show_stored(&self, core: &Core, now: Now) {
        match core.today_screen(now) {
            Ok(mut screen) => {
                screen.standing = self.look(core, now).standing_of_today(&screen);
                show(&self.screens.today, screen);
            }
            Err(error) => tracing::warn!(%error, "today can't be read"),
        }
        match self.status_of(core) {
            Ok(screen) => show(&self.screens.status, screen),
            Err(error) => tracing::warn!(%error, "the status can't be read"),
        }
        self.show_bands_of(core, now);
    }

    fn status_of(&self, core: &Core) -> Result<StatusScreen, PhoneError> {
        let language = self.api.language();
        let told = |error: &PhoneError| (error.code().to_owned(), error.text(language));
        let account = match (self.api.member(), &core.ended) {
            (Some(member), _) => Account::SignedIn { member },
            (None, Some(error)) => {
                let (code, text) = told(error);
                Account::Ended { code, text }
            }
            (None, None) => Account::SignedOut,
        };
        let storage = core.storage.as_ref().map_or(StorageState::Fine, |error| {
            let (code, text) = told(error);
            StorageState::Waiting { code, text }
        });
        let tx = core.store.read();
        let refused = |(upload, minutes, answer): (i64, u64, String)| {
            let problem = serde_json::from_str::<Problem>(&answer).ok();
            let code = problem
                .as_ref()
                .map_or("", |problem| problem.code.name())
                .to_owned();
            let text = problem.map(|problem| PhoneError::Refused(Box::new(problem)).text(language));
            RefusedUpload {
                upload,
                minutes,
                code,
                text: text.unwrap_or_default(),
            }
        };
        let notice = |(id, code, detail, at_ms): (i64, String, String, i64)| {
            let text = crate::screens::notice_text(&code, &detail, language);
            Notice {
                id,
                code,
                text,
                at_ms,
            }
        };
        Ok(StatusScreen {
            account,
            offline: core.offline,
            waiting_uploads: u64::try_from(tx.waiting_uploads(&core.owner)?.len()).unwrap_or(u64::MAX),
            unsynced_minutes: core.unsynced_minutes()?,
            refused_uploads: tx.refusals(&core.owner)?.into_iter().map(refused).collect(),
            synced_ms: core.synced_ms,
            storage,
            notices: tx.notices()?.into_iter().map(notice).collect(),
        })
    }

    pub(crate) fn is_open(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Core>> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
