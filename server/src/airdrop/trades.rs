//! What is traded by listing, day by day: the next day's price follows it.

use haigou_contract::{Amount, Day};
use haigou_rules::Trades;
use haigou_store::{Query, StoreError, Tx, params};

/// Adds what a taker paid and got at a moment (UTC milliseconds) to its day.
pub fn add(tx: &mut Tx<'_>, now_ms: i64, cash: Amount, shells: Amount) {
    tx.write(
        "INSERT INTO trade_day (day, cash, shells) VALUES ($1, $2, $3) ON CONFLICT (day) DO UPDATE SET \
         cash = trade_day.cash + excluded.cash, shells = trade_day.shells + excluded.shells",
        params![i64::from(Day::at(now_ms).number()), cash.units(), shells.units()],
    );
}

/// A day's trades in all.
pub(super) fn on(query: &mut impl Query, day: Day) -> Result<Trades, StoreError> {
    let mut trades = Trades::NONE;
    query.for_each(
        "SELECT cash, shells FROM trade_day WHERE day = $1",
        params![i64::from(day.number())],
        |row| {
            trades.add(Amount::from_units(row.int(0)?), Amount::from_units(row.int(1)?));
            Ok(())
        },
    )?;
    Ok(trades)
}
