//! The team: how large it is, who came by the member's code, and what the next tier takes.

use std::sync::Arc;

use haigou_contract::{PartnerTier, TierCondition};
use haigou_phone::screens::Standing;

use super::Rulebook;
use super::shared::all;
use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// The team screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
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
    /// The server has more of them: [`Phone::load_more_team`].
    pub more: bool,
}

/// The team in figures.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Team {
    /// Members who registered with his code.
    pub direct: i64,
    /// Those of them who are active.
    pub direct_active: i64,
    /// Members below him at any depth.
    pub team: i64,
    /// His tier, if he is a partner.
    pub tier: Option<PartnerTier>,
    /// The next tier, and what it takes; none at the highest.
    pub next: Option<NextTier>,
    /// The rulebook in force.
    pub rulebook: Rulebook,
    /// When the server said so, by its clock.
    pub at_ms: i64,
}

/// The tier above the member's own.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NextTier {
    /// Which one.
    pub tier: PartnerTier,
    /// Only VIPs gain it, and the member is none.
    pub needs_vip: bool,
    /// What must hold, all of it.
    pub conditions: Vec<ConditionProgress>,
    /// What is missing, a sentence each. Never a promise.
    pub missing: Vec<String>,
}

/// How far a condition of a tier is fulfilled.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConditionProgress {
    /// Which.
    pub of: TierCondition,
    /// How many it takes.
    pub needed: i64,
    /// How many there are.
    pub reached: i64,
    /// How many are missing.
    pub missing: i64,
}

/// Somebody who registered with the member's code.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DirectMember {
    /// Phone number with its middle hidden; none for a deleted account.
    pub phone: Option<String>,
    /// His tier, if he is a partner.
    pub tier: Option<PartnerTier>,
    /// When he registered.
    pub registered_ms: i64,
}

crate::listen::screen! {
    TeamScreen from team,
    /// The team, the direct list and the next tier.
    team,
    /// Hears of the team.
    TeamListener,
    watch_team
}

#[uniffi::export]
impl Phone {
    /// Asks the server for the team and the newest of the direct list.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_team(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_team().await })
            .await
    }

    /// Asks the server for more of the direct list.
    #[uniffi::method(default(cancel = None))]
    pub async fn load_more_team(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.load_more_team().await })
            .await
    }
}

impl From<haigou_phone::screens::TeamScreen> for TeamScreen {
    fn from(screen: haigou_phone::screens::TeamScreen) -> Self {
        Self {
            standing: screen.standing,
            team: screen.team.map(Into::into),
            tier: screen.tier,
            next_tier: screen.next_tier,
            direct: all(screen.direct),
            more: screen.more,
        }
    }
}

impl From<haigou_contract::Team> for Team {
    fn from(team: haigou_contract::Team) -> Self {
        Self {
            direct: count(team.direct),
            direct_active: count(team.direct_active),
            team: count(team.team),
            tier: team.tier,
            next: team.next.map(Into::into),
            rulebook: team.rulebook.into(),
            at_ms: team.at.timestamp_millis(),
        }
    }
}

impl From<haigou_contract::NextTier> for NextTier {
    fn from(next: haigou_contract::NextTier) -> Self {
        Self {
            tier: next.tier,
            needs_vip: next.needs_vip,
            conditions: all(next.conditions),
            missing: next.missing,
        }
    }
}

impl From<haigou_contract::ConditionProgress> for ConditionProgress {
    fn from(progress: haigou_contract::ConditionProgress) -> Self {
        Self {
            of: progress.of,
            needed: count(progress.needed),
            reached: count(progress.reached),
            missing: count(progress.missing),
        }
    }
}

impl From<haigou_contract::DirectMember> for DirectMember {
    fn from(member: haigou_contract::DirectMember) -> Self {
        Self {
            phone: member.phone,
            tier: member.tier,
            registered_ms: member.registered_at.timestamp_millis(),
        }
    }
}
