//! Sport: steps and activities come in, what is plausible counts, what it earns is booked.

mod activities;
mod activity;
mod appeals;
mod book;
mod check;
mod days;
mod own_data;
mod plausibility;
mod reach;
mod today;
mod trust;
mod upload;
mod verify;
mod words;

pub(crate) use own_data::{SportData, erase, export};
pub use verify::VerifySteps;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(upload::upload))
        .routes(routes!(today::today))
        .routes(routes!(days::days))
        .routes(routes!(activities::activities))
        .routes(routes!(activities::activity))
        .routes(routes!(appeals::appeals, appeals::appeal))
}
