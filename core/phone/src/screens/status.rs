//! How the app itself is doing: account, sync, storage, what has to be told.

use haigou_contract::Language;

use crate::texts;

/// The app's state, for banners and the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusScreen {
    /// Who is signed in.
    pub account: Account,
    /// The server could not be reached the last time.
    pub offline: bool,
    /// Uploads that wait for an answer.
    pub waiting_uploads: u64,
    /// Minutes that no server has answered for yet.
    pub unsynced_minutes: u64,
    /// Uploads that the server refused, and why. They are kept.
    pub refused_uploads: Vec<RefusedUpload>,
    /// When the last upload was answered, in milliseconds since the Unix epoch, by the phone's time.
    pub synced_ms: Option<i64>,
    /// Whether recordings can be written down.
    pub storage: StorageState,
    /// What the member has to be told, oldest first.
    pub notices: Vec<Notice>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Account {
    /// Nobody.
    #[default]
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StorageState {
    /// They are.
    #[default]
    Fine,
    /// They wait in memory, and writing is tried again: what happened and what to do.
    Waiting {
        /// The stable code.
        code: String,
        /// In the app's language.
        text: String,
    },
}

/// An upload that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedUpload {
    /// Its number on this phone.
    pub upload: i64,
    /// How many minutes it carried.
    pub minutes: u64,
    /// The stable code.
    pub code: String,
    /// The server's reason.
    pub text: String,
}

/// Something that the member has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number, for [`crate::Phone::dismiss_notice`].
    pub id: i64,
    /// The stable code.
    pub code: String,
    /// In the app's language.
    pub text: String,
    /// When it happened, in milliseconds since the Unix epoch, by the phone's time.
    pub at_ms: i64,
}

/// A notice in words.
pub(crate) fn notice_text(code: &str, detail: &str, language: Language) -> String {
    match code {
        "store_damaged" => texts::notice_store_damaged(language, detail.to_owned()),
        _ => detail.to_owned(),
    }
}
