//! An order or a bill is refunded, in part or whole.

use haigou_contract::{Amount, Asset};
use haigou_ledger::{Account, Fact, Posting, PostingId, Reason, Rule, Share, Slot};

use super::{Books, Line, Part, PlanError, Planned, Planner};
use crate::event::{Event, Payment, Refund};
use crate::rule;
use crate::world::World;

/// What a refund leaves as it is: burns, activation, and what buyer and store paid each other.
const KEPT: [Rule; 4] = [rule::EVENT, Rule::ACTIVATE, rule::BILL_BURN, rule::BILL_DEDUCT];

impl<W: World> Planner<'_, W> {
    /// Every posting stands reversed by floor(amount · S) in total, S being what is refunded by now of the goods total.
    pub(super) fn refund(&mut self, refund: &Refund) -> Planned<(), W> {
        let share = |refunded: Amount| Share::new(refunded.units(), refund.total.units());
        let (Some(before), Some(now)) = (share(refund.before), share(refund.after)) else {
            return Err(PlanError::NotRefundable);
        };
        if refund.before >= refund.after {
            return Err(PlanError::NotRefundable);
        }
        let part = Part { before, now };
        if let Some(journal) = refund.journal {
            let postings = self.world.postings(journal).map_err(PlanError::World)?;
            match event_of(&postings)? {
                Event::Receipt(_) | Event::Bill(_) => self.reversals(journal, postings, part),
                _ => return Err(PlanError::NotRefundable),
            }
        }
        if let Some(payment) = refund.payment {
            let postings = self.world.postings(payment).map_err(PlanError::World)?;
            match event_of(&postings)? {
                Event::Payment(payment) => self.money_back(&payment, refund, part),
                _ => return Err(PlanError::NotRefundable),
            }
        }
        Ok(())
    }

    fn reversals(&mut self, journal: i64, postings: Vec<Posting>, part: Part) {
        for (index, posting) in (0_u32..).zip(postings) {
            if !KEPT.contains(&posting.reason.rule) {
                let id = PostingId {
                    journal,
                    posting: index,
                };
                self.step(Rule::REVERSAL.into(), Books::Reversal(id, posting, part));
            }
        }
    }

    /// What was paid in shopping credit and Hi-Shell goes back by component; the rest was paid from outside.
    fn money_back(&mut self, payment: &Payment, refund: &Refund, part: Part) {
        let back = |paid: Amount| {
            let (before, now) = (part.before.of(paid.units()), part.now.of(paid.units()));
            Amount::from_units(now - before)
        };
        let because = |asset: Asset, paid: Amount, before: i64, back: Amount| {
            Reason::new(rule::REFUND_MONEY)
                .with("paid", (asset, paid))
                .with("refunded", (Asset::Cash, refund.after))
                .with("total", (Asset::Cash, refund.total))
                .with("before", (asset, Amount::from_units(before)))
                .with(asset.name(), (asset, back))
        };
        for (asset, slot, paid) in [
            (Asset::Shopping, Slot::ShoppingAvailable, payment.shopping),
            (Asset::HiShell, Slot::HiShellAvailable, payment.hi_shell),
        ] {
            let amount = back(paid);
            if !amount.is_positive() {
                continue;
            }
            let mut lines = Vec::with_capacity(2);
            if asset == Asset::HiShell {
                lines.push(Line::From(Account::Escrow, amount));
            }
            lines.push(Line::Credit(payment.buyer, slot, amount));
            self.lines(because(asset, paid, part.before.of(paid.units()), amount), lines);
        }
    }
}

/// The event that a journal carries.
fn event_of<E>(postings: &[Posting]) -> Result<Event, PlanError<E>> {
    match postings.first().and_then(|posting| posting.fact.as_ref()) {
        Some(Fact::Event(bytes)) => Ok(Event::decode(bytes)?),
        _ => Err(PlanError::NotRefundable),
    }
}
