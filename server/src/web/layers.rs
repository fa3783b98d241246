//! What surrounds every route: ids, measures, languages, and limits on size, time and panics.

use std::any::Any;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Router, middleware};
use haigou_contract::ErrorCode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;

use super::trace::{FreshId, REQUEST_ID, observe};
use super::{Refusal, WebSettings, speak};

/// Surrounds routes with all that. Whatever goes wrong in them comes out as a problem in the caller's language.
pub fn surround(routes: Router, settings: &WebSettings) -> Router {
    let timeout = Duration::from_secs(settings.timeout_s);
    routes
        .fallback(|| async { Refusal::new(ErrorCode::NotFound) })
        // The size is said here alone: without this, extractors would add a limit of their own.
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(settings.body_limit))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            timeout,
        ))
        .layer(CatchPanicLayer::custom(broken))
        .layer(middleware::from_fn(speak))
        .layer(middleware::from_fn(observe))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, FreshId))
}

/// A handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn broken(panic: Box<dyn Any + Send>) -> Response {
    let said = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = said.unwrap_or_default(), "a request broke off");
    Refusal::new(ErrorCode::Internal).into_response()
}
