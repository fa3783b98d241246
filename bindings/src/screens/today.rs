//! Today: steps, ladder, tasks, what is missing.

use haigou_contract::Milestone;
use haigou_phone::screens::{AsOf, Standing};

use super::NotCounted;
use super::shared::all;
use crate::Phone;
use crate::kinds::count;

/// The today screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TodayScreen {
    /// How it stands. What this phone recorded is always there to be shown.
    pub standing: Standing,
    /// Which day it is, in Shanghai.
    pub day: String,
    /// Steps that this phone recorded today, in walks.
    pub walk: i64,
    /// In runs.
    pub run: i64,
    /// Outside of activities.
    pub passive: i64,
    /// What the server has counted today, over all devices; none before it said anything today.
    pub counted: Option<DaySteps>,
    /// Rungs of the ladder, walk tasks, run tasks.
    pub goals: Vec<GoalLine>,
    /// Frozen challenge, as the server said last.
    pub challenge_frozen: Option<String>,
    /// Unfrozen challenge, as the server said last.
    pub challenge_available: Option<String>,
    /// Today's steps that the server did not count, and why.
    pub not_counted: Vec<NotCounted>,
    /// Minutes that no server has answered for yet.
    pub unsynced_minutes: i64,
    /// How old the server's figures are; none if there are none.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// A day's steps, as the server holds them.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DaySteps {
    /// The day.
    pub day: String,
    /// Counted, in walks.
    pub walk: i64,
    /// Counted, in runs.
    pub run: i64,
    /// Counted, outside activities.
    pub passive: i64,
    /// Claimed by devices, counted or not.
    pub claimed: i64,
}

/// A rung or task.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GoalLine {
    /// Rung or task.
    pub of: Milestone,
    /// Steps that reach it.
    pub steps: i64,
    /// Steps counted towards it today.
    pub counted: i64,
    /// It was reached today.
    pub reached: bool,
    /// What it unfroze today, if it was reached; else what it would unfreeze now.
    pub amount: String,
    /// Counted steps that are still missing.
    pub missing: i64,
    /// Steps that would still be missing if everything recorded on this phone today were counted.
    pub missing_if_counted: i64,
}

crate::listen::screen! {
    TodayScreen from today,
    /// Today's steps, ladder and tasks, as far as they are known.
    today,
    /// Hears of today's steps, ladder and tasks.
    TodayListener,
    watch_today
}

impl From<haigou_phone::screens::TodayScreen> for TodayScreen {
    fn from(screen: haigou_phone::screens::TodayScreen) -> Self {
        Self {
            standing: screen.standing,
            day: screen.day.to_string(),
            walk: count(screen.walk),
            run: count(screen.run),
            passive: count(screen.passive),
            counted: screen.counted.map(Into::into),
            goals: all(screen.goals),
            challenge_frozen: screen.challenge_frozen.map(|amount| amount.to_string()),
            challenge_available: screen.challenge_available.map(|amount| amount.to_string()),
            not_counted: all(screen.not_counted),
            unsynced_minutes: count(screen.unsynced_minutes),
            as_of: screen.as_of,
            offline: screen.offline,
        }
    }
}

impl From<haigou_contract::DaySteps> for DaySteps {
    fn from(steps: haigou_contract::DaySteps) -> Self {
        Self {
            day: steps.day.to_string(),
            walk: count(steps.walk),
            run: count(steps.run),
            passive: count(steps.passive),
            claimed: count(steps.claimed),
        }
    }
}

impl From<haigou_phone::screens::GoalLine> for GoalLine {
    fn from(line: haigou_phone::screens::GoalLine) -> Self {
        Self {
            of: line.goal.of,
            steps: count(line.goal.steps),
            counted: count(line.goal.counted),
            reached: line.goal.reached,
            amount: line.goal.amount.to_string(),
            missing: count(line.missing),
            missing_if_counted: count(line.missing_if_counted),
        }
    }
}
