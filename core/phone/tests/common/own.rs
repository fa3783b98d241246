//! What the small server keeps of the member: statement, airdrop, rules, team, profile, devices, consents, appeals.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use haigou_contract::*;
use haigou_phone::Clock as _;
use serde::Serialize;

use super::server::{Desk, caller, problem};

/// Lines of a statement: rule, asset, bucket, amount.
pub const GRANT: (&str, Asset, Bucket, &str) = ("register.member", Asset::HiValue, Bucket::Active, "100.00");
pub const FREEZE: (&str, Asset, Bucket, &str) = ("steps.ladder", Asset::Challenge, Bucket::Frozen, "-6.00");
pub const FREE: (&str, Asset, Bucket, &str) = ("steps.ladder", Asset::Challenge, Bucket::Available, "6.00");

/// See the module.
#[derive(Default)]
pub struct Own {
    /// Oldest first.
    pub statement: Vec<StatementLine>,
    /// Oldest first.
    pub days: Vec<AirdropDay>,
    pub rules_version: u32,
    pub consents: Vec<Consent>,
    /// Oldest first.
    pub direct: Vec<DirectMember>,
    pub appeals: Vec<Appeal>,
    pub language: Language,
    pub nickname: String,
    /// How often pages of the statement were asked for.
    pub statement_pages: u32,
}

impl Own {
    /// Books a journal at a moment: rule, asset, bucket and amount of each line.
    pub fn book(&mut self, at_ms: i64, event: &str, lines: &[(&str, Asset, Bucket, &str)]) {
        let journal = self.statement.last().map_or(1, |line| line.journal + 1);
        for (nth, (rule, asset, bucket, amount)) in lines.iter().enumerate() {
            self.statement.push(StatementLine {
                line: format!("{journal}.{nth}"),
                at: moment(at_ms),
                asset: *asset,
                bucket: *bucket,
                amount: amount.parse().unwrap(),
                rule: (*rule).to_owned(),
                text: format!("{rule} in words"),
                figures: BTreeMap::new(),
                event: event.to_owned(),
                rulebook: rulebook(1),
                journal,
                hash: "00".to_owned(),
            });
        }
    }

    /// Closes a day of the airdrop with this share.
    pub fn drop(&mut self, day: Day, share: &str) {
        self.days.push(AirdropDay {
            day,
            drop: "498.00000000".parse().unwrap(),
            network: "100000.00".parse().unwrap(),
            own: "1000.00".parse().unwrap(),
            share: share.parse().unwrap(),
        });
    }
}

pub fn rulebook(version: u32) -> RulebookRef {
    RulebookRef {
        name: "sport".to_owned(),
        version,
    }
}

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/api/v1/wallet/statement", get(statement))
        .route("/api/v1/wallet/statement/{line}", get(line))
        .route("/api/v1/wallet/airdrop", get(airdrop))
        .route("/api/v1/rules", get(rules))
        .route("/api/v1/team", get(team))
        .route("/api/v1/team/direct", get(direct))
        .route("/api/v1/me", get(me).patch(change))
        .route("/api/v1/me/devices", get(devices))
        .route("/api/v1/me/consents", get(consents).post(consent))
        .route("/api/v1/sport/appeals", get(appeals))
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// A page of what is there, newest first; cursors count what was given already.
fn page<T: Clone + Serialize>(uri: &Uri, oldest_first: &[T]) -> Response {
    let given: usize = query(uri, "cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let limit: usize = query(uri, "limit").map_or(20, |limit| limit.parse().unwrap());
    assert!(limit <= 100);
    let items: Vec<T> = oldest_first
        .iter()
        .rev()
        .skip(given)
        .take(limit)
        .cloned()
        .collect();
    let shown = given + items.len();
    let next = (shown < oldest_first.len()).then(|| shown.to_string());
    axum::Json(Page { items, next }).into_response()
}

async fn statement(State(desk): State<Desk>, headers: HeaderMap, uri: Uri) -> Response {
    let mut book = desk.book.lock().unwrap();
    if let Err(refusal) = caller(&book, &headers) {
        return problem(refusal);
    }
    book.own.statement_pages += 1;
    let lines = &book.own.statement;
    if lines.is_empty() {
        // Tells what it was asked for.
        let next = uri.query().map(str::to_owned);
        let items = Vec::new();
        return axum::Json(Page::<StatementLine> { items, next }).into_response();
    }
    // Cursors name a line, as the true server's do.
    let before = query(&uri, "cursor");
    let end = before.map_or(lines.len(), |before| {
        lines.iter().position(|line| line.line == before).unwrap()
    });
    let limit: usize = query(&uri, "limit").map_or(20, |limit| limit.parse().unwrap());
    let english = headers["accept-language"] == "en";
    let items: Vec<StatementLine> = lines[..end]
        .iter()
        .rev()
        .take(limit)
        .map(|line| StatementLine {
            text: if english {
                line.text.clone()
            } else {
                format!("{}的说明", line.rule)
            },
            ..line.clone()
        })
        .collect();
    let next = items
        .last()
        .filter(|last| last.line != lines[0].line)
        .map(|last| last.line.clone());
    axum::Json(Page { items, next }).into_response()
}

async fn line(State(desk): State<Desk>, Path(line): Path<String>) -> Response {
    let book = desk.book.lock().unwrap();
    let found = book.own.statement.iter().find(|other| other.line == line);
    found.map_or_else(
        || problem(ErrorCode::NotFound),
        |found| axum::Json(found.clone()).into_response(),
    )
}

async fn airdrop(State(desk): State<Desk>, uri: Uri) -> Response {
    page(&uri, &desk.book.lock().unwrap().own.days)
}

async fn rules(State(desk): State<Desk>) -> axum::Json<Rules> {
    let version = desk.book.lock().unwrap().own.rules_version;
    axum::Json(Rules {
        rulebook: rulebook(version),
        since: moment(0),
        sentences: vec!["A rule in words.".to_owned()],
    })
}

async fn team(State(desk): State<Desk>) -> axum::Json<Team> {
    let count = desk.book.lock().unwrap().own.direct.len() as u64;
    axum::Json(Team {
        direct: count,
        direct_active: count,
        team: count,
        tier: Some(PartnerTier::Junior),
        next: Some(NextTier {
            tier: PartnerTier::Middle,
            needs_vip: false,
            conditions: Vec::new(),
            missing: vec!["2 more junior partners among the direct referrals (1 of 3).".to_owned()],
        }),
        rulebook: rulebook(1),
        at: moment(desk.clock.wall_ms()),
    })
}

async fn direct(State(desk): State<Desk>, uri: Uri) -> Response {
    page(&uri, &desk.book.lock().unwrap().own.direct)
}

fn profile(own: &Own) -> axum::Json<Profile> {
    axum::Json(Profile {
        member: "m_one".to_owned(),
        phone: "+86138****8000".to_owned(),
        nickname: own.nickname.clone(),
        invite_code: "ABCD2345".to_owned(),
        sponsor: None,
        active: true,
        vip: false,
        direct: own.direct.len() as u64,
        language: own.language,
        registered_at: moment(0),
    })
}

async fn me(State(desk): State<Desk>) -> axum::Json<Profile> {
    profile(&desk.book.lock().unwrap().own)
}

async fn change(State(desk): State<Desk>, body: Bytes) -> axum::Json<Profile> {
    let change: ChangeProfile = serde_json::from_slice(&body).unwrap();
    let own = &mut desk.book.lock().unwrap().own;
    own.language = change.language.unwrap_or(own.language);
    if let Some(nickname) = change.nickname {
        own.nickname = nickname;
    }
    profile(own)
}

async fn devices(State(desk): State<Desk>) -> axum::Json<Vec<Device>> {
    let device = |device: &str, current, seen_ms| Device {
        device: device.to_owned(),
        name: device.to_owned(),
        platform: Platform::Android,
        current,
        signed_in_at: moment(0),
        seen_at: moment(seen_ms),
    };
    let now = desk.clock.wall_ms();
    axum::Json(vec![device("old", false, 0), device("here", true, now)])
}

async fn consents(State(desk): State<Desk>) -> axum::Json<Vec<Consent>> {
    axum::Json(desk.book.lock().unwrap().own.consents.clone())
}

async fn consent(State(desk): State<Desk>, body: Bytes) -> Response {
    let GiveConsent {
        purpose,
        version,
        given,
    } = serde_json::from_slice(&body).unwrap();
    let consent = Consent {
        purpose,
        version,
        given,
        at: moment(desk.clock.wall_ms()),
    };
    let consents = &mut desk.book.lock().unwrap().own.consents;
    consents.insert(0, consent.clone());
    (StatusCode::CREATED, axum::Json(consent)).into_response()
}

async fn appeals(State(desk): State<Desk>, uri: Uri) -> Response {
    page(&uri, &desk.book.lock().unwrap().own.appeals)
}
