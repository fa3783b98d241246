//! Signing in and out; the member's profile, devices and consents.

use std::sync::Arc;

use haigou_contract::{Language, Platform, Purpose};

use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// What became of asking for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct CodeSent {
    /// How long the code is valid, in seconds.
    pub valid_for_s: i64,
    /// After how many seconds another one can be asked for.
    pub resend_after_s: i64,
}

/// What a person fills in to sign in.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignInForm {
    /// The phone number that the code was sent to.
    pub phone: String,
    /// The code.
    pub code: String,
    /// The sponsor's invite code; only read at registration.
    #[uniffi(default = None)]
    pub invite_code: Option<String>,
    /// The terms were accepted; needed at registration.
    #[uniffi(default = false)]
    pub accept_terms: bool,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignedIn {
    /// The member's id.
    pub member: String,
    /// This device's id.
    pub device: String,
    /// This sign-in made the account.
    pub registered: bool,
}

/// The member's own profile.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Profile {
    /// The member's id.
    pub member: String,
    /// Phone number with its middle hidden, for example `+86138****8000`.
    pub phone: String,
    /// Chosen name, at most 32 characters; empty at first.
    pub nickname: String,
    /// The code that others register with.
    pub invite_code: String,
    /// The sponsor's masked phone number, where there is a sponsor.
    pub sponsor: Option<String>,
    /// Whether Hi-Value counts as a share key.
    pub active: bool,
    /// VIP.
    pub vip: bool,
    /// How many members registered with this one's code.
    pub direct: i64,
    /// The language of messages.
    pub language: Language,
    /// When the account was made.
    pub registered_ms: i64,
}

/// What is to change in the profile.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProfileChange {
    /// New name, 1 to 32 characters; none leaves it.
    #[uniffi(default = None)]
    pub nickname: Option<String>,
    /// New language of messages; none leaves it.
    #[uniffi(default = None)]
    pub language: Option<Language>,
}

/// A device of the member's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Device {
    /// The device's id.
    pub device: String,
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub platform: Platform,
    /// It is this one.
    pub current: bool,
    /// When it signed in last.
    pub signed_in_ms: i64,
    /// When it was seen last, to the hour.
    pub seen_ms: i64,
}

/// A consent, given or taken back; the newest per purpose counts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// The version of the text that was shown.
    pub version: String,
    /// Given (true) or taken back.
    pub given: bool,
    /// When.
    pub at_ms: i64,
}

/// A consent to be given or taken back.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewConsent {
    /// What for.
    pub purpose: Purpose,
    /// The version of the text that was shown, at most 32 characters.
    pub version: String,
    /// Given (true) or taken back.
    pub given: bool,
}

#[uniffi::export]
impl Phone {
    /// Asks for an SMS code.
    #[uniffi::method(default(cancel = None))]
    pub async fn ask_code(&self, phone: String, cancel: Option<Arc<Cancel>>) -> Result<CodeSent, PhoneError> {
        let sent = self.ask(cancel, |core| async move { core.ask_code(&phone).await });
        Ok(sent.await?.into())
    }

    /// Signs in with the code; the first time it registers. What was recorded before belongs to the member then. The same
    /// form again is safe, whatever was lost on the way.
    pub async fn sign_in(&self, form: SignInForm) -> Result<SignedIn, PhoneError> {
        let session = self.finish_it(|core| async move { core.sign_in(form.into()).await });
        Ok(session.await?.into())
    }

    /// Signs out on this phone. What was recorded stays, and waits for the member to come back. An activity under way
    /// is finished or discarded first.
    pub async fn sign_out(&self) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.sign_out().await }).await
    }

    /// The member's own profile.
    #[uniffi::method(default(cancel = None))]
    pub async fn profile(&self, cancel: Option<Arc<Cancel>>) -> Result<Profile, PhoneError> {
        let profile = self.ask(cancel, |core| async move { core.profile().await });
        Ok(profile.await?.into())
    }

    /// Changes name or language.
    pub async fn change_profile(&self, change: ProfileChange) -> Result<Profile, PhoneError> {
        let profile = self.finish_it(|core| async move { core.change_profile(change.into()).await });
        Ok(profile.await?.into())
    }

    /// The member's devices.
    #[uniffi::method(default(cancel = None))]
    pub async fn devices(&self, cancel: Option<Arc<Cancel>>) -> Result<Vec<Device>, PhoneError> {
        let devices = self.ask(cancel, |core| async move { core.devices().await });
        Ok(devices.await?.into_iter().map(Into::into).collect())
    }

    /// Signs another device out.
    pub async fn sign_out_device(&self, device: String) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.sign_out_device(&device).await })
            .await
    }

    /// Deletes the account for good, with a fresh code from an SMS, and signs out.
    pub async fn delete_account(&self, code: String) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.delete_account(&code).await })
            .await
    }

    /// The consents that were given and taken back.
    #[uniffi::method(default(cancel = None))]
    pub async fn consents(&self, cancel: Option<Arc<Cancel>>) -> Result<Vec<Consent>, PhoneError> {
        let consents = self.ask(cancel, |core| async move { core.consents().await });
        Ok(consents.await?.into_iter().map(Into::into).collect())
    }

    /// Gives a consent or takes it back.
    pub async fn give_consent(&self, consent: NewConsent) -> Result<Consent, PhoneError> {
        let given = self.finish_it(|core| async move { core.give_consent(consent.into()).await });
        Ok(given.await?.into())
    }
}

impl From<haigou_contract::CodeSent> for CodeSent {
    fn from(sent: haigou_contract::CodeSent) -> Self {
        Self {
            valid_for_s: count(sent.valid_for_s),
            resend_after_s: count(sent.resend_after_s),
        }
    }
}

impl From<SignInForm> for haigou_phone::SignInForm {
    fn from(form: SignInForm) -> Self {
        Self {
            phone: form.phone,
            code: form.code,
            invite_code: form.invite_code,
            accept_terms: form.accept_terms,
        }
    }
}

impl From<haigou_contract::Session> for SignedIn {
    fn from(session: haigou_contract::Session) -> Self {
        Self {
            member: session.member,
            device: session.device,
            registered: session.registered,
        }
    }
}

impl From<haigou_contract::Profile> for Profile {
    fn from(profile: haigou_contract::Profile) -> Self {
        Self {
            member: profile.member,
            phone: profile.phone,
            nickname: profile.nickname,
            invite_code: profile.invite_code,
            sponsor: profile.sponsor,
            active: profile.active,
            vip: profile.vip,
            direct: count(profile.direct),
            language: profile.language,
            registered_ms: profile.registered_at.timestamp_millis(),
        }
    }
}

impl From<ProfileChange> for haigou_contract::ChangeProfile {
    fn from(change: ProfileChange) -> Self {
        Self {
            nickname: change.nickname,
            language: change.language,
        }
    }
}

impl From<haigou_contract::Device> for Device {
    fn from(device: haigou_contract::Device) -> Self {
        Self {
            device: device.device,
            name: device.name,
            platform: device.platform,
            current: device.current,
            signed_in_ms: device.signed_in_at.timestamp_millis(),
            seen_ms: device.seen_at.timestamp_millis(),
        }
    }
}

impl From<haigou_contract::Consent> for Consent {
    fn from(consent: haigou_contract::Consent) -> Self {
        Self {
            purpose: consent.purpose,
            version: consent.version,
            given: consent.given,
            at_ms: consent.at.timestamp_millis(),
        }
    }
}

impl From<NewConsent> for haigou_contract::GiveConsent {
    fn from(consent: NewConsent) -> Self {
        Self {
            purpose: consent.purpose,
            version: consent.version,
            given: consent.given,
        }
    }
}
