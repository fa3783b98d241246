//! Opening, renewing and ending sessions: what the commands of signing in and out share.

use haigou_contract as contract;
use haigou_store::{Query as _, StoreError, Tx, params};

use super::session::{Ended, Session};
use super::token::{SessionId, Token};

/// How long an access token is valid, in milliseconds.
pub(super) const ACCESS_MS: i64 = 15 * 60 * 1000;
/// How long a refresh token is valid, in milliseconds: a phone may be without a network for 30 days and more.
pub(super) const REFRESH_MS: i64 = 90 * 24 * 3600 * 1000;

/// A new pair of tokens.
pub(super) struct Pair {
    pub(super) access: Token,
    pub(super) refresh: Token,
}

impl Pair {
    pub(super) fn new(session: SessionId) -> Self {
        Self {
            access: Token::new(session),
            refresh: Token::new(session),
        }
    }

    /// As it goes to the phone; `member` and `device` are their ids outside.
    pub(super) fn answer(&self, member: String, device: String, registered: bool) -> contract::Session {
        contract::Session {
            access_token: self.access.text(),
            access_valid_for_s: ACCESS_MS.unsigned_abs() / 1000,
            refresh_token: self.refresh.text(),
            member,
            device,
            registered,
        }
    }
}

/// Opens a session of a device.
pub(super) fn open(
    tx: &mut Tx<'_>,
    member: i64,
    device: i64,
    now_ms: i64,
) -> Result<(SessionId, Pair), StoreError> {
    let id: SessionId = rand::random();
    let pair = Pair::new(id);
    tx.execute(
        "INSERT INTO session (id, member, device, version, access_hash, access_until_ms, refresh_hash, refresh_until_ms,
            previous_hash, exchange_key, used, ended) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, NULL, NULL, 0, NULL)",
        params![
            &id,
            member,
            device,
            &pair.access.hash(),
            now_ms + ACCESS_MS,
            &pair.refresh.hash(),
            now_ms + REFRESH_MS
        ],
    )?;
    Ok((id, pair))
}

/// Gives a session a new pair of tokens. `previous` is the hash of the refresh token that may still come again as long
/// as the new pair hasn't been used, `key` the idempotency key of the request that brought it.
pub(super) fn renew(
    tx: &mut Tx<'_>,
    id: SessionId,
    previous: Option<&[u8; 32]>,
    key: Option<&str>,
    now_ms: i64,
) -> Result<Pair, StoreError> {
    let pair = Pair::new(id);
    tx.execute(
        "UPDATE session SET version = version + 1, access_hash = $2, access_until_ms = $3, refresh_hash = $4,
            refresh_until_ms = $5, previous_hash = $6, exchange_key = $7, used = 0 WHERE id = $1",
        params![
            &id,
            &pair.access.hash(),
            now_ms + ACCESS_MS,
            &pair.refresh.hash(),
            now_ms + REFRESH_MS,
            previous,
            key
        ],
    )?;
    Ok(pair)
}

/// Ends sessions that are still open, and gives them back as they stand now, for [`super::Sessions`].
pub(super) fn end(tx: &mut Tx<'_>, ids: &[SessionId], why: Ended) -> Result<Vec<Session>, StoreError> {
    let mut over = Vec::new();
    for id in ids {
        let Some(mut session) = Session::find(tx, id)?.filter(|session| session.ended.is_none()) else {
            continue;
        };
        session.version += 1;
        session.ended = Some(why);
        tx.execute(
            "UPDATE session SET version = $2, ended = $3 WHERE id = $1",
            params![id, session.version, why.name()],
        )?;
        over.push(session);
    }
    Ok(over)
}

/// Ends all open sessions of a device.
pub(super) fn end_of_device(tx: &mut Tx<'_>, device: i64, why: Ended) -> Result<Vec<Session>, StoreError> {
    let open = "SELECT id FROM session WHERE device = $1 AND ended IS NULL";
    let ids = tx.query(open, params![device], |row| row.array(0))?;
    end(tx, &ids, why)
}

/// Ends all open sessions of a member.
pub(super) fn end_of_member(tx: &mut Tx<'_>, member: i64, why: Ended) -> Result<Vec<Session>, StoreError> {
    let open = "SELECT id FROM session WHERE member = $1 AND ended IS NULL";
    let ids = tx.query(open, params![member], |row| row.array(0))?;
    end(tx, &ids, why)
}
