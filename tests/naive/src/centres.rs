//! Operation centres.

use crate::figures::{Exact, exact};
use crate::people::MemberId;
use crate::rulebook::{CentreBase, Scope};
use crate::scenario::{Code, JoinsBy, Tier};
use crate::stores::Merchant;
use crate::world::{Done, World, refuse_if};

const CASH: u32 = 2;

#[derive(Debug, Clone)]
pub(crate) struct Centre {
    pub(crate) name: String,
    pub(crate) owner: MemberId,
    pub(crate) region: String,
    pub(crate) parent: Option<usize>,
    /// The order whose pack brought it.
    pack: Option<usize>,
    pub(crate) approved: bool,
}

impl World {
    pub(crate) fn centre(
        &mut self,
        name: &str,
        owner: &str,
        region: &str,
        parent: Option<&str>,
        by: JoinsBy,
        approve: bool,
    ) -> Done {
        let named = |name: &str| self.centres.iter().position(|centre| centre.name == name);
        let known = named(name);
        if let Some(centre) = known.filter(|_| approve) {
            refuse_if(self.centres[centre].approved, Code::WrongState)?;
            refuse_if(
                self.approved_in(&self.centres[centre].region).is_some(),
                Code::RegionTaken,
            )?;
            self.approve_centre(centre);
            return Ok(());
        }
        let owner = self.member(owner)?;
        let parent = parent
            .map(|parent| named(parent).ok_or(Code::UnknownCentre))
            .transpose()?;
        refuse_if(known.is_some(), Code::Duplicate)?;
        refuse_if(
            parent.is_some_and(|parent| !self.centres[parent].approved),
            Code::NotApproved,
        )?;
        let pack = self.unused_pack(owner).filter(|_| by == JoinsBy::Pack);
        let eligible = self.rules.centre.joins_by.contains(&by)
            && match by {
                JoinsBy::Pack => pack.is_some(),
                JoinsBy::Senior => self.members[owner].tier == Some(Tier::Senior),
                JoinsBy::Application => true,
            };
        refuse_if(!eligible, Code::NotEligible)?;
        refuse_if(self.approved_in(region).is_some(), Code::RegionTaken)?;
        let (name, region) = (name.to_owned(), region.to_owned());
        self.centres.push(Centre {
            name,
            owner,
            region,
            parent,
            pack,
            approved: false,
        });
        if approve {
            self.approve_centre(self.centres.len() - 1);
        }
        Ok(())
    }

    fn approve_centre(&mut self, index: usize) {
        self.centres[index].approved = true;
        let Centre { owner, pack, .. } = self.centres[index];
        if let Some(order) = pack {
            let price = exact(self.orders[order].total, CASH);
            self.grant_hi_value(owner, &(&self.rules.centre.pack_hi_value * price));
        }
    }

    /// The order of packs that a member received first, of those that brought no centre and were not refunded whole.
    fn unused_pack(&self, member: MemberId) -> Option<usize> {
        self.packs.iter().copied().find(|pack| {
            let order = &self.orders[*pack];
            let used = self.centres.iter().any(|centre| centre.pack == Some(*pack));
            order.buyer == member && order.refunded < order.total && !used
        })
    }

    fn approved_in(&self, region: &str) -> Option<usize> {
        self.centres
            .iter()
            .position(|centre| centre.approved && centre.region == region)
    }

    fn centre_of(&self, store: &Merchant) -> Option<usize> {
        match self.rules.centre.scope {
            Scope::Region => [6, 4, 2]
                .into_iter()
                .find_map(|digits| self.approved_in(&format!("{:0<6}", &store.region[..digits]))),
            Scope::Team => self.line(store.owner).into_iter().find_map(|above| {
                self.centres
                    .iter()
                    .position(|centre| centre.approved && centre.owner == above)
            }),
        }
    }

    pub(crate) fn reward_centre(&mut self, store: &Merchant, spent: &Exact, rebate: &Exact) {
        let Some(centre) = self.centre_of(store) else {
            return;
        };
        let rules = self.rules.centre.clone();
        let base = match rules.base {
            CentreBase::Rebate => rebate,
            CentreBase::Turnover => spent,
        };
        let per_price = base / &self.price;
        self.reward(self.centres[centre].owner, &(rules.rate * &per_price));
        if let Some(parent) = self.centres[centre].parent {
            self.reward(self.centres[parent].owner, &(rules.parent_rate * per_price));
        }
    }
}
