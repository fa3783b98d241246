//! A rulebook's exact figures as the model's floats. Nothing goes back: no account is ever credited from here.

use haigou_contract::Amount;

use crate::figures::Rate;

/// A rate.
pub(super) fn part<const MAX: u32>(rate: Rate<MAX>) -> f64 {
    rate.approximately()
}

/// An amount with so many decimals.
pub(super) fn value(amount: Amount, decimals: u32) -> f64 {
    amount.units() as f64 / f64::from(10_u32.pow(decimals))
}
