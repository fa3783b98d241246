//! `POST /api/v1/auth/sessions`: a code and a device's key for a session; the first time, registration.
//!
//! The answer holds tokens, so it is never kept for a repeated request. Instead the same code opens the same session
//! again, with new tokens, for the same device and until the first ones are used: a lost answer costs nothing.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haigou_contract::{
    self as contract, ErrorCode, Language, Platform, SignIn, parse_public_key, sign_in_text, verify,
};
use haigou_store::{Command, CommandError, Query as _, StoreError, Tx, params};

use super::check_code::{RightCode, check, six_digits, use_up};
use super::member::Member;
use super::names::{chosen_text, typed_invite_code, without_unseen};
use super::open_session::{Pair, end_of_device, open, renew};
use super::phone::PhoneNumber;
use super::register::{NewMember, register};
use super::session::{Ended, Session};
use super::token::SessionId;
use crate::AppState;
use crate::ids::new_id;
use crate::web::{Address, Body, Lang, Refusal};

const LONGEST_DEVICE_NAME: usize = 64;

/// Signs in; the first time it registers.
#[utoipa::path(post, path = "/api/v1/auth/sessions", tag = "auth", request_body = SignIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "Signed in", body = contract::Session),
        (status = 201, description = "Registered and signed in", body = contract::Session),
        (status = 401, body = contract::Problem), (status = 422, body = contract::Problem),
        (status = 429, body = contract::Problem)))]
pub(super) async fn sign_in(
    State(state): State<AppState>,
    address: Address,
    Lang(language): Lang,
    Body(asked): Body<SignIn>,
) -> Result<(StatusCode, Json<contract::Session>), Refusal> {
    state.sign_in_limit.count(address)?;
    let command = prepare(&asked, language, &state)?;
    let memory = state.clone();
    let session = state
        .to_the_end(async move {
            let signed_in = memory.submit(command).await??;
            memory.note(signed_in.over);
            Ok(signed_in.session)
        })
        .await?;
    let status = if session.registered {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(session)))
}

/// Checks what can be checked without the database, the device's signature too.
fn prepare(asked: &SignIn, language: Language, state: &AppState) -> Result<Enter, Refusal> {
    let phone =
        PhoneNumber::parse(&asked.phone).ok_or_else(|| Refusal::new(ErrorCode::PhoneInvalid).at("phone"))?;
    let code = six_digits(&asked.code)?;
    // A system's name may hold marks that nobody typed; nobody shall be locked out by them.
    let device_name = without_unseen(&asked.device.name, LONGEST_DEVICE_NAME);
    let device_name = chosen_text(&device_name, LONGEST_DEVICE_NAME).ok_or_else(|| {
        Refusal::invalid(
            "device.name",
            "设备名称为 1–64 个可见字符。",
            "A device's name has 1 to 64 visible characters.",
        )
    })?;
    let key = parse_public_key(&asked.device.public_key).map_err(|_| {
        Refusal::invalid(
            "device.public_key",
            "公钥为 32 字节的 Ed25519 公钥（base64）。",
            "A public key is the base64 of an Ed25519 key's 32 bytes.",
        )
    })?;
    let text = sign_in_text(&asked.phone, code, &asked.device.public_key);
    verify(&key, &text, &asked.proof).map_err(|_| Refusal::new(ErrorCode::SignatureInvalid).at("proof"))?;
    Ok(Enter {
        code_hash: state.code_secret.hash(&phone, code),
        phone,
        device_name: device_name.to_owned(),
        platform: asked.device.platform,
        public_key: key.to_bytes(),
        registration: NewMember {
            invite_code: asked.invite_code.as_deref().and_then(typed_invite_code),
            accept_terms: asked.accept_terms,
            terms_version: state.web.terms_version.clone(),
            language,
        },
    })
}

struct Enter {
    phone: PhoneNumber,
    code_hash: [u8; 32],
    device_name: String,
    platform: Platform,
    public_key: [u8; 32],
    registration: NewMember,
}

struct SignedIn {
    session: contract::Session,
    /// Sessions of this device that ended by it.
    over: Vec<Session>,
}

impl Command for Enter {
    // A refusal is an answer here, because the try that it cost must stay counted.
    type Answer = Result<SignedIn, Refusal>;
    type Refusal = Refusal;
    const NAME: &'static str = "members.sign_in";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Self::Answer, CommandError<Refusal>> {
        let code = match check(tx, &self.phone, &self.code_hash, now_ms)? {
            Ok(code) => code,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(session) = code.session {
            return Ok(self.again(tx, session, code.sent_ms, now_ms)?);
        }
        let entered = tx.savepoint(|tx| self.enter(tx, &code, now_ms));
        match entered {
            Ok(signed_in) => Ok(Ok(signed_in)),
            Err(CommandError::Refused(refusal)) => Ok(Err(refusal)),
            Err(other) => Err(other),
        }
    }
}

impl Enter {
    /// The code was used already: perhaps its answer was lost.
    fn again(
        &self,
        tx: &mut Tx<'_>,
        id: SessionId,
        sent_ms: i64,
        now_ms: i64,
    ) -> Result<Result<SignedIn, Refusal>, StoreError> {
        let session = Session::find(tx, &id)?.filter(|session| {
            session.ended.is_none()
                && !session.used
                && session.key.is_some_and(|key| key.to_bytes() == self.public_key)
        });
        let Some(session) = session else {
            return Ok(Err(ErrorCode::CodeExpired.into()));
        };
        let Some(member) = Member::by_id(tx, session.member)? else {
            return Ok(Err(ErrorCode::CodeExpired.into()));
        };
        let pair = renew(tx, id, None, None, now_ms)?;
        let registered = member.registered_ms >= sent_ms;
        Ok(Ok(SignedIn {
            session: pair.answer(member.public_id, device_id(tx, session.device)?, registered),
            over: Vec::new(),
        }))
    }

    fn enter(
        &self,
        tx: &mut Tx<'_>,
        code: &RightCode,
        now_ms: i64,
    ) -> Result<SignedIn, CommandError<Refusal>> {
        let known = Member::by_phone(tx, self.phone.as_str())?;
        let registered = known.is_none();
        let member = match known {
            Some(member) => member,
            None => register(tx, &self.phone, &self.registration, now_ms)?,
        };
        let (device, over) = self.device(tx, member.id, now_ms)?;
        tx.execute(
            "DELETE FROM session WHERE refresh_until_ms <= $1",
            params![now_ms],
        )?;
        let (id, pair): (SessionId, Pair) = open(tx, member.id, device, now_ms)?;
        use_up(tx, &self.phone, code.sent_ms, &id)?;
        Ok(SignedIn {
            session: pair.answer(member.public_id, device_id(tx, device)?, registered),
            over,
        })
    }

    /// The device's number: the one it had, with its sessions ended, or a new one.
    fn device(&self, tx: &mut Tx<'_>, member: i64, now_ms: i64) -> Result<(i64, Vec<Session>), StoreError> {
        let known = tx.query_one(
            "SELECT id FROM device WHERE member = $1 AND public_key = $2",
            params![member, &self.public_key],
            |row| row.int(0),
        )?;
        let platform = super::devices::platform_name(self.platform);
        if let Some(device) = known {
            tx.execute(
                "UPDATE device SET name = $2, platform = $3, signed_in_ms = $4, seen_ms = $4 WHERE id = $1",
                params![device, &self.device_name, platform, now_ms],
            )?;
            return Ok((device, end_of_device(tx, device, Ended::SignedOut)?));
        }
        let device = tx
            .query_one("SELECT COALESCE(MAX(id), 0) + 1 FROM device", &[], |row| {
                row.int(0)
            })?
            .unwrap_or(1);
        tx.execute(
            "INSERT INTO device (id, public_id, member, name, platform, public_key, signed_in_ms, seen_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
            params![
                device,
                &new_id("d"),
                member,
                &self.device_name,
                platform,
                &self.public_key,
                now_ms
            ],
        )?;
        Ok((device, Vec::new()))
    }
}

fn device_id(tx: &mut Tx<'_>, device: i64) -> Result<String, StoreError> {
    let id = tx.query_one(
        "SELECT public_id FROM device WHERE id = $1",
        params![device],
        |row| row.text(0),
    )?;
    id.ok_or_else(|| StoreError::Bug(format!("no device {device}")))
}
