//! Reading a rulebook, and refusing what can't be one: with the key's path and what is allowed there.

use haigou_ledger::SHELL_CAP;
use serde_json::Value;

use crate::figures::Shells;
use crate::rulebook::{Conditions, Rulebook, Schedule, TaskKind};

/// The most rungs, tasks or years that a list may have.
pub(crate) const LONGEST_LIST: usize = 100;
/// A day has 1,440 minutes of at most 220 steps: what lies beyond can never be reached.
pub(crate) const MOST_STEPS: u64 = 1_440 * 220;
const LONGEST_NAME: usize = 64;
/// Bytes; a hundred times what the presets have.
const LONGEST_TEXT: usize = 256 * 1024;

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
        if text.len() > LONGEST_TEXT {
            return Err(refused(".", "a rulebook has at most 256 KiB"));
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let rulebook: Self = serde_path_to_error::deserialize(&mut json).map_err(misread)?;
        json.end()
            .map_err(|error| refused(".", format!("nothing may follow the rulebook: {error}")))?;
        let as_written = serde_json::from_str(text).unwrap_or_default();
        let as_read = serde_json::to_value(&rulebook).unwrap_or_default();
        if let Some(path) = list_for_object(&as_written, &as_read, "") {
            return Err(refused(
                path,
                "an object with named keys is allowed here, not a list",
            ));
        }
        rulebook.check()?;
        Ok(rulebook)
    }

    /// Checks what no single key can say by itself: bounds that cross, lists out of order, what a schedule needs.
    ///
    /// # Errors
    /// [`RulebookError`] for the first key that isn't allowed.
    pub fn check(&self) -> Result<(), RulebookError> {
        let name = self.name.chars().count();
        if self.name.trim().is_empty() || name > LONGEST_NAME || self.name.chars().any(char::is_control) {
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
        for (path, tier) in [
            ("partners.junior.when", &self.partners.junior),
            ("partners.middle.when", &self.partners.middle),
            ("partners.senior.when", &self.partners.senior),
        ] {
            if tier.when == Conditions::default() {
                return Err(refused(
                    path,
                    "name at least one condition, or else everybody would hold this tier",
                ));
            }
        }
        for (index, way) in self.centre.joins_by.iter().enumerate() {
            if self.centre.joins_by.iter().take(index).any(|known| known == way) {
                return Err(refused(
                    format!("centre.joins_by[{index}]"),
                    "each way is named once",
                ));
            }
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

fn within_a_day(steps: u64, path: impl Fn() -> String) -> Result<(), RulebookError> {
    if steps <= MOST_STEPS {
        Ok(())
    } else {
        Err(refused(
            path(),
            format!("at most {MOST_STEPS} steps are possible in a day"),
        ))
    }
}

/// What the parser says, with the path down to the key itself: of a key that is missing or stands twice the parser
/// names only the object.
fn misread(error: serde_path_to_error::Error<serde_json::Error>) -> RulebookError {
    let (path, error) = (error.path().to_string(), error.into_inner());
    let why = error.to_string();
    if !error.is_data() {
        return refused(path, format!("this isn't JSON: {why}"));
    }
    let key = ["missing field `", "duplicate field `"]
        .into_iter()
        .find_map(|prefix| why.strip_prefix(prefix))
        .and_then(|rest| rest.split('`').next());
    match key {
        None => refused(path, why),
        Some(key) if path == "." => refused(key, why.as_str()),
        Some(key) if path == key || path.ends_with(&format!(".{key}")) => refused(path, why.as_str()),
        Some(key) => refused(format!("{path}.{key}"), why.as_str()),
    }
}

/// Where a list stands for an object. Derived readers take the keys' values in order just as well; a rulebook that
/// people read says what is what.
fn list_for_object(written: &Value, read: &Value, path: &str) -> Option<String> {
    match (written, read) {
        (Value::Array(_), Value::Object(_)) => Some(if path.is_empty() { "." } else { path }.to_owned()),
        (Value::Object(written), Value::Object(read)) => read.iter().find_map(|(key, read)| {
            let dot = if path.is_empty() { "" } else { "." };
            list_for_object(written.get(key)?, read, &format!("{path}{dot}{key}"))
        }),
        (Value::Array(written), Value::Array(read)) => (0..)
            .zip(written.iter().zip(read))
            .find_map(|(index, (written, read))| list_for_object(written, read, &format!("{path}[{index}]"))),
        _ => None,
    }
}

fn refused(path: impl Into<String>, allowed: impl Into<String>) -> RulebookError {
    RulebookError {
        path: path.into(),
        allowed: allowed.into(),
    }
}

#[cfg(test)]
mod tests;
