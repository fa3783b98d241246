//! Payments, conversions, and what the operator moves: amounts that go from one place to another as they are.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{Account, MemberNo, Provider, Reason, Rule, ShellSource, Slot};

use super::{Books, Line, PlanError, Planned, Planner};
use crate::Share;
use crate::event::Payment;
use crate::rule;
use crate::world::World;

impl<W: World> Planner<'_, W> {
    /// Moves amounts as they are.
    pub(super) fn lines(&mut self, reason: Reason, lines: Vec<Line>) {
        self.step(reason, Books::Lines(lines));
    }

    /// Refuses an amount that isn't positive.
    pub(super) fn positive(&self, rule: Rule, amount: Amount) -> Planned<(), W> {
        if amount.is_positive() {
            Ok(())
        } else {
            Err(PlanError::BadAmount(rule))
        }
    }

    /// What is paid in Hi-Shell waits in escrow until the order can't be refunded any more.
    pub(super) fn payment(&mut self, payment: &Payment) -> Planned<(), W> {
        let &Payment {
            buyer,
            shopping,
            hi_shell,
        } = payment;
        if shopping.units() < 0 || hi_shell.units() < 0 {
            return Err(PlanError::BadAmount(rule::MALL_PAYMENT));
        }
        if hi_shell.is_positive() && !self.rulebook.market.deduct_mall {
            return Err(PlanError::SwitchedOff("deduct_mall"));
        }
        if shopping.is_positive() {
            let reason = Reason::new(rule::MALL_PAYMENT).with("shopping", (Asset::Shopping, shopping));
            let from = Account::Member(buyer, Slot::ShoppingAvailable);
            self.lines(reason, vec![Line::From(from, shopping)]);
        }
        if hi_shell.is_positive() {
            let reason = Reason::new(rule::MALL_PAYMENT)
                .with("hi_shell", (Asset::HiShell, hi_shell))
                .with("price", self.price);
            let from = Account::Member(buyer, Slot::HiShellAvailable);
            let lines = vec![Line::From(from, hi_shell), Line::To(Account::Escrow, hi_shell)];
            self.lines(reason, lines);
        }
        Ok(())
    }

    pub(super) fn closing(&mut self, escrow: Amount) -> Planned<(), W> {
        self.positive(rule::MALL_CLOSED, escrow)?;
        let reason = Reason::new(rule::MALL_CLOSED).with("hi_shell", (Asset::HiShell, escrow));
        let lines = vec![
            Line::From(Account::Escrow, escrow),
            Line::To(Account::Holding, escrow),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn conversion(&mut self, member: MemberNo, amount: Amount) -> Planned<(), W> {
        let conversion = &self.rulebook.challenge.to_shopping;
        if !conversion.enabled {
            return Err(PlanError::SwitchedOff("to_shopping"));
        }
        self.positive(rule::CONVERT, amount)?;
        let shopping = Share::WHOLE.less(conversion.fee).of(amount).unwrap_or_default();
        let reason = Reason::new(rule::CONVERT)
            .with("challenge", (Asset::Challenge, amount))
            .with("fee", conversion.fee)
            .with("shopping", (Asset::Shopping, shopping));
        let lines = vec![
            Line::From(Account::Member(member, Slot::ChallengeAvailable), amount),
            Line::Credit(member, Slot::ShoppingAvailable, shopping),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn funding(&mut self, amount: Amount) -> Planned<(), W> {
        self.positive(rule::FUNDING, amount)?;
        let reason = Reason::new(rule::FUNDING).with("cash", (Asset::Cash, amount));
        let lines = vec![
            Line::From(Account::Clearing(Provider::Outside), amount),
            Line::To(Account::FloorFund, amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    /// The reward pool rises, so the ledger pays rewards that wait for it.
    pub(super) fn refill(&mut self, amount: Amount) -> Planned<(), W> {
        self.positive(rule::REFILL, amount)?;
        let reason = Reason::new(rule::REFILL).with("hi_shell", (Asset::HiShell, amount));
        let lines = vec![
            Line::From(Account::Holding, amount),
            Line::To(Account::RewardPool, amount),
        ];
        self.lines(reason, lines);
        Ok(())
    }

    pub(super) fn opening(&mut self, member: MemberNo, slot: Slot, amount: Amount) -> Planned<(), W> {
        self.positive(rule::OPENING, amount)?;
        if slot.is_debt() || Slot::held(slot.asset()) == Some(slot) {
            return Err(PlanError::BadAmount(rule::OPENING));
        }
        let reason = Reason::new(rule::OPENING).with(slot.asset().name(), (slot.asset(), amount));
        let from = match slot.asset() {
            Asset::HiShell => Some(Account::Issued(ShellSource::Opening)),
            Asset::Cash => Some(Account::Clearing(Provider::Outside)),
            Asset::HiValue | Asset::Challenge | Asset::Shopping => None,
        };
        let mut lines = Vec::with_capacity(2);
        lines.extend(from.map(|from| Line::From(from, amount)));
        lines.push(Line::Credit(member, slot, amount));
        self.lines(reason, lines);
        Ok(())
    }
}
