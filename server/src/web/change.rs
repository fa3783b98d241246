//! Changes: who asks, under which idempotency key, with which body; signed by his device where it matters.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, OriginalUri, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use haigou_contract::{ErrorCode, IDEMPOTENCY_KEY_HEADER, Language, SIGNATURE_HEADER, signing_text, verify};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Caller, Refusal, body, caller, language};
use crate::AppState;
use crate::members::SessionId;

const LONGEST_KEY: usize = 64;

/// The `Idempotency-Key` header: 1 to 64 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl IdempotencyKey {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY_HEADER).iter();
        let key = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().unwrap_or(""),
            _ => "",
        };
        let is_fine =
            (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if is_fine {
            Ok(Self(key.to_owned()))
        } else {
            Err(ErrorCode::IdempotencyKeyMissing.into())
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Self::of(&parts.headers)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refusal> {
        let is_there = parts.headers.contains_key(IDEMPOTENCY_KEY_HEADER);
        is_there.then(|| Self::of(&parts.headers)).transpose()
    }
}

/// What makes a change happen once: whose it is, its key, and what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Whose key it is: keys of two members have nothing to do with each other.
    pub scope: String,
    /// The idempotency key.
    pub key: String,
    /// SHA-256 of method, path and body, in hex.
    pub body_hash: String,
    /// What a refusal is written in.
    pub language: Language,
    /// The session it was asked from. It must still be open when the change is made.
    pub session: SessionId,
}

impl Attempt {
    fn new(arrived: &Arrived) -> Self {
        let mut hash = Sha256::new();
        for part in [arrived.method.as_str(), "\n", &arrived.path, "\n"] {
            hash.update(part);
        }
        hash.update(&arrived.body);
        Self {
            scope: scope_of(arrived.caller.member),
            key: arrived.key.0.clone(),
            body_hash: hex::encode(hash.finalize()),
            language: language::of(&arrived.headers),
            session: arrived.caller.session,
        }
    }
}

/// The scope of a member's idempotency keys.
#[must_use]
pub fn scope_of(member: i64) -> String {
    format!("member:{member}")
}

/// A change that a signed-in member asks for. Hand `attempt` and a command to [`AppState::once`].
#[derive(Debug, Clone)]
pub struct Change<T> {
    /// Who asks.
    pub caller: Caller,
    /// What makes it happen once.
    pub attempt: Attempt,
    /// The parsed body; `()` where there is none.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Change<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        Arrived::read(request, state).await?.parse()
    }
}

/// A [`Change`] whose method, path, key and body were signed by the session's device. The signature is checked
/// before anything of the body is looked at.
#[derive(Debug, Clone)]
pub struct Signed<T>(pub Change<T>);

impl<T: DeserializeOwned> FromRequest<AppState> for Signed<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let arrived = Arrived::read(request, state).await?;
        arrived.check_signature()?;
        arrived.parse().map(Self)
    }
}

/// A change whose body hasn't been looked at.
struct Arrived {
    caller: Caller,
    key: IdempotencyKey,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Arrived {
    async fn read(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let caller = caller::authenticate(&parts.headers, state).await?;
        let key = IdempotencyKey::of(&parts.headers)?;
        let uri = OriginalUri::from_request_parts(&mut parts, state)
            .await
            .map_or_else(|_| parts.uri.clone(), |uri| uri.0);
        Ok(Self {
            caller,
            key,
            method: parts.method.clone(),
            path: uri.path().to_owned(),
            headers: parts.headers.clone(),
            body: body::read(Request::from_parts(parts, body), state).await?,
        })
    }

    fn check_signature(&self) -> Result<(), Refusal> {
        let signature = self
            .headers
            .get(SIGNATURE_HEADER)
            .and_then(|value| value.to_str().ok());
        let text = signing_text(self.method.as_str(), &self.path, &self.key.0, &self.body);
        verify(&self.caller.key, &text, signature.unwrap_or(""))
            .map_err(|_| ErrorCode::SignatureInvalid.into())
    }

    fn parse<T: DeserializeOwned>(self) -> Result<Change<T>, Refusal> {
        Ok(Change {
            attempt: Attempt::new(&self),
            body: body::parse(&self.headers, &self.body)?,
            caller: self.caller,
        })
    }
}

/// The JSON body of a request that comes without a session: signing in.
#[derive(Debug, Clone, Copy)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let headers = request.headers().clone();
        let body = body::read(request, state).await?;
        body::parse(&headers, &body).map(Self)
    }
}
