//! Sessions: what a token opens, found in memory on the hot path.

use std::sync::Arc;

use ed25519_dalek::VerifyingKey;
use haigou_contract::ErrorCode;
use haigou_store::{Query, StoreError, params};
use moka::ops::compute::Op;
use moka::sync::Cache;
use subtle::ConstantTimeEq as _;

use super::token::{SessionId, Token};
use crate::web::Refusal;

/// How many sessions are held in memory; a session takes about 400 bytes.
const HELD: u64 = 200_000;

/// A session as it stands in the database.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id, the first part of its tokens.
    pub id: SessionId,
    /// Counts its changes.
    pub version: i64,
    /// Whose it is.
    pub member: i64,
    /// The device it belongs to.
    pub device: i64,
    /// The device's key; none once the session is over.
    pub key: Option<VerifyingKey>,
    /// SHA-256 of the newest access token's secret.
    pub access_hash: [u8; 32],
    /// When that token ends, UTC ms.
    pub access_until_ms: i64,
    /// The newest tokens have been used: the phone has received them.
    pub used: bool,
    /// Why it is over, if it is.
    pub ended: Option<Ended>,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Signed out, on this device or from another one, or replaced by a new sign-in of the device.
    SignedOut,
    /// An old refresh token came again.
    Reused,
    /// The account was deleted.
    Deleted,
}

impl Ended {
    /// As the database has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Reused => "reused",
            Self::Deleted => "deleted",
        }
    }

    pub(super) fn read(name: &str) -> Self {
        match name {
            "deleted" => Self::Deleted,
            "reused" => Self::Reused,
            _ => Self::SignedOut,
        }
    }

    /// What its tokens get from now on.
    #[must_use]
    pub const fn refusal(self) -> Refusal {
        Refusal::new(match self {
            Self::Deleted => ErrorCode::Gone,
            Self::SignedOut | Self::Reused => ErrorCode::SessionEnded,
        })
    }
}

impl Session {
    /// Looks a session up.
    ///
    /// # Errors
    /// The database's.
    pub fn find(query: &mut impl Query, id: &SessionId) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT s.version, s.member, s.device, d.public_key, s.access_hash, s.access_until_ms, s.used, s.ended
                   FROM session s JOIN device d ON d.id = s.device WHERE s.id = $1";
        query.query_one(sql, params![id], |row| {
            Ok(Self {
                id: *id,
                version: row.int(0)?,
                member: row.int(1)?,
                device: row.int(2)?,
                key: match row.opt_blob(3)? {
                    Some(_) => VerifyingKey::from_bytes(&row.array(3)?).ok(),
                    None => None,
                },
                access_hash: row.array(4)?,
                access_until_ms: row.int(5)?,
                used: row.flag(6)?,
                ended: row.opt_text(7)?.as_deref().map(Ended::read),
            })
        })
    }

    /// Whether this is the newest access token.
    #[must_use]
    pub fn is_opened_by(&self, access: &Token) -> bool {
        self.access_hash.ct_eq(&access.hash()).into()
    }

    /// Whether the newest access token opens it at this time.
    ///
    /// # Errors
    /// `session_ended`, `gone`, or `session_expired` for a token that is old or was replaced.
    pub fn admit(&self, access: &Token, now_ms: i64) -> Result<(), Refusal> {
        if let Some(ended) = self.ended {
            return Err(ended.refusal());
        }
        if !self.is_opened_by(access) || self.access_until_ms <= now_ms {
            return Err(ErrorCode::SessionExpired.into());
        }
        Ok(())
    }
}

/// Sessions held in memory, each with the term of this server's writing in which it stood like that: once another server
/// has been writing, it is looked up anew. Within a term, what is held is never older than what was put: a slow reader
/// can't bring back a session that has been ended meanwhile.
pub struct Sessions(Cache<SessionId, (i64, Arc<Session>)>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Cache::new(HELD))
    }
}

impl Sessions {
    /// The session, if it is held since this term began.
    #[must_use]
    pub fn get(&self, id: &SessionId, term: i64) -> Option<Arc<Session>> {
        let (since, session) = self.0.get(id)?;
        (since == term).then_some(session)
    }

    /// Holds a session as it stands in this term, unless a newer state of it is held already.
    pub fn put(&self, session: Arc<Session>, term: i64) {
        let _outcome = self.0.entry(session.id).and_compute_with(|held| {
            let newest = (term, session.version);
            match held.map(|held| held.into_value()) {
                Some((since, held)) if (since, held.version) > newest => Op::Nop,
                _ => Op::Put((term, session)),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(version: i64, ended: Option<Ended>) -> Arc<Session> {
        Arc::new(Session {
            id: [1; 16],
            version,
            member: 1,
            device: 1,
            key: None,
            access_hash: [0; 32],
            access_until_ms: 0,
            used: true,
            ended,
        })
    }

    #[test]
    fn a_slow_reader_cannot_bring_back_an_ended_session() {
        let sessions = Sessions::default();
        let ended = |term| sessions.get(&[1; 16], term).map(|session| session.ended);
        sessions.put(session(2, Some(Ended::SignedOut)), 5);
        sessions.put(session(1, None), 5);
        assert_eq!(ended(5), Some(Some(Ended::SignedOut)));
        sessions.put(session(3, None), 5);
        assert_eq!(ended(5), Some(None));
    }

    #[test]
    fn what_stood_before_another_server_wrote_is_not_believed() {
        let sessions = Sessions::default();
        sessions.put(session(2, None), 5);
        assert!(sessions.get(&[1; 16], 6).is_none());
        sessions.put(session(3, Some(Ended::SignedOut)), 6);
        sessions.put(session(4, None), 5);
        assert_eq!(sessions.get(&[1; 16], 6).unwrap().version, 3);
    }
}
