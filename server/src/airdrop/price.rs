//! The price of the day: CNY per Hi-Shell.

use haigou_contract::Day;
use haigou_rules::Price;
use haigou_store::{Query, StoreError, Tx, params};

/// The price of a day, and the rulebook's figure that it was set under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayPrice {
    pub(super) price: Price,
    pub(super) figure: Price,
}

/// The price in force on a day: that of the newest day that has one.
///
/// # Errors
/// The database's.
pub fn price_on(query: &mut impl Query, day: Day) -> Result<Option<Price>, StoreError> {
    Ok(row_on(query, day)?.map(|row| row.price))
}

pub(super) fn row_on(query: &mut impl Query, day: Day) -> Result<Option<DayPrice>, StoreError> {
    query.query_one(
        "SELECT price, figure FROM shell_price WHERE day <= $1 ORDER BY day DESC LIMIT 1",
        params![i64::from(day.number())],
        |row| {
            Ok(DayPrice {
                price: price(row.int(0)?)?,
                figure: price(row.int(1)?)?,
            })
        },
    )
}

fn price(units: i64) -> Result<Price, StoreError> {
    Price::from_units(units).ok_or_else(|| StoreError::Bug(format!("a price of {units} is stored")))
}

pub(super) fn set(tx: &mut Tx<'_>, day: Day, price: Price, figure: Price) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO shell_price (day, price, figure) VALUES ($1, $2, $3)",
        params![i64::from(day.number()), price.units(), figure.units()],
    )?;
    Ok(())
}
