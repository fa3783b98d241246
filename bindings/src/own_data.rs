//! Everything that is kept of the member: given out to him, and wiped.

use std::path::PathBuf;
use std::sync::Arc;

use haigou_contract::Language;
use haigou_phone::screens::Told;
use tokio::sync::watch;

use crate::kinds::count;
use crate::{Cancel, Clock, KeyStore, ListenerError, Phone, PhoneError, PhoneOptions};

/// How far an export has come, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, uniffi::Record)]
pub struct ExportProgress {
    /// Parts that are done.
    pub done: i64,
    /// Parts in all; 0 while that isn't known.
    pub of: i64,
}

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ExportReport {
    /// Files in it.
    pub files: i64,
    /// Records, imported ones included.
    pub records: i64,
    /// Minute rows.
    pub minutes: i64,
    /// Why what the server keeps isn't in it; none where it is.
    pub server_missing: Option<Told>,
}

/// Hears how far an export has come.
#[uniffi::export(foreign)]
pub trait ExportListener: Send + Sync {
    /// It has come so far. Called on a thread of this library, one call at a time.
    fn on_progress(&self, progress: ExportProgress) -> Result<(), ListenerError>;
}

#[uniffi::export]
impl Phone {
    /// Writes all of the member's data into a ZIP file of JSON and GPX, which is there when it is whole and not before. What
    /// the server keeps is in it if the server can be reached. Recording goes on meanwhile. Cancelled, it leaves nothing behind.
    #[uniffi::method(default(cancel = None))]
    pub async fn export_to_file(
        &self,
        path: String,
        listener: Arc<dyn ExportListener>,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<ExportReport, PhoneError> {
        let (tell, progress) = watch::channel(ExportProgress::default());
        let _heard = crate::listen::forward(self.work, progress, listener, |to, come| to.on_progress(*come));
        let report = self.ask(cancel, |core| async move {
            let tell = move |progress: haigou_phone::ExportProgress| {
                tell.send_replace(progress.into());
            };
            core.export_to_file(&PathBuf::from(path), tell).await
        });
        Ok(ExportReport::of(report.await?, self.core.language()))
    }

    /// Deletes everything that this phone keeps, keys included, and signs out; the account stays. An activity under way is
    /// thrown away. It can't be undone. Killed in the middle, it is done at the next opening.
    pub async fn wipe(&self) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.wipe().await }).await
    }
}

/// Wipes as [`Phone::wipe`] does, where the store can't be opened: it is of a newer version, for example. No phone may be open
/// in the folder.
#[uniffi::export]
pub fn wipe_unopened(
    options: PhoneOptions,
    clock: Arc<dyn Clock>,
    keys: Arc<dyn KeyStore>,
) -> Result<(), PhoneError> {
    let language = options.language;
    let options = options.for_core(clock, keys)?;
    haigou_phone::Phone::wipe_unopened(&options).map_err(|error| PhoneError::of(&error, language))
}

impl ExportReport {
    fn of(report: haigou_phone::ExportReport, language: Language) -> Self {
        let told = |error: haigou_phone::PhoneError| crate::error::told(&error, language);
        Self {
            files: count(report.files),
            records: count(report.records),
            minutes: count(report.minutes),
            server_missing: report.server_missing.map(told),
        }
    }
}

impl From<haigou_phone::ExportProgress> for ExportProgress {
    fn from(progress: haigou_phone::ExportProgress) -> Self {
        Self {
            done: count(progress.done),
            of: count(progress.of),
        }
    }
}
