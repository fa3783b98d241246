//! Signing in, devices, the member's own data.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::Language;

/// `POST /api/v1/auth/codes`: asks for an SMS code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskCode {
    /// Phone number in E.164 form, for example `+8613800138000`; a mainland number may come without `+86`.
    pub phone: String,
}

/// What became of an [`AskCode`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeSent {
    /// How long the code is valid.
    pub valid_for_s: u64,
    /// After how long another one can be asked for.
    pub resend_after_s: u64,
}

/// What a device says of itself at sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeviceInfo {
    /// A name that its owner recognises, at most 64 characters.
    pub name: String,
    /// `android`, `ios` or `other`.
    pub platform: Platform,
    /// Its Ed25519 public key, base64 (32 bytes).
    pub public_key: String,
}

/// What a device runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Android.
    Android,
    /// iOS.
    Ios,
    /// Anything else: a simulator, a test.
    Other,
}

/// What a consent is for. Each is asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Terms of use and privacy policy: needed to register.
    Terms,
    /// The rules that rewards follow.
    Rules,
    /// Exact location.
    Location,
    /// Health: steps, heart rate, body profile.
    Health,
    /// Contacts.
    Contacts,
}

/// `POST /api/v1/auth/sessions`: signs in; the first time it registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The phone number that the code was sent to.
    pub phone: String,
    /// The code from the SMS.
    pub code: String,
    /// The device that signs in.
    pub device: DeviceInfo,
    /// The device's signature over [`crate::sign_in_text`], base64.
    pub proof: String,
    /// The sponsor's invite code. Only read at registration, and never changed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_code: Option<String>,
    /// The terms were accepted. Needed at registration.
    #[serde(default)]
    pub accept_terms: bool,
}

/// `POST /api/v1/auth/refresh`: exchanges a refresh token for new tokens. Each can be used once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The newest refresh token.
    pub refresh_token: String,
}

/// The tokens of a session. Opaque; the server keeps only their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// How long the access token is valid.
    pub access_valid_for_s: u64,
    /// Gets the next pair of tokens.
    pub refresh_token: String,
    /// Whose session it is.
    pub member: String,
    /// The device it belongs to.
    pub device: String,
    /// This sign-in made the account.
    pub registered: bool,
}

/// `GET /api/v1/me`: the member's own profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<String>,
    /// Whether Hi-Value counts as a share key.
    pub active: bool,
    /// VIP.
    pub vip: bool,
    /// How many members registered with this one's code.
    pub direct: u64,
    /// The language of messages.
    pub language: Language,
    /// When the account was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub registered_at: DateTime<FixedOffset>,
}

/// `PATCH /api/v1/me`: changes what is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeProfile {
    /// New name, 1 to 32 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// New language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// A device of the member's, in `GET /api/v1/me/devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// The device's id.
    pub device: String,
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub platform: Platform,
    /// It is the one that asks.
    pub current: bool,
    /// When it signed in last.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub signed_in_at: DateTime<FixedOffset>,
    /// When it was seen last, to the hour.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub seen_at: DateTime<FixedOffset>,
}

/// A consent, given or taken back, in `GET /api/v1/me/consents`; the newest per purpose counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// The version of the text that was shown.
    pub version: String,
    /// Given (true) or taken back.
    pub given: bool,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
}

/// `POST /api/v1/me/consents`: gives a consent or takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GiveConsent {
    /// What for.
    pub purpose: Purpose,
    /// The version of the text that was shown, at most 32 characters.
    pub version: String,
    /// Given (true) or taken back.
    pub given: bool,
}

/// `DELETE /api/v1/me`, signed by the device: deletes the account for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteMe {
    /// A fresh SMS code, sent to the member's own number.
    pub code: String,
}
