//! A mall order is received.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{Reason, Rule};

use super::sponsors::OrderRules;
use super::{Base, Books, PlanError, Planned, Planner};
use crate::event::{OrderLine, ProductKind, Receipt};
use crate::exact::part_of;
use crate::rule;
use crate::rulebook::{ActiveFrom, HiValueBase};
use crate::world::World;

impl<W: World> Planner<'_, W> {
    pub(super) fn receipt(&mut self, receipt: &Receipt) -> Planned<(), W> {
        let Receipt {
            buyer,
            lines,
            hi_shell_value,
        } = receipt;
        let too_large = || PlanError::TooLarge(rule::MALL_PRODUCT);
        if hi_shell_value.units() < 0 || !lines.iter().all(OrderLine::is_possible) {
            return Err(PlanError::BadAmount(rule::MALL_PRODUCT));
        }
        let is_pack =
            |line: &OrderLine| matches!(line.kind, ProductKind::StarterPack | ProductKind::CentrePack);
        let makes_vip = self.rulebook.active_from == ActiveFrom::StarterPack && lines.iter().any(is_pack);
        if makes_vip {
            self.step(Rule::ACTIVATE.into(), Books::Activation(*buyer));
        }
        for line in lines.iter().filter(|line| line.kind != ProductKind::CentrePack) {
            for (asset, each) in [
                (Asset::HiValue, line.hi_value),
                (Asset::Challenge, line.challenge),
            ] {
                let granted = line.times(each).ok_or_else(too_large)?;
                let reason = Reason::new(rule::MALL_PRODUCT)
                    .with("quantity", line.quantity)
                    .with("each", (asset, each));
                self.give(reason, *buyer, asset, granted);
            }
        }
        let amount = counted(lines, *hi_shell_value).ok_or_else(too_large)?;
        if amount.is_positive() {
            let order = Base::new("order", amount);
            let base = match self.rulebook.mall.hi_value_base {
                HiValueBase::Amount => order,
                HiValueBase::Granted => Base::new("granted", granted(lines).ok_or_else(too_large)?),
            };
            self.order_rewards(*buyer, &OrderRules::MALL, base, order)?;
        }
        self.received(*buyer, makes_vip)
    }
}

/// The Hi-Value that goods and service cards grant.
fn granted(lines: &[OrderLine]) -> Option<Amount> {
    let mut sum = Amount::ZERO;
    for line in lines.iter().filter(|line| line.counts()) {
        sum = sum.checked_add(line.times(line.hi_value)?)?;
    }
    Some(sum)
}

/// The amount of an order that earns rewards: goods and service cards, less what of them was paid in Hi-Shell. That
/// is spread over all lines by amount, floor2 each, and the last line takes the rest.
fn counted(lines: &[OrderLine], hi_shell_value: Amount) -> Option<Amount> {
    let mut total = Amount::ZERO;
    for line in lines {
        total = total.checked_add(line.times(line.price)?)?;
    }
    let mut counted = Amount::ZERO;
    let mut left = hi_shell_value;
    for (index, line) in lines.iter().enumerate() {
        let amount = line.times(line.price)?;
        let paid = if index + 1 == lines.len() {
            left
        } else {
            part_of(hi_shell_value, amount, total)?
        };
        left = left.checked_sub(paid)?;
        if line.counts() {
            counted = counted.checked_add(amount)?.checked_sub(paid)?;
        }
    }
    Some(counted)
}

impl OrderLine {
    fn is_possible(&self) -> bool {
        [self.price, self.hi_value, self.challenge]
            .iter()
            .all(|each| each.units() >= 0)
    }

    /// Does it earn rewards for others?
    const fn counts(&self) -> bool {
        matches!(self.kind, ProductKind::Goods | ProductKind::ServiceCard)
    }

    fn times(&self, each: Amount) -> Option<Amount> {
        each.units()
            .checked_mul(i64::from(self.quantity))
            .map(Amount::from_units)
    }
}
