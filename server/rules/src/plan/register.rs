//! A registration: the new member, his direct sponsor, the numbers up the line.

use haigou_ledger::{MemberNo, Reason, Rule};

use super::{Books, PlanError, Planned, Planner};
use crate::register::{Gives, Registration, Sponsor, registration};
use crate::rulebook::ActiveFrom;
use crate::world::{Person, World};

impl<W: World> Planner<'_, W> {
    pub(super) fn registration(&mut self, member: MemberNo, sponsor: Option<MemberNo>) -> Planned<(), W> {
        let mut society = self.world.society().map_err(PlanError::World)?;
        society.population = society.population.checked_add(1).ok_or(PlanError::TooMany)?;
        let is_next = i64::from(society.population) == member.number();
        if !is_next || sponsor.is_some_and(|sponsor| sponsor >= member) {
            return Err(PlanError::OutOfOrder(member));
        }
        self.world.keep_society(society).map_err(PlanError::World)?;

        if self.rulebook.active_from == ActiveFrom::Registration {
            self.step(Rule::ACTIVATE.into(), Books::Activation(member));
        }
        let mut person = Person::default();
        let sponsor = match sponsor {
            Some(number) => {
                let above = self.person(number)?;
                person.sponsor = u32::try_from(number.number()).map_err(|_| PlanError::TooMany)?;
                person.depth = above.depth.checked_add(1).ok_or(PlanError::TooMany)?;
                Some(Sponsor {
                    member: number,
                    vip: above.vip,
                })
            }
            None => None,
        };
        for reward in registration(self.rulebook, Registration { member, sponsor }) {
            let reason = Reason::new(reward.rule);
            match reward.gives {
                Gives::Grant(asset, amount) => self.give(reason, reward.member, asset, amount),
                Gives::Unfreeze(most) => self.step(reason, Books::Unfreezing(reward.member, most)),
            }
        }
        self.keep(member, person)?;
        self.joined(member)
    }
}
