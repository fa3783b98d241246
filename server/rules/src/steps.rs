//! What a day's steps unfreeze: the ladder and the tasks.

use haigou_contract::{Amount, Milestone};
use serde::{Deserialize, Serialize};

use crate::rulebook::{Rulebook, TaskKind};

/// A day's verified steps by kind. They only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayTotals {
    /// In walks.
    pub walk: u64,
    /// In runs.
    pub run: u64,
    /// Outside activities.
    pub passive: u64,
}

/// A rung or task: what it is, and the steps that reach it. It counts once a day.
pub type MilestoneKey = (Milestone, u64);

/// A rung or task that was reached, and what it unfreezes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfreezing {
    /// Rung, walk task or run task.
    pub of: Milestone,
    /// The steps that reach it.
    pub steps: u64,
    /// The challenge that was frozen before it.
    pub frozen: Amount,
    /// The rate of a rung, or what a task unfreezes at most, as the rulebook has it.
    pub figure: UnfreezeFigure,
    /// What it unfreezes; nothing where nothing is frozen. It is reached all the same.
    pub amount: Amount,
}

/// The rulebook's figure behind an unfreezing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfreezeFigure {
    /// A rung's part of the frozen challenge.
    Rate(crate::Share),
    /// A task's amount.
    Amount(crate::Cents),
}

impl DayTotals {
    /// The steps that count for a kind of milestone: the ladder takes all of them.
    #[must_use]
    pub fn towards(self, of: Milestone) -> u64 {
        match of {
            Milestone::Ladder => self.walk.saturating_add(self.run).saturating_add(self.passive),
            Milestone::Walk => self.walk,
            Milestone::Run => self.run,
        }
    }
}

impl UnfreezeFigure {
    /// What it unfreezes of what is frozen: floor2(rate · frozen), or min(amount, frozen).
    #[must_use]
    pub fn of(self, frozen: Amount) -> Amount {
        match self {
            Self::Rate(rate) => rate.of(frozen).unwrap_or(frozen).min(frozen),
            Self::Amount(most) => most.amount().min(frozen),
        }
        .max(Amount::ZERO)
    }
}

/// All milestones of a day in the order they are booked: rungs upwards, then walk tasks, then run tasks, upwards.
#[must_use]
pub fn milestones(rulebook: &Rulebook) -> Vec<(MilestoneKey, UnfreezeFigure)> {
    let rungs = rulebook
        .challenge
        .ladder
        .iter()
        .map(|rung| ((Milestone::Ladder, rung.steps), UnfreezeFigure::Rate(rung.rate)));
    let tasks = rulebook.challenge.tasks.iter().map(|task| {
        let of = match task.kind {
            TaskKind::Walk => Milestone::Walk,
            TaskKind::Run => Milestone::Run,
        };
        ((of, task.steps), UnfreezeFigure::Amount(task.unfreeze))
    });
    let mut all: Vec<_> = rungs.chain(tasks).collect();
    all.sort_by_key(|(key, _)| *key);
    all
}

/// What an update of a day's steps unfreezes, in order, each on what is frozen at that moment.
///
/// `totals` are the day's steps after the update, `reached` the milestones of that day that are done with, and
/// `frozen` the member's frozen challenge before the update.
#[must_use]
pub fn steps(
    rulebook: &Rulebook,
    totals: DayTotals,
    reached: &[MilestoneKey],
    frozen: Amount,
) -> Vec<Unfreezing> {
    let mut left = frozen.max(Amount::ZERO);
    milestones(rulebook)
        .into_iter()
        .filter(|(key, _)| totals.towards(key.0) >= key.1 && !reached.contains(key))
        .map(|((of, steps), figure)| {
            let frozen = left;
            let amount = figure.of(frozen);
            left = frozen.checked_sub(amount).unwrap_or_default();
            Unfreezing {
                of,
                steps,
                frozen,
                figure,
                amount,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use proptest::prelude::*;

    fn sport() -> Rulebook {
        Preset::Sport.rulebook().unwrap()
    }

    fn walked(walk: u64) -> DayTotals {
        DayTotals {
            walk,
            ..DayTotals::default()
        }
    }

    fn amounts(of: &[Unfreezing]) -> Vec<(Milestone, u64, i64)> {
        of.iter().map(|u| (u.of, u.steps, u.amount.units())).collect()
    }

    #[test]
    fn six_thousand_steps_walked_at_once_with_67_frozen_unfreeze_0_86() {
        let unfrozen = steps(&sport(), walked(6_000), &[], Amount::from_units(6_700));
        assert_eq!(
            amounts(&unfrozen),
            [
                (Milestone::Ladder, 3_000, 6),
                (Milestone::Ladder, 6_000, 20),
                (Milestone::Walk, 6_000, 60)
            ]
        );
    }

    #[test]
    fn one_step_less_reaches_nothing_and_a_milestone_counts_once() {
        let frozen = Amount::from_units(6_700);
        assert_eq!(steps(&sport(), walked(2_999), &[], frozen), []);
        let first = steps(&sport(), walked(6_000), &[], frozen);
        let reached: Vec<_> = first.iter().map(|u| (u.of, u.steps)).collect();
        assert_eq!(steps(&sport(), walked(9_999), &reached, frozen), []);
    }

    #[test]
    fn the_ladder_takes_all_kinds_and_a_task_its_own() {
        let totals = DayTotals {
            walk: 1_000,
            run: 3_000,
            passive: 2_000,
        };
        let unfrozen = steps(&sport(), totals, &[], Amount::from_units(10_000));
        assert_eq!(
            amounts(&unfrozen),
            [
                (Milestone::Ladder, 3_000, 10),
                (Milestone::Ladder, 6_000, 29),
                (Milestone::Run, 3_000, 80)
            ]
        );
    }

    #[test]
    fn with_nothing_frozen_milestones_are_reached_for_nothing() {
        let unfrozen = steps(&sport(), walked(20_000), &[], Amount::ZERO);
        assert_eq!(unfrozen.len(), 4);
        assert!(unfrozen.iter().all(|u| u.amount.is_zero()));
        let unfrozen = steps(&sport(), walked(20_000), &[], Amount::from_units(61));
        assert_eq!(unfrozen.iter().map(|u| u.amount.units()).sum::<i64>(), 60);
    }

    #[test]
    fn classic_has_neither_ladder_nor_tasks() {
        let classic = Preset::Classic.rulebook().unwrap();
        assert_eq!(
            steps(&classic, walked(100_000), &[], Amount::from_units(1_000)),
            []
        );
    }

    proptest! {
        #[test]
        fn never_more_than_is_frozen_and_each_once(
            updates in prop::collection::vec((0_u64..4_000, 0_u64..2_000, 0_u64..3_000), 1..20),
            frozen in 0_i64..1_000_000,
        ) {
            let rulebook = sport();
            let (mut totals, mut reached, mut left) = (DayTotals::default(), Vec::new(), frozen);
            for (walk, run, passive) in updates {
                totals.walk += walk;
                totals.run += run;
                totals.passive += passive;
                for unfreezing in steps(&rulebook, totals, &reached, Amount::from_units(left)) {
                    prop_assert_eq!(unfreezing.frozen.units(), left);
                    prop_assert!(unfreezing.amount.units() >= 0);
                    left -= unfreezing.amount.units();
                    prop_assert!(left >= 0);
                    prop_assert!(!reached.contains(&(unfreezing.of, unfreezing.steps)));
                    reached.push((unfreezing.of, unfreezing.steps));
                }
            }
            for ((of, steps), _) in milestones(&rulebook) {
                prop_assert_eq!(reached.contains(&(of, steps)), totals.towards(of) >= steps);
            }
        }

        #[test]
        fn no_figures_overflow(walk: u64, run: u64, passive: u64, frozen: i64) {
            let unfrozen = steps(&sport(), DayTotals { walk, run, passive }, &[], Amount::from_units(frozen));
            let sum: i128 = unfrozen.iter().map(|u| i128::from(u.amount.units())).sum();
            prop_assert!(sum <= i128::from(frozen.max(0)));
        }
    }
}
