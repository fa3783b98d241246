//! Whether an SMS code is the right one: the newest of its number, in time, not used, tried at most five times.

use haigou_contract::ErrorCode;
use haigou_store::{Query as _, StoreError, Tx, params};
use subtle::ConstantTimeEq as _;

use super::code::{TRIES, VALID_MS};
use super::phone::PhoneNumber;
use super::token::SessionId;
use crate::web::Refusal;

/// A code that was right.
pub(super) struct RightCode {
    pub(super) sent_ms: i64,
    /// The session that it has signed in already.
    pub(super) session: Option<SessionId>,
}

/// Tries a code. Every try counts and must stay counted: a command that goes on to refuse does so in its answer.
pub(super) fn check(
    tx: &mut Tx<'_>,
    phone: &PhoneNumber,
    code_hash: &[u8; 32],
    now_ms: i64,
) -> Result<Result<RightCode, Refusal>, StoreError> {
    let newest = "SELECT sent_ms, tries, code_hash, session FROM sms_code WHERE phone = $1 ORDER BY sent_ms DESC LIMIT 1";
    let kept = tx.query_one(newest, params![phone.as_str()], |row| {
        let session = match row.opt_blob(3)? {
            Some(_) => Some(row.array(3)?),
            None => None,
        };
        Ok((
            row.int(1)?,
            row.array::<32>(2)?,
            RightCode {
                sent_ms: row.int(0)?,
                session,
            },
        ))
    })?;
    let Some((tries, hash, right)) =
        kept.filter(|(tries, _, code)| *tries < TRIES && now_ms - code.sent_ms < VALID_MS)
    else {
        return Ok(Err(ErrorCode::CodeExpired.into()));
    };
    tx.execute(
        "UPDATE sms_code SET tries = $3 WHERE phone = $1 AND sent_ms = $2",
        params![phone.as_str(), right.sent_ms, tries + 1],
    )?;
    if hash.ct_eq(code_hash).into() {
        Ok(Ok(right))
    } else {
        Ok(Err(ErrorCode::CodeWrong.into()))
    }
}

/// Uses up a code.
pub(super) fn use_up(
    tx: &mut Tx<'_>,
    phone: &PhoneNumber,
    sent_ms: i64,
    session: &SessionId,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sms_code SET session = $3 WHERE phone = $1 AND sent_ms = $2",
        params![phone.as_str(), sent_ms, session],
    )?;
    Ok(())
}

/// Six digits, as they are sent.
///
/// # Errors
/// `invalid`.
pub(super) fn six_digits(code: &str) -> Result<&str, Refusal> {
    if code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(code);
    }
    Err(Refusal::invalid(
        "code",
        "验证码为 6 位数字。",
        "A code has 6 digits.",
    ))
}
