//! Reading what comes in: bodies and queries, with the path of the field that is wrong.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest as _, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use haigou_contract::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::Refusal;

/// The most characters of a parser's message that are sent back: it may quote the input.
const LONGEST_DETAIL: usize = 160;

/// Reads the whole body; its size is limited by the router.
///
/// # Errors
/// `payload_too_large`, or `bad_request` when it breaks off.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection: BytesRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(ErrorCode::PayloadTooLarge),
            _ => Refusal::new(ErrorCode::BadRequest).because("请求内容没有完整到达。", "The body broke off."),
        })
}

/// Parses a JSON body. An empty one is read as `null`, for changes that have nothing to say.
///
/// # Errors
/// `unsupported_media_type`, `bad_request` (not JSON), `invalid` with the field's path.
pub(super) fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    if body.is_empty() {
        return serde_json::from_slice(b"null").map_err(|_| {
            Refusal::new(ErrorCode::BadRequest).because("请求内容为空。", "The body is empty.")
        });
    }
    if !is_json(headers) {
        return Err(ErrorCode::UnsupportedMediaType.into());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| refusal(&error))?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let cause = error.inner();
    if cause.classify() != Category::Data {
        return malformed(cause);
    }
    let path = match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    };
    let (line, column) = (cause.line(), cause.column());
    let refusal = Refusal::new(ErrorCode::Invalid).because(
        format!("内容第 {line} 行第 {column} 列不符合要求，请对照接口说明。"),
        shortened(&cause.to_string()),
    );
    if path.is_empty() {
        refusal
    } else {
        refusal.at(shortened(&path))
    }
}

fn malformed(error: &serde_json::Error) -> Refusal {
    let (line, column) = (error.line(), error.column());
    Refusal::new(ErrorCode::BadRequest).because(
        format!("JSON 第 {line} 行第 {column} 列有语法错误。"),
        format!("The JSON breaks at line {line}, column {column}."),
    )
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_DETAIL).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The query of an address (`?after=..&limit=..`).
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes());
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| {
                Refusal::invalid(
                    shortened(&error.path().to_string()),
                    "地址中的参数不正确。",
                    shortened(&error.inner().to_string()),
                )
            })
    }
}
