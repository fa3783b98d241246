//! Merchants and their stores' bills.

mod apply;
mod approve;
mod ask;
mod bill;
mod confirm;
mod gains;
mod merchant;
mod open;
mod pay;
mod show;

pub use apply::ApplyForMerchant;
pub use approve::ApproveMerchant;
pub use bill::Bill;
pub use merchant::Merchant;
pub use open::OpenBill;
pub use pay::PayBill;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ask::apply))
        .routes(routes!(ask::mine))
        .routes(routes!(open::open))
        .routes(routes!(confirm::confirm))
        .routes(routes!(show::show))
}
