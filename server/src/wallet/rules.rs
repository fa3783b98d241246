//! `GET /api/v1/rules`: the rules that members are under, in plain words.

use axum::Json;
use axum::extract::State;
use haigou_contract::{Rules, moment};
use haigou_rules::in_words;

use crate::AppState;
use crate::web::{Lang, Refusal};

/// The rulebook in force, a sentence a rule.
#[utoipa::path(get, path = "/api/v1/rules", tag = "wallet", responses((status = 200, body = Rules)))]
pub(super) async fn rules(
    State(state): State<AppState>,
    Lang(language): Lang,
) -> Result<Json<Rules>, Refusal> {
    let (now_ms, rulebooks) = (state.clock.now_ms(), state.rulebooks.clone());
    let rulebook = state
        .read(move |reader| rulebooks.in_force(reader, now_ms))
        .await?;
    Ok(Json(Rules {
        rulebook: rulebook.reference(),
        since: moment(rulebook.starts_at_ms),
        sentences: in_words(&rulebook, language),
    }))
}
