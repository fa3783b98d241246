//! What the tests of the API share: a server without a network, a clock that is set by hand, phones that sign.
#![allow(dead_code, unreachable_pub, reason = "each test file uses what it needs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use ed25519_dalek::SigningKey;
use haigou_contract::{self as contract, sign, sign_in_text, signing_text};
use haigou_ledger::{MemberNo, Slot};
use haigou_server::airdrop::{DayCloser, Launch};
use haigou_server::members::MemorySms;
use haigou_server::treasury::GiveOpening;
use haigou_server::web::WebSettings;
use haigou_server::{AppState, audit, router, rulebook_of};
use haigou_store::{Clock, Command, CommandError, Desk, DeskOptions, ManualClock, Store, Tx};
use haigou_test_postgres::{again_on_postgres, database};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// A day on which nothing special happens, at noon.
pub const NOON: i64 = 1_800_000_000_000;

/// A server without a network.
pub struct Api {
    pub router: Router,
    pub clock: Arc<ManualClock>,
    pub sms: Arc<MemorySms>,
    pub store: Store,
    pub desk: Desk,
    pub folder: tempfile::TempDir,
}

impl Api {
    /// Without limits on how often somebody may sign in; the preset `sport` is in force.
    pub async fn new() -> Self {
        Self::with(WebSettings::unlimited(), DeskOptions::default()).await
    }

    pub async fn with(settings: WebSettings, options: DeskOptions) -> Self {
        Self::with_rules("sport", settings, options).await
    }

    /// With a preset in force, and days that are closed when they are over.
    pub async fn under(rulebook: &str) -> Self {
        let options = DeskOptions {
            before: DayCloser::default().into_before(),
            ..DeskOptions::default()
        };
        Self::with_rules(rulebook, WebSettings::unlimited(), options).await
    }

    async fn with_rules(rulebook: &str, settings: WebSettings, options: DeskOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&database(folder.path(), "haigou")).unwrap();
        let clock = Arc::new(ManualClock::new(NOON));
        let desk = Desk::start(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>, options).unwrap();
        desk.submit(Launch {
            rulebook: rulebook_of(rulebook).unwrap(),
            day: None,
        })
        .await
        .unwrap();
        let sms = Arc::new(MemorySms::default());
        let state = AppState::new(
            store.clone(),
            desk.clone(),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::clone(&sms) as Arc<_>,
            settings,
        );
        Self {
            router: router(state),
            clock,
            sms,
            store,
            desk,
            folder,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A POST without a session.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_raw(path, body.to_string(), "en").await
    }

    pub async fn post_raw(&self, path: &str, body: impl Into<Body>, language: &str) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("accept-language", language)
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    /// Asks for a code and reads it from the SMS.
    pub async fn code(&self, number: &str) -> String {
        let sent = self.post("/api/v1/auth/codes", &json!({"phone": number})).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        self.sms.code_for(number).unwrap()
    }

    /// Signs a phone in, registering it if it is new, without a sponsor.
    pub async fn sign_in(&self, phone: &mut Phone) -> Answer {
        self.sign_in_with(phone, None).await
    }

    pub async fn sign_in_with(&self, phone: &mut Phone, invite_code: Option<&str>) -> Answer {
        let code = self.code(&phone.number).await;
        let mut body = phone.sign_in_body(&code);
        if let Some(invite_code) = invite_code {
            body["invite_code"] = json!(invite_code);
        }
        let answer = self.post("/api/v1/auth/sessions", &body).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        phone.session = Some(answer.as_type());
        answer
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    pub fn as_type<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone()).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The code of a problem, which must be one in every respect.
    #[track_caller]
    pub fn problem(&self) -> String {
        let problem: contract::Problem = self.as_type();
        assert_eq!(self.status.as_u16(), problem.status, "{}", self.text);
        assert_eq!(problem.status, problem.code.status(), "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(self.headers.contains_key("content-language") && self.headers.contains_key("x-request-id"));
        let retry_after = self
            .headers
            .get("retry-after")
            .map(|value| value.to_str().unwrap().parse().unwrap());
        assert_eq!(retry_after, problem.retry_after_s);
        assert_eq!(
            self.headers.contains_key("www-authenticate"),
            problem.status == 401
        );
        problem.code.name().to_owned()
    }
}

/// A phone: its number, its key, its session.
pub struct Phone {
    pub number: String,
    pub key: SigningKey,
    pub session: Option<contract::Session>,
}

impl Phone {
    /// The phone of a mainland number that ends in `tail`; its key follows from it.
    pub fn new(tail: u32) -> Self {
        Self::with_key(tail, tail)
    }

    pub fn with_key(tail: u32, key: u32) -> Self {
        let mut seed = [7; 32];
        seed[..4].copy_from_slice(&key.to_le_bytes());
        Self {
            number: format!("+861380000{tail:04}"),
            key: SigningKey::from_bytes(&seed),
            session: None,
        }
    }

    pub fn session(&self) -> &contract::Session {
        self.session.as_ref().expect("signed in")
    }

    pub fn sign_in_body(&self, code: &str) -> Value {
        let public_key = contract::public_key_text(&self.key);
        let proof = sign(&self.key, &sign_in_text(&self.number, code, &public_key));
        json!({
            "phone": self.number, "code": code, "proof": proof, "accept_terms": true,
            "device": {"name": "A phone", "platform": "android", "public_key": public_key},
        })
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", "en")
            .header("authorization", format!("Bearer {}", self.session().access_token))
    }

    pub fn get(&self, path: &str) -> Request<Body> {
        self.request("GET", path).body(Body::empty()).unwrap()
    }

    /// A change with a body.
    pub fn change(&self, method: &str, path: &str, key: &str, body: &Value) -> Request<Body> {
        self.request(method, path)
            .header("idempotency-key", key)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    pub fn delete(&self, path: &str, key: &str) -> Request<Body> {
        self.request("DELETE", path)
            .header("idempotency-key", key)
            .body(Body::empty())
            .unwrap()
    }

    /// A change that the phone signs.
    pub fn signed(&self, method: &str, path: &str, key: &str, body: &Value) -> Request<Body> {
        let body = body.to_string();
        let signature = sign(&self.key, &signing_text(method, path, key, body.as_bytes()));
        self.request(method, path)
            .header("idempotency-key", key)
            .header("haigou-signature", signature)
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap()
    }

    pub async fn refresh(&self, api: &Api, token: &str) -> Answer {
        api.post("/api/v1/auth/refresh", &json!({"refresh_token": token}))
            .await
    }
}

/// A member's number.
pub fn number(member: i64) -> MemberNo {
    MemberNo::new(member).unwrap()
}

/// An opening balance of Hi-Shell.
pub async fn give(api: &Api, member: i64, hi_shell: &str) {
    let opening = GiveOpening {
        member: number(member),
        slot: Slot::HiShellAvailable,
        amount: hi_shell.to_owned(),
    };
    api.desk.submit(opening).await.unwrap();
}

/// The books are whole.
#[track_caller]
pub fn audit_is_clean(api: &Api) {
    let report = api.store.read_blocking(|reader| audit(reader)).unwrap();
    assert!(report.ok, "{:?}", report.findings);
}

/// Keeps the desk busy until it is let go.
pub struct Hold(pub std::sync::mpsc::Receiver<()>);

impl Command for Hold {
    type Answer = ();
    type Refusal = ();
    const NAME: &'static str = "test.hold";

    fn run(self, _: &mut Tx<'_>, _: i64) -> Result<(), CommandError<()>> {
        let _let_go = self.0.recv();
        Ok(())
    }
}

#[test]
fn all_of_it_holds_on_postgres_too() {
    again_on_postgres();
}
