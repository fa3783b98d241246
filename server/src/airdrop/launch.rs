//! Launching: the first rulebook, the first drop day, the reward pool's allocation.

use haigou_contract::Day;
use haigou_rules::Rulebook;
use haigou_store::ledger::{Books, LedgerFailure};
use haigou_store::{Command, CommandError, Query, StoreError, Tx, params};

use super::price;
use crate::ledger::ledger_fault;

/// How far back the first drop day may lie: each day since is closed one by one.
const OLDEST_LAUNCH_DAYS: i32 = 366;

/// Launches a new database; a launched one keeps what it has.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Version 1 of the rulebook.
    pub rulebook: Rulebook,
    /// The first drop day; none for the day of the command.
    pub day: Option<Day>,
}

/// Why a database isn't launched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LaunchRefusal {
    /// The first drop day lies too far back.
    #[error("the first drop day {0} lies more than a year back: choose a later one, or today")]
    TooEarly(Day),
    /// The rulebook can't be laid down.
    #[error("the rulebook can't be laid down: {0}")]
    Rulebook(String),
}

impl Command for Launch {
    /// Whether it launched now.
    type Answer = bool;
    type Refusal = LaunchRefusal;
    const NAME: &'static str = "airdrop.launch";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<bool, CommandError<LaunchRefusal>> {
        if day(tx)?.is_some() {
            return Ok(false);
        }
        let today = Day::at(now_ms);
        let first = self.day.unwrap_or(today);
        if today.since(first) > OLDEST_LAUNCH_DAYS {
            return Err(CommandError::Refused(LaunchRefusal::TooEarly(first)));
        }
        let text = serde_json::to_string_pretty(&self.rulebook)
            .map_err(|error| CommandError::Refused(LaunchRefusal::Rulebook(error.to_string())))?;
        lay_down(tx, now_ms, first, &self.rulebook, &text).map_err(ledger_fault)?;
        tx.execute(
            "INSERT INTO launch (id, day) VALUES (1, $1)",
            params![i64::from(first.number())],
        )?;
        price::set(tx, now_ms, first, self.rulebook.shell_price, None)?;
        Ok(true)
    }
}

fn lay_down(
    tx: &mut Tx<'_>,
    now_ms: i64,
    first: Day,
    rulebook: &Rulebook,
    text: &str,
) -> Result<(), LedgerFailure> {
    let mut books = Books::open(tx, now_ms)?;
    books.start_rulebook(now_ms.min(first.start_ms()), text)?;
    books.allocate_reward_pool(rulebook.airdrop.reward_pool.amount().units())?;
    Ok(())
}

/// The first drop day, once launched.
///
/// # Errors
/// The database's.
pub(crate) fn day(query: &mut impl Query) -> Result<Option<Day>, StoreError> {
    query.query_one("SELECT day FROM launch WHERE id = 1", &[], |row| {
        let number = row.int(0)?;
        i32::try_from(number)
            .map(Day::from_number)
            .map_err(|_| StoreError::Bug(format!("{number} is no day")))
    })
}
