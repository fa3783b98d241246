//! Screens from the server: asked for, kept, shown.

use haigou_contract::{
    ActivityRecord, AirdropDay, Appeal, Asset, ChangeProfile, Consent, DeleteMe, Device, GiveConsent,
    NewAppeal, Page, Profile, StatementLine, Today, Wallet,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::api::{Call, ends_session};
use crate::core::{CACHE_AIRDROP, CACHE_RECORDS, CACHE_STATEMENT, CACHE_TODAY, CACHE_WALLET};
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
        let clock = self.options.clock.as_ref();
        let asked_at = clock.mono_ms();
        let today: Today = self.get("/api/v1/sport/today").await?;
        // The server looked at its clock somewhere between question and answer.
        let way_ms = clock.mono_ms().saturating_sub(asked_at).max(0) / 2;
        let server_ms = today.at.timestamp_millis().saturating_add(way_ms);
        self.with(|core, _| core.learn_time(server_ms, clock))??;
        self.keep(CACHE_TODAY, &today)
    }

    /// Asks the server for the records.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_records(&self) -> Result<(), PhoneError> {
        let page: Page<ActivityRecord> = self.get("/api/v1/sport/activities").await?;
        self.with(|core, _| {
            core.store.write(Lasting::Process, |tx| {
                page.items
                    .iter()
                    .try_for_each(|record| tx.set_record(record.summary.id, record))
            })
        })??;
        self.keep(CACHE_RECORDS, &page.items)
    }

    /// Asks the server for balances, the newest lines of the statement and the newest days of the airdrop.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_wallet(&self) -> Result<(), PhoneError> {
        let wallet: Wallet = self.get("/api/v1/wallet").await?;
        let statement = self.statement(None, None).await?;
        let airdrop: Page<AirdropDay> = self.get("/api/v1/wallet/airdrop").await?;
        self.keep(CACHE_STATEMENT, &statement.items)?;
        self.keep(CACHE_AIRDROP, &airdrop.items)?;
        self.keep(CACHE_WALLET, &wallet)
    }

    /// A page of the statement, newest first: of one asset or of all, from the beginning or from where the page before
    /// ended.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn statement(
        &self,
        asset: Option<Asset>,
        after: Option<&str>,
    ) -> Result<Page<StatementLine>, PhoneError> {
        let mut path = "/api/v1/wallet/statement".to_owned();
        let mut join = '?';
        for (name, value) in [("asset", asset.map(Asset::name)), ("cursor", after)] {
            if let Some(value) = value {
                path.push(join);
                path.push_str(&format!("{name}={}", for_query(value)));
                join = '&';
            }
        }
        self.get(&path).await
    }

    /// The member's own profile.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn profile(&self) -> Result<Profile, PhoneError> {
        self.get("/api/v1/me").await
    }

    /// Changes name or language.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn change_profile(&self, change: ChangeProfile) -> Result<Profile, PhoneError> {
        let key = Uuid::new_v4().to_string();
        let call = Call {
            method: "PATCH",
            ..Call::post("/api/v1/me", &key, serde_json::to_vec(&change)?)
        };
        self.as_member(&call).await
    }

    /// The member's devices.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn devices(&self) -> Result<Vec<Device>, PhoneError> {
        self.get("/api/v1/me/devices").await
    }

    /// Signs another device out.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn sign_out_device(&self, device: &str) -> Result<(), PhoneError> {
        let key = Uuid::new_v4().to_string();
        let path = format!("/api/v1/me/devices/{}", for_query(device));
        self.as_member(&Call {
            method: "DELETE",
            key: Some(&key),
            ..Call::get(&path)
        })
        .await
    }

    /// Deletes the account for good, with a fresh code from an SMS, and signs out.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn delete_account(&self, code: &str) -> Result<(), PhoneError> {
        crate::account::short("code", code)?;
        let body = serde_json::to_vec(&DeleteMe {
            code: code.to_owned(),
        })?;
        let key = Uuid::new_v4().to_string();
        let call = Call {
            method: "DELETE",
            signed: true,
            ..Call::post("/api/v1/me", &key, body)
        };
        self.as_member::<()>(&call).await?;
        self.sign_out().await
    }

    /// The consents that were given and taken back.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn consents(&self) -> Result<Vec<Consent>, PhoneError> {
        self.get("/api/v1/me/consents").await
    }

    /// Gives a consent or takes it back.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn give_consent(&self, consent: GiveConsent) -> Result<Consent, PhoneError> {
        let key = Uuid::new_v4().to_string();
        self.as_member(&Call::post(
            "/api/v1/me/consents",
            &key,
            serde_json::to_vec(&consent)?,
        ))
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

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, PhoneError> {
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

    fn keep<T: Serialize>(&self, name: &str, value: &T) -> Result<(), PhoneError> {
        self.with(|core, now| {
            let owner = core.owner.clone();
            if self.api.member().is_none_or(|member| member != owner) {
                return Ok(());
            }
            core.store
                .write(Lasting::Process, |tx| tx.keep(&owner, name, value, now.t_ms))
        })??;
        self.show_all();
        Ok(())
    }
}

/// A value as part of an address (RFC 3986: everything but unreserved characters is escaped).
fn for_query(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}
