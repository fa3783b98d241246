//! What a regulator in mainland China would question in a rulebook. No legal advice: an operator has a lawyer look.
//!
//! Each finding names the regulation and article, the settings that raise it, and what to change; changed so, the finding
//! is gone. A rulebook with findings starts only when two administrators have accepted each in writing.

mod acceptance;
mod packs;
mod payments;
mod referral;
mod regulation;
mod returns;
mod team;
mod tokens;

use serde::Serialize;
use serde_json::Value;

pub use acceptance::{ADMINISTRATORS, Acceptance, AcceptanceError, Unaccepted, unaccepted};
pub use regulation::{LIST_DATE, Regulation, Source};

use crate::forecast::{ForecastError, Growth, worth_of_a_year};
use crate::rulebook::Rulebook;
use crate::said::Said;
use crate::settings::settings;

/// How much is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Lawful if done with care.
    Low,
    /// Needs a licence, or exceeds a yardstick.
    Medium,
    /// What the regulation forbids, by its wording.
    High,
}

impl Severity {
    /// In words.
    #[must_use]
    pub fn words(self) -> Said {
        match self {
            Self::Low => Said::new("低", "low"),
            Self::Medium => Said::new("中", "medium"),
            Self::High => Said::new("高", "high"),
        }
    }
}

/// A setting that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Questioned {
    /// The key, for example `partners.max_depth`.
    pub path: String,
    /// Its value.
    pub value: Value,
    /// What it is and how it stands, in words.
    pub words: Said,
}

/// Something a regulator would question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its stable code, for example `reward_per_head`.
    pub code: &'static str,
    /// How much is at stake.
    pub severity: Severity,
    /// What is questioned.
    pub says: Said,
    /// What to change.
    pub change: Said,
    /// By what.
    pub regulations: Vec<Regulation>,
    /// The settings that raise it.
    pub settings: Vec<Questioned>,
    /// The date of the list of regulations behind it.
    pub list_date: &'static str,
}

/// A family of findings: looks at a rulebook and adds what it finds.
type Family = fn(&mut Look<'_>);

const FAMILIES: [Family; 6] = [
    referral::look,
    team::look,
    packs::look,
    tokens::look,
    payments::look,
    returns::look,
];

/// All findings of a rulebook, by family. The assumptions about growth serve the one finding that needs the forecast.
///
/// # Errors
/// [`ForecastError`]: an assumption is out of bounds.
pub fn lint(rules: &Rulebook, growth: &Growth) -> Result<Vec<Finding>, ForecastError> {
    let mut look = Look {
        rules,
        worth: worth_of_a_year(rules, growth)?,
        found: Vec::new(),
    };
    for family in FAMILIES {
        family(&mut look);
    }
    Ok(look.found)
}

/// A rulebook being looked at.
struct Look<'r> {
    rules: &'r Rulebook,
    /// CNY that the airdrop of the first year gives on one Hi-Value, in 19 of 20 courses at most.
    worth: f64,
    found: Vec<Finding>,
}

impl Look<'_> {
    /// Adds a finding about the settings under these paths: the keys themselves, or all keys below them.
    fn find(
        &mut self,
        (code, severity): (&'static str, Severity),
        regulations: &[Regulation],
        paths: &[&str],
        says: Said,
        change: Said,
    ) {
        let questioned = |path: &str| {
            paths.iter().any(|named| {
                path == *named || path.strip_prefix(named).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        self.found.push(Finding {
            code,
            severity,
            says,
            change,
            regulations: regulations.to_vec(),
            settings: settings(self.rules)
                .into_iter()
                .filter(|setting| questioned(&setting.path))
                .map(|setting| Questioned {
                    words: Said::new(
                        format!("{}: {}", setting.name.zh, setting.shown.zh),
                        format!("{}: {}", setting.name.en, setting.shown.en),
                    ),
                    path: setting.path,
                    value: setting.value,
                })
                .collect(),
            list_date: LIST_DATE,
        });
    }
}

#[cfg(test)]
mod tests;
