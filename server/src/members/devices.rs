//! `/api/v1/me/devices`: the member's devices, and signing them out one by one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use haigou_contract::{Device, ErrorCode, Platform, Problem, moment};
use haigou_store::{Command, CommandError, Query, Row, StoreError, Tx, params};

use super::in_session::InSession;
use super::open_session::end_of_device;
use super::session::{Ended, Session};
use crate::AppState;
use crate::web::{Caller, Change, Refusal};

/// The devices that are signed in, the newest sign-in first.
#[utoipa::path(get, path = "/api/v1/me/devices", tag = "me", security(("session" = [])),
    responses((status = 200, body = Vec<Device>), (status = 401, body = Problem)))]
pub(super) async fn devices(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Vec<Device>>, Refusal> {
    state
        .read(move |reader| list(reader, caller.member, caller.device))
        .await
        .map(Json)
}

/// The devices of a member that are signed in; `current` is the one that asks.
fn list(query: &mut impl Query, member: i64, current: i64) -> Result<Vec<Device>, StoreError> {
    let signed_in =
        "SELECT id, public_id, name, platform, signed_in_ms, seen_ms FROM device d WHERE member = $1
         AND EXISTS (SELECT 1 FROM session s WHERE s.device = d.id AND s.ended IS NULL)
         ORDER BY signed_in_ms DESC, id DESC";
    query.query(signed_in, params![member], |row| read(row, current))
}

/// All devices of a member that are kept, signed in or not.
pub(super) fn kept(query: &mut impl Query, member: i64, current: i64) -> Result<Vec<Device>, StoreError> {
    let all = "SELECT id, public_id, name, platform, signed_in_ms, seen_ms FROM device WHERE member = $1
         ORDER BY signed_in_ms DESC, id DESC";
    query.query(all, params![member], |row| read(row, current))
}

fn read(row: &Row<'_>, current: i64) -> Result<Device, StoreError> {
    Ok(Device {
        device: row.text(1)?,
        name: row.text(2)?,
        platform: platform(&row.text(3)?),
        current: row.int(0)? == current,
        signed_in_at: moment(row.int(4)?),
        seen_at: moment(row.int(5)?),
    })
}

/// Signs a device out. One that is signed out already stays so: 204 again.
#[utoipa::path(delete, path = "/api/v1/me/devices/{device}", tag = "me", security(("session" = [])),
    params(("device" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn sign_out_device(
    State(state): State<AppState>,
    Path(device): Path<String>,
    change: Change<()>,
) -> Result<StatusCode, Refusal> {
    let memory = state.clone();
    let (session, member) = (change.caller.session, change.caller.member);
    state
        .to_the_end(async move {
            let command = SignOutDevice { member, device };
            let over = memory.submit(InSession { session, command }).await?;
            memory.note(over);
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

struct SignOutDevice {
    member: i64,
    device: String,
}

impl Command for SignOutDevice {
    type Answer = Vec<Session>;
    type Refusal = Refusal;
    const NAME: &'static str = "members.sign_out_device";

    fn run(self, tx: &mut Tx<'_>, _: i64) -> Result<Vec<Session>, CommandError<Refusal>> {
        let his = "SELECT id FROM device WHERE member = $1 AND public_id = $2";
        let device = tx.query_one(his, params![self.member, &self.device], |row| row.int(0))?;
        let device = device.ok_or_else(|| CommandError::Refused(ErrorCode::NotFound.into()))?;
        Ok(end_of_device(tx, device, Ended::SignedOut)?)
    }
}

/// A platform as the database has it.
pub(super) const fn platform_name(platform: Platform) -> &'static str {
    match platform {
        Platform::Android => "android",
        Platform::Ios => "ios",
        Platform::Other => "other",
    }
}

fn platform(name: &str) -> Platform {
    match name {
        "android" => Platform::Android,
        "ios" => Platform::Ios,
        _ => Platform::Other,
    }
}
