//! The outbox: uploads with frozen bodies.

use haigou_contract::{Upload, UploadAnswer};
use rusqlite::params;
use uuid::Uuid;

use super::Tx;
use crate::PhoneError;

/// How an upload ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UploadState {
    /// The server took it.
    Answered,
    /// The server refused it for good.
    Refused,
}

impl UploadState {
    const fn number(self) -> i64 {
        match self {
            Self::Answered => 1,
            Self::Refused => 2,
        }
    }
}

/// An upload that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitingUpload {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) body: Vec<u8>,
    pub(crate) activities: u64,
}

impl Tx<'_> {
    /// Freezes an upload: from now on its bytes and its key stay as they are.
    pub(crate) fn add_upload(&self, owner: &str, upload: &Upload, now_ms: i64) -> Result<i64, PhoneError> {
        let body = serde_json::to_vec(upload)?;
        let minutes = i64::try_from(upload.minutes.len()).unwrap_or(i64::MAX);
        let activities = i64::try_from(upload.activities.len()).unwrap_or(i64::MAX);
        self.0
            .prepare_cached(
                "INSERT INTO upload (owner, key, body, minutes, activities, created_ms, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
            )?
            .execute(params![
                owner,
                Uuid::new_v4().to_string(),
                body,
                minutes,
                activities,
                now_ms
            ])?;
        Ok(self.0.last_insert_rowid())
    }

    /// The uploads that wait, oldest first, at most `most`, after the one of number `after`.
    pub(crate) fn waiting_uploads(&self, owner: &str) -> Result<Vec<i64>, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT id FROM upload WHERE owner = ?1 AND state = 0 ORDER BY id")?;
        let ids = select
            .query_map([owner], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// One upload with its body.
    pub(crate) fn upload(&self, id: i64) -> Result<WaitingUpload, PhoneError> {
        let mut select = self
            .0
            .prepare_cached("SELECT key, body, activities FROM upload WHERE id = ?1")?;
        let upload = select.query_row([id], |row| {
            Ok(WaitingUpload {
                id,
                key: row.get(0)?,
                body: row.get(1)?,
                activities: row.get(2)?,
            })
        })?;
        Ok(upload)
    }

    /// Writes down how an upload ended. The body of one that was taken is no longer needed.
    pub(crate) fn settle_upload(&self, id: i64, state: UploadState, answer: &str) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "UPDATE upload SET state = ?2, answer = ?3, body = CASE ?2 WHEN 1 THEN x'' ELSE body END
                 WHERE id = ?1 AND state = 0",
            )?
            .execute(params![id, state.number(), answer])?;
        Ok(())
    }

    /// Lets refused uploads wait again, each as a new one: under its old key the server would say the same again.
    pub(crate) fn retry_refused(&self, owner: &str) -> Result<(), PhoneError> {
        for (id, ..) in self.refusals(owner)? {
            self.0
                .prepare_cached("UPDATE upload SET state = 0, answer = NULL, key = ?2 WHERE id = ?1")?
                .execute(params![id, Uuid::new_v4().to_string()])?;
        }
        Ok(())
    }

    /// The answers to uploads that were made since a moment, oldest first.
    pub(crate) fn answers_since(&self, owner: &str, since_ms: i64) -> Result<Vec<UploadAnswer>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT answer FROM upload WHERE owner = ?1 AND state = 1 AND created_ms >= ?2 ORDER BY id",
        )?;
        let texts: Vec<String> = select
            .query_map(params![owner, since_ms], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(texts
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect())
    }

    /// The problems of uploads that were refused, oldest first.
    pub(crate) fn refusals(&self, owner: &str) -> Result<Vec<(i64, u64, String)>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT id, minutes, COALESCE(answer, '') FROM upload WHERE owner = ?1 AND state = 2 ORDER BY id",
        )?;
        let rows = select
            .query_map([owner], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }
}
