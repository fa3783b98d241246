//! `/api/v1/me`: the member's own profile.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{ChangeProfile, ErrorCode, Problem, Profile, moment};
use haigou_store::ledger::is_active;
use haigou_store::{Command, CommandError, Query, StoreError, Tx, params};

use super::member::Member;
use super::names::chosen_text;
use super::phone::mask;
use crate::AppState;
use crate::ledger::holder;
use crate::web::{Caller, Change, Refusal};
use crate::world::person_in_tables;

const LONGEST_NICKNAME: usize = 32;

/// The member's own profile.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", security(("session" = [])),
    responses((status = 200, body = Profile), (status = 401, body = Problem)))]
pub(super) async fn profile(State(state): State<AppState>, caller: Caller) -> Result<Json<Profile>, Refusal> {
    let profile = state.read(move |reader| of(reader, caller.member)).await?;
    profile.map(Json).ok_or_else(|| ErrorCode::Gone.into())
}

/// A member's profile; none if he is deleted.
pub(super) fn of(query: &mut impl Query, id: i64) -> Result<Option<Profile>, StoreError> {
    let Some(member) = Member::by_id(query, id)? else {
        return Ok(None);
    };
    let (Some(phone), Some(invite_code)) = (member.phone, member.invite_code) else {
        return Ok(None);
    };
    let person = person_in_tables(query, holder(id)?)?.unwrap_or_default();
    let sponsor = match person.sponsor() {
        Some(sponsor) => Member::by_id(query, sponsor.number())?.and_then(|sponsor| sponsor.phone),
        None => None,
    };
    Ok(Some(Profile {
        member: member.public_id,
        phone: mask(&phone),
        nickname: member.nickname,
        invite_code,
        sponsor: sponsor.as_deref().map(mask),
        active: is_active(query, holder(id)?)?,
        vip: person.vip,
        direct: person.direct.into(),
        language: member.language,
        registered_at: moment(member.registered_ms),
    }))
}

/// Changes what is given of the profile.
#[utoipa::path(patch, path = "/api/v1/me", tag = "me", security(("session" = [])), request_body = ChangeProfile,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Profile), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn change_profile(
    State(state): State<AppState>,
    change: Change<ChangeProfile>,
) -> Result<Response, Refusal> {
    let member = change.caller.member;
    state
        .once(
            change.attempt,
            StatusCode::OK,
            Rewrite {
                member,
                change: change.body,
            },
        )
        .await
}

struct Rewrite {
    member: i64,
    change: ChangeProfile,
}

impl Command for Rewrite {
    type Answer = Profile;
    type Refusal = Refusal;
    const NAME: &'static str = "members.change_profile";

    fn run(self, tx: &mut Tx<'_>, _: i64) -> Result<Profile, CommandError<Refusal>> {
        let ChangeProfile { nickname, language } = self.change;
        if let Some(nickname) = nickname {
            let nickname = chosen_text(&nickname, LONGEST_NICKNAME).ok_or_else(|| {
                CommandError::Refused(Refusal::invalid(
                    "nickname",
                    "昵称为 1–32 个可见字符。",
                    "A nickname has 1 to 32 visible characters.",
                ))
            })?;
            tx.execute(
                "UPDATE member SET nickname = $2 WHERE id = $1",
                params![self.member, nickname],
            )?;
        }
        if let Some(language) = language {
            tx.execute(
                "UPDATE member SET language = $2 WHERE id = $1",
                params![self.member, language.tag()],
            )?;
        }
        of(tx, self.member)?.ok_or_else(|| CommandError::Refused(ErrorCode::Gone.into()))
    }
}
