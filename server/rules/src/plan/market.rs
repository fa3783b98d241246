//! Hi-Shell's uses between members and with the platform, each with its switch.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{Account, MemberNo, Reason, Slot};

use super::{Line, PlanError, Planned, Planner};
use crate::event::Fill;
use crate::exact::worth;
use crate::figures::Price;
use crate::rule;
use crate::world::World;

impl<W: World> Planner<'_, W> {
    fn switched_on(&self, on: bool, name: &'static str) -> Planned<(), W> {
        if on {
            Ok(())
        } else {
            Err(PlanError::SwitchedOff(name))
        }
    }

    pub(super) fn transfer(&mut self, from: MemberNo, to: MemberNo, amount: Amount) -> Planned<(), W> {
        self.switched_on(self.rulebook.market.transfer, "transfer")?;
        self.positive(rule::TRANSFER, amount)?;
        if from == to {
            return Err(PlanError::SelfDealing);
        }
        let reason = Reason::new(rule::TRANSFER).with("hi_shell", (Asset::HiShell, amount));
        let lines = vec![
            Line::From(Account::Member(from, Slot::HiShellAvailable), amount),
            Line::Credit(to, Slot::HiShellAvailable, amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn sale(&mut self, member: MemberNo, amount: Amount) -> Planned<(), W> {
        self.switched_on(self.rulebook.market.sell_to_platform, "sell_to_platform")?;
        self.positive(rule::SALE, amount)?;
        let cash = worth(amount, self.price).ok_or(PlanError::TooLarge(rule::SALE))?;
        self.positive(rule::SALE, cash)?;
        let reason = Reason::new(rule::SALE)
            .with("hi_shell", (Asset::HiShell, amount))
            .with("price", self.price)
            .with("cash", (Asset::Cash, cash));
        let lines = vec![
            Line::From(Account::Member(member, Slot::HiShellAvailable), amount),
            Line::To(Account::Holding, amount),
            Line::From(Account::FloorFund, cash),
            Line::Credit(member, Slot::CashAvailable, cash),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn listing(&mut self, member: MemberNo, amount: Amount, price: Price) -> Planned<(), W> {
        self.switched_on(self.rulebook.market.listings, "listings")?;
        self.positive(rule::LISTING, amount)?;
        let reason = Reason::new(rule::LISTING)
            .with("hi_shell", (Asset::HiShell, amount))
            .with("price", price);
        let lines = vec![
            Line::From(Account::Member(member, Slot::HiShellAvailable), amount),
            Line::To(Account::Member(member, Slot::HiShellHeld), amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn take(&mut self, taker: MemberNo, fills: &[Fill]) -> Planned<(), W> {
        self.switched_on(self.rulebook.market.listings, "listings")?;
        if fills.is_empty() {
            return Err(PlanError::BadAmount(rule::TRADE));
        }
        for fill in fills {
            self.fill(taker, fill)?;
        }
        Ok(())
    }

    /// The taker pays cash, the platform keeps its fee of it, the seller gets the rest.
    fn fill(&mut self, taker: MemberNo, fill: &Fill) -> Planned<(), W> {
        let &Fill {
            seller,
            amount,
            price,
            ..
        } = fill;
        if seller == taker {
            return Err(PlanError::SelfDealing);
        }
        self.positive(rule::TRADE, amount)?;
        let cash = worth(amount, price).ok_or(PlanError::TooLarge(rule::TRADE))?;
        self.positive(rule::TRADE, cash)?;
        let rate = self.rulebook.market.fee;
        let fee = rate.of(cash).unwrap_or_default();
        let rest = cash.checked_sub(fee).unwrap_or_default();
        let reason = Reason::new(rule::TRADE)
            .with("hi_shell", (Asset::HiShell, amount))
            .with("price", price)
            .with("cash", (Asset::Cash, cash))
            .with("rate", rate)
            .with("fee", (Asset::Cash, fee));
        let lines = vec![
            Line::From(Account::Member(taker, Slot::CashAvailable), cash),
            Line::To(Account::Fees, fee),
            Line::Credit(seller, Slot::CashAvailable, rest),
            Line::From(Account::Member(seller, Slot::HiShellHeld), amount),
            Line::Credit(taker, Slot::HiShellAvailable, amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    /// What was listed can be taken back whatever the switch says by now.
    pub(super) fn unlisting(&mut self, member: MemberNo, amount: Amount) -> Planned<(), W> {
        self.positive(rule::UNLISTING, amount)?;
        let reason = Reason::new(rule::UNLISTING).with("hi_shell", (Asset::HiShell, amount));
        let lines = vec![
            Line::From(Account::Member(member, Slot::HiShellHeld), amount),
            Line::Credit(member, Slot::HiShellAvailable, amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }
}
