//! Who referred whom, who is whose partner: the tree is walked anew for every question.

use crate::figures::Exact;
use crate::rulebook::{PartnerMode, ReferralRight, TierRates, TierRules, When};
use crate::scenario::Tier;
use crate::world::World;

/// A member's place in the order of registration.
pub(crate) type MemberId = usize;

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) sponsor: Option<MemberId>,
    pub(crate) active: bool,
    pub(crate) vip: bool,
    pub(crate) tier: Option<Tier>,
}

impl World {
    /// His sponsor, his sponsor's sponsor and so on.
    pub(crate) fn line(&self, member: MemberId) -> Vec<MemberId> {
        std::iter::successors(self.members[member].sponsor, |above| self.members[*above].sponsor).collect()
    }

    fn direct(&self, member: MemberId) -> Vec<MemberId> {
        (0..self.members.len())
            .filter(|other| self.members[*other].sponsor == Some(member))
            .collect()
    }

    fn team(&self, member: MemberId) -> Vec<MemberId> {
        (0..self.members.len())
            .filter(|other| self.line(*other).contains(&member))
            .collect()
    }

    /// Whether he may get what sponsors and partners get.
    pub(crate) fn has_right(&self, member: MemberId) -> bool {
        match self.rules.referral_right {
            ReferralRight::Vip => self.members[member].vip,
            ReferralRight::Everyone => true,
        }
    }

    /// Who stands this many levels above, if he has the right.
    pub(crate) fn sponsor_with_right(&self, member: MemberId, level: usize) -> Option<MemberId> {
        self.line(member)
            .get(level - 1)
            .copied()
            .filter(|sponsor| self.has_right(*sponsor))
    }

    fn tier_rules(&self, tier: Tier) -> &TierRules {
        match tier {
            Tier::Junior => &self.rules.partners.junior,
            Tier::Middle => &self.rules.partners.middle,
            Tier::Senior => &self.rules.partners.senior,
        }
    }

    /// The partners up a member's line who are paid, nearest first, each with the rates he is paid at.
    pub(crate) fn partners_up(&self, member: MemberId) -> Vec<(MemberId, TierRates)> {
        let levels = self.rules.partners.max_depth.unwrap_or(usize::MAX);
        let rates_of = |tier| self.tier_rules(tier).rates.clone();
        let partners: Vec<_> = self
            .line(member)
            .into_iter()
            .take(levels)
            .filter(|above| self.has_right(*above))
            .filter_map(|above| Some((above, rates_of(self.members[above].tier?))))
            .collect();
        match self.rules.partners.mode {
            PartnerMode::Each => partners,
            PartnerMode::Nearest => partners.into_iter().take(1).collect(),
            PartnerMode::Difference => {
                let less = |at: usize, rate: fn(&TierRates) -> &Exact| {
                    let below = partners[..at].iter().map(|(_, rates)| rate(rates).clone()).max();
                    (rate(&partners[at].1) - below.unwrap_or_default()).max(Exact::default())
                };
                (0..partners.len())
                    .map(|at| {
                        let rates = TierRates {
                            hi_value: less(at, |rates| &rates.hi_value),
                            hi_shell: less(at, |rates| &rates.hi_shell),
                            merchant_hi_shell: less(at, |rates| &rates.merchant_hi_shell),
                        };
                        (partners[at].0, rates)
                    })
                    .collect()
            }
        }
    }

    fn holds(&self, member: MemberId, when: &When) -> bool {
        let of_tier = |people: Vec<MemberId>, tier| {
            people
                .into_iter()
                .filter(|other| self.members[*other].tier >= Some(tier))
                .count()
        };
        let enough =
            |needed: Option<usize>, count: &dyn Fn() -> usize| needed.is_none_or(|needed| count() >= needed);
        enough(when.direct, &|| self.direct(member).len())
            && enough(when.team, &|| self.team(member).len())
            && enough(when.juniors_in_team, &|| of_tier(self.team(member), Tier::Junior))
            && enough(when.direct_juniors, &|| {
                of_tier(self.direct(member), Tier::Junior)
            })
            && enough(when.middles_in_team, &|| of_tier(self.team(member), Tier::Middle))
            && enough(when.direct_middles, &|| {
                of_tier(self.direct(member), Tier::Middle)
            })
    }

    /// Raises these members' tiers until nothing changes.
    fn check_tiers(&mut self, people: &[MemberId]) {
        loop {
            let before: Vec<_> = people.iter().map(|member| self.members[*member].tier).collect();
            for &member in people {
                let reached = [Tier::Senior, Tier::Middle, Tier::Junior]
                    .into_iter()
                    .find(|tier| self.holds(member, &self.tier_rules(*tier).when));
                if self.has_right(member) {
                    let tier = &mut self.members[member].tier;
                    *tier = (*tier).max(reached);
                }
            }
            if people
                .iter()
                .zip(before)
                .all(|(member, before)| self.members[*member].tier == before)
            {
                return;
            }
        }
    }

    pub(crate) fn check_tiers_from(&mut self, member: MemberId) {
        let mut people = vec![member];
        people.extend(self.line(member));
        self.check_tiers(&people);
    }

    pub(crate) fn check_tiers_of_all(&mut self) {
        let everybody: Vec<_> = (0..self.members.len()).collect();
        self.check_tiers(&everybody);
    }
}
