//! The caller's language, and problem bodies in it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use haigou_contract::Language;

use super::Refusal;

/// The media type of a problem (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The language that the caller reads: `Accept-Language`, Chinese where it says nothing we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lang(pub Language);

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of(&parts.headers)))
    }
}

/// The outermost layer that knows of people: names the language of every answer, and turns every error,
/// whoever made it, into a problem in that language.
pub async fn speak(request: Request, next: Next) -> Response {
    let language = of(request.headers());
    let mut response = next.run(request).await;
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    if is_error && !is_problem(response.headers()) {
        response = problem(response, language);
    }
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_LANGUAGE)
        .or_insert(HeaderValue::from_static(language.tag()));
    headers.append(VARY, HeaderValue::from_static("accept-language"));
    response
}

/// A kept answer comes as the problem that it was the first time.
fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON)
}

pub(super) fn of(headers: &HeaderMap) -> Language {
    headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or_else(Language::default, Language::from_accept_language)
}

/// Keeps the headers of the answer (`Allow`, for example) and replaces its body.
fn problem(mut response: Response, language: Language) -> Response {
    let refusal = response
        .extensions_mut()
        .remove::<Refusal>()
        .unwrap_or_else(|| Refusal::of_status(response.status()));
    let (mut parts, _) = response.into_parts();
    parts.status = refusal.status();
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    if parts.status == StatusCode::UNAUTHORIZED {
        parts
            .headers
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = refusal.retry_after_s {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = serde_json::to_vec(&refusal.in_words(language)).unwrap_or_default();
    (parts, body).into_response()
}
