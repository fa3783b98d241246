//! `DELETE /api/v1/auth/sessions/current`: signs this device out.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::StatusCode;
use haigou_contract::Problem;
use haigou_store::{Command, CommandError, Tx};

use super::open_session::end;
use super::session::{Ended, Session};
use super::token::SessionId;
use crate::AppState;
use crate::web::{Change, Refusal};

/// Signs this device out. Its tokens are dead at once, so a repeated request gets `session_ended`.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/current", tag = "auth", security(("session" = [])),
    params(("Idempotency-Key" = String, Header)),
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn sign_out(
    State(state): State<AppState>,
    change: Change<()>,
) -> Result<StatusCode, Refusal> {
    let memory = state.clone();
    state
        .to_the_end(async move {
            let over = memory.submit(SignOut(change.caller.session)).await?;
            memory.note(over);
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

struct SignOut(SessionId);

impl Command for SignOut {
    type Answer = Vec<Session>;
    type Refusal = Infallible;
    const NAME: &'static str = "members.sign_out";

    fn run(self, tx: &mut Tx<'_>, _: i64) -> Result<Vec<Session>, CommandError<Infallible>> {
        Ok(end(tx, &[self.0], Ended::SignedOut)?)
    }
}
