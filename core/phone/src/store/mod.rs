//! The phone's store: one SQLite file, which this process alone has open.

mod activities;
mod bands;
mod cache;
mod damage;
mod days;
mod messages;
mod minutes;
mod open;
mod own_data;
mod records;
mod statement;
mod told;
mod uploads;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::PhoneError;

pub(crate) use activities::{Position, StoredActivity};
pub(crate) use cache::Cached;
pub(crate) use damage::put_aside;
pub(crate) use messages::{Asked, EndedUpload, NewMessage, StoredMessage, Subject};
pub(crate) use minutes::Measured;
pub(crate) use open::is_of_the_store;
pub(crate) use statement::Reach;
pub(crate) use uploads::{UploadState, WaitingUpload};

/// The store.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    /// The most that it may take on the disk, in bytes.
    limit: Option<u64>,
    /// Codes and details of what happened while opening, to be told.
    pub(crate) opened_with: Vec<(&'static str, String)>,
}

/// How long what was committed must last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// Over the death of the process. A power cut may take the last seconds.
    Process,
    /// Over a power cut: before something is sent, or believed to be done.
    Power,
}

impl Store {
    /// Runs `work` in one transaction: all of it is kept, or nothing.
    pub(crate) fn write<T>(
        &mut self,
        lasting: Lasting,
        work: impl FnOnce(&Tx<'_>) -> Result<T, PhoneError>,
    ) -> Result<T, PhoneError> {
        let level = match lasting {
            Lasting::Process => "NORMAL",
            Lasting::Power => "FULL",
        };
        self.connection.pragma_update(None, "synchronous", level)?;
        let tx = self.connection.transaction()?;
        let done = work(&Tx(&tx))?;
        tx.commit()?;
        Ok(done)
    }

    /// Reads.
    pub(crate) fn read(&self) -> Tx<'_> {
        Tx(&self.connection)
    }
}

/// What can be done within a transaction, or reading outside of one. Its methods stand in one file per table.
pub(crate) struct Tx<'c>(&'c Connection);

impl Tx<'_> {
    /// A small thing by name.
    pub(crate) fn state<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, PhoneError> {
        let text: Option<String> = self
            .0
            .prepare_cached("SELECT value FROM state WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        // What can't be read any more (written by another version) counts as not there.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps a small thing by name.
    pub(crate) fn set_state<T: Serialize>(&self, name: &str, value: &T) -> Result<(), PhoneError> {
        let text = serde_json::to_string(value)?;
        self.0
            .prepare_cached(
                "INSERT INTO state (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, text])?;
        Ok(())
    }

    /// Bytes by name.
    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, PhoneError> {
        let mut select = self.0.prepare_cached("SELECT value FROM state WHERE name = ?1")?;
        Ok(select.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Keeps bytes by name.
    pub(crate) fn set_bytes(&self, name: &str, bytes: &[u8]) -> Result<(), PhoneError> {
        self.0
            .prepare_cached(
                "INSERT INTO state (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, bytes])?;
        Ok(())
    }
}
