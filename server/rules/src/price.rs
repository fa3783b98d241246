//! The price of a day, from the day before.

use haigou_contract::Amount;

use crate::figures::Price;

/// From CNY with 2 decimals, divided by Hi-Shell with 8, to a price with 4.
const TO_PRICE: i128 = 10_i128.pow(8 + 4 - 2);

/// A day's trades by listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trades {
    cash: i128,
    shells: i128,
}

impl Trades {
    /// None on that day.
    pub const NONE: Self = Self { cash: 0, shells: 0 };

    /// Counts one fill: so much cash for so many shells.
    pub fn add(&mut self, cash: Amount, shells: Amount) {
        // 2^64 fills of the largest amounts would fit.
        self.cash = self.cash.saturating_add(i128::from(cash.units()));
        self.shells = self.shells.saturating_add(i128::from(shells.units()));
    }

    /// All cash, and all shells that were bought with it, in smallest units.
    pub(crate) const fn sums(self) -> (i128, i128) {
        (self.cash, self.shells)
    }

    /// floor4(cash ÷ shells), if that is a price.
    fn price(self) -> Option<Price> {
        floor4(self.cash, self.shells)
    }
}

/// What the price of a day comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBasis {
    /// The price of the day before.
    pub before: Price,
    /// The rulebook's figure, if a version that started on the day before changed it.
    pub changed_to: Option<Price>,
    /// The trades of the day before.
    pub trades: Trades,
    /// The cash in the floor fund.
    pub floor_fund: Amount,
    /// Hi-Shell issued less burned, reward pool, platform holding and escrow.
    pub circulating: i128,
}

impl PriceBasis {
    /// The price of the day: the figure that was changed, else what was traded at, else as before; never below
    /// floor4(floor fund ÷ circulating).
    #[must_use]
    pub fn price(&self) -> Price {
        let price = self
            .changed_to
            .or_else(|| self.trades.price())
            .unwrap_or(self.before);
        let bound = floor4(i128::from(self.floor_fund.units()), self.circulating);
        bound.map_or(price, |bound| price.max(bound))
    }
}

fn floor4(cash: i128, shells: i128) -> Option<Price> {
    if shells <= 0 {
        return None;
    }
    let units = cash.checked_mul(TO_PRICE)?.checked_div_euclid(shells)?;
    Price::from_units(i64::try_from(units).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn basis() -> PriceBasis {
        PriceBasis {
            before: Price::parse("2.5").unwrap(),
            changed_to: None,
            trades: Trades::NONE,
            floor_fund: Amount::ZERO,
            circulating: 0,
        }
    }

    fn amount(text: &str, decimals: u32) -> Amount {
        Amount::parse(text, decimals).unwrap()
    }

    fn shown(basis: &PriceBasis) -> String {
        basis.price().to_string()
    }

    #[test]
    fn the_price_stays_follows_trades_or_a_changed_figure() {
        let mut day = basis();
        assert_eq!(shown(&day), "2.5000");
        day.trades.add(amount("10.00", 2), amount("3", 8));
        day.trades.add(amount("0.01", 2), amount("1", 8));
        assert_eq!(shown(&day), "2.5025");
        day.changed_to = Price::parse("9").ok();
        assert_eq!(shown(&day), "9.0000");
        let mut day = basis();
        day.trades.add(amount("0.01", 2), amount("390000", 8));
        assert_eq!(shown(&day), "2.5000");
    }

    #[test]
    fn the_floor_fund_bounds_it_from_below() {
        let mut day = basis();
        day.floor_fund = amount("1000.00", 2);
        assert_eq!(shown(&day), "2.5000");
        day.circulating = i128::from(amount("300", 8).units());
        assert_eq!(shown(&day), "3.3333");
        day.changed_to = Price::parse("1").ok();
        assert_eq!(shown(&day), "3.3333");
        day.circulating = -1;
        assert_eq!(shown(&day), "1.0000");
    }

    proptest! {
        #[test]
        fn there_is_always_a_price(cash: i64, shells: i64, fund: i64, circulating: i64) {
            let mut day = basis();
            day.trades.add(Amount::from_units(cash), Amount::from_units(shells));
            day.floor_fund = Amount::from_units(fund);
            day.circulating = circulating.into();
            prop_assert!(day.price().units() > 0);
        }
    }
}
