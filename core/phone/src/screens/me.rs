//! The member: name, number, tier and what is missing, the invitation, unread messages.

use haigou_contract::{Profile, Team};

use super::Standing;
use super::look::Look;
use crate::PhoneError;
use crate::core::{CACHE_PROFILE, CACHE_TEAM};
use crate::texts;

/// The first screen of the tab "Me".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    pub unread: u64,
}

/// How to invite others.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl MeScreen {
    /// `server`: where the server is, without a path.
    pub(crate) fn of(look: &Look<'_>, server: &str) -> Result<Self, PhoneError> {
        let profile = look.cached::<Profile>(CACHE_PROFILE)?;
        let standing = look.standing_of(CACHE_PROFILE, profile.as_ref(), |_| None);
        let profile = profile.map(|cached| cached.value);
        let team = look.cached::<Team>(CACHE_TEAM)?.map(|cached| cached.value);
        let invite = profile.as_ref().map(|profile| {
            let code = &profile.invite_code;
            let link = format!("{}/invite/{code}", server.trim_end_matches('/'));
            Invite {
                text: texts::share_invite(look.language, code.clone(), link.clone()),
                deep_link: format!("haigou://invite/{code}"),
                link,
                code: code.clone(),
            }
        });
        Ok(Self {
            standing,
            tier: team.as_ref().map_or_else(String::new, |team| {
                texts::tier_name(look.language, texts::tier_choice(team.tier))
            }),
            missing: team
                .and_then(|team| team.next)
                .map(|next| next.missing)
                .unwrap_or_default(),
            unread: look.core.store.read().unread_messages(&look.core.owner)?,
            invite,
            profile,
        })
    }
}
