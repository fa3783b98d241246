//! Everything of the app on this phone, gone for good.
//!
//! A mark is set first and taken away last, both for good on the disk: a kill in between is gone on from at the next opening.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use haigou_contract::Day;

use crate::core::Core;
use crate::screens::{BandsScreen, HistoryScreen, LiveScreen, TodayScreen, show};
use crate::store::is_of_the_store;
use crate::{KeyStore, Phone, PhoneError, PhoneOptions};

/// The mark's name in the folder.
const MARK: &str = "wiping";
/// Every secret that was ever kept.
const SECRETS: [&str; 3] = [crate::api::SESSION, crate::api::DEVICE_KEY, crate::bands::KEYS];

impl Phone {
    /// Wipes everything of the app on this phone: what was recorded, sent or not, what the server said, bands, damaged files
    /// that were put aside, session and keys. It needs neither network nor sign-in, and asks nobody: the screen does. The
    /// server isn't told; the session there ends by itself or on another device. Afterwards the phone is as new, and this
    /// object goes on; the radio of the bands has to be started again. Killed in the middle, it is done at the next
    /// opening.
    ///
    /// # Errors
    /// [`PhoneError::Closed`]; [`PhoneError::StoreFull`] or [`PhoneError::StoreFailed`] if not even the mark can be set:
    /// nothing was done then. Else those of key store and store: what is left goes at the next opening, and until then
    /// every method answers [`PhoneError::Closed`].
    pub async fn wipe(self: &Arc<Self>) -> Result<(), PhoneError> {
        // An upload that is under way ends first: nothing is written behind it.
        let _turn = self.syncing.lock().await;
        // Nor does a band say anything any more.
        #[cfg(feature = "radio")]
        self.on_air().end();
        let dir = &self.options.dir;
        #[cfg(feature = "radio")]
        self.on_air().end();
        if !self.is_open() {
            return Err(PhoneError::Closed);
        }
        set_mark(dir)?;
        self.replace_core(|| {
            self.api.forget_all();
            finish(dir, self.options.keys.as_ref())?;
            Core::open(&self.options, None)
        })?;
        // The language that was chosen went with the settings.
        self.api.set_language(self.options.language);
        self.show_nothing();
        self.show_all();
        Ok(())
    }

    /// Wipes as [`Phone::wipe`] does, for a store that can't be opened: one of a newer version, for example. No phone may be
    /// open in the folder.
    ///
    /// # Errors
    /// Those of key store and store; what is left goes at the next opening.
    pub fn wipe_unopened(options: &PhoneOptions) -> Result<(), PhoneError> {
        if std::fs::exists(&options.dir)? {
            set_mark(&options.dir)?;
            finish(&options.dir, options.keys.as_ref())?;
        }
        Ok(())
    }

    /// Nothing is known any more.
    fn show_nothing(&self) {
        let _ = self.with(|_, now| {
            let today = Day::at(now.t_ms);
            show(&self.screens.live, LiveScreen::default());
            show(&self.screens.today, TodayScreen::empty(today));
            show(&self.screens.bands, BandsScreen::default());
            show(&self.screens.history, HistoryScreen::empty(today));
        });
    }
}

/// Ends a wipe that was begun, if one was.
pub(crate) fn go_on(dir: &Path, keys: &dyn KeyStore) -> Result<(), PhoneError> {
    match std::fs::exists(dir.join(MARK)) {
        Ok(true) => finish(dir, keys),
        _ => Ok(()),
    }
}

fn set_mark(dir: &Path) -> Result<(), PhoneError> {
    File::create(dir.join(MARK))?.sync_all()?;
    sync(dir)
}

fn finish(dir: &Path, keys: &dyn KeyStore) -> Result<(), PhoneError> {
    for name in SECRETS {
        keys.remove(name)?;
    }
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if is_of_the_store(&entry.file_name().to_string_lossy()) {
            remove(&entry.path())?;
        }
    }
    sync(dir)?;
    remove(&dir.join(MARK))?;
    sync(dir)
}

fn remove(path: &Path) -> Result<(), PhoneError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// What was done in a folder lasts over a power cut.
fn sync(dir: &Path) -> Result<(), PhoneError> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
