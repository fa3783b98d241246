//! The rulebook's versions.

use crate::{Query, Row, StoreError, params};

/// A version of the rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRulebook {
    /// From 1.
    pub version: u32,
    /// From when it is in force, UTC milliseconds.
    pub starts_at_ms: i64,
    /// Its JSON text.
    pub text: String,
}

/// The rulebook in force at a moment (UTC milliseconds).
///
/// # Errors
/// The database's.
pub fn rulebook_in_force(query: &mut impl Query, at_ms: i64) -> Result<Option<StoredRulebook>, StoreError> {
    let sql = "SELECT version, starts_at_ms, text FROM rulebook WHERE starts_at_ms <= $1 ORDER BY version DESC LIMIT 1";
    query.query_one(sql, params![at_ms], rulebook)
}

/// All versions of the rulebook, in order.
///
/// # Errors
/// The database's.
pub fn rulebooks(query: &mut impl Query) -> Result<Vec<StoredRulebook>, StoreError> {
    query.query(
        "SELECT version, starts_at_ms, text FROM rulebook ORDER BY version",
        &[],
        rulebook,
    )
}

fn rulebook(row: &Row<'_>) -> Result<StoredRulebook, StoreError> {
    Ok(StoredRulebook {
        version: version(row.int(0)?)?,
        starts_at_ms: row.int(1)?,
        text: row.text(2)?,
    })
}

/// All versions, each with its start.
pub(super) fn starts(query: &mut impl Query) -> Result<Vec<(u32, i64)>, StoreError> {
    let sql = "SELECT version, starts_at_ms FROM rulebook ORDER BY version";
    query.query(sql, &[], |row| Ok((version(row.int(0)?)?, row.int(1)?)))
}

pub(super) fn version(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Bug(format!("{number} is no version of a rulebook")))
}
