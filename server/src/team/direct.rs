//! `GET /api/v1/team/direct`: who registered with the member's code.

use axum::Json;
use axum::extract::State;
use haigou_contract::{DirectMember, Page, Problem, moment};
use haigou_store::{Query, StoreError, params};

use crate::AppState;
use crate::members::mask;
use crate::paging::{Paging, unknown_cursor};
use crate::web::{Caller, Query as UrlQuery, Refusal};
use crate::world::tier;

/// Who registered with the member's code, the newest first, with masked numbers.
#[utoipa::path(get, path = "/api/v1/team/direct", tag = "team", security(("session" = [])), params(Paging),
    responses((status = 200, body = Page<DirectMember>), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn direct(
    State(state): State<AppState>,
    caller: Caller,
    UrlQuery(paging): UrlQuery<Paging>,
) -> Result<Json<Page<DirectMember>>, Refusal> {
    let before = paging.cursor.as_deref().map(str::parse::<i64>).transpose();
    let before = before.map_err(|_| unknown_cursor())?;
    let limit = paging.limit()?;
    let page = state
        .read(move |reader| list(reader, caller.member, before, limit))
        .await?;
    Ok(Json(page))
}

/// A page of those whom a member referred. Members are numbered as they register, so the newest has the highest number.
fn list(
    query: &mut impl Query,
    sponsor: i64,
    before: Option<i64>,
    limit: u32,
) -> Result<Page<DirectMember>, StoreError> {
    let mut found = query.query(
        "SELECT p.member, m.phone, p.tier, m.registered_ms FROM person p JOIN member m ON m.id = p.member \
         WHERE p.sponsor = $1 AND p.member < $2 ORDER BY p.member DESC LIMIT $3",
        params![sponsor, before.unwrap_or(i64::MAX), limit.saturating_add(1)],
        |row| {
            let member = DirectMember {
                phone: row.opt_text(1)?.as_deref().map(mask),
                tier: tier(row.int(2)?)?,
                registered_at: moment(row.int(3)?),
            };
            Ok((row.int(0)?, member))
        },
    )?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = found.len() <= size;
    found.truncate(size);
    let next = found
        .last()
        .filter(|_| !is_last)
        .map(|(number, _)| number.to_string());
    Ok(Page {
        items: found.into_iter().map(|(_, member)| member).collect(),
        next,
    })
}
