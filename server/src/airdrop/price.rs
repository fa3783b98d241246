//! The price of the day: CNY per Hi-Shell.

use haigou_contract::Day;
use haigou_rules::{Event, Price, PriceBasis};
use haigou_store::ledger::supply;
use haigou_store::{Query, StoreError, Tx, params};

use super::{Rulebooks, trades};
use crate::ledger::no_refusal;
use crate::world::{book_event, forget_moment};

/// The price in force on a day: that of the newest day that has one.
///
/// # Errors
/// The database's.
pub fn price_on(query: &mut impl Query, day: Day) -> Result<Option<Price>, StoreError> {
    query.query_one(
        "SELECT price FROM shell_price WHERE day <= $1 ORDER BY day DESC LIMIT 1",
        params![i64::from(day.number())],
        |row| {
            let units = row.int(0)?;
            Price::from_units(units).ok_or_else(|| StoreError::Bug(format!("a price of {units} is stored")))
        },
    )
}

/// The price of the day that follows a closed one.
pub(super) fn following(tx: &mut Tx<'_>, rulebooks: &Rulebooks, closed: Day) -> Result<Price, StoreError> {
    let figure = rulebooks.in_force(tx, closed.end_ms() - 1)?.shell_price;
    let has_changed = has_changed(tx, rulebooks, closed)?;
    let supply = supply(tx)?;
    let basis = PriceBasis {
        before: price_on(tx, closed)?.unwrap_or(figure),
        changed_to: has_changed.then_some(figure),
        trades: trades::on(tx, closed)?,
        floor_fund: supply.floor_fund,
        circulating: supply.circulating().units().into(),
    };
    Ok(basis.price())
}

/// Whether a version of the rulebook started on a day with another figure than the version before it.
fn has_changed(tx: &mut Tx<'_>, rulebooks: &Rulebooks, day: Day) -> Result<bool, StoreError> {
    let sql = "SELECT version FROM rulebook WHERE starts_at_ms >= $1 AND starts_at_ms < $2 AND version > 1";
    let started = tx.query(sql, params![day.start_ms(), day.end_ms()], |row| row.int(0))?;
    for version in started {
        let version = u32::try_from(version).map_err(|error| StoreError::Bug(error.to_string()))?;
        let before = rulebooks.version(tx, version.saturating_sub(1))?.shell_price;
        if rulebooks.version(tx, version)?.shell_price != before {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sets the price of a day, and books it. `version` is the rulebook's where it is set anew before the first day.
pub(super) fn set(
    tx: &mut Tx<'_>,
    now_ms: i64,
    day: Day,
    price: Price,
    version: Option<u32>,
) -> Result<(), StoreError> {
    let again = version.map(|version| format!(":{version}")).unwrap_or_default();
    let (cause, key) = (day.to_string(), format!("price:{day}{again}"));
    book_event(tx, now_ms, "price", cause, key, &Event::Priced { day, price }).map_err(no_refusal)?;
    tx.write(
        "INSERT INTO shell_price (day, price) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET price = excluded.price",
        params![i64::from(day.number()), price.units()],
    );
    forget_moment(tx);
    Ok(())
}
