//! What the server measures of itself, in Prometheus' text form, on an address of its own.

use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// How often old measures are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Seconds; the goal is 20 ms at the 99th percentile.
const SECONDS: &[f64] = &[
    0.000_25, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0,
];
const COMMANDS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// The measures of this process: all servers in it share them.
static MEASURES: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Starts measuring, once in a process.
fn handle() -> Result<PrometheusHandle, String> {
    use metrics_exporter_prometheus::Matcher::Suffix;
    let mut measures = MEASURES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(handle) = measures.as_ref() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Suffix("_seconds".to_owned()), SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Suffix("_commands".to_owned()), COMMANDS))
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| error.to_string())?;
    *measures = Some(handle.clone());
    Ok(handle)
}

/// The page `/metrics`, and what has to run beside it.
pub(crate) fn page() -> Result<(Router, impl Future<Output = ()> + Send), String> {
    let handle = handle()?;
    let rendered = handle.clone();
    let router = Router::new().route(
        "/metrics",
        get(async move || {
            (
                [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
                rendered.render(),
            )
        }),
    );
    let upkeep = async move {
        let mut often = tokio::time::interval(UPKEEP);
        loop {
            often.tick().await;
            handle.run_upkeep();
        }
    };
    Ok((router, upkeep))
}
