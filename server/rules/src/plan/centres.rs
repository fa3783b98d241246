//! Operation centres: their approval, and what a bill earns for them.

use haigou_contract::Asset;
use haigou_ledger::MemberNo;

use super::line::Mark;
use super::{Base, Books, PlanError, Planned, Planner, To};
use crate::event::{Adcode, Bill, CentreApproved};
use crate::rule;
use crate::rulebook::Scope;
use crate::world::{OperationCentre, World};

impl<W: World> Planner<'_, W> {
    pub(super) fn centre_approved(&mut self, approved: &CentreApproved) -> Planned<(), W> {
        let owner = approved.owner;
        if let Some(paid) = approved.pack_paid {
            let to = To::new(rule::CENTRE_PACK, owner);
            let rate = self.rulebook.centre.pack_hi_value;
            self.give_part(&to, Asset::HiValue, rate, Base::new("pack", paid))?;
        }
        let centre = OperationCentre {
            owner,
            region: approved.region,
            parent: approved.parent,
        };
        self.world
            .keep_centre(approved.centre, centre)
            .map_err(PlanError::World)?;
        self.mark_owner(owner)
    }

    /// What a bill earns for the merchant's centre and its parent. It needs no right to refer.
    pub(super) fn centre_rewards(&mut self, bill: &Bill, base: Base) -> Planned<(), W> {
        let found = match self.rulebook.centre.scope {
            Scope::Region => self.centre_around(bill.region)?,
            Scope::Team => self.centre_above(bill.merchant)?,
        };
        let Some(centre) = found else { return Ok(()) };
        let to = To::new(rule::BILL_CENTRE, centre.owner);
        self.give_shells(&to, self.rulebook.centre.rate, base)?;
        let Some(parent) = centre.parent else {
            return Ok(());
        };
        if let Some(parent) = self.world.centre(parent).map_err(PlanError::World)? {
            let to = To::new(rule::BILL_PARENT_CENTRE, parent.owner);
            self.give_shells(&to, self.rulebook.centre.parent_rate, base)?;
        }
        Ok(())
    }

    /// The centre of an adcode, else of its city, else of its province.
    fn centre_around(&mut self, region: Adcode) -> Planned<Option<OperationCentre>, W> {
        for region in [region, region / 100 * 100, region / 10_000 * 10_000] {
            if let Some(centre) = self.world.centre_in(region).map_err(PlanError::World)? {
                return self.world.centre(centre).map_err(PlanError::World);
            }
        }
        Ok(None)
    }

    /// The centre of its nearest owner up the line.
    fn centre_above(&mut self, of: MemberNo) -> Planned<Option<OperationCentre>, W> {
        let Some(owner) = self.nearest(Mark::CentreOwner, of)? else {
            return Ok(None);
        };
        match self.world.centre_of(owner).map_err(PlanError::World)? {
            Some(centre) => self.world.centre(centre).map_err(PlanError::World),
            None => Ok(None),
        }
    }

    /// A merchant is approved: the owner's sponsor has something unfrozen for his first.
    pub(super) fn merchant_approved(&mut self, owner: MemberNo, first: bool) -> Planned<(), W> {
        let most = self.rulebook.challenge.merchant_approved.amount();
        if first
            && most.is_positive()
            && let Some(sponsor) = self.paid_sponsor(owner)?
        {
            self.step(rule::MERCHANT_APPROVED.into(), Books::Unfreezing(sponsor, most));
        }
        Ok(())
    }
}
