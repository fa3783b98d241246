//! The wallet: what a member owns, every line with its reason, his airdrop, the rules he is under.

mod airdrop;
mod rules;
mod statement;
mod summary;

use haigou_ledger::MemberNo;
use haigou_store::ledger::LedgerFailure;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::rewards::ledger_fault;
use crate::web::{Caller, Refusal};

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(summary::wallet))
        .routes(routes!(statement::statement))
        .routes(routes!(statement::statement_line))
        .routes(routes!(airdrop::airdrop))
        .routes(routes!(rules::rules))
}

/// The caller as the ledger knows him.
fn holder(caller: &Caller) -> Result<MemberNo, Refusal> {
    Ok(MemberNo::try_from(caller.member).map_err(|error| ledger_fault(LedgerFailure::Refused(error)))?)
}
