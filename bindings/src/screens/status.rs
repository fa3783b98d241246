//! How the app itself is doing: account, sync, storage, what has to be told.

use haigou_phone::screens::{Account, StorageState};

use super::shared::all;
use crate::kinds::count;
use crate::{Phone, PhoneError};

/// Who is signed in.
#[uniffi::remote(Enum)]
pub enum Account {
    /// Nobody.
    SignedOut,
    /// The session ended without the member's doing: what happened and what to do.
    Ended {
        /// The stable code.
        code: String,
        /// In the app's language.
        text: String,
    },
    /// A member.
    SignedIn {
        /// The member's id.
        member: String,
    },
}

/// Whether recordings can be written down.
#[uniffi::remote(Enum)]
pub enum StorageState {
    /// They are.
    Fine,
    /// They wait in memory, and writing is tried again: what happened and what to do.
    Waiting {
        /// The stable code.
        code: String,
        /// In the app's language.
        text: String,
    },
}

/// The app's state, for banners and the settings.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatusScreen {
    /// Who is signed in.
    pub account: Account,
    /// The server could not be reached the last time.
    pub offline: bool,
    /// Uploads that wait for an answer.
    pub waiting_uploads: i64,
    /// Minutes that no server has answered for yet.
    pub unsynced_minutes: i64,
    /// Uploads that the server refused, and why. They are kept.
    pub refused_uploads: Vec<RefusedUpload>,
    /// When the last upload was answered, by the phone's time.
    pub synced_ms: Option<i64>,
    /// Whether recordings can be written down.
    pub storage: StorageState,
    /// What the member has to be told, oldest first.
    pub notices: Vec<Notice>,
}

/// An upload that the server refused.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RefusedUpload {
    /// Its number on this phone.
    pub upload: i64,
    /// How many minutes it carried.
    pub minutes: i64,
    /// The stable code.
    pub code: String,
    /// The server's reason.
    pub text: String,
}

/// Something that the member has to be told.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Notice {
    /// Its number, for [`Phone::dismiss_notice`].
    pub id: i64,
    /// The stable code.
    pub code: String,
    /// In the app's language.
    pub text: String,
    /// When it happened, by the phone's time.
    pub at_ms: i64,
}

crate::listen::screen! {
    StatusScreen from status,
    /// How the app itself is doing.
    status,
    /// Hears how the app itself is doing.
    StatusListener,
    watch_status
}

#[uniffi::export]
impl Phone {
    /// The member has read a notice.
    pub fn dismiss_notice(&self, id: i64) -> Result<(), PhoneError> {
        self.told(self.core.dismiss_notice(id))
    }
}

impl From<haigou_phone::screens::StatusScreen> for StatusScreen {
    fn from(screen: haigou_phone::screens::StatusScreen) -> Self {
        Self {
            account: screen.account,
            offline: screen.offline,
            waiting_uploads: count(screen.waiting_uploads),
            unsynced_minutes: count(screen.unsynced_minutes),
            refused_uploads: all(screen.refused_uploads),
            synced_ms: screen.synced_ms,
            storage: screen.storage,
            notices: all(screen.notices),
        }
    }
}

impl From<haigou_phone::screens::RefusedUpload> for RefusedUpload {
    fn from(refused: haigou_phone::screens::RefusedUpload) -> Self {
        Self {
            upload: refused.upload,
            minutes: count(refused.minutes),
            code: refused.code,
            text: refused.text,
        }
    }
}

impl From<haigou_phone::screens::Notice> for Notice {
    fn from(notice: haigou_phone::screens::Notice) -> Self {
        Self {
            id: notice.id,
            code: notice.code,
            text: notice.text,
            at_ms: notice.at_ms,
        }
    }
}
