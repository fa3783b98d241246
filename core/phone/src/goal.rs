//! The daily goal in steps, and days in a row that reached it.

use haigou_contract::Day;
use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::screens::Streak;
use crate::store::{Lasting, Tx};
use crate::{Phone, PhoneError};

/// The goal until the member chooses one: from 8,000 to 10,000 steps a day on, more steps hardly prolong the life of adults
/// under 60, and from 6,000 to 8,000 on that of older ones (Paluch et al. 2022, Lancet Public Health 7: e219).
pub(crate) const USUAL: u32 = 8_000;
const CHOSEN: std::ops::RangeInclusive<u32> = 1_000..=100_000;
/// The name in the store.
const GOALS: &str = "goals";

/// Goals, each with the first day that it counted on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Goals(Vec<(Day, u32)>);

impl Goals {
    pub(crate) fn load(tx: &Tx<'_>) -> Result<Self, PhoneError> {
        Ok(tx.state(GOALS)?.unwrap_or_default())
    }

    /// The goal that a day had.
    pub(crate) fn on(&self, day: Day) -> u32 {
        let known = self.0.iter().rfind(|(since, _)| *since <= day);
        known.map_or(USUAL, |(_, steps)| *steps)
    }

    /// Chooses another from a day on. What a clock that was wrong put behind it counts no more.
    fn choose(&mut self, day: Day, steps: u32) {
        self.0.retain(|(since, _)| *since < day);
        self.0.push((day, steps));
    }
}

impl Phone {
    /// Steps a day that the member wants to make.
    ///
    /// # Errors
    /// Those of the store.
    pub fn daily_goal(&self) -> Result<u32, PhoneError> {
        self.with(|core, now| Ok(Goals::load(&core.store.read())?.on(Day::at(now.t_ms))))?
    }

    /// Chooses the daily goal, 1,000 to 100,000 steps. It counts from today on: days before are held against the goal that
    /// they had.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`], those of the store.
    pub fn set_daily_goal(&self, steps: u32) -> Result<(), PhoneError> {
        if !CHOSEN.contains(&steps) {
            return Err(PhoneError::OutOfBounds { field: "goal" });
        }
        self.with(|core: &mut Core, now| {
            let mut goals = Goals::load(&core.store.read())?;
            goals.choose(Day::at(now.t_ms), steps);
            core.store.write(Lasting::Power, |tx| tx.set_state(GOALS, &goals))
        })??;
        self.show_all();
        Ok(())
    }
}

/// Days in a row that reached their goal. `days` are those with steps, in rising order; today may be among them.
pub(crate) fn streak(days: &[(Day, u64)], goals: &Goals, today: Day) -> Streak {
    let mut streak = Streak::default();
    let mut run = 0;
    let mut last: Option<Day> = None;
    for (day, steps) in days.iter().filter(|(day, _)| *day <= today) {
        if *steps < u64::from(goals.on(*day)) {
            continue;
        }
        run = if last.is_some_and(|last| last.next() == *day) {
            run + 1
        } else {
            1
        };
        last = Some(*day);
        streak.longest = streak.longest.max(run);
    }
    streak.today = last == Some(today);
    if last.is_some_and(|last| last.next() >= today) {
        streak.days = run;
    }
    streak
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> Day {
        Day::from_number(20_000 + number)
    }

    fn walked(steps: &[(i32, u64)]) -> Vec<(Day, u64)> {
        steps
            .iter()
            .map(|(number, steps)| (day(*number), *steps))
            .collect()
    }

    #[test]
    fn today_counts_when_it_is_reached_and_breaks_nothing_before_it_is_over() {
        let days = walked(&[(0, 9_000), (1, 7_999), (2, 8_000), (3, 8_001), (4, 100)]);
        let at = |today| {
            let streak = streak(&days, &Goals::default(), day(today));
            (streak.days, streak.today, streak.longest)
        };
        assert_eq!(at(0), (1, true, 1));
        assert_eq!(at(1), (1, false, 1), "not over yet");
        assert_eq!(at(3), (2, true, 2));
        assert_eq!(at(4), (2, false, 2), "not over yet");
        assert_eq!(at(5), (0, false, 2));
        assert_eq!(streak(&[], &Goals::default(), day(0)), Streak::default());
    }

    #[test]
    fn a_day_without_steps_breaks_it() {
        let days = walked(&[(0, 9_000), (2, 9_000)]);
        assert_eq!(streak(&days, &Goals::default(), day(2)).days, 1);
    }

    #[test]
    fn days_keep_the_goal_that_they_had() {
        let mut goals = Goals::default();
        goals.choose(day(1), 5_000);
        goals.choose(day(3), 20_000);
        goals.choose(day(3), 10_000);
        let had: Vec<u32> = (0..5).map(|number| goals.on(day(number))).collect();
        assert_eq!(had, [8_000, 5_000, 5_000, 10_000, 10_000]);
        let days = walked(&[(0, 8_000), (1, 5_000), (2, 5_000), (3, 9_999)]);
        assert_eq!(streak(&days, &goals, day(3)).days, 3);
        // A clock that had been years ahead.
        goals.choose(day(900), 50_000);
        goals.choose(day(4), 6_000);
        assert_eq!(goals.on(day(901)), 6_000);
    }
}
