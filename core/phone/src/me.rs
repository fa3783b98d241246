//! The member's own actions: profile, devices, consents, the account itself.

use haigou_contract::{ChangeProfile, Consent, DeleteMe, Device, GiveConsent, Profile, Purpose, Rules};
use uuid::Uuid;

use crate::api::Call;
use crate::core::{CACHE_CONSENTS, CACHE_DEVICES, CACHE_PROFILE, CACHE_RULES, CACHE_TEAM};
use crate::gather;
use crate::refresh::for_query;
use crate::screens::{acceptance_of, version_name};
use crate::{Phone, PhoneError};

const CONSENTS: &str = "/api/v1/me/consents";
const DEVICES: &str = "/api/v1/me/devices";
const ME: &str = "/api/v1/me";

impl Phone {
    /// Asks the server for the profile and the tier.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_me(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_PROFILE, async |owner| {
            let mut profile: Profile = self.get(ME).await?;
            // What the server sends by itself shall be in the language of this phone.
            let language = self.api.language();
            if profile.language != language {
                let change = ChangeProfile {
                    language: Some(language),
                    ..ChangeProfile::default()
                };
                profile = self.patch_profile(&change).await?;
            }
            self.keep(owner, CACHE_PROFILE, &profile)?;
            let team: haigou_contract::Team = self.get("/api/v1/team").await?;
            self.keep(owner, CACHE_TEAM, &team)
        })
        .await
    }

    /// The member's own profile, from the server.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn profile(&self) -> Result<Profile, PhoneError> {
        self.get(ME).await
    }

    /// Changes name or language.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn change_profile(&self, change: ChangeProfile) -> Result<Profile, PhoneError> {
        let owner = self.with(|core, _| core.owner.clone())?;
        let profile = self.patch_profile(&change).await?;
        self.keep(&owner, CACHE_PROFILE, &profile)?;
        Ok(profile)
    }

    async fn patch_profile(&self, change: &ChangeProfile) -> Result<Profile, PhoneError> {
        let key = Uuid::new_v4().to_string();
        let call = Call {
            method: "PATCH",
            ..Call::post(ME, &key, serde_json::to_vec(change)?)
        };
        self.as_member(&call).await
    }

    /// Asks the server for the devices.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_devices(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_DEVICES, async |owner| {
            let devices: Vec<Device> = self.get(DEVICES).await?;
            self.keep(owner, CACHE_DEVICES, &devices)
        })
        .await
    }

    /// The member's devices, from the server.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn devices(&self) -> Result<Vec<Device>, PhoneError> {
        self.get(DEVICES).await
    }

    /// Signs another device out.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn sign_out_device(&self, device: &str) -> Result<(), PhoneError> {
        let key = Uuid::new_v4().to_string();
        let path = format!("{DEVICES}/{}", for_query(device));
        self.as_member::<()>(&Call {
            method: "DELETE",
            key: Some(&key),
            ..Call::get(&path)
        })
        .await?;
        // It is done; the list may be asked for again later.
        let _ = self.refresh_devices().await;
        Ok(())
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
            ..Call::post(ME, &key, body)
        };
        self.as_member::<()>(&call).await?;
        self.sign_out().await
    }

    /// Asks the server for the consents.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_consents(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_CONSENTS, async |owner| {
            let consents: Vec<Consent> = self.get(CONSENTS).await?;
            self.keep(owner, CACHE_CONSENTS, &consents)
        })
        .await
    }

    /// The consents that were given and taken back, from the server.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn consents(&self) -> Result<Vec<Consent>, PhoneError> {
        self.get(CONSENTS).await
    }

    /// Gives a consent or takes it back.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn give_consent(&self, consent: GiveConsent) -> Result<Consent, PhoneError> {
        let owner = self.with(|core, _| core.owner.clone())?;
        let key = Uuid::new_v4().to_string();
        let given: Consent = self
            .as_member(&Call::post(CONSENTS, &key, serde_json::to_vec(&consent)?))
            .await?;
        let kept =
            self.with(|core, _| core.store.read().cached::<Vec<Consent>>(&owner, CACHE_CONSENTS))??;
        if let Some(kept) = kept {
            let mut all = kept.value;
            all.insert(0, given.clone());
            self.keep(&owner, CACHE_CONSENTS, &all)?;
        }
        Ok(given)
    }

    /// Asks the server for the rules in force, and for which version the member has accepted.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn refresh_rules(&self) -> Result<(), PhoneError> {
        self.asking(CACHE_RULES, async |owner| {
            let rules: Rules = self.get("/api/v1/rules").await?;
            let consents: Vec<Consent> = self.get(CONSENTS).await?;
            let version = rules.rulebook.version;
            if acceptance_of(version, &consents).is_none() {
                let now_ms = self.with(|_, now| now.t_ms)?;
                self.add_messages(owner, [gather::rules(version, now_ms)])?;
            }
            self.keep(owner, CACHE_CONSENTS, &consents)?;
            self.keep(owner, CACHE_RULES, &rules)
        })
        .await
    }

    /// The member has read this version of the rules and accepts it.
    ///
    /// # Errors
    /// As [`Phone::refresh_today`].
    pub async fn accept_rules(&self, version: u32) -> Result<(), PhoneError> {
        let consent = GiveConsent {
            purpose: Purpose::Rules,
            version: version_name(version),
            given: true,
        };
        self.give_consent(consent).await?;
        self.read_messages_about_rules(version)
    }
}
