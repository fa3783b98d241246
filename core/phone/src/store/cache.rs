//! What screens knew last, and what the member has to be told.

use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Tx;
use crate::PhoneError;

/// Something the server said, and when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cached<T> {
    pub(crate) value: T,
    pub(crate) fetched_ms: i64,
}

/// Something the member has to be told, as it is stored: number, code, detail, moment.
pub(crate) type StoredNotice = (i64, String, String, i64);

impl Tx<'_> {
    /// What was kept under a name, if it can be read.
    pub(crate) fn cached<T: DeserializeOwned>(
        &self,
        owner: &str,
        name: &str,
    ) -> Result<Option<Cached<T>>, PhoneError> {
        let found: Option<(String, i64)> = self
            .0
            .prepare_cached("SELECT value, fetched_ms FROM cache WHERE owner = ?1 AND name = ?2")?
            .query_row([owner, name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(text, fetched_ms)| {
            let value = serde_json::from_str(&text).ok()?;
            Some(Cached { value, fetched_ms })
        }))
    }

    /// Keeps what the server said.
    pub(crate) fn keep<T: Serialize>(
        &self,
        owner: &str,
        name: &str,
        value: &T,
        now_ms: i64,
    ) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT INTO cache (owner, name, value, fetched_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value, fetched_ms = excluded.fetched_ms",
            )?
            .execute(params![owner, name, serde_json::to_string(value)?, now_ms])?;
        Ok(())
    }

    /// Writes down what the member has to be told.
    pub(crate) fn add_notice(&self, code: &str, detail: &str, at_ms: i64) -> Result<(), PhoneError> {
        self.0.execute(
            "INSERT INTO notice (code, detail, at_ms) VALUES (?1, ?2, ?3)",
            params![code, detail, at_ms],
        )?;
        Ok(())
    }

    /// What the member has to be told, oldest first.
    pub(crate) fn notices(&self) -> Result<Vec<StoredNotice>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT id, code, detail, at_ms FROM notice ORDER BY id")?;
        let rows = select
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// The member has read it.
    pub(crate) fn remove_notice(&self, id: i64) -> Result<(), PhoneError> {
        self.0.execute("DELETE FROM notice WHERE id = ?1", [id])?;
        Ok(())
    }
}
