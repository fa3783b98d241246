//! The rulebook and the price in force, known by heart by the writer.

use std::sync::Arc;

use haigou_contract::Day;
use haigou_rules::Price;
use haigou_store::{Memory, Query as _, StoreError, Tx, params};

use crate::airdrop::{InForce, Rulebooks, price_on};

/// What figures are worked out with at a moment.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    /// The rulebook in force.
    pub(crate) rulebook: Arc<InForce>,
    /// The day's price.
    pub(crate) price: Price,
}

/// The newest moment that was looked up. It holds until the next rulebook starts or the next day begins.
#[derive(Debug, Default)]
struct Known {
    rulebooks: Rulebooks,
    newest: Option<(Moment, i64)>,
}

impl Memory for Known {
    const TABLES: &'static [&'static str] = &[];

    fn begin(&mut self) {}

    fn keep(&mut self) {}

    fn undo(&mut self) {
        self.newest = None;
    }

    fn write_back(&mut self, _: &mut Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// What figures are worked out with at this moment.
///
/// # Errors
/// The database's; nothing is in force before launch.
pub(crate) fn moment_of(tx: &mut Tx<'_>, now_ms: i64) -> Result<Moment, StoreError> {
    tx.memory(|known: &mut Known, tx| {
        if let Some((moment, until_ms)) = &known.newest
            && now_ms < *until_ms
        {
            return Ok(moment.clone());
        }
        let rulebook = known.rulebooks.in_force(tx, now_ms)?;
        let today = Day::at(now_ms);
        let price = price_on(tx, today)?.unwrap_or(rulebook.shell_price);
        let next = "SELECT MIN(starts_at_ms) FROM rulebook WHERE starts_at_ms > $1";
        let next_ms = tx
            .query_one(next, params![now_ms], |row| row.opt_int(0))?
            .flatten();
        let until_ms = next_ms.map_or(today.end_ms(), |next_ms| next_ms.min(today.end_ms()));
        let moment = Moment { rulebook, price };
        known.newest = Some((moment.clone(), until_ms));
        Ok(moment)
    })
}

/// To be called by whoever lays down a rulebook or sets a price.
pub(crate) fn forget_moment(tx: &mut Tx<'_>) {
    tx.memory(|known: &mut Known, _| known.newest = None);
}
