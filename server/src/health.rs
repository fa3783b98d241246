//! Whether the server is alive, and whether it can work: for whoever starts and watches it.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use haigou_store::{Desk, Query as _, Store, StoreError};

/// `/health/live` and `/health/ready`.
pub(crate) fn routes(store: Store, desk: Desk) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .with_state((store, desk))
}

/// Ready: the desk takes changes, and the database can be read.
async fn ready(State((store, desk)): State<(Store, Desk)>) -> (StatusCode, &'static str) {
    let read = store
        .read(|r| r.query_one("SELECT newest_ms FROM desk WHERE id = 1", &[], |row| row.int(0)))
        .await;
    match read {
        _ if desk.is_closed() => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        Ok(Some(_)) => (StatusCode::OK, "ready\n"),
        Ok(None) | Err(StoreError::Bug(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database is not as it should be\n",
        ),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database can't be read\n"),
    }
}
