//! Sponsors: who is paid for what somebody he referred buys.

use haigou_contract::Asset;
use haigou_ledger::{MemberNo, Rule};

use super::{Base, PlanError, Planned, Planner, To};
use crate::register::Sponsor;
use crate::rule;
use crate::rulebook::MallRates;
use crate::world::{Person, World};

impl<W: World> Planner<'_, W> {
    pub(super) fn person(&mut self, member: MemberNo) -> Planned<Person, W> {
        self.world.person(member).map_err(PlanError::World)
    }

    pub(super) fn keep(&mut self, member: MemberNo, person: Person) -> Planned<(), W> {
        self.world.keep_person(member, person).map_err(PlanError::World)
    }

    /// The direct sponsor, if he may earn. Nobody else earns instead.
    pub(super) fn paid_sponsor(&mut self, of: MemberNo) -> Planned<Option<MemberNo>, W> {
        let Some(sponsor) = self.person(of)?.sponsor() else {
            return Ok(None);
        };
        let vip = self.person(sponsor)?.vip;
        let may_earn = self.rulebook.may_earn(Sponsor { member: sponsor, vip });
        Ok(may_earn.then_some(sponsor))
    }

    /// What an order earns for the buyer's sponsor, the sponsor's sponsor and the partners up the line, each by his
    /// rates: Hi-Value of `base`, Hi-Shell and challenge of `amount`.
    pub(super) fn order_rewards(
        &mut self,
        buyer: MemberNo,
        rules: &OrderRules,
        base: Base,
        amount: Base,
    ) -> Planned<(), W> {
        let rulebook = self.rulebook;
        let (direct, indirect) = (&rulebook.mall.direct, &rulebook.mall.indirect);
        let sponsor = self.person(buyer)?.sponsor();
        self.order_sponsor(buyer, &rules.direct, direct, base, amount)?;
        if let Some(sponsor) = sponsor {
            self.order_sponsor(sponsor, &rules.indirect, indirect, base, amount)?;
        }
        for paid in self.partners_above(buyer)? {
            let to = paid.to(&rules.partner);
            let (hi_value, hi_shell) = (paid.hi_value(rulebook), paid.hi_shell(rulebook));
            self.give_part(&to.at(&hi_value), Asset::HiValue, hi_value.rate, base)?;
            self.give_shells(&to.at(&hi_shell), hi_shell.rate, amount)?;
        }
        Ok(())
    }

    fn order_sponsor(
        &mut self,
        of: MemberNo,
        rule: &Rule,
        rates: &MallRates,
        base: Base,
        amount: Base,
    ) -> Planned<(), W> {
        let Some(sponsor) = self.paid_sponsor(of)? else {
            return Ok(());
        };
        let to = To::new(rule.clone(), sponsor);
        self.give_part(&to, Asset::HiValue, rates.hi_value, base)?;
        self.give_shells(&to, rates.hi_shell, amount)?;
        self.give_part(&to, Asset::Challenge, rates.challenge, amount)
    }
}

/// The rules that name what an order earns.
pub(super) struct OrderRules {
    pub(super) direct: Rule,
    pub(super) indirect: Rule,
    pub(super) partner: Rule,
}

impl OrderRules {
    /// Of a mall order.
    pub(super) const MALL: Self = Self {
        direct: rule::MALL_DIRECT,
        indirect: rule::MALL_INDIRECT,
        partner: rule::MALL_PARTNER,
    };
    /// Of a bill that is rewarded as a mall order.
    pub(super) const BILL: Self = Self {
        direct: rule::BILL_DIRECT,
        indirect: rule::BILL_INDIRECT,
        partner: rule::BILL_PARTNER,
    };
}
