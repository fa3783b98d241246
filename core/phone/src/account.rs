//! Signing in and out.

use std::fmt;

use haigou_contract::{AskCode, CodeSent, DeviceInfo, Session};
use uuid::Uuid;

use crate::api::Call;
use crate::{Phone, PhoneError};

/// No text that a person types here is longer, in bytes.
const LONGEST: usize = 64;

/// What a person fills in to sign in.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SignInForm {
    /// The phone number that the code was sent to.
    pub phone: String,
    /// The code.
    pub code: String,
    /// The sponsor's invite code; only read at registration.
    pub invite_code: Option<String>,
    /// The terms were accepted; needed at registration.
    pub accept_terms: bool,
}

impl SignInForm {
    /// Phone number and code, without an invite code and without accepting the terms.
    #[must_use]
    pub fn new(phone: impl Into<String>, code: impl Into<String>) -> Self {
        Self {
            phone: phone.into(),
            code: code.into(),
            ..Self::default()
        }
    }

    /// With the sponsor's invite code.
    #[must_use]
    pub fn invited_by(mut self, invite_code: impl Into<String>) -> Self {
        self.invite_code = Some(invite_code.into());
        self
    }

    /// The person accepted the terms.
    #[must_use]
    pub const fn accepting_terms(mut self) -> Self {
        self.accept_terms = true;
        self
    }
}

impl fmt::Debug for SignInForm {
    /// Phone number and code belong in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInForm")
            .field("accept_terms", &self.accept_terms)
            .finish_non_exhaustive()
    }
}

impl Phone {
    /// Asks for an SMS code.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`], [`PhoneError::Offline`], or what the server says.
    pub async fn ask_code(&self, phone: &str) -> Result<CodeSent, PhoneError> {
        short("phone", phone)?;
        let body = serde_json::to_vec(&AskCode {
            phone: phone.to_owned(),
        })?;
        self.api
            .ask(&Call::post(
                "/api/v1/auth/codes",
                &Uuid::new_v4().to_string(),
                body,
            ))
            .await
    }

    /// Signs in with the code; the first time it registers. What was recorded before belongs to the member then. The
    /// same form again is safe, whatever was lost on the way.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`], [`PhoneError::Offline`], or what the server says.
    pub async fn sign_in(&self, form: SignInForm) -> Result<Session, PhoneError> {
        short("phone", &form.phone)?;
        short("code", &form.code)?;
        short("invite_code", form.invite_code.as_deref().unwrap_or_default())?;
        let device = DeviceInfo {
            name: self.options.device_name.chars().take(LONGEST).collect(),
            platform: self.options.platform,
            public_key: String::new(),
        };
        let session = self.api.sign_in(&form, device).await?;
        self.with(|core, now| {
            core.ended = None;
            core.set_owner(&session.member, now)
        })??;
        self.forget_failures();
        // The server's time and the goals, if they can be had at once.
        let _ = self.refresh_today().await;
        self.show_all();
        self.wake.notify_one();
        Ok(session)
    }

    /// Signs out on this phone. What was recorded stays, and waits for the member to come back.
    ///
    /// # Errors
    /// [`PhoneError::ActivityUnderWay`]: it is finished or discarded first. Those of the key store and the store. Without a connection the server ends the session when it expires.
    pub async fn sign_out(&self) -> Result<(), PhoneError> {
        if self.with(|core, _| core.recorder.running.is_some())? {
            return Err(PhoneError::ActivityUnderWay);
        }
        let key = Uuid::new_v4().to_string();
        let call = Call {
            method: "DELETE",
            key: Some(&key),
            ..Call::get("/api/v1/auth/sessions/current")
        };
        if let Err(error) = self.api.ask_as_member::<serde_json::Value>(&call).await {
            tracing::info!(code = error.code(), "signed out without the server");
        }
        self.api.forget_session()?;
        self.with(|core, now| {
            core.ended = None;
            core.set_owner("", now)
        })??;
        self.forget_failures();
        self.show_all();
        Ok(())
    }
}

pub(crate) fn short(field: &'static str, text: &str) -> Result<(), PhoneError> {
    if text.len() <= LONGEST {
        Ok(())
    } else {
        Err(PhoneError::OutOfBounds { field })
    }
}
