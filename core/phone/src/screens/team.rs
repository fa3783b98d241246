//! The team: how large it is, who came by the member's code, and what the next tier takes.

use haigou_contract::{DirectMember, Page, Team};

use super::Standing;
use super::look::Look;
use crate::PhoneError;
use crate::core::{CACHE_DIRECT, CACHE_TEAM};
use crate::texts;

/// The team screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeamScreen {
    /// How it stands.
    pub standing: Standing,
    /// Counts, tier, and what the next tier takes; none before the server said anything.
    pub team: Option<Team>,
    /// The tier in words.
    pub tier: String,
    /// The next tier in words; none at the highest.
    pub next_tier: Option<String>,
    /// Who registered with the member's code, newest first, with masked numbers.
    pub direct: Vec<DirectMember>,
    /// The server has more of them: [`crate::Phone::load_more_team`].
    pub more: bool,
}

impl TeamScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let team = look.cached::<Team>(CACHE_TEAM)?;
        let standing = look.standing_of(CACHE_TEAM, team.as_ref(), |team| {
            (team.direct == 0).then(|| texts::empty_team(look.language))
        });
        let direct = look
            .cached::<Page<DirectMember>>(CACHE_DIRECT)?
            .map(|cached| cached.value);
        let team = team.map(|cached| cached.value);
        let name = |tier| texts::tier_name(look.language, texts::tier_choice(tier));
        Ok(Self {
            standing,
            tier: team.as_ref().map_or_else(String::new, |team| name(team.tier)),
            next_tier: team
                .as_ref()
                .and_then(|team| team.next.as_ref())
                .map(|next| name(Some(next.tier))),
            more: direct.as_ref().is_some_and(|page| page.next.is_some()),
            direct: direct.map(|page| page.items).unwrap_or_default(),
            team,
        })
    }
}
