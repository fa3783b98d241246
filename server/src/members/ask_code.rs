//! `POST /api/v1/auth/codes`: a code by SMS.
//!
//! The answer is the same for every number, known or not. How often a number may get one is counted in the database,
//! in the same command that stores the code, so that no two requests slip through together.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use haigou_contract::{AskCode, CodeSent, ErrorCode};
use haigou_store::{Command, CommandError, Query as _, Tx, params};

use super::code::{self, VALID_MS};
use super::phone::PhoneNumber;
use crate::AppState;
use crate::web::{Address, Body, CodeLimits, IdempotencyKey, Lang, Refusal};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How long an SMS provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks for an SMS code.
#[utoipa::path(post, path = "/api/v1/auth/codes", tag = "auth", request_body = AskCode,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CodeSent), (status = 422, body = haigou_contract::Problem),
        (status = 429, body = haigou_contract::Problem)))]
pub(super) async fn ask_code(
    State(state): State<AppState>,
    address: Address,
    Lang(language): Lang,
    key: Option<IdempotencyKey>,
    Body(asked): Body<AskCode>,
) -> Result<Json<CodeSent>, Refusal> {
    state.code_limit.count(address)?;
    let phone =
        PhoneNumber::parse(&asked.phone).ok_or_else(|| Refusal::new(ErrorCode::PhoneInvalid).at("phone"))?;
    let code = code::new_code();
    let kept = state
        .submit(KeepCode {
            code_hash: state.code_secret.hash(&phone, code.digits()),
            phone: phone.clone(),
            key: key.map(|key| key.0),
            limits: state.web.codes,
        })
        .await?;
    if let Kept::Now { sent_ms } = kept {
        let sending = state.sms.send_code(&phone, &code, language);
        let sent = tokio::time::timeout(PATIENCE, sending).await;
        if !matches!(sent, Ok(Ok(()))) {
            let why = sent
                .ok()
                .and_then(Result::err)
                .map_or_else(|| "it took too long".to_owned(), |e| e.0);
            tracing::error!(why, "an SMS wasn't sent");
            state.submit(ForgetCode { phone, sent_ms }).await?;
            return Err(ErrorCode::SmsUnavailable.into());
        }
    }
    Ok(Json(CodeSent {
        valid_for_s: VALID_MS.unsigned_abs() / 1000,
        resend_after_s: state.web.codes.resend_after_s.into(),
    }))
}

/// Keeps a new code of a number, if it may have one.
struct KeepCode {
    phone: PhoneNumber,
    code_hash: [u8; 32],
    key: Option<String>,
    limits: CodeLimits,
}

enum Kept {
    /// This code is the valid one now, and is to be sent.
    Now { sent_ms: i64 },
    /// The request came before: its code is on its way.
    Before,
}

impl Command for KeepCode {
    type Answer = Kept;
    type Refusal = Refusal;
    const NAME: &'static str = "members.keep_code";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Kept, CommandError<Refusal>> {
        let Self {
            phone,
            code_hash,
            key,
            limits,
        } = self;
        tx.execute(
            "DELETE FROM sms_code WHERE sent_ms <= $1",
            params![now_ms - DAY_MS],
        )?;
        let sent = tx.query(
            "SELECT sent_ms, attempt FROM sms_code WHERE phone = $1 ORDER BY sent_ms DESC",
            params![phone.as_str()],
            |row| Ok((row.int(0)?, row.opt_text(1)?)),
        )?;
        let newest = sent.first();
        if newest.is_some_and(|(at, attempt)| attempt.is_some() && *attempt == key && now_ms - at < VALID_MS)
        {
            return Ok(Kept::Before);
        }
        let times: Vec<i64> = sent.iter().map(|(at, _)| *at).collect();
        if let Some(wait_ms) = wait(&times, now_ms, limits) {
            let seconds = wait_ms.unsigned_abs().div_ceil(1000);
            return Err(CommandError::Refused(
                Refusal::new(ErrorCode::RateLimited).retry_after(seconds),
            ));
        }
        // Two codes of one number have two times, whatever the clock says.
        let sent_ms = times.first().map_or(now_ms, |newest| now_ms.max(newest + 1));
        tx.execute(
            "INSERT INTO sms_code (phone, sent_ms, code_hash, attempt, tries, session) VALUES ($1, $2, $3, $4, 0, NULL)",
            params![phone.as_str(), sent_ms, &code_hash, key.as_ref()],
        )?;
        Ok(Kept::Now { sent_ms })
    }
}

/// How long a number must wait for its next code, by when it got the ones before (newest first), in ms.
fn wait(sent: &[i64], now_ms: i64, limits: CodeLimits) -> Option<i64> {
    [
        (1, i64::from(limits.resend_after_s) * 1000),
        (limits.per_hour, HOUR_MS),
        (limits.per_day, DAY_MS),
    ]
    .into_iter()
    .filter(|(_, within_ms)| *within_ms > 0)
    .filter_map(|(most, within_ms)| {
        let nth = usize::try_from(most).ok()?.checked_sub(1)?;
        let free_at = sent.get(nth)? + within_ms;
        (free_at > now_ms).then_some(free_at - now_ms)
    })
    .max()
}

/// Takes back a code that wasn't sent.
struct ForgetCode {
    phone: PhoneNumber,
    sent_ms: i64,
}

impl Command for ForgetCode {
    type Answer = ();
    type Refusal = Infallible;
    const NAME: &'static str = "members.forget_code";

    fn run(self, tx: &mut Tx<'_>, _: i64) -> Result<(), CommandError<Infallible>> {
        tx.execute(
            "DELETE FROM sms_code WHERE phone = $1 AND sent_ms = $2",
            params![self.phone.as_str(), self.sent_ms],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: CodeLimits = CodeLimits {
        resend_after_s: 60,
        per_hour: 3,
        per_day: 4,
        per_address: None,
    };

    #[test]
    fn a_number_waits_for_its_next_code() {
        let now = 100 * HOUR_MS;
        assert_eq!(wait(&[], now, LIMITS), None);
        assert_eq!(wait(&[now - 59_000], now, LIMITS), Some(1_000));
        assert_eq!(wait(&[now - 60_000], now, LIMITS), None);
        let none = CodeLimits {
            resend_after_s: 0,
            per_hour: 0,
            per_day: 0,
            per_address: None,
        };
        assert_eq!(wait(&[now + 5, now], now, none), None);
        let third = now - HOUR_MS + 5_000;
        assert_eq!(
            wait(&[now - 60_000, now - 120_000, third], now, LIMITS),
            Some(5_000)
        );
        let fourth = now - DAY_MS + 7_000;
        assert_eq!(
            wait(
                &[now - 2 * HOUR_MS, now - 3 * HOUR_MS, now - 4 * HOUR_MS, fourth],
                now,
                LIMITS
            ),
            Some(7_000)
        );
    }
}
