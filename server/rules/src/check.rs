//! Reading a rulebook, and refusing what can't be one: with the key's path and what is allowed there.

use haigou_ledger::SHELL_CAP;

use crate::figures::Shells;
use crate::rulebook::{Rulebook, Schedule, TaskKind};

/// The most rungs, tasks or years that a list may have.
const LONGEST_LIST: usize = 100;
const LONGEST_NAME: usize = 64;

/// A rulebook that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {allowed}")]
pub struct RulebookError {
    /// The key, for example `partners.junior.hi_value` or `challenge.ladder[1].steps`; `.` for the whole text.
    pub path: String,
    /// What was wrong, and what is allowed there.
    pub allowed: String,
}

impl Rulebook {
    /// Reads a rulebook and checks every key.
    ///
    /// # Errors
    /// [`RulebookError`] for the first key that is unknown, missing, or has a value that isn't allowed.
    pub fn from_json(text: &str) -> Result<Self, RulebookError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let rulebook: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| RulebookError {
            path: error.path().to_string(),
            allowed: error.inner().to_string(),
        })?;
        json.end().map_err(|error| refused(".", error.to_string()))?;
        rulebook.check()?;
        Ok(rulebook)
    }

    /// Checks what no single key can say by itself: bounds that cross, lists out of order, what a schedule needs.
    ///
    /// # Errors
    /// [`RulebookError`] for the first key that isn't allowed.
    pub fn check(&self) -> Result<(), RulebookError> {
        let name = self.name.chars().count();
        if name == 0 || name > LONGEST_NAME || self.name.chars().any(char::is_control) {
            return Err(refused("name", "write 1 to 64 visible characters"));
        }
        if !self.offline.rebate.min.at_most(self.offline.rebate.max) {
            return Err(refused(
                "offline.rebate.min",
                "at most offline.rebate.max is allowed",
            ));
        }
        if self.partners.max_depth == Some(0) {
            return Err(refused(
                "partners.max_depth",
                "1 (the sponsor alone) or more, or null for no limit",
            ));
        }
        self.check_airdrop()?;
        self.check_ladder()?;
        self.check_tasks()
    }

    fn check_airdrop(&self) -> Result<(), RulebookError> {
        let airdrop = &self.airdrop;
        let needed = match airdrop.schedule {
            Schedule::Halving if airdrop.first_day.is_none() => Some("airdrop.first_day"),
            Schedule::Yearly if airdrop.totals.is_none() => Some("airdrop.totals"),
            Schedule::Halving | Schedule::Yearly => None,
        };
        if let Some(path) = needed {
            return Err(refused(path, "airdrop.schedule needs this key"));
        }
        let within_cap = |shells: Shells, path: String| {
            if shells.amount().units() <= SHELL_CAP {
                Ok(())
            } else {
                Err(refused(path, "at most 390000 Hi-Shell can ever be issued"))
            }
        };
        within_cap(airdrop.reward_pool, "airdrop.reward_pool".to_owned())?;
        if let Some(first) = airdrop.first_day {
            within_cap(first, "airdrop.first_day".to_owned())?;
        }
        let totals = airdrop.totals.as_deref().unwrap_or_default();
        if totals.len() > LONGEST_LIST {
            return Err(refused("airdrop.totals", "at most 100 years are allowed"));
        }
        for (index, total) in totals.iter().enumerate() {
            within_cap(*total, format!("airdrop.totals[{index}]"))?;
        }
        Ok(())
    }

    fn check_ladder(&self) -> Result<(), RulebookError> {
        let ladder = &self.challenge.ladder;
        if ladder.len() > LONGEST_LIST {
            return Err(refused("challenge.ladder", "at most 100 rungs are allowed"));
        }
        let mut below = 0;
        for (index, rung) in ladder.iter().enumerate() {
            if rung.steps <= below {
                return Err(refused(
                    format!("challenge.ladder[{index}].steps"),
                    format!("more than {below} is allowed here: rungs rise, and no two are alike"),
                ));
            }
            within_a_day(rung.steps, || format!("challenge.ladder[{index}].steps"))?;
            below = rung.steps;
        }
        Ok(())
    }

    fn check_tasks(&self) -> Result<(), RulebookError> {
        let tasks = &self.challenge.tasks;
        if tasks.len() > LONGEST_LIST {
            return Err(refused("challenge.tasks", "at most 100 tasks are allowed"));
        }
        let mut seen: Vec<(TaskKind, u64)> = Vec::new();
        for (index, task) in tasks.iter().enumerate() {
            let path = || format!("challenge.tasks[{index}].steps");
            if task.steps == 0 {
                return Err(refused(path(), "1 step or more is allowed"));
            }
            within_a_day(task.steps, path)?;
            if seen.contains(&(task.kind, task.steps)) {
                return Err(refused(path(), "no two tasks of a kind may need the same steps"));
            }
            seen.push((task.kind, task.steps));
        }
        Ok(())
    }
}

/// A day has at most 1,440 minutes of 220 steps: what lies beyond can never be reached.
fn within_a_day(steps: u64, path: impl Fn() -> String) -> Result<(), RulebookError> {
    const MOST: u64 = 1_440 * 220;
    if steps <= MOST {
        Ok(())
    } else {
        Err(refused(path(), "at most 316800 steps are possible in a day"))
    }
}

fn refused(path: impl Into<String>, allowed: impl Into<String>) -> RulebookError {
    RulebookError {
        path: path.into(),
        allowed: allowed.into(),
    }
}
