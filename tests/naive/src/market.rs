//! What hi_shell is used for, the floor fund and the reward pool's refill.

use crate::books::{Account, Asset, Bucket};
use crate::figures::{Exact, Units, exact, floor};
use crate::people::MemberId;
use crate::scenario::Code;
use crate::world::{Done, World, amount, price, refuse_if};

const CASH: u32 = 2;
const SHELL: u32 = 8;

#[derive(Debug, Clone)]
pub(crate) struct Listing {
    name: String,
    seller: MemberId,
    price: Exact,
    /// What is not sold.
    left: Units,
}

impl World {
    fn listing(&self, name: &str) -> Result<usize, Code> {
        self.listings
            .iter()
            .position(|listing| listing.name == name)
            .ok_or(Code::UnknownListing)
    }

    /// All that is listed and not sold.
    pub(crate) fn listed(&self) -> Units {
        self.listings.iter().map(|listing| listing.left).sum()
    }

    pub(crate) fn transfer(&mut self, from: &str, to: &str, text: &str) -> Done {
        let (from, to) = (self.member(from)?, self.member(to)?);
        refuse_if(!self.rules.market.transfer, Code::SwitchedOff)?;
        let units = amount(text, Asset::HiShell)?;
        refuse_if(from == to, Code::SelfDealing)?;
        self.has(from, Asset::HiShell, units)?;
        let purse = Account::Member(from, Asset::HiShell, Bucket::Available);
        self.books
            .credit(purse, to, Asset::HiShell, Bucket::Available, units);
        Ok(())
    }

    pub(crate) fn sell(&mut self, member: &str, text: &str) -> Done {
        let member = self.member(member)?;
        refuse_if(!self.rules.market.sell_to_platform, Code::SwitchedOff)?;
        let units = amount(text, Asset::HiShell)?;
        let cash = self.worth(units);
        refuse_if(cash == 0, Code::BadAmount)?;
        self.has(member, Asset::HiShell, units)?;
        refuse_if(self.books.balance(Account::FloorFund) < cash, Code::Insufficient)?;
        let purse = Account::Member(member, Asset::HiShell, Bucket::Available);
        self.books.move_units(purse, Account::Holding, units);
        self.books
            .credit(Account::FloorFund, member, Asset::Cash, Bucket::Available, cash);
        Ok(())
    }

    pub(crate) fn list(&mut self, member: &str, name: &str, text: &str, at: &str) -> Done {
        let seller = self.member(member)?;
        refuse_if(self.listing(name).is_ok(), Code::Duplicate)?;
        refuse_if(!self.rules.market.listings, Code::SwitchedOff)?;
        let left = amount(text, Asset::HiShell)?;
        let price = price(at)?;
        self.has(seller, Asset::HiShell, left)?;
        let account = |bucket| Account::Member(seller, Asset::HiShell, bucket);
        self.books
            .move_units(account(Bucket::Available), account(Bucket::Held), left);
        self.listings.push(Listing {
            name: name.to_owned(),
            seller,
            price,
            left,
        });
        Ok(())
    }

    pub(crate) fn unlist(&mut self, name: &str) -> Done {
        let index = self.listing(name)?;
        let Listing { seller, left, .. } = self.listings[index];
        refuse_if(left == 0, Code::WrongState)?;
        let held = Account::Member(seller, Asset::HiShell, Bucket::Held);
        self.books
            .credit(held, seller, Asset::HiShell, Bucket::Available, left);
        self.listings[index].left = 0;
        Ok(())
    }

    pub(crate) fn take(
        &mut self,
        member: &str,
        text: &str,
        limit: Option<&str>,
        named: Option<&str>,
    ) -> Done {
        let taker = self.member(member)?;
        let named = named.map(|name| self.listing(name)).transpose()?;
        refuse_if(!self.rules.market.listings, Code::SwitchedOff)?;
        let wanted = amount(text, Asset::HiShell)?;
        let limit = limit.map(price).transpose()?;
        if let Some(listing) = named {
            refuse_if(self.listings[listing].left == 0, Code::WrongState)?;
            refuse_if(self.listings[listing].seller == taker, Code::SelfDealing)?;
        }
        let fills = self.fills(taker, wanted, limit.as_ref(), named);
        refuse_if(fills.iter().any(|(_, _, cash)| *cash == 0), Code::BadAmount)?;
        refuse_if(fills.is_empty(), Code::Unfilled)?;
        self.has(taker, Asset::Cash, fills.iter().map(|(_, _, cash)| cash).sum())?;
        for (index, shells, cash) in fills {
            let seller = self.listings[index].seller;
            let held = Account::Member(seller, Asset::HiShell, Bucket::Held);
            let purse = Account::Member(taker, Asset::Cash, Bucket::Available);
            let fee = floor(&(exact(cash, CASH) * &self.rules.market.fee), CASH);
            self.books
                .credit(held, taker, Asset::HiShell, Bucket::Available, shells);
            self.books.move_units(purse, Account::Fees, fee);
            self.books
                .credit(purse, seller, Asset::Cash, Bucket::Available, cash - fee);
            self.listings[index].left -= shells;
            self.trades.push((cash, shells));
        }
        Ok(())
    }

    /// Which listings a taker is served from, with how many shells for how much cash.
    fn fills(
        &self,
        taker: MemberId,
        wanted: Units,
        limit: Option<&Exact>,
        named: Option<usize>,
    ) -> Vec<(usize, Units, Units)> {
        let mut open: Vec<_> = (0..self.listings.len())
            .filter(|index| self.listings[*index].left > 0 && self.listings[*index].seller != taker)
            .filter(|index| named.is_none_or(|named| named == *index))
            .filter(|index| limit.is_none_or(|limit| self.listings[*index].price <= *limit))
            .collect();
        open.sort_by_key(|index| self.listings[*index].price.clone());
        let mut left = wanted;
        let mut fills = Vec::new();
        for index in open {
            let shells = left.min(self.listings[index].left);
            if shells > 0 {
                let cash = floor(&(exact(shells, SHELL) * &self.listings[index].price), CASH);
                fills.push((index, shells, cash));
            }
            left -= shells;
        }
        fills
    }

    pub(crate) fn fund(&mut self, text: &str) -> Done {
        let units = amount(text, Asset::Cash)?;
        self.books
            .move_units(Account::Clearing, Account::FloorFund, units);
        Ok(())
    }

    pub(crate) fn refill(&mut self, text: &str) -> Done {
        let units = amount(text, Asset::HiShell)?;
        refuse_if(self.books.balance(Account::Holding) < units, Code::Insufficient)?;
        self.books
            .move_units(Account::Holding, Account::RewardPool, units);
        self.books.pay_waiting();
        Ok(())
    }
}
