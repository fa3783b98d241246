//! Messages: each once, kept with whether it was read.

use haigou_contract::{AppealStatus, Asset, Day, Doubt, Minute};
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::Tx;
use crate::PhoneError;

/// What a message is about, with what its text needs. Kept as it is, so that the text is in the language of the moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    /// A journal of the statement.
    Booked {
        journal: u64,
        event: String,
        /// Amounts by asset, moves between buckets left out.
        came: Vec<(Asset, String)>,
        went: Vec<(Asset, String)>,
        /// Challenge that became available.
        unfrozen: Option<String>,
    },
    /// A closed day of the airdrop.
    Airdrop {
        day: Day,
        share: String,
        own: String,
        network: String,
    },
    /// Steps that weren't counted.
    NotCounted {
        from: Minute,
        to: Minute,
        steps: u64,
        doubt: Doubt,
    },
    /// An appeal that was answered.
    Appeal { day: Day, status: AppealStatus },
    /// An upload that the server refused, in its words.
    Refused { upload: i64, minutes: u64, why: String },
    /// A version of the rules that waits to be accepted.
    Rules { version: u32 },
    /// A band was given up: its name, and the code of the trouble.
    BandStopped { name: String, trouble: String },
    /// A band is nearly empty.
    BandEmpty { name: String, percent: u8 },
    /// A notice of the phone.
    Notice { code: String, detail: String },
}

/// A message that isn't there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewMessage {
    /// What it was made from: the same twice is one message.
    pub(crate) origin: String,
    pub(crate) at_ms: i64,
    pub(crate) subject: Subject,
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredMessage {
    pub(crate) id: i64,
    pub(crate) at_ms: i64,
    pub(crate) subject: Subject,
    pub(crate) read: bool,
}

/// When messages were first and last asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
}

impl Tx<'_> {
    /// Adds a message, unless it is there already.
    pub(crate) fn add_message(&self, owner: &str, new: &NewMessage, read: bool) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT OR IGNORE INTO message (owner, origin, at_ms, subject, read) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                owner,
                new.origin,
                new.at_ms,
                serde_json::to_string(&new.subject)?,
                read
            ])?;
        Ok(())
    }

    /// The newest messages of a member and of the phone itself, newest first.
    pub(crate) fn messages(&self, owner: &str, most: u32) -> Result<Vec<StoredMessage>, PhoneError> {
        let mut select = self.0.prepare_cached(
            "SELECT id, at_ms, subject, read FROM message WHERE owner IN (?1, '')
             ORDER BY at_ms DESC, id DESC LIMIT ?2",
        )?;
        let rows: Vec<(i64, i64, String, bool)> = select
            .query_map(params![owner, most], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        // One that another version wrote doesn't hide the others.
        Ok(rows
            .into_iter()
            .filter_map(|(id, at_ms, subject, read)| {
                Some(StoredMessage {
                    id,
                    at_ms,
                    subject: serde_json::from_str(&subject).ok()?,
                    read,
                })
            })
            .collect())
    }

    /// How many weren't read yet.
    pub(crate) fn unread_messages(&self, owner: &str) -> Result<u64, PhoneError> {
        let sql = "SELECT COUNT(*) FROM message WHERE owner IN (?1, '') AND read = 0";
        Ok(self.0.prepare_cached(sql)?.query_row([owner], |row| row.get(0))?)
    }

    /// Marks one message as read, or all of them.
    pub(crate) fn mark_read(&self, owner: &str, id: Option<i64>) -> Result<(), PhoneError> {
        self.0.execute(
            "UPDATE message SET read = 1 WHERE owner IN (?1, '') AND read = 0 AND (?2 IS NULL OR id = ?2)",
            params![owner, id],
        )?;
        Ok(())
    }

    /// Marks the message that was made from something as read.
    pub(crate) fn mark_read_by_origin(&self, owner: &str, origin: &str) -> Result<(), PhoneError> {
        self.0.execute(
            "UPDATE message SET read = 1 WHERE owner = ?1 AND origin = ?2",
            params![owner, origin],
        )?;
        Ok(())
    }

    /// Forgets messages from before a moment.
    pub(crate) fn prune_messages(&self, before_ms: i64) -> Result<(), PhoneError> {
        self.0
            .execute("DELETE FROM message WHERE at_ms < ?1", [before_ms])?;
        Ok(())
    }

    /// When the member's messages were last asked for; none if never.
    pub(crate) fn messages_asked_ms(&self, owner: &str) -> Result<Option<i64>, PhoneError> {
        Ok(self.messages_asked(owner)?.map(|asked| asked.last_ms))
    }

    /// When the member's messages were first and last asked for.
    pub(crate) fn messages_asked(&self, owner: &str) -> Result<Option<Asked>, PhoneError> {
        self.state(&asked_name(owner))
    }

    /// Writes down that they were asked for.
    pub(crate) fn set_messages_asked(&self, owner: &str, asked: Asked) -> Result<(), PhoneError> {
        self.set_state(&asked_name(owner), &asked)
    }

    /// Uploads that ended, after the one of a number, in their order, and only up to the first that still waits: later ones
    /// may be answered before it.
    pub(crate) fn ended_uploads(&self, owner: &str, after: i64) -> Result<Vec<EndedUpload>, PhoneError> {
        let first_waiting: Option<i64> = self
            .0
            .prepare_cached("SELECT MIN(id) FROM upload WHERE owner = ?1 AND state = 0")?
            .query_row([owner], |row| row.get(0))
            .optional()?
            .flatten();
        let mut select = self.0.prepare_cached(
            "SELECT id, created_ms, minutes, state = 2, COALESCE(answer, '') FROM upload
             WHERE owner = ?1 AND state <> 0 AND id > ?2 AND id < ?3 ORDER BY id",
        )?;
        let rows = select
            .query_map(params![owner, after, first_waiting.unwrap_or(i64::MAX)], |row| {
                Ok(EndedUpload {
                    id: row.get(0)?,
                    created_ms: row.get(1)?,
                    minutes: row.get(2)?,
                    refused: row.get(3)?,
                    answer: row.get(4)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }
}

/// An upload that was answered or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndedUpload {
    pub(crate) id: i64,
    pub(crate) created_ms: i64,
    pub(crate) minutes: u64,
    pub(crate) refused: bool,
    /// The answer, or the problem that refused it.
    pub(crate) answer: String,
}

fn asked_name(owner: &str) -> String {
    format!("messages:{owner}")
}
