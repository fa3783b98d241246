//! Several servers on one database: whoever may not write passes changes on to the one who may.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, OriginalUri, Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use haigou_contract::ErrorCode;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use super::{Refusal, body};
use crate::AppState;

/// Tells that a request was passed on: it isn't passed on again.
const PASSED_ON: HeaderName = HeaderName::from_static("haigou-passed-on");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Of one connection alone, or written anew for the next.
const OF_THE_CONNECTION: [HeaderName; 7] = [
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];
/// A server that doesn't answer within this time has probably been stopped, and another takes over.
const PATIENCE: Duration = Duration::from_secs(4);

/// Whom changes are passed on with.
#[derive(Debug, Clone)]
pub(crate) struct Messenger(Client<HttpConnector, Body>);

impl Messenger {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(1)));
        connector.set_nodelay(true);
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }
}

/// Passes on what would change something, while another server writes. A read is passed on only when it turns out
/// to have something to note, such as the first use of a token.
pub(crate) async fn pass_on(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if state.store.term().is_some() || request.headers().contains_key(PASSED_ON) {
        return next.run(request).await;
    }
    let letter = Letter::of(&request);
    if !matches!(letter.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return match body::read(request, &state).await {
            Ok(body) => letter.send(body.into(), &state).await,
            Err(refusal) => refusal.into_response(),
        };
    }
    let answer = next.run(request).await;
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        letter.send(Body::empty(), &state).await
    } else {
        answer
    }
}

/// A request without its body.
struct Letter {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Letter {
    fn of(request: &Request) -> Self {
        let mut headers = request.headers().clone();
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        headers.insert(PASSED_ON, HeaderValue::from_static("true"));
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        if let Some(from) = peer.and_then(|ConnectInfo(peer)| peer.ip().to_string().parse().ok()) {
            headers.append(FORWARDED_FOR, from);
        }
        let original = request.extensions().get::<OriginalUri>();
        Self {
            method: request.method().clone(),
            uri: original.map_or_else(|| request.uri().clone(), |uri| uri.0.clone()),
            headers,
        }
    }

    async fn send(self, body: Body, state: &AppState) -> Response {
        let holder = match state.store.holder().await {
            Ok(Some(holder)) => holder,
            Ok(None) => return nobody().into_response(),
            Err(error) => return Refusal::from(error).into_response(),
        };
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::new(body);
        *request.method_mut() = self.method;
        *request.headers_mut() = self.headers;
        *request.uri_mut() = match format!("{holder}{path}").parse() {
            Ok(uri) => uri,
            Err(error) => {
                tracing::warn!(%error, holder, "the address of the server that writes is none");
                return nobody().into_response();
            }
        };
        let client = &state.messenger.0;
        match timeout(PATIENCE, async { arrived(client.request(request).await?).await }).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::warn!(%error, holder, "a change could not be passed on");
                lost(&error).into_response()
            }
            Err(_late) => unknown().into_response(),
        }
    }
}

/// The answer, as it came.
async fn arrived(answer: axum::http::Response<Incoming>) -> Result<Response, Broken> {
    let (mut parts, body) = answer.into_parts();
    for name in OF_THE_CONNECTION.into_iter().chain([VARY]) {
        parts.headers.remove(name);
    }
    let body = to_bytes(Body::new(body), usize::MAX).await?;
    Ok((parts.status, parts.headers, body).into_response())
}

/// Nobody may write just now: somebody will in some seconds.
fn nobody() -> Refusal {
    Refusal::new(ErrorCode::Busy).retry_after(1)
}

/// What didn't even arrive changed nothing; whether anything else did, nobody knows.
fn lost(broken: &Broken) -> Refusal {
    match broken {
        Broken::Sending(error) if error.is_connect() => nobody(),
        Broken::Sending(_) | Broken::Answering(_) => unknown(),
    }
}

fn unknown() -> Refusal {
    Refusal::new(ErrorCode::Timeout).retry_after(1)
}

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("it can't be sent: {0}")]
    Sending(#[from] Error),
    #[error("the answer broke off: {0}")]
    Answering(#[from] axum::Error),
}
