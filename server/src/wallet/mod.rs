//! The wallet: what a member owns, every line with its reason, his airdrop, the rules he is under.

mod airdrop;
mod convert;
mod own_data;
mod rules;
mod statement;
mod summary;
mod trace;

pub use convert::Convert;
pub(crate) use own_data::{WalletData, export};
pub use trace::{Trace, TracedBalance, TracedLine, trace};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(summary::wallet))
        .routes(routes!(statement::statement))
        .routes(routes!(statement::statement_line))
        .routes(routes!(airdrop::airdrop))
        .routes(routes!(rules::rules))
}
