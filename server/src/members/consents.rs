//! `/api/v1/me/consents`: what the member agreed to, purpose by purpose.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{Consent, ErrorCode, GiveConsent, Problem, Purpose, moment};
use haigou_store::{Command, CommandError, Query, StoreError, Tx, params};

use super::names::chosen_text;
use crate::AppState;
use crate::web::{Caller, Change, Refusal};

const LONGEST_VERSION: usize = 32;

/// All consents given and taken back, the newest first. The newest of a purpose counts.
#[utoipa::path(get, path = "/api/v1/me/consents", tag = "me", security(("session" = [])),
    responses((status = 200, body = Vec<Consent>), (status = 401, body = Problem)))]
pub(super) async fn consents(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Vec<Consent>>, Refusal> {
    state
        .read(move |reader| list(reader, caller.member))
        .await
        .map(Json)
}

/// The consents of a member, the newest first.
pub(super) fn list(query: &mut impl Query, member: i64) -> Result<Vec<Consent>, StoreError> {
    query.query(
        "SELECT purpose, version, given, at_ms FROM consent WHERE member = $1 ORDER BY id DESC",
        params![member],
        |row| {
            Ok(Consent {
                purpose: purpose(&row.text(0)?)?,
                version: row.text(1)?,
                given: row.flag(2)?,
                at: moment(row.int(3)?),
            })
        },
    )
}

/// Gives a consent or takes it back.
#[utoipa::path(post, path = "/api/v1/me/consents", tag = "me", security(("session" = [])), request_body = GiveConsent,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Consent), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn give_consent(
    State(state): State<AppState>,
    change: Change<GiveConsent>,
) -> Result<Response, Refusal> {
    let member = change.caller.member;
    state
        .once(
            change.attempt,
            StatusCode::CREATED,
            Give {
                member,
                says: change.body,
            },
        )
        .await
}

struct Give {
    member: i64,
    says: GiveConsent,
}

impl Command for Give {
    type Answer = Consent;
    type Refusal = Refusal;
    const NAME: &'static str = "members.give_consent";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Consent, CommandError<Refusal>> {
        let GiveConsent {
            purpose,
            version,
            given,
        } = self.says;
        if purpose == Purpose::Terms && !given {
            let refusal = Refusal::new(ErrorCode::WrongState).at("given").because(
                "不再同意用户协议，请注销账号。",
                "To take back the consent to the terms, delete the account.",
            );
            return Err(CommandError::Refused(refusal));
        }
        let version = chosen_text(&version, LONGEST_VERSION).ok_or_else(|| {
            CommandError::Refused(Refusal::invalid(
                "version",
                "版本号为 1–32 个可见字符。",
                "A version has 1 to 32 visible characters.",
            ))
        })?;
        record(tx, self.member, purpose, version, given, now_ms)?;
        Ok(Consent {
            purpose,
            version: version.to_owned(),
            given,
            at: moment(now_ms),
        })
    }
}

/// Writes a consent down.
pub(super) fn record(
    tx: &mut Tx<'_>,
    member: i64,
    purpose: Purpose,
    version: &str,
    given: bool,
    now_ms: i64,
) -> Result<(), StoreError> {
    let id = tx
        .query_one("SELECT COALESCE(MAX(id), 0) + 1 FROM consent", &[], |row| {
            row.int(0)
        })?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO consent (id, member, purpose, version, given, at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, member, name(purpose), version, given, now_ms],
    )?;
    Ok(())
}

const fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Terms => "terms",
        Purpose::Rules => "rules",
        Purpose::Location => "location",
        Purpose::Health => "health",
        Purpose::Contacts => "contacts",
    }
}

fn purpose(name: &str) -> Result<Purpose, StoreError> {
    match name {
        "terms" => Ok(Purpose::Terms),
        "rules" => Ok(Purpose::Rules),
        "location" => Ok(Purpose::Location),
        "health" => Ok(Purpose::Health),
        "contacts" => Ok(Purpose::Contacts),
        other => Err(StoreError::Bug(format!("no purpose {other:?}"))),
    }
}
