//! Today: steps, ladder, tasks, what is missing.

use haigou_contract::{Day, DaySteps, Goal, Minute, MinuteSteps, NotCounted, StepKind, Today, UploadAnswer};
use rust_decimal::Decimal;

use super::{AsOf, Standing};
use crate::store::Cached;

/// The today screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayScreen {
    /// How it stands. What this phone recorded is always there to be shown.
    pub standing: Standing,
    /// Which day it is, in Shanghai.
    pub day: Day,
    /// Steps that this phone recorded today, in walks.
    pub walk: u64,
    /// In runs.
    pub run: u64,
    /// Outside of activities.
    pub passive: u64,
    /// What the server has counted today, over all devices; none before it said anything today.
    pub counted: Option<DaySteps>,
    /// Rungs of the ladder, walk tasks, run tasks.
    pub goals: Vec<GoalLine>,
    /// Frozen challenge, as the server said last.
    pub challenge_frozen: Option<Decimal>,
    /// Unfrozen challenge, as the server said last.
    pub challenge_available: Option<Decimal>,
    /// Today's steps that the server did not count, and why.
    pub not_counted: Vec<NotCounted>,
    /// Minutes that no server has answered for yet.
    pub unsynced_minutes: u64,
    /// How old the server's figures are; none if there are none.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// A rung or task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalLine {
    /// As the server sees it.
    pub goal: Goal,
    /// Counted steps that are still missing.
    pub missing: u64,
    /// Steps that would still be missing if everything recorded on this phone today were counted.
    pub missing_if_counted: u64,
}

impl TodayScreen {
    pub(crate) const fn empty(day: Day) -> Self {
        Self {
            standing: Standing::LOADING,
            day,
            walk: 0,
            run: 0,
            passive: 0,
            counted: None,
            goals: Vec::new(),
            challenge_frozen: None,
            challenge_available: None,
            not_counted: Vec::new(),
            unsynced_minutes: 0,
            as_of: None,
            offline: false,
        }
    }

    /// Adds what this phone recorded.
    pub(crate) fn with_minutes(mut self, minutes: &[MinuteSteps]) -> Self {
        for minute in minutes {
            let sum = match minute.kind {
                StepKind::Walk => &mut self.walk,
                StepKind::Run => &mut self.run,
                StepKind::Passive => &mut self.passive,
            };
            *sum += u64::from(minute.steps);
        }
        self
    }

    /// Adds what the server said last. What it said on another day still tells the goals and the challenge.
    pub(crate) fn with_server(mut self, cached: Option<Cached<Today>>, now_ms: i64) -> Self {
        let Some(Cached { value, fetched_ms }) = cached else {
            return self;
        };
        let same_day = value.steps.day == self.day;
        self.goals = value
            .goals
            .into_iter()
            .map(|mut goal| {
                if !same_day {
                    (goal.counted, goal.reached) = (0, false);
                }
                let here = match goal.of {
                    haigou_contract::Milestone::Ladder => self.walk + self.run + self.passive,
                    haigou_contract::Milestone::Walk => self.walk,
                    haigou_contract::Milestone::Run => self.run,
                };
                let missing = if goal.reached {
                    0
                } else {
                    goal.steps.saturating_sub(goal.counted)
                };
                let missing_if_counted = missing.min(goal.steps.saturating_sub(here));
                GoalLine {
                    goal,
                    missing,
                    missing_if_counted,
                }
            })
            .collect();
        self.counted = same_day.then_some(value.steps);
        self.challenge_frozen = Some(value.challenge_frozen);
        self.challenge_available = Some(value.challenge_available);
        self.as_of = Some(AsOf::new(fetched_ms, now_ms));
        self
    }

    /// Adds what the server did not count.
    pub(crate) fn with_answers(mut self, answers: Vec<UploadAnswer>) -> Self {
        let (from, to) = (Minute::at(self.day.start_ms()), Minute::at(self.day.end_ms()));
        self.not_counted = answers
            .into_iter()
            .flat_map(|answer| answer.not_counted)
            .filter(|part| part.to >= from && part.from < to)
            .collect();
        self
    }
}
