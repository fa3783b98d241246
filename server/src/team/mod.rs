//! The team: how many members are below one, who came by his own code, and what the next tier takes. Reads only.

mod direct;
mod summary;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(summary::team))
        .routes(routes!(direct::direct))
}
