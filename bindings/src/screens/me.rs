//! The member: name, number, tier and what is missing, the invitation, unread messages.

use std::sync::Arc;

use haigou_phone::screens::{Invite, Standing};

use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError, Profile};

/// The first screen of the tab "Me".
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MeScreen {
    /// How it stands.
    pub standing: Standing,
    /// Name, masked number, sponsor, invite code; none before the server said anything.
    pub profile: Option<Profile>,
    /// The tier in words; empty while it isn't known.
    pub tier: String,
    /// What is missing for the next tier, a sentence each; empty at the highest, or while it isn't known.
    pub missing: Vec<String>,
    /// How to invite others; none before the server said anything.
    pub invite: Option<Invite>,
    /// Messages that weren't read yet.
    pub unread: i64,
}

/// How to invite others.
#[uniffi::remote(Record)]
pub struct Invite {
    /// The code that others register with.
    pub code: String,
    /// The address that opens in a browser or the app; it is also what the QR code holds.
    pub link: String,
    /// The address that only the app opens.
    pub deep_link: String,
    /// What is sent, code and link included, in the app's language.
    pub text: String,
}

crate::listen::screen! {
    MeScreen from me,
    /// The member: profile, tier, invitation, unread messages.
    me,
    /// Hears of the member.
    MeListener,
    watch_me
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the profile and the tier.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_me(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_me().await })
            .await
    }
}

impl From<haigou_phone::screens::MeScreen> for MeScreen {
    fn from(screen: haigou_phone::screens::MeScreen) -> Self {
        Self {
            standing: screen.standing,
            profile: screen.profile.map(Into::into),
            tier: screen.tier,
            missing: screen.missing,
            invite: screen.invite,
            unread: count(screen.unread),
        }
    }
}
