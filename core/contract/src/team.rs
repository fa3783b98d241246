//! A member's team: how large it is, who came by his own code, and what the next tier takes.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::RulebookRef;

/// A partner's tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartnerTier {
    /// Junior partner.
    Junior,
    /// Middle partner.
    Middle,
    /// Senior partner.
    Senior,
}

impl PartnerTier {
    /// From the lowest to the highest.
    pub const ALL: [Self; 3] = [Self::Junior, Self::Middle, Self::Senior];

    /// Its name in figures, scenarios and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Junior => "junior",
            Self::Middle => "middle",
            Self::Senior => "senior",
        }
    }
}

/// What a tier can be made to depend on. "Or higher" goes for every tier named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TierCondition {
    /// Members he referred.
    Direct,
    /// Members below him at any depth.
    Team,
    /// Juniors in the team.
    JuniorsInTeam,
    /// Juniors that he referred.
    DirectJuniors,
    /// Middles in the team.
    MiddlesInTeam,
    /// Middles that he referred.
    DirectMiddles,
}

/// `GET /api/v1/team`: the team in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// Members who registered with his code.
    pub direct: u64,
    /// Those of them who are active.
    pub direct_active: u64,
    /// Members below him at any depth.
    pub team: u64,
    /// His tier, if he is a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<PartnerTier>,
    /// The next tier, and what it takes; none at the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextTier>,
    /// The rulebook in force.
    pub rulebook: RulebookRef,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
}

/// The tier above the member's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextTier {
    /// Which one.
    pub tier: PartnerTier,
    /// Only VIPs gain it, and the member is none.
    pub needs_vip: bool,
    /// What must hold, all of it.
    pub conditions: Vec<ConditionProgress>,
    /// What is missing, a sentence each, in the caller's language. Never a promise.
    pub missing: Vec<String>,
}

/// How far a condition of a tier is fulfilled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConditionProgress {
    /// Which.
    pub of: TierCondition,
    /// How many it takes.
    pub needed: u64,
    /// How many there are.
    pub reached: u64,
    /// How many are missing.
    pub missing: u64,
}

/// Somebody who registered with the member's code, in `GET /api/v1/team/direct`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectMember {
    /// Phone number with its middle hidden; none for a deleted account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// His tier, if he is a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<PartnerTier>,
    /// When he registered.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub registered_at: DateTime<FixedOffset>,
}
