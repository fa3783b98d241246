//! Partners up a line: who of them is paid, and at which rate.

use haigou_ledger::{Figure, MemberNo, Rule};

use super::line::Mark;
use super::{Planned, Planner, To};
use crate::event::PartnerTier;
use crate::figures::Share;
use crate::register::Sponsor;
use crate::rulebook::{PartnerMode, Rulebook, Tier};
use crate::world::World;

/// A partner who is paid.
#[derive(Debug, Clone)]
pub(super) struct PaidPartner {
    member: MemberNo,
    tier: PartnerTier,
    /// Levels up; 1 is the sponsor.
    level: u32,
    /// The tiers of the partners below him on the line, where the difference to them is paid.
    below: Vec<PartnerTier>,
}

/// A partner's rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartnerRate {
    pub(super) rate: Share,
    /// His tier's own rate, and the highest of the partners below him, where the difference is paid.
    of: Option<(Share, Share)>,
}

impl<W: World> Planner<'_, W> {
    /// The partners up somebody's line who are paid, nearest first. Partners who may not be paid are as if they were
    /// none.
    pub(super) fn partners_above(&mut self, of: MemberNo) -> Planned<Vec<PaidPartner>, W> {
        let partners = &self.rulebook.partners;
        let (mode, max_depth) = (partners.mode, partners.max_depth.unwrap_or(u32::MAX));
        let from = self.person(of)?.depth;
        let mut paid = Vec::new();
        let mut below = Vec::new();
        let mut at = of;
        while let Some(member) = self.nearest(Mark::Partner, at)? {
            at = member;
            let person = self.person(member)?;
            let level = from.saturating_sub(person.depth);
            if level > max_depth {
                break;
            }
            let vip = person.vip;
            let (Some(tier), true) = (person.tier, self.rulebook.may_earn(Sponsor { member, vip })) else {
                continue;
            };
            paid.push(PaidPartner {
                member,
                tier,
                level,
                below: below.clone(),
            });
            match mode {
                PartnerMode::Nearest => break,
                PartnerMode::Difference if !below.contains(&tier) => below.push(tier),
                PartnerMode::Difference | PartnerMode::Each => {}
            }
        }
        Ok(paid)
    }
}

impl PaidPartner {
    pub(super) fn to(&self, rule: &Rule) -> To {
        let mut to = To::new(rule.clone(), self.member);
        to.figures.push(("tier".into(), Figure::from(self.tier.name())));
        to.figures.push(("level".into(), Figure::from(self.level)));
        to
    }

    pub(super) fn hi_value(&self, rulebook: &Rulebook) -> PartnerRate {
        self.rate(rulebook, |tier| tier.hi_value)
    }

    pub(super) fn hi_shell(&self, rulebook: &Rulebook) -> PartnerRate {
        self.rate(rulebook, |tier| tier.hi_shell)
    }

    pub(super) fn merchant_hi_shell(&self, rulebook: &Rulebook) -> PartnerRate {
        self.rate(rulebook, |tier| tier.merchant_hi_shell)
    }

    fn rate(&self, rulebook: &Rulebook, rate: impl Fn(&Tier) -> Share) -> PartnerRate {
        let own = rate(rulebook.tier(self.tier));
        let below = self.below.iter().map(|tier| rate(rulebook.tier(*tier)));
        match below.reduce(|a, b| if a.at_most(b) { b } else { a }) {
            Some(below) => PartnerRate {
                rate: own.less(below),
                of: Some((own, below)),
            },
            None => PartnerRate { rate: own, of: None },
        }
    }
}

impl To {
    /// The same, with what the rate is the difference of.
    pub(super) fn at(&self, rate: &PartnerRate) -> Self {
        let mut to = self.clone();
        if let Some((own, below)) = rate.of {
            to.figures.push(("own".into(), own.into()));
            to.figures.push(("below".into(), below.into()));
        }
        to
    }
}
