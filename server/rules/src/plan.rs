//! From an event to what is booked: a file for each family of events, each posting in the order of the rules.

mod bill;
mod book;
mod centres;
mod line;
mod market;
mod money;
mod partners;
mod receipt;
mod refund;
mod register;
mod sponsors;
mod steps;
#[cfg(test)]
pub(crate) mod tests;
mod tiers;

use std::borrow::Cow;

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{self as ledger, Account, Figure, MemberNo, Posting, PostingId, Reason, Rule, Slot};

use crate::event::{Event, EventError};
use crate::figures::{Price, Rate};
use crate::rulebook::Rulebook;
use crate::steps::{MilestoneKey, UnfreezeFigure};
use crate::world::World;

pub use tiers::earned_tier;

/// Why an event can't be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError<E> {
    /// The world can't be read or kept.
    #[error("people and centres can't be read: {0}")]
    World(E),
    /// A figure is larger than an account can hold.
    #[error("an amount of {} would leave the range of amounts", .0.id())]
    TooLarge(Rule),
    /// There are as many members as can be counted.
    #[error("no more members can be counted")]
    TooMany,
    /// The rulebook in force has this switched off.
    #[error("{0} is switched off")]
    SwitchedOff(&'static str),
    /// An amount that can't be: not positive, or worth nothing.
    #[error("the amount of {} is not possible", .0.id())]
    BadAmount(Rule),
    /// Somebody would deal with himself.
    #[error("nobody can deal with himself")]
    SelfDealing,
    /// Members are numbered one after the other, and their sponsors before them.
    #[error("member {} is not the next one, or his sponsor isn't registered", .0.number())]
    OutOfOrder(MemberNo),
    /// An appointment below the present tier.
    #[error("member {} has a higher tier already", .0.number())]
    TierKept(MemberNo),
    /// Without being VIP nobody becomes a partner under this rulebook.
    #[error("member {} is not VIP", .0.number())]
    NotVip(MemberNo),
    /// A refund that goes back, beyond the total, or of a journal that isn't an order's or a bill's.
    #[error("it can't be refunded so")]
    NotRefundable,
    /// The event can't be read or written.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// What an event books, in order. What depends on balances is decided in [`Plan::book`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    event: Vec<u8>,
    steps: Vec<Step>,
}

/// One posting to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    reason: Reason,
    books: Books,
}

/// What a step books.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Books {
    /// The member becomes active.
    Activation(MemberNo),
    /// Hi-Value, challenge (frozen) or shopping credit is granted.
    Grant(MemberNo, Asset, Amount),
    /// Hi-Shell is paid from the reward pool, or waits for it.
    Reward(MemberNo, Amount),
    /// So much frozen challenge is unfrozen, or what there is.
    Unfreezing(MemberNo, Amount),
    /// A rung or task is reached.
    Milestone {
        member: MemberNo,
        day: Day,
        key: MilestoneKey,
        figure: UnfreezeFigure,
    },
    /// The merchant burns Hi-Shell, or pays in cash what is missing.
    Offset {
        merchant: MemberNo,
        rebate: Amount,
        price: Price,
        shells: Amount,
        required: bool,
    },
    /// Amounts move as they are.
    Lines(Vec<Line>),
    /// An earlier posting is reversed, from one part of the whole to a larger one.
    Reversal(PostingId, Posting, Part),
}

/// One line of what moves as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// From an account, which must have it.
    From(Account, Amount),
    /// To an account.
    To(Account, Amount),
    /// To a member from outside or from others: what he owes is repaid first.
    Credit(MemberNo, Slot, Amount),
}

/// A refund as a part of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    before: ledger::Share,
    now: ledger::Share,
}

/// Works out an event: what it books, in order, and what it changes in the world.
///
/// The world is changed straight away; if the booking is refused afterwards, that is to be undone as a whole.
///
/// # Errors
/// [`PlanError`]: the event is none that these rules allow, or a figure is too large.
pub fn plan<W: World>(
    event: &Event,
    rulebook: &Rulebook,
    price: Price,
    world: &mut W,
) -> Result<Plan, PlanError<W::Error>> {
    let mut planner = Planner {
        rulebook,
        price,
        world,
        steps: Vec::new(),
    };
    planner.event(event)?;
    Ok(Plan {
        event: event.encode()?,
        steps: planner.steps,
    })
}

/// A plan in the making.
struct Planner<'a, W> {
    rulebook: &'a Rulebook,
    price: Price,
    world: &'a mut W,
    steps: Vec<Step>,
}

type Planned<T, W> = Result<T, PlanError<<W as World>::Error>>;

impl<W: World> Planner<'_, W> {
    fn event(&mut self, event: &Event) -> Planned<(), W> {
        match event {
            &Event::Registration { member, sponsor } => self.registration(member, sponsor),
            Event::Payment(payment) => self.payment(payment),
            Event::Receipt(receipt) => self.receipt(receipt),
            Event::Bill(bill) => self.bill(bill),
            Event::Refund(refund) => self.refund(refund),
            &Event::MerchantApproved { owner, first } => self.merchant_approved(owner, first),
            Event::CentreApproved(approved) => self.centre_approved(approved),
            &Event::Appointment { member, tier } => self.appointment(member, tier),
            Event::Steps(update) => {
                self.steps_update(update);
                Ok(())
            }
            &Event::Conversion { member, amount } => self.conversion(member, amount),
            &Event::Transfer { from, to, amount } => self.transfer(from, to, amount),
            &Event::Sale { member, amount } => self.sale(member, amount),
            &Event::Listing {
                member,
                amount,
                price,
                ..
            } => self.listing(member, amount, price),
            Event::Take { taker, fills } => self.take(*taker, fills),
            &Event::Unlisting { member, amount, .. } => self.unlisting(member, amount),
            &Event::Funding { amount } => self.funding(amount),
            &Event::Refill { amount } => self.refill(amount),
            &Event::Opening { member, slot, amount } => self.opening(member, slot, amount),
            Event::Priced { .. } => Ok(()),
            Event::RulebookInForce { .. } => self.check_everybody(),
            &Event::Closing { escrow } => self.closing(escrow),
        }
    }

    fn step(&mut self, reason: Reason, books: Books) {
        self.steps.push(Step { reason, books });
    }

    /// Gives an amount of an asset: Hi-Shell from the reward pool, challenge frozen. Nothing makes no posting.
    fn give(&mut self, reason: Reason, member: MemberNo, asset: Asset, amount: Amount) {
        if amount.is_positive() {
            let reason = reason.with(asset.name(), (asset, amount));
            let books = match asset {
                Asset::HiShell => Books::Reward(member, amount),
                _ => Books::Grant(member, asset, amount),
            };
            self.step(reason, books);
        }
    }

    /// Gives floor2(rate · base) of an asset with two decimals.
    fn give_part<const MAX: u32>(
        &mut self,
        to: &To,
        asset: Asset,
        rate: Rate<MAX>,
        base: Base,
    ) -> Planned<(), W> {
        let amount = rate
            .of(base.amount)
            .ok_or_else(|| PlanError::TooLarge(to.rule.clone()))?;
        if amount.is_positive() {
            let reason = to.because(base, rate);
            self.give(reason, to.member, asset, amount);
        }
        Ok(())
    }

    /// Gives floor8(rate · base ÷ price) Hi-Shell.
    fn give_shells(&mut self, to: &To, rate: crate::Share, base: Base) -> Planned<(), W> {
        let amount = crate::exact::shells_worth(rate, base.amount, self.price)
            .ok_or_else(|| PlanError::TooLarge(to.rule.clone()))?;
        if amount.is_positive() {
            let reason = to.because(base, rate).with("price", self.price);
            self.give(reason, to.member, Asset::HiShell, amount);
        }
        Ok(())
    }
}

/// Who gets something, and by which rule.
#[derive(Debug, Clone)]
struct To {
    rule: Rule,
    member: MemberNo,
    /// What the rule says beside the base and the rate.
    figures: Vec<(Cow<'static, str>, Figure)>,
}

/// What a rate is taken of.
#[derive(Debug, Clone, Copy)]
struct Base {
    /// The figure's name: `rebate`, `order`, `bill`, `granted`, `buyer`, `pack`.
    name: &'static str,
    amount: Amount,
}

impl To {
    const fn new(rule: Rule, member: MemberNo) -> Self {
        Self {
            rule,
            member,
            figures: Vec::new(),
        }
    }

    fn because<const MAX: u32>(&self, base: Base, rate: Rate<MAX>) -> Reason {
        let mut reason = Reason {
            rule: self.rule.clone(),
            figures: self.figures.clone(),
        };
        reason = reason.with(base.name, Figure::Number(base.amount.units(), 2));
        reason.with("rate", rate)
    }
}

impl Base {
    const fn new(name: &'static str, amount: Amount) -> Self {
        Self { name, amount }
    }
}
