//! A small server that believes everybody, counts each minute once, and remembers what it answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use haigou_contract::*;
use haigou_phone::{Clock as _, ManualClock};

use super::Pocket;
use super::own::{self, Own};

/// What the server knows.
#[derive(Default)]
pub struct Book {
    /// Steps by minute, and how often they were counted.
    pub minutes: BTreeMap<Minute, (MinuteSteps, u32)>,
    pub activities: BTreeMap<uuid::Uuid, ActivitySummary>,
    /// Activities that came before all of their minutes were here.
    pub too_early: u32,
    answers: HashMap<String, (Bytes, UploadAnswer)>,
    public_key: Option<ed25519_dalek::VerifyingKey>,
    tokens: u32,
    refresh: u32,
    pub sign_ins: HashMap<String, u32>,
    pub refreshes: u32,
    /// Requests that are refused next, and how.
    pub refuse: Vec<ErrorCode>,
    /// Bodies by idempotency key.
    pub mismatches: u32,
    pub bad_signatures: u32,
    pub uploads: u32,
    /// Minutes that were corrected.
    pub corrections: u32,
    /// What the member owns and is.
    pub own: Own,
}

pub struct Server {
    pub url: String,
    pub book: Arc<Mutex<Book>>,
}

#[derive(Clone)]
pub(super) struct Desk {
    pub(super) book: Arc<Mutex<Book>>,
    pub(super) clock: Arc<ManualClock>,
}

impl Server {
    /// Starts on a free port; its time is that of `clock`.
    pub async fn start(clock: Arc<ManualClock>) -> Self {
        let book = Arc::new(Mutex::new(Book::default()));
        let desk = Desk {
            book: book.clone(),
            clock,
        };
        let app = Router::new()
            .route("/api/v1/auth/codes", post(codes))
            .route("/api/v1/auth/sessions", post(sessions))
            .route("/api/v1/auth/refresh", post(refresh))
            .route(
                "/api/v1/auth/sessions/current",
                axum::routing::delete(|| async { StatusCode::NO_CONTENT }),
            )
            .route("/api/v1/sport/uploads", post(uploads))
            .route("/api/v1/sport/today", get(today))
            .route("/api/v1/sport/activities", get(activities))
            .route("/api/v1/me/export", get(export))
            .route("/api/v1/wallet", get(wallet))
            .merge(own::routes())
            .with_state(desk);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, book }
    }

    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// Another device has reported a minute.
    pub fn report_elsewhere(&self, minute: Minute) {
        let steps = MinuteSteps {
            minute,
            kind: StepKind::Passive,
            source: StepSource::Counter,
            steps: 1,
            distance_m: None,
            interval_cv: None,
            peak_cv: None,
            activity: None,
        };
        self.book().minutes.insert(minute, (steps, 1));
    }

    /// All access tokens are past their time.
    pub fn expire_tokens(&self) {
        self.book().tokens += 1;
    }

    pub fn total(&self) -> u64 {
        self.book()
            .minutes
            .values()
            .map(|(minute, _)| u64::from(minute.steps))
            .sum()
    }
}

pub(super) fn problem(code: ErrorCode) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap();
    (status, axum::Json(Problem::new(code, Language::English))).into_response()
}

async fn codes() -> axum::Json<CodeSent> {
    axum::Json(CodeSent {
        valid_for_s: 300,
        resend_after_s: 60,
    })
}

fn session(book: &Book) -> axum::Json<Session> {
    axum::Json(Session {
        access_token: format!("access-{}", book.tokens),
        access_valid_for_s: 900,
        refresh_token: format!("refresh-{}", book.refresh),
        member: "m_one".to_owned(),
        device: "d_one".to_owned(),
        registered: true,
    })
}

async fn sessions(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let asked: SignIn = serde_json::from_slice(&body).unwrap();
    let mut book = desk.book.lock().unwrap();
    let key = headers[IDEMPOTENCY_KEY_HEADER].to_str().unwrap().to_owned();
    *book.sign_ins.entry(key).or_default() += 1;
    let public = parse_public_key(&asked.device.public_key).unwrap();
    verify(
        &public,
        &sign_in_text(&asked.phone, &asked.code, &asked.device.public_key),
        &asked.proof,
    )
    .unwrap();
    book.public_key = Some(public);
    session(&book).into_response()
}

async fn refresh(State(desk): State<Desk>, body: Bytes) -> Response {
    let asked: Refresh = serde_json::from_slice(&body).unwrap();
    let mut book = desk.book.lock().unwrap();
    // The one before is taken too: its answer may have been lost.
    let known = [book.refresh, book.refresh.saturating_sub(1)].map(|n| format!("refresh-{n}"));
    if !known.contains(&asked.refresh_token) {
        return problem(ErrorCode::RefreshReused);
    }
    if asked.refresh_token == known[0] {
        book.refresh += 1;
        book.refreshes += 1;
    }
    session(&book).into_response()
}

pub(super) fn caller(book: &Book, headers: &HeaderMap) -> Result<(), ErrorCode> {
    let wanted = format!("Bearer access-{}", book.tokens);
    match headers.get("authorization").and_then(|value| value.to_str().ok()) {
        None => Err(ErrorCode::Unauthenticated),
        Some(value) if value == wanted => Ok(()),
        Some(_) => Err(ErrorCode::SessionExpired),
    }
}

async fn uploads(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let mut book = desk.book.lock().unwrap();
    if let Err(refusal) = caller(&book, &headers) {
        return problem(refusal);
    }
    let key = headers[IDEMPOTENCY_KEY_HEADER].to_str().unwrap().to_owned();
    let text = signing_text("POST", "/api/v1/sport/uploads", &key, &body);
    let signature = headers[SIGNATURE_HEADER].to_str().unwrap();
    if verify(book.public_key.as_ref().unwrap(), &text, signature).is_err() {
        book.bad_signatures += 1;
        return problem(ErrorCode::SignatureInvalid);
    }
    if let Some((known, answer)) = book.answers.get(&key) {
        if *known != body {
            book.mismatches += 1;
            return problem(ErrorCode::IdempotencyMismatch);
        }
        return axum::Json(answer.clone()).into_response();
    }
    if let Some(code) = book.refuse.pop() {
        return problem(code);
    }
    let upload: Upload = serde_json::from_slice(&body).unwrap();
    let answer = take(&mut book, &upload);
    book.answers.insert(key, (body, answer.clone()));
    axum::Json(answer).into_response()
}

fn take(book: &mut Book, upload: &Upload) -> UploadAnswer {
    book.uploads += 1;
    assert!(
        upload.minutes.len() <= MAX_MINUTES_PER_UPLOAD
            && upload.activities.len() <= MAX_ACTIVITIES_PER_UPLOAD
    );
    assert!(
        upload.minutes.is_sorted_by(|a, b| a.minute < b.minute),
        "each minute once, in rising order"
    );
    let mut counted_steps = 0;
    let mut not_counted = Vec::new();
    for minute in &upload.minutes {
        match book.minutes.get_mut(&minute.minute) {
            Some((_, times)) => {
                *times += 1;
                not_counted.push(NotCounted {
                    from: minute.minute,
                    to: minute.minute,
                    steps: u64::from(minute.steps),
                    reason: Doubt::Overlap,
                    text: "reported already".to_owned(),
                });
            }
            None => {
                counted_steps += u64::from(minute.steps);
                book.minutes.insert(minute.minute, (minute.clone(), 1));
            }
        }
    }
    assert!(upload.corrections.is_sorted_by(|a, b| a.minute < b.minute));
    for correction in &upload.corrections {
        let (known, _) = book
            .minutes
            .entry(correction.minute)
            .or_insert_with(|| (correction.clone(), 1));
        known.steps = correction.steps;
        book.corrections += 1;
    }
    let mut judgements = Vec::new();
    for activity in &upload.activities {
        let here: u32 = book
            .minutes
            .values()
            .filter(|(minute, _)| minute.activity == Some(activity.id))
            .map(|(minute, _)| minute.steps)
            .sum();
        book.too_early += u32::from(here != activity.steps);
        book.activities.insert(activity.id, activity.clone());
        judgements.push(Judgement {
            activity: activity.id,
            trust: 90,
            doubts: Vec::new(),
            counted_steps: here.into(),
        });
    }
    UploadAnswer {
        counted_minutes: (upload.minutes.len() - not_counted.len()) as u64,
        counted_steps,
        not_counted,
        days: Vec::new(),
        activities: judgements,
        unfrozen: Vec::new(),
    }
}

async fn export(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    match caller(&desk.book.lock().unwrap(), &headers) {
        Err(refusal) => problem(refusal),
        Ok(()) => axum::Json(serde_json::json!({ "phone": "+8613800138000" })).into_response(),
    }
}

async fn activities(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let book = desk.book.lock().unwrap();
    if let Err(refusal) = caller(&book, &headers) {
        return problem(refusal);
    }
    let record = |summary: &ActivitySummary| ActivityRecord {
        summary: summary.clone(),
        judgement: Judgement {
            activity: summary.id,
            trust: 90,
            doubts: Vec::new(),
            counted_steps: summary.steps.into(),
        },
        not_counted: Vec::new(),
    };
    let items: Vec<ActivityRecord> = book.activities.values().map(record).collect();
    axum::Json(serde_json::json!({ "items": items, "next": null })).into_response()
}

async fn today(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let book = desk.book.lock().unwrap();
    if let Err(refusal) = caller(&book, &headers) {
        return problem(refusal);
    }
    let now_ms = desk.clock.wall_ms();
    let day = Day::at(now_ms);
    let mut steps = DaySteps {
        day,
        walk: 0,
        run: 0,
        passive: 0,
        claimed: 0,
    };
    for (minute, _) in book
        .minutes
        .values()
        .filter(|(minute, _)| minute.minute.day() == day)
    {
        let sum = match minute.kind {
            StepKind::Walk => &mut steps.walk,
            StepKind::Run => &mut steps.run,
            StepKind::Passive => &mut steps.passive,
        };
        *sum += u64::from(minute.steps);
        steps.claimed += u64::from(minute.steps);
    }
    let counted = steps.walk + steps.run + steps.passive;
    let goal = Goal {
        of: Milestone::Ladder,
        steps: 3_000,
        counted,
        reached: counted >= 3_000,
        amount: 6.into(),
    };
    let today = Today {
        steps,
        goals: vec![goal],
        challenge_frozen: 67.into(),
        challenge_available: 0.into(),
        at: moment(now_ms),
    };
    axum::Json(today).into_response()
}

async fn wallet(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let book = desk.book.lock().unwrap();
    if let Err(refusal) = caller(&book, &headers) {
        return problem(refusal);
    }
    let balances = vec![Balance {
        asset: Asset::Challenge,
        bucket: Bucket::Frozen,
        amount: 67.into(),
    }];
    let wallet = Wallet {
        balances,
        shell_price: 2.into(),
        waiting: 0.into(),
        active: true,
        rulebook: RulebookRef {
            name: "sport".to_owned(),
            version: 1,
        },
        at: moment(desk.clock.wall_ms()),
    };
    axum::Json(wallet).into_response()
}

/// A phone's surroundings with a server that goes by the same clock.
pub async fn pocket_and_server() -> (Pocket, Server) {
    let mut pocket = Pocket::new("");
    let server = Server::start(pocket.clock.clone()).await;
    pocket.url.clone_from(&server.url);
    (pocket, server)
}
