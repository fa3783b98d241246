//! What goes back instead of an answer.
//!
//! Handlers and commands refuse in no language at all; [`super::language::speak`] writes the sentence when the
//! answer leaves, so that even what the framework refuses (an unknown address, a panic) comes out the same.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use haigou_contract::{ErrorCode, Language, Problem};
use haigou_store::CommandError;
use serde::{Deserialize, Serialize};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The sentence in one language.
    #[must_use]
    pub fn pick(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// Why a request gets no answer: a stable code and, where there is more to say, what and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{}", .code.name(), .field.as_deref().map(|field| format!(" ({field})")).unwrap_or_default())]
pub struct Refusal {
    /// The stable code, which also says the HTTP status.
    pub code: ErrorCode,
    /// More about this one case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Words>,
    /// The field that is wrong, for example `minutes[3].steps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How many seconds to wait before another try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

impl Refusal {
    /// A refusal with nothing more to say than its code.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            detail: None,
            field: None,
            retry_after_s: None,
        }
    }

    /// A field that can't be taken (`invalid`), and what would be right.
    #[must_use]
    pub fn invalid(field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid).at(field).because(zh, en)
    }

    /// Names the field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says more.
    #[must_use]
    pub fn because(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Words {
            zh: zh.into(),
            en: en.into(),
        });
        self
    }

    /// Says when to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The refusal that fits an HTTP status which came without one.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(match status {
            StatusCode::UNAUTHORIZED => ErrorCode::Unauthenticated,
            StatusCode::FORBIDDEN => ErrorCode::Forbidden,
            StatusCode::NOT_FOUND => ErrorCode::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::PayloadTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => ErrorCode::Invalid,
            StatusCode::TOO_MANY_REQUESTS => ErrorCode::RateLimited,
            StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Busy,
            StatusCode::GATEWAY_TIMEOUT => ErrorCode::Timeout,
            other if other.is_client_error() => ErrorCode::BadRequest,
            _ => ErrorCode::Internal,
        })
    }

    /// The problem as it goes out.
    #[must_use]
    pub fn in_words(&self, language: Language) -> Problem {
        Problem {
            detail: self.detail.as_ref().map(|words| words.pick(language).to_owned()),
            field: self.field.clone(),
            retry_after_s: self.retry_after_s,
            ..Problem::new(self.code, language)
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A command's refusal.
///
/// # Errors
/// Always: the refusal.
pub(crate) fn refused<T>(refusal: impl Into<Refusal>) -> Result<T, CommandError<Refusal>> {
    Err(CommandError::Refused(refusal.into()))
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl haigou_store::Refusal for Refusal {
    fn problem(&self, language: Language) -> Problem {
        self.in_words(language)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
