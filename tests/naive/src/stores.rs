//! Stores and their bills.

use crate::books::{Account, Asset, Bucket};
use crate::figures::{Exact, Units, exact, floor, parse};
use crate::mall::Order;
use crate::people::MemberId;
use crate::rulebook::{BillRewards, Offset};
use crate::scenario::Code;
use crate::world::{Done, World, amount, refuse_if};

const CASH: u32 = 2;
const SHELL: u32 = 8;

#[derive(Debug, Clone)]
pub(crate) struct Merchant {
    name: String,
    pub(crate) owner: MemberId,
    pub(crate) region: String,
    rebate: Exact,
    approved: bool,
}

impl World {
    pub(crate) fn merchant(
        &mut self,
        name: &str,
        owner: &str,
        region: &str,
        rebate: &str,
        approve: bool,
    ) -> Done {
        let known = self.merchants.iter().position(|merchant| merchant.name == name);
        if let Some(merchant) = known.filter(|_| approve) {
            refuse_if(self.merchants[merchant].approved, Code::WrongState)?;
            self.approve_merchant(merchant);
            return Ok(());
        }
        let owner = self.member(owner)?;
        refuse_if(known.is_some(), Code::Duplicate)?;
        let bounds = &self.rules.offline.rebate;
        let rebate = parse(rebate).ok_or(Code::BadAmount)?;
        refuse_if(rebate < bounds.min || rebate > bounds.max, Code::BadAmount)?;
        let (name, region) = (name.to_owned(), region.to_owned());
        self.merchants.push(Merchant {
            name,
            owner,
            region,
            rebate,
            approved: false,
        });
        if approve {
            self.approve_merchant(self.merchants.len() - 1);
        }
        Ok(())
    }

    fn approve_merchant(&mut self, merchant: usize) {
        let owner = self.merchants[merchant].owner;
        let first = !self
            .merchants
            .iter()
            .any(|other| other.owner == owner && other.approved);
        self.merchants[merchant].approved = true;
        if let Some(sponsor) = self.sponsor_with_right(owner, 1).filter(|_| first) {
            self.unfreeze(sponsor, &self.rules.challenge.merchant_approved.clone());
        }
    }

    pub(crate) fn bill(
        &mut self,
        member: &str,
        merchant: &str,
        text: &str,
        order: Option<&str>,
        shells: Option<&str>,
    ) -> Done {
        let buyer = self.member(member)?;
        let store = self
            .merchants
            .iter()
            .find(|store| store.name == merchant)
            .cloned();
        let store = store.ok_or(Code::UnknownMerchant)?;
        self.new_order_name(order)?;
        refuse_if(
            shells.is_some() && !self.rules.market.deduct_store,
            Code::SwitchedOff,
        )?;
        let total = amount(text, Asset::Cash)?;
        let shells = shells.map_or(Ok(0), |shells| amount(shells, Asset::HiShell))?;
        refuse_if(self.worth(shells) > total, Code::BadAmount)?;
        refuse_if(!store.approved, Code::NotApproved)?;
        refuse_if(store.owner == buyer, Code::SelfDealing)?;
        self.has(buyer, Asset::HiShell, shells)?;
        let purse = Account::Member(buyer, Asset::HiShell, Bucket::Available);
        self.books
            .credit(purse, store.owner, Asset::HiShell, Bucket::Available, shells);

        let first = self.books.postings.len();
        let spent = exact(total, CASH);
        let rebate = exact(floor(&(&spent * &store.rebate), CASH), CASH);
        self.offset(store.owner, &rebate)?;
        self.reward_bill(buyer, &store, &spent, &rebate);
        self.reward_centre(&store, &spent, &rebate);
        let postings = first..self.books.postings.len();
        self.orders.push(Order::bill(order, buyer, total, postings));
        Ok(())
    }

    /// The merchant burns shells worth the rebate, or owes what they fall short.
    fn offset(&mut self, merchant: MemberId, rebate: &Exact) -> Done {
        let whole = floor(&(rebate / &self.price), SHELL);
        let purse = Account::Member(merchant, Asset::HiShell, Bucket::Available);
        match self.rules.offline.offset {
            Offset::Off => {}
            Offset::Required => {
                self.has(merchant, Asset::HiShell, whole)?;
                self.books.move_units(purse, Account::Burned, whole);
            }
            Offset::Optional => {
                let burned: Units = whole.min(self.books.balance(purse));
                self.books.move_units(purse, Account::Burned, burned);
                if burned < whole {
                    self.books.owe(merchant, floor(rebate, CASH) - self.worth(burned));
                }
            }
        }
        Ok(())
    }

    fn reward_bill(&mut self, buyer: MemberId, store: &Merchant, spent: &Exact, rebate: &Exact) {
        let rules = self.rules.offline.clone();
        let price = self.price.clone();
        let granted = exact(floor(&(rules.member_multiple * rebate), CASH), CASH);
        self.grant_hi_value(buyer, &granted);
        self.grant_hi_value(store.owner, &(rules.merchant_multiple * rebate));
        if rules.rewards == BillRewards::Mall {
            self.reward_purchase(buyer, spent, spent);
            return;
        }
        if let Some(sponsor) = self.sponsor_with_right(buyer, 1) {
            self.grant_hi_value(sponsor, &(rules.direct.hi_value * &granted));
            self.reward(sponsor, &(rules.direct.hi_shell * rebate / &price));
        }
        if let Some(sponsor) = self.sponsor_with_right(store.owner, 1) {
            self.reward(sponsor, &(rules.merchant_direct.hi_shell * rebate / &price));
        }
        for (partner, rates) in self.partners_up(buyer) {
            self.grant_hi_value(partner, &(rates.hi_value * &granted));
            self.reward(partner, &(rates.hi_shell * rebate / &price));
        }
        for (partner, rates) in self.partners_up(store.owner) {
            self.reward(partner, &(rates.merchant_hi_shell * rebate / &price));
        }
    }
}
