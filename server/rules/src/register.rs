//! What a registration earns.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{MemberNo, Rule};

use crate::rule;
use crate::rulebook::{ReferralRight, Rulebook};

/// What a rule gives to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// The rule that gives it.
    pub rule: Rule,
    /// Who gets it.
    pub member: MemberNo,
    /// What.
    pub gives: Gives,
}

/// What is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// An amount of an asset; Hi-Shell comes from the reward pool, challenge frozen.
    Grant(Asset, Amount),
    /// So much of his frozen challenge is unfrozen, or what there is at that moment.
    Unfreeze(Amount),
}

/// Who is concerned by a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// The new member.
    pub member: MemberNo,
    /// Who referred him, if somebody did.
    pub sponsor: Option<Sponsor>,
}

/// A direct sponsor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sponsor {
    /// Who.
    pub member: MemberNo,
    /// VIP.
    pub vip: bool,
}

impl Rulebook {
    /// May this sponsor earn by referring?
    #[must_use]
    pub fn may_earn(&self, sponsor: Sponsor) -> bool {
        match self.referral_right {
            ReferralRight::Everyone => true,
            ReferralRight::Vip => sponsor.vip,
        }
    }
}

/// What a registration earns, in the order it is booked. Amounts of zero make no reward.
///
/// Whether the new member is active from now on says [`Rulebook::active_from`].
#[must_use]
pub fn registration(rulebook: &Rulebook, people: Registration) -> Vec<Reward> {
    let mut rewards = Vec::with_capacity(6);
    let mut give = |rule, member, gives| {
        let (Gives::Grant(_, amount) | Gives::Unfreeze(amount)) = gives;
        if amount.is_positive() {
            rewards.push(Reward { rule, member, gives });
        }
    };
    let welcome = &rulebook.register.member;
    for (asset, sum) in [
        (Asset::HiValue, welcome.hi_value),
        (Asset::Challenge, welcome.challenge),
    ] {
        give(
            rule::REGISTER_MEMBER,
            people.member,
            Gives::Grant(asset, sum.amount()),
        );
    }
    if let Some(sponsor) = people.sponsor.filter(|sponsor| rulebook.may_earn(*sponsor)) {
        let referral = &rulebook.register.direct;
        for (asset, amount) in [
            (Asset::HiValue, referral.hi_value.amount()),
            (Asset::HiShell, referral.hi_shell.amount()),
            (Asset::Challenge, referral.challenge.amount()),
        ] {
            give(rule::REGISTER_DIRECT, sponsor.member, Gives::Grant(asset, amount));
        }
        give(
            rule::REGISTER_UNFREEZE,
            sponsor.member,
            Gives::Unfreeze(referral.unfreeze.amount()),
        );
    }
    rewards
}
