//! `DELETE /api/v1/me`: the account goes, for good.
//!
//! What says who somebody is, and what he did with his body, is erased: number, name, invite code, devices, minutes and
//! activities, kept answers. What stays is his place in the line, the entries of the ledger and which texts he agreed
//! to when, all under a bare number. His phone number can register anew, as somebody new.

use axum::extract::State;
use axum::http::StatusCode;
use haigou_contract::{DeleteMe, ErrorCode, Problem};
use haigou_store::{Command, CommandError, StoreError, Tx, params};

use super::check_code::{check, six_digits, use_up};
use super::member::Member;
use super::open_session::end_of_member;
use super::phone::PhoneNumber;
use super::session::{Ended, Session};
use super::token::SessionId;
use crate::web::{Address, Refusal, Signed, scope_of};
use crate::{AppState, sport};

/// Deletes the account. Its tokens get `gone` from then on, a repeated request too.
#[utoipa::path(delete, path = "/api/v1/me", tag = "me", security(("session" = [])), request_body = DeleteMe,
    params(("Idempotency-Key" = String, Header), ("Haigou-Signature" = String, Header)),
    responses((status = 204), (status = 401, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn delete_me(
    State(state): State<AppState>,
    address: Address,
    Signed(change): Signed<DeleteMe>,
) -> Result<StatusCode, Refusal> {
    state.sign_in_limit.count(address)?;
    let code = six_digits(&change.body.code)?.to_owned();
    let (id, session) = (change.caller.member, change.caller.session);
    let member = state.read(move |reader| Member::by_id(reader, id)).await?;
    let phone = member.and_then(|member| member.phone);
    let phone = phone
        .as_deref()
        .and_then(PhoneNumber::parse)
        .ok_or(ErrorCode::Gone)?;
    let command = Delete {
        member: id,
        session,
        code_hash: state.code_secret.hash(&phone, &code),
        phone,
    };
    let memory = state.clone();
    state
        .to_the_end(async move {
            let over = memory.submit(command).await??;
            memory.note(over);
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

struct Delete {
    member: i64,
    session: SessionId,
    phone: PhoneNumber,
    code_hash: [u8; 32],
}

impl Command for Delete {
    // A refusal is an answer here, because the try that it cost must stay counted.
    type Answer = Result<Vec<Session>, Refusal>;
    type Refusal = Refusal;
    const NAME: &'static str = "members.delete";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Self::Answer, CommandError<Refusal>> {
        let right = match check(tx, &self.phone, &self.code_hash, now_ms)? {
            Ok(code) if code.session.is_none() => code,
            Ok(_) => return Ok(Err(ErrorCode::CodeExpired.into())),
            Err(refusal) => return Ok(Err(refusal)),
        };
        use_up(tx, &self.phone, right.sent_ms, &self.session)?;
        let over = end_of_member(tx, self.member, Ended::Deleted)?;
        erase(tx, self.member, now_ms)?;
        Ok(Ok(over))
    }
}

/// Erases the person from every table that knows him.
fn erase(tx: &mut Tx<'_>, member: i64, now_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE member SET phone = NULL, invite_code = NULL, nickname = '', deleted_ms = $2 WHERE id = $1",
        params![member, now_ms],
    )?;
    tx.execute(
        "UPDATE device SET name = '', public_key = NULL WHERE member = $1",
        params![member],
    )?;
    sport::erase(tx, member)?;
    tx.execute(
        "DELETE FROM idempotency WHERE scope = $1",
        params![&scope_of(member)],
    )?;
    Ok(())
}
