//! What can go wrong, with a stable code and a sentence that a person can act on.

use haigou_contract::{Language, Problem};
use haigou_route::GpxError;

use crate::texts;

/// Why the phone couldn't do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// The server said no, in its own words.
    #[error("the server refused: {}", .0.title)]
    Refused(Box<Problem>),
    /// No connection, or it broke.
    #[error("no connection to the server")]
    Offline,
    /// Something answered, but not our server: a captive portal or a proxy, for example.
    #[error("the answer (status {status}) isn't the server's")]
    NotOurServer {
        /// The HTTP status it gave.
        status: u16,
    },
    /// Nobody is signed in on this phone.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The address of the server isn't one.
    #[error("the server's address isn't a URL")]
    ServerAddress,
    /// The phone's disk is full.
    #[error("the phone's storage is full")]
    StoreFull,
    /// Another process has the store open.
    #[error("another process uses the store")]
    StoreLocked,
    /// The store was written by a newer version of the app. It was left as it is.
    #[error("the store has version {found}, this app knows {known}")]
    StoreNewer {
        /// The store's version.
        found: i64,
        /// The newest that this app knows.
        known: i64,
    },
    /// The store can't be read or written.
    #[error("the store failed: {cause}")]
    StoreFailed {
        /// For the log.
        cause: String,
    },
    /// The key store failed.
    #[error("the key store failed: {cause}")]
    KeyStore {
        /// For the log.
        cause: String,
    },
    /// There is no activity to pause, resume, finish or discard.
    #[error("no activity is under way")]
    NoActivity,
    /// An activity is under way already.
    #[error("an activity is under way already")]
    ActivityUnderWay,
    /// The activity is paused already.
    #[error("the activity is paused already")]
    AlreadyPaused,
    /// The activity isn't paused.
    #[error("the activity isn't paused")]
    NotPaused,
    /// There is no record of that id on this phone.
    #[error("there is no such record")]
    NoSuchRecord,
    /// The radio of the bands wasn't started.
    #[error("the radio of the bands wasn't started")]
    RadioOff,
    /// There is no band of that id on this phone.
    #[error("there is no such band")]
    NoSuchBand,
    /// There is no line of that id in the statement.
    #[error("there is no such line of the statement")]
    NoSuchLine,
    /// Some samples were no numbers. The others were taken.
    #[error("{refused} samples were no numbers")]
    SamplesInvalid {
        /// How many were left out.
        refused: u64,
    },
    /// The position isn't one. It was left out.
    #[error("that isn't a position")]
    FixInvalid,
    /// The step counter's reading can't be true. It was left out, and counting goes on from the one before.
    #[error("the step counter's reading can't be true")]
    ReadingImplausible,
    /// A figure or text of the body profile, a name or an appeal is out of bounds.
    #[error("{field} is out of bounds")]
    OutOfBounds {
        /// Which one.
        field: &'static str,
    },
    /// The GPX file can't be taken. Nothing of it was kept.
    #[error(transparent)]
    Gpx(GpxError),
    /// The GPX file's times lie in the future, or before 1970. Nothing of it was kept.
    #[error("the file's times can't be true")]
    GpxTime,
    /// The picture couldn't be made.
    #[error("the picture couldn't be made: {cause}")]
    PictureFailed {
        /// For the log.
        cause: String,
    },
    /// What the export was written to failed.
    #[error("the export couldn't be written: {cause}")]
    ExportFailed {
        /// For the log.
        cause: String,
    },
    /// The phone object was closed.
    #[error("the phone was closed")]
    Closed,
}

impl PhoneError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(problem) => problem.code.name(),
            Self::Offline => "offline",
            Self::NotOurServer { .. } => "not_our_server",
            Self::NotSignedIn => "not_signed_in",
            Self::ServerAddress => "server_address",
            Self::StoreFull => "store_full",
            Self::StoreLocked => "store_locked",
            Self::StoreNewer { .. } => "store_newer",
            Self::StoreFailed { .. } => "store_failed",
            Self::KeyStore { .. } => "key_store",
            Self::NoActivity => "no_activity",
            Self::ActivityUnderWay => "activity_under_way",
            Self::AlreadyPaused => "already_paused",
            Self::NotPaused => "not_paused",
            Self::NoSuchRecord => "no_such_record",
            Self::RadioOff => "radio_off",
            Self::NoSuchBand => "no_such_band",
            Self::NoSuchLine => "no_such_line",
            Self::SamplesInvalid { .. } => "samples_invalid",
            Self::FixInvalid => "fix_invalid",
            Self::ReadingImplausible => "reading_implausible",
            Self::OutOfBounds { .. } => "out_of_bounds",
            Self::Gpx(error) => error.code(),
            Self::GpxTime => "gpx_time",
            Self::PictureFailed { .. } => "picture_failed",
            Self::ExportFailed { .. } => "export_failed",
            Self::Closed => "closed",
        }
    }

    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            // The server already speaks the caller's language, and may know more about the case.
            Self::Refused(problem) => problem.detail.as_ref().unwrap_or(&problem.title).clone(),
            Self::Offline => texts::error_offline(language),
            Self::NotOurServer { .. } => texts::error_not_our_server(language),
            Self::NotSignedIn => texts::error_not_signed_in(language),
            Self::ServerAddress => texts::error_server_address(language),
            Self::StoreFull => texts::error_store_full(language),
            Self::StoreLocked => texts::error_store_locked(language),
            Self::StoreNewer { .. } => texts::error_store_newer(language),
            Self::StoreFailed { .. } => texts::error_store_failed(language),
            Self::KeyStore { .. } => texts::error_key_store(language),
            Self::NoActivity => texts::error_no_activity(language),
            Self::ActivityUnderWay => texts::error_activity_under_way(language),
            Self::AlreadyPaused => texts::error_already_paused(language),
            Self::NotPaused => texts::error_not_paused(language),
            Self::NoSuchRecord => texts::error_no_such_record(language),
            Self::NoSuchLine => texts::error_no_such_line(language),
            Self::RadioOff => texts::error_radio_off(language),
            Self::NoSuchBand => texts::error_no_such_band(language),
            Self::Gpx(error) => gpx_text(error, language),
            Self::GpxTime => texts::error_gpx_time(language),
            Self::PictureFailed { .. } => texts::error_picture_failed(language),
            Self::ExportFailed { .. } => texts::error_export_failed(language),
            Self::SamplesInvalid { .. } => texts::error_samples_invalid(language),
            Self::FixInvalid => texts::error_fix_invalid(language),
            Self::ReadingImplausible => texts::error_reading_implausible(language),
            Self::OutOfBounds { field } => texts::error_out_of_bounds(language, *field),
            Self::Closed => texts::error_closed(language),
        }
    }
}

/// What is wrong with a GPX file, for a person.
fn gpx_text(error: &GpxError, language: Language) -> String {
    match error {
        GpxError::TooLarge { limit } => texts::error_gpx_too_large(language, limit.to_string()),
        GpxError::Dtd { line } => texts::error_gpx_dtd(language, line.to_string()),
        GpxError::Truncated { line, .. } => texts::error_gpx_truncated(language, line.to_string()),
        GpxError::Syntax { line, .. } => texts::error_gpx_syntax(language, line.to_string()),
        GpxError::NotGpx { .. } => texts::error_gpx_none(language),
        GpxError::Field { line, field, .. } => {
            texts::error_gpx_field(language, line.to_string(), (*field).to_owned())
        }
        GpxError::NoTrack => texts::error_gpx_no_track(language),
        GpxError::Io { .. } | GpxError::Write(_) => texts::error_gpx_file(language),
    }
}

impl From<rusqlite::Error> for PhoneError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::StoreFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::StoreLocked,
            _ => Self::StoreFailed {
                cause: error.to_string(),
            },
        }
    }
}

impl From<serde_json::Error> for PhoneError {
    fn from(error: serde_json::Error) -> Self {
        Self::StoreFailed {
            cause: error.to_string(),
        }
    }
}

impl From<std::io::Error> for PhoneError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::StoreFull,
            _ => Self::StoreFailed {
                cause: error.to_string(),
            },
        }
    }
}

impl From<crate::KeyStoreError> for PhoneError {
    fn from(error: crate::KeyStoreError) -> Self {
        Self::KeyStore { cause: error.0 }
    }
}
