//! Closing days that are over: the drop first, then the next day's price.

use haigou_contract::{Amount, Day};
use haigou_ledger::SHELL_CAP;
use haigou_rules::drop_on;
use haigou_store::ledger::{Books, newest_day, supply};
use haigou_store::{Before, StoreError, Tx};

use super::{Rulebooks, launch, price};
use crate::ledger::ledger_fault;

/// Closes days at the head of the desk's batches.
#[derive(Debug, Default)]
pub struct DayCloser {
    rulebooks: Rulebooks,
    /// Before this moment there is nothing to do.
    nothing_before_ms: i64,
}

impl DayCloser {
    /// A closer that shares what was read of the rulebook.
    #[must_use]
    pub const fn new(rulebooks: Rulebooks) -> Self {
        Self {
            rulebooks,
            nothing_before_ms: i64::MIN,
        }
    }

    /// As the desk takes it.
    #[must_use]
    pub fn into_before(mut self) -> Box<Before> {
        Box::new(move |tx, now_ms| self.close(tx, now_ms))
    }

    fn close(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError> {
        if now_ms < self.nothing_before_ms {
            return Ok(());
        }
        let closed = close_days(tx, now_ms, &self.rulebooks)?;
        // What was closed just now may yet be rolled back: only a batch that finds nothing to do may say so.
        if closed == Some(0) {
            self.nothing_before_ms = Day::at(now_ms).end_ms();
        }
        Ok(())
    }
}

/// Closes all days that are over and not closed, in order. Answers how many; none before launch.
///
/// # Errors
/// The database's.
pub fn close_days(tx: &mut Tx<'_>, now_ms: i64, rulebooks: &Rulebooks) -> Result<Option<u32>, StoreError> {
    let Some(launched) = launch::day(tx)? else {
        return Ok(None);
    };
    let mut closed = 0;
    let mut day = newest_day(tx)?.map_or(launched, |newest| newest.day.next());
    while day.end_ms() <= now_ms {
        close(tx, now_ms, rulebooks, launched, day)?;
        closed += 1;
        day = day.next();
    }
    Ok(Some(closed))
}

/// Under the rulebook of the day's last moment, so that a server that was down closes it no differently.
fn close(tx: &mut Tx<'_>, now_ms: i64, known: &Rulebooks, launched: Day, day: Day) -> Result<(), StoreError> {
    let rulebook = known.in_force(tx, day.end_ms() - 1)?;
    let room = SHELL_CAP.saturating_sub(supply(tx)?.hi_shell_issued.units());
    let drop = drop_on(&rulebook.airdrop, launched, day, Amount::from_units(room));
    Books::open(tx, now_ms)?
        .close_day(day, drop.units())
        .map_err(ledger_fault)?;
    let next = price::following(tx, known, day)?;
    price::set(tx, now_ms, day.next(), next, None)
}
