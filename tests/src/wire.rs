//! Requests made by hand: what a broken or malicious program would send.

use std::time::Duration;

use ed25519_dalek::SigningKey;
use haigou_contract::{
    IDEMPOTENCY_KEY_HEADER, Problem, SIGNATURE_HEADER, Session, public_key_text, sign, sign_in_text,
    signing_text,
};
use haigou_phone::{HttpRequest, HttpResponse, HttpTransport, NoAnswer, Transport as _};
use serde_json::{Value, json};

const UPLOADS: &str = "/api/v1/sport/uploads";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub response: HttpResponse,
    /// The body, null where it is no JSON.
    pub body: Value,
}

impl Answer {
    fn of(response: HttpResponse) -> Self {
        let body = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        Self {
            status: response.status,
            response,
            body,
        }
    }

    /// The problem, which must be one in every respect.
    #[must_use]
    #[track_caller]
    pub fn problem(&self) -> Problem {
        let problem: Problem = serde_json::from_value(self.body.clone())
            .unwrap_or_else(|error| panic!("no problem, {error}: {} {}", self.status, self.body));
        assert_eq!(
            (self.status, problem.code.status()),
            (problem.status, problem.status),
            "{}",
            self.body
        );
        assert_eq!(
            self.response.header("content-type"),
            Some("application/problem+json")
        );
        let told = self
            .response
            .header("retry-after")
            .map(|seconds| seconds.parse().unwrap());
        assert_eq!(told, problem.retry_after_s);
        problem
    }

    /// The stable code of the problem.
    #[must_use]
    #[track_caller]
    pub fn code(&self) -> &'static str {
        self.problem().code.name()
    }
}

/// A hand that sends requests: with a device's key and, once signed in, its session.
#[derive(Clone)]
pub struct Hand {
    http: HttpTransport,
    /// The device's key.
    pub key: SigningKey,
    /// Goes into `Authorization`.
    pub token: String,
}

impl Hand {
    /// A hand whose device has the key that follows from a number.
    #[must_use]
    pub fn new(key: u8) -> Self {
        Self::with_patience(key, Duration::from_secs(20))
    }

    /// The same, with the time that it waits for an answer.
    #[must_use]
    pub fn with_patience(key: u8, patience: Duration) -> Self {
        Self {
            http: HttpTransport::new(patience).unwrap(),
            key: SigningKey::from_bytes(&[key; 32]),
            token: String::new(),
        }
    }

    /// Signs in, registering where that is the first time.
    pub async fn sign_in(&mut self, url: &str, number: &str, code: impl AsyncFnOnce() -> String) -> Session {
        let asked = self
            .post(url, "/api/v1/auth/codes", &json!({"phone": number}))
            .await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        let code = code().await;
        let public_key = public_key_text(&self.key);
        let proof = sign(&self.key, &sign_in_text(number, &code, &public_key));
        let body = json!({
            "phone": number, "code": code, "proof": proof, "accept_terms": true,
            "device": {"name": "By hand", "platform": "other", "public_key": public_key},
        });
        let answer = self.post(url, "/api/v1/auth/sessions", &body).await;
        assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
        let session: Session = serde_json::from_value(answer.body).unwrap();
        self.token.clone_from(&session.access_token);
        session
    }

    /// Sends anything.
    ///
    /// # Errors
    /// No answer came.
    pub async fn send(
        &self,
        method: &str,
        url: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let mut headers = vec![("accept-language".to_owned(), "en".to_owned())];
        if !body.is_empty() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        if !self.token.is_empty() {
            headers.push(("authorization".to_owned(), format!("Bearer {}", self.token)));
        }
        headers.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let request = HttpRequest {
            method: method.to_owned(),
            url: format!("{url}{path}"),
            headers,
            body,
        };
        self.http.send(request).await.map(Answer::of)
    }

    /// A GET.
    pub async fn get(&self, url: &str, path: &str) -> Answer {
        self.send("GET", url, path, &[], Vec::new())
            .await
            .expect("an answer")
    }

    /// A POST without key and signature.
    pub async fn post(&self, url: &str, path: &str, body: &Value) -> Answer {
        self.send("POST", url, path, &[], body.to_string().into_bytes())
            .await
            .expect("an answer")
    }

    /// An upload, signed with this hand's key.
    ///
    /// # Errors
    /// No answer came.
    pub async fn try_upload(&self, url: &str, key: &str, body: &Value) -> Result<Answer, NoAnswer> {
        let body = body.to_string().into_bytes();
        let signature = sign(&self.key, &signing_text("POST", UPLOADS, key, &body));
        let headers = [
            (IDEMPOTENCY_KEY_HEADER, key),
            (SIGNATURE_HEADER, signature.as_str()),
        ];
        self.send("POST", url, UPLOADS, &headers, body).await
    }

    /// An upload, signed with this hand's key.
    pub async fn upload(&self, url: &str, key: &str, body: &Value) -> Answer {
        self.try_upload(url, key, body).await.expect("an answer")
    }
}
