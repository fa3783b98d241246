//! Partner tiers: who gains one, and what that changes up the line.

use std::collections::HashMap;

use haigou_ledger::MemberNo;

use super::line::Mark;
use super::{PlanError, Planned, Planner};
use crate::event::PartnerTier;
use crate::register::Sponsor;
use crate::rulebook::{Conditions, Rulebook, Tier};
use crate::world::{Person, World};

impl Rulebook {
    /// A tier's conditions and rates.
    #[must_use]
    pub const fn tier(&self, tier: PartnerTier) -> &Tier {
        match tier {
            PartnerTier::Junior => &self.partners.junior,
            PartnerTier::Middle => &self.partners.middle,
            PartnerTier::Senior => &self.partners.senior,
        }
    }
}

/// The tier that somebody has from now on: the highest whose conditions hold by themselves, and never less than
/// before.
#[must_use]
pub fn earned_tier(rulebook: &Rulebook, member: MemberNo, person: &Person) -> Option<PartnerTier> {
    let vip = person.vip;
    if !rulebook.may_earn(Sponsor { member, vip }) {
        return person.tier;
    }
    let holds = |tier: &PartnerTier| holds(&rulebook.tier(*tier).when, person);
    PartnerTier::ALL.into_iter().rev().find(holds).max(person.tier)
}

/// Do all conditions that are named hold?
fn holds(when: &Conditions, person: &Person) -> bool {
    when.named(person).all(|(_, needed, reached)| reached >= needed)
}

/// What comes to somebody from below: new members and partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Rise {
    team: u32,
    juniors: u32,
    middles: u32,
    direct: u32,
    direct_juniors: u32,
    direct_middles: u32,
}

impl Rise {
    const NOTHING: Self = Self {
        team: 0,
        juniors: 0,
        middles: 0,
        direct: 0,
        direct_juniors: 0,
        direct_middles: 0,
    };

    fn reach(self, person: &mut Person) {
        // No count is ever more than there are members, and those are counted in 32 bits.
        person.team = person.team.saturating_add(self.team);
        person.juniors = person.juniors.saturating_add(self.juniors);
        person.middles = person.middles.saturating_add(self.middles);
        person.direct = person.direct.saturating_add(self.direct);
        person.direct_juniors = person.direct_juniors.saturating_add(self.direct_juniors);
        person.direct_middles = person.direct_middles.saturating_add(self.direct_middles);
    }

    /// What goes on to the sponsor, when somebody whom this reached had one tier before and has another now.
    fn beyond(self, before: Option<PartnerTier>, now: Option<PartnerTier>) -> Self {
        let gained = |tier| u32::from(before < Some(tier) && now >= Some(tier));
        let (junior, middle) = (gained(PartnerTier::Junior), gained(PartnerTier::Middle));
        Self {
            team: self.team,
            juniors: self.juniors.saturating_add(junior),
            middles: self.middles.saturating_add(middle),
            direct: 0,
            direct_juniors: junior,
            direct_middles: middle,
        }
    }

    fn join(&mut self, other: Self) {
        self.team = self.team.saturating_add(other.team);
        self.juniors = self.juniors.saturating_add(other.juniors);
        self.middles = self.middles.saturating_add(other.middles);
        self.direct = self.direct.saturating_add(other.direct);
        self.direct_juniors = self.direct_juniors.saturating_add(other.direct_juniors);
        self.direct_middles = self.direct_middles.saturating_add(other.direct_middles);
    }
}

impl<W: World> Planner<'_, W> {
    /// Somebody has registered: he is counted up the line, and tiers are checked.
    pub(super) fn joined(&mut self, member: MemberNo) -> Planned<(), W> {
        let mut newcomer = Climb::default();
        let mut rise = newcomer.reach(self, member, Rise::NOTHING)?;
        rise.team = 1;
        rise.direct = 1;
        newcomer.go_on(self, member, rise)
    }

    /// Somebody has received an order, and is VIP by it or not: tiers are checked.
    pub(super) fn received(&mut self, buyer: MemberNo, makes_vip: bool) -> Planned<(), W> {
        let mut person = self.person(buyer)?;
        if makes_vip && !person.vip {
            person.vip = true;
            self.keep(buyer, person)?;
        }
        self.check_up(buyer)
    }

    /// The operator has appointed somebody: tiers are checked.
    pub(super) fn appointment(&mut self, member: MemberNo, tier: PartnerTier) -> Planned<(), W> {
        let person = self.person(member)?;
        let vip = person.vip;
        if !self.rulebook.may_earn(Sponsor { member, vip }) {
            return Err(PlanError::NotVip(member));
        }
        if person.tier > Some(tier) {
            return Err(PlanError::TierKept(member));
        }
        let mut climb = Climb {
            appointed: Some(tier),
            ..Climb::default()
        };
        let rise = climb.reach(self, member, Rise::NOTHING)?;
        climb.go_on(self, member, rise)
    }

    fn check_up(&mut self, member: MemberNo) -> Planned<(), W> {
        let mut climb = Climb::default();
        let rise = climb.reach(self, member, Rise::NOTHING)?;
        climb.go_on(self, member, rise)
    }

    /// Everybody's tier is checked, from the bottom up: whoever is below somebody has a higher number.
    pub(super) fn check_everybody(&mut self) -> Planned<(), W> {
        let population = self.world.society().map_err(PlanError::World)?.population;
        let mut rises = HashMap::<u32, Rise>::new();
        let mut promoted = false;
        for number in (1..=population).rev() {
            let Some(member) = MemberNo::new(i64::from(number)) else {
                continue;
            };
            let before = self.person(member)?;
            let mut person = before;
            let rise = rises.remove(&number).unwrap_or_default();
            rise.reach(&mut person);
            person.tier = earned_tier(self.rulebook, member, &person);
            if person != before {
                self.keep(member, person)?;
            }
            promoted |= before.tier.is_none() && person.tier.is_some();
            let rise = rise.beyond(before.tier, person.tier);
            if person.sponsor != 0 && rise != Rise::NOTHING {
                rises.entry(person.sponsor).or_default().join(rise);
            }
        }
        if promoted {
            self.forget_sightings(population)?;
        }
        Ok(())
    }

    /// There are new partners anywhere: nobody's sighting of a partner holds any more.
    fn forget_sightings(&mut self, population: u32) -> Planned<(), W> {
        self.marked_below(Mark::Partner, None)?;
        for member in (1..=population).filter_map(|number| MemberNo::new(i64::from(number))) {
            if self.person(member)?.tier.is_some() {
                self.marked_below(Mark::Partner, Some(member))?;
            }
        }
        Ok(())
    }
}

/// The way up a line from somebody whose numbers have changed.
#[derive(Debug, Default)]
struct Climb {
    /// The tier that the first one is appointed to.
    appointed: Option<PartnerTier>,
    /// Somebody below has become a partner, and no older partner above him was met yet.
    new_below: bool,
}

impl Climb {
    /// Lets what comes from below reach somebody; answers what goes on to his sponsor.
    fn reach<W: World>(
        &mut self,
        planner: &mut Planner<'_, W>,
        member: MemberNo,
        rise: Rise,
    ) -> Planned<Rise, W> {
        let before = planner.person(member)?;
        let mut person = before;
        rise.reach(&mut person);
        person.tier = person.tier.max(self.appointed.take());
        person.tier = earned_tier(planner.rulebook, member, &person);
        if person != before {
            planner.keep(member, person)?;
        }
        if before.tier.is_some() && self.new_below {
            self.new_below = false;
            planner.marked_below(Mark::Partner, Some(member))?;
        } else if before.tier.is_none() && person.tier.is_some() {
            self.new_below = true;
        }
        Ok(rise.beyond(before.tier, person.tier))
    }

    /// Goes on up the line of somebody who was reached, as long as there is something to tell.
    fn go_on<W: World>(
        mut self,
        planner: &mut Planner<'_, W>,
        member: MemberNo,
        mut rise: Rise,
    ) -> Planned<(), W> {
        let mut above = planner.person(member)?.sponsor();
        while let Some(member) = above
            && rise != Rise::NOTHING
        {
            rise = self.reach(planner, member, rise)?;
            above = planner.person(member)?.sponsor();
        }
        if self.new_below {
            planner.marked_below(Mark::Partner, None)?;
        }
        Ok(())
    }
}
