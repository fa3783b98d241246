//! `GET /api/v1/sport/days`: the days of a span that have steps.

use axum::Json;
use axum::extract::State;
use haigou_contract::{Day, DaySteps, Page, Problem};
use haigou_store::{Query as _, params};
use serde::Deserialize;

use super::book::count;
use crate::AppState;
use crate::web::{Caller, Query, Refusal};

/// The longest span, in days: a leap year.
const LONGEST_SPAN: i32 = 366;
/// The span when none is named, in days.
const USUAL_SPAN: i32 = 30;

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    /// First day; without it, 30 days up to the last.
    #[param(value_type = Option<String>, example = "2026-01-01")]
    from: Option<Day>,
    /// Last day; without it, today.
    #[param(value_type = Option<String>, example = "2026-01-31")]
    to: Option<Day>,
}

/// The steps of the days that have some, rising.
#[utoipa::path(get, path = "/api/v1/sport/days", tag = "sport", security(("session" = [])), params(Span),
    responses((status = 200, body = Page<DaySteps>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn days(
    State(state): State<AppState>,
    caller: Caller,
    Query(span): Query<Span>,
) -> Result<Json<Page<DaySteps>>, Refusal> {
    let to = span.to.unwrap_or_else(|| Day::at(state.clock.now_ms()));
    let from = span
        .from
        .unwrap_or_else(|| Day::from_number(to.number().saturating_sub(USUAL_SPAN - 1)));
    if !(0..LONGEST_SPAN).contains(&to.since(from)) {
        return Err(Refusal::invalid(
            "from",
            "起始日不能晚于截止日，且最多查询 366 天。",
            "From is at most to, and at most 366 days can be asked for.",
        ));
    }
    let items = state
        .read(move |reader| {
            reader.query(
                "SELECT day, walk, run, passive, claimed FROM sport_day \
                 WHERE member = $1 AND day BETWEEN $2 AND $3 ORDER BY day",
                params![caller.member, i64::from(from.number()), i64::from(to.number())],
                |row| {
                    Ok(DaySteps {
                        day: Day::from_number(i32::try_from(row.int(0)?).unwrap_or_default()),
                        walk: count(row.int(1)?)?,
                        run: count(row.int(2)?)?,
                        passive: count(row.int(3)?)?,
                        claimed: count(row.int(4)?)?,
                    })
                },
            )
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}
