//! `/api/v1/stores`: a member applies for a store, and sees his own.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{NewStore, Problem, Store};
use haigou_store::{Command, CommandError, Tx};

use super::apply::ApplyForMerchant;
use super::merchant::Merchant;
use crate::ledger::holder;
use crate::members::chosen_text;
use crate::web::{Caller, Change, Refusal};
use crate::{AppState, adcode};

const LONGEST_NAME: usize = 64;

/// Applies for a store of one's own. It takes bills once it is approved.
#[utoipa::path(post, path = "/api/v1/stores", tag = "stores", security(("session" = [])), request_body = NewStore,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Store), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn apply(
    State(state): State<AppState>,
    change: Change<NewStore>,
) -> Result<Response, Refusal> {
    let NewStore { name, region, rebate } = change.body;
    let name = chosen_text(&name, LONGEST_NAME).ok_or_else(|| {
        Refusal::invalid(
            "name",
            "店铺名称为 1–64 个可见字符。",
            "A store's name has 1 to 64 visible characters.",
        )
    })?;
    let region = adcode(&region).ok_or_else(|| {
        Refusal::invalid(
            "region",
            "请填写六位行政区划代码，例如 441900。",
            "Write an adcode of six digits, for example 441900.",
        )
    })?;
    let command = Ask(ApplyForMerchant {
        name: name.to_owned(),
        owner: holder(change.caller.member)?,
        region,
        rebate,
        approve: false,
    });
    state.once(change.attempt, StatusCode::CREATED, command).await
}

/// The member's own stores.
#[utoipa::path(get, path = "/api/v1/stores/mine", tag = "stores", security(("session" = [])),
    responses((status = 200, body = Vec<Store>), (status = 401, body = Problem)))]
pub(super) async fn mine(State(state): State<AppState>, caller: Caller) -> Result<Json<Vec<Store>>, Refusal> {
    let owner = holder(caller.member)?;
    let merchants = state
        .read(move |reader| Merchant::of_owner(reader, owner))
        .await?;
    Ok(Json(merchants.iter().map(Merchant::shown).collect()))
}

struct Ask(ApplyForMerchant);

impl Command for Ask {
    type Answer = Store;
    type Refusal = Refusal;
    const NAME: &'static str = ApplyForMerchant::NAME;

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Store, CommandError<Refusal>> {
        Ok(self.0.run(tx, now_ms)?.shown())
    }
}
