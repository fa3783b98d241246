//! Who asks: the member and device behind an access token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ed25519_dalek::VerifyingKey;
use haigou_contract::ErrorCode;

use super::Refusal;
use crate::AppState;
use crate::members::{Session, SessionId, Token, first_use};

/// A member who is signed in, and the device he asks from.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The member's number, as the ledger has it.
    pub member: i64,
    /// The device's number.
    pub device: i64,
    /// The session.
    pub session: SessionId,
    /// What the device signs with.
    pub key: VerifyingKey,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        authenticate(&parts.headers, state).await
    }
}

/// Finds the caller by his access token: in memory, else in the database. The first use of a token is noted there,
/// because from then on the tokens before it are dead.
///
/// # Errors
/// `unauthenticated`, `session_expired`, `session_ended`, `gone`.
pub(super) async fn authenticate(headers: &HeaderMap, state: &AppState) -> Result<Caller, Refusal> {
    let token = bearer(headers).ok_or(ErrorCode::Unauthenticated)?;
    let now_ms = state.clock.now_ms();
    let term = state.store.term();
    let session = match term.and_then(|term| state.sessions.get(&token.session, term)) {
        Some(held) if held.ended.is_some() || held.is_opened_by(&token) => held,
        _ => look_up(&token, now_ms, term, state).await?,
    };
    session.admit(&token, now_ms)?;
    Ok(Caller {
        member: session.member,
        device: session.device,
        session: session.id,
        key: session.key.ok_or(ErrorCode::SessionEnded)?,
    })
}

fn bearer(headers: &HeaderMap) -> Option<Token> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::parse(token.trim()))?
}

/// `term` is from before the look: what is found is held for as long as nobody else writes.
async fn look_up(
    token: &Token,
    now_ms: i64,
    term: Option<i64>,
    state: &AppState,
) -> Result<Arc<Session>, Refusal> {
    let id = token.session;
    let session = state.read(move |reader| Session::find(reader, &id)).await?;
    let mut session = session.ok_or(ErrorCode::Unauthenticated)?;
    session.admit(token, now_ms)?;
    if !session.used {
        first_use(&session, state).await?;
        session.used = true;
    }
    let session = Arc::new(session);
    if let Some(term) = term {
        state.sessions.put(Arc::clone(&session), term);
    }
    Ok(session)
}
