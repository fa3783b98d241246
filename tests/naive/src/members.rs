//! Registration, appointments, steps and what is done with the challenge fund.

use crate::books::{Account, Asset, Bucket, CAP};
use crate::figures::{Units, exact, floor, whole};
use crate::people::{Member, MemberId};
use crate::rulebook::ActiveFrom;
use crate::scenario::{Code, StepKind, Tier};
use crate::world::{Done, World, amount, refuse_if};

impl World {
    pub(crate) fn register(&mut self, name: &str, sponsor: Option<&str>) -> Done {
        let sponsor = sponsor
            .map(|name| self.member(name).map_err(|_| Code::UnknownSponsor))
            .transpose()?;
        refuse_if(self.member(name).is_ok(), Code::Duplicate)?;
        let active = self.rules.active_from == ActiveFrom::Registration;
        let member = self.members.len();
        self.members.push(Member {
            name: name.to_owned(),
            sponsor,
            active,
            vip: false,
            tier: None,
        });
        let grants = self.rules.register.member.clone();
        self.grant_hi_value(member, &grants.hi_value);
        self.grant_challenge(member, &grants.challenge);
        if let Some(sponsor) = self.sponsor_with_right(member, 1) {
            let grants = self.rules.register.direct.clone();
            self.grant_hi_value(sponsor, &grants.hi_value);
            self.reward(sponsor, &grants.hi_shell);
            self.grant_challenge(sponsor, &grants.challenge);
            self.unfreeze(sponsor, &grants.unfreeze);
        }
        self.check_tiers_from(member);
        Ok(())
    }

    pub(crate) fn appoint(&mut self, name: &str, tier: Tier) -> Done {
        let member = self.member(name)?;
        refuse_if(!self.has_right(member), Code::NotEligible)?;
        refuse_if(self.members[member].tier > Some(tier), Code::TierKept)?;
        self.members[member].tier = Some(tier);
        self.check_tiers_from(member);
        Ok(())
    }

    /// Becoming active moves all that waited; a pack makes VIP.
    pub(crate) fn activate(&mut self, member: MemberId) {
        let account = |bucket| Account::Member(member, Asset::HiValue, bucket);
        let waited = self.books.balance(account(Bucket::Inactive));
        if !self.members[member].active {
            self.books
                .move_units(account(Bucket::Inactive), account(Bucket::Active), waited);
        }
        self.members[member].active = true;
        self.members[member].vip = true;
    }

    pub(crate) fn walk(&mut self, name: &str, kind: StepKind, steps: i64) -> Done {
        let member = self.member(name)?;
        refuse_if(steps <= 0, Code::BadAmount)?;
        *self.steps.entry((member, self.today, kind)).or_default() += steps;
        let walked = |world: &Self, kind| *world.steps.get(&(member, world.today, kind)).unwrap_or(&0);
        let all: i64 = [StepKind::Walk, StepKind::Run, StepKind::Passive]
            .into_iter()
            .map(|kind| walked(self, kind))
            .sum();
        let mut rungs = self.rules.challenge.ladder.clone();
        rungs.sort_by_key(|rung| rung.steps);
        for rung in rungs {
            if all >= rung.steps && self.had.insert((member, self.today, None, rung.steps)) {
                let frozen = self.books.of(member, Asset::Challenge, Bucket::Frozen);
                self.unfreeze(member, &(rung.rate * exact(frozen, Asset::Challenge.decimals())));
            }
        }
        let mut tasks = self.rules.challenge.tasks.clone();
        tasks.sort_by_key(|task| (task.kind, task.steps));
        for task in tasks {
            if walked(self, task.kind) >= task.steps
                && self.had.insert((member, self.today, Some(task.kind), task.steps))
            {
                self.unfreeze(member, &task.unfreeze);
            }
        }
        Ok(())
    }

    pub(crate) fn convert(&mut self, name: &str, text: &str) -> Done {
        let member = self.member(name)?;
        let rule = self.rules.challenge.to_shopping.clone();
        refuse_if(!rule.enabled, Code::SwitchedOff)?;
        let units = amount(text, Asset::Challenge)?;
        self.has(member, Asset::Challenge, units)?;
        let kept = exact(units, Asset::Challenge.decimals()) * (whole(1) - rule.fee);
        let kept: Units = floor(&kept, Asset::Shopping.decimals());
        let from = Account::Member(member, Asset::Challenge, Bucket::Available);
        self.books
            .move_units(from, Account::Issuance(Asset::Challenge), units);
        let source = Account::Issuance(Asset::Shopping);
        self.books
            .credit(source, member, Asset::Shopping, Bucket::Available, kept);
        Ok(())
    }

    pub(crate) fn give(&mut self, name: &str, account: &str, text: &str) -> Done {
        let member = self.member(name)?;
        let (asset, bucket) = Asset::ALL
            .into_iter()
            .flat_map(|asset| asset.buckets().map(|bucket| (asset, bucket)))
            .find(|(asset, bucket)| account == format!("{}.{}", asset.name(), bucket.name()))
            .unwrap_or_else(|| panic!("there is no account `{account}`"));
        let units = amount(text, asset)?;
        let source = if asset == Asset::Cash {
            Account::Clearing
        } else {
            Account::Issuance(asset)
        };
        refuse_if(
            asset == Asset::HiShell && self.books.issued() + units > CAP,
            Code::CapExceeded,
        )?;
        self.books.credit(source, member, asset, bucket, units);
        Ok(())
    }
}
