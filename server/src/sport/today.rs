//! `GET /api/v1/sport/today`: today's steps, the ladder and the tasks, and what is still missing.

use axum::Json;
use axum::extract::State;
use haigou_contract::{Day, Goal, Problem, Today, moment};
use haigou_ledger::Slot;
use haigou_rules::milestones;
use haigou_store::ledger::holdings;
use haigou_store::{Query, StoreError};

use super::book::Book;
use crate::AppState;
use crate::airdrop::Rulebooks;
use crate::ledger::holder;
use crate::web::{Caller, Refusal};

/// Today: steps, rungs and tasks.
#[utoipa::path(get, path = "/api/v1/sport/today", tag = "sport", security(("session" = [])),
    responses((status = 200, body = Today), (status = 401, body = Problem)))]
pub(super) async fn today(State(state): State<AppState>, caller: Caller) -> Result<Json<Today>, Refusal> {
    let (now_ms, rulebooks) = (state.clock.now_ms(), state.rulebooks.clone());
    Ok(Json(
        state
            .read(move |reader| look(reader, caller.member, now_ms, &rulebooks))
            .await?,
    ))
}

fn look(
    query: &mut impl Query,
    member: i64,
    now_ms: i64,
    rulebooks: &Rulebooks,
) -> Result<Today, StoreError> {
    let rulebook = rulebooks.in_force(query, now_ms)?;
    let book = Book::load(query, member, Day::at(now_ms))?;
    let holdings = holdings(query, holder(member)?)?;
    let frozen = holdings.of(Slot::ChallengeFrozen);
    let goals = milestones(&rulebook)
        .into_iter()
        .map(|((of, steps), figure)| {
            let unfroze = book.unfroze((of, steps));
            Goal {
                of,
                steps,
                counted: book.totals.towards(of),
                reached: unfroze.is_some(),
                amount: unfroze.unwrap_or_else(|| figure.of(frozen)).to_decimal(2),
            }
        })
        .collect();
    Ok(Today {
        steps: book.steps(),
        goals,
        challenge_frozen: frozen.to_decimal(2),
        challenge_available: holdings.of(Slot::ChallengeAvailable).to_decimal(2),
        at: moment(now_ms),
    })
}
