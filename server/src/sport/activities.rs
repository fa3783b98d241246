//! `GET /api/v1/sport/activities`: a member's activities, each with its judgement.

use axum::Json;
use axum::extract::{Path, State};
use haigou_contract::{ActivityRecord, ErrorCode, Page, Problem};
use uuid::Uuid;

use super::activity::{Activity, Place, list};
use crate::AppState;
use crate::paging::{Paging, unknown_cursor};
use crate::web::{Caller, Lang, Query, Refusal};

/// The activities, the newest first.
#[utoipa::path(get, path = "/api/v1/sport/activities", tag = "sport", security(("session" = [])), params(Paging),
    responses((status = 200, body = Page<ActivityRecord>), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn activities(
    State(state): State<AppState>,
    caller: Caller,
    Lang(language): Lang,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ActivityRecord>>, Refusal> {
    let before = paging.cursor.as_deref().map(place).transpose()?;
    let limit = paging.limit()?;
    let page = state
        .read(move |reader| list(reader, caller.member, before, limit, language))
        .await?;
    Ok(Json(page))
}

fn place(cursor: &str) -> Result<Place, Refusal> {
    let (started, id) = cursor.split_once('.').ok_or_else(unknown_cursor)?;
    let id: Uuid = id.parse().map_err(|_| unknown_cursor())?;
    Ok(Place {
        started_ms: started.parse().map_err(|_| unknown_cursor())?,
        id: id.to_string(),
    })
}

/// One activity.
#[utoipa::path(get, path = "/api/v1/sport/activities/{id}", tag = "sport", security(("session" = [])),
    params(("id" = String, Path, description = "The id that the phone gave it")),
    responses((status = 200, body = ActivityRecord), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn activity(
    State(state): State<AppState>,
    caller: Caller,
    Lang(language): Lang,
    Path(id): Path<String>,
) -> Result<Json<ActivityRecord>, Refusal> {
    let id: Uuid = id.parse().map_err(|_| ErrorCode::NotFound)?;
    let found = state
        .read(move |reader| {
            let found = Activity::find(reader, caller.member, id)?;
            found
                .map(|activity| activity.record(reader, caller.member, language))
                .transpose()
        })
        .await?;
    Ok(Json(found.ok_or(ErrorCode::NotFound)?))
}
