//! Why a posting was made: the rule, and the figures put in.

use std::borrow::Cow;

use haigou_contract::{Amount, Asset, Day};
use serde::{Deserialize, Serialize};

/// The stable id of the rule that made a posting, for example `register.direct`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rule(Cow<'static, str>);

impl Rule {
    /// A day's drop, issued into the airdrop pool.
    pub const AIRDROP_DROP: Self = Self::new("airdrop.drop");
    /// A member's shares of the drops.
    pub const AIRDROP_SHARE: Self = Self::new("airdrop.share");
    /// The reward pool's allocation at launch.
    pub const POOL_ALLOCATION: Self = Self::new("airdrop.reward_pool");
    /// Becoming active: all inactive Hi-Value turns active.
    pub const ACTIVATE: Self = Self::new("activate");
    /// A reward that waited for the reward pool is paid: of the journal and the posting that promised it.
    pub const WAITING_PAID: Self = Self::new("reward.waiting");
    /// A posting is reversed, in part or whole.
    pub const REVERSAL: Self = Self::new("reversal");
    /// A rulebook version is laid down.
    pub const RULEBOOK: Self = Self::new("rulebook");
    /// An administrator accepts a finding of a rulebook.
    pub const ACCEPTED: Self = Self::new("rulebook.accepted");

    /// A rule of this id.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// A rule of an id that was read.
    pub(crate) const fn named(id: String) -> Self {
        Self(Cow::Owned(id))
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// One figure that went into a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    /// An exact number: units and how many of their digits are decimals.
    Number(i64, u8),
    /// A name, day or the like.
    Text(Cow<'static, str>),
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(units, decimals) => {
                f.write_str(&Amount::from_units(*units).show(u32::from(*decimals)))
            }
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<i64> for Figure {
    fn from(count: i64) -> Self {
        Self::Number(count, 0)
    }
}

impl From<u32> for Figure {
    fn from(count: u32) -> Self {
        Self::Number(i64::from(count), 0)
    }
}

impl From<(Asset, Amount)> for Figure {
    fn from((asset, amount): (Asset, Amount)) -> Self {
        let decimals = u8::try_from(asset.decimals()).unwrap_or(u8::MAX);
        Self::Number(amount.units(), decimals)
    }
}

impl From<Day> for Figure {
    fn from(day: Day) -> Self {
        Self::Text(day.to_string().into())
    }
}

impl From<&'static str> for Figure {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Figure {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// Why a posting was made: the rule and the figures put in, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// The figures, in the rule's order.
    pub figures: Vec<(Cow<'static, str>, Figure)>,
}

impl Reason {
    /// A rule, without figures so far.
    #[must_use]
    pub const fn new(rule: Rule) -> Self {
        Self {
            rule,
            figures: Vec::new(),
        }
    }

    /// With one more figure.
    #[must_use]
    pub fn with(mut self, name: &'static str, figure: impl Into<Figure>) -> Self {
        self.figures.push((Cow::Borrowed(name), figure.into()));
        self
    }
}

impl From<Rule> for Reason {
    fn from(rule: Rule) -> Self {
        Self::new(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_with_their_decimals() {
        let shells = Figure::from((Asset::HiShell, Amount::from_units(498_000_000)));
        assert_eq!(shells.to_string(), "4.98000000");
        assert_eq!(Figure::from(6000_u32).to_string(), "6000");
        assert_eq!(Figure::from(Day::from_number(0)).to_string(), "1970-01-01");
    }
}
