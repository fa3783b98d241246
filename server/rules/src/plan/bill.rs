//! A bill at a store is confirmed by both sides.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{Account, Reason, Slot};

use super::sponsors::OrderRules;
use super::{Base, Books, Line, PlanError, Planned, Planner, To};
use crate::event::Bill;
use crate::exact::{shells_for, worth};
use crate::figures::Share;
use crate::rule;
use crate::rulebook::{BillRewards, CentreBase, Offset};
use crate::world::World;

impl<W: World> Planner<'_, W> {
    pub(super) fn bill(&mut self, bill: &Bill) -> Planned<(), W> {
        if bill.buyer == bill.merchant {
            return Err(PlanError::SelfDealing);
        }
        if !bill.amount.is_positive() {
            return Err(PlanError::BadAmount(rule::BILL_MEMBER));
        }
        let rulebook = self.rulebook;
        let offline = &rulebook.offline;
        let too_large = |rule| move || PlanError::TooLarge(rule);
        let rebate = bill.rebate.of(bill.amount).unwrap_or_default();
        let of_rebate = Base::new("rebate", rebate);

        self.deduction(bill)?;
        self.offset(bill, rebate)?;

        let hi_value = offline
            .member_multiple
            .of(rebate)
            .ok_or_else(too_large(rule::BILL_MEMBER))?;
        let to = To::new(rule::BILL_MEMBER, bill.buyer);
        self.give_part(&to, Asset::HiValue, offline.member_multiple, of_rebate)?;
        let to = To::new(rule::BILL_MERCHANT, bill.merchant);
        self.give_part(&to, Asset::HiValue, offline.merchant_multiple, of_rebate)?;

        match offline.rewards {
            BillRewards::Mall => {
                let base = Base::new("bill", bill.amount);
                self.order_rewards(bill.buyer, &OrderRules::BILL, base, base)?;
            }
            BillRewards::Rebate => self.rebate_rewards(bill, of_rebate, Base::new("buyer", hi_value))?,
        }
        let base = match rulebook.centre.base {
            CentreBase::Rebate => of_rebate,
            CentreBase::Turnover => Base::new("turnover", bill.amount),
        };
        self.centre_rewards(bill, base)
    }

    /// What the buyer deducts reaches the merchant first.
    fn deduction(&mut self, bill: &Bill) -> Planned<(), W> {
        if bill.hi_shell.is_zero() {
            return Ok(());
        }
        if !self.rulebook.market.deduct_store {
            return Err(PlanError::SwitchedOff("deduct_store"));
        }
        let value = worth(bill.hi_shell, self.price).ok_or(PlanError::TooLarge(rule::BILL_DEDUCT))?;
        if !bill.hi_shell.is_positive() || value > bill.amount {
            return Err(PlanError::BadAmount(rule::BILL_DEDUCT));
        }
        let reason = Reason::new(rule::BILL_DEDUCT)
            .with("hi_shell", (Asset::HiShell, bill.hi_shell))
            .with("price", self.price)
            .with("value", (Asset::Cash, value));
        let lines = vec![
            Line::From(Account::Member(bill.buyer, Slot::HiShellAvailable), bill.hi_shell),
            Line::Credit(bill.merchant, Slot::HiShellAvailable, bill.hi_shell),
        ];
        self.step(reason, Books::Lines(lines));
        Ok(())
    }

    fn offset(&mut self, bill: &Bill, rebate: Amount) -> Planned<(), W> {
        let required = match self.rulebook.offline.offset {
            Offset::Off => return Ok(()),
            Offset::Required => true,
            Offset::Optional => false,
        };
        let shells = shells_for(rebate, self.price).ok_or(PlanError::TooLarge(rule::BILL_BURN))?;
        let reason = Reason::new(rule::BILL_BURN)
            .with("rebate", (Asset::Cash, rebate))
            .with("price", self.price);
        let offset = Books::Offset {
            merchant: bill.merchant,
            rebate,
            price: self.price,
            shells,
            required,
        };
        self.step(reason, offset);
        Ok(())
    }

    /// Sponsors and partners, where the rebate is what is shared out.
    fn rebate_rewards(&mut self, bill: &Bill, rebate: Base, buyers: Base) -> Planned<(), W> {
        let rulebook = self.rulebook;
        let offline = &rulebook.offline;
        if let Some(sponsor) = self.paid_sponsor(bill.buyer)? {
            let to = To::new(rule::BILL_DIRECT, sponsor);
            self.give_part(&to, Asset::HiValue, offline.direct.hi_value, buyers)?;
            self.give_shells(&to, offline.direct.hi_shell, rebate)?;
        }
        if let Some(sponsor) = self.paid_sponsor(bill.merchant)? {
            let rate: Share = offline.merchant_direct.hi_shell;
            self.give_shells(&To::new(rule::BILL_MERCHANT_DIRECT, sponsor), rate, rebate)?;
        }
        for paid in self.partners_above(bill.buyer)? {
            let to = paid.to(&rule::BILL_PARTNER);
            let (hi_value, hi_shell) = (paid.hi_value(rulebook), paid.hi_shell(rulebook));
            self.give_part(&to.at(&hi_value), Asset::HiValue, hi_value.rate, buyers)?;
            self.give_shells(&to.at(&hi_shell), hi_shell.rate, rebate)?;
        }
        for paid in self.partners_above(bill.merchant)? {
            let hi_shell = paid.merchant_hi_shell(rulebook);
            let to = paid.to(&rule::BILL_MERCHANT_PARTNER).at(&hi_shell);
            self.give_shells(&to, hi_shell.rate, rebate)?;
        }
        Ok(())
    }
}
