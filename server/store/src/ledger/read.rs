//! Reading the ledger: journals, closed days, waiting rewards.

use haigou_contract::Day;
use haigou_ledger::{AirdropDay, Head, Header, Journal, MemberNo, PostingId, Waiting, decode};

use super::LedgerFailure;
use super::rulebook::version;
use crate::{Ahead, Query, Row, StoreError, params};

const OF_KEY: &str = "SELECT seq FROM journal WHERE idempotency_key = $1";

/// The newest closed day.
///
/// # Errors
/// The database's.
pub fn newest_day(query: &mut impl Query) -> Result<Option<AirdropDay>, StoreError> {
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day ORDER BY day DESC LIMIT 1";
    query.query_one(sql, &[], airdrop_day)
}

/// All closed days, in order.
pub(super) fn days(query: &mut impl Query) -> Result<Vec<AirdropDay>, StoreError> {
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day ORDER BY day";
    query.query(sql, &[], airdrop_day)
}

pub(super) fn airdrop_day(row: &Row<'_>) -> Result<AirdropDay, StoreError> {
    Ok(AirdropDay {
        day: day(row.int(0)?)?,
        drop: row.int(1)?,
        network: row.int(2)?,
    })
}

pub(super) fn day(number: i64) -> Result<Day, StoreError> {
    let number = i32::try_from(number).map_err(|_| StoreError::Bug(format!("{number} is no day")))?;
    Ok(Day::from_number(number))
}

/// The rewards that wait, oldest first, those after `after`, at most `limit`.
///
/// # Errors
/// The database's.
pub fn waiting(
    query: &mut impl Query,
    after: Option<PostingId>,
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let after = after.unwrap_or(PostingId {
        journal: 0,
        posting: 0,
    });
    let sql = "SELECT journal, posting, member, units FROM waiting \
               WHERE journal > $1 OR (journal = $1 AND posting > $2) ORDER BY journal, posting LIMIT $3";
    query.query(sql, params![after.journal, after.posting, limit], |row| {
        let posting = u32::try_from(row.int(1)?).map_err(|e| StoreError::Bug(e.to_string()))?;
        let member = MemberNo::try_from(row.int(2)?).map_err(|e| StoreError::Bug(e.to_string()))?;
        Ok(Waiting {
            id: PostingId {
                journal: row.int(0)?,
                posting,
            },
            member,
            units: row.int(3)?,
        })
    })
}

/// The newest journal, to be published.
///
/// # Errors
/// The database's.
pub fn head(query: &mut impl Query) -> Result<Head, StoreError> {
    let sql = "SELECT seq, at_ms, hash FROM journal ORDER BY seq DESC LIMIT 1";
    let head = query.query_one(sql, &[], |row| {
        Ok(Head {
            seq: row.int(0)?,
            at_ms: row.int(1)?,
            hash: row.array(2)?,
        })
    })?;
    Ok(head.unwrap_or(Head::EMPTY))
}

/// A journal by its number.
///
/// # Errors
/// [`haigou_ledger::LedgerError::Unreadable`] if its body is damaged; the database's.
pub fn journal(query: &mut impl Query, seq: i64) -> Result<Option<Journal>, LedgerFailure> {
    let sql =
        "SELECT seq, at_ms, kind, cause, rulebook, idempotency_key, hash, body FROM journal WHERE seq = $1";
    let stored = query.query_one(sql, params![seq], |row| {
        Ok((header(row)?, row.array(6)?, decode(seq, row.bytes(7)?)))
    })?;
    let Some((header, hash, body)) = stored else {
        return Ok(None);
    };
    let (postings, links) = body?;
    Ok(Some(Journal {
        seq,
        header,
        postings,
        links,
        hash,
    }))
}

/// What a journal is about, from the columns 1 to 5.
pub(super) fn header(row: &Row<'_>) -> Result<Header, StoreError> {
    Ok(Header {
        at_ms: row.int(1)?,
        kind: row.text(2)?.into(),
        cause: row.text(3)?,
        rulebook: version(row.int(4)?)?,
        key: row.text(5)?,
    })
}

/// The number of the journal that was booked under an idempotency key.
///
/// # Errors
/// The database's.
pub fn journal_of_key(query: &mut impl Query, key: &str) -> Result<Option<i64>, StoreError> {
    query.query_one(OF_KEY, params![key], |row| row.int(0))
}

/// A command is going to book under this idempotency key.
pub fn look_ahead(ahead: &mut Ahead, key: &str) {
    ahead.look(OF_KEY, params![key]);
}
