//! `GET /api/v1/me/export`: everything the server keeps about a member, for himself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use haigou_contract::{Consent, Device, ErrorCode, Language, Problem, Profile, moment};
use haigou_store::{Reader, StoreError};
use serde::Serialize;

use super::member::Member;
use super::{consents, devices, profile};
use crate::airdrop::{Rulebooks, settle_first};
use crate::ledger::holder;
use crate::sport::SportData;
use crate::wallet::WalletData;
use crate::web::{Caller, Lang, Refusal};
use crate::{AppState, sport, wallet};

/// Everything that is kept about a member.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Export {
    /// When it was put together.
    #[schema(value_type = String, format = "date-time")]
    at: chrono::DateTime<chrono::FixedOffset>,
    /// His phone number in full.
    phone: String,
    /// His profile.
    profile: Profile,
    /// His devices, signed in or not.
    devices: Vec<Device>,
    /// His consents.
    consents: Vec<Consent>,
    /// His sport.
    sport: SportData,
    /// His wallet.
    wallet: WalletData,
}

/// Everything that is kept about the member.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "me", security(("session" = [])),
    responses((status = 200, body = Export), (status = 401, body = Problem)))]
pub(super) async fn export(
    State(state): State<AppState>,
    Lang(language): Lang,
    caller: Caller,
) -> Result<([(HeaderName, &'static str); 2], Json<Export>), Refusal> {
    settle_first(&state, holder(caller.member)?).await?;
    let (now_ms, rulebooks) = (state.clock.now_ms(), state.rulebooks.clone());
    let export = state
        .read(move |reader| collect(reader, &caller, &rulebooks, language, now_ms))
        .await?;
    let headers = [
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"haigou.json\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Json(export.ok_or(ErrorCode::Gone)?)))
}

fn collect(
    reader: &mut Reader<'_>,
    Caller { member, device, .. }: &Caller,
    rulebooks: &Rulebooks,
    language: Language,
    now_ms: i64,
) -> Result<Option<Export>, StoreError> {
    let phone = Member::by_id(reader, *member)?.and_then(|member| member.phone);
    let (Some(phone), Some(profile)) = (phone, profile::of(reader, *member)?) else {
        return Ok(None);
    };
    Ok(Some(Export {
        at: moment(now_ms),
        phone,
        profile,
        devices: devices::kept(reader, *member, *device)?,
        consents: consents::list(reader, *member)?,
        sport: sport::export(reader, *member, language)?,
        wallet: wallet::export(reader, holder(*member)?, now_ms, rulebooks, language)?,
    }))
}
