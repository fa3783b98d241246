//! A day's verified steps have grown.

use haigou_contract::Milestone;
use haigou_ledger::Reason;

use super::{Books, Planner};
use crate::event::StepsUpdate;
use crate::rule;
use crate::steps::milestones;
use crate::world::World;

impl<W: World> Planner<'_, W> {
    /// Rungs and tasks that are reached now and were not before, each on what is frozen when its turn comes.
    pub(super) fn steps_update(&mut self, update: &StepsUpdate) {
        for (key, figure) in milestones(self.rulebook) {
            let (of, steps) = key;
            if update.totals.towards(of) < steps || update.reached.contains(&key) {
                continue;
            }
            let rule = match of {
                Milestone::Ladder => rule::STEPS_LADDER,
                Milestone::Walk => rule::STEPS_WALK,
                Milestone::Run => rule::STEPS_RUN,
            };
            let milestone = Books::Milestone {
                member: update.member,
                day: update.day,
                key,
                figure,
            };
            self.step(Reason::new(rule), milestone);
        }
    }
}
