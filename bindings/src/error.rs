//! What goes wrong, as a shell needs to know it.

use haigou_contract::Language;
use haigou_phone::screens::Told;

/// Why something couldn't be done: by kinds that a shell treats differently, each with a stable code and what happened
/// and what to do as a sentence in the app's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum PhoneError {
    /// The server said no, in its own words.
    #[error("refused ({code}): {text}")]
    Refused {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
        /// The field that is wrong, if one is.
        field: Option<String>,
        /// How many seconds to wait before another try, if the server said so.
        retry_after_s: Option<i64>,
    },
    /// The server can't be reached. What is recorded is kept, and goes out later by itself.
    #[error("offline ({code}): {text}")]
    Offline {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
    },
    /// Somebody has to sign in first.
    #[error("not signed in ({code}): {text}")]
    NotSignedIn {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
    },
    /// Something that was given can't be taken.
    #[error("invalid ({code}): {text}")]
    Invalid {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
        /// The field that is wrong, if one is.
        field: Option<String>,
    },
    /// The phone's storage or key store doesn't do its part.
    #[error("storage ({code}): {text}")]
    Storage {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
    },
    /// It isn't possible as things stand: nothing is being recorded, for example, or it was cancelled.
    #[error("failed ({code}): {text}")]
    Failed {
        /// The stable code.
        code: String,
        /// What happened and what to do.
        text: String,
    },
}

#[uniffi::export]
impl PhoneError {
    /// The stable code, whatever the kind.
    pub fn code(&self) -> String {
        match self {
            Self::Refused { code, .. }
            | Self::Offline { code, .. }
            | Self::NotSignedIn { code, .. }
            | Self::Invalid { code, .. }
            | Self::Storage { code, .. }
            | Self::Failed { code, .. } => code.clone(),
        }
    }

    /// What happened and what to do, in the app's language, whatever the kind.
    pub fn text(&self) -> String {
        match self {
            Self::Refused { text, .. }
            | Self::Offline { text, .. }
            | Self::NotSignedIn { text, .. }
            | Self::Invalid { text, .. }
            | Self::Storage { text, .. }
            | Self::Failed { text, .. } => text.clone(),
        }
    }
}

/// An error that is no failure of what was asked, in words.
pub(crate) fn told(error: &haigou_phone::PhoneError, language: Language) -> Told {
    Told {
        code: error.code().to_owned(),
        text: error.text(language),
    }
}

impl PhoneError {
    /// The face of an error of the core.
    pub(crate) fn of(error: &haigou_phone::PhoneError, language: Language) -> Self {
        use haigou_phone::PhoneError as Core;
        let (code, text) = (error.code().to_owned(), error.text(language));
        match error {
            Core::Refused(problem) => Self::Refused {
                code,
                text,
                field: problem.field.clone(),
                retry_after_s: problem.retry_after_s.map(crate::kinds::count),
            },
            Core::Offline | Core::NotOurServer { .. } => Self::Offline { code, text },
            Core::NotSignedIn => Self::NotSignedIn { code, text },
            Core::OutOfBounds { field } => Self::Invalid {
                code,
                text,
                field: Some((*field).to_owned()),
            },
            Core::ServerAddress
            | Core::SamplesInvalid { .. }
            | Core::FixInvalid
            | Core::ReadingImplausible
            | Core::Gpx(_)
            | Core::GpxTime => Self::Invalid {
                code,
                text,
                field: None,
            },
            Core::StoreFull
            | Core::StoreLocked
            | Core::StoreNewer { .. }
            | Core::StoreFailed { .. }
            | Core::ExportFailed { .. }
            | Core::KeyStore { .. } => Self::Storage { code, text },
            _ => Self::Failed { code, text },
        }
    }

    /// The caller ended it.
    pub(crate) fn cancelled(language: Language) -> Self {
        Self::own("cancelled", language.pick("操作已取消。", "It was cancelled."))
    }

    /// A fault of ours: the task that did it ended without an answer.
    pub(crate) fn broken(language: Language) -> Self {
        Self::own(
            "internal",
            language.pick(
                "应用内部出错，请重试；如仍出现，请重启应用。",
                "Something went wrong within the app. Try again, and restart the app if it happens once more.",
            ),
        )
    }

    /// The system gave no threads.
    pub(crate) fn no_threads(language: Language) -> Self {
        Self::own(
            "no_threads",
            language.pick(
                "系统资源不足，请关闭其他应用后重试。",
                "The system has no room for this app. Close other apps and try again.",
            ),
        )
    }

    /// The shell's clock failed when the phone was opened.
    pub(crate) fn clock(error: &crate::ClockError, language: Language) -> Self {
        tracing::error!(%error, "the phone can't be opened");
        Self::own(
            "clock",
            language.pick(
                "无法读取系统时钟，请重启手机后重试。",
                "The phone's clock can't be read. Restart the phone and try again.",
            ),
        )
    }

    fn own(code: &str, text: &str) -> Self {
        Self::Failed {
            code: code.to_owned(),
            text: text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use haigou_contract::{ErrorCode, Problem};
    use haigou_phone::PhoneError as Core;

    use super::*;

    fn kind(error: &PhoneError) -> &'static str {
        match error {
            PhoneError::Refused { .. } => "refused",
            PhoneError::Offline { .. } => "offline",
            PhoneError::NotSignedIn { .. } => "not signed in",
            PhoneError::Invalid { .. } => "invalid",
            PhoneError::Storage { .. } => "storage",
            PhoneError::Failed { .. } => "failed",
        }
    }

    #[test]
    fn the_core_s_errors_keep_code_and_text_and_get_a_kind() {
        let cause = || "for the log".to_owned();
        let of = |error: Core, kind| (error, kind);
        for (error, expected) in [
            of(Core::Offline, "offline"),
            of(Core::NotOurServer { status: 200 }, "offline"),
            of(Core::NotSignedIn, "not signed in"),
            of(Core::ServerAddress, "invalid"),
            of(Core::OutOfBounds { field: "phone" }, "invalid"),
            of(Core::SamplesInvalid { refused: 1 }, "invalid"),
            of(Core::GpxTime, "invalid"),
            of(Core::StoreFull, "storage"),
            of(Core::StoreFailed { cause: cause() }, "storage"),
            of(Core::KeyStore { cause: cause() }, "storage"),
            of(Core::ExportFailed { cause: cause() }, "storage"),
            of(Core::NoActivity, "failed"),
            of(Core::NoSuchBand, "failed"),
            of(Core::Closed, "failed"),
        ] {
            for language in [Language::Chinese, Language::English] {
                let shown = PhoneError::of(&error, language);
                assert_eq!(shown.code(), error.code());
                assert_eq!(shown.text(), error.text(language));
                assert_eq!(kind(&shown), expected, "{error:?}");
                assert!(!shown.to_string().contains("for the log"));
            }
        }
    }

    #[test]
    fn what_the_server_refuses_keeps_field_and_wait() {
        let mut problem = Problem::new(ErrorCode::RateLimited, Language::English);
        (problem.field, problem.retry_after_s) = (Some("phone".to_owned()), Some(7));
        let shown = PhoneError::of(&Core::Refused(Box::new(problem)), Language::English);
        let PhoneError::Refused {
            code,
            field,
            retry_after_s,
            ..
        } = shown
        else {
            panic!("{shown:?}");
        };
        assert_eq!(
            (code.as_str(), field.as_deref(), retry_after_s),
            ("rate_limited", Some("phone"), Some(7))
        );
    }

    #[test]
    fn own_errors_speak_both_languages() {
        let makes: [fn(Language) -> PhoneError; 3] =
            [PhoneError::cancelled, PhoneError::broken, PhoneError::no_threads];
        for make in makes {
            let (chinese, english) = (make(Language::Chinese), make(Language::English));
            assert_eq!(chinese.code(), english.code());
            assert!(english.text().is_ascii());
            assert!(!chinese.text().is_ascii());
        }
    }
}
