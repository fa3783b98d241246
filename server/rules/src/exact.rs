//! Figures as exact fractions with one floor at the end; none where an account can't hold the result.

use haigou_contract::Amount;
use haigou_ledger::Figure;

use crate::figures::{Price, Rate, Share};

/// From CNY with 2 decimals, divided by a price with 4, to Hi-Shell with 8.
const CNY_TO_SHELLS: i128 = 10_i128.pow(8 + 4 - 2);

/// floor8(rate · cny ÷ price), in Hi-Shell.
pub(crate) fn shells_worth(rate: Share, cny: Amount, price: Price) -> Option<Amount> {
    let (numerator, denominator) = rate.ratio();
    floor(
        numerator
            .checked_mul(i128::from(cny.units()))?
            .checked_mul(CNY_TO_SHELLS)?,
        denominator.checked_mul(i128::from(price.units()))?,
    )
}

/// floor8(cny ÷ price), in Hi-Shell.
pub(crate) fn shells_for(cny: Amount, price: Price) -> Option<Amount> {
    floor(
        i128::from(cny.units()).checked_mul(CNY_TO_SHELLS)?,
        i128::from(price.units()),
    )
}

/// floor2(shells · price), in CNY.
#[must_use]
pub fn worth(shells: Amount, price: Price) -> Option<Amount> {
    floor(
        i128::from(shells.units()).checked_mul(i128::from(price.units()))?,
        CNY_TO_SHELLS,
    )
}

/// floor(amount · part ÷ whole); nothing of nothing.
#[must_use]
pub fn part_of(amount: Amount, part: Amount, whole: Amount) -> Option<Amount> {
    if whole.is_zero() {
        return Some(Amount::ZERO);
    }
    floor(
        i128::from(amount.units()).checked_mul(i128::from(part.units()))?,
        i128::from(whole.units()),
    )
}

fn floor(numerator: i128, denominator: i128) -> Option<Amount> {
    let units = numerator.checked_div_euclid(denominator)?;
    i64::try_from(units).ok().map(Amount::from_units)
}

impl<const MAX: u32> Rate<MAX> {
    /// This rate less another, at least nothing; exact.
    pub(crate) fn less(self, other: Self) -> Self {
        let ((mine, my_decimals), (its, its_decimals)) = (self.digits(), other.digits());
        let decimals = my_decimals.max(its_decimals);
        let scaled = |digits: i64, from: u8| {
            digits.saturating_mul(10_i64.saturating_pow(u32::from(decimals.saturating_sub(from))))
        };
        let left = scaled(mine, my_decimals).saturating_sub(scaled(its, its_decimals));
        Self::from_digits(left.max(0), decimals).unwrap_or(self)
    }
}

impl<const MAX: u32> From<Rate<MAX>> for Figure {
    fn from(rate: Rate<MAX>) -> Self {
        let (digits, decimals) = rate.digits();
        Self::Number(digits, decimals)
    }
}

impl From<Price> for Figure {
    fn from(price: Price) -> Self {
        Self::Number(price.units(), 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(text: &str) -> Share {
        Share::parse(text).unwrap()
    }

    #[test]
    fn a_rebate_of_100_at_2_percent_and_2_50_is_0_8_shells() {
        let price = Price::parse("2.5").unwrap();
        let shells = shells_worth(share("0.02"), Amount::from_units(10_000), price).unwrap();
        assert_eq!(shells.show(8), "0.80000000");
        assert_eq!(
            shells_for(Amount::from_units(10_000), price).unwrap().show(8),
            "40.00000000"
        );
        assert_eq!(worth(shells, price).unwrap().show(2), "2.00");
    }

    #[test]
    fn differences_of_rates_are_exact_and_never_negative() {
        for (a, b, left) in [
            ("0.04", "0.03", "0.01"),
            ("0.02", "0.03", "0.00"),
            ("0.5", "0.125", "0.375"),
            ("1", "0", "1"),
        ] {
            assert_eq!(share(a).less(share(b)).to_string(), left);
        }
    }

    #[test]
    fn what_an_account_cannot_hold_is_no_figure() {
        let cheapest = Price::from_units(1).unwrap();
        assert_eq!(shells_for(Amount::from_units(i64::MAX), cheapest), None);
        assert_eq!(
            shells_worth(share("0.99999999"), Amount::from_units(i64::MAX), cheapest),
            None
        );
        let dearest = Price::from_units(i64::MAX).unwrap();
        assert_eq!(worth(Amount::from_units(i64::MAX), dearest), None);
        assert_eq!(
            shells_for(Amount::from_units(i64::MAX), dearest).unwrap().units(),
            10_i64.pow(10)
        );
    }

    proptest! {
        #[test]
        fn one_floor_at_the_end(mantissa in 0_i64..=100_000_000, cny in 0..=i64::MAX, price in 1..=i64::MAX) {
            let (rate, cny, price) =
                (Share::from_digits(mantissa, 8).unwrap(), Amount::from_units(cny), Price::from_units(price).unwrap());
            // numerator ÷ denominator, both below 2^127.
            let numerator = i128::from(mantissa) * i128::from(cny.units()) * 10_i128.pow(10);
            let denominator = 10_i128.pow(8) * i128::from(price.units());
            match shells_worth(rate, cny, price) {
                Some(shells) => {
                    prop_assert!(i128::from(shells.units()) * denominator <= numerator);
                    prop_assert!(numerator - i128::from(shells.units()) * denominator < denominator);
                }
                None => prop_assert!(numerator / denominator > i128::from(i64::MAX)),
            }
        }

        #[test]
        fn parts_grow_up_to_the_whole(amount in 0..=i64::MAX, whole in 1..=i64::MAX, a: i64, b: i64) {
            let amount = Amount::from_units(amount);
            let part = |of: i64| part_of(amount, Amount::from_units(of), Amount::from_units(whole)).unwrap();
            let (a, b) = (a.rem_euclid(whole), b.rem_euclid(whole));
            prop_assert!(part(a.min(b)) <= part(a.max(b)));
            prop_assert_eq!(part(whole), amount);
        }
    }
}
