//! Exactly once: a change that comes again with the same idempotency key gets the same answer and changes nothing.

#[cfg(test)]
mod tests;

use crate::{Ahead, Command, CommandError, StoreError, Tx, params};
use haigou_contract::{Language, Problem};
use serde::Serialize;

/// How long an answer is kept.
const KEPT_MS: i64 = 60 * 24 * 3600 * 1000;

const KEPT: &str =
    "SELECT body_hash, status, answer FROM idempotency WHERE scope = $1 AND idempotency_key = $2";

/// A refusal that has an answer's body.
pub trait Refusal {
    /// The problem as the caller gets it.
    fn problem(&self, language: Language) -> Problem;
}

/// A command that is done at most once per scope and idempotency key.
///
/// Answers are kept with their status, and so are refusals that will not change by trying again. Others (not signed
/// in, too often, out of order with ourselves) leave the key free.
pub struct Once<C> {
    /// Whose key it is: a member, a device, or whoever else asks. Keys of different scopes never meet.
    pub scope: String,
    /// The caller's idempotency key.
    pub key: String,
    /// A hash of all that the caller sent: method, path and body.
    pub body_hash: String,
    /// The HTTP status of an answer that isn't a refusal.
    pub status: u16,
    /// The language of a refusal's sentences.
    pub language: Language,
    /// What to do.
    pub command: C,
}

/// The answer to a change, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON, a problem if the status is 400 or more.
    pub body: String,
    /// Whether it was kept from an earlier time.
    pub repeated: bool,
}

/// Why a change was neither done nor answered from what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnceRefusal<R> {
    /// The key came earlier with another body.
    Mismatch,
    /// The command's own, which another try may not meet.
    Passing(R),
}

impl<C> Command for Once<C>
where
    C: Command,
    C::Answer: Serialize,
    C::Refusal: Refusal,
{
    type Answer = Answered;
    type Refusal = OnceRefusal<C::Refusal>;
    const NAME: &'static str = C::NAME;

    fn look_ahead(&self, ahead: &mut Ahead) {
        ahead.look(KEPT, params![&self.scope, &self.key]);
        self.command.look_ahead(ahead);
    }

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Answered, CommandError<Self::Refusal>> {
        let Self {
            scope,
            key,
            body_hash,
            status,
            language,
            command,
        } = self;
        let kept = tx.look_up("idempotency", params![&scope, &key], KEPT, |row| {
            Ok((row.text(0)?, row.int(1)?, row.text(2)?))
        })?;
        if let Some((kept_hash, status, body)) = kept {
            if kept_hash != body_hash {
                return Err(CommandError::Refused(OnceRefusal::Mismatch));
            }
            let status = u16::try_from(status)
                .map_err(|_| StoreError::Bug(format!("an answer was kept with the status {status}")))?;
            return Ok(Answered {
                status,
                body,
                repeated: true,
            });
        }
        let (status, body) = match tx.savepoint(|tx| command.run(tx, now_ms)) {
            Ok(answer) => (status, json(&answer)?),
            Err(CommandError::Store(error)) => return Err(error.into()),
            Err(CommandError::Refused(refusal)) => {
                let problem = refusal.problem(language);
                if !is_final(problem.status) {
                    return Err(CommandError::Refused(OnceRefusal::Passing(refusal)));
                }
                (problem.status, json(&problem)?)
            }
        };
        tx.write_row(
            "idempotency",
            params![&scope, &key],
            "INSERT INTO idempotency (scope, idempotency_key, body_hash, status, answer, answered_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![&scope, &key, &body_hash, i64::from(status), &body, now_ms],
        );
        Ok(Answered {
            status,
            body,
            repeated: false,
        })
    }
}

/// Whether a refusal with this status stays one however often it is tried.
const fn is_final(status: u16) -> bool {
    matches!(status, 400..=499) && !matches!(status, 401 | 408 | 425 | 429)
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Bug(format!("an answer is no JSON: {error}")))
}

/// Forgets answers that are older than 60 days, at most 500 at a time; says how many.
pub struct ForgetAnswers;

impl Command for ForgetAnswers {
    type Answer = u64;
    type Refusal = std::convert::Infallible;
    const NAME: &'static str = "store.forget_answers";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<u64, CommandError<Self::Refusal>> {
        let forgotten = tx.execute(
            "DELETE FROM idempotency WHERE (scope, idempotency_key) IN \
             (SELECT scope, idempotency_key FROM idempotency WHERE answered_at < $1 ORDER BY answered_at LIMIT 500)",
            params![now_ms.saturating_sub(KEPT_MS)],
        )?;
        Ok(forgotten)
    }
}
