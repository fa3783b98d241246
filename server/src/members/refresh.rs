//! `POST /api/v1/auth/refresh`: a refresh token for a new pair of tokens.
//!
//! Each works once; if an older one comes again, somebody else may hold it, and the session ends. One exception keeps
//! an honest phone signed in when the answer was lost on the way: the token before works again **until the pair it was
//! given for is used**. To the phone that lost the answer it still is the newest one, so this needs no clock. At any
//! time one chain of tokens is alive: whoever goes on with another one is found out by the next use.
//!
//! A request that was held up on the way and arrives behind its own repetition is known by its idempotency key: it
//! gets nothing, and ends nothing.

use axum::Json;
use axum::extract::State;
use haigou_contract::{self as contract, ErrorCode, Refresh};
use haigou_store::{Command, CommandError, Query as _, Tx, params};
use subtle::ConstantTimeEq as _;

use super::open_session::{end, renew};
use super::session::{Ended, Session};
use super::token::Token;
use crate::AppState;
use crate::web::{Address, Body, IdempotencyKey, Refusal};

/// Exchanges a refresh token for new tokens.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = Refresh,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = contract::Session), (status = 401, body = contract::Problem),
        (status = 410, body = contract::Problem)))]
pub(super) async fn refresh(
    State(state): State<AppState>,
    address: Address,
    key: Option<IdempotencyKey>,
    Body(asked): Body<Refresh>,
) -> Result<Json<contract::Session>, Refusal> {
    state.refresh_limit.count(address)?;
    let token = Token::parse(&asked.refresh_token).ok_or(ErrorCode::Unauthenticated)?;
    let exchange = Exchange {
        token,
        key: key.map(|key| key.0),
    };
    let memory = state.clone();
    state
        .to_the_end(async move {
            match memory.submit(exchange).await? {
                Exchanged::For(session) => Ok(Json(session)),
                Exchanged::Reused(over) => {
                    memory.note(over);
                    Err(ErrorCode::RefreshReused.into())
                }
            }
        })
        .await
}

struct Exchange {
    token: Token,
    key: Option<String>,
}

enum Exchanged {
    For(contract::Session),
    /// An answer and no refusal, because the session's end must stand.
    Reused(Vec<Session>),
}

impl Command for Exchange {
    type Answer = Exchanged;
    type Refusal = Refusal;
    const NAME: &'static str = "members.refresh";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Exchanged, CommandError<Refusal>> {
        let id = self.token.session;
        let refused = |refusal: Refusal| Err(CommandError::Refused(refusal));
        let Some(session) = Session::find(tx, &id)? else {
            return refused(ErrorCode::Unauthenticated.into());
        };
        if let Some(ended) = session.ended {
            return refused(ended.refusal());
        }
        let tokens = tx.query_one(
            "SELECT s.refresh_hash, s.refresh_until_ms, s.previous_hash, s.exchange_key, m.public_id, d.public_id
             FROM session s
             JOIN member m ON m.id = s.member JOIN device d ON d.id = s.device WHERE s.id = $1",
            params![&id],
            |row| {
                Ok(Tokens {
                    newest: row.array(0)?,
                    until_ms: row.int(1)?,
                    previous: if row.opt_blob(2)?.is_some() { Some(row.array(2)?) } else { None },
                    exchange_key: row.opt_text(3)?,
                    member: row.text(4)?,
                    device: row.text(5)?,
                })
            },
        )?;
        let Some(tokens) = tokens else {
            return refused(ErrorCode::Unauthenticated.into());
        };
        if tokens.until_ms <= now_ms {
            return refused(ErrorCode::SessionEnded.into());
        }
        let hash = self.token.hash();
        let is_newest = bool::from(tokens.newest.ct_eq(&hash));
        let is_previous = tokens
            .previous
            .is_some_and(|previous| previous.ct_eq(&hash).into());
        if !is_newest && is_previous && session.used && self.key.is_some() && self.key == tokens.exchange_key
        {
            return refused(ErrorCode::SessionExpired.into());
        }
        if !is_newest && (!is_previous || session.used) {
            return Ok(Exchanged::Reused(end(tx, &[id], Ended::Reused)?));
        }
        let pair = renew(tx, id, Some(&hash), self.key.as_deref(), now_ms)?;
        Ok(Exchanged::For(pair.answer(tokens.member, tokens.device, false)))
    }
}

/// What is kept of a session's tokens.
struct Tokens {
    newest: [u8; 32],
    until_ms: i64,
    /// The one that the newest pair was given for, and the key of that request.
    previous: Option<[u8; 32]>,
    exchange_key: Option<String>,
    member: String,
    device: String,
}
