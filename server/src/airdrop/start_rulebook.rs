//! A new version of the rulebook.

use haigou_contract::{Day, ErrorCode};
use haigou_rules::{Event, Rulebook};
use haigou_store::ledger::Books;
use haigou_store::{Command, CommandError, StoreError, Tx};

use super::{launch, price};
use crate::ledger::ledger_fault;
use crate::web::{Refusal, refused};
use crate::world::{book_event, forget_moment, moment_of};

/// Puts a new version of the rulebook in force, from this moment on. Its airdrop starts with the next day to be closed,
/// its price on the day after; everybody's tier is checked by it.
///
/// Refused is `wrong_state`, with why: the reward pool was issued at launch, and can't be changed.
#[derive(Debug, Clone)]
pub struct StartRulebook {
    /// The new rulebook.
    pub rulebook: Rulebook,
}

impl Command for StartRulebook {
    /// Its version.
    type Answer = u32;
    type Refusal = Refusal;
    const NAME: &'static str = "airdrop.start_rulebook";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<u32, CommandError<Refusal>> {
        let Self { rulebook } = self;
        let before = moment_of(tx, now_ms)?.rulebook;
        if rulebook.airdrop.reward_pool != before.airdrop.reward_pool {
            return refused(
                Refusal::new(ErrorCode::WrongState)
                    .at("airdrop.reward_pool")
                    .because(
                        "奖励池在启动时已发行，不能更改。",
                        "The reward pool was issued at launch and can't be changed.",
                    ),
            );
        }
        let text =
            serde_json::to_string_pretty(&rulebook).map_err(|error| StoreError::Bug(error.to_string()))?;
        let version = Books::open(tx, now_ms)?
            .start_rulebook(now_ms, &text)
            .map_err(ledger_fault)?;
        forget_moment(tx);
        if let Some(first) = launch::day(tx)?
            && Day::at(now_ms) < first
            && rulebook.shell_price != before.shell_price
        {
            price::set(tx, now_ms, first, rulebook.shell_price, Some(version))?;
        }
        let cause = format!("rulebook:{version}");
        let key = format!("rulebook_in_force:{version}");
        book_event(
            tx,
            now_ms,
            "rulebook",
            cause,
            key,
            &Event::RulebookInForce { version },
        )?;
        Ok(version)
    }
}
