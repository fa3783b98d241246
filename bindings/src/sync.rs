//! Bringing what was recorded to the server, asking what it knows, and disagreeing with it.

use std::sync::Arc;

use haigou_contract::{AppealStatus, Language};
use haigou_phone::screens::Told;

use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Uploads that were sent, once or more often.
    pub sent: i64,
    /// Uploads that the server took.
    pub answered: i64,
    /// Uploads that the server refused for good. They are kept, and the status screen says why.
    pub refused: i64,
    /// Uploads that still wait.
    pub left: i64,
    /// Minutes with steps that no server has answered for yet; those of the last minute or two are still open.
    pub unsynced_minutes: i64,
    /// Why it stopped before everything was sent, if it did.
    pub stopped: Option<Told>,
}

/// What a member says who disagrees.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewAppeal {
    /// The day it is about.
    pub day: String,
    /// The activity it is about, if one.
    #[uniffi(default = None)]
    pub activity: Option<String>,
    /// What the member says, 1 to 1,000 characters.
    pub text: String,
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Appeal {
    /// Its id.
    pub appeal: String,
    /// The day it is about.
    pub day: String,
    /// The activity it is about, if one.
    pub activity: Option<String>,
    /// What the member said.
    pub text: String,
    /// When it came.
    pub at_ms: i64,
    /// Where it stands.
    pub status: AppealStatus,
}

#[uniffi::export]
impl Phone {
    /// Brings everything that is ready to the server, and asks what became of it. It goes through once; what could not be
    /// sent is tried again later by itself. A server that can't be reached is told in the report.
    #[uniffi::method(default(cancel = None))]
    pub async fn sync_now(&self, cancel: Option<Arc<Cancel>>) -> Result<SyncReport, PhoneError> {
        let report = self.ask(cancel, |core| async move { core.sync_now().await });
        Ok(SyncReport::of(report.await?, self.core.language()))
    }

    /// Sends uploads that the server refused once more, as new ones: after an update of the app, for example.
    pub fn retry_refused(&self) -> Result<(), PhoneError> {
        self.told(self.core.retry_refused())
    }

    /// Asks the server for today's figures, goals and challenge. If that fails, the screen keeps what it knew.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_today(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_today().await })
            .await
    }

    /// Asks the server for the records. If that fails, the screen keeps what it knew.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_records(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_records().await })
            .await
    }

    /// Says that steps should have counted.
    pub async fn appeal(&self, appeal: NewAppeal) -> Result<Appeal, PhoneError> {
        let appeal = self.new_appeal(appeal)?;
        let filed = self.finish_it(|core| async move { core.appeal(appeal).await });
        Ok(filed.await?.into())
    }
}

impl SyncReport {
    fn of(report: haigou_phone::SyncReport, language: Language) -> Self {
        let told = |error: haigou_phone::PhoneError| crate::error::told(&error, language);
        Self {
            sent: count(report.sent),
            answered: count(report.answered),
            refused: count(report.refused),
            left: count(report.left),
            unsynced_minutes: count(report.unsynced_minutes),
            stopped: report.stopped.map(told),
        }
    }
}

impl Phone {
    fn new_appeal(&self, appeal: NewAppeal) -> Result<haigou_contract::NewAppeal, PhoneError> {
        let activity = appeal.activity.map(|id| id.parse()).transpose();
        Ok(haigou_contract::NewAppeal {
            day: self.day("day", &appeal.day)?,
            activity: activity.map_err(|_| self.out_of_bounds("activity"))?,
            text: appeal.text,
        })
    }
}

impl From<haigou_contract::Appeal> for Appeal {
    fn from(appeal: haigou_contract::Appeal) -> Self {
        Self {
            appeal: appeal.appeal,
            day: appeal.day.to_string(),
            activity: appeal.activity.map(|id| id.to_string()),
            text: appeal.text,
            at_ms: appeal.at.timestamp_millis(),
            status: appeal.status,
        }
    }
}
