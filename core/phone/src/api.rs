//! Requests to the server, with the session that goes with them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use haigou_contract::{
    DeviceInfo, ErrorCode, IDEMPOTENCY_KEY_HEADER, Language, Problem, Refresh, SIGNATURE_HEADER, Session,
    SignIn, public_key_text, sign, sign_in_text, signing_text,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{HttpRequest, HttpResponse, KeyStore, PhoneError, PhoneOptions, SignInForm, Transport, json};

/// Names of secrets.
pub(crate) const DEVICE_KEY: &str = "device_key";
pub(crate) const SESSION: &str = "session";
/// How often a request that must not get lost half-way is tried at once, and the wait before the second try.
const TRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// A request.
pub(crate) struct Call<'a> {
    pub(crate) method: &'static str,
    /// With `/api/v1`.
    pub(crate) path: &'a str,
    pub(crate) body: Option<Vec<u8>>,
    /// For changes.
    pub(crate) key: Option<&'a str>,
    /// The device signs it.
    pub(crate) signed: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: &'a str) -> Self {
        Self {
            method: "GET",
            path,
            body: None,
            key: None,
            signed: false,
        }
    }

    pub(crate) fn post(path: &'a str, key: &'a str, body: Vec<u8>) -> Self {
        Self {
            method: "POST",
            path,
            body: Some(body),
            key: Some(key),
            signed: false,
        }
    }
}

/// The session as it is kept. The refresh has its key from the start, so that each try is the same request.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptSession {
    session: Session,
    refresh_key: Uuid,
}

/// See the module.
pub(crate) struct Api {
    transport: Arc<dyn Transport>,
    keys: Arc<dyn KeyStore>,
    base: String,
    language: Mutex<Language>,
    session: Mutex<Option<KeptSession>>,
    refreshing: tokio::sync::Mutex<()>,
    /// The last sign-in and its key: the same form again is the same request again.
    sign_in: Mutex<Option<(Vec<u8>, String)>>,
}

impl Api {
    pub(crate) fn new(options: &PhoneOptions, transport: Arc<dyn Transport>) -> Result<Self, PhoneError> {
        let base = options.server_url.trim_end_matches('/').to_owned();
        if !(base.starts_with("https://") || base.starts_with("http://")) {
            return Err(PhoneError::ServerAddress);
        }
        let session = options
            .keys
            .load(SESSION)?
            .and_then(|bytes| json::from_bytes(&bytes).ok());
        Ok(Self {
            transport,
            keys: Arc::clone(&options.keys),
            base,
            language: Mutex::new(options.language),
            session: Mutex::new(session),
            refreshing: tokio::sync::Mutex::new(()),
            sign_in: Mutex::new(None),
        })
    }

    /// Who is signed in.
    pub(crate) fn member(&self) -> Option<String> {
        lock(&self.session)
            .as_ref()
            .map(|kept| kept.session.member.clone())
    }

    pub(crate) fn language(&self) -> Language {
        *lock(&self.language)
    }

    pub(crate) fn set_language(&self, language: Language) {
        *lock(&self.language) = language;
    }

    /// Signs in, or registers. Trying again with the same form is safe: it is one request, whatever was lost.
    pub(crate) async fn sign_in(&self, form: &SignInForm, device: DeviceInfo) -> Result<Session, PhoneError> {
        let key = self.device_key()?;
        let public = public_key_text(&key);
        let body = SignIn {
            phone: form.phone.clone(),
            code: form.code.clone(),
            proof: sign(&key, &sign_in_text(&form.phone, &form.code, &public)),
            device: DeviceInfo {
                public_key: public,
                ..device
            },
            invite_code: form.invite_code.clone(),
            accept_terms: form.accept_terms,
        };
        let body = serde_json::to_vec(&body)?;
        let idempotency = {
            let mut last = lock(&self.sign_in);
            match last.as_ref().filter(|(known, _)| *known == body) {
                Some((_, key)) => key.clone(),
                None => {
                    let key = Uuid::new_v4().to_string();
                    *last = Some((body.clone(), key.clone()));
                    key
                }
            }
        };
        let call = Call::post("/api/v1/auth/sessions", &idempotency, body);
        let session: Session = read(&self.patiently(&call, None).await?)?;
        self.keep(Some(session.clone()))?;
        *lock(&self.sign_in) = None;
        Ok(session)
    }

    /// Forgets the session.
    pub(crate) fn forget_session(&self) -> Result<(), PhoneError> {
        self.keep(None)
    }

    /// Asks without a session.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, PhoneError> {
        read(&self.once(call, None).await?)
    }

    /// Asks as the member who is signed in, and gets a new token where the old one is past its time.
    pub(crate) async fn ask_as_member<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, PhoneError> {
        let token = self.access_token()?;
        match self.once(call, Some(&token)).await {
            Err(PhoneError::Refused(problem)) if can_be_refreshed(problem.code) => {
                self.refresh(&token).await?;
                let token = self.access_token()?;
                read(&self.once(call, Some(&token)).await?)
            }
            answer => read(&answer?),
        }
    }

    /// Gets new tokens, once for all who ask at the same time.
    async fn refresh(&self, used: &str) -> Result<(), PhoneError> {
        let _turn = self.refreshing.lock().await;
        let kept = lock(&self.session).clone().ok_or(PhoneError::NotSignedIn)?;
        if kept.session.access_token != used {
            return Ok(());
        }
        let body = serde_json::to_vec(&Refresh {
            refresh_token: kept.session.refresh_token,
        })?;
        let key = kept.refresh_key.to_string();
        // The server takes the token before for a short while; so a lost answer is asked for again at once.
        let answer = self
            .patiently(&Call::post("/api/v1/auth/refresh", &key, body), None)
            .await?;
        if lock(&self.session)
            .as_ref()
            .is_none_or(|kept| kept.session.access_token != used)
        {
            // Signed out meanwhile: that holds.
            return Err(PhoneError::NotSignedIn);
        }
        self.keep(Some(read(&answer)?))
    }

    /// The session and the last form are forgotten here; what the key store has is somebody else's to remove.
    pub(crate) fn forget_all(&self) {
        *lock(&self.session) = None;
        *lock(&self.sign_in) = None;
    }

    fn keep(&self, session: Option<Session>) -> Result<(), PhoneError> {
        let kept = session.map(|session| KeptSession {
            session,
            refresh_key: Uuid::new_v4(),
        });
        // In memory first: should the key store fail now, this process at least goes on with what is valid.
        lock(&self.session).clone_from(&kept);
        match kept {
            Some(kept) => self.keys.save(SESSION, &serde_json::to_vec(&kept)?)?,
            None => self.keys.remove(SESSION)?,
        }
        Ok(())
    }

    fn access_token(&self) -> Result<String, PhoneError> {
        let session = lock(&self.session);
        session
            .as_ref()
            .map(|kept| kept.session.access_token.clone())
            .ok_or(PhoneError::NotSignedIn)
    }

    /// The device's key; made the first time, and it never leaves the phone.
    fn device_key(&self) -> Result<SigningKey, PhoneError> {
        let kept = self
            .keys
            .load(DEVICE_KEY)?
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let secret = match kept {
            Some(secret) => secret,
            None => {
                let fresh: [u8; 32] = rand::random();
                self.keys.save(DEVICE_KEY, &fresh)?;
                fresh
            }
        };
        Ok(SigningKey::from_bytes(&secret))
    }

    /// Tries again at once where no answer comes.
    async fn patiently(&self, call: &Call<'_>, token: Option<&str>) -> Result<HttpResponse, PhoneError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            match self.once(call, token).await {
                Err(PhoneError::Offline) => tokio::time::sleep(wait).await,
                answer => return answer,
            }
            wait *= 4;
        }
        self.once(call, token).await
    }

    async fn once(&self, call: &Call<'_>, token: Option<&str>) -> Result<HttpResponse, PhoneError> {
        let body = call.body.clone().unwrap_or_default();
        let mut headers = vec![
            ("accept".to_owned(), "application/json".to_owned()),
            ("accept-language".to_owned(), self.language().tag().to_owned()),
        ];
        let mut header = |name: &str, value: String| headers.push((name.to_owned(), value));
        if call.body.is_some() {
            header("content-type", "application/json".to_owned());
        }
        if let Some(token) = token {
            header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = call.key {
            header(IDEMPOTENCY_KEY_HEADER, key.to_owned());
        }
        if call.signed {
            let text = signing_text(call.method, call.path, call.key.unwrap_or_default(), &body);
            header(SIGNATURE_HEADER, sign(&self.device_key()?, &text));
        }
        let url = format!("{}{}", self.base, call.path);
        let request = HttpRequest {
            method: call.method.to_owned(),
            url,
            headers,
            body,
        };
        let answer = self.transport.send(request).await.map_err(|error| {
            tracing::debug!(%error, path = call.path, "no answer");
            PhoneError::Offline
        })?;
        check(answer)
    }
}

/// Whether a new token may help.
fn can_be_refreshed(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::SessionExpired | ErrorCode::Unauthenticated)
}

/// Whether the session is over for good: the member has to sign in again.
pub(crate) fn ends_session(error: &PhoneError) -> bool {
    let PhoneError::Refused(problem) = error else {
        return false;
    };
    matches!(
        problem.code,
        ErrorCode::SessionEnded
            | ErrorCode::RefreshReused
            | ErrorCode::Unauthenticated
            | ErrorCode::SignatureInvalid
            | ErrorCode::Gone
    )
}

fn check(answer: HttpResponse) -> Result<HttpResponse, PhoneError> {
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let mut problem: Problem = json::from_bytes(&answer.body).map_err(|_| PhoneError::NotOurServer {
        status: answer.status,
    })?;
    let after = answer
        .header("retry-after")
        .and_then(|value| value.trim().parse().ok());
    problem.retry_after_s = problem.retry_after_s.or(after);
    Err(PhoneError::Refused(Box::new(problem)))
}

fn read<T: DeserializeOwned>(answer: &HttpResponse) -> Result<T, PhoneError> {
    let body: &[u8] = if answer.body.is_empty() {
        b"null"
    } else {
        &answer.body
    };
    json::from_bytes(body).map_err(|_| PhoneError::NotOurServer {
        status: answer.status,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
