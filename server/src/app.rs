//! The application: what handlers share, and the router with everything that surrounds it.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, middleware};
use haigou_contract::ErrorCode;
use haigou_store::{Answered, Clock, Command, Desk, DeskError, Once, OnceRefusal, Reader, Store, StoreError};
use serde::Serialize;

use crate::airdrop::Rulebooks;
use crate::members::{CodeSecret, InSession, Session, Sessions, SmsProvider};
use crate::web::{
    AddressLimit, Attempt, Messenger, PROBLEM_JSON, Refusal, WebSettings, describe, pass_on, surround,
};

/// Tells that an answer was kept from an earlier try with the same idempotency key.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-repeated");

/// What handlers share. Clones share it too.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of an [`AppState`].
pub struct Parts {
    /// The database, for reads.
    pub store: Store,
    /// Where changes go.
    pub desk: Desk,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who sends SMS.
    pub sms: Arc<dyn SmsProvider>,
    /// What the operator set.
    pub web: WebSettings,
    /// Whom changes are passed on with, while another server writes.
    pub(crate) messenger: Messenger,
    /// Sessions in memory.
    pub sessions: Sessions,
    /// Rulebooks that were read.
    pub rulebooks: Rulebooks,
    /// What SMS codes are hashed with.
    pub code_secret: CodeSecret,
    /// How often an address may ask for codes.
    pub code_limit: AddressLimit,
    /// How often an address may try to sign in.
    pub sign_in_limit: AddressLimit,
    /// How often an address may refresh tokens.
    pub refresh_limit: AddressLimit,
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl AppState {
    /// Puts the application together.
    #[must_use]
    pub fn new(
        store: Store,
        desk: Desk,
        clock: Arc<dyn Clock>,
        sms: Arc<dyn SmsProvider>,
        web: WebSettings,
    ) -> Self {
        Self(Arc::new(Parts {
            messenger: Messenger::new(),
            sessions: Sessions::default(),
            rulebooks: Rulebooks::default(),
            code_secret: CodeSecret::new(&web.code_secret),
            code_limit: AddressLimit::new(web.codes.per_address, &clock),
            sign_in_limit: AddressLimit::new(web.sign_ins_per_address, &clock),
            refresh_limit: AddressLimit::new(web.refreshes_per_address, &clock),
            store,
            desk,
            clock,
            sms,
            web,
        }))
    }

    /// Reads one consistent state of the database.
    ///
    /// # Errors
    /// What `work` returned, or the database's.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        Ok(self.store.read(work).await?)
    }

    /// Hands a command to the desk. For changes that are safe to repeat; others go through [`AppState::once`].
    ///
    /// # Errors
    /// The command's refusal, or that nothing could be done.
    pub async fn submit<C>(&self, command: C) -> Result<C::Answer, Refusal>
    where
        C: Command,
        C::Refusal: Into<Refusal>,
    {
        self.desk.submit(command).await.map_err(|error| match error {
            DeskError::Refused(refusal) => refusal.into(),
            other => not_done(&other),
        })
    }

    /// Works to the end even if the caller hangs up: for what must be noted in memory once it is committed.
    ///
    /// # Errors
    /// The work's.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        tokio::spawn(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a request broke off");
            Err(ErrorCode::Internal.into())
        })
    }

    /// Notes how sessions stand now that their change is committed.
    pub fn note(&self, sessions: Vec<Session>) {
        // Written by this server, and just now: nobody else can have written since.
        if let Some(term) = self.store.term() {
            for session in sessions {
                self.sessions.put(Arc::new(session), term);
            }
        }
    }

    /// Hands a command to the desk, to be done once per idempotency key; a repeated one gets the kept answer.
    /// `status` is that of an answer that isn't a refusal.
    ///
    /// # Errors
    /// `idempotency_mismatch`, a refusal that another try may not meet, or that nothing could be done.
    pub async fn once<C>(&self, attempt: Attempt, status: StatusCode, command: C) -> Result<Response, Refusal>
    where
        C: Command<Refusal = Refusal>,
        C::Answer: Serialize,
    {
        let once = Once {
            scope: attempt.scope,
            key: attempt.key,
            body_hash: attempt.body_hash,
            status: status.as_u16(),
            language: attempt.language,
            command: InSession {
                session: attempt.session,
                command,
            },
        };
        match self.desk.submit(once).await {
            Ok(answered) => Ok(response(answered)),
            Err(DeskError::Refused(OnceRefusal::Mismatch)) => Err(ErrorCode::IdempotencyMismatch.into()),
            Err(DeskError::Refused(OnceRefusal::Passing(refusal))) => Err(refusal),
            Err(other) => Err(not_done(&other)),
        }
    }
}

fn response(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let is_problem = status.is_client_error() || status.is_server_error();
    let kind = if is_problem {
        PROBLEM_JSON
    } else {
        "application/json"
    };
    let mut response = if status == StatusCode::NO_CONTENT {
        status.into_response()
    } else {
        (status, [(header::CONTENT_TYPE, kind)], answered.body).into_response()
    };
    if answered.repeated {
        response
            .headers_mut()
            .insert(REPEATED, HeaderValue::from_static("true"));
    }
    response
}

/// Nothing was done, and not because the rules say no.
fn not_done<R>(error: &DeskError<R>) -> Refusal {
    match error {
        DeskError::Busy { retry_after_s } => Refusal::new(ErrorCode::Busy).retry_after(*retry_after_s),
        DeskError::Stopped => Refusal::new(ErrorCode::Busy).retry_after(1),
        DeskError::Storage(error) => error.clone().into(),
        DeskError::Refused(_) | DeskError::Fault(_) => ErrorCode::Internal.into(),
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::InDoubt { .. }) {
            tracing::warn!(%error, "whether a change was saved isn't known");
            Self::new(ErrorCode::Timeout).retry_after(1)
        } else if matches!(error, StoreError::Held { .. } | StoreError::LeaseLost) {
            Self::new(ErrorCode::Busy).retry_after(1)
        } else if error.is_engine_failure() {
            tracing::warn!(%error, "the database can't be used");
            Self::new(ErrorCode::StorageUnavailable).retry_after(5)
        } else {
            tracing::error!(%error, "the database was asked wrongly");
            Self::new(ErrorCode::Internal)
        }
    }
}

impl From<Infallible> for Refusal {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The whole API.
pub fn router(state: AppState) -> Router {
    let (api, description) = describe::api().split_for_parts();
    let settings = state.web.clone();
    let routes = api
        .merge(describe::pages(description))
        .layer(middleware::from_fn_with_state(state.clone(), pass_on));
    surround(routes.with_state(state), &settings)
}
