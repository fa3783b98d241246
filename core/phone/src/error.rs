//! What can go wrong, with a stable code and a sentence that a person can act on.

use haigou_contract::{Language, Problem};
use haigou_route::GpxError;

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
        let (chinese, english) = match self {
            // The server already speaks the caller's language, and may know more about the case.
            Self::Refused(problem) => return problem.detail.as_ref().unwrap_or(&problem.title).clone(),
            Self::Offline => (
                "没有网络连接，记录会保存在手机里，联网后自动同步。",
                "No connection. Everything is kept on the phone and synced later.",
            ),
            Self::NotOurServer { .. } => (
                "当前网络需要登录或被拦截，请检查网络后重试。",
                "This network asks for a sign-in of its own or blocks us. Check it and try again.",
            ),
            Self::NotSignedIn => ("请先登录。", "Sign in first."),
            Self::ServerAddress => (
                "服务器地址不正确，应以 https:// 开头。",
                "The server's address isn't right. It begins with https://.",
            ),
            Self::StoreFull => (
                "手机存储空间已满，请清理后继续；本次记录暂存在内存中。",
                "The phone's storage is full. Free some space; what is being recorded waits in memory.",
            ),
            Self::StoreLocked => (
                "数据正被另一个进程使用，请关闭后重试。",
                "Another copy of the app uses the data. Close it and try again.",
            ),
            Self::StoreNewer { .. } => (
                "数据由更新版本的应用写入，请更新应用。",
                "The data was written by a newer version of the app. Update the app.",
            ),
            Self::StoreFailed { .. } => (
                "无法读写手机上的数据，请重启应用后重试。",
                "The data on the phone can't be read or written. Restart the app and try again.",
            ),
            Self::KeyStore { .. } => (
                "无法访问系统密钥库，请解锁手机后重试。",
                "The phone's key store can't be used. Unlock the phone and try again.",
            ),
            Self::NoActivity => (
                "当前没有进行中的运动，请先开始。",
                "Nothing is being recorded. Start a walk or run first.",
            ),
            Self::ActivityUnderWay => (
                "已有进行中的运动，请先结束。",
                "A walk or run is being recorded already. Finish it first.",
            ),
            Self::AlreadyPaused => ("运动已暂停。", "It is paused already."),
            Self::NotPaused => ("运动没有暂停。", "It isn't paused."),
            Self::NoSuchRecord => ("手机上没有这条记录。", "There is no such record on this phone."),
            Self::RadioOff => (
                "手环功能尚未启动，请先允许使用蓝牙。",
                "Bands aren't looked for yet. Allow the app to use Bluetooth first.",
            ),
            Self::NoSuchBand => (
                "手机上没有这个手环，请重新配对。",
                "There is no such band on this phone. Pair it again.",
            ),
            Self::SamplesInvalid { .. } => (
                "部分传感器数据无效，已忽略，其余已记录。",
                "Some sensor readings were no numbers and were left out; the others were taken.",
            ),
            Self::FixInvalid => (
                "定位数据无效，已忽略。",
                "The position isn't valid and was left out.",
            ),
            Self::ReadingImplausible => (
                "计步器读数异常，已忽略，计步继续。",
                "The step counter's reading can't be true and was left out; counting goes on.",
            ),
            Self::OutOfBounds { field } => {
                return match language {
                    Language::Chinese => format!("“{field}”超出允许范围，请修改。"),
                    Language::English => format!("“{field}” is out of bounds. Correct it."),
                };
            }
            Self::Gpx(error) => return gpx_text(error, language),
            Self::GpxTime => (
                "该 GPX 文件的时间不正确（早于 1970 年或晚于现在），未导入；请检查文件和手机时间。",
                "The times in this GPX file lie before 1970 or in the future, so it wasn't imported. Check the file and the phone's clock.",
            ),
            Self::PictureFailed { .. } => (
                "图片生成失败，请重试。",
                "The picture couldn't be made. Try again.",
            ),
            Self::ExportFailed { .. } => (
                "导出文件写入失败，请检查存储空间后重试。",
                "The export couldn't be written. Check the storage and try again.",
            ),
            Self::Closed => ("应用正在关闭，请重新打开。", "The app is closing. Open it again."),
        };
        language.pick(chinese, english).to_owned()
    }
}

/// What is wrong with a GPX file, for a person.
fn gpx_text(error: &GpxError, language: Language) -> String {
    let chinese = match error {
        GpxError::TooLarge { limit } => format!("文件过大（超过 {limit}），未导入；请拆分成较小的文件。"),
        GpxError::Dtd { line } => format!("第 {line} 行含有文档类型定义，出于安全考虑未导入；请删除后重试。"),
        GpxError::Truncated { line, .. } => format!("文件不完整（在第 {line} 行中断），未导入；请重新导出。"),
        GpxError::Syntax { line, .. } => format!("文件第 {line} 行格式有误，未导入；请重新导出。"),
        GpxError::NotGpx { .. } => "这不是 GPX 1.0 或 1.1 文件，未导入；请选择其他文件。".to_owned(),
        GpxError::Field { line, field, .. } => {
            format!("文件第 {line} 行的“{field}”有误，未导入；请重新导出。")
        }
        GpxError::NoTrack => "文件中没有带时间的轨迹点，未导入；请选择含时间的轨迹。".to_owned(),
        GpxError::Io { .. } | GpxError::Write(_) => "文件读写失败，请重试。".to_owned(),
    };
    let english = match error {
        GpxError::TooLarge { limit } => {
            format!("The file is too large (over {limit}) and wasn't imported. Cut it into smaller ones.")
        }
        GpxError::Dtd { line } => {
            format!(
                "Line {line} has a document type definition, so the file wasn't imported. Remove it and try again."
            )
        }
        GpxError::Truncated { line, .. } => {
            format!("The file ends in the middle, in line {line}, and wasn't imported. Export it again.")
        }
        GpxError::Syntax { line, .. } => {
            format!("Line {line} of the file isn't well-formed, so it wasn't imported. Export it again.")
        }
        GpxError::NotGpx { .. } => {
            "This isn't a GPX 1.0 or 1.1 file, so it wasn't imported. Choose another.".to_owned()
        }
        GpxError::Field { line, field, .. } => {
            format!(
                "“{field}” in line {line} of the file isn't right, so it wasn't imported. Export it again."
            )
        }
        GpxError::NoTrack => {
            "The file has no track point with a time, so it wasn't imported. Choose a track with times."
                .to_owned()
        }
        GpxError::Io { .. } | GpxError::Write(_) => {
            "The file couldn't be read or written. Try again.".to_owned()
        }
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
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
