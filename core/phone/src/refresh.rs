//! Screens from the server: asked for, kept, shown.

use haigou_contract::{ActivityRecord, Appeal, NewAppeal, Page, Today};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::api::{Call, ends_session};
use crate::core::{CACHE_RECORDS, CACHE_TODAY};
use crate::store::Lasting;
use crate::{Phone, PhoneError};

/// An appeal has at most so many characters.
const LONGEST_APPEAL: usize = 1_000;

impl Phone {
    /// Asks the server for today's figures, goals and challenge.
    ///
    /// # Errors
    /// [`PhoneError::NotSignedIn`], [`PhoneError::Offline`], or what the server says. The screen keeps what it knew.
    pub async fn refresh_today(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_TODAY, async |owner| {
            let clock = self.options.clock.as_ref();
            let asked_at = clock.mono_ms();
            let today: Today = self.get("/api/v1/sport/today").await?;
            // The server looked at its clock somewhere between question and answer.
            let way_ms = clock.mono_ms().saturating_sub(asked_at).max(0) / 2;
            let server_ms = today.at.timestamp_millis().saturating_add(way_ms);
            self.with(|core, _| core.learn_time(server_ms, clock))??;
            self.keep(owner, CACHE_TODAY, &today)
        })
        .await
    }

    /// Asks the server for the records.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_records(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_RECORDS, async |owner| {
            let page: Page<ActivityRecord> = self.get("/api/v1/sport/activities").await?;
            self.with(|core, _| {
                core.store.write(Lasting::Process, |tx| {
                    page.items
                        .iter()
                        .try_for_each(|record| tx.set_record(record.summary.id, record))
                })
            })??;
            self.keep(owner, CACHE_RECORDS, &page.items)
        })
        .await
    }

    /// Says that steps should have counted.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`] for an empty text or one over 1,000 characters; else as [`Phone::refresh_today`].
    pub async fn appeal(&self, appeal: NewAppeal) -> Result<Appeal, PhoneError> {
        if appeal.text.trim().is_empty() || appeal.text.chars().count() > LONGEST_APPEAL {
            return Err(PhoneError::OutOfBounds { field: "text" });
        }
        let key = Uuid::new_v4().to_string();
        self.as_member(&Call::post(
            "/api/v1/sport/appeals",
            &key,
            serde_json::to_vec(&appeal)?,
        ))
        .await
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, PhoneError> {
        self.as_member(&Call::get(path)).await
    }

    /// Asks as the member; whether the server could be reached, and whether the session goes on, is written down.
    pub(crate) async fn as_member<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, PhoneError> {
        let asked = self.api.member();
        let answer = self.api.ask_as_member(call).await;
        if asked.is_some() && self.api.member() != asked {
            // Signed out meanwhile: what was said to the one who asked is nobody's here.
            return Err(PhoneError::NotSignedIn);
        }
        if let Some(error) = answer.as_ref().err().filter(|error| ends_session(error)) {
            tracing::warn!(code = error.code(), "the session ended");
            self.api.forget_session()?;
            self.with(|core, _| core.ended = Some(error.clone()))?;
        }
        let offline = matches!(answer, Err(PhoneError::Offline | PhoneError::NotOurServer { .. }));
        let changed = self.with(|core, _| std::mem::replace(&mut core.offline, offline) != offline)?;
        if changed || answer.is_err() {
            self.show_all();
        }
        answer
    }

    /// Keeps what the server said to somebody, unless somebody else is signed in by now.
    pub(crate) fn keep<T: Serialize>(&self, owner: &str, name: &str, value: &T) -> Result<(), PhoneError> {
        self.with(|core, now| {
            // Wiped or signed out meanwhile: nothing is written behind it.
            if core.owner != owner || self.api.member().is_none_or(|member| member != owner) {
                return Ok(());
            }
            core.store
                .write(Lasting::Process, |tx| tx.keep(owner, name, value, now.t_ms))
        })??;
        self.show_all();
        Ok(())
    }
}

/// A value as part of an address (RFC 3986: everything but unreserved characters is escaped).
pub(crate) fn for_query(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}
