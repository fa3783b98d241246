//! `GET /api/v1/wallet/airdrop`: the airdrop day by day.

use axum::Json;
use axum::extract::State;
use haigou_contract::{AirdropDay, Amount, Asset, Day, Page, Problem};
use haigou_store::ledger::{MemberDay, airdrop_days};

use crate::AppState;
use crate::airdrop::settle_first;
use crate::ledger::{holder, ledger_fault};
use crate::paging::{Paging, unknown_cursor};
use crate::web::{Caller, Query, Refusal};

/// The closed days, the newest first, each with what was dropped and the member's share.
#[utoipa::path(get, path = "/api/v1/wallet/airdrop", tag = "wallet", security(("session" = [])), params(Paging),
    responses((status = 200, body = Page<AirdropDay>), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn airdrop(
    State(state): State<AppState>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<AirdropDay>>, Refusal> {
    let before = paging
        .cursor
        .as_deref()
        .map(|day| day.parse::<Day>().map_err(|_| unknown_cursor()))
        .transpose()?;
    let limit = paging.limit()?;
    let member = holder(caller.member)?;
    settle_first(&state, member).await?;
    let mut days = state
        .read(move |reader| airdrop_days(reader, member, before, limit + 1).map_err(ledger_fault))
        .await?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = days.len() <= size;
    days.truncate(size);
    let next = days
        .last()
        .filter(|_| !is_last)
        .map(|day| day.day.day.to_string());
    Ok(Json(Page {
        items: days.into_iter().map(shown).collect(),
        next,
    }))
}

fn shown(MemberDay { day, own }: MemberDay) -> AirdropDay {
    let of = |asset: Asset, units| Amount::from_units(units).to_decimal(asset.decimals());
    AirdropDay {
        day: day.day,
        drop: of(Asset::HiShell, day.drop),
        network: of(Asset::HiValue, day.network),
        own: of(Asset::HiValue, own),
        share: of(Asset::HiShell, day.share),
    }
}
