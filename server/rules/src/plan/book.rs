//! Booking a plan: what depends on balances is decided here.

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{Account, Balances, BookError, Draft, Fact, LedgerError, MemberNo, Reason, Slot};

use super::{Books, Line, Plan, Step};
use crate::exact::worth;
use crate::figures::Price;
use crate::rule;
use crate::steps::{MilestoneKey, UnfreezeFigure};

type Booked<T, B> = Result<T, BookError<<B as Balances>::Error>>;

impl Plan {
    /// Books it: first the event itself, then what it gives and moves, in order.
    ///
    /// # Errors
    /// What the ledger refuses (`Insufficient` above all), or the balances'.
    pub fn book<B: Balances>(&self, draft: &mut Draft<B>) -> Result<(), BookError<B::Error>> {
        draft.establish(rule::EVENT, Fact::Event(self.event.clone()), |_| Ok(()))?;
        self.steps.iter().try_for_each(|step| step.book(draft))
    }
}

impl Step {
    fn book<B: Balances>(&self, draft: &mut Draft<B>) -> Booked<(), B> {
        let reason = self.reason.clone();
        match &self.books {
            &Books::Activation(member) => draft.activate(member),
            &Books::Grant(member, asset, amount) => draft.grant(reason, member, asset, amount.units()),
            &Books::Reward(member, amount) => draft.reward(reason, member, amount.units()).map(drop),
            &Books::Unfreezing(member, most) => unfreeze(draft, reason, member, most),
            &Books::Milestone {
                member,
                day,
                key,
                figure,
            } => milestone(draft, reason, member, day, key, figure),
            &Books::Offset {
                merchant,
                rebate,
                price,
                shells,
                required,
            } => {
                let offset = Offset {
                    merchant,
                    rebate,
                    price,
                    shells,
                };
                if required {
                    offset.burn(draft, reason, shells)
                } else {
                    offset.burn_or_owe(draft, reason)
                }
            }
            Books::Lines(lines) => draft.post(reason, |to| {
                lines.iter().try_for_each(|line| match *line {
                    Line::From(account, amount) => to.take(account, amount.units()),
                    Line::To(account, amount) => to.add(account, amount.units()),
                    Line::Credit(member, slot, amount) => to.credit(member, slot, amount.units()),
                })
            }),
            Books::Reversal(id, posting, part) => draft.reverse(posting, *id, part.before, part.now),
        }
    }
}

/// A member's frozen challenge after the postings so far.
fn frozen<B: Balances>(draft: &mut Draft<B>, member: MemberNo) -> Booked<Amount, B> {
    let units = draft.balance(Account::Member(member, Slot::ChallengeFrozen))?;
    Ok(Amount::from_units(units))
}

/// Unfreezes so much, or what there is.
fn unfreeze<B: Balances>(
    draft: &mut Draft<B>,
    reason: Reason,
    member: MemberNo,
    most: Amount,
) -> Booked<(), B> {
    let frozen = frozen(draft, member)?;
    let amount = most.min(frozen);
    let reason = reason
        .with("unfreeze", (Asset::Challenge, most))
        .with("frozen", (Asset::Challenge, frozen))
        .with("amount", (Asset::Challenge, amount));
    draft.unfreeze(reason, member, amount.units())
}

fn milestone<B: Balances>(
    draft: &mut Draft<B>,
    reason: Reason,
    member: MemberNo,
    day: Day,
    (_, steps): MilestoneKey,
    figure: UnfreezeFigure,
) -> Booked<(), B> {
    let frozen = frozen(draft, member)?;
    let amount = figure.of(frozen);
    let reason = reason
        .with("day", day)
        .with("steps", i64::try_from(steps).unwrap_or(i64::MAX))
        .with("frozen", (Asset::Challenge, frozen));
    let reason = match figure {
        UnfreezeFigure::Rate(rate) => reason.with("rate", rate),
        UnfreezeFigure::Amount(most) => reason.with("unfreeze", (Asset::Challenge, most.amount())),
    };
    let reason = reason.with("amount", (Asset::Challenge, amount));
    draft.unfreeze(reason, member, amount.units())
}

/// What a merchant has to burn for a bill.
struct Offset {
    merchant: MemberNo,
    rebate: Amount,
    price: Price,
    shells: Amount,
}

impl Offset {
    fn burn<B: Balances>(&self, draft: &mut Draft<B>, reason: Reason, shells: Amount) -> Booked<(), B> {
        let reason = reason.with("hi_shell", (Asset::HiShell, shells));
        draft.post(reason, |lines| {
            let from = Account::Member(self.merchant, Slot::HiShellAvailable);
            lines.take(from, shells.units())?;
            lines.add(Account::Burned, shells.units())
        })
    }

    /// Burns what he has; what that leaves of the rebate he owes in cash.
    fn burn_or_owe<B: Balances>(&self, draft: &mut Draft<B>, reason: Reason) -> Booked<(), B> {
        let has = draft.balance(Account::Member(self.merchant, Slot::HiShellAvailable))?;
        let burned = self.shells.min(Amount::from_units(has));
        self.burn(draft, reason, burned)?;
        if burned == self.shells {
            return Ok(());
        }
        let fees = LedgerError::Overflow(Account::Fees);
        let value = worth(burned, self.price).ok_or(fees.clone())?;
        let owed = self.rebate.checked_sub(value).ok_or(fees)?;
        let reason = Reason::new(rule::BILL_OWED)
            .with("rebate", (Asset::Cash, self.rebate))
            .with("burned", (Asset::HiShell, burned))
            .with("price", self.price)
            .with("cash", (Asset::Cash, owed));
        draft.post(reason, |lines| {
            let cash = Account::Member(self.merchant, Slot::CashAvailable);
            let paid = owed.units().min(lines.balance(cash)?);
            lines.take(cash, paid)?;
            let debt = Account::Member(self.merchant, Slot::CashDebt);
            lines.add(debt, paid - owed.units())?;
            lines.add(Account::Fees, owed.units())
        })
    }
}
