//! `GET /api/v1/wallet`: five assets at a glance.

use axum::Json;
use axum::extract::State;
use haigou_contract::{Asset, Balance, Day, Problem, Wallet, moment};
use haigou_ledger::MemberNo;
use haigou_rules::Price;
use haigou_store::ledger::holdings;
use haigou_store::{Query, StoreError};

use crate::AppState;
use crate::airdrop::{Rulebooks, price_on, settle_first};
use crate::ledger::holder;
use crate::web::{Caller, Refusal};

/// What the member owns, settled up to now.
#[utoipa::path(get, path = "/api/v1/wallet", tag = "wallet", security(("session" = [])),
    responses((status = 200, body = Wallet), (status = 401, body = Problem)))]
pub(super) async fn wallet(State(state): State<AppState>, caller: Caller) -> Result<Json<Wallet>, Refusal> {
    let member = holder(caller.member)?;
    settle_first(&state, member).await?;
    let (now_ms, rulebooks) = (state.clock.now_ms(), state.rulebooks.clone());
    Ok(Json(
        state
            .read(move |reader| look(reader, member, now_ms, &rulebooks))
            .await?,
    ))
}

/// What a member owns, as it stands in the books.
pub(super) fn look(
    query: &mut impl Query,
    member: MemberNo,
    now_ms: i64,
    rulebooks: &Rulebooks,
) -> Result<Wallet, StoreError> {
    let rulebook = rulebooks.in_force(query, now_ms)?;
    let holdings = holdings(query, member)?;
    let price = price_on(query, Day::at(now_ms))?.unwrap_or(rulebook.shell_price);
    let balances = holdings.iter().map(|(slot, amount)| Balance {
        asset: slot.asset(),
        bucket: slot.bucket(),
        amount: amount.to_decimal(slot.asset().decimals()),
    });
    Ok(Wallet {
        balances: balances.collect(),
        shell_price: price.amount().to_decimal(Price::DECIMALS),
        waiting: holdings.waiting.to_decimal(Asset::HiShell.decimals()),
        active: holdings.active,
        rulebook: rulebook.reference(),
        at: moment(now_ms),
    })
}
