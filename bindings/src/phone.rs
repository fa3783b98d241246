//! The phone: opening, closing, settings.

use std::sync::Arc;

use haigou_contract::{Day, Language, Platform};

use crate::clock::ShellClock;
use crate::keys::ShellKeys;
use crate::work::Work;
use crate::{Clock, KeyStore, PhoneError};

/// What a phone is opened with.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhoneOptions {
    /// The folder that the store lives in. One phone per folder.
    pub dir: String,
    /// Where the server is, for example `https://api.example.com`, without a path.
    pub server_url: String,
    /// The system's language, for texts and speech: a setting may say otherwise.
    pub language: Language,
    /// The device's name as its owner sees it in the list of devices, at most 64 characters.
    pub device_name: String,
    /// What it runs on.
    pub platform: Platform,
    /// The most that the store may take on the disk, in bytes; none for no limit.
    #[uniffi(default = None)]
    pub store_limit: Option<i64>,
}

/// The app without a face. One per folder. Its methods may be called from any thread; those that aren't asynchronous
/// may wait for the disk for some milliseconds.
///
/// What was recorded is safe whatever becomes of this object: dropping it is the same as the death of the process.
#[derive(uniffi::Object)]
pub struct Phone {
    pub(crate) core: Arc<haigou_phone::Phone>,
    pub(crate) work: Work,
}

#[uniffi::export]
impl Phone {
    /// Opens the store in the options' folder, or makes it, and goes on where the app was when it ended or was killed: an
    /// activity under way is under way again. From now on it stores, shows and syncs by itself.
    #[uniffi::constructor]
    pub fn open(
        options: PhoneOptions,
        clock: Arc<dyn Clock>,
        keys: Arc<dyn KeyStore>,
    ) -> Result<Arc<Self>, PhoneError> {
        let language = options.language;
        let work = Work::threads(language)?;
        let options = options.for_core(clock, keys)?;
        let core = haigou_phone::Phone::open(options).map_err(|error| PhoneError::of(&error, language))?;
        let _within = work.enter();
        core.run_in_background();
        Ok(Arc::new(Self { core, work }))
    }

    /// Stores what waits and closes the store. From then on every method fails with the code `closed`.
    pub fn shut_down(&self) {
        self.core.close();
    }

    /// The language of texts.
    pub fn language(&self) -> Language {
        self.core.language()
    }

    /// The language of texts from now on; it is kept as a setting.
    pub fn set_language(&self, language: Language) {
        self.core.set_language(language);
    }

    /// The most that the store may take on the disk from now on, in bytes; none for no limit.
    pub fn set_store_limit(&self, bytes: Option<i64>) -> Result<(), PhoneError> {
        self.told(self.core.set_store_limit(bytes.map(crate::kinds::size)))
    }

    /// The network came back: what waits is sent now rather than later.
    pub fn network_changed(&self) {
        self.core.network_changed();
    }

    /// Stores what waits and shows what has become of it: when the app comes to the foreground, for example. It happens
    /// every second anyway.
    pub fn tick(&self) {
        self.core.tick();
    }
}

impl Phone {
    /// An answer of the core, with its error in the app's language.
    pub(crate) fn told<T>(&self, answer: Result<T, haigou_phone::PhoneError>) -> Result<T, PhoneError> {
        answer.map_err(|error| PhoneError::of(&error, self.core.language()))
    }
}

impl Phone {
    /// A day as the shell writes it.
    pub(crate) fn day(&self, field: &'static str, day: &str) -> Result<Day, PhoneError> {
        day.parse().map_err(|_| self.out_of_bounds(field))
    }

    /// A value that the shell gave can't be taken.
    pub(crate) fn out_of_bounds(&self, field: &'static str) -> PhoneError {
        let error = haigou_phone::PhoneError::OutOfBounds { field };
        PhoneError::of(&error, self.core.language())
    }
}

impl PhoneOptions {
    pub(crate) fn for_core(
        self,
        clock: Arc<dyn Clock>,
        keys: Arc<dyn KeyStore>,
    ) -> Result<haigou_phone::PhoneOptions, PhoneError> {
        let clock = ShellClock::new(clock).map_err(|error| PhoneError::clock(&error, self.language))?;
        let (clock, keys) = (Arc::new(clock), Arc::new(ShellKeys(keys)));
        Ok(haigou_phone::PhoneOptions {
            language: self.language,
            device_name: self.device_name,
            platform: self.platform,
            store_limit: self.store_limit.map(crate::kinds::size),
            ..haigou_phone::PhoneOptions::new(self.dir, self.server_url, clock, keys)
        })
    }
}
