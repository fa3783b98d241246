//! `GET /api/v1/team`: the team in figures, and what is missing for the next tier.

use axum::Json;
use axum::extract::State;
use haigou_contract::{Problem, Team, moment};
use haigou_rules::next_tier;
use haigou_store::{Query, StoreError, params};

use crate::AppState;
use crate::ledger::holder;
use crate::web::{Caller, Lang, Refusal};
use crate::world::person_in_tables;

/// The team in figures, and what is missing for the next tier under the rulebook in force.
#[utoipa::path(get, path = "/api/v1/team", tag = "team", security(("session" = [])),
    responses((status = 200, body = Team), (status = 401, body = Problem)))]
pub(super) async fn team(
    State(state): State<AppState>,
    caller: Caller,
    Lang(language): Lang,
) -> Result<Json<Team>, Refusal> {
    let member = holder(caller.member)?;
    let (now_ms, rulebooks) = (state.clock.now_ms(), state.rulebooks.clone());
    let team = state
        .read(move |reader| {
            let rulebook = rulebooks.in_force(reader, now_ms)?;
            let person = person_in_tables(reader, member)?.unwrap_or_default();
            Ok(Team {
                direct: person.direct.into(),
                direct_active: active_among_direct(reader, caller.member)?,
                team: person.team.into(),
                tier: person.tier,
                next: next_tier(&rulebook, member, &person, language),
                rulebook: rulebook.reference(),
                at: moment(now_ms),
            })
        })
        .await?;
    Ok(Json(team))
}

fn active_among_direct(query: &mut impl Query, member: i64) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM person p JOIN holder h ON h.member = p.member \
               WHERE p.sponsor = $1 AND h.active <> 0";
    let count = query.query_one(sql, params![member], |row| row.int(0))?;
    Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
}
